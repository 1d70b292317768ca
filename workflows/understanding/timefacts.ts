import type { z } from 'zod'
import { isoOf } from './civil.ts'
import type { timeFact } from './facts-schema.ts'
import { sticky } from './grammar.ts'
import type { Moment } from './moments.ts'

export type TimeFact = z.infer<typeof timeFact>
export type FoundTime = { readonly fact: Omit<TimeFact, 'text'>; readonly end: number }

export const noTime: Omit<TimeFact, 'text'> = {
  type: 'point',
  start: null,
  end: null,
  clockStart: null,
  clockEnd: null,
  seconds: null,
  months: null,
  set: null,
}

export const amount =
  '(?:\\d+(?:\\.\\d)?|[零一二两三四五六七八九十百]{1,4}|好几|好些|几|数|个把|半|大半|小半|仨|俩|十几|几十)'
export const suffix = sticky(
  `\\s?(?:的时候)?(以前|之前|以来|之后|以后|开始|期间|左右|之间|至今|前|来|起|后|内|多|之久|到现在|到今天)`,
)
export function since(moment: Moment, now: number): Omit<TimeFact, 'text'> {
  const start =
    (moment.days?.[0] ?? Math.floor(now / 86_400)) * 86_400 +
    (moment.clock?.[0] ?? (moment.part?.[0] ?? 0) * 60) * 60
  return { ...noTime, type: 'range', start: isoOf(start), end: isoOf(now) }
}

export function single(moment: Moment): Omit<TimeFact, 'text'> {
  const { days, clock: at, part } = moment
  if (!days) {
    const start = at ? at[0] : (part?.[0] ?? 0) * 60
    const end = at ? at[1] : (part?.[1] ?? 0) * 60
    return {
      ...noTime,
      type: 'clock',
      clockStart: clockOf(start),
      clockEnd: end === null ? null : clockOf(end, true),
    }
  }
  const [from, to] = days
  if (at) {
    const end = at[1] === null ? null : isoOf(from * 86_400 + at[1] * 60)
    return {
      ...noTime,
      type: end === null ? 'point' : 'range',
      start: isoOf(from * 86_400 + at[0] * 60),
      end,
    }
  }
  if (part) {
    return {
      ...noTime,
      type: 'point',
      start: isoOf(from * 86_400 + part[0] * 3_600),
      end: isoOf(to * 86_400 + part[1] * 3_600 - 1),
    }
  }
  return {
    ...noTime,
    type: from === to ? 'point' : 'range',
    start: isoOf(from * 86_400),
    end: isoOf(to * 86_400 + 86_399),
  }
}

export function between(first: Moment, second: Moment): Omit<TimeFact, 'text'> {
  if (!first.days && !second.days) {
    const start = first.clock?.[0] ?? (first.part?.[0] ?? 0) * 60
    const end = second.clock?.[0] ?? (second.part?.[1] ?? 0) * 60
    return { ...noTime, type: 'clock', clockStart: clockOf(start), clockEnd: clockOf(end, true) }
  }
  const startDay = first.days?.[0] ?? second.days?.[0] ?? 0
  const endDay = second.days?.[1] ?? startDay
  const start = startDay * 86_400 + (first.clock?.[0] ?? (first.part?.[0] ?? 0) * 60) * 60
  let end = second.clock
    ? endDay * 86_400 + second.clock[0] * 60
    : second.part
      ? endDay * 86_400 + second.part[1] * 3_600 - 1
      : endDay * 86_400 + 86_399
  if (end < start) end += 86_400
  return { ...noTime, type: 'range', start: isoOf(start), end: isoOf(end) }
}

export function clockOf(minutes: number, isEnd = false): string {
  const bounded = isEnd && minutes === 1_440 ? 1_439 : minutes % 1_440
  return `${String(Math.floor(bounded / 60)).padStart(2, '0')}:${String(bounded % 60).padStart(2, '0')}`
}
