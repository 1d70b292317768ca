import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aServer, type Server } from '../bot/server.ts'
import { aCompany } from '../support/builders.ts'
import { productSteps } from '../../bot/steps.ts'
import { anyText, remembering, seeded, wellFormed } from './hostile.ts'

let server: Server<typeof productSteps>
const failures: string[] = []

beforeAll(async () => {
  server = await aServer({
    steps: productSteps,
    company: aCompany(),
    log: remembering(failures),
  })
  await server.post('/api/complaints', { estate: 'hefeng', text: '3栋可视门铃坏了' })
})
afterAll(() => server.stop())

/** Values a field may be given: right ones as often as wrong ones. */
const staff = fc.constantFrom('zhang', 'wang', 'li', 'sun', 'wu', 'feng', 'gone', 'nobody', '__proto__')
const moment = fc.oneof(
  fc.constantFrom('2026-11-24T08:00:00+08:00', '2026-11-25T08:00:00Z', '2026-11-23T01:59:59Z'),
  fc.constantFrom('0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '1969-12-31T23:59:59Z'),
  fc.constantFrom('9999-12-31T23:59:59Z', '9998-12-31T00:00:00-23:59', '2026-02-30T00:00:00Z', '2026-11-24'),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2400-01-01') }).map((d) => d.toISOString()),
)
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  anyText,
  fc.constantFrom(null, -0, 1e308, '', [], {}, { __proto__: 1 }, { toString: 1 }),
)
const mostly = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: anything })
const words = fc.oneof(fc.constantFrom('3栋可视门铃坏了', '着火了', '外出'), anyText)

/** Every POST route and a body it might take. */
const routes: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  '/api/complaints': fc.record(
    {
      estate: mostly(fc.constantFrom('hefeng', 'yunxi', 'nowhere')),
      text: mostly(words),
      household: mostly(
        fc.record(
          { building: mostly(words), unit: mostly(words), room: mostly(words) },
          { requiredKeys: ['building'] },
        ),
      ),
      phone: mostly(fc.constantFrom('13900000001', '+86 139-0000-0001', '------', '0731-88880000', '１３９')),
      reportedAt: mostly(moment),
    },
    { requiredKeys: ['estate', 'text'] },
  ),
  '/api/complaints/TS-20261123-0001/calls': fc.record({
    staff: mostly(staff),
    answered: mostly(fc.constant(true)),
  }),
  '/api/policy/apply': fc.record({ estate: mostly(fc.constantFrom('hefeng', 'yunxi', 'nowhere')) }),
  '/api/duty/leave': fc.record({ staff: mostly(staff), from: mostly(moment), until: mostly(moment) }),
  '/api/duty/swap': fc.record({
    who: mostly(staff),
    with: mostly(staff),
    from: mostly(moment),
    until: mostly(moment),
  }),
  '/api/duty/handover': fc.record(
    { from: mostly(staff), to: mostly(staff), reason: mostly(words) },
    { requiredKeys: ['from', 'to'] },
  ),
  '/api/complaints/TS-20261123-0001/hold': fc.record({ reason: mostly(anyText) }),
  '/api/complaints/TS-20261123-0001/forget': fc.record({}),
  '/api/undelivered/1/seen': fc.record({}),
  '/api/dead/1/retry': fc.record({}),
}

