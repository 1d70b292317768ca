import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ChangeState, DutyChange } from '../workflows/duty-changes.ts'
import type { ComplaintId, ConversationId, EstateId, MediaId, PersonId, StaffId } from '../workflows/ids.ts'

/*
 * Every table of the program. Instants are integers, milliseconds UTC. No foreign key cascades: evidence is never
 * deleted by deleting something else. The timeline's triggers (append-only) are in migrations/0001.
 */

/** Facts about this database itself: `id`, eight random hex digits that begin every card's task id. */
export const meta = sqliteTable('meta', { key: text().primaryKey(), value: text().notNull() })

/** Each content the estate file has had. Cases keep the version they began with. */
export const estateVersions = sqliteTable('estate_versions', {
  version: integer().primaryKey(),
  content: text().notNull(),
  createdAt: integer('created_at').notNull(),
})

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

/** One a complaint and one a conversation: the earliest thing due. */
export const timers = sqliteTable(
  'timers',
  {
    kind: text().$type<TimerKind>().notNull(),
    id: integer().notNull(),
    due: integer().notNull(),
    revision: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.id] }),
    index('timers_due').on(t.due),
    check('timers_kind', sql`kind in ('complaint', 'conversation')`),
  ],
)
export type TimerKind = 'complaint' | 'conversation'

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

/** The card of a complaint at one person. */
export const cards = sqliteTable(
  'cards',
  {
    complaint: integer()
      .notNull()
      .$type<ComplaintId>()
      .references(() => complaints.id),
    staff: text().notNull().$type<StaffId>(),
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
  },
  (t) => [primaryKey({ columns: [t.complaint, t.staff] })],
)

/**
 * A card of no complaint at one person: a leave to approve, a shift to hand over. `key` says which of theirs it is; its
 * other columns are those of `cards`.
 */
export const deskCards = sqliteTable(
  'desk_cards',
  {
    key: text().notNull(),
    staff: text().notNull().$type<StaffId>(),
    body: text(),
    revision: integer().notNull(),
    pushPending: integer('push_pending').notNull(),
    task: text(),
    sentRevision: integer('sent_revision').notNull(),
    code: text(),
    codeAt: integer('code_at'),
  },
  (t) => [primaryKey({ columns: [t.key, t.staff] })],
)

/** Numbers count per company and local day. */
export const counters = sqliteTable('counters', { day: text().primaryKey(), n: integer().notNull() })

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

/** Leave and swaps of shifts, as workflows/duty-changes.ts describes them. Rows are ended, never deleted. */
export const dutyChanges = sqliteTable(
  'duty_changes',
  {
    id: integer().primaryKey(),
    kind: text().$type<DutyChange['kind']>().notNull(),
    staff: text().notNull().$type<StaffId>(),
    with: text().$type<StaffId>(),
    from: integer().notNull(),
    until: integer().notNull(),
    backFrom: integer('back_from'),
    backUntil: integer('back_until'),
    state: text().$type<ChangeState>().notNull(),
    by: text().$type<StaffId>(),
    /** JSON array of staff ids. */
    askedOf: text('asked_of').notNull(),
    askedAt: integer('asked_at').notNull(),
    raised: integer().notNull(),
    decidedBy: text('decided_by').$type<StaffId>(),
  },
  (t) => [
    index('duty_changes_current')
      .on(t.id)
      .where(sql`state in ('asked', 'agreed', 'begun')`),
    check(
      'duty_changes_kind',
      sql`(kind = 'leave' and "with" is null) or (kind = 'swap' and "with" is not null)`,
    ),
    check('duty_changes_span', sql`"from" < until`),
  ],
)

/**
 * Who may act: for all data alone (`process`), beside others (`member …`), for a channel or the chores.
 * `until` is real time: a hurried clock has no say here.
 */
export const leases = sqliteTable('leases', {
  name: text().primaryKey(),
  holder: text().notNull(),
  fence: integer().notNull(),
  until: integer().notNull(),
})
