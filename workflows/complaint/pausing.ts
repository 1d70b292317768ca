import { addLimit, lengthOf, nextOpening } from '../calendar.ts'
import { atLevel } from '../duty.ts'
import { hours, type Instant, type StaffId } from '../ids.ts'
import { movedOn, runningPause } from '../pauses.ts'
import {
  afterQuiet,
  cure,
  deadlineOf,
  isGrave,
  keepPromise,
  makePromise,
  resolveClock,
  resumeDeadline,
} from '../sla.ts'
import type { Actor } from '../turn.ts'
import { escalate, raiseAlert } from './alert.ts'
import { promiseReport } from './clocks.ts'
import type { EventOf } from './events.ts'
import { isByHand } from './guards.ts'
import { type AskedPauseReason, type Pause } from './state.ts'
import { resolvePromise } from './told.ts'
import { search } from './who.ts'
import { program, resident, staffBy, type Work } from './work.ts'

/**
 * Pauses of the resolve clock (domain.md 2.4). A question to the resident pauses it by itself; everything else is asked
 * for by whoever handles the case and allowed by a supervisor, with a reason, a day on which it is looked at again, and
 * notice. Nothing else stands still: progress is owed all the while, and the answer cap runs. S1 never pauses.
 */

/** How a pause ended: with the answer, at its last day, by somebody's word, or because nothing is left to pause. */
type End = 'answered' | 'over' | 'ended' | 'replaced' | 'nothingLeft'

/** What a clock that runs needs: one to pause, and nobody in danger. */
const canPause = (w: Work): boolean => w.c.severity !== 'S1' && deadlineOf(w.c, 'resolve') !== null

/**
 * A question is out: its answer is waited for. A newer question is waited for instead of the one before. Of a case by
 * hand nobody is waited for until somebody telephones.
 */
export function waitForAnswer(w: Work, question: number): void {
  if (runningPause(w.c)?.why === 'question') end(w, program, 'replaced')
  if (isByHand(w.c) || !canPause(w) || runningPause(w.c)) return
  const limit = w.policyEstate.policy.pause.question
  // The service of S2 is around the clock (domain.md 2.5).
  const own = isGrave(w.c.severity) ? { ...limit, working: false } : limit
  begin(w, program, {
    why: 'question',
    until: addLimit(w.policyEstate.calendar, w.now, own),
    question,
    by: null,
  })
}

/** The resident said something, or was spoken to: they are waited for no longer, whether it was the answer or not. */
export function heardFromResident(w: Work): void {
  if (runningPause(w.c)?.why !== 'question') return
  const over = end(w, resident, 'answered')
  if (over) tellIfPassed(w, over)
}

/** Asked for by whoever handles it; a supervisor who does not handle it simply says so. */
export function pause(w: Work, e: EventOf<'pause'>): void {
  if (e.by !== w.c.owner) {
    start(w, e.by, e)
    w.tellStaff(e.by, { type: 'recorded', act: 'pause', undoUntil: null })
    return
  }
  const { by, why, words, until } = e
  w.c.pauseWanted = { by, why, words, until }
  w.record('pauseWanted', staffBy(by), { words, data: { why, until } })
  w.tellStaff(by, { type: 'recorded', act: 'pauseWanted', undoUntil: null })
  const above = atLevel(search(w, [by]), 1).map((s) => s.id)
  const cause = { step: 'pause', percent: 0, due: until, late: false } as const
  escalate(w, above, cause)
  raiseAlert(w, cause, 1, above)
}

export function decidePause(w: Work, e: EventOf<'decidePause'>): void {
  const wanted = w.c.pauseWanted
  if (!wanted) return
  if (e.allow) start(w, e.by, wanted)
  else {
    w.c.pauseWanted = null
    cure(w.c, 'pause')
    w.record('pauseDenied', staffBy(e.by), { words: e.words, data: { why: wanted.why } })
  }
  w.tellOwner({ type: 'pauseDecided', allowed: e.allow, name: w.nameOf(e.by) ?? '', words: e.words })
}

interface Asked {
  readonly why: AskedPauseReason
  readonly words: string
  readonly until: Instant
}

/** From this moment on; what passed while nobody decided is not given back. */
function start(w: Work, by: StaffId, { why, words, until }: Asked): void {
  w.c.pauseWanted = null
  cure(w.c, 'pause')
  if (runningPause(w.c)) end(w, staffBy(by), 'replaced')
  const was = resolvePromise(w.c)?.at ?? null
  begin(w, staffBy(by), { why, until, question: null, by })
  const looked = isGrave(w.c.severity)
    ? until
    : afterQuiet(w.policyEstate, nextOpening(w.policyEstate.calendar, until))
  // An hour for whoever looks at it again to say what was found.
  const next = looked + hours(1)
  makePromise(w.c, 'report', next, w.now)
  const told = { type: 'paused', why, words, was: was !== null && was > w.now ? was : null, next } as const
  w.tellResident(told)
  w.tellFollowers(told)
}

