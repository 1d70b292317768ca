import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  notInArray,
  or,
  sql,
  type SQL,
} from 'drizzle-orm'
import { hours, type ComplaintId, type ConversationId, type Instant, type StaffId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { cards, conversations, deskCards, outbox, type OutboxState } from './schema.ts'

const p = sql.placeholder

export interface NewOutboxRow {
  readonly conversation: ConversationId
  readonly complaint: ComplaintId | null
  readonly staff: StaffId | null
  readonly channel: string
  readonly account: string
  readonly recipient: string
  readonly kind: 'text' | 'media' | 'card' | 'recall' | 'alarm'
  /** JSON; null for a card, whose face is chosen when it is sent. */
  readonly body: string | null
  readonly weight: 'plain' | 'safety' | 'promise' | 'question'
  /** Of a card of no complaint: its key. */
  readonly deskCard?: string | null
  readonly revision: number | null
  readonly recallAt: Instant | null
  /** Blanked once it is gone. */
  readonly once?: boolean
  readonly createdAt: Instant
}

/** One card: of a complaint at one person, or another one of theirs, by its key. */
export interface CardName {
  readonly of: ComplaintId | string
  readonly staff: StaffId
}

/** The card a row is about; null where it is about none. */
export function cardOf({ complaint, deskCard, staff }: NewOutboxRow): CardName | null {
  const of = complaint ?? deskCard ?? null
  return of === null || staff === null ? null : { of, staff }
}

export interface OutboxRow extends NewOutboxRow {
  readonly id: number
  readonly attempts: number
  readonly unknowns: number
  readonly nextAt: Instant
}

/** Sent on loan, and its platform gave no id to take it back by. */
export const unrecallable = and(
  sql`${outbox.state} = 'sent'`,
  sql`${outbox.recallAt} is not null`,
  isNull(outbox.ref),
)

export type CardRow = Omit<typeof cards.$inferSelect, 'complaint'>

export type OutboxRows = ReturnType<typeof outboxOf>

/**
 * What goes out, and the cards it may change. A row is born claimed by `holder`, the process that decided it: from then
 * on it may leave, sent by whichever process holds its channel.
 */
export function outboxOf(database: Database, holder: string) {
  const { orm, prepared } = database
  const insert = prepared(
    orm.insert(outbox).values({
      conversation: p('conversation'),
      complaint: p('complaint'),
      staff: p('staff'),
      channel: p('channel'),
      account: p('account'),
      recipient: p('recipient'),
      kind: p('kind'),
      body: p('body'),
      weight: p('weight'),
      deskCard: p('deskCard'),
      revision: p('revision'),
      state: 'pending',
      attempts: 0,
      unknowns: 0,
      nextAt: p('createdAt'),
      claimedBy: p('claimedBy'),
      recallAt: p('recallAt'),
      blankAfter: p('blankAfter'),
      createdAt: p('createdAt'),
    }),
  )
  const finish = prepared(
    orm
      .update(outbox)
      .set({
        state: sql`${p('state')}`,
        attempts: sql`${p('attempts')}`,
        ref: sql`${p('ref')}`,
        outcome: sql`${p('outcome')}`,
        doneAt: sql`${p('now')}`,
        body: sql`case when ${outbox.blankAfter} = 1 then null else ${outbox.body} end`,
      })
      .where(eq(outbox.id, p('id'))),
  )
  const again = prepared(
    orm
      .update(outbox)
      .set({
        attempts: sql`${p('attempts')}`,
        unknowns: sql`${p('unknowns')}`,
        nextAt: sql`${p('nextAt')}`,
        outcome: sql`${p('outcome')}`,
        body: sql`${p('body')}`,
      })
      .where(eq(outbox.id, p('id'))),
  )
  const setBody = prepared(
    orm
      .update(outbox)
      .set({ body: sql`${p('body')}` })
      .where(eq(outbox.id, p('id'))),
  )
  const ofComplaint = cardsIn(database, cards, cards.complaint)
  const ofDesk = cardsIn(database, deskCards, deskCards.key)
  const cardsOf = ({ of }: CardName) => (typeof of === 'number' ? ofComplaint : ofDesk)
  const ofThese = sql`${outbox.channel} in (select value from json_each(${p('channels')}))`
  const recallable = and(
    sql`${outbox.state} = 'sent'`,
    sql`${outbox.recallAt} is not null`,
    isNotNull(outbox.ref),
  )
  const toRecall = prepared(
    orm
      .select()
      .from(outbox)
      .where(and(recallable, sql`${outbox.recallAt} <= ${p('now')}`, ofThese))
      .limit(100),
  )

  const firstRecall = prepared(
    orm
      .select({ at: sql<number | null>`min(${outbox.recallAt})` })
      .from(outbox)
      .where(and(recallable, ofThese)),
  )

  const pending = orm
    .select({ row: outbox, recipient: conversations.externalId })
    .from(outbox)
    .innerJoin(conversations, eq(conversations.id, outbox.conversation))
    .where(and(sql`${outbox.state} = 'pending'`, gt(outbox.id, p('after')), ofThese))
    .orderBy(asc(outbox.id))
    .prepare()

  /** The newest row made before then, found from the end: no index knows when rows were made. */
  const lastBefore = (at: Instant): number =>
    orm
      .select({ id: outbox.id })
      .from(outbox)
      .where(lt(outbox.createdAt, at))
      .orderBy(desc(outbox.id))
      .limit(1)
      .get()?.id ?? 0

  function setClaim(by: string, channels: readonly string[], which: SQL): void {
    orm
      .update(outbox)
      .set({ claimedBy: by })
      .where(and(sql`${outbox.state} = 'pending'`, inArray(outbox.channel, [...channels]), which))
      .run()
  }

  return {
    insert(row: NewOutboxRow): OutboxRow {
      const result = insert.run({
        deskCard: null,
        ...row,
        blankAfter: row.once === true ? 1 : 0,
        claimedBy: holder,
      })
      return { ...row, id: Number(result.lastInsertRowid), attempts: 0, unknowns: 0, nextAt: row.createdAt }
    },
    finish(
      id: number,
      state: Exclude<OutboxState, 'pending'>,
      attempts: number,
      ref: string | null,
      outcome: string | null,
      now: Instant,
    ): void {
      finish.run({ id, state, attempts, ref, outcome, now })
    },
    /** It stays pending: later, or once more after an unknown outcome. */
    again(
      id: number,
      next: { attempts: number; unknowns: number; nextAt: Instant; outcome: string; body: string | null },
    ): void {
      again.run({ id, ...next })
    },
    setBody(id: number, body: string): void {
      setBody.run({ id, body })
    },

    card: (name: CardName): CardRow | null => cardsOf(name).get(name),
    /** The card has a new face; answers its revision. */
    decideCard: (name: CardName, body: string, push: boolean): number =>
      cardsOf(name).decide(name, body, push),
    setCard(name: CardName, set: Partial<CardRow>): void {
      cardsOf(name).set(name, set)
    },

    /** Lines whose time to be taken back has come. */
    dueForRecall: (
      now: Instant,
      channels: readonly string[],
    ): readonly { id: number; ref: string; row: NewOutboxRow }[] =>
      toRecall
        .all({ now, channels: JSON.stringify(channels) })
        .flatMap((row) => (row.ref === null ? [] : [{ id: row.id, ref: row.ref, row }])),
    recallQueued(id: number): void {
      orm.update(outbox).set({ recallAt: null }).where(eq(outbox.id, id)).run()
    },
    /** When the next of them is due; of those without a ref nobody can, so they are not waited for. */
    nextRecall: (channels: readonly string[]): Instant | null =>
      firstRecall.get({ channels: JSON.stringify(channels) })?.at ?? null,

    /**
     * What is still to be sent after that row, oldest first. A desk's recipient is read anew: members of staff change
     * their userid. Who claimed a row may have sent it, or whoever held its channel since.
     */
    pendingAfter: (
      after: number,
      channels: readonly string[],
    ): readonly (OutboxRow & { readonly claimedBy: string })[] =>
      pending.all({ after, channels: JSON.stringify(channels) }).map(({ row, recipient }) => ({
        ...row,
        once: row.blankAfter === 1,
        recipient: row.staff === null ? row.recipient : recipient,
      })),
    /**
     * Messages that left a channel since then, or perhaps did, and when that was written down; of those that had waited
     * for more than an hour by then, none. A card's new face is no message.
     */
    leftSince: (channel: string, since: Instant): readonly { to: string; at: Instant }[] =>
      orm
        .select({ to: outbox.recipient, at: sql<number>`${outbox.doneAt}` })
        .from(outbox)
        .where(
          and(
            gt(outbox.id, lastBefore(since - hours(1))),
            eq(outbox.channel, channel),
            gt(outbox.doneAt, since),
            sql`${outbox.state} in ('sent', 'letGo', 'unknown', 'seen')`,
            sql`coalesce(json_extract(${outbox.body}, '$.type'), '') not in ('cardUpdate', 'recall')`,
          ),
        )
        .all(),
    /** Whatever waits on these channels is sent by this process from now on. */
    claim(channels: readonly string[]): void {
      setClaim(holder, channels, ne(outbox.claimedBy, holder))
    },
    /** A graceful stop: but for those in flight these rows have not left, whoever sends them next. */
    release(channels: readonly string[], inFlight: readonly number[]): void {
      setClaim('', channels, notInArray(outbox.id, [...inFlight]))
    },
    /** What of this case, or else of this chat, did not reach its resident was told by telephone. */
    toldByPhone(complaint: ComplaintId, conversation: ConversationId): void {
      orm
        .update(outbox)
        .set({ state: 'seen' })
        .where(
          and(
            eq(outbox.conversation, conversation),
            or(isNull(outbox.complaint), eq(outbox.complaint, complaint)),
            sql`${outbox.state} in ('refused', 'letGo', 'unknown', 'dead')`,
          ),
        )
        .run()
    },
    /**
     * A person has seen that it could not be delivered, or not be taken back. false: there is no such row, or nothing to
     * see about it.
     */
    seen(id: number): boolean {
      const missed = orm
        .update(outbox)
        .set({ state: 'seen' })
        .where(and(eq(outbox.id, id), sql`${outbox.state} in ('refused', 'letGo', 'unknown', 'dead')`))
        .run()
      const kept = orm
        .update(outbox)
        .set({ recallAt: null })
        .where(and(eq(outbox.id, id), unrecallable))
        .run()
      return missed.changes + kept.changes > 0
    },
  }
}

/** The cards of one table, whose column `of` says what they are about. */
function cardsIn(
  { orm, prepared }: Database,
  table: typeof cards | typeof deskCards,
  of: typeof cards.complaint | typeof deskCards.key,
) {
  const named = and(eq(of, p('of')), eq(table.staff, p('staff')))
  const one = prepared(orm.select().from(table).where(named))
  const decide = prepared(
    orm
      .insert(table)
      .values({
        [of === cards.complaint ? 'complaint' : 'key']: p('of'),
        staff: p('staff'),
        body: p('body'),
        revision: 1,
        pushPending: p('push'),
        sentRevision: 0,
      })
      .onConflictDoUpdate({
        target: [of, table.staff],
        set: {
          body: sql`excluded.body`,
          revision: sql`${table.revision} + 1`,
          pushPending: sql`max(${table.pushPending}, excluded.push_pending)`,
        },
      }),
  )
  const set = prepared(
    orm
      .update(table)
      .set({
        body: sql`${p('body')}`,
        revision: sql`${p('revision')}`,
        pushPending: sql`${p('pushPending')}`,
        task: sql`${p('task')}`,
        sentRevision: sql`${p('sentRevision')}`,
        code: sql`${p('code')}`,
        codeAt: sql`${p('codeAt')}`,
      })
      .where(named),
  )
  const get = (name: CardName): CardRow | null => one.get({ ...name }) ?? null
  return {
    get,
    decide(name: CardName, body: string, push: boolean): number {
      decide.run({ ...name, body, push: push ? 1 : 0 })
      return get(name)?.revision ?? 1
    },
    set(name: CardName, part: Partial<CardRow>): void {
      const card = get(name)
      if (card !== null) set.run({ ...card, ...part, of: name.of })
    },
  }
}
