import { isOpen as isServiceTime, localParts, nextOpening, quietUntil, serviceMinutes } from '../calendar.ts'
import type { Estate } from '../estate.ts'
import { days, hours, type Instant, type StaffId } from '../ids.ts'
import { instantOf, localDayNumber } from '../local-time.ts'
import { somebody } from '../phrases/staff.ts'
import type { Severity } from '../severity.ts'
import {
  afterQuiet,
  deadlineOf,
  endDeadline,
  isGrave,
  keepPromise,
  makePromise,
  startDeadline,
} from '../sla.ts'
import { program, staffBy, type Work } from './work.ts'
import { isUnsettled } from './told.ts'

/** domain.md 1.4 rule 4: after so many attempts on different days and hours the call need not be made any more. */
const enoughAttempts = 3

/** Why a call nobody answered is recorded, and does not count as one of the three. */
export type NotCounted = 'quiet' | 'day' | 'hour'

/** null: the call counts beside those that counted before it. */
export function notCounted(estate: Estate, before: readonly Instant[], at: Instant): NotCounted | null {
  const { timezone } = estate.calendar
  if (quietUntil(estate.policy.quietHours, timezone, at) !== null) return 'quiet'
  if (before.some((t) => localDayNumber(timezone, t) === localDayNumber(timezone, at))) return 'day'
  return before.some((t) => hourOf(timezone, t) === hourOf(timezone, at)) ? 'hour' : null
}

/** Of calls nobody answered, oldest first, those that count: each on a day and at an hour of its own, none in quiet hours. */
export const counted = (estate: Estate, calls: readonly Instant[]): readonly Instant[] =>
  calls.reduce<readonly Instant[]>(
    (before, at) => (notCounted(estate, before, at) === null ? [...before, at] : before),
    [],
  )

const hourOf = (timezone: string, at: Instant): number => localParts(timezone, at).hour

/** The longest holiday with the closed days an estate adds to it; beyond, any day that is not quiet must do. */
const longestSearch = 60

/**
 * When to call next: on the first day nobody has called yet, at the hour farthest from those that were tried, so that
 * morning, afternoon and evening take turns. In service time and outside the quiet hours; S1 and S2 do not wait for a
 * working day. Where the service hours of that day leave no new hour, any that is not quiet will do.
 */
export function nextCall(
  estate: Estate,
  severity: Severity,
  tried: readonly Instant[],
  from: Instant,
): Instant {
  const { calendar } = estate
  const { timezone } = calendar
  const start = isGrave(severity) ? from : nextOpening(calendar, from)
  const today = localDayNumber(timezone, start)
  for (let day = today; day < today + longestSearch; day++) {
    if (!isGrave(severity) && !isServiceDay(estate, day)) continue
    const free = callableHours(estate, day).filter(
      ({ at }) => at >= from && notCounted(estate, tried, at) === null,
    )
    const inService = free.filter(({ at }) => isServiceTime(calendar, at))
    const best = farthest(
      inService.length > 0 ? inService : free,
      tried.map((t) => hourOf(timezone, t)),
    )
    if (best !== null) return best
  }
  return afterQuiet(estate, from + days(1))
}

const isServiceDay = ({ calendar }: Estate, day: number): boolean =>
  serviceMinutes(calendar, instantOf(calendar.timezone, day, 0), instantOf(calendar.timezone, day + 1, 0)) > 0

interface CallableHour {
  readonly hour: number
  readonly at: Instant
}

/** The first moment of each hour of a local day that is not quiet; in service time where the hour has any. */
function callableHours(estate: Estate, day: number): readonly CallableHour[] {
  const { calendar } = estate
  return Array.from({ length: 24 }, (_, hour) => hour).flatMap((hour) => {
    const start = instantOf(calendar.timezone, day, hours(hour))
    const awake = afterQuiet(estate, start)
    const served = afterQuiet(estate, nextOpening(calendar, awake))
    const at = served < start + hours(1) && isServiceTime(calendar, served) ? served : awake
    return at < start + hours(1) ? [{ hour, at }] : []
  })
}

/** The earliest of those farthest from every hour that was tried. */
function farthest(free: readonly CallableHour[], tried: readonly number[]): Instant | null {
  const distance = ({ hour }: CallableHour) => Math.min(...tried.map((t) => Math.abs(t - hour)))
  const [best] = free.toSorted((a, b) => distance(b) - distance(a) || a.at - b.at)
  return best?.at ?? null
}

