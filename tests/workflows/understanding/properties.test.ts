import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsSchema } from '../../../workflows/understanding/facts-schema.ts'
import {
  nowhere,
  readChoice,
  readCommand,
  readCorrection,
  readStars,
  understand,
} from '../../../workflows/understanding/index.ts'
import { quickest } from '../../support/quickest.ts'

const now = Date.parse('2026-11-23T10:00:00+08:00')
const context = { ...nowhere, buildings: ['3栋'], staffNames: ['张建国'] }
const pieces = [
  '3栋',
  '２单元',
  '1201',
  '-',
  '#',
  '楼',
  '十二',
  '昨晚',
  '十点',
  '到',
  '每天',
  '近',
  '三个月',
  '前',
  '电梯',
  '困',
  '里面',
  '有人',
  '着火',
  '煤气',
  '味',
  '没人管',
  '反映了',
  '好几次',
  '能不能',
  '派人',
  '来',
  '修',
  ',',
  '。',
  '！',
  ' ',
  '\n',
  '\u200b',
  '\u202e',
  '🔥',
  '棟',
  'Ａ',
  '①',
  '13900000001',
  '不是',
  '是',
  '\ud800',
  '王师傅',
]
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
)

describe('for any text', () => {
  it('the facts keep their schema, and their words stand in the text', () => {
    fc.assert(
      fc.property(text, (said) => {
        const facts = understand(said, now, context)
        factsSchema.parse(facts)
        for (const words of [
          ...facts.building,
          ...facts.unit,
          ...facts.room,
          ...facts.area,
          ...facts.people,
        ]) {
          expect(said).toContain(words)
        }
        for (const time of facts.time) expect(said).toContain(time.text)
        if (facts.demand !== null) expect(said).toContain(facts.demand)
      }),
      { numRuns: 300 },
    )
  })

  it('danger, safety and type agree', () => {
    fc.assert(
      fc.property(text, (said) => {
        const { danger, safety, emergencyType } = understand(said, now, context)
        expect(emergencyType !== null).toBe(danger >= 0.1)
        expect(safety === 'emergency').toBe(danger >= 0.5)
      }),
      { numRuns: 300 },
    )
  })

  it('short answers never throw', () => {
    fc.assert(
      fc.property(text, (said) => {
        readChoice(said)
        readStars(said)
        readCommand(said)
        readCorrection(said, now, context)
      }),
      { numRuns: 300 },
    )
  })

  it('full width and half width mean the same (must-survive 31)', () => {
    expect(understand('１２栋２单元３０１', now, context).household).toEqual(
      understand('12栋2单元301', now, context).household,
    )
  })

  it('invisible characters hide nothing (must-survive 31)', () => {
    expect(understand('着\u200b火\u202e了', now, context).emergencyType).toBe('fire')
  })
})

describe('no text of five thousand characters takes long', () => {
  it.each([
    '一',
    '1',
    ' ',
    '。',
    '水',
    '3栋',
    '电梯里',
    '反映了没人管',
    '从晚上8点到',
    '1-',
    '有人在',
    '能不能',
    '一二三楼',
    '没三年没',
    'a1',
    '东西南北',
    '说了好几次',
    '不是是',
    '十',
    '我也不想',
    '里面有人喊',
    '第三次了还',
    '近三个月前',
    '每天晚上',
    '烟烟火火',
  ])('%s repeated (must-survive 32)', (piece) => {
    const long = piece.repeat(Math.ceil(5_000 / piece.length))
    understand(long, now, context)
    expect(quickest(() => understand(long, now, context))).toBeLessThan(20)
    expect(quickest(() => readCorrection(long, now, context))).toBeLessThan(20)
    expect(quickest(() => readCommand(long))).toBeLessThan(20)
  })
})
