import { describe, expect, test } from 'vitest'
import { addLimit } from '../../../workflows/calendar.ts'
import { days, hours, minutes } from '../../../workflows/ids.ts'
import { deadlineOf } from '../../../workflows/sla.ts'
import type { Play } from '../../support/builders.ts'
import { aCompany, anEstate, at, mondayTen, photo, reach, trapped } from '../../support/builders.ts'
import { defaultPolicy } from '../../../workflows/policy.ts'

/** A resident with an open case always knows until when they hear next, and from whom (domain.md 5.2 lines 36–38). */

const kinds = (play: Play, from = 0) => play.resident(from).map((n) => n.type)
const last = (play: Play) => play.resident().at(-1)
const report = (play: Play) => play.state.promises.findLast((p) => p.what === 'report')
const calls = (play: Play) => play.does('zhang', { type: 'contact', outcome: 'phone', words: null })
const says = (play: Play, text: string | null = '配件到了') =>
  play.does('zhang', { type: 'progress', text, media: text === null ? [photo()] : [] })
/** Two working days after Monday ten. */
const wednesdayTen = at('2026-11-25 10:00')

describe('when they hear next', () => {
  test('is told after the first call, since nothing else is promised then', () => {
    const play = calls(reach('verifying'))
    expect(last(play)).toMatchObject({ type: 'nextReport', name: '张建国', by: wednesdayTen })
    expect(report(play)).toMatchObject({ at: wednesdayTen, kept: null, broken: false })
  })

  test('goes with news that goes out anyway', () => {
    const play = says(reach('verifying'))
    expect(kinds(play).at(-1)).toBe('progress')
    expect(last(play)).toMatchObject({ next: wednesdayTen })
  })

  test('is said once for five photos in a row, and anew with what comes later', () => {
    const play = says(reach('verifying'))
    const from = play.mark
    for (let n = 0; n < 4; n++) says(play.passes(minutes(5)), null)
    expect(play.resident(from).map((n) => 'next' in n && n.next)).toEqual([null, null, null, null])
    says(play.passes(hours(1)))
    expect(last(play)).toMatchObject({ next: wednesdayTen + hours(1) + minutes(20) })
    expect(play.state.promises.filter((p) => p.what === 'report')).toMatchObject([
      { broken: false },
      { kept: null },
    ])
  })

  test('is not said to whoever waits for another time', () => {
    const play = reach('resolving')
    play
      .does('zhang', { type: 'plan', text: '换灯', promise: play.now + hours(5), gap: null })
      .passes(minutes(2))
    says(play)
    expect(last(play)).toMatchObject({ type: 'progress', next: null })
  })

  test.each<readonly [string, (play: Play) => Play]>([
    ['done', (p) => p.does('zhang', { type: 'done', text: '换好了', media: [photo()] })],
    ['a plan', (p) => p.does('zhang', { type: 'plan', text: '换灯', promise: p.now + days(1), gap: null })],
    ['news', (p) => says(p.passes(hours(2)))],
    [
      'a reply',
      (p) => p.passes(hours(2)).does('zhang', { type: 'reply', text: '在换', media: [], final: false }),
    ],
  ])('is kept by %s', (_, act) => {
    const play = calls(reach('resolving')).passes(minutes(5))
    const first = report(play)
    act(play)
    expect(play.state.promises.find((p) => p.id === first?.id)).toMatchObject({
      kept: play.now,
      broken: false,
    })
  })

  test('is kept by a call in between, though nothing was written; the next one follows when it is over', () => {
    const play = calls(reach('verifying')).passes(hours(3))
    calls(play)
    const from = play.mark
    play.until(wednesdayTen + 1)
    expect(kinds(play, from)).toEqual(['nextReport'])
    const [first] = play.state.promises.filter((p) => p.what === 'report')
    expect(first).toMatchObject({ broken: false, kept: mondayTen + hours(3) })
  })

  test('is asked of nobody for a case by hand', () => {
    const play = calls(reach('verifying', { channel: 'api' })).passes(days(9))
    expect(kinds(play)).not.toContain('nextReport')
  })
})

describe('a silent handler', () => {
  const lines = () => {
    const play = reach('verifying')
    const from = play.mark
    play.passes(days(14))
    const told = play.turns
      .slice(from)
      .flatMap((t) =>
        t.effects.flatMap((e) => (e.do === 'tell' && e.whom.to === 'conversation' ? [t.at] : [])),
      )
    return { play, from, told }
  }

  test('the resident hears that it was not kept, from whom they hear, and until when: never without a next time', () => {
    const { play, from } = lines()
    const broken = play.resident(from).filter((n) => n.type === 'promiseBroken')
    expect(broken.length).toBeGreaterThan(3)
    for (const notice of broken) expect(notice).toMatchObject({ next: { name: '张建国' } })
    // The first is the contact at 15:30 that was promised; then every two working days.
    expect(broken.map((n) => n.was).slice(0, 3)).toEqual([
      at('2026-11-23 15:30'),
      at('2026-11-25 15:30'),
      at('2026-11-27 15:30'),
    ])
  })

  test('is not written about more often than progress is owed', () => {
    const { told } = lines()
    for (const [i, at] of told.entries())
      if (i > 0) expect(at - (told[i - 1] ?? 0)).toBeGreaterThanOrEqual(days(2))
  })

  test('every further break is heard a level higher: by the third supervisor, manager and company know', () => {
    const { play } = lines()
    const heardBy = (moment: number) =>
      ['li', 'sun', 'wu'].filter((id) =>
        play.turns.some(
          (t) =>
            t.at <= moment &&
            t.effects.some(
              (e) =>
                e.do === 'tell' &&
                e.whom.to === 'staff' &&
                e.whom.id === id &&
                e.event.type === 'notice' &&
                e.event.notice.type === 'escalation' &&
                e.event.notice.step === 'progress' &&
                e.event.notice.percent >= 100,
            ),
        ),
      )
    expect(heardBy(at('2026-11-25 15:30'))).toEqual(['li'])
    expect(heardBy(at('2026-11-27 15:30'))).toEqual(['li', 'sun', 'wu'])
  })

  test('a planned time that breaks after another goes a level higher', () => {
    const play = reach('resolving')
    const breaks = () => {
      play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + hours(1), gap: null })
      const from = play.mark
      play.passes(hours(2) + minutes(30))
      return ['li', 'sun', 'wu'].filter((id) =>
        play.heard(id, from).some((n) => n.type === 'escalation' && n.step === 'resolve' && !n.unanswered),
      )
    }
    expect([breaks(), breaks(), breaks()]).toEqual([['li'], ['sun'], ['wu']])
  })
})

