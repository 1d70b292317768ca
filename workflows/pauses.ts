import { addLimit, serviceMinutes } from './calendar.ts'
import type { Pause } from './complaint/state.ts'
import type { Calendar } from './estate.ts'
import type { Instant, Millis } from './ids.ts'

/**
 * Time in which a clock stood still (domain.md 2.4), and what it does to the moments after it. A clock is moved on in its
 * own kind of time: one in service time by the service time that passed, any other by what passed on the wall.
 */
export interface Clock {
  readonly calendar: Calendar
  /** Counted in service time (true) or around the clock (false). */
  readonly working: boolean
}

/** A stretch of time: a pause that is over. */
interface Span {
  readonly from: Instant
  readonly to: Instant
}

/** The pause that runs now, or null. */
export const runningPause = (c: { readonly pauses: readonly Pause[] }): Pause | null =>
  c.pauses.findLast((p) => p.to === null) ?? null

/** What of a stretch counts for this clock, in ms. */
function lengthIn(clock: Clock, from: Instant, to: Instant): Millis {
  if (to <= from) return 0
  return clock.working ? serviceMinutes(clock.calendar, from, to) * 60_000 : to - from
}

/** So much later on this clock; in service time never outside it, but for the moment itself. */
export function later(clock: Clock, at: Instant, length: Millis): Instant {
  if (length <= 0) return at
  const limit = { amount: length / 1000, unit: 's', working: clock.working } as const
  return Math.round(addLimit(clock.calendar, at, limit))
}

/**
 * `at`, moved on by every pause that is over and began by then, of a clock started at `from`. What began after it moves
 * nothing: a time that had passed stays passed.
 */
export function movedOn(clock: Clock, pauses: readonly Pause[], from: Instant, at: Instant): Instant {
  return spans(pauses, from).reduce(
    (moved, p) => (p.from <= moved ? later(clock, moved, lengthIn(clock, p.from, p.to)) : moved),
    at,
  )
}

/** The time between two moments without the pauses in it, in ms of this clock. */
export function netLength(clock: Clock, pauses: readonly Pause[], from: Instant, to: Instant): Millis {
  const stood = spans(pauses, from).map((p) => lengthIn(clock, p.from, Math.min(p.to, to)))
  return lengthIn(clock, from, to) - stood.reduce((sum, length) => sum + length, 0)
}

function spans(pauses: readonly Pause[], from: Instant): readonly Span[] {
  return pauses.flatMap((p) =>
    p.to !== null && p.to > from ? [{ from: Math.max(p.from, from), to: p.to }] : [],
  )
}
