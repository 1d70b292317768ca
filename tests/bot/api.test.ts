import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hours } from '../../workflows/ids.ts'
import { accepted } from '../support/channel.ts'
import { aServer, type Server } from './server.ts'

let server: Server

beforeEach(async () => {
  server = await aServer()
})

afterEach(async () => {
  await server.stop()
})

const written = {
  estate: 'hefeng',
  text: '3栋可视门铃坏了，请派人来修',
  household: { building: '3栋', unit: '1', room: '902' },
  phone: '139 0000-0001',
}

describe('who may ask', () => {
  it.each([
    ['GET', '/api/complaints'],
    ['GET', '/api/complaints/TS-20261123-0001'],
    ['GET', '/api/media/1'],
    ['GET', '/api/undelivered'],
    ['POST', '/api/complaints'],
    ['POST', '/api/undelivered/1/seen'],
    ['POST', '/api/dead/1/retry'],
  ])('%s %s: nobody without the token', async (method, path) => {
    for (const authorization of ['', 'Bearer wrong', 'Basic a-token-for-tests-only']) {
      const answer = await server.ask(path, { method, headers: { authorization } })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })
})

describe('a case registered by hand', () => {
  it('gets a number, and is shown masked', async () => {
    const answer = await server.post('/api/complaints', written)
    expect(answer).toMatchObject({ status: 201, body: { number: 'TS-20261123-0001' } })
    expect(answer.headers.get('location')).toBe('/api/complaints/TS-20261123-0001')
    const shown = await server.ask('/api/complaints/TS-20261123-0001')
    expect(shown).toMatchObject({ status: 200, body: { resident: { phone: '139****0001' }, channel: 'api' } })
    expect(JSON.stringify(shown.body)).not.toContain('13900000001')
  })

  it('is registered once for one Idempotency-Key, and again without one', async () => {
    const key = { 'idempotency-key': 'front-desk-1' }
    const first = await server.post('/api/complaints', written, key)
    expect((await server.post('/api/complaints', written, key)).body).toEqual(first.body)
    expect((await server.post('/api/complaints', written)).body).not.toEqual(first.body)
  })

  it.each([
    ['no JSON', '{"estate":', 'not valid JSON'],
    ['no text', { estate: 'hefeng', text: '  ' }, 'text'],
    ['an estate that is none', { ...written, estate: 'elsewhere' }, 'known: hefeng'],
    ['a key nobody knows', { ...written, severity: 'S1' }, 'severity'],
    ['a phone that is none', { ...written, phone: 'call me' }, 'phone'],
    ['a time without zone', { ...written, reportedAt: '2026-11-23T09:00:00' }, 'reportedAt'],
    ['a time in the future', { ...written, reportedAt: '2027-01-01T09:00:00+08:00' }, 'future'],
  ])('with %s is refused and changes nothing', async (_what, body, named) => {
    const answer = await server.post('/api/complaints', body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain(named)
    expect((await server.ask('/api/complaints')).body).toEqual({ complaints: [], next: null })
  })

  it('whose turn fails is stored, and its client is told to come again', async () => {
    const { stepComplaint } = server.engine.steps
    server.engine.steps.stepComplaint = () => {
      throw new Error('no')
    }
    const key = { 'idempotency-key': 'front-desk-2' }
    expect((await server.post('/api/complaints', written, key)).status).toBe(503)
    server.engine.steps.stepComplaint = stepComplaint
    await server.engine.clock.pass(hours(1))
    expect(await server.post('/api/complaints', written, key)).toMatchObject({
      status: 201,
      body: { number: 'TS-20261123-0001' },
    })
  })
})

describe('the list', () => {
  it('is newest first, in pages, by estate and by what is open', async () => {
    for (const text of ['一', '二', '三']) await server.post('/api/complaints', { ...written, text })
    const first = await server.ask('/api/complaints?limit=2')
    expect(first.body).toMatchObject({
      complaints: [{ number: 'TS-20261123-0003' }, { number: 'TS-20261123-0002' }],
      next: 2,
    })
    expect((await server.ask('/api/complaints?limit=2&before=2')).body).toMatchObject({
      complaints: [{ number: 'TS-20261123-0001' }],
      next: null,
    })
    expect((await server.ask('/api/complaints?estate=elsewhere')).body).toMatchObject({ complaints: [] })
    expect((await server.ask('/api/complaints?open=false')).body).toMatchObject({ complaints: [] })
  })

  it.each(['limit=0', 'limit=201', 'open=yes', 'page=2'])('refuses %s', async (query) => {
    expect((await server.ask(`/api/complaints?${query}`)).status).toBe(400)
  })
})

it('what is not there is 404', async () => {
  for (const path of ['/api/complaints/TS-20261123-0009', '/api/media/7', '/api/media/x', '/api/nothing'])
    expect((await server.ask(path)).status, path).toBe(404)
})

it('a file is sent as an attachment that no browser runs, and not where it cannot be shown (must-survive 26)', async () => {
  const { engine } = server
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(20, 1)])
  engine.wechat.files.set('file-1', async function* () {
    yield await Promise.resolve(png)
  })
  await engine.writes({ type: 'media', kind: 'file', media: 'file-1', name: 'a.svg' })
  for (let i = 0; i < 200 && engine.store.reads.backlog().mediaWaiting > 0; i++) {
    await engine.settle()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const answer = await server.ask('/api/media/1')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('image/png')
  expect(answer.headers.get('content-disposition')).toBe('attachment')
  expect(answer.headers.get('content-security-policy')).toContain('sandbox')
})

describe('what did not arrive', () => {
  it('warns until somebody has seen it', async () => {
    const { engine } = server
    engine.wechat.answer = () => ({ type: 'refused', why: 'recipient', detail: 'no such contact' })
    await engine.writes('你好')
    await engine.settle()
    engine.wechat.answer = () => accepted
    const { body } = await server.ask('/api/undelivered')
    const shown = body as { undelivered: { id: number; createdAt: string }[]; dead: unknown[] }
    expect(shown).toMatchObject({ undelivered: [{ state: 'refused', kind: 'text' }], dead: [] })
    expect(shown.undelivered[0]?.createdAt).toBe('2026-11-23T02:00:00.000Z')
    expect(JSON.stringify(body)).not.toContain('你好')
    expect((await server.ask('/readyz')).body).toMatchObject({
      ready: true,
      warnings: expect.arrayContaining(['1 messages were refused by their platform']) as string[],
    })
    const path = `/api/undelivered/${shown.undelivered[0]?.id ?? 0}/seen`
    expect((await server.post(path)).status).toBe(204)
    expect((await server.ask('/readyz')).body).toMatchObject({ ready: true, errors: [], warnings: [] })
    expect((await server.post(path)).status).toBe(404)
  })

  it('is seen only where it did not: what was sent stays sent', async () => {
    await server.engine.writes('你好')
    await server.engine.settle()
    expect((await server.post('/api/undelivered/1/seen')).status).toBe(404)
    expect((await server.post('/api/undelivered/1e3/seen')).status).toBe(404)
    const row = server.engine.store.database.sqlite.prepare('select state from outbox').get()
    expect(row).toEqual({ state: 'sent' })
  })
})

describe('an event no turn could decide', () => {
  beforeEach(async () => {
    await server.engine.writes('坏')
    await server.engine.clock.pass(hours(5))
  })

  it('is tried again on demand, and warns no more once it is decided', async () => {
    expect((await server.ask('/api/undelivered')).body).toMatchObject({ dead: [{ id: 1, conversation: 1 }] })
    expect((await server.post('/api/dead/1/retry')).status).toBe(409)
    server.engine.steps.broken = false
    expect((await server.post('/api/dead/1/retry')).status).toBe(204)
    await server.engine.settle()
    expect(server.engine.wechat.texts()).toEqual(['收到坏'])
    expect((await server.ask('/readyz')).body).toMatchObject({ warnings: [] })
    expect((await server.post('/api/dead/1/retry')).status).toBe(404)
  })

  it('is no other row', async () => {
    await server.engine.writes('你好')
    expect((await server.post('/api/dead/2/retry')).status).toBe(404)
    expect((await server.post('/api/dead/99/retry')).status).toBe(404)
  })
})
