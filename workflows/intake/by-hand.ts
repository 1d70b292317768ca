import type { Registration } from '../complaint/events.ts'
import type { Household } from '../complaint/state.ts'
import { findEstate } from '../estate.ts'
import type { ConversationId, EstateId, Instant, PersonId } from '../ids.ts'
import { unknownPerson, type Context, type IntakeLoaded } from '../turn.ts'
import { contextOf, understand } from '../understanding/index.ts'
import { asDanger } from './danger.ts'
import { bareHousehold, newDraft, registrationOf, take } from './draft.ts'
import { newIntake } from './state.ts'
import { Talk } from './talk.ts'

/** A case somebody writes down for a resident (`POST /api/complaints`). */
export interface ByHand {
  readonly estate: EstateId
  readonly text: string
  readonly household: Household | null
  readonly phone: string | null
  /** When it was reported, where that was earlier than now. */
  readonly reportedAt: Instant | null
}

/**
 * The same life for a case registered by hand: understood like a message, never asked about. What stays open is for the
 * member of staff who takes it. Whose case it is, the store says.
 */
export function registrationByHand(
  given: ByHand,
  context: Context,
): Omit<Registration, 'person' | 'conversation'> {
  const estate = findEstate(context.company, given.estate)
  const at = given.reportedAt ?? context.now
  const facts = understand(given.text, at, contextOf(context.company, estate))
  const talk = new Talk(newIntake, nobody, context)
  const draft = newDraft(at, given.estate)
  take(draft, given.text, facts)
  if (given.household) draft.household = bareHousehold(given.household)
  draft.facts.phone = given.phone ?? draft.facts.phone
  const placed = draft.facts.area.length > 0 || draft.facts.household.building !== null
  if (draft.household && !placed) draft.facts.household = draft.household
  talk.s.draft = draft
  const whole = asDanger(registrationOf(talk, draft, { incomplete: false, wantsPerson: false }), facts)
  const { person: _person, conversation: _conversation, ...registration } = whole
  return registration
}

/** Nothing is known beside what was written down. */
const nobody: IntakeLoaded = {
  conversation: 0 as ConversationId,
  channel: 'api',
  person: 0 as PersonId,
  facts: unknownPerson,
  mine: [],
  similar: () => [],
  named: null,
  bound: null,
  freshCode: '',
  kept: { facts: unknownPerson, chats: [], messages: [], cases: [], files: [] },
  keep: { years: 0, mediaDays: 0 },
}
