import chineseDays from 'chinese-days'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  addLimit,
  capped,
  civilEnd,
  isOpen,
  localDay,
  localParts,
  quietUntil,
  serviceMinutes,
  yearsWithoutTable,
} from '../../workflows/calendar.ts'
import { dayKind, isRestDay, statutoryDays, yearsWithTable } from '../../workflows/holidays.ts'
import { days, hours } from '../../workflows/ids.ts'
import { dateOf, dayNumber, dayOfText, instantOf, weekdayOf } from '../../workflows/local-time.ts'
import { always, at, calendar, everyDay, limit, lunch, night, office, show } from '../support/calendars.ts'

// chinese-days builds its tables in the machine's time zone; west of Greenwich every one of its holidays is a day early.
vi.hoisted(() => {
  process.env.TZ = 'Asia/Shanghai'
})

const dayText = (day: number): string => new Date(days(day)).toISOString().slice(0, 10)

describe('a count of calendar days', () => {
  it.each([
    ['skips the first day and ends at closing', '2026-11-23 09:00', 3, '2026-11-26 18:00'],
    ['rolls from a Saturday to Monday', '2026-11-25 09:00', 3, '2026-11-30 18:00'],
    ['rolls out of Spring Festival', '2026-02-13 17:00', 10, '2026-02-24 18:00'],
    ['rolls out of National Day', '2026-09-23 17:00', 10, '2026-10-08 18:00'],
    ['does not roll from a made-up Saturday', '2026-09-30 17:00', 10, '2026-10-10 18:00'],
    ['rolls in a year without table', '2026-12-22 17:00', 10, '2027-01-04 18:00'],
  ])('%s', (_name, from, count, end) => {
    expect(show(civilEnd(office, at(from), count))).toBe(end)
  })

  it('does not roll from a day the estate file makes up, in a year nobody else knows', () => {
    const from = at('2027-02-17 17:00')
    expect(show(civilEnd(office, from, 3))).toBe('2027-02-22 18:00')
    expect(show(civilEnd({ ...office, open: ['2027-02-20'] }, from, 3))).toBe('2027-02-20 18:00')
    expect(show(civilEnd({ ...office, open: ['2027-02-21'] }, from, 3))).toBe('2027-02-21 18:00')
  })

  it('ends at the closing before where the estate itself is shut that day', () => {
    const shut = { ...office, closed: ['2026-11-26'] }
    expect(show(civilEnd(shut, at('2026-11-23 09:00'), 3))).toBe('2026-11-25 18:00')
  })

  it('ends at midnight where a window runs on after it', () => {
    expect(show(civilEnd(night, at('2026-11-23 21:00'), 1))).toBe('2026-11-25 00:00')
  })

  it('caps a limit in working days, and leaves an earlier one alone', () => {
    const from = at('2026-02-13 17:00')
    const five = addLimit(office, from, limit('5wd'))
    expect(show(five)).toBe('2026-02-27 17:00')
    expect(show(capped(office, five, from, 10))).toBe('2026-02-24 18:00')
    expect(capped(office, from + hours(1), from, 10)).toBe(from + hours(1))
  })
})

describe('opening hours', () => {
  it('are open from the first instant up to the last, which is closed', () => {
    expect(isOpen(lunch, at('2026-11-23 08:30'))).toBe(true)
    expect(isOpen(lunch, at('2026-11-23 08:29'))).toBe(false)
    expect(isOpen(lunch, at('2026-11-23 12:00'))).toBe(false)
    expect(isOpen(lunch, at('2026-11-23 13:30'))).toBe(true)
    expect(isOpen(lunch, at('2026-10-01 10:00'))).toBe(false)
    expect(isOpen(night, at('2026-11-24 01:59'))).toBe(true)
  })

  it('count a minute once where the window of a made-up day meets the night before', () => {
    const shifts = calendar({ 1: '08:00-20:00', 5: '20:00-10:00' })
    // Friday's night runs to Saturday 10:00; Saturday 2026-02-14 is made up with Monday's windows.
    expect(serviceMinutes(shifts, at('2026-02-13 20:00'), at('2026-02-14 20:00'))).toBe(24 * 60)
  })

  it('are nothing backwards', () => {
    expect(serviceMinutes(office, at('2026-11-24 10:00'), at('2026-11-23 10:00'))).toBe(0)
  })
})

