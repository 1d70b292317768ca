import { groundsRead } from './grounds.ts'
import { atLevel, onPost } from '../duty.ts'
import { mostHeldWords } from '../held-words.ts'
import type { EstateId, StaffId } from '../ids.ts'
import { masked } from '../phrases/cards.ts'
import { withoutNumbers } from '../phrases/masked.ts'
import { isMoreSevere } from '../severity.ts'
import { ring } from './alarm.ts'
import { replaceOwner } from './assigning.ts'
import { promiseReport, raiseTo } from './clocks.ts'
import { dropClaim, forgetWithEnd, forgetWords, stopClocks } from './closing.ts'
import type { EventOf } from './events.ts'
import { isOpen } from './state.ts'
import { wantFootage } from './footage.ts'
import { heardFromResident } from './pausing.ts'
import { followPolicy } from './points.ts'
import { ahead } from './promising.ts'
import { personComes, visitIfGraveNow } from './visiting.ts'
import { departmentFor, search, tellHolder } from './who.ts'
import { program, resident, staffBy, type Work } from './work.ts'

/** What residents do to their own case at any time. */

export function supplement(w: Work, e: EventOf<'supplement'>): void {
  addWords(w, e.text)
  w.c.media = [...w.c.media, ...e.media]
  w.record('supplemented', resident, { words: e.text, media: e.media })
  tellHolder(w, { type: 'supplemented', text: e.text, media: e.media })
  w.tellResident({ type: 'supplemented' })
  heardFromResident(w)
}

/** Words that fit no question are an addition to the case: nobody's words are lost. */
export function supplementInstead(
  w: Work,
  { text, media }: Pick<EventOf<'supplement'>, 'text' | 'media'>,
): void {
  supplement(w, { type: 'supplement', text, media })
}

function addWords(w: Work, text: string | null): void {
  if (!text) return
  const words = `${w.c.about.words}\n${text}`.trim()
  if (words.length <= mostHeldWords) w.c.about = { ...w.c.about, words }
}

/** Learned after registration; an alarm that is still ringing rings at once with what is new. */
export function amend(w: Work, e: EventOf<'amend'>): void {
  const about = w.c.about
  w.c.about = {
    ...about,
    place: e.place ?? about.place,
    phone: e.phone ?? about.phone,
    name: e.name ?? about.name,
    household: e.household ?? about.household,
  }
  addWords(w, e.text)
  w.record('amended', resident, {
    words: e.text,
    data: { place: e.place !== null, phone: e.phone !== null, household: e.household !== null },
  })
  if (e.text !== null || e.place !== null) heardFromResident(w)
  const rings = w.c.alarm !== null
  if (e.estate !== null && w.c.estate === null) learnEstate(w, e.estate)
  // One that began with the new owner has rung already.
  if (rings) ring(w)
  else if (e.place || e.phone || e.text) tellHolder(w, { type: 'supplemented', text: e.text, media: [] })
}

/** Nothing waits for it any more; the words are kept. */
export function amendEnded(w: Work, e: EventOf<'amend'>): void {
  w.record('amended', resident, { words: e.text })
}

/**
 * Now it belongs to one estate: its people have it, its policy and calendar apply, and nobody of another sees it
 * (design.md, Estates).
 */
function learnEstate(w: Work, estate: EstateId): void {
  w.c.estate = estate
  w.c.version = w.company.version
  followPolicy(w)
  for (const { staff } of w.c.cards) if (!w.isColleague(staff)) w.takeCard(staff)
  if (w.c.alarm) w.c.alarm = { ...w.c.alarm, circle: w.c.alarm.circle.filter((id) => w.isColleague(id)) }
  if (w.c.alert) w.c.alert = { ...w.c.alert, to: w.c.alert.to.filter((id) => w.isColleague(id)) }
  w.c.escalated = w.c.escalated.filter((id) => w.isColleague(id))
  const elsewhere = w.c.owner === null || !w.estate?.staff.some((s) => s.id === w.c.owner)
  if (elsewhere && (w.c.marks.accepted === null || !w.isColleague(w.c.owner))) {
    w.c.asked = []
    replaceOwner(w)
  }
  if (w.c.footage?.kept === null) {
    w.c.footage = null
    wantFootage(w)
  }
}

export function urged(w: Work): void {
  const told = ahead(w)
  w.record('urgedByResident', resident)
  tellHolder(w, { type: 'residentUrged' })
  w.tellResident({
    type: 'urged',
    name: w.c.marks.accepted === null ? null : w.nameOf(w.c.owner),
    promise: told?.at ?? null,
    ...(told && { what: told.what }),
  })
}

