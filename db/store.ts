import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import type { Instant } from '../workflows/ids.ts'
import { companiesOf, type Companies } from './companies.ts'
import { complaintsOf, type Complaints } from './complaints.ts'
import { openDatabase, patiently, type Database } from './database.ts'
import { dutyOf, type DutyRows } from './duty.ts'
import { forgettingOf, type Forgetting } from './forget.ts'
import { inboxOf, type InboxRows } from './inbox.ts'
import { keptOf, type Kept } from './kept.ts'
import { leasesOf, type Leases } from './leases.ts'
import { mediaOf, type MediaRows } from './media.ts'
import { assertMigrated, migrate } from './migrate.ts'
import { outboxOf, type OutboxRows } from './outbox.ts'
import { peopleOf, type People } from './people.ts'
import { readsOf, type Reads } from './reads.ts'
import { meta } from './schema.ts'
import { retentionOf, type Retention } from './retention.ts'
import { timersOf, type TimerRows } from './timers.ts'
import { transactionsOf, type Transactions } from './transactions.ts'

/**
 * The database, seen from the program. Everything that changes a complaint, a conversation or what goes out is written
 * through `bot/inbox.ts`, which alone opens transactions; nothing else writes.
 */
export interface Store {
  /** Eight hex digits that name this database for ever. */
  readonly id: string
  /** The process that opened it, as its rows name it. */
  readonly holder: string
  readonly transactions: Transactions
  readonly people: People
  readonly complaints: Complaints
  readonly inbox: InboxRows
  readonly outbox: OutboxRows
  readonly timers: TimerRows
  readonly media: MediaRows
  readonly companies: Companies
  readonly duty: DutyRows
  readonly forget: Forgetting
  readonly retention: Retention
  readonly kept: Kept
  readonly leases: Leases
  readonly reads: Reads
  /** For tests and tools alone. */
  readonly database: Database
  /** Throws `MigrationRefused` when another version has changed the tables since this store was opened. */
  assertCurrent(): void
  /** Another number whenever another process has written. Takes microseconds. */
  dataVersion(): number
  /** Runs steps of a start that may wait seconds for another process's writes. */
  patiently<T>(work: () => T): T
  close(): void
}

export interface OpenOptions {
  /** The folder, `DATA_DIR`; or `:memory:`. */
  readonly dataDir: string
  readonly holder: string
  readonly now: Instant
  /** Throws where another process is in the way: asked before anything is changed, migrations included. */
  readonly mayUse?: (leases: Leases) => void
  /** Throws where the tables must not change now: asked under the write lock, before a migration. */
  readonly mayMigrate?: (leases: Leases) => void
}

export const DATABASE_FILE = 'complaint-line.db'

/** Opens the database of `dataDir` and brings it to this version's schema. Throws `MigrationRefused`. */
export function openStore({ dataDir, holder, now, mayUse, mayMigrate }: OpenOptions): Store {
  const inMemory = dataDir === ':memory:'
  const database = openDatabase(inMemory ? dataDir : join(dataDir, DATABASE_FILE))
  try {
    if (mayUse && hasTable(database, 'leases')) mayUse(leasesOf(database))
    migrate(database.sqlite, {
      backups: join(inMemory ? '.' : dataDir, 'backups'),
      now,
      allow: () => {
        if (mayMigrate && hasTable(database, 'leases')) mayMigrate(leasesOf(database))
      },
    })
    const version = database.sqlite.prepare('PRAGMA data_version').pluck()
    return {
      id: patiently(database, () => databaseId(database)),
      holder,
      transactions: transactionsOf(database),
      people: peopleOf(database),
      complaints: complaintsOf(database),
      inbox: inboxOf(database),
      outbox: outboxOf(database, holder),
      timers: timersOf(database),
      media: mediaOf(database),
      companies: companiesOf(database),
      duty: dutyOf(database),
      forget: forgettingOf(database),
      retention: retentionOf(database),
      kept: keptOf(database),
      leases: leasesOf(database),
      reads: readsOf(database),
      database,
      assertCurrent: () => assertMigrated(database.sqlite),
      dataVersion: () => version.get() as number,
      patiently: (work) => patiently(database, work),
      close: () => void database.sqlite.close(),
    }
  } catch (error) {
    database.sqlite.close()
    throw error
  }
}

function hasTable({ sqlite }: Database, name: string): boolean {
  return (
    sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined
  )
}

function databaseId({ orm }: Database): string {
  orm
    .insert(meta)
    .values({ key: 'id', value: randomBytes(4).toString('hex') })
    .onConflictDoNothing()
    .run()
  const row = orm.select().from(meta).where(eq(meta.key, 'id')).get()
  if (!row) throw new Error('the database could not be given an id')
  return row.value
}
