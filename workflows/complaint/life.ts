import * as alarm from './alarm.ts'
import { seen } from './alert.ts'
import * as assigning from './assigning.ts'
import * as closing from './closing.ts'
import * as confirming from './confirming.ts'
import * as effect from './effect.ts'
import { runDue } from './due.ts'
import type { EventOf } from './events.ts'
import { footageKept } from './footage.ts'
import * as is from './guards.ts'
import { infer } from './inferring.ts'
import * as leaving from './leaving.ts'
import { over, reopening } from './over.ts'
import { changePolicy } from './policy-change.ts'
import * as pausing from './pausing.ts'
import { separate } from './register.ts'
import * as keeping from './keeping.ts'
import * as fromResident from './resident.ts'
import * as resolving from './resolving.ts'
import type { Status } from './state.ts'
import * as supervising from './supervising.ts'
import {
  acceptance,
  answering,
  answeringAlarm,
  determination,
  finishing,
  decidingPause,
  grading,
  pausingRules,
  transferringRules,
  planning,
  undoing,
  verification,
} from './steps.ts'
import {
  ignored,
  moveTargets,
  notSubject,
  notToSelf,
  owner,
  refused,
  supervisor,
  taking,
  toStaff,
  type Column,
  type Rule,
} from './rules.ts'
import { mustTell } from './telling.ts'
import { takeBack } from './transferring.ts'
import * as verifying from './verifying.ts'
import { showFace } from './cards.ts'

/**
 * The life of a complaint as one table: in which state, on which event, under which condition, what happens and where it
 * leads. The first rule whose condition holds is taken; every event has a rule or a stated refusal in every state, which
 * the types demand. `to` is left out where the state stays, or where the act finds it (an assignment that finds nobody).
 * Read a column to see a stage; read a row (in `open`) to see what holds at every stage.
 */
export type Life = { readonly [S in Status]: Column }

