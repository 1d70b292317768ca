import { afterAll, beforeAll, expect, test } from 'vitest'
import { minutes } from '../../workflows/ids.ts'
import { complaint, expectPlainWords, numberIn, typesOf } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
afterAll(() => town.close())

test('restarted in the middle of every stage, the story goes on: nothing lost, nothing said twice', async () => {
  const lin = town.resident()
  const zhang = town.staff('ZhangJianGuo')

  // Intake: a burst is under way, then a question is open.
  lin.says('我家天花板从昨晚八点开始漏水，找过你们两次都没人来')
  await town.restart()
  await lin.hears(/几栋几单元/)
  await town.restart()
  lin.says('3栋2单元1502')
  await lin.hears(/电话是多少/)
  lin.says('13812345678')
  await lin.hears(/对就回1/)
  lin.says('1')
  await town.restart()
  const number = numberIn(await lin.hears(/登记好了/))
  const task = zhang.on(number)

  // Assigned: the press meets a program that has just come back.
  await task.sees(/接单/)
  await town.restart()
  await task.presses('接单')
  await lin.hears(/由张建国经办/)

  // Verifying: what was asked for is still waited for.
  await task.presses('写核实情况')
  await zhang.hears(/看到的情况/)
  await town.restart()
  zhang.says('1602卫生间防水层老化')
  await lin.hears(/防水层老化/)
  zhang.sendsPhoto()
  await lin.seesPhoto()
  await task.presses('核实完毕')

  // Resolving, a press still to be undone: undone after the restart, pressed again, and told once.
  await task.presses('认定责任')
  await task.presses('确定', { code: ['full'] })
  await zhang.hears(/说明理由/)
  zhang.says('管道老化没有及时更换')
  await zhang.hears(/责任已认定/)
  await town.restart()
  await task.presses('撤销上一步')
  await zhang.hears(/已撤销，没有告诉住户/)
  await task.presses('认定责任')
  await task.presses('确定', { code: ['part'] })
  await zhang.hears(/说明理由/)
  zhang.says('管道和防水都有问题')
  await zhang.hears(/责任已认定/)
  await town.restart()
  town.advance(minutes(1.1))
  expect(await lin.hears(/查清了/)).toMatch(/有一部分是我们没做好/)

  await task.presses('办完了')
  zhang.sendsPhoto()
  await zhang.hears(/照片收到/)
  await town.restart()
  zhang.says('防水重做，试水24小时不漏')
  await zhang.hears(/已记为办完/)
  town.advance(minutes(1.1))

  // Confirming, then feedback.
  await lin.hears(/问题解决了吗/)
  await town.restart()
  lin.says('1')
  await lin.hears(/几星/)
  await town.restart()
  lin.says('5星')
  await lin.hears(/已办结/)
  await town.restart()

  const shown = await complaint(town, number)
  expect(shown).toMatchObject({ status: 'closed', rating: 5, responsibility: { code: 'part' } })
  expect(typesOf(shown)).toEqual([
    'registered',
    'assigned',
    'accepted',
    'finding',
    'finding',
    'verified',
    'responsibility',
    'undone',
    'responsibility',
    'done',
    'solved',
    'rated',
    'closed',
  ])
  const heard = lin.heard()
  expect(heard.length).toBe(new Set(heard).size)
  expect([...heard, ...zhang.heard()].join(), 'nothing was in doubt').not.toMatch(/如已收到/)
  expect(task.cards(), 'one card, whose face changed').toHaveLength(1)
  expectPlainWords(town)
}, 120_000)
