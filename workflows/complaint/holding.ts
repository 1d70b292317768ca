import type { StaffId } from '../ids.ts'
import type { Notice } from '../notice.ts'
import { runningPause } from '../pauses.ts'
import { isMoreSevere, type Severity } from '../severity.ts'
import { hastenDeadlines, isGrave } from '../sla.ts'
import type { EventOf } from './events.ts'
import { isByHand } from './guards.ts'
import { heardFromResident, pauseAgain } from './pausing.ts'
import { followPolicy } from './points.ts'
import { isOpen, type Complaint, type Deadline, type Pause, type PromiseMade } from './state.ts'
import { callResident } from './visiting.ts'
import { staffBy, type Work } from './work.ts'

/**
 * A mistaken press on responsibility, plan or done can be undone for a minute (`undo` in the policy); what it would tell
 * the resident waits that long. One press is held at a time: the next one confirms the one before, and so does whatever
 * moves the case on to another state or person.
 */
type Act = NonNullable<Complaint['held']>['act']

/** What those presses change, keyed so that what happened since stays when one of them is taken back. */
interface Undoable {
  readonly status: Complaint['status']
  /** Not of the press; undefined in what yesterday's version held. */
  readonly severity?: Severity
  /** The estate file's version; likewise. */
  readonly version?: number
  readonly facts: Record<string, unknown>
  readonly words: Record<string, string | null>
  readonly marks: Record<string, number | null>
  readonly deadlines: Record<string, Deadline>
  readonly promises: Record<string, PromiseMade>
  /** Of before: what a press ends goes on when it is taken back. */
  readonly pause: Pause | null
}

function undoable(c: Complaint): Undoable {
  return {
    status: c.status,
    severity: c.severity,
    version: c.version,
    facts: {
      kind: c.kind,
      responsibility: c.responsibility,
      survey: c.survey,
      alert: c.alert,
      transferred: c.transferred,
    },
    words: { plan: c.about.plan, gap: c.about.gap, result: c.about.result },
    marks: { ...c.marks },
    deadlines: Object.fromEntries(c.deadlines.map((d) => [d.step, d])),
    promises: Object.fromEntries(c.promises.map((p, i) => [i, p])),
    pause: runningPause(c),
  }
}

/** Does the press and keeps the way back. */
export function hold(w: Work, act: Act, by: StaffId, notices: readonly Notice[], change: () => void): void {
  release(w)
  const before = undoable(w.c)
  change()
  const until = w.now + w.policyEstate.policy.undo
  const changed = JSON.stringify({ before, after: undoable(w.c) })
  w.c.held = { act, by, until, changed, notices: [...notices] }
  w.tellStaff(by, { type: 'recorded', act, undoUntil: until })
}

/** The minute is over: the resident hears it now. */
export function release(w: Work): void {
  const held = w.c.held
  if (!held) return
  w.c.held = null
  for (const notice of held.notices) {
    // The result of a case by hand is told in the call that asks whether it is solved.
    if (notice.type !== 'done' || !isByHand(w.c)) w.tellResident(notice)
    // 结果逐户告知 (domain.md 5.2 line 64); what one household is asked, the others are not.
    if (notice.type === 'done') w.tellFollowers({ type: 'result', text: notice.text, media: notice.media })
  }
  if (held.act === 'done') wantVisit(w)
}

/** S1 and S2 are visited by a recorded call, S3 and S4 by an answered survey (domain.md 1.4 rule 4); without a chat by a call. */
function wantVisit(w: Work): void {
  if (isGrave(w.c.severity) || isByHand(w.c)) callResident(w, 'visit')
}

/** The case moved on before the minute was over, so that the press stands. What it would have asked may be answered. */
export function confirmHeld(w: Work): void {
  const held = w.c.held
  if (!isOpen(w.c.status)) w.c.held = null
  else if (held?.act !== 'done' || w.c.status === 'confirming') release(w)
  else {
    w.c.held = null
    if (w.c.status === 'feedback') wantVisit(w)
  }
}

export function undo(w: Work, e: EventOf<'undo'>): void {
  const held = w.c.held
  if (!held) return
  const { before, after } = JSON.parse(held.changed) as { before: Undoable; after: Undoable }
  const now = undoable(w.c)
  const { plan, gap, result } = takenBack(before.words, after.words, now.words)
  w.c.status = before.status
  Object.assign(w.c, takenBack(before.facts, after.facts, now.facts))
  w.c.about = { ...w.c.about, plan: plan ?? null, gap: gap ?? null, result: result ?? null }
  Object.assign(w.c.marks, takenBack(before.marks, after.marks, now.marks))
  w.c.deadlines = Object.values(takenBack(before.deadlines, after.deadlines, now.deadlines))
  w.c.promises = Object.values(takenBack(before.promises, after.promises, now.promises))
  w.c.held = null
  if (held.act === 'done' && before.pause) {
    pauseAgain(w, before.pause)
    // Answered meanwhile: nothing is waited for.
    if (before.pause.question !== (w.c.question?.id ?? null)) heardFromResident(w)
  }
  // With its pauses as they are now: each counts once.
  bringUpToDate(w, before)
  w.record('undone', staffBy(e.by), { data: { act: held.act } })
  w.tellStaff(e.by, { type: 'undone', act: held.act })
}

/** The clocks that are back were set for another severity, or under a policy that was changed since. */
function bringUpToDate(w: Work, before: Undoable): void {
  const { severity = w.c.severity, version = w.c.version } = before
  if (isMoreSevere(w.c.severity, severity)) hastenDeadlines(w.c, w.policyEstate, w.now)
  else if (w.c.severity !== severity || w.c.version !== version) followPolicy(w)
}

/** What the press changed is as before; what it did not touch is as now. */
function takenBack<T>(
  before: Record<string, T>,
  after: Record<string, T>,
  now: Record<string, T>,
): Record<string, T> {
  const back: Record<string, T> = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const value = same(before[key], after[key]) ? now[key] : before[key]
    if (value !== undefined) back[key] = value
  }
  return back
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
