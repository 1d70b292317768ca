import type { AlarmBody } from '../adapters/channel.ts'
import type { ConversationRow } from '../db/people.ts'
import type { NewOutboxRow, OutboxRow } from '../db/outbox.ts'
import type { TimerRow } from '../db/timers.ts'
import type { Store } from '../db/store.ts'
import { newDesk } from '../workflows/desk/state.ts'
import { findStaff, type Company } from '../workflows/estate.ts'
import {
  days,
  type ComplaintId,
  type ConversationId,
  type Instant,
  type PersonId,
  type StaffId,
} from '../workflows/ids.ts'
import { newIntake } from '../workflows/intake/state.ts'
import { phoneTask } from '../workflows/phrases/staff.ts'
import type { ModelQuestion, SecondReader } from './second-reader.ts'
import type { Address, Effect, PersonFacts, Turn } from '../workflows/turn.ts'

/** An event one turn told another aggregate. */
export interface Told {
  readonly whom: Address
  readonly event: Extract<Effect, { do: 'tell' }>['event']
}

/** What must happen once the transaction is committed, and not before. A turn that fails leaves nothing here. */
export interface Journal {
  readonly outbox: OutboxRow[]
  readonly timers: (TimerRow | { readonly kind: TimerRow['kind']; readonly id: number; readonly due: null })[]
  /** The complaint a `register` made, for whoever waits for it. */
  registered: { readonly id: ComplaintId; readonly number: string } | null
  /** Files wait to be fetched or erased. */
  media: boolean
  /** What must not stand only in a list that somebody reads when they look: it is logged. */
  readonly loud: Loud[]
  /** For the language model. */
  readonly questions: ModelQuestion[]
}

/** From this turn on nobody can be found for this case, or nobody answers for it although everybody was told. */
export interface Loud {
  readonly number: string
  readonly why: 'unowned' | 'unheard'
}

/** What the log says of it. */
export const loudWords: Readonly<Record<Loud['why'], string>> = {
  unowned: 'a complaint has nobody who can be asked: see /readyz',
  unheard: 'nobody has answered an escalation of a complaint, though everybody was told: see /readyz',
}

export const emptyJournal = (): Journal => ({
  outbox: [],
  timers: [],
  registered: null,
  media: false,
  loud: [],
  questions: [],
})

/** The aggregate whose turn asks for the effects. */
export type Speaker =
  | { readonly kind: 'conversation'; readonly row: ConversationRow }
  | {
      readonly kind: 'complaint'
      readonly id: ComplaintId
      readonly person: PersonId
      readonly conversation: ConversationId
    }

/** How the accounts of staff are reached: the one account of the company's own app. */
export interface DeskAddress {
  readonly channel: string
  readonly account: string
}

/** The desk of a member of staff; null where nothing can be pushed to them. Made when first needed. */
export function deskOf(
  store: Store,
  company: Company,
  desk: DeskAddress,
  id: StaffId,
  now: Instant,
): ConversationRow | null {
  const staff = findStaff(company, id)
  if (staff === null || !staff.active || staff.wecom === null) return null
  const row = store.people.desk(id)
  if (row === null)
    return store.people.addDesk({ staff: id, ...desk, externalId: staff.wecom }, JSON.stringify(newDesk), now)
  if (row.externalId === staff.wecom && row.account === desk.account) return row
  store.people.readdressDesk(row.id, desk.account, staff.wecom)
  return { ...row, account: desk.account, externalId: staff.wecom }
}

export interface EffectParts {
  readonly store: Store
  readonly company: Company
  readonly desk: DeskAddress
  /** Whether a service that telephones is connected. */
  readonly telephones: boolean
  readonly model: Pick<SecondReader, 'admit'> | null
  readonly now: Instant
  readonly journal: Journal
}

/**
 * Writes what a turn asked for, each effect as its comment in workflows/turn.ts says, and answers what it told others.
 * `forget` has been done before, so that it blanks nothing this turn still says.
 */
