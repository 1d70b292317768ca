import { abuse as lines } from '../phrases/resident.ts'
import { handOver, humanSilence, registerWish } from './commands.ts'
import type { Said } from './danger.ts'
import { openDraft } from './asking.ts'
import { take } from './draft.ts'
import { tellsBeside } from './reading.ts'
import { register } from './registering.ts'
import type { Talk } from './talk.ts'

/** A threat to hurt somebody (E4): said once that it is passed on, and a person takes over (rule 5). */
export function threatened(talk: Talk, said: Said): void {
  if (said.facts.code !== null || talk.s.draft) take(openDraft(talk, said.at), said.text, said.facts)
  talk.say(lines.threat, 'safety')
  handOver(talk, said.text)
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
    wantSupervisor(talk, said.text)
  } else {
    if (!talk.human) talk.say(lines.paused)
    pause(talk, said)
    return true
  }
  if (!tells && talk.s.draft) talk.s.draft.words.push(said.text)
  return !tells
}

function wantSupervisor(talk: Talk, text: string): void {
  const current = talk.currentCase
  if (talk.s.draft) talk.s.draft.wantsPerson = true
  else if (current) talk.tell(current.id, { type: 'wantsPerson', text })
  else registerWish(talk, text)
}

function pause(talk: Talk, said: Said): void {
  talk.s.humanUntil = talk.now + humanSilence
  talk.s.asking = null
  if (!talk.s.draft) return
  take(talk.s.draft, said.text, said.facts)
  register(talk, talk.s.draft, { incomplete: true, wantsPerson: true })
}
