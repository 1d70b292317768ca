import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inspectDatabase } from '../../db/inspect.ts'
import { DATABASE_FILE } from '../../db/store.ts'
import { seconds } from '../../workflows/ids.ts'
import { count, note, ok, wrong, type Finding } from './finding.ts'

const LIMIT = seconds(20)

/** The database, read beside a program that writes: whether it is sound and fits this version. */
export function checkDatabase(dataDir: string): Finding[] {
  const file = join(resolve(dataDir), DATABASE_FILE)
  if (!existsSync(file)) return [note('there is no database yet; the first start makes it.')]
  const { problems, size, looked, tables, ahead } = inspectDatabase(file, performance.now() + LIMIT)
  const findings = problems.map((problem) => wrong(`${problem}.`))
  if (problems.length === 0) {
    const megabytes = Math.max(1, Math.round(size / 1024 / 1024))
    const far =
      looked === tables
        ? 'every table of it is sound'
        : `the first ${looked} of its ${tables} tables are sound`
    findings.push(ok(`the database (${megabytes} MB) can be read, and ${far}.`))
    if (ahead > 0)
      findings.push(
        note(
          `the next start brings it to this version (${count(ahead, 'step')}), after copying it to backups/ in DATA_DIR.`,
        ),
      )
  }
  return [...findings, note('the program makes no backups of its own: see Backups in docs/running.md.')]
}
