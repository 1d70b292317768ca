import * as moods from './lexicon/moods.ts'
import { hashOf } from './model/grams.ts'
import { pattern, type Pattern } from './patterns.ts'

export interface Mood {
  /** 0 neutral or courteous · 1 dissatisfied · 2 clearly angry · 3 insults, threats, swearing (label guide). */
  readonly anger: 0 | 1 | 2 | 3
  readonly threat: boolean
  readonly repeat: boolean
  readonly authority: boolean
  /** What was seen, for the model (model/features.ts). */
  readonly seen: readonly number[]
}

const furious = pattern(moods.furious)
const angry = pattern(moods.angry)
const annoyed = pattern(moods.annoyed)
const courteous = pattern(moods.courteous)
const threats = pattern(moods.threats)
const authorities = pattern(moods.authorities)
const repeats = pattern(moods.repeats)

const seenAs = {
  furious: hashOf('mood furious'),
  angry: hashOf('mood angry'),
  annoyed: hashOf('mood annoyed'),
  courteous: hashOf('mood courteous'),
  threat: hashOf('mood threat'),
  authority: hashOf('mood authority'),
  repeat: hashOf('mood repeat'),
}
const seenAnger = [0, 1, 2, 3].map((anger) => hashOf(`anger ${String(anger)}`))

/** How upset the writer is, whether somebody is threatened, and whether the matter was raised before in vain. */
export function readMood(text: string): Mood {
  const said = {
    furious: furious.test(text),
    angry: distinct(text, angry),
    annoyed: distinct(text, annoyed),
    courteous: courteous.test(text),
    threat: threats.test(text),
    authority: authorities.test(text),
    repeat: repeats.test(text),
  }
  const anger = angerOf(said)
  const seen = [seenAnger[anger] ?? 0]
  for (const [name, number] of Object.entries(seenAs)) if (said[name as keyof typeof said]) seen.push(number)
  return { anger, threat: said.threat, repeat: said.repeat, authority: said.authority, seen }
}

interface Said {
  readonly furious: boolean
  readonly angry: number
  readonly annoyed: number
  readonly courteous: boolean
  readonly threat: boolean
  readonly repeat: boolean
}

function angerOf(said: Said): Mood['anger'] {
  if (said.threat || said.furious) return 3
  const strong = said.angry + (said.repeat ? 1 : 0)
  if (strong >= 2 || (strong === 1 && !said.courteous)) return 2
  if (strong === 1) return 1
  if (said.annoyed >= 2 || (said.annoyed === 1 && !said.courteous)) return 1
  return 0
}

const distinct = (text: string, words: Pattern): number =>
  new Set(words.all(text).map((match) => match[0])).size
