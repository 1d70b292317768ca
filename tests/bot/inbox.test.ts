import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ComplaintId, ConversationId } from '../../workflows/ids.ts'
import { hours, minutes, seconds } from '../../workflows/ids.ts'
import { readStored } from '../../db/stored.ts'
import { complaintSchema } from '../../workflows/complaint/state.ts'
import { complaintOfTask } from '../../bot/card-task.ts'
import { turnsOfTheLoop } from '../support/clock.ts'
import { aCompany, aRegistration, li, zhang } from '../support/fake-steps.ts'
import { aFolder, anEngine, anInbound, type Engine } from '../support/engine.ts'

let engine: Engine

beforeEach(async () => {
  engine = await anEngine()
})

afterEach(async () => {
  await engine.stop()
})

const inboxRows = (e: Engine) =>
  e.store.database.sqlite.prepare('select * from inbox order by id').all() as Record<string, unknown>[]
const rows = (e: Engine, table: string) =>
  (e.store.database.sqlite.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n
const complaint = (e: Engine, id = 1) => {
  const row = e.store.complaints.complaint(id as ComplaintId)
  return row && readStored(complaintSchema, row.state, 'complaints', id)
}

describe('receiving', () => {
  it('stores a message with its facts and answers it', async () => {
    expect(await engine.writes('你好')).toBe('stored')
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['收到你好'])
    const [row] = inboxRows(engine)
    expect(row).toMatchObject({ cause: 'message', state: 'done', conversation: 1, version: 1 })
    expect(JSON.parse(String(row?.event))).toMatchObject({ type: 'message', facts: { demand: '你好' } })
  })

  it('takes the same message once, however often and whenever it comes (must-survive 15)', async () => {
    const message = anInbound('你好')
    const first = await Promise.all([1, 2, 3].map(() => engine.inbox.receive(message)))
    expect(first).toEqual(['stored', 'duplicate', 'duplicate'])
    await engine.clock.pass(hours(48))
    expect(await engine.inbox.receive(message)).toBe('duplicate')
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['收到你好'])
    expect(engine.steps.understood).toBe(1)
  })

  it('keeps apart equal message ids of different people', async () => {
    await engine.writes('一', { id: 'same', sender: 'wx-a' })
    expect(await engine.writes('二', { id: 'same', sender: 'wx-b' })).toBe('stored')
    expect(await engine.writes('三', { id: 'same', sender: 'wx-a', account: 'other' })).toBe('stored')
    expect(rows(engine, 'persons')).toBe(3)
  })

  it('puts what is ready together from one person over wechaty in the order it was written', async () => {
    const at = engine.clock.now()
    await Promise.all([
      engine.writes('第二', { at: at + 1_000 }),
      engine.writes('别人', { sender: 'wx-b', at: at + 5_000 }),
      engine.writes('第一', { at }),
    ])
    const events = inboxRows(engine).map(
      (row) => (JSON.parse(String(row.event)) as { content: { text: string } }).content.text,
    )
    expect(events).toEqual(['第一', '别人', '第二'])
  })

  it('takes a member of staff for one whatever the case of the userid', async () => {
    await engine.writes('你好', { channel: 'wecom', account: 'corp', sender: 'ZHANGJIANGUO' })
    expect(engine.store.people.desk(zhang)).toMatchObject({ kind: 'desk', externalId: 'ZhangJianGuo' })
    expect(rows(engine, 'conversations')).toBe(1)
  })

  it('still keeps the words when they cannot be understood', async () => {
    engine.steps.understand = () => {
      throw new RangeError('too clever')
    }
    expect(await engine.writes('你好')).toBe('stored')
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['收到你好'])
  })

  it('dates a message from the far future by its arrival', async () => {
    await engine.writes('你好', { at: engine.clock.now() + hours(24) })
    const event = JSON.parse(String(inboxRows(engine)[0]?.event)) as { at: number }
    expect(event.at).toBe(engine.clock.now())
  })
})

