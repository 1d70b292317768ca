import { civilOf, dayNumber, daysInMonth, isoOf, secondsOf, weekdayOf } from './civil.ts'
import { match, nBegins, startOfDay, sticky } from './grammar.ts'
import { readNumber } from './numerals.ts'
import { amount, noTime, suffix, type FoundTime } from './timefacts.ts'

const units: Readonly<Record<string, number>> = {
  年: 0,
  月: 0,
  个月: 0,
  周: 604_800,
  星期: 604_800,
  礼拜: 604_800,
  天: 86_400,
  日: 86_400,
  小时: 3_600,
  钟头: 3_600,
  分钟: 60,
  分: 60,
  刻钟: 900,
  秒: 1,
  秒钟: 1,
  晚上: 86_400,
  夜: 86_400,
  晚: 86_400,
  宿: 86_400,
}

const duration = sticky(
  `(近|快|将近|大概|大约|约|已经|已|整整|足足|成|长达|前后|得有|至少|有|连续|连着|持续|差不多|之前|最近的?|过去的?|这|上|历时|前|头|超过)?(${amount})(多|来|余)?(?:个)?(半)?(多)?(年(?!过|轻|级|龄|代)|个月|月|周|星期|礼拜|天|小时|钟头|分钟|刻钟|秒钟?|晚上|晚(?![点饭班间会安报餐])|宿)(半|多|余)?`,
  `${nBegins}好几数半大小仨俩个近快将约已整足成长前得至有连持差之最过这上历头超`,
)

const durationTail = sticky(`[又零]?(${amount})个?(年|个月|周|星期|礼拜|天|小时|钟头|分钟|分|秒)`)
/** 三个月, 两个小时以前, 近三个月, 36天5小时30分, 一天半以来. */
export function readDuration(text: string, at: number, now: number): FoundTime | null {
  const found = match(duration, text, at)
  if (!found) return null
  const [words, before, amountWord = '', , half, , unit = '', tailHalf] = found
  if (unit === '月' && !/个|仨|俩|几|半|一|两/.test(words)) return null
  if (/^(?:晚上?|宿)$/.test(unit) && /\d/.test(amountWord)) return null
  // 楼上1301天天晚上吵: a room, and 天天.
  if (unit === '天' && text[at + words.length] === '天') return null
  let { seconds, months } = lengthOf(amountWord, unit, half === '半' || tailHalf === '半')
  let end = at + words.length
  for (let tail = match(durationTail, text, end); tail; tail = match(durationTail, text, end)) {
    const more = lengthOf(tail[1] ?? '', tail[2] ?? '', false)
    seconds += more.seconds
    months += more.months
    end += tail[0].length
  }
  const back = (): number => minus(now, seconds, months)
  const after = match(suffix, text, end)
  const word = after?.[1] ?? ''
  const withSuffix = after ? end + after[0].length : end
  if (/^(?:以前|之前|前)$/.test(word)) {
    const whole = months > 0 || seconds >= 86_400
    const start = whole ? startOfDay(back()) : back()
    return { fact: { ...noTime, type: whole ? 'range' : 'point', start: isoOf(start) }, end: withSuffix }
  }
  if (
    /^(?:以来|来|至今|到现在)$/.test(word) ||
    (before && /^(?:近|最近的?|过去的?|这|上|前|之前|头)$/.test(before))
  ) {
    const weeks = before === '上' && /周|星期|礼拜/.test(unit)
    const start = weeks
      ? (Math.floor(now / 86_400) - (weekdayOf(Math.floor(now / 86_400)) - 1)) * 86_400 - seconds
      : back()
    const stop = weeks ? start + seconds - 1 : now
    return {
      fact: {
        ...noTime,
        type: 'range',
        start: isoOf(months > 0 ? startOfDay(start) : start),
        end: isoOf(stop),
      },
      end: /来|至今|现在/.test(word) ? withSuffix : end,
    }
  }
  const fact = {
    ...noTime,
    type: 'duration' as const,
    seconds:
      months > 0 && seconds === 0 ? Math.round(months * 2_629_800) : seconds + Math.round(months * 2_629_800),
    months: months > 0 ? months : null,
  }
  return { fact, end: /^(?:之久|多|左右|内)$/.test(word) ? withSuffix : end }
}

function lengthOf(amountWord: string, unit: string, half: boolean): { seconds: number; months: number } {
  const vague: Readonly<Record<string, number>> = {
    半: 0.5,
    大半: 0.7,
    小半: 0.4,
    几: 4,
    个把: 1,
    好些: 5,
    好几: 5,
    数: 4,
    仨: 3,
    俩: 2,
    十几: 15,
    几十: 40,
  }
  const value =
    (vague[amountWord] ??
      (/^\d+\.\d$/.test(amountWord) ? Number(amountWord) : (readNumber(amountWord) ?? 1))) + (half ? 0.5 : 0)
  if (unit === '年') return { seconds: 0, months: value * 12 }
  if (unit === '个月' || unit === '月') return { seconds: 0, months: value }
  return { seconds: Math.round(value * (units[unit] ?? 86_400)), months: 0 }
}

function minus(now: number, seconds: number, months: number): number {
  if (months === 0) return now - seconds
  const c = civilOf(now)
  const whole = Math.floor(months)
  const first = civilOf(dayNumber(c.year, c.month - whole, 1) * 86_400)
  const day = Math.min(c.day, daysInMonth(first.year, first.month))
  return (
    secondsOf({ ...first, day, hour: c.hour, minute: c.minute, second: c.second }) -
    seconds -
    Math.round((months - whole) * 30) * 86_400
  )
}
