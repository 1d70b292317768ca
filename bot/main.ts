import { existsSync, readFileSync } from 'node:fs'
import { BackupRefused } from '../db/backup.ts'
import { MigrationRefused } from '../db/migrate.ts'
import { ConfigError, readConfig } from './config.ts'
import { EstateError } from './estate.ts'
import { createLog } from './log.ts'
import { DataInUse } from './lease.ts'
import { RefusedStart, startProgram, type Program } from './program.ts'

const envFile = '.env'
/** A graceful stop takes less than 10 s; what still hangs then is cut off, and the rows know what was not done. */
const stopWithin = 9_500

async function main(): Promise<void> {
  const text = existsSync(envFile) ? readFileSync(envFile, 'utf8') : null
  const config = readConfig(process.env, text, envFile)
  const log = createLog(config.logLevel)
  const running: { program: Program | null } = { program: null }
  let stopping = false
  const stop = (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), stopWithin).unref()
    const stopped = running.program ? running.program.stop() : Promise.resolve()
    stopped.then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop was not clean')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  // Something no code of ours caught: state is only what was committed, so a fresh start is the safe answer.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught')
    stop('uncaughtException')
  })
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection')
    stop('unhandledRejection')
  })
  running.program = await startProgram(config, {
    log,
    say: (line) => process.stdout.write(`${line}\n`),
    onLost: () => stop('lease lost'),
  })
}

main().catch((error: unknown) => {
  const known =
    error instanceof ConfigError ||
    error instanceof EstateError ||
    error instanceof RefusedStart ||
    error instanceof BackupRefused ||
    error instanceof MigrationRefused ||
    error instanceof DataInUse
  process.stderr.write(
    known
      ? `${error.message}\n`
      : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
})
