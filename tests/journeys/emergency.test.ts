import { afterAll, beforeAll, expect, test } from 'vitest'
import { hours, minutes, seconds } from '../../workflows/ids.ts'
import { complaint, expectPlainWords, numberIn, typesOf } from '../support/stories.ts'
import { openTown, type StaffPhone, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
afterAll(() => town.close())

const alarmsOf = (phone: StaffPhone): readonly string[] =>
  phone.heard().filter((line) => line.includes('【险情】'))

test('an emergency breaks into a draft: safety first, the duty alarmed until somebody goes, then the draft goes on', async () => {
  const lin = town.resident()
  const liMin = town.staff('LiMin')
  const faults = town.program().simulator?.wecom.faults
  if (!faults) throw new Error('the town runs on the simulator')

  lin.says('南门的路灯坏了，晚上看不清路')
  await lin.hears(/几栋几单元/)

  // 企业微信 takes nothing at first: nothing is said to have been done.
  faults.next('message/send', { type: 'status', status: 502 }, 40)
  lin.says('电梯里困住了两个人，门打不开')
  const safety = await lin.hears(/别扒门/)
  expect(safety).toMatch(/^请告诉里面的人/)
  expect(safety).toMatch(/正在通知救援/)
  expect(safety).toMatch(/10:10前没人联系您，请直接拨值班电话0731-88881111/)
  expect(safety, 'the place, and nothing before the safety line').toMatch(/哪栋哪单元的电梯，停在几层？$/)
  const number = numberIn(await lin.hears(/编号TS-/))
  expect(lin.heard().join()).not.toMatch(/已通知|已收到/)
  faults.clear()
  town.advance(seconds(20))
  await lin.hears(/已通知值班，值班电话0731-88881111/)
  expect(lin.heard().join()).not.toMatch(/已收到/)

  // Place, then number, reach the one on duty at once.
  const asked = String((await complaint(town, number)).owner)
  expect(['zhang', 'liu']).toContain(asked)
  const onDuty = town.member(asked)
  await onDuty.hears(/【险情】电梯困人/)
  lin.says('3栋2单元，停在六楼')
  await lin.hears(/拨哪个号码能找到您/)
  expect(await onDuty.hears(/3栋2单元/)).toMatch(/【险情】/)
  lin.says('13812345678')
  const whole = await onDuty.hears(/住户电话：13812345678/)
  expect(whole).toMatch(/3栋2单元/)
  expect(whole).toMatch(/值班电话：0731-88881111/)
  for (const reader of [liMin, town.staff('LinTao')]) await reader.on(number).sees(/我去处理/)
  expect(alarmsOf(liMin), 'the supervisor has a card; nobody rings her yet').toEqual([])

  // Every minute, each time another message, to more people as time passes.
  await minutePasses()
  expect(await lin.hears(/值班还没有回应/)).toMatch(/0731-88881111/)
  for (let n = 0; n < 4; n++) await minutePasses()
  await town.member(asked === 'liu' ? 'zhang' : 'liu').hears(/【险情】[\s\S]*13812345678/)
  for (let n = 0; n < 5; n++) await minutePasses()
  await town.staff('LinTao').hears(/【险情】[\s\S]*13812345678/)
  expect(new Set(alarmsOf(onDuty)).size).toBe(alarmsOf(onDuty).length)

  // Two press at once: one goes, the other hears so politely.
  liMin.on(number).pressesNow('我去处理')
  onDuty.on(number).pressesNow('我去处理')
  const taken = await lin.hears(/已收到，正在处理/)
  const [goes, other] = taken.includes('李敏') ? [liMin, onDuty] : [onDuty, liMin]
  await goes.hears(/已接单|已由您接手/)
  await other.hears(/已去处理，其他人不用再去/)
  await other.hears(/已经接了|现在由.*负责/)
  await town.staff('LinTao').hears(/已去处理，其他人不用再去/)
  expect(lin.heard().filter((line) => line.includes('已收到'))).toHaveLength(1)
  const rung = alarmsOf(onDuty).length
  town.advance(minutes(3))
  const shown = await complaint(town, number)
  expect(shown).toMatchObject({ status: 'verifying', severity: 'S1', code: 'EL01' })
  expect(typesOf(shown).filter((type) => type === 'accepted' || type === 'takenOver')).toHaveLength(1)
  expect(alarmsOf(onDuty)).toHaveLength(rung)

  // The lamp is not forgotten: what was asked of it is asked again, but not while somebody is waited for.
  expect(lin.heard().join()).not.toMatch(/还差一点/)
  town.advance(minutes(7))
  await lin.hears(/刚才说的“.*”还差一点[\s\S]*几栋几单元/)
  lin.says('3栋2单元1502')
  await lin.hears(/南门[\s\S]*对就回1/)
  lin.says('1')
  const lamp = numberIn(await lin.hears(/登记好了，编号/))
  expect(lamp).not.toBe(number)
  const shownLamp = await complaint(town, lamp)
  expect(shownLamp.code).toBe('RP02')
  expect(shownLamp.place.area).toMatch(/南门/)

  async function minutePasses(): Promise<void> {
    town.advance(minutes(1))
    await onDuty.hears(/【险情】/)
  }
}, 90_000)

test('numbers that went out with the alarm are taken back within a day', async () => {
  expect(town.everything().staff.join()).toMatch(/13812345678/)
  town.advance(hours(23.1))
  for (const userid of ['ZhangJianGuo', 'LiuQiang', 'LiMin', 'LinTao'])
    await town.staff(userid).loses(/13812345678/)
  expect(town.everything().staff.join()).not.toMatch(/13812345678/)
  expectPlainWords(town)
}, 60_000)
