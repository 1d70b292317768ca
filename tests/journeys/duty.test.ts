import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hours, minutes } from '../../workflows/ids.ts'
import { accepts, complaint, expectPlainWords, tells } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
beforeEach(() => town.nextMorning())
afterAll(() => town.close())

/** To that hour of the town's day, in Shanghai. */
function until(hour: number): void {
  const now = town.program().clock.now()
  const midnight = Math.floor((now + hours(8)) / hours(24)) * hours(24) - hours(8)
  town.advance(midnight + hours(hour) - now)
}

test('leave: asked in words, granted on the card after a restart, and the resident hears who has it now', async () => {
  const who = town.newcomer('resident-a')
  const [zhang, liu, liMin] = ['ZhangJianGuo', 'LiuQiang', 'LiMin'].map((id) => town.staff(id))
  if (!zhang || !liu || !liMin) throw new Error('nobody')
  const number = await tells(town, who, '5栋1单元603可视门铃坏了，请来修')
  const first = (await complaint(town, number)).owner === 'liu' ? liu : zhang
  const [name, other] = first === liu ? ['刘强', zhang] : ['张建国', liu]
  await accepts(first.on(number), who, new RegExp(`由${name}经办`))

  first.says('请假 今天14:00到明天14:00，孩子发烧')
  await first.hears(/已送李敏审批/)
  expect((await liMin.sees(/请假申请/)).text).toBe('孩子发烧')
  await town.restart()
  await liMin.presses('批准')
  await first.hears(/您的假李敏批了/)
  await liMin.hears(new RegExp(`${name}请假今天14:00到明天14:00，李敏批了`))
  const shown = await liMin.sees(/已同意/)
  expect(shown.buttons.filter((b) => b.key !== null && b.text === '批准')).toEqual([])

  until(14)
  await first.hears(/您的假开始了/)
  await accepts(other.on(number), who, /由(张建国|刘强|李敏)经办/)
  expect((await complaint(town, number)).timeline.map((e) => e.type)).toContain('away')
  expect(who.heard().join(), 'nobody tells a resident of a leave').not.toMatch(/请假|发烧/)
  first.says('销假')
  await first.hears(/已销假/)
  expectPlainWords(town)
}, 90_000)

test('the end of a shift: one press hands all of it over, the next one accepts, the resident hears the name', async () => {
  const who = town.newcomer('resident-b')
  const [zhang, liu] = [town.staff('ZhangJianGuo'), town.staff('LiuQiang')]
  const number = await tells(town, who, '5栋2单元702可视门铃坏了，请来修')
  if ((await complaint(town, number)).owner !== 'liu') {
    await zhang.on(number).presses('转给别人')
    await zhang.on(number).presses('确定', { staff: ['liu'] })
  }
  await accepts(liu.on(number), who, /由刘强经办/)
  until(18)
  const list = await liu.hears(/您的班到18:00结束/)
  expect(list).toContain(number)
  expect(list).toContain('下一班：张建国')
  await liu.presses('全部交班')
  await liu.hears(/件已交给张建国/)
  await zhang.hears(/刘强交班给您/)
  await accepts(zhang.on(number), who, /由张建国经办/)
  expect((await complaint(town, number)).owner).toBe('zhang')
  town.advance(minutes(20))
  expect(liu.heard().join()).not.toMatch(/还有\d件没交/)
}, 90_000)

test('a swap, agreed on the card: who is on duty is shown so, also by the API, and ends with the night', async () => {
  const [sun, zhao, heJun] = ['SunZhi', 'ZhaoYong', 'HeJun'].map((id) => town.staff(id))
  if (!sun || !zhao || !heJun) throw new Error('nobody')
  sun.says('换班 今晚和赵勇')
  await sun.hears(/他?自己有班|已问赵勇/)
  await zhao.presses('同意换班')
  await sun.hears(/赵勇同意了/)
  await heJun.hears(/孙志的班由赵勇值/)
  until(21)
  heJun.says('值班')
  await heJun.hears(/秩序：赵勇，到明天/)
  const { body } = await town.api('/api/duty?estate=hefeng')
  expect(JSON.stringify(body)).toContain('"department":"秩序","onDuty":["zhao"]')
  expect(JSON.stringify(body)).not.toMatch(/赵勇|孙志|1390000/)
}, 60_000)
