import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { knownCode } from '../../../adapters/wecom/errors.ts'
import type { OutboundBody, Outcome } from '../../../adapters/channel.ts'
import { json, raw } from '../../support/scripted-wecom.ts'
import type { ScriptedCall } from '../../support/scripted-wecom.ts'
import { aCard, anOutbound, aWecomApp } from '../../support/wecom-app.ts'
import type { WecomApp } from '../../support/wecom-app.ts'

interface Sample {
  readonly request: {
    method: string
    url: string
    body?: Record<string, unknown>
    multipart?: { field: string }
  }
  readonly response: Record<string, unknown>
}

const folder = new URL('../../fixtures/platform/json/', import.meta.url)
const sample = (name: string): Sample =>
  JSON.parse(readFileSync(new URL(`wecom/${name}.json`, folder), 'utf8')) as Sample

let app: WecomApp
let directory: string
let path: string
beforeEach(async () => {
  app = await aWecomApp({ settings: { agentId: 1 } })
  directory = await mkdtemp(join(tmpdir(), 'wecom-samples-'))
  path = join(directory, 'photo.jpg')
  await writeFile(path, 'a picture')
})
afterEach(async () => {
  await app.close()
  await rm(directory, { recursive: true })
})

/** The shape of a value: its field names, nested; what lists hold is the union of their elements' shapes. */
function fieldsOf(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((element) => fieldsOf(element, `${prefix}[]`)))]
  if (typeof value !== 'object' || value === null) return [`${prefix}: ${typeof value}`]
  return Object.entries(value).flatMap(([name, field]) => fieldsOf(field, `${prefix}.${name}`))
}

/** Method, address, query names and body fields of a request are those of the sample; the sample may have more. */
function expectShape(
  call: ScriptedCall | undefined,
  { request }: Sample,
  ours: readonly string[] = [],
): void {
  const url = new URL(request.url)
  expect(call?.method).toBe(request.method)
  expect(`/cgi-bin/${call?.path}`).toBe(url.pathname)
  expect([...(call?.query.keys() ?? [])].sort()).toEqual([...url.searchParams.keys()].sort())
  if (request.body === undefined) return
  expect(call?.headers['content-type']).toContain('application/json')
  const unknown = fieldsOf(call?.json).filter(
    (field) => !fieldsOf(request.body).includes(field) && !ours.includes(field),
  )
  expect(unknown).toEqual([])
}

const BUTTON_CARD: OutboundBody = {
  type: 'card',
  task: 'task_id',
  card: aCard({ select: { key: 'k', title: 't', options: [{ id: 'i', label: 'l' }] } }),
}
const NOTICE: OutboundBody = { type: 'card', task: 'task_id', card: aCard({ buttons: [] }) }

/** Documented for message/send, and in none of the samples. */
const DUPLICATE = ['.enable_duplicate_check: number']

describe('message/send', () => {
  const bodies: [string, () => OutboundBody][] = [
    ['message-send-text', () => ({ type: 'text', text: '已接单' })],
    [
      'message-send-image',
      () => ({ type: 'media', kind: 'image', path, mime: 'image/jpeg', name: 'photo.jpg' }),
    ],
    ['message-send-card-button-interaction', () => BUTTON_CARD],
    ['message-send-card-text-notice', () => NOTICE],
  ]

  test.each(bodies)(
    '%s: our request has the sample’s shape, its answer is understood',
    async (name, body) => {
      const { response } = sample(name)
      app.wecom.answers('message/send', json(response), json(response))
      const outcome = (to: string): Promise<Outcome> => app.channel.send(anOutbound(body(), { to }))
      const code = name === 'message-send-text' ? null : 'xyzxyz'
      expect(await outcome('LiMin')).toEqual({ type: 'accepted', ref: 'xxxx', code })
      // userid1|userid2 of the sample: ids that the platform has lower-cased.
      expect(await outcome('UserID2')).toMatchObject({ type: 'refused', why: 'recipient' })
      const [call] = app.wecom.callsOf('message/send')
      expectShape(call, sample(name), DUPLICATE)
      const template = (value: unknown) =>
        (value as { template_card?: { card_type: string } }).template_card?.card_type
      expect(call?.json.msgtype).toBe(sample(name).request.body?.msgtype)
      expect(template(call?.json)).toBe(template(sample(name).request.body))
    },
  )
})

