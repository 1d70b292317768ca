import { localParts } from '../calendar.ts'
import { days, hours, minutes, type Instant, type Millis } from '../ids.ts'
import { dateOf, dayNumber, instantOf } from '../local-time.ts'

export interface Moment {
  readonly at: Instant
  /** The text without it. */
  readonly rest: string
}

/**
 * A future time as staff promise it: 明天15:00前, 后天上午10点, 周五18:00, 11月25日 9点半, 2小时内, 三天内. Null where none is said.
 * An hour alone means the next such hour, a weekday the next one; a day alone the end of its working day. What is written
 * with a day that is over (今天9点 in the afternoon) stays in the past: the caller says so. Of several the last one counts
 * that is said with 前, else the last one with a clock or a length, else the last; what lies ahead comes before what is over.
 */
export function readMoment(text: string, now: Instant, timezone: string): Moment | null {
  const plain = halfWidth(text)
  const found = [...lengths(plain, now), ...instants(plain, now, timezone)]
  const ahead = found.filter((f) => f.at > now)
  const best = promised(ahead.length > 0 ? ahead : found)
  return best ? { at: best.at, rest: without(text, best.index, best.length) } : null
}

function promised(found: readonly Found[]): Found | undefined {
  const inOrder = found.toSorted((a, b) => a.index - b.index)
  return (
    inOrder.findLast((f) => f.said === 'before') ??
    inOrder.findLast((f) => f.said === 'exactly') ??
    inOrder.at(-1)
  )
}

interface Found {
  readonly at: Instant
  readonly index: number
  readonly length: number
  /** 明天15:00前; 明天15:00 or 2小时内; 明天. */
  readonly said: 'before' | 'exactly' | 'day'
}

/** １５：００ → 15:00, character by character, so that positions stay. */
export const halfWidth = (text: string): string =>
  text.replace(/[０-９：]/gu, (c) => (c === '：' ? ':' : String.fromCharCode(c.charCodeAt(0) - 0xfee0)))

const lengthPattern =
  /([0-9]{1,3}(?:\.[0-9])?|[一二两三四五六七八九十]{1,3})?个?(半)?个?(分钟|小时|钟头|天|日|周|星期)(半)?(?:之?内|以内|之?后|以后)/gu

/** 2小时内, 一个半小时内, 半天内, 三天后. */
function* lengths(text: string, now: Instant): Generator<Found> {
  for (const match of text.matchAll(lengthPattern)) {
    const [whole, amount, half, unit, andHalf] = match
    if (amount === undefined && half === undefined) continue
    const count = (amount === undefined ? 0 : numberOf(amount)) + ((half ?? andHalf) ? 0.5 : 0)
    if (count > 0)
      yield { at: now + count * lengthOf(unit), index: match.index, length: whole.length, said: 'exactly' }
  }
}

const lengthOf = (unit: string | undefined): Millis =>
  unit === '分钟'
    ? minutes(1)
    : unit === '小时' || unit === '钟头'
      ? hours(1)
      : unit === '天' || unit === '日'
        ? days(1)
        : days(7)

/** What a number with 号 also names: 3号楼, 5号电梯, 2号泵. */
const notADay = '(?!楼|栋|幢|门|梯|电|房|井|泵|水|机|线|岗|池|馆|库|柱|车|灯|桩|地|单|配|点位)'

const momentPattern = new RegExp(
  '(昨天|昨晚|前天|上周[一二三四五六日天]?|今天|今晚|今早|明天|明晚|明早|大后天|后天|' +
    '(?:下下|下|本|这)?(?:周|星期|礼拜)([一二三四五六日天])|' +
    '(?:[0-9]{4}年)?([0-9]{1,2})月([0-9]{1,2})[日号]|' +
    `([0-9]{1,2})[日号]${notADay})?` +
    '\\s{0,2}(凌晨|早上|上午|中午|下午|傍晚|晚上)?\\s{0,2}' +
    '(?:([0-9]{1,2}):([0-9]{2})|([0-9]{1,2}|[一二两三四五六七八九十]{1,3})点(半|一刻|三刻|整|钟|[0-9]{1,2}分?|[一二三四五六七八九十]{1,3}分)?)?' +
    '\\s{0,2}(之前|以前|前)?',
  'gu',
)

