import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { seconds } from '../../../workflows/ids.ts'
import type { Instant, Millis } from '../../../workflows/ids.ts'
import { encrypt, sign } from './crypto.ts'
import type { FaultBox } from './faults.ts'
import { newMsgId } from './state.ts'
import type { WecomState } from './state.ts'
import { envelopeXml } from './xml.ts'

/** A callback is sent so often in all when it is not answered with 200 in time (platforms.md 2). */
const deliveries = 3

export interface Courier {
  /** Sends this XML to the program, encrypted; one after the other for the same member, side by side otherwise. */
  deliver(userid: string, xml: string): void
  /** What the admin console does when the callback address is saved: a GET, whose answer must be the echo, bare. */
  verify(): Promise<boolean>
  /** Resolves when nothing is on its way or waits to be sent again. */
  idle(): Promise<void>
  /** Gives up whatever is under way. */
  stop(): void
}

/** `answerWithin`: real time the program has to answer, and after which a callback is sent again. */
export function createCourier(parts: {
  settings: WecomState['settings']
  clock: () => Instant
  callbackUrl: () => string
  faults: FaultBox
  answerWithin?: Millis
}): Courier {
  const { settings, clock, faults, answerWithin = seconds(5) } = parts
  const stopped = new AbortController()
  const queues = new Map<string, Promise<unknown>>()
  const underWay = new Set<Promise<unknown>>()
  let held: (() => void)[] = []

  function signedUrl(encrypted: string, echo: Record<string, string>): URL {
    const timestamp = String(Math.floor((clock() + faults.clockShift) / 1000))
    const nonce = String(randomInt(1e8, 2e9))
    const msg_signature = sign(settings.token, timestamp, nonce, encrypted)
    const url = new URL(parts.callbackUrl())
    url.search = new URLSearchParams({ msg_signature, timestamp, nonce, ...echo }).toString()
    return url
  }

  async function verify(): Promise<boolean> {
    const echo = newMsgId()
    const echostr = encrypt(settings.aesKey, echo, settings.corpId)
    try {
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(seconds(1))])
      const answer = await fetch(signedUrl(echostr, { echostr }), { signal, redirect: 'manual' })
      return answer.status === 200 && Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(echo))
    } catch {
      return false
    }
  }

  /** The same plaintext each time, under a new nonce, time and cipher. */
  async function post(xml: string): Promise<boolean> {
    const encrypted = encrypt(settings.aesKey, xml, settings.corpId)
    const url = signedUrl(encrypted, {})
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body: envelopeXml(settings.corpId, settings.agentId, encrypted),
        redirect: 'manual',
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(answerWithin)]),
      })
      await answer.arrayBuffer()
      return answer.status === 200
    } catch {
      // No connection, no answer in time, or we stop: all of them are "not answered".
      return false
    }
  }

  async function postAgain(xml: string, began: number): Promise<void> {
    for (let n = 1; n < deliveries && !stopped.signal.aborted; n += 1) {
      const left = Math.max(0, began + answerWithin - performance.now())
      const go = await wait(left, true, { signal: stopped.signal }).catch(() => false)
      if (!go) return
      began = performance.now()
      if (await post(xml)) return
    }
  }

  /** Resolves after the first delivery: what the member sends next waits for no more than that. */
  async function first(xml: string, twice: boolean): Promise<void> {
    const began = performance.now()
    const answered = await post(xml)
    if (!answered) track(postAgain(xml, began))
    else if (twice) await post(xml)
    const late = held
    held = []
    for (const release of late) release()
  }

  function track(work: Promise<unknown>): void {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  function enqueue(userid: string, work: () => Promise<void>): void {
    const next = (queues.get(userid) ?? Promise.resolve()).then(() =>
      stopped.signal.aborted ? undefined : work(),
    )
    queues.set(userid, next)
    track(next)
  }

  return {
    deliver(userid, xml) {
      const fault = faults.takeCallback()
      if (fault === 'lose') return
      if (fault === 'reorder') held.push(() => enqueue(userid, () => first(xml, false)))
      else enqueue(userid, () => first(xml, fault === 'duplicate'))
    },
    verify,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    stop: () => stopped.abort(),
  }
}
