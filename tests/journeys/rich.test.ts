import { afterAll, beforeAll, expect, test } from 'vitest'
import { minutes } from '../../workflows/ids.ts'
import { replayed } from '../support/replayed.ts'
import { complaint, expectPlainWords, numberIn, typesOf } from '../support/stories.ts'
import { openTown, pixel, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
afterAll(() => town.close())

test('a rich first message lives through the whole life of a complaint, to its five stars', async () => {
  const lin = town.resident()
  const zhang = town.staff('ZhangJianGuo')

  lin.says('3栋2单元1502客厅天花板从昨晚八点开始漏水，找过你们两次都没人来，今天能安排人来修吗？')
  lin.sends({ type: 'image', name: '漏水.png', base64: pixel.toString('base64') })
  const first = await lin.hears(/电话是多少/)
  expect(first).toMatch(/自动受理助手/)
  expect(first).toMatch(/个人信息说明/)
  expect(first).toMatch(/说过又没人回|说过还没解决/)
  expect(first, 'what the message says is not asked').not.toMatch(/几栋几单元|大概什么时候|具体在哪儿/)
  lin.says('13812345678')
  const readBack = await lin.hears(/对就回1/)
  expect(readBack).toMatch(/昨晚八点/)
  expect(readBack).toMatch(/3栋2单元1502/)
  expect(readBack).toMatch(/138\*\*\*\*5678/)
  lin.says('1')
  const registered = await lin.hears(/登记好了/)
  const number = numberIn(registered)
  expect(registered).toMatch(/工程同事.*\d\d:\d\d前联系您/)

  await zhang.presses('接单')
  await lin.hears(/由张建国经办/)
  await zhang.presses('联系住户')
  await zhang.hears(/13812345678/)
  await zhang.presses('已电话联系')
  await zhang.hears(/联系情况已记录/)
  await zhang.presses('我到现场了')
  await lin.hears(/张建国到现场了/)
  await zhang.presses('写核实情况')
  await zhang.hears(/看到的情况/)
  zhang.says('1602卫生间防水层老化，水从楼板渗下来')
  await lin.hears(/防水层/)
  zhang.sendsPhoto()
  await lin.seesPhoto()
  await zhang.presses('核实完毕')

  await zhang.presses('认定责任')
  await zhang.presses('确定', { code: ['thirdParty'] })
  await zhang.hears(/第三方是谁/)
  zhang.says('1602业主，卫生间防水层老化')
  await zhang.hears(/撤销/)
  expect(lin.heard().join(), 'what can be undone is not told yet').not.toMatch(/查清了/)
  town.advance(minutes(1.1))
  const found = await lin.hears(/查清了/)
  expect(found).toMatch(/1602业主/)
  expect(found).toMatch(/12345/)

  await zhang.presses('方案和时间')
  zhang.says('今天先关阀止水，约1602重做防水，后天18:00前')
  await zhang.hears(/差别/)
  zhang.says('重做防水要等1602业主在家')
  await zhang.hears(/撤销/)
  town.advance(minutes(1.1))
  const plan = await lin.hears(/18:00前办完/)
  expect(plan).toMatch(/11月26日/)
  expect(plan, 'the gap has its reason').toMatch(/重做防水要等1602业主在家/)

  await zhang.presses('办完了')
  zhang.sendsPhoto()
  await zhang.hears(/照片收到/)
  zhang.says('防水已重做，试水24小时不漏')
  await zhang.hears(/已记为办完/)
  town.advance(minutes(1.1))
  await lin.hears(/防水已重做[\s\S]*问题解决了吗/)
  await lin.seesPhoto()
  lin.says('1')
  await lin.hears(/几星/)
  lin.says('五星')
  const closed = await lin.hears(/已办结/)
  expect(closed).toMatch(/90天/)
  await zhang.hears(/5星/)

  const shown = await complaint(town, number)
  expect(shown).toMatchObject({
    status: 'closed',
    closure: 'solved',
    rating: 5,
    severity: 'S3',
    place: { building: '3', unit: '2', room: '1502' },
    resident: { phone: '138****5678' },
    responsibility: { code: 'thirdParty', who: '1602业主' },
  })
  expect(shown.media, 'the photo that came with the complaint').toHaveLength(1)
  expect(shown.promises.filter((p) => p.broken || (!p.kept && !p.replaced))).toEqual([])
  expect(shown.promises.map((p) => p.what)).toEqual(['contact', 'report', 'resolve'])
  expect(typesOf(shown)).toEqual([
    'registered',
    'assigned',
    'accepted',
    'phoneRevealed',
    'contacted',
    'arrived',
    'finding',
    'finding',
    'verified',
    'responsibility',
    'planned',
    'done',
    'solved',
    'rated',
    'closed',
  ])
  const times = shown.timeline.map((entry) => Date.parse(entry.at))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  const photo = shown.timeline.find((entry) => entry.type === 'done')?.media[0]
  const file = await fetch(`${town.program().url}/api/media/${photo}`, {
    headers: { authorization: `Bearer ${town.program().token}` },
  })
  expect(file.headers.get('content-type')).toBe('image/png')

  // Whoever only watches, and everybody else, was left in peace.
  for (const userid of ['LiuQiang', 'LinTao', 'WuPin', 'ChenJing']) {
    const ofCases = town
      .staff(userid)
      .heard()
      .filter((line) => !line.includes('年的放假和调休'))
    expect([...ofCases, ...town.staff(userid).cards()]).toEqual([])
  }
  expectPlainWords(town)
}, 90_000)

test('what came in, decided anew in an empty database, gives the same states and timelines', async () => {
  const again = await replayed(town)
  expect(again.events).toBeGreaterThan(20)
  expect(again.differences).toEqual([])
}, 30_000)
