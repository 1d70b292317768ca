import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface AlarmPost {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: Record<string, unknown>
  /** By the rule of docs/running.md, with the secret this service knows. */
  readonly signed: boolean
}

export interface AlarmService {
  readonly url: string
  readonly posts: readonly AlarmPost[]
  /** The next answers in order; afterwards 204. */
  answers(...answers: readonly ((response: ServerResponse) => void)[]): void
  close(): Promise<void>
}

export const ALARM_SECRET = 'a-secret-of-both-sides'

/** A service that telephones, played on loopback: it keeps what it was given and checks who signed it. */
export async function anAlarmService(): Promise<AlarmService> {
  const posts: AlarmPost[] = []
  const scripted: ((response: ServerResponse) => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      posts.push({
        path: `${request.method} ${request.url}`,
        headers: request.headers,
        text,
        json: JSON.parse(text) as Record<string, unknown>,
        signed: isSigned(request.headers, text),
      })
      const answer = scripted.shift() ?? status(204)
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ring?line=1`,
    posts,
    answers: (...answers) => void scripted.push(...answers),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end('words of the service')

function isSigned(headers: IncomingHttpHeaders, text: string): boolean {
  const timestamp = String(headers['x-complaint-line-timestamp'])
  const given = Buffer.from(String(headers['x-complaint-line-signature']))
  const hmac = createHmac('sha256', ALARM_SECRET).update(`${timestamp}.${text}`).digest('hex')
  const expected = Buffer.from(`v1=${hmac}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
