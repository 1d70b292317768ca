import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../../workflows/ids.ts'
import { desk as words } from '../../../workflows/phrases/staff.ts'
import { withoutNumbers } from '../../../workflows/phrases/masked.ts'
import { mondayTen, photo, staffId } from '../../support/builders.ts'
import { aCase, AtDesk } from './at-desk.ts'

const told = '我住1502，灯坏了，电话13812345678'
const media = [photo(401), photo(402)]
const found = { findings: ['灯管坏了'] }

describe('the number of a case alone shows the whole matter', () => {
  const c = aCase(7, { about: { words: told, ...found, plan: '换整灯' }, media })
  const shown = (desk: AtDesk) => desk.effects.flatMap((e) => (e.do === 'say' ? [e] : []))

  test('to its handler, as one text and the pictures', () => {
    const says = shown(new AtDesk('zhang', [c]).writes('0007'))
    expect(says).toHaveLength(1)
    expect(says[0]?.text).toMatch(/TS-20261123-0007[\s\S]*1502[\s\S]*灯管坏了[\s\S]*换整灯/u)
    expect(says[0]?.media).toEqual(media)
  })

  test('to a supervisor without room and numbers', () => {
    const [say] = shown(
      new AtDesk('li', [{ ...c, cards: [{ staff: staffId('li'), role: 'watch' }] }]).writes('0007'),
    )
    expect(say?.text).toContain('灯坏了')
    expect(say?.text).not.toMatch(/1502|138|5678/u)
    expect(say?.media).toEqual(media)
  })

  test('to a colleague who only holds a card without the pictures', () => {
    const watched = { ...c, cards: [...c.cards, { staff: staffId('wang'), role: 'watch' as const }] }
    const [say] = shown(new AtDesk('wang', [watched]).writes('0007'))
    expect([say?.media, /1502|138/u.test(say?.text ?? '')]).toEqual([[], false])
  })

  test('and nothing that was deleted', () => {
    const gone = aCase(7, { about: { words: '', findings: [], plan: null }, media: [] })
    expect(new AtDesk('zhang', [gone]).writes('0007').said.split('\n')).toHaveLength(1)
  })
})

describe('what never goes on to a resident', () => {
  const c = aCase(7, { status: 'resolving', about: found })

  test('a voice and a file are kept, and neither told nor taken as proof', () => {
    const desk = new AtDesk('zhang', [c]).writes('办完：换好了')
    expect(desk.state.wanting?.what).toBe('donePhotos')
    for (const kind of ['voice', 'file'] as const) {
      desk.gets({ type: 'media', kind, media: photo(601), name: null })
      expect([desk.told, desk.state.photos]).toEqual([[], []])
      expect(desk.said).toMatch(/存档了，不会转给住户/u)
    }
    desk.gets({ type: 'media', kind: 'video', media: photo(602), name: null })
    expect(desk.told).toMatchObject([{ type: 'done', media: [602] }])
  })
})

test('whoever looks into the app is greeted once a day', () => {
  const desk = new AtDesk('zhang')
  expect(desk.gets({ type: 'entered' }).said).toContain('张建国您好')
  expect(desk.waits(hours(3)).gets({ type: 'entered' }).effects).toEqual([])
  expect(desk.waits(hours(22)).gets({ type: 'entered' }).said).toContain('您好')
})

