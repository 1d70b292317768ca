import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../../workflows/ids.ts'
import type { EstateId } from '../../../workflows/ids.ts'
import { aCompany, mondayTen, photo, staffId } from '../../support/builders.ts'
import { aCase, AtDesk } from './at-desk.ts'

const verifying = aCase(7)
const resolving = aCase(8, { status: 'resolving', parties: [] })
const tomorrowThree = mondayTen + hours(29)

describe('a line that names what it is', () => {
  test.each([
    ['接单', { type: 'accept' }],
    ['我去处理', { type: 'accept' }],
    ['我去！', { type: 'accept' }],
    ['不能接：在修3栋', { type: 'decline', reason: '在修3栋' }],
    ['核实完毕', { type: 'verified' }],
    ['我到现场了。', { type: 'arrive' }],
    ['核实：灯座锈了', { type: 'finding', text: '灯座锈了' }],
    ['问住户：几点在家？', { type: 'ask', text: '几点在家？' }],
    ['问住户几点在家', { type: 'ask', text: '几点在家' }],
    ['当事人：王强', { type: 'party', name: '王强', staff: 'wang' }],
    ['当事人：楼上住户', { type: 'party', name: '楼上住户', staff: null }],
    ['保洁说：前天就坏了', { type: 'hear', name: '保洁', words: '前天就坏了' }],
    ['保洁表示：不知道', { type: 'hear', name: '保洁', words: '不知道' }],
    ['保洁：没联系上', { type: 'hear', name: '保洁', words: null }],
    ['责任：无责，使用不当', { type: 'responsibility', code: 'none', who: null, words: '使用不当' }],
    ['责任：有责·部分', { type: 'responsibility', code: 'part', words: null }],
    ['责任：有责部分，漏巡', { type: 'responsibility', code: 'part', words: '漏巡' }],
    [
      '责任：第三方责任，供电公司，外线检修',
      { type: 'responsibility', code: 'thirdParty', who: '供电公司', words: '外线检修' },
    ],
    ['方案：换轴承，明天15:00前', { type: 'plan', text: '换轴承', promise: tomorrowThree, gap: null }],
    ['进展：配件到了', { type: 'progress', text: '配件到了', media: [] }],
    ['答复：明天来', { type: 'reply', text: '明天来', final: true }],
    ['撤销', { type: 'undo' }],
    ['点错了', { type: 'undo' }],
    ['现场无险：没有人', { type: 'standDown', words: '没有人' }],
    ['已电话联系，下午去', { type: 'contact', outcome: 'phone', words: '下午去' }],
    ['已联系', { type: 'contact', outcome: 'phone', words: null }],
    ['没接通', { type: 'contact', outcome: 'noAnswer', words: null }],
    ['转给王强，他更近', { type: 'handOver', to: 'wang', reason: '他更近' }],
    ['改派给王强', { type: 'reassign', to: 'wang', reason: null }],
    ['改派 王强', { type: 'reassign', to: 'wang' }],
    ['催办', { type: 'urge' }],
    ['接手', { type: 'takeOver' }],
    ['延期：明天15:00前，等配件', { type: 'extend', until: tomorrowThree, reason: '等配件' }],
    ['延到明天15:00，等配件', { type: 'extend', until: tomorrowThree, reason: '等配件' }],
    ['签字', { type: 'sign' }],
    ['等级：一般，只有一户', { type: 'severity', to: 'S3', reason: '只有一户' }],
    ['升级为S2，整栋', { type: 'severity', to: 'S2', reason: '整栋' }],
    ['改类：停电', { type: 'recode', code: 'UT02' }],
    ['改类 ut02', { type: 'recode', code: 'UT02' }],
    ['回访：解决了，5星', { type: 'visit', outcome: 'solved', stars: 5, words: '5星' }],
    ['回访：没解决，还漏', { type: 'visit', outcome: 'notSolved', stars: null, words: '还漏' }],
    ['已回访，部分解决', { type: 'visit', outcome: 'notSolved', words: null }],
    ['有异议办结：已尽力', { type: 'closeDisputed', words: '已尽力' }],
    ['有效', { type: 'judge', good: true, words: null }],
    ['无效：又漏了', { type: 'judge', good: false, words: '又漏了' }],
    ['是本人', { type: 'settleClaim', right: true }],
    ['不是本人', { type: 'settleClaim', right: false }],
  ])('%s', (line, event) => {
    const desk = new AtDesk('zhang', [verifying]).writes(line)
    expect(desk.told).toMatchObject([{ case: 7, by: 'zhang', ...event }])
  })

  test.each([
    ['不能接', 'declineReason'],
    ['核实：', 'finding'],
    ['问住户', 'question'],
    ['当事人：', 'partyWords'],
    ['方案：', 'plan'],
    ['进展：', 'progress'],
    ['办完了', 'done'],
    ['答复：', 'reply'],
    ['现场无险', 'standDown'],
    ['延期', 'extension'],
    ['延期：等配件', 'extension'],
    ['延期：明天15:00', 'extension'],
    ['回访', 'visitWords'],
    ['责任：第三方责任', 'responsibilityWords'],
  ])('%s alone asks for the rest', (line, what) => {
    const desk = new AtDesk('zhang', [verifying]).writes(line)
    expect([desk.told, desk.state.wanting?.what]).toEqual([[], what])
    expect(desk.said).not.toBe('')
  })

  test('done in one line, then its photo', () => {
    const desk = new AtDesk('zhang', [resolving]).writes('办完：灯管换好了')
    expect(desk.said).toContain('完工照片')
    expect(desk.sendsPhoto(601).told).toMatchObject([
      { type: 'done', text: '灯管换好了', media: [photo(601)] },
    ])
  })

  test.each([
    ['修好了一半，等配件', 'finding'],
    ['完成了80%', 'finding'],
    ['拒绝整改的是楼上', 'finding'],
    ['联系不上物业公司的人', 'finding'],
    ['原因：轴承坏了', 'finding'],
    ['情况不太好', 'finding'],
  ])('%s is no command', (line, type) => {
    expect(new AtDesk('zhang', [verifying]).writes(line).told).toMatchObject([{ type, text: line }])
  })

  test.each([
    ['转给赵六', '没找到叫“赵六”'],
    ['转给冯远', '没找到叫“冯远”'],
    ['等级：很急', '没看懂'],
    ['改类：太空', '没有这个类别'],
    ['责任：说不清', '先在卡片上选'],
  ])('%s is answered, and told to nobody', (line, answer) => {
    const desk = new AtDesk('zhang', [verifying]).writes(line)
    expect([desk.told, desk.said.includes(answer)]).toEqual([[], true])
  })

  test('转给 alone opens the choice on the card', () => {
    expect(new AtDesk('zhang', [verifying]).writes('转给').told).toMatchObject([
      { type: 'showCard', face: 'handOver' },
    ])
  })

  test('没接通 of whoever owes a call is a visit', () => {
    const c = aCase(7, {
      callback: { by: staffId('li'), why: 'low', since: null, next: null },
      cards: [{ staff: staffId('li'), role: 'callback' }],
    })
    expect(new AtDesk('li', [c]).writes('没接通').told).toMatchObject([
      { type: 'visit', outcome: 'noAnswer' },
    ])
  })
})

