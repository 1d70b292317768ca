import type { StaffNotice } from '../notice.ts'
import { withoutNumbers } from '../phrases/masked.ts'
import { areaWords, placeWords } from '../phrases/places.ts'
import { groundsRead } from './grounds.ts'
import { reportsOf } from './repeats.ts'
import type { Complaint } from './state.ts'

type Matter = Omit<Extract<StaffNotice, { type: 'brief' }>, 'complaint' | 'number'>

/**
 * The whole matter, for what a card has no room for: the resident's words and pictures, what was found, what is planned.
 * Whoever only watches reads it without rooms, telephone and identity numbers (domain.md 6.1).
 */
export function matterOf(c: Complaint, handles: boolean): Matter {
  const { grounds } = c.about
  const read = (words: string): string => (handles ? words : withoutNumbers(words))
  const readAny = (words: string | null): string | null => (words === null ? null : read(words))
  return {
    type: 'brief',
    words: read(c.about.words),
    demand: readAny(c.about.demand),
    happened: readAny(c.about.happened),
    reading: {
      code: c.code,
      where: grounds.inferred.includes('place') ? (handles ? placeWords : areaWords)(c.about.place) : null,
      grounds: groundsRead(grounds, read),
    },
    // A photo alone is a finding without words.
    findings: c.about.findings.filter((finding) => finding !== '').map(read),
    plan: readAny(c.about.plan),
    result: readAny(c.about.result),
    media: c.media,
    repeat:
      reportsOf(c) > 1
        ? { reports: reportsOf(c), numbers: (c.repeat?.cases ?? []).map((earlier) => earlier.number) }
        : null,
  }
}
