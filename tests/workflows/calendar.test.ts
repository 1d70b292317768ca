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
  nextOpening,
  NoServiceTime,
  quietUntil,
  serviceMinutes,
  yearsWithoutTable,
} from '../../workflows/calendar.ts'
import type { Calendar, Limit } from '../../workflows/estate.ts'
import { dayKind, isRestDay, statutoryDays, yearsWithTable } from '../../workflows/holidays.ts'
import { days, hours, minutes } from '../../workflows/ids.ts'
import { dateOf, dayNumber, dayOfText, instantOf, weekdayOf } from '../../workflows/local-time.ts'

// chinese-days builds its tables in the machine's time zone; west of Greenwich every one of its holidays is a day early.
vi.hoisted(() => {
  process.env.TZ = 'Asia/Shanghai'
})

const at = (local: string): number => Date.parse(`${local.replace(' ', 'T')}+08:00`)
const show = (instant: number): string =>
  new Date(instant + hours(8)).toISOString().replace('T', ' ').replace(':00.000Z', '')
const dayText = (day: number): string => new Date(days(day)).toISOString().slice(0, 10)

const week = (text: string) => text.split(',').map((w) => ({ start: w.slice(0, 5), end: w.slice(6) }))
const calendar = (windows: Record<number, string>, more: Partial<Calendar> = {}): Calendar => ({
  timezone: 'Asia/Shanghai',
  windows: Object.fromEntries(Object.entries(windows).map(([day, text]) => [day, week(text)])),
  closed: [],
  open: [],
  ...more,
})
const everyDay = (text: string, from = 1, to = 7) =>
  Object.fromEntries(Array.from({ length: to - from + 1 }, (_, i) => [from + i, text]))

const office = calendar(everyDay('08:30-18:00', 1, 5))
const lunch = calendar({ ...everyDay('08:30-12:00,13:30-18:00', 1, 5), 6: '09:00-12:00' })
const night = calendar(everyDay('20:00-02:00', 1, 5))
const always = calendar(everyDay('00:00-24:00'))
const weekend = calendar(everyDay('09:00-21:00'), { closed: ['2026-11-25'], open: ['2026-10-01'] })
const odd = calendar({ 1: '00:00-18:00', 2: '00:00-18:00', 5: '20:00-06:00' })
const mondayOff = calendar(everyDay('09:00-17:00', 2, 7))

function limit(text: string): Limit {
  const [, amount, working, unit] = /^(\d+)(w?)([smhd])$/.exec(text) ?? []
  return { amount: Number(amount), working: working === 'w', unit: unit as Limit['unit'] }
}

