import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hours, minutes } from '../../workflows/ids.ts'
import { smallEstate } from '../support/estate-file.ts'
import { ALARM_SECRET, anAlarmService, type AlarmService } from '../support/alarm-service.ts'
import { complaint, expectPlainWords, readiness, tells, typesOf } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
let service: AlarmService
const dir = mkdtempSync(join(tmpdir(), 'estate-'))
beforeAll(async () => {
  const estateFile = join(dir, 'estate.yaml')
  writeFileSync(estateFile, twoPeople)
  service = await anAlarmService()
  const env = { ALARM_WEBHOOK_URL: service.url, ALARM_WEBHOOK_SECRET: ALARM_SECRET }
  town = await openTown({ estateFile, env })
}, 60_000)
afterAll(async () => {
  await town.close()
  await service.close()
  rmSync(dir, { recursive: true })
})

const unheard = async (number: string) =>
  (await readiness(town)).warnings.filter((w) => w.includes(`${number}: nobody has answered an escalation`))

/** The simulator's clock, a second at a time, so that what comes together is said together. */
const moments = () => town.advance(6_000)

test('an escalation nobody answers goes on, gets loud, is telephoned, and ends with the call that was answered', async () => {
  const who = town.resident('resident-wang')
  const li = town.staff('LiMin')
  const number = await tells(town, who, '3栋1单元1201可视门铃坏了，请来修')
  await town.staff('ZhangJianGuo').on(number).presses('接单')
  await who.hears(/由张建国经办/)
  // First human contact is due four service hours after ten.
  town.advance(hours(5.6))
  moments()
  await li.hears(new RegExp(`${number} 督办：联系住户已超时.*经办张建国.*看到请回“收到”`))
  await li.on(number).sees(/催办/)
  expect(await unheard(number)).toEqual([])

  town.advance(hours(2.1))
  moments()
  await li.hears(/此前通知的人没有回应/)
  expect(await unheard(number)).toHaveLength(1)
  const posted = service.posts.filter((post) => post.json.why === 'unanswered')
  expect(posted[0]).toMatchObject({
    signed: true,
    json: {
      complaint: number,
      estate: '和风苑',
      dutyPhone: '0731-88881111',
      round: 1,
      call: [{ staff: 'li', name: '李敏', phone: '13900000002' }],
    },
  })
  expect(posted[0]?.text).not.toMatch(/13800000001|1201|1单元|门铃/)
  // It outlives a restart.
  await town.restart()
  expect(await unheard(number)).toHaveLength(1)

  const recorded = await town.api(`/api/complaints/${number}/calls`, {
    method: 'POST',
    body: JSON.stringify({ staff: 'li', answered: true }),
  })
  expect(recorded).toEqual({ status: 201, body: { number } })
  expect(await unheard(number)).toEqual([])
  expect(typesOf(await complaint(town, number)).slice(-2)).toEqual(['alertAnswered', 'called'])
  expectPlainWords(town)
}, 90_000)

test('a call is recorded of somebody there is, in a case there is, and only when it was answered', async () => {
  const calls = (number: string, body: unknown) =>
    town.api(`/api/complaints/${number}/calls`, { method: 'POST', body: JSON.stringify(body) })
  const number = await tells(town, town.resident('resident-zhou'), '3栋1单元902可视门铃坏了，请来修')
  expect((await calls('TS-20200101-0001', { staff: 'li', answered: true })).status).toBe(404)
  expect((await calls(number, { staff: 'nobody', answered: true })).status).toBe(400)
  expect((await calls(number, { staff: 'li', answered: false })).status).toBe(400)
  expect(typesOf(await complaint(town, number))).not.toContain('called')
}, 60_000)

test('many late cases are one message with numbers, and 收到 answers for all of them', async () => {
  const li = town.staff('LiMin')
  const zhang = town.staff('ZhangJianGuo')
  const numbers: string[] = []
  town.nextMorning()
  for (const [resident, room] of [
    ['resident-wang', '1201'],
    ['resident-zhou', '902'],
    ['resident-chen', '501'],
    ['resident-lin', '302'],
  ] as const) {
    const number = await tells(
      town,
      town.newcomer(`${resident}-again`),
      `3栋1单元${room}可视门铃坏了，请来修`,
      {
        home: `3栋1单元${room}`,
      },
    )
    await zhang.on(number).presses('接单')
    await zhang.hears(/已接单/)
    numbers.push(number)
  }
  town.advance(hours(5.6))
  moments()
  const all = numbers.map((number) => `(?=[\\s\\S]*\\d+\\. ${number} .*经办张建国)`).join('')
  const list = await li.hears(new RegExp(`^督办和提醒共\\d+件${all}`))
  const line = list.split('\n').find((l) => l.includes(numbers[1] ?? '')) ?? ''
  li.says(/^\d+/.exec(line)?.[0] ?? '')
  await li.on(numbers[1] ?? '').sees(/催办/)
  li.says('收到')
  await li.hears(/记为您已看到/)
  for (const number of numbers)
    expect(typesOf(await complaint(town, number)).filter((type) => type === 'alertAnswered')).toHaveLength(1)
  const before = li.heard().length
  town.advance(minutes(150))
  moments()
  expect(li.heard().slice(before).join()).not.toMatch(/此前通知的人没有回应/)
  expectPlainWords(town)
}, 120_000)

const twoPeople = smallEstate(
  [
    "{ id: zhang, name: 张建国, wecom: ZhangJianGuo, role: staff, departments: [工程], phone: '13900000001' }",
    "{ id: li, name: 李敏, wecom: LiMin, role: supervisor, departments: [工程], phone: '13900000002' }",
  ],
  ["calendar: { timezone: Asia/Shanghai, windows: { mon-fri: ['08:30-12:00', '13:30-18:00'] } }"],
)
