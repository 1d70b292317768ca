import express, { type Response, type Router } from 'express'
import { z } from 'zod'
import { readStored } from '../db/stored.ts'
import { isWorkedOn } from '../workflows/complaint/hanging.ts'
import { refusalOf } from '../workflows/complaint/index.ts'
import { complaintSchema, type Complaint } from '../workflows/complaint/state.ts'
import type { DutyAct } from '../workflows/desk/duty-events.ts'
import { overlaps, type DutyChange, type Span } from '../workflows/duty-changes.ts'
import { canOwn, isAtWork } from '../workflows/duty.ts'
import { changesOf, findEstate, findStaff, staffOf, type Company, type Staff } from '../workflows/estate.ts'
import { days, type EstateId, type Instant, type StaffId } from '../workflows/ids.ts'
import { homeOf, postsOf, shiftsOf } from '../workflows/roster.ts'
import type { ApiParts } from './api.ts'
import { companyAt } from './companies.ts'
import { TurnFailed } from './inbox.ts'

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const newLeave = z.strictObject({ staff: z.string().max(64), from: instant, until: instant })
const newSwap = z.strictObject({
  who: z.string().max(64),
  with: z.string().max(64),
  from: instant,
  until: instant,
})
const newHandOver = z.strictObject({
  from: z.string().max(64),
  to: z.string().max(64),
  reason: z.string().trim().min(1).max(500).optional(),
})

/** Longer is no leave but a departure: `active: false` in the estate file. */
const longest = days(366)

/**
 * Leave, swaps and hand-overs for other programs: who is on duty, and changes that hold at once. Each is an event at the
 * desk of the person it is about, who hears of it as if somebody above had ordered it. Ids only, no names.
 */
export function dutyApi(parts: ApiParts): Router {
  const router = express.Router()
  router.get('/', (request, response) => shown(parts, request.query, response))
  router.post('/leave', (request, response, next) => {
    leave(parts, request.body, response).catch(next)
  })
  router.delete('/leave/:id', (request, response, next) => {
    end(parts, 'leave', request.params.id, response).catch(next)
  })
  router.post('/swap', (request, response, next) => {
    swap(parts, request.body, response).catch(next)
  })
  router.delete('/swap/:id', (request, response, next) => {
    end(parts, 'swap', request.params.id, response).catch(next)
  })
  router.post('/handover', (request, response, next) => {
    handOver(parts, request.body, response).catch(next)
  })
  return router
}

const companyNow = ({ company, store }: ApiParts): Company => ({
  ...company(),
  changes: store.duty.current(),
})

function shown(parts: ApiParts, query: unknown, response: Response): void {
  const parsed = z.strictObject({ estate: z.string().optional() }).safeParse(query)
  if (!parsed.success) return refuse(response, 400, problems(parsed.error))
  const company = companyNow(parts)
  const wanted = parsed.data.estate
  const estate = wanted === undefined ? null : findEstate(company, wanted as EstateId)
  if (wanted !== undefined && estate === null) {
    const known = company.estates.map((e) => e.id).join(', ')
    return refuse(response, 400, [`estate: there is no estate ${wanted}; known: ${known}`])
  }
  const now = parts.clock.now()
  const estates = estate ? [estate] : company.estates
  const people = new Set(staffOf(company, estate).map((s) => s.id))
  const changes = changesOf(company).filter((change) => people.has(change.staff))
  response.json({
    at: iso(now),
    estates: estates.map((e) => ({
      estate: e.id,
      posts: postsOf(company, e, now).map((post) => ({
        department: post.department,
        onDuty: post.now.map((s) => s.id),
        until: post.until === null ? null : iso(post.until),
        next: post.next.map((s) => s.id),
      })),
    })),
    leaves: changes
      .filter((c) => c.kind === 'leave')
      .map((c) => ({ id: c.id, staff: c.staff, ...times(c), state: c.state, decidedBy: c.decidedBy })),
    swaps: changes
      .filter((c) => c.kind === 'swap')
      .map((c) => ({
        id: c.id,
        who: c.staff,
        with: c.with,
        ...times(c),
        back: c.back && times(c.back),
        state: c.state,
      })),
  })
}

async function leave(parts: ApiParts, body: unknown, response: Response): Promise<void> {
  const parsed = newLeave.safeParse(body)
  if (!parsed.success) return refuse(response, 400, problems(parsed.error))
  const { from, until } = parsed.data
  const company = companyNow(parts)
  const staff = askable(company, parsed.data.staff)
  const wrong = [
    ...wrongSpan(parsed.data, parts.clock.now()),
    ...(staff ? [] : [unknown('staff', parsed.data.staff)]),
  ]
  if (staff === null || wrong.length > 0) return refuse(response, 400, wrong)
  const clash = ownOf(company, 'leave', staff.id).find((c) => overlaps(c, parsed.data))
  if (clash) return refuse(response, 409, [`staff: leave ${clash.id} already covers part of this time`])
  await ordered(parts, response, staff.id, { do: 'leave', from, until, by: null }, 'leave')
}