describe('a limit in the calendar of an estate', () => {
  // 2026-11-23 is a Monday.
  it.each([
    ['the worked example of domain.md 2.5', office, '2026-02-13 17:00', '2wd', '2026-02-24 17:00'],
    ['minutes inside the day', office, '2026-11-23 09:00', '30wm', '2026-11-23 09:30'],
    ['hours inside the day', office, '2026-11-23 09:00', '4wh', '2026-11-23 13:00'],
    ['hours that fit exactly end at closing', office, '2026-11-23 14:00', '4wh', '2026-11-23 18:00'],
    ['hours go on the next morning', office, '2026-11-23 16:00', '4wh', '2026-11-24 10:30'],
    ['hours over a weekend', office, '2026-11-27 17:00', '2wh', '2026-11-30 09:30'],
    ['what comes in at night starts at opening', office, '2026-11-23 22:15', '1wh', '2026-11-24 09:30'],
    ['what comes in at dawn starts at opening', office, '2026-11-23 05:00', '1wh', '2026-11-23 09:30'],
    [
      'what comes in at closing starts the next morning',
      office,
      '2026-11-23 18:00',
      '1wd',
      '2026-11-25 08:30',
    ],
    ['what comes in on Sunday starts on Monday', office, '2026-11-22 12:00', '1wd', '2026-11-24 08:30'],
    ['a day keeps the time of day', office, '2026-11-23 15:20', '1wd', '2026-11-24 15:20'],
    ['five days are a week', office, '2026-11-23 15:20', '5wd', '2026-11-30 15:20'],
    ['seconds count too', office, '2026-11-23 17:59', '90ws', '2026-11-24 08:30:30.000Z'],
    ['lunch does not count', lunch, '2026-11-23 11:30', '1wh', '2026-11-23 14:00'],
    ['what comes in at lunch starts after it', lunch, '2026-11-23 12:40', '1wh', '2026-11-23 14:30'],
    ['one service day with lunch is eight hours', lunch, '2026-11-23 08:30', '8wh', '2026-11-23 18:00'],
    ['Saturday morning is worked', lunch, '2026-11-27 17:00', '2wh', '2026-11-28 10:00'],
    ['a half day ends at noon', lunch, '2026-11-28 11:00', '2wh', '2026-11-30 09:30'],
    [
      'a time Saturday has no window for goes to Monday',
      lunch,
      '2026-11-27 15:00',
      '1wd',
      '2026-11-30 08:30',
    ],
    ['a time Saturday has a window for stays', lunch, '2026-11-27 10:00', '1wd', '2026-11-28 10:00'],
    ['a time before Saturday opens waits for it', lunch, '2026-11-27 08:40', '1wd', '2026-11-28 09:00'],
    ['two days from late on Saturday morning', lunch, '2026-11-28 11:59', '2wd', '2026-12-01 11:59'],
    ['a night shift runs over midnight', night, '2026-11-23 23:30', '3wh', '2026-11-24 20:30'],
    [
      'the hours after midnight belong to the evening before',
      night,
      '2026-11-24 01:00',
      '1wd',
      '2026-11-25 01:00',
    ],
    ['the night into Saturday is Friday', night, '2026-11-28 01:00', '1wd', '2026-12-01 01:00'],
    ['daytime waits for the night shift', night, '2026-11-23 10:00', '1wh', '2026-11-23 21:00'],
    ['around the clock ignores night and weekend', office, '2026-11-27 22:00', '4h', '2026-11-28 02:00'],
    ['a day around the clock is 24 hours', office, '2026-11-27 22:00', '1d', '2026-11-28 22:00'],
    ['an estate that never closes', always, '2026-11-27 23:00', '2wh', '2026-11-28 01:00'],
    ['Spring Festival: the Saturday before counts', office, '2026-02-14 17:00', '2wh', '2026-02-24 09:30'],
    ['Spring Festival: nine days off', office, '2026-02-15 09:00', '1wh', '2026-02-24 09:30'],
    ['Spring Festival: five days from before', office, '2026-02-12 10:00', '5wd', '2026-02-26 10:00'],
    ['Spring Festival: the Saturday after counts', office, '2026-02-27 10:00', '1wd', '2026-02-28 10:00'],
    ['a made-up Saturday has the windows of Monday', lunch, '2026-02-28 15:00', '1wh', '2026-02-28 16:00'],
    ['Spring Festival 2025', office, '2025-01-27 17:00', '1wd', '2025-02-05 17:00'],
    [
      'National Day: three days from the last working day',
      office,
      '2026-09-30 17:00',
      '3wd',
      '2026-10-10 17:00',
    ],
    ['National Day: the holiday waits', office, '2026-10-03 12:00', '4wh', '2026-10-08 12:30'],
    [
      'National Day 2025 ends on the 8th, a Sunday was worked',
      office,
      '2025-09-27 10:00',
      '1wd',
      '2025-09-29 08:30',
    ],
    ['Mid-autumn and National Day in one count', office, '2026-09-24 17:30', '5wd', '2026-10-09 17:30'],
    ['the made-up Sunday of September', office, '2026-09-19 10:00', '1wh', '2026-09-20 09:30'],
    ['Labour Day', office, '2026-04-30 17:30', '1wh', '2026-05-06 09:00'],
    ['清明 on a weekend takes the Monday', office, '2026-04-03 17:30', '1wh', '2026-04-07 09:00'],
    ['New Year, then the worked Sunday', office, '2025-12-31 17:30', '1wh', '2026-01-04 09:00'],
    ['a seven-day estate rests on holidays too', weekend, '2026-10-02 10:00', '1wh', '2026-10-08 10:00'],
    ['unless it says it works', weekend, '2026-09-30 20:30', '1wh', '2026-10-01 09:30'],
    ['its own closed day', weekend, '2026-11-24 20:30', '1wh', '2026-11-26 09:30'],
    [
      'a night hour the reached day has no window for any more goes to the next opening',
      odd,
      '2026-11-28 05:00',
      '1wd',
      '2026-12-01 00:00',
    ],
    ['closed Mondays', mondayOff, '2026-11-22 16:30', '1wh', '2026-11-24 09:30'],
    [
      'closed Mondays: a made-up Saturday runs as a Saturday',
      mondayOff,
      '2026-02-14 10:00',
      '1wh',
      '2026-02-14 11:00',
    ],
    ['a year without table: statutory days rest', office, '2026-12-31 17:30', '1wh', '2027-01-04 09:00'],
    [
      'a year without table: Spring Festival is four days',
      office,
      '2027-02-04 17:30',
      '1wh',
      '2027-02-09 09:00',
    ],
    ['a year without table: no weekend is made up', office, '2027-09-30 17:30', '1wh', '2027-10-04 09:00'],
  ])('%s', (_name, estate, from, text, due) => {
    expect(show(addLimit(estate, at(from), limit(text)))).toBe(due)
  })

  it('is refused for a calendar without any window, instead of looked for without end', () => {
    const never = calendar({})
    expect(() => addLimit(never, at('2026-11-23 09:00'), limit('1wh'))).toThrow(NoServiceTime)
    expect(() => addLimit(never, at('2026-11-23 09:00'), limit('1wd'))).toThrow(NoServiceTime)
    expect(() => nextOpening(never, at('2026-11-23 09:00'))).toThrow(NoServiceTime)
    expect(addLimit(never, 0, limit('1h'))).toBe(hours(1))
  })

  it('counts ten thousand deadlines in well under a second', () => {
    const started = performance.now()
    for (let i = 0; i < 10_000; i++) addLimit(lunch, at('2026-01-01 00:00') + i * minutes(37), limit('10wd'))
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('properties of service time', () => {
  const estates = fc.constantFrom(office, lunch, night, always, weekend, mondayOff, odd)
  const instants = fc.integer({ min: at('2025-12-01 00:00'), max: at('2027-03-01 00:00') })
  const limits = fc
    .record({ amount: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom('m', 'h', 'd') })
    .map((l): Limit => ({ ...l, unit: l.unit, working: true }))
  /** Due when the doors close is due in time: windows are closed at their end here. */
  const inWindow = (estate: Calendar, due: number) => isOpen(estate, due) || isOpen(estate, due - 1)

  it('never lands outside a window', () => {
    fc.assert(
      fc.property(estates, instants, limits, (estate, from, l) =>
        inWindow(estate, addLimit(estate, from, l)),
      ),
    )
  })

  it('is monotone: what comes in later is never due earlier', () => {
    fc.assert(
      fc.property(
        estates,
        instants,
        fc.integer({ min: 0, max: days(9) }),
        limits,
        (estate, from, later, l) => {
          expect(addLimit(estate, from + later, l)).toBeGreaterThanOrEqual(addLimit(estate, from, l))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('adds up: minutes in two parts are the minutes in one', () => {
    const parts = fc.integer({ min: 1, max: 3_000 })
    fc.assert(
      fc.property(estates, instants, parts, parts, (estate, from, a, b) => {
        const split = addLimit(estate, addLimit(estate, from, limit(`${a}wm`)), limit(`${b}wm`))
        expect(split).toBe(addLimit(estate, from, limit(`${a + b}wm`)))
      }),
    )
  })

  it('measures what it added', () => {
    fc.assert(
      fc.property(estates, instants, fc.integer({ min: 1, max: 3_000 }), (estate, from, amount) => {
        expect(serviceMinutes(estate, from, addLimit(estate, from, limit(`${amount}wm`)))).toBeCloseTo(
          amount,
          6,
        )
      }),
    )
  })

  it('opens next at an open moment, and nothing is served before it', () => {
    fc.assert(
      fc.property(estates, instants, (estate, from) => {
        const opening = nextOpening(estate, from)
        expect(isOpen(estate, opening)).toBe(true)
        expect(serviceMinutes(estate, from, opening)).toBe(0)
      }),
    )
  })
})

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