describe('a plain line or photo belongs to the stage', () => {
  const service = aCase(9, { kind: 'enquiry', code: 'SG03', status: 'resolving' })
  test.each([
    ['found while verifying', verifying, 'finding'],
    ['progress while resolving', resolving, 'progress'],
    ['to the resident of an enquiry', service, 'reply'],
    ['to a resident who asked for a person', aCase(10, { wantsPerson: true }), 'reply'],
  ] as const)('%s', (_, c, type) => {
    const desk = new AtDesk(c.owner ?? '', [c]).writes('灯座锈了')
    expect(desk.told).toMatchObject([{ type, text: '灯座锈了', ...(type === 'reply' && { final: false }) }])
  })

  test('a party that is known needs no 说', () => {
    const c = aCase(7, { parties: [{ name: '保洁', staff: null, heard: false, attempts: [] }] })
    expect(new AtDesk('zhang', [c]).writes('保洁：前天坏的').told).toMatchObject([
      { type: 'hear', name: '保洁' },
    ])
  })

  test('photos', () => {
    expect(new AtDesk('zhang', [verifying]).sendsPhoto().told).toMatchObject([
      { type: 'finding', text: null, media: [photo()] },
    ])
    expect(new AtDesk('zhang', [resolving]).sendsPhoto().told).toMatchObject([
      { type: 'progress', text: null },
    ])
  })

  test('a place, a link, a voice; a sticker says nothing', () => {
    const at = { type: 'location', latitude: 1, longitude: 2, label: '3栋南门' } as const
    expect(new AtDesk('zhang', [verifying]).gets(at).told).toMatchObject([
      { type: 'finding', text: '3栋南门' },
    ])
    expect(new AtDesk('zhang', [verifying]).gets({ ...at, label: null }).said).toContain('存档')
    const link = { type: 'link', title: '检测报告', url: 'https://a.cn', description: null } as const
    expect(new AtDesk('zhang', [verifying]).gets(link).told).toMatchObject([
      { text: '检测报告 https://a.cn' },
    ])
    const voice = { type: 'media', kind: 'voice', media: photo(9), name: null } as const
    expect(new AtDesk('zhang', [verifying]).gets(voice).said).toContain('语音收到')
    expect(new AtDesk('zhang', [verifying]).gets({ type: 'sticker' }).effects).toEqual([])
  })

  test('whoever leaves the app: their cases go on without them', () => {
    const desk = new AtDesk('zhang', [verifying, resolving]).gets({ type: 'left' })
    expect(desk.told).toMatchObject([
      { case: 7, type: 'undeliverable', staff: 'zhang' },
      { case: 8, type: 'undeliverable', staff: 'zhang' },
    ])
  })
})

