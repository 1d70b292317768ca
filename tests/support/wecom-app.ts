import { encrypt, getSignature } from '@wecom/crypto'
import express from 'express'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { createWecom } from '../../adapters/wecom/index.ts'
import type { WecomChannel, WecomSettings } from '../../adapters/wecom/index.ts'
import type { Inbound, Outbound, OutboundBody, Receive } from '../../adapters/channel.ts'
import type { Instant } from '../../workflows/ids.ts'
import type { Card } from '../../workflows/message.ts'
import { scriptedWecom } from './scripted-wecom.ts'
import type { ScriptedWecom } from './scripted-wecom.ts'

export const NOON: Instant = Date.UTC(2026, 0, 2, 4)

export const SETTINGS: Omit<WecomSettings, 'apiBase'> = {
  corpId: 'ww7f0c1a52d3e94b68',
  agentId: 1000012,
  secret: 'the-secret',
  token: '3Hzb5x8etvgFscmjkhLfxp8F',
  aesKey: 'lZZcpq9O2AdT5gwlW1j41KAH04AwAKDvTn0HJrX7B4A',
}

export interface WecomApp {
  readonly channel: WecomChannel
  readonly wecom: ScriptedWecom
  readonly received: Inbound[]
  /** Every line that was logged, joined. */
  logged(): string
  clock: { now: Instant }
  /** Where the callbacks listen. */
  readonly callbacks: string
  close(): Promise<void>
}

/** The adapter in front of a scripted platform, its callbacks listening on loopback. */
export async function aWecomApp(
  more: {
    receive?: Receive
    fetch?: typeof fetch
    settings?: Partial<WecomSettings>
    left?: readonly { to: string; at: Instant }[]
  } = {},
): Promise<WecomApp> {
  const wecom = await scriptedWecom()
  const clock = { now: NOON }
  const received: Inbound[] = []
  let lines = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines += chunk.toString('utf8')
      done()
    },
  })
  const channel = createWecom(
    { ...SETTINGS, apiBase: wecom.base, ...more.settings },
    {
      clock: () => clock.now,
      receive:
        more.receive ??
        ((inbound) => {
          received.push(inbound)
          return Promise.resolve('stored')
        }),
      leftSince: () => more.left ?? [],
      log: pino({ level: 'trace' }, stream),
      ...(more.fetch ? { fetch: more.fetch } : {}),
    },
  )
  const app = express()
  app.use('/callbacks/wecom', channel.callbacks)
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    channel,
    wecom,
    received,
    logged: () => lines,
    clock,
    callbacks: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks/wecom`,
    close: async () => {
      await channel.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await wecom.close()
    },
  }
}

/** The query of a callback and its ciphertext, as the platform would make them for `plaintext`. */
export function sealed(
  plaintext: string,
  { at = NOON, corpId = SETTINGS.corpId, token = SETTINGS.token, nonce = '1372623149' } = {},
): { encrypted: string; query: URLSearchParams } {
  const encrypted = encrypt(SETTINGS.aesKey, plaintext, corpId)
  const timestamp = String(Math.floor(at / 1_000))
  const signature = getSignature(token, timestamp, nonce, encrypted)
  return { encrypted, query: new URLSearchParams({ msg_signature: signature, timestamp, nonce }) }
}

export const envelope = (encrypted: string): string =>
  `<xml><ToUserName><![CDATA[${SETTINGS.corpId}]]></ToUserName><AgentID><![CDATA[${SETTINGS.agentId}]]></AgentID>` +
  `<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`

export function aTextXml({
  content = '3栋2单元漏水',
  id = '7194820366120054001',
  from = 'ZhangJianGuo',
} = {}): string {
  return (
    `<xml><ToUserName><![CDATA[${SETTINGS.corpId}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName>` +
    `<CreateTime>1767312222</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>` +
    `<MsgId>${id}</MsgId><AgentID>${SETTINGS.agentId}</AgentID></xml>`
  )
}

export function anOutbound(body: OutboundBody, more: Partial<Outbound> = {}): Outbound {
  return {
    id: 1,
    channel: 'wecom',
    account: `${SETTINGS.corpId}:${SETTINGS.agentId}`,
    to: 'ZhangJianGuo',
    key: 'key-1',
    attempt: 1,
    body,
    ...more,
  }
}

export function aCard(more: Partial<Card> = {}): Card {
  return {
    title: '水管漏水 待接单',
    subtitle: 'TS-20260102-0007',
    tone: 'danger',
    rows: [{ label: '位置', value: '3栋2单元1101' }],
    text: '厨房水管漏水，地上有积水',
    buttons: [
      { action: 'accept', label: '接单', style: 'primary' },
      { action: 'decline', label: '退回', style: 'danger' },
    ],
    select: null,
    ...more,
  }
}
