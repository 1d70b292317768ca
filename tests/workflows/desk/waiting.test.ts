import { describe, expect, test } from 'vitest'
import { days } from '../../../workflows/ids.ts'
import { at, mondayTen, reach, staffId, type Play } from '../../support/builders.ts'
import { aCase, AtDesk } from './at-desk.ts'

const wanted = { by: staffId('zhang'), why: 'weather', words: '台风', until: mondayTen + days(2) } as const
const watching = [{ staff: staffId('li'), role: 'watch' }] as const

describe('暂停', () => {
  test.each([
    ['暂停：等配件厂家，下周三前复查', 'thirdParty', '等配件厂家', '2026-12-02 18:00'],
    ['申请暂停：下雨不能做外墙，周四上午9点复查', 'weather', '下雨不能做外墙', '2026-11-26 09:00'],
    ['暂停：业主大会表决，11月27日18:00前', 'vote', '业主大会表决', '2026-11-27 18:00'],
    ['暂停：等维修资金批下来，后天', 'fund', '等维修资金批下来', '2026-11-25 18:00'],
    ['暂停：街道要求停工，明天15:00前再看', 'order', '街道要求停工', '2026-11-24 15:00'],
  ] as const)('%s', (line, why, words, until) => {
    const desk = new AtDesk('zhang', [aCase(7)]).writes(line)
    expect(desk.told).toMatchObject([{ case: 7, type: 'pause', by: 'zhang', why, words, until: at(until) }])
  })

  test('without a time: the rest is asked for, and what was said is its reason', () => {
    const desk = new AtDesk('zhang', [aCase(7)]).writes('暂停：等厂家')
    expect([desk.told, desk.state.wanting?.what]).toEqual([[], 'pauseWords'])
    desk.writes('等厂家发货，周四复查')
    expect(desk.told).toMatchObject([
      { type: 'pause', why: 'thirdParty', words: '等厂家发货', until: at('2026-11-26 18:00') },
    ])
  })

  test('without a reason: it is chosen on the card', () => {
    const desk = new AtDesk('zhang', [aCase(7)]).writes('暂停：后天')
    expect(desk.told).toMatchObject([{ type: 'showCard', face: 'wait' }])
    expect(desk.said).toContain('选暂停原因')
  })

  test('on the card: a reason first, then words and time', () => {
    const c = aCase(7)
    const desk = new AtDesk('zhang', [c]).presses(c, 'choosePause')
    expect([desk.told, desk.said.includes('选暂停原因')]).toEqual([[], true])
    desk.presses(c, 'choosePause', { pause: ['vote'] })
    expect(desk.said).toContain('最长7天')
    desk.writes('还没看完')
    expect(desk.said).toContain('没看懂时间')
    desk.writes('业主在投票，明天复查')
    expect(desk.told).toMatchObject([{ type: 'pause', why: 'vote', words: '业主在投票' }])
  })

  test('refused before anybody writes three lines for nothing', () => {
    const c = aCase(7, { severity: 'S1' })
    const desk = new AtDesk('zhang', [c]).presses(c, 'choosePause', { pause: ['vote'] })
    expect(desk.said).toContain('紧急的事不能暂停')
    expect(desk.state.wanting).toBeNull()
  })

  test.each(['恢复', '恢复办理', '接着办'])('%s', (line) => {
    const desk = new AtDesk('zhang', [aCase(7)]).writes(line)
    expect(desk.told).toMatchObject([{ type: 'resume', by: 'zhang' }])
  })
})

