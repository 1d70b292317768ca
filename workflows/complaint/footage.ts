import { onPost } from '../duty.ts'
import { hours, type StaffId } from '../ids.ts'
import { areaWords } from '../phrases/places.ts'
import { endDeadline, startDeadline } from '../sla.ts'
import type { Code } from '../taxonomy.ts'
import type { EventOf } from './events.ts'
import { search } from './who.ts'
import { program, staffBy, type Work } from './work.ts'

/** Theft, damage, assault and falling objects: cameras may show who it was, and forget it in days (domain.md 1.4 rule 6). */
const footageCodes: ReadonlySet<Code> = new Set<Code>(['SE03', 'PK03', 'NS05', 'EM04', 'EM05'])

/**
 * Asks for the footage to be kept within the hour: whoever has the case, and the guards at their post. Nothing where the
 * code needs none, or where it was kept already.
 */
export function wantFootage(w: Work): void {
  if (!footageCodes.has(w.c.code) || w.c.footage) return
  const by = w.now + hours(1)
  w.c.footage = { by, kept: null }
  startDeadline(w.c, w.policyEstate, 'footage', w.now)
  w.record('footageWanted', program, { data: { by } })
  const place = areaWords(w.c.about.place)
  for (const id of guardsAnd(w)) {
    w.watch(id)
    w.tellStaff(id, { type: 'footage', place, happened: w.c.about.happened, by })
  }
}

function guardsAnd(w: Work): ReadonlySet<StaffId> {
  const guards = onPost({ ...search(w), department: '秩序' }).map((s) => s.id)
  return new Set([...(w.c.owner === null ? [] : [w.c.owner]), ...guards])
}

/** 录像已保全: on record, and nobody is chased for it. */
export function footageKept(w: Work, e: EventOf<'footageKept'>): void {
  w.c.footage = { by: w.c.footage?.by ?? w.now, kept: w.now }
  endDeadline(w.c, 'footage')
  w.record('footageKept', staffBy(e.by))
}
