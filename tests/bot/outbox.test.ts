import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Outbound, Outcome } from '../../adapters/channel.ts'
import { hours, minutes, seconds, type ComplaintId, type ConversationId } from '../../workflows/ids.ts'
import { accepted } from '../support/channel.ts'
import { turnsOfTheLoop } from '../support/clock.ts'
import { zhang } from '../support/fake-steps.ts'
import { aFolder, anEngine, type Engine } from '../support/engine.ts'

let engine: Engine

beforeEach(async () => {
  engine = await anEngine()
})

afterEach(async () => {
  await engine.stop()
})

const one = 1 as ComplaintId
const states = (e: Engine) =>
  (e.store.database.sqlite.prepare('select state from outbox order by id').all() as { state: string }[]).map(
    (row) => row.state,
  )
const unknown: Outcome = { type: 'unknown', detail: 'timeout' }
const later = (after: number): Outcome => ({ type: 'later', after, detail: '45009' })
const refusal = (why: 'recipient' | 'code' | 'content'): Outcome => ({ type: 'refused', why, detail: '1' })

/** Answers in this order, then accepts. */
function answering(...outcomes: Outcome[]) {
  return (): Outcome => outcomes.shift() ?? accepted
}

describe('order', () => {
  it('sends to one person one after the other, to others meanwhile', async () => {
    const open: (() => void)[] = []
    engine.wechat.answer = () => new Promise((resolve) => open.push(() => resolve(accepted)))
    await engine.writes('一')
    await engine.writes('二')
    await engine.writes('三', { sender: 'wx-b' })
    await turnsOfTheLoop()
    expect(engine.wechat.texts()).toEqual(['收到一', '收到三'])
    open.forEach((go) => go())
    await turnsOfTheLoop()
    expect(engine.wechat.texts()).toEqual(['收到一', '收到三', '收到二'])
    open.forEach((go) => go())
  })

  it('lets nothing overtake a line that was put off, except safety', async () => {
    engine.wechat.answer = answering(later(minutes(5)))
    await engine.writes('一')
    await engine.settle()
    await engine.writes('二')
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['收到一'])
    await engine.writes('说safety 快离开')
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['收到一', '快离开'])
    await engine.clock.pass(minutes(5))
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['收到一', '快离开', '收到一', '收到二'])
  })

  it('waits no longer once there is a connection again, however often and by which process it was put off', async () => {
    const dir = aFolder()
    const first = await anEngine({ dir })
    first.wechat.answer = answering(...Array<Outcome>(7).fill(later(seconds(5))))
    await first.writes('一')
    await first.settle()
    for (let i = 0; i < 6; i++) {
      await first.clock.pass(minutes(1))
      await first.settle()
    }
    expect(first.wechat.sent).toHaveLength(7)
    first.die()
    const next = await anEngine({ dir, clock: first.clock })
    await next.settle()
    expect(next.wechat.texts()).toEqual([])
    next.wechat.connects()
    await next.settle()
    expect(next.wechat.texts()).toEqual(['收到一'])
    await next.stop()
    rmSync(dir, { recursive: true })
  })

  it('goes at once where the connection came while it was being put off', async () => {
    engine.wechat.answer = () => {
      engine.wechat.answer = () => accepted
      engine.wechat.connects()
      return later(minutes(5))
    }
    await engine.writes('一')
    await engine.settle()
    expect(states(engine)).toEqual(['sent'])
  })

  it('has at most twenty on their way', async () => {
    engine.wechat.answer = () => new Promise(() => undefined)
    await Promise.all(Array.from({ length: 30 }, (_, i) => engine.writes('你好', { sender: `wx-${i}` })))
    await turnsOfTheLoop()
    expect(engine.wechat.sent).toHaveLength(20)
  })

  it('gives a channel that sends one thing at a time no more, safety first, and keeps no other waiting for it', async () => {
    engine.wechat.oneAtATime = true
    const answers: ((outcome: Outcome) => void)[] = []
    engine.wechat.answer = () => new Promise((resolve) => answers.push(resolve))
    await Promise.all(Array.from({ length: 30 }, (_, i) => engine.writes('你好', { sender: `wx-${i}` })))
    await engine.writes('说safety 快离开', { sender: 'wx-z' })
    await engine.writes('报修 电梯', { sender: 'wx-y' })
    await turnsOfTheLoop()
    expect(engine.wechat.sent).toHaveLength(1)
    expect(engine.wecom.sent.map(({ body }) => body.type)).toEqual(['card'])
    answers[0]?.(accepted)
    await turnsOfTheLoop()
    expect(engine.wechat.sent.map(({ to }) => to)).toEqual([expect.any(String), 'wx-z'])
  })
})

