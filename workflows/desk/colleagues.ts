import type { EventOf } from '../complaint/events.ts'
import type { Complaint } from '../complaint/state.ts'
import { findEstate, staffOf, type Staff } from '../estate.ts'
import type { Desk } from './desk.ts'

/** A party named without words yet; a colleague is named as such, and has no part in the case from then on. */
export function nameHeard(d: Desk, c: Complaint, name: string): EventOf<'party'> {
  return { type: 'party', by: d.loaded.staff, name, staff: staffNamed(d, c, name)?.id ?? null }
}

export function staffNamed(d: Desk, c: Complaint, name: string): Staff | undefined {
  const { company } = d.context
  return staffOf(company, findEstate(company, c.estate)).find((s) => s.name === name)
}
