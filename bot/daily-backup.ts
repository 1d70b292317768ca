import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { newestBackupAt, pruneBackups } from '../db/backup.ts'
import { days, hours, minutes, type Millis } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'
import { failureOf } from './failure.ts'

const EVERY = days(1)
/** One that failed is tried again so much later. */
const AGAIN = hours(1)
/** Backups older than this are a warning. */
const LATE = days(2)
/** No backup takes so long; one that hangs, such as on a network disk, is ended. */
const LONGEST = hours(6)

export interface DailyBackup {
  /** From now on one is made whenever the newest is a day old. Done by one process alone. */
  look(): void
  /** Seconds since the newest backup; null where none is made, or there is none. */
  age(): number | null
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  stop(): Promise<void>
}

export interface DailyBackupParts {
  /** What is copied. */
  readonly dataDir: string
  readonly folder: string
  /** So many are kept. */
  readonly keep: number
  readonly clock: Pick<Clock, 'after'>
  /** Real time: a backup is as old as the world says, not a hurried clock. */
  readonly realNow: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Makes one in another way than by another process; rejects where it cannot. */
  readonly make?: (signal: AbortSignal) => Promise<void>
}

/** Looks at what lies in the folder, so that a start anywhere knows when the last one was made. */
export function createDailyBackup(parts: DailyBackupParts): DailyBackup {
  const { folder, keep, clock, realNow, log, make = backupInChild(parts.dataDir, folder) } = parts
  const begun = realNow()
  const stopping = new AbortController()
  let making: Promise<void> | null = null
  let cancel = (): void => undefined

  function look(): void {
    cancel()
    if (making !== null || stopping.signal.aborted) return
    const newest = newestBackupAt(folder)
    const wait = newest === null ? 0 : newest + EVERY - realNow()
    if (wait > 0) return lookAfter(wait)
    making = make(stopping.signal)
      .then(() => {
        pruneBackups(folder, keep)
        log.info({ keep }, 'a backup was made')
        return EVERY
      })
      .catch((error: unknown) => {
        log.warn({ failure: failureOf(error) }, 'no backup could be made; tried again in an hour')
        return AGAIN
      })
      .then((next) => {
        making = null
        lookAfter(next)
      })
  }

  function lookAfter(wait: Millis): void {
    cancel()
    if (!stopping.signal.aborted) cancel = clock.after(Math.max(minutes(1), wait), look)
  }

  const ageOf = (): Millis | null => {
    const newest = newestBackupAt(folder)
    return newest === null ? null : realNow() - newest
  }

  return {
    look,
    age() {
      const age = ageOf()
      return age === null ? null : age / 1000
    },
    troubles() {
      const age = ageOf()
      if ((age ?? realNow() - begun) <= LATE) return []
      const since = age === null ? 'never' : `${Math.floor(age / days(1))} days ago`
      return [`the newest backup was made ${since}: look at BACKUP_DIR and the log`]
    },
    async stop() {
      stopping.abort()
      cancel()
      await making
    },
  }
}

/** Another process copies, so that turns wait for nothing. It reads the same settings, but for the folder of the data. */
export function backupInChild(dataDir: string, to: string): (signal: AbortSignal) => Promise<void> {
  return (signal) =>
    new Promise((resolve, reject) => {
      const child = fork(backupModule(), ['--to', to], {
        env: { ...process.env, DATA_DIR: dataDir },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        timeout: LONGEST,
        signal,
      })
      child.once('error', reject)
      child.once('exit', (code, killed) => {
        if (code === 0) resolve()
        else reject(new Error(`the backup ended with ${code ?? killed ?? 'no code'}`))
      })
    })
}

/** Node runs no TypeScript: under test the built one. */
function backupModule(): string {
  const here = fileURLToPath(import.meta.url)
  return fileURLToPath(
    new URL(here.endsWith('.js') ? './backup.js' : '../dist/bot/backup.js', import.meta.url),
  )
}
