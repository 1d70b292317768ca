import { isOpen as isServing, localParts, nextOpening } from '../../workflows/calendar.ts'
import type { TimelineRow } from '../../db/complaints.ts'
import type { Company, Estate } from '../../workflows/estate.ts'
import { findEstate } from '../../workflows/estate.ts'
import { hours, seconds, type EstateId, type Instant } from '../../workflows/ids.ts'
import { deadline } from '../../workflows/policy.ts'
import type { Leave } from './quarter.ts'
import { isMoreSevere, type Severity } from '../../workflows/severity.ts'
import { familyOf, type Code } from '../../workflows/taxonomy.ts'
import type { Kind } from '../../workflows/understanding/facts.ts'

/** A case as its timeline tells it; nothing else is looked at. */
export interface Told {
  readonly number: string
  readonly estate: EstateId
  readonly timeline: readonly TimelineRow[]
}

export interface World {
  /** The company whose limits held for cases of that moment. */
  readonly companyAt: (registered: Instant) => Company
  readonly ends: Instant
  readonly leaves: readonly Leave[]
  /** A timer may be so late, and people act on this grid. */
  readonly grain: number
}

/** What a case broke of a rule, one sentence each. */
export type RuleOf = (of: Told, world: World) => readonly string[]

const ended = ['closed', 'withdrawn', 'merged']
const revived = ['reopened', 'separated', 'danger']
const alerts = ['reminded', 'escalated', 'missed']

const is =
  (...types: readonly string[]) =>
  (entry: TimelineRow): boolean =>
    types.includes(entry.type)
/** Of the step's own ladder; what becomes of a promise told stands beside it. */
const isAlert = (entry: TimelineRow): boolean => is(...alerts)(entry) && entry.data.promise === undefined
const text = (entry: TimelineRow | undefined, key: string): string => String(entry?.data[key] ?? '')
const clock = (at: Instant): string => new Date(at + hours(8)).toISOString().slice(5, 16).replace('T', ' ')

function estateOf(of: Told, world: World): Estate {
  const estate = findEstate(world.companyAt(of.timeline[0]?.at ?? 0), of.estate)
  if (!estate) throw new Error(`nobody knows the estate ${of.estate}`)
  return estate
}

/** The severity a case had at each entry. */
function* graded(of: Told): Generator<readonly [TimelineRow, Severity]> {
  let severity: Severity = 'S3'
  for (const entry of of.timeline) {
    if (entry.type === 'registered') severity = text(entry, 'severity') as Severity
    yield [entry, severity]
    if (entry.type === 'raised' || entry.type === 'severity') severity = text(entry, 'to') as Severity
  }
}

const isGrave = (severity: Severity): boolean => severity === 'S1' || severity === 'S2'

const firstIsRegistration: RuleOf = ({ timeline }) => {
  const times = timeline.map((e) => e.at)
  const sorted = times.every((t, i) => i === 0 || t >= (times[i - 1] ?? 0))
  return [
    ...(timeline[0]?.type === 'registered' ? [] : ['it does not begin with its registration']),
    ...(sorted ? [] : ['its entries are out of order']),
    ...(timeline.filter(is('registered')).length === 1 ? [] : ['it was registered twice']),
  ]
}

/** Zammad #904. */
const nothingAfterTheEnd: RuleOf = ({ timeline }) => {
  const problems: string[] = []
  let over = null as Instant | null
  for (const entry of timeline) {
    if (is(...ended)(entry)) over = entry.at
    else if (is(...revived)(entry)) over = null
    // What the end itself settles is settled with it.
    else if (
      over !== null &&
      entry.at > over &&
      is(...alerts, 'alarmRang', 'promiseBroken', 'surveyed', 'assigned')(entry)
    )
      problems.push(`${entry.type} ${text(entry, 'step')} after its end, ${clock(entry.at)}`)
  }
  return problems
}

