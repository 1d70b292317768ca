import { isOpen as isServiceTime, localDay, nextOpening } from '../calendar.ts'
import type { Instant } from '../ids.ts'
import type { Notice, NoticeType } from '../notice.ts'
import * as danger from '../phrases/danger.ts'
import { empathy } from '../phrases/empathy.ts'
import { news } from '../phrases/news.ts'
import { refused, registered as lines } from '../phrases/resident.ts'
import { sayAdded } from './adding.ts'
import { humanSilence } from './commands.ts'
import { dangerRegistered } from './danger-talk.ts'
import { footageCodes, isServedHere } from './slots.ts'
import type { Talk } from './talk.ts'

/**
 * When a notice may be said. always: safety, and answers to what the resident just did. talk: everything a person
 * should not be woken or interrupted for; it waits for the end of the quiet hours (an urgent case does not wait), of a
 * draft, and of a talk with a person. survey: the same, and waits at night whatever the case (rule 6).
 */
type Patience = 'always' | 'talk' | 'survey'

const patience: Readonly<Record<NoticeType, Patience>> = {
  registered: 'always',
  alarmDelivered: 'always',
  alarmTaken: 'always',
  alarmUntaken: 'always',
  stoodDown: 'always',
  reply: 'always',
  callback: 'always',
  rated: 'always',
  urged: 'always',
  supplemented: 'always',
  answered: 'always',
  withdrawn: 'always',
  reopened: 'always',
  forgotten: 'always',
  forgetLater: 'always',
  claimSettled: 'always',
  personComing: 'always',
  refused: 'always',
  accepted: 'talk',
  movedTo: 'talk',
  arrived: 'talk',
  finding: 'talk',
  question: 'talk',
  responsibility: 'talk',
  plan: 'talk',
  progress: 'talk',
  extended: 'talk',
  paused: 'talk',
  resumed: 'talk',
  timeMoved: 'talk',
  transferred: 'talk',
  takenBack: 'talk',
  promiseBroken: 'talk',
  nextReport: 'talk',
  result: 'talk',
  closed: 'talk',
  callMissed: 'talk',
  done: 'survey',
  effectCheck: 'survey',
  effective: 'always',
  askRating: 'survey',
}

/** A notice arrives: said now, or kept until it may be. */
export function hear(talk: Talk, notice: Notice): void {
  if (mayBeSaid(talk, notice)) tellNotice(talk, notice)
  else talk.s.waiting.push(notice)
}

/** Says what waited and need not any longer, oldest first; at most one question among it, the rest waits on. */
export function release(talk: Talk): void {
  if (talk.s.waiting.length === 0) return
  const waiting = talk.s.waiting.splice(0)
  for (const notice of waiting) {
    if (mayBeSaid(talk, notice)) tellNotice(talk, notice)
    else talk.s.waiting.push(notice)
  }
}

const asks: ReadonlySet<NoticeType> = new Set<NoticeType>(['question', 'done', 'askRating', 'effectCheck'])

function mayBeSaid(talk: Talk, notice: Notice): boolean {
  const how = patience[notice.type]
  if (how === 'always') return talk.quietUntil === null || !isForLater(talk, notice)
  if (talk.human || talk.s.draft !== null || talk.askedInDanger) return false
  if (asks.has(notice.type) && askedNow(talk, notice)) return false
  if (talk.quietUntil === null) return true
  if (notice.type === 'extended') return notice.was <= talk.quietUntil
  if (notice.type === 'askRating') return !notice.again && talk.awake
  return how === 'talk' && isUrgent(talk, notice)
}

/** Registered because nobody answered, and who calls about it: nobody is woken to hear that. */
const isForLater = (talk: Talk, notice: Notice): boolean =>
  !talk.awake &&
  ((notice.type === 'registered' && notice.incomplete) ||
    (notice.type === 'personComing' && !isUrgent(talk, notice)))

/** Another question asked in this very turn: one a message (rule 1). */
const askedNow = (talk: Talk, notice: Notice): boolean => {
  const asking = talk.s.asking
  return asking !== null && asking.at === talk.now && asking.complaint !== notice.complaint
}

const isUrgent = (talk: Talk, notice: Notice): boolean => {
  const severity = talk.caseOf(notice.complaint)?.severity
  return severity === 'S1' || severity === 'S2'
}

