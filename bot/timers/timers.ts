import type { Instant } from '../../workflows/ids.ts'

export type TimerKind = 'complaint' | 'conversation'

/**
 * Wakes what is due. The rows are the truth (design.md, The database says what is due): a driver may forget everything
 * and finds it again there; it may fire twice, late or for a row that has changed, and the turn then does nothing.
 */
export interface Timers {
  /** The row was set, and is committed. */
  arm(kind: TimerKind, id: number, due: Instant, revision: number): void
  /** The row is gone. */
  cancel(kind: TimerKind, id: number): void
  /**
   * Begins to wake. `fire` resolves when the firing is stored, rejects when it is not: it is then fired again at the
   * next sweep.
   */
  start(fire: Fire): Promise<void>
  /** The clock moved: what became due in between is due now. */
  jumped(): void
  /** No firing begins after it resolves. */
  stop(): Promise<void>
}

export type Fire = (kind: TimerKind, id: number, revision: number) => Promise<void>

/** What a driver reads of the store. */
export interface DueRows {
  dueBy(
    now: Instant,
    limit: number,
  ): readonly { kind: TimerKind; id: number; due: Instant; revision: number }[]
  firstAfter(after: Instant): Instant | null
}
