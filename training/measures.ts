/** Share of the right ones; NaN of none. */
export const share = <Item>(items: readonly Item[], isRight: (item: Item) => boolean): number =>
  items.filter(isRight).length / items.length

export interface Found {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** Precision, recall and F1 of a yes or no. */
export function found<Item>(
  items: readonly Item[],
  said: (item: Item) => boolean,
  isTrue: (item: Item) => boolean,
): Found {
  const hits = items.filter((item) => said(item) && isTrue(item)).length
  const precision = hits / items.filter(said).length
  const recall = hits / items.filter(isTrue).length
  return { precision, recall, f1: (2 * hits) / (items.filter(said).length + items.filter(isTrue).length) }
}

/** F1 of every label that occurs, all weighted alike. */
export function macroF1<Item>(
  items: readonly Item[],
  said: (item: Item) => string,
  label: (item: Item) => string,
): number {
  const labels = [...new Set(items.map(label))]
  const scores = labels.map(
    (one) =>
      found(
        items,
        (item) => said(item) === one,
        (item) => label(item) === one,
      ).f1,
  )
  return scores.reduce((sum, score) => sum + score, 0) / labels.length
}

/** Quadratic-weighted kappa of two gradings from 0 to 3. */
export function kappa<Item>(
  items: readonly Item[],
  said: (item: Item) => number,
  label: (item: Item) => number,
): number {
  const grades = [0, 1, 2, 3]
  const count = (grade: number, of: (item: Item) => number): number =>
    items.filter((item) => of(item) === grade).length
  let seen = 0
  for (const item of items) seen += (said(item) - label(item)) ** 2
  let byChance = 0
  for (const a of grades)
    for (const b of grades) byChance += ((a - b) ** 2 * count(a, said) * count(b, label)) / items.length
  return 1 - seen / byChance
}

/** How often one of the first scores higher than one of the second; equal scores count half. */
export function areaUnderCurve(positive: readonly number[], negative: readonly number[]): number {
  let wins = 0
  for (const p of positive) for (const n of negative) wins += p > n ? 1 : p === n ? 0.5 : 0
  return wins / (positive.length * negative.length)
}

/** Common part of two pieces of a text, as a share of what both cover together. */
export function overlap(text: string, a: string, b: string): number {
  const from = [text.indexOf(a), text.indexOf(b)] as const
  if (from[0] < 0 || from[1] < 0) return 0
  const common = Math.min(from[0] + a.length, from[1] + b.length) - Math.max(from[0], from[1])
  return common <= 0 ? 0 : common / (a.length + b.length - common)
}
