import { and, eq, inArray, isNull, lte, ne, notInArray, or, sql, type SQL } from 'drizzle-orm'
import {
  minutes,
  type ComplaintId,
  type ConversationId,
  type Instant,
  type MediaId,
  type PersonId,
} from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { cards, complaints, conversations, inbox, media, outbox, persons, timeline, words } from './schema.ts'
import { readJson } from './stored.ts'

/** Strings that are codes or ids of ours, not anybody's words: all others in an event are blanked. */
const kept: ReadonlySet<string> = new Set(
  [
    'type kind code category severity safety emergencyType effect reach outcome step why status act card action to by',
    'staff estate channel how post face what self danger responsibility message do',
  ].flatMap((line) => line.split(' ')),
)

export type Forgetting = ReturnType<typeof forgettingOf>

/** What is blanked: as of then, and of a case whose hold ends in this very turn. */
export interface Told {
  readonly before: Instant
  readonly released: ComplaintId | null
}

/** Everything there is. */
const EVER: Told = { before: Number.MAX_SAFE_INTEGER, released: null }

/** A draft began with lines of small talk a few minutes before the case was recognisable in it. */
const BEFORE_RECEIPT = minutes(5)

/**
 * Blanks what people said and who they are; codes, ids and times stay (PIPL 47; design.md, Timeline). What a case on hold
 * needs is kept, the chat of its time among it (domain.md 6.1, Retention).
 */
