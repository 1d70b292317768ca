import type { Logger } from 'pino'
import { seconds, type Instant, type Millis } from '../../workflows/ids.ts'
import type { Clock } from '../clock.ts'
import type { DueRows, Fire, Timers } from './timers.ts'

/** Whatever was missed is found so soon. */
const SWEEP_EVERY: Millis = seconds(30)

/** Fired together; the next ones follow when these are stored. */
const AT_ONCE = 100

/**
 * Timers within this process: it sleeps until the next row is due, found by index, and looks at the rows anew at start,
 * every 30 s and whenever the clock moved. Nothing is kept here but the moment of the next look.
 */
export function createEmbeddedTimers(timers: DueRows, clock: Clock, log: Pick<Logger, 'warn'>): Timers {
  let fire: Fire | null = null
  let started = false
  let sleeping: { until: Instant; cancel: () => void } | null = null
  let looking: Promise<void> | null = null
  let lookAgain = false
  let lookedAt: Instant = 0

  function sleepUntil(until: Instant): void {
    sleeping?.cancel()
    sleeping = { until, cancel: clock.after(Math.max(0, until - clock.now()), look) }
  }

  function look(): void {
    if (fire === null) return
    if (looking !== null) {
      lookAgain = true
      return
    }
    const fired = fireDue(fire).catch((error: unknown) => {
      log.warn({ err: error }, 'the timers could not be read; looked at again in 30 s')
    })
    looking = fired.finally(() => {
      looking = null
      if (fire === null) return
      if (lookAgain) {
        lookAgain = false
        look()
        return
      }
      sleepUntil(Math.min(timers.firstAfter(lookedAt) ?? Infinity, clock.now() + SWEEP_EVERY))
    })
  }

  async function fireDue(fire: Fire): Promise<void> {
    const fired = new Set<string>()
    let limit = AT_ONCE
    while (started) {
      lookedAt = clock.now()
      const rows = timers.dueBy(lookedAt, limit)
      // A row stays until its turn is committed. What could not be stored stays, too, and waits for the next sweep.
      const fresh = rows.filter((row) => !fired.has(nameOf(row)))
      if (fresh.length === 0 && rows.length < limit) return
      limit = AT_ONCE + rows.length - fresh.length
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
  }

  return {
    arm(_kind, _id, due) {
      if (fire === null) return
      if (looking !== null) lookAgain ||= due <= clock.now()
      else if (sleeping === null || due < sleeping.until) sleepUntil(due)
    },
    // The row is gone, so the look finds nothing.
    cancel: () => undefined,
    start(wake) {
      fire = wake
      started = true
      look()
      return Promise.resolve()
    },
    jumped: look,
    async stop() {
      fire = null
      started = false
      sleeping?.cancel()
      sleeping = null
      await looking
    },
  }
}

const nameOf = (row: { kind: string; id: number; revision: number }): string =>
  `${row.kind}:${row.id}:r${row.revision}`