describe('in the company’s app', () => {
  const app = { channel: 'wecom', account: 'corp' } as const
  const oldCard = { type: 'press', card: 'x-1', code: 'c', action: 'accept', selected: {} } as const

  it('somebody who is not listed is no resident: kept, and told once a day where they stand', async () => {
    await engine.writes('电梯坏了', { ...app, sender: 'Stranger' })
    await engine.writes(oldCard, { ...app, sender: 'Stranger' })
    await engine.writes({ type: 'left' }, { ...app, sender: 'Other' })
    await engine.settle()
    expect(engine.wecom.texts()).toEqual([
      '您不在办事名单里，这里发的消息没有人处理，请联系管理员添加。急事请打值班电话0731-88880000。',
    ])
    expect(engine.wecom.sent[0]?.to).toBe('Stranger')
    expect([rows(engine, 'persons'), rows(engine, 'complaints')]).toEqual([0, 0])
    expect(String(inboxRows(engine)[0]?.event)).toContain('电梯坏了')
    await engine.clock.pass(hours(24))
    await engine.writes(oldCard, { ...app, sender: 'Stranger' })
    await engine.settle()
    expect(engine.wecom.texts()).toHaveLength(2)
  })

  it('an inactive member is not listed either', async () => {
    await engine.stop()
    const company = aCompany()
    engine = await anEngine({
      company: {
        ...company,
        estates: company.estates.map((e) => ({
          ...e,
          staff: e.staff.map((s) => ({ ...s, active: s.id !== zhang })),
        })),
      },
    })
    await engine.writes('在吗', { ...app, sender: 'ZhangJianGuo' })
    await engine.settle()
    expect(engine.wecom.texts()).toHaveLength(1)
    expect(engine.store.people.desk(zhang)).toBeNull()
  })

  it('how many are not listed is a warning without their ids, until they are listed or quiet for a week', async () => {
    await engine.writes('在吗', { ...app, sender: 'StrangerOne' })
    await engine.writes('在吗', { ...app, sender: 'StrangerTwo' })
    expect(engine.inbox.troubles()).toHaveLength(1)
    expect(engine.inbox.troubles()[0]).toMatch(/^2 people wrote to the company's app/)
    expect(engine.inbox.troubles()[0]).not.toContain('Stranger')
    await engine.clock.pass(hours(24 * 7))
    expect(engine.inbox.troubles()).toEqual([])
  })

  it.each([
    ['of the contact list', 'sys', 'event:change_contact:create_user'],
    ['without words in our language', 'ZhangJianGuo', 'event:location'],
    ['of a stranger', 'Stranger', 'event:view'],
  ])('news %s is kept and nobody is answered', async (_what, sender, name) => {
    await engine.writes({ type: 'unknown', name }, { ...app, sender })
    await engine.settle()
    expect(engine.wecom.sent).toEqual([])
    expect(inboxRows(engine)).toMatchObject([{ state: 'done', conversation: null, complaint: null }])
    expect(rows(engine, 'conversations')).toBe(0)
  })
})

describe('a turn and what it tells', () => {
  it('registers a complaint, records it, asks the owner and tells the resident, in one transaction', async () => {
    await engine.writes('报修 电梯')
    expect(complaint(engine)).toMatchObject({ number: 'TS-20261123-0001', owner: 'zhang' })
    expect(engine.store.complaints.timeline(1 as ComplaintId)).toMatchObject([
      { type: 'registered', words: '报修 电梯', by: 'program' },
    ])
    expect(inboxRows(engine).map((row) => [row.cause, row.parent, row.complaint, row.conversation])).toEqual([
      ['message', null, null, 1],
      ['told', 1, 1, null],
      ['told', 2, null, 1],
    ])
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['supplemented TS-20261123-0001'])
    expect(engine.wecom.sent.map((o) => o.body.type)).toEqual(['card'])
    expect(engine.store.complaints.loads().get(zhang)).toBe(1)
    expect(engine.store.complaints.heldBy(zhang)).toHaveLength(1)
  })

  it('counts numbers per local day', async () => {
    await engine.writes('报修 一')
    await engine.writes('报修 二')
    expect(complaint(engine, 2)?.number).toBe('TS-20261123-0002')
    await engine.clock.pass(hours(24))
    await engine.writes('报修 三')
    expect(complaint(engine, 3)?.number).toBe('TS-20261124-0001')
  })

  it('frees the owner and the desk when a complaint is closed', async () => {
    await engine.writes('报修 电梯')
    await engine.inbox.submit({ to: 'complaint', id: 1 as ComplaintId }, { type: 'withdraw', text: null })
    expect(engine.store.complaints.loads().get(zhang)).toBe(0)
    expect(engine.store.complaints.heldBy(zhang)).toHaveLength(0)
  })

  it('tells the complaint once when its card and its line cannot reach somebody', async () => {
    await engine.writes('报修 电梯')
    await engine.inbox.submit(
      { to: 'complaint', id: 1 as ComplaintId },
      { type: 'wantsPerson', text: null, level: 0 },
    )
    const entries = engine.store.complaints.timeline(1 as ComplaintId).map((e) => [e.type, e.data])
    expect(entries).toEqual([
      ['registered', {}],
      ['undeliverable', { staff: 'silent' }],
    ])
  })

  it('finds the complaint of a pressed card, and only for the person it was sent to', async () => {
    await engine.writes('报修 电梯')
    await engine.settle()
    const card = engine.wecom.sent[0]?.body
    const task = card?.type === 'card' ? card.task : ''
    expect(task).toMatch(/^[0-9A-Za-z_\-@]{1,128}$/)
    expect(complaintOfTask(task, engine.store.id, zhang)).toBe(1)
    expect(complaintOfTask(task, engine.store.id, li)).toBeNull()
    expect(complaintOfTask(task, '00000000', zhang)).toBeNull()
    const press = { type: 'press' as const, card: task, code: null, action: 'accept', selected: {} }
    await engine.writes(press, { channel: 'wecom', account: 'corp', sender: 'zhangjianguo' })
    expect(complaint(engine)?.status).toBe('verifying')
  })

  it('stops a circle of events and leaves nothing of it behind', async () => {
    engine.steps.stepComplaint = (state, _event, { id }) => {
      if (state === null) throw new Error('none')
      return {
        state,
        effects: [{ do: 'tell', whom: { to: 'complaint', id }, event: { type: 'urged' } }],
        due: null,
      }
    }
    const before = inboxRows(engine).length
    await engine.writes('你好')
    await expect(
      engine.inbox.submit({ to: 'complaint', id: 7 as ComplaintId }, { type: 'urged' }),
    ).rejects.toThrow('could not be decided yet')
    expect(inboxRows(engine)).toHaveLength(before + 2)
  })

  it('joins a new identity to a person by a code, used once, and sends there what was for the old one (must-survive 39)', async () => {
    await engine.writes('报修 电梯')
    await engine.writes('发码')
    await engine.settle()
    const code = engine.wechat.texts().at(-1)?.slice(1) ?? ''
    expect(code).toMatch(/^\d{6}$/)
    await engine.writes(`我是${code}`, { sender: 'wx-new' })
    expect(engine.store.people.resident('wechaty', 'bot', 'wx-new')).toMatchObject({
      person: 1,
      phone: '13900000001',
    })
    engine.wechat.sent.length = 0
    const notice = { complaint: 1 as ComplaintId, number: 'TS-20261123-0001', type: 'supplemented' as const }
    await engine.inbox.submit({ to: 'conversation', id: 1 as ConversationId }, { type: 'notice', notice })
    await engine.settle()
    expect(engine.wechat.sent.map((o) => o.to)).toEqual(['wx-new'])
    await engine.writes(`我是${code}`, { sender: 'wx-thief' })
    expect(engine.store.people.resident('wechaty', 'bot', 'wx-thief')?.person).not.toBe(1)
  })

  it('registers by hand once for one id', async () => {
    const { person: _p, conversation: _c, ...registration } = aRegistration(0 as never, 0 as never)
    const by = { account: 'hand', id: 'key-1', facts: { phone: '13900000001' } }
    const first = await engine.inbox.register(by, registration)
    expect(first.number).toBe('TS-20261123-0001')
    expect(await engine.inbox.register(by, registration)).toEqual(first)
    expect(rows(engine, 'complaints')).toBe(1)
  })

  it('asks whoever has a case registered by hand to telephone, since its resident has no chat', async () => {
    const { person: _p, conversation: _c, ...registration } = aRegistration(0 as never, 0 as never)
    await engine.inbox.register({ account: 'hand', id: 'key-1', facts: {} }, registration)
    await engine.settle()
    expect(engine.wecom.texts()).toEqual(['TS-20261123-0001 请电话告知住户：supplemented TS-20261123-0001'])
    expect(engine.wecom.sent.filter((o) => o.body.type === 'text').map((o) => o.to)).toEqual(['ZhangJianGuo'])
    expect(engine.outbox.troubles()).toEqual([])
    expect(engine.store.complaints.timeline(1 as ComplaintId).map((e) => e.type)).toEqual(['registered'])
  })
})

