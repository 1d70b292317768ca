import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { admission, ALONE_HERE, DataInUse, holdLease, processName } from '../../bot/lease.ts'
import { openStore, type Store } from '../../db/store.ts'
import { aFolder, quiet } from '../support/engine.ts'

let dir: string
const stores: Store[] = []

beforeEach(() => {
  dir = aFolder()
})

afterEach(() => {
  for (const store of stores.splice(0)) store.close()
  rmSync(dir, { recursive: true })
})

function open(holder: string): Store {
  const store = openStore({ dataDir: dir, holder, now: 1 })
  stores.push(store)
  return store
}

const held = (store: Store, now: () => number = Date.now, onLost = () => undefined as void) =>
  holdLease(store, quiet, { onLost, realNow: now })

it('a second process on the same data is refused, in a sentence that says what to do', () => {
  held(open(processName()))
  const other = processName()
  expect(() => held(open(other))).toThrow(DataInUse)
  expect(() => held(open(other))).toThrow(/already works on this DATA_DIR\. Stop it first/)
  expect(() =>
    openStore({ dataDir: dir, holder: other, now: 1, ...admission(other, ALONE_HERE, Date.now) }),
  ).toThrow(DataInUse)
})

it('the data is free once the first has stopped', () => {
  held(open(processName())).release()
  held(open(processName()))
})

it('a process elsewhere that says nothing for 15 s is taken for dead, and may not write any more', () => {
  let now = 1_000_000
  const first = held(open('elsewhere/boot/1/1/a'), () => now)
  const second = open(processName())
  now += 14_000
  expect(() => held(second, () => now)).toThrow(DataInUse)
  now += 1_001
  held(second, () => now)
  expect(() => first.guard()).toThrow('took over the data')
})

it('the one that lost it is told', () => {
  vi.useFakeTimers()
  let lost = 0
  let now = 1_000_000
  held(
    open('elsewhere/boot/1/1/a'),
    () => now,
    () => void lost++,
  )
  now += 16_000
  held(open(processName()), () => now)
  vi.advanceTimersByTime(5_000)
  expect(lost).toBe(1)
  vi.useRealTimers()
})

it('a killed process of this machine is known for dead at once', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const pid = child.pid ?? 0
  const [host, boot] = processName().split('/')
  held(open(`${host}/${boot}/${pid}//x`))
  expect(() => held(open(processName()))).toThrow(DataInUse)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  held(open(processName()))
})

it('a process number that was given to somebody else since is no life sign', () => {
  const [host, boot] = processName().split('/')
  held(open(`${host}/${boot}/${process.pid}/1/x`))
  held(open(processName()))
})

it('says that nothing can be written while the renewal is not taken, and that it can again', () => {
  vi.useFakeTimers()
  try {
    const store = open(processName())
    const lease = held(store)
    const renew = vi.spyOn(store.leases, 'renew')
    const full = new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
    renew.mockImplementationOnce(() => {
      throw full
    })
    expect(lease.trouble()).toBeNull()
    vi.advanceTimersByTime(5_000)
    expect(lease.trouble()).toBe('SQLITE_FULL')
    vi.advanceTimersByTime(5_000)
    expect(lease.trouble()).toBeNull()
    renew.mockImplementationOnce(() => {
      throw new Sqlite.SqliteError('database is locked', 'SQLITE_BUSY')
    })
    vi.advanceTimersByTime(5_000)
    expect(lease.trouble()).toBeNull()
    lease.release()
  } finally {
    vi.useRealTimers()
  }
})