it('sends nothing twice when more is to be served while messages wait', async () => {
  engine.wechat.answer = () => new Promise(() => undefined)
  await engine.writes('一', { sender: 'wx-a' })
  await engine.writes('二', { sender: 'wx-b' })
  await turnsOfTheLoop()
  await engine.outbox.serve(['another'])
  engine.outbox.look()
  await turnsOfTheLoop()
  engine.wechat.answer = () => accepted
  await engine.writes('三', { sender: 'wx-c' })
  await engine.settle()
  expect(engine.wechat.texts()).toEqual(['收到一', '收到二', '收到三'])
})

describe('what becomes of a send', () => {
  it('keeps the key of a send equal on every try', async () => {
    engine.wechat.answer = answering(later(0), later(0))
    await engine.writes('一')
    await engine.settle()
    await engine.clock.pass(seconds(20))
    await engine.settle()
    await engine.clock.pass(seconds(20))
    await engine.settle()
    expect(new Set(engine.wechat.sent.map((o) => o.key)).size).toBe(1)
    expect(engine.wechat.sent.map((o) => o.attempt)).toEqual([1, 2, 3])
    expect(states(engine)).toEqual(['sent'])
  })

  it('tells the conversation that a line was refused', async () => {
    engine.wechat.answer = () => refusal('recipient')
    await engine.writes('一')
    await engine.settle()
    expect(states(engine)).toEqual(['refused'])
    const row = engine.store.people.resident('wechaty', 'bot', 'wx-a')
    expect(JSON.parse(row?.state ?? '{}')).toMatchObject({ abuse: 1 })
    expect(engine.outbox.troubles()).toEqual(['1 messages were refused by their platform'])
  })

  it('gives up after thirty tries and shows it', async () => {
    engine.wechat.answer = () => later(0)
    await engine.writes('一')
    for (let i = 0; i < 40; i++) {
      await engine.clock.pass(minutes(10))
      await engine.settle()
    }
    expect(states(engine)).toEqual(['dead'])
    expect(engine.wechat.sent).toHaveLength(30)
    expect(engine.store.reads.undelivered(5)).toMatchObject([{ state: 'dead', weight: 'plain' }])
  })

  it('repeats once, marked, what weighs and perhaps did not arrive (must-survive 16)', async () => {
    engine.wechat.answer = answering(unknown)
    await engine.writes('说promise 今天18点前来')
    await engine.settle()
    await engine.clock.pass(seconds(3))
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['今天18点前来', '（重发，如已收到请忽略）今天18点前来'])
    expect(states(engine)).toEqual(['sent'])
  })

  it('is shown to people when the repeat is uncertain, too', async () => {
    engine.wechat.answer = () => unknown
    await engine.writes('说safety 快离开')
    await engine.settle()
    await engine.clock.pass(minutes(1))
    await engine.settle()
    expect(engine.wechat.sent).toHaveLength(2)
    expect(states(engine)).toEqual(['unknown'])
  })

  it('lets small talk go (must-survive 16)', async () => {
    engine.wechat.answer = () => unknown
    await engine.writes('你好')
    await engine.settle()
    await engine.clock.pass(minutes(1))
    await engine.settle()
    expect(engine.wechat.sent).toHaveLength(1)
    expect(states(engine)).toEqual(['letGo'])
  })

  it('lets a picture go, which cannot be marked as a repeat', async () => {
    await engine.writes('你好')
    await engine.settle()
    engine.wechat.answer = () => unknown
    const picture = { type: 'media', kind: 'image', path: '/a.png', mime: 'image/png', name: 'a.png' }
    const row = await engine.inbox.write(() =>
      engine.store.outbox.insert({
        conversation: 1 as ConversationId,
        complaint: null,
        staff: null,
        channel: 'wechaty',
        account: 'bot',
        recipient: 'wx-a',
        kind: 'media',
        body: JSON.stringify(picture),
        weight: 'question',
        revision: null,
        recallAt: null,
        createdAt: engine.clock.now(),
      }),
    )
    engine.outbox.dispatch([row])
    await engine.settle()
    await engine.clock.pass(minutes(1))
    await engine.settle()
    expect(states(engine)).toEqual(['sent', 'letGo'])
  })

  it('takes a channel that throws for an unknown outcome', async () => {
    engine.wechat.answer = () => {
      throw new Error('bug')
    }
    await engine.writes('你好')
    await engine.settle()
    expect(states(engine)).toEqual(['letGo'])
  })

  it('refuses what has no channel', async () => {
    await engine.writes('你好', { channel: 'api', account: 'hand' })
    await engine.settle()
    expect(states(engine)).toEqual(['refused'])
  })
})

