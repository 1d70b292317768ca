import { sql } from 'drizzle-orm'
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ChangeState, DutyChange } from '../../workflows/duty-changes.ts'
import type { StaffId } from '../../workflows/ids.ts'

/** Each content the estate file has had. Cases keep the version they began with. */
export const estateVersions = sqliteTable('estate_versions', {
  version: integer().primaryKey(),
  content: text().notNull(),
  createdAt: integer('created_at').notNull(),
})

/** Leave and swaps of shifts, as workflows/duty-changes.ts describes them. Rows are ended, never deleted. */
export const dutyChanges = sqliteTable(
  'duty_changes',
  {
    id: integer().primaryKey(),
    kind: text().$type<DutyChange['kind']>().notNull(),
    staff: text().notNull().$type<StaffId>(),
    with: text().$type<StaffId>(),
    from: integer().notNull(),
    until: integer().notNull(),
    backFrom: integer('back_from'),
    backUntil: integer('back_until'),
    state: text().$type<ChangeState>().notNull(),
    by: text().$type<StaffId>(),
    /** JSON array of staff ids. */
    askedOf: text('asked_of').notNull(),
    askedAt: integer('asked_at').notNull(),
    raised: integer().notNull(),
    decidedBy: text('decided_by').$type<StaffId>(),
  },
  (t) => [
    index('duty_changes_current')
      .on(t.id)
      .where(sql`state in ('asked', 'agreed', 'begun')`),
    check(
      'duty_changes_kind',
      sql`(kind = 'leave' and "with" is null) or (kind = 'swap' and "with" is not null)`,
    ),
    check('duty_changes_span', sql`"from" < until`),
  ],
)
