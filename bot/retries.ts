import type { Store } from '../db/store.ts'
import { hours, minutes, seconds, type Instant, type Millis } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'

/** A failed turn is tried again after each of these, then left for people to see. */
const WAITS: readonly Millis[] = [
  seconds(1),
  seconds(5),
  seconds(30),
  minutes(2),
  minutes(10),
  minutes(30),
  hours(1),
]

/** How often an event is decided before it is left for people to see. */
export const MOST_TRIES = WAITS.length + 1

/** When an event that failed now, after so many failures before, is tried again; null: never by itself. */
export function nextTry(failures: number, now: Instant): Instant | null {
  const wait = WAITS[failures]
  return wait === undefined ? null : now + wait
}

export interface Retries {
  /** This process, and no other, tries again from now on. To be called again when others may have failed. */
  start(): void
  /** Something failed: it may be the next that is due. */
  schedule(): void
  stop(): void
}

/** Tries events whose turns failed again when their time has come. */
export function createRetries(
  store: Store,
  clock: Clock,
  tryAgain: (id: number) => Promise<unknown>,
): Retries {
  let next: { at: Instant; cancel: () => void } | null = null
  let mine = false
  let stopped = false

  function schedule(): void {
    const at = stopped || !mine ? null : store.inbox.nextRetry()
    if (at === null || (next !== null && next.at <= at)) return
    next?.cancel()
    next = { at, cancel: clock.after(Math.max(0, at - clock.now()), () => void sweep()) }
  }

  async function sweep(): Promise<void> {
    next = null
    if (stopped) return
    const settled = await Promise.allSettled(store.inbox.dueForRetry(clock.now()).map(tryAgain))
    if (settled.some((result) => result.status === 'rejected')) clock.after(minutes(1), schedule)
    else schedule()
  }

  return {
    schedule,
    start() {
      mine = true
      schedule()
    },
    stop() {
      stopped = true
      next?.cancel()
    },
  }
}
