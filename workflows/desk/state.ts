import { z } from 'zod'
import type { ComplaintId, EstateId, Instant, MediaId, StaffId } from '../ids.ts'
import type { Content } from '../message.ts'
import type { StaffNotice } from '../notice.ts'
import type { Gathered } from './digest.ts'
import type { DutyAct } from './duty-events.ts'

/** What happens at a staff member's desk: their conversation with the program in 企业微信. */
export type DeskEvent =
  | { readonly type: 'message'; readonly at: Instant; readonly content: Content }
  | { readonly type: 'notice'; readonly notice: StaffNotice }
  | { readonly type: 'duty'; readonly act: DutyAct }
  | { readonly type: 'due' }
  | { readonly type: 'undeliverable'; readonly complaint: ComplaintId | null }
  /** The holidays of a year that is near are known neither to the program nor to this estate's file. */
  | {
      readonly type: 'yearUnknown'
      readonly estate: EstateId
      readonly year: number
      /** Of the estate file that lacks it: a changed one that still lacks it is worth a second word. */
      readonly version: number
    }

const complaintId = z.custom<ComplaintId>((v) => typeof v === 'number')
const estateId = z.custom<EstateId>((v) => typeof v === 'string')
const mediaId = z.custom<MediaId>((v) => typeof v === 'number')
const staffId = z.custom<StaffId>((v) => typeof v === 'string')

/** What a press left open, to be said in the next message. */
export const wanted = [
  'declineReason',
  'finding',
  'question',
  'partyWords',
  'responsibilityWords',
  'plan',
  'planTime',
  'gap',
  'progress',
  'done',
  'donePhotos',
  'reply',
  'standDown',
  'visitWords',
  'effectWords',
  'extension',
  'pauseWords',
  'pauseDenial',
  'transfer',
  'dispute',
] as const
export type Wanted = (typeof wanted)[number]

/** This person's duty, beside the rows of their leave and swaps. */
const dutySchema = z.object({
  /** When their shift ends next; one that has come waits for its turn. */
  ends: z.number().nullable(),
  /** A shift that ended and left something, until that is looked at once more. */
  ended: z.number().nullable(),
  /** On leave, with more to move on than one turn can tell. */
  leaving: z.boolean(),
  /** All of theirs is being handed over: to whom, and who had it done (null: the API). */
  handing: z.object({ to: staffId, by: staffId.nullable(), reason: z.string().nullable() }).nullable(),
  /** What the next line answers. */
  asking: z.object({ what: z.enum(['leave', 'handTo']), since: z.number() }).nullable(),
})
const noDuty = { ends: null, ended: null, leaving: false, handing: null, asking: null }

export const deskSchema = z.object({
  /** The complaint last spoken of, and when: it goes stale when there are several. */
  focus: complaintId.nullable(),
  focusAt: z.number(),
  /** A press asked for words; `detail` is what the press already chose. */
  wanting: z
    .object({
      what: z.enum(wanted),
      complaint: complaintId,
      since: z.number(),
      /** The press brought a code by which its card still changes; a typed line leaves the card as it was. */
      pressed: z.boolean(),
      detail: z.record(z.string(), z.string()),
    })
    .nullable(),
  /** Photos of finished work that came before the words they belong to. */
  photos: z.array(mediaId),
  /** Free text that fits several complaints: kept until one is chosen. */
  choosing: z
    .object({
      among: z.array(complaintId),
      text: z.string().nullable(),
      media: z.array(mediaId),
      since: z.number(),
    })
    .nullable(),
  /** Reminders and escalations that wait for others of the same moment, and until when (`digest.ts`). */
  gathered: z.array(z.custom<Gathered>((v) => typeof v === 'object' && v !== null)).default([]),
  tellAt: z.number().nullable().default(null),
  /** The cases of the last digest: 收到 is an answer for all of them. */
  digest: z.array(complaintId).default([]),
  /** The years without holidays they were told of (`yearUnknown`). */
  yearsTold: z.array(z.object({ estate: estateId, year: z.number(), version: z.number() })).default([]),
  /** When they were last greeted: every look into the app is an event. */
  welcomed: z.number(),
  duty: dutySchema.default(noDuty),
})
export type DeskState = z.infer<typeof deskSchema>

export const newDesk: DeskState = {
  focus: null,
  focusAt: 0,
  wanting: null,
  photos: [],
  choosing: null,
  gathered: [],
  tellAt: null,
  digest: [],
  yearsTold: [],
  welcomed: 0,
  duty: noDuty,
}
