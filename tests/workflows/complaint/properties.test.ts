import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ComplaintEvent, Registration } from '../../../workflows/complaint/events.ts'
import { complaintSchema, isOpen, statuses, type Status } from '../../../workflows/complaint/state.ts'
import { standing } from '../../../workflows/complaint/told.ts'
import {
  days,
  hours,
  minutes,
  type ComplaintId,
  type ConversationId,
  type PersonId,
} from '../../../workflows/ids.ts'
import {
  cardsOf,
  entries,
  noticesTo,
  photo,
  reach,
  type Play,
  staffId,
  staffNotices,
  trapped,
  type Turned,
} from '../../support/builders.ts'

/** Handlers, supervisors, the company, an admin, somebody who left, and two of another estate. */
const everybody = ['zhang', 'wang', 'chen', 'li', 'zhao', 'sun', 'wu', 'root', 'gone', 'qian', 'feng']
const anybody = fc.constantFrom(...everybody).map(staffId)
const words = fc.constantFrom('', '换好了', '还没人来', '住户的原话甲乙丙')
const maybe = fc.option(words, { nil: null })
const media = fc.constantFrom([], [photo(501)])

const fromResident: fc.Arbitrary<ComplaintEvent> = fc.oneof(
  fc.record({ type: fc.constant('supplement' as const), text: maybe, media }),
  fc.record({
    type: fc.constant('amend' as const),
    place: fc.constantFrom(null, { building: '5', unit: '1', room: '302', area: null }),
    phone: fc.constantFrom(null, '13900000055'),
    name: fc.constant(null),
    household: fc.constant(null),
    estate: fc.constantFrom(null, 'hefeng' as never, 'yunxi' as never),
    text: maybe,
  }),
  fc.constantFrom<ComplaintEvent>(
    { type: 'danger', danger: trapped, text: '有人困住' },
    { type: 'noDanger', text: '没有人' },
    { type: 'urged' },
    { type: 'withdraw', text: null },
    { type: 'solved' },
    { type: 'lasted' },
    { type: 'cameBack', complaint: 9 as ComplaintId },
    { type: 'wantsPerson', text: null, level: 0 },
    { type: 'wantsPerson', text: '叫你们主管来', level: 1 },
    { type: 'claim', conversation: 77 as ConversationId },
    { type: 'forget' },
    { type: 'unreachable' },
    { type: 'reopen', text: '又坏了', media: [] },
    { type: 'separate' },
  ),
  fc.record({
    type: fc.constant('answer' as const),
    question: fc.integer({ min: 1, max: 3 }),
    text: maybe,
    media,
  }),
  fc.record({ type: fc.constant('notSolved' as const), partly: fc.boolean(), text: maybe, media }),
  fc.record({ type: fc.constant('rate' as const), stars: fc.integer({ min: 1, max: 5 }) }),
  fc.integer({ min: 30, max: 60 }).map<ComplaintEvent>((n) => ({
    type: 'join',
    complaint: n as ComplaintId,
    number: `TS-20261123-00${n}`,
    person: n as PersonId,
    conversation: n as ConversationId,
    checkCode: null,
  })),
)

const act = <T extends Record<string, fc.Arbitrary<unknown>>>(
  type: string,
  by: fc.Arbitrary<string>,
  rest: T,
) => fc.record({ type: fc.constant(type), by, ...rest }) as unknown as fc.Arbitrary<ComplaintEvent>

const code = fc.constantFrom('full', 'none', 'thirdParty', 'undetermined', 'merged', 'notAComplaint')
const ahead = fc.integer({ min: 1, max: 400 })

