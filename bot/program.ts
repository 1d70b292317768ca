import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createAlarm } from '../adapters/alarm/index.ts'
import { createLlm } from '../adapters/llm/index.ts'
import { channelNames, type Inbound } from '../adapters/channel.ts'
import type { Simulator } from '../adapters/simulator/index.ts'
import { createWechaty, HUMAN_PACE, type Pace } from '../adapters/wechaty/index.ts'
import { createWecom, type WecomChannel } from '../adapters/wecom/index.ts'
import { assertWritable } from '../db/backup.ts'
import { openStore } from '../db/store.ts'
import { seconds } from '../workflows/ids.ts'
import { warmUp } from '../workflows/understanding/index.ts'
import { adminToken, requirePassword, requireToken } from './admin-token.ts'
import { createApi } from './api.ts'
import { newestCompany } from './companies.ts'
import { createClock, type HurriedClock } from './clock.ts'
import { createDailyBackup } from './daily-backup.ts'
import type { Config, WecomConfig } from './config.ts'
import {
  demoMembers,
  demoMorning,
  demoPace,
  demoResidents,
  simulatedWechaty,
  simulatedWecom,
} from './demo.ts'
import { endAll } from './end-all.ts'
import { createEngine } from './engine.ts'
import { yearWarnings } from './estate-calendar.ts'
import { readEstate, sampleEstateFile } from './estate.ts'
import { close, createApp, listen } from './http.ts'
import type { Inbox } from './inbox.ts'
import { admission, ALONE_HERE, holdLease, processName, type Sharing } from './lease.ts'
import type { Logger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createRetention } from './retention.ts'
import { createSecondReader } from './second-reader.ts'
import { createShares } from './shares.ts'
import { productSteps } from './steps.ts'
import { channelWork, choresWork } from './works.ts'
import { createYearWatch } from './year-watch.ts'
import { createEmbeddedTimers } from './timers/embedded.ts'

/** A start that cannot be, in a plain sentence for the terminal. */
export class RefusedStart extends Error {
  override name = 'RefusedStart'
}

export interface Program {
  /** Where it listens, `http://127.0.0.1:3000`. */
  readonly url: string
  readonly token: string
  readonly clock: HurriedClock
  /** null where real platforms are served. */
  readonly simulator: Simulator | null
  stop(): Promise<void>
}

export interface StartOptions {
  readonly log: Logger
  /** A line for the terminal, in plain words. */
  readonly say: (line: string) => void
  /** Another process took the data over: this one must end. */
  readonly onLost: () => void
  /** How human WeChat's pace is; the simulator's is quicker. */
  readonly pace?: Pace
}

/**
 * Builds the parts and starts them, inside out: data, then decisions, then the doors. Throws `RefusedStart`,
 * `EstateError`, `BackupRefused` or an error of the database; nothing is left running then.
 */
