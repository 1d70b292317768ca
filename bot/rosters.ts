import type { Store } from '../db/store.ts'
import { canOwn } from '../workflows/duty.ts'
import { staffOf, type Company } from '../workflows/estate.ts'
import type { Instant } from '../workflows/ids.ts'
import { shiftEnd } from '../workflows/roster.ts'
import { TurnFailed, type Inbox } from './inbox.ts'

/**
 * The desk of everybody who is on a roster knows when their shift ends. Whose end has come nearer with a changed estate
 * file, or who is new on it, looks anew; an end that moved away is seen when the old one comes.
 */
export async function tellOfRosters(
  store: Store,
  inbox: Inbox,
  company: Company,
  now: Instant,
): Promise<void> {
  const changes = store.duty.current()
  for (const { id } of staffOf(company, null).filter(canOwn)) {
    const end = shiftEnd({ ...company, changes }, id, now)
    if (end === null) continue
    const due = store.people.desk(id)?.due ?? null
    if (due !== null && due <= end) continue
    await inbox.submit({ to: 'staff', id }, { type: 'duty', act: { do: 'look' } }).catch((error: unknown) => {
      // Stored, and tried again: one desk that cannot be decided now keeps nobody from starting.
      if (!(error instanceof TurnFailed)) throw error
    })
  }
}