describe('a failing turn', () => {
  it('is undone alone: its words stay, others in the same transaction go through', async () => {
    const results = await Promise.all([
      engine.writes('前', { sender: 'wx-a' }),
      engine.writes('坏', { sender: 'wx-b' }),
      engine.writes('后', { sender: 'wx-c' }),
    ])
    expect(results).toEqual(['stored', 'stored', 'stored'])
    await engine.settle()
    expect(new Set(engine.wechat.texts())).toEqual(new Set(['收到前', '收到后']))
    expect(inboxRows(engine).map((row) => [row.state, row.attempts])).toEqual([
      ['done', 0],
      ['received', 1],
      ['done', 0],
    ])
  })

  it('names class and place of the failure, never the words', async () => {
    await engine.writes('坏 我家的事')
    const error = String(inboxRows(engine)[0]?.error)
    expect(error).toContain('TypeError')
    expect(error).toContain('fake-steps.ts')
    expect(error).not.toContain('我家')
  })

  it('is tried again, and comes through once the cause is gone (must-survive 3)', async () => {
    await engine.writes('坏')
    engine.steps.broken = false
    await engine.clock.pass(seconds(2))
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['收到坏'])
    expect(inboxRows(engine)[0]).toMatchObject({ state: 'done', turned_after: 1 })
    expect(engine.inbox.troubles()).toEqual([])
  })

  it('is shown to people after its last try, and tried no more (must-survive 3)', async () => {
    await engine.writes('坏')
    await engine.clock.pass(hours(5))
    expect(inboxRows(engine)[0]).toMatchObject({ state: 'dead', attempts: 8 })
    expect(engine.inbox.troubles().join()).toContain('1 events could not be decided')
    expect(engine.store.reads.dead(10)).toMatchObject([{ id: 1, conversation: 1 }])
  })

  it('of a timer sets the timer aside for an hour instead of losing it', async () => {
    await engine.writes('提醒')
    engine.steps.stepIntake = () => {
      throw new Error('no')
    }
    await engine.clock.pass(minutes(1) + hours(4))
    const timer = engine.store.timers.get('conversation', 1)
    expect(inboxRows(engine).filter((row) => row.cause === 'timer')[0]).toMatchObject({ state: 'dead' })
    expect(timer?.due).toBeGreaterThan(engine.clock.now() - hours(3))
    expect(timer?.revision).toBe(2)
  })
})

