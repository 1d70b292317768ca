import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { preparing } from './prepared.ts'
import * as schema from './schema.ts'

export interface Database {
  readonly sqlite: Sqlite.Database
  readonly orm: BetterSQLite3Database<typeof schema>
  /** Compiles a query of drizzle's once. */
  readonly prepared: ReturnType<typeof preparing>
}

/** A lock of another process is waited for so long while everything waits (design.md, Several processes). */
const BUSY = 50

/**
 * Opens (and creates) the one database file. A commit is on the disk when it returns (`synchronous=FULL`: residents are
 * told 已登记 on the strength of it); a lock held by somebody else is waited for 50 ms here and then by the caller, off
 * the event loop.
 */
export function openDatabase(file: string): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const sqlite = new Sqlite(file, { timeout: 5_000 })
  if (file !== ':memory:') chmodSync(file, 0o600)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma(`busy_timeout = ${BUSY}`)
  // Fewer checkpoints, of pages that changed many times meanwhile: the log grows to 16 MB instead of 4.
  sqlite.pragma('wal_autocheckpoint = 4000')
  sqlite.pragma('journal_size_limit = 67108864')
  sqlite.pragma('cache_size = -32768')
  sqlite.pragma('trusted_schema = OFF')
  return { sqlite, orm: drizzle(sqlite, { schema }), prepared: preparing(sqlite) }
}

/** Waits up to 10 s for another process's lock, blocking everything: for what is done before a program serves anybody. */
export function patiently<T>({ sqlite }: Pick<Database, 'sqlite'>, work: () => T): T {
  sqlite.pragma('busy_timeout = 10000')
  try {
    return work()
  } finally {
    sqlite.pragma(`busy_timeout = ${BUSY}`)
  }
}

/** SQLite's own name of an error, `SQLITE_FULL`; null for anything that is not from SQLite. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Sqlite.SqliteError ? error.code : null
}