describe('where the platform refuses repeats', () => {
  it('the same body goes again, unmarked, whatever its weight (must-survive 16)', async () => {
    const other = await anEngine({ repeatWindow: () => minutes(2) })
    other.wechat.answer = answering(unknown, unknown)
    await other.writes('你好')
    await other.settle()
    await other.clock.pass(seconds(3))
    await other.settle()
    await other.clock.pass(seconds(3))
    await other.settle()
    expect(other.wechat.texts()).toEqual(['收到你好', '收到你好', '收到你好'])
    expect(states(other)).toEqual(['sent'])
    await other.stop()
  })
})

describe('cards', () => {
  const cardsOf = (e: Engine) => e.wecom.sent.map(({ body }) => body)
  const coded = (): ((o: Outbound) => Outcome) => {
    let n = 0
    return ({ body }) => ({ type: 'accepted', ref: null, code: body.type === 'card' ? `code-${++n}` : null })
  }
  const happen = async (event: { type: 'urged' } | { type: 'supplement'; text: string; media: [] }) => {
    await engine.inbox.submit({ to: 'complaint', id: one }, event)
    await engine.settle()
  }

  it('go out new when the reader must act, and each with a task never used before', async () => {
    engine.wecom.answer = coded()
    await engine.writes('报修 一')
    await engine.settle()
    await happen({ type: 'supplement', text: '二', media: [] })
    const bodies = cardsOf(engine)
    expect(bodies.map((b) => b.type)).toEqual(['card', 'card'])
    expect(new Set(bodies.map((b) => (b.type === 'card' ? b.task : ''))).size).toBe(2)
    expect(engine.store.outbox.card({ of: one, staff: zhang })).toMatchObject({
      code: 'code-2',
      sentRevision: 2,
      pushPending: 0,
    })
  })

  it('are counted among what has left, which their changes are not, nor what was refused or is long gone', async () => {
    engine.wecom.answer = coded()
    const began = engine.clock.now()
    await engine.writes('报修 一')
    await engine.settle()
    await happen({ type: 'urged' })
    const since = (at: number) => engine.store.outbox.leftSince('wecom', at).map(({ to }) => to)
    expect(cardsOf(engine).map((b) => b.type)).toEqual(['card', 'cardUpdate'])
    expect(since(began - 1)).toEqual(engine.wecom.sent.slice(0, 1).map(({ to }) => to))
    await engine.clock.pass(hours(3))
    expect(since(engine.clock.now() - hours(1))).toEqual([])
    engine.wecom.answer = () => refusal('content')
    await happen({ type: 'supplement', text: '二', media: [] })
    expect(since(engine.clock.now() - hours(1))).toEqual([])
  })

  it('are changed by their code, once', async () => {
    engine.wecom.answer = coded()
    await engine.writes('报修 一')
    await engine.settle()
    await happen({ type: 'urged' })
    await happen({ type: 'urged' })
    expect(cardsOf(engine).map((b) => [b.type, b.type === 'cardUpdate' ? b.code : null])).toEqual([
      ['card', null],
      ['cardUpdate', 'code-1'],
    ])
    expect(states(engine).filter((s) => s === 'skipped')).toHaveLength(1)
  })

  it('take the code of a press for the next change', async () => {
    engine.wecom.answer = coded()
    await engine.writes('报修 一')
    await engine.settle()
    await happen({ type: 'urged' })
    const card = cardsOf(engine)[0]
    const task = card?.type === 'card' ? card.task : ''
    const press = { type: 'press' as const, card: task, code: 'pressed', action: 'accept', selected: {} }
    await engine.writes(press, { channel: 'wecom', account: 'corp', sender: 'ZhangJianGuo' })
    await engine.settle()
    expect(cardsOf(engine).at(-1)).toMatchObject({ type: 'cardUpdate', code: 'pressed', task })
  })

  it('are left as they are once the code is older than 72 hours', async () => {
    engine.wecom.answer = coded()
    await engine.writes('报修 一')
    await engine.settle()
    engine.clock.jump(hours(72))
    await happen({ type: 'urged' })
    expect(cardsOf(engine)).toHaveLength(1)
  })

  it('show only the newest face when several were decided before one could leave', async () => {
    const open: (() => void)[] = []
    const answer = coded()
    await engine.writes('报修 一')
    await engine.settle()
    engine.wecom.sent.length = 0
    engine.wecom.answer = (o) => new Promise((resolve) => open.push(() => resolve(answer(o))))
    await engine.inbox.submit({ to: 'complaint', id: one }, { type: 'supplement', text: '甲', media: [] })
    await turnsOfTheLoop()
    await engine.inbox.submit({ to: 'complaint', id: one }, { type: 'supplement', text: '乙', media: [] })
    await engine.inbox.submit({ to: 'complaint', id: one }, { type: 'urged' })
    for (let i = 0; i < 4; i++) {
      open[i]?.()
      await engine.settle()
    }
    expect(cardsOf(engine).map((b) => (b.type === 'card' ? b.card.title : b.type))).toEqual([
      '补充 甲',
      `催办 ${engine.clock.now()}`,
    ])
  })

  it('keep their code when the platform put the change off', async () => {
    engine.wecom.answer = coded()
    await engine.writes('报修 一')
    await engine.settle()
    engine.wecom.answer = answering(later(seconds(5)))
    await happen({ type: 'urged' })
    await engine.clock.pass(seconds(6))
    await engine.settle()
    expect(cardsOf(engine).map((b) => (b.type === 'cardUpdate' ? b.code : b.type))).toEqual([
      'card',
      'code-1',
      'code-1',
    ])
  })

  it('lose nothing when their code was spent', async () => {
    engine.wecom.answer = coded()
    await engine.writes('报修 一')
    await engine.settle()
    engine.wecom.answer = () => refusal('code')
    await happen({ type: 'urged' })
    expect(engine.outbox.troubles()).toEqual([])
    expect(engine.store.complaints.timeline(one).map((e) => e.type)).toEqual(['registered', 'urged'])
  })

  it('that cannot reach their reader are told to the complaint', async () => {
    engine.wecom.answer = () => refusal('recipient')
    await engine.writes('报修 一')
    await engine.settle()
    expect(engine.store.complaints.timeline(one).map((e) => e.type)).toEqual(['registered', 'undeliverable'])
  })

  it('repeat their stored body after an unknown outcome', async () => {
    engine.wecom.answer = answering(unknown)
    await engine.writes('报修 一')
    await engine.settle()
    await engine.clock.pass(seconds(3))
    await engine.settle()
    const [first, second] = cardsOf(engine)
    expect(second).toEqual(first)
  })
})