async function swap(parts: ApiParts, body: unknown, response: Response): Promise<void> {
  const parsed = newSwap.safeParse(body)
  if (!parsed.success) return refuse(response, 400, problems(parsed.error))
  const { from, until } = parsed.data
  const company = companyNow(parts)
  const [who, other] = [askable(company, parsed.data.who), askable(company, parsed.data.with)]
  const wrong = [
    ...wrongSpan(parsed.data, parts.clock.now()),
    ...(who ? [] : [unknown('who', parsed.data.who)]),
    ...(other ? [] : [unknown('with', parsed.data.with)]),
    ...(who && other && !areColleagues(company, who, other)
      ? ['with: another colleague of the same estate is needed']
      : []),
  ]
  if (who === null || other === null || wrong.length > 0) return refuse(response, 400, wrong)
  const taken = ownOf(company, 'swap', who.id).find((c) => overlaps(c, parsed.data))
  if (taken) return refuse(response, 409, [`who: swap ${taken.id} already covers part of this time`])
  if (shiftsOf(company, who.id, parsed.data).length === 0)
    return refuse(response, 400, ['who: has no shift on the roster in this time'])
  if (!isAtWork(company, other.id, Math.max(from, parts.clock.now())))
    return refuse(response, 409, ['with: is on leave then'])
  await ordered(parts, response, who.id, { do: 'swap', with: other.id, from, until, by: null }, 'swap')
}

/** Answers the new row's id. */
async function ordered(
  { store, inbox }: ApiParts,
  response: Response,
  staff: StaffId,
  act: DutyAct,
  kind: DutyChange['kind'],
): Promise<void> {
  if (!(await told(inbox, response, staff, act))) return
  const id = store.duty.newestOf(staff)?.id
  response.status(201).location(`/api/duty/${kind}/${id}`).json({ id })
}

async function end(parts: ApiParts, kind: DutyChange['kind'], id: string, response: Response): Promise<void> {
  const change = changesOf(companyNow(parts)).find((c) => c.kind === kind && String(c.id) === id)
  if (!change) return refuse(response, 404, [`there is no such ${kind} that still holds`])
  const act = { do: kind === 'leave' ? 'endLeave' : 'endSwap', change: change.id, by: null } as const
  if (await told(parts.inbox, response, change.staff, act)) response.status(204).end()
}

/** Answers which cases go, and which stay and why. */
async function handOver(parts: ApiParts, body: unknown, response: Response): Promise<void> {
  const parsed = newHandOver.safeParse(body)
  if (!parsed.success) return refuse(response, 400, problems(parsed.error))
  const company = companyNow(parts)
  const [from, to] = [askable(company, parsed.data.from), askable(company, parsed.data.to)]
  const wrong = [
    ...(from ? [] : [unknown('from', parsed.data.from)]),
    ...(to ? [] : [unknown('to', parsed.data.to)]),
    ...(from && to && !areColleagues(company, from, to)
      ? ['to: another colleague of the same estate is needed']
      : []),
  ]
  if (from === null || to === null || wrong.length > 0) return refuse(response, 400, wrong)
  if (!isAtWork(company, to.id, parts.clock.now())) return refuse(response, 409, ['to: is on leave'])
  const reason = parsed.data.reason ?? null
  const context = {
    now: parts.clock.now(),
    company,
    companyAt: (version: number) => companyAt(parts.store.companies, version),
  }
  const cases = ownedBy(parts, from.id).map((c) => ({
    number: c.number,
    why: refusalOf(c, { type: 'handOver', by: from.id, to: to.id, reason, all: { by: null } }, context),
  }))
  const act = { do: 'handAll', to: to.id, by: null, reason } as const
  if (!(await told(parts.inbox, response, from.id, act))) return
  response.json({
    handed: cases.filter((c) => c.why === null).map((c) => c.number),
    kept: cases.filter((c) => c.why !== null),
  })
}

/** Open, theirs, and not done yet. */
function ownedBy({ store }: ApiParts, staff: StaffId): readonly Complaint[] {
  return store.complaints
    .allHeldBy(staff)
    .map((row) => readStored(complaintSchema, row.state, 'complaints', row.id))
    .filter((c) => isWorkedOn(c, staff))
}

async function told(
  inbox: ApiParts['inbox'],
  response: Response,
  staff: StaffId,
  act: DutyAct,
): Promise<boolean> {
  try {
    await inbox.submit({ to: 'staff', id: staff }, { type: 'duty', act })
    return true
  } catch (error) {
    if (!(error instanceof TurnFailed)) throw error
    refuse(response, 503, ['stored, but not decided yet: it is tried again by itself, do not repeat it'])
    return false
  }
}

/** Whoever can be asked to work: nobody else needs a leave, and nobody else can take anything over. */
function askable(company: Company, id: string): Staff | null {
  const staff = findStaff(company, id as StaffId)
  return staff !== null && canOwn(staff) ? staff : null
}

const unknown = (field: string, id: string): string =>
  `${field}: nobody in the estate file who is active and has a 企业微信 account is called ${id}`

/** Two people of one estate, or of the company. */
function areColleagues(company: Company, a: Staff, b: Staff): boolean {
  const [one, other] = [homeOf(company, a.id), homeOf(company, b.id)]
  return a.id !== b.id && (one === other || one === null || other === null)
}

const ownOf = (company: Company, kind: DutyChange['kind'], staff: StaffId): readonly DutyChange[] =>
  changesOf(company).filter((c) => c.kind === kind && c.staff === staff)

function wrongSpan({ from, until }: Span, now: Instant): readonly string[] {
  if (until <= from) return ['until: must be after from']
  if (until <= now) return ['until: must not be over already']
  return until - from > longest
    ? ['until: more than a year is no leave: set active: false in the estate file']
    : []
}

const times = ({ from, until }: Span) => ({ from: iso(from), until: iso(until) })
const iso = (at: Instant): string => new Date(at).toISOString()

const problems = (error: z.ZodError): readonly string[] =>
  error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)

const refuse = (response: Response, status: number, error: readonly string[]): void =>
  void response.status(status).json({ error })