export function writeEffects(
  { store, company, desk, telephones, model, now, journal }: EffectParts,
  speaker: Speaker,
  effects: Turn<unknown>['effects'],
): readonly Told[] {
  const told: Told[] = []

  const send = (row: NewOutboxRow): void => {
    journal.outbox.push(store.outbox.insert(row))
  }

  /** What a turn says to the resident of a case registered by hand, by case: one line to whoever has it. */
  const byPhone = new Map<ComplaintId, string[]>()

  function say(effect: Extract<Effect, { do: 'say' }>): void {
    const { row } = conversationOnly(speaker, 'say')
    if (row.channel === 'api' && effect.complaint !== null && store.complaints.contactOf(effect.complaint)) {
      const lines = byPhone.get(effect.complaint) ?? []
      byPhone.set(effect.complaint, effect.text === '' ? lines : [...lines, effect.text])
      return
    }
    const common = {
      conversation: row.id,
      complaint: effect.complaint,
      staff: row.staff,
      channel: row.channel,
      account: row.account,
      recipient: effect.room ?? row.externalId,
      weight: effect.weight,
      revision: null,
      recallAt: effect.recallAfter === null ? null : now + effect.recallAfter,
      once: effect.once === true,
      createdAt: now,
    }
    if (effect.text !== '')
      send({ ...common, kind: 'text', body: JSON.stringify({ type: 'text', text: effect.text }) })
    for (const media of effect.media)
      send({ ...common, kind: 'media', body: JSON.stringify({ type: 'media', media }) })
  }

  /** There is no chat with whoever was written down by hand: somebody must telephone. */
  function askToPhone(complaint: ComplaintId, lines: readonly string[]): void {
    const contact = store.complaints.contactOf(complaint)
    if (contact === null || lines.length === 0) return
    const theirs = deskOf(store, company, desk, contact.staff, now)
    if (theirs === null) {
      told.push(undeliverable(complaint, contact.staff))
      return
    }
    send({
      conversation: theirs.id,
      complaint,
      staff: contact.staff,
      channel: theirs.channel,
      account: theirs.account,
      recipient: theirs.externalId,
      kind: 'text',
      body: JSON.stringify({ type: 'text', text: phoneTask(contact.number, lines.join('\n')) }),
      weight: 'promise',
      revision: null,
      recallAt: null,
      createdAt: now,
    })
  }

  function pushCard(effect: Extract<Effect, { do: 'card' | 'deskCard' }>): void {
    const complaint = effect.do === 'card' ? effect.complaint : null
    const deskCard = effect.do === 'deskCard' ? effect.key : null
    const of = effect.do === 'card' ? effect.complaint : effect.key
    const theirs = deskOf(store, company, desk, effect.to, now)
    if (theirs === null) {
      if (complaint !== null) told.push(undeliverable(complaint, effect.to))
      return
    }
    const body = JSON.stringify(effect.card)
    const revision = store.outbox.decideCard({ of, staff: effect.to }, body, effect.push)
    send({
      conversation: theirs.id,
      complaint,
      deskCard,
      staff: effect.to,
      channel: theirs.channel,
      account: theirs.account,
      recipient: theirs.externalId,
      kind: 'card',
      body: null,
      weight: effect.push ? 'question' : 'plain',
      revision,
      recallAt: null,
      createdAt: now,
    })
  }

  /** Waits in the resident's conversation, as all that goes out waits in one; nothing in it is theirs. */
  function ring({ alarm }: Extract<Effect, { do: 'ring' }>): void {
    if (!telephones) return
    if (speaker.kind !== 'complaint') throw new Error('only a complaint has people called')
    const call = alarm.call.flatMap((id) => {
      const staff = findStaff(company, id)
      return staff === null ? [] : [{ staff: id, name: staff.name, phone: staff.phone }]
    })
    const id = `${alarm.complaint}-${alarm.why}-${String(alarm.at)}-${String(alarm.round)}`
    const body: AlarmBody = { type: 'alarm', ...alarm, id, call }
    send({
      conversation: speaker.conversation,
      complaint: speaker.id,
      staff: null,
      channel: 'alarm',
      account: '',
      // Each case's rounds in their order, none behind another case's.
      recipient: alarm.complaint,
      kind: 'alarm',
      body: JSON.stringify(body),
      weight: 'safety',
      revision: null,
      recallAt: null,
      createdAt: now,
    })
  }

  for (const effect of effects) {
    switch (effect.do) {
      case 'say':
        say(effect)
        break
      case 'card':
      case 'deskCard':
        pushCard(effect)
        break
      case 'tell':
        told.push(effect)
        break
      case 'ring':
        ring(effect)
        break
      case 'record': {
        if (speaker.kind !== 'complaint') throw new Error('only a complaint records in its timeline')
        const { by, ...entry } = effect.entry
        store.complaints.record(speaker.id, speaker.person, {
          ...entry,
          by: by.kind,
          staff: by.kind === 'staff' ? by.id : null,
          at: now,
        })
        break
      }
      case 'duty': {
        const { row } = conversationOnly(speaker, 'duty')
        if (row.staff !== effect.change.staff)
          throw new Error('a desk changes the duty of its own person alone')
        store.duty.put(effect.change)
        break
      }
      case 'join': {
        const { row } = conversationOnly(speaker, 'join')
        store.people.join(row, effect.person)
        store.people.useCodes(effect.person, now)
        break
      }
      case 'giveCode': {
        const { row } = conversationOnly(speaker, 'giveCode')
        if (row.person !== null) store.people.giveCode(effect.code, row.person, now + days(30))
        break
      }
      case 'askModel': {
        const { row } = conversationOnly(speaker, 'askModel')
        const { material, about } = effect
        if (model?.admit(now) === true)
          journal.questions.push({ conversation: row.id, person: row.person, material, about, askedAt: now })
        break
      }
      case 'toldByPhone':
        if (speaker.kind !== 'complaint') throw new Error('only of a complaint anything is told by telephone')
        store.outbox.toldByPhone(speaker.id, speaker.conversation)
        break
      // Both were done where the aggregate was written.
      case 'remember':
      case 'forget':
      case 'forgetTold':
        break
      default:
        effect satisfies never
    }
  }
  for (const [complaint, lines] of byPhone) askToPhone(complaint, lines)
  return once(told)
}

