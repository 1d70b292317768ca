import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen as isServiceTime } from '../../../workflows/calendar.ts'
import {
  deadlineSteps,
  type Complaint,
  type DeadlineStep,
  type Status,
} from '../../../workflows/complaint/state.ts'
import { days, hours, minutes, type ComplaintId, type Instant } from '../../../workflows/ids.ts'
import { afterQuiet } from '../../../workflows/sla.ts'
import { severities, type Severity } from '../../../workflows/severity.ts'
import { startDeadline } from '../../../workflows/sla.ts'
import {
  anEstate,
  at,
  entries,
  mondayTen,
  photo,
  Play,
  reach,
  staffId,
  staffNotices,
  trapped,
  type Turned,
} from '../../support/builders.ts'

/** domain.md 2.4, the ladder as it is written there; nothing here is read from the program. */
const written = {
  S1: { 50: [1], 100: [2], 150: [3] },
  S2: { 50: [0], 80: [0, 1], 100: [1, 2], 150: [2], 200: [3] },
  S3: { 50: [0], 80: [0, 1], 100: [1], 150: [2], 200: [3] },
  S4: { 50: [0], 80: [0, 1], 100: [1], 150: [2], 200: [3] },
} as const satisfies Record<Severity, Record<number, readonly number[]>>
/** Steps of less than half an hour, whatever the severity. */
const short = written.S1
/** Footage is overwritten: kept within its hour, or a supervisor hears. */
const footage = { 100: [1] }

const levels = ['doer', 'li', 'sun', 'wu'] as const
const estate = anEstate()

/** Where each step is owed, and by whom. */
const owed: Readonly<Record<DeadlineStep, { readonly status: Status; readonly doer: string }>> = {
  assign: { status: 'registered', doer: 'chen' },
  accept: { status: 'assigned', doer: 'zhang' },
  contact: { status: 'verifying', doer: 'zhang' },
  onSite: { status: 'verifying', doer: 'zhang' },
  plan: { status: 'verifying', doer: 'zhang' },
  progress: { status: 'verifying', doer: 'zhang' },
  resolve: { status: 'resolving', doer: 'zhang' },
  answer: { status: 'resolving', doer: 'zhang' },
  visit: { status: 'confirming', doer: 'li' },
  callback: { status: 'feedback', doer: 'li' },
  attempt: { status: 'confirming', doer: 'li' },
  sign: { status: 'feedback', doer: 'li' },
  footage: { status: 'verifying', doer: 'zhang' },
  tell: { status: 'verifying', doer: 'zhang' },
}

function ladderOf(step: DeadlineStep, severity: Severity): Readonly<Record<number, readonly number[]>> {
  if (step === 'footage') return footage
  if (step === 'assign' && severity === 'S2') return short
  return written[severity]
}

/** A case that owes this one step and nothing else, from now on. */
function owing(step: DeadlineStep, severity: Severity): Play {
  const { status, doer } = owed[step]
  const { state, now } = reach(status)
  const calls = ['visit', 'callback', 'attempt', 'sign'].includes(step)
  const c: Complaint = {
    ...structuredClone(state),
    severity,
    promises: [],
    deadlines: [],
    alarm: null,
    danger: null,
    held: null,
    survey: null,
    ratingUntil: null,
    retryAt: state.owner === null ? now + days(300) : null,
    callback: calls ? { by: staffId(doer), why: 'low', since: now, next: null } : null,
    cards: [],
  }
  startDeadline(c, estate, step, now)
  return new Play({ state: c, now })
}

interface Fired {
  readonly percent: number
  readonly at: Instant
  readonly to: readonly string[]
}

/** The points of a step as the timeline has them, and who was told with each. */
const fired = (play: Play, step: DeadlineStep): readonly Fired[] =>
  play.turns.flatMap((t) =>
    entries(t.effects)
      .filter((e) => (e.type === 'reminded' || e.type === 'escalated') && e.data.step === step)
      .map((e) => ({
        percent: Number(e.data.percent),
        at: t.at,
        to: staffNotices(t.effects)
          .filter(
            ({ notice: n }) =>
              (n.type === 'reminder' || (n.type === 'escalation' && !n.unanswered)) && n.step === step,
          )
          .map(({ to }) => to),
      })),
  )

/** Nobody goes to look at a wish. */
const noLimit = (step: DeadlineStep, severity: Severity) => step === 'onSite' && severity === 'S4'
const table = deadlineSteps
  .flatMap((step) => severities.map((severity) => [step, severity] as const))
  .filter(([step, severity]) => !noLimit(step, severity))

