import type { Instant } from '../ids.ts'
import { isoOf, localSecondsOf } from './civil.ts'
import { presentAt, type Present } from './dates.ts'
import { readDuration } from './durations.ts'
import {
  alternatives,
  firsts,
  match,
  mayBegin,
  n,
  startOfDay,
  sticky,
  weekdayNumber,
  type Words,
} from './grammar.ts'
import * as times from './lexicon/times.ts'
import { readMoment, readTimeOfDay } from './moments.ts'
import { quote, type Reading } from './normalise.ts'
import { readNumber } from './numerals.ts'
import {
  amount,
  between,
  clockOf,
  noTime,
  since,
  single,
  suffix,
  type FoundTime,
  type TimeFact,
} from './timefacts.ts'

const joiner = sticky(`(?:\\S{0,2}?)(?:一直|持续|直)?(?:到|至|-{1,2}|~|—{1,2}|直到)`)
const every = sticky(
  `(?:几乎|基本上?|差不多)?(?:每(?:个|到|逢|天)?(?=晚上|夜里|夜晚|夜间|早上|早晨|凌晨|中午|下午|上午|傍晚|半夜|深夜)|每隔(${amount})(?:个)?(年|月|个月|周|星期|礼拜|天|日|小时|分钟)|每(?:个|到|逢|一)?(${n})?(?:个)?(天|日|晚|夜|周|星期|礼拜|月|年|个月|小时|季度)|天天|日日|晚晚|年年|夜夜|月月)(?:都)?`,
  '几基差每天日晚年夜月',
)

const everyDay = sticky(`([一二三四五六日天末])`)
const everyMonthDay = sticky(`(${n})[日号]|初(${n})`)
const plainHabit = sticky(times.plainHabits, times.plainHabitsBegin)
const habit = sticky(times.habits, firsts(times.habits))
const occasion = sticky(
  `(?:(${times.occasionLeads})(?:(?:${times.occasions})|${times.seasonal})(?:${times.occasionTails})?|(?:${times.occasions})${times.occasionTails}|${times.seasonal}(?:${times.occasionTails})?)`,
  times.occasionsBegin,
)
const stillSo = sticky(
  `(?:${[...times.nows].sort((a, b) => b.length - a.length).join('|')})(?!就|马上|立刻|立即|才|有空|能不能|可以)`,
  firsts(times.nows.join('|')),
)
const recent = sticky(alternatives(times.recent), firsts(times.recent))
const justNow = sticky(alternatives(times.justNow), firsts(times.justNow))
const lead = sticky(`(?:从|自从|自|打从|打|经常在|经常|大约|大概|约)`, '从自打经大约')
/** Every time a text names, in order of the text (现在, 至今 last), verbatim and resolved against `now` in the estate's zone. */
export function readTimes(reading: Reading, now: Instant, timezone: string): TimeFact[] {
  const { text } = reading
  const facts: TimeFact[] = []
  const ongoing: TimeFact[] = []
  let present: Present | null = null
  for (let at = 0; at < text.length;) {
    if (!mayBegin(text, at)) {
      at++
      continue
    }
    present ??= presentAt(localSecondsOf(now, timezone))
    const still = match(stillSo, text, at)
    if (still) {
      const end = at + still[0].length
      ongoing.push({ ...noTime, start: isoOf(present.now), text: quote(reading, at, end) })
      at = end
      continue
    }
    const found = readAt(text, at, present)
    if (!found || found.end <= at || isPartOfAnother(text, at, found.end)) {
      at = skipNumber(text, at)
      continue
    }
    facts.push({ ...found.fact, text: quote(reading, at, found.end).trim() })
    at = found.end
  }
  return [...facts, ...ongoing]
}

