import { and, asc, desc, eq, lt, or, sql } from 'drizzle-orm'
import type { ComplaintId, ConversationId, EstateId, Instant, StaffId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { unrecallable } from './outbox.ts'
import { complaints, conversations, inbox, media, outbox, persons, timers } from './schema.ts'

export interface ListedComplaint {
  readonly id: ComplaintId
  readonly number: string
  readonly estate: EstateId | null
  readonly status: string
  readonly kind: string
  readonly code: string
  readonly severity: string
  readonly owner: StaffId | null
  readonly receivedAt: Instant
  readonly closedAt: Instant | null
}

/** What `/readyz` and `/metrics` tell of the work that waits. */
export interface Backlog {
  readonly inboxWaiting: number
  readonly inboxDead: number
  readonly outboxPending: number
  readonly oldestPendingAt: Instant | null
  /** What never arrived or perhaps did not, and nobody has marked as seen. */
  readonly undelivered: Readonly<Record<'refused' | 'letGo' | 'unknown' | 'dead', number>>
  /** Lines on loan, such as a number, that cannot be taken back; until somebody marks them as seen. */
  readonly unrecallable: number
  readonly timers: number
  readonly oldestTimerDue: Instant | null
  readonly mediaWaiting: number
  readonly unowned: number
  readonly unheard: number
}

export type Reads = ReturnType<typeof readsOf>

/** Reads for the API, the health checks and the metrics; none of them is on a turn's path. */
export function readsOf({ orm }: Database) {
  const listed = {
    id: complaints.id,
    number: complaints.number,
    estate: complaints.estate,
    status: complaints.status,
    kind: complaints.kind,
    code: complaints.code,
    severity: complaints.severity,
    owner: complaints.owner,
    receivedAt: complaints.receivedAt,
    closedAt: complaints.closedAt,
  }
  const number = sql<number>`count(*)`

  return {
    /** Newest first; `before` is the id of the last one already shown. */
    list(filter: {
      estate: EstateId | null
      open: boolean | null
      before: ComplaintId | null
      limit: number
    }): readonly ListedComplaint[] {
      return orm
        .select(listed)
        .from(complaints)
        .where(
          and(
            filter.estate === null ? undefined : eq(complaints.estate, filter.estate),
            filter.open === null ? undefined : eq(complaints.open, filter.open ? 1 : 0),
            filter.before === null ? undefined : lt(complaints.id, filter.before),
          ),
        )
        .orderBy(desc(complaints.id))
        .limit(filter.limit)
        .all()
    },
    numberOf: (id: ComplaintId): { id: ComplaintId; number: string } | null =>
      orm
        .select({ id: complaints.id, number: complaints.number })
        .from(complaints)
        .where(eq(complaints.id, id))
        .get() ?? null,
    openByStatus: (): readonly { status: string; severity: string; n: number }[] =>
      orm
        .select({ status: complaints.status, severity: complaints.severity, n: number })
        .from(complaints)
        .where(sql`${complaints.open} = 1`)
        .groupBy(complaints.status, complaints.severity)
        .all(),
    complaintsOpen: (): readonly ComplaintId[] =>
      orm
        .select({ id: complaints.id })
        .from(complaints)
        .where(sql`${complaints.open} = 1`)
        .orderBy(asc(complaints.id))
        .all()
        .map((row) => row.id),
    unowned: (): readonly string[] =>
      orm
        .select({ number: complaints.number })
        .from(complaints)
        .where(sql`${complaints.unowned} = 1`)
        .orderBy(asc(complaints.id))
        .all()
        .map((row) => row.number),
    /** Escalations nobody has answered although everybody was told, the longest silence first. */
    unheard: (): readonly { readonly number: string; readonly since: Instant | null }[] =>
      orm
        .select({ number: complaints.number, since: complaints.unheardSince })
        .from(complaints)
        .where(sql`${complaints.unheardSince} is not null`)
        .orderBy(asc(complaints.unheardSince))
        .all(),
    backlog(): Backlog {
      const ofInbox = (state: 'received' | 'dead') =>
        orm
          .select({ n: number })
          .from(inbox)
          .where(sql`${inbox.state} = ${sql.raw(`'${state}'`)}`)
          .get()?.n ?? 0
      const pending = orm
        .select({ n: number, oldest: sql<number | null>`min(${outbox.createdAt})` })
        .from(outbox)
        .where(sql`${outbox.state} = 'pending'`)
        .get()
      const shown = orm
        .select({ state: outbox.state, n: number })
        .from(outbox)
        .where(sql`${outbox.state} in ('refused', 'letGo', 'unknown', 'dead')`)
        .groupBy(outbox.state)
        .all()
      const undelivered = { refused: 0, letGo: 0, unknown: 0, dead: 0 }
      for (const { state, n } of shown)
        if (state in undelivered) undelivered[state as keyof typeof undelivered] = n
      const due = orm
        .select({ n: number, oldest: sql<number | null>`min(${timers.due})` })
        .from(timers)
        .get()
      const count = (table: typeof media | typeof complaints, where: ReturnType<typeof sql>) =>
        orm.select({ n: number }).from(table).where(where).get()?.n ?? 0
      return {
        inboxWaiting: ofInbox('received'),
        inboxDead: ofInbox('dead'),
        outboxPending: pending?.n ?? 0,
        oldestPendingAt: pending?.oldest ?? null,
        undelivered,
        unrecallable: orm.select({ n: number }).from(outbox).where(unrecallable).get()?.n ?? 0,
        timers: due?.n ?? 0,
        oldestTimerDue: due?.oldest ?? null,
        mediaWaiting: count(media, sql`${media.state} in ('waiting', 'erase')`),
        unowned: count(complaints, sql`${complaints.unowned} = 1`),
        unheard: count(complaints, sql`${complaints.unheardSince} is not null`),
      }
    },
    /** What could not be delivered or taken back (`sent`), and was not marked as seen, newest first; without bodies. */
    undelivered: (limit: number) =>
      orm
        .select({
          id: outbox.id,
          state: outbox.state,
          kind: outbox.kind,
          complaint: complaints.number,
          staff: conversations.staff,
          weight: outbox.weight,
          outcome: outbox.outcome,
          createdAt: outbox.createdAt,
        })
        .from(outbox)
        .innerJoin(conversations, eq(conversations.id, outbox.conversation))
        .leftJoin(complaints, eq(complaints.id, outbox.complaint))
        .where(or(sql`${outbox.state} in ('refused', 'letGo', 'unknown', 'dead')`, unrecallable))
        .orderBy(desc(outbox.id))
        .limit(limit)
        .all(),
    /** Events no turn could decide, oldest first. */
    dead: (limit: number) =>
      orm
        .select({
          id: inbox.id,
          cause: inbox.cause,
          conversation: inbox.conversation,
          complaint: inbox.complaint,
          error: inbox.error,
          receivedAt: inbox.receivedAt,
        })
        .from(inbox)
        .where(sql`${inbox.state} = 'dead'`)
        .orderBy(asc(inbox.id))
        .limit(limit)
        .all(),
    /** The userids that were answered since then that they are not listed. */
    unlisted: (channel: string, account: string, since: Instant): readonly string[] =>
      orm
        .select({ userid: conversations.externalId })
        .from(conversations)
        .where(
          and(
            sql`${conversations.kind} = 'unlisted'`,
            eq(conversations.channel, channel),
            eq(conversations.account, account),
            sql`json_extract(${conversations.state}, '$.answeredAt') > ${since}`,
          ),
        )
        .all()
        .map((row) => row.userid),
    /** Who a desk or a resident's conversation is with, for the alarm list and the console. */
    personOf: (conversation: ConversationId) =>
      orm
        .select({ person: persons.id, name: persons.name, phone: persons.phone, staff: conversations.staff })
        .from(conversations)
        .leftJoin(persons, eq(persons.id, conversations.person))
        .where(eq(conversations.id, conversation))
        .get() ?? null,
  }
}
