import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readEstate, sampleEstateFile } from '../../bot/estate.ts'
import type { Level, Limit, Policy } from '../../workflows/estate.ts'
import { days, hours, minutes, seconds } from '../../workflows/ids.ts'
import { defaultPolicy, limitOf } from '../../workflows/policy.ts'
import { estateWith, only, problemsOf } from '../support/estate-file.ts'

const policyOf = (lines: string): Policy => only(estateWith(`policy:\n${lines}`)).policy
const limit = (text: string): Limit => {
  const [, amount, working, unit] = /^(\d+)(w?)([smhd])$/.exec(text) ?? []
  return { amount: Number(amount), unit: unit as Limit['unit'], working: working === 'w' }
}
const point = (percent: number, ...levels: Level[]) => ({ percent, levels })

describe('limits', () => {
  it('hold every unit, either way of counting, and no quiet hours', () => {
    const { policy } = only(
      estateWith(
        'policy:\n  accept: { S1: 30s, S3: { limit: 4h, working: false }, S4: 3d }\n  undo: 5s\n  burstWait: 0s\n  quietHours: none',
      ),
    )
    expect(policy.steps.accept.S1).toEqual({ amount: 30, unit: 's', working: false })
    expect(policy.steps.accept.S2).toEqual(defaultPolicy.steps.accept.S2)
    expect(policy.steps.accept.S3).toEqual({ amount: 4, unit: 'h', working: false })
    expect(policy.steps.accept.S4).toEqual({ amount: 3, unit: 'd', working: true })
    expect(policy.undo).toBe(seconds(5))
    expect(policy.burstWait).toBe(0)
    expect(policy.quietHours).toBeNull()
  })

  it('of a common step are every category’s, but for families that have their own beside', () => {
    const policy = policyOf(
      '  contact: { S2: 2h, EL: { S2: 10m, S3: 30m }, ST: { S4: { limit: 2d, working: false } } }',
    )
    expect(limitOf(policy, 'contact', 'RP', 'S2')).toEqual(limit('2h'))
    expect(limitOf(policy, 'contact', 'EL', 'S2')).toEqual(limit('10m'))
    expect(limitOf(policy, 'contact', 'EL', 'S3')).toEqual(limit('30wm'))
    expect(limitOf(policy, 'contact', 'EL', 'S4')).toEqual(defaultPolicy.steps.contact.S4)
    expect(limitOf(policy, 'contact', 'ST', 'S4')).toEqual(limit('2d'))
  })

  it.each(['assign', 'accept', 'contact', 'plan', 'progress', 'answer', 'visit'] as const)(
    'may differ by category and severity for %s, too',
    (step) => {
      const policy = policyOf(`  ${step}: { PK: { S3: 20m } }`)
      expect(limitOf(policy, step, 'PK', 'S3')).toEqual(limit('20wm'))
      expect(limitOf(policy, step, 'RP', 'S3')).toEqual(defaultPolicy.steps[step].S3)
      expect({ ...policy, byFamily: {} }).toEqual({ ...defaultPolicy, byFamily: {} })
    },
  )

  it('are the built-in ones where all lines of the block are all commented out', () => {
    expect(only(estateWith('policy:\n  # accept: { S3: 2h }\nduty:')).policy).toEqual(defaultPolicy)
  })

  it('of onSite and resolve are over the built-in ones of the family', () => {
    const policy = policyOf('  onSite: { EL: { S2: 20m } }\n  resolve: { SG: { S4: 2d } }')
    expect(limitOf(policy, 'onSite', 'EL', 'S2')).toEqual(limit('20m'))
    expect(limitOf(policy, 'onSite', 'EL', 'S3')).toEqual(defaultPolicy.byFamily.onSite.EL?.S3)
    expect(limitOf(policy, 'resolve', 'SG', 'S4')).toEqual(limit('2wd'))
  })
})

describe('the ladder', () => {
  it('and all the rest stand in the sample estate as they are built in, for whoever wants others', () => {
    const { policy } = readEstate(readFileSync(sampleEstateFile(), 'utf8'), 'sample').company.estates[0] ?? {}
    expect(policy).toEqual(defaultPolicy)
  })

  it('as design.md writes it', () => {
    const { ladder } = policyOf(
      '  ladder:\n    S2: { 50%: [handler], 80%: [handler, supervisor], 100%: [supervisor, manager], 150%: [manager], 200%: [company] }\n    short: { 50%: supervisor, 100%: manager }',
    )
    expect(ladder.S2).toEqual([point(50, 0), point(80, 0, 1), point(100, 1, 2), point(150, 2), point(200, 3)])
    expect(ladder.short).toEqual([point(50, 1), point(100, 2)])
    expect(ladder.S3).toEqual(defaultPolicy.ladder.S3)
    expect(ladder.S4).toEqual(defaultPolicy.ladder.S4)
  })

  it('is read in the order of its shares, whatever the order of its lines', () => {
    const { ladder } = policyOf(
      '  ladder: { S4: { 1000%: company, 0%: [supervisor, handler, handler], 100%: manager } }',
    )
    expect(ladder.S4).toEqual([point(0, 0, 1), point(100, 2), point(1000, 3)])
  })
})

