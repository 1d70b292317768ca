import { createHash } from 'node:crypto'
import type { CardName } from '../db/outbox.ts'
import type { ComplaintId, StaffId } from '../workflows/ids.ts'

/**
 * `<database>-<complaint, or the key of a card of none>-<who>-<revision>x<attempt>`: never used before in the company's
 * app, and nobody's name in it.
 */
export function taskId(database: string, { of, staff }: CardName, revision: number, attempt: number): string {
  return `${database}-${of}-${staffMark(staff)}-${revision}x${attempt}`
}

/** The card that this database sent to this person as that task; null for anything else. */
export function cardOfTask(task: string, database: string, staff: StaffId): CardName | null {
  const match = /^([0-9a-f]{8})-(?:(\d{1,15})|([a-z]{1,15}\d{0,15}))-([0-9a-f]{8})-\d{1,15}x\d{1,5}$/.exec(
    task,
  )
  if (match?.[1] !== database || match[4] !== staffMark(staff)) return null
  const of = match[2] === undefined ? match[3] : (Number(match[2]) as ComplaintId)
  return of === undefined ? null : { of, staff }
}

/** The complaint of such a card; null where it is about none. */
export function complaintOfTask(task: string, database: string, staff: StaffId): ComplaintId | null {
  const of = cardOfTask(task, database, staff)?.of
  return typeof of === 'number' ? of : null
}

const staffMark = (staff: StaffId): string => createHash('sha256').update(staff).digest('hex').slice(0, 8)
