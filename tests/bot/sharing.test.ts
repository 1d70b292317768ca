import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { admission, ALONE_HERE, DataInUse, holdLease, processName, type Sharing } from '../../bot/lease.ts'
import { createShares, type Work } from '../../bot/shares.ts'
import { openStore, type Store } from '../../db/store.ts'
import { aFolder, quiet } from '../support/engine.ts'

let dir: string
const stores: Store[] = []
let now = 1_000_000

beforeEach(() => {
  dir = aFolder()
  now = 1_000_000
})

afterEach(() => {
  vi.useRealTimers()
  for (const store of stores.splice(0)) store.close()
  rmSync(dir, { recursive: true })
})

const together: Sharing = { with: 'others', serves: 'wecom a:1' }
const realNow = () => now
const [host = '', boot = ''] = processName().split('/')
/** A process of this machine whose end nobody could see. */
const unseen = (id: string): string => `elsewhere/${boot}/1/1/${id}`

function open(holder: string, sharing: Sharing = together): Store {
  const store = openStore({ dataDir: dir, holder, now: 1, ...admission(holder, sharing, realNow) })
  stores.push(store)
  return store
}

function joined(holder: string, sharing: Sharing = together, onLost = (): void => undefined) {
  const store = open(holder, sharing)
  return { store, lease: holdLease(store, quiet, { sharing, onLost, realNow }) }
}

describe('who may be on the same data', () => {
  it('two that share it', () => {
    joined(unseen('a'))
    joined(unseen('b'))
  })

  it('not one that shares it beside one that has it alone, nor the other way round', () => {
    const alone = joined(unseen('a'), ALONE_HERE)
    expect(() => joined(unseen('b'))).toThrow(/works alone: only processes that all have REDIS_URL/)
    alone.lease.release()
    joined(unseen('b'))
    expect(() => joined(unseen('c'), ALONE_HERE)).toThrow(/Give this one the same REDIS_URL/)
  })

  it('not two that are configured for different accounts', () => {
    joined(unseen('a'))
    expect(() => joined(unseen('b'), { with: 'others', serves: 'wecom a:2' })).toThrow(
      /is configured for wecom a:1, this one for wecom a:2\. .* stop the others/,
    )
  })

  it('not two on different machines', () => {
    joined('elsewhere/another-boot/1/1/a')
    expect(() => joined(unseen('b'))).toThrow(/must run on one/)
    now += 16_000
    joined(unseen('b'))
  })

  it('a newer version changes the tables only when nobody else is there, and an older one finds out', () => {
    const old = joined(unseen('old'))
    const migrations = old.store.database.sqlite
    const last = migrations.prepare('select * from migrations order by id desc').get() as { id: number }
    // As if this program were newer than the tables.
    migrations.prepare('delete from migrations where id = ?').run(last.id)
    expect(() => joined(unseen('new'))).toThrow(DataInUse)
    expect(() => joined(unseen('new'))).toThrow(
      /must change the tables.*Stop every process on this DATA_DIR, then start/,
    )
    expect(() =>
      holdLease(old.store, quiet, { sharing: together, onLost: () => undefined, realNow }),
    ).toThrow(/is missing in the database/)
  })
})

