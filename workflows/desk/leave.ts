import { isTheirs, staysWith } from '../complaint/hanging.ts'
import { overlaps, type DutyChange, type Span } from '../duty-changes.ts'
import { atLevel } from '../duty.ts'
import { findStaff, levelOf, type Company, type Level, type Staff } from '../estate.ts'
import { hours, type Instant, type StaffId } from '../ids.ts'
import { duty as words } from '../phrases/duty.ts'
import { timeWords } from '../phrases/times.ts'
import { gapLeft, homeOf, wholeShifts } from '../roster.ts'
import {
  companyNow,
  meAt,
  nameIn,
  ownChanges,
  put,
  showRequest,
  spanAt,
  tellDesk,
  zoneAt,
} from './changes.ts'
import type { Desk } from './desk.ts'
import type { DutyAct, DutyNews } from './duty-events.ts'
import { readRange } from './ranges.ts'
import { taskLines } from './task-lines.ts'

/** An unanswered request goes to the next level, too, after so long. */
const answerWithin = hours(1)
/** Cases told in one turn; the next turn goes on. */
export const atOnce = 25

/** 请假 明天: asked of the level above; who has nobody above takes it. */
export function askLeave(d: Desk, text: string): void {
  const me = meAt(d)
  const range = readRange(text, d.now, zoneAt(d))
  if (me === null) return
  if (range === null || range.until <= d.now) {
    ask(d, 'leave')
    d.say(text === '' ? words.whenLeave : words.timeUnread, { weight: 'question' })
    return
  }
  const span = range.byDay ? wholeShifts(d.context.company, me.id, range, d.now) : range
  const clash = clashing(d, span)
  if (clash) return d.say(words.leaveAlready(spanAt(d, clash)))
  const approvers = above(companyNow(d), me, d.now, levelOf(me.role))
  const change = put(d, { ...aChange(d, span), askedOf: approvers.map((s) => s.id) })
  if (approvers.length === 0) return grant(d, change, null)
  showRequest(d, change, change.askedOf, range.rest || null)
  d.say(words.leaveAsked(spanAt(d, span), approvers.map((s) => s.name).join('、')))
}

/** What the next line answers. */
export function ask(d: Desk, what: 'leave' | 'handTo' | null): void {
  d.change({ duty: { ...d.state.duty, asking: what === null ? null : { what, since: d.now } } })
}

const clashing = (d: Desk, span: Span): DutyChange | undefined =>
  ownChanges(d).find((c) => c.kind === 'leave' && overlaps(c, span))

const aChange = (d: Desk, { from, until }: Span): DutyChange => ({
  id: d.loaded.nextChange,
  kind: 'leave',
  staff: d.loaded.staff,
  with: null,
  from,
  until,
  back: null,
  state: 'asked',
  by: d.loaded.staff,
  askedOf: [],
  askedAt: d.now,
  raised: false,
  decidedBy: null,
})

/** The nearest level above this one that has somebody for their departments: never lower than themselves. */
function above(company: Company, staff: Staff, at: Instant, level: number): readonly Staff[] {
  if (level >= 3) return []
  const search = {
    company,
    estate: homeOf(company, staff.id),
    building: null,
    at,
    exclude: [staff.id],
    load: new Map(),
  }
  const found = staff.departments.flatMap((department) =>
    atLevel({ ...search, department }, (level + 1) as Level),
  )
  return [...new Set(found)].filter((s) => levelOf(s.role) > level)
}

/** Whether one may arrange the other's duty: of the same estate, above them, and below a manager of the same department. */
export function leads(company: Company, by: StaffId, staff: Staff): boolean {
  const leader = findStaff(company, by)
  if (!leader?.active || levelOf(leader.role) <= levelOf(staff.role)) return false
  const home = homeOf(company, staff.id)
  if (homeOf(company, by) !== null && homeOf(company, by) !== home) return false
  return levelOf(leader.role) >= 2 || leader.departments.some((x) => staff.departments.includes(x))
}

/** Ordered by somebody above, or through the API: nobody is asked. */
export function orderLeave(d: Desk, act: Extract<DutyAct, { do: 'leave' }>): void {
  const me = meAt(d)
  if (me === null || act.until <= d.now || act.until <= act.from) return
  const clash = clashing(d, act)
  if (clash) {
    if (act.by !== null) tellDesk(d, act.by, { do: 'hear', news: { ...newsOf(clash), gap: null } })
    return
  }
  grant(d, put(d, { ...aChange(d, act), by: act.by }), act.by)
}

/** It holds from now on. */
export function grant(d: Desk, asked: DutyChange, by: StaffId | null): void {
  const change = put(d, { ...asked, state: 'agreed', decidedBy: by })
  const me = meAt(d)
  const own = by === null && change.by === d.loaded.staff
  d.say(
    own ? words.leaveItself(spanAt(d, change)) : words.leaveGranted(spanAt(d, change), by && nameIn(d, by)),
  )
  showRequest(d, change, change.askedOf, null)
  const gap = me && gapLeft(companyNow(d), me, change)
  const leaders = me ? above(companyNow(d), me, d.now, levelOf(me.role)).map((s) => s.id) : []
  const hears = by !== null || change.askedOf.length > 0 ? [by, ...change.askedOf] : leaders
  inform(d, hears, { ...newsOf(change), gap })
  beginDue(d)
}

