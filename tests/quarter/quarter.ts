import { mkdtempSync, existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { productSteps } from '../../bot/steps.ts'
import type { Steps } from '../../bot/turn.ts'
import type { TimelineRow } from '../../db/complaints.ts'
import { readingStored } from '../../db/stored.ts'
import { complaintSchema, type Complaint } from '../../workflows/complaint/index.ts'
import { findEstate, type Company } from '../../workflows/estate.ts'
import {
  days,
  hours,
  minutes,
  type ComplaintId,
  type EstateId,
  type Instant,
  type StaffId,
} from '../../workflows/ids.ts'
import { createFakeClock, turnsOfTheLoop } from '../support/clock.ts'
import { anEngine, type Engine } from '../support/engine.ts'
import { at } from '../support/builders.ts'
import { chanceFrom } from './chance.ts'
import { quarterCompany, stricterCompany, type QuarterEstate } from './company.ts'
import { answer, intend, type Intention } from './people.ts'
import { aReport } from './reports.ts'

/** Three months with the Mid-Autumn and National Day holidays and their two made-up workdays in them. */
export const quarterBegins: Instant = at('2026-09-01 00:00')
export const quarterEnds: Instant = quarterBegins + days(90)

export interface QuarterOptions {
  readonly estate: QuarterEstate
  readonly complaints: number
  /** Whole days after which the program is stopped and started again; every other time it is killed. */
  readonly restartEvery: number
  /** From when on the stricter estate file applies. */
  readonly stricterFrom: Instant
}

/** Somebody away for some days, agreed on beforehand. */
export interface Leave {
  readonly staff: StaffId
  readonly from: Instant
  readonly until: Instant
}

/** What the quarter left behind: each case with its timeline. */
export interface QuarterCase {
  readonly number: string
  readonly estate: EstateId
  readonly timeline: readonly TimelineRow[]
}

export interface Quarter {
  readonly cases: readonly QuarterCase[]
  readonly leaves: readonly Leave[]
  readonly starts: number
  /** What came from outside, timers included. */
  readonly events: number
  readonly sent: number
  /** Acts the program refused, by type: people were late, or it was not theirs. */
  readonly refused: ReadonlyMap<string, number>
}

/** Nobody reacts more exactly than that, and a timer may so be late: real ones are not. */
export const grain = minutes(10)

/** Drives the whole engine (inbox, turns, database, embedded timers) through the quarter. */
export async function liveThrough(options: QuarterOptions): Promise<Quarter> {
  const chance = chanceFrom(options.estate === 'hefeng' ? 20_260_901 : 20_261_130)
  // Without a disk beneath it a commit costs what it does on a machine that does nothing else.
  /** Cases somebody was just alerted of. */
  const alerted = new Set<ComplaintId>()
  /** And somebody is about to answer. */
  const answering = new Set<ComplaintId>()
  const steps: Steps = {
    ...productSteps,
    stepComplaint(state, event, loaded, context) {
      const turn = productSteps.stepComplaint(state, event, loaded, context)
      const { alert } = turn.state
      if (alert && alert.to.length !== state?.alert?.to.length) alerted.add(turn.state.id)
      return turn
    },
  }
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'quarter-'))
  const clock = createFakeClock(quarterBegins)
  let company: Company = quarterCompany(options.estate)
  let starts = 0
  let engine: Engine<Steps> = await start()
  let sent = 0
  const arrivals = arrivalTimes(options.complaints)
  const looks = new Agenda()
  const refused = new Map<string, number>()

  function start(): Promise<Engine<Steps>> {
    starts++
    return anEngine({ dir, clock, company, steps, holder: `start-${starts}` })
  }

  async function restart(kill: boolean): Promise<void> {
    sent += engine.wechat.sent.length + engine.wecom.sent.length
    if (kill) {
      await engine.timers.stop()
      engine.die()
    } else await engine.stop()
    engine = await start()
  }

  async function settled(): Promise<void> {
    await turnsOfTheLoop(3)
    await engine.inbox.write(() => undefined)
    await turnsOfTheLoop(2)
  }

  async function report(n: number, receivedAt: Instant): Promise<void> {
    await engine.writes('你好', { sender: `wx-${String(n)}`, id: `hello-${String(n)}`, at: clock.now() })
    const row = engine.store.people.resident('wechaty', 'bot', `wx-${String(n)}`)
    if (!row?.person) throw new Error('the greeting made nobody known')
    const registration = aReport(
      { person: row.person, conversation: row.id },
      options.estate,
      receivedAt,
      chance,
    )
    const registered = await engine.inbox.submit({ to: 'newComplaint' }, { type: 'register', registration })
    if (!registered) throw new Error('nothing was registered')
    look(registered.id)
  }

  const states = readingStored(complaintSchema, 'complaints')
  const read = (id: ComplaintId): Complaint => {
    const row = engine.store.complaints.complaint(id)
    if (!row) throw new Error(`there is no complaint ${String(id)}`)
    return states.read(row.state, id)
  }

  /** Whoever was alerted hears it at once, whatever else goes on in the case. */
  function hearAlerts(): void {
    for (const id of alerted) {
      const c = read(id)
      const estate = findEstate(company, c.estate)
      if (!c.alert || !estate || answering.has(id)) continue
      const reply = answer({ c, now: clock.now(), estate, chance })
      if (!reply) continue
      answering.add(id)
      looks.add({ id, at: reply.at, intention: reply, stage: 'alert' })
    }
    alerted.clear()
  }

  /** Somebody looks at the case and makes up their mind; looked at again before long, since others act meanwhile. */
  function look(id: ComplaintId, intention: Intention | null = null, meant = ''): void {
    const c = read(id)
    const estate = findEstate(company, c.estate)
    if (c.marks.closed !== null || !estate) return
    const now = clock.now()
    const stage = stageOf(c)
    const next = stage === meant ? intention : intend({ c, now, estate, chance })
    const again = now + hours(6)
    looks.add({ id, at: Math.min(next?.at ?? again, again), intention: next, stage })
  }

  async function act({ id, intention, stage }: Look): Promise<void> {
    const before = read(id)
    if (stage === 'alert') {
      answering.delete(id)
      if (before.alert && intention) await engine.inbox.submit({ to: 'complaint', id }, intention.event)
      return
    }
    if (intention === null || intention.at > clock.now() || stageOf(before) !== stage) {
      look(id, intention, stage)
      return
    }
    const { event } = intention
    await engine.inbox.submit({ to: 'complaint', id }, event)
    if (stageOf(read(id)) === stage) refused.set(event.type, (refused.get(event.type) ?? 0) + 1)
    look(id)
  }

  const leaves = leavesOf(company)
  const toAsk = [...leaves]
  let stricter = false
  let nextRestart = quarterBegins + days(options.restartEvery)
  while (clock.now() < quarterEnds) {
    const due = engine.store.timers.first()?.due ?? Infinity
    const wanted = Math.min(
      due,
      looks.first() ?? Infinity,
      arrivals[0] ?? Infinity,
      (toAsk[0]?.from ?? Infinity) - days(2),
      quarterEnds,
    )
    const now = clock.now()
    const grid = Math.ceil(wanted / grain) * grain
    // The alarm of an S1 keeps its own time.
    const moment = Math.max(now + 1, wanted - now < minutes(2) ? wanted : grid)
    clock.jump(moment - now)
    await clock.pass(0)
    await settled()
    if (!stricter && clock.now() >= options.stricterFrom) {
      stricter = true
      company = stricterCompany(options.estate)
      await restart(false)
    }
    if (clock.now() >= nextRestart) {
      nextRestart += days(options.restartEvery)
      await restart(starts % 2 === 0)
    }
    while ((toAsk[0]?.from ?? Infinity) - days(2) <= clock.now()) {
      const leave = toAsk.shift()
      if (!leave) break
      const { staff, from, until } = leave
      const act = { do: 'leave', from, until, by: null } as const
      await engine.inbox.submit({ to: 'staff', id: staff }, { type: 'duty', act })
    }
    while ((arrivals[0] ?? Infinity) <= clock.now()) {
      const at = arrivals.shift() ?? 0
      await report(options.complaints - arrivals.length, at)
    }
    await Promise.all(looks.until(clock.now()).map(act))
    hearAlerts()
  }
  const events = engine.store.inbox.fromOutside(0, 1e6).length
  const cases = engine.store.reads
    .list({ estate: null, open: null, before: null, limit: options.complaints })
    .map(({ id, number, estate }) => {
      if (estate === null) throw new Error(`${number} has no estate`)
      return { number, estate, timeline: engine.store.complaints.timeline(id) }
    })
  sent += engine.wechat.sent.length + engine.wecom.sent.length
  await engine.stop()
  rmSync(dir, { recursive: true, force: true })
  return { cases, leaves, starts, events, sent, refused }

  /** Each week two people of the estate are away for three days. */
  function leavesOf({ estates }: Company): Leave[] {
    return estates.flatMap(({ staff }) =>
      Array.from({ length: 12 }, (_, week) => {
        const first = chance.below(staff.length)
        const away = [staff[first], staff[(first + 1 + chance.below(staff.length - 1)) % staff.length]]
        return away.flatMap((person, n) => {
          const from = quarterBegins + days(3 + week * 7 + n * 2)
          return person ? [{ staff: person.id, from, until: from + days(3) }] : []
        })
      }).flat(),
    )
  }

  /** Most write in the morning and after work; the last fortnight is left for the cases to end. */
  function arrivalTimes(count: number): Instant[] {
    return Array.from({ length: count }, () => {
      const hour = Number(chance.weighted({ 2: 2, 7: 8, 9: 18, 11: 12, 14: 12, 17: 16, 19: 20, 21: 12 }))
      return quarterBegins + days(chance.below(76)) + hours(hour) + minutes(chance.below(110))
    }).sort((a, b) => a - b)
  }
}

