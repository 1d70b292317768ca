import { createReadStream } from 'node:fs'
import { randomUUID } from 'node:crypto'
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { z } from 'zod'
import type { Store } from '../db/store.ts'
import { readStored } from '../db/stored.ts'
import { complaintSchema, isOpen, type Complaint } from '../workflows/complaint/state.ts'
import { findEstate, findStaff, staffOf, type Company, type Staff } from '../workflows/estate.ts'
import type { ComplaintId, EstateId, MediaId, StaffId } from '../workflows/ids.ts'
import { registrationByHand } from '../workflows/intake/index.ts'
import type { KeepFor } from '../workflows/kept.ts'
import { runningPause } from '../workflows/pauses.ts'
import { maskedPhone, maskedWords } from '../workflows/phrases/cards.ts'
import { dutyApi } from './api-duty.ts'
import { rightsApi } from './api-rights.ts'
import { keepingApi } from './api-keeping.ts'
import { policyApi } from './api-policy.ts'
import type { Clock } from './clock.ts'
import type { MediaFile } from './delivery.ts'
import { TurnFailed, type Inbox } from './inbox.ts'
import type { RetentionKeeper } from './retention.ts'

export interface ApiParts {
  readonly store: Store
  readonly inbox: Inbox
  readonly clock: Clock
  readonly company: () => Company
  /** Files as others may see them. */
  readonly mediaFile: (id: MediaId) => MediaFile
  readonly retention: Pick<RetentionKeeper, 'run'>
  readonly keep: KeepFor
  /** A language model reads along. */
  readonly model: boolean
  /** Lets through only who may use the API. */
  readonly guard: RequestHandler
}

const newComplaint = z.strictObject({
  estate: z.string(),
  text: z.string().trim().min(1).max(5_000),
  household: z
    .strictObject({
      building: z.string().max(20),
      unit: z.string().max(20).nullish(),
      room: z.string().max(20).nullish(),
    })
    .optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9][0-9 -]{5,18}$/)
    .optional(),
  reportedAt: z.iso.datetime({ offset: true }).optional(),
})

/** Only a call that was answered is told of: one that was not changes nothing, the alert goes on by itself. */
const answeredCall = z.strictObject({ staff: z.string().max(64), answered: z.literal(true) })

