import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Facts about this database itself: `id`, eight random hex digits that begin every card's task id. */
export const meta = sqliteTable('meta', { key: text().primaryKey(), value: text().notNull() })

/** One a complaint and one a conversation: the earliest thing due. */
export const timers = sqliteTable(
  'timers',
  {
    kind: text().$type<TimerKind>().notNull(),
    id: integer().notNull(),
    due: integer().notNull(),
    revision: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.id] }),
    index('timers_due').on(t.due),
    check('timers_kind', sql`kind in ('complaint', 'conversation')`),
  ],
)
export type TimerKind = 'complaint' | 'conversation'

/**
 * Who may act: for all data alone (`process`), beside others (`member …`), for a channel or the chores.
 * `until` is real time: a hurried clock has no say here.
 */
export const leases = sqliteTable('leases', {
  name: text().primaryKey(),
  holder: text().notNull(),
  fence: integer().notNull(),
  until: integer().notNull(),
})
