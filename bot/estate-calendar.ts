import { yearsWithoutTable } from '../workflows/calendar.ts'
import type { Calendar, Company, Window } from '../workflows/estate.ts'
import { days, type Instant } from '../workflows/ids.ts'
import { minuteOf } from '../workflows/local-time.ts'
import * as values from './estate-values.ts'
import type { Block, Placed, YamlFile } from './yaml-blocks.ts'

/** The holidays of a year matter so long before it begins: deadlines of ten working days and effect checks reach into it. */
const matterBefore = days(92)

/** Years near `now` whose holidays neither the program nor the estate file gives. */
export const unknownYears = (calendar: Calendar, now: Instant): readonly number[] =>
  yearsWithoutTable(calendar, now, now + matterBefore)

/** What is to be done about them, as sentences for the log and /readyz; worked out anew, since a year may turn meanwhile. */
export const yearWarnings = (company: Company, now: Instant): readonly string[] =>
  company.estates.flatMap((estate) =>
    unknownYears(estate.calendar, now).map(
      (year) =>
        `estate ${estate.id}: the holidays of ${year} are not known to this version: only the statutory days are off and no weekend is made up; add its days under calendar.closed and calendar.open`,
    ),
  )

const defaultHours: Window = { start: '08:30', end: '18:00' }

/** Monday to Friday 08:30–18:00 in China, for an estate that says nothing else. */
export const defaultCalendar: Calendar = {
  timezone: 'Asia/Shanghai',
  windows: Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [defaultHours]])),
  closed: [],
  open: [],
}

/** `calendar:` of an estate; what it leaves out is as in `defaultCalendar`. */
export function readCalendar(file: YamlFile, block: Block | null): Calendar {
  if (!block) return defaultCalendar
  const timezone = block.optional('timezone', values.timezone) ?? defaultCalendar.timezone
  const windows = readWindows(file, block)
  const closed = readDays(file, block, 'closed')
  const open = readDays(file, block, 'open')
  for (const day of open) {
    if (closed.some((other) => other.value === day.value))
      file.problem(day.place, `${day.value} is both closed and open; allowed: one of them`)
  }
  block.finish()
  const texts = (days: readonly Placed<string>[]) => days.map((day) => day.value)
  return { timezone, windows, closed: texts(closed), open: texts(open) }
}

function readWindows(file: YamlFile, calendar: Block): Calendar['windows'] {
  const keys = `keys such as mon-fri with a list of hours`
  if (!calendar.has('windows')) return defaultCalendar.windows
  const block = calendar.block('windows', keys)
  if (!block) return {}
  const before = file.problems.length
  const placed = new Map<number, Placed<Window>[]>()
  for (const key of block.keys()) {
    const days = values.weekdays.safeParse(key).data
    if (!days) file.wrong(block.at(key), `the days “${key}”`, values.dayNamesText)
    const windows = readWindowList(block, key)
    for (const day of days ?? []) placed.set(day, [...(placed.get(day) ?? []), ...windows])
  }
  refuseOverlaps(file, placed)
  const none = [...placed.values()].every((windows) => windows.length === 0)
  if (file.problems.length === before && none)
    file.problem(
      block.at('windows'),
      `there is no service time at all; allowed: at least one window, ${keys}`,
    )
  return Object.fromEntries([...placed].map(([day, windows]) => [day, windows.map((window) => window.value)]))
}

/** `["08:30-12:00", "13:30-18:00"]`, or one window as plain text. */
function readWindowList(block: Block, key: string): Placed<Window>[] {
  if (block.isText(key)) {
    const value = block.required(key, values.window)
    return value ? [{ value, place: block.at(key) }] : []
  }
  return block.items(key, 'a list of hours such as ["08:30-12:00", "13:30-18:00"]').flatMap((item) => {
    const value = item.value(values.window)
    return value ? [{ value, place: item.place }] : []
  })
}

const dayLength = 24 * 60
const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Windows of one weekday, and a night window with the morning after it, must not cover the same minute. */
function refuseOverlaps(file: YamlFile, windows: ReadonlyMap<number, readonly Placed<Window>[]>): void {
  const spans = [...windows]
    .flatMap(([day, list]) =>
      list.map(({ value, place }) => {
        const start = minuteOf(value.start)
        const end = minuteOf(value.end)
        const from = (day - 1) * dayLength + start
        return { day, value, place, from, to: from + (end > start ? end - start : end - start + dayLength) }
      }),
    )
    .sort((a, b) => a.from - b.from)
  const told = new Set<number>()
  spans.forEach((span, i) => {
    const next = spans[(i + 1) % spans.length]
    if (!next || next === span) return
    const nextFrom = i + 1 < spans.length ? next.from : next.from + 7 * dayLength
    if (span.to <= nextFrom || told.has(next.place.offset)) return
    told.add(next.place.offset)
    const words = (s: typeof span) => `${names[s.day - 1] ?? ''} ${s.value.start}-${s.value.end}`
    file.problem(
      next.place,
      `${words(next)} overlaps ${words(span)} in line ${file.lineOf(span.place)}; allowed: windows that do not`,
    )
  })
}

function readDays(file: YamlFile, block: Block, key: 'closed' | 'open'): Placed<string>[] {
  return block.items(key, 'a list of days such as [2026-11-25]').flatMap((item) => {
    const value = item.value(values.date)
    return value === undefined ? [] : [{ value, place: item.place }]
  })
}
