import express, { type Router } from 'express'
import { z } from 'zod'
import { findEstate } from '../workflows/estate.ts'
import type { EstateId } from '../workflows/ids.ts'
import type { ApiParts } from './api.ts'
import { applyPolicy } from './apply-policy.ts'

const wanted = z.strictObject({ estate: z.string() })

/**
 * `POST /policy/apply {"estate": "hefeng"}`: the estate's open cases take policy and calendar of the estate file as it was
 * read at the last start. Answers how many did, and under which version.
 */
export function policyApi({ store, inbox, company }: ApiParts): Router {
  const router = express.Router()
  router.post('/apply', (request, response, next) => {
    const parsed = wanted.safeParse(request.body)
    const now = company()
    const estate = parsed.success ? findEstate(now, parsed.data.estate as EstateId) : null
    if (!estate) {
      const known = now.estates.map((e) => e.id).join(', ')
      response.status(400).json({ error: [`estate: the id of an estate is needed; known: ${known}`] })
      return
    }
    applyPolicy({ store, inbox }, now, estate.id).then(
      (applied) => response.json({ estate: estate.id, version: now.version, ...applied }),
      next,
    )
  })
  return router
}
