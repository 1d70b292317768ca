import { atLevel, candidates, type Search } from '../duty.ts'
import type { Staff } from '../estate.ts'
import type { StaffId } from '../ids.ts'
import type { StaffNotice } from '../notice.ts'
import { deadlineOf, endDeadline, isService, keepPromise } from '../sla.ts'
import { taxonomy, type Department } from '../taxonomy.ts'
import { matterOf } from './matter.ts'
import { leadOf } from './repeats.ts'
import type { Body, Work } from './work.ts'

/** Which post the case belongs to: what is no complaint is served by 客服 (domain.md 5.1 rule 17). */
export const departmentFor = (c: Work['c']): Department =>
  isService(c.kind) ? '客服' : taxonomy[c.code].department

/** Whose colleague the resident is told of: the post of the case, or whoever leads a third report. */
export function postOf(w: Work): Department {
  const led = leadOf(w)
  if (led === null) return departmentFor(w.c)
  return led.lead === 'manager' ? '经理' : '品质'
}

/** Who may be asked for this case: never whom it is about, nor the excluded. */
export function search(w: Work, exclude: readonly (StaffId | null)[] = []): Search {
  return {
    company: w.company,
    estate: w.estate,
    department: departmentFor(w.c),
    building: w.c.about.place.building,
    at: w.now,
    exclude: [...w.c.subjects, ...exclude.filter((id) => id !== null)],
    load: w.loaded.load,
  }
}

/** A supervisor first, then higher, then anybody else: to call, to review, to answer for the case. */
export function supervisorFirst(
  w: Work,
  exclude: readonly (StaffId | null)[],
  level: 1 | 2 | 3 = 1,
): Staff | null {
  const found = search(w, exclude)
  return atLevel(found, level)[0] ?? candidates(found)[0] ?? null
}

/** The level above whoever has it. */
export function levelUp(w: Work): 1 | 2 | 3 {
  const level = w.c.owner === null ? 0 : w.levelOf(w.c.owner)
  return level >= 2 ? 3 : level === 1 ? 2 : 1
}

/** Tells whoever has the case; while nobody has, its supervisors: nothing a resident says is heard by nobody. */
export function tellHolder(w: Work, body: Body<StaffNotice>): void {
  if (w.c.owner !== null) {
    w.tellStaff(w.c.owner, body)
    return
  }
  // A merged report has none: the case it was merged into has.
  if (w.c.status === 'merged') return
  for (const { id } of atLevel(search(w), 1)) {
    w.watch(id)
    w.tellStaff(id, body)
  }
}

/** The first human word to the resident: a person spoke or stood there, never an automatic reply. */
export function humanContact(w: Work): void {
  w.c.marks.contacted ??= w.now
  endDeadline(w.c, 'contact')
  keepPromise(w.c, 'contact', w.now)
}

/** What the resident must be told by telephone, for whoever has the case now or asks for the number. */
export function untoldNotice(w: Work) {
  const by = deadlineOf(w.c, 'tell')?.due ?? null
  return { type: 'untold', lines: w.c.untold?.lines ?? [], by, phone: w.c.about.phone } as const
}

/** The whole matter in words, for whoever has it now: a card has no room for it. */
export function brief(w: Work, to: StaffId): void {
  w.tellStaff(to, matterOf(w.c, true))
  if (w.c.untold !== null) w.tellStaff(to, untoldNotice(w))
}