describe('alarm, silence, extension, pause and effect check', () => {
  it('as design.md writes them', () => {
    const policy = policyOf(
      [
        '  alarm: { every: 60s, next: 5m, manager: 10m, company: 15m }',
        '  heard: { S1: 5m, S2: 30m, S3: 2h, S4: 4h }',
        '  extension: 50%',
        '  pause: { question: 24h, review: 7d }',
        '  effectCheck: 45d',
      ].join('\n'),
    )
    expect(policy).toEqual(defaultPolicy)
  })

  it('as an estate wants them', () => {
    const policy = policyOf(
      [
        '  alarm: { every: 10s, company: 10m }',
        '  heard: { S1: 2m, S3: { limit: 1h, working: false } }',
        '  extension: 25%',
        '  pause: { question: 8h, review: 3d }',
        '  effectCheck: none',
      ].join('\n'),
    )
    expect(policy.alarm).toEqual({ ...defaultPolicy.alarm, every: seconds(10), company: minutes(10) })
    expect(policy.heard).toEqual({ ...defaultPolicy.heard, S1: limit('2m'), S3: limit('1h') })
    expect(policy.extension).toEqual({ supervisor: 25 })
    expect(policy.pause).toEqual({ question: limit('8wh'), review: days(3) })
    expect(policy.effectCheck).toBeNull()
  })

  it('each in seconds, so that a whole complaint can be driven through within a minute or two', () => {
    const policy = policyOf(
      [
        '  alarm: { every: 10s, next: 20s, manager: 30s, company: 40s }',
        '  heard: { S1: 2s, S2: 3s }',
        '  pause: { question: { limit: 10s, working: false }, review: 20s }',
        '  effectCheck: 5s',
      ].join('\n'),
    )
    expect(policy.alarm).toEqual({
      every: seconds(10),
      next: seconds(20),
      manager: seconds(30),
      company: seconds(40),
    })
    expect(policy.heard).toMatchObject({ S1: limit('2s'), S2: limit('3s') })
    expect(policy.pause).toEqual({ question: limit('10s'), review: seconds(20) })
    expect(policy.effectCheck).toBe(seconds(5))
  })

  it('one alone leaves the others as they are', () => {
    expect(policyOf('  effectCheck: 30d')).toEqual({ ...defaultPolicy, effectCheck: days(30) })
    expect(policyOf('  pause: { question: 12h }').pause).toEqual({
      ...defaultPolicy.pause,
      question: limit('12wh'),
    })
    expect(policyOf('  pause: { review: 1h }').pause).toEqual({ ...defaultPolicy.pause, review: hours(1) })
  })
})

