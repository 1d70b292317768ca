import { createServer, connect, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { days, hours, minutes, seconds } from '../../../workflows/ids.ts'
import { ownRedis } from '../../support/redis.ts'
import { onOwnRedis } from './bullmq-world.ts'
import { sleep, until } from './waiting.ts'

const { aWorld, redis, cleaning } = onOwnRedis()

describe('Redis', () => {
  it('emptied: every open deadline stands there again within a minute, and what is overdue fires once (must-survive 6)', async () => {
    const w = aWorld(60)
    await w.start()
    w.fill(200, (id) => hours(1) + id * 1_000)
    for (let id = 1; id <= 200; id++)
      w.timers().arm('complaint', id, w.rows.get('complaint', id)?.due ?? 0, 1)
    await until(async () => (await w.queue().getDelayedCount()) === 201)
    w.set(201, minutes(1))
    await redis().empty()
    await sleep(minutes(1) / 60)
    await until(async () => (await w.queue().getDelayedCount()) === 201, 300)
    expect(await w.queue().getJobSchedulersCount()).toBe(1)
    await until(() => w.fired.length === 1, 1_000)
    await sleep(minutes(1) / 60)
    expect(w.ids()).toEqual([201])
  })

  it('stopped: nothing is thrown or held up; what is due fires late and once, and all is there again within a minute of its return (must-survive 7)', async () => {
    const w = aWorld(20)
    await w.start()
    w.set(1, seconds(40))
    w.set(2, days(1))
    w.set(3, days(1))
    await until(async () => (await w.queue().getDelayedCount()) === 4)
    await redis().stop()
    const began = performance.now()
    for (let id = 4; id <= 500; id++) w.set(id, days(2))
    w.set(501, seconds(30))
    w.set(3, days(3), 2)
    w.cancel(2)
    expect(performance.now() - began).toBeLessThan(300)
    await until(() =>
      w
        .timers()
        .troubles()
        .some((trouble) => trouble.includes('cannot be used')),
    )
    expect(w.timers().troubles()[0]).toContain('up to 30 s late')
    expect(w.timers().troubles()[0]).not.toContain('127.0.0.1')
    await until(() => w.fired.length === 2, 5_000)
    expect(Math.max(...w.fired.map((f) => f.late))).toBeLessThanOrEqual(seconds(32))
    await sleep(1_500)
    await redis().start()
    // 3 to 500, and the sweep. A minute is 3 s here; the way back to Redis is counted in real time, 5 s at most.
    await until(
      async () =>
        w
          .timers()
          .troubles()
          .every((trouble) => !trouble.includes('cannot be used')) &&
        (await w.queue().getDelayedCount()) === 499,
      8_000,
    )
    expect(w.ids().toSorted()).toEqual([1, 501])
    w.set(600, seconds(2))
    await until(() => w.ids().includes(600), 1_000)
  }, 30_000)

  it('stopped and back with all it had kept: what was armed or moved while it was away is there, too', async () => {
    const durable = await ownRedis('--appendonly', 'yes', '--appendfsync', 'always')
    cleaning.push(() => durable.close())
    const w = aWorld(1, durable.url)
    await w.startConnected()
    w.set(1, days(1))
    w.set(2, days(1))
    await until(async () => (await w.queue().getDelayedCount()) === 3)
    await durable.stop()
    await until(() =>
      w
        .timers()
        .troubles()
        .some((trouble) => trouble.includes('cannot be used')),
    )
    w.set(2, days(2), 2)
    w.set(3, days(1))
    await durable.start()
    for (const id of ['complaint-1-r1', 'complaint-2-r2', 'complaint-3-r1'])
      await until(
        async () =>
          (await w
            .queue()
            .getJob(id)
            .catch(() => undefined)) !== undefined,
      )
  }, 30_000)

  it('away at the start: the rows are served all the same, and a stop does not wait for it', async () => {
    await redis().stop()
    const w = aWorld(60)
    w.fill(3, () => 0)
    await w.start()
    w.set(4, seconds(5))
    await until(() => w.fired.length === 4, 2_000)
    const began = performance.now()
    await w.timers().stop()
    expect(performance.now() - began).toBeLessThan(1_500)
    await redis().start()
  })

  it('silent on the connections that listen, as after a lost read: the process listens anew (bullmq#1658, #2466, #3185)', async () => {
    const wire = await aWire(redis().url)
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

  it('slow: nobody waits for it, and what is due fires once, no later than the rows are looked at', async () => {
    const wire = await aWire(redis().url, 400)
    cleaning.push(() => wire.close())
    const w = aWorld(20, wire.url)
    await w.start()
    const began = performance.now()
    for (let id = 1; id <= 200; id++) w.set(id, id <= 50 ? seconds(40) : days(1))
    w.cancel(50)
    w.set(49, days(1), 2)
    expect(performance.now() - began).toBeLessThan(300)
    await until(() => w.fired.length === 48, 8_000)
    await sleep(1_000)
    expect(w.ids().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1))
    expect(Math.max(...w.fired.map(({ late }) => late))).toBeLessThanOrEqual(seconds(32))
  }, 30_000)
})

/** A wire to Redis that can fall silent without closing, as a broken network does; all comes `late` ms late each way. */
async function aWire(to: string, late = 0) {
  const pairs: { near: Socket; far: Socket }[] = []
  const server = createServer((near) => {
    const far = connect(Number(new URL(to).port), '127.0.0.1')
    near.pipe(delayed(late)).pipe(far)
    far.pipe(delayed(late)).pipe(near)
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
        near.unpipe()
        far.unpipe()
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

/** Chunks pass in order, each so much later (real milliseconds), and many can be on their way at once. */
function delayed(late: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (late === 0) return done(null, chunk)
      setTimeout(() => this.push(chunk), late)
      done()
    },
  })
}
