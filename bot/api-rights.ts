import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import type { Store } from '../db/store.ts'
import { readStored } from '../db/stored.ts'
import { complaintSchema, type Complaint } from '../workflows/complaint/state.ts'
import { findEstate, findStaff } from '../workflows/estate.ts'
import { copyFor } from '../workflows/phrases/kept.ts'
import type { ApiParts } from './api.ts'
import { TurnFailed } from './inbox.ts'
import { keptOfPerson } from './kept.ts'

const why = z.object({ reason: z.string().trim().min(1).max(500) })

/**
 * `GET /complaints/<number>/export?reason=…`: all that is kept of the resident of that case, for whoever answers a written
 * request after checking who asks (domain.md 6.1, Requests). `text` is for the resident to read; the files are at
 * `/media/<id>`. That it was given, and why, is on the timeline of each of their cases before it is.
 */
export function rightsApi(parts: ApiParts): Router {
  const router = express.Router()
  router.get('/complaints/:number/export', (request, response, next) => {
    give(parts, request, response).catch(next)
  })
  router.post('/complaints/:number/forget', (request, response, next) => {
    forget(parts, request, response).catch(next)
  })
  return router
}

/**
 * `POST /complaints/<number>/forget`: the resident of that case is forgotten, as if they had asked for it in the chat.
 * Answers their cases, and which of those are kept for now since they are on hold.
 */
async function forget({ store, inbox }: ApiParts, request: Request, response: Response): Promise<void> {
  const number = String(request.params.number)
  const c = residentOf(store, number)
  if (c === null) return void response.status(404).json({ error: `there is no complaint ${number}` })
  const theirs = keptOfPerson(store, c.person).cases.map(({ complaint }) => complaint)
  try {
    await inbox.submit({ to: 'conversation', id: c.conversation }, { type: 'forget' })
    response.json({
      cases: theirs.map((one) => one.number),
      kept: theirs.filter((one) => one.onHold !== null).map((one) => one.number),
    })
  } catch (error) {
    if (!(error instanceof TurnFailed)) throw error
    response.status(202).json({ error: ['stored, and decided later'] })
  }
}

function residentOf(store: Store, number: string): Complaint | null {
  const row = store.complaints.numbered(number)
  return row ? readStored(complaintSchema, row.state, 'complaints', row.id) : null
}

async function give(parts: ApiParts, request: Request, response: Response): Promise<void> {
  const { store, inbox, clock, company, keep, model } = parts
  const parsed = why.safeParse(request.query)
  if (!parsed.success)
    return void response
      .status(400)
      .json({ error: ['reason: who asked and how they were recognised, in 1 to 500 characters, is needed'] })
  const number = String(request.params.number)
  const c = residentOf(store, number)
  if (c === null) return void response.status(404).json({ error: `there is no complaint ${number}` })
  const { person } = c
  for (const { id } of store.kept(person).cases) {
    try {
      await inbox.submit({ to: 'complaint', id }, { type: 'exported', reason: parsed.data.reason })
    } catch (error) {
      // Stored, and recorded later.
      if (!(error instanceof TurnFailed)) throw error
    }
  }
  const kept = keptOfPerson(store, person)
  const now = company()
  response.set('Cache-Control', 'no-store').json({
    number,
    cases: kept.cases.map(({ complaint }) => complaint.number),
    media: kept.files.filter((file) => file.kept).map((file) => file.id),
    text: copyFor(kept, {
      now: clock.now(),
      timezone: (findEstate(now, kept.facts.estate) ?? now.estates[0])?.calendar.timezone ?? 'Asia/Shanghai',
      company: now.name,
      keep,
      model,
      nameOf: (id) => findStaff(now, id)?.name ?? null,
      estateOf: (id) => findEstate(now, id)?.name ?? null,
    }),
  })
}
