import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hours } from '../../workflows/ids.ts'
import {
  accepts,
  complaint,
  expectPlainWords,
  finishes,
  numberIn,
  tells,
  typesOf,
} from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
beforeEach(() => town.nextMorning())
afterAll(() => town.close())

test('whoever is complained about gets no card and no word, and can do nothing with the number', async () => {
  const who = town.newcomer('resident-f')
  const zhang = town.staff('ZhangJianGuo')
  who.says('投诉你们工程部的张建国，态度差，昨天下午三点来我家3栋2单元1501还骂人，要他道歉')
  town.speed(10)
  await who.hears(/最希望怎么处理/)
  town.speed(1)
  who.says('让他给我道歉')
  await who.hears(/电话是多少/)
  who.says('13812349876')
  await who.hears(/对就回1/)
  who.says('1')
  const number = numberIn(await who.hears(/登记好了/))
  const shown = await complaint(town, number)
  expect(shown.code).toBe('ST01')
  expect(shown.owner).not.toBe('zhang')
  const asked = ['WuPin', 'LiMin', 'HeJun', 'LinTao'].find(
    (userid) => town.staff(userid).on(number).cards().length > 0,
  )
  if (!asked) throw new Error('nobody was asked')
  const handler = town.staff(asked)
  await handler.on(number).presses('接单')
  await who.hears(/经办/)
  await handler.on(number).presses('写核实情况')
  await handler.hears(/看到的情况/)
  handler.says('调看了上门录音')
  await who.hears(/调看了上门录音/)

  // He tries what he can think of.
  zhang.says(number)
  await zhang.hears(/没有编号是|不归您办|不能由您处理/)
  zhang.says(`${number} 办完：没这回事`)
  await zhang.hears(/没有编号是|不归您办|不能由您处理/)
  town.advance(hours(30))
  await handler.on(number).sees(/核实中/)
  expect(zhang.cards()).toEqual([])
  expect(zhang.heard().join('\n')).not.toMatch(/1501|13812349876|态度|核实|已办/)
  expect(zhang.heard().filter((line) => !/没有编号是|不归您办|不能由您处理/.test(line))).toEqual([])

  // A party named but not heard: nothing is found about him until he was.
  await handler.on(number).presses('更多')
  await handler.on(number).presses('记当事人说法')
  await handler.hears(/记谁的说法/)
  handler.says('张建国：承认说话急了')
  await handler.hears(/说法已记录/)
  expect(typesOf(await complaint(town, number))).toContain('heard')
  expect(zhang.cards()).toEqual([])
}, 60_000)

test('who only watches sees number, sort, area and deadline; the handler a masked number, and the whole one for a day', async () => {
  const who = town.newcomer('resident-g', '高女士')
  const zhang = town.staff('ZhangJianGuo')
  const number = await tells(town, who, '我是高女士，3栋2单元1502可视门铃坏了，请来修', {
    phone: '13855556666',
  })
  const task = await zhang.on(number).sees(/接单/)
  expect(JSON.stringify(task)).toMatch(/3栋2单元1502/)
  expect(JSON.stringify(task)).toMatch(/138\*\*\*\*6666/)
  expect(JSON.stringify(task)).not.toMatch(/13855556666/)
  town.advance(hours(1.7))
  const liMin = town.staff('LiMin')
  // With others that are late as well it is one line of a list, whose number brings the card.
  await liMin.hears(new RegExp(`${number} .*经办张建国`))
  expect(liMin.heard().join('\n')).not.toMatch(/高女士|1502|门铃|6666/)
  liMin.says(number)
  const watched = await liMin.on(number).sees(/督办/)
  expect(JSON.stringify(watched)).toMatch(/3栋/)
  expect(JSON.stringify(watched)).not.toMatch(/高女士|138\*|1502|2单元|门铃/)

  await accepts(zhang.on(number), who, /由张建国经办/)
  await zhang.on(number).presses('我到现场了')
  await zhang.hears(/到场已记录/)
  expect(zhang.heard().join('\n'), 'not before it is asked for').not.toMatch(/13855556666/)
  await zhang.on(number).presses('联系住户')
  await zhang.hears(/高女士 13855556666/)
  expect(JSON.stringify(await complaint(town, number)), 'nor does the API show it').not.toMatch(/13855556666/)
  expect(typesOf(await complaint(town, number))).toContain('phoneRevealed')
  town.advance(hours(23.1))
  await zhang.loses(/13855556666/)
  // Nobody else ever read it.
  expect(town.everything().staff.join('\n')).not.toMatch(/13855556666/)
}, 60_000)

