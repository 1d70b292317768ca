import type { DutyChange } from './duty-changes.ts'
import type { EstateId, Millis, StaffId } from './ids.ts'
import type { Code, Department, Family } from './taxonomy.ts'
import type { Severity } from './severity.ts'

/**
 * The company and its estates as a turn sees them: parsed and checked from `estate.yaml` (`bot/estate.ts`),
 * numbered, and read-only. Cases keep the version they were registered under.
 */
export interface Company {
  readonly version: number
  readonly name: string
  /** Told in danger while the estate is unknown. */
  readonly phone: string
  /** The company's own people: quality department (level 3), admins. They belong to no estate. */
  readonly staff: readonly Staff[]
  readonly estates: readonly Estate[]
  /** Leave and swaps that hold or wait for a yes, as they are now. No part of the file: absent where nobody asked for them. */
  readonly changes?: readonly DutyChange[]
}

export interface Estate {
  readonly id: EstateId
  readonly name: string
  /** The duty phone, told to residents in danger. */
  readonly phone: string
  readonly buildings: readonly Building[]
  readonly staff: readonly Staff[]
  readonly calendar: Calendar
  readonly duty: readonly DutyShift[]
  readonly policy: Policy
  /** Numbers of rescuers and utilities by what the phrases call them, such as `gas` or `lift`. */
  readonly hotlines: Readonly<Record<string, string>>
  /** What people here call things, by the code they mean. */
  readonly words: Words
}

/** An estate without words of its own. */
export const noWords: Words = {}

export type Words = Readonly<Partial<Record<Code, readonly string[]>>>

/** As a numbered version keeps it: perhaps written by a program that knew fewer keys (`completePolicy`). */
export type StoredCompany = Omit<Company, 'estates'> & {
  readonly estates: readonly (Omit<Estate, 'policy' | 'words'> & {
    readonly policy: Partial<Policy>
    readonly words?: Words
  })[]
}

export interface Building {
  readonly name: string
  readonly units: readonly string[]
  readonly floors: number | null
}

/** operator and staff are level 0, supervisor 1, manager 2, quality 3; an admin reads everything and owns nothing. */
export type Role = 'operator' | 'staff' | 'supervisor' | 'manager' | 'quality' | 'admin'

export type Level = 0 | 1 | 2 | 3

export interface Staff {
  readonly id: StaffId
  readonly name: string
  /** Their userid in 企业微信; without it nothing can be pushed to them. */
  readonly wecom: string | null
  readonly role: Role
  readonly departments: readonly Department[]
  /** Empty: every building. */
  readonly buildings: readonly string[]
  readonly phone: string | null
  readonly active: boolean
}

/** `HH:MM`, local. `24:00` ends a day; an end not after its start runs into the next day. */
export interface Window {
  readonly start: string
  readonly end: string
}

export interface Calendar {
  /** IANA name, `Asia/Shanghai`. */
  readonly timezone: string
  /** ISO weekday 1 (Monday) … 7 (Sunday) → service windows of that day; a missing day is closed. */
  readonly windows: Readonly<Record<number, readonly Window[]>>
  /** `YYYY-MM-DD` the estate is closed although the country works. */
  readonly closed: readonly string[]
  /** `YYYY-MM-DD` the estate works (Monday's windows) although it is a day off. */
  readonly open: readonly string[]
}

export interface DutyShift {
  readonly department: Department | null
  readonly buildings: readonly string[]
  /** ISO weekdays on which the shift starts. */
  readonly days: readonly number[]
  readonly shift: Window
  readonly staff: readonly StaffId[]
}

export interface Limit {
  readonly amount: number
  readonly unit: 's' | 'm' | 'h' | 'd'
  /** Counted in service time (true) or around the clock (false). */
  readonly working: boolean
}

export type Step =
  'assign' | 'accept' | 'contact' | 'onSite' | 'plan' | 'progress' | 'resolve' | 'answer' | 'visit'

export interface Policy {
  /** What every category shares. */
  readonly steps: Readonly<Record<Exclude<Step, 'onSite' | 'resolve'>, Readonly<Record<Severity, Limit>>>>
  /** What a category has of its own, before `steps`; onSite and resolve have nothing else. */
  readonly byFamily: Readonly<
    Record<Step, Readonly<Partial<Record<Family, Readonly<Partial<Record<Severity, Limit>>>>>>>
  >
  /** How long a press on responsibility, plan or done can be undone, and what it tells the resident waits. */
  readonly undo: Millis
  /** How long the reply to an unfinished message waits for the next one; thrice that from the first, at most. 0: not at all. */
  readonly burstWait: Millis
  /** No surveys, nudges or return visits inside; null: at any time. */
  readonly quietHours: Window | null
  /** Who hears of a step at which share of its limit; `short` is for S1 and for limits under 30 minutes. */
  readonly ladder: Readonly<Record<'S2' | 'S3' | 'S4' | 'short', readonly Point[]>>
  /** Of an S1 nobody has taken: how often it rings, and after how long who joins (domain.md 2.4). */
  readonly alarm: {
    readonly every: Millis
    readonly next: Millis
    readonly manager: Millis
    readonly company: Millis
  }
  /** How long those an escalation went to may stay silent before it goes on to the next ones. */
  readonly heard: Readonly<Record<Severity, Limit>>
  /** The share of the limit, in per cent, a supervisor may add; more, and a second time, is a manager's. */
  readonly extension: { readonly supervisor: number }
  /** The longest pause while a question to the resident is open, in the case's own time; the latest review of any other. */
  readonly pause: { readonly question: Limit; readonly review: Millis }
  /** How long after its end a trouble that came back is looked at again; null: never. */
  readonly effectCheck: Millis | null
}

/** Share of a limit used, in per cent, and the levels that hear of it (domain.md 2.4). */
export interface Point {
  readonly percent: number
  readonly levels: readonly Level[]
}

export const levelOf = (role: Role): Level =>
  role === 'supervisor' ? 1 : role === 'manager' ? 2 : role === 'quality' || role === 'admin' ? 3 : 0

export const changesOf = (company: Company): readonly DutyChange[] => company.changes ?? []

export function findEstate(company: Company, id: EstateId | null): Estate | null {
  return company.estates.find((estate) => estate.id === id) ?? null
}

/** Everybody who may be named in this estate: its own people, then the company's. */
export function staffOf(company: Company, estate: Estate | null): readonly Staff[] {
  return estate
    ? [...estate.staff, ...company.staff]
    : [...company.staff, ...company.estates.flatMap((e) => e.staff)]
}

export function findStaff(company: Company, id: StaffId | null): Staff | null {
  if (id === null) return null
  return (
    company.staff.find((s) => s.id === id) ??
    company.estates.flatMap((e) => e.staff).find((s) => s.id === id) ??
    null
  )
}
