/** Chance that comes out the same in every run: mulberry32 from a seed. */
export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number
  between(low: number, high: number): number
  /** A whole number from 0 up to `count`, which is left out. */
  below(count: number): number
  happens(share: number): boolean
  of<T>(list: readonly T[]): T
  /** One of the keys, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const chance: Chance = {
    next,
    between: (low, high) => low + next() * (high - low),
    below: (count) => Math.floor(next() * count),
    happens: (share) => next() < share,
    of(list) {
      const found = list[chance.below(list.length)]
      if (found === undefined) throw new Error('nothing to choose from')
      return found
    },
    weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
      const entries = Object.entries(weights) as [K, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) if ((left -= weight) < 0) return key
      throw new Error('nothing to choose from')
    },
  }
  return chance
}
