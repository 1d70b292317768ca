import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { deskNeeds, stepDesk } from '../../workflows/desk/index.ts'
import type { DutyShift } from '../../workflows/estate.ts'
import { hours, type StaffId } from '../../workflows/ids.ts'
import { aCompany, anEstate, aRegistration, aStaff, staffId } from '../support/builders.ts'
import { createFakeSteps } from '../support/fake-steps.ts'
import { aServer, type Server } from './server.ts'

const shift = (who: string, start: string, end: string): DutyShift => ({
  department: '工程',
  buildings: [],
  days: [1, 2, 3, 4, 5, 6, 7],
  shift: { start, end },
  staff: [staffId(who)],
})

const company = () => {
  const [hefeng, yunxi] = aCompany().estates
  if (!hefeng || !yunxi) throw new Error('no estates')
  const duty = [shift('zhang', '08:30', '18:00'), shift('wang', '18:00', '08:30')]
  const mute = aStaff('mute', { wecom: null })
  return aCompany({ estates: [anEstate({ duty, staff: [...hefeng.staff, mute] }), yunxi] })
}

let server: Server
beforeEach(async () => {
  const steps = { ...createFakeSteps(), stepComplaint, stepDesk, deskNeeds }
  server = await aServer({ company: company(), steps })
})
afterEach(() => server.stop())

const remove = (path: string) => server.ask(path, { method: 'DELETE' })
const shown = async () => (await server.ask('/api/duty?estate=hefeng')).body as Record<string, unknown>
const texts = (userid: string) =>
  server.engine.wecom.sent.flatMap(({ to, body }) =>
    to === userid && body.type === 'text' ? [body.text] : [],
  )

async function aCase(owner: string): Promise<string> {
  const { person: _p, conversation: _c, ...registration } = aRegistration()
  const { id, number } = await server.engine.inbox.register(
    { account: 'hand', id: `${Math.random()}`, facts: {} },
    registration,
  )
  await server.engine.inbox.submit(
    { to: 'complaint', id },
    { type: 'reassign', by: staffId('li'), to: staffId(owner), reason: null },
  )
  return number
}

const ownerOf = async (number: string) =>
  ((await server.ask(`/api/complaints/${number}`)).body as { owner: StaffId }).owner

describe('GET /api/duty', () => {
  it('says who is on duty now and next, by ids, and shows leave and swaps', async () => {
    expect(await shown()).toEqual({
      at: '2026-11-23T02:00:00.000Z',
      estates: [
        {
          estate: 'hefeng',
          posts: [
            { department: '工程', onDuty: ['zhang'], until: '2026-11-23T10:00:00.000Z', next: ['wang'] },
          ],
        },
      ],
      leaves: [],
      swaps: [],
    })
    expect((await server.ask('/api/duty')).body).toMatchObject({
      estates: [{}, { estate: 'yunxi', posts: [] }],
    })
  })

  it('knows no other estate, and nobody without the token', async () => {
    expect(await server.ask('/api/duty?estate=x')).toMatchObject({ status: 400 })
    expect(await server.ask('/api/duty?who=x')).toMatchObject({ status: 400 })
    const headers = { authorization: 'Bearer wrong' }
    expect((await server.ask('/api/duty', { headers })).status).toBe(401)
    expect((await server.ask('/api/duty/leave', { method: 'POST', headers })).status).toBe(401)
  })
})

describe('leave', () => {
  const today = { staff: 'zhang', from: '2026-11-23T10:00:00+08:00', until: '2026-11-23T16:00:00+08:00' }

  it('holds at once: their cases go on, they and their supervisor hear, and it can be ended', async () => {
    const number = await aCase('zhang')
    const answer = await server.post('/api/duty/leave', today)
    expect(answer).toMatchObject({ status: 201, body: { id: 1 } })
    expect(answer.headers.get('location')).toBe('/api/duty/leave/1')
    expect(await ownerOf(number)).toBe('wang')
    expect((await shown()).leaves).toEqual([
      {
        id: 1,
        staff: 'zhang',
        from: '2026-11-23T02:00:00.000Z',
        until: '2026-11-23T08:00:00.000Z',
        state: 'begun',
        decidedBy: null,
      },
    ])
    await server.engine.settle()
    expect(texts('WeCom-zhang').join()).toContain('您的假已登记：今天10:00到16:00')
    expect(texts('WeCom-li').join()).toContain(
      '张建国请假今天10:00到16:00，已登记。\n注意：今天10:00起工程没有别的人在岗',
    )
    expect((await remove('/api/duty/leave/1')).status).toBe(204)
    expect((await shown()).leaves).toEqual([])
    expect((await remove('/api/duty/leave/1')).status).toBe(404)
  })

  it('begins and ends by itself', async () => {
    const from = '2026-11-23T14:00:00+08:00'
    await server.post('/api/duty/leave', { ...today, from })
    const number = await aCase('zhang')
    expect(await ownerOf(number)).toBe('zhang')
    await server.engine.clock.pass(hours(4))
    await server.engine.settle()
    expect(await ownerOf(number)).not.toBe('zhang')
    await server.engine.clock.pass(hours(2))
    await server.engine.settle()
    expect((await shown()).leaves).toEqual([])
  })

  it.each([
    [{ ...today, staff: 'nobody' }, 400, 'staff: nobody in the estate file'],
    [{ ...today, staff: 'gone' }, 400, 'staff: nobody'],
    [{ ...today, staff: 'mute' }, 400, 'staff: nobody'],
    [{ ...today, staff: 'root' }, 400, 'staff: nobody'],
    [{ ...today, until: today.from }, 400, 'until: must be after from'],
    [
      { ...today, from: '2026-11-22T10:00:00+08:00', until: '2026-11-23T09:00:00+08:00' },
      400,
      'over already',
    ],
    [{ ...today, until: '2028-11-23T16:00:00+08:00' }, 400, 'active: false'],
    [{ ...today, from: '2026-11-23 10:00' }, 400, 'from'],
    [{ ...today, more: 1 }, 400, 'more'],
    [{}, 400, 'staff'],
  ])('is refused: %j', async (body, status, why) => {
    const answer = await server.post('/api/duty/leave', body)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).toContain(why)
    expect((await shown()).leaves).toEqual([])
  })

  it('is refused where one holds already', async () => {
    await server.post('/api/duty/leave', today)
    expect(await server.post('/api/duty/leave', today)).toMatchObject({
      status: 409,
      body: { error: ['staff: leave 1 already covers part of this time'] },
    })
  })
})