/** A number inside a longer one, a plate or a price is no time. */
function isPartOfAnother(text: string, start: number, end: number): boolean {
  const words = text.slice(start, end)
  if (/^\d/.test(words) && /[\d.a-z]/.test(text[start - 1] ?? '')) return true
  if (words === '一点' && /[大小多少快慢高低早晚长短轻重好远近宽有差无]/.test(text[start - 1] ?? ''))
    return true
  return /^(?:上|下|前|后|早|晚|夜|中|月|年|日|周|天|半|初|这|本|那|快|有|近)$/.test(words)
}

function skipNumber(text: string, at: number): number {
  let next = at + 1
  if (/\d/.test(text[at] ?? '')) while (/\d/.test(text[next] ?? '')) next++
  return next
}

/** A written number, and what stands behind it. */
const numeral = sticky('[\\d〇零一二两三四五六七八九十百廿]+', '0123456789〇零一二两三四五六七八九十百廿')
const counted = /[年月日号点时:/\-.个天周星礼小钟分刻秒晚夜宿多来余半几好上至到以后之、~—黄大段整清早]/

/** A number behind which nothing stands that is counted in times: of a building, of a price. */
function isOtherNumber(text: string, at: number): boolean {
  const found = match(numeral, text, at)
  if (!found || /^(?:[五六七八]一|三十|初)/.test(found[0])) return false
  return !counted.test(text[at + found[0].length] ?? '')
}

function readAt(text: string, at: number, present: Present): FoundTime | null {
  if (isOtherNumber(text, at))
    return readHabit(plainHabit, text, at) ?? readOccasion(text, at) ?? readHabit(habit, text, at)
  return (
    readHabit(plainHabit, text, at) ??
    readSet(text, at) ??
    readRecent(text, at, present.now) ??
    readRange(text, at, present) ??
    readDuration(text, at, present.now) ??
    readOccasion(text, at) ??
    readHabit(habit, text, at)
  )
}

function readHabit(words: Words, text: string, at: number): FoundTime | null {
  const found = match(words, text, at)
  if (!found) return null
  return { fact: { ...noTime, type: 'set', set: { freq: 'day', interval: 1 } }, end: at + found[0].length }
}

function readRecent(text: string, at: number, now: number): FoundTime | null {
  const just = match(justNow, text, at)
  if (just && !/^刚(?:[好需性硬度满过]|做完|交|买|装|搬|换)/.test(text.slice(at))) {
    const back = times.justNow[just[0]] ?? 300
    return { fact: { ...noTime, type: 'point', start: isoOf(now - back) }, end: at + just[0].length }
  }
  const span = match(recent, text, at)
  if (!span) return null
  const back = times.recent[span[0]] ?? 7
  const fact = {
    ...noTime,
    type: 'range' as const,
    start: isoOf(startOfDay(now) - (back - 1) * 86_400),
    end: isoOf(now),
  }
  return { fact, end: at + span[0].length }
}

/** 下雪后, 一到暴雨天, 做饭那个点: a time of which the clock says nothing. */
function readOccasion(text: string, at: number): FoundTime | null {
  const found = match(occasion, text, at)
  if (!found) return null
  const fact: FoundTime['fact'] = found[1]
    ? { ...noTime, type: 'set', set: { freq: 'day', interval: 1 } }
    : noTime
  return { fact, end: at + found[0].length }
}

