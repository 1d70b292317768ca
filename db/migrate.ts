import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Sqlite from 'better-sqlite3'
import { patiently, sqliteCode } from './database.ts'
import { halfOf, sweepHalves } from './halves.ts'

/** The database and the migrations of this version do not fit together. The message says what to do. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused'
}

export interface MigrateOptions {
  /** Where drizzle-kit wrote the SQL; by default the folder beside this file. */
  readonly folder?: string
  /** Where a copy goes before a database with data is changed. */
  readonly backups: string
  /** Names the copy. */
  readonly now: number
  /** Asked under the write lock before anything is changed; throws where the tables must stay as they are now. */
  readonly allow?: () => void
}

interface Migration {
  readonly tag: string
  readonly hash: string
  readonly sql: string
  /** Tables whose row count may change: a line `-- rows may change: outbox, media` in the SQL says so. */
  readonly mayChange: ReadonlySet<string>
}

/** `db/migrations`, also when this file runs from `dist/db`. */
export function migrationsFolder(): string {
  const beside = fileURLToPath(new URL('./migrations', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../db/migrations', import.meta.url))
}

/**
 * Brings the database to this version's schema, or refuses. drizzle's own migrator is not used: it switches foreign keys
 * off inside its transaction, where SQLite ignores it, so that rebuilding a table empties its children (drizzle-orm#5782),
 * and it skips a migration merged out of order. Here: foreign keys are off outside the transaction, every earlier
 * migration's hash is compared, a copy is made before, and no table may lose a row or a trigger unless its migration says
 * so. Two processes may start at once: the second waits for the first and finds nothing to do.
 * Answers the names of what was applied. Throws `MigrationRefused`, and nothing has changed then.
 */
export function migrate(sqlite: Sqlite.Database, options: MigrateOptions): readonly string[] {
  const migrations = readMigrations(options.folder ?? migrationsFolder())
  return patiently({ sqlite }, () => {
    sqlite.pragma('foreign_keys = OFF')
    try {
      if (pendingOf(sqlite, migrations).length === 0) return []
      return applyUnderLock(sqlite, migrations, options)
    } finally {
      sqlite.pragma('foreign_keys = ON')
    }
  })
}

/** Throws `MigrationRefused` unless the tables are exactly as this version's migrations make them. */
export function assertMigrated(sqlite: Sqlite.Database): void {
  const [pending] = pendingOf(sqlite, readMigrations(migrationsFolder()))
  if (pending) throw new MigrationRefused(`migration ${pending.tag} is missing in the database: start again`)
}

function applyUnderLock(
  sqlite: Sqlite.Database,
  migrations: readonly Migration[],
  options: MigrateOptions,
): readonly string[] {
  for (;;) {
    const copied = copyBefore(sqlite, pendingOf(sqlite, migrations), options)
    const seen = sqlite.pragma('data_version', { simple: true })
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      // Somebody wrote between the copy and the lock: the copy would lack it.
      if (copied && sqlite.pragma('data_version', { simple: true }) !== seen) {
        sqlite.exec('ROLLBACK')
        rmSync(copied, { force: true })
        continue
      }
      const pending = pendingOf(sqlite, migrations)
      if (pending.length > 0) options.allow?.()
      for (const migration of pending) apply(sqlite, migration, options.now)
      const broken = sqlite.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[]
      if (broken[0])
        throw new MigrationRefused(
          `after migration ${broken.length} rows point to nothing (first: ${broken[0].table} row ${broken[0].rowid} ` +
            `→ ${broken[0].parent}); nothing was changed`,
        )
      sqlite.exec('COMMIT')
      return pending.map((migration) => migration.tag)
    } catch (error) {
      if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
      // What `allow` threw is not ours, and not of SQLite.
      if (error instanceof MigrationRefused || sqliteCode(error) === null) throw error
      throw new MigrationRefused(
        `the database could not be brought to this version (${sqliteCode(error) ?? 'error'}: ` +
          `${error instanceof Error ? error.message : String(error)}); nothing was changed`,
      )
    }
  }
}

function apply(sqlite: Sqlite.Database, migration: Migration, now: number): void {
  const before = rowCounts(sqlite)
  const guards = triggers(sqlite)
  for (const statement of migration.sql.split('--> statement-breakpoint')) {
    if (withoutComments(statement).trim() !== '') sqlite.exec(statement)
  }
  const after = rowCounts(sqlite)
  for (const [table, rows] of before) {
    const left = after.get(table)
    if (left === rows || migration.mayChange.has(table)) continue
    throw new MigrationRefused(
      `migration ${migration.tag} would leave ${left ?? 'no'} rows of ${rows} in ${table} and does not announce it ` +
        `(“-- rows may change: ${table}”); nothing was changed`,
    )
  }
  const kept = triggers(sqlite)
  for (const [name, table] of guards) {
    if (kept.has(name) || !after.has(table)) continue
    throw new MigrationRefused(
      `migration ${migration.tag} would lose the trigger ${name}; rebuild it there. Nothing was changed`,
    )
  }
  sqlite
    .prepare('INSERT INTO migrations (tag, hash, applied_at) VALUES (?, ?, ?)')
    .run(migration.tag, migration.hash, now)
}

function readMigrations(folder: string): readonly Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string }[]
  }
  return journal.entries.map(({ tag }) => {
    const sql = readFileSync(join(folder, `${tag}.sql`), 'utf8')
    const announced = [...sql.matchAll(/^-- rows may change: (.+)$/gm)].flatMap((m) =>
      (m[1] ?? '').split(','),
    )
    return {
      tag,
      sql,
      hash: createHash('sha256').update(sql).digest('hex'),
      mayChange: new Set(announced.map((name) => name.trim())),
    }
  })
}

