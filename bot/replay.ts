import { isDeepStrictEqual } from 'node:util'
import type { Inbound } from '../adapters/channel.ts'
import type { InboxRow } from '../db/inbox.ts'
import type { Store } from '../db/store.ts'
import { readJson } from '../db/stored.ts'
import type { ComplaintId, ConversationId, Instant } from '../workflows/ids.ts'
import type { Content } from '../workflows/message.ts'
import type { Address } from '../workflows/turn.ts'
import { noFacts, type Facts } from '../workflows/understanding/facts.ts'
import { companyAt } from './companies.ts'
import type { DeskAddress } from './effects.ts'
import { createInbox, TurnFailed, type Inbox } from './inbox.ts'
import type { AnyEvent, Steps } from './turn.ts'

export interface ReplayParts {
  readonly from: Store
  /** Fresh and empty. */
  readonly into: Store
  readonly steps: Steps
  readonly desk: DeskAddress
}

/** Rows read at once. */
const PAGE = 500

/**
 * Decides everything anew that came from outside, in the order and at the times it was decided, with the facts that were
 * understood, the estate file's version and the digits that were drawn then. With the same steps the new store holds the
 * same states and timelines; with others it shows what they would have done. An event whose turn failed at first is
 * taken in at its place and decided where it was decided; one that is still failing or dead is taken in only.
 * Answers how many events were replayed.
 */
export async function replay({ from, into, steps, desk }: ReplayParts): Promise<number> {
  const moment: Moment = { now: 0, version: 1, seed: 0, facts: null, held: false }
  copyVersions(from, into)
  const inbox = createInbox({
    store: into,
    steps: stepsAt(moment, steps),
    clock: {
      now: () => moment.now,
      factor: () => 1,
      after: () => () => undefined,
      onJump: () => () => undefined,
    },
    company: () => companyAt(into.companies, moment.version),
    desk,
    // Nothing that is decided goes by it, only what is said.
    keep: { years: 3, mediaDays: 180 },
    timers: { arm: () => undefined, cancel: () => undefined },
    outbox: { dispatch: () => undefined },
    media: { wake: () => undefined, again: () => undefined },
    log: { error: () => undefined },
    random: () => moment.seed,
  })
  let late: InboxRow[] = []
  let replayed = 0

  /** What was decided later than it came, once everything before that is replayed. */
  async function decideLate(before: number): Promise<void> {
    const due = late.filter((row) => (row.turnedAfter ?? 0) < before)
    late = late.filter((row) => (row.turnedAfter ?? 0) >= before)
    for (const row of due.sort((a, b) => (a.turnedAfter ?? 0) - (b.turnedAfter ?? 0))) {
      moment.now = row.turnedAt ?? row.receivedAt
      moment.version = row.version
      await inbox.tryAgain(row.id)
    }
  }

  for (let after = 0; ;) {
    const rows = from.inbox.fromOutside(after, PAGE)
    if (rows.length === 0) break
    for (const row of rows) {
      await decideLate(row.id)
      after = row.id
      moment.now = row.receivedAt
      moment.version = row.version
      moment.seed = row.seed
      moment.held = row.state !== 'done' || row.turnedAfter !== null
      await feed(inbox, from, into, row, moment).catch((error: unknown) => {
        if (!moment.held || !(error instanceof TurnFailed)) throw error
      })
      if (moment.held && row.turnedAfter !== null) late.push(row)
      moment.held = false
      replayed++
    }
  }
  await decideLate(Number.MAX_SAFE_INTEGER)
  return replayed
}

/** What the replayed event met. */
interface Moment {
  now: Instant
  version: number
  seed: number
  facts: Facts | null
  /** Its turn failed then: only the receipt is replayed. */
  held: boolean
}

function stepsAt(moment: Moment, steps: Steps): Steps {
  const unlessHeld = (): void => {
    if (moment.held) throw new Error('held back')
  }
  return {
    ...steps,
    understand: () => moment.facts ?? noFacts,
    intakeNeeds(event) {
      unlessHeld()
      return steps.intakeNeeds(event)
    },
    deskNeeds(state, event) {
      unlessHeld()
      return steps.deskNeeds(state, event)
    },
    stepComplaint(state, event, loaded, context) {
      unlessHeld()
      return steps.stepComplaint(state, event, loaded, context)
    },
  }
}

