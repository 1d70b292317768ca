import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ComplaintId, EstateId, PersonId, StaffId } from '../../workflows/ids.ts'
import { persons } from './people.ts'

export const complaints = sqliteTable(
  'complaints',
  {
    id: integer().primaryKey().$type<ComplaintId>(),
    number: text().notNull(),
    estate: text().$type<EstateId>(),
    person: integer()
      .notNull()
      .$type<PersonId>()
      .references(() => persons.id),
    status: text().notNull(),
    open: integer().notNull(),
    /** Nobody could be found who must act: shown on /readyz. */
    unowned: integer().notNull(),
    /** Everybody was told and nobody has answered since then; null: somebody has, or need not. Shown on /readyz. */
    unheardSince: integer('unheard_since'),
    kind: text().notNull(),
    code: text().notNull(),
    severity: text().notNull(),
    owner: text().$type<StaffId>(),
    area: text(),
    building: text(),
    /** The household as one text (`householdKey`), null where it is unknown or was forgotten. */
    household: text(),
    receivedAt: integer('received_at').notNull(),
    closedAt: integer('closed_at'),
    revision: integer().notNull(),
    state: text().notNull(),
  },
  (t) => [
    uniqueIndex('complaints_number').on(t.number),
    index('complaints_person').on(t.person, t.id),
    index('complaints_owner')
      .on(t.owner)
      .where(sql`open = 1`),
    index('complaints_similar')
      .on(t.estate, t.code)
      .where(sql`open = 1`),
    index('complaints_spot').on(t.estate, t.code, t.building, t.area, t.receivedAt),
    index('complaints_household')
      .on(t.household)
      .where(sql`household is not null`),
    index('complaints_unowned')
      .on(t.id)
      .where(sql`unowned = 1`),
    index('complaints_unheard')
      .on(t.id)
      .where(sql`unheard_since is not null`),
    check('complaints_open', sql`open in (0, 1) and unowned in (0, 1)`),
    check('complaints_severity', sql`severity in ('S1', 'S2', 'S3', 'S4')`),
  ],
)

/** Who must see an open complaint at their desk: owner, asked, holders of a card. Derived, kept with the complaint. */
export const holders = sqliteTable(
  'holders',
  {
    staff: text().notNull().$type<StaffId>(),
    complaint: integer()
      .notNull()
      .$type<ComplaintId>()
      .references(() => complaints.id),
  },
  (t) => [primaryKey({ columns: [t.staff, t.complaint] })],
)

/** Open complaints owned by each member of staff, for a fair choice. Derived, kept with the complaint. */
export const loads = sqliteTable('loads', {
  staff: text().primaryKey().$type<StaffId>(),
  open: integer().notNull(),
})

/** Words of people, apart from the timeline that points to them, so that a deletion can blank them. */
export const words = sqliteTable(
  'words',
  {
    id: integer().primaryKey(),
    complaint: integer()
      .notNull()
      .$type<ComplaintId>()
      .references(() => complaints.id),
    person: integer()
      .notNull()
      .$type<PersonId>()
      .references(() => persons.id),
    /** null: blanked. */
    text: text(),
  },
  (t) => [index('words_complaint').on(t.complaint), index('words_person').on(t.person)],
)

export const timeline = sqliteTable(
  'timeline',
  {
    complaint: integer()
      .notNull()
      .$type<ComplaintId>()
      .references(() => complaints.id),
    seq: integer().notNull(),
    type: text().notNull(),
    by: text().$type<'resident' | 'staff' | 'program'>().notNull(),
    staff: text().$type<StaffId>(),
    at: integer().notNull(),
    data: text().notNull(),
    words: integer().references(() => words.id),
    /** JSON array of media ids. */
    media: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.complaint, t.seq] }),
    check(
      'timeline_by',
      sql`(by = 'staff') = (staff is not null) and by in ('resident', 'staff', 'program')`,
    ),
  ],
)

/** Numbers count per company and local day. */
export const counters = sqliteTable('counters', { day: text().primaryKey(), n: integer().notNull() })
