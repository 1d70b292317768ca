import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { WechatMessage, WecomFaults } from '../../adapters/simulator/index.ts'
import { seconds } from '../../workflows/ids.ts'
import { accepts, complaint, expectPlainWords, readiness, tells, typesOf } from '../support/stories.ts'
import { openTown, pixel, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
afterEach(() => {
  faults().clear()
  town.speed(1)
})
afterAll(() => town.close())

const faults = (): WecomFaults => {
  const simulator = town.program().simulator
  if (!simulator) throw new Error('the town runs on the simulator')
  return simulator.wecom.faults
}

/** How it fails, and how much faster than real time its recovery is waited for. */
const outages = [
  ['answers 502', { type: 'status', status: 502 }, 5],
  ['answers 503', { type: 'status', status: 503 }, 50],
  ['says it is called too often', { type: 'refuse', errcode: 45009 }, 200],
  ['says the token has expired', { type: 'refuse', errcode: 42001 }, 200],
  ['is busy', { type: 'refuse', errcode: -1 }, 50],
] as const

test.each(outages)(
  '企业微信 %s for a while: turns go on, and the card comes later, once',
  async (what, fault, hurry) => {
    const who = town.newcomer(`resident-${what}`)
    faults().next('message/send', fault, 3)
    // A flat of its own: the third report of one household would be the manager's.
    const home = `3栋1单元${101 + 100 * outages.findIndex(([one]) => one === what)}`
    const number = await tells(town, who, `${home}可视门铃坏了，请来修`, { home })
    expect((await complaint(town, number)).status, 'decided without waiting for the platform').toBe(
      'assigned',
    )
    const zhang = town.staff('ZhangJianGuo').on(number)
    town.speed(hurry)
    await zhang.sees(/接单/)
    town.speed(1)
    await accepts(zhang, who, /由张建国经办/)
    expect(zhang.cards()).toHaveLength(1)
    expect(who.heard().filter((line) => line.includes(`编号${number}`))).toHaveLength(1)
  },
  60_000,
)

test('a send whose answer is lost is not shown twice', async () => {
  const who = town.newcomer('resident-half')
  const number = await tells(town, who, '3栋1单元802可视门铃坏了，请来修')
  const zhang = town.staff('ZhangJianGuo')
  await zhang.on(number).sees(/接单/)
  // Done, but the connection breaks in the middle of the answer.
  faults().next('message/send', { type: 'half' })
  await zhang.on(number).presses('接单')
  await who.hears(/由张建国经办/)
  town.advance(seconds(10))
  await zhang.on(number).presses('我到现场了')
  await zhang.hears(/到场已记录/)
  expect(zhang.heard().filter((line) => line === `${number} 已接单。`)).toHaveLength(1)
}, 60_000)

test('WeChat refuses or does not answer: the line comes again, and is marked where it may have come before', async () => {
  const wechat = town.program().simulator?.wechat
  const who = town.newcomer('resident-stalled')
  const number = await tells(town, who, '3栋2单元302可视门铃坏了，请来修')
  wechat?.fail(2)
  await town.staff('ZhangJianGuo').on(number).presses('接单')
  await town.staff('ZhangJianGuo').hears(new RegExp(`${number} 已接单`))
  town.speed(20)
  await who.hears(/由张建国经办/)
  expect(who.heard().filter((line) => /由张建国经办/.test(line))).toHaveLength(1)
}, 60_000)

test('callbacks that come twice, or in the wrong order, count once', async () => {
  const who = town.newcomer('resident-twice')
  const number = await tells(town, who, '3栋2单元402可视门铃坏了，请来修')
  const zhang = town.staff('ZhangJianGuo')
  faults().nextCallback('duplicate', 2)
  await accepts(zhang.on(number), who, /由张建国经办/)
  await zhang.on(number).presses('我到现场了')
  await who.hears(/到现场了/)
  await town.program().simulator?.wecom.idle()
  const shown = await complaint(town, number)
  expect(typesOf(shown)).toEqual(['registered', 'assigned', 'accepted', 'arrived'])
  expect(zhang.heard().filter((line) => line === `${number} 已接单。`)).toHaveLength(1)
}, 60_000)

test('whatever a resident sends is taken in: photo, voice, place, link, file, sticker, what is unknown, and a recall (must-survive 34)', async () => {
  const who = town.newcomer('resident-all')
  const zhang = town.staff('ZhangJianGuo')
  const base64 = pixel.toString('base64')
  const number = await tells(town, who, '3栋2单元502可视门铃坏了，请来修')
  await accepts(zhang.on(number), who, /由张建国经办/)

  who.says('补充')
  await who.hears(/请说要补充的/)
  who.sends({ type: 'image', name: 'a.png', base64 })
  await who.hears(new RegExp(`补充的已加到${number}`))
  await zhang.hears(/住户补充/)
  await zhang.seesPhoto()
  expect((await complaint(town, number)).media).toHaveLength(1)

  const rest: readonly WechatMessage[] = [
    { type: 'voice', name: 'a.sil', base64: Buffer.from('#!SILK_V3').toString('base64') },
    { type: 'location', latitude: 28.2, longitude: 112.9, label: '和风苑南门' },
    { type: 'link', title: '门铃说明书', url: 'https://example.com/', description: '型号' },
    { type: 'file', name: '照片.zip', base64 },
    { type: 'video', name: 'a.mp4', base64 },
    { type: 'sticker' },
    { type: 'unknown' },
  ]
  for (const message of rest) who.sends(message)
  who.says('上面是另一件事：南门的道闸一直抬着，外面的车随便进')
  const said = who.sends({ type: 'text', text: '还有一句说错了' })
  who.sends({ type: 'recall', message: said })
  town.speed(10)
  await who.hears(/？|对就回1/)
  town.speed(1)
  who.says('进度')
  await who.hears(new RegExp(number))
  const ready = await readiness(town)
  expect(ready.warnings.filter((warning) => /could not be decided|failed/.test(warning))).toEqual([])
  expectPlainWords(town)
}, 60_000)

test('must-survive 34: a first message of any sort is answered, and the next words become a case', async () => {
  const base64 = pixel.toString('base64')
  const first: readonly WechatMessage[] = [
    { type: 'unknown' },
    { type: 'voice', name: 'a.sil', base64: Buffer.from('#!SILK_V3').toString('base64') },
    { type: 'location', latitude: 28.2, longitude: 112.9, label: '和风苑南门' },
    { type: 'recall', message: 'never-seen' },
    { type: 'sticker' },
    { type: 'file', name: 'a.zip', base64 },
  ]
  for (const [n, message] of first.entries()) {
    const who = town.newcomer(`resident-first-${message.type}`)
    who.sends(message)
    const number = await tells(town, who, `5栋1单元${n + 3}02可视门铃坏了，请来修`, {
      home: `5栋1单元${n + 3}02`,
    })
    expect((await complaint(town, number)).status).toBe('assigned')
  }
  const { warnings } = await readiness(town)
  expect(warnings.filter((warning) => /could not be decided|failed/.test(warning))).toEqual([])
}, 60_000)

test('what is said in a group is not answered to everybody, and goes on in private', async () => {
  const wechat = town.program().simulator?.wechat
  const who = town.newcomer('resident-group')
  wechat?.sayInRoom('业主群', 'resident-group', { type: 'text', text: '物业电话多少来着' })
  wechat?.sayInRoom('业主群', 'resident-group', { type: 'text', text: '@小区管家 3栋门口路灯坏了' }, true)
  who.says('我在这边说')
  await who.hears(/几栋几单元|电话是多少/)
  expect(who.heard().join()).not.toMatch(/还没听明白/)
}, 60_000)
