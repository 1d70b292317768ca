import { eachGram, type Features } from './features.ts'
import { answerCount, firstOf, heads, type Head } from './heads.ts'

/**
 * A linear model with small whole numbers for weights: one row a feature, one column an answer of `heads`. Trained by
 * `npm run train` (training/README.md) and shipped as data in weights.ts.
 */
export interface Model {
  /** Features in the order of their rows. */
  readonly features: Uint32Array
  /** Row by row, -127 … 127. */
  readonly weights: Int8Array
  /** What a weight of 1 is worth, by answer. */
  readonly scales: Float32Array
  readonly biases: Float32Array
  /** The score of `danger` from which a danger is 0.1 (asked first) and 0.5 (an emergency). */
  readonly askFrom: number
  readonly alarmFrom: number
}

/** How much one sign counts beside all characters together, whose squares add up to 1. */
export const signValue = 0.2

/** How much one run of characters counts among so many different ones that the model knows. */
export const gramValueAmong = (grams: number): number => 1 / Math.sqrt(Math.max(1, grams))

export interface Scores {
  /** Scores of the answers of a head, as log odds up to a constant; of a yes or no, one number that is positive for yes. */
  readonly of: (head: Head) => Float32Array
  /** 0–1: how likely somebody is in danger now. From 0.5 an emergency; from 0.1 asked first. */
  readonly danger: number
}

/** A reader of texts by this model. Building it takes some milliseconds; a reading some microseconds. */
export function readerBy(model: Model): (features: Features) => Scores {
  const rows = indexOf(model.features)
  const { weights, scales, biases, askFrom, alarmFrom } = model
  // 2.197 is the log odds of 0.9, and of 0.1 with the other sign.
  const slope = 2.197 / (alarmFrom - askFrom)
  const seenIn = new Uint32Array(model.features.length)
  let reading = 0

  const add = (sums: Int32Array, row: number): void => {
    const at = row * answerCount
    for (let i = 0; i < answerCount; i++) sums[i] = (sums[i] ?? 0) + (weights[at + i] ?? 0)
  }

  return (features) => {
    reading = reading === 0xffff_ffff ? 1 : reading + 1
    const byGrams = new Int32Array(answerCount)
    let grams = 0
    eachGram(features, (gram) => {
      const row = rows(gram)
      if (row < 0 || seenIn[row] === reading) return
      seenIn[row] = reading
      grams++
      add(byGrams, row)
    })
    const bySigns = new Int32Array(answerCount)
    for (const sign of features.seen) {
      const row = rows(sign)
      if (row >= 0) add(bySigns, row)
    }
    const gramValue = gramValueAmong(grams)
    const scores = new Float32Array(answerCount)
    for (let i = 0; i < answerCount; i++) {
      const sum = (byGrams[i] ?? 0) * gramValue + (bySigns[i] ?? 0) * signValue
      scores[i] = (biases[i] ?? 0) + sum * (scales[i] ?? 0)
    }
    const danger = 1 / (1 + Math.exp(-slope * ((scores[firstOf.danger] ?? 0) - alarmFrom)))
    return { of: (head) => scores.subarray(firstOf[head], firstOf[head] + heads[head].length), danger }
  }
}

/** Finds the row of a feature, -1 where the model does not know it. */
function indexOf(features: Uint32Array): (feature: number) => number {
  let size = 1
  while (size < features.length * 2) size *= 2
  const mask = size - 1
  const keys = new Uint32Array(size)
  const rows = new Int32Array(size).fill(-1)
  features.forEach((feature, row) => {
    let slot = feature & mask
    while ((rows[slot] ?? -1) >= 0) slot = (slot + 1) & mask
    keys[slot] = feature
    rows[slot] = row
  })
  return (feature) => {
    let slot = feature & mask
    for (;;) {
      const row = rows[slot] ?? -1
      if (row < 0 || keys[slot] === feature) return row
      slot = (slot + 1) & mask
    }
  }
}

/** The answer to a yes or no, as log odds: positive for yes. */
export const leaning = (scores: Scores, head: Head): number => scores.of(head)[0] ?? 0

/** The answer with the highest score. */
export function best<const H extends Head>(scores: Scores, head: H): (typeof heads)[H][number] {
  const of = scores.of(head)
  let at = 0
  for (let i = 1; i < of.length; i++) if ((of[i] ?? 0) > (of[at] ?? 0)) at = i
  return heads[head][at] as (typeof heads)[H][number]
}

/** How likely each answer of a head is, together 1. */
function shares(scores: Scores, head: Head): number[] {
  const of = [...scores.of(head)]
  const most = Math.max(...of)
  const odds = of.map((score) => Math.exp(score - most))
  const sum = odds.reduce((all, one) => all + one, 0)
  return odds.map((one) => one / sum)
}

/** 0–1: how likely the best answer is. */
export const shareOfBest = (scores: Scores, head: Head): number => Math.max(...shares(scores, head))

/** The mean of the answers' places, each as likely as its score says: a grade between two is one of them in part. */
export const expected = (scores: Scores, head: Head): number =>
  shares(scores, head).reduce((sum, share, place) => sum + share * place, 0)
