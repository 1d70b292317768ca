import { and, asc, desc, eq, ne, or, sql } from 'drizzle-orm'
import type { ComplaintId, EstateId, Instant, MediaId, PersonId, StaffId } from '../workflows/ids.ts'
import type { IssueKey } from '../workflows/complaint/repeats.ts'
import type { Database } from './database.ts'
import { complaints, counters, holders, loads, timeline, timers, words } from './schema.ts'

const p = sql.placeholder

/** Half a character (a lone surrogate) has no UTF-8, and would leave bytes in the column that are no text: U+FFFD. */
const wellFormed = (text: string): string =>
  /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text

export interface ComplaintRow {
  readonly id: ComplaintId
  readonly revision: number
  readonly state: string
  /** What its timer row says now. */
  readonly due: Instant | null
}

/** What is looked for without reading the state. */
export interface ComplaintColumns {
  readonly number: string
  readonly estate: EstateId | null
  readonly person: PersonId
  readonly status: string
  readonly open: boolean
  readonly unowned: boolean
  readonly unheardSince: Instant | null
  readonly kind: string
  readonly code: string
  readonly severity: string
  readonly owner: StaffId | null
  readonly area: string | null
  readonly building: string | null
  readonly household: string | null
  readonly receivedAt: Instant
  readonly closedAt: Instant | null
  readonly state: string
}

export interface TimelineRow {
  readonly type: string
  readonly by: 'resident' | 'staff' | 'program'
  readonly staff: StaffId | null
  readonly at: Instant
  readonly data: Readonly<Record<string, string | number | boolean | null>>
  readonly words: string | null
  readonly media: readonly MediaId[]
}

/** How many complaints a person or a desk gets to see at once. */
const SHOWN = 50

export type Complaints = ReturnType<typeof complaintsOf>

