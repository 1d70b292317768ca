import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getSignature } from '@wecom/crypto'
import { createWecom, type WecomChannel } from '../../adapters/wecom/index.ts'
import { aServer, type Server } from '../bot/server.ts'
import { aCompany } from '../support/builders.ts'
import { productSteps } from '../../bot/steps.ts'
import { envelope, sealed, SETTINGS } from '../support/wecom-app.ts'
import { anyText, remembering, seeded, wellFormed } from './hostile.ts'

let server: Server<typeof productSteps>
let channel: WecomChannel
const failures: string[] = []

beforeAll(async () => {
  server = await aServer({
    steps: productSteps,
    company: aCompany(),
    log: remembering(failures),
    callbacks: ({ inbox, clock }) => {
      channel = createWecom(
        { ...SETTINGS, apiBase: 'http://127.0.0.1:9' },
        { clock: clock.now, receive: inbox.receive, leftSince: () => [], log: pino({ level: 'silent' }) },
      )
      return { '/callbacks/wecom': channel.callbacks }
    },
  })
})
afterAll(async () => {
  await channel.stop()
  await server.stop()
})

type Query = readonly (readonly [string, string])[]

async function post(query: Query, body: string | Uint8Array): Promise<number> {
  const text = query.map(([name, value]) => `${name}=${value}`).join('&')
  const answer = await fetch(`${server.url}/callbacks/wecom?${text}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  expect(await answer.text(), 'nothing is told to a stranger').toBe('')
  return answer.status
}

const inboxRows = (): number =>
  (server.engine.store.database.sqlite.prepare('select count(*) as n from inbox').get() as { n: number }).n

/** As the platform would sign it: `encrypted` need not be anything. */
function signed(encrypted: string): Query {
  const timestamp = String(Math.floor(server.engine.clock.now() / 1_000))
  const nonce = 'n'
  const signature = getSignature(SETTINGS.token, timestamp, nonce, encrypted)
  return Object.entries({ msg_signature: signature, timestamp, nonce })
}

/** Sends a plaintext as the platform would. */
function deliver(plaintext: string): Promise<number> {
  const { encrypted, query } = sealed(plaintext, { at: server.engine.clock.now() })
  return post([...query], envelope(encrypted))
}

/** A frame encrypted with the right key, whatever stands in it. */
function encrypted(frame: Uint8Array): string {
  const key = Buffer.from(`${SETTINGS.aesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(frame), cipher.final()]).toString('base64')
}

/** The count of rows grows by one for what was taken, and by none for what was refused. */
async function isTakenOnce(sending: () => Promise<number>): Promise<number> {
  const before = inboxRows()
  const status = await sending()
  expect([200, 400]).toContain(status)
  // A redelivery of the same words is no second row.
  expect(inboxRows() - before).toBeLessThanOrEqual(status === 200 ? 2 : 0)
  return status
}

const names = fc.constantFrom(
  ...['msg_signature', 'timestamp', 'nonce', 'echostr', 'msg_signature[]', 'nonce[a][b]', '__proto__', ''],
)
const query: fc.Arbitrary<Query> = fc.array(
  fc.tuple(
    names,
    fc.oneof(
      fc.constantFrom('1', '%', '%00', '%ff', '1e9', '-1', '99999999999999999999', '%E4%BD%A0'),
      anyText.map((text) => encodeURIComponent(wellFormed(text.slice(0, 200)))),
    ),
  ),
  { maxLength: 6 },
)
const body = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  anyText,
  anyText.map((text) => envelope(text)),
  fc.integer({ min: 250, max: 300 }).map((kilobytes) => envelope('A'.repeat(kilobytes * 1024))),
)

it('a body nobody signed: refused, nothing taken in', async () => {
  const before = inboxRows()
  await fc.assert(
    fc.asyncProperty(query, body, async (asked, sent) => {
      expect([400, 401, 403, 413]).toContain(await post(asked, sent))
    }),
    seeded(80, 20261101),
  )
  expect(inboxRows()).toBe(before)
})

it('a signed ciphertext that is none, or whose frame lies about itself: refused', async () => {
  const frame = fc
    .record({
      head: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      length: fc.oneof(fc.integer({ min: 0, max: 64 }), fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1)),
      rest: fc.uint8Array({ maxLength: 100 }),
      last: fc.nat(255),
    })
    .map(({ head, length, rest, last }) => {
      const size = Buffer.alloc(4)
      size.writeUInt32BE(length)
      const whole = Buffer.concat([head, size, rest])
      const padded = Buffer.alloc(Math.ceil((whole.length + 1) / 32) * 32, last)
      whole.copy(padded)
      return encrypted(padded)
    })
  const before = inboxRows()
  await fc.assert(
    fc.asyncProperty(fc.oneof(frame, fc.base64String({ maxLength: 300 })), async (sent) => {
      expect(await post(signed(sent), envelope(sent))).toBe(400)
    }),
    seeded(80, 20261102),
  )
  expect(inboxRows()).toBe(before)
})

