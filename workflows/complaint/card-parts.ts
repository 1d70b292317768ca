import { canOwn } from '../duty.ts'
import type { Estate, Staff } from '../estate.ts'
import { levelOf } from '../estate.ts'
import type { StaffId } from '../ids.ts'
import type { Card, CardButton } from '../message.ts'
import {
  button,
  label,
  pausedUntil,
  repeated,
  severityName,
  stamp,
  statusName,
  transferred,
} from '../phrases/cards.ts'
import { runningPause } from '../pauses.ts'
import { reportsOf } from './repeats.ts'
import type { Complaint } from './state.ts'

/** What the cards of handlers and of supervisors are both made of. */

export type Role = Complaint['cards'][number]['role']

/** What a card is drawn from, beside the case itself. */
export interface Setting {
  readonly estate: Estate
  readonly staff: readonly Staff[]
  /** On leave: named, but offered to nobody to hand the case to. */
  readonly away: readonly StaffId[]
}

export type Row = Card['rows'][number]

export const plain = (action: string, text: string): CardButton => ({ action, label: text, style: 'plain' })
export const primary = (action: string, text: string): CardButton => ({
  action,
  label: text,
  style: 'primary',
})
export const danger = (action: string, text: string): CardButton => ({ action, label: text, style: 'danger' })

export const levelIn = (setting: Setting, id: StaffId): number =>
  levelOf(setting.staff.find((s) => s.id === id)?.role ?? 'staff')

export const isAccepted = (c: Complaint): boolean => c.status !== 'registered' && c.status !== 'assigned'

export const mayOwn = (setting: Setting, id: StaffId): boolean =>
  setting.staff.some((s) => s.id === id && canOwn(s))

/** Severity and state, and that the clock stands still. */
export function standing(c: Complaint, zone: string): string {
  const running = runningPause(c)
  const paused = running ? [pausedUntil(running.why, stamp(running.until, zone))] : []
  const elsewhere = c.transferred ? [transferred] : []
  return [severityName[c.severity], statusName[c.status], ...paused, ...elsewhere].join(' · ')
}

/** Since when, never how long: a card lives for days. */
export function ageRow(c: Complaint, zone: string): Row {
  const reports = reportsOf(c)
  const times = reports > 1 ? [repeated.times(reports)] : []
  return { label: label.age, value: [stamp(c.marks.received, zone), ...times].join(' · ') }
}

/** Whoever holds a card may be the one who saves it; until somebody has, it is chased. */
export const footageButton = (c: Complaint): readonly CardButton[] =>
  c.footage?.kept === null ? [primary('footageKept', button.footageKept)] : []

export const signButton = (c: Complaint): readonly CardButton[] =>
  c.status === 'feedback' && c.signed === null && (c.severity === 'S1' || c.severity === 'S2')
    ? [primary('sign', button.sign)]
    : []

/** Cuts on characters, so that a surrogate pair is never split. */
export function clip(words: string, limit: number): string {
  if (words.length <= limit) return words
  const characters = [...words]
  return characters.length <= limit ? words : `${characters.slice(0, limit - 1).join('')}…`
}
