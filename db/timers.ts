import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { Instant } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { complaints, conversations, timers, type TimerKind } from './schema.ts'

const p = sql.placeholder

export interface TimerRow {
  readonly kind: TimerKind
  readonly id: number
  readonly due: Instant
  readonly revision: number
}

export type TimerRows = ReturnType<typeof timersOf>

/** What is due, by index. The revision is its aggregate's when it was set, so that it never comes twice. */
export function timersOf({ orm, prepared }: Database) {
  const set = prepared(
    orm
      .insert(timers)
      .values({ kind: p('kind'), id: p('id'), due: p('due'), revision: p('revision') })
      .onConflictDoUpdate({
        target: [timers.kind, timers.id],
        set: { due: sql`excluded.due`, revision: sql`excluded.revision` },
      }),
  )
  const remove = prepared(orm.delete(timers).where(and(eq(timers.kind, p('kind')), eq(timers.id, p('id')))))
  const one = prepared(
    orm
      .select()
      .from(timers)
      .where(and(eq(timers.kind, p('kind')), eq(timers.id, p('id')))),
  )
  const due = prepared(
    orm
      .select()
      .from(timers)
      .where(lte(timers.due, p('now')))
      .orderBy(asc(timers.due)),
  )
  const first = prepared(orm.select().from(timers).orderBy(asc(timers.due)).limit(1))
  const firstAfter = prepared(
    orm
      .select({ due: timers.due })
      .from(timers)
      .where(sql`${timers.due} > ${p('after')}`)
      .orderBy(asc(timers.due))
      .limit(1),
  )
  const page = prepared(
    orm
      .select()
      .from(timers)
      .where(sql`(${timers.due}, ${timers.kind}, ${timers.id}) > (${p('due')}, ${p('kind')}, ${p('id')})`)
      .orderBy(asc(timers.due), asc(timers.kind), asc(timers.id))
      .limit(p('limit')),
  )

  return {
    set(row: TimerRow): void {
      set.run({ ...row })
    },
    remove(kind: TimerKind, id: number): void {
      remove.run({ kind, id })
    },
    /** Set aside after its turn failed for good. The aggregate counts the revision, too, so that it is never given twice. */
    postpone(kind: TimerKind, id: number, due: Instant): TimerRow | null {
      const row = one.get({ kind, id })
      if (!row) return null
      const aggregates = kind === 'complaint' ? complaints : conversations
      const aggregate = orm
        .update(aggregates)
        .set({ revision: sql`${aggregates.revision} + 1` })
        .where(sql`${aggregates.id} = ${id}`)
        .returning({ revision: aggregates.revision })
        .get()
      if (!aggregate) return null
      const later = { kind, id, due, revision: aggregate.revision }
      set.run(later)
      return later
    },
    get: (kind: TimerKind, id: number): TimerRow | null => one.get({ kind, id }) ?? null,
    /** What was due by `now`, the longest overdue first. */
    dueBy: (now: Instant, limit: number): readonly TimerRow[] => due.first(limit, { now }),
    /** The earliest, due or not. */
    first: (): TimerRow | null => first.get() ?? null,
    /** When the next one after `after` is due. */
    firstAfter: (after: Instant): Instant | null => firstAfter.get({ after })?.due ?? null,
    /** In the order they are due, those behind `last` (null: from the first): for a driver that keeps its own copy. */
    page: (last: TimerRow | null, limit: number): readonly TimerRow[] =>
      page.all({ due: last?.due ?? -1, kind: last?.kind ?? '', id: last?.id ?? 0, limit }),
  }
}
