import { atLevel, onPost } from '../duty.ts'
import type { Point } from '../estate.ts'
import type { Instant, StaffId } from '../ids.ts'
import { comesRound, nextPoint, pointsOf, startRound, toldAt } from '../sla.ts'
import { ring } from './alarm.ts'
import { escalate, passOn, raiseAlert } from './alert.ts'
import { callNow } from './attempts.ts'
import { moveOn, searchNow } from './assigning.ts'
import { settle } from './closing.ts'
import { surveySilent } from './confirming.ts'
import { checkEffect } from './effect.ts'
import { release } from './holding.ts'
import { pauseEnds, pauseOver, requestLapses } from './pausing.ts'
import { isLate, markFired, pastBy } from './points.ts'
import { promiseItems } from './promising.ts'
import { isOpen, type Complaint, type Deadline, type DeadlineStep } from './state.ts'
import { questionSilent } from './verifying.ts'
import { search } from './who.ts'
import { program, type Work } from './work.ts'

interface Item {
  readonly at: Instant
  readonly run: () => void
}

/** More things due in one turn than any real case has: the state would be wrong, and the turn must not spin. */
const tooMany = 100

/** Works out all that is due now, oldest first (design.md, Timers: one row a complaint). */
export function runDue(w: Work): void {
  if (w.c.deadlines.some((d) => d.from < w.c.marks.registered)) fireBacklog(w)
  for (let n = 0; n < tooMany; n++) {
    const [first] = agenda(w).toSorted((a, b) => a.at - b.at)
    if (!first || first.at > w.now) return
    first.run()
  }
  throw new Error(`complaint ${w.c.id}: more than ${tooMany} things due at once`)
}

/** The earliest moment this case wants to be looked at; null once it is over, and it is known whether that lasted. */
export function nextDue(w: Work): Instant | null {
  const times = agenda(w).map((item) => item.at)
  return times.length === 0 ? null : Math.min(...times)
}

function agenda(w: Work): readonly Item[] {
  const c = w.c
  // Of a case that ended nothing fires (Zammad #904) but whether it lasted.
  if (!isOpen(c.status)) return c.effect ? [{ at: c.effect.next, run: () => checkEffect(w) }] : []
  const surveyAt = c.survey?.next ?? null
  const pauseAt = pauseEnds(w)
  const items: (Item | null)[] = [
    c.held && { at: c.held.until, run: () => release(w) },
    c.alarm && { at: c.alarm.next, run: () => ring(w) },
    c.alert && { at: c.alert.next, run: () => passOn(w) },
    c.retryAt !== null ? { at: c.retryAt, run: () => searchNow(w) } : null,
    pauseAt !== null ? { at: pauseAt, run: () => pauseOver(w) } : null,
    c.pauseWanted && { at: c.pauseWanted.until, run: () => requestLapses(w) },
    questionWaits(c) ? { at: c.unanswered.at, run: () => questionSilent(w) } : null,
    surveyAt !== null && c.held === null ? { at: surveyAt, run: () => surveySilent(w) } : null,
    c.callback && c.callback.next !== null ? { at: c.callback.next, run: () => callNow(w) } : null,
    c.ratingUntil !== null ? { at: c.ratingUntil, run: () => ratingOver(w) } : null,
    ...c.promises.flatMap((p) => promiseItems(w, p)),
    ...c.deadlines.map((d) => {
      const next = nextPoint(c, w.policyEstate, d)
      return next && { at: toldAt(c, w.policyEstate, d, next.at, w.now), run: () => firePoints(w, d) }
    }),
  ]
  return items.filter((item) => item !== null)
}

/** A question whose answer is still wanted; what is done already asks about itself. */
const questionWaits = (c: Complaint): c is Complaint & { unanswered: NonNullable<Complaint['unanswered']> } =>
  c.question !== null && c.unanswered !== null && c.status !== 'confirming' && c.status !== 'feedback'

/** One more wait is over: whatever still lacks is looked at by `settle`. */
function ratingOver(w: Work): void {
  w.c.ratingUntil = null
  w.record('unrated', program)
  settle(w)
}

/**
 * Received late: what was past already when the case was registered becomes one alert of the case, at the highest level
 * (domain.md 2.4), for the step that is longest overdue.
 */
function fireBacklog(w: Work): void {
  const { registered } = w.c.marks
  const past = w.c.deadlines
    .flatMap((d) => pastBy(w, d, registered).map((point) => ({ d, point })))
    .toSorted((a, b) => b.point.percent - a.point.percent || a.d.due - b.d.due)
  const [first] = past
  if (!first) return
  for (const d of new Set(past.map((x) => x.d)))
    markFired(
      w,
      d,
      past.flatMap((x) => (x.d === d ? [x.point] : [])),
    )
  announce(w, first.d, first.point)
}

/** Points already past become one alert, at the highest of them (domain.md 2.4). */
function firePoints(w: Work, d: Deadline): void {
  const past = pastBy(w, d, w.now)
  const highest = past.at(-1)
  if (!highest) return
  const missed = markFired(w, d, past)
  announce(w, d, highest)
  if (highest === pointsOf(w.c, w.policyEstate, d.step).at(-1) && comesRound(d.step))
    startRound(w.c, w.policyEstate, d.step, w.now)
  if (d.step === 'accept' && missed && w.c.status === 'assigned') moveOn(w)
}

/** From its limit on it is an alert, which somebody must answer; before, a reminder. */
function announce(w: Work, d: Deadline, { percent, levels }: Point): void {
  const cause = { step: d.step, percent, due: d.due, late: isLate(w, d) }
  const doers = levels.includes(0) ? whoseStep(w, d.step) : []
  for (const id of doers) {
    if (d.step === 'assign') w.watch(id)
    w.tellStaff(id, { type: 'reminder', step: d.step, due: d.due, percent, at: w.now })
  }
  const above = levels.filter((level) => level > 0)
  const found = above.flatMap((level) => atLevel(search(w), level)).map((s) => s.id)
  const told = [...new Set(found)]
  escalate(w, told, cause)
  w.record(percent >= 100 ? 'escalated' : 'reminded', program, { data: { step: d.step, percent } })
  if (percent >= 100) raiseAlert(w, cause, above.at(-1) ?? 0, above.length > 0 ? told : doers)
}

/** Whose it is to do: the operator's at 客服 while nobody has it (domain.md 2.4), the caller's, the signer's, else the handler's. */
function whoseStep(w: Work, step: DeadlineStep): readonly StaffId[] {
  if (step === 'assign') return onPost({ ...search(w), department: '客服' }).map((s) => s.id)
  if (step === 'sign') return atLevel(search(w), 1).map((s) => s.id)
  const calls = step === 'visit' || step === 'callback' || step === 'attempt'
  const id = calls ? (w.c.callback?.by ?? w.c.owner) : w.c.owner
  return id === null ? [] : [id]
}
