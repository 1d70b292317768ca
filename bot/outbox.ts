import type { Logger } from 'pino'
import type { Channel, OutboundBody, Outcome } from '../adapters/channel.ts'
import type { OutboxRow } from '../db/outbox.ts'
import type { Store } from '../db/store.ts'
import type { Millis } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'
import { createDelivery, type DeliveryParts, type Item, type Prepared } from './delivery.ts'
import type { Told } from './effects.ts'
import { failureOf } from './failure.ts'
import type { FlightLog } from './flight.ts'
import type { Inbox } from './inbox.ts'

/** In flight at once, over all recipients; one at most to each of them. */
const MOST_IN_FLIGHT = 20

/** A graceful stop waits so long for what is in flight (real milliseconds). */
const DRAIN: Millis = 5_000

/** A mark the database did not take is tried again so much later. */
const MARK_AGAIN: Millis = 1_000

export interface OutboxParts extends DeliveryParts {
  readonly store: Store
  readonly channels: readonly Channel[]
  readonly clock: Clock
  readonly log: Pick<Logger, 'error' | 'warn'>
  readonly flights: FlightLog
}

export interface Outbox {
  /** Rows that were just committed. */
  dispatch(rows: readonly OutboxRow[]): void
  /** Takes over what an earlier process left, then sends. What becomes of sends goes back through the inbox. */
  start(inbox: Pick<Inbox, 'report' | 'write'>): Promise<void>
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  /** Nothing more leaves; waits at most 5 s for what is on its way. */
  stop(): Promise<void>
}

/** Everything for one recipient, in order, whatever has to do with safety first. */
interface Lane {
  readonly name: string
  items: Item[]
  busy: boolean
  queued: boolean
  wake: (() => void) | null
}

