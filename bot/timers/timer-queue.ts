import { performance } from 'node:perf_hooks'
import { DelayedError, Queue, Worker, type Job } from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import { z } from 'zod'
import { minutes, seconds, type Millis } from '../../workflows/ids.ts'
import { failureOf } from '../failure.ts'
import { judgeRedis, type RedisReport } from './redis-check.ts'
import { SWEEP_EVERY } from './sweep.ts'
import { nameOf, type DueRow, type TimerKind } from './timers.ts'
import { within } from '../../adapters/within.ts'

/** All keys of the program begin so. */
const PREFIX = 'complaint-line'

const SWEEP = 'sweep'
const BEAT = 'beat'

/** Firings under way at once in one process; they share commits. */
const AT_ONCE = 50

/** Sockets that say nothing for so long although asked are dead (bullmq#2466); a blocking read is answered within 10 s. */
const SILENT: Millis = seconds(10)
const SILENT_BLOCKING: Millis = seconds(25)

/** So many heartbeats were put into the queue, and for so long none was taken: the worker is deaf (bullmq#1658, #3185). */
const UNHEARD = 4
const DEAF_AFTER: Millis = seconds(5)

/** A stop waits so long for Redis; what was not said to it, the rows know. */
const PATIENCE: Millis = seconds(3)

/** The same trouble is logged again after so long. */
const SAY_AGAIN: Millis = minutes(5)

export interface TimerQueueParts {
  readonly url: string
  /** The database's id: two installations on one Redis never take each other's timers. */
  readonly database: string
  readonly log: Pick<Logger, 'warn' | 'info'>
  /** What Redis was found to be at the start. */
  readonly found: RedisReport
  /**
   * A timer's job came. Resolves with null when that is stored or the row has changed, with real milliseconds when it
   * came too early and is to wait so much longer; rejects when it could not be stored.
   */
  readonly onTimer: (timer: QueuedTimer) => Promise<Millis | null>
  /** The sweep's turn: one process among all is asked, every 30 s. */
  readonly onSweep: () => Promise<void>
  /** Redis answers, for the first time or again: nobody knows what it still holds. */
  readonly onConnected: () => void
}

/** What a job holds: ids, never anything of a person. */
export type QueuedTimer = Pick<DueRow, 'kind' | 'id' | 'revision'>

/** A timer, and how many real milliseconds from now it is to fire. */
export type WaitingTimer = QueuedTimer & { readonly delay: Millis }

export type TimerQueue = ReturnType<typeof openTimerQueue>

const payload = z.object({ id: z.number().int(), revision: z.number().int() })
const kinds: readonly string[] = ['complaint', 'conversation'] satisfies TimerKind[]

