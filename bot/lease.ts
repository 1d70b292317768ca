import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { MEMBER, type Lease, type LeaseRow, type Leases } from '../db/leases.ts'
import type { Store } from '../db/store.ts'
import { sqliteCode } from '../db/database.ts'
import { seconds, type Millis } from '../workflows/ids.ts'
import { bootId } from './boot-id.ts'

/** A process that died without a word is believed dead so much later, where nothing tells it sooner. */
const LENGTH: Millis = seconds(15)
const RENEW_EVERY: Millis = seconds(5)

/** Another process was writing just then. */
const RENEW_AGAIN: Millis = 100

/** Of a process that has the data for itself. */
const ALONE = 'process'

/**
 * Whether other processes may work on the same data: only where each of them has `REDIS_URL`, and `serves` the same
 * accounts, so that each could take over from any other.
 */
export type Sharing = { readonly with: 'nobody' } | { readonly with: 'others'; readonly serves: string }

export const ALONE_HERE: Sharing = { with: 'nobody' }

/** Another process works on the same data. */
export class DataInUse extends Error {
  override name = 'DataInUse'
}

/** Names this process for ever: host, boot, process and its start, so that a dead one is known for dead at once. */
export function processName(): string {
  return [hostname(), bootId(), process.pid, startOf(process.pid), randomUUID().slice(0, 8)].join('/')
}

/** Whether a process of that name ran since this machine was started: what it wrote without syncing is still there. */
export function isOfThisBoot(holder: string): boolean {
  const [, boot = ''] = holder.split('/')
  return boot !== '' && boot === bootId()
}

/** What tells a process from all others, for the name of a file. */
export const shortName = (holder: string): string => holder.split('/').at(-1) ?? ''

export interface Admission {
  /** Throws `DataInUse` where another process is in the way. */
  readonly mayUse: (leases: Leases) => void
  /** The same where any other process lives: none can go on when the tables change under it. */
  readonly mayMigrate: (leases: Leases) => void
}

/** For `openStore`: what is asked before anything is changed. */
export function admission(holder: string, sharing: Sharing, realNow: () => number): Admission {
  const others = (leases: Leases): readonly LeaseRow[] =>
    leases.running(realNow()).filter((row) => row.holder !== holder && !isDead(row.holder))
  return {
    mayUse(leases) {
      const row = others(leases).find((other) => isInTheWay(other, sharing))
      if (row) throw inUse(row, sharing)
    },
    mayMigrate(leases) {
      const [row] = others(leases)
      if (row)
        throw new DataInUse(
          `this version must change the tables, and ${processIn(row)} still works with them as they are. Stop every ` +
            'process on this DATA_DIR, then start the new version',
        )
    },
  }
}

export interface ProcessLease {
  readonly sharing: Sharing
  /** Throws when this process may not act any more: asked in every transaction and before each send. Cheap. */
  readonly guard: () => void
  /** Why the database took no write lately (SQLite's code); null while it does. Asked every 5 s, by the renewal. */
  readonly trouble: () => string | null
  /** Takes a piece of work that only one process may do. false: another one has it. */
  take(work: string): boolean
  /** The names of all work that living processes have. */
  taken(): ReadonlySet<string>
  /** Lets go of everything: whoever comes next need not wait. */
  release(): void
}

/**
 * Takes the data for this process, alone or shared, and keeps that by real time. Throws `DataInUse`, or
 * `MigrationRefused` where another version changed the tables meanwhile. `onLost` is told when others ended it (it was
 * stopped or asleep for too long): the program must end.
 */