export async function startProgram(config: Config, options: StartOptions): Promise<Program> {
  const { log, say } = options
  if (config.unserved.length > 0) {
    throw new RefusedStart(
      `this version does not serve what these variables switch on: ${config.unserved.join(', ')}`,
    )
  }
  warmUp()
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const stops: (() => void | Promise<void>)[] = []
  let stopped: Promise<void> | null = null
  const stop = () => (stopped ??= endAll(stops))
  try {
    return await start(config, { ...options, log, say }, stops, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  config: Config,
  { log, say, pace, onLost }: StartOptions,
  stops: (() => void | Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Program> {
  // Told of at once, not on the night they are needed.
  if (config.backup) assertWritable(config.backup.folder)
  // Absolute: wechaty's child runs in a folder of its own.
  const dataDir = resolve(config.dataDir)
  const redis = config.redisUrl === null ? null : await admitRedis(config.redisUrl)
  const firstStart = !existsSync(join(dataDir, 'clock.json'))
  const clock = createClock(dataDir, { hurried: config.simulator })
  const now = () => clock.now()
  const file = config.estateFile ?? sampleEstateFile()
  const { company: described, warnings } = readEstate(readFileSync(file, 'utf8'), file)
  const startWarnings = [...config.warnings, ...warnings]
  if (config.simulator && firstStart) clock.advance(demoMorning(described, clock.now()) - clock.now())

  const holder = processName()
  const sharing = sharingOf(config)
  const store = openStore({ dataDir, holder, now: clock.now(), ...admission(holder, sharing, Date.now) })
  stops.push(() => store.close())
  let cut = (): void => undefined
  const lose = (): void => {
    cut()
    onLost()
  }
  const lease = store.patiently(() => holdLease(store, log, { sharing, onLost: lose }))
  stops.push(() => lease.release())

  // The estate file becomes a numbered version; cases keep theirs (design.md, Estate file).
  const company = store.patiently(() => store.companies.putCompany(described, clock.now()))
  const newest = newestCompany(store.companies, company, sharing)

  let port = config.port
  const simulator = config.simulator
    ? await (
        await import('../adapters/simulator/index.ts')
      ).startSimulator({
        dataDir,
        clock: {
          now,
          advance: (by) => clock.advance(by),
          speed: (factor) => clock.speed(factor),
          get factor() {
            return clock.factor()
          },
        },
        members: demoMembers(company),
        residents: demoResidents,
        program: { callbackUrl: () => `http://127.0.0.1:${port}/callbacks/wecom` },
      })
    : null
  if (simulator) stops.push(() => simulator.stop())

  const metrics = createMetrics(store, clock)
  let inbox: Inbox | null = null
  const receive = async (inbound: Inbound): Promise<'stored' | 'duplicate'> => {
    if (!inbox) throw new Error('the program is starting')
    const end = metrics.received.startTimer({ channel: inbound.channel })
    const result = await inbox.receive(inbound)
    end({ result })
    return result
  }

  const wecomConfig = config.wecom ?? (simulator ? simulatedWecom(simulator) : null)
  const wechatyConfig = config.wechaty ?? (simulator ? simulatedWechaty(simulator) : null)
  const wecom: WecomChannel | null = wecomConfig
    ? createWecom(wecomConfig, { clock: now, receive, log, leftSince: store.outbox.leftSince })
    : null
  const wechaty = wechatyConfig
    ? createWechaty(
        { puppet: wechatyConfig.puppet, env: wechatyConfig.environment, spoolDir: join(dataDir, 'spool') },
        { clock: now, receive, log, pace: pace ?? (simulator ? demoPace : HUMAN_PACE) },
      )
    : null
  const alarm = config.alarm ? createAlarm(config.alarm, { clock: now }) : null
  const channels = [wecom, wechaty, alarm].filter(
    (channel): channel is NonNullable<typeof channel> => channel !== null,
  )

  // Another process has the accounts now: nothing more may leave, and no socket may be opened again.
  cut = () => void Promise.allSettled(channels.map((channel) => channel.stop()))

  const bullmq = redis
    ? redis.createBullmqTimers({
        rows: store.timers,
        clock,
        log,
        redisUrl: redis.url,
        found: redis.found,
        database: store.id,
      })
    : null
  const desk = {
    channel: 'wecom',
    account: wecomConfig ? accountOf(wecomConfig) : 'none',
  }
  const model = config.llm
    ? createSecondReader({
        llm: createLlm(config.llm, { clock: now }),
        cap: config.llm.dailyCap,
        timezone: () => newest().estates[0]?.calendar.timezone ?? 'Asia/Shanghai',
        store,
        clock,
        log,
        metrics,
      })
    : null
  const engine = createEngine({
    store,
    steps: productSteps,
    clock,
    company: newest,
    desk,
    keep: config.keep,
    dataDir,
    channels,
    timers: bullmq ?? createEmbeddedTimers(store.timers, clock, log),
    telephones: alarm !== null,
    model,
    lease,
    log,
  })
  const { media } = engine
  inbox = engine.inbox
  stops.push(() => engine.stop())

  const { token, fresh } = adminToken(dataDir, config.adminToken)
  const elsewhere = channelNames.filter((name) => !channels.some((channel) => channel.name === name))
  const years = createYearWatch({ inbox, company: newest, clock, log })
  stops.push(() => years.stop())
  const backup =
    config.backup && createDailyBackup({ ...config.backup, dataDir, clock, realNow: Date.now, log })
  stops.push(() => backup?.stop())
  const retention = createRetention({ store, inbox, media, clock, keep: config.keep, log })
  stops.push(() => retention.stop())
  const shares = createShares({
    lease,
    store,
    log,
    works: [
      choresWork({
        ...engine,
        store,
        clock,
        company: newest,
        channels: elsewhere,
        years,
        backup,
        retention,
        log,
      }),
      ...channels.map((channel) => channelWork({ ...engine, channel })),
    ],
  })
  stops.push(() => shares.stop())
  metrics.watch(shares)
  if (backup) metrics.watchBackup(backup)

  let stopping = false
  const app = createApp({
    health: {
      store,
      clock,
      channels,
      startWarnings,
      shares,
      troubles: () => [
        ...engine.troubles(),
        ...(backup?.troubles() ?? []),
        ...yearWarnings(newest(), clock.now()),
      ],
      stopping: () => stopping,
      unwritable: () => lease.trouble(),
    },
    metrics,
    log,
    callbacks: wecom ? { '/callbacks/wecom': wecom.callbacks } : {},
    api: createApi({
      store,
      inbox,
      clock,
      company: newest,
      mediaFile: (id) => media.forOthers(id),
      retention,
      keep: config.keep,
      model: model !== null,
      guard: requireToken(token),
    }),
    board: redis && bullmq ? redis.createBoard(bullmq, requirePassword(token)) : null,
    demo: simulator?.router ?? null,
  })
  const { server, port: listening } = await listen(app, config.host, config.port).catch((error: unknown) => {
    throw new RefusedStart(
      `cannot listen on ${config.host}:${config.port} (${codeOf(error)}): set PORT to a free one`,
    )
  })
  port = listening
  // What still asks is told first that this process ends; the page's event streams would never end by themselves.
  stops.push(() => close(server, simulator ? 200 : 3_000))
  stops.push(() => {
    stopping = true
  })

  await engine.start()
  await shares.start()

  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${listening}`
  log.info(
    { url, channels: channels.map((channel) => channel.name), estates: company.estates.length },
    'ready',
  )
  for (const warning of [
    ...startWarnings,
    ...engine.timers.troubles(),
    ...yearWarnings(company, clock.now()),
  ])
    log.warn(warning)
  if (fresh) say(`The token of the API (kept in ${join(dataDir, 'admin-token')}, shown this once): ${token}`)
  if (simulator) say(`No platform is configured, so the simulator plays WeChat and WeCom. Open ${url}/demo`)
  return { url, token, clock, simulator, stop }
}

/**
 * Asks Redis before anything begins; throws `RefusedStart` where it is unfit. One that does not answer is waited for while
 * the program runs: whoever restarts it while Redis is away must not silence the line, and the rows know what is due.
 */
async function admitRedis(url: string) {
  // What works on Redis takes memory, and a while to load, that a line without it need not have.
  const [{ checkRedis }, { createBullmqTimers }, { createBoard }] = await Promise.all([
    import('./timers/redis-check.ts'),
    import('./timers/bullmq.ts'),
    import('./board.ts'),
  ])
  const found = await checkRedis(url, seconds(5))
  if (found.reached && found.wrong.length > 0) throw new RefusedStart(found.wrong.join('\n'))
  return { url, found, createBullmqTimers, createBoard }
}

/** Several processes may share the data where Redis wakes them all; the simulator's platforms live within one. */
function sharingOf(config: Config): Sharing {
  if (config.redisUrl === null || config.simulator) return ALONE_HERE
  const { wecom, wechaty, alarm } = config
  const accounts = [
    ...(wecom ? [`wecom ${accountOf(wecom)}`] : []),
    ...(wechaty ? [`wechaty ${wechaty.environment.WECHATY_NAME ?? 'wechaty'}`] : []),
    ...(alarm ? ['the alarm webhook'] : []),
  ]
  return { with: 'others', serves: accounts.join(', ') }
}

const accountOf = ({ corpId, agentId }: WecomConfig): string => `${corpId}:${agentId}`

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
