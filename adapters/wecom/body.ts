import type { IncomingMessage } from 'node:http'
import { Refused } from './refused.ts'

/** Far above any callback (a text is at most a few kilobytes), far below what hurts. */
const LARGEST = 256 * 1024

/** The platform itself hangs up after 5 s; whoever takes longer to send a body is not the platform. */
const SLOWEST = 5_000

/**
 * The raw body, counted while it is read and never inflated: a small body cannot become a large one, and an endless one
 * is cut off at once (a body parser would first read it to its end).
 * @throws Refused 413, 415, 408, or 400 when the connection broke.
 */
export function readBody(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const refuse = (status: number, reason: string): void => {
      stop()
      req.pause()
      reject(new Refused(status, reason))
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > LARGEST) refuse(413, 'the body is too large')
      else chunks.push(chunk)
    }
    const onEnd = (): void => {
      stop()
      resolve(Buffer.concat(chunks))
    }
    const onBroken = (): void => refuse(400, 'the body was cut short')
    const timer = setTimeout(() => refuse(408, 'the body came too slowly'), SLOWEST)
    const stop = (): void => {
      clearTimeout(timer)
      req.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken)
    }

    if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') {
      refuse(415, 'the body is compressed')
      return
    }
    req.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
  })
}