const listQuery = z.strictObject({
  estate: z.string().optional(),
  open: z.enum(['true', 'false']).optional(),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/**
 * The API behind the bearer token. A case registered by hand lives the same life as any. What is read here is masked as
 * domain.md 6.1 masks it for a handler: no full number, no full name.
 */
export function createApi(parts: ApiParts): Router {
  const router = express.Router()
  router.use(parts.guard)
  router.use(express.json({ limit: '64kb', inflate: false }))
  router.post('/complaints', (request, response, next) => {
    post(parts, request, response).catch(next)
  })
  router.get('/complaints', (request, response) => list(parts, request, response))
  router.get('/complaints/:number', (request, response) => show(parts, request, response))
  router.post('/complaints/:number/calls', (request, response, next) => {
    call(parts, request, response).catch(next)
  })
  router.use('/policy', policyApi(parts))
  router.use('/duty', dutyApi(parts))
  router.use(keepingApi(parts))
  router.use(rightsApi(parts))
  router.get('/media/:id', (request, response) => sendFile(parts, request, response))
  router.get('/undelivered', (_request, response) => {
    const { undelivered, dead } = parts.store.reads
    response.json({ undelivered: undelivered(200).map(dated), dead: dead(200).map(dated) })
  })
  router.post('/undelivered/:id/seen', (request, response, next) => {
    seen(parts, request, response).catch(next)
  })
  router.post('/dead/:id/retry', (request, response, next) => {
    retry(parts, request, response).catch(next)
  })
  return router
}

async function post(
  { inbox, clock, company }: ApiParts,
  request: Request,
  response: Response,
): Promise<void> {
  const parsed = newComplaint.safeParse(request.body)
  if (!parsed.success) return void response.status(400).json({ error: problems(parsed.error) })
  const body = parsed.data
  const estate = findEstate(company(), body.estate as EstateId)
  if (!estate) {
    const known = company()
      .estates.map((e) => e.id)
      .join(', ')
    return void response
      .status(400)
      .json({ error: [`estate: there is no estate ${body.estate}; known: ${known}`] })
  }
  const reportedAt = body.reportedAt ? Date.parse(body.reportedAt) : null
  if (reportedAt !== null && reportedAt > clock.now()) {
    return void response.status(400).json({ error: ['reportedAt: must not be in the future'] })
  }
  const household = body.household
    ? {
        building: body.household.building,
        unit: body.household.unit ?? null,
        room: body.household.room ?? null,
      }
    : null
  const phone = body.phone?.replace(/[ -]/g, '') ?? null
  const registration = registrationByHand(
    { estate: estate.id, text: body.text, household, phone, reportedAt },
    { now: clock.now(), company: company(), companyAt: company },
  )
  // The same Idempotency-Key registers once, however often a client repeats a request whose answer it lost.
  const given = request.get('idempotency-key')?.trim() ?? ''
  const id = given === '' ? randomUUID() : given
  try {
    const { number } = await inbox.register(
      { account: 'by-hand', id, facts: { estate: estate.id, household, phone } },
      registration,
    )
    response.status(201).location(`/api/complaints/${number}`).json({ number })
  } catch (error) {
    if (!(error instanceof TurnFailed)) throw error
    response
      .status(503)
      .json({ error: ['stored, but not registered yet: repeat with the same Idempotency-Key'] })
  }
}

function list({ store }: ApiParts, request: Request, response: Response): void {
  const parsed = listQuery.safeParse(request.query)
  if (!parsed.success) return void response.status(400).json({ error: problems(parsed.error) })
  const { estate, open, before, limit } = parsed.data
  const rows = store.reads.list({
    estate: (estate as EstateId | undefined) ?? null,
    open: open === undefined ? null : open === 'true',
    before: (before as ComplaintId | undefined) ?? null,
    limit,
  })
  response.json({
    complaints: rows.map((row) => ({ ...row, receivedAt: iso(row.receivedAt), closedAt: iso(row.closedAt) })),
    next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
  })
}

function show({ store }: ApiParts, request: Request, response: Response): void {
  const number = String(request.params.number)
  const c = numbered(store, number)
  if (!c) return void response.status(404).json({ error: `there is no complaint ${number}` })
  response.json({
    ...shown(c),
    timeline: store.complaints
      .timeline(c.id)
      .map((e) => ({ ...e, words: e.words && maskedWords(e.words), at: iso(e.at) })),
  })
}

function numbered(store: Store, number: string): Complaint | null {
  const row = store.complaints.numbered(number)
  return row ? readStored(complaintSchema, row.state, 'complaints', row.id) : null
}

/**
 * A service that telephones reached somebody: they have heard of the case, as if they had answered themselves. Since that
 * counts as reached, it is taken of those alone who may have the case or look after it.
 */
async function call(
  { store, inbox, company }: ApiParts,
  request: Request,
  response: Response,
): Promise<void> {
  const parsed = answeredCall.safeParse(request.body)
  if (!parsed.success) return void response.status(400).json({ error: problems(parsed.error) })
  const number = String(request.params.number)
  const c = numbered(store, number)
  if (!c) return void response.status(404).json({ error: `there is no complaint ${number}` })
  const staff = findStaff(company(), parsed.data.staff as StaffId)
  if (!staff?.active)
    return void response
      .status(400)
      .json({ error: [`staff: nobody active in the estate file is ${parsed.data.staff}`] })
  const mayNot = mayNotHear(c, staff, company())
  if (mayNot) return void response.status(409).json({ error: [mayNot] })
  try {
    await inbox.submit({ to: 'complaint', id: c.id }, { type: 'seen', by: staff.id, how: 'call' })
    response.status(201).json({ number })
  } catch (error) {
    if (!(error instanceof TurnFailed)) throw error
    response.status(202).json({ error: ['stored, and decided later'] })
  }
}

/** Why a call to this person answers for nothing in the case; null: it counts. */
function mayNotHear(c: Complaint, staff: Staff, company: Company): string | null {
  if (!isOpen(c.status)) return `${c.number} is over: nothing of it waits for anybody`
  if (c.subjects.includes(staff.id))
    return `staff: ${c.number} is about ${staff.id}, who may not answer for it`
  if (staffOf(company, findEstate(company, c.estate)).some((s) => s.id === staff.id)) return null
  return `staff: ${staff.id} belongs neither to the estate of ${c.number} nor to the company's own people`
}

function shown(c: Complaint) {
  const { about } = c
  const paused = runningPause(c)
  return {
    number: c.number,
    estate: c.estate,
    status: c.status,
    onHold: iso(c.onHold),
    kind: c.kind,
    code: c.code,
    severity: c.severity,
    channel: c.channel,
    owner: c.owner,
    place: about.place,
    summary: about.summary,
    words: maskedWords(about.words),
    demand: about.demand,
    happened: about.happened,
    resident: c.anonymous
      ? null
      : { name: about.name, phone: about.phone && maskedPhone(about.phone), household: about.household },
    danger: c.danger,
    media: c.media,
    responsibility: c.responsibility,
    findings: about.findings.map(maskedWords),
    plan: about.plan,
    result: about.result,
    promises: c.promises.map((p) => ({
      ...p,
      at: iso(p.at),
      told: iso(p.told),
      kept: iso(p.kept),
      replaced: iso(p.replaced),
    })),
    deadlines: c.deadlines.map(({ step, from, due, fired }) => ({
      step,
      from: iso(from),
      due: iso(due),
      fired,
    })),
    /** The resolve clock stands still, for one of the reasons of domain.md 2.4. */
    paused: paused && { since: iso(paused.from), until: iso(paused.until), reason: paused.why },
    /** Somebody else has it to do; the property answers for it all the same. */
    transfer: c.transferred && { to: c.transferred.who, since: iso(c.transferred.at) },
    /** What did not reach the resident, until somebody has told them by telephone. */
    untold: c.untold && {
      since: iso(c.untold.since),
      reason: c.untold.why,
      lines: c.untold.lines.map(maskedWords),
    },
    rating: c.rating?.stars ?? null,
    closure: c.closure,
    receivedAt: iso(c.marks.received),
    closedAt: iso(c.marks.closed),
  }
}

/** Somebody has seen that a message did not arrive, and has done what is to be done: it warns no more. */
async function seen({ store, inbox }: ApiParts, request: Request, response: Response): Promise<void> {
  const id = idIn(request)
  const done = id !== null && (await inbox.write(() => store.outbox.seen(id)))
  if (!done) return void response.status(404).json({ error: 'there is no such undelivered message' })
  response.status(204).end()
}

/** An event no turn could decide is tried once more, such as after a repair. */
async function retry({ store, inbox }: ApiParts, request: Request, response: Response): Promise<void> {
  const id = idIn(request)
  const row = id === null ? null : store.inbox.byId(id)
  if (row?.state !== 'dead') return void response.status(404).json({ error: 'there is no such dead event' })
  const decided = await inbox.tryAgain(row.id)
  if (decided) response.status(204).end()
  else response.status(409).json({ error: 'the event could not be decided this time either: see the log' })
}

function idIn(request: Request): number | null {
  const id = String(request.params.id)
  return /^\d{1,15}$/.test(id) ? Number(id) : null
}

const dated = <Row extends { readonly createdAt: number } | { readonly receivedAt: number }>(row: Row) =>
  'createdAt' in row ? { ...row, createdAt: iso(row.createdAt) } : { ...row, receivedAt: iso(row.receivedAt) }

/** Stranger-supplied bytes: never shown inline, never guessed at. */
function sendFile({ mediaFile }: ApiParts, request: Request, response: Response): void {
  const id = Number(request.params.id)
  const file = Number.isSafeInteger(id) ? mediaFile(id as MediaId) : null
  if (file?.state !== 'saved')
    return void response.status(404).json({ error: 'there is no such file, or it was not saved' })
  response.set({
    'Content-Type': file.body.mime,
    'Content-Disposition': 'attachment',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  })
  createReadStream(file.body.path)
    .on('error', () => response.status(404).end())
    .pipe(response)
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const problems = (error: z.ZodError): readonly string[] =>
  error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