describe('alarms', () => {
  it('that were accepted are told to the complaint, and taken back after their time', async () => {
    engine.wecom.answer = () => ({ type: 'accepted', ref: 'msg-1', code: null })
    await engine.writes('报修 一')
    const danger = { type: 'fire' as const, lift: false, self: true }
    await engine.inbox.submit({ to: 'complaint', id: one }, { type: 'danger', danger, text: '3栋' })
    await engine.settle()
    expect(engine.wecom.texts()).toEqual(['警报 3栋'])
    expect(engine.store.complaints.timeline(one).at(-1)).toMatchObject({
      type: 'delivered',
      data: { staff: 'zhang' },
    })
    await engine.clock.pass(hours(24))
    await engine.settle()
    expect(engine.wecom.sent.at(-1)?.body).toEqual({ type: 'recall', ref: 'msg-1' })
    expect(engine.wecom.sent.filter((o) => o.body.type === 'recall')).toHaveLength(1)
  })

  it('that were refused move on to the complaint through the desk', async () => {
    engine.wecom.answer = ({ body }) => (body.type === 'text' ? refusal('recipient') : accepted)
    await engine.writes('报修 一')
    const danger = { type: 'fire' as const, lift: false, self: true }
    await engine.inbox.submit({ to: 'complaint', id: one }, { type: 'danger', danger, text: '3栋' })
    await engine.settle()
    expect(engine.store.complaints.timeline(one).at(-1)).toMatchObject({ type: 'undeliverable' })
  })
})