const element = fc.constantFrom(
  ...[
    'FromUserName',
    'CreateTime',
    'MsgType',
    'Content',
    'MsgId',
    'Event',
    'EventKey',
    'TaskId',
    'ResponseCode',
  ],
  ...['MediaId', 'Location_X', 'Location_Y', 'Title', 'Url', 'SelectedItems', 'SelectedItem', 'QuestionKey'],
  ...['OptionIds', 'OptionId', 'ToUserName', 'AgentID', 'xml', '__proto__', 'constructor'],
)
const value = fc.oneof(
  fc.constantFrom('text', 'image', 'event', 'location', 'link', 'template_card_event', 'subscribe', 'sys'),
  fc.constantFrom('zhang', 'WeCom-zhang', '1767312222', '-1', '1e400', '99999999999999999999', ''),
  fc.constantFrom('&amp;&lt;', '&#0;', '&#x110000;', '&#xD800;', '&unknown;', '&', '<', ']]>'),
  anyText.map((text) => text.slice(0, 300)),
)
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(element, value).map(([name, held]) => `<${name}>${held}</${name}>`),
    fc.tuple(element, value).map(([name, held]) => `<${name}><![CDATA[${held}]]></${name}>`),
    fc
      .tuple(element, fc.array(tie('tree'), { maxLength: 6 }))
      .map(([name, held]) => `<${name}>${held.join('')}</${name}>`),
  ),
}))
const message = fc
  .record({
    from: fc.constantFrom('WeCom-zhang', 'stranger', 'sys', ''),
    type: fc.constantFrom('text', 'image', 'voice', 'location', 'link', 'event', 'hologram'),
    parts: fc.array(tree, { maxLength: 8 }),
  })
  .map(
    ({ from, type, parts }) =>
      `<xml><FromUserName>${from}</FromUserName><MsgType>${type}</MsgType>${parts.join('')}</xml>`,
  )

it('what the platform itself might send, well formed or not: taken once or refused, never failed', async () => {
  await fc.assert(
    fc.asyncProperty(message, async (plaintext) => {
      await isTakenOnce(() => deliver(plaintext))
    }),
    seeded(150, 20261103),
  )
  expect(failures).toEqual([])
})

it('cut off anywhere, changed in one place, or nested a thousand deep: refused or taken as it stands', async () => {
  const broken = fc.oneof(
    fc.tuple(message, fc.nat(400)).map(([xml, at]) => xml.slice(0, at)),
    fc
      .tuple(message, fc.nat(400), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([xml, at, other]) => xml.slice(0, at) + other + xml.slice(at + 1)),
    fc.integer({ min: 33, max: 5_000 }).map((deep) => '<xml>'.repeat(deep) + '</xml>'.repeat(deep)),
    fc
      .integer({ min: 1, max: 3_000 })
      .map((many) => `<xml>${'<a/>'.repeat(many)}<b${' c="d"'.repeat(2)}/></xml>`),
  )
  await fc.assert(
    fc.asyncProperty(broken, async (plaintext) => {
      await isTakenOnce(() => deliver(plaintext))
    }),
    seeded(100, 20261104),
  )
  expect(failures).toEqual([])
  expect(await deliver('<xml><FromUserName>A</FromUserName><MsgType>text</MsgType></xml>')).toBe(200)
})

it('what somebody writes is kept as they wrote it, but for what XML cannot carry', async () => {
  let count = 0
  const stored = server.engine.store.database.sqlite.prepare(
    `select event from inbox where message_id = ? and cause = 'message'`,
  )
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const id = `words-${++count}`
      const content = wellFormed(text)
        .replace(/[&<>]/g, (letter) => `&#${letter.codePointAt(0)};`)
        .replace(/\r/g, '&#13;')
      const xml = `<xml><FromUserName>A</FromUserName><MsgType>text</MsgType><Content>${content}</Content><MsgId>${id}</MsgId></xml>`
      expect(await deliver(xml)).toBe(200)
      const row = stored.get(id) as { event: string }
      const kept = (JSON.parse(row.event) as { content: { text: string } }).content.text
      // XML 1.0 carries none of these: each becomes one U+FFFD.
      expect(kept).toBe(
        wellFormed(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd'),
      )
    }),
    seeded(80, 20261105),
  )
})
