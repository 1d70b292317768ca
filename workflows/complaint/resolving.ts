import {
  afterQuiet,
  endDeadline,
  isService,
  keepPromise,
  makePromise,
  startDeadline,
  surveyAgain,
} from '../sla.ts'
import { progressTold } from './clocks.ts'
import type { EventOf } from './events.ts'
import { isByHand } from './guards.ts'
import { hold, release } from './holding.ts'
import { humanContact } from './who.ts'
import { nextReport } from './promising.ts'
import { staffBy, type Work } from './work.ts'

/** A plan and a promised time. The resident hears both, with the reason where it is less than what was asked for. */
export function plan(w: Work, e: EventOf<'plan'>): void {
  hold(w, 'plan', e.by, [w.notice({ type: 'plan', text: e.text, promise: e.promise, gap: e.gap })], () => {
    w.c.about = { ...w.c.about, plan: e.text, gap: e.gap }
    w.c.marks.planned = w.now
    endDeadline(w.c, 'plan', 'answer')
    keepPromise(w.c, 'report', w.now)
    makePromise(w.c, 'resolve', e.promise, w.now)
  })
  w.record('planned', staffBy(e.by), { words: e.text, data: { promise: e.promise } })
}

export function progress(w: Work, e: EventOf<'progress'>): void {
  // A plan or a result that waits for its minute is told before what came after it.
  release(w)
  humanContact(w)
  w.record('progress', staffBy(e.by), { words: e.text, media: e.media })
  w.tellResident({ type: 'progress', text: e.text, media: e.media, next: nextReport(w) })
  w.tellFollowers({ type: 'progress', text: e.text, media: [] })
  progressTold(w)
}

/** Done, with proof. The resident is asked whether it is really solved; photos of the finished work go along. */
export function finish(w: Work, e: EventOf<'done'>): void {
  hold(w, 'done', e.by, [w.notice({ type: 'done', text: e.text, media: e.media, again: 0 })], () => {
    w.c.about = { ...w.c.about, result: e.text }
    w.c.marks.done = w.now
    const asked = afterQuiet(w.policyEstate, w.now + w.policyEstate.policy.undo)
    // Nobody can be surveyed who has no chat: somebody calls them instead.
    w.c.survey = isByHand(w.c) ? null : { asked: [asked], next: askAgainAt(w, asked, 0), answer: null }
    endDeadline(w.c, 'onSite', 'plan', 'progress', 'resolve', 'answer')
    humanContact(w)
    keepPromise(w.c, 'resolve', w.now)
    keepPromise(w.c, 'report', w.now)
    startDeadline(w.c, w.policyEstate, 'visit', w.now)
  })
  w.record('done', staffBy(e.by), { words: e.text, media: e.media })
}

/** When the survey is asked for the time after this one; never in quiet hours. */
export const askAgainAt = (w: Work, asked: number, times: number): number =>
  afterQuiet(w.policyEstate, asked + (surveyAgain[times] ?? 0))

/** One more photo of the finished work, while it waits to be told: it goes along. */
export function addDonePhoto(w: Work, e: EventOf<'progress'>): void {
  const held = w.c.held
  if (!held) return
  w.c.held = {
    ...held,
    notices: held.notices.map((n) => (n.type === 'done' ? { ...n, media: [...n.media, ...e.media] } : n)),
  }
  w.record('progress', staffBy(e.by), { media: e.media })
}

/** A person's words to the resident: the answer to an enquiry, or a talk somebody asked for. */
export function reply(w: Work, e: EventOf<'reply'>): void {
  release(w)
  humanContact(w)
  w.record('replied', staffBy(e.by), { words: e.text, media: e.media })
  const { text, media, final } = e
  const ends = final && isService(w.c.kind)
  const next = ends ? null : nextReport(w)
  w.tellResident({ type: 'reply', name: w.nameOf(e.by) ?? '', text, media, final, next })
  if (e.final) w.c.wantsPerson = false
  progressTold(w)
}

/** The answer that ends an enquiry, a suggestion or thanks; there is no survey (domain.md 5.1 rule 17). */
export function answerFinally(w: Work, e: EventOf<'reply'>): void {
  reply(w, e)
  w.tellFollowers({ type: 'result', text: e.text, media: e.media })
  w.c.about = { ...w.c.about, result: e.text }
  keepPromise(w.c, 'reply', w.now)
  keepPromise(w.c, 'report', w.now)
}
