import { atLevel, candidates } from '../duty.ts'
import type { Staff } from '../estate.ts'
import type { StaffId } from '../ids.ts'
import { cure, deadlineOf, endDeadline, levelsAtStart, searchAgain, startDeadline } from '../sla.ts'
import { endAlarm, raiseAlarm } from './alarm.ts'
import { escalate, loseAlerted, raiseAlert } from './alert.ts'
import type { EventOf } from './events.ts'
import { isThird } from './repeats.ts'
import { callResident } from './visiting.ts'
import { brief, search, supervisorFirst } from './who.ts'
import { program, staffBy, type Work } from './work.ts'
import { isUnsettled } from './told.ts'

/**
 * Asks the next person who can be asked. With nobody left everybody is asked anew, but for those no message reaches
 * (`anew` false): they would be asked again at once, for ever. With nobody at all the case stands unowned, is shown on
 * /readyz, and somebody is looked for again every few minutes: it never waits for nobody.
 */
export function assignNext(w: Work, anew = true): void {
  const [fresh] = nextOnes(w, w.c.asked)
  const [anybody] = fresh ? [fresh] : anew ? nextOnes(w, [w.c.owner]) : []
  if (anybody) {
    if (!fresh) w.c.asked = []
    assignTo(w, anybody.id)
    return
  }
  w.demote('owner')
  w.c.status = 'registered'
  w.c.owner = null
  w.c.marks.accepted = null
  endDeadline(w.c, 'accept', 'onSite')
  standUnowned(w)
}

/**
 * Whom to ask, best first. A third report is the manager's, and not of whoever handled it before while there is anybody
 * else (domain.md 5.2 line 61); danger is for whoever is nearest.
 */
function nextOnes(w: Work, exclude: readonly (StaffId | null)[]): readonly Staff[] {
  const usual = candidates(search(w, exclude))
  if (!isThird(w.c) || w.c.danger !== null) return usual
  const others = search(w, [...exclude, ...(w.c.repeat?.handlers ?? [])])
  return [...atLevel(others, 2), ...candidates(others), ...usual]
}

/** The task is this person's to accept; the clock of acceptance starts anew (domain.md 2.2). */
export function assignTo(w: Work, to: StaffId): void {
  w.demote('owner')
  w.c.status = 'assigned'
  own(w, to)
  w.c.asked = [...w.c.asked.filter((id) => id !== to), to]
  w.c.marks.assigned = w.now
  w.c.marks.accepted = null
  startDeadline(w.c, w.policyEstate, 'accept', w.now)
  // Whoever goes there says so first.
  endDeadline(w.c, 'onSite')
  w.giveCard(to, 'owner', true)
  w.record('assigned', program, { data: { to } })
  for (const level of levelsAtStart(w.c, w.policyEstate))
    if (level !== 0) for (const staff of atLevel(search(w), level)) w.watch(staff.id)
  // A new one among the alarmed hears it at once; danger that changes hands rings, since one silent card wakes nobody.
  if (w.c.alarm && !w.c.alarm.circle.includes(to)) w.c.alarm = { ...w.c.alarm, next: w.now }
  if (w.c.alarm === null && w.c.severity === 'S1' && w.c.danger?.suspected === false) raiseAlarm(w)
}

function own(w: Work, id: StaffId): void {
  w.c.owner = id
  w.c.unowned = false
  cure(w.c, null)
  endDeadline(w.c, 'assign')
  if (w.c.callback?.by !== null) w.c.retryAt = null
}

function standUnowned(w: Work): void {
  w.c.retryAt = w.now + searchAgain
  if (w.c.unowned) return
  w.c.unowned = true
  // From T0 where nobody ever had it, else from the moment it lost its owner.
  if (!deadlineOf(w.c, 'assign')) startDeadline(w.c, w.policyEstate, 'assign', w.now)
  w.record('unowned', program)
  const above = atLevel(search(w), 1).map((s) => s.id)
  const cause = { step: null, percent: 100, due: w.now, late: false }
  escalate(w, above, cause)
  raiseAlert(w, cause, 1, above)
}

/** Looks again for whoever is missing: an owner, or somebody to call the resident. */
export function searchNow(w: Work): void {
  w.c.retryAt = null
  if (w.c.owner === null) replaceOwner(w)
  if (w.c.callback?.by === null) callResident(w, w.c.callback.why)
}

/**
 * Whoever had it is gone: the next one is asked. What is done already only needs somebody who answers for it. `anew`
 * false: nobody who could not be reached before.
 */
export function replaceOwner(w: Work, anew = true): void {
  if (w.c.status !== 'confirming' && w.c.status !== 'feedback') {
    assignNext(w, anew)
    return
  }
  const gone = anew ? [w.c.owner] : [...w.c.asked, w.c.owner]
  const heir = supervisorFirst(w, [...gone, w.c.callback?.by ?? null]) ?? supervisorFirst(w, gone)
  w.demote('owner')
  w.c.owner = null
  if (heir === null) {
    standUnowned(w)
    return
  }
  own(w, heir.id)
  w.giveCard(heir.id, 'owner', true)
  brief(w, heir.id)
  w.record('assigned', program, { data: { to: heir.id } })
}

