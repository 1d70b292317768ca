import { Redis } from 'ioredis'
import type { Millis } from '../../workflows/ids.ts'

/** Whether a Redis can carry the timers. Sentences hold no address and no password. */
export interface RedisReport {
  /** Reasons to refuse it, each with what to do. */
  readonly wrong: readonly string[]
  /** It works, but somebody should look at it. */
  readonly look: readonly string[]
  /** `7.0.15`; null where it did not answer. */
  readonly version: string | null
  /** false where nothing answered: what it is fit for nobody knows yet. */
  readonly reached: boolean
}

/** BullMQ 6 says so; its own check of the policy only warns. */
const OLDEST = [6, 2] as const

/** Connects, reads INFO, and leaves; all within `limit` of real time. Never throws for what a Redis can answer. */
export async function checkRedis(url: string, limit: Millis): Promise<RedisReport> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: limit,
    commandTimeout: limit,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
    connectionName: 'complaint-line-check',
  })
  let failure: unknown = null
  redis.on('error', (error) => {
    failure = error
  })
  let late: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      redis.connect().then(async () => judgeRedis(await redis.info())),
      new Promise<never>((_, reject) => {
        late = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), limit)
      }),
    ])
  } catch (error) {
    const sentence = letsNobodyIn(failure ?? error)
    const reached = sentence !== null
    return { wrong: [sentence ?? unreachable(failure ?? error)], look: [], version: null, reached }
  } finally {
    clearTimeout(late)
    redis.disconnect()
  }
}

/** What the answer to INFO says. */
export function judgeRedis(info: string): RedisReport {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : []
    }),
  )
  const version = fields.get('redis_version') ?? null
  const wrong: string[] = []
  const look: string[] = []
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    wrong.push(`Redis ${version ?? 'of no known version'} is too old: install ${OLDEST.join('.')} or newer`)
  const policy = fields.get('maxmemory_policy') ?? null
  if (policy === null)
    look.push(
      'whether this Redis throws timers away when its memory is full could not be checked, it tells nobody: ask whoever runs it for maxmemory-policy noeviction',
    )
  else if (policy !== 'noeviction')
    wrong.push(
      `this Redis may throw timers away when its memory is full (maxmemory-policy ${policy}): set maxmemory-policy noeviction in redis.conf`,
    )
  if (fields.get('role') === 'slave')
    wrong.push('this Redis is a replica, which cannot be written: set REDIS_URL to its master')
  if (fields.get('redis_mode') === 'cluster')
    wrong.push('this Redis is a cluster, which the queue cannot use: set REDIS_URL to a single one')
  if (fields.get('aof_enabled') !== '1')
    look.push(
      'this Redis keeps no append-only file, so a restart of it empties the queue until the program has filled it again: set appendonly yes in redis.conf',
    )
  return { wrong, look, version, reached: true }
}

function letsNobodyIn(error: unknown): string | null {
  const said = error instanceof Error ? (/^[A-Z]+\b/.exec(error.message)?.[0] ?? '') : ''
  return ['NOAUTH', 'WRONGPASS', 'NOPERM', 'ERR'].includes(said)
    ? `Redis lets nobody in with these credentials (${said}): check user and password in REDIS_URL`
    : null
}

function unreachable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return `Redis cannot be reached (${code || 'no answer'}): start it, or check host and port in REDIS_URL`
}