export function forgettingOf({ orm }: Database) {
  function blankEvents(rows: readonly { id: number; event: string }[]): void {
    for (const row of rows) {
      const event = JSON.stringify(blanked(readJson(row.event, 'inbox', row.id)))
      orm.update(inbox).set({ event }).where(eq(inbox.id, row.id)).run()
    }
  }

  /** What has left is blanked now, what still waits once it has left. */
  function blankSends(of: SQL | undefined): void {
    orm
      .update(outbox)
      .set({ blankAfter: 1 })
      .where(and(of, sql`${outbox.state} = 'pending'`))
      .run()
    orm
      .update(outbox)
      .set({ body: null })
      .where(and(of, sql`${outbox.state} <> 'pending'`))
      .run()
  }

  const chatsOf = (person: PersonId): readonly ConversationId[] =>
    orm
      .select({ id: conversations.id })
      .from(conversations)
      .where(eq(conversations.person, person))
      .all()
      .map((row) => row.id)

  /** The cases of this person that are on hold, and what belongs to them. */
  function heldOf(person: PersonId, released: ComplaintId | null) {
    const cases = orm
      .select({ id: complaints.id, from: complaints.receivedAt, until: complaints.closedAt })
      .from(complaints)
      .where(
        and(
          eq(complaints.person, person),
          sql`json_extract(${complaints.state}, '$.onHold') is not null`,
          released === null ? undefined : ne(complaints.id, released),
        ),
      )
      .all()
    const ids = cases.map(({ id }) => id)
    const chats = new Set(cases.length === 0 ? [] : chatsOf(person))
    const files = orm
      .select({ media: timeline.media })
      .from(timeline)
      .where(inArray(timeline.complaint, ids))
      .all()
      .flatMap((row) => JSON.parse(row.media) as MediaId[])
    const told = new Set(
      orm
        .select({ id: inbox.id, parent: inbox.parent })
        .from(inbox)
        .where(inArray(inbox.complaint, ids))
        .all()
        .flatMap(({ id, parent }) => (parent === null ? [id] : [id, parent])),
    )
    return {
      ids,
      files,
      /** Told to such a case, or written or read in the chat in its time. */
      needs: (row: Pick<typeof inbox.$inferSelect, 'id' | 'conversation' | 'receivedAt'>): boolean =>
        told.has(row.id) ||
        (row.conversation !== null &&
          chats.has(row.conversation) &&
          cases.some(
            ({ from, until }) =>
              row.receivedAt >= from - BEFORE_RECEIPT && row.receivedAt <= (until ?? row.receivedAt),
          )),
    }
  }

  const events = {
    id: inbox.id,
    event: inbox.event,
    conversation: inbox.conversation,
    receivedAt: inbox.receivedAt,
  }

  /** What this person said and was told by then, in all their cases and chats. */
  function told(person: PersonId, { before, released }: Told, now: Instant): void {
    const held = heldOf(person, released)
    const then = orm
      .select({ id: complaints.id })
      .from(complaints)
      .where(and(eq(complaints.person, person), lte(complaints.receivedAt, before)))
    orm
      .update(words)
      .set({ text: null })
      .where(
        and(eq(words.person, person), inArray(words.complaint, then), notInArray(words.complaint, held.ids)),
      )
      .run()
    const theirs = chatsOf(person)
    blankSends(
      and(
        inArray(outbox.conversation, theirs),
        lte(outbox.createdAt, before),
        or(isNull(outbox.complaint), notInArray(outbox.complaint, held.ids)),
      ),
    )
    orm
      .update(media)
      .set({ originalName: null, state: 'erase', nextAt: now })
      .where(
        and(
          inArray(media.conversation, theirs),
          lte(media.createdAt, before),
          notInArray(media.id, held.files),
        ),
      )
      .run()
    const mine = and(inArray(inbox.conversation, theirs), lte(inbox.receivedAt, before))
    blankEvents(
      orm
        .select(events)
        .from(inbox)
        .where(mine)
        .all()
        .filter((row) => !held.needs(row)),
    )
  }

  return {
    told,

    /** `fresh` becomes the state of the person's conversations but `speaking`, whose turn writes its own. */
    person(person: PersonId, speaking: ConversationId, fresh: string, now: Instant): void {
      orm
        .update(persons)
        .set({ name: null, phone: null, household: null, forgottenAt: now })
        .where(eq(persons.id, person))
        .run()
      const theirs = eq(conversations.person, person)
      orm.update(conversations).set({ shownName: null }).where(theirs).run()
      orm
        .update(conversations)
        .set({ state: fresh })
        .where(and(theirs, ne(conversations.id, speaking)))
        .run()
      told(person, EVER, now)
    },

    complaint(complaint: ComplaintId, person: PersonId): void {
      orm.update(words).set({ text: null }).where(eq(words.complaint, complaint)).run()
      orm.update(cards).set({ body: null }).where(eq(cards.complaint, complaint)).run()
      blankSends(eq(outbox.complaint, complaint))
      const own = orm.select(events).from(inbox).where(eq(inbox.complaint, complaint)).all()
      // What it told people, staff among them, in full words.
      const told = orm
        .select(events)
        .from(inbox)
        .where(
          sql`cause = 'told' and complaint is null
            and parent in (select id from inbox as told where told.complaint = ${complaint})`,
        )
        .all()
      // Also the messages whose turns told this complaint something: staff write about the resident, too.
      const parents = sql`${inbox.id} in (select parent from inbox where complaint = ${complaint} and parent is not null)`
      const held = heldOf(person, complaint)
      const about = orm.select(events).from(inbox).where(parents).all()
      blankEvents([...own, ...told, ...about.filter((row) => !held.needs(row))])
    },
  }
}

/** The same event without any person's words, names, numbers or places. */
export function blanked(value: unknown, key = '', codes: ReadonlySet<string> = kept): unknown {
  if (typeof value === 'string') return codes.has(key) ? value : ''
  if (typeof value === 'number') return key === 'latitude' || key === 'longitude' ? 0 : value
  if (Array.isArray(value))
    return value.filter((v) => typeof v !== 'string' || codes.has(key)).map((v) => blanked(v, key, codes))
  if (typeof value !== 'object' || value === null) return value
  // Of why it was read so, `code` and `danger` are the words that said it.
  const inside = (k: string) => (k === 'grounds' ? new Set<string>() : codes)
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, blanked(v, k, inside(k))]))
}
