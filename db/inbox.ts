import { and, asc, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import type { ComplaintId, ConversationId, Instant } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { inbox, type InboxCause } from './schema.ts'

const p = sql.placeholder

export interface NewInboxRow {
  readonly cause: InboxCause
  readonly parent: number | null
  readonly channel: string
  readonly account: string
  readonly sender: string
  readonly messageId: string | null
  readonly groupId: string | null
  readonly conversation: ConversationId | null
  readonly complaint: ComplaintId | null
  /** JSON. */
  readonly event: string
  readonly version: number
  readonly at: Instant
  readonly receivedAt: Instant
  readonly seed: number
}

export type InboxRow = typeof inbox.$inferSelect

export type InboxRows = ReturnType<typeof inboxOf>

/** What came in. A row is born `done`; a turn that failed sets it back to `received`. */
export function inboxOf({ orm, prepared }: Database) {
  const insert = prepared(
    orm
      .insert(inbox)
      .values({
        cause: p('cause'),
        parent: p('parent'),
        channel: p('channel'),
        account: p('account'),
        sender: p('sender'),
        messageId: p('messageId'),
        groupId: p('groupId'),
        conversation: p('conversation'),
        complaint: p('complaint'),
        event: p('event'),
        version: p('version'),
        at: p('at'),
        receivedAt: p('receivedAt'),
        seed: p('seed'),
        state: 'done',
        attempts: 0,
      })
      .onConflictDoNothing(),
  )
  const known = prepared(
    orm
      .select({ id: inbox.id })
      .from(inbox)
      .where(
        and(
          eq(inbox.channel, p('channel')),
          eq(inbox.account, p('account')),
          eq(inbox.sender, p('sender')),
          eq(inbox.messageId, p('messageId')),
          sql`${inbox.messageId} is not null`,
        ),
      ),
  )
  const setComplaint = prepared(
    orm
      .update(inbox)
      .set({ complaint: sql`${p('complaint')}` })
      .where(eq(inbox.id, p('id'))),
  )
  const byId = prepared(
    orm
      .select()
      .from(inbox)
      .where(eq(inbox.id, p('id'))),
  )
  const toRetry = prepared(
    orm
      .select({ id: inbox.id })
      .from(inbox)
      .where(and(sql`${inbox.state} = 'received'`, sql`${inbox.nextAt} <= ${p('now')}`))
      // Not sorted by the table's own order, which would be read from its beginning.
      .orderBy(sql`+${inbox.id}`)
      .limit(100),
  )
  const nextRetry = prepared(
    orm
      .select({ at: sql<number | null>`min(${inbox.nextAt})` })
      .from(inbox)
      .where(sql`${inbox.state} = 'received'`),
  )

  return {
    /** Whether this message came before. Asked first, so that a duplicate writes nothing at all. */
    has: (key: { channel: string; account: string; sender: string; messageId: string }): boolean =>
      known.get(key) !== undefined,
    insert: (row: NewInboxRow): number => Number(insert.run({ ...row }).lastInsertRowid),
    setComplaint(id: number, complaint: ComplaintId): void {
      setComplaint.run({ id, complaint })
    },
    byId: (id: number): InboxRow | null => byId.get({ id }) ?? null,
    /** Its turn failed: tried again at `nextAt`, or never (null: dead, shown to people). */
    failed(id: number, attempts: number, error: string, nextAt: Instant | null): void {
      orm
        .update(inbox)
        .set({ state: nextAt === null ? 'dead' : 'received', attempts, error, nextAt })
        .where(eq(inbox.id, id))
        .run()
    },
    /** Its turn came through in the end. */
    turned(id: number, now: Instant): void {
      orm
        .update(inbox)
        .set({
          state: 'done',
          nextAt: null,
          turnedAt: now,
          turnedAfter: sql`(select max(${inbox.id}) from ${inbox})`,
        })
        .where(eq(inbox.id, id))
        .run()
    },
    dueForRetry: (now: Instant): readonly number[] => toRetry.all({ now }).map((row) => row.id),
    nextRetry: (): Instant | null => nextRetry.get()?.at ?? null,
    /** What came from outside (not told by turns), oldest first, `limit` rows after row `after`. For replay. */
    fromOutside: (after: number, limit: number): readonly InboxRow[] =>
      orm
        .select()
        .from(inbox)
        .where(and(ne(inbox.cause, 'told'), isNull(inbox.parent), gt(inbox.id, after)))
        .orderBy(asc(inbox.id))
        .limit(limit)
        .all(),
  }
}
