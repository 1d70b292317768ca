import { civilOf, dayNumber, daysInMonth, weekdayOf, type Civil, type LocalSeconds } from './civil.ts'
import { alternatives, firsts, match, n, nBegins, sticky, weekdayNumber } from './grammar.ts'
import * as times from './lexicon/times.ts'
import { readNumber } from './numerals.ts'

/** `18年`, `08年`: a year of this century, where no length of time is meant. */
const shortYear = sticky(`([012]\\d)年(?![多半了来前以之级代]|\\d{1,2}月)`, '012')
/** `2019以来`: a year without 年. */
const bareYear = sticky(`((?:19|20)\\d{2})(?=以来|至今|到现在)`, '12')
const fullDate = sticky(`(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)`, '0123456789')
const slashDate = sticky(`(\\d{1,2})/(\\d{1,2})(?![\\d/])`, '0123456789')
const yearMonthDay = sticky(
  `(?:(\\d{4}|[〇零一二三四五六七八九]{4}|今|去|前|大前|明|本|当|同)年(?!级|代|龄|纪|轻|前(?![一二三四五六七八九十几\\d])|以前|之前)的?)?(?:(${n}|同|本|当)月(?!\\s?卡|租|费)份?(?:的)?(?:(${n})(?:[日号](?![楼线门院梯栋岗柜店池车座地]|电梯|塔|.?单元)(?:[,(]?(?:周|星期|礼拜)[一二三四五六日天][)]?)?|(?=[到至~—-]))|(初|上旬|中旬|下旬|底|末|中(?!午|旬|间)))?)?((?:年)?(?:年初|年底|年末|年中|上半年|下半年|前(?:${n}|几)个?月|第?[一二三四]季度|初|底))?`,
  `${nBegins}〇今去前大明本当同`,
)

const dayOnly = sticky(
  `(${n})[日号](?!.?单元|\\d{3}|[一二三四五六七八九][零〇一二三四五六七八九]|[楼线门院梯栋岗柜店池车座地]|电梯|塔)`,
  nBegins,
)
const dayWord = sticky(alternatives(times.daywords), firsts(times.daywords))
const weekWord = sticky(
  `(上上|上|这|本|下)?(?:个|一)?(?:周|星期|礼拜)(?:([一二三四五六日天末])|(?!到|全))(?!年|边|围|期|转|岁)`,
  '上这本下个一周星礼',
)
const monthWord = sticky(
  `(上上|上|这|本|下)个?月(份)?(?:(初|底|末|中旬|上旬|下旬)|(${n})[日号])?`,
  '上这本下',
)
const holiday = sticky(
  `(今年|去年|前年)?(${alternatives(times.fixedHolidays)}|春节|过年|除夕|大年三十|三十晚上|端午节?|中秋节?|元宵节?|重阳节?|(?:大年|正月)?初[一二三四五六七八九十]|腊月(?:初)?${n}|小年)(期间|假期|长假|前后|那天|这天|当天|前|后|以后|之后|七天|那会儿)?`,
  `${firsts(times.fixedHolidays)}今去前春过除大三端中元重正初腊小`,
)

const season = sticky(`(今年|去年|前年)?(${alternatives(times.seasons)})`, `${firsts(times.seasons)}今去前`)
/** What lends the second half of a range its year and month. */
export interface Dated {
  readonly days: readonly [number, number] | null
}

export interface DateFound {
  readonly days: readonly [number, number]
  readonly part: readonly [number, number] | null
  readonly end: number
}

/** The moment of writing. */
export interface Present {
  readonly now: LocalSeconds
  /** Its day number. */
  readonly today: number
  readonly civil: Civil
}

export const presentAt = (now: LocalSeconds): Present => ({
  now,
  today: Math.floor(now / 86_400),
  civil: civilOf(now),
})