/** How each notice is told, and what it then waits for. */
function tellNotice(talk: Talk, notice: Notice): void {
  const { complaint, number } = notice
  const say = (text: string, weight: 'plain' | 'promise' | 'question' = 'plain') =>
    talk.say(text, weight, complaint)
  const about = { complaint }
  talk.s.lastComplaint = complaint
  switch (notice.type) {
    case 'registered':
      return tellRegistered(talk, notice)
    case 'alarmDelivered':
      return talk.say(danger.alarmDelivered(notice.phone), 'safety', complaint)
    case 'alarmTaken':
      return talk.say(danger.alarmTaken(notice.name, notice.phone), 'safety', complaint)
    case 'alarmUntaken':
      return talk.say(danger.alarmUntaken(notice.phone), 'safety', complaint)
    case 'stoodDown':
      if (talk.s.danger?.complaint === complaint) talk.s.danger = null
      return talk.say(danger.stoodDown(notice.words), 'safety', complaint)
    case 'accepted':
      return say(
        news.accepted(number, notice.name, notice.contactBy === null ? null : talk.time(notice.contactBy)),
        'promise',
      )
    case 'movedTo':
      return say(news.movedTo(number, notice.name))
    case 'arrived':
      return say(news.arrived(number, notice.name) + next(talk, notice.next))
    case 'finding':
      return talk.say(
        news.finding(number, notice.text) + next(talk, notice.next),
        weightOf(notice.next),
        complaint,
        notice.media,
      )
    case 'question':
      // The question comes last: it is what is answered.
      if (notice.next) say(news.nextTime(talk.time(notice.next)), 'promise')
      return talk.ask('relayed', news.question(number, notice.name, notice.text), {
        ...about,
        question: notice.question,
      })
    case 'responsibility':
      say(news.responsibility(number, notice.code, notice.who))
      if (notice.words !== null) say(news.because(notice.words))
      return say(news.review)
    case 'plan':
      say(news.plan(notice.text, talk.time(notice.promise)), 'promise')
      if (notice.gap !== null) say(news.gap(notice.gap))
      return
    case 'progress':
      return talk.say(
        news.progress(number, notice.text) + next(talk, notice.next),
        weightOf(notice.next),
        complaint,
        notice.media,
      )
    case 'extended':
      return say(
        news.extended(number, talk.time(notice.was), talk.time(notice.until), notice.reason),
        'promise',
      )
    case 'paused':
      return say(
        news.paused(number, {
          why: notice.why,
          words: notice.words,
          was: notice.was === null ? null : talk.time(notice.was),
          next: talk.time(notice.next),
        }),
        'promise',
      )
    case 'resumed':
      return say(news.resumed(number, notice.next.what, talk.time(notice.next.at)), 'promise')
    case 'transferred':
      return say(
        empathy({ kind: 'complaint', code: notice.code, anger: 0, repeat: false }) +
          news.transferred(number, notice.who, notice.words, talk.time(notice.next)),
        'promise',
      )
    case 'takenBack':
      return say(news.takenBack(number, notice.name, talk.time(notice.next)), 'promise')
    case 'timeMoved':
      return say(news.timeMoved(number, talk.time(notice.was), talk.time(notice.until)), 'promise')
    case 'promiseBroken':
      return say(
        news.promiseBroken(number, talk.time(notice.was), notice.holder, newReport(talk, notice.next)),
        'promise',
      )
    case 'nextReport':
      // Kept back until it was over, by a talk with a person who surely said more.
      if (notice.by <= talk.now) return
      return say(news.nextReport(number, notice.name, talk.time(notice.by)), 'promise')
    case 'done':
      if (notice.again > 0) return talk.ask('solved', news.solvedAgain(number), about)
      talk.say(news.done(number, notice.text), 'promise', complaint, notice.media)
      return talk.ask('solved', news.solved, about)
    case 'result':
      return talk.say(news.result(notice.text), 'promise', complaint, notice.media)
    case 'askRating':
      return talk.ask('stars', notice.again ? news.starsAgain(number) : news.stars, about)
    case 'effectCheck':
      if (notice.again) return talk.ask('effect', news.effectAgain(number), about)
      say(news.effectCheck(number, notice.summary))
      return talk.ask('effect', news.effect, about)
    case 'effective':
      return say(news.effective)
    case 'rated':
      if (notice.stars <= 2) return talk.ask('comment', news.why, about)
      say(news.rated(notice.stars, notice.name))
      return talk.expect('comment', about)
    case 'callback':
      if (notice.reopened) say(news.reopenedUp(number))
      return say(news.callback(notice.name, talk.time(notice.by)), 'promise')
    case 'callMissed':
      return say(
        news.callMissed(number, notice.name, notice.by === null ? null : talk.time(notice.by)),
        'promise',
      )
    case 'reply':
      return tellReply(talk, notice)
    case 'urged':
      say(news.urged(notice.name))
      if (notice.promise !== null)
        say(news.stillBy(talk.time(notice.promise), notice.what ?? 'contact'), 'promise')
      return
    case 'supplemented':
      return talk.human || talk.askedInDanger ? undefined : sayAdded(talk, complaint, number)
    case 'answered':
      return say(news.answered)
    case 'withdrawn':
      return say(news.withdrawn(number), 'promise')
    case 'reopened':
      if (notice.repeat) say(lines.repeated(notice.repeat.reports, notice.repeat.lead))
      return say(news.reopened(number, notice.post, talk.time(notice.promise)), 'promise')
    case 'closed':
      if (talk.s.asking?.complaint === complaint) talk.s.asking = null
      return say(news.closed[notice.how](number), 'promise')
    case 'forgotten':
      talk.s.lastComplaint = null
      // Whoever asked in writing is answered in writing: there is no number to call any more.
      if (talk.loaded.channel === 'api') return
      return say(notice.open ? news.forgottenOpen(number) : news.forgotten(number))
    case 'forgetLater':
      if (talk.loaded.channel === 'api') return
      return say(news.forgetLater(number, notice.open), 'promise')
    case 'personComing':
      return say(news.personComing(notice.name, talk.time(notice.by)), 'promise')
    case 'claimSettled':
      if (notice.person === null) return say(news.notClaimed)
      talk.effect({ do: 'join', person: notice.person })
      return say(news.claimed)
    case 'refused':
      return say(refused(notice.why, notice.status, number))
  }
}

