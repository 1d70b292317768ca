import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLimit, isOpen, nextOpening, NoServiceTime, serviceMinutes } from '../../workflows/calendar.ts'
import type { Calendar, Limit } from '../../workflows/estate.ts'
import { days, hours, minutes } from '../../workflows/ids.ts'
import {
  always,
  at,
  calendar,
  described,
  guards,
  limit,
  lunch,
  mondayOff,
  night,
  odd,
  office,
  ownDays,
  partTime,
  show,
  threeTimes,
  weekend,
} from '../support/calendars.ts'

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
    // Several windows a day.
    ['three windows: an hour over a gap', threeTimes, '2026-11-23 09:30', '1wh', '2026-11-23 11:30'],
    ['three windows: over both gaps', threeTimes, '2026-11-23 09:00', '5wh', '2026-11-23 17:00'],
    ['three windows: in a gap it waits', threeTimes, '2026-11-23 14:30', '30wm', '2026-11-23 16:30'],
    ['three windows: on in the morning', threeTimes, '2026-11-23 21:30', '1wh', '2026-11-24 06:30'],
    ['three windows: thirteen hours are a day', threeTimes, '2026-11-23 06:00', '13wh', '2026-11-23 22:00'],
    ['three windows: a day from a gap', threeTimes, '2026-11-23 10:20', '1wd', '2026-11-24 11:00'],
    // Different weekdays: Monday morning, Wednesday afternoon, Friday all day.
    ['Monday morning goes on on Wednesday', partTime, '2026-11-23 11:00', '2wh', '2026-11-25 14:00'],
    ['Tuesday is closed', partTime, '2026-11-24 10:00', '1wh', '2026-11-25 14:00'],
    ['Wednesday evening goes on on Friday', partTime, '2026-11-25 19:00', '3wh', '2026-11-27 10:00'],
    ['a morning the next day has none of', partTime, '2026-11-23 09:00', '1wd', '2026-11-25 13:00'],
    ['an evening the next day has as well', partTime, '2026-11-25 19:30', '1wd', '2026-11-27 19:30'],
    ['an evening Monday has not', partTime, '2026-11-27 19:30', '1wd', '2026-12-02 13:00'],
    ['a made-up Saturday has Monday’s morning', partTime, '2026-02-27 19:00', '2wh', '2026-02-28 09:00'],
    // Night shift with a pause.
    ['a night with a pause', guards, '2026-11-23 22:30', '1wh', '2026-11-24 00:00'],
    ['the end of a night goes on in the evening', guards, '2026-11-24 07:00', '1wh', '2026-11-24 19:30'],
    ['three at night is the evening before', guards, '2026-11-24 03:00', '1wd', '2026-11-25 03:00'],
    ['the night into National Day', guards, '2026-10-01 07:00', '1wh', '2026-10-08 19:30'],
    ['the night before the made-up Saturday', night, '2026-02-13 23:00', '4wh', '2026-02-14 21:00'],
    // Spring Festival.
    ['with lunch on the made-up Saturday', lunch, '2026-02-14 11:00', '8wh', '2026-02-24 11:00'],
    ['ten days with both made-up Saturdays', office, '2026-02-10 09:00', '10wd', '2026-03-02 09:00'],
    ['除夕 is off', office, '2026-02-16 10:00', '30wm', '2026-02-24 09:00'],
    ['a day of it the estate works', ownDays, '2026-02-15 12:00', '4wh', '2026-02-18 12:30'],
    ['a made-up day the estate is closed', ownDays, '2026-02-13 17:00', '2wd', '2026-02-24 17:00'],
    ['2025: from Friday over the made-up Sunday', office, '2025-01-24 17:00', '3wd', '2025-02-05 17:00'],
    ['2025: the made-up Saturday after it', office, '2025-02-07 17:30', '1wh', '2025-02-08 09:00'],
    // National Day.
    ['with lunch on the first day after', lunch, '2026-09-30 17:00', '3wh', '2026-10-08 10:30'],
    ['the made-up Saturday is worked after noon too', lunch, '2026-10-09 17:30', '4wh', '2026-10-10 12:00'],
    ['2025: eight days off', office, '2025-09-30 17:00', '2wd', '2025-10-10 17:00'],
    ['2025: the made-up Saturday after it', office, '2025-10-10 17:30', '1wh', '2025-10-11 09:00'],
    ['an estate that never closes rests on it', always, '2026-09-30 23:00', '2wh', '2026-10-08 01:00'],
    // The other holidays of 2026.
    ['Labour Day takes Monday and Tuesday', office, '2026-04-30 10:00', '1wd', '2026-05-06 10:00'],
    ['Labour Day is made up on a Saturday', office, '2026-05-08 15:00', '1wd', '2026-05-09 15:00'],
    ['端午', office, '2026-06-18 17:00', '2wh', '2026-06-22 09:30'],
    ['中秋', office, '2026-09-24 17:00', '1wd', '2026-09-28 17:00'],
    ['New Year, its Sunday as a Monday', lunch, '2025-12-31 17:00', '4wh', '2026-01-04 11:30'],
    // A year the estate filled in.
    ['Spring Festival of a described year', described, '2027-02-04 17:00', '1wd', '2027-02-12 17:00'],
    ['the made-up day of a described year', described, '2027-02-19 17:30', '1wh', '2027-02-20 09:00'],
    // S1 and S2 run around the clock, whatever the calendar says.
    ['around the clock in a holiday night', office, '2026-10-02 22:00', '30m', '2026-10-02 22:30'],
    ['a day around the clock in Spring Festival', lunch, '2026-02-17 03:00', '24h', '2026-02-18 03:00'],
    ['three days around the clock over it', mondayOff, '2026-02-14 12:00', '3d', '2026-02-17 12:00'],
    // Odds and ends.
    ['seconds before opening', office, '2026-11-23 08:29:30', '45ws', '2026-11-23 08:30:45.000Z'],
    ['closed Mondays: a day begins on Tuesday', mondayOff, '2026-11-23 10:00', '1wd', '2026-11-25 09:00'],
    ['Friday night goes on on Monday', odd, '2026-11-27 21:00', '10wh', '2026-11-30 01:00'],
  ])('%s', (_name, estate, from, text, due) => {
    expect(show(addLimit(estate, at(from), limit(text)))).toBe(due)
  })

  it('Frappe: is refused for a calendar without any window, instead of looked for without end', () => {
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
  const estates = fc.constantFrom(
    office,
    lunch,
    night,
    always,
    weekend,
    mondayOff,
    odd,
    threeTimes,
    partTime,
    guards,
    ownDays,
    described,
  )
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

  it('is monotone: who has more time is never due earlier', () => {
    fc.assert(
      fc.property(estates, instants, limits, fc.integer({ min: 0, max: 20 }), (estate, from, l, more) => {
        const longer = addLimit(estate, from, { ...l, amount: l.amount + more })
        expect(longer).toBeGreaterThanOrEqual(addLimit(estate, from, l))
      }),
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