/** What is still to be applied. Refuses where what was applied is not what this version begins with. */
function pendingOf(sqlite: Sqlite.Database, migrations: readonly Migration[]): readonly Migration[] {
  if (!hasMigrations(sqlite)) {
    sqlite.exec(
      'CREATE TABLE IF NOT EXISTS migrations ' +
        '(id integer PRIMARY KEY, tag text NOT NULL UNIQUE, hash text NOT NULL, applied_at integer NOT NULL)',
    )
    return migrations
  }
  return stillPending(sqlite, migrations)
}

const hasMigrations = (sqlite: Sqlite.Database): boolean =>
  sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'").get() !==
  undefined

/** How many migrations the next start will apply; reads only. Throws `MigrationRefused` as that start would. */
export function migrationsAhead(sqlite: Sqlite.Database, folder = migrationsFolder()): number {
  const migrations = readMigrations(folder)
  return hasMigrations(sqlite) ? stillPending(sqlite, migrations).length : migrations.length
}

function stillPending(sqlite: Sqlite.Database, migrations: readonly Migration[]): readonly Migration[] {
  const applied = sqlite.prepare('SELECT tag, hash FROM migrations ORDER BY id').all() as {
    tag: string
    hash: string
  }[]
  applied.forEach(({ tag, hash }, i) => {
    const ours = migrations[i]
    if (!ours)
      throw new MigrationRefused(
        `the database is newer than this program: it knows migration ${tag}. Start the version that wrote it`,
      )
    if (ours.tag !== tag || ours.hash !== hash)
      throw new MigrationRefused(
        `migration ${tag} of the database is not the one this program brings (${ours.tag}): an applied migration must ` +
          'never be changed or removed. Restore db/migrations from the version that wrote the database',
      )
  })
  return migrations.slice(applied.length)
}

/** A whole copy of a database that holds data already; null where there is nothing to lose. */
function copyBefore(
  sqlite: Sqlite.Database,
  pending: readonly Migration[],
  options: MigrateOptions,
): string | null {
  const first = pending[0]
  if (!first || (sqlite.prepare('SELECT count(*) AS n FROM migrations').get() as { n: number }).n === 0)
    return null
  mkdirSync(options.backups, { recursive: true, mode: 0o700 })
  const file = join(options.backups, `before-${first.tag}-${options.now}.db`)
  sweepHalves(options.backups)
  const unfinished = halfOf(file)
  sqlite.prepare('VACUUM INTO ?').run(unfinished)
  renameSync(unfinished, file)
  return file
}

function rowCounts(sqlite: Sqlite.Database): ReadonlyMap<string, number> {
  const tables = sqlite
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'",
    )
    .all() as { name: string }[]
  return new Map(
    tables.map(({ name }) => [
      name,
      (sqlite.prepare(`SELECT count(*) AS n FROM "${name.replaceAll('"', '""')}"`).get() as { n: number }).n,
    ]),
  )
}

function triggers(sqlite: Sqlite.Database): ReadonlyMap<string, string> {
  const rows = sqlite.prepare("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'").all() as {
    name: string
    tbl_name: string
  }[]
  return new Map(rows.map((row) => [row.name, row.tbl_name]))
}

const withoutComments = (statement: string): string => statement.replace(/^\s*--.*$/gm, '')
