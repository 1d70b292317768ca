import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../../workflows/ids.ts'
import { aCompany, anEstate, aStaff, at, Play, reach, staffId, trapped } from '../../support/builders.ts'

/** First human contact was due at eleven; supervisor and manager were told then. */
const alerted = () => reach('verifying', { severity: 'S2' }).until(at('2026-11-23 11:00'))

const passedOn = (play: Play) =>
  play.timeline().flatMap((e) => (e.type === 'alertPassedOn' ? [String(e.data.to)] : []))
const answered = (play: Play) => play.timeline().filter((e) => e.type === 'alertAnswered')
const calls = (play: Play) => play.effects.flatMap((e) => (e.do === 'ring' ? [e.alarm] : []))

describe('an alert is done when it reached a person', () => {
  test('MicroCommunity, Libredesk: what the platform took is not reached, and the ladder goes on', () => {
    const play = alerted()
    expect(play.state.alert).toMatchObject({ about: [{ step: 'contact', percent: 100 }], to: ['li', 'sun'] })
    play.event({ type: 'delivered', staff: staffId('li') }).passes(minutes(31))
    expect(play.heard('wu')).toMatchObject([{ type: 'escalation', step: 'contact', unanswered: true }])
    expect(play.state.alert?.to).toEqual(['li', 'sun', 'wu'])
  })

  test('osTicket: what nobody can receive is not done either: the next ones are told at once', () => {
    const play = alerted().event({ type: 'undeliverable', staff: staffId('li') })
    expect(passedOn(play)).toEqual(['wu'])
    expect(play.heard('wu').at(-1)).toMatchObject({ type: 'escalation', unanswered: true })
    // The card of the same message that does not arrive is no second silence.
    play.event({ type: 'undeliverable', staff: staffId('li') })
    expect(passedOn(play)).toEqual(['wu'])
  })

  test.each([
    ['a press that changes the case', (play: Play) => play.does('li', { type: 'urge' })],
    [
      'a button that opens a choice',
      (play: Play) => play.event({ type: 'showCard', staff: staffId('li'), face: 'reassign', anew: false }),
    ],
    ['a press that is refused', (play: Play) => play.does('sun', { type: 'sign' })],
    ['收到', (play: Play) => play.does('sun', { type: 'seen', how: 'reply' })],
    ['a call that was recorded', (play: Play) => play.does('li', { type: 'seen', how: 'call' })],
  ])('%s of somebody who was told is an answer', (_, act) => {
    const play = act(alerted())
    expect(play.state.alert).toBeNull()
    expect(answered(play)).toHaveLength(1)
    const from = play.mark
    play.passes(minutes(29))
    expect([...play.heard('wu', from), ...play.heard('zhao', from)]).toEqual([])
  })

  test('a call is an entry of its own, by whom it reached', () => {
    const play = alerted().does('li', { type: 'seen', how: 'call' })
    expect(answered(play)).toMatchObject([{ by: { id: 'li' }, data: { how: 'call' } }])
    expect(play.timeline().at(-1)).toMatchObject({ type: 'called', by: { kind: 'staff', id: 'li' } })
  })

  test.each([
    ['of somebody nobody told', (play: Play) => play.does('zhao', { type: 'seen', how: 'reply' })],
    [
      'of the handler, who goes on',
      (play: Play) => play.does('zhang', { type: 'finding', text: '灯座锈了', media: [] }),
    ],
    [
      'of the program: a card it shows by itself',
      (play: Play) =>
        play.event({ type: 'showCard', staff: staffId('li'), face: 'task', anew: true, unasked: true }),
    ],
    ['of the resident', (play: Play) => play.event({ type: 'urged' })],
  ])('an act %s is none', (_, act) => {
    const { state } = act(
      reach('verifying', { severity: 'S2' }).until(at('2026-11-23 11:00')).until(at('2026-11-23 12:05')),
    )
    expect(state.alert).not.toBeNull()
  })

  test('what cures it needs no answer: the resident was called', () => {
    const play = alerted().does('zhang', { type: 'contact', outcome: 'phone', words: null })
    expect(play.state.alert).toBeNull()
    expect(answered(play)).toEqual([])
  })

  test('a case late in two things is cured of one, and waits for an answer to the other', () => {
    const play = reach('verifying', { severity: 'S2' }).until(at('2026-11-23 12:01'))
    expect(play.state.alert?.about.map((cause) => cause.step)).toEqual(['contact', 'onSite'])
    play.does('zhang', { type: 'contact', outcome: 'phone', words: null })
    expect(play.state.alert?.about.map((cause) => cause.step)).toEqual(['onSite'])
  })

  test('a cure that is taken back within its minute is none', () => {
    const play = reach('resolving', { severity: 'S2' }).until(at('2026-11-26 10:05'))
    expect(play.state.alert?.about.some((cause) => cause.step === 'resolve')).toBe(true)
    const before = play.state.alert
    play.does('zhang', { type: 'done', text: '换好了', media: [501 as never] })
    expect(play.state.alert).toBeNull()
    play.does('zhang', { type: 'undo' })
    expect(play.state.alert).toEqual(before)
  })

  test('Zammad #904: with the end of the case it is over', () => {
    const play = alerted().event({ type: 'withdraw', text: null })
    expect([play.state.alert, play.state.escalated, play.due]).toEqual([null, [], null])
  })
})

