import { z } from 'zod'
import { categories, codes, type Code } from '../taxonomy.ts'
import { emergencyTypes, kinds } from './facts.ts'

/** A time as the resident wrote it, and what it means. Instants are ISO local strings as in the label guide. */
export const timeFact = z.object({
  text: z.string(),
  type: z.enum(['point', 'range', 'clock', 'duration', 'set']),
  start: z.string().nullable(),
  end: z.string().nullable(),
  clockStart: z.string().nullable(),
  clockEnd: z.string().nullable(),
  seconds: z.number().nullable(),
  months: z.number().nullable(),
  set: z.unknown().nullable(),
})

/**
 * What one text says, as far as it could be understood. Words are verbatim; `household` is the same place normalised
 * (`３号楼二单元十二楼` → building `3`, unit `2`). Nothing here is asked for twice once it is there.
 */
export const factsSchema = z.object({
  kind: z.enum(kinds),
  code: z.enum(codes as [Code, ...Code[]]).nullable(),
  category: z.enum(categories).nullable(),
  building: z.array(z.string()),
  unit: z.array(z.string()),
  room: z.array(z.string()),
  area: z.array(z.string()),
  /** Normalised: digits, no 栋/单元/室. */
  household: z.object({
    building: z.string().nullable(),
    unit: z.string().nullable(),
    room: z.string().nullable(),
  }),
  time: z.array(timeFact),
  demand: z.string().nullable(),
  safety: z.enum(['none', 'risk', 'emergency']),
  /** 0–1: how likely somebody is in danger now. From 0.5 an emergency; from 0.1 asked first. */
  danger: z.number(),
  emergencyType: z.enum(emergencyTypes).nullable(),
  /** Trapped in a lift, not elsewhere: other first words (domain.md 5.1 rule 15). */
  lift: z.boolean(),
  /** A child or an old person is gone and not found: none of the ten dangers, and no less urgent. */
  lost: z.boolean().default(false),
  /** The writer is in it (true) or sees it (false). */
  selfInvolved: z.boolean(),
  anger: z.number().int().min(0).max(3),
  /** A threat to hurt somebody (E4). */
  threat: z.boolean(),
  repeat: z.boolean(),
  /** Named 12345, the media, a regulator or a lawyer. */
  authority: z.boolean(),
  /** Old, ill, pregnant, infant, disabled person concerned (domain.md 2.1). */
  vulnerable: z.boolean(),
  /** Ten or more households, or a facility all must use; 2–9; one. */
  reach: z.enum(['many', 'several', 'one']),
  /** Basic living blocked (no water, no power, cannot get out) or inconvenience or a wish. */
  effect: z.enum(['blocked', 'inconvenience', 'wish']),
  minor: z.boolean(),
  phone: z.string().nullable(),
  /** Names the text gives to people concerned, for matching with the estate's staff. */
  people: z.array(z.string()),
})
