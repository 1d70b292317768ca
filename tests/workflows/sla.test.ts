import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen } from '../../workflows/calendar.ts'
import type { Registration } from '../../workflows/complaint/events.ts'
import { days, hours, minutes, type Instant } from '../../workflows/ids.ts'
import { severities } from '../../workflows/severity.ts'
import { hastenDeadlines, pointAt, pointsOf } from '../../workflows/sla.ts'
import { aComplaint, anEstate, at, mondayTen, Play, reach } from '../support/builders.ts'

const estate = anEstate()

/** Who hears of a step by its points, when, and at which share of its limit. */
function ladder(play: Play, step: string): string[] {
  return play.turns.flatMap((t) =>
    t.effects.flatMap((e) => {
      if (e.do !== 'tell' || e.whom.to !== 'staff' || e.event.type !== 'notice') return []
      const n = e.event.notice
      if ((n.type !== 'reminder' && n.type !== 'escalation') || n.step !== step) return []
      // What goes on because nobody answered is alert.test.ts's.
      if (n.type === 'escalation' && n.unanswered) return []
      return [`${stamp(t.at)} ${String(n.percent)}% ${e.whom.id}`]
    }),
  )
}

const stamp = (moment: Instant): string =>
  new Date(moment + hours(8)).toISOString().slice(5, 16).replace('T', ' ')

test('what has nothing left to fire on the ladder of a graver case begins anew', () => {
  const play = reach('verifying', { kind: 'repair', severity: 'S4' })
  const c = structuredClone(play.state)
  const later = play.now + days(30)
  // All an S1 knows; an S4 would still wait for its 200 %.
  const spent = { step: 'progress', from: play.now, due: play.now + days(7), round: false } as const
  c.deadlines = [{ ...spent, fired: [50, 80, 100, 150] }]
  c.severity = 'S1'
  hastenDeadlines(c, estate, later)
  expect(c.deadlines).toMatchObject([{ step: 'progress', from: later, fired: [] }])
})

describe('the ladder of a step (domain.md 2.4)', () => {
  test('S2: the handler at 50, with the supervisor at 80, supervisor and manager at 100, manager at 150, company at 200', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(hours(3))
    expect(ladder(play, 'contact')).toEqual([
      '11-23 10:30 50% zhang',
      '11-23 10:48 80% zhang',
      '11-23 10:48 80% li',
      '11-23 11:00 100% li',
      '11-23 11:00 100% sun',
      '11-23 11:30 150% sun',
      '11-23 12:00 200% wu',
    ])
  })

  test('S3: shares are of service time, and the supervisor alone hears at 100', () => {
    const play = reach('verifying').passes(days(2))
    expect(ladder(play, 'contact')).toEqual([
      // Half of it is used as the doors close for lunch; it is said when they open.
      '11-23 13:30 50% zhang',
      '11-23 14:42 80% zhang',
      '11-23 14:42 80% li',
      '11-23 15:30 100% li',
      '11-23 17:30 150% sun',
      '11-24 10:00 200% wu',
    ])
  })

  test('S1: supervisor at 50, manager at 100, company at 150, and nothing else', () => {
    const play = reach('verifying', { severity: 'S1' }).passes(hours(1))
    expect(ladder(play, 'contact')).toEqual([
      '11-23 10:05 50% li',
      '11-23 10:10 100% sun',
      '11-23 10:15 150% wu',
    ])
  })

  test('of an S1 that rings, acceptance has no ladder; of one that does not, it has', () => {
    const s1 = aComplaint({ status: 'assigned', severity: 'S1' })
    expect(pointsOf(s1, estate, 'accept')).toEqual([])
    expect(pointsOf({ ...s1, alarm: null }, estate, 'accept')).not.toEqual([])
  })

  test('each point fires once, and none once the step is done', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(40))
    play.does('zhang', { type: 'contact', outcome: 'phone', words: null }).passes(days(2))
    expect(ladder(play, 'contact')).toEqual(['11-23 10:30 50% zhang'])
  })

  test('is told in words: their desk asks for the card, or puts many cases into one digest', () => {
    const play = reach('verifying', { severity: 'S2' })
    const pushed = play.pushed('li')
    play.passes(days(3))
    expect(play.heard('li').length).toBeGreaterThan(5)
    expect([play.pushed('li'), play.pushed('sun')]).toEqual([pushed, 0])
    expect(play.state.cards.map((c) => c.staff)).toEqual(expect.arrayContaining(['li', 'sun', 'wu']))
  })

  test('progress is owed again and again, so that nothing open is ever forgotten', () => {
    const play = reach('resolving').passes(days(40))
    expect(
      play.timeline().filter((e) => e.type === 'missed' && e.data.step === 'progress').length,
    ).toBeGreaterThan(2)
    expect(play.due).not.toBeNull()
  })

  test('a call is chased at whoever owes it, not at the handler', () => {
    const play = reach('feedback').event({ type: 'rate', stars: 1 })
    const from = play.mark
    play.passes(hours(3))
    expect(play.heard('li', from).some((n) => n.type === 'reminder' && n.step === 'callback')).toBe(true)
    expect(play.heard('zhang', from).filter((n) => n.type === 'reminder')).toEqual([])
  })
})

