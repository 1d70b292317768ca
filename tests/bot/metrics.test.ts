import { afterEach, beforeEach, expect, it } from 'vitest'
import { hours, minutes } from '../../workflows/ids.ts'
import { aServer, type Server } from './server.ts'

let server: Server

beforeEach(async () => {
  server = await aServer()
})

afterEach(async () => {
  await server.stop()
})

/** The value of a line such as `complaint_line_timers` or `name{a="b"}`; null where there is none. */
async function value(line: string): Promise<number | null> {
  const { body } = await server.ask('/metrics')
  const found = String(body)
    .split('\n')
    .find((one) => one.startsWith(`${line} `))
  return found === undefined ? null : Number(found.slice(line.length + 1))
}

it('counts open complaints by state and severity, and forgets what is none any more', async () => {
  await server.engine.writes('报修 一')
  await server.engine.writes('报修 二')
  const assigned = 'complaint_line_complaints_open{status="assigned",severity="S2"}'
  expect(await value(assigned)).toBe(2)
  for (const id of [1, 2])
    await server.engine.inbox.submit({ to: 'complaint', id: id as never }, { type: 'withdraw', text: null })
  expect(await value(assigned)).toBeNull()
})

it('tells how long the oldest message has waited and how late the oldest timer is', async () => {
  server.engine.wechat.answer = () => ({ type: 'later', after: hours(1), detail: '45009' })
  await server.engine.writes('提醒')
  await server.engine.writes('你好', { sender: 'wx-b' })
  await server.engine.settle()
  await server.engine.timers.stop()
  server.engine.clock.jump(minutes(3))
  expect(await value('complaint_line_outbox_pending')).toBe(1)
  expect(await value('complaint_line_outbox_oldest_seconds')).toBe(180)
  expect(await value('complaint_line_timer_lateness_seconds')).toBe(120)
})

it('counts what failed, what is dead and what did not arrive', async () => {
  await server.engine.writes('坏')
  expect(await value('complaint_line_inbox_waiting')).toBe(1)
  await server.engine.clock.pass(hours(5))
  expect(await value('complaint_line_inbox_dead')).toBe(1)
  server.engine.wechat.answer = () => ({ type: 'refused', why: 'recipient', detail: 'gone' })
  await server.engine.writes('你好')
  await server.engine.settle()
  expect(await value('complaint_line_undelivered{state="refused"}')).toBe(1)
})

it('counts requests by route and status, and invents no label from what strangers ask for', async () => {
  await server.ask('/api/complaints')
  await server.ask('/api/complaints/TS-20261123-0001')
  await server.ask('/13900000001/王女士')
  const all = 'complaint_line_http_requests_total'
  expect(await value(`${all}{route="/api/complaints",status="200"}`)).toBe(1)
  expect(await value(`${all}{route="/api/complaints",status="404"}`)).toBe(1)
  expect(await value(`${all}{route="other",status="404"}`)).toBe(1)
  expect(String((await server.ask('/metrics')).body)).not.toContain('13900000001')
})

it('tells which work of all processes this one does', async () => {
  expect(await value('complaint_line_holds{work="chores"}')).toBe(1)
  expect(await value('complaint_line_holds{work="channel:wecom"}')).toBe(0)
})
