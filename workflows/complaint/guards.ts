import { atLevel, canOwn, isAtWork } from '../duty.ts'
import { isMoreSevere } from '../severity.ts'
import { later, netLength, runningPause } from '../pauses.ts'
import { deadlineOf, isGrave, isService, reopenWindow, resolveClock } from '../sla.ts'
import { familyOf, taxonomy } from '../taxonomy.ts'
import type { ComplaintEvent, EventOf } from './events.ts'
import { hangsOn, staysWith } from './hanging.ts'
import { handledBefore } from './repeats.ts'
import { isProgramsCode, type Complaint } from './state.ts'
import { search } from './who.ts'
import type { Work } from './work.ts'

/**
 * The questions the table of a complaint's life asks before a transition. Each sees the case as it is and the event;
 * none changes anything.
 */
type ByStaff = Extract<ComplaintEvent, { by: unknown }>

/** domain.md 1.4 rule 1: the person complained about never owns, reassigns or closes the case. */
export const bySubject = (w: Work, e: ByStaff): boolean => w.c.subjects.includes(e.by)

/** Does not work here, or not in the estate of the case. */
export const byStranger = (w: Work, e: ByStaff): boolean => !w.isColleague(e.by)

export const byOther = (w: Work, e: ByStaff): boolean => e.by !== w.c.owner

export const byOwner = (w: Work, e: ByStaff): boolean => e.by === w.c.owner

export const byAdmin = (w: Work, e: ByStaff): boolean => w.staff(e.by)?.role === 'admin'

export const belowSupervisor = (w: Work, e: ByStaff): boolean => w.levelOf(e.by) < 1

export const belowReviewer = (w: Work, e: ByStaff): boolean => w.levelOf(e.by) < 2

/** Asked now or before, in the alarm's circle, or a supervisor (for whom 我去处理 is take over). */
export const notAsked = (w: Work, e: ByStaff): boolean =>
  e.by !== w.c.owner &&
  !w.c.asked.includes(e.by) &&
  !(w.c.alarm?.circle.includes(e.by) ?? false) &&
  w.levelOf(e.by) < 1

/** Of a third report, whoever handled it before takes it from nobody (domain.md 5.2 line 61); where nobody else is, they are asked. */
export const byFormer = (w: Work, e: ByStaff): boolean => e.by !== w.c.owner && handledBefore(w.c, e.by)

export const targetIsFormer = (w: Work, e: EventOf<'handOver'> | EventOf<'reassign'>): boolean =>
  handledBefore(w.c, e.to)

/** 原经办人不能自己结单, while there is somebody else who may sign. */
export const endsOwnWork = (w: Work, e: ByStaff): boolean =>
  handledBefore(w.c, e.by) && atLevel(search(w, w.c.handlers), 1).length > 0

export const service = (w: Work): boolean => isService(w.c.kind)

/** What needs no verification, or has its responsibility already. */
export const pastVerification = (w: Work): boolean => isService(w.c.kind) || w.c.responsibility !== null

export const alarmSilent = (w: Work): boolean => w.c.alarm === null

/** Before acceptance: the one who is asked needs no number yet, the one who owes a call does. */
export const onlyAsked = (w: Work, e: ByStaff): boolean => w.c.callback?.by !== e.by && e.by === w.c.owner

/** A household that takes it back leaves others who wait for it. */
export const followed = (w: Work): boolean => w.c.followers.length > 0

/** No card for whom it is about, or who does not belong. */
export const readerMayNot = (w: Work, e: EventOf<'showCard'>): boolean =>
  w.c.subjects.includes(e.staff) || !w.isColleague(e.staff)

/** The final answer to what is no complaint; a talk somebody asked for goes on until then. */
export const serviceAnswered = (w: Work, e: EventOf<'reply'>): boolean => isService(w.c.kind) && e.final

export const noFinding = (w: Work): boolean => w.c.about.findings.length === 0

/** A party is heard when its words, or three failed attempts, are on record (1.4 rule 2). */
export const unheardParty = (w: Work): boolean => w.c.parties.some((p) => !p.heard && p.attempts.length < 3)

export const unverified = (w: Work): boolean => w.c.verified === null

/** Without an independent source (a photo, a log, a witness) only 无法查实 can be found (1.4 rule 2). */
export const withoutProof = (w: Work, e: EventOf<'responsibility'>): boolean =>
  w.c.proof === 0 && e.code !== 'undetermined' && e.code !== 'notAComplaint'

export const chosenByProgram = (_: Work, e: EventOf<'responsibility'>): boolean => isProgramsCode(e.code)

export const toNotAComplaint = (_: Work, e: EventOf<'responsibility'>): boolean => e.code === 'notAComplaint'

