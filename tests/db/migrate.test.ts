import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../db/database.ts'
import { migrate, migrationsFolder, MigrationRefused } from '../../db/migrate.ts'
import { until } from '../bot/timers/waiting.ts'
import { aFolder, anEngine, type Engine } from '../support/engine.ts'

let dir: string
let database: Database
let folder: string

beforeEach(() => {
  dir = aFolder()
  folder = join(dir, 'migrations')
  cpSync(migrationsFolder(), folder, { recursive: true })
  database = openDatabase(join(dir, 'a.db'))
})

afterEach(() => {
  database.sqlite.close()
  rmSync(dir, { recursive: true })
})

const run = (now = 1) => migrate(database.sqlite, { folder, backups: join(dir, 'backups'), now })

function later(tag: string, sql: string): void {
  const file = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { tag: string }[] }
  journal.entries.push({ tag })
  writeFileSync(file, JSON.stringify(journal))
  writeFileSync(join(folder, `${tag}.sql`), sql)
}

function fill(): void {
  database.sqlite.exec(`
    insert into persons (id, created_at) values (1, 1);
    insert into complaints (id, number, person, status, open, unowned, kind, code, severity, received_at, revision, state)
      values (1, 'TS-1', 1, 'registered', 1, 0, 'complaint', 'EL01', 'S2', 1, 1, '{}');
    insert into words (id, complaint, person, text) values (1, 1, 1, 'a'), (2, 1, 1, 'b'), (3, 1, 1, 'c');
    insert into timeline (complaint, seq, type, by, at, data, words, media) values (1, 1, 'registered', 'resident', 1, '{}', 1, '[]');
  `)
}

/** As drizzle-kit writes it when a column's default changes; its pragma has no effect inside a transaction. */
const rebuildOfComplaints = `PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE __new_complaints AS SELECT * FROM complaints;--> statement-breakpoint
DROP TABLE complaints;--> statement-breakpoint
ALTER TABLE __new_complaints RENAME TO complaints;--> statement-breakpoint
CREATE UNIQUE INDEX complaints_id ON complaints (id);--> statement-breakpoint
PRAGMA foreign_keys=ON;`

it('keeps the conversations, and what points to them, of a database from before 0002', () => {
  const file = join(folder, 'meta/_journal.json')
  const whole = readFileSync(file, 'utf8')
  const journal = JSON.parse(whole) as { entries: { tag: string }[] }
  writeFileSync(file, JSON.stringify({ entries: journal.entries.slice(0, 2) }))
  run()
  fill()
  database.sqlite.exec(`
    insert into conversations (id, kind, person, channel, account, external_id, state, revision, created_at)
      values (1, 'resident', 1, 'wechaty', 'bot', 'wx-a', '{}', 0, 1);
    insert into media (id, channel, name, kind, conversation, state, attempts, next_at, created_at)
      values (1, 'wechaty', 'file-1', 'image', 1, 'waiting', 0, 1, 1);
  `)
  writeFileSync(file, whole)
  expect(run(2)).toEqual([
    '0002_unlisted',
    '0003_duty',
    '0004_unheard',
    '0005_repeats',
    '0006_desk_cards',
    '0007_issues',
    '0008_told',
  ])
  expect([count('conversations'), count('media')]).toEqual([1, 1])
  expect(() => database.sqlite.exec('delete from conversations')).toThrow(/FOREIGN KEY/)
})