describe('bad input', () => {
  // The block under test starts in line 6, column 5.
  it.each([
    [
      'a wrong limit',
      'policy: { accept: { S3: 2hours } }',
      '6:29 estates[0].policy.accept.S3: read “2hours”; allowed: a time such as 30s, 15m, 4h or 3d',
    ],
    ['a limit of nothing', 'policy: { accept: { S3: 0m } }', 'read “0m”; allowed: a time such as'],
    [
      'an endless limit',
      'policy: { resolve: { RP: { S4: 9999d } } }',
      'read “9999d”; allowed: a time such as 30s, 15m, 4h or 3d (more than 0, at most 366d)',
    ],
    [
      'a limit without its time',
      'policy: { accept: { S3: { working: true } } }',
      '“limit” is missing; allowed: a time such as',
    ],
    [
      'working that is no yes or no',
      'policy: { accept: { S3: { limit: 1h, working: yes } } }',
      'read “yes”; allowed: true or false',
    ],
    ['an unknown step', 'policy: { resolv: { S3: 1h } }', 'unknown key “resolv”; did you mean “resolve”?'],
    ['an unknown severity', 'policy: { accept: { S5: 1h } }', 'unknown key “S5”; allowed: S1, S2, S3, S4'],
    [
      'an unknown family',
      'policy: { resolve: { LIFT: { S3: 1d } } }',
      'unknown key “LIFT”; allowed: EM, EL, FS',
    ],
    [
      'a step that needs families',
      'policy: { onSite: { S1: 10m } }',
      'estates[0].policy.onSite.S1: unknown key “S1”; allowed: EM, EL',
    ],
    [
      'quiet hours that never end',
      'policy: { quietHours: "09:00-09:00" }',
      'read “09:00-09:00”; allowed: hours such as "21:00-09:00" that leave some of the day free',
    ],
    [
      'a limit of a family in a common step that is none',
      'policy: { contact: { EL: 10m } }',
      '6:30 estates[0].policy.contact.EL: read “10m”; allowed: severities with their limits',
    ],
    [
      'a family nobody knows in a common step',
      'policy: { contact: { LIFT: { S2: 1h } } }',
      'unknown key “LIFT”; allowed: S1, S2, S3, S4, EM, EL',
    ],
    [
      'a ladder for S1',
      'policy: { ladder: { S1: { 100%: [manager] } } }',
      '6:25 estates[0].policy.ladder.S1: unknown key “S1”; allowed: S2, S3, S4, short',
    ],
    [
      'a share that is none',
      'policy: { ladder: { S2: { half: [handler], 100%: [supervisor] } } }',
      '6:37 estates[0].policy.ladder.S2.half: read the share “half”; allowed: a share of the limit such as 50%, from 0% to 1000%',
    ],
    [
      'a share without its sign',
      'policy: { ladder: { S2: { 100: [supervisor] } } }',
      'read the share “100”; allowed: a share of the limit such as 50%',
    ],
    [
      'a share beyond ten times the limit',
      'policy: { ladder: { S2: { 1001%: [supervisor] } } }',
      'read the share “1001%”; allowed: a share of the limit such as 50%, from 0% to 1000%',
    ],
    [
      'the same share twice',
      'policy: { ladder: { S2: { 100%: [supervisor], 0100%: [manager] } } }',
      'estates[0].policy.ladder.S2.0100%: 100% is there twice; allowed: each share once',
    ],
    [
      'a level nobody stands on',
      'policy: { ladder: { S2: { 100%: [supervisor, boss] } } }',
      'estates[0].policy.ladder.S2.100%[1]: read “boss”; allowed: handler, supervisor, manager, company',
    ],
    [
      'a share nobody hears of',
      'policy: { ladder: { S2: { 50%: [], 100%: [supervisor] } } }',
      '6:31 estates[0].policy.ladder.S2.50%: “50%” is missing; allowed: at least one of handler, supervisor, manager, company',
    ],
    [
      'a share with keys',
      'policy: { ladder: { S2: { 100%: { who: [supervisor] } } } }',
      'read a set of keys; allowed: a list such as [handler, supervisor], of handler, supervisor, manager, company',
    ],
    [
      'a ladder that ends before the limit',
      'policy: { ladder: { S3: { 50%: [handler], 99%: [supervisor] } } }',
      '6:29 estates[0].policy.ladder.S3: nobody hears of what is overdue; allowed: at least one share from 100% on',
    ],
    [
      'a ladder without a share',
      'policy: { ladder: { short: {} } }',
      'estates[0].policy.ladder.short: nobody hears of what is overdue',
    ],
    [
      'an alarm that never stops ringing',
      'policy: { alarm: { every: 9s } }',
      '6:31 estates[0].policy.alarm.every: read “9s”; allowed: a time from 10s to 1h, such as 60s',
    ],
    [
      'a circle that widens in another order',
      'policy: { alarm: { next: 12m } }',
      '6:22 estates[0].policy.alarm: the next on duty joins after 720s, the manager after 600s, the company after 900s; allowed: in this order',
    ],
    ['a silence of nobody', 'policy: { heard: { S0: 5m } }', 'unknown key “S0”; allowed: S1, S2, S3, S4'],
    [
      'an extension that is a time',
      'policy: { extension: 2h }',
      '6:26 estates[0].policy.extension: read “2h”; allowed: a share of the limit such as 50%',
    ],
    [
      'a pause without end',
      'policy: { pause: { review: 9999d } }',
      'estates[0].policy.pause.review: read “9999d”; allowed: a time from 1s to 366d, such as 7d',
    ],
    [
      'a pause nobody knows',
      'policy: { pause: { weather: 2d } }',
      'unknown key “weather”; allowed: question, review',
    ],
    [
      'a reply that waits for minutes',
      'policy: { burstWait: 1m }',
      'estates[0].policy.burstWait: read “1m”; allowed: a time from 0s to 5s, such as 4s',
    ],
    [
      'an effect check at no time',
      'policy: { effectCheck: soon }',
      'read “soon”; allowed: a time from 1s to 366d such as 45d, or none',
    ],
  ])('%s', (_name, lines, problem) => {
    expect(problemsOf(estateWith(lines))).toEqual([expect.stringContaining(problem)])
  })
})
