import { minutes } from '../ids.ts'
import type { Context, IntakeLoaded, Turn } from '../turn.ts'
import { forgetAll } from './commands.ts'
import { placeOf } from './draft.ts'
import { due, nextDue } from './due.ts'
import { lostAsDanger } from './lost.ts'
import { hear, release } from './notices.ts'
import { hearMessage } from './messages.ts'
import { undeliverable } from './registering.ts'
import { askModel, hearSecondReading } from './second-reading.ts'
import { draftTopics, type IntakeEvent, type IntakeState } from './state.ts'
import { Talk } from './talk.ts'

export { intakeNeeds } from './needs.ts'
export { registrationByHand, type ByHand } from './by-hand.ts'
export { intakeSchema, newIntake, type IntakeEvent, type IntakeState } from './state.ts'

/**
 * One turn of a resident's conversation: what was written, what a case has to tell, or a time that came. Pure:
 * `context.now` is the clock, and nothing is said to be done that a notice has not reported (domain.md 5.1 rule 11).
 */
export function stepIntake(
  state: IntakeState,
  event: IntakeEvent,
  loaded: IntakeLoaded,
  context: Context,
): Turn<IntakeState> {
  const talk = new Talk(state, loaded, context)
  switch (event.type) {
    case 'message':
      hearMessage(talk, { ...event, facts: event.facts && lostAsDanger(event.facts) })
      askModel(talk, event)
      break
    case 'secondReading':
      hearSecondReading(talk, event)
      break
    case 'notice':
      hear(talk, event.notice)
      break
    case 'forget':
      forgetAll(talk, true)
      break
    case 'due':
      due(talk)
      break
    case 'undeliverable':
      undeliverable(talk, event)
      break
  }
  settle(talk)
  const effects = talk.finish()
  return { state: talk.s, effects, due: nextDue(talk.s) }
}

/** A question about a draft that is gone has no meaning; what waited is said as soon as it may be. */
function settle(talk: Talk): void {
  const { s } = talk
  if (s.draft) s.draft.place = placeOf(talk, s.draft)
  if (s.draft === null && s.asking && draftTopics.has(s.asking.topic) && s.asking.complaint === null)
    s.asking = null
  if (s.registering !== null && talk.now - s.registering >= minutes(1)) s.registering = null
  if (s.registering === null) release(talk)
  s.waitingUntil = s.waiting.length === 0 ? null : releaseAt(talk)
}

/** When what waits is looked at again: the end of what it waits for, at least a minute from now. */
function releaseAt(talk: Talk): number {
  const until = talk.human
    ? talk.s.humanUntil
    : (talk.s.abandonAt ?? talk.quietUntil ?? talk.s.danger?.until ?? null)
  return Math.max(talk.now + minutes(1), until ?? talk.now + minutes(1))
}
