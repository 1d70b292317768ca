import type { Database } from './database.ts'
import { sqliteCode } from './database.ts'

/**
 * The whole transaction is gone (a full disk, a broken device): what ran in it did not happen, and what would run next
 * would commit on its own. Whoever catches it begins anew.
 */
export class TransactionLost extends Error {
  override name = 'TransactionLost'
  readonly code: string
  constructor(code: string) {
    super(`the database could not take the transaction (${code}); see disk space and permissions of DATA_DIR`)
    this.code = code
  }
}

export type Transactions = ReturnType<typeof transactionsOf>

/** Begin, commit and savepoints, prepared once. Everything in between is synchronous. */
export function transactionsOf({ sqlite }: Database) {
  const begin = sqlite.prepare('BEGIN IMMEDIATE')
  const commit = sqlite.prepare('COMMIT')
  const rollback = sqlite.prepare('ROLLBACK')
  const savepoints = ['receipt', 'turn'].map((name) => ({
    open: sqlite.prepare(`SAVEPOINT ${name}`),
    undo: sqlite.prepare(`ROLLBACK TO ${name}`),
    release: sqlite.prepare(`RELEASE ${name}`),
  }))

  function abandon(): void {
    if (sqlite.inTransaction) rollback.run()
  }

  /** Errors after which nothing in this transaction may be trusted, even where SQLite has not yet ended it. */
  function isFatal(error: unknown): boolean {
    const code = sqliteCode(error)
    if (!sqlite.inTransaction) return true
    return code !== null && /^SQLITE_(FULL|IOERR|NOMEM|CORRUPT|READONLY|CANTOPEN|NOTADB)/.test(code)
  }

  /**
   * Runs `work` so that it alone is undone when it throws. Throws what `work` threw, or `TransactionLost` when the whole
   * transaction went with it.
   */
  function within<T>(depth: 0 | 1, work: () => T): T {
    const savepoint = savepoints[depth]
    if (!savepoint) throw new Error('no such savepoint')
    try {
      savepoint.open.run()
      const value = work()
      // Its rest would run after the commit, whatever becomes of it (drizzle-orm#1472).
      if (value instanceof Promise) throw new TypeError('work in a transaction must not wait for anything')
      savepoint.release.run()
      return value
    } catch (error) {
      if (error instanceof TransactionLost) throw error
      if (isFatal(error)) throw new TransactionLost(sqliteCode(error) ?? 'no transaction')
      savepoint.undo.run()
      savepoint.release.run()
      throw error
    }
  }

  return {
    /** false: another process has the lock; try again off the event loop. */
    begin(): boolean {
      try {
        begin.run()
        return true
      } catch (error) {
        if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) return false
        throw new TransactionLost(sqliteCode(error) ?? 'begin')
      }
    },
    /** Throws `TransactionLost`; then nothing was written. */
    commit(): void {
      try {
        commit.run()
      } catch (error) {
        abandon()
        throw new TransactionLost(sqliteCode(error) ?? 'commit')
      }
    },
    abandon,
    receipt: <T>(work: () => T): T => within(0, work),
    turn: <T>(work: () => T): T => within(1, work),
  }
}