describe('with several cases', () => {
  const both = () => new AtDesk('zhang', [verifying, resolving])

  test('free text asks which, and nothing of it is lost', () => {
    const desk = both().writes('灯座锈了')
    expect(desk.told).toEqual([])
    expect(desk.said).toMatch(/1\. TS-20261123-0007[\s\S]*2\. TS-20261123-0008/u)
    desk.writes('开关也坏了').sendsPhoto(601).writes('2')
    expect(desk.told).toMatchObject([
      { case: 8, type: 'progress', media: [photo(601)] },
      { case: 8, type: 'progress', text: '灯座锈了\n开关也坏了' },
    ])
    expect(desk.state.choosing).toBeNull()
  })

  test('a number that is not on the list is asked again', () => {
    expect(both().writes('灯座锈了').writes('5').said).toContain('没看懂')
  })

  test.each([
    ['0008 进展：配件到了', { case: 8, type: 'progress', text: '配件到了' }],
    ['#0008：配件到了', { case: 8, type: 'progress', text: '配件到了' }],
    ['TS-20261123-0008 配件到了', { case: 8, type: 'progress', text: '配件到了' }],
    ['ts202611230008，配件到了', { case: 8, type: 'progress', text: '配件到了' }],
    ['0007', { case: 7, type: 'showCard', anew: true }],
  ])('%s names its case', (line, event) => {
    expect(both().writes(line).told).toMatchObject([event])
  })

  test('the case just spoken of goes on for half an hour, then it is asked', () => {
    const desk = both().writes('0008').writes('配件到了')
    expect(desk.told).toMatchObject([{ case: 8 }])
    desk.waits(minutes(29)).writes('换上了')
    expect(desk.told).toMatchObject([{ case: 8 }])
    expect(desk.waits(minutes(31)).writes('好了').told).toEqual([])
  })

  test('a case that went to somebody else meanwhile is spoken of no more', () => {
    const desk = both().writes('0008')
    desk.cases = [verifying, { ...resolving, owner: staffId('wang') }]
    expect(desk.writes('灯座锈了').told).toMatchObject([{ case: 7 }])
  })

  test('a supervisor speaks of a case by its number though they have one of their own', () => {
    const own = aCase(5, { owner: staffId('li'), cards: [{ staff: staffId('li'), role: 'owner' }] })
    expect(new AtDesk('li', [own, verifying]).writes('TS-20261123-0007').writes('催办').told).toMatchObject([
      { case: 7, type: 'urge' },
    ])
  })

  test('a room at the beginning of a line is no number', () => {
    expect(new AtDesk('zhang', [verifying]).writes('1201 没人在家').told).toMatchObject([
      { case: 7, type: 'finding', text: '1201 没人在家' },
    ])
  })

  test('待办 lists them, and a number of the list opens one', () => {
    const desk = both().writes('待办')
    expect(desk.said).toContain('您手上有2件')
    expect(desk.writes('1').told).toMatchObject([{ case: 7, type: 'showCard' }])
  })

  test('with none, says so and records nothing', () => {
    expect(new AtDesk('zhang').writes('灯座锈了').said).toContain('先不记录')
    expect(new AtDesk('zhang').writes('待办').said).toContain('没有待办')
    expect(new AtDesk('zhang').sendsPhoto().said).toContain('先不记录')
  })
})