export const thirdPartyUnnamed = (_: Work, e: EventOf<'responsibility'>): boolean =>
  e.code === 'thirdParty' && !e.who?.trim()

/** Written down by somebody for a resident who has no chat with us: a person tells and asks them. */
export const isByHand = (c: Complaint): boolean => c.channel === 'api'

/** A complaint needs a responsibility before a plan; a repair blames nobody (rule 17). */
export const needsResponsibility = (w: Work): boolean =>
  w.c.kind === 'complaint' && w.c.responsibility === null

export const promisePast = (w: Work, e: EventOf<'plan'>): boolean => e.promise <= w.now

/** Our own work that leaves something to see is proved by a photo; noise, fees, conduct, governance and privacy by words. */
export const needsPhoto = (c: Complaint): boolean =>
  c.transferred === null &&
  !isService(c.kind) &&
  taxonomy[c.code].category !== 'noise' &&
  !['FE', 'ST', 'CM', 'PV', 'SG'].includes(familyOf(c.code))

export const unproved = (w: Work, e: EventOf<'done'>): boolean => e.media.length === 0 && needsPhoto(w.c)

/** One more picture of the work that was just said to be done. */
export const donePhoto = (w: Work, e: EventOf<'progress'>): boolean =>
  w.c.held?.act === 'done' && w.now < w.c.held.until && e.text === null

export const nothingHeld = (w: Work): boolean => w.c.held === null

export const heldByOther = (w: Work, e: EventOf<'undo'>): boolean => w.c.held !== null && w.c.held.by !== e.by

export const undoTooLate = (w: Work): boolean => w.c.held !== null && w.c.held.until <= w.now

export const lowStars = (_: Work, e: EventOf<'rate'>): boolean => e.stars <= 2

export const alreadyRated = (w: Work): boolean => w.c.rating !== null

/** No such question stands. One that a newer one replaced is answered all the same. */
export const notAsking = (w: Work, e: EventOf<'answer'>): boolean =>
  w.c.question === null || e.question > w.c.question.id

export const windowOver = (w: Work): boolean => w.now - (w.c.marks.closed ?? w.now) > reopenWindow

export const noCallback = (w: Work): boolean => w.c.callback === null

/** The visitor is never somebody who worked on it (5.1 rule 6), and not less than a supervisor where one must call. */
export const mayNotVisit = (w: Work, e: ByStaff): boolean =>
  w.c.callback?.by !== e.by && (w.c.handlers.includes(e.by) || w.levelOf(e.by) < 1)

/** Calling, and the number for it, is for the handler, whoever owes a call, and whom it was escalated to (6.1). */
export const mayNotCall = (w: Work, e: ByStaff): boolean =>
  e.by !== w.c.owner && w.c.callback?.by !== e.by && !oversees(w, e)

/** Somebody above, to whom it was escalated. */
export const oversees = (w: Work, e: ByStaff): boolean => w.c.escalated.includes(e.by) && w.levelOf(e.by) >= 1

export const noPhone = (w: Work): boolean => w.c.about.phone === null

export const onHold = (w: Work): boolean => w.c.onHold !== null

export const dangerLasts = (w: Work): boolean =>
  w.c.severity === 'S1' && w.c.danger !== null && !w.c.danger.suspected

export const noDangerHere = (w: Work): boolean => w.c.danger === null

/** A human supervisor only, with reason (2.1). */
export const lowersWithoutReason = (w: Work, e: EventOf<'severity'>): boolean =>
  isMoreSevere(w.c.severity, e.to) && !e.reason.trim()

/** Only the person on duty stands danger down (5.1 rule 15); until then it is what it is. */
export const lowersInDanger = (w: Work, e: EventOf<'severity'>): boolean =>
  isMoreSevere(w.c.severity, e.to) && dangerLasts(w)

export const sameSeverity = (w: Work, e: EventOf<'severity'>): boolean => e.to === w.c.severity

/** A supervisor signs S1 and S2, once (1.4 rule 4). */
export const needsNoSign = (w: Work): boolean => w.c.signed !== null || !isGrave(w.c.severity)

export const extensionPast = (w: Work, e: EventOf<'extend'>): boolean => e.until <= w.now

/**
 * One extension by a supervisor of a share of the limit, counted in the limit's own kind of time without the pauses
 * taken; more, and a second, by a manager (2.4).
 */
export function extensionTooLong(w: Work, e: EventOf<'extend'>): boolean {
  const resolve = deadlineOf(w.c, 'resolve')
  if (!resolve || w.levelOf(e.by) >= 2) return false
  const clock = resolveClock(w.c, w.policyEstate)
  const limit = netLength(clock, w.c.pauses, resolve.from, resolve.due)
  return e.until > later(clock, resolve.due, (limit * w.policyEstate.policy.extension.supervisor) / 100)
}

