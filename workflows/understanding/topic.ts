import type { Words } from '../estate.ts'
import { categories, codes, familyOf, taxonomy, type Category, type Code } from '../taxonomy.ts'
import { topics } from './lexicon/topics.ts'
import { hashOf } from './model/grams.ts'
import { read } from './normalise.ts'
import { finder, wordsOf, type Hit } from './words.ts'

/** What the words of a text speak for, and how strongly. */
export interface Topic {
  /** Sum of the weights of the winning category; below 1 the text may be about nothing of ours. */
  readonly strength: number
  /** The weight of each code that a word spoke for, and of each category of such codes. */
  readonly codes: ReadonlyMap<Code, number>
  readonly categories: ReadonlyMap<Category, number>
  /** What was seen, for the model (model/features.ts). */
  readonly seen: readonly number[]
}

interface Weighted {
  readonly code: Code
  readonly weight: number
}

const entries = codes.flatMap((code) =>
  wordsOf(topics[code] ?? '').map((word): readonly [Weighted, readonly string[]] => {
    if (word.startsWith('+')) return [{ code, weight: 3 }, [word.slice(1)]]
    if (word.startsWith('-')) return [{ code, weight: 0.5 }, [word.slice(1)]]
    return [{ code, weight: 1.5 }, [word]]
  }),
)
const find = finder(entries)
const seenCode = new Map(codes.map((code) => [code, hashOf(`code ${code}`)]))
const seenCategory = new Map(categories.map((category) => [category, hashOf(`category ${category}`)]))
const seenStrength = [0, 1, 2, 3, 4, 5, 6].map((strength) => hashOf(`topic ${String(strength)}`))

/** Words of an estate's own, as plain as the plainest of the lexicon. */
const ownFinders = new WeakMap<Words, (text: string) => Hit<Weighted>[]>()
function findOwn(text: string, own: Words): readonly Hit<Weighted>[] {
  const known = ownFinders.get(own)
  if (known) return known(text)
  const made = finder(
    codes.flatMap((code) => {
      const words = (own[code] ?? []).map((word) => read(word).text)
      return words.map((word): readonly [Weighted, readonly string[]] => [{ code, weight: 3 }, [word]])
    }),
  )
  ownFinders.set(own, made)
  return made(text)
}

/**
 * Weighs the words of every code, those of the estate's own among them. A word counts once; what stands early counts more, since
 * people say first what is wrong and then whom they blame; words of blame (ST) weigh half where a trouble is named too.
 */
export function readTopic(text: string, own: Words): Topic {
  const byCode = new Map<Code, number>()
  const known = new Set<string>()
  for (const { key, start, end } of [...find(text), ...findOwn(text, own)]) {
    const word = text.slice(start, end)
    const entry = `${key.code}${word}`
    if (known.has(entry)) continue
    known.add(entry)
    const early = 1 + 0.5 * Math.max(0, 1 - start / 60)
    const blame = familyOf(key.code) === 'ST' ? 0.45 : 1
    const short = end - start === 1 ? 0.6 : 1
    byCode.set(key.code, (byCode.get(key.code) ?? 0) + key.weight * early * blame * short)
  }

  const byCategory = new Map<Category, number>()
  for (const [code, weight] of byCode) {
    const { category } = taxonomy[code]
    byCategory.set(category, (byCategory.get(category) ?? 0) + weight)
  }
  let category: Category | null = null
  let strength = 0
  for (const [candidate, weight] of byCategory) {
    if (weight > strength) [category, strength] = [candidate, weight]
  }
  const seen = [...byCode.keys()].map((code) => seenCode.get(code) ?? 0)
  if (category) seen.push(seenCategory.get(category) ?? 0)
  seen.push(seenStrength[Math.min(6, Math.floor(strength))] ?? 0)
  return { strength, codes: byCode, categories: byCategory, seen }
}

/** The code of a category, or of `others` beside them, that most words speak for; null where none does. */
export function strongest(
  codes: ReadonlyMap<Code, number>,
  category: Category,
  others: readonly Code[] = [],
): Code | null {
  let best: Code | null = null
  let most = 0
  for (const [code, weight] of codes) {
    const belongs = taxonomy[code].category === category || others.includes(code)
    if (belongs && weight > most) [best, most] = [code, weight]
  }
  return best
}
