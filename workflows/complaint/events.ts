import type { ComplaintId, ConversationId, EstateId, Instant, MediaId, PersonId, StaffId } from '../ids.ts'
import type { Severity } from '../severity.ts'
import type { Code } from '../taxonomy.ts'
import type { EmergencyType, Kind } from '../understanding/facts.ts'
import type { Grounds } from './grounds.ts'
import type {
  AskedPauseReason,
  ContactOutcome,
  Household,
  Place,
  ResponsibilityCode,
  UntoldReason,
} from './state.ts'

/** Everything that can happen to a complaint. Each comes as a row of the inbox and is one turn. */
export type ComplaintEvent = FromIntake | FromResident | FromStaff | FromSupervisor | FromProgram

/** What somebody is in danger of. */
export interface Endangered {
  readonly type: EmergencyType
  readonly lift: boolean
  /** The writer is in it. */
  readonly self: boolean
  /** A child or an old person is gone: registered as violence, with words of its own. */
  readonly lost?: boolean
}

/** What intake hands over, complete or not. */
export interface Registration {
  readonly kind: Kind
  readonly code: Code
  readonly severity: Severity
  /** null while unknown: then the company's duty and every estate's are asked. */
  readonly estate: EstateId | null
  readonly person: PersonId
  readonly conversation: ConversationId
  /** How the resident is called, `王女士`; null when anonymous or unknown. */
  readonly name: string | null
  readonly anonymous: boolean
  readonly phone: string | null
  readonly household: Household | null
  readonly place: Place
  /** The resident's own words, every message of the intake, oldest first. */
  readonly words: string
  /** One line, as it was read back. */
  readonly summary: string
  readonly happened: string | null
  readonly demand: string | null
  readonly media: readonly MediaId[]
  readonly anger: number
  /** Staff the resident complains about. */
  readonly subjects: readonly StaffId[]
  readonly danger: Endangered | null
  /** Danger is only suspected (0.1–0.5): the duty is told, the alarm waits for the answer. */
  readonly suspected: boolean
  /** Abandoned or cut short: a person calls back for the rest. */
  readonly incomplete: boolean
  readonly wantsPerson: boolean
  /** Who must call: 0 the handler, 1 a supervisor (fury, abuse), 2 a manager (a threat, domain.md 5.2 line 49). */
  readonly wantsLevel: 0 | 1 | 2
  /** T0: the first message from which it was recognisable (domain.md 2.2). */
  readonly receivedAt: Instant
  /** An open case this was said to be the same as. */
  readonly sameAs: ComplaintId | null
  /** Their own cases of which they said that this is another matter. */
  readonly differs?: readonly ComplaintId[]
  readonly channel: string
  /** How it was read; left out where somebody wrote it down by hand. */
  readonly grounds?: Grounds
}

type FromIntake =
  | { readonly type: 'register'; readonly registration: Registration }
  /** Another household says the same of the same public place. */
  | {
      readonly type: 'join'
      readonly complaint: ComplaintId
      readonly number: string
      readonly person: PersonId
      readonly conversation: ConversationId
      readonly checkCode: string | null
    }
  /** The case this report was to join is over: it stands by itself. */
  | { readonly type: 'separate' }
  /** A household whose report is merged into this one adds something, or urges. */
  | {
      readonly type: 'followerSays'
      readonly complaint: ComplaintId
      readonly urges: boolean
      readonly text: string | null
      readonly media: readonly MediaId[]
    }
  /** A language model read more out of the resident's words than was known; the words are theirs, verbatim. */
  | {
      readonly type: 'inferred'
      /** To S2, never further. */
      readonly raise: boolean
      /** Only suspected: the resident is being asked. */
      readonly danger: Endangered | null
      readonly code: Code | null
      readonly happened: string | null
      readonly spot: string | null
      readonly demand: string | null
    }