type Next = Instant | null | undefined

/** After news: by when they hear next. Not of a time that went by while the line was kept back. */
const next = (talk: Talk, at: Next): string =>
  at !== null && at !== undefined && at > talk.now ? news.nextTime(talk.time(at)) : ''

const weightOf = (at: Next): 'plain' | 'promise' => (at === null || at === undefined ? 'plain' : 'promise')

function newReport(
  talk: Talk,
  told: Extract<Notice, { type: 'promiseBroken' }>['next'],
): { readonly name: string; readonly by: string } | null {
  return told && told.by > talk.now ? { name: told.name, by: talk.time(told.by) } : null
}

/** A human line: the bot is silent for another two hours; the last one gives the talk back. */
function tellReply(talk: Talk, notice: Extract<Notice, { type: 'reply' }>): void {
  const text = news.reply(notice.name, notice.text) + next(talk, notice.next)
  talk.say(text, 'promise', notice.complaint, notice.media)
  if (talk.human && !notice.final) talk.s.humanUntil = talk.now + humanSilence
  if (notice.final) talk.s.humanUntil = null
}

/** Lines 28–34: the number, by when, and which post; at night and on days off, when work begins. */
function tellRegistered(talk: Talk, notice: Extract<Notice, { type: 'registered' }>): void {
  const { complaint, number, post } = notice
  talk.s.registering = null
  // What was said in danger before its case had a row follows that case, not another one registered meanwhile.
  const waiting = talk.s.danger !== null && talk.s.danger.complaint === null
  if (!waiting || notice.danger !== null)
    for (const event of talk.s.early.splice(0)) talk.tell(complaint, event)
  if (talk.s.unreachable) talk.tell(complaint, { type: 'unreachable' })
  const say = (text: string) => talk.say(text, 'promise', complaint)

  if (notice.danger !== null) {
    if (talk.s.danger === null) return
    dangerRegistered(talk, complaint)
    // Written in a group: who did not speak to us is not spoken to.
    if (talk.s.danger.room !== null) return
    return say(danger.numberInDanger(number))
  }
  const what = talk.s.together > 0 ? (talk.caseOf(complaint)?.summary ?? null) : null
  talk.s.together = Math.max(0, talk.s.together - 1)
  if (isServedHere(notice.kind)) {
    say(lines.number(number, what))
    if (notice.checkCode !== null) say(lines.check(notice.checkCode))
    // 人工: by when somebody speaks to them follows as a notice of its own.
    if (notice.wantsPerson) return
    return say(notice.kind === 'praise' ? lines.praise(post) : lines.answer(post, talk.time(notice.promise)))
  }
  say(notice.incomplete ? lines.incomplete(number, what) : lines.number(number, what))
  if (notice.checkCode !== null) say(lines.check(notice.checkCode))
  if (notice.joined !== null) return say(lines.joined(notice.joined))
  if (notice.repeat) say(lines.repeated(notice.repeat.reports, notice.repeat.lead))
  say(lines.promise(post, talk.time(notice.promise)))
  if (footageCodes.has(notice.code)) say(lines.footage)
  // Of several, once.
  if (talk.s.together === 0 && (notice.severity === 'S3' || notice.severity === 'S4')) sayClosedNow(talk, say)
}

function sayClosedNow(talk: Talk, say: (text: string) => void): void {
  const calendar = (talk.estate ?? talk.context.company.estates[0])?.calendar
  if (!calendar || isServiceTime(calendar, talk.now)) return
  const opening = nextOpening(calendar, talk.now)
  if (
    localDay(calendar.timezone, opening) === localDay(calendar.timezone, talk.now) &&
    talk.quietUntil === null
  )
    return
  say(
    talk.quietUntil === null
      ? lines.holiday(talk.time(opening))
      : lines.night(talk.clock(talk.now), talk.time(opening)),
  )
}
