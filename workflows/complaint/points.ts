import type { Point } from '../estate.ts'
import type { Instant } from '../ids.ts'
import { comesRound, pointAt, pointsOf, recomputeDeadlines, standsStill, startRound } from '../sla.ts'
import type { Deadline } from './state.ts'
import { program, type Work } from './work.ts'

/** The points of a deadline that are past by then and have not fired. */
export const pastBy = (w: Work, d: Deadline, at: Instant): readonly Point[] =>
  standsStill(w.c, d)
    ? []
    : pointsOf(w.c, w.policyEstate, d.step).filter(
        (p) => !d.fired.includes(p.percent) && pointAt(w.c, w.policyEstate, d, p.percent) <= at,
      )

/** None of them fires again. Says whether the step is missed only now. */
export function markFired(w: Work, d: Deadline, points: readonly Point[]): boolean {
  const percents = points.map((p) => p.percent)
  w.c.deadlines = w.c.deadlines.map((x) =>
    x.step === d.step ? { ...x, fired: [...x.fired, ...percents] } : x,
  )
  const missed = percents.some((p) => p >= 100) && !d.fired.some((p) => p >= 100)
  if (missed) w.record('missed', program, { data: { step: d.step, due: d.due, late: isLate(w, d) } })
  return missed
}

/** It was over before the case was registered. */
export const isLate = (w: Work, d: Deadline): boolean => d.due <= w.c.marks.registered

/** The policy or calendar the case has now is another one: its clocks follow, and what that makes overdue is one alert. */
export function followPolicy(w: Work): void {
  recomputeDeadlines(w.c, w.policyEstate, w.now)
  leaveOneAlert(w)
}

interface Overtaken {
  readonly d: Deadline
  readonly past: readonly Point[]
  readonly percent: number
}

/**
 * What is past by the change alone is one alert of the case, as a backlog is (domain.md 2.4): of acceptance, since the
 * task then moves on, else of the step that is furthest beyond its limit. That one fires by itself, at opening where it
 * must wait; all other points now past count as fired.
 */
function leaveOneAlert(w: Work): void {
  const overtaken = w.c.deadlines
    .map((d): Overtaken => {
      const past = pastBy(w, d, w.now)
      return { d, past, percent: past.at(-1)?.percent ?? 0 }
    })
    .filter(({ past }) => past.length > 0)
  const [told] = overtaken
    // A point put between those that fired is nothing new.
    .filter(({ d, percent }) => percent > Math.max(0, ...d.fired))
    .toSorted(
      (a, b) =>
        Number(b.d.step === 'accept') - Number(a.d.step === 'accept') ||
        b.percent - a.percent ||
        a.d.due - b.d.due,
    )
  for (const { d, past, percent } of overtaken.filter((one) => one !== told)) {
    markFired(w, d, past)
    const last = pointsOf(w.c, w.policyEstate, d.step).at(-1)
    if (percent === last?.percent && comesRound(d.step)) startRound(w.c, w.policyEstate, d.step, w.now)
  }
}
