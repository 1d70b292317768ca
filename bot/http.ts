import { createServer, type Server } from 'node:http'
import express, { type ErrorRequestHandler, type Router } from 'express'
import { BOARD_PATH } from './board.ts'
import { readiness, type HealthParts } from './health.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface HttpParts {
  readonly health: HealthParts
  readonly metrics: Metrics
  readonly log: Logger
  /** Platform callbacks by path, such as `/callbacks/wecom`; each reads its own body. */
  readonly callbacks: Readonly<Record<string, Router>>
  readonly api: Router
  /** What stands in the queue, for who has the admin token; null where there is no queue. */
  readonly board: Router | null
  /** The simulator's page; null in production. */
  readonly demo: Router | null
}

/** The program's HTTP: callbacks first (they want raw bodies), then health, metrics, API, pages. */
export function createApp(parts: HttpParts): express.Express {
  const app = express()
  app.disable('x-powered-by')
  app.use((request, response, next) => {
    response.set({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'X-Frame-Options': 'DENY',
    })
    // Read now: inside a router the path is what is left of it.
    const [, first = '', second = ''] = request.path.split('/')
    response.on('finish', () => {
      const route = ['api', 'callbacks'].includes(first) ? `/${first}/${second}` : `/${first}`
      parts.metrics.http.inc({
        route: known.has(route) ? route : 'other',
        status: String(response.statusCode),
      })
    })
    next()
  })
  for (const [path, router] of Object.entries(parts.callbacks)) app.use(path, router)
  app.get('/healthz', (_request, response) => void response.json({ up: true }))
  app.get('/readyz', (_request, response) => {
    const answer = readiness(parts.health)
    response.status(answer.ready ? 200 : 503).json(answer)
  })
  app.get('/metrics', async (_request, response) => {
    response.type(parts.metrics.registry.contentType).send(await parts.metrics.registry.metrics())
  })
  app.use('/api', parts.api)
  if (parts.board) app.use(BOARD_PATH, parts.board)
  if (parts.demo) {
    app.use(parts.demo)
    app.get('/', (_request, response) => response.redirect('/demo'))
  } else {
    app.get('/', (_request, response) => void response.type('text').send('complaint line: see /readyz\n'))
  }
  app.use((_request, response) => void response.status(404).json({ error: 'there is nothing here' }))
  app.use(answerError(parts.log))
  return app
}

const known = new Set([
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/demo',
  '/admin',
  '/api/complaints',
  '/api/media',
  '/api/policy',
  '/api/undelivered',
  '/api/dead',
  '/callbacks/wecom',
])

/** A body that is no JSON, or too large, is the caller's; everything else is ours and says no more than that. */
function answerError(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
    if (status >= 400 && status < 500) {
      response.status(status).json({ error: refusalOf(error, status) })
      return
    }
    log.error({ err: error }, 'a request failed')
    response.status(500).json({ error: 'the program could not do this; nothing was stored' })
  }
}

/** What the caller has to change. */
function refusalOf(error: unknown, status: number): string {
  if (error instanceof URIError) return 'the address is not valid: a % in it begins no character'
  switch (status) {
    case 413:
      return 'the body is too large'
    case 415:
      return 'the body must come as UTF-8 and not compressed'
    default:
      return 'the body is not valid JSON'
  }
}

/** Listens; resolves with the server and the port it got. Rejects where the port is taken. */
export function listen(
  app: express.Express,
  host: string,
  port: number,
): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer(app)
    // A callback must be answered within 5 s; a client that sends its headers slower than this is none.
    server.headersTimeout = 10_000
    server.requestTimeout = 30_000
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address ? address.port : port })
    })
  })
}

/** Stops taking requests, lets those under way end, and cuts the rest after `patience` ms. */
export function close(server: Server, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), patience)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
