import * as assigning from './assigning.ts'
import * as closing from './closing.ts'
import type { EventOf } from './events.ts'
import * as is from './guards.ts'
import { release, undo } from './holding.ts'
import * as pausing from './pausing.ts'
import * as resolving from './resolving.ts'
import { notSubject, owner, owning, supervisor, type Rule, type StaffRule } from './rules.ts'
import * as transferring from './transferring.ts'
import * as verifying from './verifying.ts'

/** The steps of the work, as rules: what `life.ts` puts into the states in which they may be taken. */

/** Taking it as one's own, from nobody or from whoever was asked: straight to where it stands. */
export const acceptance = [
  { when: is.pastVerification, to: 'resolving', do: [assigning.accept] },
  { to: 'verifying', do: [assigning.accept] },
] as const

/** 我去处理, in a case somebody accepted before the danger came up. */
export const answeringAlarm = [
  ...owning,
  { when: is.alarmSilent, refuse: 'taken' },
  { when: is.notAsked, refuse: 'notYours' },
  { do: [assigning.answerAlarm] },
] as const satisfies readonly StaffRule[]

export const undoing = [
  ...notSubject,
  { when: is.nothingHeld, refuse: 'nothingHeld' },
  { when: is.heldByOther, refuse: 'notYours' },
  { when: is.undoTooLate, refuse: 'tooLate' },
  { do: [undo] },
] as const satisfies readonly Rule<EventOf<'undo'>>[]

export const verification = [
  ...owner,
  { when: is.noFinding, refuse: 'noFinding' },
  { when: is.unheardParty, refuse: 'unheard' },
  { do: [verifying.verify] },
] as const satisfies readonly Rule<EventOf<'verified'>>[]

export const determination = [
  ...owner,
  { when: is.chosenByProgram, refuse: 'notYet' },
  { when: is.service, refuse: 'notForService' },
  { when: is.noFinding, refuse: 'noFinding' },
  { when: is.unverified, refuse: 'unverified' },
  { when: is.unheardParty, refuse: 'unheard' },
  { when: is.toNotAComplaint, to: 'resolving', do: [verifying.becomeEnquiry] },
  { when: is.withoutProof, refuse: 'noProof' },
  { when: is.thirdPartyUnnamed, refuse: 'unknownPerson' },
  { to: 'resolving', do: [verifying.determine] },
] as const satisfies readonly Rule<EventOf<'responsibility'>>[]

export const planning = [
  ...owner,
  { when: is.service, refuse: 'notForService' },
  { when: is.needsResponsibility, refuse: 'noResponsibility' },
  { when: is.promisePast, refuse: 'promisePast' },
  { to: 'resolving', do: [resolving.plan] },
] as const satisfies readonly Rule<EventOf<'plan'>>[]

export const answering = [
  ...owner,
  { when: is.serviceAnswered, to: 'closed', do: [resolving.answerFinally, closing.closeAnswered] },
  { do: [resolving.reply] },
] as const satisfies readonly Rule<EventOf<'reply'>>[]

export const finishing = [
  ...owner,
  { when: is.service, refuse: 'notForService' },
  { when: is.needsResponsibility, refuse: 'noResponsibility' },
  { when: is.unproved, refuse: 'noProof' },
  { to: 'confirming', do: [resolving.finish] },
] as const satisfies readonly Rule<EventOf<'done'>>[]

/** Another severity: a supervisor's word, with a reason where it is lower. */
export const grading = [
  ...supervisor,
  { when: is.sameSeverity, refuse: 'alreadyDone' },
  { when: is.lowersInDanger, refuse: 'stillDanger' },
  { when: is.lowersWithoutReason, refuse: 'notLowered' },
] as const satisfies readonly Rule<EventOf<'severity'>>[]

/** The resolve clock alone, and not that of danger (domain.md 2.4). */
export const pausingRules = [
  ...notSubject,
  { when: is.neitherOwnerNorLead, refuse: 'notYours' },
  { when: is.pausedByWord, refuse: 'paused' },
  { when: is.nothingToPause, refuse: 'noClock' },
  { when: is.reviewPast, refuse: 'promisePast' },
  { when: is.reviewTooLate, refuse: 'reviewTooLate' },
  { do: [release, pausing.pause] },
] as const satisfies readonly Rule<EventOf<'pause'>>[]

export const transferringRules = [
  ...owner,
  { when: is.service, refuse: 'notForService' },
  { when: is.dangerLasts, refuse: 'stillDanger' },
  { when: is.transferredAlready, refuse: 'alreadyDone' },
  { when: is.receiverUnnamed, refuse: 'unknownPerson' },
  { do: [transferring.transfer] },
] as const satisfies readonly Rule<EventOf<'transfer'>>[]

/** By a supervisor, and never by whoever handles the case. */
export const decidingPause = [
  ...supervisor,
  { when: is.noPauseWanted, refuse: 'alreadyDone' },
  { when: is.asksForIt, refuse: 'level' },
  { do: [release, pausing.decidePause] },
] as const satisfies readonly Rule<EventOf<'decidePause'>>[]