/** The jobs of one database on Redis, and this process's worker among those who take them. */
export function openTimerQueue(parts: TimerQueueParts) {
  const { log } = parts
  const name = `timers-${parts.database}`
  // What cannot be said now is not kept for later: the rows are.
  const client = connect({ enableOfflineQueue: false, maxRetriesPerRequest: 1, socketTimeout: SILENT })
  const queue = new Queue(name, {
    connection: client,
    prefix: PREFIX,
    defaultJobOptions: {
      // A firing that could not be stored (a full disk): again after 1, 2, 4 and 8 s, then by the sweep.
      attempts: 5,
      backoff: { type: 'exponential', delay: 1_000 },
      removeOnComplete: { age: 3_600, count: 1_000 },
      removeOnFail: { age: 7 * 24 * 3_600, count: 1_000 },
      stackTraceLimit: 1,
    },
    streams: { events: { maxLen: 1_000 } },
  })
  const armed = `${PREFIX}:${name}:armed`
  let trouble: string | null = null
  let saidAt = -Infinity
  let closing = false
  let { found } = parts
  let heard = { at: performance.now(), beatsSince: 0 }
  let worker: { readonly bull: Worker; readonly client: Redis } | null = null

  queue.on('error', complain)
  client.on('error', tell)
  client.on('close', () => {
    if (trouble === null) tell(new ConnectionLost())
  })
  client.on('ready', () => {
    if (closing) return
    void examine()
    parts.onConnected()
  })

  function connect(options: RedisOptions): Redis {
    return new Redis(parts.url, { ...options, connectionName: PREFIX })
  }

  function openWorker(): NonNullable<typeof worker> {
    const own = connect({ maxRetriesPerRequest: null, socketTimeout: SILENT_BLOCKING })
    own.on('error', tell)
    const bull = new Worker(name, take, {
      connection: own,
      prefix: PREFIX,
      concurrency: AT_ONCE,
      // A firing takes milliseconds, its lock is renewed at half time; that of a process that died is soon taken over. A
      // lock lost while this process was busy costs nothing: whoever fires second finds the row changed.
      lockDuration: seconds(5),
      stalledInterval: seconds(2.5),
      maxStalledCount: 3,
    })
    bull.on('error', complain)
    return { bull, client: own }
  }

  async function take(job: Job<unknown>, token?: string): Promise<void> {
    heard = { at: performance.now(), beatsSince: 0 }
    if (job.name === BEAT) return
    if (job.name === SWEEP) return parts.onSweep()
    const data = payload.safeParse(job.data)
    if (!data.success || !isKind(job.name)) return
    const wait = await parts.onTimer({ kind: job.name, ...data.data }).catch((error: unknown) => {
      log.warn({ err: error, timer: job.id }, 'a timer could not be stored; fired again soon')
      // BullMQ keeps the message in Redis and shows it, and one that we did not write may quote a resident.
      throw new Error(failureOf(error))
    })
    if (wait === null) return
    await job.moveToDelayed(Date.now() + wait, token)
    throw new DelayedError()
  }

  /** Says what is wrong, once; never with an address, which may hold the password. */
  function tell(error: unknown): void {
    if (closing) return
    trouble = codeOf(error)
    if (performance.now() - saidAt < SAY_AGAIN) return
    saidAt = performance.now()
    log.warn(
      { code: trouble },
      'Redis cannot be used now; what is due is found in the database, up to 30 s late',
    )
  }

  /** Whatever answers now may be another Redis, or set up anew, or the first that answers at all. */
  async function examine(): Promise<void> {
    try {
      found = judgeRedis(await client.info())
    } catch (error) {
      tell(error)
      return
    }
    for (const sentence of found.wrong) log.warn(sentence)
  }

  /** BullMQ's emitters hand on the connection's errors and tell of locks that were lost; the rows settle those. */
  function complain(error: Error): void {
    if (closing) return
    if (client.status === 'ready' && worker?.client.status === 'ready')
      log.warn({ err: error, code: codeOf(error) }, 'BullMQ reports an error')
    else tell(error)
  }

  function well(): void {
    if (trouble === null) return
    trouble = null
    saidAt = -Infinity
    log.info({}, 'Redis is used again')
  }

  async function close({ bull, client: own }: NonNullable<typeof worker>): Promise<void> {
    await atMost(own.status === 'ready' ? PATIENCE : 100, bull.close())
    own.disconnect()
    await atMost(100, bull.disconnect())
  }

  const connected = (): boolean => client.status === 'ready'

  return {
    connected,

    /** Whether Redis answers within so many real milliseconds. */
    answers: (patience: Millis): Promise<boolean> =>
      connected()
        ? within(patience, client.ping()).then(
            () => true,
            () => false,
          )
        : Promise.resolve(false),

    /** For the board alone. */
    queue,

    /** From now on this process takes jobs. */
    listen(): void {
      worker ??= openWorker()
    },

    /** Puts timers into the queue. One that stands there already, in whatever state, is left as it is. */
    async add(timers: readonly WaitingTimer[]): Promise<void> {
      if (timers.length === 0) return
      if (!connected()) throw new ConnectionLost()
      try {
        await queue.addBulk(
          timers.map(({ delay, ...timer }) => ({
            name: timer.kind,
            data: { id: timer.id, revision: timer.revision },
            opts: { jobId: nameOf(timer), delay },
          })),
        )
      } catch (error) {
        tell(error)
        throw error
      }
    },

    /** Takes timers out of the queue; one that fires just now stays. */
    async remove(timers: readonly QueuedTimer[]): Promise<void> {
      if (connected()) await Promise.all(timers.map((timer) => queue.remove(nameOf(timer)).catch(() => 0)))
    },

    /** Said before everything open is put into the queue, so that `isWhole` tells whether it was emptied since. */
    markWhole: async (): Promise<void> => void (await client.set(armed, '1')),

    /** Whether Redis still holds what was put there since `markWhole`. Rejects when it does not answer. */
    async isWhole(): Promise<boolean> {
      const whole = (await client.exists(armed)) === 1
      well()
      return whole
    },

    /** Sees that there is one sweep for all processes: upserting it again and again is how schedulers vanish (bullmq#3381). */
    async keepSweep(): Promise<void> {
      const scheduler = await queue.getJobScheduler(SWEEP)
      const runs = scheduler?.every === SWEEP_EVERY && (scheduler.next ?? 0) > Date.now() - 2 * SWEEP_EVERY
      if (runs) return
      const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true }
      await queue.upsertJobScheduler(SWEEP, { every: SWEEP_EVERY }, { name: SWEEP, opts })
    },

    /** A heartbeat; a worker that hears none of them, although it looks online, is replaced. */
    async beat(): Promise<void> {
      if (worker && heard.beatsSince >= UNHEARD && performance.now() - heard.at > DEAF_AFTER) {
        log.warn({}, 'nothing comes out of the queue although Redis answers; this process listens anew')
        const deaf = worker
        heard = { at: performance.now(), beatsSince: 0 }
        worker = openWorker()
        void close(deaf)
      }
      await queue.add(BEAT, {}, { attempts: 1, removeOnComplete: true, removeOnFail: true })
      heard.beatsSince += 1
    },

    tell,

    troubles: (): readonly string[] =>
      trouble === null && found.reached
        ? [...found.wrong, ...found.look]
        : [
            `Redis cannot be used (${trouble ?? 'no answer'}): what is due is found in the database, up to 30 s late`,
          ],

    /** Lets what is under way end, for a few seconds; jobs stay for the next process. */
    async close(): Promise<void> {
      closing = true
      if (worker) await close(worker)
      await atMost(PATIENCE, queue.close())
      client.disconnect()
    },
  }
}

/** Waits for something to end, however it ends, but no longer: close() of BullMQ has no time limit of its own. */
const atMost = (patience: Millis, work: Promise<unknown>): Promise<unknown> =>
  within(patience, work).catch(() => undefined)

class ConnectionLost extends Error {
  readonly code = 'CONNECTION_LOST'
}

/** A code that says what is wrong: the system's (`ECONNREFUSED`), else Redis's own first word (`OOM`, `MISCONF`). */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return /^[A-Z]{2,}(?= )/.exec(error.message)?.[0] ?? error.name
}

const isKind = (name: string): name is TimerKind => kinds.includes(name)
