import type { Instant } from '../ids.ts'

/** A local date and time without zone, as a clock on the wall shows it. */
export interface Civil {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Seconds of local time since 1970-01-01 00:00, for arithmetic; not an instant. */
export type LocalSeconds = number

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a clock in this zone (IANA name) shows at an instant, in local seconds. */
export function localSecondsOf(now: Instant, timezone: string): LocalSeconds {
  let format = formats.get(timezone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timezone, format)
  }
  const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = (
    format.format(now).match(/\d+/g) ?? []
  ).map(Number)
  return secondsOf({ year, month, day, hour, minute, second })
}

export function secondsOf(civil: Civil): LocalSeconds {
  const { year, month, day, hour, minute, second } = civil
  return dayNumber(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
}

/** Days since 1970-01-01; months outside 1–12 run into the years around. */
export function dayNumber(year: number, month: number, day: number): number {
  const months = year * 12 + month - 1
  let y = Math.floor(months / 12)
  const m = months - y * 12 + 1
  // Counting years from March puts the leap day last (Hinnant, days_from_civil).
  if (m <= 2) y--
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export function civilOf(seconds: LocalSeconds): Civil {
  const days = Math.floor(seconds / 86_400)
  const rest = seconds - days * 86_400
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / 3_600),
    minute: Math.floor((rest % 3_600) / 60),
    second: Math.floor(rest % 60),
  }
}

/** 1 (Monday) … 7 (Sunday) of a day number. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

export function daysInMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1)
}

/** `2026-11-23T10:00:00`. */
export function isoOf(seconds: LocalSeconds): string {
  const c = civilOf(seconds)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${String(c.year).padStart(4, '0')}-${two(c.month)}-${two(c.day)}T${two(c.hour)}:${two(c.minute)}:${two(c.second)}`
}
