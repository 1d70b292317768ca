import { clausesOf } from './clauses.ts'
import { emergencyTypes, type EmergencyType } from './facts.ts'
import * as calm from './lexicon/calm.ts'
import { signs, urgency, victims } from './lexicon/danger.ts'
import { groups } from './lexicon/groups.ts'
import { hashOf } from './model/grams.ts'
import { pattern, type Pattern } from './patterns.ts'
import { finder, wordsOf } from './words.ts'

/** How likely somebody is in danger now by its signs, and which danger; what they say untamed is kept in `hazard`. */
export interface Danger {
  /** 0–1; from 0.5 an emergency, from 0.1 asked first. */
  readonly danger: number
  /** Null below 0.1. */
  readonly type: EmergencyType | null
  /** The strongest signs without what took them back as past, asked or waiting: a hazard that may not be urgent. */
  readonly hazard: number
  /** A call for help and nothing else. */
  readonly isBareCry: boolean
  /** What was seen, for the model (model/features.ts). */
  readonly seen: readonly number[]
}

interface Candidate {
  readonly type: EmergencyType
  readonly score: number
  /** How many signs of the type stand in the text. */
  readonly found: number
  readonly strongestSign: number
}

interface Compiled {
  readonly weight: number
  readonly words: Pattern
  readonly seen: number
  readonly seenWeakly: number
}

const compiled = emergencyTypes.map((type) => ({
  type,
  signs: signs[type].map(([weight, words], i): Compiled => ({
    weight,
    words: pattern(words, groups),
    seen: hashOf(`sign ${type} ${String(i)}`),
    seenWeakly: hashOf(`sign ${type} ${String(i)} taken back`),
  })),
}))

/** The signs of one danger, compiled. */
export const signsOf = (wanted: EmergencyType): readonly Pattern[] =>
  compiled.flatMap(({ type, signs: list }) => (type === wanted ? list.map((sign) => sign.words) : []))

const figures = finder([['masked', wordsOf(calm.masked)]])
const asked = pattern(calm.asked)
const supposed = pattern(calm.supposed)
const past = pattern(calm.past)
const now = pattern(calm.now)
const chronic = pattern(calm.chronic)
const idle = pattern(calm.idle)

/** What a text says about itself as a whole. The model also weighs each against how plain the signs are. */
const remarks = {
  over: pattern(calm.over),
  thanked: pattern(calm.thanked),
  unreal: pattern(calm.unreal),
  asked,
  supposed,
  past,
  now,
  chronic,
  idle,
  nuisance: pattern(calm.nuisance),
  work: pattern(calm.work),
  official: pattern(calm.official),
  called: pattern(urgency, groups),
  endangered: pattern(victims, groups),
}
type Remark = keyof typeof remarks
const remarkNames = Object.keys(remarks) as Remark[]

/** Upper ends of the steps in which the model is told a strength. */
const steps = [0.05, 0.1, 0.25, 0.5, 0.8]
const stepOf = (strength: number): number => {
  const step = steps.findIndex((end) => strength < end)
  return step < 0 ? steps.length : step
}
const perStep = (name: string): readonly number[] =>
  [...steps, 1].map((_, step) => hashOf(`${name} ${String(step)}`))
const seenRemark = new Map(
  remarkNames.map((name) => [name, { alone: hashOf(`remark ${name}`), at: perStep(`remark ${name} at`) }]),
)
const seenDanger = perStep('danger')
const seenHazard = perStep('hazard')
const seenType = new Map(emergencyTypes.map((type) => [type, hashOf(`danger of ${type}`)]))

/**
 * A cry without any sign of what happened. It counts as violence: the first words of that type send the person to
 * where others are and name 110, which passes fire and ambulance calls on.
 */
const bareCry =
  /^(?:紧急(?:情况|事件|求助)?|救命(?:啊|呀|哪)?|救救我|sos|help(?: me)?|快来人(?:啊|呀)?|出人命了|有危险)+[!。~ ]*$/

