import { readFileSync } from 'node:fs'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { decrypt, encrypt, makeAesKey, sign } from '../../../adapters/simulator/wecom/crypto.ts'
import { callbackXml, envelopeXml } from '../../../adapters/simulator/wecom/xml.ts'
import type { Callback, Head } from '../../../adapters/simulator/wecom/xml.ts'

interface Vector {
  id: string
  platform: string
  token?: string
  encodingAESKey?: string
  receiveId: string
  timestamp: string
  nonce: string
  encrypt: string
  signature?: string
  random?: string
  message?: string
  expect: { signature?: string; decrypt?: string; receiveId?: string }
}

const fixtures = new URL('../../fixtures/platform/', import.meta.url)
const vectors = JSON.parse(readFileSync(new URL('crypto/vectors.json', fixtures), 'utf8')) as Vector[]

describe('the encryption of callbacks', () => {
  const signed = vectors.filter(
    (v) => v.token !== undefined && v.signature !== undefined && v.encrypt !== undefined,
  )
  it.each(signed.map((v) => [v.id, v] as const))('signs %s as the vector says', (_, v) => {
    const fits = sign(v.token ?? '', v.timestamp, v.nonce, v.encrypt) === v.signature
    expect(fits).toBe(v.expect.signature === 'ok')
  })

  const readable = vectors.filter(
    (v) => v.encodingAESKey !== undefined && v.expect.decrypt !== 'not-attempted',
  )
  it.each(readable.map((v) => [v.id, v] as const))('reads %s', (_, v) => {
    const read = (): { message: string; receiveId: string } => decrypt(v.encodingAESKey ?? '', v.encrypt)
    if (v.expect.decrypt === 'error') {
      expect(read).toThrow()
      return
    }
    const { message, receiveId } = read()
    if (v.message !== undefined) expect(message).toBe(v.message)
    expect(receiveId === v.receiveId).toBe(v.expect.receiveId !== 'mismatch')
  })

  const exact = readable.filter((v) => v.random !== undefined && v.message !== undefined)
  it.each(exact.map((v) => [v.id, v] as const))('writes %s byte by byte', (_, v) => {
    const random = Buffer.from(v.random ?? '')
    expect(encrypt(v.encodingAESKey ?? '', v.message ?? '', v.receiveId, random)).toBe(v.encrypt)
  })

  it('makes keys that every decoder takes', () => {
    const key = makeAesKey()
    expect(key).toMatch(/^[A-Za-z0-9]{43}$/)
    expect(Buffer.from(key + '=', 'base64').toString('base64')).toBe(key + '=')
    expect(decrypt(key, encrypt(key, '漏水了😀', 'corp'))).toEqual({ message: '漏水了😀', receiveId: 'corp' })
  })
})

/** Names and nesting of the elements, in order, with whether their text came as CDATA. */
function shapeOf(xml: string): string[] {
  const shape: string[] = []
  const path: string[] = []
  const parser = new SaxesParser()
  parser.on('opentag', (tag) => shape.push([...path, tag.name].join('/')) && path.push(tag.name))
  parser.on('cdata', () => shape.push(`${path.join('/')} cdata`))
  parser.on('closetag', () => void path.pop())
  parser.write(xml).close()
  return shape
}

const sample = (name: string): string => readFileSync(new URL(`xml/wecom/${name}.xml`, fixtures), 'utf8')

const head: Head = {
  corpId: 'ww1',
  agentId: 1,
  userId: 'ZhangSan',
  createTime: 1348831860,
  msgId: '1234567890123456',
}
const click = { key: 'accept', taskId: 'T-1', cardType: 'button_interaction', responseCode: 'code' }

describe('the XML of callbacks', () => {
  const cases: [string, Callback][] = [
    ['text', { type: 'text', text: 'hello' }],
    ['text-observed', { type: 'text', text: 'hello' }],
    ['image', { type: 'image', mediaId: 'm', url: 'http://127.0.0.1/x' }],
    ['voice', { type: 'voice', mediaId: 'm', format: 'amr' }],
    ['location', { type: 'location', latitude: 28.2, longitude: 112.9, label: '和风苑' }],
    ['event-enter-agent', { type: 'enter' }],
    ['event-template-card-event', { type: 'press', ...click, selected: { a: ['1', '2'], b: ['3', '4'] } }],
    ['event-template-card-menu', { type: 'menu', ...click }],
  ]
  it.each(cases)('%s has the shape of the sample', (name, callback) => {
    expect(shapeOf(callbackXml(head, callback))).toEqual(shapeOf(sample(name)))
  })

  it('the envelope has the shape of the sample', () => {
    expect(shapeOf(envelopeXml('ww1', 1, 'BASE64'))).toEqual(shapeOf(sample('envelope-post')))
  })

  it('a click without selection says what the vector says', () => {
    const vector = vectors.find((v) => v.id === 'shared-template-card-button')
    const xml = callbackXml(
      { ...head, corpId: 'ww7f0c1a52d3e94b68', agentId: 1000012, userId: '0031207', createTime: 1767312074 },
      {
        type: 'press',
        key: 'accept',
        taskId: 'T-20260102-0007@1',
        cardType: 'button_interaction',
        responseCode: 'tm8iVUSddhukUkBLa6Bgh6uTtuUdSavyqJzTPC7T2Jx',
        selected: {},
      },
    )
    expect(xml).toBe(vector?.message)
  })

  it.each(['a ]]> b', ']]>]]>', '<MsgId>999</MsgId>', '&amp; &#1;', 'a\u0000b\u0008c', '换\n行😀'])(
    'what a person writes stays text: %j',
    (written) => {
      let read = ''
      let inside = false
      const parser = new SaxesParser()
      parser.on('opentag', (tag) => (inside = tag.name === 'Content'))
      parser.on('closetag', () => (inside = false))
      parser.on('cdata', (part) => (read += inside ? part : ''))
      parser.write(callbackXml(head, { type: 'text', text: written })).close()
      // XML has no way to say control characters; the platform drops them.
      expect(read).toBe(written.replace(/[\u0000-\u0008]/g, ''))
    },
  )
})
