import { describe, expect, test } from 'vitest'
import type { DutyChange } from '../../workflows/duty-changes.ts'
import type { DutyShift } from '../../workflows/estate.ts'
import { hours } from '../../workflows/ids.ts'
import {
  gapLeft,
  isOnRoster,
  postsOf,
  relief,
  shiftEnd,
  shiftsOf,
  wholeShifts,
} from '../../workflows/roster.ts'
import { aCompany, aLeave, anEstate, aSwap, at, staffId } from '../support/builders.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const shift = (staff: string[], start: string, end: string, part: Partial<DutyShift> = {}): DutyShift => ({
  department: '工程',
  buildings: [],
  days: everyDay,
  shift: { start, end },
  staff: staff.map(staffId),
  ...part,
})
const dayNight = [shift(['zhang'], '08:30', '18:00'), shift(['wang'], '18:00', '08:30')]
const company = (duty: readonly DutyShift[], changes: readonly DutyChange[] = []) =>
  aCompany({ estates: [anEstate({ duty })], changes })
const wall = (moment: number | null) =>
  moment === null ? null : new Date(moment + hours(8)).toISOString().slice(5, 16).replace('T', ' ')
const named = (who: string) => {
  const staff = anEstate().staff.find((s) => s.id === who)
  if (!staff) throw new Error(`no ${who}`)
  return staff
}

describe('when the shift of somebody ends next', () => {
  const friday = shift(['wang'], '18:00', '08:30', { days: [5] })
  test.each([
    ['a day shift', dayNight, [], 'zhang', '2026-11-23 10:00', '11-23 18:00'],
    ['a night shift, past midnight', dayNight, [], 'wang', '2026-11-23 20:00', '11-24 08:30'],
    ['asked after midnight', dayNight, [], 'wang', '2026-11-24 03:00', '11-24 08:30'],
    ['before it begins', dayNight, [], 'wang', '2026-11-23 10:00', '11-24 08:30'],
    ['at its very end: the next one', dayNight, [], 'zhang', '2026-11-23 18:00', '11-24 18:00'],
    ['once a week, on Saturday morning', [friday], [], 'wang', '2026-11-23 10:00', '11-28 08:30'],
    ['to midnight', [shift(['zhang'], '16:00', '24:00')], [], 'zhang', '2026-11-23 20:00', '11-24 00:00'],
    ['over the turn of the year', dayNight, [], 'wang', '2026-12-31 22:00', '01-01 08:30'],
    [
      'two shifts that meet are one',
      [shift(['zhang'], '08:30', '18:00'), shift(['zhang'], '18:00', '22:00')],
      [],
      'zhang',
      '2026-11-23 10:00',
      '11-23 22:00',
    ],
    [
      'whoever is always on has none',
      [shift(['zhang'], '00:00', '24:00')],
      [],
      'zhang',
      '2026-11-23 10:00',
      null,
    ],
    ['nor whoever is on no roster', dayNight, [], 'chen', '2026-11-23 10:00', null],
    [
      'a swapped night ends for who took it',
      dayNight,
      [aSwap('wang', 'chen', '2026-11-23 18:00', '2026-11-24 08:30')],
      'chen',
      '2026-11-23 10:00',
      '11-24 08:30',
    ],
    [
      'and not for whose it was',
      dayNight,
      [aSwap('wang', 'chen', '2026-11-23 18:00', '2026-11-24 08:30')],
      'wang',
      '2026-11-23 10:00',
      '11-25 08:30',
    ],
    [
      'a day and then the other’s night: one long shift',
      dayNight,
      [aSwap('wang', 'zhang', '2026-11-23 18:00', '2026-11-24 08:30')],
      'zhang',
      '2026-11-23 10:00',
      '11-24 18:00',
    ],
    [
      'none of a day on leave',
      dayNight,
      [aLeave('zhang', '2026-11-23 00:00', '2026-11-24 00:00')],
      'zhang',
      '2026-11-23 10:00',
      '11-24 18:00',
    ],
  ] as const)('%s', (_, duty, changes, who, now, expected) => {
    expect(wall(shiftEnd(company(duty, changes), staffId(who), at(now)))).toBe(expected)
  })
})

