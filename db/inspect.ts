import { statSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { migrationsAhead, MigrationRefused } from './migrate.ts'
import { sqliteCode } from './database.ts'

/** What a look at the database file told; nothing of it was changed, and nobody was kept from writing. */
export interface Inspection {
  /** Plain sentences; empty: sound, and fit for this version. */
  readonly problems: readonly string[]
  /** Bytes. */
  readonly size: number
  /** Tables looked through; fewer than `tables` when time ran out. */
  readonly looked: number
  readonly tables: number
  /** Migrations that the next start applies. */
  readonly ahead: number
}

/** Opens `file` for reading alone and checks it table by table until `ends` (`performance.now()`). */
export function inspectDatabase(file: string, ends: number): Inspection {
  const { size } = statSync(file)
  const nothing = { size, looked: 0, tables: 0, ahead: 0 }
  let sqlite: Sqlite.Database
  try {
    sqlite = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 1_000 })
  } catch (error) {
    return { ...nothing, problems: [unreadable(error)] }
  }
  try {
    const tables = sqlite
      .prepare<[], { name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
      )
      .all()
    let looked = 0
    const damaged: string[] = []
    for (const { name } of tables) {
      if (performance.now() > ends) break
      const found = sqlite.pragma(`quick_check("${name.replaceAll('"', '""')}")`, { simple: true })
      if (found !== 'ok') damaged.push(name)
      looked += 1
    }
    const problems = damaged.map(
      (name) =>
        `the table ${name} is damaged: stop the program, keep a copy of DATA_DIR, and go back to the last backup`,
    )
    return { ...nothing, problems, looked, tables: tables.length, ahead: migrationsAhead(sqlite) }
  } catch (error) {
    return { ...nothing, problems: [error instanceof MigrationRefused ? error.message : unreadable(error)] }
  } finally {
    sqlite.close()
  }
}

/** SQLite's words stay out: they may quote what is stored. */
const unreadable = (error: unknown): string =>
  `the database cannot be read (${sqliteCode(error) ?? 'unknown error'}): check who may read DATA_DIR; if it is damaged, keep a copy and go back to the last backup`
