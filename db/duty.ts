import { asc, desc, eq, sql } from 'drizzle-orm'
import type { DutyChange } from '../workflows/duty-changes.ts'
import type { StaffId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { dutyChanges } from './schema.ts'
import { readJson } from './stored.ts'

const p = sql.placeholder

export type DutyRows = ReturnType<typeof dutyOf>

/** Leave and swaps. Read anew for every turn: another process may have written them. */
export function dutyOf({ orm, prepared }: Database) {
  const current = prepared(
    orm
      .select()
      .from(dutyChanges)
      .where(sql`${dutyChanges.state} in ('asked', 'agreed', 'begun')`)
      .orderBy(asc(dutyChanges.id)),
  )
  const newest = prepared(
    orm
      .select()
      .from(dutyChanges)
      .where(eq(dutyChanges.staff, p('staff')))
      .orderBy(desc(dutyChanges.id))
      .limit(1),
  )
  const lastId = prepared(
    orm.select({ id: sql<number>`coalesce(max(${dutyChanges.id}), 0)` }).from(dutyChanges),
  )
  const put = prepared(
    orm
      .insert(dutyChanges)
      .values({
        id: p('id'),
        kind: p('kind'),
        staff: p('staff'),
        with: p('with'),
        from: p('from'),
        until: p('until'),
        backFrom: p('backFrom'),
        backUntil: p('backUntil'),
        state: p('state'),
        by: p('by'),
        askedOf: p('askedOf'),
        askedAt: p('askedAt'),
        raised: p('raised'),
        decidedBy: p('decidedBy'),
      })
      .onConflictDoUpdate({
        target: dutyChanges.id,
        set: {
          until: sql`excluded.until`,
          state: sql`excluded.state`,
          askedOf: sql`excluded.asked_of`,
          raised: sql`excluded.raised`,
          decidedBy: sql`excluded.decided_by`,
        },
      }),
  )

  return {
    /** What holds, or waits for a yes; oldest first. */
    current: (): readonly DutyChange[] => current.all().map(changeOf),
    /** The last one entered for this person, over or not. */
    newestOf(staff: StaffId): DutyChange | null {
      const row = newest.get({ staff })
      return row ? changeOf(row) : null
    },
    nextId: (): number => (lastId.get()?.id ?? 0) + 1,
    put({ back, ...change }: DutyChange): void {
      put.run({
        ...change,
        backFrom: back?.from ?? null,
        backUntil: back?.until ?? null,
        askedOf: JSON.stringify(change.askedOf),
        raised: change.raised ? 1 : 0,
      })
    },
  }
}

function changeOf({ backFrom, backUntil, ...row }: typeof dutyChanges.$inferSelect): DutyChange {
  return {
    ...row,
    back: backFrom === null || backUntil === null ? null : { from: backFrom, until: backUntil },
    askedOf: readJson(row.askedOf, 'duty_changes', row.id) as StaffId[],
    raised: row.raised === 1,
  }
}
