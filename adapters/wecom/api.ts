import type { Logger } from 'pino'
import { minutes, seconds } from '../../workflows/ids.ts'
import type { Instant, Millis } from '../../workflows/ids.ts'
import { beforeSending, reasonOf } from '../connection.ts'
import { createDeadlines } from '../deadlines.ts'
import { adviceOn, CallFailed, knownCode } from './errors.ts'
import { keepToken } from './token.ts'
import type { IssuedToken } from './token.ts'
import type { Troubles } from '../troubles.ts'

/** A JSON answer whose `errcode` was 0 or absent. */
export type Answer = Readonly<Record<string, unknown>>

export interface ApiParts {
  readonly corpId: string
  readonly secret: string
  /** `https://qyapi.weixin.qq.com` or what stands in for it. */
  readonly apiBase: string
  readonly clock: () => Instant
  readonly troubles: Troubles
  readonly log: Logger
  readonly fetch: typeof fetch
  /** How long one call may take in all, of real time. */
  readonly limits?: { readonly call: Millis; readonly file: Millis }
}

/** The calls this adapter makes. All throw CallFailed; a dead token is replaced once and the call repeated once. */
export interface Api {
  /** Gets a token now, so that a wrong secret shows at start and not with the first message. */
  warmUp(): Promise<void>
  get(path: string, query: Readonly<Record<string, string>>): Promise<Answer>
  post(path: string, body: object): Promise<Answer>
  /** `form` is made anew for each try. */
  upload(path: string, query: Readonly<Record<string, string>>, form: () => FormData): Promise<Answer>
  /** An answer of bytes; JSON or text in its place is a failure and thrown as such. */
  download(path: string, query: Readonly<Record<string, string>>): Promise<Response>
  /** Ends every call under way and every later one. */
  stop(): void
}

export function createApi(parts: ApiParts): Api {
  const limits = parts.limits ?? { call: seconds(10), file: minutes(1) }
  const deadlines = createDeadlines()
  const tokens = keepToken(() => unlessLost(issue), parts.clock, Math.random)

  async function issue(): Promise<IssuedToken> {
    const query = { corpid: parts.corpId, corpsecret: parts.secret }
    const answer = await json(
      'gettoken',
      await request('gettoken', query, { method: 'GET' }, limits.call),
      'token',
    )
    const { access_token: token, expires_in: lifetime } = answer
    if (typeof token !== 'string' || token === '')
      throw new CallFailed('notSent', 'gettoken: no token in the answer')
    return { token, lifetime: seconds(typeof lifetime === 'number' && lifetime > 0 ? lifetime : 7_200) }
  }

  async function withToken<T>(call: (token: string) => Promise<T>): Promise<T> {
    const token = await tokens.current()
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof CallFailed) || error.reaction !== 'token') throw error
      tokens.drop(token)
      return await call(await tokens.current())
    }
  }

  /** One HTTP request; the time limit also covers reading the body. */
  async function request(
    path: string,
    query: Readonly<Record<string, string>>,
    init: RequestInit,
    limit: Millis,
  ): Promise<Response> {
    const url = new URL(`${parts.apiBase.replace(/\/+$/, '')}/cgi-bin/${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    let response: Response
    try {
      response = await parts.fetch(url, { ...init, redirect: 'manual', signal: deadlines.within(limit) })
    } catch (error) {
      throw connectionFailure(path, error)
    }
    parts.troubles.clear('network')
    if (response.ok) return response
    await response.body?.cancel().catch(() => undefined)
    throw httpFailure(path, response)
  }

  function connectionFailure(path: string, error: unknown): CallFailed {
    const reason = reasonOf(error)
    if (!beforeSending(error)) return new CallFailed('lost', `${path}: ${reason}`)
    parts.troubles.raise(
      'network',
      `WeCom cannot be reached (${reason}): check this machine's network and WECOM_API_BASE.`,
    )
    return new CallFailed('notSent', `${path}: ${reason}`)
  }

  function httpFailure(path: string, response: Response): CallFailed {
    const { status } = response
    const detail = `${path}: HTTP ${status}`
    if (status === 429 || status === 503) {
      const wait = Number(response.headers.get('retry-after') ?? NaN)
      return new CallFailed(
        status === 429 ? 'throttled' : 'retry',
        detail,
        Number.isFinite(wait) ? { after: seconds(wait) } : {},
      )
    }
    // A gateway's 500, 502 or 504 does not tell whether what stands behind it did the work.
    if (status >= 500) return new CallFailed('lost', detail)
    parts.troubles.raise(
      'api',
      `WeCom's address answers HTTP ${status}: check WECOM_API_BASE and any proxy in between.`,
    )
    return new CallFailed('configuration', detail)
  }

  /** Reads a JSON answer and looks at its errcode, since errors come as HTTP 200 too. */
  async function json(path: string, response: Response, cause: 'api' | 'token' = 'api'): Promise<Answer> {
    let text: string
    try {
      text = await response.text()
    } catch (error) {
      throw new CallFailed('lost', `${path}: ${reasonOf(error)}`)
    }
    const answer = parse(text)
    if (answer === null)
      throw new CallFailed('lost', `${path}: the answer is ${text.trim() === '' ? 'blank' : 'not JSON'}`)
    const code = Number(answer.errcode ?? 0)
    if (code === 0) {
      parts.troubles.clear(cause)
      return answer
    }
    const { reaction } = knownCode(code)
    parts.log.warn({ path, errcode: code, reaction }, 'WeCom refused a call')
    if (reaction === 'configuration' || reaction === 'reach') {
      const what =
        adviceOn(code, answer.errmsg) ??
        'an administrator must look the code up at open.work.weixin.qq.com/devtool/query'
      parts.troubles.raise(cause, `WeCom error ${code}: ${what}.`)
    }
    throw new CallFailed(reaction, `${path}: errcode ${code}`, { code })
  }

  return {
    async warmUp() {
      await tokens.current()
    },
    get: (path, query) =>
      withToken(async (token) =>
        json(path, await request(path, { access_token: token, ...query }, { method: 'GET' }, limits.call)),
      ),
    post: (path, body) =>
      withToken(async (token) => {
        const init = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
        return json(path, await request(path, { access_token: token }, init, limits.call))
      }),
    upload: (path, query, form) =>
      withToken(async (token) =>
        json(
          path,
          await request(
            path,
            { access_token: token, ...query },
            { method: 'POST', body: form() },
            limits.file,
          ),
        ),
      ),
    download: (path, query) =>
      withToken(async (token) => {
        const response = await request(
          path,
          { access_token: token, ...query },
          { method: 'GET' },
          limits.file,
        )
        if (!/^\s*(application\/json|text\/)/i.test(response.headers.get('content-type') ?? '')) {
          parts.troubles.clear('api')
          return response
        }
        await json(path, response)
        throw new CallFailed('retry', `${path}: text in place of a file`)
      }),
    stop: () => deadlines.stop(),
  }
}

/** For a call that only prepares a send: whatever became of it, the message itself did not go. */
export async function unlessLost<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof CallFailed && error.reaction === 'lost')
      throw new CallFailed('notSent', error.message)
    throw error
  }
}

function parse(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