describe('received late', () => {
  test('a backlog of twelve hours gives one alert a step, at its highest point, marked as late', () => {
    const play = new Play().registers({ severity: 'S2', receivedAt: mondayTen - hours(12) }).passes(0)
    expect(ladder(play, 'contact')).toEqual(['11-23 10:00 200% wu'])
    expect(play.heard('wu')).toMatchObject([{ type: 'escalation', late: true, percent: 200 }])
    expect(play.timeline().filter((e) => e.type === 'missed')).toMatchObject([
      { data: { step: 'contact', late: true } },
    ])
  })

  test('is one alert of the case, not one a step, for the step that is longest overdue', () => {
    const danger = { type: 'fire', lift: false, self: false } as const
    const play = new Play().registers({ severity: 'S1', danger, receivedAt: mondayTen - hours(12) }).passes(0)
    const alerts = ['zhang', 'li', 'sun', 'wu'].flatMap((id) =>
      play.heard(id).filter((n) => n.type === 'escalation'),
    )
    expect(alerts).toMatchObject([{ step: 'contact', late: true, percent: 150 }])
    const missed = play.timeline().filter((e) => e.type === 'missed')
    expect(missed.map((e) => e.data.step)).toEqual(['contact', 'resolve', 'plan'])
    expect(missed.every((e) => e.data.late)).toBe(true)
  })

  test('the program was off for a day: one alert a step', () => {
    const play = reach('verifying', { severity: 'S2' }).sleeps(days(1)).passes(0)
    expect(ladder(play, 'contact')).toHaveLength(1)
    expect(play.heard('wu').filter((n) => n.type === 'escalation' && n.late)).toEqual([])
  })
})