/**
 * Sends what was committed: in order per recipient, at most twenty at once, each outcome written back through the inbox.
 * A send that fails never fails a turn.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const { store, clock, log, flights } = parts
  const delivery = createDelivery(parts)
  const channels = new Map(parts.channels.map((channel) => [channel.name as string, channel]))
  const lanes = new Map<string, Lane>()
  const ready: Lane[] = []
  const flying = new Set<number>()
  let inbox: Pick<Inbox, 'report' | 'write'> | null = null
  let early: OutboxRow[] = []
  let busy = 0
  let stopping = false
  let landed: (() => void) | null = null
  let cancelRecall: (() => void) | null = null

  function enqueue(item: Item): void {
    const name = `${item.row.channel}/${item.row.account}/${item.row.recipient}`
    const lane = lanes.get(name) ?? { name, items: [], busy: false, queued: false, wake: null }
    lanes.set(name, lane)
    lane.items.push(item)
    if (item.row.weight === 'safety') {
      // It does not wait for what the platform put off.
      lane.wake?.()
      lane.wake = null
    }
    offer(lane)
  }

  function offer(lane: Lane): void {
    if (lane.busy || lane.queued || lane.wake !== null) return
    if (lane.items.length === 0) {
      lanes.delete(lane.name)
      return
    }
    lane.queued = true
    ready.push(lane)
    pump()
  }

  function pump(): void {
    while (!stopping && busy < MOST_IN_FLIGHT) {
      const lane = ready.shift()
      if (!lane) return
      lane.queued = false
      lane.busy = true
      busy++
      void serve(lane)
    }
  }

  async function serve(lane: Lane): Promise<void> {
    try {
      const item = nextOf(lane)
      if (item !== null) await serveItem(lane, item)
    } catch (error) {
      log.error(
        { failure: failureOf(error) },
        'the outbox could not go on with a recipient; tried again in 1 s',
      )
      sleep(lane, MARK_AGAIN)
    } finally {
      lane.busy = false
      busy--
      offer(lane)
      pump()
      if (busy === 0) landed?.()
    }
  }

  async function serveItem(lane: Lane, item: Item): Promise<void> {
    const prepared = await prepare(item)
    if (prepared.do === 'wait') {
      // Others to the same person do not wait for a photo.
      remove(lane, item)
      clock.after(prepared.for, () => enqueue(item))
      return
    }
    if (prepared.do === 'skip') {
      remove(lane, item)
      void mark(item, () => {
        store.outbox.finish(item.row.id, 'skipped', item.row.attempts, null, prepared.why, clock.now())
        return []
      })
      return
    }
    if (stopping) return
    const outcome = await send(item, prepared.body)
    await settle(lane, item, prepared.body, outcome)
  }

  /** Safety first; then the oldest, which nothing younger overtakes while the platform puts it off. */
  function nextOf(lane: Lane): Item | null {
    const now = clock.now()
    const urgent = lane.items.filter((item) => item.row.weight === 'safety')
    const ordinary = lane.items.find((item) => item.row.weight !== 'safety')
    const candidates = ordinary ? [...urgent, ordinary] : urgent
    const due = candidates.find((item) => item.row.nextAt <= now)
    if (due) return due
    if (candidates.length > 0) sleep(lane, Math.min(...candidates.map((item) => item.row.nextAt)) - now)
    return null
  }

  async function prepare(item: Item): Promise<Prepared> {
    const { row } = item
    if (row.kind !== 'card' || row.body !== null) return delivery.prepare(item, clock.now())
    if (inbox === null) throw new Error('the outbox was not started')
    return inbox.write(() => delivery.claimCard(row, clock.now()))
  }

  async function send(item: Item, body: OutboundBody): Promise<Outcome> {
    const channel = channels.get(item.row.channel)
    if (!channel)
      return { type: 'refused', why: 'recipient', detail: `no channel ${item.row.channel} is connected` }
    flying.add(item.row.id)
    flights.departs(item.row.id)
    item.firstTriedAt ??= item.row.unknowns > 0 ? item.row.createdAt : clock.now()
    try {
      return await channel.send(delivery.outboundOf(item, body))
    } catch (error) {
      log.error({ channel: item.row.channel, failure: failureOf(error) }, 'a channel threw while sending')
      return { type: 'unknown', detail: failureOf(error) }
    }
  }

  /** What left for good makes room at once; what is tried again keeps its place until that is written. */
  async function settle(lane: Lane, item: Item, body: OutboundBody, outcome: Outcome): Promise<void> {
    const final = outcome.type === 'accepted' || outcome.type === 'refused'
    if (final) remove(lane, item)
    if (outcome.type !== 'accepted')
      log.warn({ outbox: item.row.id, channel: item.row.channel, outcome }, 'a send was not accepted')
    const settled: { next: OutboxRow | null } = { next: null }
    const written = mark(item, () => {
      const result = delivery.settle(item, body, outcome, clock.now())
      settled.next = result.then === 'again' ? result.row : null
      return result.told
    }).then(() => {
      if (item.row.recallAt !== null && outcome.type === 'accepted') scheduleRecall()
    })
    if (final) return
    await written
    if (settled.next === null) remove(lane, item)
    else item.row = settled.next
  }

  /** Writes what became of a row with the next transaction, and again until the database takes it. */
  async function mark(item: Item, work: () => readonly Told[]): Promise<void> {
    while (inbox !== null) {
      try {
        await inbox.report(work)
        flying.delete(item.row.id)
        flights.landed(item.row.id)
        return
      } catch (error) {
        log.error({ outbox: item.row.id, failure: failureOf(error) }, 'an outcome could not be stored')
        if (stopping) return
        await new Promise((resolve) => setTimeout(resolve, MARK_AGAIN).unref())
      }
    }
  }

  function remove(lane: Lane, item: Item): void {
    lane.items = lane.items.filter((other) => other !== item)
  }

  function sleep(lane: Lane, length: Millis): void {
    lane.wake = clock.after(length, () => {
      lane.wake = null
      offer(lane)
    })
  }

  function scheduleRecall(): void {
    cancelRecall?.()
    const at = stopping ? null : store.outbox.nextRecall()
    cancelRecall = at === null ? null : clock.after(Math.max(0, at - clock.now()), () => void recallDue())
  }

  /** Lines that were sent on loan, a resident's number, are taken back by a send of its own. */
  async function recallDue(): Promise<void> {
    cancelRecall = null
    if (inbox === null || stopping) return
    try {
      const rows = await inbox.write(() =>
        store.outbox.dueForRecall(clock.now()).map(({ id, ref, row }) => {
          store.outbox.recallQueued(id)
          const body = JSON.stringify({ type: 'recall', ref })
          const now = clock.now()
          return store.outbox.insert({
            ...row,
            kind: 'recall',
            body,
            weight: 'plain',
            recallAt: null,
            createdAt: now,
          })
        }),
      )
      dispatch(rows)
    } catch (error) {
      log.error(
        { failure: failureOf(error) },
        'what should be taken back could not be queued; tried again in 1 s',
      )
      cancelRecall = clock.after(MARK_AGAIN, () => void recallDue())
      return
    }
    scheduleRecall()
  }

  function dispatch(rows: readonly OutboxRow[]): void {
    if (inbox === null) early.push(...rows)
    else for (const row of rows) enqueue({ row, firstTriedAt: null })
  }

  return {
    dispatch,
    async start(door) {
      inbox = door
      const known = new Set(early.map((row) => row.id))
      const mine = await door.write(() =>
        store.outbox.takeOver().flatMap(({ foreign, ...row }) => {
          if (known.has(row.id)) return []
          const departed =
            foreign && flights.mayHaveLeft(row.id) && !(row.kind === 'card' && row.body === null)
          if (!departed) return [row]
          const item = { row, firstTriedAt: null }
          const next = delivery.afterUnknown(item, clock.now())
          if (next !== 'again') {
            store.outbox.finish(
              row.id,
              next,
              row.attempts + 1,
              null,
              'unknown: the program ended',
              clock.now(),
            )
            return []
          }
          const { attempts, unknowns, nextAt, body } = { ...row, unknowns: row.unknowns + 1 }
          store.outbox.again(row.id, {
            attempts,
            unknowns,
            nextAt,
            body,
            outcome: 'unknown: the program ended',
          })
          return [{ ...row, unknowns }]
        }),
      )
      flights.start()
      const waiting = early
      early = []
      dispatch([...mine, ...waiting])
      scheduleRecall()
    },
    troubles() {
      const { undelivered, unrecallable } = store.reads.backlog()
      const sentences: [number, string][] = [
        [undelivered.refused, 'messages were refused by their platform'],
        [undelivered.dead, 'messages were given up after many tries'],
        [undelivered.unknown, 'messages perhaps did not arrive, after a repeat'],
        [undelivered.letGo, 'small messages perhaps did not arrive and were not repeated'],
        [unrecallable, 'lines sent on loan cannot be taken back: their platform gave no id of them'],
      ]
      return sentences.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`)
    },
    async stop() {
      stopping = true
      cancelRecall?.()
      if (busy > 0) {
        await Promise.race([
          new Promise<void>((resolve) => (landed = resolve)),
          new Promise((resolve) => setTimeout(resolve, DRAIN)),
        ])
      }
      const inFlight = [...flying]
      await inbox?.write(() => store.outbox.release(inFlight))
      flights.close()
    },
  }
}