/** `by` is somebody; most often whoever the case is with, so that it gets anywhere. */
const fromStaff = (by: fc.Arbitrary<string>): fc.Arbitrary<ComplaintEvent> =>
  fc.oneof(
    ...[
      'accept',
      'revealPhone',
      'arrive',
      'verified',
      'undo',
      'urge',
      'takeOver',
      'sign',
      'footageKept',
      'resume',
      'takeBack',
    ].map((t) => act(t, by, {})),
    act('transfer', by, { who: fc.constantFrom('', '供电公司'), words }),
    act('pause', by, { why: fc.constantFrom('thirdParty', 'vote'), words, until: ahead }),
    act('decidePause', fc.oneof(by, fc.constant('li')), { allow: fc.boolean(), words: maybe }),
    act('decline', by, { reason: words }),
    act('handOver', by, { to: anybody, reason: maybe }),
    act('reassign', by, { to: anybody, reason: maybe }),
    act('contact', by, { outcome: fc.constantFrom('phone', 'met', 'noAnswer'), words: maybe }),
    act('finding', by, { text: maybe, media }),
    act('ask', by, { text: words }),
    act('party', by, {
      name: fc.constantFrom('王强', '李四'),
      staff: fc.constantFrom(null, staffId('wang'), staffId('li')),
    }),
    act('hear', by, { name: fc.constantFrom('王强', '李四'), words: maybe }),
    act('responsibility', by, { code, who: maybe, words: maybe }),
    act('plan', by, { text: words, promise: ahead, gap: maybe }),
    act('progress', by, { text: maybe, media }),
    act('done', by, { text: words, media }),
    act('reply', by, { text: words, media, final: fc.boolean() }),
    act('standDown', by, { words }),
    act('visit', by, {
      outcome: fc.constantFrom('solved', 'notSolved', 'noAnswer'),
      stars: fc.constantFrom(null, 1, 5),
      words: maybe,
    }),
    act('recode', by, { code: fc.constantFrom('EL02', 'ST01', 'SG03') }),
    act('judge', by, { good: fc.boolean(), words: maybe }),
    act('settleClaim', by, { right: fc.boolean() }),
    act('extend', by, { until: ahead, reason: words }),
    act('severity', by, { to: fc.constantFrom('S1', 'S2', 'S3', 'S4'), reason: words }),
    act('closeDisputed', by, { words }),
  )

const fromProgram = fc.oneof(
  fc.record({
    type: fc.constantFrom('delivered', 'undeliverable', 'staffGone', 'shiftOver'),
    staff: anybody,
  }),
  fc.record({
    type: fc.constant('away'),
    staff: anybody,
    from: fc.constant(0),
    until: fc.integer({ min: 1, max: 4e12 }),
  }),
  fc.record({
    type: fc.constant('showCard'),
    staff: anybody,
    face: fc.constantFrom('task', 'responsibility', 'handOver', 'reassign', 'contact', 'more', 'wait'),
    anew: fc.boolean(),
  }),
) as fc.Arbitrary<ComplaintEvent>

type Step =
  | { readonly pass: number }
  | { readonly event: ComplaintEvent }
  /** By whoever the case is with at that moment. */
  | { readonly holder: ComplaintEvent }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(fc.constant(1), ahead).map((pass) => ({ pass })) },
  { weight: 4, arbitrary: fromResident.map((event) => ({ event })) },
  { weight: 4, arbitrary: fromStaff(anybody).map((event) => ({ event })) },
  { weight: 8, arbitrary: fromStaff(fc.constant('holder')).map((holder) => ({ holder })) },
  { weight: 1, arbitrary: fromProgram.map((event) => ({ event })) },
)

const registration: fc.Arbitrary<Partial<Registration>> = fc.record({
  kind: fc.constantFrom('complaint', 'complaint', 'repair', 'enquiry', 'praise'),
  severity: fc.constantFrom('S1', 'S2', 'S3', 'S4'),
  code: fc.constantFrom('RP02', 'EL01', 'ST01', 'FE01', 'NS01', 'SE03'),
  estate: fc.constantFrom('hefeng', 'hefeng', 'hefeng', null) as fc.Arbitrary<Registration['estate']>,
  danger: fc.constantFrom(null, null, trapped),
  suspected: fc.boolean(),
  subjects: fc.constantFrom([], [], [staffId('wang')], [staffId('li')], [staffId('zhang'), staffId('wu')]),
  anonymous: fc.boolean(),
  phone: fc.constantFrom(null, '13812345678'),
  wantsPerson: fc.boolean(),
  wantsLevel: fc.constantFrom(0, 1, 2),
})