describe('the national holidays', () => {
  it.each(yearsWithTable.map((year) => [year]))('of %i are those chinese-days knows', (year) => {
    const first = dayNumber(year, 1, 1)
    const all = Array.from({ length: dayNumber(year + 1, 1, 1) - first }, (_, i) => first + i)
    for (const day of all) {
      expect([dayText(day), isRestDay(day)]).toEqual([dayText(day), !chineseDays.isWorkday(dayText(day))])
    }
    expect(all.filter((day) => dayKind(day) === 'off').map(dayText)).toEqual(
      chineseDays.getHolidaysInRange(dayText(first), dayText(first + all.length - 1), false),
    )
  })

  it.each(yearsWithTable.map((year) => [year]))(
    'of %i hold the 13 statutory days worked out from the moon',
    (year) => {
      for (const day of statutoryDays(year))
        expect([dayText(day), dayKind(day)]).toEqual([dayText(day), 'off'])
      expect(new Set(statutoryDays(year)).size).toBeGreaterThanOrEqual(12)
    },
  )

  it('of a year without table are the 13 statutory days', () => {
    expect([...statutoryDays(2027)].map(dayText)).toEqual([
      '2027-01-01',
      '2027-02-05',
      '2027-02-06',
      '2027-02-07',
      '2027-02-08',
      '2027-04-05',
      '2027-05-01',
      '2027-05-02',
      '2027-06-09',
      '2027-09-15',
      '2027-10-01',
      '2027-10-02',
      '2027-10-03',
    ])
    // A leap fifth month comes before the eighth: 2028.
    expect(statutoryDays(2028).map(dayText)).toContain('2028-10-03')
    expect(statutoryDays(2028).map(dayText)).toContain('2028-05-28')
  })

  it('name the years nobody gave a table for', () => {
    expect(yearsWithoutTable(office, at('2026-11-23 00:00'), at('2028-01-01 00:00'))).toEqual([2027, 2028])
    expect(yearsWithoutTable(office, at('2026-01-01 00:00'), at('2026-12-31 23:59'))).toEqual([])
  })

  it('count a year the estate describes by days off and days worked', () => {
    const [from, to] = [at('2026-11-23 00:00'), at('2027-02-01 00:00')]
    const own = { ...office, closed: ['2027-02-04'], open: ['2027-02-20'] }
    expect(yearsWithoutTable(own, from, to)).toEqual([])
    expect(yearsWithoutTable({ ...own, open: [] }, from, to)).toEqual([2027])
  })
})

describe('local time', () => {
  it('is told without the time zone of the machine', () => {
    const parts = { year: 2026, month: 11, day: 23, hour: 0, minute: 5, second: 9, weekday: 1 }
    expect(localParts('Asia/Shanghai', at('2026-11-23 00:05:09'))).toEqual(parts)
    expect(localDay('Asia/Shanghai', at('2026-11-22 23:59'))).toBe('20261122')
    expect(localDay('Asia/Shanghai', at('2026-11-23 00:00'))).toBe('20261123')
    expect(localDay('America/New_York', at('2026-11-23 00:00'))).toBe('20261122')
  })

  it('follows another zone through its clock changes', () => {
    const berlin = { ...calendar(everyDay('09:00-17:00')), timezone: 'Europe/Berlin' }
    const friday = Date.parse('2026-03-27T16:00+01:00')
    expect(addLimit(berlin, friday, limit('2wd'))).toBe(Date.parse('2026-03-29T16:00+02:00'))
    const [start, end] = [Date.parse('2026-03-29T00:00+01:00'), Date.parse('2026-03-30T00:00+02:00')]
    expect(serviceMinutes({ ...always, timezone: 'Europe/Berlin' }, start, end)).toBe(23 * 60)
  })

  it('turns every day into its number and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (day) => {
        const { year, month, day: date } = dateOf(day)
        expect(dayNumber(year, month, date)).toBe(day)
        expect(new Date(days(day)).getUTCDay() || 7).toBe(weekdayOf(day))
        expect(new Date(days(day)).getUTCDate()).toBe(date)
      }),
    )
    expect(dayOfText('2026-02-29')).toBeNull()
    expect(instantOf('Asia/Shanghai', dayNumber(2026, 11, 23), hours(9))).toBe(at('2026-11-23 09:00'))
  })
})

describe('quiet hours', () => {
  const quiet = { start: '21:00', end: '09:00' }
  const zone = 'Asia/Shanghai'
  it.each([
    ['2026-11-23 20:59', null],
    ['2026-11-23 21:00', '2026-11-24 09:00'],
    ['2026-11-24 03:00', '2026-11-24 09:00'],
    ['2026-11-24 09:00', null],
  ])('over midnight at %s', (now, until) => {
    const end = quietUntil(quiet, zone, at(now))
    expect(end === null ? null : show(end)).toBe(until)
  })

  it('may lie within a day, or not be there', () => {
    expect(show(quietUntil({ start: '12:00', end: '14:00' }, zone, at('2026-11-23 13:00')) ?? 0)).toBe(
      '2026-11-23 14:00',
    )
    expect(quietUntil({ start: '12:00', end: '14:00' }, zone, at('2026-11-23 14:00'))).toBeNull()
    expect(quietUntil(null, zone, at('2026-11-23 03:00'))).toBeNull()
  })
})