async function feed(inbox: Inbox, from: Store, into: Store, row: InboxRow, moment: Moment): Promise<void> {
  const event = readJson(row.event, 'inbox', row.id) as AnyEvent
  switch (row.cause) {
    case 'message': {
      if (event.type !== 'message') throw new Error(`inbox row ${row.id} is no message`)
      moment.facts = 'facts' in event ? event.facts : null
      await inbox.receive(inboundOf(row, event.content, from, into, 'group' in event ? event.group : null))
      return
    }
    case 'timer': {
      const [kind, id] = row.sender.split(':')
      await inbox.fire(
        kind === 'complaint' ? 'complaint' : 'conversation',
        Number(id),
        Number(row.messageId?.slice(1)),
      )
      return
    }
    case 'api': {
      if (event.type !== 'register') throw new Error(`inbox row ${row.id} is no registration`)
      const facts = event.registration
      await inbox.register(
        {
          account: row.account,
          id: row.sender,
          facts: { estate: facts.estate, household: facts.household, phone: facts.phone },
        },
        event.registration,
      )
      return
    }
    case 'program':
      await inbox.submit(addressOf(from, row, event), event)
      return
    case 'outcome':
      await inbox.report(() => [{ whom: addressOf(from, row, event), event }])
      return
    case 'told':
      return
  }
}

function inboundOf(
  row: InboxRow,
  content: Content,
  from: Store,
  into: Store,
  group: { readonly id: string; readonly mentioned: boolean } | null,
): Inbound {
  const file = content.type === 'media' ? from.media.byId(content.media) : null
  return {
    channel: row.channel as Inbound['channel'],
    account: row.account,
    sender: row.sender,
    senderName: null,
    id: row.messageId ?? '',
    at: row.at,
    group: group === null ? null : { id: row.groupId ?? '', mentioned: group.mentioned },
    content:
      content.type === 'media' ? { ...content, media: file?.name ?? '' } : pressedIn(content, from, into),
  }
}

/** A card is named by its database's own name (`taskId`): a press means the same case of the other one. */
function pressedIn(
  content: Exclude<Content, { type: 'media' }>,
  from: Store,
  into: Store,
): Exclude<Content, { type: 'media' }> {
  if (content.type !== 'press' || !content.card.startsWith(`${from.id}-`)) return content
  return { ...content, card: into.id + content.card.slice(from.id.length) }
}

function addressOf(from: Store, row: InboxRow, event: AnyEvent): Address {
  if (event.type === 'register') return { to: 'newComplaint' }
  if (row.complaint !== null) return { to: 'complaint', id: row.complaint }
  if (row.conversation !== null) {
    // What is told to a member of staff may be what began their desk.
    const staff = from.people.conversation(row.conversation)?.staff ?? null
    return staff === null ? { to: 'conversation', id: row.conversation } : { to: 'staff', id: staff }
  }
  throw new Error(`inbox row ${row.id} names neither a complaint nor a conversation`)
}

/** Numbers of versions are part of what cases remember. */
function copyVersions(from: Store, into: Store): void {
  const newest = from.companies.latestCompany()
  for (let version = 1; version <= (newest?.version ?? 0); version++)
    into.companies.putCompany(from.companies.companyAt(version), 0)
}

export interface Difference {
  readonly what: 'complaint' | 'conversation' | 'timeline' | 'timer' | 'duty'
  readonly id: number
}

/** Where two stores differ in what was decided: states, timelines, timers, leave and swaps. Empty: they are equal. */
export function differences(a: Store, b: Store): readonly Difference[] {
  const found: Difference[] = []
  const differ = (x: unknown, y: unknown): boolean => JSON.stringify(x) !== JSON.stringify(y)
  for (let id = 1; ; id++) {
    const [x, y] = [a, b].map((store) => store.complaints.complaint(id as ComplaintId))
    if (!x && !y) break
    if (differOnceRead(x?.state, y?.state)) found.push({ what: 'complaint', id })
    if (differ(...pair([a, b].map((store) => store.complaints.timeline(id as ComplaintId)))))
      found.push({ what: 'timeline', id })
    if (x?.due !== y?.due) found.push({ what: 'timer', id })
  }
  for (let id = 1; ; id++) {
    const [x, y] = [a, b].map((store) => store.people.conversation(id as ConversationId))
    if (!x && !y) break
    if (differOnceRead(x?.state, y?.state) || x?.due !== y?.due) found.push({ what: 'conversation', id })
  }
  if (differ(...pair([a, b].map((store) => store.duty.current())))) found.push({ what: 'duty', id: 0 })
  return found
}

const pair = <T>(values: readonly T[]): [T | undefined, T | undefined] => [values[0], values[1]]

/** Of two states as they are stored: in which order their fields were written says nothing. */
const differOnceRead = (x = 'null', y = 'null'): boolean => !isDeepStrictEqual(JSON.parse(x), JSON.parse(y))