describe('GLPI #5319: every step of the ladder really runs', () => {
  test.each(table)('%s of an %s', (step, severity) => {
    const play = owing(step, severity)
    const [deadline] = play.state.deadlines
    if (!deadline) throw new Error(`${step} has no limit at ${severity}`)
    const ladder = Object.entries(ladderOf(step, severity)).map(([percent, to]) => ({
      percent: Number(percent),
      to: [...new Set(to.map((level) => (level === 0 ? owed[step].doer : (levels[level] ?? ''))))],
    }))
    const share = (percent: number) => deadline.from + ((deadline.due - deadline.from) * percent) / 100
    const grave = severity === 'S1' || severity === 'S2'
    // Nobody is woken for a call or a signature: what falls into one night is one reminder in the morning.
    const told = (percent: number) =>
      ['visit', 'callback', 'attempt', 'sign'].includes(step)
        ? afterQuiet(estate, share(percent))
        : share(percent)
    const expected = ladder
      // What is not accepted in time is the next one's to accept, with a clock of its own.
      .filter((p) => step !== 'accept' || p.percent <= 100)
      .filter((p, i) => !grave || told(p.percent) !== told(ladder[i + 1]?.percent ?? 0))
    for (let n = 0; n < 400 && fired(play, step).length < expected.length; n++) play.passes(hours(6))
    const points = fired(play, step).slice(0, expected.length)
    expect(points.map(({ percent, to }) => ({ percent, to: [...new Set(to)] }))).toEqual(expected)
    for (const { percent, at: moment } of points) {
      if (grave) expect(moment).toBe(told(percent))
      else expect(isServiceTime(estate.calendar, moment), `${percent}% wakes nobody`).toBe(true)
    }
    expect(points.map((p) => p.at)).toEqual(points.map((p) => p.at).toSorted((a, b) => a - b))
  })
})

describe('GLPI #15429: nothing escalates at creation', () => {
  test.each(severities)('%s: its card, and nobody is told of a limit', (severity) => {
    const danger = severity === 'S1' ? trapped : null
    const play = new Play().registers({ severity, danger })
    const told = staffNotices(play.effects).map(({ notice }) => notice.type)
    expect(told.filter((type) => type === 'reminder' || type === 'escalation' || type === 'nobody')).toEqual(
      [],
    )
    expect(play.pushed('zhang')).toBe(1)
    expect(play.state.alert).toBeNull()
  })

  test.each(['S2', 'S3', 'S4'] as const)(
    '%s received two days late: one alert, at the highest level, marked late',
    (severity) => {
      const play = new Play().registers({ severity, receivedAt: mondayTen - days(14) }).passes(0)
      const alerts = staffNotices(play.effects).flatMap(({ to, notice }) =>
        notice.type === 'escalation' || notice.type === 'reminder' ? [{ to, ...notice }] : [],
      )
      expect(alerts).toMatchObject([{ to: 'wu', type: 'escalation', percent: 200, late: true }])
      expect(play.state.alert).toMatchObject({ to: ['wu'], about: [{ late: true }] })
    },
  )
})

describe('a step that is done tells nobody any more', () => {
  const done: readonly (readonly [DeadlineStep, (play: Play) => Play])[] = [
    ['accept', (p) => p.does('zhang', { type: 'accept' })],
    ['contact', (p) => p.does('zhang', { type: 'contact', outcome: 'phone', words: null })],
    ['onSite', (p) => p.does('zhang', { type: 'arrive' })],
    ['tell', (p) => p.does('zhang', { type: 'contact', outcome: 'phone', words: null })],
    ['progress', (p) => p.does('zhang', { type: 'progress', text: '配件到了', media: [] })],
    ['resolve', (p) => p.does('zhang', { type: 'done', text: '换好了', media: [photo(601)] })],
    ['answer', (p) => p.does('zhang', { type: 'done', text: '换好了', media: [photo(602)] })],
    ['footage', (p) => p.does('zhang', { type: 'footageKept' })],
  ]
  test.each(done)('%s', (step, act) => {
    const play = owing(step, 'S2')
    const [deadline] = play.state.deadlines
    if (step === 'footage') play.event({ type: 'comment', text: '' })
    const footageWanted = { ...play.state, footage: { by: deadline?.due ?? 0, kept: null } }
    const untold = { since: play.now, why: 'undelivered' as const, lines: ['明天上午换灯'] }
    const wanted = step === 'tell' ? { ...play.state, untold } : footageWanted
    const p = step === 'footage' || step === 'tell' ? new Play({ state: wanted, now: play.now }) : play
    p.until((deadline?.due ?? 0) + 1)
    expect(p.state.alert?.about.map((cause) => cause.step)).toEqual([step])
    const before = fired(p, step).length
    act(p)
    expect(p.state.alert).toBeNull()
    const clock = p.state.deadlines.find((d) => d.step === step)
    p.until(clock ? clock.from + (clock.due - clock.from) / 3 : p.now + days(3))
    expect(fired(p, step)).toHaveLength(before)
  })
})

describe('Zammad #904: what ended never escalates', () => {
  test.each(['closed', 'withdrawn', 'merged'] as const)('%s', (status) => {
    for (const severity of severities) {
      const play = reach(status, { severity })
      const from = play.mark
      expect(play.due).toBeNull()
      play.passes(days(200))
      expect(play.mark).toBe(from)
      // A timer that was on its way when the case ended finds nothing to do.
      expect(play.event({ type: 'due' }).last.effects).toEqual([])
    }
  })

  test('though somebody was alerted, and nobody had answered', () => {
    const play = reach('assigned', { severity: 'S2' }).until(at('2026-11-23 11:05'))
    expect(play.state.alert).not.toBeNull()
    play.event({ type: 'withdraw', text: null })
    const from = play.mark
    play.passes(days(30))
    expect(play.mark).toBe(from)
  })
})

