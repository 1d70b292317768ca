import { holds, overlaps, type DutyChange, type Span } from './duty-changes.ts'
import { canOwn, dutyNow, isAtWork, namedBy } from './duty.ts'
import { changesOf, levelOf, type Company, type DutyShift, type Estate, type Staff } from './estate.ts'
import { days, minutes, type Instant, type StaffId } from './ids.ts'
import { instantOf, localDayNumber, minuteOf, weekdayOf } from './local-time.ts'
import type { Department } from './taxonomy.ts'

/** A roster repeats by the week: what is looked for ahead begins within so long. */
const ahead = days(8)

/** Where somebody works; null for the company's own people, who belong to none. */
export const homeOf = (company: Company, staff: StaffId): Estate | null =>
  company.estates.find((estate) => estate.staff.some((s) => s.id === staff)) ?? null

/** Whether some shift is theirs at that moment. On leave nobody is on duty. */
export const isOnRoster = (company: Company, staff: StaffId, at: Instant): boolean =>
  isAtWork(company, staff, at) &&
  perhapsTheirs(company, staff).some(({ estate, shift }) =>
    namedBy({ company, estate, at }, estate, [shift]).some((s) => s.id === staff),
  )

/** The shifts that name them, or somebody they swap with. */
function perhapsTheirs(company: Company, staff: StaffId) {
  const ids = new Set([staff, ...swapsOf(company, staff).flatMap((c) => [c.staff, c.with])])
  return company.estates.flatMap((estate) =>
    estate.duty.filter((shift) => shift.staff.some((id) => ids.has(id))).map((shift) => ({ estate, shift })),
  )
}

const swapsOf = (company: Company, staff: StaffId): readonly DutyChange[] =>
  changesOf(company).filter((c) => c.kind === 'swap' && holds(c) && (c.staff === staff || c.with === staff))

/** The next moment after `after` from which no shift is theirs any more; null for who has none within a week. */
export function shiftEnd(company: Company, staff: StaffId, after: Instant): Instant | null {
  const swaps = swapsOf(company, staff)
  const shifts = perhapsTheirs(company, staff)
  if (shifts.length === 0) return null
  // A day at a time: the end is mostly near, and this is asked in every turn of a desk.
  for (let from = after; from < after + ahead; from += days(1)) {
    const until = from + days(1)
    const spans: readonly Span[] = [
      ...shifts.flatMap(({ estate, shift }) => occurrences(estate, shift, { from, until })),
      ...swaps,
      ...swaps.flatMap((c) => (c.back ? [c.back] : [])),
    ]
    const end = timesIn(spans, from, until).find(
      (at) => isOnRoster(company, staff, at - 1) && !isOnRoster(company, staff, at),
    )
    if (end !== undefined) return end
  }
  return null
}

/** When these begin and end after `from`, up to `until`, in order. */
const timesIn = (spans: readonly Span[], from: Instant, until: Instant): readonly Instant[] =>
  [...new Set(spans.flatMap((span) => [span.from, span.until]))]
    .filter((at) => at > from && at <= until)
    .sort((a, b) => a - b)

/** Each time this shift is, as far as it touches the span. */
function occurrences(estate: Estate, shift: DutyShift, span: Span): readonly Span[] {
  const { timezone } = estate.calendar
  const start = minutes(minuteOf(shift.shift.start))
  const end = minutes(minuteOf(shift.shift.end))
  const found: Span[] = []
  for (let day = localDayNumber(timezone, span.from) - 1; ; day++) {
    const from = instantOf(timezone, day, start)
    if (from >= span.until) return found
    const until = instantOf(timezone, start < end ? day : day + 1, end)
    const one = { from, until }
    if (shift.days.includes(weekdayOf(day)) && overlaps(one, span)) found.push(one)
  }
}

/** The shifts that really are this person's within a span, in order; each whole. */
export function shiftsOf(company: Company, staff: StaffId, span: Span): readonly Span[] {
  const starts = company.estates.flatMap((estate) =>
    estate.duty.flatMap((shift) =>
      occurrences(estate, shift, span).filter((one) =>
        namedBy({ company, estate, at: one.from }, estate, [shift]).some((s) => s.id === staff),
      ),
    ),
  )
  return starts.toSorted((a, b) => a.from - b.from)
}

