import type { ComplaintEvent, ComplaintEventType, EventOf } from '../../../workflows/complaint/events.ts'
import * as is from '../../../workflows/complaint/guards.ts'
import type { Complaint, Status } from '../../../workflows/complaint/state.ts'
import { days, hours, minutes, seconds } from '../../../workflows/ids.ts'
import type { ComplaintId, ConversationId, Instant, PersonId, StaffId } from '../../../workflows/ids.ts'
import { aRegistration, photo, Play, reach, staffId, trapped } from '../../support/builders.ts'

/** What a rule of the table meets: a complaint, an event, a moment. */
export interface Meeting {
  readonly c: Complaint
  readonly e: ComplaintEvent
  readonly now: Instant
}

const li = staffId('li')
const wang = staffId('wang')

/** Every event as it succeeds: by whoever may, of what can be. */
const good: { readonly [T in ComplaintEventType]: (c: Complaint, now: Instant) => EventOf<T> } = {
  register: () => ({ type: 'register', registration: aRegistration() }),
  join: () => ({
    type: 'join',
    complaint: 5 as ComplaintId,
    number: 'TS-20261123-0009',
    person: 12 as PersonId,
    conversation: 22 as ConversationId,
    checkCode: null,
  }),
  separate: () => ({ type: 'separate' }),
  followerSays: () => ({
    type: 'followerSays',
    complaint: 5 as ComplaintId,
    urges: false,
    text: '我家门口也黑',
    media: [],
  }),
  inferred: () => ({
    type: 'inferred',
    raise: true,
    danger: null,
    code: null,
    happened: '昨天后半夜',
    spot: null,
    demand: null,
  }),

  supplement: () => ({ type: 'supplement', text: '昨晚又黑了', media: [photo()] }),
  amend: () => ({
    type: 'amend',
    place: { building: '3', unit: '1', room: null, area: null },
    phone: '13900000099',
    name: null,
    household: null,
    estate: null,
    text: '是1单元',
  }),
  danger: () => ({ type: 'danger', danger: trapped, text: '有人困在电梯里' }),
  noDanger: () => ({ type: 'noDanger', text: '没有人' }),
  urged: () => ({ type: 'urged' }),
  withdraw: () => ({ type: 'withdraw', text: '不用了' }),
  answer: () => ({ type: 'answer', question: 1, text: '晚上七点以后在家', media: [] }),
  solved: () => ({ type: 'solved' }),
  notSolved: () => ({ type: 'notSolved', partly: false, text: '还是不亮', media: [] }),
  rate: () => ({ type: 'rate', stars: 5 }),
  comment: () => ({ type: 'comment', text: '师傅态度好' }),
  lasted: () => ({ type: 'lasted' }),
  reopen: () => ({ type: 'reopen', text: '又坏了', media: [] }),
  wantsPerson: () => ({ type: 'wantsPerson', text: '找个人跟我说', level: 0 }),
  claim: () => ({ type: 'claim', conversation: 77 as ConversationId }),
  forget: () => ({ type: 'forget' }),
  exported: () => ({ type: 'exported', reason: '住户书面申请' }),
  unreachable: () => ({ type: 'unreachable' }),
  untold: () => ({ type: 'untold', why: 'undelivered', text: '明天上午换灯' }),

  accept: (c) => ({ type: 'accept', by: doer(c) }),
  decline: (c) => ({ type: 'decline', by: doer(c), reason: '在外面' }),
  handOver: (c) => ({ type: 'handOver', by: doer(c), to: wang, reason: '他更近' }),
  contact: (c) => ({ type: 'contact', by: caller(c), outcome: 'phone', words: '说好下午去' }),
  revealPhone: (c) => ({ type: 'revealPhone', by: caller(c) }),
  arrive: (c) => ({ type: 'arrive', by: doer(c) }),
  finding: (c) => ({ type: 'finding', by: doer(c), text: '镇流器坏了', media: [photo()] }),
  ask: (c) => ({ type: 'ask', by: doer(c), text: '几点方便？' }),
  party: (c) => ({ type: 'party', by: doer(c), name: '王强', staff: wang }),
  hear: (c) => ({ type: 'hear', by: doer(c), name: '李四', words: '前天就坏了' }),
  verified: (c) => ({ type: 'verified', by: doer(c) }),
  responsibility: (c) => ({ type: 'responsibility', by: doer(c), code: 'full', who: null, words: '漏巡' }),
  plan: (c, now) => ({ type: 'plan', by: doer(c), text: '换整灯', promise: now + hours(3), gap: null }),
  progress: (c) => ({ type: 'progress', by: doer(c), text: '配件到了', media: [] }),
  done: (c) => ({ type: 'done', by: doer(c), text: '换好了', media: [photo()] }),
  reply: (c) => ({ type: 'reply', by: doer(c), text: '下午去看', media: [], final: false }),
  undo: (c) => ({ type: 'undo', by: c.held?.by ?? doer(c) }),
  standDown: (c) => ({ type: 'standDown', by: doer(c), words: '人已经出来了' }),
  visit: () => ({ type: 'visit', by: li, outcome: 'solved', stars: null, words: '可以了' }),
  recode: (c) => ({ type: 'recode', by: c.marks.accepted === null ? li : doer(c), code: 'RP01' }),
  pause: (c, now) => ({
    type: 'pause',
    by: doer(c),
    why: 'thirdParty',
    words: '等配件厂家',
    until: now + days(3),
  }),
  transfer: (c) => ({ type: 'transfer', by: doer(c), who: '供电公司', words: '外线检修' }),
  takeBack: (c) => ({ type: 'takeBack', by: c.owner ?? li }),
  resume: (c) => ({ type: 'resume', by: c.owner ?? li }),
  judge: () => ({ type: 'judge', by: li, good: true, words: null }),
  footageKept: (c) => ({ type: 'footageKept', by: c.owner ?? li }),
  seen: () => ({ type: 'seen', by: li, how: 'call' }),
  settleClaim: (c) => ({ type: 'settleClaim', by: c.owner ?? staffId('chen'), right: true }),
  urge: () => ({ type: 'urge', by: li }),
  reassign: () => ({ type: 'reassign', by: li, to: wang, reason: null }),
  takeOver: () => ({ type: 'takeOver', by: li }),
  extend: (_, now) => ({ type: 'extend', by: li, until: now + hours(6), reason: '等配件' }),
  severity: () => ({ type: 'severity', by: li, to: 'S2', reason: '整栋都黑' }),
  decidePause: () => ({ type: 'decidePause', by: li, allow: true, words: null }),
  sign: () => ({ type: 'sign', by: li }),
  closeDisputed: () => ({ type: 'closeDisputed', by: staffId('sun'), words: '能做的都做了' }),

  due: () => ({ type: 'due' }),
  cameBack: () => ({ type: 'cameBack', complaint: 9 as ComplaintId }),
  delivered: (c) => ({ type: 'delivered', staff: doer(c) }),
  undeliverable: (c) => ({ type: 'undeliverable', staff: doer(c) }),
  staffGone: (c) => ({ type: 'staffGone', staff: doer(c) }),
  away: (c, now) => ({ type: 'away', staff: doer(c), from: now, until: now + days(60) }),
  shiftOver: (c) => ({ type: 'shiftOver', staff: doer(c) }),
  hold: () => ({ type: 'hold', reason: '法院调取' }),
  release: () => ({ type: 'release', reason: '判决已生效' }),
  expire: () => ({ type: 'expire' }),
  policyChanged: (c) => ({ type: 'policyChanged', version: c.version + 1 }),
  showCard: () => ({ type: 'showCard', staff: li, face: 'task', anew: true }),
}

