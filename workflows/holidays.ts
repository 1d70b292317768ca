import chineseDays from 'chinese-days'
import { dateOf, dayNumber, dayOfText, weekdayOf } from './local-time.ts'

/** off: a public holiday. work: a weekend day made up for one (调休). ordinary: the weekday decides. */
export type DayKind = 'off' | 'work' | 'ordinary'

/**
 * The yearly notices of the State Council (国办发明电; for 2026 of November 2025), as domain.md 2.5 lists them; `a..b` is
 * a range. A new year is one more entry here, usually in November; the test compares each with `chinese-days`.
 *
 * The tables are our own because `chinese-days` 1.5.7 answers for years it does not know, and builds its tables in the
 * time zone of the machine: west of Greenwich every holiday is a day early.
 */
const notices: Readonly<
  Record<number, { readonly off: readonly string[]; readonly work: readonly string[] }>
> = {
  2025: {
    off: [
      '2025-01-01',
      '2025-01-28..2025-02-04',
      '2025-04-04..2025-04-06',
      '2025-05-01..2025-05-05',
      '2025-05-31..2025-06-02',
      '2025-10-01..2025-10-08',
    ],
    work: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  2026: {
    off: [
      '2026-01-01..2026-01-03',
      '2026-02-15..2026-02-23',
      '2026-04-04..2026-04-06',
      '2026-05-01..2026-05-05',
      '2026-06-19..2026-06-21',
      '2026-09-25..2026-09-27',
      '2026-10-01..2026-10-07',
    ],
    work: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
}

/** Years whose notice is known; of any other year only the statutory days are. */
export const yearsWithTable: readonly number[] = Object.keys(notices).map(Number)

const years = new Map<number, ReadonlyMap<number, DayKind>>()

/** What the country does on a local day (a day number of `local-time.ts`). */
export function dayKind(day: number): DayKind {
  const { year } = dateOf(day)
  let table = years.get(year)
  if (!table) {
    table = tableOf(year)
    years.set(year, table)
  }
  return table.get(day) ?? 'ordinary'
}

/** 法定休假日: a public holiday, or a weekend that is not made up. */
export function isRestDay(day: number): boolean {
  const kind = dayKind(day)
  return kind === 'off' || (kind === 'ordinary' && weekdayOf(day) >= 6)
}

function tableOf(year: number): ReadonlyMap<number, DayKind> {
  const notice = notices[year]
  const off = notice ? notice.off.flatMap(daysOfRange) : statutoryDays(year)
  const work = notice ? notice.work.flatMap(daysOfRange) : []
  return new Map<number, DayKind>([
    ...off.map((day) => [day, 'off'] as const),
    ...work.map((day) => [day, 'work'] as const),
  ])
}

function daysOfRange(text: string): number[] {
  const [first, last = first] = text.split('..').map(dayOfText)
  if (typeof first !== 'number' || typeof last !== 'number')
    throw new Error(`holidays.ts: ${text} is no day and no range of days`)
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** The 13 days of 全国年节及纪念日放假办法 (2024): New Year 1, Spring Festival 4, 清明 1, May 2, 端午 1, 中秋 1, October 3. */
export function statutoryDays(year: number): readonly number[] {
  const spring = lunarDay(year, 1, 1)
  return [
    dayNumber(year, 1, 1),
    spring - 1,
    spring,
    spring + 1,
    spring + 2,
    dayNumber(year, 4, qingming(year)),
    dayNumber(year, 5, 1),
    dayNumber(year, 5, 2),
    lunarDay(year, 5, 5),
    lunarDay(year, 8, 15),
    dayNumber(year, 10, 1),
    dayNumber(year, 10, 2),
    dayNumber(year, 10, 3),
  ]
}

/** The lunar date's local day, counted from 1900-01-31 (正月初一) in month lengths, the part of the library that knows no time zone. */
function lunarDay(year: number, month: number, day: number): number {
  let at = dayNumber(1900, 1, 31)
  for (let y = 1900; y < year; y++) at += lunarMonths(y, 13)
  return at + lunarMonths(year, month) + day - 1
}

/** Days of the lunar months of a year before `month`, a leap month counted after the month it repeats. */
function lunarMonths(year: number, month: number): number {
  let length = 0
  for (let m = 1; m < month; m++) length += chineseDays.monthDays(year, m)
  const leap = chineseDays.getYearLeapMonth(year)
  return leap.leapMonth !== undefined && leap.leapMonth < month ? length + leap.days : length
}

/** Day of April of 清明 in this century (寿星公式). */
const qingming = (year: number): number =>
  Math.floor((year % 100) * 0.2422 + 4.81) - Math.floor((year % 100) / 4)
