import { noGrounds } from './grounds.ts'
import { atLevel } from '../duty.ts'
import type { MediaId } from '../ids.ts'
import { deadlineOf, endDeadline, isGrave, isService, startDeadline } from '../sla.ts'
import type { Actor } from '../turn.ts'
import { callOff } from './alarm.ts'
import { assignNext, assignTo } from './assigning.ts'
import { firstPromise, raiseAfterSolved, startClocks } from './clocks.ts'
import type { EventOf } from './events.ts'
import { judged, planEffect, recordEffect, settleEffect } from './effect.ts'
import { wantFootage } from './footage.ts'
import { release } from './holding.ts'
import { reachedOrTried } from './attempts.ts'
import { isThird, leadOf, reopenedAgain } from './repeats.ts'
import { dropCallback, visited } from './visiting.ts'
import { levelUp, postOf, search, supervisorFirst } from './who.ts'
import { program, resident, staffBy, type Work } from './work.ts'
import { isUnsettled } from './told.ts'

type Missing = 'rating' | 'callback' | 'visit' | 'signature'

/** Closes as soon as nothing is missing any more; a signature that alone is missing is asked for. */
export function settle(w: Work): void {
  if (w.c.status !== 'feedback') return
  if (w.c.callback && callEnough(w)) dropCallback(w)
  const lacks = missing(w)
  if (lacks.length === 0) close(w, w.c.rating ? 'solved' : 'unrated')
  else if (lacks.length === 1 && lacks[0] === 'signature') wantSignature(w)
}

/** What domain.md 1.4 rule 4 still demands before the case may close; proof and responsibility were there before “done”. */
function missing(w: Work): readonly Missing[] {
  const c = w.c
  const grave = isGrave(c.severity)
  const lacks: readonly (Missing | false)[] = [
    c.ratingUntil !== null && 'rating',
    c.callback !== null && 'callback',
    grave && !visited(w) && 'visit',
    grave && c.signed === null && 'signature',
  ]
  return lacks.filter((m) => m !== false)
}

/** The call that is owed was made, or tried often enough since. */
function callEnough(w: Work): boolean {
  const { callback } = w.c
  return callback?.why === 'visit' ? visited(w) : reachedOrTried(w, callback?.since ?? w.now)
}

/** S1 and S2 wait for a supervisor's signature: asked for by a card, and its own clock escalates it. */
function wantSignature(w: Work): void {
  if (deadlineOf(w.c, 'sign')) return
  startDeadline(w.c, w.policyEstate, 'sign', w.now)
  w.record('signatureWanted', program)
  // Whoever worked on it signs only where there is nobody else.
  const others = atLevel(search(w, w.c.handlers), 1)
  for (const staff of others.length > 0 ? others : atLevel(search(w), 1)) w.giveCard(staff.id, 'watch', true)
}

export function close(w: Work, how: NonNullable<Work['c']['closure']>): void {
  const c = w.c
  // What waits for its minute is told before the end is.
  release(w)
  c.status = 'closed'
  c.closure = how
  c.marks = { ...c.marks, closed: w.now }
  stopClocks(w)
  w.record('closed', program, { data: { how } })
  planEffect(w)
  if (how !== 'replied') w.tellResident({ type: 'closed', how })
  // They had the result; of an end that was disputed they hear as well, and how to go on from there.
  if (how === 'disputed') w.tellFollowers({ type: 'closed', how })
  forgetWithEnd(w)
}

/** An enquiry is over with its answer. */
export const closeAnswered = (w: Work): void => close(w, 'replied')

/** 有异议办结: the reviewer ends it though the resident is not satisfied; never counted as satisfied (1.4 rule 4). */
export function closeDisputed(w: Work, e: EventOf<'closeDisputed'>): void {
  release(w)
  w.record('disputed', staffBy(e.by), { words: e.words })
  w.tellResident({ type: 'reply', name: w.nameOf(e.by) ?? '', text: e.words, media: [], final: true })
  w.tellFollowers({ type: 'result', text: e.words, media: [] })
  close(w, 'disputed')
}

