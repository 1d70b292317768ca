import { nextOpening } from '../calendar.ts'
import { hours } from '../ids.ts'
import { afterQuiet, endDeadline, isGrave, keepPromise, startDeadline } from '../sla.ts'
import { loseAlerted } from './alert.ts'
import { callMissed } from './attempts.ts'
import { standAside } from './assigning.ts'
import { progressTold } from './clocks.ts'
import { toldByPhone } from './telling.ts'
import { dropCallback } from './visiting.ts'
import { humanContact, untoldNotice } from './who.ts'
import type { EventOf } from './events.ts'
import { isByHand } from './guards.ts'
import { hold, release } from './holding.ts'
import { heardFromResident, waitForAnswer } from './pausing.ts'
import { nextReport } from './promising.ts'
import { program, staffBy, type Work } from './work.ts'

/** How long a question to the resident waits before it is asked once more, and before the handler hears. */
const askAgain = hours(24)
const handlerHears = hours(48)

/** 联系住户: the number goes to this one person alone, is logged, and taken back within 24 h (domain.md 6.1). */
export function revealPhone(w: Work, e: EventOf<'revealPhone'>): void {
  const handles = e.by === w.c.owner || e.by === w.c.callback?.by
  w.record('phoneRevealed', staffBy(e.by), { data: { purpose: handles ? 'contact' : 'oversight' } })
  if (w.c.untold !== null) w.tellStaff(e.by, untoldNotice(w))
  w.tellStaff(e.by, { type: 'phone', phone: w.c.about.phone, name: w.c.about.name })
  w.faces.set(e.by, 'contact')
}

/** 已电话联系 and its kin: the press is the record, since the program cannot telephone (domain.md 2.4). */
export function contact(w: Work, e: EventOf<'contact'>): void {
  const asked = w.c.callback?.why === 'asked' && w.c.callback.by === e.by
  if (asked && e.outcome === 'noAnswer') {
    callMissed(w, 'contacted', e)
    return
  }
  w.record('contacted', staffBy(e.by), { words: e.words, data: { outcome: e.outcome } })
  if (e.outcome === 'noAnswer') return
  humanContact(w)
  toldByPhone(w)
  // Spoken to, they have heard how it stands.
  progressTold(w)
  heardFromResident(w)
  // They have had the person they asked for.
  w.c.wantsPerson = false
  if (!asked) return
  dropCallback(w)
  keepPromise(w.c, 'callback', w.now)
  endDeadline(w.c, 'callback')
}

export function arrive(w: Work, e: EventOf<'arrive'>): void {
  if (w.c.marks.arrived === null) {
    w.c.marks.arrived = w.now
    humanContact(w)
    w.tellResident({ type: 'arrived', name: w.nameOf(e.by) ?? '', next: nextReport(w) })
  }
  humanContact(w)
  endDeadline(w.c, 'onSite')
  w.record('arrived', staffBy(e.by))
}

export function find(w: Work, e: EventOf<'finding'>): void {
  if (e.text) w.c.about.findings = [...w.c.about.findings, e.text]
  else if (w.c.about.findings.length === 0) w.c.about.findings = ['']
  w.c.proof += e.media.length
  // Whoever found something was there, or had the records; where conduct is complained of, whoever heard a party.
  endDeadline(w.c, 'onSite')
  w.record('finding', staffBy(e.by), { words: e.text, media: e.media })
  w.tellResident({ type: 'finding', text: e.text, media: e.media, next: nextReport(w) })
  progressTold(w)
}

/** A question for the resident, relayed; the answer comes back as an event of its own. */
export function ask(w: Work, e: EventOf<'ask'>): void {
  // A plan that waits for its minute is told before its clock stands still.
  release(w)
  if (w.c.question) w.record('questionReplaced', program, { data: { question: w.c.question.id } })
  w.c.questions += 1
  w.c.question = { id: w.c.questions, text: e.text, asked: w.now, by: e.by }
  w.c.unanswered = isByHand(w.c) ? null : { at: afterQuiet(w.policyEstate, w.now + askAgain), again: false }
  humanContact(w)
  w.record('asked', staffBy(e.by), { words: e.text, data: { question: w.c.questions } })
  const name = w.nameOf(e.by) ?? ''
  w.tellResident({ type: 'question', question: w.c.questions, text: e.text, name, next: nextReport(w) })
  progressTold(w)
  waitForAnswer(w, w.c.questions)
}

