import { complaintOfTask } from '../bot/card-task.ts'
import { staffOf } from '../workflows/estate.ts'
import type { ComplaintId } from '../workflows/ids.ts'
import { benchCompany } from './estate.ts'
import type { Line } from './line.ts'
import { atOnce, measured, type Measured } from './measure.ts'
import { intakeOf, messagesEach, repaired, solved, stars } from './residents.ts'

export interface Counts {
  readonly registered: number
  readonly closed: number
}

export function countCases({ store }: Line): Counts {
  const row = store.database.sqlite
    .prepare(
      "SELECT count(*) AS registered, count(*) FILTER (WHERE status = 'closed') AS closed FROM complaints",
    )
    .get() as Counts
  return row
}

/** Milliseconds between the first messages of those who talk at once. */
const APART = 10

/** Residents `from` … `from + residents - 1` tell their complaints; each waits for the answer before going on. */
export function tell(line: Line, from: number, residents: number, inFlight: number): Promise<Measured> {
  return measured(async (took) => {
    await atOnce(inFlight, residents, async (n) => {
      // People do not begin together: else all would confirm, which is the most work, in one batch.
      if (n < inFlight) await new Promise((resolve) => setTimeout(resolve, (n % messagesEach) * APART))
      for (const text of intakeOf(from + n)) {
        const began = performance.now()
        await line.resident(from + n, text)
        took(performance.now() - began)
      }
    })
    await line.allSent()
  })
}

/** What one message left: the event as the inbox has it, the conversation's next state, what was answered. */
export interface Written {
  readonly event: string
  readonly state: string
  readonly said: string
}

/** One message after another of some residents, and what is written of each. */
export async function copyOf(
  line: Line,
  from: number,
  residents: number,
): Promise<readonly (readonly Written[])[]> {
  const read = line.store.database.sqlite.prepare(
    `SELECT (SELECT event FROM inbox WHERE conversation = c.id AND cause = 'message' ORDER BY id DESC LIMIT 1) AS event,
       c.state, (SELECT body FROM outbox WHERE conversation = c.id ORDER BY id DESC LIMIT 1) AS said
     FROM conversations c WHERE external_id = ?`,
  )
  const written: Written[][] = []
  for (let n = from; n < from + residents; n++) {
    const messages: Written[] = []
    for (const text of intakeOf(n)) {
      await line.resident(n, text)
      messages.push(read.get(`wx-${String(n)}`) as Written)
    }
    written.push(messages)
  }
  return written
}

/**
 * The same messages at a fixed rate a second, whoever is served how soon; late is counted from when each was due. One
 * resident begins after another, and so many talk at once that nobody's next message comes before the last one's answer.
 */
export function tellAtRate(line: Line, from: number, residents: number, rate: number): Promise<Measured> {
  const talking = Math.min(residents, 250)
  const messages = Array.from({ length: residents }, (_, n) =>
    intakeOf(from + n).map((text, k) => ({
      n: from + n,
      text,
      due: (n * messagesEach + k * talking) / rate,
    })),
  )
    .flat()
    .sort((a, b) => a.due - b.due)
  return measured(async (took) => {
    const began = performance.now()
    const sent: Promise<void>[] = []
    for (const { n, text, due } of messages) {
      const at = began + due * 1000
      while (performance.now() < at) await new Promise((resolve) => setTimeout(resolve, 1))
      sent.push(line.resident(n, text).then(() => took(performance.now() - at)))
    }
    await Promise.all(sent)
    await line.allSent()
  })
}

/** How long a reply or a card may take to leave before the bench gives up (real milliseconds). */
const PATIENCE = 20_000

/**
 * Every open case is worked on by its owner and rated by its resident, until all are closed: accepted, said to be done,
 * with a picture; then the resident says that it is solved and gives five stars, each after being asked. The last picture,
 * which this platform does not have, is given up a little later: that is not waited for.
 */
export function work(line: Line, outbox: Sent): Promise<Measured> {
  const staff = staffOf(benchCompany(), null)
  const queues = new Map<string, { id: ComplaintId; resident: number }[]>()
  for (const row of openCases(line)) {
    const userid = staff.find((member) => member.id === row.owner)?.wecom
    if (!userid) throw new Error(`complaint ${String(row.id)} has nobody who works on it`)
    const queue = queues.get(userid) ?? []
    queues.set(userid, [...queue, { id: row.id, resident: Number(row.sender.slice('wx-'.length)) }])
  }
  const lanes = [...queues]
  return measured(async (took) => {
    const timed = async (work: () => Promise<unknown>) => {
      const began = performance.now()
      await work()
      took(performance.now() - began)
    }
    await atOnce(lanes.length, lanes.length, async (n) => {
      const [userid, queue] = lanes[n] ?? ['', []]
      for (const { id, resident } of queue) {
        const card = await outbox.card(userid, id)
        const press = (action: string) => ({ type: 'press', card, code: null, action, selected: {} }) as const
        const picture = `picture-${String(id)}`
        await timed(() => line.staff(userid, press('accept')))
        await timed(() => line.staff(userid, press('done')))
        await timed(() => line.staff(userid, { type: 'text', text: repaired }))
        const asked = outbox.line(resident)
        await timed(() => line.staff(userid, { type: 'media', kind: 'image', media: picture, name: null }))
        await asked
        const thanked = outbox.line(resident)
        await timed(() => line.resident(resident, solved))
        await thanked
        await timed(() => line.resident(resident, stars))
      }
    })
  })
}

/** What has left, for those who wait for it. */
export interface Sent {
  /** The newest card of this case at this person, as soon as there is one. */
  card(userid: string, id: ComplaintId): Promise<string>
  /** The next line to this resident. */
  line(resident: number): Promise<void>
}

export function watch(line: Line): Sent {
  const staff = new Map(staffOf(benchCompany(), null).map((member) => [member.wecom, member.id]))
  const cards = new Map<string, string>()
  const waiting = new Map<string, () => void>()
  line.onSend(({ to, body }) => {
    let about = to
    if (body.type === 'card') {
      const member = staff.get(to)
      const id = member === undefined ? null : complaintOfTask(body.task, line.store.id, member)
      about = `${to}/${String(id)}`
      cards.set(about, body.task)
    }
    waiting.get(about)?.()
    waiting.delete(about)
  })
  const next = (about: string) =>
    new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new Error(`nothing went to ${about} within ${String(PATIENCE)} ms`))
      }, PATIENCE)
      waiting.set(about, () => {
        clearTimeout(limit)
        resolve()
      })
    })
  return {
    async card(userid, id) {
      const about = `${userid}/${String(id)}`
      const known = cards.get(about)
      if (known !== undefined) return known
      await next(about)
      return cards.get(about) ?? ''
    },
    line: (resident) => next(`wx-${String(resident)}`),
  }
}

function openCases({ store }: Line) {
  return store.database.sqlite
    .prepare(
      `SELECT complaints.id, complaints.owner, conversations.external_id AS sender FROM complaints
       JOIN conversations ON conversations.person = complaints.person WHERE complaints.open = 1 ORDER BY complaints.id`,
    )
    .all() as { id: ComplaintId; owner: string | null; sender: string }[]
}
