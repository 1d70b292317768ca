import { describe, expect, test } from 'vitest'
import { days, hours, seconds } from '../../../workflows/ids.ts'
import { at, photo, Play, reach } from '../../support/builders.ts'

const byHand = { channel: 'api' }

describe('a case registered by hand, whose resident has no chat with us', () => {
  test('is not surveyed: somebody other than the handler calls, whatever the severity', () => {
    const play = reach('confirming', byHand)
    expect(play.state).toMatchObject({ survey: null, callback: { by: 'li', why: 'visit' } })
    expect(play.card('li')?.buttons.map((b) => b.action)).toContain('visit:solved')
    expect(play.heard('li').filter((n) => n.type === 'brief')).toMatchObject([{ result: '灯管换好了' }])
    const from = play.mark
    play.passes(days(6))
    expect(play.resident(from).map((n) => n.type)).not.toContain('done')
    expect(play.resident().map((n) => n.type)).not.toContain('done')
    expect(play.state.status).toBe('confirming')
  })

  test('closes with the call, and waits for no stars', () => {
    const play = reach('confirming', byHand)
    play.does('zhang', { type: 'visit', outcome: 'solved', stars: null, words: '好了' })
    expect(play.state.status).toBe('confirming')
    play.does('li', { type: 'visit', outcome: 'solved', stars: 5, words: '好了' })
    expect(play.state).toMatchObject({ status: 'closed', closure: 'solved', rating: { stars: 5 } })
  })

  test('is open again where the call hears it is not solved', () => {
    const play = reach('confirming', byHand)
    play.does('li', { type: 'visit', outcome: 'notSolved', stars: null, words: '还是黑的' })
    expect(play.state).toMatchObject({ status: 'resolving', failures: 1 })
  })

  test('closes as unrated after three calls on different days and hours', () => {
    const play = reach('confirming', byHand)
    for (const later of [0, hours(25), hours(26)]) {
      expect(play.state.status).toBe('confirming')
      play.passes(later)
      play.does('li', { type: 'visit', outcome: 'noAnswer', stars: null, words: null })
    }
    expect(play.state).toMatchObject({ status: 'closed', closure: 'unrated' })
  })

  test('climbs the ladder like any while nobody does anything, and a person is to tell what broke', () => {
    const play = new Play().registers(byHand)
    play.until(at('2026-11-24 15:30'))
    const escalated = play.timeline().flatMap((e) => (e.type === 'escalated' ? [e.data] : []))
    const contact = escalated.filter((data) => data.step === 'contact')
    expect(contact.map((data) => data.percent)).toEqual([100, 150, 200])
    for (const staff of ['li', 'sun', 'wu'])
      expect(
        play.heard(staff).some((n) => n.type === 'escalation' && n.step === 'contact'),
        staff,
      ).toBe(true)
    const moved = play.timeline().flatMap((e) => (e.type === 'assigned' ? [e.data.to] : []))
    expect(moved.slice(0, 4)).toEqual(['zhang', 'wang', 'li', 'sun'])
    // Who telephones says when they hear next; the program tells no further time.
    expect(play.resident().map((n) => n.type)).toEqual(['registered', 'promiseBroken'])
    expect(play.resident().at(-1)).toMatchObject({ next: null })
  })

  test('a call ends the step it was owed for; progress stays owed, and an end silences all of it', () => {
    const play = new Play().registers(byHand).until(at('2026-11-23 16:00'))
    play.does('li', { type: 'takeOver' }).does('li', { type: 'contact', outcome: 'phone', words: '说了进展' })
    expect(play.state).toMatchObject({ owner: 'li', alert: null })
    const from = play.mark
    play.until(at('2026-11-26 16:00'))
    const steps = play.timeline(from).flatMap((e) => (e.type === 'escalated' ? [e.data.step] : []))
    expect(steps).toContain('progress')
    expect(steps).not.toContain('contact')
    play.does('li', { type: 'finding', text: '灯管坏了', media: [photo()] }).does('li', { type: 'verified' })
    play.does('li', { type: 'responsibility', code: 'none', who: null, words: '到寿命' })
    play.does('li', { type: 'done', text: '换好了', media: [photo()] }).passes(seconds(61))
    const caller = play.state.callback?.by ?? ''
    expect(caller).not.toBe('li')
    play.does(caller, { type: 'visit', outcome: 'solved', stars: 4, words: '好了' })
    if (play.state.status !== 'closed') play.does('sun', { type: 'sign' })
    expect(play.state.status).toBe('closed')
    const end = play.mark
    play.passes(days(30))
    expect(play.timeline(end)).toEqual([])
  })

  test('a time somebody told that breaks raises it as well, and its resident is told by telephone', () => {
    const play = reach('resolving', byHand)
    play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + hours(1), gap: null })
    const from = play.mark
    play.passes(hours(1) + seconds(1))
    expect(play.state.severity).toBe('S2')
    expect(play.resident(from).map((n) => n.type)).toEqual(['plan', 'promiseBroken'])
  })

  test('an S3 from a chat is surveyed, and owes no call', () => {
    const play = reach('confirming')
    expect(play.state.callback).toBeNull()
    expect(play.state.survey?.next).not.toBeNull()
    expect(play.resident().map((n) => n.type)).toContain('done')
  })
})
