import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { neededBy } from '../../../workflows/understanding/needed.ts'
import { pattern, sieved } from '../../../workflows/understanding/patterns.ts'

/** Of an expression, what must stand somewhere and what it can begin with, in a form that reads. */
function known(source: string) {
  const { somewhere, begins, empty } = neededBy(source)
  return {
    somewhere: somewhere && [...somewhere].join(''),
    begins:
      begins && [...begins].map(([one, after]) => one + (after === null ? '…' : `(${[...after].join('')})`)),
    empty,
  }
}

describe('what an expression needs', () => {
  it.each([
    ['漏水|渗', { somewhere: '漏渗', begins: ['漏(水)', '渗…'], empty: false }],
    ['(?:冒|着)火', { somewhere: '火', begins: ['冒(火)', '着(火)'], empty: false }],
    ['没(?:有)?电', { somewhere: '电', begins: ['没(有电)'], empty: false }],
    ['^(?:请问)?[几多]少', { somewhere: '少', begins: ['请(问)', '几(少)', '多(少)'], empty: false }],
    ['(?<!不)漏(?!斗)', { somewhere: '漏', begins: ['漏…'], empty: false }],
    ['[^,]{0,8}?响', { somewhere: '响', begins: null, empty: false }],
    ['啊*', { somewhere: null, begins: ['啊…'], empty: true }],
    ['\\d+元', { somewhere: '元', begins: [...'0123456789'].map((d) => `${d}(元0123456789)`), empty: false }],
    ['水{2}', { somewhere: '水', begins: ['水…'], empty: false }],
    ['\\p{L}楼', { somewhere: '楼', begins: null, empty: false }],
  ])('%s', (source, expected) => {
    const found = known(source)
    expect({ ...found, begins: found.begins?.map(sorted) ?? null }).toEqual({
      ...expected,
      begins: expected.begins?.map(sorted) ?? null,
    })
  })

  it('says where a parenthesis is missing', () => {
    expect(() => neededBy('(漏水')).toThrow('not closed')
    expect(() => neededBy('漏水)')).toThrow('too many')
    expect(() => neededBy('[漏水')).toThrow('not closed')
  })
})

/** 漏(水气) and 漏(气水) say the same. */
const sorted = (pair: string): string => pair.slice(0, 2) + [...pair.slice(2)].sort().join('')

describe('a pattern that is tried only where it may match', () => {
  const letter = fc.constantFrom('a', 'b', 'c', '水')
  const { source } = fc.letrec<{ source: string; term: string }>((tie) => ({
    source: fc
      .array(fc.array(tie('term'), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
      .map((alternatives) => alternatives.map((terms) => terms.join('')).join('|')),
    term: fc
      .tuple(
        fc.oneof(
          { maxDepth: 2 },
          letter,
          fc.constantFrom(
            '.',
            '[ab]',
            '[^a]',
            '[a-c]',
            '\\d',
            '\\b',
            '^',
            '$',
            '(?=b)',
            '(?!c)',
            '(?<=a)',
            '(?<!b)',
          ),
          tie('source').map((inner) => `(?:${inner})`),
        ),
        fc.constantFrom('', '', '', '?', '+', '{2}', '{0,2}', '*?', '{1,2}?'),
      )
      // A quantifier behind something that takes nothing is no regular expression.
      .map(([atom, times]) => atom + (/^(?:[\^$]|\\b|\(\?[=!<])/.test(atom) ? '' : times)),
  }))

  it('finds what the expression alone finds, in the same order', () => {
    fc.assert(
      fc.property(
        source,
        fc.array(fc.oneof(letter, fc.constantFrom('7', ' ')), { maxLength: 12 }),
        (written, letters) => {
          const text = letters.join('')
          const found = sieved(written)
          const expected = [...text.matchAll(new RegExp(written, 'g'))].map((match) => [
            match.index,
            ...match,
          ])
          expect(found.all(text).map((match) => [match.index, ...match])).toEqual(expected)
          expect(found.test(text)).toBe(expected.length > 0)
          expect(found.exec(text)?.index).toBe(expected[0]?.[0])
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('looks anew at another text, and at one that was read before it was made', () => {
    const wet = pattern('漏~水')
    expect(wet.test('厨房漏了一地水')).toBe(true)
    expect(wet.test('厨房漏风')).toBe(false)
    expect(pattern('{rooms}漏风', { rooms: '厨房|客厅' }).test('厨房漏风')).toBe(true)
  })

  it('takes no flag that changes what a character is', () => {
    expect(() => sieved(/abc/i)).toThrow('flags i')
    expect(sieved(/a.b/s).test('a\nb')).toBe(true)
  })
})