/** Reads the signs of danger in a normalised text (see lexicon/danger.ts for what they are). */
export function readDanger(text: string): Danger {
  if (bareCry.test(text.trim()))
    return { danger: 0.9, type: 'violence', hazard: 0.9, isBareCry: true, seen: [] }

  const masked = withoutFigures(text)
  const weights = clauseWeights(masked)
  const said = new Set(remarkNames.filter((name) => remarks[name].test(masked)))
  const whole = wholeWeight(said)
  // Who says goodbye also says thank you, and that nobody need come.
  const unrealWeight = said.has('unreal') ? 0.1 : 1

  const seen: number[] = []
  let best: Candidate | null = null
  let hazard = 0
  for (const { type, signs: list } of compiled) {
    let calmly = 1
    let plainly = 1
    let found = 0
    let strongestSign = 0
    for (const sign of list) {
      const strongest = strongestMatch(sign.words, masked, weights)
      if (strongest < 0) continue
      seen.push(sign.seen)
      if (strongest < 0.3) seen.push(sign.seenWeakly)
      calmly *= 1 - sign.weight * strongest
      plainly *= 1 - sign.weight
      found++
      strongestSign = Math.max(strongestSign, sign.weight)
    }
    if (found === 0) continue
    // One weak sign alone is an ordinary sentence: a lift, a smell, somebody below.
    const alone = found === 1 && strongestSign < 0.45 ? 0.2 : 1
    const score = (1 - calmly) * alone * (type === 'selfharm' ? unrealWeight : whole)
    hazard = Math.max(hazard, (1 - plainly) * alone)
    if (!best || score > best.score) best = { type, score, found, strongestSign }
  }

  const danger = best ? raised(best, said) : 0
  const type = best && danger >= 0.1 ? best.type : null
  for (const name of said) {
    const of = seenRemark.get(name)
    if (of) seen.push(of.alone, of.at[stepOf(hazard)] ?? 0)
  }
  seen.push(seenDanger[stepOf(danger)] ?? 0, seenHazard[stepOf(hazard)] ?? 0)
  if (type) seen.push(seenType.get(type) ?? 0)
  return { danger, type, hazard, isBareCry: false, seen }
}

/** Somebody calling, somebody in it and a word of now strengthen signs that are there. */
function raised(best: Candidate, said: ReadonlySet<Remark>): number {
  let { score } = best
  if (score >= 0.15) {
    const called = said.has('called')
    const victim = said.has('endangered')
    if (called) score = 1 - (1 - score) * 0.75
    if (victim) score = 1 - (1 - score) * 0.85
    if (said.has('now')) score = 1 - (1 - score) * 0.9
    // A single doubtful sign, nobody in it and nobody calling: ask first.
    if (best.found === 1 && best.strongestSign < 0.8 && !called && !victim) score = Math.min(score, 0.45)
  }
  return Math.round(Math.min(0.98, score) * 100) / 100
}

/** The weight of the best placed match of a sign, or -1 where it does not stand in the text. */
function strongestMatch(words: Pattern, text: string, weights: Weights): number {
  let strongest = -1
  for (const match of words.all(text)) strongest = Math.max(strongest, weights(match.index))
  return strongest
}

type Weights = (position: number) => number

/** How much a sign counts at a position: less where it is dated to the past, asked about, old or not urgent. */
function clauseWeights(text: string): Weights {
  const clauses = clausesOf(text)
  const weights: number[] = []
  let sentence = -1
  let isPast = false
  let isChronic = false
  let before = 1
  for (const clause of clauses) {
    if (clause.sentence !== sentence) {
      sentence = clause.sentence
      isPast = isChronic = false
      before = 1
    }
    const words = text.slice(clause.start, clause.end)
    if (now.test(words)) isPast = isChronic = false
    else if (past.test(words)) isPast = true
    if (chronic.test(words)) isChronic = true
    const isSupposed = supposed.test(words)
    const isAsked = asked.test(words)
    const own = isSupposed ? 0.05 : isAsked ? 0.1 : 1
    weights.push((isPast ? 0.06 : 1) * (isChronic ? 0.35 : 1) * Math.min(own, before))
    before = isSupposed ? 0.05 : isAsked ? 0.5 : 1
  }
  const calmSentences = new Set(
    clauses.filter((c) => idle.test(text.slice(c.start, c.end))).map((c) => c.sentence),
  )
  return (position) => {
    const index = clauses.findIndex((clause) => position < clause.end)
    const clause = clauses[index]
    if (!clause) return 1
    return (weights[index] ?? 1) * (calmSentences.has(clause.sentence) ? 0.35 : 1)
  }
}

/** What the message says about itself as a whole: over, thanked for, played, or a nuisance. */
function wholeWeight(said: ReadonlySet<Remark>): number {
  if (said.has('over') || said.has('thanked') || said.has('unreal')) return 0.1
  return (
    (said.has('idle') ? 0.7 : 1) *
    (said.has('nuisance') ? 0.5 : 1) *
    (said.has('work') ? 0.5 : 1) *
    (said.has('official') ? 0.3 : 1)
  )
}

function withoutFigures(text: string): string {
  const hits = figures(text)
  if (hits.length === 0) return text
  let out = ''
  let from = 0
  for (const { start, end } of hits) {
    if (start < from) continue
    out += text.slice(from, start) + '◦'.repeat(end - start)
    from = end
  }
  return out + text.slice(from)
}
