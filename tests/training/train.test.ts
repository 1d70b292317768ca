import { describe, expect, test } from 'vitest'
import { fit, type Example } from '../../training/fit.ts'
import { learn } from '../../training/learn.ts'
import { areaUnderCurve, found, kappa, macroF1, overlap } from '../../training/measures.ts'
import type { Row } from '../../training/rows.ts'
import { answerCount, heads } from '../../workflows/understanding/model/heads.ts'
import { best, readerBy } from '../../workflows/understanding/model/model.ts'
import { pack, unpack } from '../../workflows/understanding/model/packed.ts'
import { weights } from '../../workflows/understanding/model/weights.ts'
import { readByRules } from '../../workflows/understanding/rules.ts'

const row = (text: string, of: Partial<Row>): Row => ({
  text,
  kind: 'repair',
  category: 'leak',
  danger: null,
  risk: false,
  anger: 0,
  repeat: false,
  matter: true,
  file: 'short',
  ...of,
})
const rows = [
  ...['漏水了', '厨房漏水', '管子漏水', '又漏水'].map((text) => row(text, {})),
  ...['着火了', '家里着火了', '楼道着火', '着火快来'].map((text) =>
    row(text, { category: 'fire', danger: 'fire', risk: true }),
  ),
  ...['太吵了', '楼上太吵', '太吵睡不着', '天天太吵'].map((text) =>
    row(text, { kind: 'complaint', category: 'noise', anger: 1 }),
  ),
]

describe('learning', () => {
  test('gives the same model of the same rows, bit for bit', () => {
    expect(pack(learn(rows))).toEqual(pack(learn(rows)))
  })

  test('tells apart what it was shown', () => {
    const read = readerBy(learn(rows))
    const of = (text: string) => read(readByRules(text).features)
    expect(best(of('漏水'), 'category')).toBe('leak')
    expect(best(of('好吵啊太吵'), 'kind')).toBe('complaint')
    expect(of('着火').of('danger')[0]).toBeGreaterThan(of('漏水').of('danger')[0] ?? 0)
  })

  test('lets an answer count more than another', () => {
    const examples: Example[] = [0, 1].map(() => ({
      features: Int32Array.of(0),
      values: Float32Array.of(1),
      weight: 1,
    }))
    const size = { features: 1, answers: 2 }
    const answerOf = (example: number): number => example
    const even = fit(examples, answerOf, () => 1, size)
    const heavy = fit(examples, answerOf, (answer) => (answer === 1 ? 5 : 1), size)
    const lead = (of: typeof even): number => (of.weights[1] ?? 0) - (of.weights[0] ?? 0)
    expect(lead(heavy)).toBeGreaterThan(lead(even))
  })
})

describe('the weights that are shipped', () => {
  test('fit the heads, and come through packing as they were', () => {
    const model = unpack(weights)
    expect(model.weights.length).toBe(model.features.length * answerCount)
    expect(unpack({ ...weights, data: Buffer.from(pack(model)).toString('base64') })).toEqual(model)
    expect(model.askFrom).toBeLessThan(model.alarmFrom)
  })

  test('are refused where they are cut off', () => {
    expect(() => unpack({ ...weights, data: weights.data.slice(0, 4_000) })).toThrow('Run npm run train')
  })

  test('know most signs of the lexicon: it did not change behind their back', () => {
    const model = unpack(weights)
    const known = new Set(model.features)
    const texts = ['3栋着火了，快来人', '电梯困人了', '楼上天天吵，说了三次没人管', '煤气泄漏，头晕']
    const signs = texts.flatMap((text) => readByRules(text).features.seen)
    expect(signs.filter((sign) => known.has(sign)).length / signs.length).toBeGreaterThan(0.9)
  })
})

describe('measuring', () => {
  test('weighs the kinds alike, however rare', () => {
    const items = [...Array<string>(8).fill('a'), 'b']
    const always = macroF1(
      items,
      () => 'a',
      (item) => item,
    )
    expect(always).toBeCloseTo((2 * 8) / (9 + 8) / 2)
  })

  test('counts a grade far off more than one beside', () => {
    const grades = [0, 1, 2, 3]
    const of = (said: (grade: number) => number): number => kappa(grades, said, (grade) => grade)
    expect(of((grade) => grade)).toBe(1)
    expect(of((grade) => (grade === 3 ? 2 : grade))).toBeGreaterThan(of((grade) => (grade === 3 ? 0 : grade)))
  })

  test('knows what was found, what was missed and how much two spans share', () => {
    expect(
      found(
        [1, 2, 3, 4],
        (n) => n > 2,
        (n) => n > 1,
      ),
    ).toEqual({ precision: 1, recall: 2 / 3, f1: 0.8 })
    expect(areaUnderCurve([0.9, 0.5], [0.5, 0.1])).toBe(0.875)
    expect(overlap('请派人来修水管谢谢', '派人来修水管', '请派人来修')).toBeCloseTo(4 / 7)
    expect(overlap('请派人来', '没有', '派人')).toBe(0)
  })

  test('has an answer for every head', () => {
    expect(Object.values(heads).reduce((sum, answers) => sum + answers.length, 0)).toBe(answerCount)
  })
})
