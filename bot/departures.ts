import type { ComplaintRow } from '../db/complaints.ts'
import type { Store } from '../db/store.ts'
import { readStored, UnreadableRow } from '../db/stored.ts'
import { hangsOn as waitsFor } from '../workflows/complaint/hanging.ts'
import { complaintSchema, type Complaint } from '../workflows/complaint/state.ts'
import { canBeAsked } from '../workflows/duty.ts'
import { staffOf, type Company } from '../workflows/estate.ts'
import type { StaffId } from '../workflows/ids.ts'
import { TurnFailed, type Inbox } from './inbox.ts'

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
    const theirs = store.complaints.allHeldBy(staff).filter((row) => hangsOn(row, staff))
    for (const { id } of theirs) {
      await inbox.submit({ to: 'complaint', id }, { type: 'staffGone', staff }).catch((error: unknown) => {
        // Stored, and tried again: one case that cannot be decided now keeps nobody from starting.
        if (!(error instanceof TurnFailed)) throw error
      })
    }
  }
}

/** Whoever was asked and passed over has nothing to lose, and is told of once. */
function hangsOn(row: ComplaintRow, staff: StaffId): boolean {
  const c = readable(row)
  // The turn fails as well, and is shown to people.
  if (c === null) return true
  return waitsFor(c, staff) || c.cards.some((card) => card.staff === staff)
}

function readable(row: ComplaintRow): Complaint | null {
  try {
    return readStored(complaintSchema, row.state, 'complaints', row.id)
  } catch (error) {
    if (error instanceof UnreadableRow) return null
    throw error
  }
}