describe('S3 and S4 wake nobody outside service hours', () => {
  const registration: fc.Arbitrary<Partial<Registration>> = fc.record({
    severity: fc.constantFrom('S3', 'S4'),
    code: fc.constantFrom('RP02', 'CL01', 'FE01', 'NS01'),
    kind: fc.constantFrom('complaint', 'repair', 'enquiry'),
  })

  test('whatever is due meanwhile', () => {
    fc.assert(
      fc.property(registration, fc.nat(7 * 24 * 60), fc.boolean(), (first, start, accepted) => {
        const play = new Play({ now: mondayTen + minutes(start) }).registers(first)
        if (accepted) play.does(play.state.owner ?? '', { type: 'accept' })
        const from = play.mark
        play.passes(days(12))
        for (const turn of play.turns.slice(from)) {
          const wakes = turn.effects.some(
            (e) => (e.do === 'tell' && e.whom.to === 'staff') || (e.do === 'card' && e.push),
          )
          if (wakes) expect(isOpen(estate.calendar, turn.at), stamp(turn.at)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('but an estate that runs a step around the clock is taken at its word', () => {
    const accept = { ...estate.policy.steps.accept, S3: { amount: 60, unit: 's', working: false } as const }
    const quick = { ...estate, policy: { ...estate.policy, steps: { ...estate.policy.steps, accept } } }
    const c = aComplaint({ status: 'assigned' })
    const from = at('2026-11-22 03:00')
    expect(
      pointAt(c, quick, { step: 'accept', from, due: from + minutes(1), fired: [], round: false }, 50),
    ).toBe(from + minutes(0.5))
  })

  test('points of a ladder come in their order, whatever the limit', () => {
    fc.assert(
      fc.property(
        fc.nat(14 * 24 * 60),
        fc.nat(20 * 24 * 60),
        fc.constantFrom(...severities),
        (start, length, severity) => {
          const from = mondayTen + minutes(start)
          const d = { step: 'plan', from, due: from + minutes(length + 1), fired: [], round: false } as const
          const c = aComplaint({ status: 'verifying' })
          const times = [50, 80, 100, 150, 200].map((p) =>
            pointAt({ ...c, severity }, estate, { ...d, fired: [] }, p),
          )
          expect(times).toEqual(times.toSorted((a, b) => a - b))
          expect(times[0]).toBeGreaterThanOrEqual(from)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('another severity or category', () => {
  const due = (play: Play, step: string) => play.state.deadlines.find((d) => d.step === step)

  test('raised: limits run from now where that is sooner, and nothing is overdue at once', () => {
    const play = reach('verifying').passes(hours(3))
    const from = play.mark
    play.does('li', { type: 'severity', to: 'S2', reason: '整栋都黑' })
    expect(due(play, 'plan')).toMatchObject({ from: play.now, due: play.now + hours(24) })
    // Its three hours were within the four it had, so that it has one more.
    expect(due(play, 'contact')).toMatchObject({ due: play.now + hours(1) })
    expect(play.heard('wu', from)).toEqual([])
    for (const d of play.state.deadlines) if (d.from === play.now) expect(d.due).toBeGreaterThan(play.now)
  })

  test('raised: a limit that is shorter already stays', () => {
    const play = reach('verifying').until(at('2026-11-23 15:00'))
    play.does('li', { type: 'severity', to: 'S2', reason: '整栋都黑' })
    expect(due(play, 'contact')?.due).toBe(at('2026-11-23 15:30'))
  })

  test('lowered, by a supervisor with a reason: limits run from their own beginning', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(50))
    play.does('li', { type: 'severity', to: 'S3', reason: '只有一户' })
    expect(due(play, 'contact')).toMatchObject({ from: mondayTen, due: at('2026-11-23 15:30') })
    play.does('li', { type: 'severity', to: 'S4', reason: ' ' })
    expect(play.heard('li').at(-1)).toMatchObject({ why: 'notLowered' })
  })

  test('lowered when it was overdue: that stays on record, nobody answers for it, and its new time is told once', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(65))
    expect(play.state.alert?.about).toMatchObject([{ step: 'contact' }])
    play.does('li', { type: 'severity', to: 'S3', reason: '只有一户' })
    expect(play.state.alert).toBeNull()
    const from = play.mark
    play.until(at('2026-11-23 18:00'))
    const told = (staff: string) =>
      play.heard(staff, from).flatMap((n) => ('percent' in n && n.step === 'contact' ? [n.percent] : []))
    // Half of its four hours of service is at 13:30, after the break.
    expect(told('zhang')).toEqual([50, 80])
    expect(told('li')).toEqual([80, 100])
    const missed = play.timeline().filter((e) => e.type === 'missed' && e.data.step === 'contact')
    expect(missed.map((e) => e.data.due)).toEqual([mondayTen + hours(1), at('2026-11-23 15:30')])
  })

  test('lowered to a limit that is used up to a half already: what lies behind stays fired', () => {
    const play = reach('verifying', { severity: 'S2' }).until(at('2026-11-23 14:00'))
    expect(due(play, 'contact')?.fired).toEqual([50, 80, 100, 150, 200])
    play.does('li', { type: 'severity', to: 'S3', reason: '只有一户' })
    expect(due(play, 'contact')).toMatchObject({ due: at('2026-11-23 15:30'), fired: [50] })
  })

  test('lowered: the next round of a call keeps the time it had', () => {
    const play = reach('feedback', { severity: 'S2' }).event({ type: 'rate', stars: 1 }).passes(hours(6))
    const round = due(play, 'callback')
    expect(round).toMatchObject({ fired: [], round: true })
    play.does('li', { type: 'severity', to: 'S3', reason: '只有一户' })
    expect(due(play, 'callback')).toEqual(round)
  })

  test('recoded from danger that was none: whoever accepted it is to be there as that category has it', () => {
    const play = reach('verifying', { code: 'EM05' })
    expect(due(play, 'onSite')).toBeUndefined()
    play.passes(minutes(10)).does('zhang', { type: 'recode', code: 'RP02' })
    expect(due(play, 'onSite')).toMatchObject({ from: mondayTen, due: at('2026-11-24 10:00') })
    const seen = reach('verifying', { code: 'EM05' }).does('zhang', { type: 'arrive' })
    seen.does('zhang', { type: 'recode', code: 'RP02' })
    expect(due(seen, 'onSite')).toBeUndefined()
  })

  test('recoded: the limits of the other family', () => {
    const play = reach('verifying', { severity: 'S2' })
    expect(due(play, 'resolve')?.due).toBe(mondayTen + days(3))
    play.does('zhang', { type: 'recode', code: 'UT02' })
    expect(due(play, 'resolve')?.due).toBe(mondayTen + hours(12))
  })

  test('an S1 owes progress every half hour until the place is safe, then every four hours', () => {
    const play = new Play().registers({ severity: 'S1', danger: { type: 'flood', lift: false, self: true } })
    play.does('zhang', { type: 'accept' }).does('zhang', { type: 'progress', text: '正在关阀', media: [] })
    expect(due(play, 'progress')?.due).toBe(play.now + minutes(30))
    play
      .does('zhang', { type: 'standDown', words: '水关了' })
      .does('zhang', { type: 'progress', text: '在抽水', media: [] })
    expect(due(play, 'progress')?.due).toBe(play.now + hours(4))
  })
})