describe('work of which there is one', () => {
  it('is held by one, until that lets go', () => {
    const a = joined(unseen('a'))
    const b = joined(unseen('b'))
    expect(a.lease.take('channel:wecom')).toBe(true)
    expect(b.lease.take('channel:wecom')).toBe(false)
    expect(b.lease.take('chores')).toBe(true)
    expect([...b.lease.taken()]).toEqual(expect.arrayContaining(['channel:wecom', 'chores']))
    a.lease.release()
    expect(b.lease.take('channel:wecom')).toBe(true)
  })

  it('is free at once when its holder was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const a = joined(`${host}/${boot}/${child.pid ?? 0}//a`)
    a.lease.take('channel:wecom')
    const b = joined(unseen('b'))
    expect(b.lease.take('channel:wecom')).toBe(false)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(b.lease.taken().has('channel:wecom')).toBe(false)
    expect(b.lease.take('channel:wecom')).toBe(true)
  })

  it('goes to another after 15 s of silence; who was silent may do nothing any more, and is told', async () => {
    let lost = 0
    const a = joined(unseen('a'), together, () => void lost++)
    a.lease.take('channel:wecom')
    a.lease.take('chores')
    const b = joined(unseen('b'))
    now += 14_000
    expect(b.lease.take('channel:wecom')).toBe(false)
    a.lease.guard()
    now += 1_001
    expect(b.lease.take('channel:wecom')).toBe(true)
    expect(() => a.lease.guard()).toThrow(DataInUse)
    // Not even what nobody has taken yet.
    expect(() => a.lease.take('other')).toThrow(DataInUse)
    expect(b.lease.taken().has('chores')).toBe(false)
    await new Promise((resolve) => setImmediate(resolve))
    expect(lost).toBe(1)
  })

  it('stays with who was silent for long while nobody wanted it', () => {
    vi.useFakeTimers()
    const a = joined(unseen('a'))
    a.lease.take('chores')
    now += 60_000
    vi.advanceTimersByTime(5_000)
    a.lease.guard()
    expect(joined(unseen('b')).lease.take('chores')).toBe(false)
  })

  it('carries a fencing number that grows with every holder', () => {
    const a = joined(unseen('a'))
    a.lease.take('chores')
    const fence = (): number =>
      (
        a.store.database.sqlite.prepare("select fence from leases where name = 'chores'").get() as {
          fence: number
        }
      ).fence
    const first = fence()
    a.lease.release()
    joined(unseen('b')).lease.take('chores')
    expect(fence()).toBeGreaterThan(first)
  })
})

describe('dividing the work', () => {
  const done: string[] = []
  const work = (who: string, name: string): Work => ({
    name,
    begin: () => Promise.resolve(void done.push(`${who} begins ${name}`)),
    look: () => void done.push(`${who} looks`),
  })
  const dividing = (holder: string) => {
    const { store, lease } = joined(unseen(holder))
    const works = [work(holder, 'channel:wecom'), work(holder, 'chores')]
    const shares = createShares({ lease, works, store, log: { ...quiet } })
    return { store, lease, shares }
  }

  beforeEach(() => void (done.length = 0))

  it('who comes first does all of it, the next takes over within a second of its stop', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'performance'] })
    const a = dividing('a')
    await a.shares.start()
    const b = dividing('b')
    await b.shares.start()
    expect(a.shares.held()).toEqual(['channel:wecom', 'chores'])
    expect(b.shares.held()).toEqual([])
    expect(b.shares.troubles()).toEqual([])
    await a.shares.stop()
    a.lease.release()
    expect(b.shares.troubles()).toEqual([
      'no process does this work now: channel:wecom',
      'no process does this work now: chores',
    ])
    await vi.advanceTimersByTimeAsync(600)
    expect(b.shares.held()).toEqual(['channel:wecom', 'chores'])
    expect(done.filter((line) => line.includes('begins'))).toEqual([
      'a begins channel:wecom',
      'a begins chores',
      'b begins channel:wecom',
      'b begins chores',
    ])
    await b.shares.stop()
  })

  it('looks only when another process has written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'performance'] })
    const a = dividing('a')
    await a.shares.start()
    await vi.advanceTimersByTimeAsync(150)
    done.length = 0
    await vi.advanceTimersByTimeAsync(1_000)
    expect(done).toEqual([])
    const b = joined(unseen('b'))
    b.store.companies.putCompany({ estates: [] } as never, 1)
    await vi.advanceTimersByTimeAsync(150)
    expect(done).toEqual(['a looks', 'a looks'])
    await a.shares.stop()
  })

  it('begins again what could not be begun', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'performance'] })
    const first = joined(unseen('first'))
    first.lease.take('chores')
    const { store, lease } = joined(unseen('a'))
    let tries = 0
    const failing: Work = {
      name: 'chores',
      begin: () => (++tries < 3 ? Promise.reject(new Error('disk full')) : Promise.resolve()),
      look: () => undefined,
    }
    const shares = createShares({ lease, works: [failing], store, log: { ...quiet } })
    await shares.start()
    first.lease.release()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(tries).toBe(3)
    await shares.stop()
  })
})

it('a token of the API is made once, whichever process comes first', async () => {
  const { adminToken } = await import('../../bot/admin-token.ts')
  const first = adminToken(dir, null)
  expect(first.fresh).toBe(true)
  expect(adminToken(dir, null)).toEqual({ token: first.token, fresh: false })
  writeFileSync(join(dir, 'admin-token'), 'theirs-of-another-start\n')
  expect(adminToken(dir, null).token).toBe('theirs-of-another-start')
})
