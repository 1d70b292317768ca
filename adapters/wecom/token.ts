import { minutes, seconds } from '../../workflows/ids.ts'
import type { Instant, Millis } from '../../workflows/ids.ts'
import { CallFailed } from './errors.ts'

export interface IssuedToken {
  readonly token: string
  readonly lifetime: Millis
}

/** The app's access token: one for the whole program, fetched once however many ask. */
export interface Tokens {
  /** A token that should work. @throws CallFailed when none can be had now. */
  current(): Promise<string>
  /** The platform refused this token. Does nothing when a newer one has taken its place meanwhile. */
  drop(token: string): void
}

/** Calling gettoken often is throttled; a token that dies at once must not turn every send into two calls of it. */
const MOST_PER_MINUTE = 6

/** A refused secret is not tried again for so long, doubling: many failures ban the machine's IP for an hour. */
const FIRST_PAUSE = minutes(5)
const LONGEST_PAUSE = minutes(60)

/** An unlisted IP is let in about a minute after somebody mends it. */
const CONFIGURATION_PAUSE = minutes(1)

/**
 * @param issue asks the platform for a token; throws CallFailed.
 * @param chance a number in [0, 1): spreads the refreshes of several programs that started together.
 */
export function keepToken(
  issue: () => Promise<IssuedToken>,
  clock: () => Instant,
  chance: () => number,
): Tokens {
  let held: { token: string; refreshAt: Instant; until: Instant } | null = null
  let fetching: Promise<string> | null = null
  let asked: readonly Instant[] = []
  let paused: { until: Instant; length: Millis; failure: CallFailed } | null = null

  async function fetchToken(): Promise<string> {
    const now = clock()
    if (paused && now < paused.until) throw again(paused.failure, paused.until - now)
    asked = asked.filter((at) => at > now - minutes(1))
    if (asked.length >= MOST_PER_MINUTE) {
      throw new CallFailed('token', 'gettoken asked too often', {
        after: (asked[0] ?? now) + minutes(1) - now,
      })
    }
    asked = [...asked, now]
    try {
      const { token, lifetime } = await issue()
      const until = clock() + lifetime
      // Five to ten minutes before its end; a token of a few minutes at half its life.
      const early = Math.min(minutes(5) + chance() * minutes(5), lifetime / 2)
      held = { token, refreshAt: until - early, until }
      paused = null
      return token
    } catch (error) {
      if (error instanceof CallFailed && error.reaction === 'configuration') {
        const length =
          error.code === 40001
            ? Math.min((paused?.length ?? FIRST_PAUSE / 2) * 2, LONGEST_PAUSE)
            : CONFIGURATION_PAUSE
        paused = { until: clock() + length, length, failure: error }
        throw again(error, length)
      }
      throw error
    }
  }

  function refresh(): Promise<string> {
    fetching ??= fetchToken().finally(() => {
      fetching = null
    })
    return fetching
  }

  return {
    async current() {
      const now = clock()
      if (held && now < held.refreshAt) return held.token
      const old = held
      try {
        return await refresh()
      } catch (error) {
        // Too early to need the new one: the old one still works.
        if (old && held === old && clock() < old.until - seconds(10)) return old.token
        throw error
      }
    },
    drop(token) {
      if (held?.token === token) held = null
    },
  }
}

function again(failure: CallFailed, after: Millis): CallFailed {
  const code = failure.code === null ? {} : { code: failure.code }
  return new CallFailed(failure.reaction, failure.message, { ...code, after })
}
