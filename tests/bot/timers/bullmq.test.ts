import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll } from 'vitest'
import { createBullmqTimers } from '../../../bot/timers/bullmq.ts'
import { createClock } from '../../../bot/clock.ts'
import { minutes } from '../../../workflows/ids.ts'
import { aFolder, quiet } from '../../support/engine.ts'
import { aRedis, fit, type TestRedis } from '../../support/redis.ts'
import { timersConform } from './conformance.ts'
import { sleep, until } from './waiting.ts'

let redis: TestRedis
const folders: string[] = []
const databases: string[] = []

beforeAll(async () => {
  redis = await aRedis()
}, 300_000)

afterAll(async () => {
  await redis.forget(databases)
  await redis.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A real Redis and a real clock, 120 times faster: a minute is half a second. */
timersConform('BullMQ', () => {
  const folder = aFolder()
  folders.push(folder)
  const database = randomBytes(4).toString('hex')
  databases.push(database)
  const clock = createClock(folder, { hurried: true })
  clock.speed(120)
  return Promise.resolve({
    now: clock.now,
    create: (rows) =>
      createBullmqTimers({ rows, clock, log: quiet, redisUrl: redis.url, found: fit, database }),
    async pass(length, rows) {
      const target = clock.now() + length
      while (clock.now() < target) await sleep(5)
      // What is due has half a second of real time to fire; what is refused never will.
      await until(() => rows.dueBy(target, 1).length === 0, 500).catch(() => undefined)
    },
    jump: (length) => clock.advance(length),
    punctual: minutes(1),
  })
})