it('must-survive 30: the copy before an upgrade, made while another process writes, is whole and has the last of it', async () => {
  run()
  fill()
  later('9000_more', 'CREATE TABLE more (id integer PRIMARY KEY);')
  const file = join(dir, 'a.db')
  const writer = spawn(process.execPath, ['-e', writing], {
    env: { ...process.env, DATABASE: file, SQLITE: createRequire(import.meta.url).resolve('better-sqlite3') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let acked = 0
  writer.stdout.on('data', (chunk: Buffer) => (acked = Number(chunk.toString().trim().split('\n').at(-1))))
  await until(() => acked > 50)
  const before = acked
  expect(run(2)).toEqual(['9000_more'])
  writer.kill('SIGKILL')
  const copy = openDatabase(join(dir, 'backups/before-9000_more-2.db')).sqlite
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(copy.prepare('select max(id) from words').pluck().get()).toBeGreaterThanOrEqual(before)
  expect(copy.prepare('select count(*) = max(id) from words').pluck().get(), 'none between is missing').toBe(
    1,
  )
  copy.close()
  expect(readdirSync(join(dir, 'backups')).filter((name) => name.endsWith('.part'))).toEqual([])
}, 20_000)

/** A process that writes rows one by one and tells of each once it is committed. */
const writing = `
  const database = new (require(process.env.SQLITE))(process.env.DATABASE, { timeout: 5000 })
  const add = database.prepare("insert into words (complaint, person, text) values (1, 1, 'x')")
  setInterval(() => process.stdout.write(add.run().lastInsertRowid + '\\n'), 20)
`

it('a copy that a killed process left half made goes with the next upgrade, and none that is being made', () => {
  run()
  fill()
  const backups = join(dir, 'backups')
  mkdirSync(backups)
  for (const pid of [process.pid, 4_194_305, process.ppid])
    writeFileSync(join(backups, `before-x.db.${pid}.part`), '')
  later('9000_more', 'CREATE TABLE more (id integer PRIMARY KEY);')
  run(2)
  expect(readdirSync(backups)).toEqual(['before-9000_more-2.db', `before-x.db.${process.ppid}.part`])
})

const tablesOf = ({ sqlite }: Database): readonly string[] =>
  sqlite
    .prepare(
      "select name from sqlite_master where type = 'table' and name not in ('migrations', 'sqlite_sequence')",
    )
    .pluck()
    .all() as string[]

const pastVersions = readdirSync(migrationsFolder()).filter((name) => name.endsWith('.sql')).length - 1

it.each(Array.from({ length: pastVersions }, (_, i) => i + 1))(
  'must-survive 10: a database with data, as the first %i migrations made it, keeps every row, and nothing points nowhere',
  async (past) => {
    const engine = await livedIn()
    const whole = readFileSync(join(folder, 'meta/_journal.json'), 'utf8')
    const { entries } = JSON.parse(whole) as { entries: { tag: string }[] }
    writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ entries: entries.slice(0, past) }))
    run()
    const { sqlite } = database
    sqlite.pragma('foreign_keys = OFF')
    for (const table of tablesOf(database)) copyInto(table, engine.store.database)
    sqlite.pragma('foreign_keys = ON')
    const before = new Map(tablesOf(database).map((table) => [table, count(table)]))
    expect([...before.values()].filter((rows) => rows > 0).length, 'tables with rows').toBeGreaterThan(10)
    writeFileSync(join(folder, 'meta/_journal.json'), whole)
    run(2)
    for (const [table, rows] of before) expect(count(table), table).toBe(rows)
    expect(sqlite.pragma('foreign_key_check')).toEqual([])
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
    await engine.stop()
  },
)

/** A database of today in which things have happened. */
async function livedIn(): Promise<Engine> {
  const engine = await anEngine()
  await engine.writes('报修 电梯')
  await engine.writes('发码')
  await engine.writes({ type: 'media', kind: 'image', media: 'file-1', name: null })
  await engine.writes('提醒', { sender: 'wx-c' })
  await engine.settle()
  return engine
}

/** Today's rows in the columns the table had then. */
function copyInto(table: string, { sqlite: today }: Database): void {
  const { sqlite } = database
  const columns = sqlite.pragma(`table_info(${table})`) as { name: string }[]
  const known = new Set((today.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name))
  const both = columns.filter(({ name }) => known.has(name)).map(({ name }) => `"${name}"`)
  if (both.length === 0) return
  sqlite.exec(`delete from ${table}`)
  const into = sqlite.prepare(`insert into ${table} (${both.join()}) values (${both.map(() => '?').join()})`)
  for (const row of today.prepare(`select ${both.join()} from ${table}`).raw().all()) into.run(row)
}