describe('while words are waited for', () => {
  const asked = () => new AtDesk('zhang', [resolving]).presses(resolving, 'progress')

  test.each(['撤销', '催办', '方案：换轴承，明天15:00前', '问住户：几点在家？'])(
    '%s is not taken for them',
    (line) => {
      const desk = asked().writes(line)
      expect(desk.told.map((e) => e.type)).not.toContain('progress')
      expect([desk.told.length, desk.state.wanting]).toEqual([1, null])
    },
  )

  test('算了 ends it', () => {
    const desk = asked().writes('算了')
    expect([desk.told, desk.state.wanting]).toEqual([[], null])
  })

  test('another case’s number ends it', () => {
    const desk = new AtDesk('zhang', [verifying, resolving])
      .presses(resolving, 'progress')
      .writes('0007 灯座锈了')
    expect([desk.told, desk.state.wanting]).toMatchObject([[{ case: 7, type: 'finding' }], null])
  })

  test('待办 ends it: the digit after it chooses a case', () => {
    expect(asked().writes('待办').writes('1').told).toMatchObject([{ type: 'showCard' }])
    expect(
      new AtDesk('zhang', [resolving]).writes('待办').presses(resolving, 'progress').writes('1').told,
    ).toMatchObject([{ type: 'progress', text: '1' }])
  })

  test('a line two hours later is not their answer', () => {
    const desk = new AtDesk('zhang', [verifying])
      .presses(verifying, 'ask')
      .waits(hours(2) + 1)
      .writes('灯座锈了')
    expect(desk.told).toMatchObject([{ type: 'finding' }])
  })

  test('a case that is out of reach meanwhile gets none of them', () => {
    const desk = asked()
    desk.cases = [{ ...resolving, subjects: [staffId('zhang')] }]
    expect([desk.writes('配件到了').told, desk.said, desk.state.wanting]).toEqual([
      [],
      expect.stringContaining('先不记录'),
      null,
    ])
  })
})

describe('who may read what by its number', () => {
  const home = '1502'

  test('whoever handles it reads the door, a supervisor of the estate the building only', () => {
    expect(new AtDesk('zhang', [verifying]).writes(verifying.number).said).toContain(home)
    const seen = new AtDesk('li', [verifying]).writes(verifying.number).said
    expect(seen).toContain(verifying.number)
    expect(seen).not.toContain(home)
  })

  test.each([
    ['another estate', 'qian', {}],
    ['a supervisor of another estate', 'feng', {}],
    ['a colleague it does not belong to', 'chen', {}],
    ['the person complained about', 'li', { subjects: [staffId('li')] }],
    ['somebody who left', 'gone', {}],
  ])('%s reads nothing', (_, staff, over) => {
    const c = aCase(7, over)
    for (const line of [c.number, '#0007', `${c.number} 催办`]) {
      const desk = new AtDesk(staff, [c]).writes(line)
      expect(desk.told).toEqual([])
      expect(desk.said).toMatch(/没有编号/u)
    }
  })

  test('of an estate not yet known whoever is asked reads it', () => {
    const c = aCase(7, { estate: null, owner: staffId('qian') })
    expect(new AtDesk('qian', [c]).writes(c.number).said).toContain(c.number)
    const known = aCase(7, { estate: 'yunxi' as EstateId })
    expect(new AtDesk('zhang', [known], aCompany()).writes(known.number).said).toContain('没有编号')
  })
})
