import { addLimit, nextOpening } from '../calendar.ts'
import { atExactly, lastResort } from '../duty.ts'
import type { Level, Limit } from '../estate.ts'
import type { Instant, StaffId } from '../ids.ts'
import { withoutNumbers } from '../phrases/masked.ts'
import { afterQuiet, isGrave, waitsOutTheNight } from '../sla.ts'
import type { ComplaintEvent, EventOf } from './events.ts'
import type { Complaint } from './state.ts'
import { telephone } from './telephone.ts'
import { search } from './who.ts'
import { program, staffBy, type Work } from './work.ts'

/**
 * An alert is done when it reached a person: a press, a reply or a recorded call of somebody who was told; that a
 * platform took it means nothing. Until then it goes on: to others of the same level, the levels above, the company's
 * other people, and at last to all of them again in rounds, shown on /readyz, in the log, and to whoever telephones.
 */
type Alert = NonNullable<Complaint['alert']>

/** What it is about: a step of which so much of the limit is used, a word that is waited for, or that nobody can be found. */
export type Cause = Alert['about'][number]

/** Somebody above is told of a step. They oversee the case from then on. */
export function escalate(w: Work, staff: readonly StaffId[], cause: Cause, unanswered = false): void {
  for (const id of staff) {
    if (cause.step === 'pause') {
      askForPause(w, id)
      continue
    }
    w.oversee(id)
    if (cause.step === null) w.tellStaff(id, { type: 'nobody' })
    else {
      const { step, percent, due, late } = cause
      const holder = w.nameOf(w.c.owner)
      w.tellStaff(id, { type: 'escalation', step, percent, due, late, holder, unanswered, at: w.now })
    }
  }
}

/** Somebody above shall allow a pause, or refuse it; who only decides reads it without numbers (domain.md 6.1). */
function askForPause(w: Work, id: StaffId): void {
  const { pauseWanted } = w.c
  if (pauseWanted === null || pauseWanted.by === id) return
  const { by, why, words, until } = pauseWanted
  w.giveCard(id, 'watch', true)
  w.tellStaff(id, { type: 'pauseWanted', name: w.nameOf(by) ?? '', why, words: withoutNumbers(words), until })
}

/** These people were told now, and one of them must answer. A graver alert joins the one that is out already. */
export function raiseAlert(w: Work, cause: Cause, level: Level, to: readonly StaffId[]): void {
  const before = w.c.alert
  // Those who are silent already get no longer by hearing of something graver.
  const fresh = to.some((id) => !before?.to.includes(id))
  w.c.alert = {
    about: [...(before?.about ?? []).filter((other) => other.step !== cause.step), cause],
    since: before?.since ?? w.now,
    to: [...new Set([...(before?.to ?? []), ...to])],
    lost: before?.lost ?? [],
    level: Math.max(before?.level ?? 0, level),
    next: before && !fresh ? before.next : answerBy(w, cause, 0),
    rounds: before?.rounds ?? 0,
  }
  if (to.length === 0) passOn(w)
}

/** Nobody answered: the next ones are told; where everybody was, all of them again. */
export function passOn(w: Work): void {
  const { alert } = w.c
  const cause = alert?.about.toSorted((a, b) => b.percent - a.percent)[0]
  if (!alert || !cause) return
  const { staff, level } = others(w, alert)
  const again = staff.length === 0
  const rounds = again ? alert.rounds + 1 : alert.rounds
  const told = again ? alert.to.filter((id) => w.isColleague(id)) : staff
  const to = [...new Set([...alert.to, ...told])]
  w.c.alert = { ...alert, to, level, rounds, next: answerBy(w, cause, rounds) }
  escalate(w, told, cause, true)
  w.record('alertPassedOn', program, {
    data: { step: cause.step, percent: cause.percent, to: told.join(' '), rounds },
  })
  if (again) telephone(w, 'unanswered', rounds, told)
}

/** Who has not been told yet: others of this level, those above, the company's other people, any supervisor left. */
function others(w: Work, alert: Alert): { readonly staff: readonly StaffId[]; readonly level: number } {
  // Nobody allows what they ask for themselves.
  const found = search(w, [...alert.to, w.c.pauseWanted?.by ?? null])
  for (const level of [1, 2, 3] as const) {
    if (level < alert.level) continue
    const staff = atExactly(found, level)
    if (staff.length > 0) return { staff: staff.map((s) => s.id), level }
  }
  return { staff: lastResort(found).map((s) => s.id), level: 3 }
}

/**
 * How long they may stay silent: service time for S3 and S4, never in the night; S1 and S2 around the clock, but for what
 * waits for the morning anyway. Each round of all of them waits twice as long as the one before, up to a day: whoever
 * sleeps through three calls is not woken by thirty, and a bell that always rings is not heard.
 */
function answerBy(w: Work, cause: Cause, rounds: number): Instant {
  const estate = w.policyEstate
  const heard = estate.policy.heard[w.c.severity]
  const after = (limit: Limit): Instant => addLimit(estate.calendar, w.now, limit)
  const doubled = after({ ...heard, amount: heard.amount * 2 ** Math.min(rounds, 12) })
  const nextDay = after({ amount: 1, unit: 'd', working: heard.working })
  const at = Math.max(after(heard), Math.min(doubled, nextDay))
  const { step } = cause
  const later = step !== null && (step === 'pause' || waitsOutTheNight(w.c, step))
  if (isGrave(w.c.severity)) return later ? afterQuiet(estate, at) : at
  return heard.working ? nextOpening(estate.calendar, at) : afterQuiet(estate, at)
}

/** Whatever somebody who was told does in the case is their answer; a card the program shows by itself is none. */
export function answerAlert(w: Work, e: ComplaintEvent): void {
  const shown = e.type === 'showCard' && e.unasked !== true ? e.staff : null
  const by = 'by' in e ? e.by : shown
  if (by === null || !w.c.alert?.to.includes(by) || w.c.subjects.includes(by) || !w.isColleague(by)) return
  const how = e.type === 'seen' ? e.how : 'press'
  w.record('alertAnswered', staffBy(by), { data: { how, since: w.c.alert.since } })
  w.c.alert = null
}

/** 收到, or a call somebody recorded. The answer itself is `answerAlert`'s. */
export function seen(w: Work, e: EventOf<'seen'>): void {
  if (e.how === 'call') w.record('called', staffBy(e.by))
}

/** No message reaches this person: nobody waits for their answer. */
export function loseAlerted(w: Work, staff: StaffId): void {
  const { alert } = w.c
  if (!alert?.to.includes(staff) || alert.lost.includes(staff)) return
  w.c.alert = { ...alert, lost: [...alert.lost, staff] }
  // In the rounds everybody was told already: the next round comes in its time.
  if (alert.rounds === 0) passOn(w)
}

/** Nobody has answered although everybody was told; null: an answer may still come, or has come. */
export const unheardSince = (c: Complaint): Instant | null =>
  c.alert !== null && c.alert.rounds > 0 ? c.alert.since : null
