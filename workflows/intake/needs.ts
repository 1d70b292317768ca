import type { EstateId } from '../ids.ts'
import { publicCodes, type Code } from '../taxonomy.ts'
import { sortOf, take } from './draft.ts'
import { readBindCode, readComplaintNumber } from './reading.ts'
import type { IntakeEvent, IntakeState } from './state.ts'

export interface IntakeNeeds {
  /** Open complaints of others that may be the same: only of public places (rule 16). */
  readonly similar: { readonly estate: EstateId; readonly code: Code } | null
  /** A complaint number in the text, to be loaded where it is not among the person's own. */
  readonly number: string | null
  /** Digits that may be a code of ours (绑定码). */
  readonly bindCode: string | null
}

/** The rows a turn of this conversation wants beside its own. */
export function intakeNeeds(state: IntakeState, event: IntakeEvent): IntakeNeeds {
  const text = event.type === 'message' && event.content.type === 'text' ? event.content.text : null
  return {
    similar: event.type === 'message' || event.type === 'due' ? similarTo(state, event) : null,
    number: text === null ? null : readComplaintNumber(text),
    bindCode: text === null ? null : readBindCode(text),
  }
}

function similarTo(state: IntakeState, event: IntakeEvent): IntakeNeeds['similar'] {
  if (!state.draft?.estate) return null
  const draft = structuredClone(state.draft)
  const heard = event.type === 'message' && event.content.type === 'text' && event.facts !== null
  if (heard) take(draft, event.content.text, event.facts)
  const { code } = sortOf(draft)
  return publicCodes.has(code) ? { estate: state.draft.estate, code } : null
}
