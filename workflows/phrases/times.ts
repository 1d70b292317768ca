import { localParts } from '../calendar.ts'
import { dayNumber } from '../local-time.ts'
import type { Instant } from '../ids.ts'

const weekdays = ['一', '二', '三', '四', '五', '六', '日']

/**
 * A moment as people say it, never relative hours or working days (domain.md 2.5): 今天15:30, 明天09:00,
 * 11月24日（周二）18:00; with the year where it is another.
 */
export function timeWords(at: Instant, now: Instant, timezone: string): string {
  return dateWords(at, now, timezone) + clockWords(at, timezone)
}

/** 今天, 明天, 昨天, 11月24日（周二）. */
export function dateWords(at: Instant, now: Instant, timezone: string): string {
  const [then, today] = [localParts(timezone, at), localParts(timezone, now)]
  const apart = dayNumber(then.year, then.month, then.day) - dayNumber(today.year, today.month, today.day)
  if (apart === 0) return '今天'
  if (apart === 1) return '明天'
  if (apart === -1) return '昨天'
  const year = then.year === today.year ? '' : `${String(then.year)}年`
  return `${year}${String(then.month)}月${String(then.day)}日（周${weekdays[then.weekday - 1] ?? ''}）`
}

/** 09:05. */
export function clockWords(at: Instant, timezone: string): string {
  const { hour, minute } = localParts(timezone, at)
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}