type FromResident =
  | { readonly type: 'supplement'; readonly text: string | null; readonly media: readonly MediaId[] }
  /** Place, call-back number or name learned after registration (in danger, or of an incomplete one). */
  | {
      readonly type: 'amend'
      readonly place: Place | null
      readonly phone: string | null
      readonly name: string | null
      readonly household: Household | null
      readonly estate: EstateId | null
      readonly text: string | null
    }
  /** Danger turned out real (asked first), or came up in this very case. */
  | {
      readonly type: 'danger'
      readonly danger: Endangered
      readonly text: string
    }
  /** Asked, and nobody is in danger. */
  | { readonly type: 'noDanger'; readonly text: string }
  | { readonly type: 'urged' }
  | { readonly type: 'withdraw'; readonly text: string | null }
  | {
      readonly type: 'answer'
      readonly question: number
      readonly text: string | null
      readonly media: readonly MediaId[]
    }
  | { readonly type: 'solved' }
  | {
      readonly type: 'notSolved'
      readonly partly: boolean
      readonly text: string | null
      readonly media: readonly MediaId[]
    }
  | { readonly type: 'rate'; readonly stars: number }
  | { readonly type: 'comment'; readonly text: string }
  /** Asked long after its end, and it lasted (效果). That it came back is `reopen`. */
  | { readonly type: 'lasted' }
  /** The resident writes again about a closed case. */
  | { readonly type: 'reopen'; readonly text: string; readonly media: readonly MediaId[] }
  | {
      readonly type: 'wantsPerson'
      readonly text: string | null
      readonly level: 0 | 1 | 2
      /** Nobody asked for one: whether somebody is in danger, as a language model thought, stayed unsaid. */
      readonly doubt?: true
    }
  /** Somebody unknown to us says this number is theirs (a new WeChat identity): staff compare and confirm. */
  | { readonly type: 'claim'; readonly conversation: ConversationId }
  /** A right of PIPL 47: words, name, number and household are blanked, codes and times stay. */
  | {
      readonly type: 'forget'
      /** Asked for in writing, and checked by staff. */
      readonly written?: true
    }
  /** A right of PIPL 45: they were given all that is kept of them, in the chat (no reason) or in writing. */
  | { readonly type: 'exported'; readonly reason: string | null }
  /** The resident cannot be reached on the channel any more. */
  | { readonly type: 'unreachable' }
  /** This line of the case did not reach them, or perhaps not. */
  | { readonly type: 'untold'; readonly why: UntoldReason; readonly text: string }

type By = { readonly by: StaffId }

type FromStaff = By &
  (
    | { readonly type: 'accept' }
    | { readonly type: 'decline'; readonly reason: string }
    | {
        readonly type: 'handOver'
        readonly to: StaffId
        readonly reason: string | null
        /** One of all they have (交班), told as a whole; `by` had them handed over, null: the API. */
        readonly all?: { readonly by: StaffId | null }
      }
    | { readonly type: 'contact'; readonly outcome: ContactOutcome; readonly words: string | null }
    /** Asks for the resident's number (联系住户): sent to this handler alone, recalled within 24 h (domain.md 6.1). */
    | { readonly type: 'revealPhone' }
    | { readonly type: 'arrive' }
    | { readonly type: 'finding'; readonly text: string | null; readonly media: readonly MediaId[] }
    | { readonly type: 'ask'; readonly text: string }
    | { readonly type: 'party'; readonly name: string; readonly staff: StaffId | null }
    /** A party's words, or one more failed attempt to reach it. */
    | { readonly type: 'hear'; readonly name: string; readonly words: string | null }
    | { readonly type: 'verified' }
    | {
        readonly type: 'responsibility'
        readonly code: ResponsibilityCode
        readonly who: string | null
        readonly words: string | null
      }
    | { readonly type: 'plan'; readonly text: string; readonly promise: Instant; readonly gap: string | null }
    | { readonly type: 'progress'; readonly text: string | null; readonly media: readonly MediaId[] }
    | { readonly type: 'done'; readonly text: string; readonly media: readonly MediaId[] }
    /** Answers an enquiry, or speaks to a resident who asked for a person. */
    | {
        readonly type: 'reply'
        readonly text: string
        readonly media: readonly MediaId[]
        readonly final: boolean
      }
    | { readonly type: 'undo' }
    /** S1: on the spot, nobody is in danger (any more). */
    | { readonly type: 'standDown'; readonly words: string }
    /** A return visit or call-back, by somebody other than the handler. stars null: not asked or refused. */
    | {
        readonly type: 'visit'
        readonly outcome: 'solved' | 'notSolved' | 'noAnswer'
        readonly stars: number | null
        readonly words: string | null
      }
    | { readonly type: 'recode'; readonly code: Code }
    /** Asks that the resolve clock stands still, to be looked at again by `until`; a supervisor allows it by asking. */
    | {
        readonly type: 'pause'
        readonly why: AskedPauseReason
        readonly words: string
        readonly until: Instant
      }
    | { readonly type: 'resume' }
    /** Somebody outside has it to do; `words` say what and why, to the resident. */
    | { readonly type: 'transfer'; readonly who: string; readonly words: string }
    | { readonly type: 'takeBack' }
    /** 录像已保全, by anybody who was asked to. */
    | { readonly type: 'footageKept' }
    /** Somebody who was alerted answers: 收到, the press of a button that changes nothing yet, or a call that was recorded. */
    | { readonly type: 'seen'; readonly how: 'reply' | 'press' | 'call' }
    /** Looked whether the remedy of a closed case lasted: 有效 or 无效. */
    | { readonly type: 'judge'; readonly good: boolean; readonly words: string | null }
    /** The claim of a new identity is right (after a call, or a look at the old chat), or not. */
    | { readonly type: 'settleClaim'; readonly right: boolean }
  )

