import { readBindCode, readComplaintNumber } from './reading.ts'
import type { IntakeEvent } from './state.ts'

export interface IntakeNeeds {
  /** A complaint number in the text, to be loaded where it is not among the person's own. */
  readonly number: string | null
  /** Digits that may be a code of ours (绑定码). */
  readonly bindCode: string | null
}

/** The rows a turn of this conversation wants beside its own. */
export function intakeNeeds(event: IntakeEvent): IntakeNeeds {
  const text = event.type === 'message' && event.content.type === 'text' ? event.content.text : null
  return {
    number: text === null ? null : readComplaintNumber(text),
    bindCode: text === null ? null : readBindCode(text),
  }
}
