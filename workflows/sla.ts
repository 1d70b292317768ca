import { addLimit, lengthOf, nextOpening, quietUntil } from './calendar.ts'
import type { Complaint, Deadline, DeadlineStep, Pause, PromiseMade } from './complaint/state.ts'
import type { Estate, Level, Point } from './estate.ts'
import { days, hours, minutes, type Instant } from './ids.ts'
import { later, movedOn, netLength, runningPause, type Clock } from './pauses.ts'
import { deadline, defaultPolicy, limitOf } from './policy.ts'
import type { Severity } from './severity.ts'
import { familyOf } from './taxonomy.ts'
import type { Kind } from './understanding/facts.ts'
import { isUnsettled } from './complaint/told.ts'

/** Footage not kept within its hour: a supervisor hears (domain.md 1.4 rule 6). */
const overdueOnly: readonly Point[] = [{ percent: 100, levels: [1] }]
/** While the alarm rings (`complaint/alarm.ts`) it stands for the ladders of assignment and acceptance. */
const none: readonly Point[] = []

/**
 * Silence after “done”: asked again the next day, then once more, each time at another hour, then closed as unrated
 * (1.4 rule 4). Lengths over a day, so that a time moved out of the quiet hours never meets the hour of the one before.
 */
export const surveyAgain: readonly number[] = [hours(26), hours(27)]
export const surveyEnds = hours(24)
/** Stars are waited for this long; then the case closes without them. */
export const ratingWaits = days(2)
/** A closed case is still spoken of, and reopened, for so long (domain.md 1.4 rule 5). */
export const reopenWindow = days(90)
/** While nobody can be found, somebody is looked for this often. */
export const searchAgain = minutes(5)

/** Enquiries, suggestions and praise: a number, an owner, a reply in time, no survey (domain.md 5.1 rule 17). */
export const isService = (kind: Kind): boolean =>
  kind === 'enquiry' || kind === 'suggestion' || kind === 'praise' || kind === 'other'

/** The family whose column of domain.md 2.3 applies: PO as CL, SE04 as SE, service kinds as SG. */
export const familyFor = (c: Pick<Complaint, 'kind' | 'code'>) =>
  isService(c.kind) ? 'SG' : familyOf(c.code)

/** Starts the clock of a step; one that runs already is set anew. Without a limit there is no deadline. */
export function startDeadline(c: Complaint, estate: Estate, step: DeadlineStep, from: Instant): void {
  const due = dueOf(c, estate, step, from)
  c.deadlines = c.deadlines.filter((d) => d.step !== step)
  if (due !== null) c.deadlines.push({ step, from, due, fired: [], round: false })
}

/** Has the 24×7 duties of S1 and S2: a recorded call, a signature, no waiting for opening. */
export const isGrave = (severity: Severity): boolean => severity === 'S1' || severity === 'S2'

/** When a step that began at `from` is due: its limit, moved on by the pauses taken since (resolve alone pauses). */
function dueOf(c: Complaint, estate: Estate, step: DeadlineStep, from: Instant): Instant | null {
  const due = limitEnds(c, estate, step, from)
  return step === 'resolve' && due !== null ? movedOn(resolveClock(c, estate), c.pauses, from, due) : due
}

/** The kind of time in which the resolve limit of this case is counted. */
export const resolveClock = (c: Complaint, estate: Estate): Clock => ({
  calendar: estate.calendar,
  working: limitOf(estate.policy, 'resolve', familyFor(c), c.severity)?.working ?? !isGrave(c.severity),
})

/** The clock of this deadline stands still: no point of it fires, and it is not missed (Zammad #24481). */
export const standsStill = (c: Complaint, d: Deadline): boolean =>
  d.step === 'resolve' && runningPause(c) !== null

/** A pause of the resolve clock is over: what it had left, it has again. */
export function resumeDeadline(c: Complaint, estate: Estate, pause: Pause): void {
  const clock = resolveClock(c, estate)
  c.deadlines = c.deadlines.map((d) =>
    d.step === 'resolve' ? { ...d, due: movedOn(clock, [pause], d.from, d.due) } : d,
  )
}

