import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../../adapters/channel.ts'
import { hours, minutes, seconds, type ComplaintId } from '../../workflows/ids.ts'
import { until } from './timers/waiting.ts'
import { accepted } from '../support/channel.ts'
import { createFakeClock, turnsOfTheLoop, type FakeClock } from '../support/clock.ts'
import { aCompany, createFakeSteps } from '../support/fake-steps.ts'
import { aFolder, anEngine, anInbound, type Engine, type EngineOptions } from '../support/engine.ts'

let dir: string
let clock: FakeClock
let real: number
/** Has all the work. */
let holder: Engine
/** Takes messages in, and decides. */
let other: Engine
const dead = new Set<Engine>()

const another = (options: EngineOptions = {}): Promise<Engine> =>
  anEngine({ dir, clock, together: () => real, ...options })

beforeEach(async () => {
  dir = aFolder()
  clock = createFakeClock()
  real = 1_000_000
  dead.clear()
  holder = await another({ holder: 'first' })
  await holder.takeOver()
  other = await another({ holder: 'second' })
})

afterEach(async () => {
  for (const engine of [other, holder]) if (!dead.has(engine)) await engine.stop()
  rmSync(dir, { recursive: true })
})

/** As it ends by SIGKILL; its leases run out. */
function killed(engine: Engine): void {
  dead.add(engine)
  engine.die()
  real += 16_000
}

/** What each writes, the others see; until nothing more comes of it. */
async function settled(...engines: Engine[]): Promise<void> {
  for (let i = 0; i < 3; i++) {
    for (const engine of engines) {
      engine.look()
      await engine.settle()
    }
  }
}

const never = (): Promise<Outcome> => new Promise(() => undefined)
const rowsOf = (engine: Engine, sql: string) => engine.store.database.sqlite.prepare(sql).all()

describe('what two processes decide', () => {
  it('is sent by the one that holds the channel, in the order it was committed in', async () => {
    await other.writes('一')
    await holder.writes('二')
    await other.writes('三')
    await settled(other, holder)
    expect(holder.wechat.texts()).toEqual(['收到一', '收到二', '收到三'])
    expect(other.wechat.sent).toEqual([])
  })

  it('about one message that came to both at once, is decided once (must-survive 2)', async () => {
    const message = anInbound('报修 电梯', { id: 'the same', at: clock.now() })
    const answers = await Promise.all([
      other.inbox.receive(message),
      holder.inbox.receive(message),
      other.inbox.receive(message),
    ])
    expect(answers.toSorted()).toEqual(['duplicate', 'duplicate', 'stored'])
    await settled(other, holder)
    expect(rowsOf(holder, 'select number from complaints')).toHaveLength(1)
    expect(holder.wecom.sent).toHaveLength(1)
  })

  it('numbers complaints without gap or double', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? holder : other).writes(`报修 ${i}`, { sender: `wx-${i}` }),
      ),
    )
    const numbers = rowsOf(holder, 'select number from complaints order by number') as { number: string }[]
    expect(numbers.map(({ number }) => Number(number.slice(-4)))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
  })

  it('of one timer that is due in both, happens once (must-survive 8)', async () => {
    await other.writes('提醒')
    await clock.pass(minutes(2))
    const { revision = 0 } = (rowsOf(holder, 'select revision from timers')[0] ?? {}) as { revision?: number }
    await Promise.all([
      holder.inbox.fire('conversation', 1, revision),
      other.inbox.fire('conversation', 1, revision),
    ])
    await settled(other, holder)
    expect(holder.wechat.texts()).toEqual(['到点'])
  })

  it('follows the newest estate file, whichever of them brought it', async () => {
    const next = await another({ company: { ...aCompany(), name: '新安居物业' } })
    await other.writes('一')
    expect(rowsOf(other, 'select distinct version from inbox')).toEqual([{ version: 2 }])
    await next.stop()
  })

  it('is tried again by the one that has the chores, when it failed in another', async () => {
    const steps = createFakeSteps()
    const third = await another({ steps })
    await third.writes('坏')
    await clock.pass(seconds(5))
    expect(rowsOf(third, 'select attempts from inbox')).toEqual([{ attempts: 1 }])
    holder.look()
    holder.steps.broken = false
    await clock.pass(seconds(5))
    await settled(holder)
    expect(holder.wechat.texts()).toEqual(['收到坏'])
    await third.stop()
  })

  it('about a file that came to another is fetched by the one that holds its channel', async () => {
    for (const engine of [holder, other])
      engine.wechat.files.set('file-1', async function* () {
        await Promise.resolve()
        yield Buffer.from('a file')
      })
    await other.writes({ type: 'media', kind: 'file', media: 'file-1', name: null })
    await other.settle()
    expect(rowsOf(other, 'select state from media')).toEqual([{ state: 'waiting' }])
    holder.look()
    await until(() => holder.wechat.released.length > 0)
    expect([holder.wechat.released, other.wechat.released]).toEqual([['file-1'], []])
  })

  it('is taken back after its time by the process that holds the channel', async () => {
    holder.wecom.answer = () => ({ type: 'accepted', ref: 'msg-1', code: null })
    await other.writes('报修 一')
    const danger = { type: 'fire' as const, lift: false, self: true }
    await other.inbox.submit(
      { to: 'complaint', id: 1 as ComplaintId },
      { type: 'danger', danger, text: '3栋' },
    )
    await settled(other, holder)
    await clock.pass(hours(25))
    await settled(other, holder)
    expect(holder.wecom.sent.filter(({ body }) => body.type === 'recall')).toHaveLength(1)
    expect(other.wecom.sent).toEqual([])
  })
})

