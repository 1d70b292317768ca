import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { ConversationId, Instant, MediaId } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { media } from './schema.ts'

const p = sql.placeholder

export type MediaRow = typeof media.$inferSelect

/** Which files a process fetches, and whether it erases those of people who were forgotten. */
export interface ServedMedia {
  readonly channels: readonly string[]
  readonly erases: boolean
}

export type MediaRows = ReturnType<typeof mediaOf>

/** Files people sent: the row is there with the message, the bytes follow. */
export function mediaOf({ orm, prepared }: Database) {
  const insert = prepared(
    orm.insert(media).values({
      channel: p('channel'),
      name: p('name'),
      kind: p('kind'),
      originalName: p('originalName'),
      conversation: p('conversation'),
      state: 'waiting',
      attempts: 0,
      nextAt: p('now'),
      createdAt: p('now'),
    }),
  )
  const byId = prepared(
    orm
      .select()
      .from(media)
      .where(eq(media.id, p('id'))),
  )
  const byName = prepared(
    orm
      .select({ state: media.state })
      .from(media)
      .where(and(eq(media.channel, p('channel')), eq(media.name, p('name')))),
  )
  const fetched = sql`${media.channel} in (select value from json_each(${p('channels')}))`
  const mine = and(
    sql`${media.state} in ('waiting', 'erase')`,
    sql`((${media.state} = 'waiting' and ${fetched}) or (${media.state} = 'erase' and ${p('erases')} = 1))`,
  )
  const due = prepared(
    orm
      .select()
      .from(media)
      .where(and(mine, sql`${media.nextAt} <= ${p('now')}`))
      .orderBy(asc(media.nextAt), asc(media.id))
      .limit(20),
  )
  const next = prepared(
    orm
      .select({ at: sql<number | null>`min(${media.nextAt})` })
      .from(media)
      .where(mine),
  )

  return {
    insert: (row: {
      channel: string
      name: string
      kind: MediaRow['kind']
      originalName: string | null
      conversation: ConversationId
      now: Instant
    }): MediaId => Number(insert.run(row).lastInsertRowid) as MediaId,
    byId: (id: MediaId): MediaRow | null => byId.get({ id }) ?? null,
    /** Whether its channel need not keep this file any longer: every row of it has its bytes, or never will. */
    isSettled: (channel: string, name: string): boolean => {
      const rows = byName.all({ channel, name })
      return rows.length > 0 && rows.every(({ state }) => state === 'saved' || state === 'gone')
    },
    byIds: (ids: readonly MediaId[]): readonly MediaRow[] =>
      ids.length === 0
        ? []
        : orm
            .select()
            .from(media)
            .where(inArray(media.id, [...ids]))
            .all(),
    /** To be fetched or erased now. */
    due: (now: Instant, served: ServedMedia): readonly MediaRow[] => due.all({ now, ...bound(served) }),
    nextDue: (served: ServedMedia): Instant | null => next.get(bound(served))?.at ?? null,
    /** false: it is not waited for any more (its person was forgotten meanwhile). */
    saved(id: MediaId, file: { sha256: string; mime: string; size: number }): boolean {
      const result = orm
        .update(media)
        .set({ state: 'saved', ...file })
        .where(and(eq(media.id, id), sql`${media.state} = 'waiting'`))
        .run()
      return result.changes === 1
    },
    later(id: MediaId, attempts: number, nextAt: Instant): void {
      orm.update(media).set({ attempts, nextAt }).where(eq(media.id, id)).run()
    },
    gone(id: MediaId): void {
      orm
        .update(media)
        .set({ state: 'gone', sha256: null, mime: null, size: null })
        .where(eq(media.id, id))
        .run()
    },
    /** Whether any other row still needs this file. */
    usedElsewhere: (sha256: string, id: MediaId): boolean =>
      orm
        .select({ id: media.id })
        .from(media)
        .where(and(eq(media.sha256, sha256), sql`${media.state} = 'saved'`, sql`${media.id} <> ${id}`))
        .get() !== undefined,
  }
}

const bound = ({ channels, erases }: ServedMedia) => ({
  channels: JSON.stringify(channels),
  erases: erases ? 1 : 0,
})
