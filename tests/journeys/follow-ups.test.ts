import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { days, minutes } from '../../workflows/ids.ts'
import { complaint, expectPlainWords, finishes, tells, typesOf } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
beforeEach(() => town.nextMorning())
afterAll(() => town.close())

/** Written down at the front desk for a household. */
async function writtenDown(room: string): Promise<string> {
  const { status, body } = await town.api('/api/complaints', {
    method: 'POST',
    body: JSON.stringify({
      estate: 'hefeng',
      text: `3栋2单元${room}可视门铃坏了，请派人来修`,
      household: { building: '3栋', unit: '2', room },
      phone: '13844445555',
    }),
  })
  expect(status).toBe(201)
  return (body as { number: string }).number
}

test('the third report of a household is the manager’s, and the resident hears it', async () => {
  const first = await writtenDown('1502')
  await town.staff('ZhangJianGuo').on(first).presses('接单')
  await town.staff('ZhangJianGuo').hears(/已接单/)
  const second = await writtenDown('1502')
  await town
    .staff('ZhangJianGuo')
    .on(second)
    .sees(/上次TS-/)
  const other = await writtenDown('901')
  expect(await complaint(town, other)).toMatchObject({ severity: 'S3', owner: 'zhang' })

  // The wife writes herself: another person, the same household.
  const wife = town.newcomer('resident-hou', '侯女士')
  const third = await tells(town, wife, '3栋2单元1502可视门铃坏了，请派人来修', {
    phone: '13811114444',
    home: '3栋2单元1502',
  })
  const words = wife.heard().at(-1)
  expect(words).toMatch(/这是第3次反映了，不能再照老办法办。这回由项目经理负责，原经办人不能自己结单/)
  expect(words).toMatch(/项目经理今天\d\d:\d\d前联系您/)
  expect(wife.heard().join()).not.toMatch(new RegExp(`${first}|${second}`))
  const shown = await complaint(town, third)
  expect(shown).toMatchObject({ severity: 'S2', owner: 'lin' })
  expect(shown.timeline.find((e) => e.type === 'raised')?.data).toMatchObject({
    why: 'thirdReport',
    reports: 3,
  })
  const card = await town
    .staff('LinTao')
    .on(third)
    .sees(/第3次反映/)
  expect(card.buttons.map((b) => b.text)).toContain('接单')
  await town.staff('LinTao').on(third).presses('接单')
  await town.staff('LinTao').hears(new RegExp(`第3次反映，前几次：${first}、${second}`))
  expectPlainWords(town)
}, 90_000)

test('the return visit is tried again at another hour of another day, and six weeks later the resident is asked whether it lasted', async () => {
  const who = town.newcomer('resident-tang', '唐女士')
  const zhang = town.staff('ZhangJianGuo')
  const liMin = town.staff('LiMin')
  const number = await tells(town, who, '5栋1单元301可视门铃坏了，请来修', {
    phone: '13811116666',
    home: '5栋1单元301',
  })
  const handler = town.member(String((await complaint(town, number)).owner))
  await handler.on(number).presses('接单')
  await who.hears(/经办了/)
  await finishes(town, handler.on(number), who, '门铃主机换好了')
  who.says('没解决，还是没声音')
  await who.hears(/已重新打开/)
  await finishes(town, liMin.on(number), who, '线换了')
  who.says('解决了')
  await who.hears(/几星/)
  who.says('5星')
  await who.hears(/谢谢认可/)

  const visitor = town.member(
    String((await complaint(town, number)).timeline.findLast((e) => e.type === 'callbackWanted')?.data.by),
  )
  await visitor.on(number).presses('没接通')
  expect(await visitor.hears(/第1次没接通/)).toMatch(/下次请在11月\d+日 \d\d:00打，到时提醒您/)
  // Again at once: recorded, and it does not count.
  visitor.says(`${number} 没接通`)
  await visitor.hears(/今天已经打过，不另算一次/)
  const planned = Number(
    (await complaint(town, number)).timeline.findLast((e) => e.type === 'attemptPlanned')?.data.at,
  )
  town.advance(planned - town.program().clock.now() + minutes(1))
  await visitor.hears(/请现在给住户打第2次电话/)
  await visitor.on(number).presses('已回访：解决')
  await visitor.hears(/住户怎么说/)
  visitor.says('这次真的响了')
  await visitor.hears(/回访已记录/)
  await visitor.on(number).presses('签字同意')
  await who.hears(/已办结/)
  const closed = await complaint(town, number)
  expect(closed.timeline.filter((e) => e.type === 'missed')).toEqual([])
  expect(zhang.heard().join(), 'the handler is not asked to visit').not.toMatch(/打第2次电话/)

  town.advance(days(44))
  await town.restart()
  town.advance(days(1))
  town.nextMorning()
  expect(await who.hears(/1好了 2又出现/)).toMatch(new RegExp(number))
  who.says('2')
  await who.hears(/已重新打开，编号不变/)
  const shown = await complaint(town, number)
  expect(shown.status).toBe('assigned')
  const types = typesOf(shown)
  expect(types.slice(types.indexOf('closed'))).toEqual([
    'closed',
    'effectPlanned',
    'effectAsked',
    'effect',
    'reopened',
    'assigned',
  ])
  expectPlainWords(town)
}, 120_000)
