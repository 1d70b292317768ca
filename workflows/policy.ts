import { addLimit, capped } from './calendar.ts'
import type { Estate, Level, Limit, Point, Policy, Step } from './estate.ts'
import { days, type Instant, minutes, seconds } from './ids.ts'
import type { Severity } from './severity.ts'
import type { Family } from './taxonomy.ts'

/** The steps every category shares (domain.md 2.2), and those whose limit the category sets (2.3). */
export const commonSteps = ['assign', 'accept', 'contact', 'plan', 'progress', 'answer', 'visit'] as const
export const familySteps = ['onSite', 'resolve'] as const
export const steps: readonly Step[] = [...commonSteps, ...familySteps]

/**
 * The limits of domain.md 2.2 and 2.3, written as there: `30m` `24h` `3d` run around the clock, `4wh` and `2wd` in service
 * time. `-` is an empty cell: no limit, but S1, which then takes the EM row. Columns are S1 S2 S3 S4.
 */
export const defaultPolicy: Policy = {
  steps: {
    assign: all('2m   10m  1wh  4wh'),
    accept: all('5m   30m  2wh  1wd'),
    contact: all('10m  1h   4wh  1wd'),
    plan: all('2h   24h  2wd  5wd'),
    // S1: until the place is safe.
    progress: all('30m  24h  2wd  5wd'),
    answer: all('3d   5d   10d  10d'),
    visit: all('24h  24h  2wd  3wd'),
  },
  byFamily: {
    onSite: {
      EM: row('10m  -    -    -'),
      EL: row('15m  30m  4wh  -'),
      FS: row('10m  30m  4wh  -'),
      UT: row('15m  30m  4wh  -'),
      RP: row('15m  2h   1wd  -'),
      CL: row('-    2h   4wh  -'),
      PO: row('-    2h   4wh  -'),
      GR: row('15m  4h   2wd  -'),
      SE: row('10m  30m  1wd  -'),
      PK: row('10m  20m  4wh  -'),
      // 20 min while the noise goes on is the guard's round, not a limit of the case: a quiet flat shows nothing.
      NS: row('10m  20m  1wd  -'),
      RN: row('10m  2h   1wd  -'),
      FE: row('-    1d   1wd  -'),
      ST: row('1h   24h  1wd  -'),
      CM: row('-    1d   1wd  -'),
      PV: row('1h   1h   1wd  -'),
      // Nobody knows yet what it is: as a building repair.
      OT: row('15m  2h   1wd  -'),
      SG: row('-    -    -    -'),
    },
    resolve: {
      EM: row('30m  -    -    -'),
      EL: row('1h   24h  3wd  5wd'),
      FS: row('1h   24h  2wd  5wd'),
      UT: row('1h   12h  2wd  5wd'),
      RP: row('1h   3d   3wd  10wd'),
      CL: row('-    8h   1wd  3wd'),
      PO: row('-    8h   1wd  3wd'),
      // S4 is done by a dated season plan, which is due when plans are.
      GR: row('1h   24h  5wd  5wd'),
      SE: row('1h   24h  3wd  5wd'),
      PK: row('1h   24h  3wd  5wd'),
      NS: row('1h   24h  5wd  5wd'),
      RN: row('1h   24h  5wd  5wd'),
      FE: row('-    3d   5wd  5wd'),
      ST: row('-    3d   5wd  5wd'),
      CM: row('-    3d   5wd  10wd'),
      PV: row('24h  3d   5wd  5wd'),
      OT: row('1h   3d   5wd  5wd'),
      SG: row('-    5wd  5wd  5wd'),
    },
    assign: {},
    accept: {},
    contact: {},
    plan: {},
    progress: {},
    answer: {},
    visit: {},
  },
  undo: seconds(60),
  burstWait: seconds(4),
  quietHours: { start: '21:00', end: '09:00' },
  ladder: {
    S2: points({ 0: [0, 1], 50: [0], 80: [0, 1], 100: [1, 2], 150: [2], 200: [3] }),
    S3: points({ 0: [0], 50: [0], 80: [0, 1], 100: [1], 150: [2], 200: [3] }),
    S4: points({ 0: [0], 50: [0], 80: [0, 1], 100: [1], 150: [2], 200: [3] }),
    short: points({ 50: [1], 100: [2], 150: [3] }),
  },
  alarm: { every: seconds(60), next: minutes(5), manager: minutes(10), company: minutes(15) },
  heard: all('5m   30m  2wh  4wh'),
  extension: { supervisor: 50 },
  pause: { question: { amount: 24, unit: 'h', working: true }, review: days(7) },
  effectCheck: days(45),
}

/**
 * The policy of a stored version of the estate file. One that was written before a key existed means its default: that
 * is what the program did then.
 */
export const completePolicy = (stored: Partial<Policy>): Policy => ({
  ...defaultPolicy,
  ...stored,
  byFamily: { ...defaultPolicy.byFamily, ...stored.byFamily },
})

/** How long a step may take in a case, or null where the policy sets no limit for it. The category goes first. */
export function limitOf(policy: Policy, step: Step, family: Family, severity: Severity): Limit | null {
  const rows = policy.byFamily[step]
  const own = rows[family]?.[severity]
  if (own) return own
  if (step !== 'onSite' && step !== 'resolve') return policy.steps[step][severity]
  return severity === 'S1' ? (rows.EM?.S1 ?? null) : null
}

/**
 * When a step that starts at `from` must be done, in the estate's own calendar; null where it has no limit. Plan and
 * answer limits in service time end with the calendar-day cap of the answer, so that no holiday breaks a ten-day legal
 * reply (domain.md 2.5). Throws `NoServiceTime` for a calendar without windows.
 */
export function deadline(
  estate: Estate,
  step: Step,
  family: Family,
  severity: Severity,
  from: Instant,
): Instant | null {
  const limit = limitOf(estate.policy, step, family, severity)
  if (!limit) return null
  const due = addLimit(estate.calendar, from, limit)
  if (!limit.working || (step !== 'plan' && step !== 'answer')) return due
  return capped(estate.calendar, due, from, answerCap(estate.policy, family, severity))
}

/** Calendar days in which an answer must be given: the estate's own where it counts in calendar days, else the default. */
function answerCap(policy: Policy, family: Family, severity: Severity): number {
  const own = limitOf(policy, 'answer', family, severity)
  return own?.unit === 'd' && !own.working ? own.amount : defaultPolicy.steps.answer[severity].amount
}

function points(levels: Readonly<Record<number, readonly Level[]>>): readonly Point[] {
  return Object.entries(levels).map(([percent, levels]) => ({ percent: Number(percent), levels }))
}

function all(text: string): Record<Severity, Limit> {
  const { S1, S2, S3, S4 } = row(text)
  if (!S1 || !S2 || !S3 || !S4)
    throw new Error(`policy.ts: a common step has a limit for every severity, not ${text}`)
  return { S1, S2, S3, S4 }
}

function row(text: string): Partial<Record<Severity, Limit>> {
  const [S1, S2, S3, S4] = text.split(/\s+/).map(cell)
  return { ...(S1 && { S1 }), ...(S2 && { S2 }), ...(S3 && { S3 }), ...(S4 && { S4 }) }
}

function cell(text: string): Limit | null {
  if (text === '-') return null
  const [, amount, working, unit] = /^(\d+)(w?)([mhd])$/.exec(text) ?? []
  if (unit !== 'm' && unit !== 'h' && unit !== 'd') throw new Error(`policy.ts: ${text} is no limit`)
  return { amount: Number(amount), unit, working: working === 'w' }
}
