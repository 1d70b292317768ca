import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { readBody } from '../../../adapters/wecom/body.ts'
import { seconds } from '../../../workflows/ids.ts'

afterEach(() => vi.useRealTimers())

test('a body that trickles in for more than 5 seconds is refused (must-survive 24)', async () => {
  vi.useFakeTimers()
  const req = Object.assign(new PassThrough(), { headers: {} })
  const reading = expect(readBody(req as unknown as IncomingMessage)).rejects.toMatchObject({ status: 408 })
  for (let i = 0; i < 6; i++) {
    req.write('<')
    await vi.advanceTimersByTimeAsync(seconds(1))
  }
  await reading
})

test('a body whose sender hangs up half-way is refused', async () => {
  const req = Object.assign(new PassThrough(), { headers: {} })
  const reading = expect(readBody(req as unknown as IncomingMessage)).rejects.toMatchObject({ status: 400 })
  req.write('<xml>')
  req.destroy()
  await reading
})