type FromSupervisor = By &
  (
    | { readonly type: 'urge' }
    | { readonly type: 'reassign'; readonly to: StaffId; readonly reason: string | null }
    | { readonly type: 'takeOver' }
    | { readonly type: 'extend'; readonly until: Instant; readonly reason: string }
    | { readonly type: 'severity'; readonly to: Severity; readonly reason: string }
    | { readonly type: 'decidePause'; readonly allow: boolean; readonly words: string | null }
    | { readonly type: 'sign' }
    /** After a second failure the reviewer ends it, the resident still unsatisfied (有异议办结). */
    | { readonly type: 'closeDisputed'; readonly words: string }
  )

type FromProgram =
  | { readonly type: 'due' }
  /** The same issue was reported again, as this case. */
  | { readonly type: 'cameBack'; readonly complaint: ComplaintId }
  /** A card or an alarm to this person was accepted by the platform. */
  | { readonly type: 'delivered'; readonly staff: StaffId }
  /** It cannot reach this person (no account, left, refused): the next one is asked. */
  | { readonly type: 'undeliverable'; readonly staff: StaffId }
  /** The estate file no longer has this person, or has them inactive. */
  | { readonly type: 'staffGone'; readonly staff: StaffId }
  /** This person is on leave from now on, and back at `until`. */
  | { readonly type: 'away'; readonly staff: StaffId; readonly from: Instant; readonly until: Instant }
  /** Their shift has ended, and somebody has the next one. */
  | { readonly type: 'shiftOver'; readonly staff: StaffId }
  /** Somebody asked that open cases take the policy and calendar of this version of the estate file. */
  | { readonly type: 'policyChanged'; readonly version: number }
  /** A dispute, or an authority: nothing of it may be deleted until `release` (domain.md 6.1, Retention). */
  | { readonly type: 'hold'; readonly reason: string }
  | { readonly type: 'release'; readonly reason: string }
  /** Over for longer than cases are kept: words and people are blanked, codes and times stay (domain.md 6.1). */
  | { readonly type: 'expire' }
  /** Asks for the card of this person to be shown anew: an old card was pressed, or 我的待办. */
  | {
      readonly type: 'showCard'
      readonly staff: StaffId
      readonly face: CardFace
      /** The reader has no card that can still be changed: a new one goes out. */
      readonly anew: boolean
      /** The program shows it with what it tells: no sign that anybody looked. */
      readonly unasked?: true
    }

/** What a card shows and lets its reader do. `task` follows the state of the case. */
export type CardFace =
  'task' | 'responsibility' | 'handOver' | 'reassign' | 'contact' | 'more' | 'wait' | 'lead'

export type ComplaintEventType = ComplaintEvent['type']
export type EventOf<T extends ComplaintEventType> = Extract<ComplaintEvent, { type: T }>
