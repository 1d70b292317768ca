import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { createClock, type HurriedClock } from '../../../bot/clock.ts'
import { createBullmqTimers, type BullmqTimers } from '../../../bot/timers/bullmq.ts'
import type { DueRows, Fire } from '../../../bot/timers/timers.ts'
import { seconds } from '../../../workflows/ids.ts'
import { aFolder, quiet } from '../../support/engine.ts'
import { fit, ownRedis, type OwnRedis } from '../../support/redis.ts'
import { worldOf } from './conformance.ts'
import { sleep, until } from './waiting.ts'

export type BullmqWorld = ReturnType<ReturnType<typeof onOwnRedis>['aWorld']>

/** A Redis for the tests of this file, to do whatever they like with, and worlds on it that end with their test. */
export function onOwnRedis() {
  let redis: OwnRedis
  const cleaning: (() => void | Promise<void>)[] = []

  beforeAll(async () => {
    redis = await ownRedis()
    // Where there is no Redis yet, it is installed first.
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
      const made = createBullmqTimers({ rows, clock, log: quiet, redisUrl: url, found: fit, database })
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
      /** Starts, and waits until Redis takes what is armed and the worker listens. */
      async startConnected(how: Fire = world.fire) {
        await world.start(how)
        const { queue } = world.timers() as BullmqTimers
        await until(async () => (await queue.getWorkersCount()) > 0)
      },
    }
  }

  return { redis: () => redis, aWorld, cleaning }
}

/** A process with a driver of its own, on which complaint 1 is due at once and whose firing never ends. */
export function spawnDriver(url: string, database: string) {
  const built = pathToFileURL(join(import.meta.dirname, '../../../dist/bot/timers/bullmq.js')).href
  const program = `
    const { createBullmqTimers } = await import(${JSON.stringify(built)})
    const row = { kind: 'complaint', id: 1, due: Date.now(), revision: 1 }
    const rows = { dueBy: () => [], firstAfter: () => null, get: () => row, page: () => [] }
    const clock = { now: () => Date.now(), factor: () => 1, after: (d, t) => { const x = setTimeout(t, d); return () => clearTimeout(x) } }
    const log = { warn() {}, info() {} }
    const timers = createBullmqTimers({ rows, clock, log, redisUrl: ${JSON.stringify(url)}, found: ${JSON.stringify(fit)}, database: '${database}' })
    await timers.start(() => { process.stdout.write('firing'); return new Promise(() => {}) })
    await timers.queue.waitUntilReady()
    timers.arm('complaint', 1, row.due, 1)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    firing: new Promise((resolve) => child.stdout.once('data', resolve)),
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.kill('SIGKILL')
      }),
  }
}