describe('nobody answers', () => {
  test('level by level, then the company’s other people, then any supervisor, then all of them again', () => {
    const play = alerted().until(at('2026-11-23 14:01'))
    expect(passedOn(play)).toEqual(['wu', 'root', 'zhao', 'li sun wu root zhao', 'li sun wu root zhao'])
    expect(play.state.alert?.rounds).toBe(2)
    const again = play.heard('li').filter((n) => n.type === 'escalation' && n.unanswered)
    expect(again).toHaveLength(2)
  })

  test('each round waits twice as long as the one before, and none longer than a day', () => {
    const moments = alerted()
      .until(at('2026-11-28 12:00'))
      .turns.filter((t) => t.effects.some((e) => e.do === 'ring'))
      .map((t) => t.at)
    const waits = moments.slice(1).map((moment, i) => (moment - (moments[i] ?? 0)) / minutes(1))
    expect(waits.slice(0, 6)).toEqual([60, 120, 240, 480, 960, 1440])
    expect(Math.max(...waits)).toBe(1440)
  })

  test('nobody is woken for a call that must wait for the morning', () => {
    const atNight = (moment: number) => {
      const hour = new Date(moment + hours(8)).getUTCHours()
      return hour >= 21 || hour < 9
    }
    const calls = ['visit', 'callback', 'attempt', 'sign']
    const told = reach('confirming', { severity: 'S2' })
      .until(at('2026-11-30 00:00'))
      .turns.filter(({ effects }) =>
        effects.some(
          (e) =>
            e.do === 'record' &&
            ['reminded', 'escalated', 'alertPassedOn'].includes(e.entry.type) &&
            calls.includes(String(e.entry.data.step)),
        ),
      )
    expect(told.length).toBeGreaterThan(3)
    expect(told.filter((t) => atNight(t.at))).toEqual([])
  })

  test('then a service that telephones calls all of them, and hears nothing of the resident', () => {
    const play = alerted().until(at('2026-11-23 13:05'))
    expect(calls(play)).toMatchObject([
      { why: 'unanswered', round: 1, call: ['li', 'sun', 'wu', 'root', 'zhao'] },
    ])
    const [call] = calls(play)
    expect(call).toMatchObject({ complaint: play.state.number, estate: '和风苑', dutyPhone: '0731-88881111' })
    expect(JSON.stringify(call)).not.toMatch(/林女士|1381|1502|2单元|楼道灯/u)
  })

  test('the answer of the last one told ends it like the first one’s', () => {
    const play = alerted().until(at('2026-11-23 13:35')).does('root', { type: 'urge' })
    expect(play.state.alert).toBeNull()
  })

  test('S3 waits in service time: nobody is told in the night', () => {
    const play = reach('verifying').until(at('2026-11-24 08:29'))
    const moments = play.turns.filter((t) =>
      t.effects.some((e) => e.do === 'record' && e.entry.type === 'alertPassedOn'),
    )
    expect(moments.every((t) => t.at < at('2026-11-23 18:00'))).toBe(true)
    expect(play.state.alert).not.toBeNull()
    expect(play.due ?? 0).toBeGreaterThanOrEqual(at('2026-11-24 08:30'))
  })

  test('S1 and S2 do not wait for morning', () => {
    const night = at('2026-11-23 23:00')
    const play = reach('verifying', { severity: 'S2' }, night).until(night + hours(2))
    expect(passedOn(play).length).toBeGreaterThan(0)
  })

  test('nobody at all there is: loud from the first moment', () => {
    const nobody = aCompany({ staff: [], estates: [anEstate({ staff: [] })] })
    const play = new Play({ company: nobody }).registers({ severity: 'S2' })
    expect(play.state).toMatchObject({ unowned: true, alert: { to: [], rounds: 1 } })
    expect(calls(play)).toEqual([])
  })

  test('nobody can be found for it: the supervisor must answer, and whoever takes it cures it', () => {
    const estate = anEstate({ staff: [aStaff('li', { role: 'supervisor', departments: ['工程'] })] })
    const play = new Play({ company: aCompany({ staff: [], estates: [estate] }) })
    play.registers({ severity: 'S2' }).event({ type: 'undeliverable', staff: staffId('li') })
    expect(play.state.alert).toMatchObject({ about: [{ step: null }], to: ['li'] })
    play.company = aCompany()
    play.passes(minutes(6))
    expect(play.state.owner).not.toBeNull()
    expect(play.state.alert?.about.some((cause) => cause.step === null) ?? false).toBe(false)
  })
})