function played(start: Status, first: Partial<Registration>, steps: readonly Step[]): Play {
  const play = reach(start, first)
  for (const s of steps) {
    if ('pass' in s) waits(play, minutes(s.pass * s.pass))
    else play.event(dated('event' in s ? s.event : heldBy(play, s.holder), play.now))
  }
  return play
}

/** Short times pass minute by minute; after long ones the program was off and looks once at all that is due. */
function waits(play: Play, length: number): void {
  if (length <= hours(2)) play.passes(length)
  else play.sleeps(length).passes(0)
}

function heldBy(play: Play, event: ComplaintEvent): ComplaintEvent {
  const { owner, callback } = play.state
  const visits = event.type === 'visit' || event.type === 'sign'
  return { ...event, by: (visits ? (callback?.by ?? 'li') : owner) ?? 'li' } as ComplaintEvent
}

/** Hours ahead become a moment. */
function dated(event: ComplaintEvent, now: number): ComplaintEvent {
  if (event.type === 'plan') return { ...event, promise: now + hours(event.promise) }
  return event.type === 'extend' || event.type === 'pause'
    ? { ...event, until: now + hours(event.until) }
    : event
}

function always(check: (turn: Turned, play: Play) => void): void {
  fc.assert(
    fc.property(
      fc.constantFrom(...statuses),
      registration,
      fc.array(step, { maxLength: 40 }),
      (start, first, steps) => {
        const play = played(start, first, steps)
        for (const turn of play.turns) check(turn, play)
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 400) },
  )
}

