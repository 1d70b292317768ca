import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { minutes, seconds } from '../../workflows/ids.ts'
import { ALARM_SECRET, anAlarmService, status, type AlarmService } from '../support/alarm-service.ts'
import { readiness } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
let service: AlarmService
beforeAll(async () => {
  service = await anAlarmService()
  town = await openTown({ env: { ALARM_WEBHOOK_URL: service.url, ALARM_WEBHOOK_SECRET: ALARM_SECRET } })
}, 60_000)
afterAll(async () => {
  await town.close()
  await service.close()
})

const ids = () => service.posts.map(({ headers }) => String(headers['x-complaint-line-id']))
const postsCome = (n: number) =>
  vi.waitFor(() => expect(service.posts.length).toBeGreaterThanOrEqual(n), 10_000)

test('the alarm of an emergency rings telephones: each round once, repeated under its id where the service fails, until somebody goes', async () => {
  const lin = town.resident()
  // The first post is refused for now, the second is taken and never answered.
  service.answers(status(503), (response) => response.socket?.destroy())
  lin.says('3栋2单元的电梯里困住了两个人，我是1502的，电话13812345678')
  await lin.hears(/别扒门/)
  await postsCome(1)
  for (const n of [2, 3]) {
    town.advance(seconds(5))
    await postsCome(n)
  }
  expect(new Set(ids()).size, 'three tries of one round').toBe(1)
  expect(service.posts.every((post) => post.signed)).toBe(true)

  const [alarm] = service.posts
  expect(alarm?.json).toMatchObject({
    type: 'alarm',
    id: ids()[0],
    why: 'danger',
    severity: 'S1',
    danger: 'trapped',
    lift: true,
    estate: '和风苑',
    dutyPhone: '0731-88881111',
    round: 1,
  })
  const call = alarm?.json.call as { staff: string; name: string; phone: string }[]
  expect(call.length).toBeGreaterThan(0)
  for (const person of call) expect(person.phone).toMatch(/^1\d{10}$/)

  town.advance(minutes(1))
  await postsCome(4)
  expect(service.posts.at(-1)?.json).toMatchObject({ round: 2 })
  expect(new Set(ids()).size).toBe(2)
  // Nothing of the resident leaves: no unit, no room, no number, no word.
  for (const { text } of service.posts) expect(text).not.toMatch(/13812345678|1502|2单元|困住/)
  await vi.waitFor(async () =>
    expect((await readiness(town)).warnings.filter((warning) => warning.startsWith('alarm:'))).toEqual([]),
  )

  const onDuty = town.member(call[0]?.staff ?? '')
  await onDuty.presses('我去处理')
  await lin.hears(/已收到，正在处理/)
  const rung = service.posts.length
  town.advance(minutes(3))
  // Whatever was due has been decided before the next word is answered.
  lin.says('进度')
  town.advance(seconds(6))
  await lin.hears(/张建国|刘强/)
  expect(service.posts.length).toBe(rung)
}, 60_000)
