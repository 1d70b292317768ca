import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import type { Inbound, Receive } from '../adapters/channel.ts'
import type { InboxRow, NewInboxRow } from '../db/inbox.ts'
import type { OutboxRow } from '../db/outbox.ts'
import type { Store } from '../db/store.ts'
import { readJson } from '../db/stored.ts'
import { TransactionLost } from '../db/transactions.ts'
import type { Registration } from '../workflows/complaint/events.ts'
import type { Company } from '../workflows/estate.ts'
import { hours, type ComplaintId } from '../workflows/ids.ts'
import type { KeepFor } from '../workflows/kept.ts'
import { unknownPerson, type Address, type PersonFacts } from '../workflows/turn.ts'
import { createGroupCommit } from './batch.ts'
import { createChain, internal, type Goal } from './chain.ts'
import type { Clock } from './clock.ts'
import { emptyJournal, loudWords, type DeskAddress, type Journal, type Told } from './effects.ts'
import { failureOf } from './failure.ts'
import type { Media } from './media.ts'
import { createReceipts, noteOf } from './receipt.ts'
import { createRetries, MOST_TRIES, nextTry } from './retries.ts'
import type { SecondReader } from './second-reader.ts'
import type { Fire, Timers } from './timers/timers.ts'
import { createTurns, type AnyEvent, type Steps } from './turn.ts'

export interface InboxParts {
  readonly store: Store
  readonly steps: Steps
  readonly clock: Clock
  /** The estate file's newest version; a turn sees what it is at that moment. */
  readonly company: () => Company
  /** The account of the company's app, by which staff are written to. */
  readonly desk: DeskAddress
  /** How long things are kept after the end of a case. */
  readonly keep: KeepFor
  /** Whether a service that telephones is connected. */
  readonly telephones?: boolean
  /** Reads messages beside the rules, where a language model is connected. */
  readonly model?: SecondReader | null
  readonly timers: Pick<Timers, 'arm' | 'cancel'>
  readonly outbox: { dispatch(rows: readonly OutboxRow[]): void }
  readonly media: Pick<Media, 'wake' | 'again'>
  readonly log: Pick<Logger, 'error'>
  /** A fresh whole number below 2⁴⁸; recorded with the event, so that a replay draws the same digits. */
  readonly random?: () => number
  /** Throws when this process may no longer write; asked inside every transaction. */
  readonly guard?: () => void
}

export interface Registered {
  readonly id: ComplaintId
  readonly number: string
}

/** The event is stored and will be tried again, but no answer can be given now. */
export class TurnFailed extends Error {
  override name = 'TurnFailed'
}

export interface Inbox {
  /** Takes a message in. Resolves when it and what was decided of it are on the disk. */
  readonly receive: Receive
  /** An event of the program's own. Answers the complaint it registered, if any. Throws `TurnFailed`. */
  readonly submit: (whom: Address, event: AnyEvent) => Promise<Registered | null>
  /** A case registered by hand. The same `id` from the same `account` registers once. Throws `TurnFailed`. */
  register(by: ByHand, registration: Omit<Registration, 'person' | 'conversation'>): Promise<Registered>
  /** A timer fired. Resolves when that is stored; does nothing where the row has changed. */
  readonly fire: Fire
  /**
   * Writes marks of sends and files, at most 50 ms later. What `work` answers are events that follow from them, stored
   * and turned in the same transaction.
   */
  report(work: () => readonly Told[]): Promise<void>
  /** Like `report`, at once and with an answer, where something must be on the disk before it may be done. */
  write<T>(work: () => T): Promise<T>
  /** This process, and no other, tries again what failed before. To be called again when others may have failed. */
  start(): void
  /** Tries one failed or dead event again now. Answers whether it is decided. */
  tryAgain(id: number): Promise<boolean>
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  /** Everything taken in is on the disk when it resolves. */
  stop(): Promise<void>
}

export interface ByHand {
  readonly account: string
  readonly id: string
  readonly facts: Partial<PersonFacts>
}

/** A timer whose turn fails for good is tried again so much later: no complaint waits for nobody. */
const AFTER_DEAD = hours(1)

