import { codes, familyOf, taxonomy, type Category, type Code } from '../taxonomy.ts'
import { topics } from './lexicon/topics.ts'
import { finder, wordsOf } from './words.ts'

/** What a text is about: the leaf of the taxonomy that its words speak for, and how strongly. */
export interface Topic {
  readonly code: Code | null
  readonly category: Category | null
  /** Sum of the weights of the winning category; below 1 the text may be about nothing of ours. */
  readonly strength: number
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

/**
 * The category with the most weight, then its strongest code. A word counts once; what stands early counts more, since
 * people say first what is wrong and then whom they blame; words of blame (ST) weigh half where a trouble is named too.
 */
export function readTopic(text: string): Topic {
  const byCode = new Map<Code, number>()
  const seen = new Set<string>()
  for (const { key, start, end } of find(text)) {
    const word = text.slice(start, end)
    const known = `${key.code}${word}`
    if (seen.has(known)) continue
    seen.add(known)
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
  let code: Code | null = null
  let best = 0
  for (const [candidate, weight] of byCode) {
    if (taxonomy[candidate].category === category && weight > best) [code, best] = [candidate, weight]
  }
  return { code, category, strength }
}