describe('a swap', () => {
  const tonight = {
    who: 'wang',
    with: 'zhang',
    from: '2026-11-23T18:00:00+08:00',
    until: '2026-11-24T08:30:00+08:00',
  }

  it('holds at once and can be ended', async () => {
    expect(await server.post('/api/duty/swap', tonight)).toMatchObject({ status: 201, body: { id: 1 } })
    expect(await shown()).toMatchObject({
      swaps: [{ id: 1, who: 'wang', with: 'zhang', state: 'agreed', back: null }],
    })
    await server.engine.settle()
    expect(texts('WeCom-zhang').join()).toContain('王强的班由张建国值')
    await server.engine.clock.pass(hours(9))
    expect(await shown()).toMatchObject({ estates: [{ posts: [{ onDuty: ['zhang'] }] }] })
    expect((await remove('/api/duty/swap/1')).status).toBe(204)
    expect(await shown()).toMatchObject({ estates: [{ posts: [{ onDuty: ['wang'] }] }], swaps: [] })
  })

  it.each([
    [{ ...tonight, with: 'wang' }, 400, 'with: another colleague'],
    [{ ...tonight, with: 'qian' }, 400, 'with: another colleague'],
    [{ ...tonight, with: 'x' }, 400, 'with: nobody'],
    [{ ...tonight, who: 'chen' }, 400, 'who: has no shift'],
    [{ ...tonight, until: tonight.from }, 400, 'until'],
  ])('is refused: %j', async (body, status, why) => {
    const answer = await server.post('/api/duty/swap', body)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).toContain(why)
  })

  it('is refused while the other one is on leave, or where one holds already', async () => {
    const { from, until } = tonight
    await server.post('/api/duty/swap', tonight)
    expect((await server.post('/api/duty/swap', tonight)).status).toBe(409)
    await remove('/api/duty/swap/1')
    await server.post('/api/duty/leave', { staff: 'zhang', from, until })
    expect((await server.post('/api/duty/swap', tonight)).status).toBe(409)
  })
})

describe('a hand-over', () => {
  it('moves all open cases of one person to another, who must accept; done ones stay', async () => {
    const [one, two] = [await aCase('zhang'), await aCase('zhang')]
    const answer = await server.post('/api/duty/handover', { from: 'zhang', to: 'wang', reason: '调岗' })
    expect(answer).toMatchObject({ status: 200, body: { kept: [] } })
    expect(new Set((answer.body as { handed: string[] }).handed)).toEqual(new Set([one, two]))
    for (const number of [one, two]) expect(await ownerOf(number)).toBe('wang')
    const { timeline } = (await server.ask(`/api/complaints/${one}`)).body as { timeline: { type: string }[] }
    expect(timeline.find((e) => e.type === 'handedOver')).toMatchObject({
      by: 'program',
      words: '调岗',
      data: { to: 'wang' },
    })
    await server.engine.settle()
    expect(texts('WeCom-wang').join()).toContain('张建国交班给您2件')
  })

  it.each([
    [{ from: 'zhang', to: 'zhang' }, 'to: another colleague'],
    [{ from: 'zhang', to: 'qian' }, 'to: another colleague'],
    [{ from: 'zhang', to: 'root' }, 'to: nobody'],
    [{ from: 'x', to: 'wang' }, 'from: nobody'],
    [{ to: 'wang' }, 'from'],
  ])('is refused: %j', async (body, why) => {
    const answer = await server.post('/api/duty/handover', body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain(why)
  })

  it('is refused to whoever is on leave', async () => {
    await server.post('/api/duty/leave', {
      staff: 'wang',
      from: '2026-11-23T10:00:00+08:00',
      until: '2026-11-23T16:00:00+08:00',
    })
    expect((await server.post('/api/duty/handover', { from: 'zhang', to: 'wang' })).status).toBe(409)
  })
})
