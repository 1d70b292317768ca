import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { channelNames, MediaGone, type Channel, type Inbound, type Outbound } from '../adapters/channel.ts'
import { createClock, type Clock } from '../bot/clock.ts'
import { newestCompany } from '../bot/companies.ts'
import { demoMorning } from '../bot/demo.ts'
import { openFlightLog } from '../bot/flight.ts'
import { createInbox } from '../bot/inbox.ts'
import { admission, ALONE_HERE, holdLease, processName } from '../bot/lease.ts'
import { createLog } from '../bot/log.ts'
import { createMedia } from '../bot/media.ts'
import { createOutbox } from '../bot/outbox.ts'
import { createBullmqTimers } from '../bot/timers/bullmq.ts'
import { createEmbeddedTimers } from '../bot/timers/embedded.ts'
import { checkRedis } from '../bot/timers/redis-check.ts'
import type { Steps } from '../bot/turn.ts'
import { openStore, type Store } from '../db/store.ts'
import { stepComplaint } from '../workflows/complaint/index.ts'
import { deskNeeds, stepDesk } from '../workflows/desk/index.ts'
import { intakeNeeds, stepIntake } from '../workflows/intake/index.ts'
import { seconds, type Millis } from '../workflows/ids.ts'
import type { Content } from '../workflows/message.ts'
import { markedRepeat } from '../workflows/phrases/repeat.ts'
import { understand } from '../workflows/understanding/index.ts'
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
const steps: Steps = { understand, stepIntake, intakeNeeds, stepComplaint, stepDesk, deskNeeds }

/** Builds the program's parts as `bot/program.ts` does, on a folder of their own. */
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
  const media = createMedia({ store, channels, clock, dataDir, log })
  const outbox = createOutbox({
    store,
    channels,
    clock,
    log,
    flights: (channel) => openFlightLog(dataDir, channel, holder),
    guard: lease.guard,
    marked: markedRepeat,
    repeatWindow: () => 0,
    mediaFile: (id) => media.forOthers(id),
  })
  const { redisUrl, onFired } = options
  const timers =
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
  const inbox = createInbox({
    store,
    steps,
    clock,
    company: newestCompany(store.companies, company, ALONE_HERE),
    desk,
    keep: { years: 3, mediaDays: 180 },
    timers,
    outbox,
    media,
    log,
    guard: lease.guard,
  })
  outbox.start(inbox)
  media.start(inbox)
  await outbox.serve(channelNames)
  media.serve({ channels: channelNames, erases: true })
  inbox.start()
  await timers.start(async (kind, id, revision) => {
    const row = onFired ? store.timers.get(kind, id) : null
    await inbox.fire(kind, id, revision)
    if (row?.revision === revision) onFired?.(clock.now() - row.due)
  })

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
      await timers.stop()
      await media.stop()
      await outbox.stop()
      await inbox.stop()
      lease.release()
      store.close()
    },
  }
}