export function answer(w: Work, e: EventOf<'answer'>): void {
  addWords(w, e.text)
  w.c.media = [...w.c.media, ...e.media]
  // An answer to an older question leaves the newer one open.
  const wanted = w.c.question?.id === e.question
  if (wanted) w.c.question = null
  w.record('answered', resident, { words: e.text, media: e.media, data: { question: e.question } })
  tellHolder(w, { type: 'answered', text: e.text, media: e.media })
  w.tellResident({ type: 'answered' })
  if (wanted) heardFromResident(w)
}

export function withdraw(w: Work, e: EventOf<'withdraw'>): void {
  w.record('withdrawn', resident, { words: e.text })
  w.c.marks = { ...w.c.marks, closed: w.now }
  stopClocks(w)
  w.tellOwner({ type: 'withdrawn' })
  w.tellResident({ type: 'withdrawn' })
  forgetWithEnd(w)
}

/**
 * Asks for a person, or needs one: whoever has it speaks to them; in fury a supervisor does, after a threat a manager.
 */
export function wantPerson(w: Work, e: EventOf<'wantsPerson'>): void {
  const doubt = e.doubt ? ({ doubt: true } as const) : {}
  if (!e.doubt) w.c.wantsPerson = true
  addWords(w, e.text)
  w.record('wantsPerson', e.doubt ? program : resident, {
    words: e.text,
    data: e.doubt ? { level: e.level, doubt: true } : { level: e.level },
  })
  tellHolder(w, { type: 'wantsPerson', text: e.text, level: e.level, ...doubt })
  personComes(w, e.level)
  const caller = w.c.callback?.by ?? null
  if (caller !== null && caller !== w.c.owner)
    w.tellStaff(caller, { type: 'wantsPerson', text: e.text, level: e.level, ...doubt })
}

/**
 * PIPL 47: of a case that is over everything goes; of an open one who they are goes at once, and the words with the end
 * of the case, since without them it could not be finished (domain.md 5.2 line 87).
 */
export function forgetOpen(w: Work, e?: EventOf<'forget'>): void {
  w.c.forgotten = true
  w.c.anonymous = true
  forgetWho(w)
  w.record('forgotten', whoAsks(e))
  w.tellResident({ type: 'forgotten', open: true })
}

/**
 * PIPL 47, where law or dispute keeps it: nothing goes, and nobody who works on it is shown who they are. It is deleted
 * once the hold ends.
 */
export function forgetLater(w: Work, e: EventOf<'forget'>): void {
  if (w.c.forgetWanted === null) w.record('forgetWanted', whoAsks(e))
  w.c.forgetWanted ??= w.now
  w.c.anonymous = true
  w.tellResident({ type: 'forgetLater', open: isOpen(w.c.status) })
}

/** Nothing keeps it any more: as if they had asked only now, but of what they have told since nothing goes. */
export function forgetAfterHold(w: Work): void {
  const before = w.c.forgetWanted
  if (before === null) return
  w.c.forgetWanted = null
  w.effects.push({ do: 'forgetTold', before })
  if (isOpen(w.c.status)) forgetOpen(w)
  else forgetClosed(w)
}

const whoAsks = (e?: EventOf<'forget'>) => (e?.written ? program : resident)

/** Name, numbers and home, also where they stand in what was written; what is wrong, and in which building, stays. */
function forgetWho(w: Work): void {
  const { about } = w.c
  const spoken = about.name !== null && about.name.length > 1 ? about.name : null
  const bare = (words: string): string =>
    withoutNumbers(spoken === null ? words : words.replaceAll(spoken, masked.unnamed))
  const bareAny = (words: string | null): string | null => (words === null ? null : bare(words))
  const { pauseWanted } = w.c
  if (pauseWanted) w.c.pauseWanted = { ...pauseWanted, words: bare(pauseWanted.words) }
  w.c.about = {
    name: null,
    phone: null,
    household: null,
    place: { ...about.place, room: null, area: bareAny(about.place.area) },
    summary: bare(about.summary),
    words: bare(about.words),
    happened: bareAny(about.happened),
    demand: bareAny(about.demand),
    findings: about.findings.map(bare),
    plan: bareAny(about.plan),
    gap: bareAny(about.gap),
    result: bareAny(about.result),
    grounds: { ...groundsRead(about.grounds, bare), people: [] },
  }
}

export function forgetClosed(w: Work, e?: EventOf<'forget'>): void {
  w.c.forgotten = true
  w.record('forgotten', whoAsks(e))
  forgetWords(w)
  w.tellResident({ type: 'forgotten', open: false })
}

/** They left the channel: a person must telephone. */
export function unreachable(w: Work): void {
  w.record('unreachable', program)
  tellHolder(w, { type: 'unreachable', phone: w.c.about.phone })
}

