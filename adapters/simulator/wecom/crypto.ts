import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/**
 * 企业微信's side of the callback encryption (platforms.md 2), written apart from the adapter's so that the two cannot
 * agree in one mistake; both are held to the vectors in `tests/fixtures/platform/crypto`.
 */

const block = 32

/** sha1 hex over the sorted, concatenated parts: token, timestamp, nonce, encrypted text. */
export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex')
}

/** 16 random bytes, length of the message in bytes, message, receive id; padded to 32; AES-256-CBC; base64. */
export function encrypt(
  aesKey: string,
  message: string,
  receiveId: string,
  random = randomBytes(16),
): string {
  const body = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const plain = Buffer.concat([random, length, body, Buffer.from(receiveId)])
  const pad = block - (plain.length % block)
  const key = keyOf(aesKey)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64')
}

/** The reverse of `encrypt`. Throws when padding or length do not fit. */
export function decrypt(aesKey: string, encrypted: string): { message: string; receiveId: string } {
  const key = keyOf(aesKey)
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > block || !padded.subarray(-pad).every((byte) => byte === pad))
    throw new Error('bad padding')
  const plain = padded.subarray(0, -pad)
  if (plain.length < 20) throw new Error('too short')
  const end = 20 + plain.readUInt32BE(16)
  if (end > plain.length) throw new Error('the length does not fit')
  return { message: plain.subarray(20, end).toString(), receiveId: plain.subarray(end).toString() }
}

/** 43 characters of letters and digits, as the admin console makes them. */
export function makeAesKey(): string {
  // The 43rd character carries two stray bits; taken from real bytes it carries none, so strict decoders take it too.
  let key = ''
  while (!/^[A-Za-z0-9]{43}$/.test(key)) key = randomBytes(32).toString('base64').slice(0, 43)
  return key
}

const keyOf = (aesKey: string): Buffer => Buffer.from(aesKey + '=', 'base64')
