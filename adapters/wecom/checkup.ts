import { randomBytes } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import type { Logger } from 'pino'
import { seconds } from '../../workflows/ids.ts'
import type { Instant, Millis } from '../../workflows/ids.ts'
import { beforeSending, reasonOf } from '../connection.ts'
import { createTroubles } from '../troubles.ts'
import { createApi } from './api.ts'
import { CallFailed } from './errors.ts'
import type { WecomSettings } from './index.ts'

/** What a person who sets the app up wants to know, asked of the platform by the same client that sends. */
export interface Checkup {
  /** Plain sentences on what is wrong, with what to do; empty: secret, agent id and IP allow-list are right. */
  readonly wrong: readonly string[]
  /** User ids among the asked ones that do not exist, or that the app may not see. */
  readonly unseen: readonly string[]
  /** How many of them were asked about; the rest is left when time runs out. */
  readonly asked: number
  /** The platform's clock minus ours; null where no answer told its time. */
  readonly ahead: Millis | null
}

/** Asks for a token, the app, and each of `userids`, all within `limit` of real time. Never throws for what the platform can answer. */
export async function checkUp(
  settings: WecomSettings,
  userids: readonly string[],
  { clock, log, limit }: { readonly clock: () => Instant; readonly log: Logger; readonly limit: Millis },
): Promise<Checkup> {
  const ends = performance.now() + limit
  const troubles = createTroubles()
  let ahead: Millis | null = null
  const timed: typeof fetch = async (input, init) => {
    const asked = clock()
    const response = await fetch(input, init)
    const theirs = Date.parse(response.headers.get('date') ?? '')
    // Their header is cut to whole seconds: half of one is what they have lost on average.
    if (!Number.isNaN(theirs)) ahead = Math.round(theirs + seconds(0.5) - (asked + clock()) / 2)
    return response
  }
  const api = createApi({ ...settings, clock, log, troubles, fetch: timed })
  const wrong: string[] = []
  const unseen: string[] = []
  let asked = 0
  try {
    await api.warmUp()
    const app = await api.get('agent/get', { agentid: String(settings.agentId) })
    if (app.close === 1)
      wrong.push('this app is switched off: switch it on on its page in the admin console.')
    for (const userid of userids) {
      if (performance.now() > ends) break
      if (!(await isSeen(userid))) unseen.push(userid)
      asked += 1
    }
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    const known = troubles.list()
    wrong.push(
      ...(known.length > 0 ? known : [`it did not do what was asked (${error.message}): try again.`]),
    )
  } finally {
    api.stop()
  }
  return { wrong, unseen, asked, ahead }

  async function isSeen(userid: string): Promise<boolean> {
    try {
      await api.get('user/get', { userid })
      return true
    } catch (error) {
      // 60111: no such member, or none the app may see; 60011: outside what it may see.
      if (!(error instanceof CallFailed) || (error.code !== 60111 && error.code !== 60011)) throw error
      troubles.clear('api')
      return false
    }
  }
}

/** What came back when our own callback address was asked as the platform asks it when it is saved. */
export type Echo =
  /** The echo, decrypted: it is this program, with this token and this key. */
  | { readonly type: 'ours' }
  | { readonly type: 'other'; readonly status: number }
  /** The connection did not come about. */
  | { readonly type: 'unreachable'; readonly reason: string }
  | { readonly type: 'lost'; readonly reason: string }

/** Verifies a callback address with a signed echo of our own. `limit` is of real time, the body included. */
export async function verifyCallback(
  settings: Pick<WecomSettings, 'corpId' | 'token' | 'aesKey'>,
  address: string,
  { clock, limit }: { readonly clock: () => Instant; readonly limit: Millis },
): Promise<Echo> {
  const plaintext = randomBytes(12).toString('hex')
  const echostr = encrypt(settings.aesKey, plaintext, settings.corpId)
  const timestamp = String(Math.floor(clock() / seconds(1)))
  const nonce = randomBytes(8).toString('hex')
  const signature = getSignature(settings.token, timestamp, nonce, echostr)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce, echostr })
  try {
    const signal = AbortSignal.timeout(limit)
    const response = await fetch(`${address}?${query.toString()}`, { redirect: 'manual', signal })
    const text = response.ok ? await startOf(response) : ''
    return text === plaintext ? { type: 'ours' } : { type: 'other', status: response.status }
  } catch (error) {
    return { type: beforeSending(error) ? 'unreachable' : 'lost', reason: reasonOf(error) }
  }
}

/** Our echo is 24 characters; whatever else answers there may be endless. */
async function startOf(response: Response): Promise<string> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('latin1')
    if (text.length > 100) break
  }
  return text
}
