import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { minutes, seconds } from '../../workflows/ids.ts'
import { replayed } from '../support/replayed.ts'
import { expectPlainWords, readiness } from '../support/stories.ts'
import { openTown, pixel, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
afterAll(() => town.close())

const residents = ['resident-lin', 'resident-wang', 'resident-zhou'] as const
const staff = [
  'ZhangJianGuo',
  'LiuQiang',
  'ChenJing',
  'ZhaoYong',
  'LiMin',
  'HeJun',
  'LinTao',
  'WuPin',
] as const

const said = fc.constantFrom(
  ...[
    '电梯坏了',
    '3栋2单元1502客厅天花板漏水，今天能来修吗',
    '5栋楼道灯坏了',
    '物业费怎么算的',
    '1',
    '2',
    '3',
    '对',
  ],
  ...[
    '不是3栋，是5栋',
    '13812345678',
    '跳过',
    '进度',
    '催一下',
    '补充：晚上更厉害',
    '撤回',
    '人工',
    '结束人工',
    '五星',
  ],
  ...[
    '有人被困在电梯里',
    '没有，虚惊一场',
    '没解决',
    '解决了',
    '你们都是废物',
    '谢谢',
    '删除我的信息',
    '另一件事',
  ],
)
const line = fc.constantFrom(
  ...[
    '我去',
    '待办',
    '核实：看过了，是管子裂了',
    '方案：换管子，明天15:00前',
    '进展：配件到了',
    '办完：修好了',
    '无照片',
  ],
  ...[
    '责任：无责，和物业无关',
    '催办',
    '撤销',
    '1',
    '转给李敏',
    '现场无险：看过没事',
    '签字',
    '回访：解决，5星',
  ],
)
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('says' as const),
      who: fc.constantFrom(...residents),
      text: said,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sends' as const), who: fc.constantFrom(...residents) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      who: fc.constantFrom(...staff),
      nth: fc.nat(5),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('writes' as const), who: fc.constantFrom(...staff), text: line }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('photo' as const), who: fc.constantFrom(...staff) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('passes' as const), time: fc.integer({ min: 1, max: 400 }) }),
  },
)

test('everybody at once: nothing fails, nothing is lost, and what came in gives the same again', async () => {
  const happenings = fc.sample(fc.array(happening, { minLength: 150, maxLength: 150, size: 'max' }), {
    numRuns: 1,
    seed: 20261124,
  })[0]
  const simulator = town.program().simulator
  if (!happenings || !simulator) throw new Error('the town runs on the simulator')
  // One says something, and the muddle begins.
  const lin = town.resident()
  lin.says('在吗')
  await lin.hears(/自动受理助手/)
  for (const h of happenings) {
    if (h.do === 'says') town.resident(h.who).says(h.text)
    else if (h.do === 'sends')
      town.resident(h.who).sends({ type: 'image', name: 'a.png', base64: pixel.toString('base64') })
    else if (h.do === 'writes') town.staff(h.who).says(h.text)
    else if (h.do === 'photo') town.staff(h.who).sendsPhoto()
    else if (h.do === 'passes') town.advance(minutes(h.time))
    else pressAny(h.who, h.nth)
    await simulator.wecom.idle()
  }
  for (const who of residents) town.resident(who).says('进度')
  // The last one answers for all before: each resident's messages keep their order.
  town.advance(seconds(20))
  const zhou = town.newcomer('resident-last')
  zhou.says('你好')
  await zhou.hears(/自动受理助手/)
  await simulator.wecom.idle()
  const ready = await readiness(town)
  expect(ready.warnings.filter((warning) => /could not be decided|failed and wait/.test(warning))).toEqual([])
  expectPlainWords(town)

  const again = await replayed(town)
  expect(again.events).toBeGreaterThan(100)
  expect(again.differences).toEqual([])

  function pressAny(userid: string, nth: number): void {
    const items = simulator?.wecom.phone(userid).items ?? []
    const cards = items.flatMap((item) => (item.type === 'card' && item.card.replaced === null ? [item] : []))
    const buttons = cards.flatMap((item) =>
      item.card.buttons.flatMap((button) => (button.key === null ? [] : [{ id: item.id, key: button.key }])),
    )
    const button = buttons[buttons.length === 0 ? 0 : nth % buttons.length]
    if (button) simulator?.wecom.press(userid, button.id, button.key)
  }
}, 120_000)
