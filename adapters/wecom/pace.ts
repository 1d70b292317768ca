import { hours, minutes } from '../../workflows/ids.ts'
import type { Instant, Millis } from '../../workflows/ids.ts'

/** Each app and member; beyond these, messages vanish without a word (platforms.md 3). */
const MOST_PER_MINUTE = 30
const MOST_PER_HOUR = 1_000

/**
 * Reserves a place for one message to a person and answers 0, or how long to wait when there is none now. User ids
 * differ in case only by how people type them.
 */
export function createPace(clock: () => Instant): (person: string) => Millis {
  const sent = new Map<string, Instant[]>()
  return (person) => {
    const now = clock()
    const key = person.toLowerCase()
    const times = (sent.get(key) ?? []).filter((at) => at > now - hours(1))
    const wait = Math.max(
      waitFor(times, MOST_PER_MINUTE, minutes(1), now),
      waitFor(times, MOST_PER_HOUR, hours(1), now),
    )
    if (wait === 0) times.push(now)
    sent.set(key, times)
    return wait
  }
}

/** Until the `most`-th last of them has left the window. */
function waitFor(times: readonly Instant[], most: number, window: Millis, now: Instant): Millis {
  const blocking = times.at(-most)
  return blocking === undefined ? 0 : Math.max(0, blocking + window - now)
}
