import { endDeadline, keepPromise, ratingWaits, startDeadline, surveyAgain, surveyEnds } from '../sla.ts'
import { callMissed } from './attempts.ts'
import { raiseAfterSolved } from './clocks.ts'
import type { EventOf } from './events.ts'
import { isByHand } from './guards.ts'
import { askAgainAt } from './resolving.ts'
import { toldByPhone } from './telling.ts'
import { callResident, dropCallback, promiseCall, review, reviewer, visited } from './visiting.ts'
import { tellHolder } from './who.ts'
import { program, resident, staffBy, type Work } from './work.ts'

/** The resident says it is solved: stars are asked for next. */
export function solved(w: Work): void {
  w.c.status = 'feedback'
  w.c.marks.answered = w.now
  w.c.survey = { asked: w.c.survey?.asked ?? [], next: null, answer: 'solved' }
  if (w.c.callback?.why !== 'visit') endDeadline(w.c, 'visit')
  w.record('solved', resident)
  if (w.c.rating === null && !isByHand(w.c)) {
    w.c.ratingUntil = w.now + ratingWaits
    w.tellResident({ type: 'askRating', again: false })
  }
}

export function notSolved(w: Work, e: EventOf<'notSolved'>): void {
  w.record('notSolved', resident, { words: e.text, media: e.media, data: { partly: e.partly } })
  w.c.media = [...w.c.media, ...e.media]
  tellHolder(w, { type: 'notSolved', partly: e.partly, text: e.text })
  fail(w, e.partly)
}

/**
 * Not solved, or solved in part only: open again one level up. A supervisor (never the handler) calls, and makes a new
 * plan; after a second failure the company's quality department does (domain.md 1.4 rule 4, 5.1 rule 6).
 */
export function fail(w: Work, partly: boolean): void {
  const c = w.c
  c.failures += 1
  raiseAfterSolved(w)
  backToWork(w)
  if (c.survey) c.survey = { ...c.survey, answer: partly ? 'partly' : 'notSolved' }
  const next = reviewer(w)
  w.record('failed', program, { data: { failures: c.failures, to: next } })
  review(w, next)
  promiseCall(w, true)
}

/** What was done was not the end of it: clocks, survey and signature begin anew. */
export function backToWork(w: Work): void {
  const c = w.c
  c.status = 'resolving'
  if (c.survey) c.survey = { ...c.survey, next: null }
  c.rating = null
  c.ratingUntil = null
  c.signed = null
  c.extensions = 0
  c.transferred = null
  c.about = { ...c.about, plan: null, gap: null, result: null }
  c.marks = { ...c.marks, done: null, planned: null, answered: null }
  dropCallback(w)
  endDeadline(c, 'visit', 'callback', 'sign')
  for (const step of ['plan', 'resolve', 'progress'] as const) startDeadline(c, w.policyEstate, step, w.now)
}

/** The resident writes again before the case closed: as “not solved”. */
export function notSolvedAgain(w: Work, e: EventOf<'reopen'>): void {
  notSolved(w, { type: 'notSolved', partly: false, text: e.text, media: e.media })
}

export function rateLate(w: Work, e: EventOf<'rate'>): void {
  w.c.rating = { stars: e.stars, at: w.now }
  w.record('rated', resident, { data: { stars: e.stars, late: true } })
  w.tellResident({ type: 'rated', stars: e.stars, name: w.nameOf(w.c.owner) })
}

export function rate(w: Work, e: EventOf<'rate'>): void {
  w.c.rating = { stars: e.stars, at: w.now }
  w.c.ratingUntil = null
  w.record('rated', resident, { data: { stars: e.stars } })
  w.tellResident({ type: 'rated', stars: e.stars, name: w.nameOf(w.c.owner) })
  w.tellOwner({ type: 'rated', stars: e.stars })
}

/** 1–2 stars after “solved”: somebody other than the handler calls, and may reopen it (5.1 rule 6). */
export function rateLow(w: Work, e: EventOf<'rate'>): void {
  w.c.rating = { stars: e.stars, at: w.now }
  w.c.ratingUntil = null
  w.record('rated', resident, { data: { stars: e.stars } })
  dropCallback(w)
  callResident(w, 'low')
  promiseCall(w, false)
  // Asks what it was (domain.md 5.2 line 82).
  w.tellResident({ type: 'rated', stars: e.stars, name: w.nameOf(w.c.owner) })
}

/** What they say with their stars reaches whoever owes them a call, else whoever handled it. */
export function comment(w: Work, e: EventOf<'comment'>): void {
  w.record('comment', resident, { words: e.text })
  const reader = w.c.callback?.by ?? w.c.owner
  if (reader !== null) w.tellStaff(reader, { type: 'supplemented', text: e.text, media: [] })
}

/** Time for the next ask of the survey, or its end: silence is never satisfied (domain.md 4). */
export function surveySilent(w: Work): void {
  const survey = w.c.survey
  if (!survey) return
  const asked = survey.asked.length
  // Nothing is surveyed while the call they were promised is open (domain.md 5.1 rule 6): it asks.
  if (w.c.callback && w.c.callback.why !== 'visit' && asked <= surveyAgain.length) {
    w.c.survey = { ...survey, next: askAgainAt(w, w.now, 0) }
    return
  }
  if (asked <= surveyAgain.length) {
    const next = asked < surveyAgain.length ? askAgainAt(w, w.now, asked) : w.now + surveyEnds
    w.c.survey = { ...survey, asked: [...survey.asked, w.now], next }
    w.record('surveyed', program, { data: { attempt: asked + 1 } })
    w.tellResident({ type: 'done', text: w.c.about.result ?? '', media: [], again: asked })
    return
  }
  w.c.survey = { ...survey, next: null }
  becomeSilent(w)
}

/** No answer came, and none is waited for any more. */
function becomeSilent(w: Work): void {
  w.c.status = 'feedback'
  w.c.ratingUntil = null
  if (w.c.callback?.why !== 'visit') endDeadline(w.c, 'visit')
  w.record('silent', program)
}

/** A recorded call, with what the resident said. */
export function visit(w: Work, e: EventOf<'visit'>): void {
  if (e.outcome === 'noAnswer') {
    callMissed(w, 'visited', e)
    // Tried often enough: silence is never satisfied, but the case does not wait for ever.
    if (isByHand(w.c) && w.c.status === 'confirming' && visited(w)) becomeSilent(w)
    return
  }
  w.c.visits = [...w.c.visits, { at: w.now, by: e.by, outcome: e.outcome }]
  w.record('visited', staffBy(e.by), { words: e.words, data: { outcome: e.outcome, stars: e.stars } })
  toldByPhone(w)
  dropCallback(w)
  keepPromise(w.c, 'callback', w.now)
  keepPromise(w.c, 'contact', w.now)
  keepPromise(w.c, 'report', w.now)
  endDeadline(w.c, 'visit', 'callback')
  if (e.stars !== null) {
    w.c.rating = { stars: e.stars, at: w.now }
    w.c.ratingUntil = null
  }
  const asked = w.c.status === 'confirming' || w.c.status === 'feedback'
  if (e.outcome === 'notSolved' && asked) fail(w, false)
  else if (e.outcome === 'solved' && w.c.status === 'confirming') solved(w)
}
