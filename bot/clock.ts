import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instant, Millis } from '../workflows/ids.ts'

/** The program's one clock. Only the simulator's may be hurried; socket time-outs never follow it. */
export interface Clock {
  readonly now: () => Instant
  /** How many times faster than real time it runs: 1 in production. */
  readonly factor: () => number
  /** Runs `task` once, when so much of this clock's time has passed. Answers how to cancel it. Does not keep the process alive. */
  readonly after: (delay: Millis, task: () => void) => () => void
  /** Tells whenever `now` moved by more than time passing. Answers how to stop listening. */
  readonly onJump: (listener: () => void) => () => void
}

export interface HurriedClock extends Clock {
  /** Forward by so much at once. Throws for a negative length. */
  readonly advance: (by: Millis) => void
  /** From now on so many times faster than real time; 1 is real. Throws below 1. */
  readonly speed: (factor: number) => void
}

/** setTimeout counts in 32 bits. */
const LONGEST: Millis = 2 ** 31 - 1

/** While hurried, the file is written this often (real time). */
const KEEP_EVERY: Millis = 1_000

/**
 * The clock of the program on this data. Its offset is kept in `dataDir/clock.json` and only ever grows, so that a
 * restart never goes back. With `hurried` false nobody can move it, and it follows the host from where the offset left it.
 */
export function createClock(dataDir: string, options: { readonly hurried: boolean }): HurriedClock {
  const file = join(dataDir, 'clock.json')
  const kept = readKept(file)
  let { offset } = kept
  let factor = 1
  let since = Date.now()
  if (since + offset < kept.notBefore) offset = kept.notBefore - since
  let keeper: NodeJS.Timeout | null = null
  const waiting = new Set<{ due: Instant; task: () => void; timer: NodeJS.Timeout | null }>()
  const listeners = new Set<() => void>()

  const now = (): Instant => Math.floor(since + offset + (Date.now() - since) * factor)

  /** From here on the offset tells all, whatever the factor was until now. */
  function rebase(): void {
    const at = now()
    since = Date.now()
    offset = at - since
  }

  function arm(entry: { due: Instant; task: () => void; timer: NodeJS.Timeout | null }): void {
    if (entry.timer) clearTimeout(entry.timer)
    const real = Math.min(LONGEST, Math.max(0, (entry.due - now()) / factor))
    entry.timer = setTimeout(() => {
      if (now() < entry.due) return arm(entry)
      waiting.delete(entry)
      entry.task()
    }, real).unref()
  }

  function keep(): void {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const ahead = factor > 1 ? KEEP_EVERY * factor : 0
    writeFileSync(`${file}.part`, JSON.stringify({ offset: Math.floor(offset), notBefore: now() + ahead }))
    renameSync(`${file}.part`, file)
  }

  function moved(): void {
    keep()
    for (const entry of waiting) arm(entry)
    for (const listener of listeners) listener()
  }

  function mayHurry(): void {
    if (!options.hurried) throw new Error('only the simulator may hurry the clock')
  }

  return {
    now,
    factor: () => factor,
    after(delay, task) {
      const entry = { due: now() + delay, task, timer: null }
      waiting.add(entry)
      arm(entry)
      return () => {
        if (waiting.delete(entry)) clearTimeout(entry.timer ?? undefined)
      }
    },
    onJump(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    advance(by) {
      mayHurry()
      if (!(by >= 0)) throw new Error('the clock never goes back')
      rebase()
      offset += by
      moved()
    },
    speed(wanted) {
      mayHurry()
      if (!(wanted >= 1)) throw new Error('the clock runs at real speed or faster')
      rebase()
      factor = wanted
      if (keeper) clearInterval(keeper)
      keeper =
        factor > 1
          ? setInterval(() => {
              rebase()
              keep()
            }, KEEP_EVERY).unref()
          : null
      moved()
    },
  }
}

function readKept(file: string): { offset: Millis; notBefore: Instant } {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { offset?: unknown; notBefore?: unknown }
    if (typeof kept.offset === 'number' && typeof kept.notBefore === 'number')
      return { offset: kept.offset, notBefore: kept.notBefore }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { offset: 0, notBefore: 0 }
  }
  throw new Error(
    `${file} cannot be read; it keeps the simulator's clock. Delete the demo's data folder to begin anew`,
  )
}
