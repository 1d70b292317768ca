import { nextOpening } from '../../workflows/calendar.ts'
import type { ComplaintEvent } from '../../workflows/complaint/events.ts'
import { deadlineOf, isGrave, isService } from '../../workflows/sla.ts'
import { isOpen, type Complaint } from '../../workflows/complaint/state.ts'
import type { Estate } from '../../workflows/estate.ts'
import { hours, minutes, type Instant, type Millis, type StaffId } from '../../workflows/ids.ts'
import { photo } from '../support/builders.ts'
import type { Chance } from './chance.ts'
import { manners } from './company.ts'

/** What somebody means to do about a case, and when; nothing comes of it where the case has moved on by then. */
export interface Intention {
  readonly at: Instant
  readonly event: ComplaintEvent
}

export interface Moment {
  readonly c: Complaint
  readonly now: Instant
  readonly estate: Estate
  readonly chance: Chance
}

/** How this resident is: drawn once, from the number of the case. */
export type Temper = 'content' | 'partly' | 'discontent' | 'silent'
export const temperOf = (c: Complaint): Temper => {
  const drawn = (c.id * 2_654_435_761) % 100
  return drawn < 62 ? 'content' : drawn < 68 ? 'partly' : drawn < 78 ? 'discontent' : 'silent'
}

const promptly = (id: StaffId | null): boolean => manners[id ?? ''] === 'prompt'
const silent = (id: StaffId | null): boolean => manners[id ?? ''] === 'silent'

/** Somebody who was alerted and does answer: takes it from whoever stays silent, or says that they have seen it. */
export function answer({ c, now, estate, chance }: Moment): Intention | null {
  const by = c.alert?.to.find((id) => promptly(id) && id !== c.owner)
  if (by === undefined) return null
  const at = Math.round(now + chance.between(minutes(5), minutes(40)))
  const takes = (silent(c.owner) || c.owner === null) && working.includes(c.status)
  return {
    at: isGrave(c.severity) ? at : nextOpening(estate.calendar, at),
    event: takes ? { type: 'takeOver', by } : { type: 'seen', by, how: 'reply' },
  }
}
const working = ['registered', 'assigned', 'verifying', 'resolving']

/** The next thing anybody does about the case of their own; null: they do nothing, and it is the program's to act. */
export function intend(m: Moment): Intention | null {
  const { c } = m
  if (!isOpen(c.status)) return null
  return callOwed(m) ?? atStage(m)
}

function atStage(m: Moment): Intention | null {
  const { c } = m
  switch (c.status) {
    case 'registered':
      return does(m, leaderOf(m), { type: 'takeOver' }, minutes(40))
    case 'assigned':
      return accepting(m)
    case 'verifying':
      return firstOfAll(m) ?? verifying(m)
    case 'resolving':
      return firstOfAll(m) ?? resolving(m)
    case 'confirming':
      return confirming(m)
    case 'feedback':
      return feedback(m)
    default:
      return null
  }
}

type Act = ComplaintEvent extends infer E ? (E extends { by: StaffId } ? Omit<E, 'by'> : never) : never

/** Ordinary work is done while the estate is open; what is grave, at any hour. */
function does(m: Moment, by: StaffId | null, act: Act, after: Millis): Intention | null {
  if (by === null || silent(by)) return null
  const at = Math.round(m.now + after)
  return {
    at: isGrave(m.c.severity) ? at : nextOpening(m.estate.calendar, at),
    event: { ...act, by } as ComplaintEvent,
  }
}

const says = (m: Moment, event: ComplaintEvent, after: Millis): Intention => ({
  at: Math.round(m.now + after),
  event,
})

/** Somebody of the estate above the handlers who answers. */
const leaderOf = ({ estate, c }: Moment): StaffId | null =>
  estate.staff.find(
    (s) => (s.role === 'supervisor' || s.role === 'manager') && promptly(s.id) && s.id !== c.owner,
  )?.id ?? null

/** The manager, unless they worked on it themselves; then the company's quality department. */
const headOf = ({ estate, c }: Moment): StaffId => {
  const head = estate.staff.find((s) => s.role === 'manager')?.id
  return head && !c.handlers.includes(head) ? head : ('quality' as StaffId)
}

function accepting(m: Moment): Intention | null {
  const { c, chance } = m
  if (c.severity === 'S1') {
    const taker = c.alarm?.circle.find((id) => promptly(id)) ?? c.owner
    return does(m, taker, { type: 'accept' }, chance.between(minutes(1), minutes(8)))
  }
  if (chance.happens(0.03)) return does(m, c.owner, { type: 'decline', reason: '在处理别的' }, minutes(6))
  const longest = { S1: 4, S2: 25, S3: 100, S4: 300 }[c.severity]
  const wait = promptly(c.owner)
    ? chance.between(2, longest * 0.8)
    : chance.between(longest * 0.7, longest * 2)
  return does(m, c.owner, { type: 'accept' }, minutes(wait))
}

