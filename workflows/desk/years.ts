import { findEstate } from '../estate.ts'
import { desk as words } from '../phrases/staff.ts'
import type { Desk } from './desk.ts'
import type { DeskEvent } from './state.ts'

/** Said once for each estate, year and version of the estate file, however often it is found (domain.md 2.5). */
export function tellOfYear(d: Desk, event: Extract<DeskEvent, { type: 'yearUnknown' }>): void {
  const { estate, year, version } = event
  const { yearsTold } = d.state
  const same = (told: (typeof yearsTold)[number]) => told.estate === estate && told.year === year
  if (yearsTold.some((told) => same(told) && told.version >= version)) return
  d.change({ yearsTold: [...yearsTold.filter((told) => !same(told)), { estate, year, version }] })
  d.say(words.yearUnknown(findEstate(d.context.company, estate)?.name ?? estate, year))
}
