import { inferredWords } from '../phrases/inferred.ts'
import { isMoreSevere } from '../severity.ts'
import { raiseTo } from './clocks.ts'
import type { EventOf } from './events.ts'
import { visitIfGraveNow } from './visiting.ts'
import { program, type Work } from './work.ts'

/**
 * What a language model read after the case was registered. As software may (domain.md 2.1): raised to S2 at most, the
 * rest a line of the timeline for whoever works on it, marked as inferred; nobody is asked or told anything.
 */
export function infer(w: Work, e: EventOf<'inferred'>): void {
  const from = w.c.severity
  const raises = e.raise && isMoreSevere('S2', from)
  if (raises) {
    w.record('raised', program, { data: { from, to: 'S2' } })
    raiseTo(w, 'S2')
    visitIfGraveNow(w)
  }
  // Until the resident has answered; that and the case's own danger are told by `danger` and `noDanger`.
  const doubt = e.danger !== null && w.c.danger === null
  if (doubt) w.c.danger = { ...e.danger, suspected: true }
  if (doubt && w.c.owner !== null) w.push.add(w.c.owner)
  const words = inferredWords(e)
  if (!raises && !doubt && words === null && e.code === null) return
  w.record('inferred', program, { words, data: { code: e.code, danger: e.danger?.type ?? null } })
}
