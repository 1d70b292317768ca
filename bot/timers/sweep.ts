import type { Logger } from 'pino'
import { seconds, type Instant, type Millis } from '../../workflows/ids.ts'
import type { Clock } from '../clock.ts'
import { nameOf, type DueRows, type Fire } from './timers.ts'

/** Whatever was missed is found so soon. */
export const SWEEP_EVERY: Millis = seconds(30)

/** Fired together; the next ones follow when these are stored. */
const AT_ONCE = 100

export interface SweepParts {
  readonly rows: Pick<DueRows, 'dueBy'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Pick<Logger, 'warn'>
  readonly fire: Fire
  /** Asked before each handful: false ends the sweep. */
  readonly going: () => boolean
}

/**
 * Fires every row that is due, the longest overdue first. Answers the moment it looked last; what was due by then has
 * been fired, or waits for the next sweep because it could not be stored.
 */
export async function fireDue({ rows, clock, log, fire, going }: SweepParts): Promise<Instant> {
  const fired = new Set<string>()
  let limit = AT_ONCE
  let lookedAt = clock.now()
  while (going()) {
    lookedAt = clock.now()
    const due = rows.dueBy(lookedAt, limit)
    // A row stays until its turn is committed. What could not be stored stays, too, and waits for the next sweep.
    const fresh = due.filter((row) => !fired.has(nameOf(row)))
    if (fresh.length === 0 && due.length < limit) break
    limit = AT_ONCE + due.length - fresh.length
    for (const row of fresh) fired.add(nameOf(row))
    await Promise.all(
      fresh.map((row) =>
        fire(row.kind, row.id, row.revision).catch((error: unknown) => {
          log.warn(
            { err: error, timer: nameOf(row) },
            'a timer could not be stored; fired again at the next sweep',
          )
        }),
      ),
    )
  }
  return lookedAt
}
