import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hours, minutes } from '../../workflows/ids.ts'
import { smallEstate } from '../support/estate-file.ts'
import { complaint, expectPlainWords, readiness, tells } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
let small: Town
const dir = mkdtempSync(join(tmpdir(), 'estate-'))
beforeAll(async () => {
  const file = join(dir, 'estate.yaml')
  writeFileSync(file, oneHandler)
  town = await openTown()
  small = await openTown({ estateFile: file })
}, 60_000)
afterAll(async () => {
  await town.close()
  await small.close()
  rmSync(dir, { recursive: true })
})

test('a task nobody accepts: reminded, the supervisor told, then the next person asked, and so on upwards', async () => {
  const who = town.resident('resident-wang')
  const zhang = town.staff('ZhangJianGuo')
  const liMin = town.staff('LiMin')
  const number = await tells(town, who, '3栋1单元1201可视门铃坏了，请来修')
  await zhang.on(number).sees(/接单/)
  // Two service hours from ten: half of them are over at eleven, four fifths at 11:36.
  town.advance(hours(1.01))
  await zhang.hears(new RegExp(`${number} 提醒：请在11月24日 1\\d:\\d\\d前接单`))
  town.advance(minutes(36))
  await liMin.hears(new RegExp(`${number} 督办：接单时限已用80%.*经办张建国`))
  await liMin.on(number).sees(/催办/)
  // Noon is no service time: what is missed at twelve is missed when work goes on.
  town.advance(hours(2))
  await zhang.hears(new RegExp(`${number} 已转给刘强，您不用再办`))
  await town.staff('LiuQiang').on(number).sees(/接单/)
  expect((await complaint(town, number)).owner).toBe('liu')
  expect(who.heard().join(), 'nobody is named to the resident').not.toMatch(/张建国经办|刘强经办/)

  for (const [userid, owner] of [
    ['LiMin', 'li'],
    ['LinTao', 'lin'],
  ] as const) {
    town.nextMorning()
    await town
      .staff(userid)
      .on(number)
      .sees(/不能接/)
    expect((await complaint(town, number)).owner).toBe(owner)
  }
  await town.staff('LinTao').on(number).presses('接单')
  await who.hears(/由林涛经办/)
  expectPlainWords(town)
}, 90_000)

test('with one person who does not answer the case stays visible, is asked for again, and is not lost', async () => {
  const who = small.resident('resident-wang')
  const alone = small.staff('ZhangJianGuo')
  const number = await tells(small, who, '3栋1单元1201可视门铃坏了，请来修')
  await alone.on(number).sees(/接单/)
  expect((await readiness(small)).warnings.join()).not.toMatch(number)
  // Two service hours without an answer, and nobody else there is: an alert, and he is asked again.
  small.advance(hours(1.7))
  await alone.hears(new RegExp(`${number} 提醒：请在.*前接单`))
  small.advance(hours(2))
  await alone.hears(new RegExp(`${number} 提醒：.*联系住户`))
  expect((await complaint(small, number)).status).toBe('registered')
  expect((await readiness(small)).warnings.join('\n')).toMatch(number)
  small.advance(minutes(6))
  await alone.on(number).sees(/待接单/)
  expect(alone.on(number).cards(), 'a new card, since the reader must act').toHaveLength(2)
  expect(alone.heard().join(), 'it was given to nobody').not.toMatch(/已转走/)
  await alone.on(number).presses('接单')
  await who.hears(/由张建国经办/)
  expect((await readiness(small)).warnings.join('\n')).not.toMatch(number)
}, 60_000)

test('nobody at all who may have it: on /readyz from the first moment, until somebody can be asked', async () => {
  const who = small.resident('resident-zhou')
  const alone = small.staff('ZhangJianGuo')
  const before = alone.cards().length
  who.says('投诉工程部的张建国态度差，昨天下午三点在3栋1单元门口骂人')
  small.speed(10)
  await who.hears(/最希望怎么处理/)
  small.speed(1)
  const number = await tells(small, who, '让他道歉')
  expect((await readiness(small)).warnings.join('\n')).toMatch(
    new RegExp(`complaint ${number} has nobody who can be asked`),
  )
  expect((await complaint(small, number)).status).toBe('registered')
  small.advance(hours(2))
  expect(alone.cards()).toHaveLength(before)
  who.says('进度')
  await who.hears(new RegExp(`${number}.*正在派人`))
  // It outlives a restart, too.
  await small.restart()
  expect((await readiness(small)).warnings.join('\n')).toMatch(number)
}, 60_000)

const oneHandler = smallEstate(
  [
    "{ id: zhang, name: 张建国, wecom: ZhangJianGuo, role: staff, departments: [工程], phone: '13900000001' }",
  ],
  ["calendar: { timezone: Asia/Shanghai, windows: { mon-fri: ['08:30-12:00', '13:30-18:00'] } }"],
)
