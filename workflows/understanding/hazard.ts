import { hashOf } from './model/grams.ts'
import { pattern } from './patterns.ts'
import { risks, tamed as takenBack } from './lexicon/risks.ts'

const stated = pattern(risks)
const harmless = pattern(takenBack)
const seenStated = hashOf('hazard stated')
const seenHarmless = hashOf('hazard harmless')

/** Words that name a physical hazard, or take one back (label guide: `risk`). */
export interface Hazard {
  readonly stated: boolean
  /** What was seen, for the model (model/features.ts). */
  readonly seen: readonly number[]
}

export function readHazard(text: string): Hazard {
  const named = stated.test(text)
  const tamed = harmless.test(text)
  const seen = [...(named ? [seenStated] : []), ...(tamed ? [seenHarmless] : [])]
  return { stated: named && !tamed, seen }
}
