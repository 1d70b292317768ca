import { endDeadline, startDeadline } from '../sla.ts'
import type { EventOf } from './events.ts'
import { supervisorFirst, tellHolder, untoldNotice } from './who.ts'
import { program, type Work } from './work.ts'

/** What a person reads out on the telephone: more is of no use to them, and a case stays small. */
const mostLines = 10
const mostOfALine = 300

/**
 * A line did not reach the resident, or perhaps not: whoever has the case tells them by telephone, as soon as a call that
 * is owed (domain.md 5.1 rule 6), and it goes up like one. One task a case: further lines join the one that is open.
 */
export function mustTell(w: Work, e: EventOf<'untold'>): void {
  const before = w.c.untold
  const line = readOut(e.text)
  const lines = [...(before?.lines ?? []).filter((other) => other !== line), line].slice(-mostLines)
  w.c.untold = { since: before?.since ?? w.now, why: before?.why ?? e.why, lines }
  if (before !== null) return
  w.record('untold', program, { data: { why: e.why } })
  startDeadline(w.c, w.policyEstate, 'tell', w.now)
  if (w.c.owner !== null) w.giveCard(w.c.owner, 'owner', true)
  tellHolder(w, untoldNotice(w))
}

/** They were spoken to: by telephone, or face to face. */
export function toldByPhone(w: Work): void {
  if (w.c.untold === null) return
  w.c.untold = null
  endDeadline(w.c, 'tell')
  w.record('toldByPhone', program)
  w.effects.push({ do: 'toldByPhone' })
}

/**
 * Of a case that is over nothing is owed any more, but what they were not told of its end a supervisor, or whoever had it,
 * can still say. Their number goes to that person alone, as 联系住户 does (domain.md 6.1).
 */
export function tellOfTheEnd(w: Work, e: EventOf<'untold'>): void {
  const known = w.c.owner !== null && w.isColleague(w.c.owner) ? w.c.owner : null
  const to = known ?? supervisorFirst(w, [])?.id ?? null
  w.record('untold', program, { data: { why: e.why } })
  if (to === null) return
  const { phone, name } = w.c.about
  w.tellStaff(to, { type: 'untold', lines: [readOut(e.text)], by: null, phone })
  if (phone === null) return
  w.record('phoneRevealed', program, { data: { purpose: 'contact', to } })
  w.tellStaff(to, { type: 'phone', phone, name })
}

const readOut = (text: string): string => [...text].slice(0, mostOfALine).join('')
