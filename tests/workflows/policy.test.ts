import { describe, expect, it } from 'vitest'
import type { Calendar, Estate, Limit, Policy } from '../../workflows/estate.ts'
import { days, type EstateId, hours, minutes } from '../../workflows/ids.ts'
import { commonSteps, deadline, defaultPolicy, limitOf, steps } from '../../workflows/policy.ts'
import { severities } from '../../workflows/severity.ts'
import { families } from '../../workflows/taxonomy.ts'

const at = (local: string): number => Date.parse(`${local.replace(' ', 'T')}+08:00`)
const words = (limit: Limit | null): string =>
  limit === null ? '-' : `${limit.amount}${limit.working ? 'w' : ''}${limit.unit}`

const office = [{ start: '08:30', end: '18:00' }]
const calendar: Calendar = {
  timezone: 'Asia/Shanghai',
  windows: { 1: office, 2: office, 3: office, 4: office, 5: office },
  closed: [],
  open: [],
}
const estate = (policy: Policy = defaultPolicy): Estate => ({
  id: 'hefeng' as EstateId,
  name: '和风苑',
  phone: '0731-88881111',
  buildings: [],
  staff: [],
  calendar,
  duty: [],
  policy,
  hotlines: {},
  words: {},
})

describe('the built-in limits', () => {
  it.each([
    ['accept', 'RP', ['5m', '30m', '2wh', '1wd']],
    ['contact', 'RP', ['10m', '1h', '4wh', '1wd']],
    ['answer', 'RP', ['3d', '5d', '10d', '10d']],
    ['visit', 'RP', ['24h', '24h', '2wd', '3wd']],
    ['onSite', 'EL', ['15m', '30m', '4wh', '-']],
    ['onSite', 'PV', ['1h', '1h', '1wd', '-']],
    ['resolve', 'UT', ['1h', '12h', '2wd', '5wd']],
    ['resolve', 'RP', ['1h', '3d', '3wd', '10wd']],
    ['resolve', 'CM', ['30m', '3d', '5wd', '10wd']],
  ] as const)('%s of %s are those of domain.md', (step, family, limits) => {
    expect(severities.map((severity) => words(limitOf(defaultPolicy, step, family, severity)))).toEqual(
      limits,
    )
  })

  it('give an empty S1 cell the emergency row', () => {
    for (const family of ['CL', 'PO', 'FE', 'CM', 'SG'] as const) {
      expect(words(limitOf(defaultPolicy, 'onSite', family, 'S1'))).toBe('10m')
      expect(words(limitOf(defaultPolicy, 'resolve', family, 'S1'))).toBe('30m')
    }
    expect(limitOf(defaultPolicy, 'onSite', 'CL', 'S4')).toBeNull()
  })

  it('treat pollution as cleaning', () => {
    for (const severity of severities) {
      for (const step of ['onSite', 'resolve'] as const) {
        expect(limitOf(defaultPolicy, step, 'PO', severity)).toEqual(
          limitOf(defaultPolicy, step, 'CL', severity),
        )
      }
    }
  })

  it('leave no severity of any family without limits for the common steps, and none in S1 at all', () => {
    for (const family of families) {
      for (const severity of severities) {
        for (const step of commonSteps) expect(limitOf(defaultPolicy, step, family, severity)).not.toBeNull()
      }
      for (const step of steps) expect(limitOf(defaultPolicy, step, family, 'S1')).not.toBeNull()
      if (family !== 'EM') expect(limitOf(defaultPolicy, 'resolve', family, 'S3')).not.toBeNull()
    }
  })

  it('run around the clock at S1 and S2', () => {
    for (const severity of ['S1', 'S2'] as const) {
      for (const step of commonSteps)
        expect(limitOf(defaultPolicy, step, 'RP', severity)?.working).toBe(false)
    }
  })

  it('grow longer as the case grows milder', () => {
    const length = (limit: Limit | null) =>
      limit
        ? limit.amount * { s: 1, m: 60, h: 3_600, d: limit.working ? 34_200 : 86_400 }[limit.unit]
        : Infinity
    for (const family of families.filter((f) => f !== 'EM')) {
      for (const step of ['onSite', 'resolve', 'accept', 'contact', 'plan'] as const) {
        const [s1, s2] = severities.map((severity) => length(limitOf(defaultPolicy, step, family, severity)))
        const [, , s3, s4] = severities.map((severity) =>
          length(limitOf(defaultPolicy, step, family, severity)),
        )
        expect([family, step, (s1 ?? 0) <= (s2 ?? 0), (s3 ?? 0) <= (s4 ?? 0)]).toEqual([
          family,
          step,
          true,
          true,
        ])
      }
    }
  })
})

