import type { Logger } from 'pino'
import type { Channel, OutboundBody, Outcome } from '../adapters/channel.ts'
import type { OutboxRow } from '../db/outbox.ts'
import type { Store } from '../db/store.ts'
import { seconds, type Millis } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'
import { createDelivery, type DeliveryParts, type Item, type Prepared } from './delivery.ts'
import { failureOf } from './failure.ts'
import type { FlightLog } from './flight.ts'
import type { Inbox } from './inbox.ts'
import { createLeftovers } from './leftovers.ts'
import type { Sharing } from './lease.ts'
import { createMarks } from './marks.ts'
import { createRecall } from './recall.ts'
import { within } from '../adapters/within.ts'

/** In flight at once, over all recipients; one at most to each of them. */
const MOST_IN_FLIGHT = 20

/** A graceful stop waits so long for what is in flight (real milliseconds). */
const DRAIN: Millis = 5_000

/** A recipient that could not be gone on with is tried again so much later. */
const AGAIN: Millis = seconds(1)

export interface OutboxParts extends DeliveryParts {
  readonly store: Store
  readonly channels: readonly Channel[]
  readonly clock: Clock
  readonly log: Pick<Logger, 'error' | 'warn'>
  /** Opens the notes on a channel's sends, once the channel is this process's to serve. */
  readonly flights: (channel: string) => FlightLog
  /** Whether others write rows of the channels that are sent here. */
  readonly sharing?: Sharing
  /** Throws when this process may not send any more; asked before each send. */
  readonly guard?: () => void
}

export interface Outbox {
  /** Rows that were just committed here. What this process does not serve is found by the one that does. */
  dispatch(rows: readonly OutboxRow[]): void
  /** Begins to tell what becomes of sends to the inbox. */
  start(inbox: Pick<Inbox, 'report' | 'write'>): void
  /** These channels are this process's alone from now on: takes over what an earlier one left, then sends. */
  serve(channels: readonly string[]): Promise<void>
  /** Another process has written: there may be rows to send. */
  look(): void
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  /** Nothing more leaves; waits at most 5 s for what is on its way. */
  stop(): Promise<void>
}

/** Everything for one recipient, in order, whatever has to do with safety first. */
interface Lane {
  readonly name: string
  readonly channel: string
  items: Item[]
  busy: boolean
  queued: boolean
  wake: (() => void) | null
}

/** A send that leaves with others of the same moment. */
interface Departure {
  readonly item: Item
  readonly body: OutboundBody
  readonly resolve: (outcome: Promise<Outcome>) => void
  readonly reject: (error: unknown) => void
}

/** Channels that are served here, and up to which row what they send was taken up. */
interface Share {
  readonly channels: readonly string[]
  seen: number
}

