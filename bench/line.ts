import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { channelNames, MediaGone, type Channel, type Inbound, type Outbound } from '../adapters/channel.ts'
import { createClock, type Clock } from '../bot/clock.ts'
import { newestCompany } from '../bot/companies.ts'
import { demoMorning } from '../bot/demo.ts'
import { createEngine } from '../bot/engine.ts'
import { admission, ALONE_HERE, holdLease, processName } from '../bot/lease.ts'
import { createLog } from '../bot/log.ts'
import { productSteps } from '../bot/steps.ts'
import { createBullmqTimers } from '../bot/timers/bullmq.ts'
import { createEmbeddedTimers } from '../bot/timers/embedded.ts'
import { checkRedis } from '../bot/timers/redis-check.ts'
import type { Timers } from '../bot/timers/timers.ts'
import { openStore, type Store } from '../db/store.ts'
import { seconds, type Millis } from '../workflows/ids.ts'
import type { Content } from '../workflows/message.ts'
import { benchCompany } from './estate.ts'

/** The program from its door to its adapters, whose platforms take everything at once and are not there. */
export interface Line {
  readonly store: Store
  readonly clock: Clock
  /** Hands a message of a resident in; resolves as a platform would be answered. */
  resident(n: number, text: string): Promise<unknown>
  /** The same of a member of staff. */
  staff(userid: string, content: Content<string>): Promise<unknown>
  /** Tells of everything that leaves; nothing else is done with it. */
  onSend(listener: (outbound: Outbound) => void): void
  /** Resolves when everything decided has left, and that is on the disk. Throws after 60 s. */
  allSent(): Promise<void>
  stop(): Promise<void>
}

export interface LineOptions {
  /** Timers on BullMQ; in this process without it. */
  readonly redisUrl?: string
  /** A timer's turn is on the disk, so many milliseconds after it was due. */
  readonly onFired?: (late: Millis) => void
}

const desk = { channel: 'wecom', account: 'bench' } as const

/** The program's engine as `bot/program.ts` builds it, on a folder of its own. */
export async function openLine(dataDir: string, options: LineOptions = {}): Promise<Line> {
  mkdirSync(dataDir, { recursive: true })
  const firstStart = !existsSync(join(dataDir, 'clock.json'))
  const clock = createClock(dataDir, { hurried: true })
  const described = benchCompany()
  if (firstStart) clock.advance(demoMorning(described, clock.now()) - clock.now())
  const log = createLog('error')
  const holder = processName()
  const store = openStore({ dataDir, holder, now: clock.now(), ...admission(holder, ALONE_HERE, Date.now) })
  const lease = holdLease(store, log, { onLost: () => process.exit(1) })
  const company = store.companies.putCompany(described, clock.now())

  let listener: (outbound: Outbound) => void = () => undefined
  const channels = (['wechaty', 'wecom'] as const).map((name): Channel => ({
    name,
    start: () => Promise.resolve(),
    send(outbound) {
      listener(outbound)
      return Promise.resolve({ type: 'accepted', ref: null, code: null })
    },
    fetch: () => Promise.reject(new MediaGone('this platform has no files')),
    troubles: () => [],
    stop: () => Promise.resolve(),
  }))
  const { redisUrl, onFired } = options
  const driver =
    redisUrl === undefined
      ? createEmbeddedTimers(store.timers, clock, log)
      : createBullmqTimers({
          rows: store.timers,
          clock,
          log,
          redisUrl,
          found: await checkRedis(redisUrl, seconds(5)),
          database: store.id,
        })
  const timers: Timers = {
    ...driver,
    start: (fire) =>
      driver.start(async (kind, id, revision) => {
        const row = onFired ? store.timers.get(kind, id) : null
        await fire(kind, id, revision)
        if (row?.revision === revision) onFired?.(clock.now() - row.due)
      }),
  }
  const engine = createEngine({
    store,
    steps: productSteps,
    clock,
    company: newestCompany(store.companies, company, ALONE_HERE),
    desk,
    keep: { years: 3, mediaDays: 180 },
    dataDir,
    channels,
    timers,
    lease,
    log,
  })
  const { inbox, outbox, media } = engine
  await engine.start()
  await outbox.serve(channelNames)
  media.serve({ channels: channelNames, erases: true })
  inbox.start()

  let messages = 0
  const receive = (who: Pick<Inbound, 'channel' | 'account' | 'sender'>, content: Content<string>) =>
    inbox.receive({
      ...who,
      senderName: null,
      id: `m${String(++messages)}`,
      at: clock.now(),
      group: null,
      content,
    })

  return {
    store,
    clock,
    resident: (n, text) =>
      receive({ channel: 'wechaty', account: 'bench', sender: `wx-${String(n)}` }, { type: 'text', text }),
    staff: (userid, content) => receive({ ...desk, sender: userid }, content),
    onSend: (tell) => void (listener = tell),
    async allSent() {
      const until = Date.now() + 60_000
      while (store.reads.backlog().outboxPending > 0) {
        if (Date.now() > until) throw new Error('the outbox did not come to an end')
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    async stop() {
      await engine.stop()
      lease.release()
      store.close()
    },
  }
}
