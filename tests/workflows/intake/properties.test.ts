import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComplaintId, Instant, MediaId } from '../../../workflows/ids.ts'
import { intakeNeeds, intakeSchema, newIntake, stepIntake } from '../../../workflows/intake/index.ts'
import type { IntakeEvent, IntakeState } from '../../../workflows/intake/index.ts'
import type { Notice } from '../../../workflows/notice.ts'
import type { Effect } from '../../../workflows/turn.ts'
import { codes } from '../../../workflows/taxonomy.ts'
import { emergencyTypes, kinds, noFacts, type Facts } from '../../../workflows/understanding/facts.ts'
import { aBrief, aCompany, aContext, aLoaded, stranger, unknownPerson } from './world.ts'

// Any sequence of events, however unlikely: what always holds.

const texts = [
  '1',
  '2',
  '3',
  '是',
  '不是',
  '跳过',
  '没有',
  '你好',
  '谢谢',
  '进度',
  '催一下',
  '补充',
  '补充：水更大了',
  '撤回',
  '人工',
  '结束人工',
  '紧急',
  '删除我的资料',
  '绑定码',
  '另一件事',
  '五星',
  '一星',
  '没解决',
  '还是不行',
  '帮助',
  '3栋2单元1201',
  '不是3栋，是5栋',
  '13800000001',
  'TS-20261120-0003',
  'TS-20261120-0003 又坏了',
  'TS-20261120-0077',
  '匿名',
  '傻逼',
  '楼道灯不亮',
  '南门',
  '电梯坏了',
  '',
  '绑定码 482913',
  '😀',
  '补充'.repeat(400),
  '电梯坏了，还有楼道灯不亮',
  '还有楼道灯不亮',
  '第二件不用了',
  '是一件事',
  '打错了是1202',
  '另一件事，电梯坏了',
]

const facts: fc.Arbitrary<Facts> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    code: fc.option(fc.constantFrom(...codes), { nil: null }),
    building: fc.option(fc.constantFrom('3', '5'), { nil: null }),
    area: fc.subarray(['南门', '楼道', '路灯']),
    phone: fc.option(fc.constant('13800000001'), { nil: null }),
    danger: fc.constantFrom(0, 0, 0, 0, 0, 0.2, 0.7),
    emergencyType: fc.option(fc.constantFrom(...emergencyTypes), { nil: null }),
    lift: fc.boolean(),
    selfInvolved: fc.boolean(),
    anger: fc.integer({ min: 0, max: 3 }),
    threat: fc.constantFrom(false, false, false, true),
    minor: fc.constantFrom(false, false, false, false, true),
  })
  .map(({ building, ...rest }) => ({
    ...noFacts,
    ...rest,
    building: building === null ? [] : [`${building}栋`],
    household: { building, unit: null, room: null },
  }))

const complaint = 41 as ComplaintId
const about = { complaint, number: 'TS-20261120-0003' }
const later = Date.parse('2026-11-25T10:00:00+08:00')
const notices: readonly Notice[] = [
  {
    ...about,
    type: 'registered',
    kind: 'complaint',
    code: 'RP02',
    severity: 'S3',
    post: '工程',
    promise: later,
    checkCode: '5831',
    incomplete: false,
    wantsPerson: false,
    danger: null,
    joined: null,
  },
  {
    ...about,
    type: 'registered',
    kind: 'complaint',
    code: 'EM01',
    severity: 'S1',
    post: '秩序',
    promise: later,
    checkCode: null,
    incomplete: true,
    wantsPerson: false,
    danger: 'fire',
    joined: null,
  },
  {
    ...about,
    type: 'registered',
    kind: 'enquiry',
    code: 'SG03',
    severity: 'S4',
    post: '客服',
    promise: later,
    checkCode: null,
    incomplete: true,
    wantsPerson: false,
    danger: null,
    joined: 2,
  },
  { ...about, type: 'alarmDelivered', phone: '0731-88881111' },
  { ...about, type: 'alarmTaken', name: '张建国', phone: null },
  { ...about, type: 'alarmUntaken', phone: '0731-88881111' },
  { ...about, type: 'stoodDown', words: '没事' },
  { ...about, type: 'accepted', name: '张建国', contactBy: later },
  { ...about, type: 'movedTo', name: '李敏' },
  { ...about, type: 'arrived', name: '李敏' },
  { ...about, type: 'finding', text: null, media: [5 as MediaId] },
  { ...about, type: 'question', question: 1, text: '几点', name: '张建国' },
  { ...about, type: 'responsibility', code: 'full', who: null, words: null },
  { ...about, type: 'plan', text: '换灯', promise: later, gap: null },
  { ...about, type: 'progress', text: '在换', media: [] },
  { ...about, type: 'extended', was: later, until: later + 1, reason: '缺件' },
  { ...about, type: 'promiseBroken', was: later, holder: null },
  { ...about, type: 'done', text: '换好', media: [], again: 0 },
  { ...about, type: 'done', text: '换好', media: [], again: 1 },
  { ...about, type: 'result', text: '换好', media: [] },
  { ...about, type: 'askRating', again: false },
  { ...about, type: 'rated', stars: 1, name: '张建国' },
  { ...about, type: 'rated', stars: 5, name: null },
  { ...about, type: 'callback', why: 'low', name: '李敏', by: later, reopened: true },
  { ...about, type: 'reply', name: '李敏', text: '您好', media: [], final: false },
  { ...about, type: 'reply', name: '李敏', text: '再见', media: [], final: true },
  { ...about, type: 'urged', name: null, promise: null },
  { ...about, type: 'supplemented' },
  { ...about, type: 'answered' },
  { ...about, type: 'withdrawn' },
  { ...about, type: 'reopened', post: '工程', promise: later },
  { ...about, type: 'closed', how: 'unrated' },
  { ...about, type: 'forgotten', open: true },
  { ...about, type: 'forgotten', open: false },
  { ...about, type: 'personComing', name: null, by: later },
  { ...about, type: 'claimSettled', person: null },
  { ...about, type: 'refused', why: 'closed', status: 'closed' },
]

