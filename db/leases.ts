import { and, eq, gt, like, sql } from 'drizzle-orm'
import type { Instant, Millis } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { leases } from './schema.ts'

const p = sql.placeholder

export interface Lease {
  readonly name: string
  readonly holder: string
  /** Grows with every new holder: what an older one still does can be told apart. */
  readonly fence: number
}

export type LeaseRow = typeof leases.$inferSelect

export interface Wanted {
  readonly name: string
  readonly holder: string
  readonly now: Instant
  readonly length: Millis
  /** Knows of some holders that they ended, whatever their lease says. */
  readonly isDead: (holder: string) => boolean
  /** Leases of other names that stand in the way as well while they run. */
  readonly excludes?: (row: LeaseRow) => boolean
  /** Asked under the write lock before anything is taken; throws where it may not be. */
  readonly check?: () => void
}

export type Leases = ReturnType<typeof leasesOf>

/** Begins the name of a lease by which a process is among those that share the data; no two have the same. */
export const MEMBER = 'member '

/**
 * Who may act. A process that shares the data has one `MEMBER` row, and others for the work it took; all run out
 * together. Times are real ones (`Date.now()` of the caller). Several processes may ask at once, so each step is a
 * transaction of its own that takes the write lock first.
 */
export function leasesOf({ orm, sqlite, prepared }: Database) {
  const held = prepared(
    orm
      .select({ fence: leases.fence })
      .from(leases)
      .where(eq(leases.name, p('name'))),
  )
  const running = prepared(
    orm
      .select()
      .from(leases)
      .where(gt(leases.until, p('now'))),
  )

  const immediately = <T>(work: () => T): T => sqlite.transaction(work).immediate()

  const holds = (lease: Lease): boolean => held.get({ name: lease.name })?.fence === lease.fence

  /** Whoever held these may do nothing any more, even if it is only stopped and goes on later. */
  function end(holder: string): void {
    orm
      .update(leases)
      .set({ until: 0, fence: sql`${leases.fence} + 1` })
      .where(eq(leases.holder, holder))
      .run()
    orm
      .delete(leases)
      .where(and(eq(leases.holder, holder), like(leases.name, `${MEMBER}%`)))
      .run()
  }

  return {
    /** Every lease that has not run out, dead holders included. */
    running: (now: Instant): readonly LeaseRow[] => running.all({ now }),
    /**
     * null while somebody else's lease stands in the way. Leases that ran out, or whose holder is dead, are ended with
     * everything else their holder had.
     */
    take({ name, holder, now, length, isDead, excludes = () => false, check }: Wanted): Lease | null {
      return immediately(() => {
        check?.()
        const others = orm
          .select()
          .from(leases)
          .where(gt(leases.until, 0))
          .all()
          .filter((row) => row.holder !== holder)
        const alive = others.filter((row) => row.until > now && !isDead(row.holder))
        for (const row of others) if (!alive.includes(row)) end(row.holder)
        if (alive.some((row) => row.name === name || excludes(row))) return null
        const fence = (held.get({ name })?.fence ?? 0) + 1
        const values = { holder, fence, until: now + length }
        orm
          .insert(leases)
          .values({ name, ...values })
          .onConflictDoUpdate({ target: leases.name, set: values })
          .run()
        return { name, holder, fence }
      })
    },
    /** Of this lease and of all others of its holder. false: it belongs to somebody else now. */
    renew(lease: Lease, until: Instant): boolean {
      return immediately(() => {
        if (!holds(lease)) return false
        orm.update(leases).set({ until }).where(eq(leases.holder, lease.holder)).run()
        return true
      })
    },
    /** This lease and all others of its holder. */
    release(lease: Lease): void {
      immediately(() => {
        if (holds(lease)) end(lease.holder)
      })
    },
    /** Whether it is still ours; for use inside a transaction. */
    holds,
  }
}