describe('whatever happens, in whatever order', () => {
  test('no turn throws, and every state is one the schema knows', () => {
    always(({ after }) =>
      expect(complaintSchema.parse(JSON.parse(JSON.stringify(after))), 'read as it was').toEqual(after),
    )
  })

  test('an open case has an owner or is being looked for one, and something is due; one that ended has neither clock nor alarm', () => {
    always(({ after, due, at }) => {
      if (isOpen(after.status)) {
        expect(after.owner !== null || (after.unowned && after.retryAt !== null)).toBe(true)
        expect(due).not.toBeNull()
        expect(due ?? 0).toBeLessThan(at + days(21))
      } else {
        // Nothing of a case that ended but whether it lasted.
        expect(due).toBe(after.effect?.next ?? null)
        expect([after.alarm, after.deadlines, after.callback, after.held]).toEqual([null, [], null, null])
      }
    })
  })

  test('a press that can be undone is only held where it led to', () => {
    always(({ after }) => {
      if (after.held) expect(after.held.act === 'done' ? 'confirming' : 'resolving').toBe(after.status)
    })
  })

  test('every change of state, owner or severity stands on the timeline of its own turn', () => {
    always(({ before, after, effects }) => {
      if (!before) return
      const said = entries(effects).map((e) => e.type)
      if (
        before.status !== after.status ||
        before.owner !== after.owner ||
        before.severity !== after.severity
      )
        expect(said.length).toBeGreaterThan(0)
      if (before.severity !== after.severity)
        expect(said.some((t) => t === 'raised' || t === 'severity')).toBe(true)
      if (before.owner !== after.owner)
        expect(said.some((t) => ['assigned', 'accepted', 'takenOver', 'unowned', 'failed'].includes(t))).toBe(
          true,
        )
    })
  })

  test('one pause runs at most, of a clock that is there, and never of an S1', () => {
    always(({ after }) => {
      const running = after.pauses.filter((p) => p.to === null)
      expect(running.length).toBeLessThanOrEqual(1)
      if (running.length === 0) return
      expect(after.severity).not.toBe('S1')
      expect(after.deadlines.some((d) => d.step === 'resolve')).toBe(true)
      expect(running[0]).toBe(after.pauses.at(-1))
    })
  })

  test('nothing of resolve fires and no time told for it breaks while it stands still', () => {
    always(({ before, after, effects }) => {
      const stood = before?.pauses.find((p) => p.to === null)
      const still = stood !== undefined && after.pauses.some((p) => p.from === stood.from && p.to === null)
      if (!still) return
      for (const { type, data } of entries(effects)) {
        if (data.step === 'resolve') expect(['missed', 'reminded', 'escalated']).not.toContain(type)
        if (type === 'promiseBroken' && data.what === 'resolve') expect(data.at).toBeLessThan(stood.from)
      }
    })
  })

  test('while the work is ours the resident always has a next time, told and not yet over', () => {
    always(({ after, at }) => {
      const ours = ['registered', 'assigned', 'verifying', 'resolving'].includes(after.status)
      if (!ours || after.held !== null) return
      expect(standing(after).some((p) => p.at >= at)).toBe(true)
    })
  })

  test('the timeline alone tells what became of every promise; none is left open by a case that is over', () => {
    always(({ after }, play) => {
      const told = new Map<unknown, { broken: boolean; kept: boolean; replaced: boolean }>()
      for (const turn of play.turns) {
        for (const { type, data } of entries(turn.effects)) {
          const fresh = { broken: false, kept: false, replaced: false }
          if (type === 'promised') told.set(data.id, fresh)
          const p = told.get(data.id) ?? fresh
          if (type === 'promiseKept') p.kept = true
          if (type === 'promiseBroken') p.broken = true
          if (type === 'promiseReplaced') p.replaced = true
          if (type === 'promiseUndone') {
            if (data.gone === true) told.delete(data.id)
            else Object.assign(p, { kept: false, replaced: false })
          }
        }
        if (turn.after === after) break
      }
      const state = after.promises.map((p) => [
        p.id,
        { broken: p.broken, kept: p.kept !== null, replaced: p.replaced !== null },
      ])
      expect([...told]).toEqual(state)
      if (!isOpen(after.status))
        for (const p of told.values()) expect(p.kept || p.replaced || p.broken).toBe(true)
    })
  })

  test('an extension never makes a late case a timely one', () => {
    always(({ before, event, after, at }, play) => {
      if (event.type !== 'extend' || before === null || after.extensions === before.extensions) return
      const was = before.deadlines.find((d) => d.step === 'resolve')
      if (!was || was.due >= at || before.pauses.some((p) => p.to === null && p.from <= was.due)) return
      const missed = play
        .timeline()
        .filter((e) => e.type === 'missed' && e.data.step === 'resolve')
        .map((e) => e.data.due)
      expect(missed).toContain(was.due)
    })
  })

  test('pauses never shorten what is left, and stand on the timeline as they were taken', () => {
    always(({ before, after, effects }) => {
      const said = entries(effects).filter((e) => e.type === 'paused' || e.type === 'resumed')
      expect(after.pauses.length - (before?.pauses.length ?? 0)).toBe(
        said.filter((e) => e.type === 'paused').length,
      )
      const due = (c: typeof after | null) => c?.deadlines.find((d) => d.step === 'resolve') ?? null
      const [was, is] = [due(before), due(after)]
      const alone = said.length === 1 && said[0]?.type === 'resumed' && was !== null && is?.from === was.from
      if (alone && before?.code === after.code && before.severity === after.severity)
        expect(is.due).toBeGreaterThanOrEqual(was.due)
    })
  })

  test('the person complained about never owns or moves it, holds no card, and hears a bare refusal only', () => {
    always(({ before, after, event, effects }) => {
      for (const subject of after.subjects) {
        expect(after.owner).not.toBe(subject)
        expect(after.callback?.by).not.toBe(subject)
        expect(after.cards.map((c) => c.staff)).not.toContain(subject)
        expect(after.alarm?.circle ?? []).not.toContain(subject)
        for (const { to, notice } of staffNotices(effects)) {
          if (to !== subject) continue
          expect(notice.type).toBe('refused')
          if (before?.subjects.includes(subject)) expect(notice).toMatchObject({ holder: null })
        }
        for (const { to, card } of cardsOf(effects)) {
          if (to === subject) expect([card.buttons, card.rows.length]).toEqual([[], 1])
        }
        if (before?.subjects.includes(subject) && 'by' in event && event.by === subject) {
          expect(after).toEqual(before)
          expect(entries(effects)).toEqual([])
        }
      }
    })
  })

  test('nobody of another estate, nobody who left and no admin gets hold of it', () => {
    always(({ after, effects }) => {
      if (after.estate !== 'hefeng') return
      for (const outside of ['qian', 'feng', 'gone']) {
        expect(after.owner).not.toBe(outside)
        for (const { to, notice } of staffNotices(effects))
          if (to === outside) expect(notice.type).toBe('refused')
        for (const { to, card } of cardsOf(effects)) if (to === outside) expect(card.buttons).toEqual([])
      }
      expect(after.owner).not.toBe('root')
    })
  })

  test('what residents are told is so', () => {
    always(({ before, after, effects, at }) => {
      for (const { notice } of noticesTo(effects, 'conversation', null)) {
        if (notice.type === 'urged' && notice.promise !== null) expect(notice.promise).toBeGreaterThan(at)
        if (notice.type === 'registered') expect(notice.promise).toBeGreaterThan(at)
        if (notice.type === 'accepted') expect(after.owner).not.toBeNull()
        if (notice.type === 'closed') expect([after.status, after.closure]).toEqual(['closed', notice.how])
        if (notice.type === 'personComing') expect(notice.by).toBeGreaterThan(at)
        if (notice.type === 'callback') expect(after.callback).not.toBeNull()
        if (notice.type === 'plan') expect(after.promises.some((p) => p.at === notice.promise)).toBe(true)
        if (notice.type === 'alarmTaken' || notice.type === 'alarmUntaken') expect(before?.alarm).toBeTruthy()
        if (notice.type === 'alarmUntaken')
          expect(at - (before?.alarm?.since ?? at)).toBeGreaterThanOrEqual(minutes(1))
        if (notice.type === 'promiseBroken') {
          expect(notice.was).toBeLessThan(at)
          expect(notice.next?.by ?? 0).toBeGreaterThan(at)
        }
        if (notice.type === 'nextReport') expect(notice.by).toBeGreaterThan(at)
        if ('next' in notice && typeof notice.next === 'number') expect(notice.next).toBeGreaterThan(at)
        if (notice.type === 'reopened') expect(isOpen(after.status)).toBe(true)
      }
    })
  })
})

