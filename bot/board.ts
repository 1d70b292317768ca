import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { IServerAdapter } from '@bull-board/api/typings/app'
import { ExpressAdapter } from '@bull-board/express'
import express, { type Express, type RequestHandler, type Router } from 'express'
import { seconds } from '../workflows/ids.ts'
import type { BullmqTimers } from './timers/bullmq.ts'

export const BOARD_PATH = '/admin/queues'

/** The board's page asks a font of a public server; nothing but this program is asked here. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Whoever looks waits so long for Redis; BullMQ itself waits until it is back. */
const PATIENCE = seconds(1.5)

const AWAY =
  'Redis does not answer, so that the queue cannot be shown; what is due is found in the database meanwhile'

/**
 * Bull Board over the timers' queue, behind the admin token. To look at alone: a job is only a wake-up of a row, so there
 * is nothing to mend in the queue, and a browser that remembers the password must not be led into changing anything.
 */
export function createBoard(timers: BullmqTimers, guard: RequestHandler): Router {
  const adapter = new ExpressAdapter().setBasePath(BOARD_PATH)
  createBullBoard({
    queues: [new BullMQAdapter(timers.queue, { readOnlyMode: true, allowRetries: false })],
    // The adapter may bring another patch of the api, whose private fields TypeScript takes for another type.
    serverAdapter: adapter as unknown as IServerAdapter,
    options: { uiConfig: { boardTitle: 'complaint line' } },
  })
  const pages = adapter.getRouter() as Express
  pages.disable('x-powered-by')
  const router = express.Router()
  router.use(guard, (request, response, next) => {
    response.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' })
    if (request.method === 'GET' || request.method === 'HEAD') next()
    else response.status(405).set('Allow', 'GET, HEAD').json({ error: 'the board only shows' })
  })
  router.use(async (request, response, next) => {
    if (request.path.startsWith('/static/') || (await timers.answers(PATIENCE))) next()
    else if (request.path.startsWith('/api/')) response.status(503).json({ error: AWAY })
    else response.status(503).type('text').send(`${AWAY}\n`)
  })
  router.use(pages)
  return router
}
