import { z } from 'zod'
import { grounds, noGrounds } from './grounds.ts'
import type { ComplaintId, ConversationId, EstateId, MediaId, PersonId, StaffId } from '../ids.ts'
import type { Notice } from '../notice.ts'
import { severities, type Severity } from '../severity.ts'
import { codes, type Code } from '../taxonomy.ts'
import { emergencyTypes, kinds } from '../understanding/facts.ts'

/** design.md, The life of a complaint. `draft` is the conversation's, not the complaint's. */
export const statuses = [
  'registered',
  'assigned',
  'verifying',
  'resolving',
  'confirming',
  'feedback',
  'closed',
  'withdrawn',
  'merged',
] as const
export type Status = (typeof statuses)[number]

export const isOpen = (status: Status): boolean =>
  status !== 'closed' && status !== 'withdrawn' && status !== 'merged'

/** domain.md 1.4 rule 3. full, main and part are 有责. */
export const responsibilityCodes = [
  'full',
  'main',
  'part',
  'none',
  'thirdParty',
  'undetermined',
  'merged',
  'withdrawn',
  'notAComplaint',
] as const
export type ResponsibilityCode = (typeof responsibilityCodes)[number]

/** 并案 and 撤诉 follow from what happened; nobody determines them. */
export const isProgramsCode = (code: ResponsibilityCode): boolean => code === 'merged' || code === 'withdrawn'

export const contactOutcomes = ['phone', 'met', 'message', 'noAnswer'] as const
export type ContactOutcome = (typeof contactOutcomes)[number]

const conversationId = z.custom<ConversationId>((v) => typeof v === 'number')
const complaintId = z.custom<ComplaintId>((v) => typeof v === 'number')
const personId = z.custom<PersonId>((v) => typeof v === 'number')
const staffId = z.custom<StaffId>((v) => typeof v === 'string')
const mediaId = z.custom<MediaId>((v) => typeof v === 'number')
const estateId = z.custom<EstateId>((v) => typeof v === 'string')
const code = z.enum(codes as [Code, ...Code[]])
const severity = z.enum(severities as [Severity, ...Severity[]])
const instant = z.number()

/** A building, unit and room of the estate, as digits or letters without 栋/单元/室. */
export const household = z.object({
  building: z.string().nullable(),
  unit: z.string().nullable(),
  room: z.string().nullable(),
})
export type Household = z.infer<typeof household>

/** Where the matter is. `area` is a spot in words (南门, 5号电梯). */
export const place = household.extend({ area: z.string().nullable() })
export type Place = z.infer<typeof place>

/**
 * The steps of domain.md 2.2 and 2.3 that a deadline is kept for, the call that is owed and the next attempt at it, the
 * signature under S1 and S2, the footage to be kept, and what the resident must be told by telephone.
 */
export const deadlineSteps = [
  'assign',
  'accept',
  'contact',
  'onSite',
  'plan',
  'progress',
  'resolve',
  'answer',
  'visit',
  'callback',
  'attempt',
  'sign',
  'footage',
  'tell',
] as const
export type DeadlineStep = (typeof deadlineSteps)[number]

const deadline = z.object({
  step: z.enum(deadlineSteps),
  from: instant,
  due: instant,
  /** Points of the ladder already fired, in per cent of the limit. */
  fired: z.array(z.number()),
  /** Set anew after its whole ladder had fired (`startRound`): no sooner than was told then. */
  round: z.boolean().default(false),
})
export type Deadline = z.infer<typeof deadline>

/** Why the resolve clock stands still (domain.md 2.4): `question` by itself, every other with a supervisor's word. */
export const pauseReasons = ['question', 'thirdParty', 'weather', 'order', 'vote', 'fund'] as const
export type PauseReason = (typeof pauseReasons)[number]
/** Those somebody must ask for. */
export type AskedPauseReason = Exclude<PauseReason, 'question'>
const askedReason = z.enum(pauseReasons).exclude(['question'])

const pause = z.object({
  why: z.enum(pauseReasons),
  from: instant,
  /** null while it runs. */
  to: instant.nullable(),
  /** Reviewed, or given up waiting, by then at the latest. */
  until: instant,
  /** The question whose answer is waited for; null for every other reason. */
  question: z.number().nullable(),
  /** Who allowed it; null where it came by itself. */
  by: staffId.nullable(),
})
export type Pause = z.infer<typeof pause>

/** An absolute time told to the resident. `kept` is when it came true; `replaced` when a new time was told before. */
const promise = z.object({
  /** Counts within the case; 0 of one made before they were numbered. */
  id: z.number().default(0),
  what: z.enum(['contact', 'plan', 'resolve', 'callback', 'reply', 'report']),
  at: instant,
  told: instant,
  kept: instant.nullable(),
  replaced: instant.nullable(),
  broken: z.boolean(),
  /** Whoever owes it was reminded before its time. */
  reminded: z.boolean(),
  /** Whoever owes it, and a supervisor, heard that it broke: for S3 and S4 not before opening. */
  escalated: z.boolean(),
})
export type PromiseMade = z.infer<typeof promise>

