import type { Logger } from 'pino'
import type { Store } from '../db/store.ts'
import type { Millis } from '../workflows/ids.ts'
import { failureOf } from './failure.ts'
import type { ProcessLease } from './lease.ts'

/** How soon what another process wrote is seen here (real milliseconds). Looking takes microseconds. */
const LOOK_EVERY: Millis = 100

/** Looked at so often even when nothing was written: a killed process writes nothing. */
const LOOK_FOR_WORK: Millis = 500

/** Work that only one process may do: an account with its socket, its sends and its files; or the chores. */
export interface Work {
  /** As its lease is called. */
  readonly name: string
  /** This process has it now: takes over what an earlier one left. Called again where it rejected. */
  begin(): Promise<void>
  /** Another process has written. */
  look(): void
}

export interface Shares {
  /** Takes what is free and begins it; later, whatever becomes free. Rejects where that cannot be begun now. */
  start(): Promise<void>
  /** The names of all work there is. */
  readonly names: readonly string[]
  /** The names of the work this process has. */
  held(): readonly string[]
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  /** Nothing more is taken. */
  stop(): Promise<void>
}

export interface SharesParts {
  readonly lease: ProcessLease
  readonly works: readonly Work[]
  readonly store: Pick<Store, 'dataVersion'>
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/**
 * Divides the work among the processes on the same data: whoever comes first takes what is free and keeps it while it
 * lives. A process that has the data for itself takes all of it and never looks again.
 */
export function createShares({ lease, works, store, log }: SharesParts): Shares {
  const held = new Set<Work>()
  const begun = new Set<Work>()
  let timer: NodeJS.Timeout | undefined
  let seen = 0
  let lookedForWork = 0
  let taking: Promise<void> | null = null

  async function takeFree(): Promise<void> {
    const taken = lease.sharing.with === 'nobody' ? new Set<string>() : lease.taken()
    for (const work of works) {
      if (!held.has(work) && !taken.has(work.name) && lease.take(work.name)) {
        held.add(work)
        log.info({ work: work.name }, 'this process has taken over')
      }
      if (!held.has(work) || begun.has(work)) continue
      await work.begin()
      begun.add(work)
    }
  }

  function look(): void {
    try {
      const version = store.dataVersion()
      const changed = version !== seen
      seen = version
      if (changed) for (const work of begun) work.look()
      const due = performance.now() - lookedForWork > LOOK_FOR_WORK
      if (taking === null && (changed || due) && begun.size < works.length) {
        lookedForWork = performance.now()
        taking = takeFree()
          .catch(cannot)
          .finally(() => (taking = null))
      }
    } catch (error) {
      seen = 0
      cannot(error)
    }
  }

  function cannot(error: unknown): void {
    log.warn(
      { failure: failureOf(error) },
      'work could not be taken over or looked at; tried again within a second',
    )
  }

  return {
    async start() {
      await takeFree()
      if (lease.sharing.with === 'nobody') return
      timer = setInterval(look, LOOK_EVERY).unref()
    },
    names: works.map((work) => work.name),
    held: () => [...held].map((work) => work.name),
    troubles() {
      if (lease.sharing.with === 'nobody') return []
      const taken = lease.taken()
      return works
        .filter((work) => !taken.has(work.name))
        .map((work) => `no process does this work now: ${work.name}`)
    },
    async stop() {
      clearInterval(timer)
      await taking
    },
  }
}
