import type { NewInboxRow } from '../db/inbox.ts'
import type { ConversationRow } from '../db/people.ts'
import type { Store } from '../db/store.ts'
import type { Company } from '../workflows/estate.ts'
import type { ComplaintId, ConversationId, Instant } from '../workflows/ids.ts'
import type { Address } from '../workflows/turn.ts'
import { deskOf, undeliverable, type DeskAddress, type Journal, type Told } from './effects.ts'
import { digitsFrom, type AnyEvent, type createTurns, type Target } from './turn.ts'

/** One event may tell others, which tell others. More than so many turns is a circle. */
const MOST_TURNS = 200

/** A conversation's identity moved on so often at most. */
const MOST_MOVES = 10

/** Where an event goes, settled as far as it can be before its turn. */
export type Goal =
  /** `row`: as it is at this moment, where it is known already. */
  | { readonly kind: 'conversation'; readonly id: ConversationId; readonly row?: ConversationRow }
  | { readonly kind: 'complaint'; readonly id: ComplaintId }
  | { readonly kind: 'newComplaint' }

export interface ChainParts {
  readonly store: Store
  readonly turns: ReturnType<typeof createTurns>
  readonly desk: DeskAddress
}

export interface ChainContext {
  readonly now: Instant
  readonly company: Company
  readonly seed: number
  readonly journal: Journal
}

/**
 * The turn of an inbox row, and the turns of everything told on the way, first told first turned. Each told event is an
 * inbox row of its own, naming the row that told it.
 */
export function createChain({ store, turns, desk }: ChainParts) {
  function run(rootRow: number, goal: Goal, event: AnyEvent, context: ChainContext): void {
    const { now, company, seed, journal } = context
    const turnContext = { now, company, journal, digits: digitsFrom(seed) }
    const waiting: { row: number; goal: Goal; event: AnyEvent }[] = [{ row: rootRow, goal, event }]
    const given = new Set<string>()
    for (let i = 0; i < waiting.length; i++) {
      const next = waiting[i]
      if (!next) break
      if (i === MOST_TURNS)
        throw new Error(`one event led to more than ${MOST_TURNS} turns; the last was ${next.event.type}`)
      for (const told of turns.turn(targetOf(next.row, next.goal), next.event, turnContext)) {
        const routed = route(told, company, now)
        if (routed === null || repeats(routed, given)) continue
        const row = store.inbox.insert(toldRow(routed.goal, routed.event, next.row, context))
        waiting.push({ row, ...routed })
      }
    }
  }

  function targetOf(row: number, goal: Goal): Target {
    switch (goal.kind) {
      case 'complaint':
        return { kind: 'complaint', id: goal.id, isNew: false }
      case 'newComplaint': {
        const id = store.complaints.nextId()
        store.inbox.setComplaint(row, id)
        return { kind: 'complaint', id, isNew: true }
      }
      case 'conversation': {
        const conversation = goal.row ?? store.people.conversation(goal.id)
        if (conversation === null) throw new Error(`there is no conversation ${goal.id}`)
        return { kind: 'conversation', row: conversation }
      }
    }
  }

  /** null: a desk that cannot be reached, and no complaint that could ask somebody else. */
  function route(
    { whom, event }: Told,
    company: Company,
    now: Instant,
  ): { goal: Goal; event: AnyEvent } | null {
    const goal = goalOf(whom, company, now)
    if (goal !== null) return { goal, event }
    const complaint = complaintOf(event)
    if (whom.to !== 'staff' || complaint === null) return null
    return { goal: { kind: 'complaint', id: complaint }, event: undeliverable(complaint, whom.id).event }
  }

  function goalOf(whom: Address, company: Company, now: Instant): Goal | null {
    switch (whom.to) {
      case 'complaint':
        return { kind: 'complaint', id: whom.id }
      case 'newComplaint':
        return { kind: 'newComplaint' }
      case 'conversation':
        return { kind: 'conversation', id: current(whom.id) }
      case 'staff': {
        const row = deskOf(store, company, desk, whom.id, now)
        return row === null ? null : { kind: 'conversation', id: row.id }
      }
    }
  }

  /** Where the person can be reached now. */
  function current(id: ConversationId): ConversationId {
    let at = id
    for (let moves = 0; moves < MOST_MOVES; moves++) {
      const row = store.people.conversation(at)
      if (row === null || row.movedTo === null) return at
      at = row.movedTo
    }
    return at
  }

  return { run, route }
}

/** That somebody cannot be reached is told to a complaint once. */
function repeats({ goal, event }: { goal: Goal; event: AnyEvent }, given: Set<string>): boolean {
  if (goal.kind !== 'complaint' || event.type !== 'undeliverable' || !('staff' in event)) return false
  const key = `${goal.id}:${event.staff}`
  if (given.has(key)) return true
  given.add(key)
  return false
}

function complaintOf(event: AnyEvent): ComplaintId | null {
  if (event.type === 'notice') return event.notice.complaint
  return event.type === 'undeliverable' && 'complaint' in event ? event.complaint : null
}

function toldRow(goal: Goal, event: AnyEvent, parent: number, { now, company }: ChainContext): NewInboxRow {
  return {
    ...internal,
    cause: 'told',
    parent,
    conversation: goal.kind === 'conversation' ? goal.id : null,
    complaint: goal.kind === 'complaint' ? goal.id : null,
    event: JSON.stringify(event),
    version: company.version,
    at: now,
    receivedAt: now,
    seed: 0,
  }
}

/** What a row of the program's own has in place of a channel. */
export const internal = {
  channel: 'program',
  account: '',
  sender: '',
  messageId: null,
  groupId: null,
} as const
