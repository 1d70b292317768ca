import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Outbound, Outcome } from '../../adapters/channel.ts'
import { minutes, type ComplaintId } from '../../workflows/ids.ts'
import { aCompany, staffId } from '../support/builders.ts'
import { createFakeClock } from '../support/clock.ts'
import { accepted } from '../support/channel.ts'
import { productSteps } from '../../bot/steps.ts'
import { aFolder, anEngine, desk } from '../support/engine.ts'
import { chatsOf } from './chat.ts'
import { aServer, type Server } from './server.ts'

const lin = 'wx-lin'
const zhang = staffId('zhang')
const gone: Outcome = { type: 'refused', why: 'recipient', detail: 'no such contact' }
const timeout: Outcome = { type: 'unknown', detail: 'timeout' }

let server: Server<typeof productSteps>
beforeEach(async () => {
  server = await aServer({ steps: productSteps, company: aCompany() })
})
afterEach(() => server.stop())

const { says, reports, happens, typesOf } = chatsOf(() => server)

/** From now on WeChat answers so for what is said to the resident. */
function answers(outcome: (outbound: Outbound) => Outcome): void {
  server.engine.wechat.answer = (outbound) => (outbound.to === lin ? outcome(outbound) : accepted)
}

const tasksOf = (): readonly string[] =>
  server.engine.wecom.texts().filter((text) => text.includes('电话任务'))
const shown = async (): Promise<unknown> =>
  ((await server.ask('/api/complaints/TS-20261123-0001')).body as { untold: unknown }).untold
const undelivered = async (): Promise<readonly unknown[]> =>
  ((await server.ask('/api/undelivered')).body as { undelivered: unknown[] }).undelivered

async function aCase(): Promise<ComplaintId> {
  const id = await reports(lin, '3栋2单元1502可视门铃坏了，请来修', { phone: '13812345678' })
  await happens(id, { type: 'accept', by: zhang })
  return id
}

const news = (text: string) => ({ type: 'progress', by: zhang, text, media: [] }) as const

describe('what could not be said to a resident', () => {
  it.each([
    ['refused', gone, 'unreachable'],
    ['refused for its content', { ...gone, why: 'content' } as const, 'undelivered'],
    ['given up after a repeat nobody heard of', timeout, 'undelivered'],
  ] as const)('%s: is a telephone task of whoever has the case, once', async (_, outcome, reason) => {
    const id = await aCase()
    answers(() => outcome)
    await happens(id, news('主机明天到货'), news('主机到货了'))
    await server.engine.clock.pass(minutes(5))
    await server.engine.settle()
    const [task, ...more] = tasksOf()
    expect(more).toEqual([])
    expect(task).toMatch(/TS-20261123-0001 电话任务.*打电话告知/u)
    expect(task).toContain('主机明天到货')
    expect(await shown()).toMatchObject({
      reason,
      lines: [{}, {}].map(() => expect.stringContaining('主机') as string),
    })
    expect((await undelivered()).length).toBeGreaterThan(0)

    await happens(id, { type: 'contact', by: zhang, outcome: 'phone', words: null })
    expect(await shown()).toBeNull()
    expect(await undelivered(), 'and nothing warns of it any more').toEqual([])
    expect(typesOf(id)).toEqual(expect.arrayContaining(['untold', 'toldByPhone']))
  })

  it('a plain line whose fate nobody knows is let go, and told by telephone all the same', async () => {
    await aCase()
    answers(() => timeout)
    await says(lin, '补充：晚上也不响')
    await server.engine.clock.pass(minutes(1))
    await server.engine.settle()
    expect(tasksOf()).toHaveLength(1)
    expect(tasksOf()[0]).toContain('补充的已加到TS-20261123-0001')
  })

  it('a copy of all that is kept is read out by nobody', async () => {
    await aCase()
    await says(lin, '导出我的信息')
    answers(() => timeout)
    await says(lin, '1')
    await server.engine.clock.pass(minutes(1))
    await server.engine.settle()
    expect(server.engine.wecom.texts().join()).not.toMatch(/您的个人信息|您发来的话/)
  })

  it('with no case there is nobody to call, and the API shows it', async () => {
    answers(() => gone)
    await says(lin, '您好')
    expect(tasksOf()).toEqual([])
    expect(await undelivered()).toMatchObject([{ state: 'refused', complaint: null }])
  })

  it('a restart that lets a line go makes it a task, too', async () => {
    const dir = aFolder()
    const silent = () => new Promise<Outcome>(() => undefined)
    const first = await anEngine({ dir, steps: productSteps, company: aCompany(), holder: 'first' })
    const talk = chatsOf(() => ({ engine: first }) as Server<typeof productSteps>)
    const id = await talk.reports(lin, '3栋2单元1502可视门铃坏了，请来修', { phone: '13812345678' })
    await first.inbox.submit({ to: 'complaint', id }, { type: 'accept', by: zhang })
    await first.settle()
    first.wechat.answer = silent
    const said = { type: 'supplement', text: '晚上也不响', media: [] } as const
    await first.inbox.submit({ to: 'complaint', id }, said)
    await first.settle()
    first.die()
    const second = await anEngine({
      dir,
      clock: createFakeClock(first.clock.now()),
      steps: productSteps,
      company: aCompany(),
      holder: 'second',
    })
    await second.clock.pass(minutes(1))
    await second.settle()
    expect(second.wecom.texts().filter((text) => text.includes('电话任务'))).toHaveLength(1)
    expect(second.wecom.sent.every(({ channel }) => channel === desk.channel)).toBe(true)
    await second.stop()
  })
})
