import type { Instant, StaffId } from './ids.ts'

/** From its first instant up to, and not including, its last. */
export interface Span {
  readonly from: Instant
  readonly until: Instant
}

/**
 * A change of the roster by people, apart from the estate file: somebody is away (请假), or somebody stands in for
 * another's shifts (换班). Written by turns of the desk of `staff` alone, so that two answers never cross.
 */
export interface DutyChange extends Span {
  readonly id: number
  readonly kind: 'leave' | 'swap'
  /** Who is away, or whose shifts in this time are another's. */
  readonly staff: StaffId
  /** Of a swap: who stands in. */
  readonly with: StaffId | null
  /** Of a swap: the time in which `staff` stands in for `with` in return. */
  readonly back: Span | null
  readonly state: ChangeState
  /** Who entered it; null: the API. */
  readonly by: StaffId | null
  /** Who must say yes: the level above for a leave, the colleague for a swap. */
  readonly askedOf: readonly StaffId[]
  readonly askedAt: Instant
  /** Nobody answered a leave in time, and the next level was asked, too. */
  readonly raised: boolean
  /** Who said yes or no; null: nobody had to. */
  readonly decidedBy: StaffId | null
}

/**
 * asked: waits for a yes. agreed: holds. begun: a leave whose cases went to others. The rest is over: run out, denied,
 * taken back, or never answered.
 */
export type ChangeState = 'asked' | 'agreed' | 'begun' | 'over' | 'denied' | 'withdrawn' | 'lapsed'

export const holds = (change: DutyChange): boolean => change.state === 'agreed' || change.state === 'begun'

export const covers = (span: Span, at: Instant): boolean => span.from <= at && at < span.until

export const overlaps = (a: Span, b: Span): boolean => a.from < b.until && b.from < a.until

/** The leave somebody is on at that moment. */
export function leaveOf(
  changes: readonly DutyChange[],
  staff: StaffId | null,
  at: Instant,
): DutyChange | null {
  if (staff === null || changes.length === 0) return null
  return (
    changes.find(
      (change) => change.kind === 'leave' && change.staff === staff && holds(change) && covers(change, at),
    ) ?? null
  )
}

/** Whoever really has the shift of this person then. Swaps do not pass on: what one took over is not swapped away again. */
export function standIn(changes: readonly DutyChange[], staff: StaffId, at: Instant): StaffId {
  for (const change of changes) {
    if (change.kind !== 'swap' || change.with === null || !holds(change)) continue
    if (change.staff === staff && covers(change, at)) return change.with
    if (change.with === staff && change.back !== null && covers(change.back, at)) return change.staff
  }
  return staff
}
