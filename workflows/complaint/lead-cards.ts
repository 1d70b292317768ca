import type { StaffId } from '../ids.ts'
import type { CardButton } from '../message.ts'
import { button, label, repeated, stamp, stepName, text } from '../phrases/cards.ts'
import * as lead from '../phrases/lead.ts'
import { areaWords } from '../phrases/places.ts'
import { standsStill } from '../sla.ts'
import {
  ageRow,
  footageButton,
  levelIn,
  mayOwn,
  plain,
  primary,
  signButton,
  standing,
  type Row,
  type Setting,
} from './card-parts.ts'
import { reportsOf } from './repeats.ts'
import { isOpen, type Complaint } from './state.ts'
import { brokenPromise, openPromise, resolvePromise } from './told.ts'

/**
 * The card of somebody above: what they need to decide, and what they may do. Moments are absolute, never lengths: a card
 * lives for days. Of the resident it shows nothing (domain.md 6.1); their number comes by itself, where it is asked for.
 */

/** Who has it since when, what is late, and how it stands. */
export function leadRows(c: Complaint, setting: Setting): readonly Row[] {
  const zone = setting.estate.calendar.timezone
  const due = c.deadlines.filter((d) => !standsStill(c, d)).toSorted((a, b) => a.due - b.due)[0]
  const owner = setting.staff.find((s) => s.id === c.owner)?.name
  const since = c.marks.accepted ?? c.marks.assigned
  const row = (name: string, value: string): Row => ({ label: name, value })
  return [
    row(label.number, c.number),
    row(label.area, areaWords(c.about.place)),
    row(
      label.owner,
      owner === undefined ? text.nobody : lead.holder(owner, since === null ? null : stamp(since, zone)),
    ),
    row(label.status, standing(c, zone)),
    ...(due && isOpen(c.status)
      ? [row(label.due, lead.due(stepName[due.step], stamp(due.due, zone), isMissed(due)))]
      : []),
    ageRow(c, zone),
  ]
}

/** Its limit has passed: the point of it has fired. */
const isMissed = (d: Complaint['deadlines'][number]): boolean => d.fired.some((percent) => percent >= 100)

/** What has been said to the resident, what they wait for, and how often it was put off. */
export function leadText(c: Complaint, setting: Setting, to: StaffId): string {
  const zone = setting.estate.calendar.timezone
  const at = (moment: number | null): string | null => (moment === null ? null : stamp(moment, zone))
  // What was not kept goes before what comes next, and the end before a report.
  const promise = brokenPromise(c) ?? resolvePromise(c) ?? openPromise(c)
  const { pauseWanted } = c
  const last = c.repeat?.cases.at(-1)?.number
  return [
    decides(c, setting, to) && pauseWanted
      ? text.pauseWanted(pauseWanted.why, stamp(pauseWanted.until, zone))
      : '',
    last === undefined ? '' : repeated.last(reportsOf(c), last),
    c.status === 'registered' ? text.unowned : '',
    c.status === 'feedback' && signButton(c).length > 0 ? text.sign : '',
    lead.told({
      contacted: at(c.marks.contacted),
      progressed: at(c.marks.progressed),
      promise: promise && { what: promise.what, at: stamp(promise.at, zone), broken: promise.broken },
      extensions: c.extensions,
    }),
  ].join('')
}

/** A pause is asked for, and this reader may decide it. */
export const decides = (c: Complaint, setting: Setting, to: StaffId): boolean =>
  c.pauseWanted !== null && c.pauseWanted.by !== to && c.owner !== to && levelIn(setting, to) >= 1

export const decideButtons = (c: Complaint, setting: Setting, to: StaffId): readonly CardButton[] =>
  decides(c, setting, to)
    ? [primary('pauseAllow', button.pauseAllow), plain('pauseDeny', button.pauseDeny)]
    : []

/**
 * What somebody above may do, the most needed first: a card has six places. Nothing is moved or put off that nobody has
 * accepted, or that is done; whom the case was escalated to may call the resident.
 */
export function supervisorButtons(c: Complaint, setting: Setting, to: StaffId): readonly CardButton[] {
  const done = c.status === 'confirming' || c.status === 'feedback'
  const deciding = decideButtons(c, setting, to)
  return [
    ...deciding,
    ...signButton(c),
    ...footageButton(c),
    // Whoever waits for their word is not urged.
    ...(deciding.length > 0 ? [] : [primary('urge', button.urge)]),
    ...(done ? [] : [plain('reassign', button.reassign)]),
    ...(to !== c.owner && mayOwn(setting, to) ? [plain('takeOver', button.takeOver)] : []),
    ...(c.about.phone !== null && c.escalated.includes(to) ? [plain('revealPhone', button.revealPhone)] : []),
    ...extendButton(c),
    ...disputeButton(c, setting, to),
  ].slice(0, 6)
}

/** What was transferred has no limit of ours, and nothing is put off a third time. */
const extendButton = (c: Complaint): readonly CardButton[] =>
  (c.status === 'verifying' || c.status === 'resolving') && c.transferred === null && c.extensions < 2
    ? [plain('extend', button.extend)]
    : []

const disputeButton = (c: Complaint, setting: Setting, to: StaffId): readonly CardButton[] =>
  c.status === 'resolving' && c.failures >= 2 && levelIn(setting, to) >= 2
    ? [plain('closeDisputed', button.closeDisputed)]
    : []

/** What a supervisor who has the case themselves may do beside its work. */
export const leadButtons = (c: Complaint, setting: Setting, to: StaffId): readonly CardButton[] => [
  plain('reassign', button.reassign),
  ...extendButton(c),
  ...disputeButton(c, setting, to),
  plain('back', button.back),
]