describe('cards', () => {
  const length = (text: string) => [...text].length

  test('keep the limits of the platform', () => {
    always(({ effects }) => {
      for (const { card } of cardsOf(effects)) {
        expect(length(card.title)).toBeLessThanOrEqual(26)
        expect(length(card.subtitle)).toBeLessThanOrEqual(30)
        expect(length(card.text)).toBeLessThanOrEqual(112)
        expect(card.rows.length).toBeLessThanOrEqual(6)
        for (const row of card.rows) {
          expect(length(row.label)).toBeLessThanOrEqual(5)
          expect(length(row.value)).toBeLessThanOrEqual(26)
        }
        expect(card.buttons.length).toBeLessThanOrEqual(6)
        expect(new Set(card.buttons.map((b) => b.action)).size).toBe(card.buttons.length)
        for (const b of card.buttons) expect(length(b.label)).toBeLessThanOrEqual(10)
        expect(card.select?.options.length ?? 0).toBeLessThanOrEqual(10)
      }
    })
  })

  test('whoever only watches reads no name, number, unit, room or word of the resident', () => {
    always(({ after, effects }) => {
      for (const { to, card } of cardsOf(effects)) {
        const role = after.cards.find((c) => c.staff === to)?.role
        if (role === 'owner' || role === 'callback') continue
        const shown = JSON.stringify(card)
        for (const secret of ['林女士', '1381', '5678', '单元', '1502', '302', '原话', '楼道灯'])
          expect(shown).not.toContain(secret)
      }
    })
  })

  test('one at most a person', () => {
    always(({ after }) => {
      const holders = after.cards.map((c) => c.staff)
      expect(new Set(holders).size).toBe(holders.length)
      expect(after.cards.filter((c) => c.role === 'owner').map((c) => c.staff)).toEqual(
        after.owner === null || after.cards.every((c) => c.staff !== after.owner) ? [] : [after.owner],
      )
    })
  })
})
