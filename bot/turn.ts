import { createHash } from 'node:crypto'
import type { ComplaintRow } from '../db/complaints.ts'
import type { ConversationRow } from '../db/people.ts'
import type { Store } from '../db/store.ts'
import { readingStored, type StoredReader } from '../db/stored.ts'
import { localDay } from '../workflows/calendar.ts'
import type { ComplaintEvent } from '../workflows/complaint/events.ts'
import { hangsOn } from '../workflows/complaint/hanging.ts'
import { issueOf, repeatWindow } from '../workflows/complaint/repeats.ts'
import { complaintSchema, isOpen, type Complaint } from '../workflows/complaint/state.ts'
import { briefOf } from '../workflows/complaint/brief.ts'
import type { DeskNeeds } from '../workflows/desk/index.ts'
import { deskSchema, type DeskEvent, type DeskState } from '../workflows/desk/state.ts'
import { findEstate, type Company } from '../workflows/estate.ts'
import { seconds, type ComplaintId, type Instant, type StaffId } from '../workflows/ids.ts'
import type { IntakeNeeds } from '../workflows/intake/needs.ts'
import { intakeSchema, type IntakeEvent, type IntakeState } from '../workflows/intake/state.ts'
import type { KeepFor } from '../workflows/kept.ts'
import { reopenWindow } from '../workflows/sla.ts'
import type { ComplaintLoaded, Context, DeskLoaded, IntakeLoaded, Turn } from '../workflows/turn.ts'
import type { Facts } from '../workflows/understanding/facts.ts'
import type { Context as ReadingContext } from '../workflows/understanding/index.ts'
import { complaintOfTask } from './card-task.ts'
import { columnsOf, holdersOf, loudNow } from './columns.ts'
import { companyAt } from './companies.ts'
import {
  forgetFirst,
  remember,
  writeEffects,
  type DeskAddress,
  type EffectParts,
  type Journal,
  type Speaker,
  type Told,
} from './effects.ts'
import { factsOf, keptOfPerson } from './kept.ts'
import type { SecondReader } from './second-reader.ts'
import { stepUnlisted, unlistedSchema, type UnlistedState } from './unlisted.ts'

export type AnyEvent = ComplaintEvent | IntakeEvent | DeskEvent

/** The pure decisions of workflows/, as the engine calls them. */
export interface Steps {
  readonly understand: (text: string, now: Instant, context: ReadingContext) => Facts
  readonly stepIntake: (
    state: IntakeState,
    event: IntakeEvent,
    loaded: IntakeLoaded,
    context: Context,
  ) => Turn<IntakeState>
  readonly intakeNeeds: (event: IntakeEvent) => IntakeNeeds
  readonly stepComplaint: (
    state: Complaint | null,
    event: ComplaintEvent,
    loaded: ComplaintLoaded,
    context: Context,
  ) => Turn<Complaint>
  readonly stepDesk: (
    state: DeskState,
    event: DeskEvent,
    loaded: DeskLoaded,
    context: Context,
  ) => Turn<DeskState>
  readonly deskNeeds: (state: DeskState, event: DeskEvent) => DeskNeeds
}

/** Whose turn it is. A new complaint's id is known before its turn, for its inbox row. */
export type Target =
  | { readonly kind: 'conversation'; readonly row: ConversationRow }
  | { readonly kind: 'complaint'; readonly id: ComplaintId; readonly isNew: boolean }

/** Random digits that a replay gets again: drawn from the seed stored with the event from outside. */
export function digitsFrom(seed: number): (length: number) => string {
  let drawn = 0
  return (length) => {
    const hash = createHash('sha256').update(`${seed}:${drawn++}`).digest()
    return String(hash.readUIntBE(0, 6) % 10 ** length).padStart(length, '0')
  }
}

export interface TurnContext {
  readonly now: Instant
  readonly company: Company
  readonly digits: (length: number) => string
  readonly journal: Journal
}

/** A turn that asks to be woken in the past would be woken for ever. */
const SOONEST = seconds(1)

export interface TurnParts {
  readonly store: Store
  readonly steps: Steps
  readonly desk: DeskAddress
  /** How long things are kept, for what residents are told of it. */
  readonly keep: KeepFor
  readonly telephones?: boolean
  /** null: no language model is connected. */
  readonly model?: SecondReader | null
}

/**
 * One turn of one aggregate: load, step, write. Runs inside the caller's transaction; what must happen after the commit
 * goes to the context's journal. Answers what the turn told others.
 */
