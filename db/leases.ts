import { eq, sql } from 'drizzle-orm'
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

export type Leases = ReturnType<typeof leasesOf>

/**
 * Who may act. Times are real ones (`Date.now()` of the caller). Several processes may ask at once, so each step is a
 * transaction of its own that takes the write lock first.
 */
export function leasesOf({ orm, sqlite }: Database) {
  const held = orm
    .select({ fence: leases.fence })
    .from(leases)
    .where(eq(leases.name, p('name')))
    .prepare()

  const immediately = <T>(work: () => T): T => sqlite.transaction(work).immediate()

  return {
    holderOf: (name: string): { holder: string; until: Instant } | null =>
      orm
        .select({ holder: leases.holder, until: leases.until })
        .from(leases)
        .where(eq(leases.name, name))
        .get() ?? null,
    /** null while somebody else's lease runs, unless `isDead` knows that holder to be gone. */
    take(
      name: string,
      holder: string,
      now: Instant,
      length: Millis,
      isDead: (holder: string) => boolean,
    ): Lease | null {
      return immediately(() => {
        const row = orm.select().from(leases).where(eq(leases.name, name)).get()
        if (row && row.holder !== holder && row.until > now && !isDead(row.holder)) return null
        const fence = (row?.fence ?? 0) + 1
        const values = { holder, fence, until: now + length }
        orm
          .insert(leases)
          .values({ name, ...values })
          .onConflictDoUpdate({ target: leases.name, set: values })
          .run()
        return { name, holder, fence }
      })
    },
    /** false: it belongs to somebody else now. */
    renew(lease: Lease, until: Instant): boolean {
      return immediately(() => {
        const row = held.get({ name: lease.name })
        if (row?.fence !== lease.fence) return false
        orm.update(leases).set({ until }).where(eq(leases.name, lease.name)).run()
        return true
      })
    },
    release(lease: Lease): void {
      immediately(() => {
        if (held.get({ name: lease.name })?.fence !== lease.fence) return
        orm.update(leases).set({ until: 0 }).where(eq(leases.name, lease.name)).run()
      })
    },
    /** Whether it is still ours; for use inside a transaction. */
    holds: (lease: Lease): boolean => held.get({ name: lease.name })?.fence === lease.fence,
  }
}
