import { atLevel, candidates, isAtWork, onCall } from '../duty.ts'
import { minutes, seconds, type Millis, type StaffId } from '../ids.ts'
import { deadlineOf, endDeadline, isService, makePromise, startDeadline } from '../sla.ts'
import { dueAfresh, raiseTo } from './clocks.ts'
import type { EventOf } from './events.ts'
import { telephone } from './telephone.ts'
import { search } from './who.ts'
import { whereWords } from './words.ts'
import { program, resident, staffBy, type Work } from './work.ts'
import { isUnsettled } from './told.ts'

/**
 * The alarm of an S1 (domain.md 2.4): cards to the owner, supervisor and manager at once; words to the owner every
 * minute, to a circle that widens, until somebody presses 我去处理. One silent push at three in the morning wakes nobody.
 */
export function raiseAlarm(w: Work): void {
  w.c.alarm = {
    since: w.now,
    next: w.now + alarmOf(w).every,
    rounds: 0,
    // Where is not known: the company's own people and every estate's duty (design.md, Estates).
    circle: w.estate === null ? onCall(search(w)).map((s) => s.id) : [],
    widened: 0,
    delivered: false,
    toldUntaken: false,
  }
  for (const level of [1, 2] as const)
    for (const staff of atLevel(search(w), level)) w.giveCard(staff.id, 'alarm', true)
  for (const id of w.c.alarm.circle) w.giveCard(id, 'alarm', true)
  w.record('alarmRaised', program, { data: { danger: w.c.danger?.type ?? null } })
  ring(w)
}

/** From then on an alarm says when its words were written: what is over by now is met otherwise than what is not. */
const lateBy = minutes(10)

/** Nobody pressed for so long: the resident is told the duty number once more (domain.md 5.1 rule 11). */
const untakenAfter = seconds(60)

const alarmOf = (w: Work) => w.policyEstate.policy.alarm

/** One round. Carries place and call-back number to one person at a time (domain.md 6.1, exception for the S1 alarm). */
export function ring(w: Work): void {
  if (!w.c.alarm) return
  const rounds = w.c.alarm.rounds + 1
  w.c.alarm = { ...w.c.alarm, ...widened(w), rounds, next: w.now + alarmOf(w).every }
  const { circle, since, toldUntaken } = w.c.alarm
  const { received, registered } = w.c.marks
  for (const id of circle) {
    w.tellStaff(id, {
      type: 'alarm',
      danger: w.c.danger?.type ?? null,
      lift: w.c.danger?.lift ?? false,
      ...(w.c.danger?.lost && { lost: true }),
      round: rounds,
      place: whereWords(w),
      words: w.c.about.summary,
      phone: w.c.about.phone,
      dutyPhone: w.dutyPhone,
      at: w.now,
      suspected: false,
      written: registered - received >= lateBy && since === registered ? received : null,
    })
  }
  w.record('alarmRang', program, { data: { round: rounds, reached: circle.length } })
  telephone(w, 'danger', rounds, circle)
  if (toldUntaken || w.now - since < untakenAfter) return
  w.c.alarm = { ...w.c.alarm, toldUntaken: true }
  w.tellResident({ type: 'alarmUntaken', phone: w.dutyPhone })
}

/** Who is rung now: whoever is asked, those rung before, and who joins as time passes. */
function widened(w: Work): { readonly circle: StaffId[]; readonly widened: number } {
  const { owner, alarm } = w.c
  if (!alarm) return { circle: [], widened: 0 }
  const isHere = (id: StaffId) => isAtWork(w.company, id, w.now)
  // Who is on leave is passed over for whoever is asked next.
  const asked = owner === null || isHere(owner) ? owner : (candidates(search(w))[0]?.id ?? null)
  const circle = [...new Set([...(asked === null ? [] : [asked]), ...alarm.circle.filter(isHere)])]
  const add = (ids: readonly StaffId[]) => {
    for (const id of ids) {
      if (circle.includes(id)) continue
      circle.push(id)
      w.giveCard(id, 'alarm', true)
    }
  }
  // Nobody in it at all (nobody on duty, or all of them gone): everybody who can be asked.
  if (circle.length === 0) add(candidates(search(w)).map((s) => s.id))
  const joiners = joinersOf(w)
  const reached = joiners.filter((joiner) => w.now - alarm.since >= joiner.after).length
  for (const { whom } of joiners.slice(alarm.widened, reached)) {
    const joining = whom === 'next' ? candidates(search(w, circle)).slice(0, 1) : atLevel(search(w), whom)
    add(joining.map((s) => s.id))
  }
  return { circle, widened: Math.max(reached, alarm.widened) }
}

