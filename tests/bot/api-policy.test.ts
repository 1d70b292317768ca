import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { differences, replay } from '../../bot/replay.ts'
import { readStored } from '../../db/stored.ts'
import { openStore } from '../../db/store.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { complaintSchema, type Complaint } from '../../workflows/complaint/state.ts'
import type { Company, Estate } from '../../workflows/estate.ts'
import { minutes, type ComplaintId } from '../../workflows/ids.ts'
import { defaultPolicy } from '../../workflows/policy.ts'
import { aCompany } from '../support/builders.ts'
import { createFakeSteps } from '../support/fake-steps.ts'
import { aFolder, desk } from '../support/engine.ts'
import { aServer, type Server } from './server.ts'

let dir: string
let server: Server

/** Intake is the fake's; cases are the product's. */
const steps = () => ({ ...createFakeSteps(), stepComplaint })

/** The company whose first estate says something else. */
const withEstate = (part: Partial<Estate>): Company => {
  const company = aCompany()
  return { ...company, estates: company.estates.map((e, n) => (n === 0 ? { ...e, ...part } : e)) }
}
const contactIn = (amount: number) =>
  withEstate({
    policy: {
      ...defaultPolicy,
      steps: {
        ...defaultPolicy.steps,
        contact: { ...defaultPolicy.steps.contact, S3: { amount, unit: 'h', working: true } },
      },
    },
  })

beforeEach(async () => {
  dir = aFolder()
  server = await aServer({ dir, steps: steps(), company: aCompany(), holder: 'first' })
})

afterEach(async () => {
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** The program is ended and started again with another estate file, on the same data. */
async function restartedWith(company: Company): Promise<void> {
  const { clock } = server.engine
  await server.engine.settle()
  await server.engine.stop()
  server = await aServer({ dir, clock, steps: steps(), company, holder: 'next' })
}

const register = (estate = 'hefeng') => server.post('/api/complaints', { estate, text: '3栋可视门铃坏了' })
const apply = (body: unknown = { estate: 'hefeng' }) => server.post('/api/policy/apply', body)

function complaint(id: number): Complaint {
  const row = server.engine.store.complaints.complaint(id as ComplaintId)
  if (!row) throw new Error('no such complaint')
  return readStored(complaintSchema, row.state, 'complaints', row.id)
}
const contactDue = (id: number) => complaint(id).deadlines.find((d) => d.step === 'contact')?.due ?? 0

describe('POST /api/policy/apply', () => {
  it('lets the open cases of the estate take the changed policy, and says how many did', async () => {
    for (let n = 0; n < 60; n++) await register()
    await register('yunxi')
    const before = contactDue(1)
    await restartedWith(contactIn(6))
    expect(contactDue(1)).toBe(before)
    expect(await apply()).toMatchObject({
      status: 200,
      body: { estate: 'hefeng', version: 2, changed: 60, waiting: 0 },
    })
    expect(Array.from({ length: 61 }, (_, n) => complaint(n + 1).version)).toEqual([
      ...Array.from({ length: 60 }, () => 2),
      1,
    ])
    expect(contactDue(1) - before).toBe(minutes(120))
    expect(server.engine.store.complaints.timeline(1 as ComplaintId).map((e) => e.type)).toContain(
      'policyChanged',
    )
  })

  it('asked twice does nothing the second time', async () => {
    await register()
    await restartedWith(contactIn(6))
    expect((await apply()).body).toMatchObject({ changed: 1 })
    const { state } = server.engine.store.complaints.complaint(1 as ComplaintId) ?? {}
    expect((await apply()).body).toMatchObject({ changed: 0, waiting: 0 })
    expect(server.engine.store.complaints.complaint(1 as ComplaintId)?.state).toBe(state)
  })

  it('leaves cases alone for which the file changed nothing: people are always those of now', async () => {
    await register()
    await restartedWith(withEstate({ phone: '0731-12345678' }))
    expect((await apply()).body).toMatchObject({ version: 2, changed: 0 })
    expect(complaint(1).version).toBe(1)
  })

  it('brings a holiday of the calendar as well', async () => {
    await register()
    const { calendar } = aCompany().estates[0] ?? {}
    if (!calendar) throw new Error('no estate')
    await restartedWith(withEstate({ calendar: { ...calendar, closed: ['2026-11-24'] } }))
    expect((await apply()).body).toMatchObject({ changed: 1 })
  })

  it('arms the timer of what it moved', async () => {
    await register()
    await restartedWith(contactIn(1))
    await apply()
    const { store } = server.engine
    const row = store.complaints.complaint(1 as ComplaintId)
    expect(store.timers.page(null, 10).find((t) => t.kind === 'complaint')?.due).toBe(row?.due)
  })

  it('is an event of each case, so that its history is decided again as it was', async () => {
    await register()
    await restartedWith(contactIn(1))
    await apply()
    await server.engine.clock.pass(minutes(90))
    await server.engine.settle()
    const into = openStore({ dataDir: ':memory:', holder: 'replay', now: 1 })
    await replay({ from: server.engine.store, into, steps: server.engine.steps, desk })
    expect(differences(server.engine.store, into)).toEqual([])
    into.close()
  })

  it('says what waits because its turn failed, and takes it when that is tried again', async () => {
    await register()
    await register()
    await restartedWith(contactIn(6))
    const { steps } = server.engine
    const step = steps.stepComplaint
    steps.stepComplaint = (state, event, loaded, context) => {
      if (event.type === 'policyChanged' && loaded.id === 1) throw new Error('a fault')
      return step(state, event, loaded, context)
    }
    expect((await apply()).body).toMatchObject({ changed: 1, waiting: 1 })
    steps.stepComplaint = step
    await server.engine.clock.pass(minutes(1))
    await server.engine.settle()
    expect(complaint(1).version).toBe(2)
  })

  it.each([
    ['without an estate', {}],
    ['for an estate there is none of', { estate: 'nowhere' }],
    ['with more than it knows', { estate: 'hefeng', version: 1 }],
    ['without a body', ''],
  ])('%s is refused in words', async (_name, body) => {
    const answer = await apply(body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain('known: hefeng, yunxi')
  })

  it('is behind the token', async () => {
    const answer = await server.ask('/api/policy/apply', { method: 'POST', headers: { authorization: '' } })
    expect(answer.status).toBe(401)
  })
})
