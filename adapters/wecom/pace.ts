import { hours, minutes } from '../../workflows/ids.ts'
import type { Instant, Millis } from '../../workflows/ids.ts'

/** Each app and member; beyond these, messages vanish without a word (platforms.md 3). */
const MOST_PER_MINUTE = 30
const MOST_PER_HOUR = 1_000

/** A message that left for a person. */
export interface Departed {
  readonly to: string
  readonly at: Instant
}

/**
 * Reserves a place for one message to a person and answers 0, or how long to wait when there is none now. User ids
 * differ in case only by how people type them. `leftSince`: what earlier processes sent; the platform counts it, too.
 */
export function createPace(
  clock: () => Instant,
  leftSince: (since: Instant) => readonly Departed[],
): (person: string) => Millis {
  let sent: Map<string, Instant[]> | null = null
  return (person) => {
    const now = clock()
    sent ??= byPerson(leftSince(now - hours(1)))
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

function byPerson(departed: readonly Departed[]): Map<string, Instant[]> {
  const times = new Map<string, Instant[]>()
  for (const { to, at } of departed.toSorted((a, b) => a.at - b.at)) {
    const key = to.toLowerCase()
    times.set(key, [...(times.get(key) ?? []), at])
  }
  return times
}

/** Until the `most`-th last of them has left the window. */
function waitFor(times: readonly Instant[], most: number, window: Millis, now: Instant): Millis {
  const blocking = times.at(-most)
  return blocking === undefined ? 0 : Math.max(0, blocking + window - now)
}
