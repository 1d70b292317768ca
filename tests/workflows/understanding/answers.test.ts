import { describe, expect, it } from 'vitest'
import { readChoice, readCommand, readCorrection, readStars } from '../../../workflows/understanding/index.ts'

const now = Date.parse('2026-11-23T10:00:00+08:00')
const context = { timezone: 'Asia/Shanghai', buildings: [] }

describe('a short answer', () => {
  it.each([
    ['1', { choice: 'number', number: 1 }],
    ['２', { choice: 'number', number: 2 }],
    ['1已解决', { choice: 'number', number: 1 }],
    ['部分解决', { choice: 'number', number: 2 }],
    ['没解决', { choice: 'number', number: 3 }],
    ['是', { choice: 'yes' }],
    ['对的！', { choice: 'yes' }],
    ['好的谢谢', { choice: 'yes' }],
    ['不用', { choice: 'no' }],
    ['没有', { choice: 'no' }],
    ['没事了', { choice: 'no' }],
    ['跳过', { choice: 'skip' }],
    ['不清楚', { choice: 'skip' }],
    ['厨房漏水', { choice: 'none' }],
    ['不是3栋', { choice: 'none' }],
    ['', { choice: 'none' }],
  ])('%s', (text, choice) => {
    expect(readChoice(text)).toEqual(choice)
  })
})

it.each([
  ['五星', 5],
  ['5', 5],
  ['给个好评', 5],
  ['四颗星', 4],
  ['⭐⭐⭐', 3],
  ['不满意', 2],
  ['一星', 1],
  ['5栋', null],
  ['五楼漏水', null],
])('stars: %s → %s', (text, stars) => {
  expect(readStars(text)).toBe(stars)
})

describe('a command stands alone', () => {
  it.each([
    ['进度', 'progress'],
    ['我的投诉处理得怎么样了', 'progress'],
    ['TS-20261123-0007 进度', 'progress'],
    ['催一下', 'urge'],
    ['帮我催一下吧', 'urge'],
    ['补充：还有一张照片', 'supplement'],
    ['撤回', 'withdraw'],
    ['算了不投诉了', 'withdraw'],
    ['人工', 'person'],
    ['我要转人工', 'person'],
    ['紧急', 'emergency'],
    ['另外一件事：门禁坏了', 'another'],
    ['删除我的信息', 'forget'],
    ['导出我的信息', 'export'],
    ['把我的资料发给我', 'export'],
    ['我想要一份你们记录的我的信息', 'export'],
    ['查看我的个人信息', 'export'],
    ['你们存了我哪些信息', 'export'],
    ['请把我的全部资料导出来', 'export'],
    ['结束人工', 'endPerson'],
    ['绑定 AB12CD', 'bindCode'],
    ['帮助', 'help'],
  ])('%s → %s', (text, command) => {
    expect(readCommand(text)).toBe(command)
  })

  it.each([
    '催了好几次都没人',
    '人工湖边没有栏杆',
    '你们进度太慢了我要投诉',
    '补充物业不作为这么多年了',
    '投诉保安',
    '你们泄露了我的信息',
    '谁把我的信息给了别人',
    '我的信息写错了',
    '看看我的车位',
    '另外楼道灯也不亮',
  ])('not inside a complaint: %s', (text) => {
    expect(readCommand(text)).toBeNull()
  })
})

describe('a correction changes just what it names', () => {
  it.each([
    ['不是3栋，是5栋', { building: '3' }, { building: '5' }],
    ['是5栋，不是3栋', { building: '3' }, { building: '5' }],
    ['5栋不是3栋', { building: '3' }, { building: '5' }],
    ['把3栋改成5栋', { building: '3' }, { building: '5' }],
    ['房号写错了，应该是1202', {}, { room: '1202' }],
    ['单元错了，是2单元', {}, { unit: '2' }],
    ['电话错了，13900000001', {}, { phone: '13900000001' }],
    ['不是的，是南门', {}, { area: '南门' }],
  ])('%s', (text, negated, corrected) => {
    expect(readCorrection(text, now, context)).toEqual({ negated, corrected })
  })

  it('时间不对，是前天', () => {
    const correction = readCorrection('时间不对，是前天', now, context)
    expect(correction?.corrected.time).toMatchObject({ text: '前天', start: '2026-11-21T00:00:00' })
  })

  it.each(['我家在3栋', '地址不对', '楼上漏水'])('nothing is corrected by: %s', (text) => {
    expect(readCorrection(text, now, context)).toBeNull()
  })
})
