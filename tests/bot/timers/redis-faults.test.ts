import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createClock, type HurriedClock } from '../../../bot/clock.ts'
import { createBullmqTimers, type BullmqTimers } from '../../../bot/timers/bullmq.ts'
import { createEmbeddedTimers } from '../../../bot/timers/embedded.ts'
import type { DueRows, Timers } from '../../../bot/timers/timers.ts'
import { days, hours, minutes, seconds, type Millis } from '../../../workflows/ids.ts'
import { aFolder, quiet } from '../../support/engine.ts'
import { ownRedis, type OwnRedis } from '../../support/redis.ts'
import { worldOf } from './conformance.ts'
import { sleep, until } from './waiting.ts'

let redis: OwnRedis
const cleaning: (() => void | Promise<void>)[] = []

beforeAll(async () => {
  redis = await ownRedis()
}, 300_000)

afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean()
})

afterAll(() => redis.close())

/** A world on BullMQ whose clock runs so many times faster than real time. */
function aWorld(speed: number, url = redis.url) {
  const folder = aFolder()
  cleaning.push(() => rmSync(folder, { recursive: true, force: true }))
  const clock: HurriedClock = createClock(folder, { hurried: true })
  if (speed > 1) clock.speed(speed)
  const database = randomBytes(4).toString('hex')
  const drivers: BullmqTimers[] = []
  const create = (rows: DueRows): BullmqTimers => {
    const made = createBullmqTimers({ rows, clock, log: quiet, redisUrl: url, database })
    drivers.push(made)
    return made
  }
  const world = worldOf({
    now: clock.now,
    create,
    pass: (length) => sleep(length / speed),
    jump: (length) => clock.advance(length),
    punctual: seconds(1),
  })
  cleaning.push(async () => {
    for (const driver of drivers) await driver.stop()
    world.store.close()
  })
  return {
    ...world,
    clock,
    database,
    /** Another process on the same data. */
    another: () => create(world.rows),
    queue: () => (drivers[0] ?? create(world.rows)).queue,
  }
}

const byId = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b)
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)
const percentile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN

describe('on a real clock', () => {
  it.each([
    [
      'embedded',
      100,
      (rows: DueRows, w: ReturnType<typeof aWorld>) => createEmbeddedTimers(rows, w.clock, quiet),
    ],
    ['BullMQ', 400, (_rows: DueRows, w: ReturnType<typeof aWorld>): Timers => w.timers()],
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
    expect(byId(w.ids())).toEqual(upTo(150))
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
  })
})

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
    for (let id = 1; id <= 400; id++) (id % 2 ? w.timers() : other).arm('complaint', id, ...armed(w, id))
    await until(() => w.fired.length === 400)
    await sleep(100)
    expect(byId(w.ids())).toEqual(upTo(400))
    expect([...doneBy.keys()].toSorted()).toEqual(['first', 'second'])
  })

  it('take over from one that was killed while it fired, once', async () => {
    const w = aWorld(1)
    w.rows.set({ kind: 'complaint', id: 1, due: w.clock.now(), revision: 1 })
    const child = spawnDriver(redis.url, w.database)
    await child.firing
    const active = w.queue()
    expect(await active.getActiveCount()).toBe(1)
    await child.kill()
    // The row is overdue, so this start fires it; the dead process's job comes once its lock has ended, and does nothing.
    await w.start()
    await until(() => w.fired.length === 1, 1_000)
    await until(async () => (await active.getJobState('complaint-1-r1')) === 'completed', 20_000)
    expect(w.ids()).toEqual([1])
  }, 30_000)
})