/**
 * Sends what was committed: in order per recipient, at most twenty at once, each outcome written back through the inbox.
 * A send that fails never fails a turn.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const { store, clock, log } = parts
  const delivery = createDelivery(parts)
  const channels = new Map(parts.channels.map((channel) => [channel.name as string, channel]))
  const lanes = new Map<string, Lane>()
  const ready: Lane[] = []
  /** Channels that send one thing at a time, and do. */
  const taken = new Set<string>()
  const flying = new Set<number>()
  const flights = new Map<string, FlightLog>()
  const served: Share[] = []
  /** How often each channel was connected here. */
  const connections = new Map<string, number>()
  let inbox: Pick<Inbox, 'report' | 'write'> | null = null
  let busy = 0
  let stopping = false
  let looking = false
  let departing: Departure[] = []
  let allLanded: (() => void) | null = null
  const servedChannels = (): readonly string[] => served.flatMap((share) => share.channels)
  const door = (): Pick<Inbox, 'report' | 'write'> => {
    if (inbox === null) throw new Error('the outbox was not started')
    return inbox
  }
  const marks = createMarks({
    inbox: door,
    log,
    landed({ id, channel }) {
      flying.delete(id)
      flights.get(channel)?.landed(id)
    },
  })
  const leftovers = createLeftovers({
    store,
    clock,
    delivery,
    mayHaveLeft: ({ id, channel }) => flights.get(channel)?.mayHaveLeft(id) ?? false,
  })
  const recall = createRecall({ store, clock, log, inbox: door, channels: servedChannels, dispatch })

  function enqueue(item: Item): void {
    const name = `${item.row.channel}/${item.row.account}/${item.row.recipient}`
    const { channel } = item.row
    const lane = lanes.get(name) ?? { name, channel, items: [], busy: false, queued: false, wake: null }
    lanes.set(name, lane)
    lane.items.push(item)
    if (item.row.weight === 'safety') {
      // It does not wait for what the platform put off, nor for other people's turns.
      lane.wake?.()
      lane.wake = null
      if (lane.queued) ready.unshift(...ready.splice(ready.indexOf(lane), 1))
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
    if (lane.items.some(({ row }) => row.weight === 'safety')) ready.unshift(lane)
    else ready.push(lane)
    pump()
  }

  function pump(): void {
    while (!stopping && busy < MOST_IN_FLIGHT) {
      const at = ready.findIndex(({ channel }) => !taken.has(channel))
      const lane = ready[at]
      if (!lane) return
      ready.splice(at, 1)
      lane.queued = false
      lane.busy = true
      busy++
      if (channels.get(lane.channel)?.oneAtATime) taken.add(lane.channel)
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
      sleep(lane, AGAIN)
    } finally {
      lane.busy = false
      busy--
      taken.delete(lane.channel)
      offer(lane)
      pump()
      if (busy === 0) allLanded?.()
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
      void marks.write(item.row, () => {
        store.outbox.finish(item.row.id, 'skipped', item.row.attempts, null, prepared.why, clock.now())
        return []
      })
      return
    }
    if (stopping) return
    const connection = connections.get(lane.channel)
    const outcome = await send(item, prepared.body)
    await settle(lane, item, prepared.body, outcome)
    if (connections.get(lane.channel) !== connection) hurry(lane.channel)
  }

  /** However long it had been put off while there was no connection: people wait for it. */
  function hurry(channel: string): void {
    const now = clock.now()
    for (const lane of [...lanes.values()].filter((each) => each.channel === channel)) {
      for (const item of lane.items) item.row = { ...item.row, nextAt: Math.min(item.row.nextAt, now) }
      lane.wake?.()
      lane.wake = null
      offer(lane)
    }
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

  /** A card's face and code are chosen in a transaction of their own. */
  function prepare({ row, firstTriedAt }: Item): Prepared | Promise<Prepared> {
    const now = clock.now()
    if (row.kind !== 'card' || row.body !== null) return delivery.prepare({ row, firstTriedAt }, now)
    return door().write(() => delivery.claimCard(row, clock.now()))
  }

  function send(item: Item, body: OutboundBody): Promise<Outcome> {
    flying.add(item.row.id)
    return new Promise((resolve, reject) => {
      departing.push({ item, body, resolve, reject })
      if (departing.length === 1) queueMicrotask(sendTogether)
    })
  }

  /** In this order: whoever takes a channel over now either finds the notes, or has stopped these sends. */
  function sendTogether(): void {
    const together = departing
    departing = []
    try {
      for (const [channel, notes] of flights) {
        const ids = together.flatMap(({ item }) => (item.row.channel === channel ? [item.row.id] : []))
        if (ids.length > 0) notes.departs(ids)
      }
      parts.guard?.()
    } catch (error) {
      for (const { reject } of together) reject(error)
      return
    }
    for (const { item, body, resolve } of together) resolve(outcomeOf(item, body))
  }

  async function outcomeOf(item: Item, body: OutboundBody): Promise<Outcome> {
    const { row } = item
    const channel = channels.get(row.channel)
    if (!channel)
      return { type: 'refused', why: 'recipient', detail: `no channel ${row.channel} is connected` }
    item.firstTriedAt ??= row.unknowns > 0 ? row.createdAt : clock.now()
    try {
      return await channel.send(delivery.outboundOf(item, body))
    } catch (error) {
      log.error({ channel: row.channel, failure: failureOf(error) }, 'a channel threw while sending')
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
    const written = marks
      .write(item.row, () => {
        const result = delivery.settle(item, body, outcome, clock.now())
        settled.next = result.then === 'again' ? result.row : null
        return result.told
      })
      .then(() => {
        if (item.row.recallAt !== null && outcome.type === 'accepted') recall.schedule()
      })
    if (final) return
    await written
    if (settled.next === null) return remove(lane, item)
    item.row = settled.next
    flights.get(item.row.channel)?.waits(item.row.id)
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

  /** By their ids rows of several processes come in the order they were committed in. */
  function look(): void {
    for (const share of served)
      for (const row of store.outbox.pendingAfter(share.seen, share.channels)) takeUp(share, row)
  }

  /** Each row once, however it is heard of. */
  function takeUp(share: Share, row: OutboxRow): void {
    if (row.id <= share.seen) return
    share.seen = row.id
    enqueue({ row, firstTriedAt: null })
  }

  function dispatch(rows: readonly OutboxRow[]): void {
    if (parts.sharing?.with === 'others') {
      // One look is enough for all rows of one transaction.
      if (looking) return
      looking = true
      queueMicrotask(() => {
        looking = false
        look()
      })
      return
    }
    // What is not served yet is read when it is.
    for (const row of rows) {
      const share = served.find(({ channels }) => channels.includes(row.channel))
      if (share) takeUp(share, row)
    }
  }

  return {
    dispatch,
    look,
    start(begun) {
      inbox = begun
    },
    async serve(these) {
      const mine = [...channels.keys()].filter((name) => these.includes(name))
      for (const name of mine) {
        flights.set(name, parts.flights(name))
        channels.get(name)?.onConnected?.(() => {
          connections.set(name, (connections.get(name) ?? 0) + 1)
          hurry(name)
        })
      }
      const { rows, lost, seen } = await door().write(() => {
        const left = store.outbox.pendingAfter(0, these)
        store.outbox.claim(these)
        return { ...leftovers.take(left), seen: left.at(-1)?.id ?? 0 }
      })
      if (lost.length > 0) await door().report(() => lost.flatMap(leftovers.letGo))
      for (const name of mine) flights.get(name)?.start()
      served.push({ channels: these, seen })
      for (const row of rows) enqueue({ row, firstTriedAt: null })
      // What was committed meanwhile.
      look()
      recall.schedule()
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
      marks.stop()
      recall.stop()
      if (busy > 0) {
        const all = new Promise<void>((resolve) => (allLanded = resolve))
        await within(DRAIN, all).catch(() => undefined)
      }
      const inFlight = [...flying]
      if (served.length > 0) await inbox?.write(() => store.outbox.release(servedChannels(), inFlight))
      for (const notes of flights.values()) notes.close()
    },
  }
}