function limitEnds(c: Complaint, estate: Estate, step: DeadlineStep, from: Instant): Instant | null {
  switch (step) {
    case 'callback':
      // Within 1 hour for S1 and S2, else within 2 service hours (domain.md 5.1 rule 6).
      return isGrave(c.severity)
        ? (c.danger ? from : afterQuiet(estate, from)) + hours(1)
        : addLimit(estate.calendar, from, { amount: 2, unit: 'h', working: true })
    case 'attempt':
    case 'tell':
      // As the call itself, from the moment it is planned for.
      return isGrave(c.severity)
        ? afterQuiet(estate, from) + hours(1)
        : addLimit(estate.calendar, from, { amount: 2, unit: 'h', working: true })
    case 'sign':
      return from + hours(24)
    case 'footage':
      return from + hours(1)
    case 'progress':
      // Every 30 minutes until the place is safe, then every 4 hours (domain.md 2.2).
      if (c.severity === 'S1' && c.danger === null) return from + hours(4)
      return deadline(estate, step, familyFor(c), c.severity, from)
    default:
      return deadline(estate, step, familyFor(c), c.severity, from)
  }
}

/** The moment itself, or the end of the quiet hours it falls into: no survey, nudge or call inside them. */
export const afterQuiet = (estate: Estate, at: Instant): Instant =>
  quietUntil(estate.policy.quietHours, estate.calendar.timezone, at) ?? at

/**
 * The case became graver: each running clock takes the new limit from now where that is earlier. What it had is never
 * lengthened, and nothing is overdue at once because it was harmless yesterday. What comes round again, and has nothing
 * left to fire on the new ladder, begins anew.
 */
export function hastenDeadlines(c: Complaint, estate: Estate, now: Instant): void {
  c.deadlines = c.deadlines.map((d) => {
    const due = dueOf(c, estate, d.step, now)
    const spent = comesRound(d.step) && nextPoint(c, estate, d) === null
    // A clock that begins later, as the next attempt at a call does, begins as planned.
    return due !== null && (due < d.due || spent) && d.from <= now
      ? { step: d.step, from: now, due, fired: [], round: false }
      : d
  })
}

/**
 * Another category, policy or calendar, or a lower severity: running clocks take the new limit from their own beginning.
 * A time a supervisor extended stays as it was told, and so does the next round of what came round again. A step that had
 * no limit (danger that proved harmless, before it has its real category) gets the one it has now.
 *
 * What fired does not fire again, but for what lies ahead under a longer limit. Whoever was told “half of it is gone” or
 * “overdue” learns from the longer limit that it is not so, stops hurrying, and counts on hearing of it in its new time:
 * those points are armed once more, those behind stay fired. Somebody above who was called because it was overdue need
 * not answer for it any more. That it was missed under the limit of then stays on the timeline.
 */
export function recomputeDeadlines(c: Complaint, estate: Estate, now: Instant): void {
  const before = c.deadlines
  c.deadlines = before.flatMap((d) => {
    if (d.step === 'resolve' && c.extensions > 0) return [d]
    const limit = dueOf(c, estate, d.step, d.from)
    if (limit === null) return []
    const due = d.round ? Math.max(d.due, limit) : limit
    return [due > d.due ? armedAhead(c, estate, { ...d, due }, now) : { ...d, due }]
  })
  const overdue = (d: Deadline | null) => d?.fired.some((percent) => percent >= 100) ?? false
  for (const d of before) if (overdue(d) && !overdue(deadlineOf(c, d.step))) cure(c, d.step)
  startMissing(c, estate)
}

/** Only what lies behind on this limit has fired. */
function armedAhead(c: Complaint, estate: Estate, d: Deadline, now: Instant): Deadline {
  return { ...d, fired: d.fired.filter((percent) => pointAt(c, estate, d, percent) <= now) }
}

/** The steps that only some categories, severities and policies limit: from when they would have begun. */
function startMissing(c: Complaint, estate: Estate): void {
  const again = c.reopened > 0 || c.failures > 0
  const begun = (again ? c.marks.assigned : null) ?? c.marks.received
  if (c.marks.done === null && c.transferred === null && deadlineOf(c, 'resolve') === null)
    startDeadline(c, estate, 'resolve', begun)
  if (c.marks.accepted !== null && mustBeSeen(c) && deadlineOf(c, 'onSite') === null)
    startDeadline(c, estate, 'onSite', c.marks.accepted)
}

