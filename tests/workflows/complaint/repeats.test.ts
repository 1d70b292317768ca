import { describe, expect, test } from 'vitest'
import type { Registration } from '../../../workflows/complaint/events.ts'
import { repeatOf } from '../../../workflows/complaint/repeats.ts'
import { complaintSchema, type Complaint } from '../../../workflows/complaint/state.ts'
import { days, type ComplaintId, type PersonId } from '../../../workflows/ids.ts'
import {
  aComplaint,
  aCompany,
  aRegistration,
  noticesTo,
  Play,
  reach,
  staffId,
} from '../../support/builders.ts'

const home = { building: '3', unit: '2', room: '1502' }
const southGate = { building: null, unit: null, room: null, area: '南门' }
const neighbour = 12 as PersonId

/** An earlier case of theirs that nobody said was solved. */
function earlier(n: number, over: Partial<Complaint> = {}): Complaint {
  const { about, ...rest } = over
  const c = aComplaint({ status: 'closed' })
  return {
    ...c,
    id: n as ComplaintId,
    number: `TS-202610${String(n).padStart(2, '0')}-0001`,
    closure: 'unrated',
    survey: null,
    handlers: [staffId('zhang')],
    ...rest,
    about: { ...c.about, ...about },
  }
}
const where = (place: Complaint['about']['place'], household: typeof home | null = null) => ({
  about: { ...aComplaint().about, place, household },
})
const registers = (cases: readonly Complaint[], part: Partial<Registration> = {}) =>
  new Play({ loaded: { earlier: cases } }).registers(part)

describe('what counts as an earlier report of the same issue', () => {
  test.each<[string, Partial<Registration>, Complaint, number | null]>([
    ['the same household, whoever of it wrote', {}, earlier(1, { person: neighbour }), 2],
    [
      'the same household, its case still open',
      {},
      earlier(1, { status: 'resolving', person: neighbour }),
      2,
    ],
    [
      'another household',
      {},
      earlier(1, {
        person: neighbour,
        ...where({ ...home, room: null, area: null }, { ...home, room: '901' }),
      }),
      null,
    ],
    ['without a household, the same person', { household: null }, earlier(1), 2],
    ['without a household, another person', { household: null }, earlier(1, { person: neighbour }), null],
    ['a reopened case is as many reports', {}, earlier(1, { reopened: 1 }), 3],
    ['another sort of matter', { code: 'EL02' }, earlier(1), null],
    ['taken back', {}, earlier(1, { status: 'withdrawn' }), null],
    ['merged into a neighbour’s case', {}, earlier(1, { status: 'merged' }), null],
    ['an enquiry before', {}, earlier(1, { kind: 'enquiry' }), null],
    ['an enquiry now', { kind: 'enquiry', code: 'SG03' }, earlier(1, { code: 'SG03' }), null],
    ['nobody knows what it is', { code: 'OT01' }, earlier(1, { code: 'OT01' }), null],
    ['they said it is another matter', { differs: [1 as ComplaintId] }, earlier(1), null],
    [
      'the flat above and the flat next door',
      { code: 'NS01', place: { ...home, room: '1602', area: null } },
      earlier(1, { code: 'NS01' }),
      null,
    ],
    [
      'a public spot, once the neighbour’s case was over',
      { place: southGate },
      earlier(1, { person: neighbour, ...where(southGate) }),
      2,
    ],
    [
      'a public spot, the neighbour’s case still open: a group, no repeat',
      { place: southGate },
      earlier(1, { status: 'resolving', person: neighbour, ...where(southGate) }),
      null,
    ],
    [
      'another public spot, the same resident',
      { place: southGate },
      earlier(1, where({ ...southGate, area: '北门' }, home)),
      null,
    ],
    [
      'no spot anybody would find: by the household',
      { place: { ...southGate, area: '楼道' } },
      earlier(1),
      2,
    ],
  ])('%s: %#', (_, part, before, reports) => {
    expect(repeatOf(aRegistration(part), [before])?.reports ?? null).toBe(reports)
  })
})

