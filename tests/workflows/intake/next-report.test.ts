import { describe, expect, test } from 'vitest'
import { hours } from '../../../workflows/ids.ts'
import { Dialogue } from './dialogue.ts'
import { aBrief } from './world.ts'

const evening = Date.parse('2026-11-24T22:00:00+08:00')
const thursday = Date.parse('2026-11-26T10:00:00+08:00')
const about = { complaint: aBrief().id, number: 'TS-20261120-0003' } as const
const late = (severity: 'S2' | 'S3') => new Dialogue({ now: evening, mine: [aBrief({ severity })] })
const said = (dialogue: Dialogue) => dialogue.said.map((s) => s.text).join('\n')

describe('when they hear next', () => {
  const report = { ...about, type: 'nextReport', name: '张建国', by: thursday } as const
  const broken = {
    ...about,
    type: 'promiseBroken',
    was: evening,
    holder: null,
    next: { name: '张建国', by: thursday },
  } as const

  test.each([report, broken])('$type is said in the morning to an S3, at once to an S2', (notice) => {
    const ordinary = late('S3')
    ordinary.notice(notice)
    expect(ordinary.said).toEqual([])
    ordinary.wait(hours(11))
    expect(said(ordinary)).toContain('明天10:00前')
    const major = late('S2')
    major.notice(notice)
    expect(said(major)).toContain('张建国')
  })

  test('names who reports, and the day and hour', () => {
    const dialogue = late('S2')
    dialogue.notice(broken)
    expect(said(dialogue)).toBe(
      'TS-20261120-0003说好今天22:00前的事没做到，没守住约定，对不起。张建国11月26日（周四）10:00前把最新情况告诉您。',
    )
  })

  test('a time that went by while it was kept back is not told', () => {
    const dialogue = late('S3')
    dialogue.notice({ ...report, by: evening + hours(1) })
    dialogue.notice({ ...about, type: 'progress', text: '配件到了', media: [], next: evening + hours(1) })
    dialogue.wait(hours(11))
    expect(said(dialogue)).toBe('TS-20261120-0003有进展：配件到了。')
  })

  test('follows news in the same line, and comes before a question', () => {
    const dialogue = late('S2')
    dialogue.notice({ ...about, type: 'progress', text: '配件到了', media: [], next: thursday })
    dialogue.notice({
      ...about,
      type: 'question',
      question: 1,
      text: '几点在家？',
      name: '张建国',
      next: thursday,
    })
    expect(dialogue.said.map((s) => s.text)).toEqual([
      'TS-20261120-0003有进展：配件到了。11月26日（周四）10:00前再告诉您进展。',
      '11月26日（周四）10:00前再告诉您进展。\n张建国想问您（TS-20261120-0003）：几点在家？',
    ])
    expect(dialogue.said[0]?.weight).toBe('promise')
  })
})

describe('进度', () => {
  const promise = {
    id: 1,
    at: thursday,
    told: 0,
    kept: null,
    replaced: null,
    reminded: false,
    escalated: false,
  }

  test('tells the next time, and none that has broken', () => {
    const open = new Dialogue({
      now: evening,
      mine: [aBrief({ promise: { ...promise, what: 'report', broken: false } })],
    })
    open.write('进度')
    expect(said(open)).toContain('11月26日（周四）10:00前告诉您进展')
    const broken = new Dialogue({
      now: evening,
      mine: [aBrief({ promise: { ...promise, what: 'resolve', at: evening - 1, broken: true } })],
    })
    broken.write('进度')
    expect(said(broken)).not.toContain('前办完')
  })

  test('an urge hears what comes true by then', () => {
    const dialogue = late('S3')
    dialogue.notice({ ...about, type: 'urged', name: '张建国', promise: thursday, what: 'resolve' })
    expect(said(dialogue)).toContain('约定没变：11月26日（周四）10:00前办完。')
  })
})
