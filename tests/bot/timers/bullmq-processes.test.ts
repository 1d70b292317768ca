import { describe, expect, it } from 'vitest'
import { createEmbeddedTimers } from '../../../bot/timers/embedded.ts'
import type { DueRows, Timers } from '../../../bot/timers/timers.ts'
import { minutes, type Instant } from '../../../workflows/ids.ts'
import { quiet } from '../../support/engine.ts'
import { onOwnRedis, spawnDriver, type BullmqWorld } from './bullmq-world.ts'
import { sleep, until } from './waiting.ts'

const { aWorld, redis, cleaning } = onOwnRedis()

describe('several processes', () => {
  it('on one Redis and the same rows share the work: each row fires once', async () => {
    const w = aWorld(1)
    const other = w.another()
    const doneBy = new Map<string, number>()
    const by = (name: string) => async (kind: 'complaint' | 'conversation', id: number, revision: number) => {
      doneBy.set(name, (doneBy.get(name) ?? 0) + 1)
      await w.fire(kind, id, revision)
    }
    await w.start(by('first'))
    await other.start(by('second'))
    await until(async () => (await w.queue().getWorkersCount()) === 2)
    for (let id = 1; id <= 400; id++) (id % 2 ? w.timers() : other).arm('complaint', id, ...armed(w, id))
    await until(() => w.fired.length === 400)
    await sleep(100)
    expect(w.ids()).toHaveLength(400)
    expect(new Set(w.ids()).size).toBe(400)
    expect([...doneBy.keys()].toSorted()).toEqual(['first', 'second'])
  })

  it('take over from one that was killed while it fired, once', async () => {
    const w = aWorld(1)
    w.rows.set({ kind: 'complaint', id: 1, due: w.clock.now(), revision: 1 })
    const child = spawnDriver(redis().url, w.database)
    cleaning.push(() => void child.kill())
    await child.firing
    const active = w.queue()
    expect(await active.getJobState('complaint-1-r1')).toBe('active')
    await child.kill()
    // The row is overdue, so this start fires it; the dead process's job comes once its lock has ended, and does nothing.
    await w.start()
    await until(() => w.fired.length === 1, 5_000)
    await until(async () => (await active.getJobState('complaint-1-r1')) === 'completed', 20_000)
    expect(w.ids()).toEqual([1])
  }, 30_000)
})

describe('the driver changed with timers open', () => {
  it('embedded, then BullMQ, then embedded, then BullMQ: each fires once, in time', async () => {
    const w = aWorld(60)
    const embedded = (rows: DueRows): Timers => createEmbeddedTimers(rows, w.clock, quiet)
    await w.restart(embedded)
    w.set(1, minutes(1))
    w.set(2, minutes(2))
    w.set(3, minutes(3))
    w.set(4, minutes(4))
    await until(() => w.fired.length === 1, 2_000)
    await w.restart(() => w.another())
    await until(() => w.fired.length === 2, 2_000)
    w.set(3, minutes(1), 2)
    await w.restart(embedded)
    await until(() => w.fired.length === 3, 3_000)
    await w.restart(() => w.another())
    await until(() => w.fired.length === 4, 3_000)
    await sleep(1_000)
    expect(w.fired.map((f) => [f.id, f.revision])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 1],
    ])
  })
})

function armed(w: BullmqWorld, id: number): [Instant, number] {
  const due = w.clock.now() + 300 + id
  w.rows.set({ kind: 'complaint', id, due, revision: 1 })
  return [due, 1]
}
