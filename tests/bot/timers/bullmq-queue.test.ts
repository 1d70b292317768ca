import { describe, expect, it } from 'vitest'
import { createEmbeddedTimers } from '../../../bot/timers/embedded.ts'
import type { Timers } from '../../../bot/timers/timers.ts'
import { hours, seconds } from '../../../workflows/ids.ts'
import { quiet } from '../../support/engine.ts'
import { onOwnRedis, type BullmqWorld } from './bullmq-world.ts'
import { until } from './waiting.ts'

const { aWorld } = onOwnRedis()

const percentile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN

describe('on a real clock', () => {
  it.each([
    ['embedded', 300, (w: BullmqWorld): Timers => createEmbeddedTimers(w.rows, w.clock, quiet)],
    ['BullMQ', 1_500, (w: BullmqWorld): Timers => w.timers()],
  ])('%s timers fire at once: 99 of 100 within %i ms', async (name, allowed, driver) => {
    const w = aWorld(1)
    const timers = driver(w)
    await (name === 'BullMQ' ? w.startConnected() : timers.start(w.fire))
    const now = w.clock.now()
    for (let id = 1; id <= 150; id++) {
      w.rows.set({ kind: 'complaint', id, due: now + 300 + id * 10, revision: 1 })
      timers.arm('complaint', id, now + 300 + id * 10, 1)
    }
    await until(() => w.fired.length === 150)
    await timers.stop()
    const late = w.fired.map((f) => f.late)
    expect(new Set(w.ids()).size).toBe(150)
    expect(percentile(late, 0.99)).toBeLessThan(allowed)
  })
})

describe('the queue', () => {
  it('holds ids alone, under a name that carries the revision (must-survive 38)', async () => {
    const w = aWorld(1)
    await w.startConnected()
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

  it('keeps nothing of what a failing turn said', async () => {
    const w = aWorld(1)
    await w.startConnected(() => Promise.reject(new Error('王女士 13900000001')))
    w.set(1, 50)
    await until(async () => ((await w.queue().getJob('complaint-1-r1'))?.attemptsMade ?? 0) > 0)
    const job = await w.queue().getJob('complaint-1-r1')
    expect(job?.failedReason).toMatch(/^Error/)
    expect(JSON.stringify(job)).not.toMatch(/王女士|13900000001/)
  })

  it('fires a deadline that moved, though the job of the old one was done (bullmq#1287, #3765)', async () => {
    const w = aWorld(1)
    await w.startConnected()
    w.set(1, 50)
    await until(() => w.fired.length === 1)
    w.set(1, 50, 2)
    await until(() => w.fired.length === 2, 5_000)
    expect(w.fired.map((f) => f.revision)).toEqual([1, 2])
  })

  it('fires at the new time when the clock moved, though the jobs were put there for the old one', async () => {
    const w = aWorld(1)
    await w.startConnected()
    w.set(1, hours(1) + seconds(1))
    await until(async () => (await w.queue().getJob('complaint-1-r1')) !== undefined)
    w.driver.jump(hours(1))
    w.timers().jumped()
    await until(() => w.fired.length === 1, 5_000)
    expect(w.fired[0]?.late).toBeGreaterThanOrEqual(0)
  })

  it('puts back what comes too early', async () => {
    const w = aWorld(1)
    await w.startConnected()
    w.set(1, 1_500)
    await until(async () => (await w.queue().getJob('complaint-1-r1')) !== undefined)
    await (await w.queue().getJob('complaint-1-r1'))?.promote()
    await until(() => w.fired.length === 1, 5_000)
    expect(w.fired[0]?.late).toBeGreaterThanOrEqual(0)
  })

  it('has one sweep for all processes, which fires what is due and brings back what was taken out (bullmq#3381)', async () => {
    const w = aWorld(1)
    await w.startConnected()
    const other = w.another()
    await other.start(w.fire)
    await until(async () => (await w.queue().getWorkersCount()) === 2)
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
    await until(() => w.fired.length === 1)
    expect(w.ids()).toEqual([2])
    // The next one follows.
    await until(async () => (await w.queue().getDelayedCount()) === 2)
  })

  it('keeps a reply that waits for a burst of messages out of Redis', async () => {
    const w = aWorld(1)
    await w.startConnected()
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
    // CPU between two beats of the loop: on a busy machine the clock on the wall measures the others.
    let longest = 0
    let before = process.cpuUsage()
    const pulse = setInterval(() => {
      const { user, system } = process.cpuUsage(before)
      longest = Math.max(longest, (user + system) / 1_000)
      before = process.cpuUsage()
    }, 5)
    await w.start()
    await until(async () => (await w.queue().getDelayedCount()) > 100_000, 80_000)
    clearInterval(pulse)
    expect(longest).toBeLessThan(250)
  }, 90_000)
})