describe('Redis', () => {
  it('emptied: every open deadline stands there again within a minute, and what is overdue fires once', async () => {
    const w = aWorld(60)
    await w.start()
    w.fill(200, (id) => hours(1) + id * 1_000)
    for (let id = 1; id <= 200; id++)
      w.timers().arm('complaint', id, w.rows.get('complaint', id)?.due ?? 0, 1)
    await until(async () => (await w.queue().getDelayedCount()) === 201)
    w.set(201, minutes(1))
    await redis.empty()
    await sleep(minutes(1) / 60)
    await until(async () => (await w.queue().getDelayedCount()) === 201, 300)
    expect(await w.queue().getJobSchedulersCount()).toBe(1)
    await until(() => w.fired.length === 1, 1_000)
    await sleep(minutes(1) / 60)
    expect(w.ids()).toEqual([201])
  })

  it('stopped: nothing is thrown or held up; what is due fires late and once, and all is there again within a minute of its return', async () => {
    const w = aWorld(20)
    await w.start()
    w.set(1, seconds(40))
    w.set(2, days(1))
    w.set(3, days(1))
    await until(async () => (await w.queue().getDelayedCount()) === 4)
    await redis.stop()
    const began = performance.now()
    for (let id = 4; id <= 500; id++) w.set(id, days(2))
    w.set(501, seconds(30))
    w.set(3, days(3), 2)
    w.cancel(2)
    expect(performance.now() - began).toBeLessThan(300)
    await until(() => w.timers().troubles().length > 0)
    expect(w.timers().troubles()[0]).toContain('up to 30 s late')
    expect(w.timers().troubles()[0]).not.toContain('127.0.0.1')
    await until(() => w.fired.length === 2, 5_000)
    expect(Math.max(...w.fired.map((f) => f.late))).toBeLessThanOrEqual(seconds(32))
    await sleep(1_500)
    await redis.start()
    // 3 to 500, and the sweep. A minute is 3 s here; the way back to Redis is counted in real time, 5 s at most.
    await until(
      async () => w.timers().troubles().length === 0 && (await w.queue().getDelayedCount()) === 499,
      8_000,
    )
    expect(byId(w.ids())).toEqual([1, 501])
    w.set(600, seconds(2))
    await until(() => w.ids().includes(600), 1_000)
  }, 30_000)

  it('away at the start: the rows are served all the same, and a stop does not wait for it', async () => {
    await redis.stop()
    const w = aWorld(60)
    w.fill(3, () => 0)
    await w.start()
    w.set(4, seconds(5))
    await until(() => w.fired.length === 4, 2_000)
    const began = performance.now()
    await w.timers().stop()
    expect(performance.now() - began).toBeLessThan(1_500)
    await redis.start()
  })

  it('silent on the connections that listen, as after a lost read: the process listens anew (bullmq#1658, #2466, #3185)', async () => {
    const wire = await aWire(redis.url)
    cleaning.push(() => wire.close())
    const w = aWorld(60, wire.url)
    await w.start()
    w.set(1, seconds(3))
    await until(() => w.fired.length === 1, 1_000)
    wire.silence(1)
    let id = 1
    // By the rows alone, half a second of real time late at most; by the queue within 100 ms.
    await until(async () => {
      w.set(++id, seconds(6))
      const done = w.fired.length
      await until(() => w.fired.length > done, 2_000)
      return (w.fired.at(-1)?.late ?? Infinity) < seconds(6)
    }, 15_000)
    await until(() => wire.opened() >= 5)
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

function armed(w: ReturnType<typeof aWorld>, id: number): [Millis, number] {
  const due = w.clock.now() + 300 + id
  w.rows.set({ kind: 'complaint', id, due, revision: 1 })
  return [due, 1]
}

/** A process with a driver of its own, on which complaint 1 is due at once and whose firing never ends. */
function spawnDriver(url: string, database: string) {
  const built = pathToFileURL(join(import.meta.dirname, '../../../dist/bot/timers/bullmq.js')).href
  const program = `
    const { createBullmqTimers } = await import(${JSON.stringify(built)})
    const row = { kind: 'complaint', id: 1, due: Date.now() + 200, revision: 1 }
    const rows = { dueBy: () => [], firstAfter: () => null, get: () => row, page: (last) => (last ? [] : [row]) }
    const clock = { now: () => Date.now(), factor: () => 1, after: (d, t) => { const x = setTimeout(t, d); return () => clearTimeout(x) } }
    const log = { warn() {}, info() {} }
    const timers = createBullmqTimers({ rows, clock, log, redisUrl: ${JSON.stringify(url)}, database: '${database}' })
    await timers.start(() => { process.stdout.write('firing'); return new Promise(() => {}) })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleaning.push(() => void child.kill('SIGKILL'))
  return {
    firing: new Promise((resolve) => child.stdout.once('data', resolve)),
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.kill('SIGKILL')
      }),
  }
}

/** A wire to Redis that can fall silent without closing, as a broken network does. */
async function aWire(to: string) {
  const pairs: { near: Socket; far: Socket }[] = []
  const server = createServer((near) => {
    const far = connect(Number(new URL(to).port), '127.0.0.1')
    near.pipe(far)
    far.pipe(near)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    pairs.push({ near, far })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `redis://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    opened: () => pairs.length,
    /** Nothing passes any more on the connections open now but the first so many, which are the queue's own. */
    silence(but: number) {
      for (const { near, far } of pairs.slice(but)) {
        near.unpipe(far)
        far.unpipe(near)
        near.resume()
        far.resume()
      }
    },
    close() {
      for (const { near } of pairs) near.destroy()
      server.close()
    },
  }
}