export function holdLease(
  store: Store,
  log: Pick<Logger, 'error' | 'warn'>,
  {
    sharing = ALONE_HERE,
    onLost,
    realNow = Date.now,
  }: { readonly sharing?: Sharing; readonly onLost: () => void; readonly realNow?: () => number },
): ProcessLease {
  const { leases, holder } = store
  const lasting = () => ({ holder, now: realNow(), length: LENGTH, isDead })
  const own = leases.take({
    ...lasting(),
    name: sharing.with === 'nobody' ? ALONE : memberName(holder, sharing.serves),
    excludes: (row) => isInTheWay(row, sharing),
    check: () => store.assertCurrent(),
  })
  if (own === null) {
    admission(holder, sharing, realNow).mayUse(leases)
    throw new DataInUse('another process held this DATA_DIR a moment ago: start again')
  }
  const lease: Lease = own
  let trouble: string | null = null
  let ended = false
  let timer = setTimeout(renew, RENEW_EVERY).unref()

  function renew(): void {
    let next = RENEW_EVERY
    try {
      if (!leases.renew(lease, realNow() + LENGTH)) return lose()
      trouble = null
    } catch (error) {
      const code = sqliteCode(error) ?? 'unknown'
      const busy = code.startsWith('SQLITE_BUSY')
      trouble = busy ? null : code
      if (busy) next = RENEW_AGAIN
      // A full disk: nobody else can take the lease either.
      else log.warn({ code }, 'the lease on the data could not be renewed')
    }
    timer = setTimeout(renew, next).unref()
  }

  function lose(): void {
    if (ended) return
    ended = true
    clearTimeout(timer)
    log.error({}, 'another process took over the work; this one stops')
    onLost()
  }

  function guard(): void {
    if (leases.holds(lease)) return
    setImmediate(lose)
    throw new DataInUse('another process took over the data; this one must end')
  }

  return {
    sharing,
    guard,
    trouble: () => trouble,
    take(work) {
      if (sharing.with === 'nobody') return true
      return leases.take({ ...lasting(), name: work, check: guard }) !== null
    },
    taken: () =>
      new Set(
        leases
          .running(realNow())
          .filter((row) => !isDead(row.holder))
          .map((row) => row.name),
      ),
    release() {
      ended = true
      clearTimeout(timer)
      store.patiently(() => leases.release(lease))
    },
  }
}

const isMember = (row: LeaseRow): boolean => row.name.startsWith(MEMBER)

const memberName = (holder: string, serves: string): string => `${MEMBER}${shortName(holder)} ${serves}`

const servedBy = (row: LeaseRow): string => row.name.slice(memberName(row.holder, '').length)

/** SQLite's files can be shared by processes of one machine, which have its boot in common; containers have, too. */
const isElsewhere = (row: LeaseRow): boolean => bootId() !== '' && !isOfThisBoot(row.holder)

function isInTheWay(row: LeaseRow, sharing: Sharing): boolean {
  if (row.name === ALONE) return true
  return isMember(row) && (sharing.with === 'nobody' || servedBy(row) !== sharing.serves || isElsewhere(row))
}

function inUse(row: LeaseRow, sharing: Sharing): DataInUse {
  const who = processIn(row)
  if (sharing.with === 'nobody' && isMember(row))
    return new DataInUse(
      `${who} already works on this DATA_DIR and shares it only with processes that have REDIS_URL, too. Give this one ` +
        'the same REDIS_URL, or stop the others first. If they were killed, try again in 15 seconds',
    )
  if (sharing.with === 'others' && isMember(row) && servedBy(row) !== sharing.serves)
    return new DataInUse(
      `${who} shares this DATA_DIR and is configured for ${servedBy(row)}, this one for ${sharing.serves}. All must be ` +
        'configured for the same accounts: stop the others before you change that',
    )
  if (isMember(row))
    return new DataInUse(
      `${who} works on this DATA_DIR from another machine: all processes that share it must run on one. If that machine ` +
        'was switched off, try again in 15 seconds',
    )
  const share =
    sharing.with === 'others'
      ? ' It works alone: only processes that all have REDIS_URL can share a DATA_DIR.'
      : ''
  return new DataInUse(
    `${who} already works on this DATA_DIR.${share} Stop it first, or give this one another DATA_DIR. If it was killed, ` +
      'try again in 15 seconds',
  )
}

function processIn({ holder }: LeaseRow): string {
  const [host, , pid] = holder.split('/')
  return `another process (${pid ?? '?'} on ${host ?? '?'})`
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