export function readDate(
  text: string,
  at: number,
  { today, civil }: Present,
  before: Dated | null,
): DateFound | null {
  const on = (
    days: readonly [number, number],
    length: number,
    part: readonly [number, number] | null = null,
  ): DateFound => ({ days, part, end: at + length })

  const full = match(fullDate, text, at)
  if (full) {
    const [year, month, day] = [Number(full[1]), Number(full[2]), Number(full[3])]
    if (month > 12 || day > 31) return null
    const number = dayNumber(year, month, day)
    return on([number, number], full[0].length)
  }
  const short = match(shortYear, text, at)
  if (short && Number(short[1]) <= civil.year % 100)
    return on(partOfYear(2_000 + Number(short[1]), undefined), short[0].length)
  const bare = match(bareYear, text, at)
  if (bare) return on(partOfYear(Number(bare[1]), undefined), bare[0].length)
  const slash = match(slashDate, text, at)
  if (slash) {
    const [month, day] = [Number(slash[1]), Number(slash[2])]
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31)
      return on(pastDay(civil, today, month, day), slash[0].length)
  }
  const word = match(dayWord, text, at)
  if (word) {
    const day = today + (times.daywords[word[0]] ?? 0)
    const part = /[晚夜]$/.test(word[0])
      ? times.dayparts['晚上']
      : /[早晨]$/.test(word[0])
        ? times.dayparts['早上']
        : null
    const dated = /^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号](?![楼门栋])/.exec(
      text.slice(at + word[0].length, at + word[0].length + 4),
    )
    return on(
      [day, day],
      word[0].length + (dated && word[0].startsWith('今') ? dated[0].length : 0),
      part ?? null,
    )
  }
  return (
    readHoliday(text, at, civil, today) ??
    readYearMonthDay(text, at, civil, today, before) ??
    readWeek(text, at, today) ??
    readMonth(text, at, civil) ??
    readSeason(text, at, civil) ??
    readDayOnly(text, at, civil, today, before)
  )
}

function readYearMonthDay(
  text: string,
  at: number,
  now: Civil,
  today: number,
  before: Dated | null,
): DateFound | null {
  const found = match(yearMonthDay, text, at)
  if (!found || found[0] === '') return null
  const [words, yearWord, monthWordFound, dayFound, third, extra] = found
  if (!yearWord && !monthWordFound) return null
  const lent = before?.days ? civilOf(before.days[0] * 86_400) : null
  const year = yearWord ? yearOf(yearWord, now) : null
  const end = at + words.length
  if (!monthWordFound) {
    if (year === null) return null
    return { days: partOfYear(year, extra), part: null, end }
  }
  const month = /^[同本当]$/.test(monthWordFound) ? (lent?.month ?? now.month) : readNumber(monthWordFound)
  if (month === null || month < 1 || month > 12) return null
  const day = dayFound ? readNumber(dayFound) : null
  if (day !== null && (day < 1 || day > 31)) return null
  const isAhead = (y: number): boolean => dayNumber(y, month, day ?? 1) > today
  const resolved =
    year ??
    (lent
      ? lent.month <= month
        ? lent.year
        : lent.year + 1
      : isAhead(now.year) && !/^[同本当]$/.test(monthWordFound)
        ? now.year - 1
        : now.year)
  if (day !== null) {
    const number = dayNumber(resolved, month, day)
    return { days: [number, number], part: null, end }
  }
  return { days: partOfMonth(resolved, month, third ?? extra), part: null, end }
}

function readDayOnly(
  text: string,
  at: number,
  now: Civil,
  today: number,
  before: Dated | null,
): DateFound | null {
  const found = match(dayOnly, text, at)
  if (!found) return null
  const day = readNumber(found[1] ?? '')
  if (day === null || day < 1 || day > 31) return null
  const base = before?.days ? civilOf(before.days[0] * 86_400) : now
  let number = dayNumber(base.year, base.month, day)
  if (!before && number > today) number = dayNumber(base.year, base.month - 1, day)
  return { days: [number, number], part: null, end: at + found[0].length }
}

function readWeek(text: string, at: number, today: number): DateFound | null {
  const found = match(weekWord, text, at)
  if (!found || (!found[1] && !found[2])) return null
  const shift = { 上上: -14, 上: -7, 这: 0, 本: 0, 下: 7 }[found[1] ?? ''] ?? 0
  const monday = today - (weekdayOf(today) - 1) + shift
  const end = at + found[0].length
  if (!found[2]) return { days: [monday, monday + 6], part: null, end }
  if (found[2] === '末') {
    const saturday = !found[1] && monday + 5 > today ? monday - 2 : monday + 5
    return { days: [saturday, saturday + 1], part: null, end }
  }
  let day = monday + weekdayNumber(found[2]) - 1
  if (!found[1] && day > today) day -= 7
  return { days: [day, day], part: null, end }
}

function readMonth(text: string, at: number, now: Civil): DateFound | null {
  const found = match(monthWord, text, at)
  if (!found) return null
  const shift = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1 }[found[1] ?? ''] ?? 0
  const first = civilOf(dayNumber(now.year, now.month + shift, 1) * 86_400)
  const end = at + found[0].length
  const day = found[4] ? readNumber(found[4]) : null
  if (day !== null) {
    const number = dayNumber(first.year, first.month, day)
    return { days: [number, number], part: null, end }
  }
  return { days: partOfMonth(first.year, first.month, found[3]), part: null, end }
}

