import { isMoreSevere } from '../severity.ts'
import { cure, deadlineOf, familyFor, makePromise, recomputeDeadlines } from '../sla.ts'
import { taxonomy } from '../taxonomy.ts'
import { callOff, raiseAlarm } from './alarm.ts'
import { raiseTo } from './clocks.ts'
import { assignNext } from './assigning.ts'
import type { EventOf } from './events.ts'
import { wantFootage } from './footage.ts'
import { release } from './holding.ts'
import { visitIfGraveNow } from './visiting.ts'
import { departmentFor } from './who.ts'
import { staffBy, type Work } from './work.ts'

/** 催办: the handler hears who urges, and what is due next. */
export function urge(w: Work, e: EventOf<'urge'>): void {
  const next = w.c.deadlines.toSorted((a, b) => a.due - b.due)[0]
  w.record('urged', staffBy(e.by))
  w.tellOwner({
    type: 'urged',
    name: w.nameOf(e.by) ?? '',
    step: next?.step ?? 'progress',
    due: next?.due ?? null,
  })
}

/** The resident hears the reason and the new time; a missed deadline stays recorded as missed (domain.md 2.4). */
export function extend(w: Work, e: EventOf<'extend'>): void {
  // A plan that waits for its minute is told first: its time is the one that moves.
  release(w)
  const was =
    w.c.promises.findLast((p) => p.what === 'resolve')?.at ?? deadlineOf(w.c, 'resolve')?.due ?? w.now
  w.c.extensions += 1
  cure(w.c, 'resolve')
  w.c.deadlines = w.c.deadlines.map((d) =>
    d.step === 'resolve' ? { step: d.step, from: w.now, due: e.until, fired: [], round: false } : d,
  )
  makePromise(w.c, 'resolve', e.until, w.now)
  w.record('extended', staffBy(e.by), { words: e.reason, data: { was, until: e.until } })
  w.tellResident({ type: 'extended', was, until: e.until, reason: e.reason })
  w.tellFollowers({ type: 'extended', was, until: e.until, reason: e.reason })
  if (w.c.owner !== e.by) w.tellOwner({ type: 'recorded', act: 'extend', undoUntil: null })
}

/** A supervisor alone lowers, with a reason; raising to S1 rings the alarm like any danger (domain.md 2.1). */
export function changeSeverity(w: Work, e: EventOf<'severity'>): void {
  const from = w.c.severity
  w.record('severity', staffBy(e.by), { words: e.reason, data: { from, to: e.to } })
  if (isMoreSevere(e.to, from)) {
    raiseTo(w, e.to)
    visitIfGraveNow(w)
  } else {
    w.c.severity = e.to
    callOff(w, e.by)
    recomputeDeadlines(w.c, w.policyEstate, w.now)
  }
  if (w.c.owner !== null) w.push.add(w.c.owner)
  // Also where somebody accepted it: one silent card wakes nobody.
  if (e.to === 'S1') raiseAlarm(w)
}

/**
 * Another category: another column of limits. An EM case that proved harmless takes its real family's code (rule 15).
 * Where another post owns that category the case goes there: by itself while nobody has accepted it, else whoever has
 * it is offered the colleagues to hand it to.
 */
export function recode(w: Work, e: EventOf<'recode'>): void {
  const from = w.c.code
  const before = departmentFor(w.c)
  w.c.code = e.code
  w.record('recoded', staffBy(e.by), {
    data: { from, to: e.code, department: taxonomy[e.code].department, family: familyFor(w.c) },
  })
  recomputeDeadlines(w.c, w.policyEstate, w.now)
  if (departmentFor(w.c) !== before) moveToPost(w)
  wantFootage(w)
}

function moveToPost(w: Work): void {
  const { owner } = w.c
  if (owner === null || w.staff(owner)?.departments.includes(departmentFor(w.c))) return
  if (w.c.status === 'assigned') {
    w.c.asked = [owner]
    assignNext(w)
    if (w.c.owner !== owner) w.tellStaff(owner, { type: 'movedAway', name: w.nameOf(w.c.owner) })
  } else if (w.c.status === 'verifying' || w.c.status === 'resolving') {
    w.faces.set(owner, 'handOver')
    w.push.add(owner)
  }
}
