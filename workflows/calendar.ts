import type { Calendar, Limit, Window } from './estate.ts'
import { dayKind, isRestDay, yearsWithTable } from './holidays.ts'
import { days, hours, type Instant, type Millis, minutes, seconds } from './ids.ts'
import {
  dateOf,
  dayOfText,
  instantOf,
  localDayNumber,
  minuteOf,
  sinceMidnight,
  weekdayOf,
} from './local-time.ts'

export { localDay, localParts, type LocalParts } from './local-time.ts'

/** A calendar nobody ever works in. A deadline in service time cannot be told, and looking for it would not end. */
export class NoServiceTime extends Error {}

/**
 * The moment a limit that starts at `from` runs out (domain.md 2.5). Around the clock it is elapsed time. In service
 * time, seconds, minutes and hours count while the estate is open; days move by working days, keeping the local time of
 * day, then into the next window. What comes in outside service time starts at the next opening.
 * Throws `NoServiceTime` for a calendar without windows.
 */
export function addLimit(calendar: Calendar, from: Instant, limit: Limit): Instant {
  if (!limit.working) return from + lengthOf(limit)
  return limit.unit === 'd'
    ? addWorkingDays(calendar, from, limit.amount)
    : addServiceTime(calendar, from, lengthOf(limit))
}

/** A limit as elapsed time; a day is 24 hours. */
export function lengthOf(limit: Limit): Millis {
  return { s: seconds, m: minutes, h: hours, d: days }[limit.unit](limit.amount)
}

/** Open from the first instant of a window up to its last, which is closed. */
export function isOpen(calendar: Calendar, at: Instant): boolean {
  return nextWindow(tableOf(calendar), at).start <= at
}

/** `at` itself while open, else when the estate opens next. Throws `NoServiceTime`. */
export function nextOpening(calendar: Calendar, at: Instant): Instant {
  return Math.max(at, nextWindow(tableOf(calendar), at).start)
}

/** Service minutes between two instants, with fractions; 0 where `to` is not after `from`. */
export function serviceMinutes(calendar: Calendar, from: Instant, to: Instant): number {
  const table = tableOf(calendar)
  const last = localDayNumber(calendar.timezone, to)
  let total = 0
  for (let day = localDayNumber(calendar.timezone, from) - 1; day <= last; day++) {
    for (const open of table.day(day))
      total += Math.max(0, Math.min(open.end, to) - Math.max(open.start, from))
  }
  return total / minutes(1)
}

/**
 * The last service moment of a legal count of days: the first day does not count, and an end on a day of rest moves to
 * the day after it (民法典 201, 203), where business ends when the doors close. A rest day that is made up, by the
 * country's table or in the estate file, is a workday. Where the estate does not work that day it is the closing before,
 * so that the count is never broken.
 */
export function civilEnd(calendar: Calendar, from: Instant, count: number): Instant {
  const table = tableOf(calendar)
  const first = localDayNumber(calendar.timezone, from)
  let last = first + count
  while (isRestDay(last) && !table.isMadeUp(last)) last++
  const midnight = instantOf(calendar.timezone, last + 1, 0)
  for (let day = last; day >= first - 1; day--) {
    const closing = table.day(day).findLast((open) => open.start < midnight)
    if (closing && closing.end > from) return Math.min(closing.end, midnight)
  }
  return midnight
}

/** `due`, or the end of the calendar-day cap that runs from `from` where that is earlier (domain.md 2.5). */
export function capped(calendar: Calendar, due: Instant, from: Instant, count: number): Instant {
  return Math.min(due, civilEnd(calendar, from, count))
}

/** The end of the quiet hours `at` falls into; null outside them. */
export function quietUntil(window: Window | null, timezone: string, at: Instant): Instant | null {
  if (!window) return null
  const [start, end] = [minutes(minuteOf(window.start)), minutes(minuteOf(window.end))]
  const day = localDayNumber(timezone, at)
  const time = sinceMidnight(timezone, at)
  if (start < end) return time >= start && time < end ? instantOf(timezone, day, end) : null
  if (time < end) return instantOf(timezone, day, end)
  return time >= start ? instantOf(timezone, day + 1, end) : null
}

/**
 * The years between two instants whose holidays nobody gave: neither this version, nor the estate, which describes a year
 * by days of it in both lists, `closed` (holidays) and `open` (made-up workdays).
 */
export function yearsWithoutTable(calendar: Calendar, from: Instant, to: Instant): readonly number[] {
  const yearOf = (at: Instant) => dateOf(localDayNumber(calendar.timezone, at)).year
  const [first, last] = [yearOf(from), yearOf(to)]
  const years = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  const lists = (dates: readonly string[], year: number) => dates.some((date) => date.startsWith(`${year}-`))
  const described = (year: number) => lists(calendar.closed, year) && lists(calendar.open, year)
  return years.filter((year) => !yearsWithTable.includes(year) && !described(year))
}

/** Windows are closed at both ends here: an amount that fits exactly is due when the doors close, not when they open again. */
function addServiceTime(calendar: Calendar, from: Instant, amount: Millis): Instant {
  const table = tableOf(calendar)
  let left = amount
  let day = localDayNumber(calendar.timezone, from) - 1
  for (let idle = 0; idle <= longestRest; idle++, day++) {
    for (const open of table.day(day)) {
      idle = 0
      if (open.end < from) continue
      const start = Math.max(open.start, from)
      if (left <= open.end - start) return start + left
      left -= open.end - start
    }
  }
  throw noServiceTime(calendar)
}

