import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import type { RedisReport } from '../../bot/timers/redis-check.ts'
import { programOf } from './debian.ts'

/** A real Redis that a test may fill, but neither empty nor stop: it may be somebody's. */
export interface TestRedis {
  readonly url: string
  /** Takes away what timers of these databases left. */
  forget(databases: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** A Redis of the test's own, with which it may do whatever it likes. */
export interface OwnRedis extends TestRedis {
  /** Loses everything. */
  empty(): Promise<void>
  /** Ends the server, as a crash does; `start` brings it back on the same port, set up differently for once where told. */
  stop(): Promise<void>
  start(...differently: readonly string[]): Promise<void>
}

/** What a check of one finds where nothing is to be said. */
export const fit: RedisReport = { wrong: [], look: [], version: null, reached: true }

/** The Redis at REDIS_URL where that is set, else one of the test's own. */
export function aRedis(): Promise<TestRedis> {
  const url = process.env.REDIS_URL
  if (!url) return ownRedis()
  return Promise.resolve({
    url,
    forget: (databases) => asked(url, (redis) => forget(redis, databases)),
    close: () => Promise.resolve(),
  })
}

async function forget(redis: Redis, databases: readonly string[]): Promise<void> {
  for (const database of databases)
    for await (const keys of redis.scanStream({ match: `complaint-line:timers-${database}:*`, count: 1_000 }))
      if (Array.isArray(keys) && keys.length > 0) await redis.unlink(...keys.map(String))
}

/** A command from a connection that is closed at once; waits for a server that is just starting. */
async function asked(url: string, command: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 250, connectionName: 'test' })
  redis.on('error', () => undefined)
  try {
    await command(redis)
  } finally {
    redis.disconnect()
  }
}

/** A `redis-server` on a free port, keeping nothing on disk unless `settings` say so (`--appendonly yes`). */
export async function ownRedis(...settings: readonly string[]): Promise<OwnRedis> {
  const program = programOf({
    what: 'tests of the timers need a Redis server',
    names: ['redis-server'],
    packages: ['redis-server'],
  })
  const dir = mkdtempSync(join(tmpdir(), 'redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server: ChildProcess | null = null
  const kill = (): void => void server?.kill('SIGKILL')
  process.on('exit', kill)

  async function start(...differently: readonly string[]): Promise<void> {
    const basics = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      dir,
      '--save',
      '',
      '--appendonly',
      'no',
    ]
    server = spawn(program, [...basics, ...settings, ...differently], { stdio: 'ignore' })
    // One that wants a password first says so, and is there.
    await asked(url, (redis) => redis.ping()).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('NOAUTH'))) throw error
    })
  }

  async function stop(): Promise<void> {
    const ending = server
    server = null
    if (ending === null || ending.exitCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill('SIGKILL')
    await ended
  }

  await start().catch((error: unknown) => {
    kill()
    throw error
  })
  return {
    url,
    // It ends with the test.
    forget: () => Promise.resolve(),
    empty: () => asked(url, (redis) => redis.flushall()),
    stop,
    start,
    async close() {
      await stop()
      process.off('exit', kill)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