describe('times told elsewhere', () => {
  test('danger in a case that was spoken about long ago: the call their first words tell of is a promise', () => {
    const play = calls(reach('verifying')).passes(hours(4))
    play.event({ type: 'danger', danger: trapped, text: '有人困住' })
    expect(play.state.promises.at(-1)).toMatchObject({
      what: 'contact',
      at: play.now + minutes(10),
      kept: null,
    })
    expect(deadlineOf(play.state, 'contact')?.due).toBe(play.now + minutes(10))
  })

  test('accepted only after the time they were told: it is not told again', () => {
    const play = reach('assigned').until(at('2026-11-23 16:00'))
    const owner = play.state.owner ?? ''
    play.does(owner, { type: 'accept' })
    expect(play.resident().find((n) => n.type === 'accepted')).toMatchObject({ contactBy: null })
  })

  test('an urge is answered with the next time, and what comes true by then', () => {
    const play = reach('resolving')
    calls(play).does('zhang', { type: 'plan', text: '换灯', promise: play.now + hours(5), gap: null })
    play.passes(minutes(2)).event({ type: 'urged' })
    expect(last(play)).toMatchObject({ type: 'urged', what: 'resolve' })
  })

  test('who joins a case whose time has passed is told a new one, which is a promise', () => {
    const play = reach('verifying').sleeps(days(1))
    play.event({
      type: 'join',
      complaint: 5 as never,
      number: 'TS-20261124-0009',
      person: 12 as never,
      conversation: 22 as never,
      checkCode: null,
    })
    const told = play.resident().findLast((n) => n.type === 'registered')
    expect(
      play.state.promises.some((p) => told !== undefined && 'promise' in told && p.at === told.promise),
    ).toBe(true)
  })
})

describe('an extension', () => {
  const closing = at('2026-11-26 18:00')
  /** A day's wait for an answer moved it to the closing of Thursday; its point would fire on Friday. */
  const late = () => {
    const play = reach('verifying', { kind: 'repair' }).does('zhang', { type: 'ask', text: '几点在家？' })
    play.until(at('2026-11-23 18:00')).event({ type: 'answer', question: 1, text: '七点', media: [] })
    expect(deadlineOf(play.state, 'resolve')?.due).toBe(closing)
    return play.until(at('2026-11-26 20:00'))
  }
  const missed = (play: Play) =>
    play
      .timeline()
      .filter((e) => e.type === 'missed' && e.data.step === 'resolve')
      .map((e) => e.data.due)

  test('of a case that is late already leaves it missed, though its point waits for opening', () => {
    const play = late()
    expect(missed(play)).toEqual([])
    play.does('sun', { type: 'extend', until: play.now + days(3), reason: '等件' })
    expect(missed(play)).toEqual([closing])
    expect(last(play)).toMatchObject({ type: 'extended' })
  })

  test('nor does getting it done in the evening make it timely', () => {
    const play = late().does('zhang', { type: 'done', text: '换好了', media: [photo()] })
    expect(missed(play)).toEqual([closing])
  })

  test('in time leaves nothing missed, and the first time told stays visible', () => {
    const play = reach('resolving')
    const first = play.now + hours(5)
    play.does('zhang', { type: 'plan', text: '换灯', promise: first, gap: null }).passes(minutes(2))
    play.does('li', { type: 'extend', until: play.now + days(1), reason: '等件' })
    expect(missed(play)).toEqual([])
    expect(play.state.promises.find((p) => p.what === 'resolve')).toMatchObject({
      at: first,
      replaced: play.now,
    })
    expect(play.timeline().find((e) => e.type === 'promised' && e.data.what === 'resolve')?.data.at).toBe(
      first,
    )
  })

  test('by a supervisor has the share of the limit the policy gives, pauses not counted', () => {
    const policy = { ...defaultPolicy, extension: { supervisor: 25 } }
    const company = aCompany({ estates: [anEstate({ policy })] })
    const tries = (over: number) => {
      const play = reach('verifying')
      play.company = company
      play.does('zhang', { type: 'ask', text: '几点在家？' }).passes(hours(2))
      play.event({ type: 'answer', question: 1, text: '七点', media: [] })
      // Three days of eight service hours, of which two were waited: a quarter of them are six.
      const due = deadlineOf(play.state, 'resolve')?.due ?? 0
      const last = addLimit(anEstate().calendar, due, { amount: 6, unit: 'h', working: true })
      play.does('li', { type: 'extend', until: last + over, reason: '等件' })
      return play.state.extensions
    }
    expect([tries(0), tries(minutes(1))]).toEqual([1, 0])
  })
})
