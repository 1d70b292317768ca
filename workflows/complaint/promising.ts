import { nextOpening } from '../calendar.ts'
import { atLevel } from '../duty.ts'
import type { Level } from '../estate.ts'
import { hours, type Instant } from '../ids.ts'
import { runningPause } from '../pauses.ts'
import { somebody } from '../phrases/staff.ts'
import { isGrave, keepPromise, promiseReminder, promiseReminderAt } from '../sla.ts'
import { escalate, raiseAlert } from './alert.ts'
import { promiseReport, raiseForBroken } from './clocks.ts'
import { isByHand } from './guards.ts'
import { isOpen, type Complaint, type DeadlineStep, type PromiseMade } from './state.ts'
import { isSuspended, isToldAnew, isUnsettled, standing } from './told.ts'
import { search, supervisorFirst } from './who.ts'
import { program, type Work } from './work.ts'

/**
 * Every absolute time a resident is told is a promise: stored, shown, and kept or broken by the program alone. While the
 * work is ours there always is a next one, so that nobody waits without knowing until when; where nothing else is
 * promised it is when they hear of it next (domain.md 5.2 lines 36–37), as often as progress is owed and no oftener.
 */

/** Ours to go on with, and its resident reads us: one without a chat is told by a person. */
const isOwed = (c: Complaint): boolean =>
  !isByHand(c) &&
  (c.status === 'registered' ||
    c.status === 'assigned' ||
    c.status === 'verifying' ||
    c.status === 'resolving')

/** The next time that was told and can still come true. */
export function ahead(w: Work): PromiseMade | null {
  const told = standing(w.c).filter((p) => p.at >= w.now)
  // What they are asked does not put off what they were told; a pause they were told of does.
  const put = (p: PromiseMade): boolean => isSuspended(w.c, p) && runningPause(w.c)?.why !== 'question'
  return told.find((p) => !put(p)) ?? null
}

/** A time told so lately stands: of five photos in a row one says when they hear next. */
const lately = hours(1)

/**
 * With news that goes out anyway: when they hear next. null where they wait for another time, or were told this one
 * just now.
 */
export function nextReport(w: Work): Instant | null {
  if (!isOwed(w.c)) return null
  const next = ahead(w)
  if (next && (next.what !== 'report' || w.now - next.told < lately)) return null
  keepPromise(w.c, 'report', w.now)
  return promiseReport(w)
}

/** After every turn: nothing stands any more of what they were told, so that they hear when they hear next. */
export function keepInSight(w: Work): void {
  // What waits for its minute is told then, and may say when.
  if (!isOwed(w.c) || w.c.held !== null || ahead(w)) return
  w.tellResident({ type: 'nextReport', name: reporter(w), by: promiseReport(w) })
}

/** Who says it: whoever accepted the case, else whoever owes a call, else somebody above. */
function reporter(w: Work): string {
  const { owner, callback, marks } = w.c
  const id = marks.accepted === null ? (callback?.by ?? supervisorFirst(w, [])?.id ?? null) : owner
  return w.nameOf(id) ?? somebody
}

interface Item {
  readonly at: Instant
  readonly run: () => void
}

/** When whoever owes it is reminded, when it breaks, and when those above hear that it did. */
export function promiseItems(w: Work, p: PromiseMade): readonly Item[] {
  if (!isUnsettled(p) || p.escalated) return []
  if (isSuspended(w.c, p)) return suspended(w, p)
  // S3 and S4 wake nobody of the staff for it (domain.md 2.4); the resident hears it as it is.
  if (p.broken) {
    const at = isGrave(w.c.severity) ? p.at + 1 : nextOpening(w.policyEstate.calendar, p.at + 1)
    return [{ at, run: () => escalatePromise(w, p) }]
  }
  const remindAt = promiseReminderAt(w.c, w.policyEstate, p, w.now)
  return [
    ...(remindAt === null ? [] : [{ at: remindAt, run: () => remindOfPromise(w, p) }]),
    // Up to its last instant it can be kept.
    { at: p.at + 1, run: () => lapse(w, p) },
  ]
}

/** Passed while their answer is waited for, it neither breaks nor stands: they hear when they hear next. */
function suspended(w: Work, p: PromiseMade): readonly Item[] {
  if (!isOwed(w.c) || w.c.held !== null || standing(w.c).some((other) => other.at > p.at)) return []
  return [{ at: p.at + 1, run: () => keepInSight(w) }]
}

