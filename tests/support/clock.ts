import type { Clock } from '../../bot/clock.ts'
import type { Instant, Millis } from '../../workflows/ids.ts'

/** A clock that stands still until told otherwise. Monday 2026-11-23, 10:00 in Shanghai. */
export interface FakeClock extends Clock {
  /** Time passes; what was to be woken is, in order, and whatever that began is let finish as far as it can. */
  pass(length: Millis): Promise<void>
  /** The clock moves at once: what listens for that is told, what waits for its moment is woken by the next `pass`. */
  readonly jump: (length: Millis) => void
}

export const MONDAY_TEN: Instant = Date.UTC(2026, 10, 23, 2, 0)

export function createFakeClock(start: Instant = MONDAY_TEN): FakeClock {
  let now = start
  const waiting = new Set<{ due: Instant; task: () => void }>()
  const listeners = new Set<() => void>()
  return {
    now: () => now,
    factor: () => 1,
    after(delay, task) {
      const entry = { due: now + delay, task }
      waiting.add(entry)
      return () => void waiting.delete(entry)
    },
    onJump(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async pass(length) {
      const until = now + length
      await turnsOfTheLoop()
      for (;;) {
        const next = [...waiting].filter((e) => e.due <= until).sort((a, b) => a.due - b.due)[0]
        if (!next) break
        waiting.delete(next)
        now = Math.max(now, next.due)
        next.task()
        await turnsOfTheLoop()
      }
      now = until
    },
    jump(length) {
      now += length
      for (const listener of listeners) listener()
    },
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function turnsOfTheLoop(times = 8): Promise<void> {
  for (let i = 0; i < times; i++) await new Promise((resolve) => setImmediate(resolve))
}
