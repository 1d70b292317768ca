import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createGroupCommit, type GroupCommit } from '../../bot/batch.ts'
import { openStore, type Store } from '../../db/store.ts'
import { aFolder, quiet } from '../support/engine.ts'

let dir: string
let store: Store
let commits: GroupCommit
/** What happened, in order: a job's work, the end of its transaction. */
let happened: string[]

/** Milliseconds that have passed, for as long as jobs say. */
let passed: number

beforeEach(() => {
  passed = 0
  vi.spyOn(performance, 'now').mockImplementation(() => passed)
  dir = aFolder()
  store = openStore({ dataDir: dir, holder: 'me', now: 1 })
  happened = []
  const transactions = {
    ...store.transactions,
    commit() {
      store.transactions.commit()
      happened.push('commit')
    },
  }
  commits = createGroupCommit(transactions, () => undefined, quiet)
})

afterEach(() => {
  vi.restoreAllMocks()
  store.close()
  rmSync(dir, { recursive: true })
})

/** A job that takes so many milliseconds. */
const job = (name: string, lasts = 0) =>
  commits.run(() => {
    passed += lasts
    happened.push(name)
    return name
  })

it('lets what is ready together share one transaction', async () => {
  expect(await Promise.all([job('a'), job('b'), job('c')])).toEqual(['a', 'b', 'c'])
  expect(happened).toEqual(['a', 'b', 'c', 'commit'])
})

it('lets nobody wait for a whole crowd: after 10 ms the rest goes into the next transaction, in its order', async () => {
  await Promise.all([job('a', 6), job('b', 6), job('c', 6), job('d')])
  expect(happened).toEqual(['a', 'b', 'commit', 'c', 'd', 'commit'])
})

it('takes at least one job however long it lasts, and goes on with the others when that one fails', async () => {
  const failing = commits.run(() => {
    passed += 12
    throw new Error('of its own')
  })
  const other = job('b')
  await expect(failing).rejects.toThrow('of its own')
  await expect(other).resolves.toBe('b')
  expect(happened).toEqual(['commit', 'b', 'commit'])
})