/** The calls of the one that is owed now which nobody answered, and which count. */
function attemptsOf(w: Work): readonly Instant[] {
  const since = w.c.callback?.since ?? w.c.marks.done ?? w.c.marks.registered
  const missed = w.c.visits.filter((v) => v.at >= since && v.outcome === 'noAnswer')
  return counted(
    w.policyEstate,
    missed.map((v) => v.at),
  )
}

/** Reached, or tried three times on different days and at different hours, since then. */
export function reachedOrTried(w: Work, since: Instant): boolean {
  const visits = w.c.visits.filter((v) => v.at >= since)
  if (visits.some((v) => v.outcome !== 'noAnswer')) return true
  const missed = visits.map((v) => v.at)
  return counted(w.policyEstate, missed).length >= enoughAttempts
}

/**
 * 没接通, in a call that is owed. The first attempt keeps the step it was owed by; the next ones, on other days and at
 * other hours, are a step of their own (`attempt`), so that nothing escalates for a limit that three days of attempts
 * must break. The caller hears at once when the next one is.
 */
export function callMissed(
  w: Work,
  record: 'visited' | 'contacted',
  e: { readonly by: StaffId; readonly words: string | null },
): void {
  const before = attemptsOf(w)
  const why = notCounted(w.policyEstate, before, w.now)
  const tried = why === null ? [...before, w.now] : before
  w.c.visits = [...w.c.visits, { at: w.now, by: e.by, outcome: 'noAnswer' }]
  w.record(record, staffBy(e.by), {
    words: e.words,
    data: { outcome: 'noAnswer', counts: why === null, attempt: tried.length },
  })
  if (tried.length < enoughAttempts) planCall(w, tried)
  else if (before.length < enoughAttempts) giveUp(w, tried.length)
  w.tellStaff(e.by, {
    type: 'attempted',
    why,
    count: tried.length,
    next: w.c.callback?.next ?? null,
  })
}

/** The next attempt: planned, and where one was made in time, a clock of its own and a new time for the resident. */
function planCall(w: Work, tried: readonly Instant[]): void {
  const { callback } = w.c
  if (!callback) return
  const made = tried.at(-1) === w.now
  if (!made && callback.next !== null && callback.next > w.now) return
  const at = nextCall(w.policyEstate, w.c.severity, tried, w.now)
  w.c.callback = { ...callback, next: at }
  w.record('attemptPlanned', program, { data: { at, attempt: tried.length + 1 } })
  if (!made) return
  endDeadline(w.c, 'visit', 'callback')
  startDeadline(w.c, w.policyEstate, 'attempt', at)
  const by = deadlineOf(w.c, 'attempt')?.due ?? at
  if (!keepPromisedCall(w)) return
  makePromise(w.c, 'callback', by, w.now)
  w.tellResident({ type: 'callMissed', name: w.nameOf(callback.by) ?? somebody, by })
}

/** Rung is what was promised, whoever picked up. Says whether anything was. */
function keepPromisedCall(w: Work): boolean {
  const promised = w.c.promises.some((p) => p.what === 'callback' && isUnsettled(p))
  keepPromise(w.c, 'callback', w.now)
  return promised
}

/** Tried often enough: whatever waited for this call does not wait any longer, and silence is never satisfied. */
function giveUp(w: Work, attempts: number): void {
  const { callback, status } = w.c
  if (!callback) return
  w.record('notReached', program, { data: { why: callback.why, attempts } })
  endDeadline(w.c, 'visit', 'callback', 'attempt')
  const promised = keepPromisedCall(w)
  w.c.callback = { ...callback, next: null }
  // What is done already ends by `settle`, or with the survey.
  if (status === 'confirming' || status === 'feedback') return
  w.c.callback = null
  w.demote('callback')
  if (promised) w.tellResident({ type: 'callMissed', name: w.nameOf(callback.by) ?? somebody, by: null })
}

/** The planned moment: the caller's card comes anew. Where the program was off until it would not count, it is planned anew. */
export function callNow(w: Work): void {
  const { callback } = w.c
  if (!callback) return
  const tried = attemptsOf(w)
  if (notCounted(w.policyEstate, tried, w.now) !== null) {
    const at = nextCall(w.policyEstate, w.c.severity, tried, w.now)
    w.c.callback = { ...callback, next: at }
    w.record('attemptPlanned', program, { data: { at, attempt: tried.length + 1 } })
    return
  }
  w.c.callback = { ...callback, next: null }
  w.record('attemptDue', program, { data: { attempt: tried.length + 1, by: callback.by } })
  if (callback.by === null) return
  w.giveCard(callback.by, 'callback', true)
  w.tellStaff(callback.by, { type: 'attemptDue', attempt: tried.length + 1 })
}
