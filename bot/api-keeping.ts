import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import type { ComplaintEvent } from '../workflows/complaint/events.ts'
import type { ApiParts } from './api.ts'
import { TurnFailed } from './inbox.ts'

const why = z.strictObject({ reason: z.string().trim().min(1).max(500) })

/**
 * `POST` and `DELETE /complaints/<number>/hold {"reason": "…"}`: nothing of the case is deleted while it is on hold; the
 * reason stands on its timeline. `POST /retention`: blanks now what was kept long enough, and answers how much.
 */
export function keepingApi(parts: ApiParts): Router {
  const router = express.Router()
  router.post('/complaints/:number/hold', (request, response, next) => {
    decide(parts, 'hold', request, response).catch(next)
  })
  router.delete('/complaints/:number/hold', (request, response, next) => {
    decide(parts, 'release', request, response).catch(next)
  })
  router.post('/retention', (_request, response, next) => {
    parts.retention.run().then((blanked) => response.json(blanked), next)
  })
  return router
}

async function decide(
  { store, inbox }: ApiParts,
  type: Extract<ComplaintEvent['type'], 'hold' | 'release'>,
  request: Request,
  response: Response,
): Promise<void> {
  const parsed = why.safeParse(request.body)
  if (!parsed.success)
    return void response.status(400).json({ error: ['reason: why, in 1 to 500 characters, is needed'] })
  const number = String(request.params.number)
  const row = store.complaints.numbered(number)
  if (!row) return void response.status(404).json({ error: `there is no complaint ${number}` })
  try {
    await inbox.submit({ to: 'complaint', id: row.id }, { type, reason: parsed.data.reason })
    response.json({ number, onHold: type === 'hold' })
  } catch (error) {
    if (!(error instanceof TurnFailed)) throw error
    response.status(202).json({ error: ['stored, and decided later'] })
  }
}
