import type { Facts } from '../understanding/facts.ts'
import { noFacts } from '../understanding/facts.ts'
import { abuse as lines } from '../phrases/resident.ts'
import { handOver, humanSilence, registerWish } from './commands.ts'
import { openDraft } from './asking.ts'
import { factsOf, hold, take, wishForPerson } from './draft.ts'
import { tellsBeside, type Said } from './reading.ts'
import { register } from './registering.ts'
import type { Talk } from './talk.ts'

/**
 * A message without what its writer threatens to do: 再不修我就砍死你们 puts nobody in danger who could be sent to
 * safety, while whoever is hurt or sees a fire beside it needs help all the same. The text stays whole.
 */
export function besideThreat(talk: Talk, said: Said): Said {
  if (!said.facts.threat) return said
  const text = said.text
    .split(/(?<=[，,。；;！!？?\n])/)
    .map((clause) => withoutThreat(talk, clause))
    .join('')
  const rest: Facts = text.trim() === '' ? noFacts : factsOf(talk, text)
  const { kind, code, category, safety, danger, emergencyType, lift, selfInvolved } = rest
  const facts = { ...said.facts, kind, code, category, safety, danger, emergencyType, lift, selfInvolved }
  return { ...said, facts }
}

/** 着火了再不来我砍死你们 → 着火了再不来: cut where the writer begins to speak of himself. */
function withoutThreat(talk: Talk, clause: string): string {
  let left = clause
  for (let facts = factsOf(talk, left); left !== '' && facts.threat; facts = factsOf(talk, left)) {
    const before = /^.*(?=我|老子|俺|咱)/su.exec(left)?.[0]
    if (before === undefined && facts.emergencyType !== null && facts.emergencyType !== 'violence') break
    left = before ?? ''
  }
  return left
}

/** A threat to hurt somebody (E4): said once that it is passed on, and a manager takes over (rule 5, line 49). */
export function threatened(talk: Talk, said: Said): void {
  talk.s.threatened = true
  const { code } = said.facts
  // 再不修 complains of how it goes, not of another matter.
  const another = code !== null && !['ST02', 'RP05', 'OT01'].includes(code) && code !== talk.currentCase?.code
  if (another || talk.s.draft) take(openDraft(talk, said.at), said.text, said.facts)
  talk.say(lines.threat, 'promise')
  handOver(talk, said.text, 2, said.at)
}

/**
 * Two warnings, then the bot pauses and a supervisor calls; the case is never closed or downgraded for tone (rule 8).
 * True: nothing else is to be answered. A message that also tells something is taken in as any other.
 */
export function abused(talk: Talk, said: Said): boolean {
  talk.s.abuse++
  const tells = tellsBeside(said.text) && (said.facts.code !== null || said.facts.kind !== 'other')
  if (talk.s.abuse === 1) talk.say(lines.first)
  else if (talk.s.abuse === 2) {
    talk.say(lines.second)
    wantSupervisor(talk, said)
  } else {
    if (!talk.human) talk.say(lines.paused)
    pause(talk, said)
    return true
  }
  if (!tells && talk.s.draft) hold(talk.s.draft, said.text)
  return !tells
}

function wantSupervisor(talk: Talk, { text, at }: Said): void {
  const current = talk.currentCase
  if (talk.s.draft) wishForPerson(talk.s.draft, 1)
  else if (current) talk.tell(current.id, { type: 'wantsPerson', text, level: 1 })
  else registerWish(talk, text, 1, at)
}

function pause(talk: Talk, said: Said): void {
  talk.s.humanUntil = talk.now + humanSilence
  talk.s.asking = null
  if (!talk.s.draft) return
  take(talk.s.draft, said.text, said.facts)
  wishForPerson(talk.s.draft, 1)
  register(talk, talk.s.draft, { incomplete: true, wantsPerson: true })
}
