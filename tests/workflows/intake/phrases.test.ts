import { describe, expect, it } from 'vitest'
import * as danger from '../../../workflows/phrases/danger.ts'
import { empathy } from '../../../workflows/phrases/empathy.ts'
import * as news from '../../../workflows/phrases/news.ts'
import * as resident from '../../../workflows/phrases/resident.ts'
import { timeWords } from '../../../workflows/phrases/times.ts'
import { closer } from '../../../workflows/phrases/troubles.ts'
import { codes } from '../../../workflows/taxonomy.ts'
import { emergencyTypes, kinds } from '../../../workflows/understanding/facts.ts'

/** Every sentence of a phrases module, its functions called with words of ordinary length. */
function sentences(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value === 'function') {
    const given = [sample, sample, sample, sample]
    try {
      return sentences((value as (...args: unknown[]) => unknown)(...given), `${path}()`)
    } catch {
      return []
    }
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => sentences(inner, `${path}.${key}`))
}
const sample = '今天15:30'

const dangerCases = [...emergencyTypes, 'lift', 'unclear'] as const
const inDanger = dangerCases.flatMap((type) =>
  sentences(danger.firstWords(type, { gas: '96777' }), `danger.${type}`),
)
const allSaid = [
  ...sentences(resident, 'resident'),
  ...sentences(news, 'news'),
  ...closer.flatMap(({ codes: [code], calm, angry }) =>
    [calm, angry].map((text) => ({ path: `closer.${String(code)}`, text })),
  ),
  ...sentences({ ...danger, firstWords: null }, 'danger'),
  ...inDanger,
  ...codes.flatMap((code) =>
    kinds.flatMap((kind) =>
      [0, 1, 2, 3].flatMap((anger) =>
        [true, false].map((repeat) => ({
          path: `empathy.${code}.${kind}.${String(anger)}`,
          text: empathy({ kind, code, anger, repeat }),
        })),
      ),
    ),
  ),
]

describe('what residents read', () => {
  it('holds no banned word (domain.md 5.1 rule 4)', () => {
    const banned = /尽快|不归我们管|规定就这样|您冷静点|冷静|不可能|您应该早说/
    expect(allSaid.filter(({ text }) => banned.test(text))).toEqual([])
    // 马上 sends people out of danger; nothing is promised with it.
    const soon = allSaid.filter(({ text, path }) => text.includes('马上') && !path.startsWith('danger'))
    expect(soon.map(({ path }) => path)).toEqual(['resident.ask.minor'])
  })

  it('asks in at most 60 characters', () => {
    const questions = [
      ...sentences(resident.ask, 'ask'),
      ...sentences(resident.same, 'same'),
      ...allSaid.filter(({ text }) => /[？?]$/.test(text)),
      ...inDanger.filter(({ path }) => /place|doubt/.test(path)),
      { path: 'solved', text: news.news.solved },
      { path: 'stars', text: news.news.stars },
      { path: 'why', text: news.news.why },
    ]
    expect(questions.filter(({ text }) => [...text].length > 60)).toEqual([])
    expect(questions.length).toBeGreaterThan(40)
  })

  it('claims nothing in the first words of danger', () => {
    expect(inDanger.filter(({ text }) => /已通知|已登记|已收到|已派/.test(text))).toEqual([])
  })

  it('never asks for photos, calls or switches indoors where gas is smelt', () => {
    for (const { text } of inDanger.filter(({ path }) => path.startsWith('danger.gas'))) {
      expect(text).not.toMatch(/照片|拍(?:照|下)|屋里拨/)
    }
    expect(danger.firstWords('gas', { gas: '96777' }).self).toMatch(/^请马上出门/)
  })

  it('has first words for the person and for somebody who sees it, of every type', () => {
    for (const type of dangerCases) {
      const words = danger.firstWords(type, { gas: null })
      for (const line of [words.self, words.bystander, words.place, words.doubt, words.coming(null)]) {
        expect(line.length, type).toBeGreaterThan(5)
      }
      expect(words.coming('3栋')).toContain('3栋')
    }
  })

  it('names the trouble of every family, calm and angry', () => {
    const lines = codes.map((code) => empathy({ kind: 'complaint', code, anger: 0, repeat: false }))
    expect(new Set(lines).size).toBeGreaterThan(25)
  })

  it.each([
    ['RP02', 0, false, '楼道的灯不亮了', '黑着灯'],
    ['RP02', 0, false, '滑梯裂了', '孩子老人天天用'],
    ['RP02', 2, false, '单元门又关不上', '天天进出的门'],
    ['EL02', 1, false, '电梯停了两天，老人下不去', '腿脚不便'],
    ['UT01', 0, false, '自来水发黄', '水发黄发浑'],
    ['NS01', 1, false, '楼上白天一直跑跳', '歇不好'],
    ['PK01', 2, false, '有车堵我家车库门', '被堵着'],
    ['CL02', 2, true, '垃圾又没人收', '垃圾的事说过又没人回'],
    ['NS04', 3, false, '狗又咬人了', '养狗的事让您气成这样'],
  ] as const)('names the trouble itself: %s, anger %i', (code, anger, repeat, words, named) => {
    expect(empathy({ kind: 'complaint', code, anger, repeat, words })).toContain(named)
  })

  it('says what a question or a proposal is about', () => {
    const of = (kind: 'enquiry' | 'suggestion') =>
      empathy({ kind, code: 'SG01', category: 'parking', anger: 0, repeat: false })
    expect(of('enquiry')).toContain('停车')
    expect(of('suggestion')).toContain('停车')
  })
})

describe('times', () => {
  const at = (text: string) => Date.parse(`${text}:00+08:00`)
  const now = at('2026-11-23T10:00')
  it.each([
    ['2026-11-23T15:30', '今天15:30'],
    ['2026-11-24T09:00', '明天09:00'],
    ['2026-11-22T09:05', '昨天09:05'],
    ['2026-11-24T00:00', '明天00:00'],
    ['2026-12-01T18:00', '12月1日（周二）18:00'],
    ['2027-01-04T09:00', '2027年1月4日（周一）09:00'],
  ])('%s is %s', (when, words) => {
    expect(timeWords(at(when), now, 'Asia/Shanghai')).toBe(words)
  })
})
