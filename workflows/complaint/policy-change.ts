import type { Point } from '../estate.ts'
import { comesRound, pointsOf, recomputeDeadlines, startRound } from '../sla.ts'
import { markFired, pastBy } from './due.ts'
import type { EventOf } from './events.ts'
import type { Deadline } from './state.ts'
import { program, type Work } from './work.ts'

/**
 * The policy and calendar of another version, because somebody asked for it: running clocks take the new limits from
 * their own beginning, and keep the pauses they had (GLPI #6902). What fired does not fire again, a time a supervisor
 * extended stays, and what the resident was told stays told.
 */
export function changePolicy(w: Work, e: EventOf<'policyChanged'>): void {
  w.record('policyChanged', program, { data: { from: w.c.version, to: e.version } })
  w.c.version = e.version
  recomputeDeadlines(w.c, w.policyEstate)
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