/** 恢复办理. */
export function resume(w: Work, e: EventOf<'resume'>): void {
  const over = end(w, staffBy(e.by), 'ended')
  if (over) tellResumed(w, over, e.by)
}

/** The last day of a pause, in the opening hours of those who then go on; the clock runs from its end. */
export function pauseEnds(w: Work): Instant | null {
  const running = runningPause(w.c)
  if (!running) return null
  const at = lastMoment(w, running)
  return isGrave(w.c.severity) ? at : nextOpening(w.policyEstate.calendar, at)
}

export function pauseOver(w: Work): void {
  const running = runningPause(w.c)
  if (!running) return
  const over = end(w, program, 'over', Math.min(w.now, lastMoment(w, running)))
  if (over) tellResumed(w, over, null)
}

/** A question asked while the case was less grave is waited for no longer than one of its gravity now. */
function lastMoment(w: Work, pause: Pause): Instant {
  if (pause.why !== 'question' || !isGrave(w.c.severity)) return pause.until
  return Math.min(pause.until, pause.from + lengthOf(w.policyEstate.policy.pause.question))
}

/** Nobody decided until the day it was wanted for: it went on all the while, and the handler hears that it did. */
export function requestLapses(w: Work): void {
  if (!w.c.pauseWanted) return
  w.c.pauseWanted = null
  cure(w.c, 'pause')
  w.record('pauseLapsed', program)
  w.tellOwner({ type: 'pauseLapsed' })
}

/** After every turn: what cannot be paused any more is not. Danger ends a pause at once; so does the end of the step. */
export function settlePauses(w: Work): void {
  if (runningPause(w.c) && !canPause(w)) end(w, program, 'nothingLeft')
  const works = w.c.status === 'verifying' || w.c.status === 'resolving'
  if (w.c.pauseWanted && (!works || !canPause(w))) requestLapses(w)
}

/** “Done” ended it, and was taken back: the clock that is there again lost nothing, and stands still again. */
export function pauseAgain(w: Work, before: Pause): void {
  const over = w.c.pauses.find((p) => p.from === before.from && p.to !== null)
  if (!over) return
  resumeDeadline(w.c, w.policyEstate, over)
  if (!canPause(w)) return
  const { why, until, question, by } = before
  begin(w, program, { why, until, question, by })
}

function begin(w: Work, by: Actor, pause: Omit<Pause, 'from' | 'to'>): void {
  w.c.pauses = [...w.c.pauses, { ...pause, from: w.now, to: null }]
  w.record('paused', by, { data: { why: pause.why, until: pause.until, question: pause.question } })
}

/** `at`: when it ended, where the program looks only later. */
function end(w: Work, by: Actor, how: End, at = w.now): Pause | null {
  const running = runningPause(w.c)
  if (!running) return null
  const over = { ...running, to: Math.max(running.from, at) }
  w.c.pauses = w.c.pauses.map((p) => (p === running ? over : p))
  resumeDeadline(w.c, w.policyEstate, over)
  w.record('resumed', by, { data: { why: over.why, from: over.from, to: over.to, how } })
  return over
}

/** The time they were told, moved on by the pause; null where there is none, or where that has passed as well. */
function movedPromise(w: Work, over: Pause): { readonly was: Instant; readonly at: Instant } | null {
  const told = resolvePromise(w.c)
  if (!told || told.broken || told.at < over.from) return null
  const at = movedOn(resolveClock(w.c, w.policyEstate), [over], over.from, told.at)
  return at > w.now ? { was: told.at, at } : null
}

/** A time that passed while the resident was waited for is theirs to know anew; one that still lies ahead stands. */
function tellIfPassed(w: Work, over: Pause): void {
  const moved = movedPromise(w, over)
  if (!moved || moved.was > w.now) return
  makePromise(w.c, resolvePromise(w.c)?.what ?? 'resolve', moved.at, w.now)
  w.tellResident({ type: 'timeMoved', was: moved.was, until: moved.at })
}

/** It goes on: whoever handles it, and whoever allowed the pause, hear it, and the resident the new time. */
function tellResumed(w: Work, over: Pause, by: StaffId | null): void {
  const due = deadlineOf(w.c, 'resolve')?.due ?? null
  const readers = new Set([w.c.owner, over.by].filter((id) => id !== null && id !== by && w.isColleague(id)))
  for (const id of readers) if (id !== null) w.tellStaff(id, { type: 'resumed', why: over.why, due })
  if (over.why === 'question') {
    tellIfPassed(w, over)
    return
  }
  keepPromise(w.c, 'report', w.now)
  const moved = movedPromise(w, over)
  const what = resolvePromise(w.c)?.what ?? 'resolve'
  if (moved) makePromise(w.c, what, moved.at, w.now)
  const next = moved ? { what, at: moved.at } : { what: 'report' as const, at: promiseReport(w) }
  w.tellResident({ type: 'resumed', next })
  w.tellFollowers({ type: 'resumed', next })
}
