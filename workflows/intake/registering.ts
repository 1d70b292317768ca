import { isOpen } from '../complaint/state.ts'
import { command, summary } from '../phrases/resident.ts'
import type { Draft } from './state.ts'
import { nextTrouble, registrationsOf } from './several.ts'
import type { Talk } from './talk.ts'

/**
 * Hands the draft over. Nothing is said to be done here: the number and the promised time are told when the complaint
 * answers `registered` (rule 11).
 */
export function register(
  talk: Talk,
  draft: Draft,
  how: { readonly incomplete: boolean; readonly wantsPerson: boolean },
): void {
  const registrations = registrationsOf(talk, draft, how)
  for (const registration of registrations)
    talk.effect({ do: 'tell', whom: { to: 'newComplaint' }, event: { type: 'register', registration } })
  talk.s.together = registrations.length > 1 ? registrations.length : 0
  if (!draft.anonymous && !talk.minor) {
    talk.learn({
      household: draft.household,
      phone: draft.facts.phone,
      name: draft.name,
      estate: draft.estate ?? talk.estateId,
    })
  }
  closeDraft(talk)
  talk.s.registering = talk.now
}

/** Confirmed by the resident: registered as a whole. */
export function registerConfirmed(talk: Talk, draft: Draft): void {
  talk.say(summary.registering)
  register(talk, draft, { incomplete: false, wantsPerson: false })
}

/** Cut short or given up: a person calls back for the rest. */
export function registerIncomplete(talk: Talk): void {
  if (talk.s.draft) register(talk, talk.s.draft, { incomplete: true, wantsPerson: false })
}

/** Nothing said here arrives any more: what is told so far is handed over, and every open case learns it, once. */
export function unreachable(talk: Talk): void {
  registerIncomplete(talk)
  if (talk.s.unreachable) return
  talk.s.unreachable = true
  for (const brief of talk.loaded.mine) if (isOpen(brief.status)) talk.tell(brief.id, { type: 'unreachable' })
}

/** This trouble went elsewhere (into an older case, or into a danger); the others told with it stay to be told. */
export function leaveDraft(talk: Talk, draft: Draft): void {
  if (!nextTrouble(talk, draft)) closeDraft(talk)
}

/** The end of a draft, however it ended. */
export function closeDraft(talk: Talk): void {
  talk.s.draft = null
  talk.s.asking = null
  talk.s.replyAt = null
  talk.s.burstFrom = null
  talk.s.nudgeAt = null
  talk.s.abandonAt = null
  talk.s.misunderstood = 0
}

/** Withdrawn before it was registered. */
export function dropDraft(talk: Talk): void {
  closeDraft(talk)
  talk.say(command.dropped)
}