const doer = (c: Complaint) => c.owner ?? staffId('zhang')
/** Before acceptance only the one who owes a call may call. */
const caller = (c: Complaint) => (c.marks.accepted === null ? li : doer(c))

/** What must be so in the case that the event can succeed at all. */
const ready: { readonly [T in ComplaintEventType]?: (c: Complaint, now: Instant) => Partial<Complaint> } = {
  answer: (c, now) => ({ question: { id: 1, text: '几点在家？', asked: now, by: doer(c) }, questions: 1 }),
  accept: (c, now) => (c.marks.accepted === null ? {} : ringing(c, now)),
  visit: () => owedCall,
  revealPhone: (c, now) =>
    c.status === 'closed' ? checked(doer(c), now) : c.marks.accepted === null ? owedCall : {},
  lasted: (c, now) => (c.status === 'closed' ? checked(li, now) : {}),
  judge: (c, now) => (c.status === 'closed' ? checked(li, now) : {}),
  cameBack: (c, now) => (c.status === 'closed' ? checked(li, now) : {}),
  contact: (c) => (c.marks.accepted === null ? owedCall : {}),
  standDown: (c, now) => (c.marks.accepted === null ? {} : ringing(c, now)),
  delivered: (c, now) => ringing(c, now),
  away: (c) =>
    c.owner === null
      ? { callback: { by: doer(c), why: 'low', since: null, next: null } }
      : { severity: 'S2' },
  resume: (c, now) => (c.deadlines.some((d) => d.step === 'resolve') ? standing(now) : {}),
  takeBack: (_, now) => ({ transferred: { who: '供电公司', at: now - minutes(30) } }),
  decidePause: (c, now) =>
    c.status === 'verifying' || c.status === 'resolving'
      ? { pauseWanted: { by: doer(c), why: 'thirdParty', words: '等配件厂家', until: now + days(3) } }
      : {},
  footageKept: (_, now) => ({ footage: { by: now + hours(1), kept: null } }),
  settleClaim: () => ({ claim: 77 as ConversationId }),
  sign: () => ({ severity: 'S2', signed: null }),
  closeDisputed: () => ({ failures: 2 }),
  verified: (c) => verified(c, null),
  responsibility: (c, now) => ({ ...verified(c, now), parties: [], proof: 1, responsibility: null }),
  plan: () => ({ responsibility: { code: 'full', who: null } }),
  done: () => ({ responsibility: { code: 'full', who: null } }),
  rate: () => ({ rating: null }),
}

