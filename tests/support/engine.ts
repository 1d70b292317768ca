import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bootId } from '../../bot/boot-id.ts'
import { channelNames, type ChannelName, type Inbound } from '../../adapters/channel.ts'
import type { Logger } from 'pino'
import { newestCompany } from '../../bot/companies.ts'
import { createEngine, type Engine as ProductEngine } from '../../bot/engine.ts'
import { ALONE_HERE, holdLease, type Sharing } from '../../bot/lease.ts'
import type { SecondReader } from '../../bot/second-reader.ts'
import type { Work } from '../../bot/shares.ts'
import { createEmbeddedTimers } from '../../bot/timers/embedded.ts'
import type { Steps } from '../../bot/turn.ts'
import { channelWork, choresWork } from '../../bot/works.ts'
import { openStore, type Store } from '../../db/store.ts'
import type { Content } from '../../workflows/message.ts'
import { createMemoryChannel, type MemoryChannel } from './channel.ts'
import { createFakeClock, turnsOfTheLoop, type FakeClock } from './clock.ts'
import type { Company } from '../../workflows/estate.ts'
import { aCompany, createFakeSteps } from './fake-steps.ts'

export const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined }

export const aFolder = (): string => mkdtempSync(join(tmpdir(), 'engine-'))

/** As the program keeps by default. */
export const keptFor = { years: 3, mediaDays: 180 } as const

export const desk = { channel: 'wecom', account: 'corp' } as const

/** Steps to watch: the fake ones unless told otherwise. */
type FakeSteps = ReturnType<typeof createFakeSteps>

export interface Engine<S extends Steps = FakeSteps> extends Omit<ProductEngine, 'start'> {
  readonly dir: string
  readonly clock: FakeClock
  readonly store: Store
  readonly steps: S
  readonly company: Company
  readonly wechat: MemoryChannel
  readonly wecom: MemoryChannel
  /** Everything that waits for nothing but its turn has happened, marks of sends included. */
  settle(): Promise<void>
  /** One of several on the same data: takes what work is free. */
  takeOver(): Promise<void>
  /** One of several: looks at what the others have written. */
  look(): void
  /** A resident writes. */
  writes(text: string | Content<string>, more?: Partial<Inbound>): Promise<'stored' | 'duplicate'>
  /** As a killed process leaves it: nothing more is written. */
  die(): void
}

export interface EngineOptions<S extends Steps = FakeSteps> {
  readonly dir?: string
  readonly clock?: FakeClock
  readonly steps?: S
  readonly repeatWindow?: (channel: string) => number
  readonly holder?: string
  readonly answer?: MemoryChannel['answer']
  /** One of several on the same data; the real milliseconds its leases are counted by. */
  readonly together?: () => number
  /** The estate file as this start finds it. */
  readonly company?: Company
  readonly log?: Pick<Logger, 'error' | 'warn'>
  /** Real milliseconds. */
  readonly mediaDeadline?: number
  /** Reads beside the rules. */
  readonly model?: (parts: { readonly store: Store; readonly clock: FakeClock }) => SecondReader
}

let messages = 0

/** The whole engine over fake steps and channels in memory, on a real database file. */
export async function anEngine<S extends Steps = FakeSteps>(
  options: EngineOptions<S> = {},
): Promise<Engine<S>> {
  const dir = options.dir ?? aFolder()
  const clock = options.clock ?? createFakeClock()
  const steps = options.steps ?? (createFakeSteps() as Steps as S)
  const holder = `test/${bootId()}/0/0/${options.holder ?? `test-${++messages}`}`
  const store = openStore({ dataDir: dir, holder, now: clock.now() })
  const company = store.companies.putCompany(options.company ?? aCompany(), clock.now())
  const log = options.log ?? quiet
  const wechat = createMemoryChannel('wechaty')
  const wecom = createMemoryChannel('wecom')
  if (options.answer) wechat.answer = wecom.answer = options.answer
  const channels = [wechat, wecom]
  const sharing: Sharing = options.together ? { with: 'others', serves: 'tests' } : ALONE_HERE
  const lease = options.together
    ? holdLease(store, log, { sharing, onLost: () => undefined, realNow: options.together })
    : null
  const newest = newestCompany(store.companies, company, sharing)
  let seed = 0
  const model = options.model?.({ store, clock }) ?? null
  const engine = createEngine({
    store,
    steps,
    clock,
    company: newest,
    desk,
    keep: keptFor,
    dataDir: dir,
    channels,
    timers: createEmbeddedTimers(store.timers, clock, log),
    model,
    lease,
    log,
    random: () => ++seed,
    repeatWindow: options.repeatWindow ?? (() => 0),
    mediaDeadline: options.mediaDeadline,
  })
  const { inbox, outbox, media } = engine
  const rest = channelNames.filter((name) => name !== 'wechaty' && name !== 'wecom')
  const works = [
    ...channels.map((channel) => channelWork({ ...engine, channel })),
    choresWork({
      ...engine,
      store,
      clock,
      company: newest,
      channels: rest,
      years: { look: () => undefined },
      backup: null,
      retention: { look: () => undefined },
      log,
    }),
  ]
  const held = new Set<Work>()
  async function takeOver(): Promise<void> {
    for (const work of works) {
      if (held.has(work) || !lease?.take(work.name)) continue
      held.add(work)
      await work.begin()
    }
  }
  await engine.start()
  if (lease === null) {
    // All of it but who left the estate file, which is up to the tests.
    await outbox.serve(channelNames)
    media.serve({ channels: channelNames, erases: true })
    inbox.start()
  }

  async function settle(): Promise<void> {
    for (let i = 0; i < 6; i++) {
      await turnsOfTheLoop()
      await inbox.write(() => undefined).catch(() => undefined)
    }
  }

  return {
    dir,
    clock,
    store,
    steps,
    company,
    ...engine,
    wechat,
    wecom,
    settle,
    takeOver,
    look: () => held.forEach((work) => work.look()),
    writes: (said, more = {}) => inbox.receive(anInbound(said, { at: clock.now(), ...more })),
    die: () => store.close(),
    async stop() {
      await engine.stop()
      lease?.release()
      store.close()
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A message of resident `wx-a` over wechaty, unless told otherwise; each with an id of its own. */
export function anInbound(said: string | Content<string>, more: Partial<Inbound> = {}): Inbound {
  return {
    channel: 'wechaty' satisfies ChannelName,
    account: 'bot',
    sender: 'wx-a',
    senderName: null,
    id: `m${++messages}`,
    at: 0,
    group: null,
    content: typeof said === 'string' ? { type: 'text', text: said } : said,
    ...more,
  }
}
