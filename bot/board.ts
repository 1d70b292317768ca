import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { IServerAdapter } from '@bull-board/api/typings/app'
import { ExpressAdapter } from '@bull-board/express'
import type { Queue } from 'bullmq'
import express, { type Express, type RequestHandler, type Router } from 'express'

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

/**
 * Bull Board over the timers' queue, behind the admin token. To look at alone: a job is only a wake-up of a row, so there
 * is nothing to mend in the queue, and a browser that remembers the password must not be led into changing anything.
 */
export function createBoard(queue: Queue, guard: RequestHandler): Router {
  const adapter = new ExpressAdapter().setBasePath(BOARD_PATH)
  createBullBoard({
    queues: [new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false })],
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
  router.use(pages)
  return router
}
