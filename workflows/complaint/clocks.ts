import { hours, minutes, type Instant } from '../ids.ts'
import { raised, type Severity } from '../severity.ts'
import { runningPause } from '../pauses.ts'
import {
  cure,
  deadlineOf,
  hastenDeadlines,
  isService,
  makePromise,
  mustBeSeen,
  standsStill,
  startDeadline,
} from '../sla.ts'
import type { Complaint, Deadline, DeadlineStep } from './state.ts'
import { program, type Work } from './work.ts'

/** The clocks every case starts with (domain.md 2.2), from T0. */
export function startClocks(w: Work, from: Instant): void {
  const steps = isService(w.c.kind)
    ? (['assign', 'contact', 'resolve'] as const)
    : (['assign', 'contact', 'plan', 'resolve', 'answer'] as const)
  for (const step of steps) startDeadline(w.c, w.policyEstate, step, from)
}

/** The first time told: when a person speaks to them, or for an enquiry when the answer comes. Never in the past. */
export function firstPromise(w: Work): Instant {
  const [what, step] = isService(w.c.kind)
    ? (['reply', 'resolve'] as const)
    : (['contact', 'contact'] as const)
  const due = deadlineOf(w.c, step)?.due ?? null
  const at = due !== null && due > w.now ? due : dueAfresh(w, step)
  makePromise(w.c, what, at, w.now)
  return at
}

/** Where the limit is over already: as if it had begun now. The clock that runs stays as it is. */
export function dueAfresh(w: Work, step: DeadlineStep): Instant {
  const { deadlines } = w.c
  startDeadline(w.c, w.policyEstate, step, w.now)
  const due = deadlineOf(w.c, step)?.due ?? w.now + hours(4)
  w.c.deadlines = deadlines
  return due
}

/** When the resident hears of it next, at the latest: a promise like any other (domain.md 5.2 line 37). */
export function promiseReport(w: Work): Instant {
  const due = dueAfresh(w, 'progress')
  // As it is told: to the minute.
  const told = due - (due % minutes(1))
  const at = told > w.now ? told : due
  makePromise(w.c, 'report', at, w.now)
  return at
}

/** Every notice with news restarts the clock of the next one (domain.md 2.2: progress runs from the last notice). */
export function progressTold(w: Work): void {
  w.c.marks.progressed = w.now
  cure(w.c, 'progress')
  if (w.c.status === 'verifying' || w.c.status === 'resolving')
    startDeadline(w.c, w.policyEstate, 'progress', w.now)
}

/**
 * Graver than before: running clocks are shortened where the new limits are shorter, and a step that had no limit gets
 * one. Danger is nobody else's to deal with: what was transferred is ours again.
 */
export function raiseTo(w: Work, to: Severity): void {
  w.c.severity = to
  hastenDeadlines(w.c, w.policyEstate, w.now)
  if (to === 'S1' && w.c.transferred !== null) {
    w.c.transferred = null
    startDeadline(w.c, w.policyEstate, 'resolve', w.now)
    w.record('takenBack', program)
  }
  if (mustBeSeen(w.c) && deadlineOf(w.c, 'onSite') === null)
    startDeadline(w.c, w.policyEstate, 'onSite', w.now)
}

/** domain.md 1.4 rule 5: a reopened case rises one severity, S2 at most, and not a second time. */
export function raiseAfterSolved(w: Work): void {
  if (w.c.raisedAfterSolved) return
  w.c.raisedAfterSolved = true
  raiseByOne(w, 'afterSolved')
}

/**
 * domain.md 2.1: a missed written promise raises one level, each of them, S2 at most. Written is the time by which
 * somebody said it would be done; when a person speaks to them, or they hear next, is said by the program, and its own
 * step answers for it. An enquiry is answered late and stays what it is.
 */
export function raiseForBroken(w: Work): void {
  if (!isService(w.c.kind)) raiseByOne(w, 'brokenPromise')
}

function raiseByOne(w: Work, why: 'afterSolved' | 'brokenPromise'): void {
  const from = w.c.severity
  const to = raised(from)
  if (from === to) return
  raiseTo(w, to)
  w.record('raised', program, { data: { from, to, why } })
}

/**
 * After every turn: a step that was over its limit, and ends or begins anew before its point could fire (it waits for
 * opening), was missed all the same. No extension, late end or other limit turns it into a timely one (domain.md 2.4).
 */
export function recordMissed(before: Complaint | null, w: Work): void {
  const recorded = new Set(
    w.effects.flatMap((e) => (e.do === 'record' && e.entry.type === 'missed' ? [e.entry.data.step] : [])),
  )
  for (const d of before?.deadlines ?? []) {
    const goesOn = w.c.deadlines.some((x) => x.step === d.step && x.from === d.from && x.due === d.due)
    if (goesOn || d.due >= w.now || d.fired.some((percent) => percent >= 100)) continue
    if (recorded.has(d.step) || (before && stoodBy(before, d))) continue
    w.record('missed', program, {
      data: { step: d.step, due: d.due, late: d.due <= w.c.marks.registered },
    })
  }
}

/** Its clock stood still before it was over. */
function stoodBy(c: Complaint, d: Deadline): boolean {
  const running = standsStill(c, d) ? runningPause(c) : null
  return running !== null && running.from <= d.due
}
