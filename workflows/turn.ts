import type { ComplaintEvent } from './complaint/events.ts'
import type { Complaint, ComplaintBrief, Household } from './complaint/state.ts'
import type { DeskEvent, DeskState } from './desk/state.ts'
import type { DutyChange } from './duty-changes.ts'
import type { Company } from './estate.ts'
import type {
  ComplaintId,
  ConversationId,
  EstateId,
  Instant,
  MediaId,
  Millis,
  PersonId,
  StaffId,
} from './ids.ts'
import type { KeepFor, KeptOfPerson } from './kept.ts'
import type { AboutMessage, IntakeEvent, IntakeState } from './intake/state.ts'
import type { Card } from './message.ts'
import type { Severity } from './severity.ts'
import type { Code } from './taxonomy.ts'
import type { EmergencyType } from './understanding/facts.ts'

/**
 * One turn, seen from the workflows: an aggregate (a complaint, a resident's conversation, a staff member's desk), what
 * happened, and what could be read; out come the next state, the effects, and when it wants to be woken.
 */
export interface Turn<State> {
  readonly state: State
  readonly effects: readonly Effect[]
  /** The earliest thing due; null: nothing. One timer row a complaint and one a conversation. */
  readonly due: Instant | null
}

export interface Context {
  readonly now: Instant
  /** As the estate file has it now, with the leave and the swaps of this moment. */
  readonly company: Company
  /** The company as an older version of the estate file had it: cases keep the policy they began with. */
  readonly companyAt: (version: number) => Company
  /** Whether a language model is connected, so that residents are told of it and it may be asked. */
  readonly model?: boolean
}

/** Where an internal event goes. A staff address is that person's desk, made when first needed. */
export type Address =
  | { readonly to: 'complaint'; readonly id: ComplaintId }
  | { readonly to: 'newComplaint' }
  | { readonly to: 'conversation'; readonly id: ConversationId }
  | { readonly to: 'staff'; readonly id: StaffId }

/**
 * What becomes of a line whose delivery is uncertain (design.md, Unknown outcome of a send): plain words are let go and
 * shown to staff; all others are sent once more, marked 如已收到请忽略.
 */
export type Weight = 'plain' | 'safety' | 'promise' | 'question'

/** What a step asks for. Effects are data; only what was committed leaves. */
export type Effect =
  /** Conversations and desks only: a line to their own person. */
  | {
      readonly do: 'say'
      readonly text: string
      readonly media: readonly MediaId[]
      readonly weight: Weight
      readonly complaint: ComplaintId | null
      /** Take it back after so long (a resident's number, domain.md 6.1). */
      readonly recallAfter: Millis | null
      /** Said in this group instead of in private; nothing personal may stand in it. */
      readonly room?: string
      /** Not kept once it has left. */
      readonly once?: true
    }
  /** Complaints and desks: the card of this complaint at this person. Only the newest revision is ever sent. */
  | {
      readonly do: 'card'
      readonly complaint: ComplaintId
      readonly to: StaffId
      readonly card: Card
      /** The reader must act: a new card goes out. Otherwise the old one is changed where its code still allows. */
      readonly push: boolean
    }
  /** Desks only: a card of no complaint, of which its reader has one by this key: small letters, then digits. */
  | {
      readonly do: 'deskCard'
      readonly key: string
      readonly to: StaffId
      readonly card: Card
      readonly push: boolean
    }
  /** An event for another aggregate, turned next in the same batch. */
  | { readonly do: 'tell'; readonly whom: Address; readonly event: ComplaintEvent | IntakeEvent | DeskEvent }
  /** Complaints only: one more entry of the timeline. `words` become a row of their own that a deletion blanks. */
  | { readonly do: 'record'; readonly entry: TimelineEntry }
  /** Desks only: a leave or a swap of its own person, new or as it is from now on. */
  | { readonly do: 'duty'; readonly change: DutyChange }
  /** Intake only: what is now known of the person who speaks. */
  | { readonly do: 'remember'; readonly person: Partial<PersonFacts> }
  /** Intake only: this conversation's identity belongs to that person (a code of ours, or a staff member's word). */
  | { readonly do: 'join'; readonly person: PersonId }
  /** Intake only: a code that joins a later, unknown identity of this person to them; valid for 30 days, used once. */
  | { readonly do: 'giveCode'; readonly code: string }
  /** Intake and complaints: blank every word, name and number of this person (or of this complaint) that is stored. */
  | { readonly do: 'forget' }
  /** Complaints only: what of it did not reach the resident was told by telephone, and warns no more. */
  | { readonly do: 'toldByPhone' }
  /** Complaints only, after a hold: what else their resident had told before they asked for its deletion goes as well. */
  | { readonly do: 'forgetTold'; readonly before: Instant }
  /** Complaints only: a service that telephones calls these people, where the company has one. */
  | { readonly do: 'ring'; readonly alarm: Ringing }
  /**
   * Intake only: a language model reads the message, too. Nothing waits for it; what it answers comes back as
   * `secondReading`, with `about` as it is here, or never.
   */
  | {
      readonly do: 'askModel'
      /** Holds nothing personal (`redact.ts`): the one thing that leaves. */
      readonly material: string
      readonly about: AboutMessage
    }

