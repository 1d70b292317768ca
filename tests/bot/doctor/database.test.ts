import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkDatabase } from '../../../bot/doctor/database.ts'
import { DATABASE_FILE, openStore } from '../../../db/store.ts'
import { aFolder } from '../../support/engine.ts'

let folder: string
beforeEach(() => {
  folder = aFolder()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, DATABASE_FILE)
const check = () => checkDatabase(folder).map(({ mark, text }) => `${mark}: ${text}`)
const open = () => openStore({ dataDir: folder, holder: 'test', now: 1 })

it('there is none before the first start', () => {
  expect(check()).toEqual(['note: there is no database yet; the first start makes it.'])
})

it('it is read beside a program that holds it, takes no lease, and changes nothing', () => {
  const store = open()
  const lease = store.leases.take({
    name: 'process',
    holder: 'the program',
    now: Date.now(),
    length: 60_000,
    isDead: () => false,
  })
  const before = readFileSync(file())
  expect(check()[0]).toBe('ok: the database (1 MB) can be read, and every table of it is sound.')
  expect(readFileSync(file()).equals(before)).toBe(true)
  expect(lease && store.leases.holds(lease)).toBe(true)
  store.close()
})

it('it is read when the program has stopped', () => {
  open().close()
  expect(check()[0]).toMatch(/^ok: the database/)
  open().close()
})

it('one that is no database, or damaged in the middle, is wrong', () => {
  writeFileSync(file(), 'this is no database at all, but long enough to be taken for one'.repeat(50))
  expect(check()[0]).toMatch(/^wrong: the database cannot be read \(SQLITE_NOTADB\)/)

  rmSync(file())
  const store = open()
  store.database.sqlite.pragma('wal_checkpoint(TRUNCATE)')
  store.close()
  const handle = openSync(file(), 'r+')
  writeSync(handle, Buffer.alloc(8_192, 0x5a), 0, 8_192, 8_192)
  closeSync(handle)
  expect(check().some((line) => line.startsWith('wrong: '))).toBe(true)
})

it('one of a newer program, or with another history, is wrong as the start would say', () => {
  const store = open()
  store.database.sqlite
    .prepare("INSERT INTO migrations (tag, hash, applied_at) VALUES ('9999_future', 'x', 1)")
    .run()
  store.close()
  expect(check()[0]).toMatch(
    /^wrong: the database is newer than this program: it knows migration 9999_future/,
  )
})

it('one of an older program tells what the next start does', () => {
  const store = open()
  store.database.sqlite.exec('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)')
  store.close()
  expect(check()[1]).toMatch(/^note: the next start brings it to this version \(1 step\)/)
})