/** What holds in every open state, unless the state says otherwise. */
const open = {
  register: refused('alreadyDone'),
  join: [{ do: [fromResident.join] }],
  separate: ignored,
  followerSays: [{ do: [fromResident.followerSays] }],
  inferred: [{ do: [infer] }],

  supplement: [{ do: [fromResident.supplement] }],
  amend: [{ do: [fromResident.amend] }],
  danger: [{ do: [alarm.becomeEmergency] }],
  noDanger: [{ do: [alarm.dangerDenied] }],
  urged: [{ do: [fromResident.urged] }],
  withdraw: [
    { when: is.dangerLasts, refuse: 'stillDanger' },
    { when: is.followed, do: [fromResident.passOn] },
    { to: 'withdrawn', do: [fromResident.withdraw] },
  ],
  answer: [{ when: is.notAsking, do: [fromResident.supplementInstead] }, { do: [fromResident.answer] }],
  solved: refused('notYet'),
  notSolved: [{ do: [fromResident.supplementInstead] }],
  rate: refused('notYet'),
  comment: [{ do: [confirming.comment] }],
  lasted: refused('notYet'),
  reopen: [{ do: [fromResident.supplementInstead] }],
  wantsPerson: [{ do: [fromResident.wantPerson] }],
  claim: [{ do: [fromResident.claim] }],
  forget: [{ when: is.onHold, do: [fromResident.forgetLater] }, { do: [fromResident.forgetOpen] }],
  exported: [{ do: [keeping.exported] }],
  unreachable: [{ do: [fromResident.unreachable] }],
  untold: [{ do: [mustTell] }],

  accept: [...notSubject, { refuse: 'taken' }],
  decline: [...owner, { refuse: 'alreadyDone' }],
  handOver: [...owner, ...moveTargets, notToSelf, { do: [assigning.handOver] }],
  contact: [...notSubject, { when: is.mayNotCall, refuse: 'notYours' }, { do: [verifying.contact] }],
  revealPhone: [
    ...notSubject,
    { when: is.mayNotCall, refuse: 'notYours' },
    { when: is.noPhone, refuse: 'noPhone' },
    { do: [verifying.revealPhone] },
  ],
  arrive: [...owner, { do: [verifying.arrive] }],
  finding: [...owner, { do: [verifying.find] }],
  ask: [...owner, { do: [verifying.ask] }],
  party: [...owner, { do: [verifying.nameParty] }],
  hear: [...owner, { do: [verifying.hear] }],
  verified: [...owner, { refuse: 'alreadyDone' }],
  responsibility: [...owner, { refuse: 'alreadyDone' }],
  plan: [...owner, { refuse: 'alreadyDone' }],
  progress: [...owner, { do: [resolving.progress] }],
  done: [...owner, { refuse: 'alreadyDone' }],
  reply: [...owner, { do: [resolving.reply] }],
  undo: toStaff('nothingHeld'),
  standDown: [...owner, { when: is.noDangerHere, refuse: 'alreadyDone' }, { do: [alarm.standDown] }],
  visit: [
    ...notSubject,
    { when: is.noCallback, refuse: 'notYet' },
    { when: is.mayNotVisit, refuse: 'handlerVisits' },
    { do: [confirming.visit] },
  ],
  recode: [...owner, { do: [supervising.recode] }],
  pause: toStaff('notYet'),
  resume: [
    ...notSubject,
    { when: is.neitherOwnerNorLead, refuse: 'notYours' },
    { when: is.notPaused, refuse: 'alreadyDone' },
    { do: [pausing.resume] },
  ],
  judge: toStaff('notYet'),
  transfer: toStaff('notYet'),
  takeBack: [
    ...notSubject,
    { when: is.neitherOwnerNorLead, refuse: 'notYours' },
    { when: is.notTransferred, refuse: 'alreadyDone' },
    { do: [takeBack] },
  ],
  footageKept: [
    ...notSubject,
    { when: is.noFootage, refuse: 'alreadyDone' },
    { when: is.notToldOfFootage, refuse: 'notYours' },
    { do: [footageKept] },
  ],
  seen: [...notSubject, { do: [seen] }],
  settleClaim: [
    ...notSubject,
    { when: is.noClaim, refuse: 'alreadyDone' },
    { when: is.mayNotSettle, refuse: 'notYours' },
    { do: [fromResident.settleClaim] },
  ],

  urge: [...supervisor, { do: [supervising.urge] }],
  reassign: [...supervisor, ...moveTargets, notToSelf, { do: [assigning.handOver] }],
  takeOver: [
    ...taking,
    { when: is.belowSupervisor, refuse: 'level' },
    { when: is.byOwner, refuse: 'alreadyDone' },
    { do: [assigning.takeOver] },
  ],
  extend: [
    ...supervisor,
    { when: is.pausedByWord, refuse: 'paused' },
    { when: is.extensionPast, refuse: 'promisePast' },
    { when: is.transferredAlready, refuse: 'transferred' },
    { when: is.extendedTwice, refuse: 'extendedTwice' },
    { when: is.extendedBefore, refuse: 'level' },
    { when: is.extensionTooLong, refuse: 'tooLong' },
    { do: [supervising.extend] },
  ],
  severity: [...grading, { do: [supervising.changeSeverity] }],
  decidePause: [...supervisor, { refuse: 'notYet' }],
  sign: [...supervisor, { when: is.needsNoSign, refuse: 'alreadyDone' }, { refuse: 'notYet' }],
  closeDisputed: [...supervisor, { refuse: 'notYet' }],

  due: [{ do: [runDue] }],
  cameBack: ignored,
  delivered: [{ do: [alarm.alarmDelivered] }],
  undeliverable: [{ do: [assigning.loseStaff] }],
  staffGone: [{ do: [assigning.loseStaff] }],
  away: [{ when: is.nothingTheirs, do: [] }, { when: is.waitsForReturn, do: [] }, { do: [leaving.goAway] }],
  shiftOver: ignored,
  policyChanged: [{ when: is.hasThatPolicy, do: [] }, { do: [changePolicy] }],
  hold: [{ do: [keeping.hold] }],
  release: [{ do: [keeping.release] }],
  expire: ignored,
  showCard: [{ when: is.readerMayNot, do: [] }, { do: [showFace] }],
} as const satisfies Column

