import { spawn, type ChildProcess } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join, parse, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import Sqlite from 'better-sqlite3'
import { backupsIn } from '../../db/backup.ts'
import { DATABASE_FILE } from '../../db/store.ts'
import { childOf } from '../adapters/wechaty/rig.ts'
import { until } from '../bot/timers/waiting.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** The moment at which a process is to end itself. */
export interface Moment {
  readonly point: string
  readonly nth: number
}

/** The built program and its data, as a machine on which it is started, killed and upgraded. */
export interface Machine {
  readonly dataDir: string
  /** Where the program puts its daily backup. */
  readonly backupDir: string
  /** Starts the program; it ends itself at that moment, if one is given. Answers where it listens. */
  start(moment: Moment | null): Promise<{ url: string; ended: Promise<void> }>
  /** SIGKILL; `all`: to the processes it started, too, as when a container goes. */
  kill(all: boolean): Promise<void>
  /** SIGTERM. Answers the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL to its WeChat process alone. false: there is none. */
  killWechat(): boolean
  /** Every backup is two days old now, so that the next start makes one. */
  ageBackups(): void
  /** `npm run backup`. Answers the exit code. */
  backUp(): Promise<number | null>
  /** The next version of the program brings one more migration. */
  upgrade(): void
  rows<T>(sql: string): T[]
  /** Where processes ended themselves, in order. */
  hits(): readonly string[]
  /** What the processes wrote on stderr and stdout, for a failing test. */
  readonly said: () => string
}

export function aMachine(dir: string, env: Readonly<Record<string, string>>): Machine {
  const program = join(dir, 'program')
  const folder = join(dir, 'platforms')
  const dataDir = join(dir, 'data')
  const backupDir = join(dir, 'backups')
  mkdirSync(folder, { recursive: true })
  // A copy, whose migrations may grow as those of a newer version.
  cpSync(join(ROOT, 'dist'), join(program, 'dist'), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(program, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(program, 'node_modules'))
  let child: ChildProcess | null = null
  let ended = Promise.resolve()
  let upgrades = 0
  let said = ''

  /** Runs one of the program's scripts, in a process group of its own; it ends itself at that moment, if one is given. */
  function run(script: string, args: readonly string[], own: Readonly<Record<string, string>>): ChildProcess {
    const points = pathToFileURL(join(import.meta.dirname, 'points.mjs')).href
    const started = spawn(
      process.execPath,
      ['--import', points, join(program, 'dist/bot', script), ...args],
      {
        cwd: dir,
        detached: true,
        env: {
          PATH: process.env.PATH ?? '',
          LOG_LEVEL: 'error',
          DATA_DIR: dataDir,
          BACKUP_DIR: backupDir,
          FAULT_FOLDER: folder,
          FAULT_PROGRAM: program,
          FAULT_PUPPET: join(import.meta.dirname, 'puppet.mjs'),
          ...own,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-20_000)))
    return started
  }

  const endOf = (started: ChildProcess): Promise<void> =>
    new Promise((done) => started.once('exit', () => done()))

  async function start(moment: Moment | null): Promise<{ url: string; ended: Promise<void> }> {
    const port = await freePort()
    const fault: Record<string, string> = moment
      ? { FAULT_POINT: moment.point, FAULT_NTH: String(moment.nth) }
      : {}
    child = run('main.js', [], { PORT: String(port), ...fault })
    ended = endOf(child)
    return { url: `http://127.0.0.1:${port}`, ended }
  }

  const wechatOf = (): number | null => (child?.pid === undefined ? null : childOf(child.pid))

  return {
    dataDir,
    backupDir,
    start,
    async kill(all) {
      if (child?.pid !== undefined) killed(all ? -child.pid : child.pid)
      await ended
    },
    async stop() {
      child?.kill('SIGTERM')
      await ended
      return child?.exitCode ?? null
    },
    killWechat() {
      const wechat = wechatOf()
      if (wechat === null) return false
      killed(wechat)
      return true
    },
    ageBackups() {
      for (const folder of backupsIn(backupDir)) {
        const { dir: of, base } = parse(folder)
        const [, time = '', rest = ''] = /^complaint-line-(\d{8})(T\d{6}Z)$/.exec(base) ?? []
        const day = Date.parse(time.replace(/(....)(..)(..)/, '$1-$2-$3')) - 2 * 86_400_000
        const older = new Date(day).toISOString().slice(0, 10).replaceAll('-', '')
        renameSync(folder, join(of, `complaint-line-${older}${rest}`))
      }
    },
    async backUp() {
      const started = run('backup.js', ['--to', backupDir], {})
      await endOf(started)
      return started.exitCode
    },
    upgrade() {
      upgrades += 1
      const migrations = join(program, 'dist/db/migrations')
      const journal = join(migrations, 'meta/_journal.json')
      const kept = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { idx: number; tag: string }[] }
      const tag = `9${String(upgrades).padStart(3, '0')}_tomorrow`
      kept.entries.push({ idx: kept.entries.length, tag })
      writeFileSync(
        join(migrations, `${tag}.sql`),
        `CREATE TABLE tomorrow_${upgrades} (id integer PRIMARY KEY);\n--> statement-breakpoint\n` +
          `CREATE INDEX tomorrow_index_${upgrades} ON inbox (at, id);\n`,
      )
      writeFileSync(journal, JSON.stringify(kept))
    },
    rows<T>(sql: string) {
      const database = new Sqlite(join(dataDir, DATABASE_FILE), { readonly: true })
      try {
        return database.prepare(sql).all() as T[]
      } finally {
        database.close()
      }
    },
    hits() {
      const file = join(folder, 'hits')
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
    },
    said: () => said,
  }
}

/** Waits until the machine's program says it can take work. */
export async function ready(url: string, patience = 30_000): Promise<void> {
  await until(async () => {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
    return answer?.status === 200
  }, patience)
}

/** Every file below a folder, as paths relative to it. */
export const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : []

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in that moment.
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