const owedCall: Partial<Complaint> = {
  callback: { by: li, why: 'low', since: null, next: null },
  cards: [{ staff: li, role: 'callback' }],
}
const standing = (now: Instant): Partial<Complaint> => ({
  pauses: [
    { why: 'weather', from: now - minutes(30), to: null, until: now + days(3), question: null, by: li },
  ],
})
/** Whether it lasted is being found out, by this person. */
const checked = (by: StaffId, now: Instant): Partial<Complaint> => ({
  effect: { next: now + days(1), asked: [now - days(3)], by, looks: 1 },
})
const verified = (c: Complaint, now: Instant | null): Partial<Complaint> => ({
  about: { ...c.about, findings: ['灯坏了'] },
  verified: now,
})
const ringing = (c: Complaint, now: Instant): Partial<Complaint> => ({
  severity: 'S1',
  danger: { ...trapped, suspected: false },
  alarm: {
    since: now - seconds(30),
    next: now + seconds(30),
    rounds: 1,
    circle: [doer(c)],
    widened: 0,
    delivered: false,
    toldUntaken: false,
  },
})

type Change = (m: Meeting) => { readonly c?: Partial<Complaint>; readonly e?: Record<string, unknown> }

/** What makes a guard hold, and none that stands before it. */
const holds = new Map<unknown, Change>([
  [is.byStranger, () => ({ e: { by: 'qian' } })],
  [is.bySubject, () => ({ c: { subjects: [wang] }, e: { by: wang } })],
  [is.byOther, () => ({ e: { by: wang } })],
  [is.byAdmin, () => ({ e: { by: 'root' } })],
  [is.byOwner, () => ({ c: { owner: li } })],
  [is.belowSupervisor, () => ({ e: { by: wang } })],
  [is.belowReviewer, () => ({ e: { by: li } })],
  [is.notAsked, () => ({ e: { by: wang } })],
  [is.byFormer, () => ({ c: { repeat: thirdAfter(li) }, e: { by: li } })],
  [is.targetIsFormer, () => ({ c: { repeat: thirdAfter(wang) } })],
  [is.endsOwnWork, () => ({ c: { repeat: thirdAfter(li), handlers: [li] }, e: { by: li } })],
  [is.service, () => ({ c: { kind: 'enquiry' } })],
  [is.serviceAnswered, () => ({ c: { kind: 'enquiry' }, e: { final: true } })],
  [is.pastVerification, () => ({ c: { responsibility: { code: 'none', who: null } } })],
  [is.alarmSilent, () => ({ c: { alarm: null } })],
  [is.onlyAsked, ({ c }) => ({ c: { callback: null }, e: { by: c.owner } })],
  [is.followed, () => ({ c: { followers: [follower] } })],
  [is.readerMayNot, () => ({ e: { staff: 'qian' } })],
  [is.noFinding, ({ c }) => ({ c: { about: { ...c.about, findings: [] } } })],
  [is.unheardParty, ({ now }) => ({ c: { parties: [unheard(now)] } })],
  [is.unverified, () => ({ c: { verified: null } })],
  [is.withoutProof, () => ({ c: { proof: 0 } })],
  [is.chosenByProgram, () => ({ e: { code: 'merged' } })],
  [is.toNotAComplaint, () => ({ e: { code: 'notAComplaint' } })],
  [is.thirdPartyUnnamed, () => ({ e: { code: 'thirdParty', who: ' ' } })],
  [is.needsResponsibility, () => ({ c: { responsibility: null } })],
  [is.promisePast, ({ now }) => ({ e: { promise: now } })],
  [is.unproved, () => ({ e: { media: [] } })],
  [is.donePhoto, () => ({ e: { text: null, media: [photo(600)] } })],
  [is.nothingHeld, () => ({ c: { held: null } })],
  [is.heldByOther, ({ c }) => ({ c: { held: c.held && { ...c.held, by: wang } } })],
  [is.undoTooLate, ({ c, now }) => ({ c: { held: c.held && { ...c.held, until: now } } })],
  [is.lowStars, () => ({ e: { stars: 1 } })],
  [is.alreadyRated, ({ now }) => ({ c: { rating: { stars: 4, at: now } } })],
  [is.notAsking, () => ({ e: { question: 9 } })],
  [is.windowOver, ({ c, now }) => ({ c: { marks: { ...c.marks, closed: now - days(91) } } })],
  [is.noCallback, () => ({ c: { callback: null } })],
  [is.mayNotVisit, () => ({ e: { by: wang } })],
  [is.mayNotCall, () => ({ e: { by: wang } })],
  [is.noPhone, ({ c }) => ({ c: { about: { ...c.about, phone: null } } })],
  [is.onHold, ({ now }) => ({ c: { onHold: now } })],
  [is.dangerLasts, ({ c, now }) => ({ c: ringing(c, now) })],
  [is.noDangerHere, () => ({ c: { danger: null, alarm: null } })],
  [is.lowersWithoutReason, () => ({ e: { to: 'S4', reason: ' ' } })],
  [is.lowersInDanger, ({ c, now }) => ({ c: ringing(c, now), e: { to: 'S3', reason: '没事' } })],
  [is.sameSeverity, () => ({ e: { to: 'S3' } })],
  [is.needsNoSign, () => ({ c: { severity: 'S3' } })],
  [is.extensionPast, ({ now }) => ({ e: { until: now } })],
  [is.extensionTooLong, ({ now }) => ({ e: { until: now + days(60) } })],
  [is.extendedBefore, () => ({ c: { extensions: 1 } })],
  [is.extendedTwice, () => ({ c: { extensions: 2 } })],
  [is.targetIsSubject, () => ({ c: { subjects: [wang] } })],
  [is.unknownTarget, () => ({ e: { to: 'qian' } })],
  [is.targetIsOwner, ({ c }) => ({ e: { to: c.owner } })],
  [is.firstFailureOnly, () => ({ c: { failures: 1 } })],
  [is.mayNotAssign, () => ({ e: { by: wang } })],
  [is.transferredAlready, ({ now }) => ({ c: { transferred: { who: '供电公司', at: now } } })],
  [is.notTransferred, () => ({ c: { transferred: null } })],
  [is.receiverUnnamed, () => ({ e: { who: ' ' } })],
  [is.neitherOwnerNorLead, () => ({ e: { by: wang } })],
  [is.pausedByWord, ({ now }) => ({ c: standing(now) })],
  [is.notPaused, () => ({ c: { pauses: [] } })],
  [is.nothingToPause, () => ({ c: { severity: 'S1' } })],
  [is.reviewPast, ({ now }) => ({ e: { until: now } })],
  [is.reviewTooLate, ({ now }) => ({ e: { until: now + days(8) } })],
  [is.noPauseWanted, () => ({ c: { pauseWanted: null } })],
  [
    is.asksForIt,
    ({ c }) => ({ c: { owner: li, pauseWanted: c.pauseWanted && { ...c.pauseWanted, by: li } } }),
  ],
  [is.noFootage, () => ({ c: { footage: null } })],
  [is.notToldOfFootage, () => ({ e: { by: 'chen' } })],
  [is.raisesToS1, () => ({ e: { to: 'S1' } })],
  [is.hasThatPolicy, ({ c }) => ({ e: { version: c.version } })],
  [is.noEffect, () => ({ c: { effect: null } })],
  [is.notLooking, () => ({ e: { by: wang } })],
  [is.mayNotJudge, () => ({ e: { by: wang } })],
  [is.badInWindow, () => ({ e: { good: false } })],
  [is.noClaim, () => ({ c: { claim: null } })],
  [is.mayNotSettle, () => ({ e: { by: wang } })],
  [is.nothingTheirs, () => ({ e: { staff: wang } })],
  [
    is.waitsForReturn,
    ({ c, now }) => ({
      c: {
        severity: 'S3',
        deadlines: [],
        promises: c.promises.map((p) => ({ ...p, at: now + days(90) })),
      },
    }),
  ],
  [is.askedElse, () => ({ e: { staff: wang } })],
])

