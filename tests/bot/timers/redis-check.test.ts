import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkRedis } from '../../../bot/timers/redis-check.ts'
import { seconds } from '../../../workflows/ids.ts'
import { ownRedis, type OwnRedis } from '../../support/redis.ts'

const LIMIT = seconds(3)

describe('a real Redis', () => {
  let server: OwnRedis | null = null
  afterEach(() => server?.close())

  async function redis(...settings: string[]): Promise<string> {
    server = await ownRedis(...settings)
    return server.url
  }

  it('that never evicts and keeps an append-only file can carry the timers', async () => {
    const report = await checkRedis(await redis('--appendonly', 'yes'), LIMIT)
    expect(report).toMatchObject({ wrong: [], look: [] })
    expect(report.version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it.each(['allkeys-lru', 'volatile-ttl'])(
    'that may evict keys (%s) is refused in a plain sentence',
    async (policy) => {
      const url = await redis('--maxmemory', '64mb', '--maxmemory-policy', policy, '--appendonly', 'yes')
      expect((await checkRedis(url, LIMIT)).wrong).toEqual([
        `this Redis may throw timers away when its memory is full (maxmemory-policy ${policy}): set maxmemory-policy noeviction in redis.conf`,
      ])
    },
  )

  it('that keeps nothing on the disk works, but should be looked at', async () => {
    const report = await checkRedis(await redis('--appendonly', 'no'), LIMIT)
    expect(report.wrong).toEqual([])
    expect(report.look).toEqual([expect.stringContaining('set appendonly yes')])
  })

  it('that wants a password, or another one, says so without showing any', async () => {
    const url = await redis('--requirepass', 'right-password')
    const other = url.replace('redis://', 'redis://:wrong-password@')
    for (const address of [url, other]) {
      const { wrong, reached } = await checkRedis(address, LIMIT)
      expect(wrong).toEqual([expect.stringMatching(/^Redis lets nobody in with these credentials/)])
      expect(reached).toBe(true)
      expect(wrong.join()).not.toMatch(/wrong-password|127\.0\.0\.1/)
    }
    expect((await checkRedis(url.replace('redis://', 'redis://:right-password@'), LIMIT)).wrong).toEqual([])
  })
})

describe('what stands in for one', () => {
  let server: Server
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  async function answering(info: string | null): Promise<string> {
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        if (info === null) return
        // One answer a command: INFO gets the text, whatever else is asked an OK.
        for (const command of chunk.toString().split('*').slice(1))
          socket.write(/info/i.test(command) ? `$${Buffer.byteLength(info)}\r\n${info}\r\n` : '+OK\r\n')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    server.unref()
    return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const good = {
    redis_version: '7.2.4',
    maxmemory_policy: 'noeviction',
    role: 'master',
    redis_mode: 'standalone',
    aof_enabled: '1',
  }
  const infoOf = (more: Record<string, string>) =>
    ['# Server', ...Object.entries({ ...good, ...more }).map(([key, value]) => `${key}:${value}`)].join(
      '\r\n',
    )

  it.each([
    [{ redis_version: '6.0.16' }, 'Redis 6.0.16 is too old: install 6.2 or newer'],
    [{ redis_version: '5.0.7' }, 'Redis 5.0.7 is too old'],
    [{ role: 'slave' }, 'is a replica'],
    [{ redis_mode: 'cluster' }, 'is a cluster'],
    [{ maxmemory_policy: 'allkeys-lfu' }, 'may throw timers away'],
  ])('with %o is refused', async (more, sentence) => {
    expect((await checkRedis(await answering(infoOf(more)), LIMIT)).wrong).toEqual([
      expect.stringContaining(sentence),
    ])
  })

  it('that does not tell whether it may evict is taken, and somebody is asked to look', async () => {
    const { maxmemory_policy: _, ...silent } = good
    const info = Object.entries(silent).map(([key, value]) => `${key}:${value}`)
    const report = await checkRedis(await answering(info.join('\r\n')), LIMIT)
    expect(report.wrong).toEqual([])
    expect(report.look).toEqual([expect.stringMatching(/could not be checked.*maxmemory-policy noeviction/)])
  })

  it.each(['6.2.0', '7.2.4', '8.0.1', '10.1.0'])('of version %s will do', async (redis_version) => {
    expect(await checkRedis(await answering(infoOf({ redis_version })), LIMIT)).toEqual({
      wrong: [],
      look: [],
      version: redis_version,
      reached: true,
    })
  })

  it('and says nothing at all is given up in time', async () => {
    const began = performance.now()
    const { wrong } = await checkRedis(await answering(null), 300)
    expect(wrong).toEqual([expect.stringMatching(/^Redis cannot be reached \(ETIMEDOUT|no answer\)/)])
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

it('nothing listens there: it is not reached, and the address is not shown', async () => {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  const report = await checkRedis(`redis://127.0.0.1:${port}`, LIMIT)
  expect(report.wrong).toEqual([
    'Redis cannot be reached (ECONNREFUSED): start it, or check host and port in REDIS_URL',
  ])
  expect(report.reached, 'so a start goes on without it').toBe(false)
})
