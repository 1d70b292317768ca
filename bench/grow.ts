import type { Complaint } from '../workflows/complaint/state.ts'
import { days } from '../workflows/ids.ts'
import { localDay } from '../workflows/calendar.ts'
import type { Line } from './line.ts'

const YEARS = 10
/** A company with so many complaints has so many estates; the residents of the bench live in one of them. */
const ESTATES = 200
/** Rows written in one transaction. */
const TOGETHER = 20_000

type Row = Record<string, string | number | null>

/**
 * Fills the database with so many more complaints, each with its person, conversation, message, answer and timeline, as if
 * they had come in over ten years. What they look like is taken from the cases that are there: some must be closed, some
 * open. Of `oneOpenIn` one is open still. Answers how many complaints there are then.
 */
export function grow({ store, clock }: Line, complaints: number, oneOpenIn: number): number {
  const { sqlite } = store.database
  const all = (sql: string, ...values: unknown[]) => sqlite.prepare(sql).all(...values) as Row[]
  const newest = (table: string) => Number(all(`SELECT coalesce(max(id), 0) AS id FROM ${table}`)[0]?.id)
  const models = all('SELECT * FROM complaints ORDER BY id').map((complaint) => {
    const [conversation] = all(
      "SELECT * FROM conversations WHERE person = ? AND kind = 'resident'",
      complaint.person,
    )
    return {
      complaint,
      state: JSON.parse(String(complaint.state)) as Complaint,
      conversation: conversation ?? {},
      person: all('SELECT * FROM persons WHERE id = ?', complaint.person)[0] ?? {},
      inbox: all(
        "SELECT * FROM inbox WHERE conversation = ? AND cause = 'message' ORDER BY id",
        conversation?.id,
      ),
      outbox: all(
        "SELECT * FROM outbox WHERE conversation = ? AND kind = 'text' ORDER BY id",
        conversation?.id,
      ),
      timeline: all('SELECT * FROM timeline WHERE complaint = ? ORDER BY seq', complaint.id),
    }
  })
  const closed = models.filter(({ complaint }) => complaint.open === 0)
  const open = models.filter(({ complaint }) => complaint.open === 1)
  const inserts = new Map<string, (row: Row) => void>()
  function insert(table: string, row: Row): void {
    const write = inserts.get(table) ?? insertInto(table, Object.keys(row))
    inserts.set(table, write)
    write(row)
  }
  function insertInto(table: string, columns: readonly string[]): (row: Row) => void {
    const names = columns.map((name) => `"${name}"`).join()
    const statement = sqlite.prepare(
      `INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join()})`,
    )
    return (row) => void statement.run(columns.map((name) => row[name]))
  }

  const first = {
    person: newest('persons'),
    conversation: newest('conversations'),
    complaint: newest('complaints'),
  }
  const now = clock.now()
  const loads = new Map<string, number>()
  sqlite.pragma('foreign_keys = OFF')
  sqlite.pragma('synchronous = OFF')
  for (let from = 0; from < complaints; from += TOGETHER) {
    sqlite.exec('BEGIN IMMEDIATE')
    for (let n = from; n < Math.min(from + TOGETHER, complaints); n++) {
      const isOpen = n % oneOpenIn === 0
      const kind = isOpen ? open : closed
      const model = kind[n % kind.length]
      if (!model) throw new Error('there are no cases to grow from')
      const id = first.complaint + n + 1
      const person = first.person + n + 1
      const conversation = first.conversation + n + 1
      const received = Math.floor(now - days(365 * YEARS) * (1 - n / complaints))
      const number = `TS-${localDay('Asia/Shanghai', received)}-${String(n).padStart(7, '0')}`
      const household = `${String(n % 60)}-${String(n % 4)}-${String(n)}`
      const own = Math.floor(n / oneOpenIn) % ESTATES
      const estate = own === 0 ? model.state.estate : `estate-${String(own)}`
      const { owner } = model.state
      insert('persons', { ...model.person, id: person, created_at: received })
      insert('conversations', {
        ...model.conversation,
        id: conversation,
        person,
        external_id: `old-${String(n)}`,
        created_at: received,
      })
      insert('complaints', {
        ...model.complaint,
        id,
        number,
        estate,
        person,
        household,
        received_at: received,
        closed_at: isOpen ? null : received + days(2),
        state: JSON.stringify({ ...model.state, id, number, estate, person, conversation }),
      })
      const message = model.inbox[n % model.inbox.length]
      if (message) {
        const { id: _, ...kept } = message
        insert('inbox', {
          ...kept,
          conversation,
          sender: `old-${String(n)}`,
          received_at: received,
          at: received,
        })
      }
      const answer = model.outbox[n % model.outbox.length]
      if (answer) {
        const { id: _, ...kept } = answer
        insert('outbox', { ...kept, conversation, recipient: `old-${String(n)}`, created_at: received })
      }
      for (const entry of model.timeline.slice(0, 4))
        insert('timeline', { ...entry, complaint: id, words: null })
      if (!isOpen || owner === null) continue
      insert('timers', {
        kind: 'complaint',
        id,
        due: now + days(30) + n,
        revision: Number(model.complaint.revision),
      })
      insert('holders', { staff: owner, complaint: id })
      loads.set(owner, (loads.get(owner) ?? 0) + 1)
    }
    sqlite.exec('COMMIT')
  }
  for (const [staff, more] of loads)
    sqlite.prepare('UPDATE loads SET open = open + ? WHERE staff = ?').run(more, staff)
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  return newest('complaints')
}