const party = z.object({
  name: z.string(),
  staff: staffId.nullable(),
  heard: z.boolean(),
  attempts: z.array(instant),
})
export type Party = z.infer<typeof party>

/** unreachable: the platform says that nothing reaches them. undelivered: this line did not, or perhaps did not. */
export const untoldReasons = ['unreachable', 'undelivered'] as const
export type UntoldReason = (typeof untoldReasons)[number]

const repeat = z.object({
  /** This is the n-th report of the issue within 90 days. */
  reports: z.number(),
  /** The resident had said of an earlier one that it was solved. */
  afterSolved: z.boolean(),
  /** The earlier ones, oldest first. */
  cases: z.array(z.object({ id: complaintId, number: z.string() })),
  /** Whoever worked on those. */
  handlers: z.array(staffId),
})
export type Repeat = z.infer<typeof repeat>

export const complaintSchema = z.object({
  id: complaintId,
  number: z.string(),
  /** Given once to somebody anonymous; number and code together show the state. */
  checkCode: z.string().nullable(),
  estate: estateId.nullable(),
  /** The estate file's version whose policy applies. */
  version: z.number(),
  channel: z.string(),
  person: personId,
  conversation: conversationId,
  status: z.enum(statuses),
  kind: z.enum(kinds),
  code,
  severity,
  /** Personal data and words; all of it is blanked when the resident asks to be forgotten. */
  about: z.object({
    name: z.string().nullable(),
    phone: z.string().nullable(),
    household: household.nullable(),
    place,
    summary: z.string(),
    words: z.string(),
    happened: z.string().nullable(),
    demand: z.string().nullable(),
    findings: z.array(z.string()),
    plan: z.string().nullable(),
    gap: z.string().nullable(),
    result: z.string().nullable(),
    grounds: grounds.default(noGrounds),
  }),
  anonymous: z.boolean(),
  forgotten: z.boolean(),
  /** Since when nothing of it may be deleted, whatever its age; null: it may. */
  onHold: instant.nullable().default(null),
  /** Since when the resident wants it deleted, which waits for the end of the hold. */
  forgetWanted: instant.nullable().default(null),
  incomplete: z.boolean(),
  wantsPerson: z.boolean(),
  anger: z.number(),
  media: z.array(mediaId),
  danger: z
    .object({
      type: z.enum(emergencyTypes),
      lift: z.boolean(),
      self: z.boolean(),
      suspected: z.boolean(),
      lost: z.boolean().exactOptional(),
    })
    .nullable(),
  /** The person responsible now; before acceptance, the person asked. */
  owner: staffId.nullable(),
  /** Asked in this round of assignment without acceptance. */
  asked: z.array(staffId),
  /** Everybody who ever worked on it: none of them makes the return visit. */
  handlers: z.array(staffId),
  subjects: z.array(staffId),
  /** Nobody could be found: shown on /readyz until somebody takes it. */
  unowned: z.boolean(),
  /** When somebody is looked for again. */
  retryAt: instant.nullable(),
  parties: z.array(party),
  proof: z.number(),
  /** Footage that may be overwritten: until when it must be kept, and when somebody said it is (domain.md 1.4 rule 6). */
  footage: z.object({ by: instant, kept: instant.nullable() }).nullable(),
  verified: instant.nullable(),
  responsibility: z.object({ code: z.enum(responsibilityCodes), who: z.string().nullable() }).nullable(),
  marks: z.object({
    received: instant,
    registered: instant,
    assigned: instant.nullable(),
    accepted: instant.nullable(),
    contacted: instant.nullable(),
    arrived: instant.nullable(),
    planned: instant.nullable(),
    progressed: instant.nullable(),
    done: instant.nullable(),
    answered: instant.nullable(),
    closed: instant.nullable(),
  }),
  promises: z.array(promise),
  deadlines: z.array(deadline),
  extensions: z.number(),
  /** Times the resolve clock stood still, oldest first; the running one, if any, is the last. */
  pauses: z.array(pause).default([]),
  /** A pause the handler asked for, until a supervisor decides it. */
  pauseWanted: z
    .object({ by: staffId, why: askedReason, words: z.string(), until: instant })
    .nullable()
    .default(null),
  /** Whose it is to do, where it is not the property's own; the property answers to the resident all the same. */
  transferred: z.object({ who: z.string(), at: instant }).nullable().default(null),
  /** Lines that did not reach the resident, until somebody told them by telephone. */
  untold: z
    .object({ since: instant, why: z.enum(untoldReasons), lines: z.array(z.string()) })
    .nullable()
    .default(null),
  /** Of an S1, until somebody presses 我去处理. */
  alarm: z
    .object({
      since: instant,
      next: instant,
      rounds: z.number(),
      circle: z.array(staffId),
      /** How many widenings of the circle have happened. */
      widened: z.number(),
      delivered: z.boolean(),
      toldUntaken: z.boolean(),
    })
    .nullable(),
  /** An escalation nobody has answered yet (`alert.ts`). */
  alert: z
    .object({
      /** Each matter once: a step, a pause that waits for a word; null: nobody can be found who may have the case. */
      about: z.array(
        z.object({
          step: z.enum([...deadlineSteps, 'pause']).nullable(),
          percent: z.number(),
          due: instant,
          late: z.boolean(),
        }),
      ),
      since: instant,
      /** Everybody told so far; `lost` of them no message reaches. */
      to: z.array(staffId),
      lost: z.array(staffId),
      level: z.number(),
      /** When it goes on to the next ones. */
      next: instant,
      /** How often everybody was told again, since nobody is left who was not told. */
      rounds: z.number(),
    })
    .nullable()
    .default(null),
  /** Those above to whom it was escalated: they oversee it, and may call the resident. */
  escalated: z.array(staffId).default([]),
  /** A press that can still be undone, and what it will tell the resident then. */
  held: z
    .object({
      act: z.enum(['responsibility', 'plan', 'done']),
      by: staffId,
      until: instant,
      /** What the press changed, as it was and as it became (`holding.ts`), in JSON. */
      changed: z.string(),
      notices: z.array(z.custom<Notice>((v) => typeof v === 'object' && v !== null)),
    })
    .nullable(),
  question: z.object({ id: z.number(), text: z.string(), asked: instant, by: staffId }).nullable(),
  questions: z.number(),
  /** When the open question is looked at again: asked once more, then told to the handler. */
  unanswered: z.object({ at: instant, again: z.boolean() }).nullable(),
  survey: z
    .object({
      asked: z.array(instant),
      next: instant.nullable(),
      answer: z.enum(['solved', 'partly', 'notSolved']).nullable(),
    })
    .nullable(),
  rating: z.object({ stars: z.number(), at: instant }).nullable(),
  /** When the wait for stars ends. */
  ratingUntil: instant.nullable(),
  visits: z.array(
    z.object({ at: instant, by: staffId, outcome: z.enum(['solved', 'notSolved', 'noAnswer']) }),
  ),
  /** Somebody other than the handler must call: after a low rating, “not solved”, S1/S2 done, or because it was asked for. */
  callback: z
    .object({
      by: staffId.nullable(),
      why: z.enum(['low', 'failed', 'visit', 'asked']),
      /** Since when it is owed; null in rows of a version that did not keep it. */
      since: instant.nullable().default(null),
      /** When it is tried again, after a call nobody answered. */
      next: instant.nullable().default(null),
    })
    .nullable(),
  signed: staffId.nullable(),
  failures: z.number(),
  reopened: z.number(),
  /** Reported before, by this household or at this public spot (domain.md 2.1); null: not, or not known to be. */
  repeat: repeat.nullable().default(null),
  /** After the end of what had come back: whether it lasted is still to be found out; null: not, or not any more. */
  effect: z
    .object({
      next: instant,
      /** When the resident was asked. */
      asked: z.array(instant),
      /** Who looks in the resident's place, and how often they were sent the card. */
      by: staffId.nullable(),
      looks: z.number(),
    })
    .nullable()
    .default(null),
  /** Raised by software after “solved” already (domain.md 1.4 rule 5: not a second time). */
  raisedAfterSolved: z.boolean(),
  closure: z.enum(['solved', 'unrated', 'disputed', 'replied']).nullable(),
  /** Households with the same trouble, whose reports are merged into this one. */
  followers: z.array(z.object({ complaint: complaintId, person: personId, conversation: conversationId })),
  /** A new identity that says it is the resident; waits for staff. */
  claim: conversationId.nullable(),
  /** The case this one is merged into. */
  main: complaintId.nullable(),
  /** Who holds a card, and why. */
  cards: z.array(z.object({ staff: staffId, role: z.enum(['owner', 'alarm', 'watch', 'callback']) })),
})
export type Complaint = z.infer<typeof complaintSchema>

/** A complaint as other aggregates see it: enough to recognise it, tell its state, and speak of it. */
export interface ComplaintBrief {
  readonly id: ComplaintId
  readonly number: string
  readonly estate: EstateId | null
  readonly person: PersonId
  readonly status: Status
  readonly kind: Complaint['kind']
  readonly code: Code
  readonly severity: Severity
  readonly summary: string
  readonly place: Place
  readonly owner: StaffId | null
  readonly accepted: boolean
  readonly subjects: readonly StaffId[]
  readonly promise: PromiseMade | null
  readonly receivedAt: number
  readonly closedAt: number | null
  readonly danger: Complaint['danger']
  readonly question: Complaint['question']
  /** Of an anonymous case: with it, the number shows the state to whoever has both. */
  readonly checkCode: string | null
}