/** Whatever somebody else's act would change of what this one meant to do. */
const stageOf = (c: Complaint): string =>
  JSON.stringify([
    c.status,
    c.owner,
    c.alarm === null,
    c.danger?.suspected ?? null,
    c.question?.id ?? null,
    c.about.findings.length,
    c.marks,
    c.verified,
    c.responsibility,
    c.extensions,
    c.callback,
    c.visits.length,
    c.held === null,
    c.rating,
    c.ratingUntil,
    c.signed,
    c.parties,
  ])

interface Look {
  readonly id: ComplaintId
  readonly at: Instant
  readonly intention: Intention | null
  readonly stage: string
}

/** Who looks at what next: a binary heap by time. */
class Agenda {
  private readonly heap: Look[] = []

  first(): Instant | null {
    return this.heap[0]?.at ?? null
  }

  add(look: Look): void {
    const { heap } = this
    heap.push(look)
    for (let i = heap.length - 1; i > 0;) {
      const up = (i - 1) >> 1
      if (!this.before(i, up)) return
      this.swap(i, up)
      i = up
    }
  }

  /** Taken out: everything wanted by then, earliest first. */
  until(moment: Instant): readonly Look[] {
    const taken: Look[] = []
    for (let first = this.heap[0]; first && first.at <= moment; first = this.heap[0]) {
      taken.push(first)
      this.removeFirst()
    }
    return taken
  }

  private removeFirst(): void {
    const { heap } = this
    const last = heap.pop()
    if (!last || heap.length === 0) return
    heap[0] = last
    for (let i = 0; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2]
      const least = right < heap.length && this.before(right, left) ? right : left
      if (least >= heap.length || !this.before(least, i)) return
      this.swap(i, least)
      i = least
    }
  }

  private before(a: number, b: number): boolean {
    return (this.heap[a]?.at ?? 0) < (this.heap[b]?.at ?? 0)
  }

  private swap(a: number, b: number): void {
    const [x, y] = [this.heap[a], this.heap[b]]
    if (!x || !y) return
    this.heap[a] = y
    this.heap[b] = x
  }
}
