import { eq, inArray, or, sql } from 'drizzle-orm'
import type { ComplaintId, ConversationId, Instant, PersonId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { cards, conversations, inbox, media, outbox, persons, words } from './schema.ts'
import { readJson } from './stored.ts'

/** Strings that are codes or ids of ours, not anybody's words: all others in an event are blanked. */
const kept = new Set(
  [
    'type kind code category severity safety emergencyType effect reach outcome step why status act card action to by',
    'staff estate channel how post face what self danger responsibility message do',
  ].flatMap((line) => line.split(' ')),
)

export type Forgetting = ReturnType<typeof forgettingOf>

/** Blanks what people said and who they are; codes, ids and times stay (PIPL 47; design.md, Timeline). */
export function forgettingOf({ orm }: Database) {
  function blankEvents(rows: readonly { id: number; event: string }[]): void {
    for (const row of rows) {
      const event = JSON.stringify(blanked(readJson(row.event, 'inbox', row.id)))
      orm.update(inbox).set({ event }).where(eq(inbox.id, row.id)).run()
    }
  }

  /** What has left is blanked now, what still waits once it has left. */
  function blankSends(of: ReturnType<typeof eq>): void {
    orm
      .update(outbox)
      .set({ blankAfter: 1 })
      .where(sql`${of} and ${outbox.state} = 'pending'`)
      .run()
    orm
      .update(outbox)
      .set({ body: null })
      .where(sql`${of} and ${outbox.state} <> 'pending'`)
      .run()
  }

  return {
    /** `fresh` becomes the state of the person's conversations but `speaking`, whose turn writes its own. */
    person(person: PersonId, speaking: ConversationId, fresh: string, now: Instant): void {
      orm
        .update(persons)
        .set({ name: null, phone: null, household: null, forgottenAt: now })
        .where(eq(persons.id, person))
        .run()
      orm.update(words).set({ text: null }).where(eq(words.person, person)).run()
      const theirs = orm
        .select({ id: conversations.id })
        .from(conversations)
        .where(eq(conversations.person, person))
        .all()
        .map((row) => row.id)
      orm.update(conversations).set({ shownName: null }).where(eq(conversations.person, person)).run()
      for (const id of theirs) {
        if (id !== speaking)
          orm.update(conversations).set({ state: fresh }).where(eq(conversations.id, id)).run()
        blankSends(eq(outbox.conversation, id))
      }
      if (theirs.length === 0) return
      orm
        .update(media)
        .set({ originalName: null, state: 'erase', nextAt: now })
        .where(inArray(media.conversation, theirs))
        .run()
      const mine = inArray(inbox.conversation, theirs)
      blankEvents(orm.select({ id: inbox.id, event: inbox.event }).from(inbox).where(mine).all())
    },

    complaint(complaint: ComplaintId): void {
      orm.update(words).set({ text: null }).where(eq(words.complaint, complaint)).run()
      orm.update(cards).set({ body: null }).where(eq(cards.complaint, complaint)).run()
      blankSends(eq(outbox.complaint, complaint))
      // Also the messages whose turns told this complaint something: staff write about the resident, too.
      const about = or(
        eq(inbox.complaint, complaint),
        sql`${inbox.id} in (select parent from inbox where complaint = ${complaint} and parent is not null)`,
      )
      blankEvents(orm.select({ id: inbox.id, event: inbox.event }).from(inbox).where(about).all())
    },
  }
}

/** The same event without any person's words, names, numbers or places. */
export function blanked(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return kept.has(key) ? value : ''
  if (typeof value === 'number') return key === 'latitude' || key === 'longitude' ? 0 : value
  if (Array.isArray(value))
    return value.filter((v) => typeof v !== 'string' || kept.has(key)).map((v) => blanked(v, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, blanked(v, k)]))
}
