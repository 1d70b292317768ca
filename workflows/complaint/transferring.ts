import { endDeadline, keepPromise, startDeadline } from '../sla.ts'
import { progressTold, promiseReport } from './clocks.ts'
import type { EventOf } from './events.ts'
import { release } from './holding.ts'
import { humanContact } from './who.ts'
import { staffBy, type Work } from './work.ts'
import { isUnsettled } from './told.ts'

/**
 * Somebody else has it to do: a utility, the developer, an authority (domain.md 2.4, 3). Only being there and getting it
 * done are theirs; the property keeps an owner, its notices, what it promised and the answer cap, and all of that
 * escalates until the resident has the result. Waiting for a third party while the work stays ours is a pause.
 */
export function transfer(w: Work, e: EventOf<'transfer'>): void {
  // A plan that waits for its minute is told before it is given up.
  release(w)
  w.c.transferred = { who: e.who, at: w.now }
  endDeadline(w.c, 'onSite', 'resolve')
  humanContact(w)
  progressTold(w)
  keepPromise(w.c, 'report', w.now)
  // The time told for our own work is replaced by when they hear next.
  w.c.promises = w.c.promises.map((p) =>
    p.what === 'resolve' && isUnsettled(p) ? { ...p, replaced: w.now } : p,
  )
  w.record('transferred', staffBy(e.by), { words: `${e.who}：${e.words}` })
  const { code } = w.c
  const told = { type: 'transferred', code, who: e.who, words: e.words, next: promiseReport(w) } as const
  w.tellResident(told)
  w.tellFollowers(told)
}

/** 收回自办: it is ours to do after all, from now on. */
export function takeBack(w: Work, e: EventOf<'takeBack'>): void {
  w.c.transferred = null
  startDeadline(w.c, w.policyEstate, 'resolve', w.now)
  if (w.c.marks.accepted !== null && w.c.marks.arrived === null)
    startDeadline(w.c, w.policyEstate, 'onSite', w.now)
  progressTold(w)
  keepPromise(w.c, 'report', w.now)
  w.record('takenBack', staffBy(e.by))
  const told = { type: 'takenBack', name: w.nameOf(w.c.owner), next: promiseReport(w) } as const
  w.tellResident(told)
  w.tellFollowers(told)
  if (w.c.owner !== e.by) w.tellOwner({ type: 'recorded', act: 'takeBack', undoUntil: null })
}