export function createTurns({ store, steps, desk, keep, telephones = false, model = null }: TurnParts) {
  const intakes = readingStored(intakeSchema, 'conversations')
  const desks = readingStored(deskSchema, 'conversations')
  const unlisted = readingStored(unlistedSchema, 'conversations')
  const complaints = readingStored(complaintSchema, 'complaints')
  const parsed = (row: { id: ComplaintId; state: string }): Complaint => complaints.read(row.state, row.id)
  const brief = (row: { id: ComplaintId; state: string }) => briefOf(parsed(row))

  function turn(target: Target, event: AnyEvent, context: TurnContext): readonly Told[] {
    if (target.kind === 'complaint') return turnComplaint(target, event as ComplaintEvent, context)
    const { row } = target
    switch (row.kind) {
      case 'desk':
        return turnDesk(row, event as DeskEvent, context)
      case 'resident':
        return turnIntake(row, event as IntakeEvent, context)
      case 'unlisted':
        return turnUnlisted(row, event, context)
    }
  }

  function turnIntake(row: ConversationRow, event: IntakeEvent, context: TurnContext): readonly Told[] {
    const { person } = row
    if (person === null) throw new Error(`conversation ${row.id} has no person`)
    const { now, digits } = context
    const state = intakes.read(row.state, row.id)
    const needs = steps.intakeNeeds(event)
    const facts = factsOf(row, person)
    const mine = once(() => store.complaints.ofPerson(person, now - reopenWindow).map(brief))
    const named = needs.number === null ? null : store.complaints.numbered(needs.number)
    const code = once(() => freshCode(digits, now))
    const kept = once(() => keptOfPerson(store, person))
    const loaded: IntakeLoaded = {
      conversation: row.id,
      channel: row.channel,
      person,
      facts,
      get mine() {
        return mine()
      },
      similar: (estate, code) => store.complaints.similar({ estate, code }, person).map(brief),
      named: named === null || mine().some((c) => c.id === named.id) ? null : brief(named),
      bound: needs.bindCode === null ? null : store.people.codeOwner(needs.bindCode, now),
      get freshCode() {
        return code()
      },
      get kept() {
        return kept()
      },
      keep,
    }
    const decided = steps.stepIntake(state, event, loaded, contextOf(context))
    const speaker: Speaker = { kind: 'conversation', row }
    const parts = partsOf(context)
    const forgets = decided.effects.some((effect) => effect.do === 'forget')
    forgetFirst(parts, speaker, decided.effects)
    saveConversation(row, decided, event, context, intakes)
    remember(
      store,
      row,
      forgets ? { ...facts, name: null, phone: null, household: null } : facts,
      decided.effects,
    )
    return writeEffects(parts, speaker, decided.effects)
  }

  function turnDesk(row: ConversationRow, event: DeskEvent, context: TurnContext): readonly Told[] {
    const { staff } = row
    if (staff === null) throw new Error(`conversation ${row.id} is no desk`)
    const state = desks.read(row.state, row.id)
    const needs = steps.deskNeeds(state, event)
    const named = namedBy(needs, staff)
    // Read only by the turns that choose among them; a press names its complaint.
    const mine = once(() => store.complaints.heldBy(staff).map(parsed))
    const hanging = once(() =>
      store.complaints
        .allHeldBy(staff)
        .map(parsed)
        .filter((complaint) => hangsOn(complaint, staff)),
    )
    const loaded: DeskLoaded = {
      staff,
      conversation: row.id,
      get mine() {
        return mine()
      },
      get hanging() {
        return hanging()
      },
      get nextChange() {
        return store.duty.nextId()
      },
      named: named === null ? null : parsed(named),
    }
    const decided = steps.stepDesk(state, event, loaded, contextOf(context))
    saveConversation(row, decided, event, context, desks)
    return writeEffects(partsOf(context), { kind: 'conversation', row }, decided.effects)
  }

  function turnUnlisted(row: ConversationRow, event: AnyEvent, context: TurnContext): readonly Told[] {
    const state = unlisted.read(row.state, row.id)
    const decided = stepUnlisted(state, event, context)
    saveConversation(row, decided, event, context, unlisted)
    return writeEffects(partsOf(context), { kind: 'conversation', row }, decided.effects)
  }

  function turnComplaint(
    target: Extract<Target, { kind: 'complaint' }>,
    event: ComplaintEvent,
    context: TurnContext,
  ): readonly Told[] {
    const { now, company, digits } = context
    const row = target.isNew ? null : store.complaints.complaint(target.id)
    if (row === null && !target.isNew) throw new Error(`there is no complaint ${target.id}`)
    const before = row === null ? null : parsed(row)
    const day = target.isNew ? dayOf(event, company, now) : ''
    const counter = target.isNew ? store.complaints.counter(day) + 1 : 0
    const checkCode = once(() => digits(6))
    const load = once(store.complaints.loads)
    const earlier = once(() => earlierOf(event, now))
    const loaded: ComplaintLoaded = {
      counter,
      get checkCode() {
        return checkCode()
      },
      get load() {
        return load()
      },
      get earlier() {
        return earlier()
      },
      id: target.id,
    }
    const decided = steps.stepComplaint(before, event, loaded, contextOf(context))
    const { state } = decided
    const { person, conversation } = state
    const speaker: Speaker = { kind: 'complaint', id: target.id, person, conversation }
    const parts = partsOf(context)
    const columns = columnsOf(state)
    complaints.wrote(columns.state, target.id, state)
    forgetFirst(parts, speaker, decided.effects)
    if (row === null) {
      store.complaints.insert(target.id, 1, columns)
      store.complaints.setCounter(day, counter)
      context.journal.registered = { id: target.id, number: state.number }
      wakeAt('complaint', target.id, null, decided.due, 1, event, context)
    } else {
      const revision = row.revision + 1
      const woken = wakeAt('complaint', target.id, row.due, decided.due, revision, event, context)
      if (woken || columns.state !== row.state) store.complaints.update(target.id, revision, columns)
    }
    moveHolders(before, state)
    context.journal.loud.push(...loudNow(before, state))
    return writeEffects(parts, speaker, decided.effects)
  }

  /** What may have been reported before, for a case that comes to be. */
  function earlierOf(event: ComplaintEvent, now: Instant): readonly Complaint[] {
    if (event.type !== 'register') return []
    return store.complaints.sameIssue(issueOf(event.registration), now - repeatWindow).map(parsed)
  }

  function saveConversation<State extends IntakeState | DeskState | UnlistedState>(
    row: ConversationRow,
    decided: Turn<State>,
    event: AnyEvent,
    context: TurnContext,
    states: StoredReader<State>,
  ): void {
    const state = JSON.stringify(decided.state)
    states.wrote(state, row.id, decided.state)
    const revision = row.revision + 1
    const woken = wakeAt('conversation', row.id, row.due, decided.due, revision, event, context)
    if (woken || state !== row.state) store.people.saveConversation(row.id, state, revision)
  }

  /** Its one timer row, where that changes. Answers whether the revision was used. */
  function wakeAt(
    kind: 'complaint' | 'conversation',
    id: number,
    was: Instant | null,
    wanted: Instant | null,
    revision: number,
    event: AnyEvent,
    { now, journal }: TurnContext,
  ): boolean {
    if (wanted === null) {
      if (was === null) return false
      store.timers.remove(kind, id)
      journal.timers.push({ kind, id, due: null })
      return true
    }
    const due = event.type === 'due' ? Math.max(wanted, now + SOONEST) : wanted
    if (due === was) return false
    const row = { kind, id, due, revision }
    store.timers.set(row)
    journal.timers.push(row)
    return true
  }

  function moveHolders(before: Complaint | null, after: Complaint): void {
    const had = holdersOf(before)
    const has = holdersOf(after)
    const added = [...has].filter((staff) => !had.has(staff))
    const removed = [...had].filter((staff) => !has.has(staff))
    const loadFrom = before !== null && isOpen(before.status) ? before.owner : null
    const loadTo = isOpen(after.status) ? after.owner : null
    if (added.length === 0 && removed.length === 0 && loadFrom === loadTo) return
    store.complaints.moveHolders(after.id, { added, removed, loadFrom, loadTo })
  }

  function namedBy(needs: DeskNeeds, staff: StaffId): ComplaintRow | null {
    if (needs.task !== null) {
      const id = complaintOfTask(needs.task, store.id, staff)
      if (id !== null) return store.complaints.complaint(id)
    }
    if (needs.number !== null) return store.complaints.numbered(needs.number)
    return needs.complaint === null ? null : store.complaints.complaint(needs.complaint)
  }

  /** A code nobody holds at the moment. */
  function freshCode(digits: (length: number) => string, now: Instant): string {
    for (;;) {
      const code = digits(6)
      if (store.people.codeOwner(code, now) === null) return code
    }
  }

  function contextOf({ now, company }: TurnContext): Context {
    const changes = store.duty.current()
    return {
      now,
      company: changes.length === 0 ? company : { ...company, changes },
      companyAt: (version) => companyAt(store.companies, version),
      model: model !== null,
    }
  }
  const partsOf = ({ now, company, journal }: TurnContext): EffectParts => ({
    store,
    company,
    desk,
    telephones,
    model,
    now,
    journal,
  })

  return { turn }
}

/** Loaded when a step asks for it, and the same however often it asks. */
function once<T>(load: () => T): () => T {
  let loaded: { value: T } | null = null
  return () => (loaded ??= { value: load() }).value
}

/** The local day a new complaint's number counts in, as its turn will write it. */
function dayOf(event: ComplaintEvent, company: Company, now: Instant): string {
  const id = event.type === 'register' ? event.registration.estate : null
  const estate = findEstate(company, id) ?? company.estates[0]
  return localDay(estate?.calendar.timezone ?? 'Asia/Shanghai', now)
}
