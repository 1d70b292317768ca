import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen as isServiceTime, localParts, quietUntil } from '../../../workflows/calendar.ts'
import { counted, nextCall } from '../../../workflows/complaint/attempts.ts'
import { complaintSchema } from '../../../workflows/complaint/state.ts'
import type { Estate } from '../../../workflows/estate.ts'
import { days, hours, minutes, type Instant } from '../../../workflows/ids.ts'
import { defaultPolicy } from '../../../workflows/policy.ts'
import type { Severity } from '../../../workflows/severity.ts'
import { aCompany, anEstate, at, mondayTen, reach, staffId, type Play } from '../../support/builders.ts'

const zone = 'Asia/Shanghai'
const dayOf = (t: Instant) => localParts(zone, t).day
const hourOf = (t: Instant) => localParts(zone, t).hour
const isQuiet = (estate: Estate, t: Instant) => quietUntil(estate.policy.quietHours, zone, t) !== null

/** Nobody picks up. */
const rings = (play: Play, by = 'li') =>
  play.does(by, { type: 'visit', outcome: 'noAnswer', stars: null, words: null })
/** Until the moment the program planned, and a minute to take the phone. */
const atPlanned = (play: Play) => play.until((play.state.callback?.next ?? 0) + minutes(1))

describe('when to call next', () => {
  test.each([
    // Ten in the morning, then the end of the next day, then the middle of the one after.
    ['S3', ['2026-11-23 10:00'], '2026-11-24 17:00'],
    ['S3', ['2026-11-23 10:00', '2026-11-24 17:00'], '2026-11-25 13:30'],
    ['S3', ['2026-11-23 16:00'], '2026-11-24 09:00'],
    ['S3', ['2026-11-23 16:00', '2026-11-24 09:00'], '2026-11-25 13:30'],
    // Friday: S3 waits for Monday, S2 does not; on a day without service any hour that is not quiet will do.
    ['S3', ['2026-11-27 10:00'], '2026-11-30 17:00'],
    ['S2', ['2026-11-27 10:00'], '2026-11-28 20:00'],
    ['S2', ['2026-11-23 10:00'], '2026-11-24 17:00'],
    // Before the National Day week; its first working day is the 8th. Saturday the 10th is made up and counts.
    ['S4', ['2026-09-30 11:00'], '2026-10-08 17:00'],
    ['S4', ['2026-10-09 11:00'], '2026-10-10 17:00'],
    ['S2', ['2026-09-30 11:00'], '2026-10-01 20:00'],
    // Before Spring Festival: nine days nobody is called about an ordinary matter.
    ['S3', ['2026-02-14 09:30'], '2026-02-24 17:00'],
  ] as const)('%s tried %j: %s', (severity, tried, expected) => {
    const before = tried.map(at)
    expect(nextCall(anEstate(), severity, before, before.at(-1) ?? 0)).toBe(at(expected))
  })

  test('an estate open one hour a day: the other attempts leave its hours, not the waking ones', () => {
    const calendar = {
      ...anEstate().calendar,
      windows: { 1: [{ start: '10:00', end: '11:00' }], 3: [{ start: '10:00', end: '11:00' }] },
    }
    const first = mondayTen + minutes(5)
    const second = nextCall(anEstate({ calendar }), 'S3', [first], first)
    expect(localParts(zone, second)).toMatchObject({ day: 25, hour: 20 })
  })

  const window = fc
    .tuple(fc.integer({ min: 0, max: 22 }), fc.integer({ min: 1, max: 14 }))
    .map(([start, length]) => ({
      start: `${String(start).padStart(2, '0')}:30`,
      end: `${String((start + length) % 24).padStart(2, '0')}:00`,
    }))
  const quiet = fc.constantFrom(
    null,
    { start: '21:00', end: '09:00' },
    { start: '20:30', end: '10:15' },
    { start: '12:00', end: '14:00' },
    { start: '00:00', end: '18:00' },
  )
  const estates = fc
    .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), window, quiet)
    .map(([weekdays, open, quietHours]) =>
      anEstate({
        calendar: {
          ...anEstate().calendar,
          windows: Object.fromEntries(weekdays.map((day) => [day, [open]])),
        },
        policy: { ...defaultPolicy, quietHours },
      }),
    )

  test('whatever the calendar and the quiet hours: three times is enough, each counts, never at night', () => {
    fc.assert(
      fc.property(
        estates,
        fc.constantFrom<Severity>('S1', 'S2', 'S3', 'S4'),
        fc.integer({ min: 0, max: 400 * 24 * 60 }),
        fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 3, maxLength: 3 }),
        (estate, severity, later, takes) => {
          const start = mondayTen + minutes(later)
          // Whoever is reminded takes a while to call, within the hour it was planned for.
          const calls: Instant[] = []
          let from = start
          for (const take of takes) {
            const planned = nextCall(estate, severity, calls, from)
            expect(planned).toBeGreaterThanOrEqual(from)
            expect(isQuiet(estate, planned)).toBe(false)
            const inHour = Math.min(planned + minutes(take), planned - (planned % hours(1)) + minutes(59))
            const called = isQuiet(estate, inHour) ? planned : inHour
            calls.push(called)
            from = called
          }
          expect(counted(estate, calls)).toEqual(calls)
          expect(new Set(calls.map(dayOf)).size).toBe(3)
          expect(new Set(calls.map(hourOf)).size).toBe(3)
        },
      ),
    )
  })

  test('in service time wherever the day has an hour of it left', () => {
    for (let n = 0; n < 300; n++) {
      const first = mondayTen + hours(7 * n)
      if (isQuiet(anEstate(), first)) continue
      const second = nextCall(anEstate(), 'S3', [first], first)
      const third = nextCall(anEstate(), 'S3', [first, second], second)
      for (const t of [second, third]) expect(isServiceTime(anEstate().calendar, t)).toBe(true)
    }
  })
})

