/** A piece of a text between two marks: `start` ≤ position < `end`. */
export interface Clause {
  readonly start: number
  readonly end: number
  /** Number of the sentence it stands in. */
  readonly sentence: number
}

const sentenceEnds = '。!?;\n…~'
const clauseEnds = ',、: '

/** Splits a normalised text into clauses; where people type a space for a comma, the space ends a clause. */
export function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = []
  let start = 0
  let sentence = 0
  for (let i = 0; i <= text.length; i++) {
    const mark = text[i]
    const ends = mark === undefined || sentenceEnds.includes(mark)
    if (!ends && !clauseEnds.includes(mark)) continue
    if (i > start) clauses.push({ start, end: i, sentence })
    start = i + 1
    if (ends && clauses.at(-1)?.sentence === sentence) sentence++
  }
  return clauses
}