/** What sets the clock of a step anew, so that its points may fire again. */
const anew: Readonly<Record<string, readonly string[]>> = {
  assign: ['unowned', 'reopened'],
  accept: ['assigned'],
  onSite: ['accepted', 'takenOver'],
  progress: [
    'progress',
    'finding',
    'asked',
    'askedAgain',
    'replied',
    'contacted',
    'arrived',
    'accepted',
    'takenOver',
    'failed',
    'transferred',
  ],
  visit: ['done', 'callbackWanted', 'visited'],
  callback: ['callbackWanted', 'wantsPerson', 'visited'],
  sign: ['signatureWanted'],
  attempt: ['visited', 'contacted', 'callbackWanted'],
}
const always = [
  'registered',
  'reopened',
  'failed',
  'raised',
  'severity',
  'extended',
  'resumed',
  'recoded',
  'undone',
  'danger',
  'policyChanged',
  'takenBack',
  'stoodDown',
]
/** Owed again once the whole ladder was climbed. */
const comesRound = ['progress', 'visit', 'callback', 'sign', 'attempt', 'assign']

/** Each point once a step, in order, and none left out that lies between two that fired (GLPI #5319). */
const pointsOnce: RuleOf = ({ timeline }) => {
  const problems: string[] = []
  const highest = new Map<string, number>()
  for (const entry of timeline) {
    for (const [step, types] of Object.entries(anew)) if (is(...types)(entry)) highest.delete(step)
    if (is(...always)(entry)) highest.clear()
    if (!isAlert(entry) || entry.type === 'missed') continue
    const step = text(entry, 'step')
    const percent = Number(entry.data.percent)
    const before = highest.get(step) ?? 0
    const again = comesRound.includes(step) && before >= 150
    if (percent <= before && !again)
      problems.push(`${step} ${String(percent)}% after ${String(before)}%, ${clock(entry.at)}`)
    highest.set(step, percent)
  }
  return problems
}

/** domain.md 2.4: reminders of S3 and S4 wait for opening; the resident's own clock of promises does not. */
const inServiceTime: RuleOf = (of, world) => {
  const { calendar } = estateOf(of, world)
  const problems: string[] = []
  for (const [entry, severity] of graded(of)) {
    if (isGrave(severity) || !is('reminded', 'escalated')(entry)) continue
    if (!isServing(calendar, entry.at) && !isServing(calendar, entry.at - world.grain))
      problems.push(`${text(entry, 'step')} ${text(entry, 'percent')}% while closed, ${clock(entry.at)}`)
  }
  return problems
}

/** No survey wakes anybody. */
const quietAtNight: RuleOf = ({ timeline }, world) =>
  timeline.filter(is('surveyed', 'effectAsked')).flatMap((entry) => {
    const hour = (at: Instant) => localParts('Asia/Shanghai', at).hour
    const late = hour(entry.at - world.grain) >= 21
    return late || hour(entry.at) < 9 ? [`asked in quiet hours, ${clock(entry.at)}`] : []
  })

/** Nobody accepted in time: it is missed, said so, and the task moves on; accepted in time, and nothing is said. */
const acceptance: RuleOf = (of, world) => {
  const estate = estateOf(of, world)
  const problems: string[] = []
  let asked = null as {
    readonly at: Instant
    readonly due: Instant | null
    readonly to: string
    readonly missed: boolean
  } | null
  let code = text(of.timeline[0], 'code') as Code
  const kind = text(of.timeline[0], 'kind') as Kind
  for (const [entry, severity] of graded(of)) {
    if (entry.type === 'recoded') code = text(entry, 'to') as Code
    const family = kind === 'complaint' || kind === 'repair' ? familyOf(code) : 'SG'
    const limit = (of: Severity, from: Instant) => deadline(estate, 'accept', family, of, from)
    // Graver counts from now, where that is sooner; a lower severity or another category from the beginning.
    if (asked && is('raised', 'severity', 'recoded')(entry)) {
      const to = entry.type === 'recoded' ? severity : (text(entry, 'to') as Severity)
      const sooner = Math.min(asked.due ?? Infinity, limit(to, entry.at) ?? Infinity)
      asked = { ...asked, due: isMoreSevere(to, severity) ? sooner : limit(to, asked.at) }
    }
    const late = (until: Instant): boolean => (asked?.due ?? Infinity) + world.grain < until
    if (entry.type === 'missed' && text(entry, 'step') === 'accept' && asked) {
      const due = Number(entry.data.due)
      if (entry.at < due) problems.push(`acceptance missed before its time, ${clock(entry.at)}`)
      asked = { ...asked, missed: true }
    } else if (is('assigned')(entry)) {
      if (asked?.missed && asked.to === text(entry, 'to') && late(entry.at))
        problems.push(`not accepted, and asked of the same person, ${clock(entry.at)}`)
      asked = { at: entry.at, due: limit(severity, entry.at), to: text(entry, 'to'), missed: false }
    } else if (is('accepted', 'takenOver')(entry)) {
      // The alarm stands for the ladder of acceptance while it rings.
      if (asked && !asked.missed && severity !== 'S1' && late(entry.at))
        problems.push(`accepted late, and nobody heard of it, ${clock(entry.at)}`)
      asked = null
    }
  }
  return problems
}