/** Somebody accepted it, and nobody was there yet, nor found or heard anything. */
export const mustBeSeen = (c: Complaint): boolean =>
  (c.status === 'verifying' || c.status === 'resolving') &&
  c.transferred === null &&
  c.marks.arrived === null &&
  c.about.findings.length === 0 &&
  !c.parties.some((p) => p.heard)

/** The step is done: nothing of it fires any more. What was missed stays on the timeline. */
export function endDeadline(c: Complaint, ...steps: readonly DeadlineStep[]): void {
  c.deadlines = c.deadlines.filter((d) => !steps.includes(d.step))
  cure(c, ...steps)
}

/** What an alert was about has happened; null: the case has somebody. Nobody needs to answer for it any more. */
export function cure(c: Complaint, ...steps: readonly (DeadlineStep | 'pause' | null)[]): void {
  const about = c.alert?.about.filter((cause) => !steps.includes(cause.step)) ?? []
  c.alert = c.alert && about.length > 0 ? { ...c.alert, about } : null
}

export const deadlineOf = (c: Complaint, step: DeadlineStep): Deadline | null =>
  c.deadlines.find((d) => d.step === step) ?? null

/** The points of a step's ladder that alert somebody; 0 % is the task itself (`levelsAtStart`). */
export function pointsOf(c: Complaint, estate: Estate, step: DeadlineStep): readonly Point[] {
  if (step === 'footage') return overdueOnly
  if (c.severity === 'S1' && (step === 'assign' || step === 'accept') && c.alarm !== null) return none
  return ladderOf(c, estate, step).filter((p) => p.percent > 0)
}

/** Whose task it is from its first moment: they get its card when it is assigned (domain.md 2.4, 0 %). */
export const levelsAtStart = (c: Complaint, estate: Estate): readonly Level[] =>
  ladderOf(c, estate, 'accept').find((p) => p.percent === 0)?.levels ?? []

function ladderOf(c: Complaint, estate: Estate, step: Exclude<DeadlineStep, 'footage'>): readonly Point[] {
  const { ladder } = estate.policy
  return c.severity === 'S1' || isShort(c, step) ? ladder.short : ladder[c.severity]
}

/** A built-in limit under 30 minutes (domain.md 2.4): the guard's 20 minutes at a blocked gate, say. */
function isShort(c: Complaint, step: Exclude<DeadlineStep, 'footage'>): boolean {
  if (step === 'callback' || step === 'attempt' || step === 'tell' || step === 'sign') return false
  const limit = limitOf(defaultPolicy, step, familyFor(c), c.severity)
  return limit !== null && !limit.working && lengthOf(limit) < minutes(30)
}

/**
 * When somebody hears that a share of a deadline is used up, pauses not counted. For S3 and S4 it is a share of the
 * service time, and falls into it (2.4: their reminders wait for opening), unless the estate runs this step around the
 * clock.
 */
export function pointAt(c: Complaint, estate: Estate, d: Deadline, percent: number): Instant {
  const at = shareUsed(c, estate, d, percent)
  return waitsOutTheNight(c, d.step) ? afterQuiet(estate, at) : at
}

function shareUsed(c: Complaint, estate: Estate, d: Deadline, percent: number): Instant {
  const working = waitsForOpening(c, estate, d.step)
  if (percent === 100) return working ? nextOpening(estate.calendar, d.due) : d.due
  const clock = { calendar: estate.calendar, working }
  const pauses = d.step === 'resolve' ? c.pauses : []
  const allowed = netLength(clock, pauses, d.from, d.due)
  const elapsed = Math.ceil(d.from + ((d.due - d.from) * percent) / 100)
  if (working && allowed <= 0) return nextOpening(estate.calendar, elapsed)
  const at = movedOn(clock, pauses, d.from, later(clock, d.from, (allowed * percent) / 100))
  return working ? nextOpening(estate.calendar, at) : at
}