/** What nobody has accepted waits for nobody's return. */
const leavingUnaccepted = [
  { when: is.nothingTheirs, do: [] },
  { do: [leaving.goAway] },
] as const satisfies readonly Rule<EventOf<'away'>>[]

/** Nobody has it: whatever its owner could do waits for one. */
const ownerless = {
  decline: toStaff('notYet'),
  handOver: toStaff('notYet'),
  arrive: toStaff('notYet'),
  finding: toStaff('notYet'),
  ask: toStaff('notYet'),
  party: toStaff('notYet'),
  hear: toStaff('notYet'),
  verified: toStaff('notYet'),
  responsibility: toStaff('notYet'),
  plan: toStaff('notYet'),
  progress: toStaff('notYet'),
  done: toStaff('notYet'),
  reply: toStaff('notYet'),
  standDown: toStaff('notYet'),
  recode: [...supervisor, { do: [supervising.recode] }],
  reassign: [
    ...notSubject,
    { when: is.mayNotAssign, refuse: 'level' },
    ...moveTargets,
    { do: [assigning.handOver] },
  ],
  away: leavingUnaccepted,
  extend: [...supervisor, { refuse: 'notYet' }],
} as const satisfies Partial<Column>

/** Before acceptance nobody works on it: the work waits for 接单. */
const beforeAcceptance = {
  revealPhone: [
    ...notSubject,
    { when: is.mayNotCall, refuse: 'notYours' },
    { when: is.onlyAsked, refuse: 'notYet' },
    { when: is.noPhone, refuse: 'noPhone' },
    { do: [verifying.revealPhone] },
  ],
  contact: [
    ...notSubject,
    { when: is.mayNotCall, refuse: 'notYours' },
    { when: is.onlyAsked, refuse: 'notYet' },
    { do: [verifying.contact] },
  ],
  arrive: [...owner, { refuse: 'notYet' }],
  finding: [...owner, { refuse: 'notYet' }],
  ask: [...owner, { refuse: 'notYet' }],
  party: [...owner, { refuse: 'notYet' }],
  hear: [...owner, { refuse: 'notYet' }],
  verified: [...owner, { refuse: 'notYet' }],
  responsibility: [...owner, { refuse: 'notYet' }],
  plan: [...owner, { refuse: 'notYet' }],
  progress: [...owner, { refuse: 'notYet' }],
  done: [...owner, { refuse: 'notYet' }],
  reply: [...owner, { refuse: 'notYet' }],
  standDown: [...owner, { refuse: 'notYet' }],
  recode: [...supervisor, { do: [supervising.recode] }],
  extend: [...supervisor, { refuse: 'notYet' }],
  away: leavingUnaccepted,
} as const satisfies Partial<Column>

/** Somebody has it: it is looked into, judged, planned and done, or waited for. */
const working = {
  accept: answeringAlarm,
  verified: verification,
  responsibility: determination,
  plan: planning,
  done: finishing,
  reply: answering,
  pause: pausingRules,
  transfer: transferringRules,
  decidePause: decidingPause,
} as const satisfies Partial<Column>

/** What the handler says is done is nobody's to move, plan or put off any more. */
const afterDone = {
  danger: [{ to: 'resolving', do: [confirming.backToWork, alarm.becomeEmergency] }],
  handOver: [...owner, { refuse: 'alreadyDone' }],
  reassign: [...supervisor, { refuse: 'alreadyDone' }],
  extend: [...supervisor, { refuse: 'alreadyDone' }],
  pause: toStaff('alreadyDone'),
  resume: toStaff('alreadyDone'),
  transfer: toStaff('alreadyDone'),
  takeBack: toStaff('alreadyDone'),
  decidePause: [...supervisor, { refuse: 'alreadyDone' }],
  severity: [
    ...grading,
    { when: is.raisesToS1, to: 'resolving', do: [confirming.backToWork, supervising.changeSeverity] },
    { do: [supervising.changeSeverity] },
  ],
} as const satisfies Partial<Column>