/** Who has the post of this person's departments at that moment, beside them. */
export function relief(company: Company, staff: Staff, at: Instant): readonly Staff[] {
  const estate = homeOf(company, staff.id)
  if (estate === null) return []
  const found = staff.departments.flatMap((department) =>
    dutyNow({ company, estate, department, building: null, at }),
  )
  return [...new Set(found)].filter((s) => s.id !== staff.id && canOwn(s) && isAtWork(company, s.id, at))
}

/** Who has a post now, until when, and who then. */
export interface Post {
  /** null: a shift for every department. */
  readonly department: Department | null
  readonly now: readonly Staff[]
  /** null: nothing changes within a week. */
  readonly until: Instant | null
  readonly next: readonly Staff[]
}

/** The posts of an estate's roster, in its order. */
export function postsOf(company: Company, estate: Estate, at: Instant): readonly Post[] {
  return [...new Set(estate.duty.map((shift) => shift.department))].map((department) => {
    const shifts = estate.duty.filter((shift) => shift.department === department)
    const on = (moment: Instant) =>
      [...new Set(namedBy({ company, estate, at: moment }, estate, shifts))].filter((s) =>
        isAtWork(company, s.id, moment),
      )
    const changes = changesOf(company).filter(holds)
    const spans: readonly Span[] = [
      ...shifts.flatMap((shift) => occurrences(estate, shift, { from: at, until: at + ahead })),
      ...changes,
      ...changes.flatMap((c) => (c.back ? [c.back] : [])),
    ]
    const times = timesIn(spans, at, at + ahead)
    const now = on(at)
    const until = times.find((t) => !same(on(t), now)) ?? null
    return { department, now, until, next: until === null ? now : on(until) }
  })
}

const same = (a: readonly Staff[], b: readonly Staff[]): boolean =>
  a.length === b.length && a.every((s) => b.includes(s))

/** A post that nobody has. */
export interface Gap {
  readonly department: Department | null
  readonly at: Instant
}

/**
 * The first post that nobody has while this person is away: a shift of theirs with nobody else on it; for who is on no
 * roster, a department without anybody else of their level. null: somebody is there.
 */
export function gapLeft(company: Company, staff: Staff, span: Span): Gap | null {
  const estate = homeOf(company, staff.id)
  if (estate === null) return null
  const others = (found: readonly Staff[], at: Instant) =>
    found.some((s) => s.id !== staff.id && canOwn(s) && isAtWork(company, s.id, at))
  const rostered = estate.duty.filter((shift) => shift.staff.includes(staff.id))
  for (const shift of rostered) {
    for (const one of occurrences(estate, shift, {
      ...span,
      until: Math.min(span.until, span.from + ahead),
    })) {
      const at = Math.max(one.from, span.from)
      const alike = estate.duty.filter((s) => s.department === shift.department)
      if (!others(namedBy({ company, estate, at }, estate, alike), at))
        return { department: shift.department, at }
    }
  }
  if (rostered.length > 0) return null
  const empty = staff.departments.find((department) => {
    const peers = estate.staff.filter(
      (s) => s.departments.includes(department) && levelOf(s.role) === levelOf(staff.role),
    )
    return !others(peers, span.from)
  })
  return empty === undefined ? null : { department: empty, at: span.from }
}

/**
 * A leave said in days covers the shifts that begin in them, whole: one that runs on into the first day is still worked,
 * one that begins on the last day is not.
 */
export function wholeShifts(company: Company, staff: StaffId, span: Span, now: Instant): Span {
  const shifts = shiftsOf(company, staff, span)
  const running = shifts.find((one) => one.from < span.from && span.from < one.until)
  const from = running && span.from > now ? running.until : span.from
  const until = Math.max(span.until, ...shifts.filter((one) => one.from < span.until).map((one) => one.until))
  return from < until ? { from, until } : span
}