function* instants(text: string, now: Instant, timezone: string): Generator<Found> {
  for (const match of text.matchAll(momentPattern)) {
    const [whole, day, weekday, month, monthDay, dayOnly, part, hour, minute, spoken, more, before] = match
    if (day === undefined && hour === undefined && spoken === undefined) continue
    if (day !== undefined && /^(?:昨|前|上)/u.test(day)) continue
    const bound = before !== undefined
    // 两点原因, 三点要求 are no times of day.
    const bare = day === undefined && part === undefined && more === undefined && !bound
    if (bare && spoken !== undefined && !/^[0-9]/u.test(spoken)) continue
    const clock = clockOf({ day, part, hour, minute, spoken, more })
    const date = dayOf({ day, weekday, month, monthDay, dayOnly }, now, timezone)
    if (clock === null || date === null) continue
    const said = instantOf(timezone, date, clock)
    const again = day === undefined ? 1 : weekday === undefined || /^[下本这]/u.test(day) ? 0 : 7
    const at = said <= now && again > 0 ? instantOf(timezone, date + again, clock) : said
    const exact = hour !== undefined || spoken !== undefined
    yield { at, index: match.index, length: whole.length, said: bound ? 'before' : exact ? 'exactly' : 'day' }
  }
}

/** What is said of one time: a day, a part of one, or an hour. */
export interface TimeSaid {
  readonly index: number
  readonly length: number
  /** The local day; null where only an hour is said. */
  readonly date: number | null
  /** 明天 and the like: counted from today, whatever was said before it. */
  readonly relative: boolean
  readonly part: string | null
  /** Since midnight; null where no hour is said. */
  readonly clock: Millis | null
}

/** Every day, part of a day and hour in the text, in order; what is over is read as it is said. */
export function* timesSaid(text: string, now: Instant, timezone: string): Generator<TimeSaid> {
  for (const match of halfWidth(text).matchAll(momentPattern)) {
    const [whole, day, weekday, month, monthDay, dayOnly, part, hour, minute, spoken, more, before] = match
    if (day === undefined && part === undefined && hour === undefined && spoken === undefined) continue
    if (before !== undefined || (day !== undefined && /^(?:昨|前|上)/u.test(day))) continue
    const date = day === undefined ? null : dayOf({ day, weekday, month, monthDay, dayOnly }, now, timezone)
    const said = hour !== undefined || spoken !== undefined
    const clock = said ? clockOf({ day, part, hour, minute, spoken, more }) : null
    if ((day !== undefined && date === null) || (said && clock === null)) continue
    const evening = day === undefined ? null : (/^[今明](晚|早)$/u.exec(day)?.[1] ?? null)
    yield {
      index: match.index,
      length: whole.trimEnd().length,
      date,
      relative: day !== undefined && day in daysAhead,
      part: part ?? (evening === '晚' ? '晚上' : evening === '早' ? '早上' : null),
      clock,
    }
  }
}

function without(text: string, index: number, length: number): string {
  const [head, tail] = [text.slice(0, index), text.slice(index + length)]
  const twice = /[，,、；;]\s*$/u.test(head) && /^\s*[，,、；;]/u.test(tail)
  return (head + (twice ? tail.replace(/^\s*[，,、；;]/u, '') : tail))
    .replace(/^[，,。；;：:、\s]+|[，,；;、\s]+$/gu, '')
    .trim()
}

const digits = '零一二三四五六七八九十'

/** 12, 1.5, 两, 十, 十二, 二十, 二十五. */
export function numberOf(words: string): number {
  if (/^[0-9.]+$/.test(words)) return Number(words)
  const spoken = words.replace('两', '二')
  const [tens, ones] = spoken.includes('十') ? spoken.split('十') : [undefined, spoken]
  const value = (word: string | undefined) => (word ? digits.indexOf(word[0] ?? '') : 0)
  return (tens === undefined ? 0 : 10 * (tens === '' ? 1 : value(tens))) + value(ones)
}