export function sign(w: Work, e: EventOf<'sign'>): void {
  w.c.signed = e.by
  endDeadline(w.c, 'sign')
  w.record('signed', staffBy(e.by))
}

/** Nothing of a case that ended may fire again (zammad #904). */
export function stopClocks(w: Work): void {
  w.c.deadlines = []
  callOff(w, null)
  dropClaim(w)
  w.c.alert = null
  w.c.escalated = []
  w.c.callback = null
  w.c.retryAt = null
  w.c.ratingUntil = null
  w.c.unowned = false
  w.c.question = null
  w.c.untold = null
  if (w.c.survey) w.c.survey = { ...w.c.survey, next: null }
  w.c.promises = w.c.promises.map((p) => (isUnsettled(p) ? { ...p, replaced: w.now } : p))
}

/** Nobody compares any more: whoever says they are the resident hears that they were not recognised. */
export function dropClaim(w: Work): void {
  if (w.c.claim === null) return
  w.tellConversation(w.c.claim, w.notice({ type: 'claimSettled', person: null }))
  w.c.claim = null
  w.record('claimSettled', program, { data: { right: false } })
}

/** What a deletion left for the end of the case goes now, or with the end of the hold. */
export function forgetWithEnd(w: Work): void {
  if (!w.c.forgotten) return
  if (w.c.onHold === null) forgetWords(w)
  else w.c.forgetWanted ??= w.now
}

export function forgetWords(w: Work): void {
  const blank = { building: null, unit: null, room: null }
  w.c.about = {
    name: null,
    phone: null,
    household: null,
    place: { ...blank, area: null },
    summary: '',
    words: '',
    happened: null,
    demand: null,
    findings: [],
    plan: null,
    gap: null,
    result: null,
    grounds: noGrounds,
  }
  w.c.parties = []
  w.c.untold = null
  // Nobody is asked about it any more.
  settleEffect(w)
  w.effects.push({ do: 'forget' })
}

/** The resident writes again within 90 days: the same number, with all its history, one level up. */
export function reopen(w: Work, e: EventOf<'reopen'> | EventOf<'notSolved'>): void {
  recordEffect(w, false, resident, null)
  openAgain(w, resident, e)
}

/** 无效, by whoever looked whether it lasted: open again as if the resident had said so, while it may be. */
export function judgeBad(w: Work, e: EventOf<'judge'>): void {
  judged(w, e)
  openAgain(w, staffBy(e.by), { text: e.words, media: [] })
}

function openAgain(
  w: Work,
  by: Actor,
  e: { readonly text: string | null; readonly media: readonly MediaId[] },
): void {
  const c = w.c
  c.reopened += 1
  c.media = [...c.media, ...e.media]
  w.record('reopened', by, { words: e.text, media: e.media })
  const served = isService(c.kind)
  if (!served) raiseAfterSolved(w)
  c.danger = null
  c.survey = null
  c.rating = null
  c.signed = null
  c.verified = null
  c.responsibility = null
  c.closure = null
  c.extensions = 0
  c.transferred = null
  c.about = { ...c.about, plan: null, gap: null, result: null }
  c.marks = {
    ...c.marks,
    contacted: null,
    arrived: null,
    planned: null,
    done: null,
    answered: null,
    closed: null,
  }
  c.asked = []
  startClocks(w, w.now)
  if (!served) reopenedAgain(w)
  // One level higher than whoever had it (domain.md 1.4 rule 5).
  const above = levelUp(w)
  const level = c.failures >= 2 ? 3 : isThird(c) && above === 1 ? 2 : above
  const up = served ? null : supervisorFirst(w, c.handlers, level)
  if (up) assignTo(w, up.id)
  else assignNext(w)
  if (c.footage?.kept === null) c.footage = null
  wantFootage(w)
  w.tellResident({ type: 'reopened', post: postOf(w), promise: firstPromise(w), repeat: leadOf(w) })
}

/** Danger comes up in a case that ended: it is open again before the alarm is raised. */
export function reopenInDanger(w: Work, e: EventOf<'danger'>): void {
  reopen(w, { type: 'reopen', text: e.text, media: [] })
}
