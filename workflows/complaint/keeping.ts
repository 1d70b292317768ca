import { forgetWords } from './closing.ts'
import { forgetAfterHold } from './resident.ts'
import type { EventOf } from './events.ts'
import { program, resident, type Work } from './work.ts'

/** How long a case is kept, and what stops its deletion (domain.md 6.1, Retention). */

export function hold(w: Work, e: EventOf<'hold'>): void {
  w.c.onHold ??= w.now
  w.record('hold', program, { words: e.reason })
}

export function release(w: Work, e: EventOf<'release'>): void {
  if (w.c.onHold === null) return
  w.c.onHold = null
  w.record('released', program, { words: e.reason })
  forgetAfterHold(w)
}

/** The access log of domain.md 6.1, Requests. */
export function exported(w: Work, e: EventOf<'exported'>): void {
  w.record('exported', e.reason === null ? resident : program, { words: e.reason })
}

/** Nobody is told: what they would read is gone, and it was said when it began. */
export function expire(w: Work): void {
  if (w.c.onHold !== null || w.c.forgotten) return
  w.c.forgotten = true
  w.record('expired', program)
  forgetWords(w)
}
