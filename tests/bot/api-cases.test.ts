import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ComplaintEvent } from '../../workflows/complaint/events.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { days, type ComplaintId } from '../../workflows/ids.ts'
import { aCompany, staffId } from '../support/builders.ts'
import { createFakeSteps } from '../support/fake-steps.ts'
import { aServer, type Server } from './server.ts'

/** Intake is the fake's; cases are the product's. */
let server: Server
beforeEach(async () => {
  server = await aServer({ steps: { ...createFakeSteps(), stepComplaint }, company: aCompany() })
  await server.post('/api/complaints', { estate: 'hefeng', text: '3栋可视门铃坏了' })
})
afterEach(() => server.stop())

const number = 'TS-20261123-0001'
const happens = (event: ComplaintEvent) =>
  server.engine.inbox.submit({ to: 'complaint', id: 1 as ComplaintId }, event)
const shown = async () => (await server.ask(`/api/complaints/${number}`)).body as Record<string, unknown>
const [zhang, li] = [staffId('zhang'), staffId('li')]

describe('a case is shown', () => {
  it('with its pause while it has one, and whose it is to do once that is somebody else', async () => {
    await happens({ type: 'accept', by: zhang })
    expect(await shown()).toMatchObject({ paused: null, transfer: null })
    const until = server.engine.clock.now() + days(2)
    await happens({ type: 'pause', by: li, why: 'weather', words: '暴雨', until })
    const since = new Date(server.engine.clock.now()).toISOString()
    expect(await shown()).toMatchObject({
      paused: { since, until: new Date(until).toISOString(), reason: 'weather' },
    })
    await happens({ type: 'resume', by: zhang })
    await happens({ type: 'transfer', by: zhang, who: '供电公司', words: '外线检修' })
    expect(await shown()).toMatchObject({ paused: null, transfer: { to: '供电公司', since } })
  })
})

describe('a call that was answered is taken', () => {
  const called = (staff: string) => server.post(`/api/complaints/${number}/calls`, { staff, answered: true })
  const recorded = async () =>
    ((await shown()).timeline as { type: string }[]).filter((e) => e.type === 'called').length

  it.each(['zhang', 'li', 'sun', 'wu'])('of %s, who belongs to its estate or the company', async (staff) => {
    expect((await called(staff)).status).toBe(201)
    expect(await recorded()).toBe(1)
  })

  it('of nobody from another estate: they have not heard of it', async () => {
    const answer = await called('feng')
    expect(answer.status).toBe(409)
    expect(answer.body).toEqual({
      error: [`staff: feng belongs neither to the estate of ${number} nor to the company's own people`],
    })
    expect(await recorded()).toBe(0)
  })

  it('of nobody it is about', async () => {
    await happens({ type: 'accept', by: zhang })
    await happens({ type: 'party', by: zhang, name: '王强', staff: staffId('wang') })
    const answer = await called('wang')
    expect(answer).toMatchObject({ status: 409, body: { error: [expect.stringContaining('is about wang')] } })
    expect(await recorded()).toBe(0)
  })

  it('of nobody once the case is over', async () => {
    await happens({ type: 'withdraw', text: null })
    expect(await called('li')).toMatchObject({
      status: 409,
      body: { error: [expect.stringContaining('is over')] },
    })
  })
})

describe('a hold', () => {
  const path = `/api/complaints/${number}/hold`

  it('keeps the case from being blanked until it is lifted, with its reasons on the timeline', async () => {
    await happens({ type: 'withdraw', text: null })
    expect((await server.post(path, { reason: '法院调取' })).status).toBe(200)
    expect((await shown()).onHold).toBe(new Date(server.engine.clock.now()).toISOString())
    server.engine.clock.jump(days(4 * 366))
    expect((await server.post('/api/retention', {})).body).toEqual({ cases: 0, files: 0, people: 0 })
    expect((await shown()).words).toMatch(/门铃/)
    const lifted = await server.ask(path, {
      method: 'DELETE',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ reason: '判决已生效' }),
    })
    expect(lifted.body).toEqual({ number, onHold: false })
    expect((await server.post('/api/retention', {})).body).toMatchObject({ cases: 1 })
    const timeline = (await shown()).timeline as { type: string }[]
    expect(timeline.map(({ type }) => type)).toEqual(expect.arrayContaining(['hold', 'released', 'expired']))
    expect((await shown()).words).toBe('')
  })

  it('wants a reason, and a case', async () => {
    expect((await server.post(path, {})).status).toBe(400)
    expect((await server.post('/api/complaints/TS-1/hold', { reason: '法院调取' })).status).toBe(404)
  })
})