const count = (table: string) =>
  (database.sqlite.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n

it('builds everything from nothing, with nothing to copy', () => {
  expect(run()).toEqual([
    '0000_tables',
    '0001_append_only',
    '0002_unlisted',
    '0003_duty',
    '0004_unheard',
    '0005_repeats',
    '0006_desk_cards',
    '0007_issues',
    '0008_told',
  ])
  expect(run()).toEqual([])
  expect(readdirSync(dir)).not.toContain('backups')
  expect(database.sqlite.pragma('foreign_keys', { simple: true })).toBe(1)
})

it('is what drizzle-kit makes of the schema', () => {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: unknown[]
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.sql'))).toHaveLength(journal.entries.length)
})

it('keeps the children of a table that a later migration rebuilds, and a copy of before', () => {
  run()
  fill()
  later('0002_rebuild', rebuildOfComplaints)
  expect(run(42)).toEqual(['0002_rebuild'])
  expect([count('complaints'), count('words'), count('timeline')]).toEqual([1, 3, 1])
  const copy = openDatabase(join(dir, 'backups', 'before-0002_rebuild-42.db'))
  expect(copy.sqlite.prepare('select count(*) as n from words').get()).toEqual({ n: 3 })
  expect(copy.sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
  copy.sqlite.close()
})

it('refuses a migration that loses rows it does not announce, and changes nothing', () => {
  run()
  fill()
  later('0002_lossy', 'DELETE FROM words WHERE id = 3;')
  expect(() => run()).toThrow('would leave 2 rows of 3 in words')
  expect(count('words')).toBe(3)
})

it('takes an announced loss', () => {
  run()
  fill()
  later('0002_tidy', '-- rows may change: words\nDELETE FROM words WHERE id = 3;')
  run()
  expect(count('words')).toBe(2)
})

it('refuses a migration that leaves rows pointing to nothing', () => {
  run()
  fill()
  later('0002_orphans', '-- rows may change: words\nDELETE FROM words WHERE id = 1;')
  expect(() => run()).toThrow('point to nothing')
  expect(count('words')).toBe(3)
})

it('refuses a migration that would lose the timeline’s guard', () => {
  run()
  later('0002_unguarded', 'DROP TRIGGER timeline_no_delete;')
  expect(() => run()).toThrow('would lose the trigger timeline_no_delete')
})

it('refuses when an applied migration was changed', () => {
  run()
  writeFileSync(
    join(folder, '0000_tables.sql'),
    `${readFileSync(join(folder, '0000_tables.sql'), 'utf8')}\n-- more`,
  )
  expect(() => run()).toThrow(MigrationRefused)
})

it('refuses a database that is newer than the program', () => {
  later('0002_newer', 'CREATE TABLE newer (id integer);')
  run()
  rmSync(folder, { recursive: true })
  cpSync(migrationsFolder(), folder, { recursive: true })
  expect(() => run()).toThrow('newer than this program: it knows migration 0002_newer')
})

it('refuses a migration that was merged in before one already applied', () => {
  run()
  const file = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { tag: string }[] }
  journal.entries.splice(1, 0, { tag: '0000b_between' })
  writeFileSync(file, JSON.stringify(journal))
  writeFileSync(join(folder, '0000b_between.sql'), 'CREATE TABLE between_ (id integer);')
  expect(() => run()).toThrow('is not the one this program brings')
})

it('leaves everything as it was when a migration fails half-way', () => {
  run()
  fill()
  later(
    '0002_broken',
    'CREATE TABLE half (id integer);--> statement-breakpoint\nINSERT INTO nowhere VALUES (1);',
  )
  expect(() => run()).toThrow('nothing was changed')
  expect(database.sqlite.prepare("select 1 from sqlite_master where name = 'half'").get()).toBeUndefined()
  expect(database.sqlite.pragma('foreign_keys', { simple: true })).toBe(1)
})

it('lets a second process that starts at the same time find nothing to do (must-survive 29)', () => {
  mkdirSync(join(dir, 'other'))
  const other = openDatabase(join(dir, 'a.db'))
  run()
  expect(migrate(other.sqlite, { folder, backups: join(dir, 'backups'), now: 1 })).toEqual([])
  other.sqlite.close()
})