describe('the card', () => {
  const face = (play: Play, name: 'more' | 'wait') =>
    play.event({ type: 'showCard', staff: staffId('zhang'), face: name, anew: false }).card('zhang')
  const actions = (play: Play, name: 'more' | 'wait') => face(play, name)?.buttons.map((b) => b.action)

  test('leads from 更多 to what waits for others', () => {
    expect(actions(reach('verifying'), 'more')).toContain('wait')
    expect(actions(reach('verifying'), 'wait')).toEqual(['choosePause', 'transfer', 'back'])
    expect(face(reach('verifying'), 'wait')?.select?.options.map((o) => o.label)).toEqual([
      '等第三方',
      '天气原因',
      '政府或停工要求',
      '等业主表决',
      '等维修资金',
    ])
  })

  test('offers what the state allows', () => {
    const paused = reach('verifying').does('li', {
      type: 'pause',
      why: 'vote',
      words: '表决',
      until: mondayTen + days(1),
    })
    expect(actions(paused, 'wait')).toEqual(['resume', 'transfer', 'back'])
    const elsewhere = reach('verifying').does('zhang', {
      type: 'transfer',
      who: '供电公司',
      words: '外线检修',
    })
    expect(actions(elsewhere, 'wait')).toEqual(['takeBack', 'back'])
    expect(face(elsewhere, 'wait')?.rows.find((r) => r.label === '状态')?.value).toContain('转第三方')
    expect(actions(reach('verifying', { severity: 'S1' }), 'wait')).toEqual(['transfer', 'back'])
  })
})

describe('转第三方', () => {
  test('in a line', () => {
    const desk = new AtDesk('zhang', [aCase(7)]).writes('转第三方：供电公司，外线检修')
    expect(desk.told).toMatchObject([{ type: 'transfer', who: '供电公司', words: '外线检修' }])
  })

  test('by a press; what is missing is asked for', () => {
    const c = aCase(7)
    const desk = new AtDesk('zhang', [c]).presses(c, 'transfer').writes('供电公司')
    expect([desk.told, desk.state.wanting?.what]).toEqual([[], 'transfer'])
    expect(desk.writes('供电公司，外线检修').told).toMatchObject([{ type: 'transfer', who: '供电公司' }])
  })

  test.each(['收回自办', '收回'])('%s', (line) => {
    expect(new AtDesk('zhang', [aCase(7)]).writes(line).told).toMatchObject([{ type: 'takeBack' }])
  })

  test('what is done then needs no photo: the words of those who did it are the proof', () => {
    const c = aCase(7, { status: 'resolving', transferred: { who: '供电公司', at: mondayTen } })
    const desk = new AtDesk('zhang', [c]).writes('办完：供电公司已恢复供电')
    expect(desk.told).toMatchObject([{ type: 'done', text: '供电公司已恢复供电', media: [] }])
  })
})

describe('whoever decides', () => {
  const asked = () => aCase(7, { pauseWanted: wanted, cards: [...watching] })

  test.each([
    ['0007 同意暂停', { allow: true, words: null }],
    ['0007 不同意暂停：今天就能换', { allow: false, words: '今天就能换' }],
  ])('%s', (line, event) => {
    const desk = new AtDesk('li', [asked()]).writes(line)
    expect(desk.told).toMatchObject([{ type: 'decidePause', by: 'li', ...event }])
  })

  test('presses, and is asked why not', () => {
    const c = asked()
    expect(new AtDesk('li', [c]).presses(c, 'pauseAllow').told).toMatchObject([
      { type: 'decidePause', allow: true },
    ])
    const desk = new AtDesk('li', [c]).presses(c, 'pauseDeny')
    expect(desk.said).toContain('为什么不同意')
    expect(desk.writes('今天就能换').told).toMatchObject([
      { type: 'decidePause', allow: false, words: '今天就能换' },
    ])
  })

  test('hears the reason, the words and the day', () => {
    const desk = new AtDesk('li', [asked()]).hears({
      complaint: asked().id,
      number: 'TS-20261123-0007',
      type: 'pauseWanted',
      name: '张建国',
      why: 'weather',
      words: '台风',
      until: wanted.until,
    })
    expect(desk.said).toContain('张建国申请暂停（天气原因）：台风，11月25日 10:00前复查')
  })
})
