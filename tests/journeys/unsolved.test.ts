import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accepts, complaint, expectPlainWords, finishes, plans, tells, typesOf } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
beforeEach(() => town.nextMorning())
afterAll(() => town.close())

test('not solved: reopened one level up, a call, a new plan, and then solved', async () => {
  const wang = town.newcomer('resident-he', '何先生')
  const zhang = town.staff('ZhangJianGuo')
  const liMin = town.staff('LiMin')
  const number = await tells(town, wang, '3栋1单元1201可视门铃坏了，请来修', { phone: '13811112222' })
  const task = zhang.on(number)
  await accepts(task, wang, /由张建国经办/)
  await plans(town, task, wang, '换门铃主机，今天17:00前')
  await finishes(town, task, wang, '门铃主机换好了')
  wang.says('没解决，还是没声音')
  const reopened = await wang.hears(/已重新打开/)
  expect(reopened).toMatch(/李敏今天\d\d:\d\d前给您打电话/)
  expect(reopened).toMatch(/原经办人不再自己结单/)
  await zhang.hears(/住户说没有解决：没解决，还是没声音/)
  expect(await complaint(town, number)).toMatchObject({ status: 'resolving', owner: 'li', severity: 'S2' })

  // Who did not solve it moves nothing any more.
  await task.presses('联系住户')
  await zhang.hears(/现在由李敏负责，辛苦了/)
  expect(zhang.heard().join()).not.toMatch(/13811112222/)

  const second = liMin.on(number)
  await second.presses('联系住户')
  await liMin.hears(/13811112222/)
  await second.presses('已回访：没解决')
  await liMin.hears(/住户怎么说/)
  liMin.says('按了没声音，约好今天再去')
  await liMin.hears(/回访已记录/)
  await plans(town, second, wang, '换线，今天18:00前')
  await finishes(town, second, wang, '线换了，按了几次都响')
  wang.says('解决了')
  await wang.hears(/几星/)
  wang.says('4星')
  await wang.hears(/谢谢认可/)
  expect((await complaint(town, number)).status, 'raised to S2: not without a call and a signature').toBe(
    'feedback',
  )

  // The return visit is made by somebody who never worked on it.
  const by = String(
    (await complaint(town, number)).timeline.findLast((e) => e.type === 'callbackWanted')?.data.by,
  )
  expect(['zhang', 'li']).not.toContain(by)
  const visitor = town.member(by)
  await visitor.on(number).presses('已回访：解决')
  await visitor.hears(/住户怎么说/)
  visitor.says('住户说这次真的响了')
  await visitor.hears(/回访已记录/)
  await visitor.on(number).presses('签字同意')
  await visitor.hears(/已签字/)
  await wang.hears(/已办结/)
  const shown = await complaint(town, number)
  expect(shown).toMatchObject({ status: 'closed', rating: 4, owner: 'li', severity: 'S2' })
  expect(shown.promises.filter((p) => p.broken || (!p.kept && !p.replaced))).toEqual([])
  expect(typesOf(shown).filter((type) => ['done', 'notSolved', 'failed', 'solved'].includes(type))).toEqual([
    'done',
    'notSolved',
    'failed',
    'done',
    'solved',
  ])
}, 90_000)

test('two stars: somebody else calls, the resident knows who and until when, and the case closes after the visit', async () => {
  const zhou = town.newcomer('resident-lu', '陆女士')
  const zhang = town.staff('ZhangJianGuo')
  const number = await tells(town, zhou, '3栋2单元902可视门铃坏了，请来修', { phone: '13811113333' })
  const task = zhang.on(number)
  await accepts(task, zhou, /由张建国经办/)
  await finishes(town, task, zhou, '门铃修好了')
  zhou.says('1')
  await zhou.hears(/几星/)
  zhou.says('2星')
  const callback = await zhou.hears(/前给您打电话/)
  const caller = /谢谢直说。(.+?)今天/.exec(callback)?.[1]
  expect(caller).toBe('李敏')
  await zhou.hears(/最不满意的是/)
  zhou.says('1')
  const visit = town.staff('LiMin').on(number)
  const card = await visit.sees(/请您回访住户/)
  expect(card.text).toMatch(/原经办人不参加回访/)
  await visit.presses('联系住户')
  await town.staff('LiMin').hears(/13811113333/)
  await visit.presses('已回访：解决')
  await town.staff('LiMin').hears(/住户怎么说/)
  town.staff('LiMin').says('住户说修得还行，就是等了两天')
  await town.staff('LiMin').hears(/回访已记录/)
  await zhou.hears(/已办结/)
  const shown = await complaint(town, number)
  expect(shown).toMatchObject({ status: 'closed', rating: 2 })
  expect(shown.promises.filter((p) => p.what === 'callback')).toMatchObject([{ broken: false }])
  expect(zhang.heard().join(), 'the handler is not told of the call').not.toMatch(/等了两天/)
  expectPlainWords(town)
}, 90_000)
