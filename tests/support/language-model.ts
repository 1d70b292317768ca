import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ModelRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The body as it came over the wire. */
  readonly text: string
  readonly json: {
    readonly model: string
    readonly messages: readonly { readonly role: string; readonly content: string }[]
    readonly response_format?: { readonly type: string }
    readonly max_tokens?: number
  }
}

export type ModelAnswer = (response: ServerResponse, request: ModelRequest) => void

export interface LanguageModel {
  /** Of `LLM_BASE_URL`. */
  readonly url: string
  readonly requests: readonly ModelRequest[]
  /** How it answers from now on. */
  answer: ModelAnswer
  close(): Promise<void>
}

/** An OpenAI-compatible model, played on loopback: it keeps what it was asked and answers what the test says. */
export async function aLanguageModel(answer: ModelAnswer = says('{}')): Promise<LanguageModel> {
  const requests: ModelRequest[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const asked = {
        path: `${request.method} ${request.url}`,
        headers: request.headers,
        text,
        json: JSON.parse(text) as ModelRequest['json'],
      }
      requests.push(asked)
      model.answer(response, asked)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const model: LanguageModel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    answer,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return model
}

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** A whole answer whose content is this; JSON unless it is a string already. */
export const says =
  (content: unknown, finish = 'stop', refusal: string | null = null): ModelAnswer =>
  (response) => {
    json(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'played',
      choices: [
        {
          index: 0,
          finish_reason: finish,
          message: {
            role: 'assistant',
            content: typeof content === 'string' ? content : JSON.stringify(content),
            ...(refusal === null ? {} : { refusal }),
          },
        },
      ],
      usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
    })
  }

export const faults =
  (status: number, message = 'words of the server'): ModelAnswer =>
  (response) =>
    json(response, status, { error: { message, type: 'invalid_request_error' } })

/** Keeps the connection alive with blank lines, as busy providers do, and never answers. */
export const neverAnswers: ModelAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const beat = setInterval(() => response.write('\n'), 20)
  response.on('close', () => clearInterval(beat))
}

/** Writes on and on. */
export const neverEnds: ModelAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = setInterval(() => response.write('x'.repeat(16_384)), 1)
  response.on('close', () => clearInterval(more))
}
