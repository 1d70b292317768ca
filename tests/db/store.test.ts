import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { blanked } from '../../db/forget.ts'
import { DATABASE_FILE, openStore, type Store } from '../../db/store.ts'
import { readStored, UnreadableRow } from '../../db/stored.ts'
import { intakeSchema, newIntake } from '../../workflows/intake/state.ts'
import type { ComplaintId, EstateId } from '../../workflows/ids.ts'
import { aCompany, zhang } from '../support/fake-steps.ts'
import { aFolder, anEngine } from '../support/engine.ts'

let dir: string
let store: Store

beforeEach(() => {
  dir = aFolder()
  store = openStore({ dataDir: dir, holder: 'me', now: 1 })
})

afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

it('is durable and strict, and readable by its owner alone', () => {
  const { sqlite } = store.database
  const of = (name: string): unknown => sqlite.pragma(name, { simple: true })
  expect([of('journal_mode'), of('synchronous'), of('foreign_keys'), of('busy_timeout')]).toEqual([
    'wal',
    2,
    1,
    50,
  ])
  expect(statSync(join(dir, DATABASE_FILE)).mode & 0o077).toBe(0)
})

it('keeps its name over restarts', () => {
  const { id } = store
  store.close()
  store = openStore({ dataDir: dir, holder: 'me', now: 2 })
  expect(store.id).toBe(id)
  expect(id).toMatch(/^[0-9a-f]{8}$/)
})

describe('the timeline', () => {
  it('can be added to and nothing else', async () => {
    const engine = await anEngine({ dir })
    await engine.writes('报修 一')
    const { sqlite } = engine.store.database
    for (const sql of [
      "update timeline set type = 'other'",
      'delete from timeline',
      "insert or replace into timeline select complaint, seq, 'other', by, staff, at, data, words, media from timeline",
    ])
      expect(() => sqlite.exec(sql)).toThrow('append-only')
    expect(engine.store.complaints.timeline(1 as ComplaintId).map((e) => e.type)).toEqual(['registered'])
    expect(() => sqlite.exec('delete from complaints')).toThrow('FOREIGN KEY')
    await engine.stop()
  })
})

describe('the estate file', () => {
  it('is numbered anew only where it changed, and old versions stay', () => {
    const first = store.companies.putCompany(aCompany(), 1)
    expect(store.companies.putCompany(aCompany(77), 2).version).toBe(first.version)
    const second = store.companies.putCompany({ ...aCompany(), phone: '1' }, 3)
    expect(second.version).toBe(first.version + 1)
    expect(store.companies.companyAt(first.version).phone).toBe('0731-88880000')
    expect(() => store.companies.companyAt(99)).toThrow('no version 99')
  })
})

describe('a row that does not fit', () => {
  it('is an error that names table, row and place, never what it says', () => {
    const bad = JSON.stringify({ ...newIntake, misunderstood: '秘密' })
    const read = () => readStored(intakeSchema, bad, 'conversations', 7)
    expect(read).toThrow(UnreadableRow)
    expect(read).toThrow(/conversations row 7 cannot be read: at misunderstood/)
    expect(read).not.toThrow(/秘密/)
    expect(() => readStored(intakeSchema, '{', 'conversations', 7)).toThrow('it is not JSON')
  })
})

describe('reads', () => {
  it('list complaints newest first, by estate and state, page by page', async () => {
    const engine = await anEngine({ dir })
    for (const n of [1, 2, 3]) await engine.writes(`报修 ${n}`)
    await engine.inbox.submit({ to: 'complaint', id: 2 as ComplaintId }, { type: 'withdraw', text: null })
    const { reads } = engine.store
    const all = { estate: null, open: null, before: null, limit: 10 }
    expect(reads.list(all).map((c) => c.id)).toEqual([3, 2, 1])
    expect(reads.list({ ...all, open: true }).map((c) => c.id)).toEqual([3, 1])
    expect(reads.list({ ...all, estate: 'other' as EstateId })).toEqual([])
    expect(reads.list({ ...all, before: 3 as ComplaintId, limit: 1 }).map((c) => c.id)).toEqual([2])
    expect(reads.openByStatus()).toEqual([{ status: 'assigned', severity: 'S2', n: 2 }])
    expect(reads.backlog()).toMatchObject({ inboxDead: 0, timers: 3, unowned: 0 })
    expect(engine.store.complaints.loads().get(zhang)).toBe(2)
    await engine.stop()
  })

  it('find what they look for by index', () => {
    const spied = vi.spyOn(Sqlite.prototype, 'prepare')
    const other = openStore({ dataDir: ':memory:', holder: 'plans', now: 0 })
    const queries = spied.mock.calls.map(([sql]) => sql).filter((sql) => /^(select|update|delete)/.test(sql))
    spied.mockRestore()
    const plan = (sql: string): readonly string[] =>
      other.database.sqlite
        .prepare(`explain query plan ${sql}`)
        .all((sql.match(/\?/g) ?? []).map(() => 1))
        .map((row) => (row as { detail: string }).detail)
    const readWhole = queries.flatMap((sql) =>
      plan(sql)
        .filter((step) => step.startsWith('SCAN') && !short.test(step))
        .map((step) => `${step}: ${sql}`),
    )
    other.close()
    expect(queries.length).toBeGreaterThan(40)
    expect(readWhole).toEqual([])
  })
})

/** Tables of a few rows, and an index that is read from its beginning for the first row alone. */
const short = /^SCAN (loads|leases|duty_changes|holders|json_each|timers USING INDEX timers_due)\b/

it('keeps what was done of a hand-over without its reason', () => {
  const act = { do: 'handAll', to: 'wang', by: 'zhang', reason: '住户家里有事' }
  expect(blanked({ type: 'duty', act })).toEqual({ type: 'duty', act: { ...act, reason: '' } })
})

it('blanks words, names and places in an event, and keeps codes, ids and times', () => {
  const event = {
    type: 'register',
    registration: {
      code: 'EL01',
      words: '秘密',
      estate: 'hefeng',
      place: { area: '南门', building: '3' },
      receivedAt: 5,
    },
    facts: { building: ['3栋'], anger: 2 },
    content: { type: 'location', latitude: 28.2, label: '家' },
  }
  expect(blanked(event)).toEqual({
    type: 'register',
    registration: {
      code: 'EL01',
      words: '',
      estate: 'hefeng',
      place: { area: '', building: '' },
      receivedAt: 5,
    },
    facts: { building: [], anger: 2 },
    content: { type: 'location', latitude: 0, label: '' },
  })
})
