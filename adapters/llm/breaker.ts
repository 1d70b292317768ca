import { minutes, type Instant, type Millis } from '../../workflows/ids.ts'

/** So many failures in a row, and the model is left alone for a while. */
const TRIPS_AT = 5
const FIRST_REST: Millis = minutes(1)
const LONGEST_REST: Millis = minutes(15)

/** Keeps a service that is down from being asked all the time. Closed, open, or half open: one call finds out. */
export interface Breaker {
  /** Whether a call would be let through now. */
  ready(): boolean
  /** Lets a call through; while half open only one, until it has ended. */
  admit(): boolean
  /** How the call ended: the service works, is down, or (null) neither was shown. */
  ended(works: boolean | null): void
}

export function createBreaker(clock: () => Instant): Breaker {
  let failures = 0
  let rest = FIRST_REST
  let openUntil: Instant | null = null
  let trying = false

  const ready = (): boolean => openUntil === null || (clock() >= openUntil && !trying)

  return {
    ready,
    admit() {
      if (!ready()) return false
      trying = openUntil !== null
      return true
    },
    ended(works) {
      trying = false
      if (works === null) return
      if (works) {
        failures = 0
        rest = FIRST_REST
        openUntil = null
        return
      }
      failures++
      if (openUntil === null && failures < TRIPS_AT) return
      openUntil = clock() + rest
      rest = Math.min(rest * 2, LONGEST_REST)
    },
  }
}
