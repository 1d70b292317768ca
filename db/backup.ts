import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { halfOf, sweepHalves } from './halves.ts'
import { DATABASE_FILE } from './store.ts'

/** A backup that cannot be made or used. The message says what to do. */
export class BackupRefused extends Error {
  override name = 'BackupRefused'
}

const manifestSchema = z.object({
  format: z.literal(1),
  /** Real time, ISO 8601: the moment everything is as of. */
  at: z.iso.datetime(),
  /** Rows of each table. */
  rows: z.record(z.string(), z.number()),
  /** Every file but this one. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  /** Files of the media folder that the database knows, and that were not on the disk. */
  missing: z.array(z.string()),
})
export type Manifest = z.infer<typeof manifestSchema>
type CopiedFile = Manifest['files'][number]

export interface Backup {
  readonly folder: string
  readonly manifest: Manifest
}

const MANIFEST = 'manifest.json'
const NAME = /^complaint-line-\d{8}T\d{6}Z$/

/** Pages of 4 KB copied before others on this thread may go on. */
const PAGES = 1_000

/**
 * Copies what `dataDir` holds of residents and cases into a folder of its own under `to`, while the program runs: the
 * database as of one moment, every file it knows, and the messages that wait in WeChat's spool. It is written beside and
 * renamed when complete, so that a folder of the final name is whole. Files another backup under `to` has already are
 * linked, not copied again. Secrets (admin token, WeChat's login) are left out. `at` is real time, in milliseconds.
 * Throws `BackupRefused`.
 */
export async function backUp({
  dataDir,
  to,
  at,
}: {
  dataDir: string
  to: string
  at: number
}): Promise<Backup> {
  const source = join(dataDir, DATABASE_FILE)
  if (!existsSync(source))
    throw new BackupRefused(
      `there is no ${source}: set DATA_DIR to the folder of the program whose data are to be copied`,
    )
  const moment = new Date(at).toISOString()
  const folder = join(to, `complaint-line-${moment.replace(/\.\d+Z$/, 'Z').replace(/[-:]/g, '')}`)
  const half = halfOf(folder)
  makeFolder(to)
  sweepHalves(to)
  if (existsSync(folder)) throw new BackupRefused(`there is ${folder} already: wait a second`)
  const earlier = newestBackup(to)
  const had = new Map(earlier?.manifest.files.map((file) => [file.path, file]))
  mkdirSync(half, { mode: 0o700 })
  try {
    // The spool first: what leaves it meanwhile is in the database that is copied after it.
    const files = await copySpool(dataDir, half)
    const copy = join(half, DATABASE_FILE)
    await copyDatabase(source, copy)
    const { rows, media } = settleCopy(copy)
    files.push({ path: DATABASE_FILE, ...(await sumOf(copy)) })
    const missing: string[] = []
    for (const path of media) {
      const copied = linkFrom(earlier?.folder, had.get(path), half) ?? (await copyFile(dataDir, path, half))
      if (copied !== null) files.push(copied)
      // An image without its copy for others is one nobody could clean; a file erased since is not missed.
      else if (!path.endsWith('.clean') && isStillKnown(source, path)) missing.push(path)
    }
    const manifest: Manifest = { format: 1, at: moment, rows, files, missing }
    await write(join(half, MANIFEST), Buffer.from(JSON.stringify(manifest, null, 1)))
    renameSync(half, folder)
    return { folder, manifest }
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (error instanceof BackupRefused) throw error
    throw new BackupRefused(`the backup could not be written to ${to} (${codeOf(error)})`)
  }
}

/** Reads every file of a backup again. Throws `BackupRefused` where one is not what it was, or the database is damaged. */
export async function checkBackup(folder: string): Promise<Manifest> {
  const manifest = readManifest(folder)
  if (manifest === null)
    throw new BackupRefused(`${folder} is no whole backup: there is no ${MANIFEST} to go by`)
  for (const { path, sha256 } of manifest.files) {
    const found = await sumOf(join(folder, path)).catch(() => null)
    if (found?.sha256 !== sha256)
      throw new BackupRefused(
        `${join(folder, path)} is ${found ? 'not what was copied' : 'missing'}: take another backup`,
      )
  }
  return manifest
}

/** The backups under a folder, oldest first. */
export function backupsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** The moment (real time, ms) the newest backup under a folder is as of, which its name tells; null without any. */
export function newestBackupAt(folder: string): number | null {
  const [, date = '', time = ''] = /(\d{8})T(\d{6})Z$/.exec(backupsIn(folder).at(-1) ?? '') ?? []
  const spaced = `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`
  return date === '' ? null : Date.parse(spaced)
}

/** Deletes all but the newest `keep`. */
export function pruneBackups(folder: string, keep: number): void {
  for (const old of backupsIn(folder).slice(0, -keep)) rmSync(old, { recursive: true, force: true })
}

