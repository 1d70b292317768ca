import type { Logger } from 'pino'
import type { OutboxRow } from '../db/outbox.ts'
import { seconds, type Millis } from '../workflows/ids.ts'
import type { Told } from './effects.ts'
import { failureOf } from './failure.ts'
import type { Inbox } from './inbox.ts'

/** A mark the database did not take is tried again so much later. */
const AGAIN: Millis = seconds(1)

/** What became of a send, to be written. */
interface Mark {
  readonly row: OutboxRow
  readonly work: () => readonly Told[]
  readonly resolve: () => void
}

export interface MarksParts {
  readonly inbox: () => Pick<Inbox, 'report'>
  readonly log: Pick<Logger, 'error'>
  /** It is on the disk. */
  readonly landed: (row: OutboxRow) => void
}

export interface Marks {
  /** Writes what became of a row with the next transaction, and again until the database takes it. */
  write(row: OutboxRow, work: () => readonly Told[]): Promise<void>
  /** What the database does not take now is left for the next start. */
  stop(): void
}

/** Writes outcomes of sends back through the inbox, many in one transaction. */
export function createMarks({ inbox, log, landed }: MarksParts): Marks {
  let waiting: Mark[] = []
  let stopping = false

  /** All that have come by the time the transaction is there, at once; where that fails, each by itself. */
  async function writeTogether(): Promise<void> {
    // A transaction that was lost runs again, with what came meanwhile.
    let taken: readonly Mark[] = []
    try {
      await inbox().report(() => {
        taken = [...taken, ...waiting]
        waiting = []
        return taken.flatMap(({ work }) => work())
      })
      for (const mark of taken) done(mark)
    } catch (error) {
      log.error({ marks: taken.length, failure: failureOf(error) }, 'outcomes could not be stored together')
      // None was begun: the database took no transaction at all.
      if (taken.length === 0) taken = waiting.splice(0)
      for (const mark of taken) void writeAlone(mark)
    }
  }

  async function writeAlone(mark: Mark): Promise<void> {
    for (;;) {
      try {
        await inbox().report(mark.work)
        done(mark)
        return
      } catch (error) {
        log.error({ outbox: mark.row.id, failure: failureOf(error) }, 'an outcome could not be stored')
        if (stopping) return
        await new Promise((resolve) => setTimeout(resolve, AGAIN).unref())
      }
    }
  }

  function done({ row, resolve }: Mark): void {
    landed(row)
    resolve()
  }

  return {
    write: (row, work) =>
      new Promise((resolve) => {
        waiting.push({ row, work, resolve })
        if (waiting.length === 1) void writeTogether()
      }),
    stop() {
      stopping = true
    },
  }
}
