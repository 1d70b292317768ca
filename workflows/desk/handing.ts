import { isWorkedOn } from '../complaint/hanging.ts'
import { refusalOf } from '../complaint/index.ts'
import type { Complaint } from '../complaint/state.ts'
import { departmentFor } from '../complaint/who.ts'
import { atLevel, canOwn, dutyNow, isAtWork } from '../duty.ts'
import { findEstate, findStaff, staffOf, type Staff } from '../estate.ts'
import { hours, minutes, type Instant, type StaffId } from '../ids.ts'
import { duty as words, shiftCard, shiftCardOver } from '../phrases/duty.ts'
import { clockWords } from '../phrases/times.ts'
import { homeOf, isOnRoster, relief, shiftEnd } from '../roster.ts'
import { isGrave } from '../sla.ts'
import { companyNow, meAt, nameIn, tellDesk, zoneAt } from './changes.ts'
import type { Desk } from './desk.ts'
import type { DutyAct } from './duty-events.ts'
import { ask, atOnce, inform } from './leave.ts'
import { taskLine } from './task-lines.ts'

/** What is not handed over so long after a shift is said once more, and S1 and S2 to a supervisor. */
const graceAfter = minutes(15)
/** A shift that ended so long before the program looked is no news any more. */
const stale = hours(12)

/** 交班, to whoever is named, or to the one who has the next shift. */
export function handOver(d: Desk, name: string): void {
  const me = meAt(d)
  if (me === null) return
  if (owned(d).length === 0) return d.say(words.nothingToHand)
  if (name !== '') {
    const to = staffOf(d.context.company, homeOf(d.context.company, me.id)).find((s) => s.name === name)
    if (!to || to.id === me.id || !takes(d, to)) return d.say(words.cannotTake(name))
    return handAll(d, { do: 'handAll', to: to.id, by: me.id, reason: null })
  }
  const next = nextOnes(d, me)
  const [only] = next
  if (only === undefined) return d.say(words.nobodyNext)
  if (next.length === 1) return handAll(d, { do: 'handAll', to: only.id, by: me.id, reason: null })
  ask(d, 'handTo')
  const ended = d.state.duty.ended ?? d.now
  showShift(d, ended, next)
  d.say(words.handTo(next.map((s) => s.name)), { weight: 'question' })
}

/** Of the shift that begins when theirs ends; after it, or without one, whoever is on now. */
function nextOnes(d: Desk, me: Staff): readonly Staff[] {
  const company = companyNow(d)
  const end = isOnRoster(company, me.id, d.now) ? shiftEnd(company, me.id, d.now) : null
  const found = relief(company, me, end ?? d.now)
  return found.length > 0 || end === null ? found : relief(company, me, d.now)
}

const takes = (d: Desk, to: Staff): boolean => canOwn(to) && isAtWork(companyNow(d), to.id, d.now)

const owned = (d: Desk): readonly Complaint[] => d.loaded.hanging.filter((c) => isWorkedOn(c, d.loaded.staff))

/** All they have goes to one person, who must accept each; what may not go there stays, and is named. */
export function handAll(d: Desk, act: Extract<DutyAct, { do: 'handAll' }>): void {
  const to = findStaff(d.context.company, act.to)
  if (to === null) return
  const going = owned(d).filter((c) => mayGo(d, c, act))
  const kept = owned(d).filter((c) => !going.includes(c))
  const own = act.by === d.loaded.staff
  if (own && going.length === 0)
    return d.say(kept.length > 0 ? words.nothingGoes(to.name) : words.nothingToHand)
  if (going.length === 0) return
  d.change({ duty: { ...d.state.duty, handing: { to: act.to, by: act.by, reason: act.reason } } })
  goOn(d)
  d.say(
    words.handed(
      to.name,
      going.length,
      kept.map((c) => c.number),
    ),
  )
  tellDesk(d, act.to, {
    do: 'hear',
    news: { type: 'handedToYou', from: d.loaded.staff, count: going.length },
  })
  if (!own) inform(d, [act.by], { type: 'handedFor', from: d.loaded.staff, to: act.to, count: going.length })
}

const handOverOf = (
  d: Desk,
  { to, by, reason }: Pick<Extract<DutyAct, { do: 'handAll' }>, 'to' | 'by' | 'reason'>,
) => ({ type: 'handOver', by: d.loaded.staff, to, reason, all: { by } }) as const

const mayGo = (
  d: Desk,
  c: Complaint,
  act: Pick<Extract<DutyAct, { do: 'handAll' }>, 'to' | 'by' | 'reason'>,
) => refusalOf(c, handOverOf(d, act), d.context) === null

/** As many as one turn can tell; the next goes on. */
export function goOn(d: Desk): void {
  const { handing } = d.state.duty
  if (handing === null) return
  const going = owned(d).filter((c) => mayGo(d, c, handing))
  for (const c of going.slice(0, atOnce)) d.tell(c.id, handOverOf(d, handing))
  if (going.length <= atOnce) d.change({ duty: { ...d.state.duty, handing: null } })
}