/** Throws `BackupRefused` unless files can be made in this folder, which it makes where it is not there. */
export function assertWritable(folder: string): void {
  makeFolder(folder)
  const trial = halfOf(join(folder, 'trial'))
  try {
    mkdirSync(trial, { mode: 0o700 })
    rmSync(trial, { recursive: true })
  } catch (error) {
    throw new BackupRefused(
      `the folder for backups ${folder} cannot be written (${codeOf(error)}): give it to the user who runs the program`,
    )
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new BackupRefused(
      `the folder for backups ${folder} cannot be made (${codeOf(error)}): make it, and give it to the user who runs the program`,
    )
  }
}

function newestBackup(folder: string): Backup | null {
  for (const each of [...backupsIn(folder)].reverse()) {
    const manifest = readManifest(each)
    if (manifest) return { folder: each, manifest }
  }
  return null
}

function readManifest(folder: string): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')))
  } catch {
    return null
  }
}

/**
 * One moment of the database, page by page. The read transaction holds that moment: without it each write of the program
 * would make SQLite begin anew, for ever under load.
 */
async function copyDatabase(source: string, copy: string): Promise<void> {
  const reader = new Sqlite(source, { readonly: true, timeout: 10_000 })
  try {
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM sqlite_master').get()
    await reader.backup(copy, { progress: () => PAGES })
  } finally {
    reader.close()
  }
}

/**
 * Makes the copy one that a program can be started on anywhere: nobody holds it, and whatever was to be sent at that
 * moment may have left since, so that it is treated like any send with an unknown outcome (bot/delivery.ts). Then it is
 * examined whole. Answers its row counts, and the paths of the files it knows.
 */
function settleCopy(copy: string): { rows: Record<string, number>; media: readonly string[] } {
  const database = new Sqlite(copy)
  try {
    database.pragma('journal_mode = DELETE')
    database.exec(
      "DELETE FROM leases WHERE name LIKE 'member %'; UPDATE leases SET until = 0, fence = fence + 1",
    )
    database.exec("UPDATE outbox SET claimed_by = 'backup' WHERE state = 'pending'")
    const found = database.pragma('integrity_check', { simple: true })
    if (found !== 'ok')
      throw new BackupRefused(
        'the copy of the database is damaged, and so perhaps is the original: run npm run doctor',
      )
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all()
    const count = (table: string) =>
      database.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0
    const hashes = database
      .prepare<[], string>("SELECT DISTINCT sha256 FROM media WHERE state = 'saved'")
      .pluck()
      .all()
    return {
      rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
      media: hashes.map(pathOfMedia).flatMap((path) => [path, `${path}.clean`]),
    }
  } finally {
    database.close()
  }
}

/** Where bot/media.ts keeps it. */
const pathOfMedia = (sha256: string): string => join('media', sha256.slice(0, 2), sha256)

/** Whether the program itself still has it; what was erased while we copied is no loss. */
function isStillKnown(source: string, path: string): boolean {
  const reader = new Sqlite(source, { readonly: true, timeout: 10_000 })
  try {
    const sha256 = path.split('/').at(-1)
    return (
      reader.prepare("SELECT 1 FROM media WHERE state = 'saved' AND sha256 = ?").get(sha256) !== undefined
    )
  } finally {
    reader.close()
  }
}

/** Written beside its name and not given it yet (adapters/wechaty/spool.ts, save.ts): its process may have died over it. */
const isHalf = (name: string): boolean => /\.(tmp|part)$/.test(name)

/** What WeChat handed over and the inbox has not taken yet. */
async function copySpool(dataDir: string, half: string): Promise<CopiedFile[]> {
  const copied: CopiedFile[] = []
  for (const folder of ['messages', 'media', 'damaged'].map((name) => join('spool', name))) {
    if (!existsSync(join(dataDir, folder))) continue
    for (const name of readdirSync(join(dataDir, folder))) {
      if (isHalf(name)) continue
      const file = await copyFile(dataDir, join(folder, name), half)
      if (file !== null) copied.push(file)
    }
  }
  return copied
}

/** null: it is not there (any more). Files are 20 MB at most. */
async function copyFile(dataDir: string, path: string, half: string): Promise<CopiedFile | null> {
  const bytes = await readFile(join(dataDir, path)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (bytes === null) return null
  mkdirSync(dirname(join(half, path)), { recursive: true, mode: 0o700 })
  await write(join(half, path), bytes)
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** The same bytes under another name: files are named by their hash and never change. null: copy it. */
function linkFrom(
  earlier: string | undefined,
  file: CopiedFile | undefined,
  half: string,
): CopiedFile | null {
  if (earlier === undefined || file === undefined) return null
  mkdirSync(dirname(join(half, file.path)), { recursive: true, mode: 0o700 })
  try {
    linkSync(join(earlier, file.path), join(half, file.path))
    return file
  } catch {
    return null
  }
}

async function write(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function sumOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error
    ? String(error.code)
    : error instanceof Error
      ? error.name
      : 'unknown'
