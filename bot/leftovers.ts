import type { OutboxRow } from '../db/outbox.ts'
import type { Store } from '../db/store.ts'
import type { Clock } from './clock.ts'
import type { createDelivery } from './delivery.ts'
import type { Told } from './effects.ts'
import { isOfThisBoot } from './lease.ts'

/** Perhaps sent by a process that ended, and not worth a repeat. */
interface Lost {
  readonly row: OutboxRow
  readonly as: 'letGo' | 'unknown'
}

const PROGRAM_ENDED = 'unknown: the program ended'

export interface LeftoversParts {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  readonly delivery: Pick<ReturnType<typeof createDelivery>, 'afterUnknown' | 'untold'>
  /** Whether the notes of an earlier process say that this send had begun (flight.ts). */
  readonly mayHaveLeft: (row: OutboxRow) => boolean
}

/** What an earlier process left unsent, or perhaps sent. Both in a transaction. */
export function createLeftovers({ store, clock, delivery, mayHaveLeft }: LeftoversParts) {
  /** As it is to be sent now, and what perhaps left and is not repeated. */
  function take(left: ReturnType<Store['outbox']['pendingAfter']>): {
    readonly rows: readonly OutboxRow[]
    readonly lost: readonly Lost[]
  } {
    const lost: Lost[] = []
    const rows = left.flatMap(({ claimedBy, ...row }) => {
      const chosen = row.kind !== 'card' || row.body !== null
      const departed = chosen && claimedBy !== '' && (mayHaveLeft(row) || !isOfThisBoot(claimedBy))
      if (!departed) return [row]
      const next = delivery.afterUnknown({ row, firstTriedAt: null }, clock.now())
      if (next !== 'again') {
        lost.push({ row, as: next })
        return []
      }
      const { attempts, unknowns, nextAt, body } = { ...row, unknowns: row.unknowns + 1 }
      store.outbox.again(row.id, { attempts, unknowns, nextAt, body, outcome: PROGRAM_ENDED })
      return [{ ...row, unknowns }]
    })
    return { rows, lost }
  }

  /** Gives it up, and answers whom that is told. */
  function letGo({ row, as }: Lost): readonly Told[] {
    store.outbox.finish(row.id, as, row.attempts + 1, null, PROGRAM_ENDED, clock.now())
    return delivery.untold(row)
  }

  return { take, letGo }
}
