import express from 'express'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decrypt, sign } from '../../../adapters/simulator/wecom/crypto.ts'
import { createWecomWorld } from '../../../adapters/simulator/wecom.ts'
import type { WecomState, WecomWorld } from '../../../adapters/simulator/wecom.ts'
import type { Instant, Millis } from '../../../workflows/ids.ts'

export type Answer = Record<string, unknown> & { errcode?: number; errmsg?: string }

/** A callback as it reached the program. */
export interface Delivery {
  readonly xml: string
  readonly receiveId: string
  readonly query: Readonly<Record<string, string>>
  readonly envelope: string
  readonly signed: boolean
}

/** The world on loopback, a program that writes down what is called back, and short ways to call the API. */
export interface Bench {
  readonly world: WecomWorld
  readonly deliveries: Delivery[]
  /** What the program answers the next callbacks with; `null`: nothing at all. Then 200 again. */
  readonly answers: (number | null)[]
  /** What the program makes of the echo of an address check. */
  answerEcho: (echo: string) => string
  now: Instant
  pass(ms: Millis): void
  token(): Promise<string>
  get(path: string, query?: Record<string, string>): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
  raw(path: string, init?: RequestInit): Promise<Response>
  send(to: string, message: Record<string, unknown>): Promise<Answer>
  upload(type: string, bytes: Uint8Array, name?: string): Promise<Answer>
  stop(): Promise<void>
}

export const members = [
  { userid: 'ZhangSan', name: '张三' },
  { userid: 'LiSi', name: '李四' },
  { userid: '0031207', name: '王五' },
]

export async function aBench(options: { state?: WecomState; answerWithin?: Millis } = {}): Promise<Bench> {
  const deliveries: Delivery[] = []
  const answers: (number | null)[] = []
  let base = ''
  const bench = { now: Date.parse('2026-11-24T02:00:00Z'), answerEcho: (echo: string) => echo }
  const world = createWecomWorld({
    clock: () => bench.now,
    members,
    apiBase: () => base,
    callbackUrl: () => `${base}/callbacks/wecom`,
    answerWithin: options.answerWithin ?? 40,
    ...(options.state ? { state: options.state } : {}),
  })
  const app = express()
  app.use('/cgi-bin', world.api)
  app.post('/callbacks/wecom', express.text({ type: () => true }), (req, res) => {
    const { token, aesKey } = world.settings
    const query = req.query as Record<string, string>
    const envelope = String(req.body)
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(envelope)?.[1] ?? ''
    const { message, receiveId } = decrypt(aesKey, encrypted)
    const signature = sign(token, query['timestamp'] ?? '', query['nonce'] ?? '', encrypted)
    deliveries.push({
      xml: message,
      receiveId,
      query,
      envelope,
      signed: signature === query['msg_signature'],
    })
    const answer = answers.length > 0 ? answers.shift() : 200
    if (answer) res.status(answer).end()
  })
  app.get('/callbacks/wecom', (req, res) => {
    const { echostr } = req.query as Record<string, string>
    res.send(bench.answerEcho(decrypt(world.settings.aesKey, echostr ?? '').message))
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const raw = (path: string, init?: RequestInit): Promise<Response> => fetch(`${base}/cgi-bin/${path}`, init)
  const json = async (path: string, init?: RequestInit): Promise<Answer> =>
    (await (await raw(path, init)).json()) as Answer
  async function token(): Promise<string> {
    const { corpId, secret } = world.settings
    return String((await json(`gettoken?corpid=${corpId}&corpsecret=${secret}`))['access_token'])
  }
  async function get(path: string, query: Record<string, string> = {}): Promise<Answer> {
    return json(`${path}?${new URLSearchParams({ access_token: await token(), ...query }).toString()}`)
  }
  async function post(path: string, body: unknown): Promise<Answer> {
    return json(`${path}?access_token=${await token()}`, { method: 'POST', body: JSON.stringify(body) })
  }
  return Object.assign(bench, {
    world,
    deliveries,
    answers,
    pass(ms: Millis) {
      bench.now += ms
    },
    token,
    get,
    post,
    raw,
    send: (touser: string, message: Record<string, unknown>) =>
      post('message/send', { touser, agentid: world.settings.agentId, ...message }),
    async upload(type: string, bytes: Uint8Array, name = 'photo.jpg') {
      const body = new FormData()
      body.set('media', new Blob([bytes], { type: 'image/jpeg' }), name)
      return json(`media/upload?access_token=${await token()}&type=${type}`, { method: 'POST', body })
    },
    async stop() {
      world.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

export const text = (content: string): Record<string, unknown> => ({ msgtype: 'text', text: { content } })

export const aCard = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  card_type: 'button_interaction',
  task_id: 'TS-20261124-0001@1',
  main_title: { title: '新任务：3栋电梯异响' },
  button_list: [
    { text: '接单', style: 1, key: 'accept' },
    { text: '转交', style: 2, key: 'hand-over' },
  ],
  ...changes,
})

export const card = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  msgtype: 'template_card',
  template_card: aCard(changes),
})

/** 1×1 JPEG's first bytes are enough: nobody decodes it here. */
export const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46])
