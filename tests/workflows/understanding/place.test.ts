import { describe, expect, it } from 'vitest'
import { understand } from '../../../workflows/understanding/index.ts'

const read = (text: string, buildings: readonly string[] = []) =>
  understand(text, Date.parse('2026-11-23T10:00:00+08:00'), {
    timezone: 'Asia/Shanghai',
    buildings,
    staffNames: [],
  })

describe('building, unit and room, as people write them', () => {
  it.each<[string, string[], string[], string[], [string | null, string | null, string | null]]>([
    ['3栋2单元1201漏水', ['3栋'], ['2单元'], ['1201'], ['3', '2', '1201']],
    ['3-2-1201漏水', ['3'], ['2'], ['1201'], ['3', '2', '1201']],
    ['三号楼二单元十二楼东户', ['三号楼'], ['二单元'], ['十二楼东户'], ['3', '2', '12东']],
    ['１２栋没水', ['１２栋'], [], [], ['12', null, null]],
    ['12座B室', ['12座'], [], ['B室'], ['12', null, 'B']],
    ['5号楼门禁坏', ['5号楼'], [], [], ['5', null, null]],
    ['A区3幢', ['3幢'], [], [], ['3', null, null]],
    ['16#电梯坏', ['16#'], [], [], ['16', null, null]],
    ['402室停电', [], [], ['402室'], [null, null, '402']],
    ['住 8 栋 1 单元 302', ['8 栋'], ['1 单元'], ['302'], ['8', '1', '302']],
    ['七栋一单元501的灯', ['七栋'], ['一单元'], ['501'], ['7', '1', '501']],
    ['10#604返水', ['10#'], [], ['604'], ['10', null, '604']],
    ['7#-2-302漏水', ['7#'], ['2'], ['302'], ['7', '2', '302']],
    ['3栋2-1201漏水', ['3栋'], ['2'], ['1201'], ['3', '2', '1201']],
    ['12-1502室有味道', ['12'], [], ['1502室'], ['12', null, '1502']],
    ['T3-2206没网', ['T3'], [], ['2206'], ['T3', null, '2206']],
    ['六栋三零二的水管', ['六栋'], [], ['三零二'], ['6', null, '302']],
    ['三栋二单元一二零一的灯', ['三栋'], ['二单元'], ['一二零一'], ['3', '2', '1201']],
    ['十九栋八零一进水', ['十九栋'], [], ['八零一'], ['19', null, '801']],
    ['12棟停電', ['12棟'], [], [], ['12', null, null]],
    ['B1栋门口', ['B1栋'], [], [], ['B1', null, null]],
    ['2幢乙单元', ['2幢'], ['乙单元'], [], ['2', '乙', null]],
    ['3座B梯1903', ['3座'], ['B梯'], ['1903'], ['3', 'B', '1903']],
    ['Tower 3 Flat 12B no water', ['Tower 3'], [], ['12B'], ['3', null, '12B']],
    ['6号301没电', ['6号'], [], ['301'], ['6', null, '301']],
    ['8号2单元', ['8号'], ['2单元'], [], ['8', '2', null]],
    ['8栋1单元1001号', ['8栋'], ['1单元'], ['1001号'], ['8', '1', '1001']],
    ['7号楼西户太吵', ['7号楼'], [], ['西户'], ['7', null, '西']],
    ['六栋二单元一三零二', ['六栋'], ['二单元'], ['一三零二'], ['6', '2', '1302']],
    ['411、403、406号房间扔垃圾', [], [], ['411、403、406号房间'], [null, null, '411']],
    ['2栋(2单元)903', ['2栋'], ['2单元'], ['903'], ['2', '2', '903']],
    ['3栋5栋都有违建', ['3栋5栋'], [], [], ['3', null, null]],
    ['1-8栋都停水', ['1-8栋'], [], [], ['1', null, null]],
  ])('%s', (text, building, unit, room, [b, u, r]) => {
    expect(read(text)).toMatchObject({ building, unit, room, household: { building: b, unit: u, room: r } })
  })
})

describe('numbers that are no place stay out', () => {
  it.each([
    '一年4300的物业费',
    '押金2000块不退',
    '我的电话13900000001',
    '座机0731-88881111没人接',
    '打了12345没用',
    '车牌粤B12345挡路',
    '我爸82岁了',
    '2026年11月23日开始的',
    '晚上10点30分还在吵',
    '2025-03-12交的费',
    '三千二一个月',
    '5号电梯坏了',
    '装修要3个月',
    '涨了137票',
    '两栋楼之间的草坪',
    '解放路49号一楼的餐馆',
    '那是一栋居民楼',
    '打110都没有效果',
    '666666',
    '3.5元一度电',
    '我家孩子M365滑板车丢了',
  ])('%s', (text) => {
    expect(read(text)).toMatchObject({ building: [], unit: [], room: [] })
  })
})

describe('a spot without a number', () => {
  it.each([
    ['南门岗亭没人', '南门岗亭'],
    ['地下车库B2漏水', '地下车库B2'],
    ['5号电梯按钮坏了', '5号电梯'],
    ['楼道里的灯不亮', '楼道里'],
    ['电梯口有积水', '电梯口'],
    ['中心花园的凳子断了', '中心花园'],
    ['负一楼电梯厅很脏', '负一楼电梯厅'],
    ['篮球场边上有狗屎', '篮球场边上'],
  ])('%s', (text, area) => {
    expect(read(text).area).toContain(area)
  })
})

it('the household is the place of the matter, not the landmark or where the witness lives', () => {
  expect(read('5栋对面的8栋2单元301在砸墙').household).toEqual({ building: '8', unit: '2', room: '301' })
  expect(read('我是602的，对门601有人喊').household.room).toBe('601')
})

it('a building with a name of its own is known from the estate’s list', () => {
  expect(read('听雨轩的门禁坏了', ['听雨轩', '3栋'])).toMatchObject({
    building: ['听雨轩'],
    household: { building: '听雨轩', unit: null, room: null },
  })
  expect(read('听雨轩的门禁坏了').building).toEqual([])
})