/** Not answered within a day: asked once more; nor within two: the handler hears it, and telephones. */
export function questionSilent(w: Work): void {
  const { question, unanswered } = w.c
  if (!question || !unanswered) return
  if (unanswered.again) {
    w.c.unanswered = null
    w.record('unanswered', program, { data: { question: question.id } })
    w.tellOwner({ type: 'unanswered', text: question.text })
    return
  }
  const at = question.asked + handlerHears
  w.c.unanswered = {
    at: isGrave(w.c.severity) ? at : nextOpening(w.policyEstate.calendar, at),
    again: true,
  }
  w.record('askedAgain', program, { data: { question: question.id } })
  w.tellResident({
    type: 'question',
    question: question.id,
    text: question.text,
    name: w.nameOf(question.by) ?? '',
  })
}

/** Names somebody who must be heard. A member of staff named here becomes a subject: no longer owner, mover or closer. */
export function nameParty(w: Work, e: EventOf<'party'>): void {
  if (w.c.parties.some((p) => p.name === e.name)) return
  w.c.parties = [...w.c.parties, { name: e.name, staff: e.staff, heard: false, attempts: [] }]
  w.record('partyNamed', staffBy(e.by), { words: e.name, data: { staff: e.staff } })
  if (e.staff === null || w.c.subjects.includes(e.staff)) return
  w.c.subjects = [...w.c.subjects, e.staff]
  w.takeCard(e.staff)
  w.c.escalated = w.c.escalated.filter((id) => id !== e.staff)
  standAside(w, e.staff)
  loseAlerted(w, e.staff)
}

export function hear(w: Work, e: EventOf<'hear'>): void {
  const known = w.c.parties.find((p) => p.name === e.name)
  const party = known ?? { name: e.name, staff: null, heard: false, attempts: [] }
  const heard =
    e.words === null ? { ...party, attempts: [...party.attempts, w.now] } : { ...party, heard: true }
  w.c.parties = [...w.c.parties.filter((p) => p.name !== e.name), heard]
  // A heard witness is an independent source (domain.md 1.4 rule 2).
  if (e.words !== null && party.staff === null) w.c.proof += 1
  if (e.words !== null) endDeadline(w.c, 'onSite')
  w.record(e.words === null ? 'hearingFailed' : 'heard', staffBy(e.by), { words: e.words ?? e.name })
}

export function verify(w: Work, e: EventOf<'verified'>): void {
  w.c.verified = w.now
  w.record('verified', staffBy(e.by))
}

/** Responsibility by the codes of domain.md 1.4 rule 3; can be taken back for a minute, and is told after it. */
export function determine(w: Work, e: EventOf<'responsibility'>): void {
  settleResponsibility(w, e, () => undefined)
}

/** 非投诉: it was a question, a wish or thanks; it is answered as such, without a survey. */
export function becomeEnquiry(w: Work, e: EventOf<'responsibility'>): void {
  settleResponsibility(w, e, () => {
    w.c.kind = 'enquiry'
    w.c.transferred = null
    endDeadline(w.c, 'plan', 'answer')
    startDeadline(w.c, w.policyEstate, 'resolve', w.now)
  })
}

function settleResponsibility(w: Work, e: EventOf<'responsibility'>, more: () => void): void {
  const { code, who, words } = e
  hold(w, 'responsibility', e.by, [w.notice({ type: 'responsibility', code, who, words })], () => {
    w.c.responsibility = { code, who }
    more()
  })
  w.record('responsibility', staffBy(e.by), { words, data: { code } })
}
