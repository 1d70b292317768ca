import { days, type StaffId } from '../ids.ts'
import { isFindable } from '../intake/spots.ts'
import { raised } from '../severity.ts'
import { isService } from '../sla.ts'
import { publicCodes } from '../taxonomy.ts'
import type { Registration } from './events.ts'
import type { Complaint, Household, Place, Repeat } from './state.ts'
import { program, type Work } from './work.ts'

/** domain.md 2.1: the third report of one issue within so long raises it, and so does any after “solved”. */
export const repeatWindow = days(90)

/** Where somebody lives, as one text to look it up by; null without a room, which is nobody's home alone. */
export const householdKey = (home: Household | null): string | null =>
  home?.room ? [home.building, home.unit, home.room].map((part) => part ?? '').join('-') : null

/** By what earlier reports of one issue can be found. */
export interface IssueKey {
  readonly estate: Registration['estate']
  readonly code: Registration['code']
  readonly person: Registration['person']
  /** As `householdKey` writes it; null: unknown. */
  readonly household: string | null
  readonly building: string | null
  readonly area: string | null
}

/**
 * What to look for before `repeatOf`. Building and area are named for a public spot alone: what drips in a kitchen is no
 * matter of the other kitchens of that building.
 */
export function issueOf(r: Registration): IssueKey {
  const spot = isPublicSpot(r, r.place)
  return {
    estate: r.estate,
    code: r.code,
    person: r.person,
    household: householdKey(r.household),
    building: spot ? r.place.building : null,
    area: spot ? r.place.area : null,
  }
}

/**
 * What was reported before, of what was loaded: what happened to the same household (or person), or at the same public
 * spot once that case was over. While it is open a neighbour's report belongs to it, which is a group and not a repeat.
 * Taken back or merged reports do not count, nor what the resident said is another matter. null: nothing.
 */
export function repeatOf(r: Registration, loaded: readonly Complaint[]): Repeat | null {
  if (isService(r.kind) || r.code === 'OT01') return null
  const earlier = loaded.filter(
    (c) =>
      c.code === r.code &&
      c.status !== 'withdrawn' &&
      c.status !== 'merged' &&
      !isService(c.kind) &&
      !(r.differs ?? []).includes(c.id) &&
      isSameIssue(r, c),
  )
  if (earlier.length === 0) return null
  return {
    reports: 1 + earlier.reduce((sum, c) => sum + 1 + c.reopened, 0),
    afterSolved: earlier.some((c) => c.survey?.answer === 'solved' || c.closure === 'solved'),
    cases: earlier.toSorted((a, b) => a.id - b.id).map(({ id, number }) => ({ id, number })),
    handlers: [...new Set(earlier.flatMap((c) => c.handlers))],
  }
}

function isSameIssue(r: Registration, c: Complaint): boolean {
  const own = isOwn(r, c)
  const spots = isPublicSpot(r, r.place) && isPublicSpot(r, c.about.place)
  if (spots) return isSameSpot(r.place, c.about.place) && (own || c.status === 'closed')
  return own && agree(r.place, c.about.place)
}

/** Two buildings, or two flats, are two matters: the noise from above and the noise from next door. */
const agree = (a: Place, b: Place): boolean =>
  (['building', 'unit', 'room'] as const).every(
    (part) => a[part] === null || b[part] === null || a[part] === b[part],
  )

function isOwn(r: Registration, c: Complaint): boolean {
  const [home, theirs] = [householdKey(r.household), householdKey(c.about.household)]
  return home !== null && theirs !== null ? home === theirs : r.person === c.person
}

/** A place all may use that somebody sent there would find. */
const isPublicSpot = ({ code }: Registration, place: Place): boolean =>
  publicCodes.has(code) && place.room === null && isFindable(place)

const isSameSpot = (a: Place, b: Place): boolean =>
  a.building === b.building && a.area === b.area && agree(a, b)

/** How often this has been reported by now, reopenings among it. */
export const reportsOf = (c: Complaint): number => (c.repeat?.reports ?? 1) + c.reopened

/** domain.md 5.2 line 61: not the old way again. Danger is for whoever is nearest, whatever happened before. */
export const isThird = (c: Complaint): boolean => !isService(c.kind) && reportsOf(c) >= 3

/** Whoever handled a third report before neither has it nor ends it now (line 61: 原经办人不能自己结单). */
export const handledBefore = (c: Complaint, id: StaffId): boolean =>
  isThird(c) && c.alarm === null && (c.repeat?.handlers.includes(id) ?? false)

/** On the timeline, and one severity up where the rule says so; S1 comes from danger alone. */
export function takeUpRepeat(w: Work): void {
  const { repeat, severity } = w.c
  if (!repeat) return
  w.record('repeated', program, {
    data: {
      reports: repeat.reports,
      afterSolved: repeat.afterSolved,
      cases: repeat.cases.map((c) => c.id).join(),
    },
  })
  // What was done about it then did not last.
  for (const { id } of repeat.cases)
    w.effects.push({
      do: 'tell',
      whom: { to: 'complaint', id },
      event: { type: 'cameBack', complaint: w.c.id },
    })
  if (isThird(w.c)) w.c.handlers = [...new Set([...w.c.handlers, ...repeat.handlers])]
  const why = isThird(w.c) ? 'thirdReport' : repeat.afterSolved ? 'afterSolved' : null
  const to = raised(severity)
  if (why === null || to === severity) return
  w.c.severity = to
  w.record('raised', program, { data: { from: severity, to, why, reports: repeat.reports } })
}

/** Reopened until it is the third report: whoever worked on it handled it before. */
export function reopenedAgain(w: Work): void {
  if (!isThird(w.c)) return
  const { repeat, handlers } = w.c
  const before = repeat ?? { reports: 1, afterSolved: false, cases: [], handlers: [] }
  w.c.repeat = { ...before, handlers: [...new Set([...before.handlers, ...handlers])] }
  w.record('repeated', program, {
    data: { reports: reportsOf(w.c), afterSolved: before.afterSolved, cases: '' },
  })
}

/** Who leads a third report, as the resident hears it; null where it is nobody above the usual. */
export function leadOf(w: Work): { readonly reports: number; readonly lead: 'manager' | 'company' } | null {
  const { owner, danger } = w.c
  if (owner === null || danger !== null || !isThird(w.c)) return null
  const level = w.levelOf(owner)
  return level < 2 ? null : { reports: reportsOf(w.c), lead: level === 2 ? 'manager' : 'company' }
}