/**
 * A window belongs to the day it starts on, also after midnight. A time of day the reached day has no window for any
 * more goes to the opening of the next working day, so that what came in later is never due earlier.
 */
function addWorkingDays(calendar: Calendar, from: Instant, amount: number): Instant {
  const table = tableOf(calendar)
  const start = nextWindow(table, from)
  const timeOfDay = wallTime(calendar, start.day, Math.max(from, start.start))
  let day = start.day
  for (let left = amount; left > 0; left--) day = table.workingDayAfter(day)
  const target = instantOf(calendar.timezone, day, timeOfDay)
  const reached = table.day(day).find((open) => open.end >= target)
  if (reached) return Math.max(reached.start, target)
  return table.day(table.workingDayAfter(day))[0]?.start ?? target
}

/** Wall-clock time since the midnight of the day a window belongs to, beyond 24 hours after the next midnight. */
function wallTime(calendar: Calendar, day: number, at: Instant): Millis {
  return days(localDayNumber(calendar.timezone, at) - day) + sinceMidnight(calendar.timezone, at)
}

interface OpenTime {
  readonly day: number
  readonly start: Instant
  readonly end: Instant
}

/** The first window that is open at `at` or opens after it. */
function nextWindow(table: DayTable, at: Instant): OpenTime {
  let day = localDayNumber(table.calendar.timezone, at) - 1
  for (let idle = 0; idle <= longestRest; idle++, day++) {
    const found = table.day(day).find((open) => open.end > at)
    if (found) return found
  }
  throw noServiceTime(table.calendar)
}

/** Days without any window after which an estate counts as closed for good: closed lists are finite, but may be long. */
const longestRest = 800

const noServiceTime = (calendar: Calendar): NoServiceTime =>
  new NoServiceTime(
    `this calendar has no service time: no window in ${longestRest} days (${Object.keys(calendar.windows).length} weekdays have windows); give calendar.windows at least one`,
  )

interface DayTable {
  readonly calendar: Calendar
  /** The windows that start on a local day, in order, none overlapping another of this or the day before. */
  day(day: number): readonly OpenTime[]
  workingDayAfter(day: number): number
  /** The estate file says that this day is worked. */
  isMadeUp(day: number): boolean
}

interface Span {
  readonly start: number
  readonly end: number
}

const tables = new WeakMap<Calendar, DayTable>()

function tableOf(calendar: Calendar): DayTable {
  const known = tables.get(calendar)
  if (known) return known
  const made = makeTable(calendar)
  tables.set(calendar, made)
  return made
}

function makeTable(calendar: Calendar): DayTable {
  const weekly = new Map<number, readonly Span[]>()
  for (let weekday = 1; weekday <= 7; weekday++) weekly.set(weekday, merged(calendar.windows[weekday] ?? []))
  const closed = new Set(calendar.closed.map(dayOfText))
  const open = new Set(calendar.open.map(dayOfText))
  const known = new Map<number, readonly OpenTime[]>()

  function spansOf(day: number): readonly Span[] {
    const own = weekly.get(weekdayOf(day)) ?? []
    if (closed.has(day)) return []
    const kind = dayKind(day)
    // A day made up for a holiday runs as a Monday does; where Mondays are closed, as its own weekday does.
    if (open.has(day) || kind === 'work') {
      const monday = weekly.get(1) ?? []
      return monday.length > 0 ? monday : own
    }
    return kind === 'off' ? [] : own
  }

  function openTimesOf(day: number): readonly OpenTime[] {
    // A night window of the day before may reach into this one; a minute counts once.
    const spill = (spansOf(day - 1).at(-1)?.end ?? 0) - minutesOfDay
    return spansOf(day)
      .map((span) => ({ start: Math.max(span.start, spill), end: span.end }))
      .filter((span) => span.start < span.end)
      .map((span) => ({
        day,
        start: instantOf(calendar.timezone, day, minutes(span.start)),
        end: instantOf(calendar.timezone, day, minutes(span.end)),
      }))
  }

  const table: DayTable = {
    calendar,
    day(day) {
      const remembered = known.get(day)
      if (remembered) return remembered
      const made = openTimesOf(day)
      if (known.size > 4_000) known.clear()
      known.set(day, made)
      return made
    },
    workingDayAfter(day) {
      for (let next = day + 1; next <= day + longestRest; next++) if (table.day(next).length > 0) return next
      throw noServiceTime(calendar)
    },
    isMadeUp: (day) => open.has(day),
  }
  return table
}

const minutesOfDay = 24 * 60

/** Windows as minutes of the day they start on, in order, touching ones joined. */
function merged(windows: readonly Window[]): readonly Span[] {
  const spans = windows
    .map((window) => ({ start: minuteOf(window.start), end: minuteOf(window.end) }))
    .map(({ start, end }) => ({ start, end: end <= start ? end + minutesOfDay : end }))
    .sort((a, b) => a.start - b.start)
  const joined: { start: number; end: number }[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else joined.push(span)
  }
  return joined
}
