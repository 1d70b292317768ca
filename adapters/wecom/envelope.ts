import { createDecipheriv, timingSafeEqual } from 'node:crypto'
import { decrypt, getSignature } from '@wecom/crypto'

/** What the query of every callback carries; `encrypt` is the body's, or `echostr` when the address is verified. */
export interface Sealed {
  readonly signature: string
  readonly timestamp: string
  readonly nonce: string
  readonly encrypt: string
}

/** The ciphertext is not what the platform would send us: damaged, or meant for somebody else. */
export class BadEnvelope extends Error {}

/** Whether somebody who knows the token signed this. Compared in constant time; call it before decrypting. */
export function isSigned(token: string, sealed: Sealed): boolean {
  const expected = Buffer.from(getSignature(token, sealed.timestamp, sealed.nonce, sealed.encrypt))
  const given = Buffer.from(sealed.signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/**
 * The message inside, once it is shown to be whole and meant for `receiveId` (the corp id for an app of one's own).
 * @throws BadEnvelope for everything else.
 */
export function open(aesKey: string, receiveId: string, encrypt: string): string {
  checkFrame(aesKey, encrypt)
  const { message, id } = decrypt(aesKey, encrypt)
  if (id !== receiveId) throw new BadEnvelope('meant for another receive id')
  return message
}

/**
 * The checks that `decrypt` of @wecom/crypto leaves out: it cuts off whatever the last byte says and slices by a length
 * it never looked at. Frame: 16 random bytes, 4 bytes of length, the message, the receive id, padding to 32-byte blocks.
 */
function checkFrame(aesKey: string, encrypt: string): void {
  const frame = decipher(aesKey, encrypt)
  const padding = frame.at(-1) ?? 0
  if (padding < 1 || padding > 32 || frame.length < 20 + padding) throw new BadEnvelope('wrong padding')
  if (!frame.subarray(-padding).every((byte) => byte === padding)) throw new BadEnvelope('wrong padding')
  if (20 + frame.readUInt32BE(16) > frame.length - padding) throw new BadEnvelope('length does not fit')
}

function decipher(aesKey: string, encrypt: string): Buffer {
  // 43 characters hold 258 bits; what the last one carries beyond 256 is dropped, as the platform does.
  const key = Buffer.from(`${aesKey}=`, 'base64')
  try {
    const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(encrypt, 'base64'), cipher.final()])
  } catch {
    throw new BadEnvelope('not a whole number of blocks')
  }
}