/** Reported for the third time, after this person had handled it. */
const thirdAfter = (by: StaffId): NonNullable<Complaint['repeat']> => ({
  reports: 3,
  afterSolved: false,
  cases: [{ id: 3 as ComplaintId, number: 'TS-20261101-0003' }],
  handlers: [by],
})

const follower = {
  complaint: 5 as ComplaintId,
  person: 12 as PersonId,
  conversation: 22 as ConversationId,
}
const unheard = (now: Instant) => ({ name: '李四', staff: null, heard: false, attempts: [now - minutes(5)] })

const names = new Map<unknown, string>(Object.entries(is).map(([name, guard]) => [guard, name]))

/** How the rule is called: its guard's name, or `else` for the rule that takes what no other takes. */
export const nameOf = (guard: unknown): string =>
  guard === undefined ? 'else' : (names.get(guard) ?? 'a guard that is not in guards.ts')

/** A meeting at which exactly this rule of the list should fire. Throws for a guard nobody described. */
export function meetingFor(status: Status, type: ComplaintEventType, guard: unknown): Meeting {
  const play = base(status, type, guard)
  const start = play.state
  const c = { ...start, ...ready[type]?.(start, play.now) }
  const m = { c, e: good[type](c, play.now), now: play.now }
  if (guard === undefined) return m
  const change = holds.get(guard)
  if (!change) throw new Error(`no recipe makes ${nameOf(guard)} hold`)
  const { c: changed, e } = change(m)
  return { c: { ...c, ...changed }, e: { ...m.e, ...e }, now: m.now }
}

/** A case that really got into this state, half a minute after a press that can still be undone where that matters. */
function base(status: Status, type: ComplaintEventType, guard: unknown): Play {
  const held = type === 'undo' || guard === is.donePhoto
  if (!held || (status !== 'resolving' && status !== 'confirming')) {
    const play = reach(status)
    return new Play({ state: play.state, now: play.now + minutes(1) })
  }
  const play = reach('resolving')
  if (status === 'confirming') play.does('zhang', { type: 'done', text: '换好了', media: [photo(403)] })
  else play.does('zhang', { type: 'plan', text: '换整灯', promise: play.now + hours(3), gap: null })
  return new Play({ state: play.state, now: play.now + seconds(30) })
}
