import { tellOfDepartures } from '../../bot/departures.ts'
import { tellOfRosters } from '../../bot/rosters.ts'
import { readStored } from '../../db/stored.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { complaintSchema, type Complaint } from '../../workflows/complaint/state.ts'
import { deskNeeds, stepDesk } from '../../workflows/desk/index.ts'
import { staffOf, type Company } from '../../workflows/estate.ts'
import type { ComplaintId, Millis } from '../../workflows/ids.ts'
import type { Card } from '../../workflows/message.ts'
import type { Severity } from '../../workflows/severity.ts'
import { aRegistration, at, staffId } from './builders.ts'
import { accepted } from './channel.ts'
import { createFakeClock } from './clock.ts'
import { anEngine, anInbound, desk, type Engine } from './engine.ts'
import { createFakeSteps } from './fake-steps.ts'

/** The product's cases and desks on a real database, a clock that only moves when told to, and everybody's phone. */
export interface StaffRoom {
  readonly engine: Engine
  says(who: string, text: string): Promise<void>
  /** Presses a button of the newest card of theirs that has it; throws where none has. */
  presses(who: string, label: string, selected?: Readonly<Record<string, readonly string[]>>): Promise<void>
  /** Presses a card as it was, whatever became of it since. */
  pressesAgain(who: string): Promise<void>
  /** What they were told since this was asked last. */
  heard(who: string): string
  /** Their cards of no complaint, oldest first, as they are now. */
  cards(who: string): readonly Card[]
  /** A case by hand; answers its id. */
  registers(severity?: Severity): Promise<ComplaintId>
  complaint(id: ComplaintId): Complaint
  accepts(who: string, id: ComplaintId): Promise<void>
  passes(length: Millis): Promise<void>
  /** To that time on the wall. */
  until(wall: string): Promise<void>
  /** Ends this process; another one starts on the same data. */
  restarts(company?: Company): Promise<void>
  stop(): Promise<void>
}

let presses = 0
let cases = 0

export async function aStaffRoom(company: Company, start = '2026-11-23 10:00'): Promise<StaffRoom> {
  const clock = createFakeClock(at(start))
  const steps = () => ({ ...createFakeSteps(), stepComplaint, stepDesk, deskNeeds })
  let codes = 0
  const answer = () => ({ ...accepted, code: `sent-${++codes}` })
  const first = await anEngine({ clock, steps: steps(), company, answer })
  let engine = first
  const past = new Map<string, number>()
  let lastPress: Parameters<typeof anInbound>[0] | null = null

  /** What the program tells once it has taken the chores. */
  async function begun(): Promise<void> {
    await tellOfDepartures(engine.store, engine.inbox, engine.company)
    await tellOfRosters(engine.store, engine.inbox, engine.company, clock.now())
    await engine.settle()
  }
  await begun()

  const useridOf = (who: string): string =>
    staffOf(engine.company, null).find((s) => s.id === who)?.wecom ?? `nobody is ${who}`
  const sentTo = (who: string) => engine.wecom.sent.filter((out) => out.to === useridOf(who))

  /** Each card as it was last sent or changed, by its task. */
  function faces(who: string): ReadonlyMap<string, Card> {
    const shown = new Map<string, Card>()
    for (const { body } of sentTo(who))
      if (body.type === 'card' || body.type === 'cardUpdate') shown.set(body.task, body.card)
    return shown
  }

  async function receive(who: string, content: Parameters<typeof anInbound>[0]): Promise<void> {
    await engine.inbox.receive(
      anInbound(content, { channel: 'wecom', account: desk.account, sender: useridOf(who), at: clock.now() }),
    )
    await engine.settle()
  }

  const room: StaffRoom = {
    get engine() {
      return engine
    },
    says: (who, text) => receive(who, text),
    async presses(who, label, selected = {}) {
      const found = [...faces(who)].findLast(([, card]) => card.buttons.some((b) => b.label === label))
      const button = found?.[1].buttons.find((b) => b.label === label)
      if (!found || !button) throw new Error(`${who} has no card with ${label}`)
      lastPress = {
        type: 'press',
        card: found[0],
        code: `pressed-${++presses}`,
        action: button.action,
        selected,
      }
      await receive(who, lastPress)
    },
    async pressesAgain(who) {
      if (lastPress === null) throw new Error('nothing was pressed')
      await receive(who, lastPress)
    },
    heard(who) {
      const lines = sentTo(who).flatMap(({ body }) => (body.type === 'text' ? [body.text] : []))
      const before = past.get(who) ?? 0
      past.set(who, lines.length)
      return lines.slice(before).join('\n')
    },
    cards: (who) =>
      [...faces(who)].flatMap(([task, card]) => (/^[0-9a-f]{8}-[a-z]/.test(task) ? [card] : [])),
    async registers(severity = 'S3') {
      const {
        person: _p,
        conversation: _c,
        ...registration
      } = aRegistration({
        severity,
        receivedAt: clock.now(),
      })
      const known = await engine.inbox.register(
        { account: 'hand', id: `case-${++cases}`, facts: {} },
        registration,
      )
      await engine.settle()
      return known.id
    },
    complaint(id) {
      const row = engine.store.complaints.complaint(id)
      if (!row) throw new Error(`no complaint ${id}`)
      return readStored(complaintSchema, row.state, 'complaints', row.id)
    },
    async accepts(who, id) {
      await engine.inbox.submit({ to: 'complaint', id }, { type: 'accept', by: staffId(who) })
      await engine.settle()
    },
    async passes(length) {
      await clock.pass(length)
      await engine.settle()
    },
    until: (wall) => room.passes(at(wall) - clock.now()),
    async restarts(next = company) {
      await engine.timers.stop()
      await engine.outbox.stop()
      await engine.media.stop()
      await engine.inbox.stop()
      engine.store.close()
      engine = await anEngine({ dir: first.dir, clock, steps: steps(), company: next, answer })
      past.clear()
      await begun()
    },
    stop: () => engine.stop(),
  }
  return room
}
