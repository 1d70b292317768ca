import type { Router } from 'express'
import type { Logger } from 'pino'
import type { Instant } from '../../workflows/ids.ts'
import type { Channel, Inbound, Receive } from '../channel.ts'
import { createApi } from './api.ts'
import { callbackRouter } from './callbacks.ts'
import { watchClock } from './clock-watch.ts'
import { CallFailed } from './errors.ts'
import { eventName } from './inbound.ts'
import { createMedia } from './media.ts'
import { createPace, type Departed } from './pace.ts'
import { createSender } from './send.ts'
import { createTroubles } from '../troubles.ts'
import type { Troubles } from '../troubles.ts'

export { checkUp, verifyCallback, type Checkup, type Echo } from './checkup.ts'

/** A self-built app (自建应用) of one company. */
export interface WecomSettings {
  readonly corpId: string
  readonly agentId: number
  readonly secret: string
  /** Token and EncodingAESKey of the app's 接收消息 page. */
  readonly token: string
  readonly aesKey: string
  /** `https://qyapi.weixin.qq.com`, or a stand-in. */
  readonly apiBase: string
}

export interface WecomParts {
  readonly clock: () => Instant
  readonly receive: Receive
  /** Messages that left a channel since then, whichever process sent them; asked before the first send of this one. */
  readonly leftSince: (channel: string, since: Instant) => readonly Departed[]
  readonly log: Logger
  /** Node's own unless given. */
  readonly fetch?: typeof fetch
}

export interface WecomChannel extends Channel {
  /** GET and POST, to be mounted at `/callbacks/wecom` before anything that reads bodies. */
  readonly callbacks: Router
}

/**
 * 企业微信 as a channel.
 * @throws Error when token or EncodingAESKey cannot be real: without them anybody could send us callbacks.
 */
export function createWecom(settings: WecomSettings, parts: WecomParts): WecomChannel {
  if (settings.token === '')
    throw new Error('WECOM_TOKEN is empty: copy Token from 接收消息 on the app’s page')
  if (!/^[0-9A-Za-z]{43}$/.test(settings.aesKey)) {
    throw new Error(
      'WECOM_AES_KEY must be 43 letters and digits: copy EncodingAESKey from 接收消息 on the app’s page',
    )
  }
  const { clock, log } = parts
  const troubles = createTroubles()
  const api = createApi({
    ...settings,
    clock,
    troubles,
    log,
    fetch: parts.fetch ?? fetch,
  })
  const media = createMedia(api, clock)

  return {
    name: 'wecom',
    callbacks: callbackRouter({
      ...settings,
      account: `${settings.corpId}:${settings.agentId}`,
      clock,
      isCurrent: watchClock(clock, troubles),
      receive: parts.receive,
      received: (inbound) => watchUse(inbound, troubles),
      log,
    }),
    start: async () => {
      // A platform that is out of reach at start is a trouble, not a reason not to start.
      await api.warmUp().catch((error: unknown) => {
        if (!(error instanceof CallFailed)) throw error
        log.warn({ detail: error.message }, 'no WeCom token at start')
      })
    },
    send: createSender({
      agentId: settings.agentId,
      api,
      media,
      reserve: createPace(clock, (since) => parts.leftSince('wecom', since)),
      troubles,
      clock,
    }),
    fetch: (name) => media.download(name),
    troubles: () => troubles.list(),
    stop: () => {
      api.stop()
      return Promise.resolve()
    },
  }
}

/** The platform switches off an app that nobody uses, after saying so (platforms.md 3). */
function watchUse(inbound: Inbound, troubles: Troubles): void {
  switch (eventName(inbound)) {
    case 'inactive_alert':
    case 'low_active_alert':
    case 'low_active':
      troubles.raise(
        'use',
        'WeCom will switch this app off for want of use: have its staff open it, or see the admin console.',
      )
      return
    case 'close_inactive_agent':
      troubles.raise(
        'use',
        'WeCom has switched this app off for want of use: switch it on again in the admin console.',
      )
      return
    case 'reopen_inactive_agent':
    case 'active_restored':
      troubles.clear('use')
      return
    default:
  }
}
