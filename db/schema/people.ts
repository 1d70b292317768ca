import { sql } from 'drizzle-orm'
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ConversationId, EstateId, PersonId, StaffId } from '../../workflows/ids.ts'

export const persons = sqliteTable('persons', {
  id: integer().primaryKey().$type<PersonId>(),
  estate: text().$type<EstateId>(),
  name: text(),
  phone: text(),
  /** JSON of workflows' Household. */
  household: text(),
  minor: integer().notNull().default(0),
  phoneRefused: integer('phone_refused').notNull().default(0),
  forgottenAt: integer('forgotten_at'),
  createdAt: integer('created_at').notNull(),
})

/**
 * The dialogue with one identity on one account (resident), with one member of staff (desk), or with somebody of the
 * company's app whom the estate file does not list as active (unlisted).
 */
export const conversations = sqliteTable(
  'conversations',
  {
    id: integer().primaryKey().$type<ConversationId>(),
    kind: text().$type<ConversationKind>().notNull(),
    person: integer()
      .$type<PersonId>()
      .references(() => persons.id),
    staff: text().$type<StaffId>(),
    channel: text().notNull(),
    account: text().notNull(),
    /** The platform's id of the person; of a desk, the member's userid in 企业微信. */
    externalId: text('external_id').notNull(),
    /** What the platform shows as their name; never taken for a name they gave us. */
    shownName: text('shown_name'),
    state: text().notNull(),
    revision: integer().notNull(),
    /** A newer identity of the same person: what is told here goes there. */
    movedTo: integer('moved_to').$type<ConversationId>(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('conversations_identity')
      .on(t.channel, t.account, t.externalId)
      .where(sql`kind = 'resident'`),
    uniqueIndex('conversations_desk')
      .on(t.staff)
      .where(sql`kind = 'desk'`),
    uniqueIndex('conversations_unlisted')
      .on(t.channel, t.account, t.externalId)
      .where(sql`kind = 'unlisted'`),
    index('conversations_person')
      .on(t.person)
      .where(sql`person is not null`),
    check(
      'conversations_kind',
      sql`(kind = 'resident' and person is not null) or (kind = 'desk' and staff is not null)
        or (kind = 'unlisted' and person is null and staff is null)`,
    ),
  ],
)
export type ConversationKind = 'resident' | 'desk' | 'unlisted'

/** Codes that join a later, unknown identity to a person. */
export const codes = sqliteTable(
  'codes',
  {
    code: text().primaryKey(),
    person: integer()
      .notNull()
      .$type<PersonId>()
      .references(() => persons.id),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [index('codes_person').on(t.person)],
)
