import { kinds, type Kind } from './facts.ts'
import { cues, estate } from './lexicon/kinds.ts'
import { hashOf } from './model/grams.ts'
import { pattern } from './patterns.ts'

const compiled = kinds.map((kind) => ({
  kind,
  cues: cues[kind].map(([weight, words], i) => ({
    weight,
    words: pattern(words),
    seen: hashOf(`cue ${kind} ${String(i)}`),
  })),
}))
const aboutAnEstate = pattern(estate)
const asksForHelp = pattern('(能|可以|能否|能不能|可不可以)~(来|派|安排|修|看|换|处理|通|上门|解决)')

const seenKind = new Map(kinds.map((kind) => [kind, hashOf(`kind ${kind}`)]))

export interface KindByCues {
  readonly kind: Kind
  /** What was seen, for the model (model/features.ts). */
  readonly seen: readonly number[]
}

/** What else was read and bears on the kind of a message. */
export interface KindClues {
  /** Strength of the topic (topic.ts); under 1 there is hardly one. */
  readonly topic: number
  readonly anger: number
  readonly repeat: boolean
  readonly danger: number
  readonly hasPlace: boolean
}

/**
 * Complaint, repair, enquiry, suggestion, praise or other. Anger and an earlier unanswered report make a complaint of
 * what would else be a repair or a question; a text with neither topic nor anything of an estate in it is `other`.
 */
export function readKind(text: string, clues: KindClues): KindByCues {
  const seen: number[] = []
  const kind = text.trim() === '' ? 'other' : weigh(text, clues, seen)
  seen.push(seenKind.get(kind) ?? 0)
  return { kind, seen }
}

function weigh(text: string, clues: KindClues, seen: number[]): Kind {
  const score = new Map<Kind, number>()
  for (const { kind, cues: list } of compiled) {
    let sum = 0
    for (const cue of list) {
      if (!cue.words.test(text)) continue
      sum += cue.weight
      seen.push(cue.seen)
    }
    score.set(kind, sum)
  }
  const of = (kind: Kind): number => score.get(kind) ?? 0
  const add = (kind: Kind, weight: number): void => {
    score.set(kind, of(kind) + weight)
  }

  add('complaint', [0, 0.6, 2, 3.5][clues.anger] ?? 0)
  if (clues.repeat) add('complaint', 1.8)
  if (clues.danger >= 0.5) return 'complaint'
  if (clues.anger >= 2 && of('praise') < 6) add('praise', -1.5)
  if (clues.topic >= 2) {
    add('complaint', 0.5)
    add('other', -1)
  }
  if (clues.hasPlace) add('other', -1)
  // Thanks at the end of a request is courtesy.
  if (of('repair') >= 2 || of('enquiry') >= 2 || of('suggestion') >= 2) add('praise', -1)
  if (of('repair') < 1.2 || clues.topic < 1) add('repair', -1)
  if (of('suggestion') >= 1.7) add('enquiry', -1)
  // A question that asks for an act (能安排人来修吗), with a fault beside it, is a request.
  if (asksForHelp.test(text) && of('repair') >= 2.4 && clues.topic >= 1) add('enquiry', -2)

  const isForeign = clues.topic < 1 && !aboutAnEstate.test(text) && !clues.hasPlace
  if (isForeign && of('praise') < 2 && of('complaint') < 2.5 && of('repair') < 2) return 'other'
  if (clues.topic < 1 && !clues.hasPlace) add('other', 1)

  // Something of an estate with no cue of its kind is a matter to take down, not small talk.
  const isOurs = clues.hasPlace || clues.topic >= 4.5
  let best: Kind = isOurs && of('other') < 1.5 ? 'complaint' : 'other'
  let most = isOurs ? 0.3 : 1.3
  for (const kind of kinds) if (of(kind) > most) [best, most] = [kind, of(kind)]
  return best
}