/** Whom to call, and of what. It names no resident and none of their words (domain.md 6.1). */
export interface Ringing {
  /** danger: an S1 nobody has taken. unanswered: an escalation that nobody answered. */
  readonly why: 'danger' | 'unanswered'
  readonly at: Instant
  /** The case's number. */
  readonly complaint: string
  readonly severity: Severity
  readonly danger: EmergencyType | null
  readonly lift: boolean
  readonly lost?: boolean
  /** Building and spot in words, no unit or room. */
  readonly place: string
  /** The estate's name; null while unknown. */
  readonly estate: string | null
  readonly dutyPhone: string
  readonly round: number
  readonly call: readonly StaffId[]
}

export interface TimelineEntry {
  readonly type: string
  readonly by: Actor
  readonly words: string | null
  readonly media: readonly MediaId[]
  /** Codes, ids and times; never words, names or numbers of people. */
  readonly data: Readonly<Record<string, string | number | boolean | null>>
}

export type Actor =
  | { readonly kind: 'resident' }
  | { readonly kind: 'staff'; readonly id: StaffId }
  | { readonly kind: 'program' }

/** What is remembered of a person beyond one conversation. */
export interface PersonFacts {
  readonly name: string | null
  readonly phone: string | null
  readonly estate: EstateId | null
  readonly household: Household | null
  readonly minor: boolean
  /** They said they would rather not leave a number: not asked again. */
  readonly phoneRefused: boolean
}

/** Somebody who has told nothing of themselves. */
export const unknownPerson: PersonFacts = {
  name: null,
  phone: null,
  estate: null,
  household: null,
  minor: false,
  phoneRefused: false,
}

// What each kind of turn gets to read. Loaded by the store, never changed by the turn.

export interface IntakeLoaded {
  readonly conversation: ConversationId
  readonly channel: string
  readonly person: PersonId
  readonly facts: PersonFacts
  /** The person's complaints that are open or closed for less than 90 days, newest first. */
  readonly mine: readonly ComplaintBrief[]
  /** Open complaints of others in that estate with that code, newest first. */
  readonly similar: (estate: EstateId, code: Code) => readonly ComplaintBrief[]
  /** Looked up because the text names a number that is not among `mine`. */
  readonly named: ComplaintBrief | null
  /** The person to whom a code in the text belongs, if any. */
  readonly bound: PersonId | null
  /** Fresh random digits, for a code to give. */
  readonly freshCode: string
  /** All that is kept of this person, however old; read only by a turn that asks for it. */
  readonly kept: KeptOfPerson
  /** How long anything is. */
  readonly keep: KeepFor
}

export interface ComplaintLoaded {
  /** For `register`: the day's next number, company-wide, and fresh random digits. */
  readonly counter: number
  readonly checkCode: string
  /** Open complaints per member of staff, for a fair choice. */
  readonly load: ReadonlyMap<StaffId, number>
  /** For `register`: cases with its code in its estate, of the last 90 days, that may be of the same issue. */
  readonly earlier: readonly Complaint[]
  /** The new row's id for `register`. */
  readonly id: ComplaintId
}

export interface DeskLoaded {
  readonly staff: StaffId
  readonly conversation: ConversationId
  /** Open complaints this person owns, is asked for, or holds a card of; newest first. */
  readonly mine: readonly Complaint[]
  /** Every open complaint in which something waits for this person: the work, a call, the alarm. */
  readonly hanging: readonly Complaint[]
  /** The id of the next leave or swap. */
  readonly nextChange: number
  /** Named by a pressed card, by a number in the text, by the notice, or by what the desk waits for. */
  readonly named: Complaint | null
}

export type { ComplaintEvent, DeskEvent, DeskState, IntakeEvent, IntakeState }
