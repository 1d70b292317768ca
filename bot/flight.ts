import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { bootId } from './boot-id.ts'

/** Rewritten with what is still open once it is so long. */
const LONGEST = 1 << 20

/**
 * Which sends had begun when the last process died. Each is written down before it leaves, without waiting for the disk:
 * what a killed process wrote, the system keeps. After a crash of the machine (another boot) the notes prove nothing.
 */
export interface FlightLog {
  /** Whether this send may have begun before this process started. */
  mayHaveLeft(id: number): boolean
  /** What the last process left is settled and committed: begin anew. */
  start(): void
  /** Noted before the request leaves. */
  departs(id: number): void
  /** What became of it is committed. */
  landed(id: number): void
  close(): void
}

export function openFlightLog(file: string): FlightLog {
  const boot = bootId()
  const before = readNotes(file, boot)
  const open = new Set<number>()
  let length = 0
  let fd: number | null = null

  function begin(): void {
    if (fd !== null) closeSync(fd)
    const fresh = openSync(`${file}.part`, 'w', 0o600)
    length = writeSync(fresh, [boot, ...open, ''].join('\n'))
    renameSync(`${file}.part`, file)
    fd = fresh
  }

  return {
    mayHaveLeft: (id) => before === null || before.has(id),
    start: begin,
    departs(id) {
      open.add(id)
      if (fd === null || length > LONGEST) begin()
      else length += writeSync(fd, `${id}\n`)
    },
    landed: (id) => void open.delete(id),
    close() {
      if (fd !== null) closeSync(fd)
      fd = null
    },
  }
}

/** null: nothing is known, so everything may have left. */
function readNotes(file: string, boot: string): ReadonlySet<number> | null {
  try {
    const [theirs, ...ids] = readFileSync(file, 'utf8').split('\n')
    return theirs === boot && boot !== '' ? new Set(ids.map(Number)) : null
  } catch {
    return null
  }
}