describe('what was sent on loan and cannot be taken back', () => {
  const lend = async () => {
    await engine.writes('报修 一')
    const danger = { type: 'fire' as const, lift: false, self: true }
    await engine.inbox.submit({ to: 'complaint', id: one }, { type: 'danger', danger, text: '3栋' })
    await engine.settle()
  }

  it('since its platform gave no id, is not asked for again and again', async () => {
    await lend()
    const asked = vi.spyOn(engine.store.outbox, 'dueForRecall')
    await engine.clock.pass(hours(25))
    await engine.settle()
    expect(engine.store.outbox.nextRecall(['wecom'])).toBeNull()
    expect(asked.mock.calls.length).toBe(0)
  })

  it('is shown until somebody has seen it', async () => {
    await lend()
    expect(engine.outbox.troubles()).toEqual([
      '1 lines sent on loan cannot be taken back: their platform gave no id of them',
    ])
    const [row] = engine.store.reads.undelivered(5)
    expect(row).toMatchObject({ state: 'sent', kind: 'text' })
    expect(await engine.inbox.write(() => engine.store.outbox.seen(row?.id ?? 0))).toBe(true)
    expect(engine.outbox.troubles()).toEqual([])
    expect(engine.store.reads.undelivered(5)).toEqual([])
    expect(await engine.inbox.write(() => engine.store.outbox.seen(row?.id ?? 0))).toBe(false)
  })
})

describe('in a group', () => {
  const inGroup = { group: { id: 'owners', mentioned: true } }

  it('an answer goes to the group on the same account', async () => {
    await engine.writes('有人吗', inGroup)
    await engine.settle()
    expect(engine.wechat.sent).toMatchObject([
      { channel: 'wechaty', account: 'bot', to: 'owners', body: { text: '群里有人吗' } },
    ])
  })

  it('one that is refused says nothing of the person who wrote there', async () => {
    engine.wechat.answer = () => refusal('recipient')
    await engine.writes('有人吗', inGroup)
    await engine.settle()
    expect(states(engine)).toEqual(['refused'])
    const row = engine.store.people.resident('wechaty', 'bot', 'wx-a')
    expect(JSON.parse(row?.state ?? '{}')).toMatchObject({ abuse: 0 })
  })

  it('one that had not left still goes to the group after a restart', async () => {
    const dir = aFolder()
    const first = await anEngine({ dir, holder: 'first', answer: () => later(minutes(1)) })
    await first.writes('有人吗', inGroup)
    await first.settle()
    await first.stop()
    const second = await anEngine({ dir, clock: engine.clock, holder: 'second' })
    await second.clock.pass(minutes(2))
    await second.settle()
    expect(second.wechat.sent.map((o) => o.to)).toEqual(['owners'])
    await second.stop()
    rmSync(dir, { recursive: true })
  })
})

describe('stopping and starting', () => {
  it('leaves to the next process what had not left, unmarked', async () => {
    const dir = aFolder()
    const first = await anEngine({ dir, holder: 'first', answer: () => later(minutes(1)) })
    await first.writes('说question 哪一栋？')
    await first.settle()
    await first.stop()
    const second = await anEngine({ dir, clock: engine.clock, holder: 'second' })
    await second.clock.pass(minutes(2))
    await second.settle()
    expect(second.wechat.texts()).toEqual(['哪一栋？'])
    await second.stop()
    rmSync(dir, { recursive: true })
  })
})

describe('forgetting', () => {
  it('blanks words, names, numbers and bodies, and keeps codes and times', async () => {
    await engine.writes('报修 我家的秘密')
    await engine.writes('发码')
    await engine.settle()
    await engine.writes('忘记')
    await engine.settle()
    const { sqlite } = engine.store.database
    const dump = ['words', 'inbox', 'outbox', 'persons', 'complaints', 'conversations', 'cards', 'timeline']
      .flatMap((table) => sqlite.prepare(`select * from ${table}`).all())
      .map((row) => JSON.stringify(row))
      .join('\n')
    expect(dump).not.toContain('秘密')
    expect(dump).not.toContain('13900000001')
    expect(dump).not.toContain('王女士')
    expect(engine.wechat.texts().at(-1)).toBe('已删除')
    expect(engine.store.complaints.timeline(one).map((e) => [e.type, e.words])).toEqual([
      ['registered', null],
      ['forgotten', null],
    ])
    expect(engine.store.people.resident('wechaty', 'bot', 'wx-a')).toMatchObject({ name: null, phone: null })
  })
})
