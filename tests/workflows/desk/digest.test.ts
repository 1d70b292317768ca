import { describe, expect, test } from 'vitest'
import type { Complaint } from '../../../workflows/complaint/state.ts'
import { days, hours, minutes, seconds, type ComplaintId } from '../../../workflows/ids.ts'
import type { StaffNotice } from '../../../workflows/notice.ts'
import { mondayTen, staffId } from '../../support/builders.ts'
import { aCase, AtDesk } from './at-desk.ts'

const numberOf = (n: number) => `TS-20261123-${String(n).padStart(4, '0')}`

const escalation = (n: number, late = hours(2)): StaffNotice => ({
  complaint: n as ComplaintId,
  number: numberOf(n),
  type: 'escalation',
  step: 'contact',
  due: mondayTen - late,
  percent: 100,
  holder: '张建国',
  at: mondayTen,
  late: false,
})
const reminder = (n: number): StaffNotice => ({
  complaint: n as ComplaintId,
  number: numberOf(n),
  type: 'reminder',
  step: 'accept',
  due: mondayTen + minutes(24),
  percent: 80,
  at: mondayTen,
})
const escalatedTo = (staff: string, n: number): Complaint =>
  aCase(n, {
    severity: 'S2',
    escalated: [staffId(staff)],
    cards: [{ staff: staffId(staff), role: 'watch' }],
    alert: {
      about: [{ step: 'contact', percent: 100, due: mondayTen - hours(2), late: false }],
      since: mondayTen,
      to: [staffId(staff)],
      lost: [],
      level: 1,
      next: mondayTen + minutes(30),
      rounds: 0,
    },
  })

const hears = (desk: AtDesk, notices: readonly StaffNotice[]) => {
  for (const notice of notices) desk.hears(notice)
  return desk
}
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

describe('what is late is said once its moment is over', () => {
  test('nothing for a few seconds, then one by one with its card', () => {
    const desk = new AtDesk('li').hears(escalation(7))
    expect([desk.said, desk.due]).toEqual(['', mondayTen + seconds(5)])
    desk.waits(seconds(2)).hears(escalation(8))
    expect(desk.due).toBe(mondayTen + seconds(5))
    desk.wakes()
    expect(desk.effects.filter((e) => e.do === 'say')).toHaveLength(2)
    expect(desk.said).toMatch(/TS-20261123-0007 督办：联系住户已超时[\s\S]*TS-20261123-0008/u)
    expect(desk.told).toMatchObject([
      { case: 7, type: 'showCard', staff: 'li', anew: true, unasked: true },
      { case: 8, type: 'showCard', staff: 'li', anew: true, unasked: true },
    ])
    expect([desk.due, desk.state.gathered]).toEqual([null, []])
  })

  test('a reminder brings no card: its reader has the task’s', () => {
    const desk = new AtDesk('zhang').hears(reminder(7)).wakes()
    expect([desk.said.includes('提醒'), desk.told]).toEqual([true, []])
  })

  test('the alarm of an S1 waits for nothing', () => {
    const desk = new AtDesk('zhang').hears({
      complaint: 7 as ComplaintId,
      number: numberOf(7),
      type: 'alarm',
      danger: 'fire',
      lift: false,
      round: 1,
      place: '3栋',
      words: '冒烟',
      phone: null,
      dutyPhone: '0731-88881111',
      at: mondayTen,
      suspected: false,
    })
    expect(desk.said).toContain('险情')
  })
})