describe('a word that is waited for', () => {
  const asked = () =>
    reach('resolving').does('zhang', {
      type: 'pause',
      why: 'weather',
      words: '大雨停工',
      until: at('2026-11-25 18:00'),
    })

  test('of a supervisor who is silent goes on to the next who may allow it', () => {
    const play = asked()
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'pauseWanted', name: '张建国' })
    play.until(at('2026-11-23 13:35'))
    expect(passedOn(play)).toEqual(['sun'])
    expect(play.heard('sun')).toMatchObject([{ type: 'pauseWanted', words: '大雨停工' }])
    expect(play.pushed('sun')).toBe(1)
    play.does('sun', { type: 'decidePause', allow: true, words: null })
    expect(play.state.alert).toBeNull()
  })

  test('given by anybody, it is waited for no more', () => {
    const play = asked().does('sun', { type: 'decidePause', allow: false, words: '继续' })
    expect(play.state.alert).toBeNull()
    const from = play.mark
    play.until(at('2026-11-24 12:00'))
    expect(play.heard('sun', from).filter((n) => n.type === 'pauseWanted')).toEqual([])
  })
})

describe('who is told', () => {
  test('whoever left on the way is passed over, and whoever is complained about never hears', () => {
    const play = reach('verifying', { severity: 'S2', subjects: [staffId('sun')] }).until(
      at('2026-11-23 13:35'),
    )
    expect(play.state.alert?.to).not.toContain('sun')
    expect(play.heard('sun')).toEqual([])
  })

  test('somebody who becomes a subject of the case answers for it no more', () => {
    const play = alerted().does('zhang', { type: 'party', name: '李敏', staff: staffId('li') })
    play.does('li', { type: 'urge' })
    expect(play.state.alert).not.toBeNull()
    expect(play.state.escalated).not.toContain('li')
  })

  test('the alarm of an S1 has rules of its own: only 我去处理 ends it', () => {
    const play = new Play().registers({ severity: 'S1', danger: trapped, code: 'EL01' }).passes(minutes(11))
    expect(play.state.alert).not.toBeNull()
    play.does('sun', { type: 'seen', how: 'call' })
    expect(play.state.alert).toBeNull()
    expect(play.state.alarm).not.toBeNull()
    expect(calls(play).filter((c) => c.why === 'danger')).toHaveLength(12)
  })
})
