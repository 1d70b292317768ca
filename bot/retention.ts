import type { Logger } from 'pino'
import type { Store } from '../db/store.ts'
import { days, minutes, type ConversationId, type Instant } from '../workflows/ids.ts'
import type { KeepFor } from '../workflows/kept.ts'
import { newIntake } from '../workflows/intake/state.ts'
import type { Clock } from './clock.ts'
import { failureOf } from './failure.ts'
import { TurnFailed, type Inbox } from './inbox.ts'
import type { Media } from './media.ts'

const EVERY = days(1)
/** A start has better things to do. */
const FIRST = minutes(1)

/** Nobody speaks: all conversations of the person begin anew. */
const NOBODY = -1 as ConversationId

/** What one look blanked. */
export interface Blanked {
  readonly cases: number
  readonly files: number
  readonly people: number
}

export interface RetentionKeeper {
  /** From now on, every day. Done by one process alone. */
  look(): void
  /** Once, now; or what is under way. */
  run(): Promise<Blanked>
  stop(): Promise<void>
}

export interface RetentionParts {
  readonly store: Store
  readonly inbox: Pick<Inbox, 'submit' | 'write'>
  readonly media: Pick<Media, 'wake'>
  readonly clock: Clock
  readonly keep: KeepFor
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/**
 * Blanks what was kept long enough, every day: words and people of cases, their files before that, then whoever has
 * nothing left here. Numbers, codes and times stay. What is open or on hold is never touched.
 */
export function createRetention({ store, inbox, media, clock, keep, log }: RetentionParts): RetentionKeeper {
  let cancel = (): void => undefined
  let running: Promise<Blanked> | null = null
  let stopped = false

  async function pass(): Promise<Blanked> {
    const now = clock.now()
    const caseEnd = yearsBefore(now, keep.years)
    const mediaEnd = now - days(keep.mediaDays)
    let cases = 0
    let files = 0
    for (let after = 0; !stopped;) {
      const page = store.retention.aged(after, Math.max(caseEnd, mediaEnd))
      const over = page.filter(({ closedAt, onHold }) => closedAt !== null && !onHold)
      const endedBefore = (end: Instant) => over.filter(({ closedAt }) => closedAt !== null && closedAt < end)
      const old = endedBefore(mediaEnd)
      if (old.length > 0)
        files += await inbox.write(() =>
          old.reduce((sum, each) => sum + store.retention.eraseMedia(each, mediaEnd, now), 0),
        )
      for (const { id } of endedBefore(caseEnd).filter(({ forgotten }) => !forgotten)) {
        await inbox.submit({ to: 'complaint', id }, { type: 'expire' }).catch((error: unknown) => {
          // Stored, and tried again by itself.
          if (!(error instanceof TurnFailed)) throw error
        })
        cases++
      }
      const last = page.at(-1)
      if (!last) break
      after = last.id
    }
    const people = stopped ? 0 : await forgetPeople(caseEnd, now)
    media.wake()
    return { cases, files, people }
  }

  async function forgetPeople(before: Instant, now: Instant): Promise<number> {
    const fresh = JSON.stringify(newIntake)
    let people = 0
    for (let after = 0; !stopped;) {
      const page = store.retention.forgettable(after, before)
      const last = page.at(-1)
      if (last === undefined) break
      await inbox.write(() => page.forEach((person) => store.forget.person(person, NOBODY, fresh, now)))
      people += page.length
      after = last
    }
    return people
  }

  function run(): Promise<Blanked> {
    return (running ??= pass().finally(() => (running = null)))
  }

  function lookAfter(wait: number): void {
    cancel()
    cancel = clock.after(wait, () => {
      run()
        .then((blanked) => log.info(blanked, 'what was kept long enough is blanked'))
        .catch((error: unknown) =>
          log.warn(
            { failure: failureOf(error) },
            'what was kept long enough could not be blanked; tried again tomorrow',
          ),
        )
        .finally(() => {
          if (!stopped) lookAfter(EVERY)
        })
    })
  }

  return {
    look: () => lookAfter(FIRST),
    run,
    async stop() {
      stopped = true
      cancel()
      await running?.catch(() => undefined)
    },
  }
}

/** Calendar years, so that a case of 29 February goes on 1 March. */
function yearsBefore(now: Instant, years: number): Instant {
  const then = new Date(now)
  return then.setUTCFullYear(then.getUTCFullYear() - years)
}