/** The first human word: late means missed, in time means not. */
const contact: RuleOf = (of, world) => {
  const first = of.timeline[0]
  if (!first || of.timeline.some(is(...always.filter((type) => type !== 'registered')))) return []
  const service = !['complaint', 'repair'].includes(text(first, 'kind'))
  const family = service ? 'SG' : familyOf(text(first, 'code') as Code)
  const estate = estateOf(of, world)
  const due = deadline(estate, 'contact', family, text(first, 'severity') as Severity, first.at)
  const spoken = of.timeline.find(
    (e) =>
      is('arrived', 'asked', 'progress', 'replied')(e) ||
      (e.type === 'contacted' && text(e, 'outcome') !== 'noAnswer'),
  )
  const missed = of.timeline.some((e) => e.type === 'missed' && text(e, 'step') === 'contact')
  const until = spoken?.at ?? of.timeline.find(is(...ended))?.at ?? world.ends
  if (due === null) return []
  const told = isGrave(text(first, 'severity') as Severity) ? due : nextOpening(estate.calendar, due)
  if (missed && until < due - world.grain) return [`spoken to in time, and called missed (due ${clock(due)})`]
  if (!missed && until > told + world.grain)
    return [`first spoken to ${clock(until)}, due ${clock(due)}, never missed`]
  return []
}

/** domain.md 2.4: every 60 s until somebody presses. */
const alarmRings: RuleOf = ({ timeline }) => {
  const problems: string[] = []
  let last: Instant | null = null
  for (const entry of timeline) {
    if (entry.type === 'alarmRang') {
      if (last !== null && entry.at - last > seconds(61))
        problems.push(`the alarm was silent from ${clock(last)} to ${clock(entry.at)}`)
      last = entry.at
    } else if (is('accepted', 'takenOver', 'stoodDown', 'severity', ...ended)(entry)) last = null
  }
  return problems
}

/** The visitor is not the handler; nor is whoever is complained about ever anything in the case. */
const visitors: RuleOf = ({ timeline }) => {
  const worked = new Set<string>()
  const problems: string[] = []
  for (const entry of timeline) {
    if (is('accepted', 'takenOver')(entry) && entry.staff) worked.add(entry.staff)
    if (entry.type === 'visited' && entry.staff && worked.has(entry.staff))
      problems.push(`visited by ${entry.staff}, who worked on it`)
  }
  return problems
}

const subjects: RuleOf = ({ timeline, number }) => {
  const about = text(timeline[0], 'code') === 'ST01'
  if (!about) return []
  return timeline.flatMap((e) =>
    /guard1$/.test(e.staff ?? '') || /guard1$/.test(text(e, 'to'))
      ? [`${number}: whoever it is about had a part in it (${e.type})`]
      : [],
  )
}