/** Their shift is over: what nobody accepted moves on, of the rest they get the list and one press for all of it. */
export function lookAtShift(d: Desk): void {
  const me = meAt(d)
  if (me === null) return
  const { ends, ended } = d.state.duty
  const company = companyNow(d)
  const working = isOnRoster(company, me.id, d.now)
  if (ended !== null && d.now >= ended + graceAfter) {
    d.change({ duty: { ...d.state.duty, ended: null } })
    if (!working && isAtWork(company, me.id, d.now)) chase(d, ended)
  }
  if (ends === null || ends > d.now) return
  d.change({ duty: { ...d.state.duty, ends: null } })
  // The estate file or a swap may have moved it meanwhile.
  const over = !working && isOnRoster(company, me.id, ends - 1)
  if (!over || d.now - ends > stale || !isAtWork(company, me.id, d.now)) return
  endShift(d, me, ends)
}

function endShift(d: Desk, me: Staff, ended: Instant): void {
  const all = owned(d)
  const passed = all.filter((c) => c.status === 'assigned' && isRelieved(d, c))
  for (const c of passed.slice(0, atOnce)) d.tell(c.id, { type: 'shiftOver', staff: me.id })
  const left = all.filter((c) => !passed.includes(c))
  const time = clockWords(ended, zoneAt(d))
  if (left.length === 0) {
    if (passed.length > 0) d.say(words.shiftMoved(time, passed.length))
    return
  }
  const next = relief(companyNow(d), me, d.now)
  d.change({ duty: { ...d.state.duty, ended } })
  const lines = left.map((c, i) => taskLine(d, c, i + 1))
  d.say(
    words.shiftEnds(
      time,
      lines,
      next.map((s) => s.name),
      passed.length,
    ),
    { weight: 'question' },
  )
  if (next.length > 0) showShift(d, ended, next)
}

function showShift(d: Desk, ended: Instant, next: readonly Staff[]): void {
  const card = shiftCard(clockWords(ended, zoneAt(d)), owned(d).length, next)
  d.effects.push({ do: 'deskCard', key: 'shift', to: d.loaded.staff, card, push: true })
}

/** Somebody has the post of this case now. */
function isRelieved(d: Desk, c: Complaint): boolean {
  const company = companyNow(d)
  const estate = findEstate(company, c.estate)
  const search = {
    company,
    estate,
    department: departmentFor(c),
    building: c.about.place.building,
    at: d.now,
  }
  return dutyNow(search).some(
    (s) =>
      s.id !== d.loaded.staff && canOwn(s) && isAtWork(company, s.id, d.now) && !c.subjects.includes(s.id),
  )
}

/** Not handed over: they are asked once more, and of S1 and S2 a supervisor hears. */
function chase(d: Desk, ended: Instant): void {
  const left = owned(d).filter((c) => c.status !== 'assigned')
  if (left.length === 0) return
  d.say(words.stillYours(left.map((c) => c.number)), { weight: 'promise' })
  const grave = left.filter(
    (c) => isGrave(c.severity) && c.marks.accepted !== null && c.marks.accepted < ended,
  )
  const company = companyNow(d)
  const bySupervisor = new Map<StaffId, string[]>()
  for (const c of grave) {
    const search = {
      company,
      estate: findEstate(company, c.estate),
      building: null,
      at: d.now,
      load: new Map(),
    }
    const exclude = [d.loaded.staff, ...c.subjects]
    for (const { id } of atLevel({ ...search, department: departmentFor(c), exclude }, 1))
      bySupervisor.set(id, [...(bySupervisor.get(id) ?? []), c.number])
  }
  for (const [id, numbers] of bySupervisor)
    inform(d, [id], { type: 'notHanded', staff: d.loaded.staff, numbers })
}

/** 全部交班, on the card; pressed again it says what is left. */
export function pressHand(d: Desk, choice: string | undefined): void {
  const to = findStaff(d.context.company, (choice ?? null) as StaffId | null)
  const before = owned(d).length
  if (to === null) {
    if (before > 0) return d.say(words.nobodyNext)
  } else if (!takes(d, to)) return d.say(words.cannotTake(to.name))
  if (to === null || before === 0) d.say(words.nothingToHand)
  else handAll(d, { do: 'handAll', to: to.id, by: d.loaded.staff, reason: null })
  const time = clockWords(d.state.duty.ended ?? d.now, zoneAt(d))
  d.effects.push({ do: 'deskCard', key: 'shift', to: d.loaded.staff, card: shiftCardOver(time), push: false })
}

/** Somebody above has another's work handed over: 张建国交班给王强. */
export function orderHandOver(d: Desk, from: Staff, toName: string): void {
  const { company } = d.context
  const to = staffOf(company, homeOf(company, from.id)).find((s) => s.name === toName)
  if (!to || to.id === from.id || !takes(d, to)) return d.say(words.cannotTake(toName || nameIn(d, null)))
  tellDesk(d, from.id, { do: 'handAll', to: to.id, by: d.loaded.staff, reason: null })
}

/** When their shift, or what it left, wants to be looked at. */
export function shiftDue(d: Desk): readonly (Instant | null)[] {
  const { ends, ended, handing } = d.state.duty
  return [ends, ended === null ? null : ended + graceAfter, handing === null ? null : d.now]
}
