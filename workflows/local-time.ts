import { type Instant, type Millis, days, hours, minutes, seconds } from './ids.ts'

/**
 * Instants and the clock on the wall. A local day is a number: days since 1970-01-01 on that wall, so that calendar
 * arithmetic needs no date objects and never meets the time zone of the machine.
 */
export interface LocalParts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** ISO: 1 Monday … 7 Sunday. */
  readonly weekday: number
}

const dayLength = days(1)
const quarter = minutes(15)

/** Year, month and day → day number, in the proleptic Gregorian calendar (Hinnant, days_from_civil). */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The inverse of `dayNumber` (Hinnant, civil_from_days). */
export function dateOf(day: number): { year: number; month: number; day: number } {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

/** `YYYY-MM-DD` → day number; null where there is no such day (`2026-02-30`). */
export function dayOfText(text: string): number | null {
  const [year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).slice(1).map(Number)
  if (year === undefined || month === undefined || day === undefined) return null
  const number = dayNumber(year, month, day)
  const back = dateOf(number)
  return back.year === year && back.month === month && back.day === day ? number : null
}

/** ISO weekday of a day number; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

/** `HH:MM` → minutes since midnight; `24:00` is 1440. The text was checked when the estate file was read. */
export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** The local day an instant belongs to. */
export const localDayNumber = (timezone: string, at: Instant): number =>
  Math.floor((at + offsetAt(timezone, at)) / dayLength)

/** How long the local day has run at an instant, by the clock on the wall. */
export function sinceMidnight(timezone: string, at: Instant): Millis {
  const wall = at + offsetAt(timezone, at)
  return wall - Math.floor(wall / dayLength) * dayLength
}

/** The instant at which the wall shows `sinceMidnight` on that day. A wall time that a clock change skips moves on by the gap. */
export function instantOf(timezone: string, day: number, sinceMidnight: Millis): Instant {
  const wall = day * dayLength + sinceMidnight
  const guess = wall - offsetAt(timezone, wall)
  return wall - offsetAt(timezone, guess)
}

export function localParts(timezone: string, at: Instant): LocalParts {
  const wall = at + offsetAt(timezone, at)
  const days = Math.floor(wall / dayLength)
  const time = wall - days * dayLength
  const { year, month, day } = dateOf(days)
  return {
    year,
    month,
    day,
    hour: Math.floor(time / hours(1)),
    minute: Math.floor(time / minutes(1)) % 60,
    second: Math.floor(time / seconds(1)) % 60,
    weekday: weekdayOf(days),
  }
}

/** `YYYYMMDD`, as complaint numbers carry it. */
export function localDay(timezone: string, at: Instant): string {
  const { year, month, day } = dateOf(localDayNumber(timezone, at))
  return `${year}${two(month)}${two(day)}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** China has had one time without clock changes since 1991, so its offset costs nothing; other zones ask Intl. */
function offsetAt(timezone: string, at: Instant): Millis {
  return timezone === 'Asia/Shanghai' ? hours(8) : zone(timezone).offset(at)
}

interface Zone {
  offset(at: Instant): Millis
}

const zones = new Map<string, Zone>()

function zone(timezone: string): Zone {
  const known = zones.get(timezone)
  if (known) return known
  const made = makeZone(timezone)
  zones.set(timezone, made)
  return made
}

/** Offsets change on a quarter of an hour at the finest, so one answer of Intl serves all of it. */
function makeZone(timezone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const known = new Map<number, Millis>()
  return {
    offset(at) {
      const bucket = Math.floor(at / quarter)
      const remembered = known.get(bucket)
      if (remembered !== undefined) return remembered
      const start = bucket * quarter
      const shown = Object.fromEntries(
        format.formatToParts(start).map((part) => [part.type, Number(part.value)]),
      )
      const day = dayNumber(shown.year ?? 0, shown.month ?? 0, shown.day ?? 0)
      const offset = days(day) + hours(shown.hour ?? 0) + minutes(shown.minute ?? 0) - start
      if (known.size > 20_000) known.clear()
      known.set(bucket, offset)
      return offset
    },
  }
}
