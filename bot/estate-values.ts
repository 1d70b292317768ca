import { z } from 'zod'
import { minuteOf, dayOfText } from '../workflows/local-time.ts'
import type { Level, Limit, Role, Window } from '../workflows/estate.ts'
import { days, hours, type Millis, seconds } from '../workflows/ids.ts'
import { lengthOf } from '../workflows/calendar.ts'
import { type Department, departments } from '../workflows/taxonomy.ts'
import { didYouMean } from './did-you-mean.ts'

/** What a single value of `estate.yaml` may be. Every schema takes text, and its message says what is allowed. */

const matching = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed })

/** Turns text into something, or refuses it with what is allowed; null from `read` is a refusal. */
function textTo<T>(allowed: string, read: (text: string) => T | null): z.ZodType<T> {
  return z.string({ error: allowed }).transform((text, context) => {
    const value = read(text.trim())
    if (value !== null) return value
    context.addIssue({ code: 'custom', message: allowed })
    return z.NEVER
  })
}

function oneOf<T extends string>(values: readonly T[]): z.ZodType<T> {
  const allowed = values.join(', ')
  return z.string({ error: allowed }).transform((text, context) => {
    const value = values.find((candidate) => candidate === text)
    if (value !== undefined) return value
    const hint = didYouMean(text, values)
    context.addIssue({ code: 'custom', message: hint === '' ? allowed : `${allowed}; ${hint}` })
    return z.NEVER
  })
}

export const roles: readonly Role[] = ['operator', 'staff', 'supervisor', 'manager', 'quality', 'admin']

export const role = oneOf(roles)
export const department: z.ZodType<Department> = oneOf(departments)
export const yesOrNo = textTo('true or false', (text) =>
  text === 'true' ? true : text === 'false' ? false : null,
)

export const idText = matching(
  /^[A-Za-z][A-Za-z0-9_-]{0,31}$/,
  'a short id of letters, digits, - and _, such as hefeng',
)
export const nameText = matching(/^\s*\S.{0,59}$/su, 'a name of up to 60 characters').transform((text) =>
  text.trim(),
)
export const ownWord = matching(
  /^\s*\S{2,20}\s*$/u,
  'a word of 2 to 20 characters without spaces, such as 快递超市',
).transform((text) => text.trim())
export const phone = matching(
  /^\+?\d[\d -]{1,18}\d$/,
  'a telephone number such as "0731-88881111" or "13900000001"',
)
export const wecomId = matching(
  /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/,
  'the userid shown in the WeCom console, such as ZhangJianGuo',
)
export const unitName = matching(/^\S{1,10}$/u, 'the number or name of a unit, such as 1')
export const floors = textTo('a whole number of floors from 1 to 200', (text) => {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= 200 ? count : null
})

export const timezone = textTo('an IANA time zone such as Asia/Shanghai', (text) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return /^[A-Za-z]/.test(text) ? text : null
  } catch {
    return null
  }
})

export const date = textTo('a day such as 2026-11-25', (text) => (dayOfText(text) === null ? null : text))

const windowAllowed =
  'hours such as "08:30-12:00", from 00:00 to 24:00; an end before its start is on the next day'

export const window: z.ZodType<Window> = textTo(windowAllowed, (text) => {
  const [, start, end] =
    /^((?:[01]\d|2[0-3]):[0-5]\d)\s*-\s*((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(text) ?? []
  return start === undefined || end === undefined ? null : { start, end }
})

/** Quiet hours of a whole day would put every survey off for ever. */
export const quietHours = textTo<Window | 'none'>(
  'hours such as "21:00-09:00" that leave some of the day free, or none',
  (text) => {
    if (text === 'none') return 'none'
    const hours = window.safeParse(text).data
    if (!hours) return null
    return (minuteOf(hours.end) - minuteOf(hours.start)) % (24 * 60) === 0 ? null : hours
  },
)

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** ISO weekdays. `fri-mon` runs over the weekend. */
export const dayNamesText = 'days such as mon-fri, sat, mon-sun or mon,wed'
export const weekdays = textTo(dayNamesText, (text) => {
  const found: number[] = []
  for (const part of text.toLowerCase().split(',')) {
    const [first = 0, last = first, ...rest] = part
      .split('-')
      .map((name) => dayNames.indexOf(name.trim()) + 1)
    if (first === 0 || last === 0 || rest.length > 0) return null
    for (let day = first; ; day = (day % 7) + 1) {
      found.push(day)
      if (day === last) break
    }
  }
  return [...new Set(found)].sort()
})

type Duration = Omit<Limit, 'working'>

function durationOf(text: string): Duration | null {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') return null
  const duration = { amount: Number(amount), unit } as const
  return lengthOf({ ...duration, working: false }) <= lengthOf({ amount: 366, unit: 'd', working: false })
    ? duration
    : null
}

/** A limit: a whole number of seconds, minutes, hours or days, more than nothing and at most 366 days. */
export const duration = textTo('a time such as 30s, 15m, 4h or 3d (more than 0, at most 366d)', (text) => {
  const read = durationOf(text)
  return read && read.amount > 0 ? read : null
})

const lengthFrom = (least: Millis, most: Millis, allowed: string): z.ZodType<Millis> =>
  textTo(allowed, (text) => {
    const read = durationOf(text)
    const length = read && lengthOf({ ...read, working: false })
    return length !== null && length >= least && length <= most ? length : null
  })

export const undoTime = lengthFrom(0, hours(1), 'a time from 0s to 1h, such as 60s')
export const burstWait = lengthFrom(0, seconds(5), 'a time from 0s to 5s, such as 4s')
/** An alarm that rings more often than people can answer is switched off. */
export const ringsEvery = lengthFrom(seconds(10), hours(1), 'a time from 10s to 1h, such as 60s')
export const joinsAfter = lengthFrom(seconds(10), days(1), 'a time from 10s to 1d, such as 5m')
export const reviewWithin = lengthFrom(seconds(1), days(366), 'a time from 1s to 366d, such as 7d')
const checkAllowed = 'a time from 1s to 366d such as 45d, or none'
const checkAfter = lengthFrom(seconds(1), days(366), checkAllowed)
export const effectCheck = textTo<Millis | 'none'>(checkAllowed, (text) =>
  text === 'none' ? 'none' : (checkAfter.safeParse(text).data ?? null),
)

export const shareText = 'a share of the limit such as 50%, from 0% to 1000%'
/** A share of a limit, in per cent. */
export const share = textTo(shareText, (text) => {
  const [, number] = /^(\d{1,4})%$/.exec(text) ?? []
  return number !== undefined && Number(number) <= 1000 ? Number(number) : null
})

/** The levels of domain.md 2.4 as an estate calls them, by their number. */
export const levelNames = ['handler', 'supervisor', 'manager', 'company'] as const
const levelName = oneOf(levelNames)
export const level: z.ZodType<Level> = levelName.transform((name) => levelNames.indexOf(name) as Level)