export const life: Life = {
  // Nobody could be found; somebody is looked for every few minutes, and a supervisor may take it or give it.
  registered: {
    ...open,
    ...ownerless,
    accept: [...taking, ...acceptance],
    takeOver: [...taking, { when: is.belowSupervisor, refuse: 'level' }, ...acceptance],
  },

  assigned: {
    ...open,
    ...beforeAcceptance,
    accept: [...taking, { when: is.notAsked, refuse: 'notYours' }, ...acceptance],
    decline: [...owner, { do: [assigning.decline] }],
    shiftOver: [{ when: is.askedElse, do: [] }, { do: [leaving.shiftOver] }],
    takeOver: [...taking, { when: is.belowSupervisor, refuse: 'level' }, ...acceptance],
  },

  verifying: { ...open, ...working },

  resolving: {
    ...open,
    ...working,
    undo: undoing,
    closeDisputed: [
      ...supervisor,
      { when: is.endsOwnWork, refuse: 'handledBefore' },
      { when: is.firstFailureOnly, refuse: 'notYet' },
      { when: is.belowReviewer, refuse: 'level' },
      { to: 'closed', do: [closing.closeDisputed] },
    ],
  },

  // Done, says the handler; the resident is asked.
  confirming: {
    ...open,
    ...afterDone,
    progress: [...owner, { when: is.donePhoto, do: [resolving.addDonePhoto] }, { do: [resolving.progress] }],
    undo: undoing,
    solved: [{ to: 'feedback', do: [confirming.solved] }],
    notSolved: [{ to: 'resolving', do: [confirming.notSolved] }],
    reopen: [{ to: 'resolving', do: [confirming.notSolvedAgain] }],
  },

  // Solved, says the resident; stars, a call where one is owed, and a signature where one is.
  feedback: {
    ...open,
    ...afterDone,
    solved: ignored,
    notSolved: [{ to: 'resolving', do: [confirming.notSolved] }],
    reopen: [{ to: 'resolving', do: [confirming.notSolvedAgain] }],
    rate: [
      { when: is.alreadyRated, do: [] },
      { when: is.lowStars, do: [confirming.rateLow] },
      { do: [confirming.rate] },
    ],
    sign: [
      ...supervisor,
      { when: is.needsNoSign, refuse: 'alreadyDone' },
      { when: is.endsOwnWork, refuse: 'handledBefore' },
      { do: [closing.sign] },
    ],
  },

  closed: {
    ...over,
    notSolved: reopening,
    reopen: reopening,
    // Stars that come after the case closed as unrated are kept; they do not reopen it by themselves.
    rate: [{ when: is.alreadyRated, refuse: 'alreadyDone' }, { do: [confirming.rateLate] }],
    // Whether the remedy of what came back has lasted: the one thing that is due after the end.
    due: [{ do: [runDue] }],
    lasted: [{ when: is.noEffect, refuse: 'alreadyDone' }, { do: [effect.lasted] }],
    judge: [
      ...notSubject,
      { when: is.noEffect, refuse: 'alreadyDone' },
      { when: is.mayNotJudge, refuse: 'handlerVisits' },
      { when: is.badInWindow, do: [closing.judgeBad] },
      { do: [effect.judged] },
    ],
    revealPhone: [
      ...notSubject,
      { when: is.notLooking, refuse: 'closed' },
      { when: is.noPhone, refuse: 'noPhone' },
      { do: [verifying.revealPhone] },
    ],
    cameBack: [{ when: is.noEffect, do: [] }, { do: [effect.cameBack] }],
    undeliverable: [{ do: [effect.loseLooker] }],
    staffGone: [{ do: [effect.loseLooker] }],
  },

  // 想再办: taken back is not given up.
  withdrawn: { ...over, notSolved: reopening, reopen: reopening },

  // Another household's report of the same thing: its words belong to the main case, too.
  merged: {
    ...over,
    separate: [{ do: [separate] }],
    supplement: [{ do: [fromResident.supplementMain] }],
    // Danger has a resident of its own, who hears of it.
    danger: [{ do: [separate, alarm.becomeEmergency] }],
    urged: [{ do: [fromResident.urgeMain] }],
  },
}
