import { describe, expect, it } from 'vitest'
import { createEmbeddedTimers } from '../../../bot/timers/embedded.ts'
import type { DueRows, Timers } from '../../../bot/timers/timers.ts'
import { hours, seconds } from '../../../workflows/ids.ts'
import { quiet } from '../../support/engine.ts'
import { onOwnRedis, type BullmqWorld } from './bullmq-world.ts'
import { until } from './waiting.ts'

const { aWorld } = onOwnRedis()

const percentile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN

describe('on a real clock', () => {
  it.each([
    ['embedded', 100, (rows: DueRows, w: BullmqWorld) => createEmbeddedTimers(rows, w.clock, quiet)],
    ['BullMQ', 400, (_rows: DueRows, w: BullmqWorld): Timers => w.timers()],
  ])('%s timers fire at once: 99 of 100 within %i ms', async (_name, allowed, driver) => {
    const w = aWorld(1)
    const timers = driver(w.rows, w)
    await timers.start(w.fire)
    const now = w.clock.now()
    for (let id = 1; id <= 150; id++) {
      w.rows.set({ kind: 'complaint', id, due: now + 300 + id * 10, revision: 1 })
      timers.arm('complaint', id, now + 300 + id * 10, 1)
    }
    await until(() => w.fired.length === 150)
    await timers.stop()
    const late = w.fired.map((f) => f.late)
    if (process.env.FIGURES)
      process.stdout.write(`late: p50 ${percentile(late, 0.5)} p99 ${percentile(late, 0.99)}\n`)
    expect(new Set(w.ids()).size).toBe(150)
    expect(percentile(late, 0.99)).toBeLessThan(allowed)
  })
})

describe('the queue', () => {
  it('holds ids alone, under a name that carries the revision', async () => {
    const w = aWorld(1)
    await w.start()
    w.set(12, hours(1), 5)
    await until(async () => (await w.queue().getDelayedCount()) > 1)
    const job = await w.queue().getJob('complaint-12-r5')
    expect(job).toMatchObject({ name: 'complaint', data: { id: 12, revision: 5 } })
    expect(job?.opts).toMatchObject({ removeOnComplete: { age: 3_600 }, removeOnFail: { count: 1_000 } })
    w.set(12, hours(2), 6)
    await until(async () => (await w.queue().getJob('complaint-12-r5')) === undefined)
    w.cancel(12)
    await until(async () => (await w.queue().getJob('complaint-12-r6')) === undefined)
  })

  it('fires a deadline that moved, though the job of the old one was done (bullmq#1287, #3765)', async () => {
    const w = aWorld(1)
    await w.start()
    w.set(1, 50)
    await until(() => w.fired.length === 1)
    w.set(1, 50, 2)
    await until(() => w.fired.length === 2, 5_000)
    expect(w.fired.map((f) => f.revision)).toEqual([1, 2])
  })

  it('has one sweep for all processes, which fires what is due and brings back what was taken out (bullmq#3381)', async () => {
    const w = aWorld(1)
    await w.start()
    const other = w.another()
    await other.start(w.fire)
    w.set(1, seconds(40))
    await until(async () => (await w.queue().getDelayedCount()) === 2)
    await w.queue().remove('complaint-1-r1')
    w.rows.set({ kind: 'complaint', id: 2, due: w.clock.now(), revision: 1 })
    const [scheduler, ...more] = await w.queue().getJobSchedulers()
    expect(scheduler).toMatchObject({ key: 'sweep', every: 30_000 })
    expect(more).toEqual([])
    const sweep = (await w.queue().getDelayed()).find((job) => job.name === 'sweep')
    await sweep?.promote()
    await until(async () => (await w.queue().getJob('complaint-1-r1')) !== undefined)
    expect(w.ids()).toEqual([2])
    // The next one follows.
    expect(await w.queue().getDelayedCount()).toBe(2)
  })

  it('keeps a reply that waits for a burst of messages out of Redis', async () => {
    const w = aWorld(1)
    await w.start()
    w.set(1, seconds(4), 1, 'conversation')
    w.set(1, 200, 2, 'conversation')
    w.set(2, hours(4), 1, 'conversation')
    await until(async () => (await w.queue().getJob('conversation-2-r1')) !== undefined)
    expect(await w.queue().getJob('conversation-1-r2')).toBeUndefined()
    await until(() => w.fired.length === 1)
    expect(w.fired[0]?.revision).toBe(2)
  })

  it('takes 100,000 open deadlines while the program goes on answering', async () => {
    const w = aWorld(1)
    w.fill(100_000, (id) => hours(1) + id)
    let longest = 0
    let before = performance.now()
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - before - 5)
      before = performance.now()
    }, 5)
    const began = performance.now()
    await w.start()
    await until(async () => (await w.queue().getDelayedCount()) > 100_000, 60_000)
    clearInterval(pulse)
    if (process.env.FIGURES)
      process.stdout.write(`armed in ${performance.now() - began} ms, loop held ${longest} ms at most\n`)
    expect(longest).toBeLessThan(500)
  }, 90_000)
})
