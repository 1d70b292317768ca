import { z } from 'zod'
import { codes, type Code } from '../taxonomy.ts'

/**
 * How the program came to what a case says, for whoever works on it: what the resident said is certain, what is in
 * `inferred` was concluded. Holds the resident's words; blanked with them.
 */
export const grounds = z.object({
  inferred: z.array(z.enum(['place', 'time', 'demand'])),
  /** The code it was read as; somebody may have chosen another since. null: by hand, or by an older version. */
  readAs: z.enum(codes as [Code, ...Code[]]).nullable(),
  /** The words that speak for that code, and for the danger. */
  code: z.array(z.string()),
  danger: z.array(z.string()),
  /** What the words for the time come to, in local time (`2026-11-23T18:00:00`); worked out, so never certain. */
  when: z.object({ from: z.string(), to: z.string().nullable() }).nullable(),
  /** 12345, media, lawyers they named (domain.md 2.1: at least S2). */
  authorities: z.array(z.string()),
  /** People concerned, as the resident calls them. */
  people: z.array(z.string()),
  /** Somebody old, ill, pregnant, small or disabled is concerned. */
  vulnerable: z.boolean(),
})
export type Grounds = Readonly<z.infer<typeof grounds>>

export const noGrounds: z.infer<typeof grounds> = {
  inferred: [],
  readAs: null,
  code: [],
  danger: [],
  when: null,
  authorities: [],
  people: [],
  vulnerable: false,
}

/** The same with every word as `read` gives it. */
export const groundsRead = (of: Grounds, read: (words: string) => string): z.infer<typeof grounds> => ({
  ...of,
  inferred: [...of.inferred],
  code: of.code.map(read),
  danger: of.danger.map(read),
  authorities: of.authorities.map(read),
  people: of.people.map(read),
})
