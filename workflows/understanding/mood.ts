import * as moods from './lexicon/moods.ts'
import { pattern } from './patterns.ts'

export interface Mood {
  /** 0 neutral or courteous · 1 dissatisfied · 2 clearly angry · 3 insults, threats, swearing (label guide). */
  readonly anger: 0 | 1 | 2 | 3
  readonly threat: boolean
  readonly repeat: boolean
  readonly authority: boolean
}

const furious = pattern(moods.furious)
const angry = pattern(moods.angry, {}, 'g')
const annoyed = pattern(moods.annoyed, {}, 'g')
const courteous = pattern(moods.courteous)
const threats = pattern(moods.threats)
const authorities = pattern(moods.authorities)
const repeats = pattern(moods.repeats)

/** How upset the writer is, whether somebody is threatened, and whether the matter was raised before in vain. */
export function readMood(text: string): Mood {
  const threat = threats.test(text)
  const repeat = repeats.test(text)
  return {
    anger: angerOf(text, threat, repeat),
    threat,
    repeat,
    authority: authorities.test(text.replace(/1[3-9]\d{9}/g, '')),
  }
}

function angerOf(text: string, threat: boolean, repeat: boolean): Mood['anger'] {
  if (threat || furious.test(text)) return 3
  const strong = distinct(text, angry) + (repeat ? 1 : 0)
  const polite = courteous.test(text)
  if (strong >= 2 || (strong === 1 && !polite)) return 2
  const weak = distinct(text, annoyed)
  if (strong === 1) return 1
  if (weak >= 2 || (weak === 1 && !polite)) return 1
  return 0
}

function distinct(text: string, words: RegExp): number {
  return new Set([...text.matchAll(words)].map((match) => match[0])).size
}
