import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Lease, Leases } from '../db/leases.ts'
import type { Store } from '../db/store.ts'
import { sqliteCode } from '../db/database.ts'
import { seconds, type Millis } from '../workflows/ids.ts'
import { bootId } from './boot-id.ts'

/** A process that died without a word is believed dead so much later, where nothing tells it sooner. */
const LENGTH: Millis = seconds(15)
const RENEW_EVERY: Millis = seconds(5)

const NAME = 'process'

/** Another process works on the same data. */
export class DataInUse extends Error {
  override name = 'DataInUse'
}

/** Names this process for ever: host, boot, process and its start, so that a dead one is known for dead at once. */
export function processName(): string {
  return [hostname(), bootId(), process.pid, startOf(process.pid), randomUUID().slice(0, 8)].join('/')
}

/** For `openStore`: refuses while another process holds the data. */
export function refuseWhileHeld(holder: string, realNow: () => number): (leases: Leases) => void {
  return (leases) => {
    const row = leases.holderOf(NAME)
    if (row !== null && row.holder !== holder && row.until > realNow() && !isDead(row.holder))
      throw inUse(row.holder)
  }
}

export interface ProcessLease {
  /** Throws when the lease went to another process: nothing may be written then. Cheap, for every transaction. */
  readonly guard: () => void
  /** Why the database took no write lately (SQLite's code); null while it does. Asked every 5 s, by the renewal. */
  readonly trouble: () => string | null
  release(): void
}

/**
 * Takes the data for this process and keeps it, by real time. Throws `DataInUse`. `onLost` is told when another process
 * took it (this one was stopped or asleep for too long): the program must end.
 */
export function holdLease(
  store: Store,
  log: Pick<Logger, 'error' | 'warn'>,
  { onLost, realNow = Date.now }: { readonly onLost: () => void; readonly realNow?: () => number },
): ProcessLease {
  const lease = store.leases.take(NAME, store.holder, realNow(), LENGTH, isDead)
  if (lease === null) throw inUse(store.leases.holderOf(NAME)?.holder ?? '')
  let trouble: string | null = null
  const timer = setInterval(() => renew(store.leases, lease), RENEW_EVERY).unref()

  function renew(leases: Leases, held: Lease): void {
    try {
      const renewed = leases.renew(held, realNow() + LENGTH)
      trouble = null
      if (renewed) return
    } catch (error) {
      // Busy is another's turn to write, for milliseconds.
      const code = sqliteCode(error) ?? 'unknown'
      trouble = code.startsWith('SQLITE_BUSY') ? null : code
      // A full disk or a busy database: nobody else can take the lease either; the next renewal comes in 5 s.
      log.warn({ code }, 'the lease on the data could not be renewed')
      return
    }
    clearInterval(timer)
    log.error({}, 'another process took over the data; this one stops')
    onLost()
  }

  return {
    guard() {
      if (!store.leases.holds(lease))
        throw new DataInUse('another process took over the data; this one must end')
    },
    trouble: () => trouble,
    release() {
      clearInterval(timer)
      store.leases.release(lease)
    },
  }
}

function inUse(holder: string): DataInUse {
  const [host, , pid] = holder.split('/')
  return new DataInUse(
    `another process (${pid ?? '?'} on ${host ?? '?'}) already works on this DATA_DIR. Stop it first, or give this one ` +
      'another DATA_DIR. If it was killed, try again in 15 seconds',
  )
}

/** Whether that process certainly ended: on this host, and its number is free, or was given to another one. */
function isDead(holder: string): boolean {
  const [host, boot, pid, started] = holder.split('/')
  if (host !== hostname()) return false
  if (boot !== bootId()) return boot !== '' && bootId() !== ''
  const now = startOf(Number(pid))
  if (now === '') return !exists(Number(pid))
  return started !== '' && now !== started
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process started, in the system's ticks since boot; empty where the system does not tell (proc_pid_stat(5), field 22). */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended, only nobody has asked yet.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
