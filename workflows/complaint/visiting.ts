import { somebody } from '../phrases/staff.ts'
import { deadlineOf, endDeadline, isGrave, makePromise, searchAgain, startDeadline } from '../sla.ts'
import { reachedOrTried } from './attempts.ts'
import { dueAfresh } from './clocks.ts'
import type { StaffId } from '../ids.ts'
import { brief, levelUp, supervisorFirst } from './who.ts'
import { program, type Work } from './work.ts'
import { isUnsettled } from './told.ts'

type Why = NonNullable<Work['c']['callback']>['why']

/**
 * A call by somebody other than the handler: a supervisor first, then higher, then anybody who never worked on it.
 * While there is nobody, somebody is looked for again every few minutes.
 */
export function callResident(w: Work, why: Why, exclude: readonly StaffId[] = []): void {
  if (why === 'failed') {
    const before = w.c.owner
    review(w, reviewer(w, exclude))
    if (w.c.owner !== before) foundLate(w, before)
    return
  }
  if (why === 'asked') {
    // Whoever handles it may speak to them; not somebody below whom it was promised of.
    const by = w.c.callback?.by ?? null
    oweCall(w, why, supervisorFirst(w, exclude, by !== null && w.levelOf(by) >= 2 ? 2 : 1)?.id ?? null)
    return
  }
  const caller = supervisorFirst(w, [...w.c.handlers, w.c.owner, ...exclude])
  oweCall(w, why, caller?.id ?? null)
}

/** Who looks at what was not solved: a level up, the company after a second failure (domain.md 1.4 rule 4). */
export function reviewer(w: Work, exclude: readonly StaffId[] = []): StaffId | null {
  const level = w.c.failures >= 2 ? 3 : levelUp(w)
  return supervisorFirst(w, [...w.c.handlers, w.c.owner, ...exclude], level)?.id ?? null
}

/** The reviewer owes the call, and has the case from there: who promises must be who acts. */
export function review(w: Work, next: StaffId | null): void {
  const c = w.c
  oweCall(w, 'failed', next)
  if (next === null || (c.status !== 'resolving' && c.status !== 'verifying')) return
  c.owner = next
  c.unowned = false
  endDeadline(c, 'assign')
  c.marks.accepted = w.now
  c.handlers = [...new Set([...c.handlers, next])]
  w.demote('owner')
  w.giveCard(next, 'owner', true)
}

/** There was nobody to review it at first, or whoever did is gone: told now that there is. */
function foundLate(w: Work, before: StaffId | null): void {
  w.record('assigned', program, { data: { to: w.c.owner } })
  const name = w.nameOf(w.c.owner)
  if (before !== null && w.isColleague(before)) w.tellStaff(before, { type: 'movedAway', name })
  w.tellResident({ type: 'movedTo', name: name ?? somebody })
}

/** Puts the call on this person. */
function oweCall(w: Work, why: Why, by: StaffId | null): void {
  const before = w.c.callback
  if (before?.why === why && before.by === null && by === null) {
    w.c.retryAt ??= w.now + searchAgain
    return
  }
  w.demote('callback')
  // Somebody else's call is still owed by the time it was owed by, with the attempts made and planned.
  if (before?.why === why) w.c.callback = { ...before, by }
  else {
    w.c.callback = { by, why, since: w.now, next: null }
    endDeadline(w.c, 'attempt')
    startDeadline(w.c, w.policyEstate, why === 'visit' ? 'visit' : 'callback', w.now)
  }
  w.record('callbackWanted', program, { data: { why, by } })
  if (by === null) w.c.retryAt ??= w.now + searchAgain
  else {
    w.giveCard(by, 'callback', true)
    brief(w, by)
  }
}

/** Who asked for a person hears who speaks to them, and until when. */
export function personComes(w: Work, level: 0 | 1 | 2): void {
  if (level !== 0 && callsTooLow(w, level)) oweCall(w, 'asked', supervisorFirst(w, [], level)?.id ?? null)
  const called = w.c.callback !== null
  const step = !called ? 'contact' : level === 0 && deadlineOf(w.c, 'visit') ? 'visit' : 'callback'
  if (!deadlineOf(w.c, step)) startDeadline(w.c, w.policyEstate, step, w.now)
  const due = deadlineOf(w.c, step)?.due ?? w.now
  const by = due > w.now ? due : dueAfresh(w, step)
  const what = called ? 'callback' : 'contact'
  const told = w.c.promises.some((p) => p.what === what && p.at === by && isUnsettled(p))
  if (!told) makePromise(w.c, what, by, w.now)
  const accepted = w.c.marks.accepted === null ? null : w.nameOf(w.c.owner)
  const name = called ? (w.nameOf(w.c.callback?.by ?? null) ?? somebody) : accepted
  w.tellResident({ type: 'personComing', name, by })
}

/** Nobody owes a call, or somebody below whom a threat must reach. */
function callsTooLow(w: Work, level: 1 | 2): boolean {
  const { callback } = w.c
  if (callback === null) return true
  return callback.why !== 'visit' && callback.by !== null && w.levelOf(callback.by) < level
}

/** Tells the resident who calls, and until when: a promise like any other. */
export function promiseCall(w: Work, reopened: boolean): void {
  const callback = w.c.callback
  const due = deadlineOf(w.c, 'callback')?.due
  if (!callback || due === undefined || callback.why === 'visit' || callback.why === 'asked') return
  makePromise(w.c, 'callback', due, w.now)
  w.tellResident({
    type: 'callback',
    why: callback.why,
    name: w.nameOf(callback.by) ?? somebody,
    by: due,
    reopened,
  })
}

export function dropCallback(w: Work): void {
  w.c.callback = null
  w.demote('callback')
  endDeadline(w.c, 'attempt')
}

/** Grave only after it was done: nobody was asked for the call it needs now. A press that is held asks when it is told. */
export function visitIfGraveNow(w: Work): void {
  const done = w.c.status === 'confirming' || w.c.status === 'feedback'
  if (done && isGrave(w.c.severity) && w.c.held === null && w.c.callback === null && !visited(w))
    callResident(w, 'visit')
}

/** Reached once since it was done, or tried often enough (domain.md 1.4 rule 4). */
export const visited = (w: Work): boolean => reachedOrTried(w, (w.c.marks.done ?? 0) + 1)