/** domain.md 1.4 rule 4. */
const closing: RuleOf = (of) => {
  const problems: string[] = []
  let [visited, tries, asks, signed, answered] = [false, 0, 0, false, false]
  for (const [entry, severity] of graded(of)) {
    if (is('done', 'failed', 'reopened')(entry))
      [visited, tries, asks, signed, answered] = [false, 0, 0, false, false]
    if (entry.type === 'done') asks = 1
    if (entry.type === 'surveyed') asks++
    if (is('solved', 'notSolved', 'rated')(entry)) answered = true
    if (entry.type === 'signed') signed = true
    if (entry.type === 'visited') {
      if (text(entry, 'outcome') === 'noAnswer') tries++
      else visited = true
    }
    if (entry.type !== 'closed' || !['solved', 'unrated'].includes(text(entry, 'how'))) continue
    if (isGrave(severity)) {
      if (!visited && tries < 3) problems.push('closed without a call or three attempts')
      if (!signed) problems.push('closed without a signature')
    } else if (!answered && !visited && asks < 3 && tries < 3)
      problems.push('closed without an answer or three asks')
    if (text(entry, 'how') === 'solved' && !answered && !visited) problems.push('silence counted as solved')
  }
  return problems
}

/** No case is forgotten: whatever is open was spoken of in the last days, or waits for the resident. */
const nobodyForgets: RuleOf = ({ timeline }, world) => {
  const over = timeline.findLast(is(...ended, ...revived))
  if (over && is(...ended)(over)) return []
  const last = timeline.at(-1)
  return last && world.ends - last.at > hours(24 * 14) ? [`open, and silent since ${clock(last.at)}`] : []
}

/** GLPI #24481: nothing is late while somebody else is waited for; an S1 waits for nobody. */
const pauses: RuleOf = (of) => {
  const problems: string[] = []
  let paused = false
  for (const [entry, severity] of graded(of)) {
    if (entry.type === 'paused') {
      paused = true
      if (severity === 'S1') problems.push(`an S1 was paused, ${clock(entry.at)}`)
    } else if (is('resumed', ...ended)(entry)) paused = false
    else if (paused && isAlert(entry) && text(entry, 'step') === 'resolve')
      problems.push(`resolve ${entry.type} while paused, ${clock(entry.at)}`)
  }
  return problems
}

/** Nobody is asked who is away; what they had goes to somebody who is there. */
const leaves: RuleOf = ({ timeline }, world) =>
  timeline.flatMap((entry) => {
    const to = text(entry, 'to')
    if (entry.type !== 'assigned') return []
    const away = world.leaves.some(
      (leave) => leave.staff === to && leave.from <= entry.at && entry.at < leave.until,
    )
    return away ? [`assigned to ${to}, who is on leave, ${clock(entry.at)}`] : []
  })

/** domain.md 2.4: an alert is done when a person answered; until then it goes on. */
const alertsGoOn: RuleOf = (of) => {
  const problems: string[] = []
  let open: Instant | null = null
  for (const [entry, severity] of graded(of)) {
    const limit = isGrave(severity) ? hours(26) : hours(24 * 12)
    if (open !== null && entry.at - open > limit && is('alertPassedOn')(entry))
      problems.push(`an alert waited from ${clock(open)} to ${clock(entry.at)}`)
    if (is('escalated', 'alertPassedOn')(entry)) open = entry.at
    else if (is('alertAnswered', ...ended, 'accepted', 'takenOver', 'done')(entry)) open = null
  }
  return problems
}

export const rules: Readonly<Record<string, RuleOf>> = {
  'a timeline begins with the registration and goes forward': firstIsRegistration,
  'closed, merged or withdrawn cases never escalate (Zammad #904)': nothingAfterTheEnd,
  'each point of a step fires once, in order': pointsOnce,
  'S3 and S4 are reminded of in service time only': inServiceTime,
  'nobody is surveyed in the quiet hours': quietAtNight,
  'what is not accepted in time is missed, and moves on': acceptance,
  'the first human word is missed exactly where it came late': contact,
  'an S1 rings every minute until somebody takes it': alarmRings,
  'the visitor never worked on the case': visitors,
  'whoever is complained about has no part in the case': subjects,
  'a case closes when everything of domain.md 1.4 rule 4 is there': closing,
  'nothing is late while somebody else is waited for (GLPI #24481)': pauses,
  'nobody is asked who is on leave': leaves,
  'an alert nobody answers goes on': alertsGoOn,
  'no open case is forgotten': nobodyForgets,
}
