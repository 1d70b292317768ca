import type { Refusal } from '../notice.ts'
import type { ComplaintEventType, EventOf } from './events.ts'
import * as is from './guards.ts'
import type { Status } from './state.ts'
import type { Work } from './work.ts'

/** One line of the table in `life.ts`: under this condition the event is refused, or this is done and leads there. */
export type Rule<E> =
  | { readonly when?: (w: Work, e: E) => boolean; readonly refuse: Refusal }
  | {
      readonly when?: (w: Work, e: E) => boolean
      readonly to?: Status
      readonly do: readonly ((w: Work, e: E) => void)[]
    }

/** The rules of every event in one state. */
export type Column = { readonly [T in ComplaintEventType]: readonly Rule<EventOf<T>>[] }

/** A rule of whatever a member of staff does. */
export type StaffRule = Rule<EventOf<'accept'>>

// Who may act. Each list is put before the rules of an event; the person complained about comes first everywhere.
export const notSubject = [
  { when: is.byStranger, refuse: 'notYours' },
  { when: is.bySubject, refuse: 'subject' },
] as const satisfies readonly StaffRule[]
export const owner = [...notSubject, { when: is.byOther, refuse: 'notYours' }] as const
/** May have the case: an admin reads everything and owns nothing. */
export const owning = [...notSubject, { when: is.byAdmin, refuse: 'notYours' }] as const
/** May take it from whoever has it, or from nobody. */
export const taking = [...owning, { when: is.byFormer, refuse: 'handledBefore' }] as const
export const supervisor = [...notSubject, { when: is.belowSupervisor, refuse: 'level' }] as const
export const refused = (why: Refusal) => [{ refuse: why }] as const
export const ignored = [{ do: [] }] as const
/** Refused to everybody for the state the case is in; whom it is about, or who does not belong, hears nothing of that. */
export const toStaff = (why: Refusal) => [...notSubject, { refuse: why }] as const

export const moveTargets = [
  { when: is.targetIsSubject, refuse: 'subject' },
  { when: is.unknownTarget, refuse: 'unknownPerson' },
  { when: is.targetIsFormer, refuse: 'handledBefore' },
] as const
export const notToSelf = { when: is.targetIsOwner, refuse: 'alreadyDone' } as const
