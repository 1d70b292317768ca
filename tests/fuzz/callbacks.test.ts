import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aTextXml, aWecomApp, envelope, sealed, type WecomApp } from '../support/wecom-app.ts'
import { anyText, written } from './texts.ts'

let app: WecomApp
beforeAll(async () => void (app = await aWecomApp()))
afterAll(() => app.close())

const send = (query: string, body: string): Promise<Response> =>
  fetch(`${app.callbacks}?${query}`, { method: 'POST', body })

/** Something changed, cut out or doubled anywhere. */
const damaged = (whole: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat({ max: whole.length }), fc.nat({ max: 60 }), fc.oneof(anyText, fc.constant('')))
    .map(([at, cut, put]) => whole.slice(0, at) + put + whole.slice(at + cut))

it('a body of any kind is refused, never a failure of ours, and nothing is received', async () => {
  const { query, encrypted } = sealed(aTextXml())
  const whole = envelope(encrypted)
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, damaged(whole)), damaged(query.toString()), async (body, params) => {
      fc.pre(!body.includes(encrypted) || params !== query.toString())
      const answer = await send(params.replace(/[^\x21-\x7e]/g, ''), body)
      expect(answer.status === 200 ? 'received as it was' : Math.floor(answer.status / 100)).not.toBe(5)
    }),
    { numRuns: 100 },
  )
  // What survived the damage was the message itself, never another.
  expect(new Set(app.received.map(({ id }) => id)).size).toBeLessThanOrEqual(1)
}, 60_000)

it('a signed message that is damaged XML is refused or received under its own id, never a failure of ours', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged(aTextXml()), anyText), async (plaintext) => {
      const { query, encrypted } = sealed(plaintext)
      const answer = await send(query.toString(), envelope(encrypted))
      expect([200, 400]).toContain(answer.status)
    }),
    { numRuns: 150 },
  )
}, 60_000)

it('what a person writes is received as written, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      // The platform sends no character that XML cannot hold, and escapes the one thing that ends a CDATA section.
      const content = written(text)
        .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '')
        .replaceAll(']]>', ']] >')
      const before = app.received.length
      const { query, encrypted } = sealed(aTextXml({ content }))
      expect((await send(query.toString(), envelope(encrypted))).status).toBe(200)
      expect(app.received[before]).toMatchObject({ id: '7194820366120054001', content: { text: content } })
    }),
    { numRuns: 60 },
  )
}, 60_000)