/** Done, or a sentence for the caller; never our own failure. */
function isAnswered({ status, body }: { status: number; body: unknown }): void {
  expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(200)
  expect(status, JSON.stringify(body)).toBeLessThan(500)
  if (status < 400) return
  const { error } = body as { error: string | readonly string[] }
  const sentences = typeof error === 'string' ? [error] : error
  expect(sentences.length).toBeGreaterThan(0)
  for (const sentence of sentences) {
    expect(sentence).toMatch(/\p{L}+ \p{L}+/u)
    expect(sentence).not.toMatch(/\[object|\.ts:\d|SQLITE|at .*\(.*:\d+\)/)
  }
}

describe.each(Object.entries(routes))('POST %s', (path, likely) => {
  it('answers any JSON with what was done or what is wrong with it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 4, arbitrary: likely }, { weight: 1, arbitrary: anything }),
        async (body) => {
          isAnswered(await server.post(path, JSON.stringify(body)))
        },
      ),
      seeded(40, 20261301),
    )
    await server.engine.settle()
    expect(failures).toEqual([])
  })

  it('says what is wrong with a body that is no JSON, or comes in another way', async () => {
    const headers = fc.constantFrom<Record<string, string>>(
      { 'content-type': 'application/json' },
      { 'content-type': 'application/json; charset=gbk' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      { 'content-type': 'application/json', 'content-encoding': 'br' },
    )
    const raw = fc.oneof(
      fc.constantFrom('', '{', '"', '[]', 'null', '{"estate":"hefeng","text":"a"}', '['.repeat(30_000)),
      fc.constant(`{"text":"${'一'.repeat(30_000)}"}`),
      anyText,
    )
    await fc.assert(
      fc.asyncProperty(raw, headers, async (body, given) => {
        isAnswered(await server.post(path, body, given))
      }),
      seeded(20, 20261302),
    )
  })
})

it('an address or a header with anything in it is answered alike', async () => {
  const part = fc.oneof(
    fc.constantFrom('%', '%ff', '%00', '%2e%2e', '..%2f..', '__proto__', '1e3', '-1', '0x1', '9'.repeat(40)),
    anyText.map((text) => encodeURIComponent(wellFormed(text.slice(0, 100)))),
  )
  const route = fc.constantFrom(
    (p: string) => `/api/complaints/${p}/calls`,
    (p: string) => `/api/complaints/${p}/hold`,
    (p: string) => `/api/complaints/${p}/forget`,
    (p: string) => `/api/undelivered/${p}/seen`,
    (p: string) => `/api/dead/${p}/retry`,
    (p: string) => `/api/${p}`,
  )
  await fc.assert(
    fc.asyncProperty(route, part, async (to, p) => {
      isAnswered(await server.post(to(p), { staff: 'li', answered: true }))
    }),
    seeded(80, 20261303),
  )
})

it('whatever is asked for is answered alike', async () => {
  const part = anyText.map((text) => encodeURIComponent(wellFormed(text.slice(0, 100))))
  await fc.assert(
    fc.asyncProperty(part, fc.webQueryParameters(), async (p, query) => {
      const copy = `complaints/TS-20261123-0001/export?reason=${p}`
      for (const address of [`complaints/${p}`, `media/${p}`, `complaints?${query}`, `duty?${query}`, copy])
        isAnswered(await server.ask(`/api/${address}`))
    }),
    seeded(40, 20261304),
  )
})

it('a client that sends an empty Idempotency-Key loses nothing: every request is a case of its own', async () => {
  const register = () =>
    server.post('/api/complaints', { estate: 'hefeng', text: '路灯坏了' }, { 'idempotency-key': '' })
  expect((await register()).body).not.toEqual((await register()).body)
})

it.each([
  ['compressed', '/api/complaints', { 'content-encoding': 'gzip' }, 415, /not compressed/],
  [
    'in another encoding',
    '/api/complaints',
    { 'content-type': 'application/json; charset=gbk' },
    415,
    /UTF-8/,
  ],
  ['to an address that is none', '/api/dead/%ff/retry', {}, 400, /address/],
  ['that is broken', '/api/complaints', {}, 400, /JSON/],
] as const)('a body %s is told what is wrong with it', async (_what, path, headers, status, sentence) => {
  const answer = await server.post(path, path === '/api/complaints' ? '{"estate":' : {}, headers)
  expect(answer.status).toBe(status)
  expect((answer.body as { error: string }).error).toMatch(sentence)
})