/** 接单, and 我去处理 in danger: the case has an owner who said so, and the resident hears the name. */
export function accept(w: Work, e: EventOf<'accept'> | EventOf<'takeOver'>): void {
  w.record(e.type === 'takeOver' ? 'takenOver' : 'accepted', staffBy(e.by))
  moveTo(w, e.by)
  endDeadline(w.c, 'accept')
  startDeadline(w.c, w.policyEstate, 'progress', w.now)
  goThere(w)
  if (w.c.alarm) {
    endAlarm(w, e.by)
    return
  }
  const contact = w.c.promises.findLast((p) => p.what === 'contact' && isUnsettled(p) && p.at > w.now)
  w.tellResident({ type: 'accepted', name: w.nameOf(e.by) ?? '', contactBy: contact?.at ?? null })
}

/** From acceptance on somebody must be there within the category's limit (domain.md 2.3), unless they were already, or others go. */
function goThere(w: Work): void {
  if (w.c.marks.arrived === null && w.c.transferred === null)
    startDeadline(w.c, w.policyEstate, 'onSite', w.now)
}

/** Taking over what somebody already accepted: the resident hears that another person has it. */
export function takeOver(w: Work, e: EventOf<'takeOver'>): void {
  w.record('takenOver', staffBy(e.by))
  moveTo(w, e.by)
  if (w.c.alarm) {
    goThere(w)
    endAlarm(w, e.by)
  } else w.tellResident({ type: 'movedTo', name: w.nameOf(e.by) ?? '' })
}

/** 我去处理 in a case that has an owner: theirs stays theirs, for anybody else it is taking over (domain.md 2.4). */
export function answerAlarm(w: Work, e: EventOf<'accept'>): void {
  if (e.by !== w.c.owner) {
    takeOver(w, { type: 'takeOver', by: e.by })
    return
  }
  w.record('accepted', staffBy(e.by))
  goThere(w)
  endAlarm(w, e.by)
}

/** This person says so themselves: nobody is asked any more. */
function moveTo(w: Work, to: StaffId): void {
  const before = w.c.owner
  if (before !== to) w.demote('owner')
  own(w, to)
  w.c.marks.accepted = w.now
  if (!w.c.handlers.includes(to)) w.c.handlers = [...w.c.handlers, to]
  w.giveCard(to, 'owner', before !== to)
  brief(w, to)
  if (before !== null && before !== to) w.tellStaff(before, { type: 'movedAway', name: w.nameOf(to) })
}

export function decline(w: Work, e: EventOf<'decline'>): void {
  w.record('declined', staffBy(e.by), { words: e.reason })
  if (w.c.alarm) w.c.alarm = { ...w.c.alarm, circle: w.c.alarm.circle.filter((id) => id !== e.by) }
  assignNext(w)
}

/** Handing over or reassigning: the next person must accept; what was found so far stays. */
export function handOver(w: Work, e: EventOf<'handOver'> | EventOf<'reassign'>): void {
  const before = w.c.owner
  const all = e.type === 'handOver' ? e.all : undefined
  const actor = all === undefined ? staffBy(e.by) : all.by === null ? program : staffBy(all.by)
  w.record(e.type === 'reassign' ? 'reassigned' : 'handedOver', actor, {
    words: e.reason,
    data: { to: e.to },
  })
  w.c.asked = before === null ? [] : [before]
  assignTo(w, e.to)
  if (before !== null && before !== e.by) w.tellStaff(before, { type: 'movedAway', name: w.nameOf(e.to) })
}

/**
 * Somebody cannot be asked any more (left the estate file, no account, platform refused): whatever hangs on them goes to
 * the next person.
 */
export function loseStaff(w: Work, e: EventOf<'staffGone'> | EventOf<'undeliverable'>): void {
  w.record(e.type, program, { data: { staff: e.staff } })
  // Not wiped: nothing reaches them.
  w.c.cards = w.c.cards.filter((card) => card.staff !== e.staff)
  w.c.asked = [...new Set([...w.c.asked, e.staff])]
  standAside(w, e.staff, e.type === 'staffGone')
  loseAlerted(w, e.staff)
}

/** Everything this person was to do in the case falls to others; `anew` as for `replaceOwner`. */
export function standAside(w: Work, staff: StaffId, anew = true): void {
  if (w.c.alarm) w.c.alarm = { ...w.c.alarm, circle: w.c.alarm.circle.filter((id) => id !== staff) }
  if (w.c.callback?.by === staff) callResident(w, w.c.callback.why, anew ? [staff] : w.c.asked)
  if (w.c.owner === staff) replaceOwner(w, anew)
}

/** Not accepted within the limit: the task moves on (domain.md 2.4: before acceptance a missed limit moves the task). */
export function moveOn(w: Work): void {
  const before = w.c.owner
  w.record('notAccepted', program, { data: { staff: before } })
  assignNext(w)
  // Nobody else was found: it still is theirs to take, and they are asked again.
  if (before !== null && w.c.owner !== null && w.c.owner !== before)
    w.tellStaff(before, { type: 'movedAway', name: w.nameOf(w.c.owner) })
}
