import { closeSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { shortName } from './lease.ts'

/** Rewritten with what is still open once it is so long. */
const LONGEST = 1 << 20

/**
 * Which sends of a channel had begun when their process died. Each is written down before it leaves, without waiting for
 * the disk: what a killed process wrote, the system keeps until the machine itself goes down. Every process has a file of
 * its own, so that one that was only stopped can spoil nothing of its successor's.
 */
export interface FlightLog {
  /** Whether this send had begun in another process that had the channel before. */
  mayHaveLeft(id: number): boolean
  /** What those left is settled and committed: their notes go, and new ones begin. */
  start(): void
  /** Noted before their requests leave. */
  departs(ids: readonly number[]): void
  /** What became of it is committed. */
  landed(id: number): void
  /** The same, and it waits here for its next try: until that departs, none is on its way. */
  waits(id: number): void
  close(): void
}

/** `holder` is the process as its leases name it. To be opened once the channel's lease is held. */
export function openFlightLog(folder: string, channel: string, holder: string): FlightLog {
  const prefix = `flights-${channel}-`
  const mine = `${prefix}${shortName(holder)}.log`
  const file = join(folder, mine)
  const others = readdirSync(folder).filter((name) => name.startsWith(prefix) && !name.startsWith(mine))
  const before = new Set(
    others.filter((name) => name.endsWith('.log')).flatMap((name) => [...idsIn(join(folder, name))]),
  )
  const open = new Set<number>()
  let length = 0
  let fd: number | null = null

  function begin(): void {
    if (fd !== null) closeSync(fd)
    fd = null
    const fresh = openSync(`${file}.part`, 'w', 0o600)
    length = writeSync(fresh, [...open, ''].join('\n'))
    renameSync(`${file}.part`, file)
    fd = fresh
  }

  return {
    mayHaveLeft: (id) => before.has(id),
    start() {
      begin()
      for (const name of others) rmSync(join(folder, name), { force: true })
    },
    departs(ids) {
      for (const id of ids) open.add(id)
      if (fd === null || length > LONGEST) begin()
      else length += writeSync(fd, `${ids.join('\n')}\n`)
    },
    landed: (id) => void open.delete(id),
    waits(id) {
      if (fd !== null) length += writeSync(fd, `-${id}\n`)
    },
    close() {
      if (fd !== null) closeSync(fd)
      fd = null
    },
  }
}

/** What departed and does not wait since: a line each, the id, or the id with a minus. */
function idsIn(file: string): ReadonlySet<number> {
  const ids = new Set<number>()
  try {
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      if (line.startsWith('-')) ids.delete(Number(line.slice(1)))
      else ids.add(Number(line))
    }
  } catch (error) {
    // Another that took the channel in between has settled these.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return ids
}