type Happening = { readonly after: number; readonly event: (now: Instant) => IntakeEvent }

const message =
  (event: (now: Instant) => Omit<Extract<IntakeEvent, { type: 'message' }>, 'type'>) => (now: Instant) =>
    ({ type: 'message', ...event(now) }) as const

const happening: fc.Arbitrary<Happening> = fc.record({
  after: fc.constantFrom(0, 1_000, 5_000, 61_000, 700_000, 3_600_000, 40_000_000),
  event: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({
          text: fc.constantFrom(...texts),
          facts,
          ago: fc.constantFrom(0, 0, 0, 7_200_000),
          group: fc.constantFrom(
            null,
            null,
            null,
            null,
            { id: 'g', mentioned: true },
            { id: 'g', mentioned: false },
          ),
        })
        .map(({ text, facts: read, ago, group }) =>
          message((now) => ({ at: now - ago, content: { type: 'text', text }, facts: read, group })),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          { type: 'media', kind: 'image', media: 9 as MediaId, name: null },
          { type: 'media', kind: 'voice', media: 9 as MediaId, name: null },
          { type: 'location', latitude: 1, longitude: 2, label: null },
          { type: 'link', title: 'a', url: 'http://b', description: null },
          { type: 'sticker' },
          { type: 'recall', message: 'x' },
          { type: 'entered' },
          { type: 'left' },
          { type: 'unknown', name: 'card' },
        )
        .map((content) => message((now) => ({ at: now, content: content, facts: null, group: null }))),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom(...notices).map((notice) => () => ({ type: 'notice', notice }) as const),
    },
    { weight: 4, arbitrary: fc.constant(() => ({ type: 'due' }) as const) },
    { weight: 1, arbitrary: fc.constant(() => ({ type: 'undeliverable', why: 'recipient' }) as const) },
  ),
})

const saysOf = (effects: readonly Effect[]) => effects.flatMap((e) => (e.do === 'say' ? [e] : []))
const waits = (s: IntakeState) =>
  s.asking !== null ||
  s.draft !== null ||
  s.danger !== null ||
  s.waiting.length > 0 ||
  s.humanUntil !== null ||
  s.replyAt !== null

describe('any conversation', () => {
  it('leaves a state the schema accepts, forgets nothing, claims nothing, and ends', () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 25 }),
        fc.constantFrom(1, 2),
        fc.constantFrom<readonly ('open' | 'closed')[]>([], ['open'], ['closed'], ['open', 'closed']),
        (happenings, estates, cases) => {
          const company = aCompany(estates)
          const mine = cases.map((status, i) =>
            status === 'open'
              ? aBrief()
              : aBrief({
                  id: (50 + i) as ComplaintId,
                  number: 'TS-20261101-0001',
                  status: 'closed',
                  closedAt: Date.parse('2026-11-10T10:00:00+08:00'),
                }),
          )
          let state: IntakeState = newIntake
          let facts = unknownPerson
          let now = Date.parse('2026-11-24T10:00:00+08:00')
          const step = (event: IntakeEvent) => {
            const before = JSON.stringify(state)
            const needs = intakeNeeds(event)
            const loaded = aLoaded({
              facts,
              mine,
              similar: (_estate, code) => [aBrief({ person: stranger, id: 77 as ComplaintId, code })],
              named: needs.number
                ? aBrief({ id: 78 as ComplaintId, number: needs.number, person: stranger })
                : null,
            })
            const noticed = state.noticed
            const turn = stepIntake(state, event, loaded, aContext(now, company))
            expect(JSON.stringify(state), 'the state given is never changed').toBe(before)
            state = turn.state
            expect(intakeSchema.parse(JSON.parse(JSON.stringify(state))), 'read as it was').toEqual(state)
            for (const line of saysOf(turn.effects)) {
              if (line.room !== undefined)
                expect(line.text, 'nothing personal').not.toMatch(/1380000|1201|编号TS/)
              expect(line.text).not.toBe('')
              expect(line.text).not.toMatch(/undefined|null|NaN|\[object/)
              const told =
                event.type === 'notice' ||
                state.waiting.length < (JSON.parse(before) as IntakeState).waiting.length
              if (!told)
                expect(line.text).not.toMatch(/已登记(?!，正在派人)|已通知|登记好了|已撤回(?!。$)|已删除/)
            }
            for (const effect of turn.effects) {
              if (effect.do !== 'remember') continue
              if (!effect.person.minor) expect(noticed, 'rule 12').not.toBeNull()
              facts = { ...facts, ...effect.person }
            }
            if (state.draft) expect(state.abandonAt, 'no draft is forgotten').not.toBeNull()
            if (state.danger?.suspected) expect(state.danger.answerBy).not.toBeNull()
            if (waits(state)) expect(turn.due, 'what waits has a timer').not.toBeNull()
            return turn.due
          }
          let due: Instant | null = null
          for (const { after, event } of happenings) {
            now += after
            due = step(event(now))
          }
          // Left alone, every conversation comes to rest.
          for (let i = 0; due !== null; i++) {
            expect(i, 'a timer never fires for ever').toBeLessThan(60)
            now = Math.max(now, due)
            due = step({ type: 'due' })
          }
          expect(waits(state)).toBe(false)
        },
      ),
      { numRuns: 400 },
    )
  })
})
