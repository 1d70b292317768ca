import type { Logger } from 'pino'
import type { OutboxRow } from '../db/outbox.ts'
import type { Store } from '../db/store.ts'
import { seconds, type Millis } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'
import { failureOf } from './failure.ts'
import type { Inbox } from './inbox.ts'

/** What could not be queued is tried again so much later. */
const AGAIN: Millis = seconds(1)

export interface RecallParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
  readonly inbox: () => Pick<Inbox, 'write'>
  /** Served by this process. */
  readonly channels: () => readonly string[]
  /** Sends rows that are committed. */
  readonly dispatch: (rows: readonly OutboxRow[]) => void
}

export interface Recall {
  /** There may be something to take back, or something sooner. */
  schedule(): void
  stop(): void
}

/** Lines that were sent on loan, a resident's number, are taken back by a send of its own. */
export function createRecall({ store, clock, log, inbox, channels, dispatch }: RecallParts): Recall {
  let cancel: (() => void) | null = null
  let stopping = false

  function schedule(): void {
    cancel?.()
    const at = stopping ? null : store.outbox.nextRecall(channels())
    cancel = at === null ? null : clock.after(Math.max(0, at - clock.now()), () => void recallDue())
  }

  async function recallDue(): Promise<void> {
    cancel = null
    if (stopping) return
    try {
      dispatch(await inbox().write(queueDue))
    } catch (error) {
      log.error(
        { failure: failureOf(error) },
        'what should be taken back could not be queued; tried again in 1 s',
      )
      cancel = clock.after(AGAIN, () => void recallDue())
      return
    }
    schedule()
  }

  function queueDue(): readonly OutboxRow[] {
    const now = clock.now()
    return store.outbox.dueForRecall(now, channels()).map(({ id, ref, row }) => {
      store.outbox.recallQueued(id)
      const body = JSON.stringify({ type: 'recall', ref })
      return store.outbox.insert({
        ...row,
        kind: 'recall',
        body,
        weight: 'plain',
        recallAt: null,
        createdAt: now,
      })
    })
  }

  return {
    schedule,
    stop() {
      stopping = true
      cancel?.()
    },
  }
}
