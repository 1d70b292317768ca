import { sqliteCode } from '../db/database.ts'
import { UnreadableRow } from '../db/stored.ts'

/**
 * What failed and where, for a row or the log: the class, SQLite's code and the place in our source. Never the message
 * of an unknown error, which may quote what a resident wrote.
 */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'thrown value'
  if (error instanceof UnreadableRow) return error.message
  const place = error.stack
    ?.split('\n')
    .find((line) => /^\s+at /.test(line) && !line.includes('node_modules'))
  const where = place?.replace(/^\s+at /, '').replace(/file:\/\/\S*?((?:[\w.-]+\/)?[\w.-]+:\d+:\d+)/, '$1')
  return [error.name, sqliteCode(error), where].filter(Boolean).join(' · ')
}
