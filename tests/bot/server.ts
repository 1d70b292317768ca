import { rmSync } from 'node:fs'
import type { Router } from 'express'
import { createApi } from '../../bot/api.ts'
import { requireToken } from '../../bot/admin-token.ts'
import type { HealthParts } from '../../bot/health.ts'
import { close, createApp, listen } from '../../bot/http.ts'
import type { Logger } from '../../bot/log.ts'
import { createRetention } from '../../bot/retention.ts'
import { createMetrics } from '../../bot/metrics.ts'
import type { Steps } from '../../bot/turn.ts'
import { aFolder, anEngine, keptFor, quiet, type Engine, type EngineOptions } from '../support/engine.ts'
import type { createFakeSteps } from '../support/fake-steps.ts'

export const TOKEN = 'a-token-for-tests-only'

export interface Server<S extends Steps = ReturnType<typeof createFakeSteps>> {
  readonly engine: Engine<S>
  readonly url: string
  /** What `/readyz` is told beside the engine's own state. */
  readonly health: {
    stopping: boolean
    unwritable: string | null
    channelTroubles: string[]
    shareTroubles: string[]
  }
  /** With the token unless told otherwise. JSON where the answer is JSON, else text; null when there is none. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; body: unknown; headers: Headers }>
  post(path: string, body?: unknown, headers?: Record<string, string>): ReturnType<Server['ask']>
  stop(): Promise<void>
}

export interface ServerOptions<S extends Steps> extends EngineOptions<S> {
  readonly fullLog?: Logger
  /** Platform callbacks by path, handing what they receive to this engine. */
  readonly callbacks?: (engine: Engine<S>) => Readonly<Record<string, Router>>
}

/** The program's HTTP over the engine with fake steps, on a free port of loopback. */
export async function aServer<S extends Steps = ReturnType<typeof createFakeSteps>>(
  options: ServerOptions<S> = {},
): Promise<Server<S>> {
  const dir = options.dir ?? aFolder()
  const engine = await anEngine<S>({ ...options, dir })
  const health: Server['health'] = {
    stopping: false,
    unwritable: null,
    channelTroubles: [],
    shareTroubles: [],
  }
  const metrics = createMetrics(engine.store, engine.clock)
  const shares = {
    names: ['chores', 'channel:wecom'],
    held: () => ['chores'],
    troubles: () => health.shareTroubles,
  }
  metrics.watch(shares)
  const healthParts: HealthParts = {
    store: engine.store,
    clock: engine.clock,
    channels: [{ ...engine.wechat, troubles: () => health.channelTroubles }],
    startWarnings: [],
    shares,
    troubles: () => [...engine.inbox.troubles(), ...engine.outbox.troubles()],
    stopping: () => health.stopping,
    unwritable: () => health.unwritable,
  }
  const app = createApp({
    health: healthParts,
    metrics,
    log: options.fullLog ?? (quiet as unknown as Logger),
    callbacks: options.callbacks?.(engine) ?? {},
    api: createApi({
      store: engine.store,
      inbox: engine.inbox,
      clock: engine.clock,
      company: () => engine.company,
      mediaFile: (id) => engine.media.forOthers(id),
      retention: createRetention({ ...engine, keep: keptFor, log: quiet }),
      keep: keptFor,
      model: false,
      guard: requireToken(TOKEN),
    }),
    board: null,
    demo: null,
  })
  const { server, port } = await listen(app, '127.0.0.1', 0)
  const url = `http://127.0.0.1:${port}`

  async function ask(path: string, init: RequestInit = {}): ReturnType<Server['ask']> {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string> | undefined) },
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? null : isJson ? (JSON.parse(text) as unknown) : text,
    }
  }

  return {
    engine,
    url,
    health,
    ask,
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async stop() {
      await close(server, 50)
      await engine.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