/** Who joins the circle after how long, in their order (the estate file keeps them in it). */
function joinersOf(w: Work): readonly { readonly after: Millis; readonly whom: 'next' | 2 | 3 }[] {
  const { next, manager, company } = alarmOf(w)
  return [
    { after: next, whom: 'next' },
    { after: manager, whom: 2 },
    { after: company, whom: 3 },
  ]
}

/** Somebody said they go: nobody else is called any more, and now 已收到 is true. */
export function endAlarm(w: Work, by: StaffId): void {
  silence(w, by)
  w.tellResident({ type: 'alarmTaken', name: w.nameOf(by) ?? '', phone: w.staff(by)?.phone ?? null })
}

function silence(w: Work, by: StaffId): void {
  for (const id of w.c.alarm?.circle ?? [])
    if (id !== by) w.tellStaff(id, { type: 'alarmTaken', name: w.nameOf(by) ?? '' })
  w.c.alarm = null
}

/** It rings no more, though nobody goes: lowered by this supervisor, or over (null). Everybody rung hears it. */
export function callOff(w: Work, by: StaffId | null): void {
  for (const id of w.c.alarm?.circle ?? [])
    if (id !== by) w.tellStaff(id, { type: 'alarmOver', name: w.nameOf(by) })
  w.c.alarm = null
}

/** Danger turned out to be real, or came up in a case that is open. */
export function becomeEmergency(w: Work, e: EventOf<'danger'>): void {
  const known = w.c.severity === 'S1' && w.c.danger !== null && !w.c.danger.suspected
  w.c.danger = { ...e.danger, suspected: false }
  // A question about danger is a case with a handler, a responsibility and an end the resident confirms.
  if (isService(w.c.kind)) w.c.kind = 'complaint'
  w.record('danger', resident, { words: e.text || null, data: { danger: e.danger.type } })
  if (w.c.severity !== 'S1') {
    w.record('raised', program, { data: { from: w.c.severity, to: 'S1' } })
    raiseTo(w, 'S1')
  }
  promiseContact(w)
  if (w.c.alarm) ring(w)
  else if (known) w.tellOwner({ type: 'supplemented', text: e.text, media: [] })
  else raiseAlarm(w)
}

/** Their first words of danger say by when somebody speaks to them (domain.md 5.2 lines 10 and 57). */
function promiseContact(w: Work): void {
  const by = dueAfresh(w, 'contact')
  const told = w.c.promises.some((p) => p.what === 'contact' && isUnsettled(p) && p.at > w.now && p.at <= by)
  if (told) return
  if (!deadlineOf(w.c, 'contact')) startDeadline(w.c, w.policyEstate, 'contact', w.now)
  makePromise(w.c, 'contact', by, w.now)
}

/** Asked, and nobody is in danger: the case goes on as what it is; severity stays until a supervisor lowers it. */
export function dangerDenied(w: Work, e: EventOf<'noDanger'>): void {
  w.record('noDanger', resident, { words: e.text || null })
  if (w.c.danger?.suspected) w.c.danger = null
}

/** 现场无险: only the person on duty stands an S1 down (domain.md 5.1 rule 15). Severity stays S1 until lowered. */
export function standDown(w: Work, e: EventOf<'standDown'>): void {
  w.c.danger = null
  silence(w, e.by)
  endDeadline(w.c, 'onSite')
  w.record('stoodDown', staffBy(e.by), { words: e.words })
  w.c.about.findings = [...w.c.about.findings, e.words]
  w.tellResident({ type: 'stoodDown', words: e.words })
}

/** The platform took an alarm: only now may the resident hear 已通知 (rule 11). Reached is only who presses. */
export function alarmDelivered(w: Work): void {
  if (!w.c.alarm || w.c.alarm.delivered) return
  w.c.alarm = { ...w.c.alarm, delivered: true }
  w.record('alarmDelivered', program)
  w.tellResident({ type: 'alarmDelivered', phone: w.dutyPhone })
}
