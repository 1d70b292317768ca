import type { Facts } from '../workflows/understanding/facts.ts'

/** A row of `times-dev.jsonl` (its README says what each `match` asks for). */
export interface TimeRow {
  readonly id: string
  readonly text: string
  readonly expr: string
  readonly ref: string | null
  readonly type: Facts['time'][number]['type']
  readonly start: string | null
  readonly end: string | null
  readonly clockStart?: string
  readonly clockEnd?: string
  readonly seconds?: number
  readonly months?: number
  readonly tolMinutes?: number
  readonly set?: Readonly<Record<string, unknown>>
  readonly match: 'day' | 'minute' | 'startDay' | 'overlap' | 'approx' | 'clock' | 'clockOverlap' | 'exact'
}

type Value = Facts['time'][number]

const minutes = (local: string | null): number => (local === null ? NaN : Date.parse(`${local}Z`) / 60_000)
const day = (local: string | null): string | null => local && local.slice(0, 10)
const minuteOfDay = (clock: string | null | undefined): number => {
  if (!clock) return NaN
  const [hour = '', minute = ''] = clock.split(':')
  return Number(hour) * 60 + Number(minute)
}

/** Whether what was read of a time is what was meant, as strictly as its row asks. */
export function isRight(row: TimeRow, value: Value): boolean {
  switch (row.match) {
    case 'day':
      return (
        day(value.start) === day(row.start) && day(value.end ?? value.start) === day(row.end ?? row.start)
      )
    case 'minute':
      return (
        Math.floor(minutes(value.start)) === Math.floor(minutes(row.start)) &&
        (row.end === null || Math.floor(minutes(value.end)) === Math.floor(minutes(row.end)))
      )
    case 'startDay':
      return day(value.start) === day(row.start)
    case 'overlap':
      return overlaps(row, value)
    case 'approx':
      return row.type === 'duration' ? isAbout(row, value) : isNear(row, value)
    case 'clock':
      return (
        minuteOfDay(value.clockStart) === minuteOfDay(row.clockStart) &&
        (row.clockEnd === undefined || minuteOfDay(value.clockEnd) === minuteOfDay(row.clockEnd))
      )
    case 'clockOverlap':
      return (
        minuteOfDay(value.clockStart) <= minuteOfDay(row.clockEnd) &&
        minuteOfDay(row.clockStart) <= minuteOfDay(value.clockEnd ?? value.clockStart)
      )
    case 'exact':
      return row.type === 'set' ? isSameSet(row, value) : lengthOf(row) === lengthOf(value)
  }
}

function overlaps(row: TimeRow, value: Value): boolean {
  const [from, to] = [minutes(value.start), minutes(value.end ?? value.start)]
  const [wantedFrom, wantedTo] = [minutes(row.start), minutes(row.end ?? row.start)]
  return from <= wantedTo && wantedFrom <= to && to - from <= 2 * (wantedTo - wantedFrom) + 1_440
}

const isNear = (row: TimeRow, value: Value): boolean =>
  Math.abs(minutes(value.start) - minutes(row.start)) <= (row.tolMinutes ?? 0)

/** Within a quarter. */
const isAbout = (row: TimeRow, value: Value): boolean =>
  Math.abs(lengthOf(value) - lengthOf(row)) <= lengthOf(row) / 4

const lengthOf = (of: { readonly seconds?: number | null; readonly months?: number | null }): number =>
  of.seconds ?? (of.months ?? NaN) * 30 * 86_400

function isSameSet(row: TimeRow, value: Value): boolean {
  const read = value.set as Readonly<Record<string, unknown>> | null
  return (
    read !== null &&
    Object.entries(row.set ?? {}).every(
      ([key, wanted]) => JSON.stringify(read[key]) === JSON.stringify(wanted),
    )
  )
}