/** 每天晚上6点到8点, 每周一, 每月4号, 每隔3天, 天天. */
function readSet(text: string, at: number): FoundTime | null {
  const found = match(every, text, at)
  if (!found) return null
  let end = at + found[0].length
  const unit = found[2] ?? found[4] ?? (/^[年]/.test(found[0]) ? '年' : /^月/.test(found[0]) ? '月' : '天')
  const interval = readNumber(found[1] ?? found[3] ?? '1') ?? 1
  const freq = /天|日|晚|夜/.test(unit)
    ? 'day'
    : /周|星期|礼拜/.test(unit)
      ? 'week'
      : /小时/.test(unit)
        ? 'hour'
        : /分钟/.test(unit)
          ? 'minute'
          : /年/.test(unit)
            ? 'year'
            : 'month'
  const set: Record<string, unknown> = { freq, interval: unit === '季度' ? 3 * interval : interval }
  if (freq === 'week') {
    const day = match(everyDay, text, end)
    if (day) {
      set.byday = day[1] === '末' ? [6, 7] : [weekdayNumber(day[1] ?? '一')]
      end += day[0].length
    }
  }
  if (freq === 'month') {
    const day = match(everyMonthDay, text, end)
    if (day) {
      set.monthDay = readNumber(day[1] ?? day[2] ?? '')
      end += day[0].length
    }
  }
  if (freq === 'year') {
    const month = /^(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?/.exec(text.slice(end, end + 5))
    if (month) {
      set.month = readNumber(month[1] ?? '')
      end += month[0].length
    }
  }
  const isNight = /晚|夜/.test(unit)
  const time = readClockSpan(text, end, isNight ? [18, 24] : null)
  if (time) {
    set.clockStart = time.clockStart
    if (time.clockEnd !== null) set.clockEnd = time.clockEnd
    end = time.end
  }
  if (!time) {
    const then = match(occasion, text, end)
    if (then) end += then[0].length
  }
  return { fact: { ...noTime, type: 'set', set }, end }
}

/** A part of the day and clock times after a recurring day. */
function readClockSpan(
  text: string,
  at: number,
  part: readonly [number, number] | null,
): { clockStart: string; clockEnd: string | null; end: number } | null {
  const first = readTimeOfDay(text, at, part)
  if (!first) return null
  const start = first.clock?.[0] ?? (first.part ? first.part[0] * 60 : null)
  if (start === null) return null
  let endMinutes = first.clock ? first.clock[1] : first.part ? first.part[1] * 60 : null
  let end = first.end
  const join = match(joiner, text, end)
  if (join && (first.clock ?? first.part)) {
    const second = readTimeOfDay(text, end + join[0].length, first.part ?? part)
    if (second?.clock) {
      endMinutes = second.clock[0]
      end = second.end
    }
  }
  return { clockStart: clockOf(start), clockEnd: endMinutes === null ? null : clockOf(endMinutes), end }
}

function readRange(text: string, at: number, present: Present): FoundTime | null {
  const opener = match(lead, text, at)
  const begin = opener ? at + opener[0].length : at
  const first = readMoment(text, begin, present, null)
  if (!first) return null
  let end = first.end
  const join = match(joiner, text, end)
  if (join && (join[0].length <= 2 || opener)) {
    const second = readMoment(text, end + join[0].length, present, first)
    if (second) {
      const after = match(suffix, text, second.end)
      return {
        fact: between(first, second),
        end: after && /之间|左右|期间/.test(after[1] ?? '') ? second.end + after[0].length : second.end,
      }
    }
    const still = /^(?:现在|如今|今(?!天|晚|年)|目前)(?:为止)?/.exec(text.slice(end + join[0].length))
    if (still) return { fact: since(first, present.now), end: end + join[0].length + still[0].length }
  }
  const after = match(suffix, text, end)
  const word = after?.[1] ?? ''
  if (after && /以来|起|开始|至今|到现在|到今天/.test(word)) {
    if (first.days) return { fact: since(first, present.now), end: end + after[0].length }
    end += after[0].length
  } else if (
    after &&
    /以后|之后|后|左右|期间|之前|以前|前/.test(word) &&
    word.length + (first.clock || first.days ? 1 : 0) >= 2 &&
    !(word === '来' || word === '多')
  ) {
    end += after[0].length
  }
  if (opener && /^(?:从|自|自从|打)/.test(opener[0]) && first.days && !first.clock)
    return { fact: since(first, present.now), end }
  if (opener && !first.days && !first.clock && !/经常/.test(opener[0])) return null
  return { fact: single(first), end }
}
