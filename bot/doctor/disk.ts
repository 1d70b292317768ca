import { constants, existsSync, statSync } from 'node:fs'
import { access, open, rm, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DATABASE_FILE } from '../../db/store.ts'
import { count, look, note, ok, wrong, type Finding } from './finding.ts'
import { codeOf } from './settings.ts'

export interface Space {
  /** Free bytes for this user. */
  readonly free: number
  /** Free places for files; null where the file system has no such limit. */
  readonly files: number | null
  /** The file system's magic number (statfs(2)). */
  readonly kind: number
}

const MB = 1024 * 1024

/** Below this the next photos may end in a full disk; below that, the next messages. */
const TIGHT = 1024 * MB
const FULL = 100 * MB

/** `journal_size_limit` is 64 MB: a log far beyond it is one that no checkpoint empties. */
const WAL_TOO_LONG = 512 * MB

/** Each batch of messages waits for one. */
const SLOW_SYNC = 100

/** SQLite's shared memory does not work over a network, and a memory disk forgets at the next boot (statfs(2)). */
const overNetwork = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
])
const inMemory = 0x01021994

/** Whether what residents say can be stored: room, rights, a sync that works, and a log that is emptied. */
export async function checkDisk(
  dataDir: string,
  space: (path: string) => Promise<Space> = spaceOf,
): Promise<Finding[]> {
  const folder = resolve(dataDir)
  if (!existsSync(folder)) return checkParent(folder)
  const findings = [...spaceFindings(await space(folder)), ...(await writing(folder)), ...owner(folder)]
  const wal = statSync(join(folder, `${DATABASE_FILE}-wal`), { throwIfNoEntry: false })?.size ?? 0
  if (wal > WAL_TOO_LONG)
    findings.push(
      look(
        `the database’s log has grown to ${megabytes(wal)} and is not emptied: restart the program, and end whatever else reads its database.`,
      ),
    )
  return findings
}

async function checkParent(folder: string): Promise<Finding[]> {
  let parent = dirname(folder)
  while (!existsSync(parent)) parent = dirname(parent)
  const allowed = await access(parent, constants.W_OK).then(
    () => true,
    () => false,
  )
  return [
    allowed
      ? note(`DATA_DIR ${folder} is not there yet; the first start makes it.`)
      : wrong(
          `DATA_DIR ${folder} is not there, and ${parent} lets nobody make it: make it and give it to this user.`,
        ),
  ]
}

function spaceFindings({ free, files, kind }: Space): Finding[] {
  const findings: Finding[] = []
  const network = overNetwork.get(kind)
  if (network !== undefined)
    findings.push(
      wrong(
        `DATA_DIR lies on a network disk (${network}), where SQLite loses data: move it to a disk of this machine.`,
      ),
    )
  if (kind === inMemory)
    findings.push(
      look('DATA_DIR lies on a memory disk, which is empty after a reboot: move it to a real one.'),
    )
  const left = `the disk of DATA_DIR has ${megabytes(free)} left`
  const advice = 'free some, or move DATA_DIR to a larger disk; on a full disk no message is taken.'
  if (free < FULL) findings.push(wrong(`${left}: ${advice}`))
  else if (free < TIGHT) findings.push(look(`${left}: ${advice}`))
  else if (files !== null && files < 1_000)
    findings.push(
      wrong(
        `the disk of DATA_DIR has room for ${count(files, 'more file')}: delete what is not needed there.`,
      ),
    )
  else findings.push(ok(`${left}.`))
  return findings
}

/** Writes a file, syncs it, and takes it away again, beside a program that runs. */
async function writing(folder: string): Promise<Finding[]> {
  const file = join(folder, `doctor-${process.pid}.part`)
  try {
    const handle = await open(file, 'wx', 0o600)
    const began = performance.now()
    try {
      await handle.writeFile(Buffer.alloc(4096))
      await handle.sync()
    } finally {
      await handle.close()
      await rm(file, { force: true })
    }
    const took = Math.round(performance.now() - began)
    return took > SLOW_SYNC
      ? [
          look(
            `a write to DATA_DIR takes ${took} ms to be safe on the disk, and every message waits for one: a quicker disk helps.`,
          ),
        ]
      : [ok(`DATA_DIR can be written, and a write is safe on the disk after ${took} ms.`)]
  } catch (error) {
    return [
      wrong(
        `DATA_DIR ${folder} cannot be written (${codeOf(error)}): give the folder to the user who runs the program (${whoRuns()}), or make room.`,
      ),
    ]
  }
}

/** What root may write, the program’s own user perhaps may not. */
function owner(folder: string): Finding[] {
  const { uid } = statSync(folder)
  const mine = process.getuid?.()
  if (mine === undefined || uid === mine) return []
  return [
    look(
      `DATA_DIR belongs to user ${uid}, and this check runs as ${whoRuns()}: run it as the user who runs the program.`,
    ),
  ]
}

const whoRuns = (): string => `user ${process.getuid?.() ?? 'unknown'}`

const megabytes = (bytes: number): string =>
  bytes >= 10 * 1024 * MB ? `${Math.round(bytes / 1024 / MB)} GB` : `${Math.round(bytes / MB)} MB`

async function spaceOf(path: string): Promise<Space> {
  const { bavail, bsize, files, ffree, type } = await statfs(path)
  return { free: bavail * bsize, files: files === 0 ? null : ffree, kind: type }
}
