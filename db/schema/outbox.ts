import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ComplaintId, ConversationId, StaffId } from '../../workflows/ids.ts'
import { complaints } from './complaints.ts'
import { conversations } from './people.ts'

/** What was decided to be sent. A card's body stays null until it is claimed: the newest face is chosen then. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: integer().primaryKey(),
    conversation: integer()
      .notNull()
      .$type<ConversationId>()
      .references(() => conversations.id),
    complaint: integer().$type<ComplaintId>(),
    staff: text().$type<StaffId>(),
    channel: text().notNull(),
    account: text().notNull(),
    recipient: text().notNull(),
    kind: text().$type<'text' | 'media' | 'card' | 'recall' | 'alarm'>().notNull(),
    body: text(),
    weight: text().$type<'plain' | 'safety' | 'promise' | 'question'>().notNull(),
    /** Of a card of no complaint: which of this person's. */
    deskCard: text('desk_card'),
    /** Of a card. */
    revision: integer(),
    /** skipped: superseded, or nothing to send by. letGo: perhaps arrived, not worth a repeat. unknown: twice uncertain. */
    state: text().$type<OutboxState>().notNull(),
    attempts: integer().notNull(),
    /** How often nobody could tell whether it arrived. */
    unknowns: integer().notNull(),
    nextAt: integer('next_at').notNull(),
    claimedBy: text('claimed_by').notNull(),
    /** The platform's id of the message. */
    ref: text(),
    recallAt: integer('recall_at'),
    /** Why it was refused or given up: a class and the adapter's technical detail. */
    outcome: text(),
    /** Blank it once it is gone: its person was forgotten while it waited, or it is a copy of what is kept elsewhere. */
    blankAfter: integer('blank_after').notNull(),
    createdAt: integer('created_at').notNull(),
    doneAt: integer('done_at'),
  },
  (t) => [
    index('outbox_pending')
      .on(t.id)
      .where(sql`state = 'pending'`),
    index('outbox_shown')
      .on(t.state)
      .where(sql`state in ('refused', 'letGo', 'unknown', 'dead')`),
    index('outbox_recall')
      .on(t.recallAt)
      .where(sql`recall_at is not null and state = 'sent'`),
    index('outbox_conversation').on(t.conversation),
    index('outbox_complaint')
      .on(t.complaint)
      .where(sql`complaint is not null`),
    check(
      'outbox_state',
      sql`state in ('pending', 'sent', 'skipped', 'refused', 'letGo', 'unknown', 'dead', 'seen')`,
    ),
  ],
)
export type OutboxState = 'pending' | 'sent' | 'skipped' | 'refused' | 'letGo' | 'unknown' | 'dead' | 'seen'

/** Of any card, what it shows and how far that has gone out. */
const face = {
  /** The face last decided; null: blanked. */
  body: text(),
  revision: integer().notNull(),
  /** A new card must go out since its reader must act. */
  pushPending: integer('push_pending').notNull(),
  /** As which the last card went out; null: none yet. */
  task: text(),
  sentRevision: integer('sent_revision').notNull(),
  /** Allows one more update of the card sent as `task`; null: spent. */
  code: text(),
  codeAt: integer('code_at'),
}

/** The card of a complaint at one person. */
export const cards = sqliteTable(
  'cards',
  {
    complaint: integer()
      .notNull()
      .$type<ComplaintId>()
      .references(() => complaints.id),
    staff: text().notNull().$type<StaffId>(),
    ...face,
  },
  (t) => [primaryKey({ columns: [t.complaint, t.staff] })],
)

/**
 * A card of no complaint at one person: a leave to approve, a shift to hand over. `key` says which of theirs it is.
 */
export const deskCards = sqliteTable(
  'desk_cards',
  {
    key: text().notNull(),
    staff: text().notNull().$type<StaffId>(),
    ...face,
  },
  (t) => [primaryKey({ columns: [t.key, t.staff] })],
)
