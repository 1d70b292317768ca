import type { Span } from '../duty-changes.ts'
import type { StaffId } from '../ids.ts'
import { isGrave } from '../sla.ts'
import { isOpen, type Complaint } from './state.ts'
import { isUnsettled } from './told.ts'

/** Whether something in the case waits for this person: the work, a call, the alarm, or their answer to an alert. */
export const hangsOn = (c: Complaint, staff: StaffId): boolean =>
  isOpen(c.status) && (isTheirs(c, staff) || isAwaited(c, staff))

/** Theirs to do: the work, or the call to the resident. */
export const isTheirs = (c: Complaint, staff: StaffId): boolean =>
  c.owner === staff || c.callback?.by === staff

/** Theirs, and still to be worked on: what is done already is nobody's to hand over. */
export const isWorkedOn = (c: Complaint, staff: StaffId): boolean =>
  c.owner === staff && (c.status === 'assigned' || c.status === 'verifying' || c.status === 'resolving')

const isAwaited = (c: Complaint, staff: StaffId): boolean =>
  (c.alarm?.circle.includes(staff) ?? false) ||
  (c.alert !== null && c.alert.to.includes(staff) && !c.alert.lost.includes(staff))

/**
 * Whether the case waits for somebody on leave to come back: an accepted S3 or S4 in which nothing is due and nothing was
 * promised before their return, or one they accepted although they were away. All else goes to the next person.
 */
export function staysWith(c: Complaint, staff: StaffId, leave: Span): boolean {
  const { accepted } = c.marks
  if (accepted === null || c.status === 'assigned' || c.status === 'registered') return false
  if (c.owner === staff && accepted > leave.from) return true
  if (isGrave(c.severity) || isAwaited(c, staff)) return false
  const promised = c.promises.some((p) => isUnsettled(p) && !p.broken && p.at < leave.until)
  return !promised && c.deadlines.every((d) => d.due >= leave.until)
}
