import { localDay } from '../calendar.ts'
import { findEstate, findStaff } from '../estate.ts'
import type { ComplaintId } from '../ids.ts'
import { isService } from '../sla.ts'
import type { ComplaintLoaded, Context } from '../turn.ts'
import { raiseAlarm } from './alarm.ts'
import { assignNext } from './assigning.ts'
import { firstPromise, startClocks } from './clocks.ts'
import type { EventOf, Registration } from './events.ts'
import { wantFootage } from './footage.ts'
import { groundsRead, noGrounds } from './grounds.ts'
import { leadOf, repeatOf, takeUpRepeat } from './repeats.ts'
import type { Complaint } from './state.ts'
import { personComes } from './visiting.ts'
import { postOf } from './who.ts'
import { program, resident, Work } from './work.ts'

/** A complaint comes to be: it has a number, an owner who is asked, clocks that run, and the resident is told. */
export function register(e: EventOf<'register'>, loaded: ComplaintLoaded, context: Context): Work {
  const r = e.registration
  const w = new Work(newComplaint(r, loaded, context), loaded, context)
  w.record('registered', r.channel === 'api' ? program : resident, {
    words: r.words,
    media: r.media,
    data: {
      code: r.code,
      severity: w.c.severity,
      kind: w.c.kind,
      incomplete: r.incomplete,
      channel: r.channel,
    },
  })
  if (r.sameAs === null) begin(w, r.wantsLevel)
  else merge(w, r.sameAs)
  return w
}

function begin(w: Work, wantsLevel: Registration['wantsLevel']): void {
  takeUpRepeat(w)
  startClocks(w, w.c.marks.received)
  assignNext(w)
  if (w.c.severity === 'S1' && !w.c.danger?.suspected && w.c.alarm === null) raiseAlarm(w)
  wantFootage(w)
  w.tellResident({
    type: 'registered',
    kind: w.c.kind,
    code: w.c.code,
    severity: w.c.severity,
    post: postOf(w),
    promise: firstPromise(w),
    checkCode: w.c.checkCode,
    incomplete: w.c.incomplete,
    wantsPerson: w.c.wantsPerson,
    danger: w.c.danger?.type ?? null,
    joined: null,
    repeat: leadOf(w),
  })
  if (w.c.wantsPerson) personComes(w, wantsLevel)
}

/**
 * The same public trouble as an open case: kept as its own row, handled with the other (domain.md 5.2 line 64). The other
 * tells this resident, since it knows how many households there are and what time was promised.
 */
function merge(w: Work, main: ComplaintId): void {
  w.c.status = 'merged'
  w.c.main = main
  w.c.marks.closed = w.now
  w.record('merged', program, { data: { main } })
  w.effects.push({
    do: 'tell',
    whom: { to: 'complaint', id: main },
    event: {
      type: 'join',
      complaint: w.c.id,
      number: w.c.number,
      person: w.c.person,
      conversation: w.c.conversation,
      checkCode: w.c.checkCode,
    },
  })
}

/** The case it was to join was over before: this report stands by itself. */
export function separate(w: Work): void {
  w.c.status = 'registered'
  w.c.main = null
  w.c.marks.closed = null
  w.record('separated', program)
  begin(w, 0)
}

function newComplaint(r: Registration, loaded: ComplaintLoaded, context: Context): Complaint {
  const timezone =
    findEstate(context.company, r.estate)?.calendar.timezone ??
    context.company.estates[0]?.calendar.timezone ??
    'Asia/Shanghai'
  // S1 comes from danger to people now (domain.md 2.1); what is only suspected is asked first.
  const inDanger = r.danger !== null && !r.suspected
  return {
    id: loaded.id,
    // Counts per company and local day; more than 9999 a day simply grow a digit (design.md, People).
    number: `TS-${localDay(timezone, context.now)}-${String(loaded.counter).padStart(4, '0')}`,
    checkCode: r.anonymous && !r.danger ? loaded.checkCode : null,
    estate: r.estate,
    version: context.company.version,
    channel: r.channel,
    person: r.person,
    conversation: r.conversation,
    status: 'registered',
    kind: isService(r.kind) && r.danger ? 'complaint' : r.kind,
    code: r.code,
    severity: inDanger ? 'S1' : r.severity,
    about: {
      name: r.anonymous ? null : r.name,
      phone: r.phone,
      household: r.anonymous ? null : r.household,
      place: r.place,
      summary: r.summary,
      words: r.words,
      happened: r.happened,
      demand: r.demand,
      findings: [],
      plan: null,
      gap: null,
      result: null,
      grounds: groundsRead(r.grounds ?? noGrounds, (words) => words),
    },
    anonymous: r.anonymous,
    forgotten: false,
    forgetWanted: null,
    untold: null,
    onHold: null,
    incomplete: r.incomplete,
    wantsPerson: r.wantsPerson,
    anger: r.anger,
    media: [...r.media],
    danger: r.danger ? { ...r.danger, suspected: r.suspected } : null,
    owner: null,
    asked: [],
    handlers: [],
    subjects: [...r.subjects],
    unowned: false,
    retryAt: null,
    parties: r.subjects.map((id) => ({
      name: findStaff(context.company, id)?.name ?? id,
      staff: id,
      heard: false,
      attempts: [],
    })),
    proof: r.media.length,
    footage: null,
    verified: null,
    responsibility: null,
    marks: {
      received: r.receivedAt,
      registered: context.now,
      assigned: null,
      accepted: null,
      contacted: null,
      arrived: null,
      planned: null,
      progressed: null,
      done: null,
      answered: null,
      closed: null,
    },
    promises: [],
    deadlines: [],
    extensions: 0,
    pauses: [],
    pauseWanted: null,
    transferred: null,
    alarm: null,
    alert: null,
    escalated: [],
    held: null,
    question: null,
    questions: 0,
    unanswered: null,
    survey: null,
    rating: null,
    ratingUntil: null,
    visits: [],
    callback: null,
    signed: null,
    failures: 0,
    reopened: 0,
    repeat: repeatOf(r, loaded.earlier),
    effect: null,
    raisedAfterSolved: false,
    closure: null,
    followers: [],
    claim: null,
    main: null,
    cards: [],
  }
}