describe('who has it', () => {
  test('before acceptance a missed limit moves it to the next one, and the one before hears so', () => {
    const play = reach('assigned', { severity: 'S2' }).passes(minutes(31))
    expect(play.state).toMatchObject({ owner: 'wang', status: 'assigned' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'movedAway', name: '王强' })
    const moves = play.timeline().filter((e) => e.type === 'notAccepted' || e.type === 'assigned')
    expect(moves.map((e) => e.type)).toEqual(['assigned', 'notAccepted', 'assigned'])
  })

  test.each(['S2', 'S3', 'S4'] as const)(
    'after it nobody is moved, however late: %s only gains eyes',
    (severity) => {
      const play = reach('verifying', { severity }).passes(days(60))
      expect(play.state.owner).toBe('zhang')
      expect(play.timeline().some((e) => e.type === 'assigned' && e.data.to !== 'zhang')).toBe(false)
      expect(play.state.escalated).toEqual(expect.arrayContaining(['li', 'sun', 'wu']))
    },
  )
})

describe('whatever happens', () => {
  const act = fc.oneof(
    fc.record({ pass: fc.integer({ min: 1, max: 60 * 12 }) }),
    fc.record({
      by: fc.constantFrom('zhang', 'wang', 'li', 'sun', 'wu'),
      act: fc.constantFrom('accept', 'contact', 'arrive', 'progress', 'urge', 'takeOver', 'seen'),
    }),
    fc.record({ resident: fc.constantFrom('urged', 'withdraw') }),
  )

  function run(severity: Severity, steps: readonly unknown[]): Play {
    const play = new Play().registers({ severity, danger: severity === 'S1' ? trapped : null })
    for (const step of steps as readonly { pass?: number; by?: string; act?: string; resident?: string }[]) {
      // An alarm rings every minute: an hour of it is enough.
      if (step.pass !== undefined) play.passes(minutes(play.state.alarm ? step.pass / 12 : step.pass))
      else if (step.resident === 'urged') play.event({ type: 'urged' })
      else if (step.resident === 'withdraw') play.event({ type: 'withdraw', text: null })
      else if (step.by !== undefined) doing(play, step.by, step.act ?? '')
    }
    return play
  }

  function doing(play: Play, by: string, what: string): void {
    switch (what) {
      case 'contact':
        play.does(by, { type: 'contact', outcome: 'phone', words: null })
        return
      case 'progress':
        play.does(by, { type: 'progress', text: '在办', media: [] })
        return
      case 'seen':
        play.does(by, { type: 'seen', how: 'reply' })
        return
      case 'accept':
      case 'arrive':
      case 'urge':
      case 'takeOver':
        play.does(by, { type: what })
    }
  }

  /** A point fires once, and only while its step is owed. */
  function firesOnce({ before, effects }: Turned): void {
    for (const { type, data } of entries(effects)) {
      if (type !== 'escalated' && type !== 'reminded') continue
      const clock = before?.deadlines.find((d) => d.step === data.step)
      expect(clock?.fired ?? []).not.toContain(data.percent)
    }
  }

  /** An alert ends with an answer of somebody who was told, with its cure, or with the case; not with a delivery, nor with time. */
  function endsInAPerson({ before, after, effects, event }: Turned): void {
    if (!before?.alert || after.alert) return
    const answer = entries(effects).find((e) => e.type === 'alertAnswered')
    if (answer) expect(answer.by.kind === 'staff' && before.alert.to.includes(answer.by.id)).toBe(true)
    else expect(['delivered', 'due']).not.toContain(event.type)
  }

  /** While nobody has answered, it is known when the next ones are told. */
  function goesOn({ after, due }: Turned): void {
    if (after.alert) expect(due ?? Infinity).toBeLessThanOrEqual(after.alert.next)
  }

  function wakesNobody({ after, effects, at: moment }: Turned): void {
    if (after.severity === 'S1' || after.severity === 'S2') return
    const told = entries(effects).some((e) => ['escalated', 'reminded', 'alertPassedOn'].includes(e.type))
    if (told) expect(isServiceTime(estate.calendar, moment)).toBe(true)
  }

  test('each point fires once, an alert ends in a person or goes on, and S3 and S4 wake nobody', () => {
    fc.assert(
      fc.property(fc.constantFrom(...severities), fc.array(act, { maxLength: 15 }), (severity, steps) => {
        for (const turn of run(severity, steps).turns)
          for (const check of [firesOnce, endsInAPerson, goesOn, wakesNobody]) check(turn)
      }),
      { numRuns: Number(process.env.RUNS ?? 100) },
    )
  })
})

test('a merged report leaves its deadlines to the case it was merged into', () => {
  const play = new Play().registers({ severity: 'S2', sameAs: 99 as ComplaintId })
  expect([play.state.deadlines, play.due]).toEqual([[], null])
})