/** The legal cap of the answer counts calendar days, but nobody is reminded of it at night. */
function waitsForOpening(c: Complaint, estate: Estate, step: DeadlineStep): boolean {
  if (isGrave(c.severity)) return false
  if (step === 'callback' || step === 'attempt' || step === 'tell' || step === 'sign') return true
  if (step === 'answer' || step === 'footage') return true
  return limitOf(estate.policy, step, familyFor(c), c.severity)?.working ?? true
}

/** When a point of `at` is told: what is past already, such as after a stop, waits for opening like any other. */
export const toldAt = (c: Complaint, estate: Estate, d: Deadline, at: Instant, now: Instant): Instant =>
  at < now && waitsForOpening(c, estate, d.step) ? nextOpening(estate.calendar, now) : at

/** The next point of a deadline that has not fired, or null when all have. */
export function nextPoint(c: Complaint, estate: Estate, d: Deadline): { point: Point; at: Instant } | null {
  if (standsStill(c, d)) return null
  const point = pointsOf(c, estate, d.step).find((p) => !d.fired.includes(p.percent))
  return point ? { point, at: pointAt(c, estate, d, point.percent) } : null
}

/**
 * These come round again once their whole ladder has fired, so that no open case ever waits for nobody: somebody to
 * have it, progress every so often, a call and a signature stay owed.
 */
export const comesRound = (step: DeadlineStep): boolean => roundSteps.has(step)

/**
 * The next round of such a step, its whole ladder having fired: progress in its own rhythm, all else no sooner than a
 * day later, since an hour's limit would call everybody up every two hours for as long as it stays owed.
 */
export function startRound(c: Complaint, estate: Estate, step: DeadlineStep, now: Instant): void {
  startDeadline(c, estate, step, now)
  if (step === 'progress') return
  const nextDay = addLimit(estate.calendar, now, { amount: 1, unit: 'd', working: !isGrave(c.severity) })
  c.deadlines = c.deadlines.map((d) =>
    d.step === step ? { ...d, due: Math.max(d.due, nextDay), round: true } : d,
  )
}

/** A resident is not called in the quiet hours, nor a signature asked for: nobody is woken for what must wait anyway. */
export const waitsOutTheNight = (c: Complaint, step: DeadlineStep): boolean =>
  daytimeSteps.has(step) && !(c.severity === 'S1' && c.danger !== null)
const daytimeSteps: ReadonlySet<DeadlineStep> = new Set<DeadlineStep>([
  'visit',
  'callback',
  'attempt',
  'tell',
  'sign',
])
const roundSteps: ReadonlySet<DeadlineStep> = new Set<DeadlineStep>([
  'assign',
  'progress',
  'visit',
  'callback',
  'attempt',
  'tell',
  'sign',
])

/** Share of a promised time after which whoever owes it is reminded, in per cent. */
export const promiseReminder = 80

/**
 * When the handler is reminded of a promised completion; null where it was, or where a step's own ladder does it. What is
 * past already, such as after a pause, waits for opening like any other.
 */
export function promiseReminderAt(
  c: Complaint,
  estate: Estate,
  p: PromiseMade,
  now: Instant,
): Instant | null {
  if (p.what !== 'resolve' || p.reminded) return null
  const at = p.told + ((p.at - p.told) * promiseReminder) / 100
  return isGrave(c.severity) ? at : nextOpening(estate.calendar, Math.max(at, now))
}

/**
 * A time told to the resident becomes a promise; an open one of the same kind is replaced by it, but for one that broke:
 * that was not told in time.
 */
export function makePromise(c: Complaint, what: PromiseMade['what'], at: Instant, now: Instant): void {
  c.promises = [
    ...c.promises.map((p) => (p.what === what && isUnsettled(p) && !p.broken ? { ...p, replaced: now } : p)),
    {
      id: Math.max(c.promises.length, ...c.promises.map((p) => p.id)) + 1,
      what,
      at,
      told: now,
      kept: null,
      replaced: null,
      broken: false,
      reminded: false,
      escalated: false,
    },
  ]
}

/** What was promised has happened. Late is kept late: `broken` stays. */
export function keepPromise(c: Complaint, what: PromiseMade['what'], now: Instant): void {
  c.promises = c.promises.map((p) =>
    p.what === what && isUnsettled(p) ? { ...p, kept: now, broken: p.broken || now > p.at } : p,
  )
}
