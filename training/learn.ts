import { heads, headNames, answerCount, firstOf, type Head } from '../workflows/understanding/model/heads.ts'
import { eachGram, type Features } from '../workflows/understanding/model/features.ts'
import { gramValueAmong, signValue, type Model } from '../workflows/understanding/model/model.ts'
import { readByRules } from '../workflows/understanding/rules.ts'
import { fit, type Example } from './fit.ts'
import type { Row } from './rows.ts'

/** A feature must stand in so many rows to be learnt from. */
const fewest = 4

/** Rows written for judging: they are nearer to what is judged than what was written to widen them. */
const judged = new Set(['chat', 'emergency', 'near-miss'])
/** How much a row counts; plain words must not be drowned by what is told in a roundabout way. */
const weightOfFile = (file: string): number =>
  judged.has(file) ? 4 : ['plain', 'short', 'suspected'].includes(file) ? 2 : 1

/**
 * Files whose writers looked at the tone as closely as at the matter. In those that pair dangers with what sounds like them,
 * anger, repetition and lesser hazards were labelled in passing.
 */
const tellsTone = (row: Row): boolean =>
  /^(chat|chat-more|complaints|kinds|letters.*|plain|short|suspected)$/.test(row.file)

/** What a row answers to a head, as the index of the answer; null where it says nothing about it. */
function answerOf(row: Row, head: Head): number | null {
  const yes = (value: boolean | null): number | null => (value === null ? null : Number(value))
  switch (head) {
    case 'danger':
      return Number(row.danger !== null)
    case 'type':
      return row.danger === null ? null : heads.type.indexOf(row.danger)
    case 'kind':
      return row.kind === null ? null : heads.kind.indexOf(row.kind)
    case 'category':
      return row.category === null ? null : heads.category.indexOf(row.category)
    case 'anger':
      return tellsTone(row) ? row.anger : null
    case 'repeat':
      return tellsTone(row) ? yes(row.repeat) : null
    case 'risk':
      // A danger is a risk without being asked; here the hazards are told apart that can wait.
      return row.danger === null && (tellsTone(row) || row.file === 'near-miss') ? yes(row.risk) : null
    case 'matter':
      // A greeting to the property company is no matter either; only what asks for something tells them apart.
      return row.kind === 'other' && row.matter === true ? null : yes(row.matter)
  }
}

/**
 * How much each answer of a head counts. What is rare among the written messages is not as rare among real ones: of the
 * yes or no questions the rarer answer counts more. Danger keeps its own: its limits are set apart (judge.ts).
 */
function weightsOf(head: Head, answers: readonly number[]): (answer: number) => number {
  const yes = answers.filter((answer) => answer === 1).length
  const no = answers.length - yes
  if (head !== 'matter' && head !== 'repeat' && head !== 'risk') return () => 1
  const power = head === 'repeat' ? 0.5 : 1
  return (answer) => (answer === 1 ? Math.max(1, no / yes) : Math.max(1, yes / no)) ** power
}

/** Learns a model from rows. The same rows give the same model, bit for bit. */
export function learn(rows: readonly Row[]): Model {
  const read = rows.map((row) => readByRules(row.text).features)
  const features = knownFeatures(read)
  const rowOf = new Map(features.map((feature, i) => [feature, i]))
  const examples = read.map((of, i) => exampleOf(of, rowOf, weightOfFile(rows[i]?.file ?? '')))

  const all = new Float32Array(features.length * answerCount)
  const biases = new Float32Array(answerCount)
  for (const head of headNames) {
    const answers = rows.map((row) => answerOf(row, head))
    const asked = answers.flatMap((answer, i) => (answer === null ? [] : [i]))
    const count = Math.max(2, heads[head].length)
    const fitted = fit(
      asked.flatMap((i) => examples[i] ?? []),
      (i) => answers[asked[i] ?? 0] ?? 0,
      weightsOf(
        head,
        asked.map((i) => answers[i] ?? 0),
      ),
      { features: features.length, answers: count },
    )
    // A yes or no needs one number: how much more yes than no.
    const yesOrNo = heads[head].length === 1
    for (let a = 0; a < heads[head].length; a++) {
      const column = firstOf[head] + a
      const of = (values: Float32Array | Float64Array, at: number): number =>
        yesOrNo ? (values[at + 1] ?? 0) - (values[at] ?? 0) : (values[at + a] ?? 0)
      biases[column] = of(fitted.biases, 0)
      for (let f = 0; f < features.length; f++) all[f * answerCount + column] = of(fitted.weights, f * count)
    }
  }
  return { features: Uint32Array.from(features), ...rounded(all), biases, askFrom: -2, alarmFrom: 0 }
}

/** What stands often enough, in the order of the numbers. */
function knownFeatures(read: readonly Features[]): number[] {
  const count = new Map<number, number>()
  for (const of of read) {
    const here = new Set(of.seen)
    eachGram(of, (gram) => here.add(gram))
    for (const feature of here) count.set(feature, (count.get(feature) ?? 0) + 1)
  }
  return [...count].flatMap(([feature, rows]) => (rows >= fewest ? [feature] : [])).sort((a, b) => a - b)
}

function exampleOf(of: Features, rowOf: ReadonlyMap<number, number>, weight: number): Example {
  const grams = new Set<number>()
  eachGram(of, (gram) => {
    const row = rowOf.get(gram)
    if (row !== undefined) grams.add(row)
  })
  const signs = of.seen.flatMap((sign) => rowOf.get(sign) ?? [])
  const gramValue = gramValueAmong(grams.size)
  return {
    features: Int32Array.from([...grams, ...signs]),
    values: Float32Array.from([...[...grams].map(() => gramValue), ...signs.map(() => signValue)]),
    weight,
  }
}

/** Whole numbers from -127 to 127, with a scale an answer. */
function rounded(all: Float32Array): { weights: Int8Array; scales: Float32Array } {
  const rows = all.length / answerCount
  const weights = new Int8Array(all.length)
  const scales = new Float32Array(answerCount)
  for (let c = 0; c < answerCount; c++) {
    const sizes = Float32Array.from({ length: rows }, (_, row) =>
      Math.abs(all[row * answerCount + c] ?? 0),
    ).sort()
    const scale = Math.max((sizes[rows - 1] ?? 0) / 127, 1e-9)
    scales[c] = scale
    for (let row = 0; row < rows; row++) {
      const at = row * answerCount + c
      weights[at] = Math.max(-127, Math.min(127, Math.round((all[at] ?? 0) / scale)))
    }
  }
  return { weights, scales }
}

export const isJudged = (row: Row): boolean => judged.has(row.file)