/** One more household with the same trouble at the same public place; ten make it a group case (domain.md 2.1). */
export function join(w: Work, e: EventOf<'join'>): void {
  const { complaint, person, conversation } = e
  w.c.followers = [...w.c.followers, { complaint, person, conversation }]
  const households = w.c.followers.length + 1
  w.record('joined', program, { data: { complaint, households } })
  if (households >= 10 && isMoreSevere('S2', w.c.severity)) {
    w.record('raised', program, { data: { from: w.c.severity, to: 'S2', households } })
    raiseTo(w, 'S2')
    visitIfGraveNow(w)
  }
  w.tellOwner({ type: 'joined', households })
  w.tellConversation(conversation, {
    complaint,
    number: e.number,
    type: 'registered',
    kind: w.c.kind,
    code: w.c.code,
    severity: w.c.severity,
    post: departmentFor(w.c),
    promise: ahead(w)?.at ?? promiseReport(w),
    checkCode: e.checkCode,
    incomplete: false,
    wantsPerson: false,
    danger: null,
    joined: households,
  })
}

/** Too late: what was to be joined is over, so that the report must stand by itself. */
export function turnAway(w: Work, e: EventOf<'join'>): void {
  w.effects.push({ do: 'tell', whom: { to: 'complaint', id: e.complaint }, event: { type: 'separate' } })
}

/** Whoever began it takes it back while other households wait for it: it goes on for the next of them. */
export function passOn(w: Work, e: EventOf<'withdraw'>): void {
  const [next, ...rest] = w.c.followers
  if (!next) return
  w.record('withdrawn', resident, { words: e.text, data: { passedTo: next.complaint } })
  w.tellResident({ type: 'withdrawn' })
  w.c.person = next.person
  w.c.conversation = next.conversation
  w.c.followers = rest
  w.c.about = { ...w.c.about, name: null, phone: null, household: null }
  w.c.question = null
  // The next one was asked nothing that could be waited for.
  heardFromResident(w)
  dropClaim(w)
}

/** Says a new identity is this resident's: staff compare and confirm. */
export function claim(w: Work, e: EventOf<'claim'>): void {
  if (w.c.claim !== null && w.c.claim !== e.conversation) dropClaim(w)
  w.c.claim = e.conversation
  w.record('claimed', program)
  for (const id of comparers(w)) {
    w.watch(id)
    w.tellStaff(id, { type: 'claim' })
  }
}

/** Whoever may tell one resident from another: the owner, the supervisors, and 客服 at its post. */
function comparers(w: Work): ReadonlySet<StaffId> {
  const desk = onPost({ ...search(w), department: '客服' })
  const ids = [...atLevel(search(w), 1), ...desk].map((s) => s.id)
  return new Set(w.c.owner === null ? ids : [w.c.owner, ...ids])
}

/** Nobody compares any more once the case is over. */
export function claimTooLate(w: Work, e: EventOf<'claim'>): void {
  w.tellConversation(e.conversation, w.notice({ type: 'claimSettled', person: null }))
}

/** A staff member compared and confirmed: the case speaks to the new identity from now on (design.md, People). */
export function settleClaim(w: Work, e: EventOf<'settleClaim'>): void {
  const conversation = w.c.claim
  if (conversation === null) return
  w.c.claim = null
  w.record('claimSettled', staffBy(e.by), { data: { right: e.right } })
  if (e.right) w.c.conversation = conversation
  w.tellConversation(conversation, w.notice({ type: 'claimSettled', person: e.right ? w.c.person : null }))
}

/** A merged report's resident adds something: the main case is what is worked on. */
export function supplementMain(w: Work, e: EventOf<'supplement'>): void {
  w.c.media = [...w.c.media, ...e.media]
  w.record('supplemented', resident, { words: e.text, media: e.media })
  tellMain(w, { urges: false, text: e.text, media: e.media })
  w.tellResident({ type: 'supplemented' })
}

export function urgeMain(w: Work): void {
  w.record('urgedByResident', resident)
  tellMain(w, { urges: true, text: null, media: [] })
  w.tellResident({ type: 'urged', name: null, promise: null })
}

function tellMain(w: Work, said: Pick<EventOf<'followerSays'>, 'urges' | 'text' | 'media'>): void {
  if (w.c.main === null) return
  w.effects.push({
    do: 'tell',
    whom: { to: 'complaint', id: w.c.main },
    event: { type: 'followerSays', complaint: w.c.id, ...said },
  })
}

/** In the main case: whoever handles it hears it; the resident who began it has said nothing. */
export function followerSays(w: Work, e: EventOf<'followerSays'>): void {
  w.c.media = [...w.c.media, ...e.media]
  w.record(e.urges ? 'urgedByFollower' : 'supplementedByFollower', resident, {
    words: e.text,
    media: e.media,
    data: { complaint: e.complaint },
  })
  if (e.urges) tellHolder(w, { type: 'residentUrged' })
  else tellHolder(w, { type: 'supplemented', text: e.text, media: e.media })
}