describe('a deadline', () => {
  const friday = at('2026-11-27 17:30')

  it('runs through night and weekend at S1 and S2', () => {
    expect(deadline(estate(), 'accept', 'EL', 'S1', friday)).toBe(friday + minutes(5))
    expect(deadline(estate(), 'resolve', 'EL', 'S2', friday)).toBe(friday + days(1))
  })

  it('waits for service time at S3 and S4', () => {
    expect(deadline(estate(), 'accept', 'RP', 'S3', friday)).toBe(at('2026-11-30 10:00'))
    expect(deadline(estate(), 'resolve', 'RP', 'S3', friday)).toBe(at('2026-12-02 17:30'))
    expect(deadline(estate(), 'accept', 'RP', 'S4', at('2026-11-28 20:00'))).toBe(at('2026-12-01 08:30'))
  })

  it('is none where the policy sets no limit', () => {
    expect(deadline(estate(), 'onSite', 'CL', 'S4', friday)).toBeNull()
    expect(deadline(estate(), 'resolve', 'EM', 'S3', friday)).toBeNull()
  })

  it('of plan and answer ends with the calendar-day cap, that of the repair does not', () => {
    const before = at('2026-02-13 17:00')
    const own: Policy = {
      ...defaultPolicy,
      steps: {
        ...defaultPolicy.steps,
        answer: { ...defaultPolicy.steps.answer, S3: { amount: 7, unit: 'd', working: true } },
      },
    }
    expect(deadline(estate(), 'plan', 'RP', 'S4', before)).toBe(at('2026-02-24 18:00'))
    expect(deadline(estate(own), 'answer', 'RP', 'S3', before)).toBe(at('2026-02-24 18:00'))
    expect(deadline(estate(), 'resolve', 'NS', 'S4', before)).toBe(at('2026-02-27 17:00'))
  })

  // domain.md 2.5; received on the last afternoon before a holiday, unless it says otherwise.
  it.each([
    ['plan', 'RP', 'S3', '2026-02-13 17:00', '2026-02-24 17:00', 'two working days end within ten days'],
    ['plan', 'RP', 'S4', '2026-02-13 17:00', '2026-02-24 18:00', 'five would be 27 February'],
    [
      'plan',
      'RP',
      'S4',
      '2026-09-24 17:30',
      '2026-10-08 18:00',
      'ten days end in National Day, and roll out of it',
    ],
    ['plan', 'RP', 'S4', '2026-09-28 10:00', '2026-10-08 18:00', 'five would be the made-up 10 October'],
    ['plan', 'RP', 'S4', '2026-11-23 10:00', '2026-11-30 10:00', 'an ordinary week needs no cap'],
    ['plan', 'RP', 'S2', '2026-09-30 17:00', '2026-10-01 17:00', 'S2 does not wait for opening'],
    ['answer', 'RP', 'S2', '2026-09-30 17:00', '2026-10-05 17:00', 'five calendar days, holiday or not'],
    ['answer', 'RP', 'S3', '2026-09-30 17:00', '2026-10-10 17:00', 'ten calendar days'],
    [
      'resolve',
      'NS',
      'S4',
      '2026-09-24 17:30',
      '2026-10-09 17:30',
      'the work may run on once it is answered',
    ],
    ['resolve', 'EL', 'S1', '2026-02-17 03:00', '2026-02-17 04:00', 'freed within the hour, on any day'],
  ] as const)('%s of %s at %s received %s is due %s: %s', (step, family, severity, from, due, _why) => {
    expect(deadline(estate(), step, family, severity, at(from))).toBe(at(due))
  })

  it('takes the cap of the estate where that counts in calendar days', () => {
    const strict: Policy = {
      ...defaultPolicy,
      steps: {
        ...defaultPolicy.steps,
        answer: { ...defaultPolicy.steps.answer, S4: { amount: 4, unit: 'd', working: false } },
      },
    }
    const monday = at('2026-11-23 10:00')
    expect(deadline(estate(strict), 'plan', 'RP', 'S4', monday)).toBe(at('2026-11-27 18:00'))
    expect(deadline(estate(strict), 'answer', 'RP', 'S4', monday)).toBe(monday + hours(96))
  })
})