function remindOfPromise(w: Work, p: PromiseMade): void {
  w.c.promises = w.c.promises.map((x) => (x === p ? { ...x, reminded: true } : x))
  w.record('reminded', program, { data: { step: stepOf(p), percent: promiseReminder, promise: p.what } })
  w.tellOwner({ type: 'reminder', step: stepOf(p), due: p.at, percent: promiseReminder, at: w.now })
}

/** Whoever spoke to them meanwhile has reported, though nothing was written that could say so. */
function lapse(w: Work, p: PromiseMade): void {
  const { progressed } = w.c.marks
  if (p.what !== 'report' || progressed === null || progressed <= p.told) breakPromise(w, p)
  else w.c.promises = w.c.promises.map((x) => (x === p ? { ...x, kept: progressed } : x))
}

/** A planned time has no ladder of its own; for every other a step's ladder answers, progress for the next report. */
const isAlone = (p: PromiseMade): boolean => p.what === 'resolve'

/**
 * The resident hears it from us before they ask (domain.md 5.2 line 38), and by when somebody reports by name; kept late
 * stays broken. Where no ladder stands behind it, whoever owed it and somebody above hear of it here.
 */
function breakPromise(w: Work, p: PromiseMade): void {
  w.c.promises = w.c.promises.map((x) =>
    x === p ? { ...x, broken: true, reminded: true, escalated: !isAlone(p) } : x,
  )
  const holder = isAlone(p) ? w.nameOf(w.c.owner) : null
  w.tellResident({ type: 'promiseBroken', was: p.at, holder, next: newReport(w) })
}

/** A person, and until when; the one that is promised already where there is one. */
function newReport(w: Work): { readonly name: string; readonly by: Instant } | null {
  if (isByHand(w.c)) return null
  const told = w.c.promises.find((x) => x.what === 'report' && isUnsettled(x) && !x.broken && x.at > w.now)
  return { name: reporter(w), by: told?.at ?? promiseReport(w) }
}

/** Each one that breaks after another goes a level higher. One told anew meanwhile was missed all the same. */
function escalatePromise(w: Work, p: PromiseMade): void {
  const anew = isToldAnew(w.c, p)
  w.c.promises = w.c.promises.map((x) => (x === p ? { ...x, escalated: true } : x))
  raiseForBroken(w)
  if (anew) return
  const cause = { step: stepOf(p), due: p.at, percent: 100, late: false }
  w.tellOwner({ type: 'reminder', step: cause.step, due: p.at, percent: 100, at: w.now })
  const level = levelFor(w.c)
  const above = atLevel(search(w, [w.c.owner]), level).slice(0, 1)
  const told = above.map((s) => s.id)
  escalate(w, told, cause)
  raiseAlert(w, cause, level, told)
  w.record('escalated', program, { data: { step: stepOf(p), percent: 100, promise: p.what } })
}

/** How many of them in a row were not kept. */
function levelFor(c: Complaint): Level {
  const alone = c.promises.filter(isAlone)
  const lastKept = alone.findLastIndex((p) => p.kept !== null && !p.broken)
  const broken = alone.slice(lastKept + 1).filter((p) => p.broken).length
  return broken >= 3 ? 3 : broken === 2 ? 2 : 1
}

const stepOf = ({ what }: PromiseMade): DeadlineStep =>
  what === 'reply' ? 'resolve' : what === 'report' ? 'progress' : what

/** How each promise of before is known among those of now. */
const key = (p: PromiseMade): string => `${String(p.id)} ${p.what} ${String(p.told)}`

/**
 * After every turn: what was promised, kept, replaced or broken in it, so that the timeline alone tells how many promises
 * fell due and how many were kept (domain.md 4, 承诺兑现率). A press that is taken back takes back what it recorded.
 */
export function recordPromises(before: Complaint | null, w: Work): void {
  const had = new Map((before?.promises ?? []).map((p) => [key(p), p]))
  const record = (type: string, p: PromiseMade, more: Record<string, boolean> = {}) => {
    w.record(type, program, { data: { id: p.id, what: p.what, at: p.at, ...more } })
  }
  for (const p of w.c.promises) {
    const was = had.get(key(p))
    had.delete(key(p))
    if (!was) record('promised', p)
    if (p.broken && !was?.broken) record('promiseBroken', p)
    if (p.kept !== null && (was?.kept ?? null) === null) record('promiseKept', p, { late: p.broken })
    if (p.replaced !== null && (was?.replaced ?? null) === null)
      record('promiseReplaced', p, { over: !isOpen(w.c.status) })
    const back =
      was && ((was.kept !== null && p.kept === null) || (was.replaced !== null && p.replaced === null))
    if (back) record('promiseUndone', p, { gone: false })
  }
  for (const gone of had.values()) record('promiseUndone', gone, { gone: true })
}