describe('three and more are one digest', () => {
  const three = () =>
    hears(
      new AtDesk(
        'li',
        [7, 8, 9].map((n) => escalatedTo('li', n)),
      ),
      [escalation(7, hours(2)), escalation(8, days(3)), escalation(9, minutes(5))],
    ).wakes()

  test('numbered, the longest overdue first: number, step, how late, who has it, and nothing of the resident', () => {
    const desk = three()
    expect(desk.effects.filter((e) => e.do === 'say')).toHaveLength(1)
    expect(desk.said.split('\n')).toEqual([
      '督办和提醒共3件（10:00）：',
      '1. TS-20261123-0008 联系住户超时3天，经办张建国',
      '2. TS-20261123-0007 联系住户超时2小时，经办张建国',
      '3. TS-20261123-0009 联系住户超时5分钟，经办张建国',
      '回序号看那一件；看到了请回“收到”。',
    ])
    expect(desk.told).toEqual([])
  })

  test('a number of the list opens that case', () => {
    expect(three().writes('2').told).toMatchObject([{ case: 7, type: 'showCard', anew: true }])
  })

  test('收到 is an answer for all of them', () => {
    const desk = three().writes('收到')
    expect(desk.told).toMatchObject([7, 8, 9].map((n) => ({ case: n, type: 'seen', by: 'li', how: 'reply' })))
    expect(desk.said).toContain('3件')
  })

  test('what does not arrive is news to every case of it', () => {
    const desk = three()
    const turn = desk.undelivered()
    expect(turn.told).toMatchObject([8, 7, 9].map((n) => ({ case: n, type: 'undeliverable', staff: 'li' })))
  })

  test('twenty reminders at opening are one message to the handler', () => {
    const desk = hears(new AtDesk('zhang'), numbers(20).map(reminder)).wakes()
    expect(desk.effects.filter((e) => e.do === 'say')).toHaveLength(1)
    expect(desk.said).toContain('1. TS-20261123-0001 24分钟内要接单')
    expect(desk.said).toContain('另有3件，回“待办”看全部')
  })

  test('fifty after a day off stay within one message of the platform', () => {
    const long = { ...escalation(1, days(2)), step: 'progress', holder: '欧阳建国' } as const
    const all = numbers(50).flatMap((n) =>
      (['progress', 'contact', 'plan'] as const).map((step) => ({
        ...long,
        step,
        complaint: n as ComplaintId,
        number: numberOf(n),
      })),
    )
    const { said } = hears(new AtDesk('li'), all).wakes()
    expect(new TextEncoder().encode(said).length).toBeLessThanOrEqual(2048)
    expect(said.split('\n').length).toBeLessThanOrEqual(20)
    expect(said).toContain('共50件')
  })

  test('several steps of one case are one line', () => {
    const desk = hears(new AtDesk('li'), [
      escalation(7),
      { ...escalation(7), step: 'onSite', due: mondayTen - hours(1) } as StaffNotice,
      { complaint: 9 as ComplaintId, number: numberOf(9), type: 'nobody' },
    ]).wakes()
    expect(desk.said).toMatch(/1\. TS-20261123-0009 没有人能接/u)
    expect(desk.said).toMatch(/2\. TS-20261123-0007 联系住户超时2小时、到场超时1小时，经办张建国/u)
  })

  test('words that wait for their case, and a question that waits for words, are not taken by its numbers', () => {
    const both = [aCase(7), aCase(8, { status: 'resolving', parties: [] })]
    const kept = new AtDesk('zhang', both).writes('灯座锈了')
    hears(kept, numbers(3).map(reminder)).wakes()
    expect(kept.said).toContain('发编号看那一件')
    expect(kept.writes('1').told).toMatchObject([{ case: 7, type: 'finding', text: '灯座锈了' }])
  })
})

describe('收到', () => {
  test.each(['收到', '知道了。', '好的', '好', '收到，谢谢', 'OK', '👌'])(
    '%s answers a single escalation',
    (line) => {
      const desk = new AtDesk('li', [escalatedTo('li', 7)]).hears(escalation(7)).wakes()
      expect(desk.writes(line).told).toMatchObject([{ case: 7, type: 'seen', how: 'reply' }])
    },
  )

  test('is no news of a case, and never goes to the resident', () => {
    const desk = new AtDesk('zhang', [aCase(7)]).writes('收到')
    expect([desk.told, desk.said]).toEqual([[], '好的。要告诉住户的，写“进展：…”。'])
  })

  test('to a resident who asked for a person is said to them', () => {
    const desk = new AtDesk('zhang', [aCase(7, { wantsPerson: true })]).writes('好的')
    expect(desk.told).toMatchObject([{ type: 'reply', text: '好的' }])
  })

  test('a button that only asks for words is an answer as well', () => {
    const c = { ...escalatedTo('li', 7), status: 'resolving' } as Complaint
    const desk = new AtDesk('li', [c]).presses(c, 'extend')
    expect(desk.told[0]).toMatchObject({ case: 7, type: 'seen', by: 'li', how: 'press' })
  })
})

describe('待办 of a supervisor', () => {
  test('lists what is theirs, then what is escalated to them, with one numbering', () => {
    const own = aCase(5, { owner: staffId('li'), cards: [{ staff: staffId('li'), role: 'owner' }] })
    const desk = new AtDesk('li', [own, escalatedTo('li', 7), aCase(8)]).writes('待办')
    expect(desk.said).toMatch(
      /您手上有1件：\n1\. TS-20261123-0005[\s\S]*待您督办1件：\n2\. TS-20261123-0007/u,
    )
    expect(desk.writes('2').told).toMatchObject([{ case: 7, type: 'showCard' }])
  })

  test('leaves out what is not late any more', () => {
    const cured = { ...escalatedTo('li', 7), alert: null, deadlines: [] }
    expect(new AtDesk('li', [cured]).writes('待办').said).toContain('没有待办')
  })
})
