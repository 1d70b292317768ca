import { clausesOf } from './clauses.ts'
import { emergencyTypes, type EmergencyType } from './facts.ts'
import * as calm from './lexicon/calm.ts'
import { signs, urgency, victims } from './lexicon/danger.ts'
import { groups } from './lexicon/groups.ts'
import { pattern } from './patterns.ts'
import { finder, wordsOf } from './words.ts'

/** How likely somebody is in danger now, and which danger; what the signs alone say is kept in `hazard`. */
export interface Danger {
  /** 0–1; from 0.5 an emergency, from 0.1 asked first. */
  readonly danger: number
  /** Null below 0.1. */
  readonly type: EmergencyType | null
  /** The strongest signs without what took them back as past, asked or waiting: a hazard that may not be urgent. */
  readonly hazard: number
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
  readonly words: RegExp
}

const compiled = emergencyTypes.map((type) => ({
  type,
  /** Whether there is any sign of it at all: most messages have none, and need not be looked at sign by sign. */
  any: pattern(signs[type].map(([, words]) => words).join('|'), groups),
  signs: signs[type].map(([weight, words]): Compiled => ({ weight, words: pattern(words, groups, 'g') })),
}))

const calls = pattern(urgency, groups)
const endangered = pattern(victims, groups)
const figures = finder([['masked', wordsOf(calm.masked)]])
const over = pattern(calm.over)
const thanked = pattern(calm.thanked)
const unreal = pattern(calm.unreal)
const asked = pattern(calm.asked)
const supposed = pattern(calm.supposed)
const past = pattern(calm.past)
const now = pattern(calm.now)
const chronic = pattern(calm.chronic)
const idle = pattern(calm.idle)
const nuisance = pattern(calm.nuisance)
const work = pattern(calm.work)
const official = pattern(calm.official)

/**
 * A cry without any sign of what happened. It counts as violence: the first words of that type send the person to
 * where others are and name 110, which passes fire and ambulance calls on.
 */
const bareCry =
  /^(?:紧急(?:情况|事件|求助)?|救命(?:啊|呀|哪)?|救救我|sos|help(?: me)?|快来人(?:啊|呀)?|出人命了|有危险)+[!。~ ]*$/

/** Reads the signs of danger in a normalised text (see lexicon/danger.ts for what they are). */
export function readDanger(text: string): Danger {
  if (bareCry.test(text.trim())) return { danger: 0.9, type: 'violence', hazard: 0.9 }

  const masked = withoutFigures(text)
  const weights = clauseWeights(masked)
  const whole = wholeWeight(masked)
  // Who says goodbye also says thank you, and that nobody need come.
  const unrealWeight = unreal.test(masked) ? 0.1 : 1

  let best: Candidate | null = null
  let hazard = 0
  for (const { type, any, signs: list } of compiled) {
    if (!any.test(masked)) continue
    let calmly = 1
    let plainly = 1
    let found = 0
    let strongestSign = 0
    for (const { weight, words } of list) {
      const strongest = strongestMatch(words, masked, weights)
      if (strongest < 0) continue
      calmly *= 1 - weight * strongest
      plainly *= 1 - weight
      found++
      strongestSign = Math.max(strongestSign, weight)
    }
    // One weak sign alone is an ordinary sentence: a lift, a smell, somebody below.
    const alone = found === 1 && strongestSign < 0.45 ? 0.2 : 1
    const score = (1 - calmly) * alone * (type === 'selfharm' ? unrealWeight : whole)
    hazard = Math.max(hazard, (1 - plainly) * alone)
    if (!best || score > best.score) best = { type, score, found, strongestSign }
  }
  if (!best) return { danger: 0, type: null, hazard }

  let score = best.score
  if (score >= 0.15) {
    const called = calls.test(masked)
    const victim = endangered.test(masked)
    if (called) score = 1 - (1 - score) * 0.75
    if (victim) score = 1 - (1 - score) * 0.85
    if (now.test(masked)) score = 1 - (1 - score) * 0.9
    // A single doubtful sign, nobody in it and nobody calling: ask first.
    if (best.found === 1 && best.strongestSign < 0.8 && !called && !victim) score = Math.min(score, 0.45)
  }
  const danger = Math.round(Math.min(0.98, score) * 100) / 100
  return { danger, type: danger >= 0.1 ? best.type : null, hazard }
}

/** The weight of the best placed match of a sign, or -1 where it does not stand in the text. */
function strongestMatch(words: RegExp, text: string, weights: Weights): number {
  let strongest = -1
  words.lastIndex = 0
  for (let match = words.exec(text); match; match = words.exec(text)) {
    strongest = Math.max(strongest, weights(match.index))
    if (match[0] === '') words.lastIndex++
    if (strongest === 1) break
  }
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
function wholeWeight(text: string): number {
  if (over.test(text) || thanked.test(text) || unreal.test(text)) return 0.1
  return (
    (idle.test(text) ? 0.7 : 1) *
    (nuisance.test(text) ? 0.5 : 1) *
    (work.test(text) ? 0.5 : 1) *
    (official.test(text) ? 0.3 : 1)
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
