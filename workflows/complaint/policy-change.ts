import type { EventOf } from './events.ts'
import { followPolicy } from './points.ts'
import { program, type Work } from './work.ts'

/**
 * The policy and calendar of another version, because somebody asked for it: running clocks take the new limits from
 * their own beginning, and keep the pauses they had (GLPI #6902). A time a supervisor extended stays, and what the
 * resident was told stays told; what fires again under a longer limit says `recomputeDeadlines`.
 */
export function changePolicy(w: Work, e: EventOf<'policyChanged'>): void {
  w.record('policyChanged', program, { data: { from: w.c.version, to: e.version } })
  w.c.version = e.version
  followPolicy(w)
}
