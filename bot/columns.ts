import type { ComplaintColumns } from '../db/complaints.ts'
import { unheardSince } from '../workflows/complaint/alert.ts'
import { householdKey } from '../workflows/complaint/repeats.ts'
import { isOpen, type Complaint } from '../workflows/complaint/state.ts'
import type { Instant, StaffId } from '../workflows/ids.ts'
import type { Loud } from './effects.ts'

/** Who must see it at their desk (the table `holders`). */
export function holdersOf(complaint: Complaint | null): ReadonlySet<StaffId> {
  if (complaint === null) return new Set()
  // Whoever looks whether a case that is over has lasted.
  if (!isOpen(complaint.status)) return new Set(complaint.effect?.by ? [complaint.effect.by] : [])
  const owner = complaint.owner === null ? [] : [complaint.owner]
  return new Set([...owner, ...complaint.asked, ...complaint.cards.map((card) => card.staff)])
}

/** What its row says beside the state, for indexes and lists. */
export function columnsOf(state: Complaint): ComplaintColumns {
  const open = isOpen(state.status)
  return {
    number: state.number,
    estate: state.estate,
    person: state.person,
    status: state.status,
    open,
    unowned: open && state.unowned,
    unheardSince: unheardIn(state),
    kind: state.kind,
    code: state.code,
    severity: state.severity,
    owner: state.owner,
    area: state.about.place.area,
    building: state.about.place.building,
    household: householdKey(state.about.household),
    receivedAt: state.marks.received,
    closedAt: state.marks.closed,
    state: JSON.stringify(state),
  }
}

/** One sentence of a case is enough: that nobody can be found says it all. */
const unheardIn = (state: Complaint): Instant | null =>
  isOpen(state.status) && !state.unowned ? unheardSince(state) : null

/** What has become loud with this turn. */
export function loudNow(before: Complaint | null, after: Complaint): readonly Loud[] {
  const { number } = after
  const unowned = isOpen(after.status) && after.unowned && before?.unowned !== true
  const unheard = unheardIn(after) !== null && (before === null || unheardIn(before) === null)
  return [
    ...(unowned ? [{ number, why: 'unowned' } as const] : []),
    ...(unheard ? [{ number, why: 'unheard' } as const] : []),
  ]
}
