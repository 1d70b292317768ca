import { holds, overlaps, type DutyChange, type Span } from '../duty-changes.ts'
import { atLevel, canOwn, isAtWork } from '../duty.ts'
import { staffOf, type Staff } from '../estate.ts'
import { type Instant, type StaffId } from '../ids.ts'
import { duty as words } from '../phrases/duty.ts'
import { homeOf, shiftsOf } from '../roster.ts'
import { companyNow, meAt, nameIn, ownChanges, put, showRequest, spanAt, zoneAt } from './changes.ts'
import type { Desk } from './desk.ts'
import type { DutyAct, DutyNews } from './duty-events.ts'
import { inform } from './leave.ts'
import { readRange } from './ranges.ts'

/** 换班 明晚和王强周五晚: whose shifts, with whom, and which of theirs in return. */
export function askSwap(d: Desk, text: string): void {
  const me = meAt(d)
  if (me === null) return
  const { company } = d.context
  const home = homeOf(company, me.id)
  const said = withWhom(
    text,
    staffOf(company, home).filter((s) => s.id !== me.id),
  )
  const mine = said && shiftsSaid(d, me, said.mine)
  if (!said || mine === undefined) return d.say(words.swapUnread)
  if (mine === null) return d.say(words.swapNoShift(null))
  const { other } = said
  const back = said.theirs === '' ? null : shiftsSaid(d, other, said.theirs)
  if (back === undefined) return d.say(words.swapUnread)
  if (back === null && said.theirs !== '') return d.say(words.swapNoShift(other.name))
  const busy = shiftsOf(companyNow(d), other.id, mine).some((s) => !back || !overlaps(s, back))
  if (busy || !canOwn(other) || !isAtWork(company, other.id, mine.from))
    return d.say(words.swapBusy(other.name))
  const before = ownChanges(d).find((c) => c.kind === 'swap' && overlaps(c, mine))
  if (before) return d.say(words.swapAlready(spanAt(d, before)))
  const change = put(d, aSwap(d, other.id, mine, back))
  showRequest(d, change, change.askedOf, null)
  d.say(words.swapAsked(other.name, spanAt(d, mine), back && spanAt(d, back)))
}

function withWhom(
  text: string,
  others: readonly Staff[],
): { readonly other: Staff; readonly mine: string; readonly theirs: string } | null {
  const match = /^([\s\S]*?)(?:和|跟|与)([\s\S]+)$/u.exec(text)
  const [, before = '', after = ''] = match ?? []
  const other = others.find((s) => after.startsWith(s.name))
  if (!other) return null
  const rest = after
    .slice(other.name.length)
    .replace(/^(?:的|换|对换|对调)+/u, '')
    .trim()
  return before.trim() === ''
    ? { other, mine: rest, theirs: '' }
    : { other, mine: before.trim(), theirs: rest }
}

/** The shifts this person has in the time that is said, from the first to the end of the last; undefined: no time is said. */
function shiftsSaid(d: Desk, staff: Staff, text: string): Span | null | undefined {
  const range = readRange(text, d.now, zoneAt(d))
  if (range === null) return undefined
  const shifts = shiftsOf(companyNow(d), staff.id, range).filter((s) => s.from >= range.from || !range.byDay)
  const [first] = shifts
  const last = shifts.at(-1)
  return first && last ? { from: Math.max(first.from, d.now), until: last.until } : null
}

const aSwap = (d: Desk, other: StaffId, mine: Span, back: Span | null): DutyChange => ({
  id: d.loaded.nextChange,
  kind: 'swap',
  staff: d.loaded.staff,
  with: other,
  from: mine.from,
  until: mine.until,
  back,
  state: 'asked',
  by: d.loaded.staff,
  askedOf: [other],
  askedAt: d.now,
  raised: false,
  decidedBy: null,
})

/** The colleague said yes: both know, and their supervisors. */
export function agreeSwap(d: Desk, asked: DutyChange, by: StaffId): void {
  const change = put(d, { ...asked, state: 'agreed', decidedBy: by })
  showRequest(d, change, change.askedOf, null)
  d.say(words.swapAgreed(nameIn(d, change.with), spanAt(d, change), change.back && spanAt(d, change.back)))
  inform(d, [change.with, ...supervisors(d)], newsOf(change))
}

/** Through the API: nobody is asked. */
export function orderSwap(d: Desk, act: Extract<DutyAct, { do: 'swap' }>): void {
  if (act.until <= d.now || act.until <= act.from) return
  const span = { from: act.from, until: act.until }
  const change = put(d, { ...aSwap(d, act.with, span, null), by: null, state: 'agreed', askedOf: [] })
  d.say(words.swapDone(nameIn(d, change.staff), nameIn(d, change.with), spanAt(d, change), null))
  inform(d, [change.with, ...supervisors(d)], newsOf(change))
}

/** 取消换班, or through the API. */
export function endSwap(d: Desk, id: number | null): void {
  const own = ownChanges(d).filter((c) => c.kind === 'swap' && (id === null || c.id === id))
  const [change] = own.toSorted((a, b) => a.from - b.from)
  if (!change) return d.say(words.noSwap)
  const ended = put(d, { ...change, state: 'withdrawn' })
  showRequest(d, ended, ended.askedOf, null)
  d.say(words.requestTaken(spanAt(d, change)))
  if (holds(change)) inform(d, [change.with, ...supervisors(d)], newsOf(ended))
}

/** Whose day has come without a yes lapses; what is over is over. */
export function sweepSwaps(d: Desk): void {
  for (const c of ownChanges(d)) {
    if (c.kind !== 'swap' || swapDue(c) > d.now) continue
    const change = put(d, { ...c, state: c.state === 'asked' ? 'lapsed' : 'over' })
    if (change.state !== 'lapsed') continue
    showRequest(d, change, change.askedOf, null)
    d.say(words.swapLapsed(nameIn(d, change.with), spanAt(d, change)), { weight: 'promise' })
  }
}

export const swapDue = (change: DutyChange): Instant =>
  change.state === 'asked' ? change.from : Math.max(change.until, change.back?.until ?? change.until)

const newsOf = (change: DutyChange): DutyNews => ({
  type: 'swap',
  staff: change.staff,
  with: change.with ?? change.staff,
  span: { from: change.from, until: change.until },
  back: change.back,
  state: change.state,
})

function supervisors(d: Desk): readonly StaffId[] {
  const me = meAt(d)
  if (me === null) return []
  const search = {
    company: companyNow(d),
    estate: homeOf(d.context.company, me.id),
    building: null,
    at: d.now,
  }
  return me.departments.flatMap((department) =>
    atLevel({ ...search, department, exclude: [me.id], load: new Map() }, 1).map((s) => s.id),
  )
}