test('anonymous: nobody who works on it learns a name, a home or a number, and a check code opens it', async () => {
  const who = town.newcomer('resident-h', '匿名者')
  who.says('匿名反映：3栋楼道里总有人抽烟，烟头扔一地')
  const readBack = await who.hears(/对就回1/)
  expect(readBack, 'nothing is asked of who they are').not.toMatch(/您住|电话是多少/)
  who.says('1')
  const registered = await who.hears(/登记好了/)
  expect(registered).toMatch(/查询码\d{6}/)
  const number = numberIn(registered)
  const shown = await complaint(town, number)
  expect(shown.resident).toBeNull()
  expect(town.everything().staff.join('\n')).not.toMatch(/匿名者/)
}, 60_000)

test('a copy: all that is kept of them, read in their own chat and nowhere else', async () => {
  const who = town.newcomer('resident-j', '贺女士')
  const zhang = town.staff('ZhangJianGuo')
  const number = await tells(town, who, '我是贺女士，3栋2单元1703可视门铃坏了，请来修', {
    phone: '13866667777',
  })
  await accepts(zhang.on(number), who, /由张建国经办/)
  who.says('把我的资料发给我')
  await who.hears(/1发 2不发/)
  who.says('1')
  const copy = await who.hears(/《您的个人信息》/)
  for (const known of ['称呼：贺女士', '电话：13866667777', '3栋2单元1703室', number, '张建国经办'])
    expect(copy).toContain(known)
  expect(copy).toMatch(/六、您发来的话（\d+条）/)
  expect(typesOf(await complaint(town, number))).toContain('exported')
  expect(town.everything().staff.join('\n')).not.toMatch(/您的个人信息|13866667777/)
  expectPlainWords(town)
}, 60_000)

test('a deletion: what is closed is blanked whole, of what is open who they are, and the rest with its end', async () => {
  const who = town.newcomer('resident-i', '邓女士')
  const zhang = town.staff('ZhangJianGuo')
  const closed = await tells(town, who, '我是邓女士，3栋2单元1602可视门铃坏了，请来修', {
    phone: '13877778888',
  })
  await accepts(zhang.on(closed), who, /由张建国经办/)
  await finishes(town, zhang.on(closed), who, '1602的门铃主机换好了')
  who.says('1')
  await who.hears(/几星/)
  who.says('5星')
  await who.hears(/已办结/)
  town.nextMorning()
  const open = await tells(town, who, '另外3栋2单元1602的阳台地漏堵了，请来疏通')
  await accepts(zhang.on(open), who, /由张建国经办/)

  who.says('删除我的信息')
  await who.hears(/1删除 2不删/)
  who.says('1')
  await who.hears(/正在删除/)
  await who.hears(new RegExp(`(${closed}|${open})里的姓名、电话、房号和您说的话已删除`))
  const ended = await complaint(town, closed)
  expect(ended).toMatchObject({ status: 'closed', words: '', summary: '' })
  expect(ended.timeline.every((entry) => entry.words === null)).toBe(true)
  expect(typesOf(ended), 'that it happened, and when, stays').toContain('done')
  expect(JSON.stringify(ended)).not.toMatch(/邓女士|13877778888|1602|门铃/)

  const going = await complaint(town, open)
  expect(going).toMatchObject({ status: 'verifying', resident: null })
  expect(JSON.stringify(going)).not.toMatch(/邓女士|7777/)
  await finishes(town, zhang.on(open), who, '地漏通了')
  who.says('1')
  await who.hears(/几星/)
  who.says('5星')
  await who.hears(/已办结/)
  const gone = await complaint(town, open)
  expect(gone).toMatchObject({ status: 'closed', words: '', summary: '' })
  expect(JSON.stringify(gone)).not.toMatch(/地漏|1602|邓女士/)
  expectPlainWords(town)
}, 60_000)
