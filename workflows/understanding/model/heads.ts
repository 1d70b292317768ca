import { categories } from '../../taxonomy.ts'
import { emergencyTypes, kinds } from '../facts.ts'

/** What the model is asked about a text, and the answers it weighs. One answer is a yes or no. */
export const heads = {
  /** Somebody or something is in danger now. */
  danger: ['yes'],
  /** Which danger, where there is one. */
  type: emergencyTypes,
  kind: kinds,
  /** The main trouble, where it is a matter of the estate. */
  category: categories,
  anger: ['0', '1', '2', '3'],
  repeat: ['yes'],
  /** A physical hazard is stated or plain. */
  risk: ['yes'],
  /** It is a matter of a housing estate at all. */
  matter: ['yes'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Head = keyof typeof heads

export const headNames = Object.keys(heads) as Head[]

/** Where each head's answers begin among all of them. */
export const firstOf = Object.fromEntries(
  headNames.map((name, i) => [
    name,
    headNames.slice(0, i).reduce((sum, before) => sum + heads[before].length, 0),
  ]),
) as Readonly<Record<Head, number>>

export const answerCount = headNames.reduce((sum, name) => sum + heads[name].length, 0)
