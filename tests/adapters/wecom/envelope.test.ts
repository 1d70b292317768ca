import { encrypt } from '@wecom/crypto'
import { createCipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BadEnvelope, isSigned, open } from '../../../adapters/wecom/envelope.ts'
import { SETTINGS } from '../../support/wecom-app.ts'

interface Vector {
  readonly id: string
  readonly token: string
  readonly encodingAESKey?: string
  readonly receiveId?: string
  readonly timestamp?: string
  readonly nonce?: string
  readonly encrypt?: string
  readonly echostrUrlEncoded?: string
  readonly signature?: string
  readonly plainSignature?: string
  readonly message?: string
  readonly expect: {
    signature?: 'ok' | 'mismatch'
    decrypt?: 'ok' | 'error' | 'not-attempted'
    receiveId?: 'mismatch'
  }
}

const vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/platform/crypto/vectors.json', import.meta.url), 'utf8'),
) as Vector[]

describe('every crypto vector behaves as it says', () => {
  test('there are vectors', () => expect(vectors).toHaveLength(36))

  test.each(vectors)('$id', (vector) => {
    const { timestamp = '', nonce = '', encrypt = '', signature, plainSignature } = vector
    if (signature !== undefined) {
      const signed = isSigned(vector.token, { timestamp, nonce, encrypt, signature })
      expect(signed).toBe(vector.expect.signature === 'ok')
    }
    if (plainSignature !== undefined) {
      expect(isSigned(vector.token, { timestamp, nonce, encrypt: '', signature: plainSignature })).toBe(true)
    }
    if (vector.echostrUrlEncoded !== undefined)
      expect(decodeURIComponent(vector.echostrUrlEncoded)).toBe(encrypt)
    if (vector.encodingAESKey === undefined) return
    const opened = (): string => open(vector.encodingAESKey ?? '', vector.receiveId ?? '', encrypt)
    if (vector.expect.decrypt === 'error' || vector.expect.receiveId === 'mismatch') {
      expect(opened).toThrow(BadEnvelope)
    } else if (vector.expect.decrypt === 'ok') {
      expect(opened()).toBe(vector.message)
    }
  })
})

describe('a frame that the vendor’s own code would let through is refused', () => {
  const key = Buffer.from(`${SETTINGS.aesKey}=`, 'base64')
  const seal = (frame: Buffer): string => {
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(frame), cipher.final()]).toString('base64')
  }
  const frame = (length: number, padding: readonly number[], message = 'hello'): Buffer => {
    const head = Buffer.alloc(20)
    head.writeUInt32BE(length, 16)
    return Buffer.concat([head, Buffer.from(message + SETTINGS.corpId), Buffer.from(padding)])
  }
  // 20 + 5 + 18 bytes: 21 more fill two blocks of 32.
  const good = Array<number>(21).fill(21)

  test('a whole one opens', () => {
    expect(open(SETTINGS.aesKey, SETTINGS.corpId, seal(frame(5, good)))).toBe('hello')
  })
  test.each([
    ['padding bytes that differ', frame(5, [...good.slice(0, -2), 9, 21])],
    ['a padding of 0', frame(5, [...good.slice(0, -1), 0])],
    ['a padding above 32', frame(5, [...good.slice(0, -1), 200])],
    ['a padding that eats the head', Buffer.alloc(32, 32)],
    ['a length beyond the end', frame(4_000_000_000, good)],
    ['a length that swallows the receive id', frame(23, good)],
    ['a length that cuts the message short', frame(4, good)],
  ])('%s', (_what, bytes) => {
    expect(() => open(SETTINGS.aesKey, SETTINGS.corpId, seal(bytes))).toThrow(BadEnvelope)
  })
  test('a length beyond the end, where no receive id is expected', () => {
    expect(() => open(SETTINGS.aesKey, '', seal(frame(4_000_000_000, good)))).toThrow(BadEnvelope)
  })
  test('nothing at all', () => {
    expect(() => open(SETTINGS.aesKey, SETTINGS.corpId, '')).toThrow(BadEnvelope)
  })
})

test('a signature of another length is no signature', () => {
  const encrypted = encrypt(SETTINGS.aesKey, 'x', SETTINGS.corpId)
  for (const signature of ['', 'ab', 'z'.repeat(40), '漏'.repeat(40)]) {
    expect(isSigned('t', { timestamp: '1', nonce: '2', encrypt: encrypted, signature })).toBe(false)
  }
})
