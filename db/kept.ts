import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { ComplaintId, ConversationId, Instant, MediaId, PersonId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import type { PersonRow } from './people.ts'
import { complaints, conversations, inbox, media, persons } from './schema.ts'

export interface KeptRows {
  readonly person: PersonRow
  readonly chats: readonly {
    readonly id: ConversationId
    readonly channel: string
    readonly shownName: string | null
    /** JSON. */
    readonly state: string
    readonly createdAt: Instant
  }[]
  readonly messages: readonly {
    readonly id: number
    readonly groupId: string | null
    /** JSON. */
    readonly event: string
  }[]
  readonly cases: readonly { readonly id: ComplaintId; readonly state: string }[]
  readonly files: readonly {
    readonly id: MediaId
    readonly kind: 'image' | 'voice' | 'video' | 'file'
    readonly state: string
  }[]
}

export type Kept = ReturnType<typeof keptOf>

/** All rows that hang on one person, each sort oldest first. Read when they ask for a copy, and on no other turn's path. */
export function keptOf({ orm }: Database) {
  /** Throws where there is no such person. */
  return (person: PersonId): KeptRows => {
    const row = orm.select().from(persons).where(eq(persons.id, person)).get()
    if (!row) throw new Error(`there is no person ${person}`)
    const chats = orm
      .select({
        id: conversations.id,
        channel: conversations.channel,
        shownName: conversations.shownName,
        state: conversations.state,
        createdAt: conversations.createdAt,
      })
      .from(conversations)
      .where(eq(conversations.person, person))
      .orderBy(asc(conversations.id))
      .all()
    const ids = chats.map(({ id }) => id)
    return {
      person: row,
      chats,
      messages: orm
        .select({ id: inbox.id, groupId: inbox.groupId, event: inbox.event })
        .from(inbox)
        .where(and(inArray(inbox.conversation, ids), sql`${inbox.cause} = 'message'`))
        .orderBy(asc(inbox.id))
        .all(),
      cases: orm
        .select({ id: complaints.id, state: complaints.state })
        .from(complaints)
        .where(eq(complaints.person, person))
        .orderBy(asc(complaints.id))
        .all(),
      files: orm
        .select({ id: media.id, kind: media.kind, state: media.state })
        .from(media)
        .where(inArray(media.conversation, ids))
        .orderBy(asc(media.id))
        .all(),
    }
  }
}
