import { z } from 'zod'
import type { ComplaintId, EstateId, Instant, MediaId } from '../ids.ts'
import type { ComplaintEvent } from '../complaint/events.ts'
import { household, place } from '../complaint/state.ts'
import type { Content } from '../message.ts'
import type { Notice } from '../notice.ts'
import { factsSchema } from '../understanding/facts-schema.ts'
import { emergencyTypes, type Facts } from '../understanding/facts.ts'
import type { SecondReading } from '../understanding/second-reading.ts'

/** What happens to a resident's conversation. */
export type IntakeEvent =
  | {
      readonly type: 'message'
      /** The platform's time. */
      readonly at: Instant
      readonly content: Content
      /** What the text says; null where there is no text. */
      readonly facts: Facts | null
      /** In a group: only what mentions us is answered, all of it is kept. */
      readonly group: { readonly id: string; readonly mentioned: boolean } | null
    }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** They want to be forgotten: asked for in writing, and checked by staff. */
  | { readonly type: 'forget' }
  | { readonly type: 'due' }
  /** What a language model makes of a message (`second-reading.ts`), while or after it was answered. */
  | { readonly type: 'secondReading'; readonly about: AboutMessage; readonly reading: SecondReading }
  /** A line to this person did not arrive and never will; `uncertain`: perhaps it did. */
  | {
      readonly type: 'undeliverable'
      readonly why: 'recipient' | 'window' | 'configuration' | 'content' | 'unknown' | 'uncertain'
      /** What it said, of which case; left out by an older version. */
      readonly line?: { readonly complaint: ComplaintId | null; readonly text: string }
    }

/** Which message, and what had become of it when it was given to be read. */
export interface AboutMessage {
  readonly at: Instant
  readonly text: string
  /** T0 of the draft it was part of, by which its case is known, too; null: it was taken for small talk. */
  readonly began: Instant | null
}

const complaintId = z.custom<ComplaintId>((v) => typeof v === 'number')
const mediaId = z.custom<MediaId>((v) => typeof v === 'number')
const estateId = z.custom<EstateId>((v) => typeof v === 'string')
const instant = z.number()

/** What the last question was about: gives short answers their meaning (domain.md 5.1 rule 14). */
export const topics = [
  // Of the complaint being told.
  'estate',
  'what',
  'place',
  'who',
  'time',
  'demand',
  'household',
  'phone',
  'sameAsMine',
  'sameAsOther',
  'confirm',
  'correct',
  // In danger.
  'inDanger',
  'dangerEstate',
  'dangerPlace',
  'dangerPhone',
  // Of a registered case.
  'whichCase',
  'supplement',
  'withdraw',
  'solved',
  'stars',
  'oneStar',
  'comment',
  'effect',
  'relayed',
  'reopen',
  // Of the conversation.
  'forget',
  'export',
  'person',
] as const
export type Topic = (typeof topics)[number]

/** Questions of a danger: while one is open, nothing that can wait is said. */
export const dangerTopics: ReadonlySet<Topic> = new Set<Topic>([
  'inDanger',
  'dangerEstate',
  'dangerPlace',
  'dangerPhone',
])

/** Topics that only have a meaning while something is being told. */
export const draftTopics: ReadonlySet<Topic> = new Set<Topic>([
  'estate',
  'what',
  'place',
  'who',
  'time',
  'demand',
  'household',
  'phone',
  'sameAsMine',
  'sameAsOther',
  'confirm',
  'correct',
])

export const inferable = ['kind', 'code', 'time', 'place', 'demand'] as const
export type Inferable = (typeof inferable)[number]

const troubleSchema = z.object({
  /** T0: the first message from which it was recognisable. */
  began: instant,
  facts: factsSchema,
  /** Every message of this intake, oldest first. */
  words: z.array(z.string()),
  /** The message that said what is wrong; the summary quotes it. */
  matter: z.string().nullable(),
  media: z.array(mediaId),
  location: z.string().nullable(),
  /** Where the matter is, as far as the last turn knew it. */
  place: place.nullable(),
  estate: estateId.nullable(),
  /** Where the resident lives, as told in this intake; `facts.household` is where the matter is. */
  household: household.nullable(),
  name: z.string().nullable(),
  /** Times each topic was asked; twice is enough (rule 1). */
  asked: z.partialRecord(z.enum(topics), z.number()),
  skipped: z.array(z.enum(topics)),
  anonymous: z.boolean(),
  /** A case of the resident or of others that may be the same: offered once. */
  sameAs: complaintId.nullable(),
  offered: z.array(complaintId),
  /** Of those, the own ones of which they said that this is another matter. */
  differs: z.array(complaintId).default([]),
  summaryShown: z.boolean(),
  /** The anger an empathy line has answered; null: none said yet. */
  soothed: z.number().nullable(),
  /** Told that they need not type. */
  eased: z.boolean().default(false),
  wantsPerson: z.boolean(),
  /** Who must call, as `Registration.wantsLevel` says it. */
  wantsLevel: z.literal([0, 1, 2]),
  /** Arrived long after it was written. */
  late: z.boolean(),
  /** Begun by a mention in a group: asked nothing there. */
  group: z.boolean(),
  /** What a language model alone read out of the words; anything the resident says about it takes its place. */
  inferred: z.array(z.enum(inferable)).default([]),
  /** It also holds the matter for S2 (domain.md 2.1). */
  serious: z.boolean().default(false),
})

const draftSchema = troubleSchema.extend({
  /** Of another sort, told in the same talk: asked nothing, read back and registered together with this one. */
  others: z.array(troubleSchema).default([]),
})
export type Draft = z.infer<typeof draftSchema>
export type Trouble = z.infer<typeof troubleSchema>