describe('when the holder is killed', () => {
  it('the other sends what had not left, and marks what perhaps had; nothing is lost', async () => {
    holder.wechat.answer = never
    await other.writes('说promise 一')
    await other.writes('说promise 二')
    holder.look()
    await turnsOfTheLoop()
    expect(holder.wechat.texts()).toEqual(['一'])
    killed(holder)
    await other.takeOver()
    await clock.pass(seconds(5))
    await settled(other)
    expect(other.wechat.texts()).toEqual(['（重发，如已收到请忽略）一', '二'])
    await other.writes('三')
    await settled(other)
    expect(other.wechat.texts().at(-1)).toBe('收到三')
  })

  it('and then the next one, too, the notes of both are found, and none is left', async () => {
    holder.wechat.answer = never
    await other.writes('说promise 一')
    holder.look()
    await turnsOfTheLoop()
    killed(holder)
    other.wechat.answer = never
    await other.takeOver()
    await clock.pass(seconds(5))
    await turnsOfTheLoop()
    expect(other.wechat.texts()).toHaveLength(1)
    killed(other)
    const third = await another({ holder: 'third' })
    await third.takeOver()
    await third.settle()
    expect(third.wechat.texts(), 'twice uncertain is shown to people').toEqual([])
    expect(rowsOf(third, 'select state from outbox')).toEqual([{ state: 'unknown' }])
    expect(existsSync(join(dir, 'flights-wechaty-first.log'))).toBe(false)
    expect(existsSync(join(dir, 'flights-wechaty-second.log'))).toBe(false)
    expect(existsSync(join(dir, 'flights-wechaty-third.log'))).toBe(true)
    await third.stop()
  })

  it('a restart of the machine proves nothing of what had left', async () => {
    await other.writes('说promise 一')
    other.store.database.sqlite.exec("update outbox set claimed_by = 'test/another-boot/1/1/second'")
    killed(holder)
    await other.takeOver()
    await clock.pass(seconds(5))
    await settled(other)
    expect(other.wechat.texts()).toEqual(['（重发，如已收到请忽略）一'])
  })
})

describe('when the holder was only stopped for long', () => {
  const open: ((outcome: Outcome) => void)[] = []

  beforeEach(async () => {
    open.length = 0
    holder.wechat.answer = () => new Promise((resolve) => open.push(resolve))
    await other.writes('说promise 一')
    await other.writes('说promise 二')
    holder.look()
    await turnsOfTheLoop()
    real += 16_000
    await other.takeOver()
    await clock.pass(seconds(5))
    await settled(other)
  })

  it('it marks nothing that another has taken over, and sends nothing more', async () => {
    expect(other.wechat.texts()).toEqual(['（重发，如已收到请忽略）一', '二'])
    open.forEach((answer) => answer({ type: 'refused', why: 'recipient', detail: 'late news' }))
    await turnsOfTheLoop(40)
    expect(holder.wechat.texts()).toEqual(['一'])
    expect(rowsOf(other, 'select state from outbox')).toEqual([{ state: 'sent' }, { state: 'sent' }])
  })

  it('it takes nothing in, so that the platform sends it to another', async () => {
    await expect(holder.writes('三')).rejects.toThrow('took over')
    await other.writes('三')
  })

  afterEach(async () => {
    open.forEach((answer) => answer(accepted))
    await expect(holder.stop()).rejects.toThrow('took over')
    killed(holder)
  })
})

it('a holder that stops hands over what it had not sent, unmarked', async () => {
  holder.wechat.answer = () => ({ type: 'later', after: minutes(1), detail: 'not connected' })
  await other.writes('说question 哪一栋？')
  await settled(other, holder)
  dead.add(holder)
  await holder.stop()
  await other.takeOver()
  await clock.pass(minutes(2))
  await settled(other)
  expect(other.wechat.texts()).toEqual(['哪一栋？'])
})
