import { describe, expect, it } from 'vitest'
import { nowhere, understand } from '../../../workflows/understanding/index.ts'

// A Monday.
const now = Date.parse('2026-11-23T10:00:00+08:00')
const times = (text: string) => understand(text, now, nowhere).time

describe('a moment or a stretch, resolved against the day of writing', () => {
  it.each<[string, string, string, string | null]>([
    ['昨晚十点开始漏', '昨晚十点开始', '2026-11-22T22:00:00', '2026-11-23T10:00:00'],
    ['昨晚十点听见响', '昨晚十点', '2026-11-22T22:00:00', null],
    ['今天没水', '今天', '2026-11-23T00:00:00', '2026-11-23T23:59:59'],
    ['前天下午三点', '前天下午三点', '2026-11-21T15:00:00', null],
    ['大前天', '大前天', '2026-11-20T00:00:00', '2026-11-20T23:59:59'],
    ['上周三下午就坏了', '上周三下午', '2026-11-18T12:00:00', '2026-11-18T17:59:59'],
    ['周五报修的', '周五', '2026-11-20T00:00:00', '2026-11-20T23:59:59'],
    ['上个月', '上个月', '2026-10-01T00:00:00', '2026-10-31T23:59:59'],
    ['从上个月开始', '从上个月开始', '2026-10-01T00:00:00', '2026-11-23T10:00:00'],
    ['两个小时以前', '两个小时以前', '2026-11-23T08:00:00', null],
    ['半小时前', '半小时前', '2026-11-23T09:30:00', null],
    ['去年十二月', '去年十二月', '2025-12-01T00:00:00', '2025-12-31T23:59:59'],
    ['国庆期间', '国庆期间', '2026-10-01T00:00:00', '2026-10-07T23:59:59'],
    ['11月9日', '11月9日', '2026-11-09T00:00:00', '2026-11-09T23:59:59'],
    ['12月9日', '12月9日', '2025-12-09T00:00:00', '2025-12-09T23:59:59'],
    ['2026年5月8日起', '2026年5月8日起', '2026-05-08T00:00:00', '2026-11-23T10:00:00'],
    ['2026-05-08', '2026-05-08', '2026-05-08T00:00:00', '2026-05-08T23:59:59'],
    ['11月9号到12号', '11月9号到12号', '2026-11-09T00:00:00', '2026-11-12T23:59:59'],
    ['近三个月', '近三个月', '2026-08-23T00:00:00', '2026-11-23T10:00:00'],
    ['春节', '春节', '2026-02-17T00:00:00', '2026-02-17T23:59:59'],
    ['今天下午1点10分到3点', '今天下午1点10分到3点', '2026-11-23T13:10:00', '2026-11-23T15:00:00'],
    ['2019以来', '2019以来', '2019-01-01T00:00:00', '2026-11-23T10:00:00'],
    ['周五到周日都在吵', '周五到周日', '2026-11-20T00:00:00', '2026-11-22T23:59:59'],
    ['10月31日周六', '10月31日周六', '2026-10-31T00:00:00', '2026-10-31T23:59:59'],
    ['过去的50分钟', '过去的50分钟', '2026-11-23T09:10:00', '2026-11-23T10:00:00'],
    ['昨天半夜', '昨天半夜', '2026-11-22T23:00:00', '2026-11-23T04:59:59'],
  ])('%s', (text, words, start, end) => {
    const [first] = times(text)
    expect(first).toMatchObject({ text: words, start, end })
  })
})

describe('a time of day', () => {
  it.each<[string, string, string | null]>([
    ['三点一刻', '03:15', null],
    ['下午三点半', '15:30', null],
    ['晚上九点', '21:00', null],
    ['15:37', '15:37', null],
    ['从晚上8点打到11点', '20:00', '23:00'],
    ['凌晨2点半', '02:30', null],
    ['十一点', '11:00', null],
  ])('%s', (text, clockStart, clockEnd) => {
    expect(times(text)[0]).toMatchObject({ type: 'clock', clockStart, clockEnd })
  })
})

describe('what recurs', () => {
  it.each<[string, object]>([
    ['每天晚上吵', { freq: 'day', interval: 1, clockStart: '18:00', clockEnd: '00:00' }],
    ['每周一收垃圾', { freq: 'week', interval: 1, byday: [1] }],
    ['每月4号', { freq: 'month', interval: 1, monthDay: 4 }],
    ['每隔3天', { freq: 'day', interval: 3 }],
    ['每到晚上10-2点', { freq: 'day', interval: 1, clockStart: '22:00', clockEnd: '02:00' }],
    ['每天下午到凌晨五点', { freq: 'day', interval: 1, clockStart: '12:00', clockEnd: '05:00' }],
    ['每天晚上6点到8点', { freq: 'day', interval: 1, clockStart: '18:00', clockEnd: '20:00' }],
  ])('%s', (text, set) => {
    expect(times(text)[0]).toMatchObject({ type: 'set', set })
  })
})

describe('how long', () => {
  it.each<[string, number]>([
    ['5分钟', 300],
    ['三天', 259_200],
    ['一个星期又三天', 864_000],
    ['个把星期', 604_800],
    ['连着三晚', 259_200],
    ['36天5小时30分', 3_130_200],
  ])('%s', (text, seconds) => {
    expect(times(text)[0]).toMatchObject({ type: 'duration', seconds })
  })
  it('counts months as months', () => {
    expect(times('三个月')[0]).toMatchObject({ type: 'duration', months: 3 })
  })
})

it.each(['下雪后', '一到下雨天', '放学时间', '雨季', '高考那几天', '每天放学后', '没日没夜', '不分昼夜'])(
  'a time no clock can tell is quoted: %s',
  (words) => {
    expect(times(`${words}小区里都很吵`).map((time) => time.text)).toEqual([words])
  },
)

it('now is the last a text is taken to say of its time', () => {
  expect(times('现在没水，昨天就停了').map((time) => time.text)).toEqual(['昨天', '现在'])
  expect(times('你们现在就来')).toEqual([])
})

it('just now and these days are found', () => {
  expect(times('刚才停电了')[0]).toMatchObject({ text: '刚才', type: 'point', start: '2026-11-23T09:50:00' })
  expect(times('这两天一直吵')[0]).toMatchObject({
    text: '这两天',
    type: 'range',
    start: '2026-11-22T00:00:00',
  })
})

it('numbers of buildings, floors and prices are no times', () => {
  for (const text of ['3号楼漏水', '十二楼没电', '5号门坏了', '押金500', '三单元', '13号二单元', '字大一点'])
    expect(times(text), text).toEqual([])
})

it('a room before 天天 is no number of days', () => {
  const [time] = times('楼上1301天天晚上吵')
  expect(time?.text).toMatch(/^天天/)
})

it('the estate’s own clock decides the day', () => {
  const midnight = Date.parse('2026-11-22T17:30:00Z')
  const inShanghai = understand('今天', midnight, nowhere)
  const inUrumqi = understand('今天', midnight, { ...nowhere, timezone: 'Asia/Urumqi' })
  expect(inShanghai.time[0]?.start).toBe('2026-11-23T00:00:00')
  expect(inUrumqi.time[0]?.start).toBe('2026-11-22T00:00:00')
})
