import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that reached the server. */
export interface ScriptedCall {
  readonly method: string
  /** Below `/cgi-bin/`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** The body as JSON. */
  readonly json: Record<string, unknown>
}

export type ScriptedReply = (response: ServerResponse, call: ScriptedCall) => void

export interface ScriptedWecom {
  /** What `apiBase` is to be. */
  readonly base: string
  callsOf(path: string): readonly ScriptedCall[]
  /** The next answers to a path in order; afterwards the path answers well again. */
  answers(path: string, ...replies: readonly ScriptedReply[]): void
  close(): Promise<void>
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): ScriptedReply =>
  (response) => {
    response
      .writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers })
      .end(JSON.stringify(body))
  }

/** The way the platform reports an error: HTTP 200, with a text that nobody should read. */
export const errcode = (code: number): ScriptedReply =>
  json({ errcode: code, errmsg: `secret words, hint: [1], from ip: 203.0.113.7, e=${code}` })

export const raw =
  (body: string | Buffer, type: string, status = 200): ScriptedReply =>
  (response) => {
    response.writeHead(status, { 'content-type': type }).end(body)
  }

/** Takes the request and cuts the connection. */
export const hangUp: ScriptedReply = (response) => response.socket?.destroy()

/** A loopback server that answers WeCom's API by a script, and well where there is none. It knows no rules. */
export async function scriptedWecom(): Promise<ScriptedWecom> {
  const calls: ScriptedCall[] = []
  const scripts = new Map<string, ScriptedReply[]>()
  let tokens = 0
  let messages = 0

  const well = (path: string): ScriptedReply => {
    if (path === 'gettoken')
      return json({ errcode: 0, errmsg: 'ok', access_token: `token-${++tokens}`, expires_in: 7200 })
    if (path === 'message/send') return json({ errcode: 0, errmsg: 'ok', msgid: `msg-${++messages}` })
    if (path === 'media/upload') {
      return json({
        errcode: 0,
        errmsg: '',
        type: 'file',
        media_id: `media-${calls.length}`,
        created_at: '1380000000',
      })
    }
    return json({ errcode: 0, errmsg: 'ok' })
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://loopback')
      const body = Buffer.concat(chunks)
      const call: ScriptedCall = {
        method: request.method ?? '',
        path: url.pathname.replace('/cgi-bin/', ''),
        query: url.searchParams,
        headers: request.headers,
        body,
        get json() {
          return JSON.parse(body.toString('utf8')) as Record<string, unknown>
        },
      }
      calls.push(call)
      const reply = scripts.get(call.path)?.shift() ?? well(call.path)
      reply(response, call)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callsOf: (path) => calls.filter((call) => call.path === path),
    answers: (path, ...replies) => void scripts.set(path, [...(scripts.get(path) ?? []), ...replies]),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