function readSeason(text: string, at: number, now: Civil): DateFound | null {
  const found = match(season, text, at)
  if (!found) return null
  const months = times.seasons[found[2] ?? '']
  if (!months) return null
  const shift = { 去年: -1, 前年: -2 }[found[1] ?? ''] ?? 0
  let year = now.year + shift
  if (!found[1] && months[0] > now.month) year--
  const last = civilOf(dayNumber(year, months[1], 1) * 86_400)
  return {
    days: [
      dayNumber(year, months[0], 1),
      dayNumber(last.year, last.month, daysInMonth(last.year, last.month)),
    ],
    part: null,
    end: at + found[0].length,
  }
}

function readHoliday(text: string, at: number, now: Civil, today: number): DateFound | null {
  const found = match(holiday, text, at)
  if (!found) return null
  const [words, yearWord, name = '', span] = found
  const shift = { 今年: 0, 去年: -1, 前年: -2 }[yearWord ?? '']
  const dayIn = (year: number): readonly [number, number] | null => {
    const fixed = times.fixedHolidays[name]
    if (fixed) {
      const day = dayNumber(year, fixed[0], fixed[1])
      return [day, span && /期间|假|七天/.test(span) ? day + fixed[2] - 1 : day]
    }
    const table = times.lunar[year]
    if (!table) return null
    const at = (mmdd: string): number => dayNumber(year, Number(mmdd.slice(0, 2)), Number(mmdd.slice(2)))
    const spring = at(table[0])
    if (/春节|过年/.test(name)) return [spring, span && /期间|假|那会儿/.test(span) ? spring + 6 : spring]
    if (/除夕|三十/.test(name)) return [spring - 1, spring - 1]
    if (name === '小年') return [spring - 7, spring - 7]
    if (/元宵/.test(name)) return [spring + 14, spring + 14]
    if (/端午/.test(name)) return [at(table[1]), at(table[1]) + (span && /期间|假/.test(span) ? 2 : 0)]
    if (/中秋/.test(name)) return [at(table[2]), at(table[2]) + (span && /期间|假/.test(span) ? 2 : 0)]
    const twelfth = /腊月(?:初)?(.+)/.exec(name)
    if (twelfth)
      return [
        spring - 30 + (readNumber(twelfth[1] ?? '') ?? 1) - 1,
        spring - 30 + (readNumber(twelfth[1] ?? '') ?? 1) - 1,
      ]
    const first = /初(.)$/.exec(name)
    if (first)
      return [spring + (readNumber(first[1] ?? '') ?? 1) - 1, spring + (readNumber(first[1] ?? '') ?? 1) - 1]
    return null
  }
  let days = dayIn(now.year + (shift ?? 0))
  if (days && shift === undefined && days[0] > today) days = dayIn(now.year - 1)
  return days ? { days, part: /晚上$/.test(name) ? [18, 24] : null, end: at + words.length } : null
}

/** The most recent such day that is not ahead. */
function pastDay(now: Civil, today: number, month: number, day: number): readonly [number, number] {
  const thisYear = dayNumber(now.year, month, day)
  const number = thisYear > today ? dayNumber(now.year - 1, month, day) : thisYear
  return [number, number]
}

function partOfMonth(year: number, month: number, third: string | undefined): readonly [number, number] {
  const last = daysInMonth(year, month)
  const [from, to] =
    third === undefined
      ? [1, last]
      : /初|上旬/.test(third)
        ? [1, 10]
        : /中/.test(third)
          ? [11, 20]
          : /下旬/.test(third)
            ? [21, last]
            : [last - 6, last]
  return [dayNumber(year, month, from), dayNumber(year, month, to)]
}

function partOfYear(year: number, part: string | undefined): readonly [number, number] {
  const until = (month: number): number => dayNumber(year, month, daysInMonth(year, month))
  const months = /前(.+?)个?月/.exec(part ?? '')
  if (months) return [dayNumber(year, 1, 1), until(readNumber(months[1] ?? '') ?? 3)]
  if (part && /初/.test(part)) return [dayNumber(year, 1, 1), until(3)]
  if (part && /底|末/.test(part)) return [dayNumber(year, 11, 1), until(12)]
  const quarter = /([一二三四])季度/.exec(part ?? '')
  if (quarter) {
    const last = 3 * (readNumber(quarter[1] ?? '') ?? 1)
    return [dayNumber(year, last - 2, 1), until(last)]
  }
  if (part === '年中') return [dayNumber(year, 5, 1), until(8)]
  if (part === '上半年') return [dayNumber(year, 1, 1), until(6)]
  if (part === '下半年') return [dayNumber(year, 7, 1), until(12)]
  return [dayNumber(year, 1, 1), until(12)]
}

function yearOf(word: string, now: Civil): number | null {
  const shift = { 今: 0, 本: 0, 当: 0, 同: 0, 去: -1, 前: -2, 大前: -3, 明: 1 }[word]
  return shift === undefined ? readNumber(word) : now.year + shift
}
