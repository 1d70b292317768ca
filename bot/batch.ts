import type { Logger } from 'pino'
import { TransactionLost, type Transactions } from '../db/transactions.ts'
import type { Instant } from '../workflows/ids.ts'

/** Jobs of one transaction at most: what comes after is not kept waiting longer than these take. */
const MOST = 200

/** A transaction that has lasted so long takes in no more jobs (real milliseconds): nobody waits for a whole crowd's turns. */
const LONGEST = 10

/** Another process has the write lock: tried again so much later (real milliseconds), off the event loop. */
const BUSY_PAUSE = 10

/** Writes that may wait for company leave at the latest after so long (real milliseconds). */
const LAZY_WAIT = 50

export interface JobOptions<T> {
  /** Called once the transaction is committed, in the order of the jobs, before any promise resolves. */
  readonly afterCommit?: (value: T) => void
  /** May wait up to 50 ms for another job's transaction. */
  readonly lazy?: boolean
  /** Among jobs of one lane that are ready together, the earlier `at` goes first. */
  readonly order?: { readonly lane: string; readonly at: Instant }
}

export interface GroupCommit {
  /**
   * Runs synchronous work in the next transaction. Resolves only after the commit; rejects with what the work threw
   * (it alone was undone), or with `TransactionLost` when the database took nothing.
   */
  run<T>(work: () => T, options?: JobOptions<T>): Promise<T>
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>
}

interface Job {
  readonly work: () => unknown
  readonly lazy: boolean
  readonly order: { readonly lane: string; readonly at: Instant } | null
  readonly committed: (value: unknown) => void
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Whatever is ready together shares one transaction, each job in a savepoint of its own; a lone job is committed at once.
 * Where a transaction is lost as a whole (disk full), nothing of it was accepted and every job runs again alone.
 * `guard` is asked inside every transaction and throws when this process may no longer write.
 */
export function createGroupCommit(
  transactions: Transactions,
  guard: () => void,
  log: Pick<Logger, 'error'>,
): GroupCommit {
  let queue: Job[] = []
  let scheduled = false
  let lazyTimer: NodeJS.Timeout | null = null
  let idle: (() => void)[] = []

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    scheduled = false
    if (lazyTimer) clearTimeout(lazyTimer)
    lazyTimer = null
    const jobs = inOrder(queue.slice(0, MOST))
    queue = queue.slice(MOST)
    const left = jobs.length === 0 ? [] : transact(jobs)
    queue = [...(left ?? jobs), ...queue]
    if (left === null) {
      scheduled = true
      setTimeout(flush, BUSY_PAUSE)
      return
    }
    if (queue.length > 0) return schedule()
    const waiting = idle
    idle = []
    for (const resolve of waiting) resolve()
  }

  /** Answers what there was no time for, all of it later than what was done; null: the database is busy, nothing was begun. */
  function transact(jobs: readonly Job[]): readonly Job[] | null {
    const settled: (() => void)[] = []
    const committed: (() => void)[] = []
    let left: readonly Job[] = []
    try {
      if (!transactions.begin()) return null
      const until = performance.now() + LONGEST
      guard()
      for (const [i, job] of jobs.entries()) {
        if (i > 0 && performance.now() > until) {
          left = jobs.slice(i)
          break
        }
        try {
          const value = transactions.receipt(job.work)
          committed.push(() => job.committed(value))
          settled.push(() => job.resolve(value))
        } catch (error) {
          if (error instanceof TransactionLost) throw error
          settled.push(() => job.reject(error))
        }
      }
      transactions.commit()
    } catch (error) {
      transactions.abandon()
      if (error instanceof TransactionLost && jobs.length > 1) eachAlone(jobs)
      else for (const job of jobs) job.reject(error)
      return []
    }
    for (const tell of committed) {
      try {
        tell()
      } catch (error) {
        log.error(
          { err: error },
          'something after a commit failed; the rows are stored and found at the next start',
        )
      }
    }
    for (const settle of settled) settle()
    return left
  }

  function eachAlone(jobs: readonly Job[]): void {
    for (const job of jobs) if (transact([job]) === null) queue.push(job)
  }

  return {
    run<T>(work: () => T, options: JobOptions<T> = {}): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({
          work,
          lazy: options.lazy ?? false,
          order: options.order ?? null,
          committed: (value) => options.afterCommit?.(value as T),
          resolve: (value) => resolve(value as T),
          reject,
        })
        if (!options.lazy) schedule()
        else if (!scheduled) lazyTimer ??= setTimeout(schedule, LAZY_WAIT)
      })
    },
    drained() {
      if (queue.length === 0 && !scheduled) return Promise.resolve()
      schedule()
      return new Promise((resolve) => idle.push(resolve))
    },
  }
}

/** Jobs of one lane change places among themselves; all others stay where they are. */
function inOrder(jobs: readonly Job[]): readonly Job[] {
  const lanes = new Map<string, Job[]>()
  for (const job of jobs) {
    if (job.order === null) continue
    const lane = lanes.get(job.order.lane)
    if (lane) lane.push(job)
    else lanes.set(job.order.lane, [job])
  }
  for (const lane of lanes.values()) lane.sort((a, b) => (a.order?.at ?? 0) - (b.order?.at ?? 0))
  return jobs.map((job) => (job.order === null ? job : (lanes.get(job.order.lane)?.shift() ?? job)))
}