describe('message/update_template_card', () => {
  const updates: [string, OutboundBody][] = [
    [
      'update-template-card-to-button-interaction',
      { type: 'cardUpdate', task: 'T', code: 'response_code', card: BUTTON_CARD.card },
    ],
    [
      'update-template-card-to-text-notice',
      { type: 'cardUpdate', task: 'T', code: 'response_code', card: NOTICE.card },
    ],
  ]
  test.each(updates)('%s', async (name, body) => {
    const { response } = sample(name)
    app.wecom.answers('message/update_template_card', json(response), json(response))
    expect(await app.channel.send(anOutbound(body))).toEqual({ type: 'accepted', ref: null, code: null })
    expect(await app.channel.send(anOutbound(body, { to: 'UserID1' }))).toMatchObject({ why: 'recipient' })
    expectShape(app.wecom.callsOf('message/update_template_card')[0], sample(name))
  })
})

test('gettoken, media-upload and message-recall', async () => {
  app.wecom.answers('gettoken', json(sample('gettoken').response))
  app.wecom.answers('media/upload', json(sample('media-upload').response))
  app.wecom.answers('message/recall', json(sample('message-recall').response))
  await app.channel.send(
    anOutbound({ type: 'media', kind: 'image', path, mime: 'image/jpeg', name: 'photo.jpg' }),
  )
  const recall = await app.channel.send(
    anOutbound({ type: 'recall', ref: 'vcT8gGc-7dFb4bxT35ONjBDz901sLlXPZw1DAMC' }),
  )
  expect(recall).toEqual({ type: 'accepted', ref: null, code: null })

  expectShape(app.wecom.callsOf('gettoken')[0], sample('gettoken'))
  const [upload] = app.wecom.callsOf('media/upload')
  expectShape(upload, sample('media-upload'))
  expect(upload?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  expect(upload?.body.toString('latin1')).toContain(
    `name="${sample('media-upload').request.multipart?.field}"`,
  )
  expectShape(app.wecom.callsOf('message/recall')[0], sample('message-recall'))
  const [message] = app.wecom.callsOf('message/send')
  expect(message?.query.get('access_token')).toBe('accesstoken000001')
  expect(message?.json.image).toEqual({ media_id: sample('media-upload').response.media_id })
})

test('the answer to every sample of a call, ours or not, is taken for a success', async () => {
  for (const file of readdirSync(new URL('wecom/', folder))) {
    app.wecom.answers('message/send', json(sample(file.replace('.json', '')).response))
    expect(await app.channel.send(anOutbound({ type: 'text', text: file }))).toMatchObject({
      type: 'accepted',
    })
    app.clock.now += 60_000
  }
})

test('the answer to a card of any type is taken for a success with its code', async () => {
  const cards = readdirSync(new URL('wecom/', folder)).filter((file) => file.startsWith('message-send-card-'))
  expect(cards).toHaveLength(5)
  for (const file of cards) {
    app.wecom.answers('message/send', json(sample(file.replace('.json', '')).response))
    expect(await app.channel.send(anOutbound(BUTTON_CARD))).toEqual({
      type: 'accepted',
      ref: 'xxxx',
      code: 'xyzxyz',
    })
  }
})

describe('error bodies that were seen', () => {
  interface ErrorSample {
    readonly errcode: number
    readonly api: string
  }
  const errors = JSON.parse(readFileSync(new URL('errors/wecom.json', folder), 'utf8')) as ErrorSample[]

  test.each(errors.map((error) => [error.errcode, error] as const))(
    '%i is what its reaction says',
    async (code, error) => {
      const reaction = { 42001: 'token', 60020: 'configuration', 45033: 'retry' }[code]
      expect(knownCode(code).reaction).toBe(reaction)
      app.wecom.answers('message/send', raw(JSON.stringify(error), 'application/json'))
      const outcome = await app.channel.send(anOutbound({ type: 'text', text: 'x' }))
      expect(outcome.type).toBe(code === 42001 ? 'accepted' : 'later')
      expect(app.logged()).not.toContain('from ip')
    },
  )
})