/** The one door for turns: everything that happens comes in here, in order, and is decided and stored at once. */
export function createInbox(parts: InboxParts): Inbox {
  const { store, clock, log } = parts
  const random = parts.random ?? (() => randomInt(2 ** 48 - 1))
  const turns = createTurns(parts)
  const chain = createChain({ store, turns, desk: parts.desk })
  const receipts = createReceipts(store, parts.steps, parts.desk, log)
  const commits = createGroupCommit(store.transactions, parts.guard ?? (() => undefined), log)
  const retries = createRetries(store, clock, tryAgain)
  let failedSince = false

  /** Stores a row and takes its turn. A failing turn leaves the row, to be tried again. */
  function take(row: NewInboxRow, goal: Goal, event: AnyEvent, journals: Journal[]): boolean {
    const id = store.inbox.insert(row)
    return attempt({ id, attempts: 0, seed: row.seed }, goal, event, row.receivedAt, journals)
  }

  function attempt(
    row: Pick<InboxRow, 'id' | 'attempts' | 'seed'>,
    goal: Goal,
    event: AnyEvent,
    now: number,
    journals: Journal[],
  ): boolean {
    const journal = emptyJournal()
    const context = { now, company: parts.company(), seed: row.seed, journal }
    try {
      store.transactions.turn(() => chain.run(row.id, goal, event, context))
    } catch (error) {
      if (error instanceof TransactionLost) throw error
      failedSince = true
      const failure = failureOf(error)
      const nextAt = nextTry(row.attempts, now)
      store.inbox.failed(row.id, row.attempts + 1, failure, nextAt)
      if (nextAt === null) setAside(goal, event, now, journals)
      log.error({ inbox: row.id, event: event.type, attempt: row.attempts + 1, failure }, 'a turn failed')
      return false
    }
    journals.push(journal)
    return true
  }

  function setAside(goal: Goal, event: AnyEvent, now: number, journals: Journal[]): void {
    if (event.type !== 'due' || goal.kind === 'newComplaint') return
    const later = store.timers.postpone(goal.kind, goal.id, now + AFTER_DEAD)
    if (later !== null) journals.push({ ...emptyJournal(), timers: [later] })
  }

  /** Only now may anything leave. */
  function after(journals: readonly Journal[]): void {
    for (const journal of journals) {
      for (const timer of journal.timers) {
        if (timer.due === null) parts.timers.cancel(timer.kind, timer.id)
        else parts.timers.arm(timer.kind, timer.id, timer.due, timer.revision)
      }
      if (journal.outbox.length > 0) parts.outbox.dispatch(journal.outbox)
      if (journal.media) parts.media.wake()
      if (journal.questions.length > 0) parts.model?.ask(journal.questions)
      for (const { number, why } of journal.loud) log.error({ complaint: number }, loudWords[why])
    }
    if (!failedSince) return
    failedSince = false
    retries.schedule()
  }

  /** One job of the group commit, given a list for what must happen after it. */
  function inTransaction<T>(
    work: (journals: Journal[]) => T,
    options: { lazy?: boolean; order?: { lane: string; at: number } } = {},
  ): Promise<T> {
    return commits
      .run(
        () => {
          const journals: Journal[] = []
          return { value: work(journals), journals }
        },
        { ...options, afterCommit: ({ journals }) => after(journals) },
      )
      .then(({ value }) => value)
  }

  async function receive(inbound: Inbound): Promise<'stored' | 'duplicate'> {
    const result = await takeIn(inbound)
    const { channel, content } = inbound
    if (result === 'duplicate' && content.type === 'media') parts.media.again(channel, content.media)
    return result
  }

  function takeIn(inbound: Inbound): Promise<'stored' | 'duplicate'> {
    const lane = `${inbound.account}/${inbound.sender}`
    return inTransaction(
      (journals) => {
        const key = {
          channel: inbound.channel,
          account: inbound.account,
          sender: inbound.sender,
          messageId: inbound.id,
        }
        if (store.inbox.has(key)) return 'duplicate'
        const now = clock.now()
        const company = parts.company()
        const arrival = emptyJournal()
        const conversation = receipts.conversationOf(inbound, company, now)
        const event =
          conversation === null
            ? noteOf(inbound, now)
            : receipts.eventOf(inbound, conversation, company, now, arrival)
        journals.push(arrival)
        const row: NewInboxRow = {
          ...key,
          cause: 'message',
          parent: null,
          groupId: inbound.group?.id ?? null,
          conversation: conversation?.id ?? null,
          complaint: null,
          event: JSON.stringify(event),
          version: company.version,
          at: inbound.at,
          receivedAt: now,
          seed: random(),
        }
        if (conversation === null) store.inbox.insert(row)
        else take(row, { kind: 'conversation', id: conversation.id, row: conversation }, event, journals)
        return 'stored'
      },
      // gRPC delivers out of order; everywhere else arrival is the order.
      inbound.channel === 'wechaty' ? { order: { lane, at: inbound.at } } : {},
    )
  }

  /** A row of the program's own, from outside any turn. */
  function ownRow(cause: NewInboxRow['cause'], goal: Goal, event: AnyEvent): NewInboxRow {
    const now = clock.now()
    return {
      ...internal,
      cause,
      parent: null,
      conversation: goal.kind === 'conversation' ? goal.id : null,
      complaint: goal.kind === 'complaint' ? goal.id : null,
      event: JSON.stringify(event),
      version: parts.company().version,
      at: now,
      receivedAt: now,
      seed: random(),
    }
  }

  function fire(kind: 'complaint' | 'conversation', id: number, revision: number): Promise<void> {
    return inTransaction((journals) => {
      const timer = store.timers.get(kind, id)
      if (timer === null || timer.revision !== revision || timer.due > clock.now()) return
      const key = { channel: 'program', account: 'timer', sender: `${kind}:${id}`, messageId: `r${revision}` }
      // Taken in before, and waiting for another try.
      if (store.inbox.has(key)) return
      const goal = { kind, id } as Goal
      const event: AnyEvent = { type: 'due' }
      take({ ...ownRow('timer', goal, event), ...key }, goal, event, journals)
    })
  }

  function takeTold(cause: NewInboxRow['cause'], told: Told, journals: Journal[]): boolean {
    const routed = chain.route(told, parts.company(), clock.now())
    if (routed === null) return true
    return take(ownRow(cause, routed.goal, routed.event), routed.goal, routed.event, journals)
  }

  function registeredIn(journals: readonly Journal[]): Registered | null {
    return journals.find((journal) => journal.registered !== null)?.registered ?? null
  }

  function tryAgain(id: number): Promise<boolean> {
    return inTransaction((journals) => {
      const row = store.inbox.byId(id)
      if (row === null || row.state === 'done') return false
      const now = clock.now()
      const event = readJson(row.event, 'inbox', id) as AnyEvent
      const done = attempt(row, goalOf(row, event), event, now, journals)
      if (done) store.inbox.turned(id, now)
      return done
    })
  }

  return {
    receive,
    fire,
    async submit(whom, event) {
      return inTransaction((journals) => {
        const done = takeTold('program', { whom, event }, journals)
        return { done, registered: registeredIn(journals) }
      }).then(({ done, registered }) => answered(done, registered))
    },
    async register(by, registration) {
      const { done, registered } = await inTransaction((journals) => {
        const now = clock.now()
        const key = { channel: 'api', account: by.account, sender: by.id, messageId: by.id }
        if (store.inbox.has(key)) return { done: true, registered: registeredBefore(by) }
        const conversation = receipts.residentOf(
          { channel: 'api', account: by.account, externalId: by.id, shownName: null },
          now,
        )
        const { person } = conversation
        if (person === null) throw new Error('a case registered by hand has no person')
        store.people.savePerson(person, {
          ...unknownPerson,
          ...by.facts,
          household: by.facts.household ? JSON.stringify(by.facts.household) : null,
        })
        const whole: Registration = { ...registration, person, conversation: conversation.id }
        const event: AnyEvent = { type: 'register', registration: whole }
        const row = {
          ...ownRow('api', { kind: 'newComplaint' }, event),
          ...key,
          conversation: conversation.id,
        }
        const taken = take(row, { kind: 'newComplaint' }, event, journals)
        return { done: taken, registered: registeredIn(journals) }
      })
      const known = answered(done, registered)
      if (known === null) throw new TurnFailed('this case was taken in before and is not registered yet')
      return known
    },
    async report(work) {
      await inTransaction(
        (journals) => {
          for (const told of work()) takeTold('outcome', told, journals)
        },
        { lazy: true },
      )
    },
    write: (work) => inTransaction(work),
    start: () => retries.start(),
    tryAgain,
    troubles() {
      const { inboxDead, inboxWaiting } = store.reads.backlog()
      const unlisted = receipts.unlistedCount(parts.company(), clock.now())
      return [
        ...(unlisted > 0
          ? [
              `${unlisted} people wrote to the company's app in the last 7 days and are not (active) in the estate file: ` +
                'they were told to ask for it; nothing of theirs is worked on',
            ]
          : []),
        ...(inboxDead > 0
          ? [
              `${inboxDead} events could not be decided after ${MOST_TRIES} tries: GET /api/undelivered, ` +
                'then POST /api/dead/<id>/retry',
            ]
          : []),
        ...(inboxWaiting > 0 ? [`${inboxWaiting} events failed and wait to be tried again`] : []),
      ]
    },
    async stop() {
      retries.stop()
      await commits.drained()
    },
  }

  function registeredBefore(by: ByHand): Registered | null {
    const conversation = store.people.resident('api', by.account, by.id)
    const person = conversation?.person ?? null
    if (person === null) return null
    const [row] = store.complaints.ofPerson(person, 0)
    return row ? store.reads.numberOf(row.id) : null
  }
}

function answered(done: boolean, registered: Registered | null): Registered | null {
  if (!done) throw new TurnFailed('the event is stored, but could not be decided yet; it is tried again')
  return registered
}

/** Where an event that failed before goes. */
function goalOf(row: InboxRow, event: AnyEvent): Goal {
  if (event.type === 'register') return { kind: 'newComplaint' }
  if (row.complaint !== null) return { kind: 'complaint', id: row.complaint }
  if (row.conversation !== null) return { kind: 'conversation', id: row.conversation }
  throw new Error(`inbox row ${row.id} says neither which conversation nor which complaint`)
}