export const newsOf = (change: DutyChange): Omit<Extract<DutyNews, { type: 'leave' }>, 'gap'> => ({
  type: 'leave',
  staff: change.staff,
  span: { from: change.from, until: change.until },
  state: change.state,
  by: change.decidedBy,
})

export function inform(d: Desk, whom: readonly (StaffId | null)[], news: DutyNews): void {
  for (const id of new Set(whom))
    if (id !== null && id !== d.loaded.staff) tellDesk(d, id, { do: 'hear', news })
}

/** Leave that has begun: what cannot wait goes on now, the rest is told. */
export function beginDue(d: Desk): void {
  const due = ownChanges(d).find((c) => c.kind === 'leave' && c.state === 'agreed' && c.from <= d.now)
  if (!due) return
  if (due.until <= d.now) {
    put(d, { ...due, state: 'over' })
    return
  }
  const change = put(d, { ...due, state: 'begun' })
  const theirs = d.loaded.hanging.filter((c) => isTheirs(c, d.loaded.staff))
  const going = movable(d, change).filter((c) => theirs.includes(c)).length
  d.say(words.leaveBegins(timeWords(change.until, d.now, zoneAt(d)), going, theirs.length - going))
  moveOn(d)
}

const movable = (d: Desk, leave: Span) => d.loaded.hanging.filter((c) => !staysWith(c, d.loaded.staff, leave))

/** So many cases of whoever is away as one turn can tell. Answers whether more are left. */
export function moveOn(d: Desk): boolean {
  const leave = ownChanges(d).find((c) => c.kind === 'leave' && c.state === 'begun')
  const going = leave && d.now < leave.until ? movable(d, leave) : []
  for (const c of going.slice(0, atOnce))
    d.tell(c.id, {
      type: 'away',
      staff: d.loaded.staff,
      from: leave?.from ?? d.now,
      until: leave?.until ?? d.now,
    })
  const more = going.length > atOnce
  d.change({ duty: { ...d.state.duty, leaving: more } })
  return more
}

/** Back: nothing moves back by itself; they hear what is theirs. */
export function endDue(d: Desk): void {
  for (const c of ownChanges(d)) {
    if (c.kind !== 'leave' || c.state !== 'begun' || c.until > d.now) continue
    put(d, { ...c, state: 'over' })
    d.say(words.leaveOver(taskLines(d)))
  }
}

/** Nobody has answered: the next level is asked, too; once the time is over there is nothing left to answer. */
export function chaseRequests(d: Desk): void {
  const me = meAt(d)
  for (const c of ownChanges(d)) {
    if (c.kind !== 'leave' || c.state !== 'asked') continue
    if (c.until <= d.now) {
      const change = put(d, { ...c, state: 'lapsed' })
      showRequest(d, change, change.askedOf, null)
      d.say(words.leaveLapsed(spanAt(d, c)), { weight: 'promise' })
    } else if (!c.raised && me !== null && c.askedAt + answerWithin <= d.now) {
      const highest = Math.max(
        ...c.askedOf.map((id) => levelOf(findStaff(d.context.company, id)?.role ?? 'staff')),
      )
      const more = above(companyNow(d), me, d.now, highest).filter((s) => !c.askedOf.includes(s.id))
      const change = put(d, { ...c, raised: true, askedOf: [...c.askedOf, ...more.map((s) => s.id)] })
      if (more.length === 0) continue
      showRequest(
        d,
        change,
        more.map((s) => s.id),
        null,
      )
      d.say(words.leaveStill(more.map((s) => s.name).join('、')))
    }
  }
}

/** When a request or a leave of theirs wants to be looked at. */
export function leaveDue(change: DutyChange): Instant {
  switch (change.state) {
    case 'asked':
      return change.raised ? change.until : Math.min(change.until, change.askedAt + answerWithin)
    case 'agreed':
      return change.from
    default:
      return change.until
  }
}

/** 销假: the leave they are on ends now; one that lies ahead, or is only asked for, is taken back. */
export function endLeave(d: Desk, act: Pick<Extract<DutyAct, { do: 'endLeave' }>, 'change' | 'by'>): void {
  const own = ownChanges(d).filter((c) => c.kind === 'leave' && (act.change === null || c.id === act.change))
  const change = own.find((c) => c.state === 'begun') ?? own.toSorted((a, b) => a.from - b.from)[0]
  if (!change) {
    if (act.by === d.loaded.staff) d.say(words.noLeave(null))
    else inform(d, [act.by], { type: 'noLeave', staff: d.loaded.staff })
    return
  }
  const span = spanAt(d, change)
  const begun = change.state === 'begun'
  const ended = put(d, {
    ...change,
    state: begun ? 'over' : 'withdrawn',
    until: begun ? Math.max(change.from + 1, Math.min(change.until, d.now)) : change.until,
  })
  showRequest(d, ended, ended.askedOf, null)
  if (change.state === 'asked') d.say(words.requestTaken(span))
  else
    d.say(begun ? [words.leaveEnded(span), words.leaveOver(taskLines(d))].join('\n') : words.leaveEnded(span))
  if (change.state === 'asked') return
  const whom = [act.by, change.decidedBy, ...change.askedOf]
  inform(d, whom, { ...newsOf({ ...change, state: ended.state }), gap: null })
}
