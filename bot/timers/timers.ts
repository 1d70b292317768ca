import type { Instant } from '../../workflows/ids.ts'

export type TimerKind = 'complaint' | 'conversation'

/**
 * Wakes what is due. The rows are the truth (design.md, The database says what is due): a driver may forget everything
 * and finds it again there; it may fire twice, late or for a row that has changed, and the turn then does nothing.
 */
export interface Timers {
  /** The row was set, and is committed. Never throws and never waits, whatever the driver is built on. */
  arm(kind: TimerKind, id: number, due: Instant, revision: number): void
  /** The row is gone. Never throws and never waits. */
  cancel(kind: TimerKind, id: number): void
  /**
   * Begins to wake. `fire` resolves when the firing is stored, rejects when it is not: it is then fired again at the
   * next sweep.
   */
  start(fire: Fire): Promise<void>
  /** The clock moved: what became due in between is due now. */
  jumped(): void
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  /** No firing begins after it resolves. */
  stop(): Promise<void>
}

export type Fire = (kind: TimerKind, id: number, revision: number) => Promise<void>

export interface DueRow {
  readonly kind: TimerKind
  readonly id: number
  readonly due: Instant
  readonly revision: number
}

/** What a driver reads of the store. */
export interface DueRows {
  /** What was due by `now`, the longest overdue first. */
  dueBy(now: Instant, limit: number): readonly DueRow[]
  firstAfter(after: Instant): Instant | null
  get(kind: TimerKind, id: number): DueRow | null
  /** In the order they are due, those behind `last` (null: from the first). */
  page(last: DueRow | null, limit: number): readonly DueRow[]
}

/** Names a row in logs, and its job in the queue; never the same for another revision. */
export const nameOf = (row: Pick<DueRow, 'kind' | 'id' | 'revision'>): string =>
  `${row.kind}-${row.id}-r${row.revision}`