describe('a call nobody answers', () => {
  const grave = { severity: 'S2' } as const

  test('is tried on another day at another hour; the caller hears when at once, and is reminded then', () => {
    const play = rings(reach('confirming', grave).passes(hours(1)))
    const next = play.state.callback?.next ?? 0
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'attempted', why: null, count: 1, next })
    expect(dayOf(next)).not.toBe(dayOf(play.now))
    expect(hourOf(next)).not.toBe(hourOf(play.now))
    expect(play.card('li')?.text).toContain('下次请在11月24日 17:00打')
    const from = play.mark
    play.until(next - 1)
    expect(play.pushed('li', from)).toBe(0)
    play.until(next)
    expect(play.pushed('li', from)).toBe(1)
    expect(play.heard('li', from)).toMatchObject([{ type: 'attemptDue', attempt: 2 }])
    expect(play.card('li')?.buttons.map((b) => b.action)).toContain('visit:noAnswer')
  })

  test('of a caller who then leaves the company: the next caller keeps what was tried and planned, and knows when', () => {
    const play = rings(reach('confirming', grave).passes(hours(1)))
    const next = play.state.callback?.next ?? 0
    play.company = aCompany({
      estates: [anEstate({ staff: anEstate().staff.filter((s) => s.id !== 'li') })],
    })
    const from = play.passes(hours(1)).mark
    play.event({ type: 'staffGone', staff: staffId('li') })
    const by = play.state.callback?.by ?? ''
    expect(by).not.toMatch(/^(?:li|zhang)?$/)
    expect(play.state.callback).toMatchObject({ why: 'visit', next })
    expect(play.pushed(by, from)).toBe(1)
    expect(play.card(by)?.text).toContain('下次请在11月24日 17:00打')
    play.until(next)
    expect(play.heard(by, from).filter((n) => n.type === 'attemptDue')).toMatchObject([{ attempt: 2 }])
    play.does(by, { type: 'visit', outcome: 'noAnswer', stars: null, words: null })
    play.until(play.state.callback?.next ?? 0)
    play.does(by, { type: 'visit', outcome: 'noAnswer', stars: null, words: null })
    // Tried often enough, by two people: nothing but the survey and the signature is waited for.
    expect(play.state.deadlines.map((d) => d.step)).not.toContain('attempt')
    expect(play.timeline().some((e) => e.type === 'notReached')).toBe(true)
  })

  test.each([
    ['visit', () => reach('confirming', grave).passes(hours(1))],
    ['visit', () => reach('confirming', { channel: 'api' })],
    ['low', () => reach('feedback').event({ type: 'rate', stars: 1 })],
  ] as const)(
    'three times as planned closes it (%s), and nobody was told that anything is late',
    (why, begin) => {
      const play = begin()
      expect(play.state.callback?.why).toBe(why)
      const from = play.mark
      rings(play)
      for (const _ of [2, 3]) rings(atPlanned(play))
      if (play.state.severity === 'S2') play.passes(days(4)).does('li', { type: 'sign' })
      expect(play.state.status).toBe('closed')
      expect(play.state.closure).toBe(why === 'low' ? 'solved' : 'unrated')
      const steps = play.timeline(from).filter((e) => e.type === 'missed')
      expect(steps.filter((e) => e.data.step !== 'sign')).toEqual([])
      const calls = play.timeline(from).filter((e) => e.type === 'visited')
      expect(calls.map((e) => e.data.attempt)).toEqual([1, 2, 3])
      expect(play.timeline(from).filter((e) => e.type === 'notReached')).toHaveLength(1)
      expect(play.heard('wu', from).filter((n) => n.type === 'escalation' && n.step !== 'sign')).toEqual([])
    },
  )

  test('after “not solved”: three times, and the work goes on without the call, which holds its end open no longer', () => {
    const play = reach('confirming').event({ type: 'notSolved', partly: false, text: '没好', media: [] })
    expect(play.state.callback).toMatchObject({ by: 'li', why: 'failed' })
    rings(play)
    for (const _ of [2, 3]) rings(atPlanned(play))
    expect(play.state).toMatchObject({ status: 'resolving', callback: null, owner: 'li' })
    expect(play.state.deadlines.map((d) => d.step)).not.toContain('attempt')
    // Nothing else stands then: they hear until when they hear next.
    expect(play.resident().slice(-2)).toMatchObject([
      { type: 'callMissed', by: null },
      { type: 'nextReport', name: '李敏' },
    ])
  })

  test('somebody who asked to be called: tried like any other, and told when it is tried again', () => {
    const play = reach('verifying').event({ type: 'wantsPerson', text: '叫主管来', level: 1 })
    play.does('li', { type: 'contact', outcome: 'noAnswer', words: null })
    const promised = play.state.promises.findLast((p) => p.what === 'callback')
    expect(play.resident().at(-1)).toMatchObject({ type: 'callMissed', name: '李敏', by: promised?.at })
    expect(promised).toMatchObject({ kept: null, broken: false })
    // The first promise was to ring, and it rang.
    expect(play.state.promises.find((p) => p.what === 'callback')).toMatchObject({
      broken: false,
      kept: play.now,
    })
    atPlanned(play).does('li', { type: 'contact', outcome: 'phone', words: null })
    expect(play.state.callback).toBeNull()
    expect(play.state.promises.filter((p) => p.broken && p.what === 'callback')).toEqual([])
  })

  test.each([
    ['the same day', hours(2), 'day'],
    ['the same hour of the next day', days(1), 'hour'],
    ['at night', hours(12), 'quiet'],
  ] as const)(
    'again %s: recorded, not counted, and the caller hears it politely with the next time',
    (_, later, why) => {
      const play = rings(reach('confirming', grave).passes(minutes(30)))
      const planned = play.state.callback?.next
      const from = play.mark
      rings(play.passes(later))
      expect(play.heard('li', from)).toMatchObject([{ type: 'attempted', why, count: 1, next: planned }])
      expect(play.timeline(from).at(-1)).toMatchObject({
        type: 'visited',
        data: { counts: false, attempt: 1 },
      })
      expect(play.state.visits).toHaveLength(2)
    },
  )

  test('no attempt at all is chased as ever; one in time ends that step, and one that was planned and not made is chased', () => {
    const lazy = reach('confirming', grave)
    const from = lazy.mark
    lazy.passes(days(2))
    expect(lazy.timeline(from).some((e) => e.type === 'missed' && e.data.step === 'visit')).toBe(true)

    const play = rings(reach('confirming', grave).passes(hours(1)))
    const next = play.state.callback?.next ?? 0
    const then = play.mark
    play.until(next)
    expect(play.timeline(then).filter((e) => e.type === 'missed' || e.type === 'escalated')).toEqual([])
    play.passes(hours(3))
    expect(play.timeline(then).find((e) => e.type === 'missed')).toMatchObject({ data: { step: 'attempt' } })
    expect(play.heard('sun', then).some((n) => n.type === 'escalation' && n.step === 'attempt')).toBe(true)
  })

  test('the caller is gone meanwhile: the next one has the call with its attempts, and is never somebody who worked on it', () => {
    const play = rings(reach('confirming', grave).passes(hours(1)))
    const next = play.state.callback?.next
    play.event({ type: 'staffGone', staff: staffId('li') })
    expect(play.state.callback).toMatchObject({ by: 'sun', why: 'visit', next })
    expect(play.state.handlers).not.toContain('sun')
    const from = play.mark
    atPlanned(play)
    expect(play.pushed('sun', from)).toBe(1)
    rings(play, 'sun')
    expect(play.heard('sun').at(-1)).toMatchObject({ type: 'attempted', count: 2 })
  })

  test('the program was off until the night: nobody is sent to the phone then', () => {
    const play = rings(reach('confirming', grave).passes(hours(1)))
    const from = play.mark
    play.sleeps(at('2026-11-24 23:00') - play.now).passes(0)
    expect(play.heard('li', from).filter((n) => n.type === 'attemptDue')).toEqual([])
    const again = play.state.callback?.next ?? 0
    expect(localParts(zone, again)).toMatchObject({ day: 25, hour: 17 })
  })

  test('it becomes graver meanwhile: what is planned stays planned', () => {
    const play = rings(reach('confirming', { channel: 'api' }).passes(minutes(30)))
    const next = play.state.callback?.next ?? 0
    play.does('li', { type: 'severity', to: 'S2', reason: '老人摔了' })
    const attempt = play.state.deadlines.find((d) => d.step === 'attempt')
    expect(play.state.callback?.next).toBe(next)
    expect(attempt?.from).toBe(next)
  })

  test('a row written before attempts were planned still reads', () => {
    const { since: _since, next: _next, ...old } = reach('confirming', grave).state.callback ?? {}
    const row = { ...reach('confirming', grave).state, callback: old }
    expect(complaintSchema.parse(row).callback).toMatchObject({ by: 'li', since: null, next: null })
  })
})

describe('the survey', () => {
  test.each(['2026-02-14 16:30', '2026-09-30 17:40', '2026-04-30 20:50', '2026-12-31 22:30'])(
    'done on %s, before a holiday: three asks on different days and hours, none in quiet hours',
    (start) => {
      const play = reach('confirming', {}, at(start)).passes(days(12))
      const asked = play.state.survey?.asked ?? []
      expect(asked).toHaveLength(3)
      expect(new Set(asked.map(dayOf)).size).toBe(3)
      expect(new Set(asked.map(hourOf)).size).toBe(3)
      for (const t of asked) expect(isQuiet(anEstate(), t)).toBe(false)
      expect(play.state).toMatchObject({ status: 'closed', closure: 'unrated' })
    },
  )

  test('is not asked again while a call the resident was promised is open', () => {
    const play = reach('confirming').event({ type: 'wantsPerson', text: '叫主管来', level: 1 })
    const from = play.mark
    play.passes(days(2))
    expect(play.resident(from).filter((n) => n.type === 'done')).toEqual([])
    play.does('li', { type: 'contact', outcome: 'phone', words: null })
    play.passes(days(2))
    expect(play.resident(from).filter((n) => n.type === 'done')).not.toEqual([])
  })
})
