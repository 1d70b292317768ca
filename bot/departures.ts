import type { Store } from '../db/store.ts'
import { canBeAsked } from '../workflows/duty.ts'
import { staffOf, type Company } from '../workflows/estate.ts'
import type { Inbox } from './inbox.ts'

/**
 * People who left the estate file, or cannot be asked any more: whatever hangs on them goes to the next person, decided
 * by turns. Read from the open cases, not from what changed, so that a crash between two starts forgets nobody.
 */
export async function tellOfDepartures(store: Store, inbox: Inbox, company: Company): Promise<void> {
  const here = new Set(
    staffOf(company, null)
      .filter(canBeAsked)
      .map((staff) => staff.id),
  )
  for (const staff of store.complaints.holders()) {
    if (here.has(staff)) continue
    for (const { id } of store.complaints.heldBy(staff)) {
      await inbox.submit({ to: 'complaint', id }, { type: 'staffGone', staff })
    }
  }
}
