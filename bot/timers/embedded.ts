import type { Logger } from 'pino'
import type { Instant } from '../../workflows/ids.ts'
import type { Clock } from '../clock.ts'
import { fireDue, SWEEP_EVERY } from './sweep.ts'
import type { DueRows, Fire, Timers } from './timers.ts'

/**
 * Timers within this process: it sleeps until the next row is due, found by index, and looks at the rows anew at start,
 * every 30 s and whenever the clock moved. Nothing is kept here but the moment of the next look.
 */
export function createEmbeddedTimers(rows: DueRows, clock: Clock, log: Pick<Logger, 'warn'>): Timers {
  let fire: Fire | null = null
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
    const fired = fireDue({ rows, clock, log, fire, going: () => fire !== null }).then(
      (at) => void (lookedAt = at),
      (error: unknown) => {
        log.warn({ err: error }, 'the timers could not be read; looked at again in 30 s')
      },
    )
    looking = fired.finally(() => {
      looking = null
      if (fire === null) return
      if (lookAgain) {
        lookAgain = false
        look()
        return
      }
      sleepUntil(Math.min(rows.firstAfter(lookedAt) ?? Infinity, clock.now() + SWEEP_EVERY))
    })
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
      look()
      return Promise.resolve()
    },
    jumped: look,
    troubles: () => [],
    async stop() {
      fire = null
      sleeping?.cancel()
      sleeping = null
      await looking
    },
  }
}
