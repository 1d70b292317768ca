import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { DATABASE_FILE } from '../../db/store.ts'
import { productSteps } from '../../bot/steps.ts'
import { hours, minutes, seconds, type Instant } from '../../workflows/ids.ts'
import { aCompany } from '../support/builders.ts'
import { createFakeClock, turnsOfTheLoop } from '../support/clock.ts'
import { anEngine } from '../support/engine.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What a day must not fill up. */
interface Held {
  /** Bytes in use once nothing is left to collect. */
  readonly heap: number
  /** Bytes of the database's log. */
  readonly wal: number
  readonly outboxPending: number
  readonly inboxWaiting: number
  readonly timers: number
  readonly openFiles: number
  readonly cases: number
}

/** Somebody new tells a trouble every fourth minute, day and night, as people do: in pieces, with what is asked for. */
const EVERY = minutes(4)

it('must-survive 40: a day and a night of messages fill neither memory nor the log of the database nor the queue', async () => {
  const clock = createFakeClock()
  const engine = await anEngine({ steps: productSteps, clock, company: aCompany() })
  const begins = clock.now()
  let people = 0

  async function tellSomething(): Promise<void> {
    const sender = `wx-${String(++people)}`
    const room = `${String(1 + (people % 18))}0${String(1 + (people % 4))}`
    for (const text of [
      '你好',
      `3栋1单元${room}厨房水管漏水，今天开始的`,
      `138${String(people).padStart(8, '0')}`,
      '对',
    ]) {
      await engine.writes(text, { sender })
      await clock.pass(seconds(12))
    }
  }

  async function liveUntil(moment: Instant): Promise<Held> {
    while (clock.now() < moment) {
      const next = clock.now() + EVERY
      await tellSomething()
      await clock.pass(Math.max(0, next - clock.now()))
      // What the test itself keeps of the platforms is no part of what is measured.
      engine.wechat.sent.length = engine.wecom.sent.length = 0
    }
    await engine.settle()
    await turnsOfTheLoop()
    collectGarbage()
    const { outboxPending, inboxWaiting } = engine.store.reads.backlog()
    const count = (sql: string) => engine.store.database.sqlite.prepare(sql).pluck().get() as number
    return {
      heap: process.memoryUsage().heapUsed,
      wal: statSync(join(engine.dir, `${DATABASE_FILE}-wal`)).size,
      outboxPending,
      inboxWaiting,
      timers: count('SELECT count(*) FROM timers'),
      openFiles: process.getActiveResourcesInfo().length,
      cases: count('SELECT count(*) FROM complaints'),
    }
  }

  const early = await liveUntil(begins + hours(6))
  const late = await liveUntil(begins + hours(24))
  await engine.stop()

  expect(late.cases).toBeGreaterThan(300)
  // All that is remembered are the states of the newest 2,000 rows (db/stored.ts), about 30 kB a case with its cards.
  expect((late.heap - early.heap) / (late.cases - early.cases)).toBeLessThan(50_000)
  // Written back every 16 MB (db/database.ts).
  expect(late.wal).toBeLessThan(24 * 2 ** 20)
  expect(late).toMatchObject({ outboxPending: 0, inboxWaiting: 0, openFiles: early.openFiles })
  // One a case and one a conversation that waits for something.
  expect(late.timers).toBeLessThan(2 * late.cases)
}, 120_000)
