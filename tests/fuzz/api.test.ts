import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aServer, type Server } from '../bot/server.ts'
import { anyText, written } from './texts.ts'

let server: Server
beforeAll(async () => void (server = await aServer()))
afterAll(() => server.stop())

const likely = fc.record(
  {
    estate: fc.oneof(fc.constant('hefeng'), anyText),
    text: fc.oneof(anyText, fc.jsonValue()),
    household: fc.oneof(
      fc.record({ building: anyText, unit: anyText, room: anyText }, { requiredKeys: [] }),
      fc.jsonValue(),
    ),
    phone: fc.oneof(fc.constant('13800000001'), anyText),
    reportedAt: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      anyText,
    ),
    __proto__: fc.jsonValue(),
  },
  { requiredKeys: [] },
)

it('a body of any kind is registered or refused with a reason, never a failure of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        likely.map((body) => JSON.stringify(body)),
        fc.json(),
        anyText,
      ),
      async (body) => {
        const answer = await server.post('/api/complaints', body)
        expect([201, 400, 413]).toContain(answer.status)
        if (answer.status === 201) return
        expect(answer.body).toHaveProperty('error')
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)

it('an address of any kind is answered, never a failure of ours', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.webQueryParameters(), async (text, query) => {
      const path = encodeURIComponent(written(text.slice(0, 300)))
      for (const address of [`/api/complaints/${path}`, `/api/media/${path}`, `/api/complaints?${query}`])
        expect((await server.ask(address)).status, address).toBeLessThan(500)
    }),
    { numRuns: 60 },
  )
}, 60_000)
