import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { days, seconds, type Millis } from '../workflows/ids.ts'
import { grow } from './grow.ts'
import { openLine, type LineOptions } from './line.ts'
import { inFlight } from './run.ts'
import { tell, watch, work } from './workload.ts'

export interface Lateness {
  readonly fired: number
  /** Milliseconds after they were due, turn and commit included. */
  readonly p50: Millis
  readonly p99: Millis
}

export interface TimersReport {
  readonly due: number
  readonly embedded: Lateness
  /** null: there is no `redis-server` here. */
  readonly bullmq: Lateness | null
  readonly pending: number
  /** Processor time of a second in which nothing is due, in milliseconds: with `pending` rows, and with none. */
  readonly idle: {
    readonly pending: number
    readonly none: number
    /** With all of them in a queue of BullMQ; null: there is no `redis-server` here. */
    readonly queued: number | null
  }
}

export interface TimersOptions {
  readonly dir: string
  readonly due: number
  readonly pending: number
  readonly say: (line: string) => void
}

/** What was set is woken within ten seconds, once the drivers had five to see it. */
const WITHIN = seconds(10)
const BEFORE = seconds(5)
/** Seconds: long enough that a look at all rows, every thirty, falls into it. */
const IDLE = 40

/** How late `due` timers of complaints are that fall due within ten seconds, on both drivers, and what waiting costs. */
export async function measureTimers({ dir, due, pending, say }: TimersOptions): Promise<TimersReport> {
  say(`${String(due)} timers within ten seconds, in the process`)
  const embedded = await lateness(join(dir, 'embedded'), due, {})
  const redis = await startRedis()
  let bullmq: Lateness | null = null
  if (redis) {
    say('the same on BullMQ')
    bullmq = await lateness(join(dir, 'bullmq'), due, { redisUrl: redis.url })
  }
  say(`waiting with ${String(pending)} timers`)
  const none = await idle(join(dir, 'none'), 0, {})
  const waiting = await idle(join(dir, 'pending'), pending, {})
  const queued = redis ? await idle(join(dir, 'queued'), pending, { redisUrl: redis.url }) : null
  redis?.stop()
  return { due, embedded, bullmq, pending, idle: { pending: waiting, none, queued } }
}

async function lateness(folder: string, count: number, options: LineOptions): Promise<Lateness> {
  const models = 16
  let line = await openLine(folder)
  const sent = watch(line)
  await tell(line, 0, models, inFlight)
  await work(line, sent)
  await tell(line, models, models, inFlight)
  grow(line, count, 1)
  const from = line.clock.now() + BEFORE
  line.store.database.sqlite
    .prepare("UPDATE timers SET due = ? + (id * 7919) % ? WHERE kind = 'complaint'")
    .run(from, WITHIN)
  await line.stop()

  const late: Millis[] = []
  const done = { resolve: (): void => undefined }
  const all = new Promise<void>((resolve) => (done.resolve = resolve))
  line = await openLine(folder, {
    ...options,
    onFired(by) {
      if (late.push(by) >= count) done.resolve()
    },
  })
  const limit = setTimeout(
    () => {
      done.resolve()
    },
    BEFORE + 6 * WITHIN,
  )
  await all
  clearTimeout(limit)
  await line.stop()
  late.sort((a, b) => a - b)
  const share = (part: number) => late[Math.min(late.length - 1, Math.floor(late.length * part))] ?? 0
  return { fired: late.length, p50: share(0.5), p99: share(0.99) }
}

async function idle(folder: string, pending: number, options: LineOptions): Promise<Millis> {
  const first = await openLine(folder)
  first.store.database.sqlite
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 WHERE ? > 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO timers SELECT 'complaint', i, ? + i, 1 FROM n`,
    )
    .run(pending, pending, first.clock.now() + days(30))
  await first.stop()
  const line = await openLine(folder, options)
  // A start puts all of them into the queue, if there is one: that is over once a second takes a tenth of the processor.
  while ((await processorTime(1)) > 100);
  const taken = await processorTime(IDLE)
  await line.stop()
  return taken / IDLE
}

/** Of the next seconds, in milliseconds. */
async function processorTime(length: number): Promise<Millis> {
  const before = process.cpuUsage()
  await new Promise((resolve) => setTimeout(resolve, seconds(length)))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** A Redis of the bench's own, which keeps nothing; null where there is none. */
async function startRedis(): Promise<{ url: string; stop(): void } | null> {
  const port = 20_000 + (process.pid % 20_000)
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  })
  const started = await Promise.race([
    once(server, 'spawn').then(() => true),
    once(server, 'error').then(() => false),
  ]).catch(() => false)
  return started ? { url: `redis://127.0.0.1:${String(port)}`, stop: () => void server.kill() } : null
}