/** What goes before any stage of the work: danger, a question that waits. */
function firstOfAll(m: Moment): Intention | null {
  const { c, chance } = m
  if (c.alarm) return does(m, c.owner, { type: 'accept' }, chance.between(minutes(1), minutes(6)))
  if (c.danger && !c.danger.suspected)
    return does(
      m,
      c.owner,
      { type: 'standDown', words: '人已平安，现场看住了' },
      minutes(chance.between(10, 50)),
    )
  if (c.question && temperOf(c) !== 'silent' && m.now - c.question.asked < hours(30))
    return says(
      m,
      { type: 'answer', question: c.question.id, text: '今天下午在家', media: [] },
      chance.between(minutes(20), hours(28)),
    )
  if (c.marks.contacted === null && !isService(c.kind)) {
    const limit = { S1: 9, S2: 50, S3: 200, S4: 400 }[c.severity]
    const wait = promptly(c.owner) ? chance.between(5, limit * 0.4) : chance.between(limit * 0.4, limit * 1.4)
    return does(m, c.owner, { type: 'contact', outcome: 'phone', words: null }, minutes(wait))
  }
  return null
}

function verifying(m: Moment): Intention | null {
  const { c, chance } = m
  const by = c.owner
  const soon = minutes(chance.between(10, promptly(by) ? 60 : 240))
  if (c.about.findings.length === 0) {
    if (c.marks.arrived === null && chance.happens(0.7)) return does(m, by, { type: 'arrive' }, soon)
    return does(m, by, { type: 'finding', text: '到现场看过了', media: [photo(1)] }, soon)
  }
  const unheard = c.parties.find((p) => !p.heard && p.attempts.length < 3)
  if (unheard) return does(m, by, { type: 'hear', name: unheard.name, words: '他说不是故意的' }, soon)
  if (c.verified === null) return does(m, by, { type: 'verified' }, minutes(3))
  return does(
    m,
    by,
    { type: 'responsibility', code: chance.of(findings), who: '供电公司', words: '看过现场' },
    soon,
  )
}

const findings = ['full', 'main', 'part', 'none', 'thirdParty', 'undetermined'] as const

function resolving(m: Moment): Intention | null {
  const { c, chance, now } = m
  const by = c.owner
  const soon = minutes(chance.between(10, promptly(by) ? 90 : 300))
  if (isService(c.kind)) return does(m, by, { type: 'reply', text: '这样办', media: [], final: true }, soon)
  if (c.questions === 0 && chance.happens(0.15))
    return does(m, by, { type: 'ask', text: '什么时候方便上门？' }, soon)
  if (c.marks.planned === null) {
    const length = { S1: 4, S2: 20, S3: 30, S4: 70 }[c.severity]
    const promise = Math.round(now + soon + hours(chance.between(length * 0.3, length)))
    return does(m, by, { type: 'plan', text: '换配件', promise, gap: null }, soon)
  }
  const told = c.promises.findLast((p) => p.what === 'resolve')?.at ?? now + hours(4)
  const left = Math.max(minutes(10), told - now)
  if (!promptly(by) && c.extensions === 0 && chance.happens(0.2)) {
    const due = deadlineOf(c, 'resolve')
    const until = Math.round(due ? due.due + (due.due - due.from) / 4 : now + hours(8))
    if (until > now + left)
      return does(
        m,
        leaderOf(m),
        { type: 'extend', until, reason: '等配件' },
        left * chance.between(0.3, 1.1),
      )
  }
  const share = promptly(by) ? chance.between(0.2, 0.8) : chance.between(0.6, 1.6)
  const done = does(m, by, { type: 'done', text: '换好了', media: [photo(2)] }, left * share)
  const owed = deadlineOf(c, 'progress')
  if (!owed || !done || done.at < owed.due || chance.happens(promptly(by) ? 0.05 : 0.5)) return done
  // They know that the resident waits to hear something before.
  const before = Math.max(0, (owed.due - now) * chance.between(0.5, 0.95))
  return does(m, by, { type: 'progress', text: '配件在路上', media: [] }, before)
}

function confirming(m: Moment): Intention | null {
  const { c, chance } = m
  if (c.held) return null
  const wait = chance.between(minutes(5), hours(20))
  switch (c.failures > 0 ? 'content' : temperOf(c)) {
    case 'content':
      return says(m, { type: 'solved' }, wait)
    case 'partly':
      return says(m, { type: 'notSolved', partly: true, text: '还差一点', media: [] }, wait)
    case 'discontent':
      return says(m, { type: 'notSolved', partly: false, text: '还是一样', media: [] }, wait)
    case 'silent':
      return null
  }
}

function feedback(m: Moment): Intention | null {
  const { c, chance } = m
  if (c.ratingUntil !== null && temperOf(c) !== 'silent' && chance.happens(0.8)) {
    const stars = Number(chance.weighted({ 5: 55, 4: 25, 3: 10, 2: 6, 1: 4 }))
    return says(m, { type: 'rate', stars }, chance.between(minutes(2), hours(10)))
  }
  if (isGrave(c.severity) && c.signed === null)
    return does(m, headOf(m), { type: 'sign' }, chance.between(minutes(30), hours(12)))
  return null
}

/** A call somebody owes: in the day, and not always answered. */
function callOwed(m: Moment): Intention | null {
  const { c, chance, now } = m
  const owing = c.callback?.by ?? null
  if (owing === null || c.held) return null
  // Whoever stays silent is stood in for by the manager who heard of it.
  const by = silent(owing) ? headOf(m) : owing
  const after = by === owing ? chance.between(minutes(20), hours(5)) : chance.between(hours(6), hours(30))
  const at = nextOpening(m.estate.calendar, Math.round(now + after))
  const event: ComplaintEvent =
    c.callback?.why === 'asked'
      ? { type: 'contact', by, outcome: 'phone', words: null }
      : {
          type: 'visit',
          by,
          outcome: temperOf(c) === 'silent' || chance.happens(0.15) ? 'noAnswer' : 'solved',
          stars: null,
          words: null,
        }
  return { at, event }
}
