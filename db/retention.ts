import { and, asc, eq, gt, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { ComplaintId, Instant, MediaId, PersonId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { complaints, conversations, inbox, media, persons, timeline } from './schema.ts'

/** A case as old as that, as far as keeping it goes. */
export interface AgedCase {
  readonly id: ComplaintId
  readonly person: PersonId
  /** null: open. */
  readonly closedAt: Instant | null
  readonly onHold: boolean
  readonly forgotten: boolean
}

const PAGE = 200

export type Retention = ReturnType<typeof retentionOf>

/** What has been kept for long. Read page by page, by ids, which grow with time: a page is a few milliseconds. */
export function retentionOf({ orm }: Database) {
  const onHold = sql<number>`json_extract(${complaints.state}, '$.onHold') is not null`
  const forgotten = sql<number>`coalesce(json_extract(${complaints.state}, '$.forgotten'), 0)`

  /** Files of all cases that answer to `which`. */
  function mediaOf(which: ReturnType<typeof and>): readonly MediaId[] {
    return orm
      .select({ media: timeline.media })
      .from(timeline)
      .innerJoin(complaints, eq(complaints.id, timeline.complaint))
      .where(and(which, ne(timeline.media, '[]')))
      .all()
      .flatMap((row) => JSON.parse(row.media) as MediaId[])
  }

  return {
    /** Cases received before that moment, after that id; empty: no more. */
    aged(after: number, before: Instant): readonly AgedCase[] {
      return orm
        .select({
          id: complaints.id,
          person: complaints.person,
          open: complaints.open,
          closedAt: complaints.closedAt,
          onHold,
          forgotten,
        })
        .from(complaints)
        .where(and(gt(complaints.id, after as ComplaintId), lt(complaints.receivedAt, before)))
        .orderBy(asc(complaints.id))
        .limit(PAGE)
        .all()
        .map(({ open, closedAt, ...row }) => ({
          ...row,
          closedAt: open === 1 ? null : closedAt,
          onHold: row.onHold === 1,
          forgotten: row.forgotten === 1,
        }))
    },
    /**
     * The files of this case are to be erased, but for those another case of its resident needs: one that is open, on
     * hold, or was closed after `since`. Answers how many.
     */
    eraseMedia({ id, person }: AgedCase, since: Instant, now: Instant): number {
      const own = mediaOf(eq(complaints.id, id))
      if (own.length === 0) return 0
      const needed = or(eq(complaints.open, 1), onHold, gt(complaints.closedAt, since))
      const others = new Set(mediaOf(and(eq(complaints.person, person), ne(complaints.id, id), needed)))
      return orm
        .update(media)
        .set({ originalName: null, state: 'erase', nextAt: now })
        .where(
          and(
            inArray(
              media.id,
              own.filter((file) => !others.has(file)),
            ),
            sql`${media.state} in ('saved', 'waiting')`,
          ),
        )
        .run().changes
    },
    /**
     * People first heard of before that moment, after that id, who have written nothing since, and of whose cases nothing
     * is kept any more.
     */
    forgettable(after: number, before: Instant): readonly PersonId[] {
      const kept = sql`exists (select 1 from complaints where complaints.person = ${persons.id}
        and (complaints.open = 1 or json_extract(complaints.state, '$.onHold') is not null
          or not coalesce(json_extract(complaints.state, '$.forgotten'), 0)))`
      const spoke = sql`exists (select 1 from ${inbox} join ${conversations} on ${conversations.id} = ${inbox.conversation}
        where ${conversations.person} = ${persons.id} and ${inbox.cause} = 'message' and ${inbox.receivedAt} >= ${before})`
      return orm
        .select({ id: persons.id })
        .from(persons)
        .where(
          and(
            gt(persons.id, after as PersonId),
            lt(persons.createdAt, before),
            isNull(persons.forgottenAt),
            sql`not ${kept}`,
            sql`not ${spoke}`,
          ),
        )
        .orderBy(asc(persons.id))
        .limit(PAGE)
        .all()
        .map((row) => row.id)
    },
  }
}
