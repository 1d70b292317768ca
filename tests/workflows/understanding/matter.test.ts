import { describe, expect, it } from 'vitest'
import type { Category } from '../../../workflows/taxonomy.ts'
import type { Kind } from '../../../workflows/understanding/facts.ts'
import { nowhere, understand } from '../../../workflows/understanding/index.ts'

const now = Date.parse('2026-11-23T10:00:00+08:00')
const read = (text: string, staffNames: readonly string[] = []) =>
  understand(text, now, { ...nowhere, staffNames })

describe('what kind of message it is, and what it is about', () => {
  it.each<[Kind, Category | null, string]>([
    ['complaint', 'noise', '楼上每天半夜拖椅子，吵得全家睡不着，你们到底管不管'],
    ['complaint', 'parking', '我的车位又被占了，说了三次都没人管'],
    ['complaint', 'sanitation', '垃圾堆了三天没人清，臭死了！'],
    ['complaint', 'pet', '有人遛狗不牵绳，把孩子吓哭了，没人管吗'],
    ['complaint', 'fee', '物业费凭什么涨价，收费标准也不公示'],
    ['complaint', 'pollution', '楼下餐馆油烟直往家里灌，投诉几次都不管'],
    ['complaint', 'governance', '业委会选举计票不公开，太过分了'],
    ['complaint', 'construction', '楼上私自敲承重墙，举报了也没人来'],
    ['complaint', 'service', '前台态度恶劣，还骂人，什么态度'],
    ['complaint', 'fire', '消防通道天天被堵，反映了多次都不处理'],
    ['repair', 'elevator', '5号楼电梯按钮不灵了，麻烦派师傅来修一下'],
    ['repair', 'leak', '厨房下水道堵了，麻烦安排人来疏通一下'],
    ['repair', 'facility', '楼道灯坏了，麻烦换个灯泡'],
    ['repair', 'utility', '家里跳闸推不上去，求电工上门看看'],
    ['repair', 'security', '门禁卡刷了没反应，麻烦来人看看'],
    ['enquiry', 'fee', '请问物业费可以按季度交吗'],
    ['enquiry', 'utility', '请问停水到几点恢复？'],
    ['enquiry', 'parking', '请问车位怎么登记，需要什么手续？'],
    ['suggestion', 'parking', '建议在西区划几个新能源车位'],
    ['suggestion', 'greenery', '建议草坪里种点桂花'],
    ['praise', 'sanitation', '保洁阿姨把楼道打扫得干干净净，点赞！'],
    ['praise', 'security', '表扬一下南门的保安大哥，帮我把东西提上楼，太感谢了'],
    ['other', null, '你好'],
    // A leak from above is no flood, and the 上 of 楼上 no part of a building's name.
    ['complaint', 'leak', '楼上3栋2单元1602漏水到我家'],
    // A question that asks for an act is a request, not an enquiry.
    ['repair', 'leak', '我家水管漏水，能来修一下吗'],
    ['repair', 'utility', '路灯不亮，可以派人看看吗？'],
    ['other', null, '在吗'],
    ['other', null, '谢谢'],
    ['other', null, '老板来两份宫保鸡丁，微辣'],
    ['other', null, '哈哈哈哈哈'],
    ['other', null, '妈我到家了'],
    ['other', null, '今晚一起吃饭吗'],
  ])('%s / %s: %s', (kind, category, text) => {
    expect(read(text)).toMatchObject({ kind, category })
  })

  it('an enquiry, a suggestion and praise go to the desk, with the message’s own category', () => {
    expect(read('请问物业费可以按季度交吗').code).toBe('SG03')
    expect(read('建议在西区划几个新能源车位').code).toBe('SG01')
    expect(read('保洁阿姨把楼道打扫得干干净净，点赞！').code).toBe('SG02')
  })

  it('an emergency takes the code of its danger', () => {
    expect(read('8栋着火了！').code).toBe('EM01')
    expect(read('我被困在电梯里了').code).toBe('EL01')
    expect(read('孩子反锁在屋里了，哭得厉害').code).toBe('EM09')
  })
})

describe('how upset the writer is', () => {
  it.each<[number, string]>([
    [0, '您好，麻烦问一下发票去哪里拿'],
    [1, '楼道灯坏了好几天了还没修'],
    [2, '凭什么收这么多钱？简直岂有此理！'],
    [3, '你们这群废物，垃圾物业！'],
  ])('%i: %s', (anger, text) => {
    expect(read(text).anger).toBe(anger)
  })

  it('a threat to hurt somebody is told from venting', () => {
    expect(read('再吵我弄死你们').threat).toBe(true)
    expect(read('气死我了，天天吵').threat).toBe(false)
  })
})

it.each([
  ['跟保安说了好几次都没人管', true],
  ['报修三次了还是没修好', true],
  ['物业和开发商互相推诿', true],
  ['打电话投诉多次没有结果', true],
  ['今天第一次发现漏水', false],
  ['楼上天天吵', false],
])('raised before in vain: %s → %s', (text, repeat) => {
  expect(read(text).repeat).toBe(repeat)
})

it.each([
  ['再不处理我打12345', true],
  ['我要找律师', true],
  ['已经联系电视台记者了', true],
  ['麻烦来修一下灯', false],
])('names an authority: %s → %s', (text, authority) => {
  expect(read(text).authority).toBe(authority)
})

it.each([
  ['厨房下水道堵了，麻烦派人来疏通一下', '麻烦派人来疏通一下'],
  ['楼上太吵。希望物业上门劝说', '希望物业上门劝说'],
  ['押金一直不给，请把押金退给我', '请把押金退给我'],
  ['请问几点上班', null],
  ['在吗', null],
])('what is asked for: %s', (text, demand) => {
  expect(read(text).demand).toBe(demand)
})

it('the people concerned, staff first', () => {
  expect(read('张建国说好了来没来，王师傅也不接电话', ['张建国']).people).toEqual(['张建国', '王师傅'])
  expect(read('保安小李帮了我').people).toEqual(['小李'])
  expect(read('小区里老人多').people).toEqual([])
})

it.each([
  ['我的手机13900000001', '13900000001'],
  ['电话 139 0000 0001', '13900000001'],
  ['座机0731-88881111', '0731-88881111'],
  ['打12345没人接', null],
  ['车牌粤B12345', null],
])('telephone: %s → %s', (text, phone) => {
  expect(read(text).phone).toBe(phone)
})

it('who suffers and how far', () => {
  expect(read('家里有八十岁的老人，停电了').vulnerable).toBe(true)
  expect(read('整栋楼都停水了')).toMatchObject({ reach: 'many', effect: 'blocked' })
  expect(read('建议加个座椅')).toMatchObject({ effect: 'wish' })
  expect(read('叔叔 我今年9岁 爸爸妈妈不在家').minor).toBe(true)
})