describe('a new card for what comes next', () => {
  const verified = { verified: mondayTen, proof: 1, about: found }
  const anew = (desk: AtDesk) => desk.told.filter((e) => e.type === 'showCard' && e.anew)

  test.each([
    ['责任：有责·全部，巡查漏了', aCase(7, verified)],
    ['核实完毕', aCase(7, { about: found })],
    ['方案：换整灯，明天15:00前', aCase(7, { kind: 'repair' })],
  ])('after the typed line %s, once', (line, c) => {
    const desk = new AtDesk('zhang', [c]).writes(line)
    expect(desk.told[0]?.type).not.toBe('showCard')
    expect(anew(desk)).toHaveLength(1)
  })

  test('not after a press, nor after the words it asked for: its card changes by itself', () => {
    const c = aCase(7, verified)
    const pressed = new AtDesk('zhang', [c])
      .presses(c, 'chooseResponsibility', { code: ['full'] })
      .writes('漏巡')
    expect(pressed.told.map((e) => e.type)).toEqual(['responsibility'])
    expect(anew(new AtDesk('zhang', [aCase(7, { about: found })]).presses(c, 'verified'))).toEqual([])
  })

  test('not where the line is refused, leads nowhere new, or is another’s', () => {
    expect(anew(new AtDesk('zhang', [aCase(7)]).writes('核实完毕'))).toEqual([])
    expect(anew(new AtDesk('zhang', [aCase(7)]).writes('进展：在路上'))).toEqual([])
    const resolving = aCase(7, { status: 'resolving' })
    expect(anew(new AtDesk('zhang', [resolving]).writes('方案：换整灯，明天15:00前'))).toEqual([])
  })
})

describe('what can be said in words stands in the help', () => {
  test.each([
    '改类',
    '现场无险',
    '是本人',
    '不是本人',
    '有异议办结',
    '录像已保全',
    '主管操作',
    '取消换班',
    '收到',
    '张建国交班给王强',
  ])('%s', (word) => {
    expect(new AtDesk('zhang').writes('帮助').said).toContain(`“${word}`)
  })

  test.each([
    ['改类：公共设施', { type: 'recode', code: 'RP02' }],
    ['改类：rp01', { type: 'recode', code: 'RP01' }],
    ['现场无险：人都出来了', { type: 'standDown', words: '人都出来了' }],
    ['是本人', { type: 'settleClaim', right: true }],
    ['不是本人', { type: 'settleClaim', right: false }],
    ['有异议办结：能做的都做了', { type: 'closeDisputed', words: '能做的都做了' }],
    ['录像已保全', { type: 'footageKept' }],
  ])('%s', (line, event) => {
    expect(new AtDesk('zhang', [aCase(7)]).writes(line).told).toMatchObject([event])
  })

  test('a category nobody knows is asked for again', () => {
    const desk = new AtDesk('zhang', [aCase(7)]).writes('改类：飞碟')
    expect([desk.told, desk.said]).toEqual([[], words.noCategory])
  })
})

describe('what was recorded of a case by hand', () => {
  const recorded = (channel: string) => {
    const desk = new AtDesk('zhang', [aCase(7, { channel })])
    const notice = { complaint: aCase(7).id, number: aCase(7).number, type: 'recorded' } as const
    const said = desk.hears({ ...notice, act: 'progress', undoUntil: null }).said
    return said + desk.hears({ ...notice, act: 'plan', undoUntil: desk.now + minutes(1) }).said
  }

  test('is not said to have reached the resident', () => {
    expect(recorded('wechaty')).toMatch(/已转给住户[\s\S]*之后告诉住户/u)
    expect(recorded('api')).not.toContain('住户')
  })
})

describe('digits that lead to a person', () => {
  test.each([
    ['我住3栋2单元1502，电话13812345678', '我住3栋2单元＊＊，电话＊＊'],
    ['3-2-1502漏水，138 1234 5678', '3-2-＊＊漏水，＊＊'],
    ['15楼2号家的狗', '15楼＊＊号家的狗'],
    ['一五零二天天拆墙，一千五百零三室也是', '＊＊天天拆墙，＊＊室也是'],
    ['身份证43010119900101123X', '身份证＊＊'],
    ['打0731-88881111没人', '打＊＊没人'],
  ])('%s', (text, masked) => {
    expect(withoutNumbers(text)).toBe(masked)
  })

  test.each([
    '5号电梯昨晚23:30停了',
    '收了300元，2026年物业费',
    '2026-11-23 15:00起',
    '打了110和12345',
    '停了3-5天',
    '3号楼2号门',
  ])('%s stays', (text) => {
    expect(withoutNumbers(text)).toBe(text)
  })
})