describe('who comes next', () => {
  test('those on duty for the same department from then on, not who is on leave', () => {
    const duty = [
      ...dayNight,
      shift(['li'], '18:00', '08:30'),
      shift(['chen'], '00:00', '24:00', { department: '客服' }),
    ]
    const ids = (changes: readonly DutyChange[] = []) =>
      relief(company(duty, changes), named('zhang'), at('2026-11-23 18:00')).map((s) => s.id)
    expect(ids()).toEqual(['wang', 'li'])
    expect(ids([aLeave('wang', '2026-11-23 12:00', '2026-11-24 12:00')])).toEqual(['li'])
    expect(ids([aSwap('wang', 'sun', '2026-11-23 18:00', '2026-11-24 08:30')])).toEqual(['sun', 'li'])
  })

  test('of an estate’s posts: who now, until when, who then', () => {
    const duty = [...dayNight, shift(['chen'], '08:30', '21:00', { department: '客服' })]
    const [estate] = company(duty).estates
    if (!estate) throw new Error('no estate')
    const shown = (changes: readonly DutyChange[]) =>
      postsOf(company(duty, changes), estate, at('2026-11-23 10:00')).map((p) => [
        p.department,
        p.now.map((s) => s.id),
        wall(p.until),
        p.next.map((s) => s.id),
      ])
    expect(shown([])).toEqual([
      ['工程', ['zhang'], '11-23 18:00', ['wang']],
      ['客服', ['chen'], '11-23 21:00', []],
    ])
    expect(shown([aLeave('zhang', '2026-11-23 12:00', '2026-11-24 12:00')])[0]).toEqual([
      '工程',
      ['zhang'],
      '11-23 12:00',
      [],
    ])
  })
})

describe('a post that a leave empties', () => {
  const span = { from: at('2026-11-24 00:00'), until: at('2026-11-25 00:00') }
  test.each([
    ['the only one on a night', dayNight, 'wang', ['工程', '11-24 00:00']],
    ['not where two have the shift', [shift(['wang', 'zhang'], '18:00', '08:30')], 'wang', null],
    ['without a roster: not while another handler is there', [], 'wang', null],
    ['the only supervisor of a post', [], 'zhao', ['秩序', '11-24 00:00']],
  ] as const)('%s', (_, duty, who, expected) => {
    const gap = gapLeft(company(duty), named(who), span)
    expect(gap && [gap.department, wall(gap.at)]).toEqual(expected)
  })

  test('the last one of two, while the other is on leave', () => {
    const away = [aLeave('zhang', '2026-11-24 00:00', '2026-11-26 00:00')]
    expect(gapLeft(company([], away), named('wang'), span)?.department).toBe('工程')
  })
})

test('a leave in days covers the shifts that begin in them, whole', () => {
  const whole = (who: string) => {
    const span = { from: at('2026-11-24 00:00'), until: at('2026-11-25 00:00') }
    const { from, until } = wholeShifts(company(dayNight), staffId(who), span, at('2026-11-23 10:00'))
    return [wall(from), wall(until)]
  }
  expect(whole('wang')).toEqual(['11-24 08:30', '11-25 08:30'])
  expect(whole('zhang')).toEqual(['11-24 00:00', '11-25 00:00'])
  expect(whole('chen')).toEqual(['11-24 00:00', '11-25 00:00'])
})

test('the shifts of somebody, with those they stand in for and without those others do', () => {
  const swap = aSwap('wang', 'zhang', '2026-11-24 18:00', '2026-11-25 08:30')
  const span = { from: at('2026-11-24 00:00'), until: at('2026-11-25 12:00') }
  const shown = (who: string) =>
    shiftsOf(company(dayNight, [swap]), staffId(who), span).map((s) => `${wall(s.from)} ${wall(s.until)}`)
  expect(shown('wang')).toEqual(['11-23 18:00 11-24 08:30'])
  expect(shown('zhang')).toEqual([
    '11-24 08:30 11-24 18:00',
    '11-24 18:00 11-25 08:30',
    '11-25 08:30 11-25 18:00',
  ])
})

test('a shift of another zone ends on its own wall, also where the clock is put back', () => {
  const estate = anEstate({
    calendar: { ...anEstate().calendar, timezone: 'Europe/Berlin' },
    duty: [shift(['zhang'], '22:00', '06:00')],
  })
  const end = shiftEnd(aCompany({ estates: [estate] }), staffId('zhang'), Date.parse('2026-10-24T21:00:00Z'))
  expect(new Date(end ?? 0).toISOString()).toBe('2026-10-25T05:00:00.000Z')
  expect(
    isOnRoster(aCompany({ estates: [estate] }), staffId('zhang'), Date.parse('2026-10-25T04:59:00Z')),
  ).toBe(true)
})