/** Blanks what is stored, where a turn asks for it, before the turn's own new rows are written. */
export function forgetFirst(
  { store, now, journal }: EffectParts,
  speaker: Speaker,
  effects: Turn<unknown>['effects'],
): void {
  for (const effect of effects) {
    if (effect.do === 'forgetTold') {
      if (speaker.kind !== 'complaint') throw new Error('only a complaint was on hold')
      store.forget.told(speaker.person, { before: effect.before, released: speaker.id }, now)
      journal.media = true
    }
    if (effect.do !== 'forget') continue
    if (speaker.kind === 'complaint') store.forget.complaint(speaker.id, speaker.person)
    else {
      const { person, id } = speaker.row
      if (person === null) throw new Error('a desk cannot ask to be forgotten')
      store.forget.person(person, id, JSON.stringify(newIntake), now)
      journal.media = true
    }
  }
}

/** What is remembered of the person who speaks, in one write. */
export function remember(
  store: Store,
  row: ConversationRow,
  before: PersonFacts,
  effects: Turn<unknown>['effects'],
): void {
  const learnt = effects.flatMap((effect) => (effect.do === 'remember' ? [effect.person] : []))
  if (learnt.length === 0) return
  if (row.person === null) throw new Error('nothing is remembered of staff')
  const facts = learnt.reduce<PersonFacts>((known, more) => ({ ...known, ...more }), before)
  store.people.savePerson(row.person, {
    ...facts,
    household: facts.household === null ? null : JSON.stringify(facts.household),
  })
}

export const undeliverable = (complaint: ComplaintId, staff: StaffId): Told => ({
  whom: { to: 'complaint', id: complaint },
  event: { type: 'undeliverable', staff },
})

/** A card and a line to somebody who cannot be reached is one piece of news, not two. */
function once(told: readonly Told[]): readonly Told[] {
  const seen = new Set<string>()
  return told.filter(({ event }) => {
    if (event.type !== 'undeliverable' || !('staff' in event)) return true
    if (seen.has(event.staff)) return false
    seen.add(event.staff)
    return true
  })
}

function conversationOnly(speaker: Speaker, what: string): Extract<Speaker, { kind: 'conversation' }> {
  if (speaker.kind !== 'conversation') throw new Error(`only a conversation may ${what}`)
  return speaker
}