/** Complaints with their timeline, and what is kept beside them to find them. */
export function complaintsOf({ orm, prepared }: Database) {
  const columns = {
    id: complaints.id,
    revision: complaints.revision,
    state: complaints.state,
    due: timers.due,
  }
  const select = () =>
    orm
      .select(columns)
      .from(complaints)
      .leftJoin(timers, and(sql`${timers.kind} = 'complaint'`, eq(timers.id, complaints.id)))

  const byId = prepared(select().where(eq(complaints.id, p('id'))))
  const byNumber = prepared(select().where(eq(complaints.number, p('number'))))
  const ofPerson = prepared(
    select()
      .where(
        and(
          eq(complaints.person, p('person')),
          or(sql`${complaints.open} = 1`, sql`${complaints.closedAt} > ${p('since')}`),
        ),
      )
      .orderBy(desc(complaints.id))
      .limit(SHOWN),
  )
  const similar = prepared(
    select()
      .where(
        and(
          sql`${complaints.open} = 1`,
          eq(complaints.estate, p('estate')),
          eq(complaints.code, p('code')),
          ne(complaints.person, p('person')),
        ),
      )
      .orderBy(desc(complaints.id))
      .limit(20),
  )
  // Each way to be of one issue has an index of its own; looked for together they would be found by reading all cases of
  // the code.
  const sameIssue = prepared(
    select()
      .where(
        sql`${complaints.id} in (
          select id from complaints
            where person = ${p('person')} and code = ${p('code')} and estate is ${p('estate')} and received_at >= ${p('since')}
          union select id from complaints
            where household = ${p('household')} and code = ${p('code')} and estate is ${p('estate')} and received_at >= ${p('since')}
          union select id from complaints
            where building is ${p('building')} and area is ${p('area')} and coalesce(building, area) is not null
              and code = ${p('code')} and estate is ${p('estate')} and received_at >= ${p('since')})`,
      )
      .orderBy(desc(complaints.id))
      .limit(SHOWN),
  )
  const held = () =>
    orm
      .select(columns)
      .from(holders)
      .innerJoin(complaints, eq(complaints.id, holders.complaint))
      .leftJoin(timers, and(sql`${timers.kind} = 'complaint'`, eq(timers.id, complaints.id)))
      .where(eq(holders.staff, p('staff')))
  const heldBy = prepared(held().orderBy(desc(holders.complaint)).limit(SHOWN))
  const allHeldBy = prepared(held().orderBy(asc(holders.complaint)))
  const contactOf = prepared(
    orm
      .select({
        number: complaints.number,
        staff: sql<StaffId | null>`coalesce(${complaints.owner}, (select min(staff) from holders where complaint = ${p('id')}))`,
      })
      .from(complaints)
      .where(eq(complaints.id, p('id'))),
  )
  const allHolders = prepared(orm.selectDistinct({ staff: holders.staff }).from(holders))
  const lastId = prepared(
    orm.select({ id: sql<number>`coalesce(max(${complaints.id}), 0)` }).from(complaints),
  )
  const allLoads = prepared(orm.select().from(loads))
  const counterOf = prepared(
    orm
      .select({ n: counters.n })
      .from(counters)
      .where(eq(counters.day, p('day'))),
  )
  const setCounter = prepared(
    orm
      .insert(counters)
      .values({ day: p('day'), n: p('n') })
      .onConflictDoUpdate({ target: counters.day, set: { n: sql`excluded.n` } }),
  )

  const insert = prepared(
    orm.insert(complaints).values({
      id: p('id'),
      number: p('number'),
      estate: p('estate'),
      person: p('person'),
      status: p('status'),
      open: p('open'),
      unowned: p('unowned'),
      unheardSince: p('unheardSince'),
      kind: p('kind'),
      code: p('code'),
      severity: p('severity'),
      owner: p('owner'),
      area: p('area'),
      building: p('building'),
      household: p('household'),
      receivedAt: p('receivedAt'),
      closedAt: p('closedAt'),
      revision: p('revision'),
      state: p('state'),
    }),
  )
  const update = prepared(
    orm
      .update(complaints)
      .set({
        estate: sql`${p('estate')}`,
        person: sql`${p('person')}`,
        status: sql`${p('status')}`,
        open: sql`${p('open')}`,
        unowned: sql`${p('unowned')}`,
        unheardSince: sql`${p('unheardSince')}`,
        kind: sql`${p('kind')}`,
        code: sql`${p('code')}`,
        severity: sql`${p('severity')}`,
        owner: sql`${p('owner')}`,
        area: sql`${p('area')}`,
        building: sql`${p('building')}`,
        household: sql`${p('household')}`,
        closedAt: sql`${p('closedAt')}`,
        revision: sql`${p('revision')}`,
        state: sql`${p('state')}`,
      })
      .where(eq(complaints.id, p('id'))),
  )

  const insertHolder = prepared(
    orm
      .insert(holders)
      .values({ staff: p('staff'), complaint: p('complaint') })
      .onConflictDoNothing(),
  )
  const deleteHolder = prepared(
    orm.delete(holders).where(and(eq(holders.staff, p('staff')), eq(holders.complaint, p('complaint')))),
  )
  const addLoad = prepared(
    orm
      .insert(loads)
      .values({ staff: p('staff'), open: p('by') })
      .onConflictDoUpdate({ target: loads.staff, set: { open: sql`${loads.open} + excluded.open` } }),
  )

  const nextSeq = prepared(
    orm
      .select({ seq: sql<number>`coalesce(max(${timeline.seq}), 0) + 1` })
      .from(timeline)
      .where(eq(timeline.complaint, p('complaint'))),
  )
  const insertWords = prepared(
    orm.insert(words).values({ complaint: p('complaint'), person: p('person'), text: p('text') }),
  )
  const insertEntry = prepared(
    orm.insert(timeline).values({
      complaint: p('complaint'),
      seq: p('seq'),
      type: p('type'),
      by: p('by'),
      staff: p('staff'),
      at: p('at'),
      data: p('data'),
      words: p('words'),
      media: p('media'),
    }),
  )
  const entriesOf = prepared(
    orm
      .select({
        type: timeline.type,
        by: timeline.by,
        staff: timeline.staff,
        at: timeline.at,
        data: timeline.data,
        words: words.text,
        media: timeline.media,
      })
      .from(timeline)
      .leftJoin(words, eq(words.id, timeline.words))
      .where(eq(timeline.complaint, p('complaint')))
      .orderBy(asc(timeline.seq)),
  )

  const bound = (c: ComplaintColumns) => ({ ...c, open: c.open ? 1 : 0, unowned: c.unowned ? 1 : 0 })

  return {
    complaint: (id: ComplaintId): ComplaintRow | null => byId.get({ id }) ?? null,
    numbered: (number: string): ComplaintRow | null => byNumber.get({ number }) ?? null,
    /** Open, or closed after `since`; newest first. */
    ofPerson: (person: PersonId, since: Instant): readonly ComplaintRow[] => ofPerson.all({ person, since }),
    /** Open complaints of others about the same matter; newest first. Whether the spot is the same is for the reader. */
    similar: (what: { estate: EstateId; code: string }, person: PersonId): readonly ComplaintRow[] =>
      similar.all({ ...what, person }),
    /**
     * Complaints received since then that may be of one issue: the same code in the same estate, of this person or
     * household or at this public spot; newest first. Whether they are is for the reader.
     */
    sameIssue: (what: IssueKey, since: Instant): readonly ComplaintRow[] => sameIssue.all({ ...what, since }),
    /** Everybody on whom an open complaint hangs. */
    holders: (): readonly StaffId[] => allHolders.all().map((row) => row.staff),
    /** What must be seen at this desk; newest first. */
    heldBy: (staff: StaffId): readonly ComplaintRow[] => heldBy.all({ staff }),
    /** Whom to tell what its resident cannot read: its owner, else whoever was asked; null while there is nobody. */
    contactOf(id: ComplaintId): { readonly number: string; readonly staff: StaffId } | null {
      const row = contactOf.get({ id })
      return row === undefined || row.staff === null ? null : { number: row.number, staff: row.staff }
    },
    /** All that hangs on this person, oldest first, however many. */
    allHeldBy: (staff: StaffId): readonly ComplaintRow[] => allHeldBy.all({ staff }),
    nextId: (): ComplaintId => ((lastId.get()?.id ?? 0) + 1) as ComplaintId,
    loads: (): ReadonlyMap<StaffId, number> => new Map(allLoads.all().map((row) => [row.staff, row.open])),
    counter: (day: string): number => counterOf.get({ day })?.n ?? 0,
    setCounter(day: string, n: number): void {
      setCounter.run({ day, n })
    },
    insert(id: ComplaintId, revision: number, c: ComplaintColumns): void {
      insert.run({ id, revision, ...bound(c) })
    },
    update(id: ComplaintId, revision: number, c: ComplaintColumns): void {
      update.run({ id, revision, ...bound(c) })
    },
    /** Who must see it and who counts it among their load; only the differences are written. */
    moveHolders(
      complaint: ComplaintId,
      change: {
        readonly added: readonly StaffId[]
        readonly removed: readonly StaffId[]
        readonly loadFrom: StaffId | null
        readonly loadTo: StaffId | null
      },
    ): void {
      for (const staff of change.removed) deleteHolder.run({ staff, complaint })
      for (const staff of change.added) insertHolder.run({ staff, complaint })
      if (change.loadFrom === change.loadTo) return
      if (change.loadFrom !== null) addLoad.run({ staff: change.loadFrom, by: -1 })
      if (change.loadTo !== null) addLoad.run({ staff: change.loadTo, by: 1 })
    },
    record(complaint: ComplaintId, person: PersonId, entry: TimelineRow): void {
      const text =
        entry.words === null
          ? null
          : Number(insertWords.run({ complaint, person, text: wellFormed(entry.words) }).lastInsertRowid)
      insertEntry.run({
        complaint,
        seq: nextSeq.get({ complaint })?.seq ?? 1,
        type: entry.type,
        by: entry.by,
        staff: entry.staff,
        at: entry.at,
        data: JSON.stringify(entry.data),
        words: text,
        media: JSON.stringify(entry.media),
      })
    },
    /** Oldest first; `words` is null where there were none or they were blanked. */
    timeline: (complaint: ComplaintId): readonly TimelineRow[] =>
      entriesOf.all({ complaint }).map((row) => ({
        ...row,
        data: JSON.parse(row.data) as TimelineRow['data'],
        media: JSON.parse(row.media) as MediaId[],
      })),
  }
}