describe('the second report', () => {
  test('is handled as usual; staff read that it is the second, and the number of the first', () => {
    const play = registers([earlier(1)])
    expect(play.state).toMatchObject({ severity: 'S3', owner: 'zhang', repeat: { reports: 2 } })
    expect(play.card('zhang')?.rows).toContainEqual({ label: '受理', value: '11月23日 10:00 · 第2次反映' })
    expect(play.card('zhang')?.text).toMatch(/^第2次反映，上次TS-20261001-0001。/u)
    play.does('zhang', { type: 'accept' })
    expect(play.heard('zhang')[0]).toMatchObject({
      type: 'brief',
      repeat: { reports: 2, numbers: ['TS-20261001-0001'] },
    })
    expect(play.resident()[0]).toMatchObject({ type: 'registered', post: '工程', repeat: null })
  })

  test('after “solved” raises one level, on the timeline with its reason', () => {
    const play = registers([earlier(1, { closure: 'solved' })], { severity: 'S4' })
    expect(play.state.severity).toBe('S3')
    expect(play.timeline().find((e) => e.type === 'raised')).toMatchObject({
      by: { kind: 'program' },
      data: { from: 'S4', to: 'S3', why: 'afterSolved', reports: 2 },
    })
  })
})

describe('the third report', () => {
  const twice = [earlier(1), earlier(2, { handlers: [staffId('wang')] })]

  test('is one level up, the manager’s, and the resident hears why', () => {
    const play = registers(twice)
    expect(play.state).toMatchObject({ severity: 'S2', owner: 'sun', handlers: ['zhang', 'wang'] })
    expect(
      play
        .timeline()
        .map((e) => e.type)
        .slice(0, 4),
    ).toEqual(['registered', 'repeated', 'raised', 'assigned'])
    expect(play.timeline()[1]?.data).toEqual({ reports: 3, afterSolved: false, cases: '1,2' })
    expect(play.timeline()[2]?.data).toMatchObject({ from: 'S3', to: 'S2', why: 'thirdReport' })
    expect(play.resident()[0]).toMatchObject({
      type: 'registered',
      post: '经理',
      repeat: { reports: 3, lead: 'manager' },
    })
    // An S2's clocks, from the beginning.
    expect(play.state.deadlines.find((d) => d.step === 'accept')?.due).toBe(play.now + 30 * 60_000)
  })

  test.each([
    ['S4', 'S3'],
    ['S3', 'S2'],
    ['S2', 'S2'],
  ] as const)('never beyond S2, and one level though it came after “solved” as well: %s → %s', (from, to) => {
    const play = registers([earlier(1, { closure: 'solved' }), earlier(2)], { severity: from })
    expect(play.state.severity).toBe(to)
    expect(play.timeline().filter((e) => e.type === 'raised')).toHaveLength(from === to ? 0 : 1)
  })

  test('danger stays with whoever is nearest', () => {
    const play = registers(twice, { danger: { type: 'flood', lift: false, self: true } })
    expect(play.state).toMatchObject({ severity: 'S1', owner: 'zhang', repeat: { reports: 3 } })
    expect(play.does('zhang', { type: 'accept' }).state.owner).toBe('zhang')
  })

  test('whoever handled it before neither takes it nor is given it, is not the visitor, and does not sign', () => {
    const play = registers([earlier(1, { handlers: [staffId('li')] }), earlier(2)])
    const refused = (by: string) => play.heard(by).at(-1)
    play.does('li', { type: 'accept' })
    expect(refused('li')).toMatchObject({ type: 'refused', why: 'handledBefore' })
    play.does('sun', { type: 'accept' })
    play.does('li', { type: 'takeOver' })
    expect(refused('li')).toMatchObject({ why: 'handledBefore' })
    play.does('sun', { type: 'handOver', to: staffId('zhang'), reason: null })
    expect(refused('sun')).toMatchObject({ why: 'handledBefore' })
    play
      .does('sun', { type: 'finding', text: '灯座坏', media: [401 as never] })
      .does('sun', { type: 'verified' })
    play.does('sun', { type: 'responsibility', code: 'full', who: null, words: null })
    play.does('sun', { type: 'done', text: '换了灯座', media: [402 as never] }).passes(61_000)
    expect(['zhang', 'li', 'sun']).not.toContain(play.state.callback?.by)
    const visitor = play.state.callback?.by ?? ''
    play.event({ type: 'solved' }).event({ type: 'rate', stars: 5 })
    play.does('li', { type: 'visit', outcome: 'solved', stars: null, words: null })
    expect(refused('li')).toMatchObject({ why: 'handlerVisits' })
    play.does(visitor, { type: 'visit', outcome: 'solved', stars: null, words: null })
    play.does('li', { type: 'sign' })
    expect(refused('li')).toMatchObject({ why: 'handledBefore' })
    expect(play.does(visitor, { type: 'sign' }).state.status).toBe('closed')
  })

  test('a manager who does not accept is followed by the company, not by whoever handled it before', () => {
    const play = registers(twice).passes(days(2))
    const asked = play.timeline().flatMap((e) => (e.type === 'assigned' ? [e.data.to] : []))
    expect(asked.slice(0, 2)).toEqual(['sun', 'wu'])
    const before = asked.slice(0, asked.indexOf('zhang'))
    expect(before).toEqual(expect.arrayContaining(['sun', 'wu', 'li']))
  })

  test('with nobody else at all it is not left without an owner, and nothing is said that is not so', () => {
    const company = aCompany()
    const alone = {
      ...company,
      staff: [],
      estates: company.estates.map((e) => ({ ...e, staff: e.staff.filter((s) => s.id === 'zhang') })),
    }
    const play = new Play({ company: alone, loaded: { earlier: [earlier(1), earlier(2)] } }).registers()
    expect(play.state.owner).toBe('zhang')
    expect(play.resident()[0]).toMatchObject({ post: '工程', repeat: null })
    expect(play.does('zhang', { type: 'accept' }).state.status).toBe('verifying')
  })

  test('a neighbour’s report merged into an open case raises nothing by itself', () => {
    const play = registers(twice, { sameAs: 99 as ComplaintId })
    expect(play.state).toMatchObject({ status: 'merged', severity: 'S3' })
    expect(noticesTo(play.last.effects, 'conversation', null)).toEqual([])
    play.event({ type: 'separate' })
    expect(play.state).toMatchObject({ status: 'assigned', severity: 'S2', owner: 'sun' })
  })

  test('one that was reopened twice is a third report as well: the manager’s, without a second severity', () => {
    const play = reach('closed').passes(days(3))
    const again = { type: 'reopen', text: '又坏了', media: [] } as const
    play.event(again)
    expect(play.state).toMatchObject({ owner: 'li', severity: 'S2', reopened: 1 })
    play.does('li', { type: 'accept' }).does('li', { type: 'finding', text: '坏了', media: [401 as never] })
    play
      .does('li', { type: 'verified' })
      .does('li', { type: 'responsibility', code: 'full', who: null, words: null })
    play.does('li', { type: 'done', text: '好了', media: [402 as never] }).passes(61_000)
    play.event({ type: 'solved' }).event({ type: 'rate', stars: 5 })
    const by = play.state.callback?.by ?? ''
    play.does(by, { type: 'visit', outcome: 'solved', stars: null, words: null }).does('wu', { type: 'sign' })
    expect(play.state.status).toBe('closed')
    const from = play.mark
    play.passes(days(3)).event(again)
    expect(play.state).toMatchObject({ owner: 'sun', severity: 'S2', reopened: 2 })
    expect(play.timeline(from).map((e) => e.type)).toContain('repeated')
    expect(play.resident().at(-1)).toMatchObject({ type: 'reopened', post: '经理', repeat: { reports: 3 } })
    play.does('zhang', { type: 'takeOver' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'handledBefore' })
  })
})

test('a row written before repeats were counted still reads', () => {
  const { repeat: _repeat, ...old } = aComplaint()
  expect(complaintSchema.parse(old).repeat).toBeNull()
})