const dangerSchema = z.object({
  type: z.enum(emergencyTypes),
  /** 紧急 alone: nobody knows yet what it is. */
  unclear: z.boolean(),
  lift: z.boolean(),
  /** Somebody is gone, who cannot look after themselves (`lost.ts`). */
  lost: z.boolean().default(false),
  self: z.boolean(),
  /** Asked first, not yet answered. */
  suspected: z.boolean(),
  /** Seen by a language model alone: silence is no yes, a person calls instead. */
  inferred: z.boolean().default(false),
  /** Asked first, and nobody is in danger. */
  over: z.boolean(),
  since: instant,
  /** An unanswered “is anybody in danger” counts as yes from here. */
  answerBy: instant.nullable(),
  /** New words belong to this danger until here. */
  until: instant,
  complaint: complaintId.nullable(),
  /** As far as it is known; an amendment carries all of it. */
  place,
  /** Where the danger is, which need not be where the person lives; null while unknown. */
  estate: estateId.nullable(),
  phoneKnown: z.boolean(),
  /** Written in this group: there the words are said, and nothing personal is asked; null: in private. */
  room: z.string().nullable(),
  /** Where the first words were said; who writes elsewhere, or is first spoken to, hears them there. */
  heard: z.enum(['nowhere', 'group', 'private']),
  askedEstate: z.number(),
  askedPlace: z.number(),
  askedPhone: z.number(),
})
export type DangerTalk = z.infer<typeof dangerSchema>

const askingSchema = z.object({
  topic: z.enum(topics),
  at: instant,
  complaint: complaintId.nullable(),
  question: z.number().nullable(),
  /** What a number chooses: estate ids, or rows of complaints. */
  options: z.array(z.string()),
  /** The command that waits for the choice of a case, and its words. */
  wanting: z.enum(['progress', 'urge', 'supplement', 'withdraw']).nullable(),
  words: z.string().nullable(),
})
export type Asking = z.infer<typeof askingSchema>

export const intakeSchema = z.object({
  /** Whether 个人信息 notice went out, and when it was queued (rule 12). */
  noticed: instant.nullable(),
  greeted: instant.nullable(),
  /** When the resident last wrote. */
  spoke: instant.nullable(),
  /** The complaint being told now; null: none. */
  draft: draftSchema.nullable(),
  /** The question last asked, when, and about which complaint. */
  asking: askingSchema.nullable(),
  /** The one before, for an answer repeated within 10 s (rule 14). */
  askedBefore: z
    .object({ topic: z.enum(topics), at: instant, complaint: complaintId.nullable(), answer: z.string() })
    .nullable(),
  danger: dangerSchema.nullable(),
  /** The reply that waits for the burst to end, and when the burst began. */
  replyAt: instant.nullable(),
  burstFrom: instant.nullable(),
  /** When an unanswered draft is nudged, and when it is registered as incomplete. */
  nudgeAt: instant.nullable(),
  abandonAt: instant.nullable(),
  /** A person speaks: the bot is silent until then (rule 5). */
  humanUntil: instant.nullable(),
  /** Notices that wait for the end of the quiet hours, of a draft, or of a talk with a person. */
  waiting: z.array(z.custom<Notice>((v) => typeof v === 'object' && v !== null)),
  waitingUntil: instant.nullable(),
  /** Lines taken for small talk a moment ago: should a matter follow, they belong to it. */
  chat: z.array(z.object({ text: z.string(), at: instant })),
  misunderstood: z.number(),
  abuse: z.number(),
  /** A threat was passed on in this talk with a person: not announced again. */
  threatened: z.boolean(),
  /** Check codes that did not fit, on this local day: guessing ends (one code, a few tries a day). */
  codeMisses: z.object({ day: z.string(), count: z.number() }).nullable(),
  /** The complaint last registered or spoken of here. */
  lastComplaint: complaintId.nullable(),
  /** Told after the case was handed over and before its row was known; follows with `registered`. */
  early: z.array(z.custom<ComplaintEvent>((v) => typeof v === 'object' && v !== null)),
  /** Handed over, its number not yet known: since when. */
  registering: instant.nullable(),
  /** Registered together, their numbers not yet told: each is then named with its number. */
  together: z.number().default(0),
  /** Learned of the person, not yet remembered: waits for a turn after the notice (rule 12). */
  learned: z.object({
    name: z.string().optional(),
    phone: z.string().optional(),
    estate: estateId.optional(),
    household: household.optional(),
    minor: z.boolean().optional(),
    phoneRefused: z.boolean().optional(),
  }),
  minorTold: z.boolean(),
  /** A line was refused for good, and nothing was heard since: every open case knows. */
  unreachable: z.boolean(),
  /** When they last heard that what they added is in a case, and what came since that they have not heard of. */
  adding: z
    .object({
      said: instant,
      more: z.array(z.object({ complaint: complaintId, number: z.string(), count: z.number() })),
    })
    .nullable()
    .default(null),
  /** When they were last given a copy of all that is kept of them. */
  exported: instant.nullable().default(null),
})
export type IntakeState = z.infer<typeof intakeSchema>

export const newIntake: IntakeState = {
  noticed: null,
  greeted: null,
  spoke: null,
  draft: null,
  asking: null,
  askedBefore: null,
  danger: null,
  replyAt: null,
  burstFrom: null,
  nudgeAt: null,
  abandonAt: null,
  humanUntil: null,
  waiting: [],
  waitingUntil: null,
  chat: [],
  misunderstood: 0,
  abuse: 0,
  threatened: false,
  codeMisses: null,
  lastComplaint: null,
  early: [],
  registering: null,
  together: 0,
  learned: {},
  minorTold: false,
  unreachable: false,
  adding: null,
  exported: null,
}
