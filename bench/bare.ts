import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { measured, type Measured } from './measure.ts'
import { messagesEach } from './residents.ts'
import type { Written } from './workload.ts'

export type Durability = 'NORMAL' | 'FULL'

export interface BareOptions {
  readonly dir: string
  readonly residents: number
  readonly synchronous: Durability
  /** Turns of one transaction. */
  readonly together: number
  /** What the program wrote of some residents, message by message: the same is written here. */
  readonly written: readonly (readonly Written[])[]
}

/**
 * What the disk and SQLite can do with the same content when nobody thinks: a dedupe insert, a state upsert, a message
 * insert and an outbox insert a turn, a timer insert at the confirmation.
 */
export async function bare({
  dir,
  residents,
  synchronous,
  together,
  written,
}: BareOptions): Promise<Measured> {
  const sqlite = new Sqlite(join(dir, `bare-${synchronous}-${String(together)}-${String(Date.now())}.db`))
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma(`synchronous = ${synchronous}`)
  sqlite.exec(`
    CREATE TABLE dedupe (sender TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (sender, id)) WITHOUT ROWID;
    CREATE TABLE state (resident INTEGER PRIMARY KEY, json TEXT NOT NULL);
    CREATE TABLE messages (id INTEGER PRIMARY KEY, resident INTEGER NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL);
    CREATE TABLE outbox (id INTEGER PRIMARY KEY, resident INTEGER NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL);
    CREATE TABLE timers (resident INTEGER PRIMARY KEY, due INTEGER NOT NULL);
    CREATE INDEX messages_resident ON messages (resident);
    CREATE INDEX outbox_resident ON outbox (resident);
    CREATE INDEX timers_due ON timers (due);
  `)
  const dedupe = sqlite.prepare('INSERT INTO dedupe VALUES (?, ?) ON CONFLICT DO NOTHING')
  const state = sqlite.prepare(
    'INSERT INTO state VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
  )
  const message = sqlite.prepare('INSERT INTO messages (resident, at, text) VALUES (?, ?, ?)')
  const outbox = sqlite.prepare('INSERT INTO outbox (resident, at, text) VALUES (?, ?, ?)')
  const timer = sqlite.prepare('INSERT INTO timers VALUES (?, ?)')
  const begin = sqlite.prepare('BEGIN IMMEDIATE')
  const commit = sqlite.prepare('COMMIT')

  // In the order in which they come when `together` talk at once.
  const messages: { resident: number; step: number }[] = []
  for (let first = 0; first < residents; first += together)
    for (let step = 0; step < messagesEach; step++)
      for (let resident = first; resident < Math.min(first + together, residents); resident++)
        messages.push({ resident, step })

  const result = await measured((took) => {
    for (let i = 0; i < messages.length; i += together) {
      const began = performance.now()
      const batch = messages.slice(i, i + together)
      begin.run()
      for (const { resident, step } of batch) {
        const { event, state: json, said } = written[resident % written.length]?.[step] ?? nothing
        const now = Date.now()
        dedupe.run(`wx-${String(resident)}`, `m${String(step)}`)
        state.run(resident, json)
        message.run(resident, now, event)
        outbox.run(resident, now, said)
        if (step === messagesEach - 1) timer.run(resident, now + 600_000)
      }
      commit.run()
      const latency = performance.now() - began
      for (let n = 0; n < batch.length; n++) took(latency)
    }
    return Promise.resolve()
  })
  sqlite.close()
  return result
}

const nothing: Written = { event: '', state: '', said: '' }
