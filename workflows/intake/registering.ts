import type { ComplaintId } from '../ids.ts'
import { command, summary } from '../phrases/resident.ts'
import type { Draft, IntakeEvent } from './state.ts'
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
export function unreachable(talk: Talk, but: ComplaintId | null = null): void {
  registerIncomplete(talk)
  if (talk.s.unreachable) return
  talk.s.unreachable = true
  for (const { id } of talk.openCases) if (id !== but) talk.tell(id, { type: 'unreachable' })
}

/** A line did not arrive, or perhaps not: its case has somebody tell them by telephone. */
export function undeliverable(talk: Talk, { why, line }: EventOf<'undeliverable'>): void {
  const about = line === undefined ? null : caseOfLine(talk, line.complaint)
  if (why !== 'uncertain') unreachable(talk, about)
  if (line === undefined || about === null) return
  const reason = why === 'recipient' || why === 'window' ? 'unreachable' : 'undelivered'
  talk.tell(about, { type: 'untold', why: reason, text: line.text })
}

type EventOf<T extends IntakeEvent['type']> = Extract<IntakeEvent, { type: T }>

/** Where their report was joined to another's the line names that one; a line about none, or several, goes to any open one. */
function caseOfLine(talk: Talk, named: ComplaintId | null): ComplaintId | null {
  if (named !== null && talk.caseOf(named)) return named
  if (named === null) return (talk.currentCase ?? talk.openCases[0])?.id ?? null
  return talk.loaded.mine.find((brief) => brief.status === 'merged')?.id ?? named
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
