import { afterAll, beforeAll, expect, test } from 'vitest'
import { minutes } from '../../workflows/ids.ts'
import { complaint, expectPlainWords, numberIn, tells, typesOf } from '../support/stories.ts'
import { openTown, type Resident, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
afterAll(() => town.close())

const questionsIn = (line: string): number => line.split('？').length - 1

test('a poor first message: one question at a time, each answered, and a correction changes just that', async () => {
  const wang = town.resident('resident-wang')
  wang.says('电梯坏了')
  const first = await wang.hears(/几栋几单元/)
  expect(questionsIn(first)).toBe(1)
  expect(first).toMatch(/电梯/)
  wang.says('3栋2单元801')
  const second = await wang.hears(/电话是多少/)
  expect(questionsIn(second)).toBe(1)
  expect(second, 'said once').not.toMatch(/自动受理助手|个人信息说明/)
  wang.says('13900001111')
  const readBack = await wang.hears(/对就回1/)
  expect(readBack).toMatch(/3栋2单元/)
  expect(wang.heard()).toHaveLength(3)

  wang.says('不是3栋，是5栋')
  const corrected = await wang.hears(/对就回1/)
  expect(corrected).toMatch(/已改成5栋，其余不变/)
  expect(corrected).toMatch(/5栋2单元/)
  expect(corrected).toMatch(/139\*\*\*\*1111/)
  expect(corrected.replace(/已改成.*/, '')).not.toMatch(/3栋/)
  wang.says('对')
  const number = numberIn(await wang.hears(/登记好了/))
  expect(await complaint(town, number)).toMatchObject({
    status: 'assigned',
    code: 'EL02',
    place: { building: '5', unit: '2' },
    resident: { phone: '139****1111', household: { building: '5', unit: '2', room: '801' } },
  })
}, 60_000)

test('a household that is known is not asked for again, and a second complaint has its own number', async () => {
  const wang = town.resident('resident-wang')
  wang.says('另外，南门的路灯晚上不亮')
  const next = await wang.hears(/对就回1/)
  expect(next).toMatch(/南门/)
  expect(next).not.toMatch(/几栋几单元|电话是多少/)
  wang.says('1')
  expect(numberIn(await wang.hears(/登记好了/))).toMatch(/-0002$/)
}, 60_000)

test('withdrawn: asked once whether to, then nobody works on it any more', async () => {
  const zhou = town.resident('resident-zhou')
  const zhang = town.staff('ZhangJianGuo')
  const number = await tells(town, zhou, '3栋1单元902厨房水管漏水', { phone: '13700002222' })
  await zhang.on(number).presses('接单')
  await zhou.hears(/由张建国经办/)

  zhou.says('撤回')
  await zhou.hears(/确定撤回.*1撤回 2不撤/)
  zhou.says('2')
  await zhou.hears(/照旧办/)
  expect((await complaint(town, number)).status).toBe('verifying')
  zhou.says('撤回吧，自己修好了')
  await zhou.hears(/确定撤回/)
  zhou.says('1')
  await zhou.hears(new RegExp(`${number}已撤回`))
  await zhang.hears(new RegExp(`${number} 住户撤回了`))
  const shown = await complaint(town, number)
  expect(shown.status).toBe('withdrawn')
  expect(typesOf(shown).at(-1)).toBe('withdrawn')
  // The card he holds is old by now: pressed, it answers in words and takes its buttons away.
  await zhang.on(number).presses('我到现场了')
  await zhang.hears(new RegExp(`${number}现在是“已撤回”`))
  const old = await zhang.on(number).sees(/已撤回/)
  expect(old.buttons.filter((button) => button.key !== null && old.replaced === null)).toEqual([])
}, 60_000)

test('a draft can be withdrawn, too: nothing is registered', async () => {
  const lin = town.resident()
  const before = await numbers()
  await begins(lin, '5栋的单元门禁刷不开')
  lin.says('不投诉了，撤回')
  await lin.hears(/1不办 2接着说/)
  lin.says('1')
  await lin.hears(/不登记了/)
  expect(await numbers()).toEqual(before)
}, 60_000)

test('two troubles in one message: one confirmation, two cases, a number each, and each with its department', async () => {
  const sun = town.newcomer('resident-sun', '孙女士')
  sun.says('3栋1单元电梯坏了，还有南门的垃圾没人扫脏死了')
  await sun.hears(/几栋几单元/)
  sun.says('3栋1单元502')
  await sun.hears(/电话是多少/)
  sun.says('13600003333')
  expect(await sun.hears(/对就回1/)).toMatch(/两件事.*\n一、.*电梯坏了.*\n二、.*垃圾/)
  sun.says('对')
  const lift = numberIn(await sun.hears(/登记好了（.*电梯/))
  const rubbish = numberIn(await sun.hears(/登记好了（.*垃圾/))
  expect(await complaint(town, lift)).toMatchObject({ code: 'EL02', place: { building: '3', unit: '1' } })
  expect(await complaint(town, rubbish)).toMatchObject({ place: { area: '南门' } })
  expect(rubbish).not.toBe(lift)
}, 60_000)

test('abandoned: one nudge, then registered as incomplete, and somebody is asked to call back', async () => {
  const lin = town.newcomer('resident-qin', '秦先生')
  const before = await numbers()
  await begins(lin, '3栋楼道灯坏了好几天')
  town.advance(minutes(10.1))
  await lin.hears(/刚才说的“.*”还差一点/)
  town.advance(minutes(15))
  town.advance(minutes(15.2))
  const registered = await lin.hears(/先登记了，编号/)
  expect(registered).toMatch(/还差的由同事打电话问/)
  expect(lin.heard().filter((line) => /还差一点/.test(line))).toHaveLength(1)
  const number = numberIn(registered)
  expect(await numbers()).toEqual([number, ...before])
  const asked = town.staff('ZhangJianGuo').on(number)
  expect((await asked.sees(/接单/)).text).toMatch(/信息不全，请回电补齐/)
  expect((await complaint(town, number)).words).toMatch(/3栋楼道灯坏了好几天/)
}, 60_000)

test('nothing ugly was said to anybody', () => {
  expectPlainWords(town)
})

async function begins(who: Resident, text: string): Promise<void> {
  who.says(text)
  town.speed(10)
  await who.hears(/几栋几单元|电话是多少|具体在哪/)
  town.speed(1)
}

async function numbers(): Promise<readonly string[]> {
  const { body } = await town.api('/api/complaints')
  return (body as { complaints: { number: string }[] }).complaints.map((row) => row.number)
}
