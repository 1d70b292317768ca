import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { differences, replay } from '../../bot/replay.ts'
import { openStore } from '../../db/store.ts'
import { hours, minutes, seconds, type ComplaintId } from '../../workflows/ids.ts'
import { accepted } from '../support/channel.ts'
import { aRegistration } from '../support/fake-steps.ts'
import { aFolder, anEngine, desk, type Engine } from '../support/engine.ts'

async function replayed(engine: Engine) {
  const dir = aFolder()
  const into = openStore({ dataDir: dir, holder: 'replay', now: 1 })
  const events = await replay({ from: engine.store, into, steps: engine.steps, desk })
  const found = differences(engine.store, into)
  into.close()
  rmSync(dir, { recursive: true })
  return { events, found }
}

it('decides a whole history again as it was', async () => {
  const engine = await anEngine()
  engine.wecom.answer = ({ body }) =>
    body.type === 'card' ? { type: 'refused', why: 'recipient', detail: '60111' } : accepted
  await engine.writes('报修 电梯')
  await engine.writes('发码')
  await engine.settle()
  await engine.writes(`我是${engine.wechat.texts().at(-1)?.slice(1)}`, { sender: 'wx-new' })
  await engine.writes('坏', { sender: 'wx-c' })
  await engine.writes('提醒', { sender: 'wx-c' })
  await engine.writes({ type: 'media', kind: 'image', media: 'file-1', name: null })
  engine.steps.broken = false
  await engine.clock.pass(minutes(2))
  await engine.settle()
  const { person: _p, conversation: _c, ...registration } = aRegistration(0 as never, 0 as never)
  await engine.inbox.register({ account: 'hand', id: 'k', facts: {} }, registration)
  await engine.inbox.submit(
    { to: 'complaint', id: 1 as ComplaintId },
    { type: 'supplement', text: '补', media: [] },
  )
  await engine.clock.pass(hours(2))
  await engine.settle()
  const { events, found } = await replayed(engine)
  expect(found).toEqual([])
  expect(events).toBeGreaterThan(10)
  expect(engine.store.complaints.timeline(1 as ComplaintId).map((e) => e.type)).toContain('undeliverable')
  await engine.stop()
})

it('shows what other steps would have decided', async () => {
  const engine = await anEngine()
  await engine.writes('报修 电梯')
  const { stepComplaint } = engine.steps
  engine.steps.stepComplaint = (...given) => {
    const turn = stepComplaint(...given)
    return { ...turn, state: { ...turn.state, severity: 'S1' } }
  }
  expect((await replayed(engine)).found).toEqual([{ what: 'complaint', id: 1 }])
  await engine.stop()
})

it('holds for any order of messages, waits and failures', async () => {
  const step = fc.oneof(
    fc.record({
      who: fc.constantFrom('wx-a', 'wx-b'),
      says: fc.constantFrom('报修 一', '提醒', '你好', '坏', '发码'),
    }),
    fc.record({ wait: fc.constantFrom(seconds(2), minutes(2), hours(2)) }),
    fc.record({ broken: fc.boolean() }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (story) => {
      const engine = await anEngine()
      for (const part of story) {
        if ('says' in part) await engine.writes(part.says, { sender: part.who })
        else if ('wait' in part) await engine.clock.pass(part.wait)
        else engine.steps.broken = part.broken
      }
      await engine.settle()
      engine.steps.broken = false
      const { found } = await replayed(engine)
      await engine.stop()
      expect(found).toEqual([])
    }),
    { numRuns: 25 },
  )
})
