import { createHmac } from 'node:crypto'
import { seconds, type Instant, type Millis } from '../../workflows/ids.ts'
import { beforeSending, reasonOf } from '../connection.ts'

/** Where alarms go, and the secret both sides know. */
export interface AlarmSettings {
  /** https, or http on this machine itself. */
  readonly url: string
  readonly secret: string
}

/** What became of one POST. */
export type Posted =
  | { readonly type: 'answered'; readonly status: number; readonly retryAfter: Millis | null }
  /** Not a byte of it left this machine. */
  | { readonly type: 'unreachable'; readonly reason: string }
  /** It left, and no answer came: it may have arrived. */
  | { readonly type: 'lost'; readonly reason: string }

/**
 * One signed POST, as docs/running.md promises it to the receiver. The signature covers the time and the very bytes of
 * the body; `id` is the receiver's key for repeats. No redirect is followed: what stands in it is for this address only.
 * Never throws; `signal` ends it, the reading of the answer's head included, and the answer's body is not read.
 */
export async function postSigned(
  { url, secret }: AlarmSettings,
  { id, body, at }: { readonly id: string; readonly body: object; readonly at: Instant },
  signal: AbortSignal,
): Promise<Posted> {
  const text = JSON.stringify(body)
  const timestamp = String(Math.floor(at / seconds(1)))
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'complaint-line',
        'x-complaint-line-id': id,
        'x-complaint-line-timestamp': timestamp,
        'x-complaint-line-signature': `v1=${signatureOf(secret, timestamp, text)}`,
      },
      body: text,
      redirect: 'manual',
      signal,
    })
    await response.body?.cancel().catch(() => undefined)
    return { type: 'answered', status: response.status, retryAfter: retryAfter(response.headers) }
  } catch (error) {
    return { type: beforeSending(error) ? 'unreachable' : 'lost', reason: reasonOf(error) }
  }
}

/** Lower-case hex of HMAC-SHA256 over `timestamp.body`. */
const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')

function retryAfter(headers: Headers): Millis | null {
  const wait = Number(headers.get('retry-after') ?? NaN)
  return Number.isFinite(wait) && wait >= 0 ? seconds(wait) : null
}
