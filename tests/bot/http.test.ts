import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { close, listen } from '../../bot/http.ts'
import express from 'express'
import { minutes } from '../../workflows/ids.ts'
import { aServer, type Server } from './server.ts'

let server: Server

beforeEach(async () => {
  server = await aServer()
})

afterEach(async () => {
  await server.stop()
})

const open = { headers: { authorization: '' } }

it('health and metrics are asked without a token', async () => {
  expect(await server.ask('/healthz', open)).toMatchObject({ status: 200, body: { up: true } })
  expect(await server.ask('/readyz', open)).toMatchObject({
    status: 200,
    body: { ready: true, errors: [], warnings: [] },
  })
  expect((await server.ask('/metrics', open)).headers.get('content-type')).toContain('text/plain')
})

describe('/readyz', () => {
  it('is 200 with a warning for whatever a person should know', async () => {
    server.health.channelTroubles.push('WeChat is not logged in')
    await server.engine.writes('坏')
    const answer = await server.ask('/readyz')
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      ready: true,
      warnings: ['wechaty: WeChat is not logged in', '1 events failed and wait to be tried again'],
    })
  })

  it('says which work of all processes this one does, and warns of work that nobody does', async () => {
    server.health.shareTroubles.push('no process does this work now: channel:wecom')
    expect((await server.ask('/readyz')).body).toMatchObject({
      ready: true,
      holds: ['chores'],
      warnings: ['no process does this work now: channel:wecom'],
    })
  })

  it('warns when nothing wakes what is due', async () => {
    await server.engine.writes('提醒')
    await server.engine.timers.stop()
    server.engine.clock.jump(minutes(4))
    expect((await server.ask('/readyz')).body).toMatchObject({ warnings: ['the oldest timer is 180 s late'] })
  })

  it('is 503 when nothing can be written', async () => {
    server.health.unwritable = 'SQLITE_FULL'
    expect(await server.ask('/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, errors: ['the database cannot be written (SQLITE_FULL)'] },
    })
  })

  it('is 503 while the program stops, and the process is up all the same', async () => {
    server.health.stopping = true
    expect((await server.ask('/readyz')).status).toBe(503)
    expect((await server.ask('/healthz')).status).toBe(200)
  })

  it('is 503 when nothing can be read', async () => {
    const { sqlite } = server.engine.store.database
    sqlite.exec('alter table timers rename to elsewhere')
    const answer = await server.ask('/readyz')
    sqlite.exec('alter table elsewhere rename to timers')
    expect(answer).toMatchObject({
      status: 503,
      body: { errors: ['the database cannot be read (SQLITE_ERROR)'] },
    })
  })
})

it('what does not exist is 404 in JSON, and every answer tells the browser to guess nothing', async () => {
  const answer = await server.ask('/wp-admin.php')
  expect(answer).toMatchObject({ status: 404, body: { error: 'there is nothing here' } })
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('x-frame-options')).toBe('DENY')
  expect(answer.headers.get('x-powered-by')).toBeNull()
})

it('a body that is too large or no JSON is the caller’s mistake', async () => {
  const large = await server.post('/api/complaints', { estate: 'hefeng', text: '长'.repeat(40_000) })
  expect(large).toMatchObject({ status: 413, body: { error: 'the body is too large' } })
  expect((await server.post('/api/complaints', '{')).status).toBe(400)
})

it('a mistake of ours is 500 and says no more than that', async () => {
  server.engine.store.reads.list = () => {
    throw new Error('13900000001 王女士')
  }
  const answer = await server.ask('/api/complaints')
  expect(answer).toMatchObject({
    status: 500,
    body: { error: 'the program could not do this; nothing was stored' },
  })
})

describe('listening', () => {
  it('on a port that is taken rejects', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(listen(express(), '127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await new Promise((resolve) => taken.close(resolve))
  })

  it('ends in time, however long somebody keeps reading (must-survive 40)', async () => {
    const app = express()
    app.get('/stream', (_request, response) => void response.write('first'))
    const { server: streaming, port } = await listen(app, '127.0.0.1', 0)
    const answer = await fetch(`http://127.0.0.1:${port}/stream`)
    const reading = answer.text().catch(() => 'cut')
    await close(streaming, 10)
    expect(await reading).toBe('cut')
  })
})
