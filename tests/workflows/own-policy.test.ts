import { describe, expect, test } from 'vitest'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import type { Company, Level, Policy } from '../../workflows/estate.ts'
import { days, hours, minutes, seconds } from '../../workflows/ids.ts'
import { deadline, defaultPolicy, limitOf } from '../../workflows/policy.ts'
import { aCompany, aContext, aLoaded, anEstate, mondayTen, Play, trapped } from '../support/builders.ts'

const company = (policy: Partial<Policy>, part: Partial<Company> = {}): Company =>
  aCompany({ estates: [anEstate({ policy: { ...defaultPolicy, ...policy } })], ...part })

const play = (policy: Partial<Policy>) => new Play({ company: company(policy) })

const alerts = (p: Play, step: string): string[] =>
  p.turns.flatMap((t) =>
    t.effects.flatMap((e) => {
      if (e.do !== 'tell' || e.whom.to !== 'staff' || e.event.type !== 'notice') return []
      const n = e.event.notice
      if ((n.type !== 'reminder' && n.type !== 'escalation') || n.step !== step) return []
      // What goes on because nobody answered is alert.test.ts's.
      if (n.type === 'escalation' && n.unanswered) return []
      return [`${(t.at - mondayTen) / 60_000} min ${n.percent}% ${String(e.whom.id)}`]
    }),
  )

const point = (percent: number, ...levels: Level[]) => ({ percent, levels })

describe('the estate’s own ladder', () => {
  const { ladder } = defaultPolicy

  test('fires at its own points, to its own levels', () => {
    const own = { ...ladder, S2: [point(0, 0, 2), point(25, 1), point(120, 2, 3)] }
    const p = play({ ladder: own }).registers({ severity: 'S2' })
    p.does(p.state.owner ?? '', { type: 'accept' }).passes(days(2))
    expect(alerts(p, 'contact')).toEqual(['15 min 25% li', '72 min 120% sun', '72 min 120% wu'])
  })

  test('gives the card of the task to the levels of its 0 %, and never alerts for that', () => {
    const own = { ...ladder, S2: [point(0, 0, 2), point(100, 1)], S3: [point(0, 0, 1), point(100, 1)] }
    const held = (severity: 'S2' | 'S3') =>
      play({ ladder: own })
        .registers({ severity })
        .state.cards.map((card) => card.staff)
    expect(held('S2')).toEqual(['zhang', 'sun'])
    expect(held('S3')).toEqual(['zhang', 'li'])
    const p = play({ ladder: own }).registers({ severity: 'S2' }).passes(minutes(29))
    expect(p.heard('sun')).toEqual([])
  })

  test('of the built-in one: the supervisor’s at S2, nobody’s but the handler’s at S3 and S4', () => {
    const held = (severity: 'S2' | 'S3' | 'S4') =>
      play({})
        .registers({ severity })
        .state.cards.map((card) => card.staff)
    expect(held('S2')).toEqual(['zhang', 'li'])
    expect(held('S3')).toEqual(['zhang'])
    expect(held('S4')).toEqual(['zhang'])
  })

  test('is that of the version the case began under', () => {
    const old = company({ ladder: { ...ladder, S2: [point(100, 3)] } }, { version: 1 })
    const now = company({}, { version: 2 })
    const p = new Play({ company: old }).registers({ severity: 'S2' })
    const later = mondayTen + hours(2)
    const context = { ...aContext(later, now), companyAt: (v: number) => (v === 1 ? old : now) }
    const turn = stepComplaint(p.state, { type: 'due' }, aLoaded(), context)
    const told = turn.effects.flatMap((e) =>
      e.do === 'tell' &&
      e.whom.to === 'staff' &&
      e.event.type === 'notice' &&
      e.event.notice.type === 'escalation'
        ? [[e.event.notice.step, e.whom.id]]
        : [],
    )
    expect(told).toContainEqual(['contact', 'wu'])
    expect(told.filter(([, whom]) => whom === 'sun')).toEqual([])
  })
})

describe('the estate’s own alarm', () => {
  const quick = { every: seconds(20), next: minutes(1), manager: minutes(2), company: minutes(3) }
  const ringing = () =>
    play({ alarm: quick }).registers({ severity: 'S1', danger: trapped, code: 'EL01', phone: '13812345678' })

  test('rings as often as it says', () => {
    const p = ringing().passes(minutes(1))
    expect(p.heard('zhang').filter((n) => n.type === 'alarm')).toHaveLength(4)
  })

  test.each([
    [59, ['zhang']],
    [60, ['zhang', 'wang']],
    [120, ['zhang', 'wang', 'sun']],
    [180, ['zhang', 'wang', 'sun', 'wu']],
  ])('after %i s it rings %j', (length, circle) => {
    expect(ringing().passes(seconds(length)).state.alarm?.circle).toEqual(circle)
  })

  test('the resident still hears the duty number again after a minute, not after a round (rule 11)', () => {
    const p = ringing().passes(seconds(59))
    expect(p.resident().map((n) => n.type)).not.toContain('alarmUntaken')
    expect(
      p
        .passes(seconds(1))
        .resident()
        .map((n) => n.type),
    ).toContain('alarmUntaken')
  })
})

describe('a category with limits of its own for a common step', () => {
  const contact = { EL: { S2: { amount: 10, unit: 'm', working: false } } } as const
  const policy: Policy = { ...defaultPolicy, byFamily: { ...defaultPolicy.byFamily, contact } }

  test('goes before what every category shares', () => {
    expect(limitOf(policy, 'contact', 'EL', 'S2')).toEqual({ amount: 10, unit: 'm', working: false })
    expect(limitOf(policy, 'contact', 'EL', 'S3')).toEqual(defaultPolicy.steps.contact.S3)
    expect(limitOf(policy, 'contact', 'RP', 'S2')).toEqual(defaultPolicy.steps.contact.S2)
  })

  test('rules the case: who is called within ten minutes is promised so', () => {
    const p = play(policy).registers({ severity: 'S2', code: 'EL02' })
    expect(p.state.promises).toMatchObject([{ what: 'contact', at: mondayTen + minutes(10) }])
  })

  test('caps plans by the answer of the same category', () => {
    const answer = { RP: { S4: { amount: 4, unit: 'd', working: false } } } as const
    const estate = anEstate({ policy: { ...policy, byFamily: { ...policy.byFamily, answer } } })
    const due = (family: 'RP' | 'CL') => deadline(estate, 'plan', family, 'S4', mondayTen)
    // Four calendar days from Monday end on Friday at closing; five working days on the next Monday at ten.
    expect(due('RP')).toBe(mondayTen + days(4) + hours(8))
    expect(due('CL')).toBe(mondayTen + days(7))
  })
})
