import express from 'express'
import type { ErrorRequestHandler, Request, Router } from 'express'
import type { Logger } from 'pino'
import type { Instant } from '../../workflows/ids.ts'
import type { Inbound, Receive } from '../channel.ts'
import { readBody } from './body.ts'
import { BadEnvelope, isSigned, open } from './envelope.ts'
import type { Sealed } from './envelope.ts'
import { toInbound } from './inbound.ts'
import { Refused } from './refused.ts'
import { BadXml, readXml, textOf } from './xml.ts'

export interface CallbackParts {
  readonly corpId: string
  readonly token: string
  readonly aesKey: string
  readonly account: string
  readonly clock: () => Instant
  /** Whether a signed callback's time is close enough to ours. */
  readonly isCurrent: (at: Instant) => boolean
  /** Resolves once what came in is stored for good. */
  readonly receive: Receive
  /** Hears of everything that was received, after it was stored. */
  readonly received: (inbound: Inbound) => void
  readonly log: Logger
}

/**
 * GET (the address is verified) and POST (messages and events) of platforms.md 2. Reads the raw body, so nothing before
 * it may have read it. Answers 200 with an empty body after `receive` resolved, 500 when it rejected (the platform then
 * sends it again), 4xx when the callback cannot be the platform's.
 */
export function callbackRouter(parts: CallbackParts): Router {
  const router = express.Router()

  router.get('/', (req, res) => {
    const plaintext = openFor(parts, sealedOf(req, queryText(req, 'echostr')))
    // Exactly these bytes: no quotes, BOM or newline.
    res.status(200).type('text/plain').send(plaintext)
  })

  router.post('/', async (req, res) => {
    const body = await readBody(req)
    const envelope = read(() => readXml(body.toString('utf8')))
    const plaintext = openFor(parts, sealedOf(req, textOf(envelope, 'Encrypt') ?? ''))
    const inbound = read(() => toInbound(plaintext, parts.account, parts.clock()))
    await store(parts.receive, inbound)
    res.status(200).end()
    parts.received(inbound)
  })

  router.use(answerErrors(parts.log))
  return router
}

/** Signature, then time, then decryption: whoever does not know the token learns nothing and costs nothing. */
function openFor(parts: CallbackParts, sealed: Sealed): string {
  if (!isSigned(parts.token, sealed)) throw new Refused(401, 'the signature does not match')
  if (!/^\d{1,12}$/.test(sealed.timestamp)) throw new Refused(400, 'the timestamp is no number of seconds')
  if (!parts.isCurrent(Number(sealed.timestamp) * 1_000)) throw new Refused(403, 'outside the time window')
  return read(() => open(parts.aesKey, parts.corpId, sealed.encrypt))
}

function sealedOf(req: Request, encrypt: string): Sealed {
  if (encrypt === '') throw new Refused(400, 'nothing encrypted in it')
  return {
    signature: queryText(req, 'msg_signature'),
    timestamp: queryText(req, 'timestamp'),
    nonce: queryText(req, 'nonce'),
    encrypt,
  }
}

function queryText(req: Request, name: string): string {
  const value = req.query[name]
  if (typeof value !== 'string' || value === '') throw new Refused(400, `${name} is missing or given twice`)
  return value
}

function read<T>(reading: () => T): T {
  try {
    return reading()
  } catch (error) {
    if (error instanceof BadEnvelope || error instanceof BadXml) throw new Refused(400, error.message)
    throw error
  }
}

/** Whatever the store threw, the answer is 500; and its text may hold what the person wrote, so it goes no further. */
async function store(receive: Receive, inbound: Inbound): Promise<void> {
  try {
    await receive(inbound)
  } catch (error) {
    throw new Refused(500, `not stored: ${error instanceof Error ? error.name : typeof error}`)
  }
}

/** Neither the body nor who wrote it is logged. */
function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    const status = error instanceof Refused ? error.status : 500
    const reason =
      error instanceof Error ? (error instanceof Refused ? error.message : error.name) : 'unknown'
    if (status < 500) log.warn({ status, reason }, 'callback refused')
    else log.error({ reason }, 'callback not stored; WeCom will send it again')
    // What is left of a refused body is not worth reading.
    if (!req.complete) res.set('connection', 'close')
    res.status(status).end()
  }
}