interface ClockParts {
  readonly day: string | undefined
  readonly part: string | undefined
  readonly hour: string | undefined
  readonly minute: string | undefined
  readonly spoken: string | undefined
  readonly more: string | undefined
}

/** Time of day in ms; a day without an hour means the end of the working day, 18:00. Null for 25:00. */
function clockOf(of: ClockParts): Millis | null {
  const night = of.part === '晚上' || of.day === '今晚' || of.day === '明晚'
  const morning = of.part === '上午' || of.part === '早上' || of.day === '今早' || of.day === '明早'
  const written = of.hour ?? of.spoken
  if (written === undefined) {
    if (of.part === '凌晨') return hours(6)
    if (morning) return hours(12)
    if (of.part === '中午') return hours(13)
    return night ? hours(21) : hours(18)
  }
  const minute = of.minute === undefined ? minuteOf(of.more) : Number(of.minute)
  const hour = hourOf(numberOf(written), of.part, night)
  return hour * 60 + minute > 24 * 60 || minute > 59 ? null : hours(hour) + minutes(minute)
}

/** 晚上8点 is 20, 晚上12点 is 24, 中午1点 is 13, 下午12点 stays 12. */
function hourOf(hour: number, part: string | undefined, night: boolean): number {
  if (night) return hour === 12 ? 24 : hour > 4 && hour < 12 ? hour + 12 : hour
  if ((part === '下午' || part === '傍晚') && hour < 12) return hour + 12
  if (part === '中午' && hour < 3) return hour + 12
  return hour
}

const minuteOf = (words: string | undefined): number => {
  if (words === undefined || words === '整' || words === '钟') return 0
  return words === '半'
    ? 30
    : words === '一刻'
      ? 15
      : words === '三刻'
        ? 45
        : numberOf(words.replace('分', ''))
}

interface DayParts {
  readonly day: string | undefined
  readonly weekday: string | undefined
  readonly month: string | undefined
  readonly monthDay: string | undefined
  readonly dayOnly: string | undefined
}

const daysAhead: Readonly<Record<string, number>> = {
  今天: 0,
  今晚: 0,
  今早: 0,
  明天: 1,
  明晚: 1,
  明早: 1,
  后天: 2,
  大后天: 3,
}

/** The local day that is meant; null where there is no such day. */
function dayOf(of: DayParts, now: Instant, timezone: string): number | null {
  const { year, month, day, weekday } = localParts(timezone, now)
  const today = dayNumber(year, month, day)
  if (of.day === undefined) return today
  const ahead = daysAhead[of.day]
  if (ahead !== undefined) return today + ahead
  if (of.weekday !== undefined) {
    const wanted = '一二三四五六日'.indexOf(of.weekday === '天' ? '日' : of.weekday) + 1
    // 下周五 on a Monday is the Friday of the week after; 周五 alone is the next one.
    const weeks = of.day.startsWith('下下') ? 2 : of.day.startsWith('下') ? 1 : 0
    return weeks > 0 ? today - weekday + 7 * weeks + wanted : today + ((wanted - weekday + 7) % 7)
  }
  if (of.month !== undefined && of.monthDay !== undefined) {
    const [m, d] = [Number(of.month), Number(of.monthDay)]
    const thisYear = realDay(year, m, d)
    return thisYear !== null && thisYear >= today ? thisYear : realDay(year + 1, m, d)
  }
  const d = Number(of.dayOnly)
  const thisMonth = realDay(year, month, d)
  if (thisMonth !== null && thisMonth >= today) return thisMonth
  return month === 12 ? realDay(year + 1, 1, d) : realDay(year, month + 1, d)
}

/** Null for 2月30日. */
function realDay(year: number, month: number, day: number): number | null {
  const number = dayNumber(year, month, day)
  const back = dateOf(number)
  return back.month === month && back.day === day ? number : null
}