describe('timers', () => {
  it('wake a conversation when it asked for it, once', async () => {
    await engine.writes('提醒')
    expect(engine.store.timers.get('conversation', 1)?.due).toBe(engine.clock.now() + 60_000)
    await engine.clock.pass(seconds(59))
    expect(engine.wechat.texts()).toEqual([])
    await engine.clock.pass(seconds(2))
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['到点'])
    expect(engine.store.timers.get('conversation', 1)).toBeNull()
  })

  it('do nothing where the row has changed, or is not due yet, or fires twice (must-survive 9)', async () => {
    await engine.writes('提醒')
    await engine.inbox.fire('conversation', 1, 1)
    await engine.inbox.fire('conversation', 1, 99)
    await engine.settle()
    expect(engine.wechat.texts()).toEqual([])
    engine.clock.jump(minutes(2))
    await Promise.all([engine.inbox.fire('conversation', 1, 1), engine.inbox.fire('conversation', 1, 1)])
    await engine.inbox.fire('conversation', 1, 1)
    await engine.settle()
    expect(engine.wechat.texts()).toEqual(['到点'])
  })
})

describe('a full disk in the middle of a batch', () => {
  it('accepts nothing it did not store, and goes on by itself once there is room (must-survive 11)', async () => {
    const { sqlite } = engine.store.database
    await engine.writes('先')
    await engine.settle()
    engine.wechat.sent.length = 0
    const pages = sqlite.pragma('page_count', { simple: true }) as number
    sqlite.pragma(`max_page_count = ${pages + 8}`)
    const long = '长'.repeat(100_000)
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((who) => engine.writes(who === 'b' ? long : who, { sender: `wx-${who}` })),
    )
    // The third ran after the transaction was gone: had it not been begun anew, it would now be known already.
    expect(results.map((r) => (r.status === 'fulfilled' ? r.value : 'rejected'))).toEqual([
      'stored',
      'rejected',
      'stored',
    ])
    expect(inboxRows(engine).map((row) => row.sender)).toEqual(['wx-a', 'wx-a', 'wx-c'])
    sqlite.pragma('max_page_count = 1000000')
    expect(await engine.writes(long, { sender: 'wx-b', id: 'again' })).toBe('stored')
    await engine.settle()
    expect(engine.wechat.texts().map((text) => text.slice(0, 3))).toEqual(['收到a', '收到c', '收到长'])
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
  })
})