export const extendedTwice = (w: Work): boolean => w.c.extensions >= 2

export const extendedBefore = (w: Work, e: ByStaff): boolean => w.c.extensions === 1 && w.levelOf(e.by) < 2

export const unknownTarget = (w: Work, e: EventOf<'handOver'> | EventOf<'reassign'>): boolean => {
  const to = w.staff(e.to)
  return to === null || !canOwn(to) || !w.isColleague(e.to) || !isAtWork(w.company, e.to, w.now)
}

export const targetIsOwner = (w: Work, e: EventOf<'handOver'> | EventOf<'reassign'>): boolean =>
  e.to === w.c.owner

export const targetIsSubject = (w: Work, e: EventOf<'handOver'> | EventOf<'reassign'>): boolean =>
  w.c.subjects.includes(e.to)

export const firstFailureOnly = (w: Work): boolean => w.c.failures < 2

export const noFootage = (w: Work): boolean => w.c.footage?.kept !== null

/** Whoever was told of it holds a card; a supervisor may say it for them. */
export const notToldOfFootage = (w: Work, e: ByStaff): boolean =>
  e.by !== w.c.owner && !w.c.cards.some((card) => card.staff === e.by) && w.levelOf(e.by) < 1

/** Whoever raises it to S1 says that people are in danger, whatever was said to be done. */
export const raisesToS1 = (_: Work, e: EventOf<'severity'>): boolean => e.to === 'S1'

/** Nobody wants to know any more whether it lasted, or nobody does yet. */
export const noEffect = (w: Work): boolean => w.c.effect === null

/** Whoever looks whether it lasted, and no one else, needs the number of a case that is over. */
export const notLooking = (w: Work, e: ByStaff): boolean => w.c.effect?.by !== e.by

/** Nobody who worked on it judges whether it lasted, and nobody below a supervisor who was not asked to. */
export const mayNotJudge = (w: Work, e: ByStaff): boolean =>
  notLooking(w, e) && (w.c.handlers.includes(e.by) || w.levelOf(e.by) < 1)

/** It did not last, and may still be opened again. */
export const badInWindow = (w: Work, e: EventOf<'judge'>): boolean => !e.good && !windowOver(w)

export const noClaim = (w: Work): boolean => w.c.claim === null

/** Whoever handles it, a supervisor, or 客服 may tell one resident from another. */
export const mayNotSettle = (w: Work, e: ByStaff): boolean =>
  e.by !== w.c.owner && w.levelOf(e.by) < 1 && !w.staff(e.by)?.departments.includes('客服')

/** Nothing of the case is this person's to do. */
export const nothingTheirs = (w: Work, e: EventOf<'away'>): boolean => !hangsOn(w.c, e.staff)

export const waitsForReturn = (w: Work, e: EventOf<'away'>): boolean => staysWith(w.c, e.staff, e)

/** Somebody else was asked meanwhile. */
export const askedElse = (w: Work, e: EventOf<'shiftOver'>): boolean => w.c.owner !== e.staff

/** The policy that is asked for is the one the case has. */
export const hasThatPolicy = (w: Work, e: EventOf<'policyChanged'>): boolean => w.c.version === e.version
/** What nobody has is given to somebody by a supervisor, or by 客服, whose step that is (domain.md 2.4). */
export const mayNotAssign = (w: Work, e: ByStaff): boolean =>
  w.levelOf(e.by) < 1 && !w.staff(e.by)?.departments.includes('客服')

export const transferredAlready = (w: Work): boolean => w.c.transferred !== null

export const notTransferred = (w: Work): boolean => w.c.transferred === null

export const receiverUnnamed = (_: Work, e: EventOf<'transfer'>): boolean => !e.who.trim()

export const neitherOwnerNorLead = (w: Work, e: ByStaff): boolean => e.by !== w.c.owner && w.levelOf(e.by) < 1

/** Somebody had it paused; waiting for the resident's answer is another thing. */
export function pausedByWord(w: Work): boolean {
  const running = runningPause(w.c)
  return running !== null && running.why !== 'question'
}

export const notPaused = (w: Work): boolean => runningPause(w.c) === null

export const nothingToPause = (w: Work): boolean =>
  w.c.severity === 'S1' || deadlineOf(w.c, 'resolve') === null

export const reviewPast = (w: Work, e: EventOf<'pause'>): boolean => e.until <= w.now

export const reviewTooLate = (w: Work, e: EventOf<'pause'>): boolean =>
  e.until > w.now + w.policyEstate.policy.pause.review

/** Nobody allows what they ask for themselves, nor a pause of what they handle. */
export const asksForIt = (w: Work, e: ByStaff): boolean => e.by === w.c.owner || e.by === w.c.pauseWanted?.by

export const noPauseWanted = (w: Work): boolean => w.c.pauseWanted === null
