import { describe, expect, test } from 'vitest'
import { days, hours } from '../../../workflows/ids.ts'
import { reach } from '../../support/builders.ts'

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

  test('an S3 from a chat is surveyed, and owes no call', () => {
    const play = reach('confirming')
    expect(play.state.callback).toBeNull()
    expect(play.state.survey?.next).not.toBeNull()
    expect(play.resident().map((n) => n.type)).toContain('done')
  })
})
