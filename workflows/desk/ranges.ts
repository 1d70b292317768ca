import type { Span } from '../duty-changes.ts'
import { days, hours, type Instant, type Millis } from '../ids.ts'
import { instantOf, localDayNumber } from '../local-time.ts'
import { halfWidth, numberOf, timesSaid, type TimeSaid } from './moments.ts'

export interface Range extends Span {
  /** The text without it. */
  readonly rest: string
  /** Said in days or parts of them, not by the clock. */
  readonly byDay: boolean
}

/**
 * A time that lasts, as staff say it: 明天, 明天下午, 今晚, 11月25日到11月27日, 周一到周三, 明天9:00到15:00, 到明天18:00,
 * 明天起三天, 3天, 2小时. A day is the whole day, several are whole days; what begins today begins now. Null where none is
 * said, or where it ends before it begins.
 */
export function readRange(text: string, now: Instant, timezone: string): Range | null {
  const plain = halfWidth(text)
  const until = /^\s*(?:一直)?(?:请)?到/u.exec(plain)
  const said = [...timesSaid(plain, now, timezone)]
  const [first] = said
  if (first === undefined || (first.index > (until?.[0].length ?? 0) && startsWithLength(plain)))
    return lengthFrom(plain, now, timezone, null)
  const read = new Reader(now, timezone)
  if (until && first.index === until[0].length) {
    const end = read.end(first, first.date ?? localDayNumber(timezone, now), now)
    return ranged({ from: now, until: end }, first.clock === null, text, 0, first.index + first.length)
  }
  const day = first.date ?? localDayNumber(timezone, now)
  const from = read.start(first, day)
  const tail = first.index + first.length
  const joined = /^\s*(?:到|至|[-–—~～])\s*/u.exec(plain.slice(tail))
  const second = joined ? secondOf(plain, tail + joined[0].length, from, now, timezone) : null
  if (second !== null) {
    const end = read.end(inSamePart(first, second), second.date ?? day, from)
    const byDay = first.clock === null && second.clock === null
    return ranged(
      { from: Math.max(from, now), until: end },
      byDay,
      text,
      first.index,
      second.index + second.length,
    )
  }
  const lasting = lengthFrom(plain, now, timezone, { from, index: first.index, tail })
  if (lasting !== null) return { ...lasting, from: Math.max(from, now) }
  const span = {
    from: Math.max(from, now),
    until: first.clock === null ? read.end(first, day, from) : read.dayEnd(day),
  }
  return ranged(span, first.clock === null, text, first.index, tail)
}

/** Whether a text begins with a time, or with a length of it. */
export function beginsWithTime(text: string, now: Instant, timezone: string): boolean {
  const plain = halfWidth(text)
  const [first] = timesSaid(plain, now, timezone)
  return first?.index === 0 || startsWithLength(plain) || (/^到/u.test(plain) && first?.index === 1)
}

class Reader {
  private readonly now: Instant
  private readonly timezone: string

  constructor(now: Instant, timezone: string) {
    this.now = now
    this.timezone = timezone
  }

  at(day: number, clock: Millis): Instant {
    return instantOf(this.timezone, day, clock)
  }

  dayEnd(day: number): Instant {
    return this.at(day + 1, 0)
  }

  start({ clock, part }: TimeSaid, day: number): Instant {
    return this.at(day, clock ?? partOf(part).from)
  }

  /** An hour that is not after the beginning is the next day's. */
  end({ clock, part, date }: TimeSaid, day: number, from: Instant): Instant {
    const at = this.at(day, clock ?? partOf(part).until)
    return date === null && clock !== null && at <= from ? this.at(day + 1, clock) : at
  }
}

/** The second time of a range: a weekday or a date is the next one after the first, 后天 is counted from today. */
function secondOf(
  text: string,
  index: number,
  from: Instant,
  now: Instant,
  timezone: string,
): TimeSaid | null {
  const rest = text.slice(index)
  const [today] = timesSaid(rest, now, timezone)
  if (today?.index !== 0) return null
  const [then] = today.relative ? [today] : timesSaid(rest, from, timezone)
  return then ? { ...then, index: index + then.index } : null
}

/** 下午2点到4点 is until 16:00. */
function inSamePart(first: TimeSaid, second: TimeSaid): TimeSaid {
  const { clock, part, date } = second
  const later =
    first.part === '下午' || first.part === '傍晚' || (first.part === '晚上' && (clock ?? 0) > hours(4))
  const carries = later && clock !== null && clock < hours(12) && part === null && date === null
  return carries ? { ...second, clock: clock + hours(12) } : second
}

/** Since midnight. The night ends with the next morning. */
function partOf(part: string | null): { readonly from: Millis; readonly until: Millis } {
  switch (part) {
    case '凌晨':
      return { from: 0, until: hours(6) }
    case '早上':
    case '上午':
      return { from: 0, until: hours(12) }
    case '中午':
      return { from: hours(11), until: hours(14) }
    case '下午':
    case '傍晚':
      return { from: hours(12), until: hours(18) }
    case '晚上':
      return { from: hours(18), until: hours(30) }
    default:
      return { from: 0, until: days(1) }
  }
}

const lengthPattern =
  /^\s*(?:起|开始)?(?:请|休)?(?:假)?\s*([0-9]{1,2}|[一二两三四五六七八九十]{1,3})个?(小时|钟头|天|日|周|星期|礼拜)/u

const startsWithLength = (text: string): boolean => lengthPattern.test(text)

/** 三天 from today, or from the day said before it; 2小时 from now. Days are whole ones. */
function lengthFrom(
  text: string,
  now: Instant,
  timezone: string,
  after: { readonly from: Instant; readonly index: number; readonly tail: number } | null,
): Range | null {
  const [whole, amount, unit] = lengthPattern.exec(text.slice(after?.tail ?? 0)) ?? []
  if (whole === undefined || amount === undefined) return null
  const count = numberOf(amount)
  const from = after?.from ?? now
  const byClock = unit === '小时' || unit === '钟头'
  const wholeDays = unit === '天' || unit === '日' ? count : count * 7
  const until = byClock
    ? from + hours(count)
    : instantOf(timezone, localDayNumber(timezone, from) + wholeDays, 0)
  return ranged({ from, until }, !byClock, text, after?.index ?? 0, (after?.tail ?? 0) + whole.length)
}

const ranged = (span: Span, byDay: boolean, text: string, index: number, end: number): Range | null =>
  span.from < span.until ? { ...span, byDay, rest: cut(text, index, end) } : null

const cut = (text: string, index: number, end: number): string =>
  (text.slice(0, index) + text.slice(end)).replace(/^[，,。；;：:、\s]+|[，,；;、。\s]+$/gu, '').trim()
