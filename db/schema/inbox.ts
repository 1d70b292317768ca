import { sql } from 'drizzle-orm'
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ComplaintId, ConversationId, MediaId } from '../../workflows/ids.ts'
import { conversations } from './people.ts'

/** Everything that ever happened to the program, from outside or told by one turn to another aggregate. */
export const inbox = sqliteTable(
  'inbox',
  {
    id: integer().primaryKey(),
    /** message: from a channel; api: registered by hand; timer; outcome: of a send; program: a start's differences; told: by another row's turn. */
    cause: text().$type<InboxCause>().notNull(),
    /** The row whose turn told this one. */
    parent: integer(),
    channel: text().notNull(),
    account: text().notNull(),
    sender: text().notNull(),
    messageId: text('message_id'),
    groupId: text('group_id'),
    conversation: integer()
      .$type<ConversationId>()
      .references(() => conversations.id),
    complaint: integer().$type<ComplaintId>(),
    event: text().notNull(),
    /** The estate file's version it was decided under. */
    version: integer().notNull(),
    /** The platform's time. */
    at: integer().notNull(),
    receivedAt: integer('received_at').notNull(),
    /** From which the row's turns, and those they told, draw their random digits. */
    seed: integer().notNull(),
    state: text().$type<'received' | 'done' | 'dead'>().notNull(),
    attempts: integer().notNull(),
    nextAt: integer('next_at'),
    /** Class and place of the last failure; never a message, which could quote a resident. */
    error: text(),
    /** Where the turn came later than the receipt: when, and the newest row there was. For replay. */
    turnedAt: integer('turned_at'),
    turnedAfter: integer('turned_after'),
  },
  (t) => [
    uniqueIndex('inbox_identity')
      .on(t.channel, t.account, t.sender, t.messageId)
      .where(sql`message_id is not null`),
    index('inbox_retry')
      .on(t.nextAt)
      .where(sql`state = 'received'`),
    index('inbox_dead')
      .on(t.id)
      .where(sql`state = 'dead'`),
    index('inbox_conversation')
      .on(t.conversation)
      .where(sql`conversation is not null`),
    /** What a case told people: its words go with the case's. */
    index('inbox_told')
      .on(t.parent)
      .where(sql`cause = 'told' and complaint is null`),
    index('inbox_complaint')
      .on(t.complaint)
      .where(sql`complaint is not null`),
    check('inbox_state', sql`state in ('received', 'done', 'dead')`),
    check('inbox_cause', sql`cause in ('message', 'api', 'timer', 'outcome', 'program', 'told')`),
  ],
)
export type InboxCause = 'message' | 'api' | 'timer' | 'outcome' | 'program' | 'told'

export const media = sqliteTable(
  'media',
  {
    id: integer().primaryKey().$type<MediaId>(),
    channel: text().notNull(),
    /** What its channel fetches it by. */
    name: text().notNull(),
    kind: text().$type<'image' | 'voice' | 'video' | 'file'>().notNull(),
    originalName: text('original_name'),
    conversation: integer()
      .notNull()
      .$type<ConversationId>()
      .references(() => conversations.id),
    /** erase: its person was forgotten; the file goes next. */
    state: text().$type<'waiting' | 'saved' | 'gone' | 'erase'>().notNull(),
    sha256: text(),
    mime: text(),
    size: integer(),
    attempts: integer().notNull(),
    nextAt: integer('next_at').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('media_waiting')
      .on(t.nextAt)
      .where(sql`state in ('waiting', 'erase')`),
    index('media_sha256')
      .on(t.sha256)
      .where(sql`sha256 is not null`),
    index('media_conversation').on(t.conversation),
    index('media_name').on(t.channel, t.name),
    check('media_state', sql`state in ('waiting', 'saved', 'gone', 'erase')`),
    check(
      'media_saved',
      sql`state <> 'saved' or (sha256 is not null and mime is not null and size is not null)`,
    ),
  ],
)
