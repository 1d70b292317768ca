import { isOpen, type Complaint } from '../complaint/state.ts'
import { stepName } from '../phrases/cards.ts'
import { areaWords, placeWords } from '../phrases/places.ts'
import { desk as words } from '../phrases/staff.ts'
import { taxonomy } from '../taxonomy.ts'
import type { Desk } from './desk.ts'

/** One case in a list. Unit and room only for whoever handles it (domain.md 6.1). */
export function taskLine(d: Desk, c: Complaint, n: number): string {
  const due = c.deadlines.toSorted((a, b) => a.due - b.due)[0]
  const when = due && isOpen(c.status) ? `${d.stamp(c, due.due)}前${stepName[due.step]}` : null
  const where = d.handles(c) ? placeWords(c.about.place) : areaWords(c.about.place)
  return words.todoLine(n, c.number, taxonomy[c.code].name, where, c.status, when)
}

/** What is this person's to do. */
export const taskLines = (d: Desk): readonly string[] => d.tasks().map((c, i) => taskLine(d, c, i + 1))