describe('after a crash', () => {
  it('what was answered is there, and its replies go out once', async () => {
    const dir = aFolder()
    const first = await anEngine({ dir, holder: 'first' })
    first.wechat.answer = () => new Promise(() => undefined)
    await first.writes('说promise 一')
    await turnsOfTheLoop()
    first.die()
    const second = await anEngine({ dir, clock: engine.clock, holder: 'second' })
    await second.clock.pass(seconds(5))
    await second.settle()
    expect(second.wechat.texts()).toEqual(['（重发，如已收到请忽略）一'])
    await second.stop()
    rmSync(dir, { recursive: true })
  })

  it('what certainly had not left goes out unmarked', async () => {
    const dir = aFolder()
    const first = await anEngine({ dir, holder: 'first' })
    first.wechat.answer = () => new Promise(() => undefined)
    await first.writes('说promise 一')
    await first.writes('说promise 二')
    await turnsOfTheLoop()
    first.die()
    const second = await anEngine({ dir, clock: engine.clock, holder: 'second' })
    await second.clock.pass(seconds(5))
    await second.settle()
    expect(second.wechat.texts()).toEqual(['（重发，如已收到请忽略）一', '二'])
    await second.stop()
    rmSync(dir, { recursive: true })
  })

  it('what the platform had put off has not left either: it goes out unmarked, and small talk goes out, too', async () => {
    const dir = aFolder()
    const first = await anEngine({ dir, holder: 'first' })
    first.wechat.answer = () => ({ type: 'later', after: seconds(5), detail: 'WeChat is not connected' })
    await first.writes('说promise 一')
    await first.writes('你好', { sender: 'wx-b' })
    await first.settle()
    expect(first.wechat.sent).toHaveLength(2)
    first.die()
    const second = await anEngine({ dir, clock: engine.clock, holder: 'second' })
    await second.clock.pass(seconds(10))
    await second.settle()
    expect(second.wechat.texts()).toEqual(['一', '收到你好'])
    await second.stop()
    rmSync(dir, { recursive: true })
  })

  it('what is uncertain once and has not left again is uncertain once', async () => {
    const dir = aFolder()
    const first = await anEngine({ dir, holder: 'first' })
    first.wechat.answer = () => ({ type: 'unknown', detail: 'timeout' })
    await first.writes('说promise 一')
    await first.settle()
    first.die()
    const second = await anEngine({ dir, clock: engine.clock, holder: 'second' })
    await second.clock.pass(seconds(10))
    await second.settle()
    expect(second.wechat.texts()).toEqual(['（重发，如已收到请忽略）一'])
    await second.stop()
    rmSync(dir, { recursive: true })
  })
})
