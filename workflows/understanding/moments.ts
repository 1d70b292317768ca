import { readDate, type Present } from './dates.ts'
import { alternatives, firsts, match, n, nBegins, sticky } from './grammar.ts'
import * as times from './lexicon/times.ts'
import { readNumber } from './numerals.ts'

/** A stretch of days, or with clock times set a stretch or a point within them. */
export interface Moment {
  /** First and last day (day numbers); null: a time of day without a date. */
  readonly days: readonly [number, number] | null
  /** Minutes from the midnight that begins the first day; null: the whole day. */
  readonly clock: readonly [number, number | null] | null
  /** A part of the day without a clock. */
  readonly part: readonly [number, number] | null
  readonly end: number
}

/** One character alone (早, 晚, 夜) is a part of the day only where it is not the start of another word. */
const daypart = sticky(
  `的?(?:每天|天)?(?:([早晚晨夜])(?!饭|报|点|期|安|好|班|辈|婚|恋|会|宴|市|场|熟|餐|宵|景|教|泳|退|一点(?!半|钟|多|左右)|些|了|就|已|该|年|睡|起|跑|[上晨间里高])|(${alternatives(times.dayparts)}))`,
  `${firsts(times.dayparts)}的每天`,
)
const clock = sticky(
  `(?:大约|大概|约|差不多|快|将近|近)?(${n}|\\d{1,2})(?:(?:点钟?|时(?!间|候|常|不时|而|段|代|刻))(?:(${n})分|(半)|(一刻|三刻|1刻|3刻)|(${n})(?![点时个天号月年\\d栋楼直起定会]))?(?:整|正)?(?:多|几|出头)?|:(\\d{2})(?::(\\d{2}))?(?!\\d))(?:左右|前后|多钟|钟)?`,
  `${nBegins}大约差快将近`,
)

const fuzzyClock = sticky(
  `([一二两三四五六七八九])([一二三四五六七八九])点(?:多|钟)?(?:左右)?`,
  '一二两三四五六七八九',
)
const hourOnly = sticky(`(\\d{1,2})(?=后|以后|之后|到|至|-|~|—)`)
/** A date, a part of the day and a clock time, any of which may be missing; `before` lends what the second half of a range leaves out. */
export function readMoment(text: string, at: number, present: Present, before: Moment | null): Moment | null {
  const date = readDate(text, at, present, before)
  let end = date ? date.end : at
  const impliedPart = date?.part ?? null
  while (text[end] === ' ' || text[end] === ',') {
    if (!date || !/^[ ,]\d{1,2}[:点]/.test(text.slice(end))) break
    end++
  }
  const time = readTimeOfDay(text, end, impliedPart ?? before?.part ?? null)
  if (!date && !time) return null
  if (!date && before?.clock && time && !time.clock) return null
  const days = date?.days ?? null
  if (time)
    return {
      days,
      clock: time.clock,
      part: time.clock ? (time.part ?? impliedPart) : (time.part ?? impliedPart),
      end: time.end,
    }
  return { days, clock: null, part: impliedPart, end }
}

export function readTimeOfDay(
  text: string,
  at: number,
  implied: readonly [number, number] | null,
): Omit<Moment, 'days'> | null {
  const word = match(daypart, text, at)
  const said = word?.[1] ?? word?.[2] ?? ''
  const named = times.dayparts[said] ?? null
  const part = named ?? implied
  const end = word ? at + word[0].length : at
  const fuzzy = match(fuzzyClock, text, end)
  const from = readNumber(fuzzy?.[1] ?? '') ?? 0
  if (fuzzy && readNumber(fuzzy[2] ?? '') === from + 1) {
    return {
      clock: [hourIn(from, part) * 60, hourIn((readNumber(fuzzy[2] ?? '') ?? 0) + 1, part) * 60],
      part,
      end: end + fuzzy[0].length,
    }
  }
  const found = match(clock, text, end)
  if (found) {
    const hour = readNumber(found[1] ?? '')
    const minute =
      readNumber(found[2] ?? found[6] ?? found[5] ?? '') ??
      (found[3] ? 30 : found[4] ? (/[一1]/.test(found[4]) ? 15 : 45) : 0)
    if (hour !== null && hour <= 24 && minute < 60) {
      const minutes = hourIn(hour, part) * 60 + minute
      return { clock: [minutes, null], part, end: end + found[0].length }
    }
  }
  if (part && word) {
    const bare = match(hourOnly, text, end)
    const hour = bare ? Number(bare[1]) : 25
    if (bare && hour <= 12) return { clock: [hourIn(hour, part) * 60, null], part, end: end + bare[0].length }
  }
  if (!named) return null
  if (!implied && word && said.length === 1) return null
  return { clock: null, part: named, end }
}

/** The hour of the day an hour on the clock means in a part of the day: 下午3点 → 15, 晚上12点 → 24, 半夜1点 → 1. */
function hourIn(hour: number, part: readonly [number, number] | null): number {
  if (!part || hour > 12) return hour
  const [from] = part
  if (from >= 22) return hour === 12 ? 24 : hour < 7 ? hour : hour + 12
  if (from >= 17) return hour === 12 ? 24 : hour < 5 ? hour + 24 : hour + 12
  if (from >= 11) return hour === 12 ? 12 : hour >= 11 && from === 11 ? hour : hour + 12
  return hour === 12 && from === 0 ? 0 : hour
}
