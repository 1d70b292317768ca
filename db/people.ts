import { and, desc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Instant, PersonId, StaffId, ConversationId, EstateId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { codes, complaints, conversations, persons, timers, words, type ConversationKind } from './schema.ts'

const p = sql.placeholder

/** A row of `persons`, or the same columns beside one of its conversations. */
export interface PersonRow {
  readonly estate: EstateId | null
  readonly name: string | null
  readonly phone: string | null
  /** JSON. */
  readonly household: string | null
  readonly minor: number | null
  readonly phoneRefused: number | null
}

export interface ConversationRow extends PersonRow {
  readonly id: ConversationId
  readonly kind: ConversationKind
  readonly person: PersonId | null
  readonly staff: StaffId | null
  readonly channel: string
  readonly account: string
  readonly externalId: string
  readonly state: string
  readonly revision: number
  readonly movedTo: ConversationId | null
  /** What its timer row says now. */
  readonly due: Instant | null
}

export interface PersonColumns {
  readonly estate: EstateId | null
  readonly name: string | null
  readonly phone: string | null
  /** JSON. */
  readonly household: string | null
  readonly minor: boolean
  readonly phoneRefused: boolean
}

export type People = ReturnType<typeof peopleOf>

/** Persons, the conversations with them and with staff, and the codes that join identities. */
export function peopleOf({ orm, prepared }: Database) {
  const columns = {
    id: conversations.id,
    kind: conversations.kind,
    person: conversations.person,
    staff: conversations.staff,
    channel: conversations.channel,
    account: conversations.account,
    externalId: conversations.externalId,
    state: conversations.state,
    revision: conversations.revision,
    movedTo: conversations.movedTo,
    due: timers.due,
    estate: persons.estate,
    name: persons.name,
    phone: persons.phone,
    household: persons.household,
    minor: persons.minor,
    phoneRefused: persons.phoneRefused,
  }
  const select = () =>
    orm
      .select(columns)
      .from(conversations)
      .leftJoin(persons, eq(persons.id, conversations.person))
      .leftJoin(timers, and(sql`${timers.kind} = 'conversation'`, eq(timers.id, conversations.id)))

  const byId = prepared(select().where(eq(conversations.id, p('id'))))
  const identity = and(
    eq(conversations.channel, p('channel')),
    eq(conversations.account, p('account')),
    eq(conversations.externalId, p('externalId')),
  )
  const byIdentity = prepared(select().where(and(sql`${conversations.kind} = 'resident'`, identity)))
  const byUserid = prepared(select().where(and(sql`${conversations.kind} = 'unlisted'`, identity)))
  const byStaff = prepared(
    select().where(and(sql`${conversations.kind} = 'desk'`, eq(conversations.staff, p('staff')))),
  )
  const ofPerson = prepared(
    orm
      .select({ id: conversations.id })
      .from(conversations)
      .where(eq(conversations.person, p('person'))),
  )

  const insertPerson = prepared(orm.insert(persons).values({ createdAt: p('now') }))
  const insertConversation = prepared(
    orm.insert(conversations).values({
      kind: p('kind'),
      person: p('person'),
      staff: p('staff'),
      channel: p('channel'),
      account: p('account'),
      externalId: p('externalId'),
      shownName: p('shownName'),
      state: p('state'),
      revision: 0,
      createdAt: p('now'),
    }),
  )
  const saveState = prepared(
    orm
      .update(conversations)
      .set({ state: sql`${p('state')}`, revision: sql`${p('revision')}` })
      .where(eq(conversations.id, p('id'))),
  )
  const savePerson = prepared(
    orm
      .update(persons)
      .set({
        estate: sql`${p('estate')}`,
        name: sql`${p('name')}`,
        phone: sql`${p('phone')}`,
        household: sql`${p('household')}`,
        minor: sql`${p('minor')}`,
        phoneRefused: sql`${p('phoneRefused')}`,
      })
      .where(eq(persons.id, p('id'))),
  )
  const codeByText = prepared(
    orm
      .select()
      .from(codes)
      .where(eq(codes.code, p('code'))),
  )

  /** A resident's first word on an identity we do not know: a new person. */
  function addResident(
    identity: { channel: string; account: string; externalId: string; shownName: string | null },
    state: string,
    now: Instant,
  ): ConversationRow {
    const person = Number(insertPerson.run({ now }).lastInsertRowid) as PersonId
    const id = Number(
      insertConversation.run({ ...identity, kind: 'resident', person, staff: null, state, now })
        .lastInsertRowid,
    ) as ConversationId
    return {
      id,
      kind: 'resident',
      person,
      staff: null,
      channel: identity.channel,
      account: identity.account,
      externalId: identity.externalId,
      state,
      revision: 0,
      movedTo: null,
      due: null,
      estate: null,
      name: null,
      phone: null,
      household: null,
      minor: 0,
      phoneRefused: 0,
    }
  }

  function addDesk(
    desk: { staff: StaffId; channel: string; account: string; externalId: string },
    state: string,
    now: Instant,
  ): ConversationRow {
    const result = insertConversation.run({
      ...desk,
      kind: 'desk',
      person: null,
      shownName: null,
      state,
      now,
    })
    const row = byId.get({ id: Number(result.lastInsertRowid) })
    if (!row) throw new Error('a desk that was just stored is not there')
    return row
  }

  function addUnlisted(
    identity: { channel: string; account: string; externalId: string },
    state: string,
    now: Instant,
  ): ConversationRow {
    const none = { person: null, staff: null, shownName: null }
    const result = insertConversation.run({ ...identity, ...none, kind: 'unlisted', state, now })
    const row = byId.get({ id: Number(result.lastInsertRowid) })
    if (!row) throw new Error('a conversation that was just stored is not there')
    return row
  }

  /**
   * This conversation's identity belongs to that person: what is told to the person's other conversations on the channel
   * now comes here, and what the identity had told us while it was a stranger moves to the person.
   */
  function join(conversation: ConversationRow, person: PersonId): void {
    const before = conversation.person
    if (before === null || before === person) return
    orm
      .update(conversations)
      .set({ person, movedTo: null })
      .where(eq(conversations.id, conversation.id))
      .run()
    orm
      .update(conversations)
      .set({ movedTo: conversation.id })
      .where(
        and(
          eq(conversations.person, person),
          eq(conversations.channel, conversation.channel),
          ne(conversations.id, conversation.id),
        ),
      )
      .run()
    if (ofPerson.all({ person: before }).length > 0) return
    orm
      .update(complaints)
      .set({ person, state: sql`json_set(${complaints.state}, '$.person', ${person})` })
      .where(eq(complaints.person, before))
      .run()
    orm.update(words).set({ person }).where(eq(words.person, before)).run()
  }

  return {
    conversation: (id: ConversationId): ConversationRow | null => byId.get({ id }) ?? null,
    resident: (channel: string, account: string, externalId: string): ConversationRow | null =>
      byIdentity.get({ channel, account, externalId }) ?? null,
    /** Somebody of the company's app whom the estate file does not list as active. */
    unlisted: (channel: string, account: string, externalId: string): ConversationRow | null =>
      byUserid.get({ channel, account, externalId }) ?? null,
    desk: (staff: StaffId): ConversationRow | null => byStaff.get({ staff }) ?? null,
    conversationsOf: (person: PersonId): readonly ConversationId[] =>
      ofPerson.all({ person }).map((r) => r.id),
    addResident,
    addDesk,
    addUnlisted,
    /** The member's userid or account in 企业微信 changed. */
    readdressDesk(id: ConversationId, account: string, externalId: string): void {
      orm.update(conversations).set({ account, externalId }).where(eq(conversations.id, id)).run()
    },
    /** An identity that had been left behind speaks again. */
    returned(id: ConversationId): void {
      orm.update(conversations).set({ movedTo: null }).where(eq(conversations.id, id)).run()
    },
    saveConversation(id: ConversationId, state: string, revision: number): void {
      saveState.run({ id, state, revision })
    },
    savePerson(id: PersonId, columns: PersonColumns): void {
      savePerson.run({
        id,
        ...columns,
        minor: columns.minor ? 1 : 0,
        phoneRefused: columns.phoneRefused ? 1 : 0,
      })
    },
    join,
    giveCode(code: string, person: PersonId, expiresAt: Instant): void {
      orm
        .insert(codes)
        .values({ code, person, expiresAt })
        .onConflictDoUpdate({ target: codes.code, set: { person, expiresAt, usedAt: null } })
        .run()
    },
    /** The person a code joins to; null where it is unknown, used or too old. */
    codeOwner(code: string, now: Instant): PersonId | null {
      const row = codeByText.get({ code })
      return row && row.usedAt === null && row.expiresAt > now ? row.person : null
    },
    useCodes(person: PersonId, now: Instant): void {
      orm
        .update(codes)
        .set({ usedAt: now })
        .where(and(eq(codes.person, person), isNull(codes.usedAt)))
        .run()
    },
    /** Whether this person asked to be forgotten at or after a moment. */
    forgottenSince(person: PersonId, since: Instant): boolean {
      const row = orm.select({ at: persons.forgottenAt }).from(persons).where(eq(persons.id, person)).get()
      return (row?.at ?? -1) >= since
    },
    /** The conversation on which a person was last known, where any. */
    latestOf(person: PersonId): ConversationId | null {
      const row = orm
        .select({ id: conversations.id })
        .from(conversations)
        .where(eq(conversations.person, person))
        .orderBy(desc(conversations.id))
        .get()
      return row?.id ?? null
    },
  }
}
