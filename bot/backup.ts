import { existsSync, readFileSync } from 'node:fs'
import { backUp, BackupRefused, checkBackup, type Manifest } from '../db/backup.ts'
import { ConfigError, readConfig } from './config.ts'

/**
 * `npm run backup -- --to FOLDER`: a whole copy of `DATA_DIR`'s data beside whatever runs on it. `npm run backup --
 * --check BACKUP`: whether a backup is still what was copied. Ends with 1 and a sentence where it cannot be.
 */

const envFile = '.env'
const usage = 'npm run backup -- --to FOLDER makes a backup; npm run backup -- --check BACKUP examines one'

async function main([what, folder, ...more]: readonly string[]): Promise<void> {
  if (folder === undefined || more.length > 0) throw new BackupRefused(usage)
  switch (what) {
    case '--to': {
      const text = existsSync(envFile) ? readFileSync(envFile, 'utf8') : null
      const { dataDir } = readConfig(process.env, text, envFile)
      const backup = await backUp({ dataDir, to: folder, at: Date.now() })
      print(`${backup.folder}: ${contentOf(backup.manifest)}`)
      return
    }
    case '--check':
      return print(`${folder} is whole: ${contentOf(await checkBackup(folder))}`)
    default:
      throw new BackupRefused(usage)
  }
}

function contentOf({ at, rows, files, missing }: Manifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const lost = missing.length > 0 ? `; ${missing.length} files the database knows were not on the disk` : ''
  return `${rows.complaints ?? 0} complaints and ${files.length} files, ${Math.ceil(bytes / 1e6)} MB, as of ${at}${lost}`
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof BackupRefused || error instanceof ConfigError
  const text =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
})
