import { days, seconds, type Instant } from '../ids.ts'
import * as wall from '../local-time.ts'

export { weekdayOf } from '../local-time.ts'

/** A local date and time without zone, as a clock on the wall shows it. */
export type Civil = Omit<wall.LocalParts, 'weekday'>

/** Seconds of local time since 1970-01-01 00:00, for arithmetic; not an instant. */
export type LocalSeconds = number

const dayLength = days(1) / seconds(1)

/** What a clock in this zone (IANA name) shows at an instant, in local seconds. */
export const localSecondsOf = (now: Instant, timezone: string): LocalSeconds =>
  wall.localDayNumber(timezone, now) * dayLength + Math.floor(wall.sinceMidnight(timezone, now) / seconds(1))

export function secondsOf(civil: Civil): LocalSeconds {
  const { year, month, day, hour, minute, second } = civil
  return dayNumber(year, month, day) * dayLength + hour * 3_600 + minute * 60 + second
}

/** Days since 1970-01-01; months outside 1–12 run into the years around. */
export function dayNumber(year: number, month: number, day: number): number {
  const months = year * 12 + month - 1
  const inYear = Math.floor(months / 12)
  return wall.dayNumber(inYear, months - inYear * 12 + 1, day)
}

export function civilOf(at: LocalSeconds): Civil {
  const day = Math.floor(at / dayLength)
  const rest = at - day * dayLength
  return {
    ...wall.dateOf(day),
    hour: Math.floor(rest / 3_600),
    minute: Math.floor((rest % 3_600) / 60),
    second: Math.floor(rest % 60),
  }
}

export function daysInMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1)
}

/** `2026-11-23T10:00:00`. */
export function isoOf(at: LocalSeconds): string {
  const c = civilOf(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${String(c.year).padStart(4, '0')}-${two(c.month)}-${two(c.day)}T${two(c.hour)}:${two(c.minute)}:${two(c.second)}`
}
