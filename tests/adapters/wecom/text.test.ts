import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clip, split, withoutLinks } from '../../../adapters/wecom/text.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const graphemesOf = (text: string): string[] =>
  [...new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)

describe('splitting a text', () => {
  test('what fits stays whole, nothing gives nothing', () => {
    expect(split('漏水', 6)).toEqual(['漏水'])
    expect(split('', 6)).toEqual([])
  })

  test('no emoji, joined emoji or accented letter is cut', () => {
    expect(split(`a${FAMILY}${FAMILY}b`, 27)).toEqual([`a${FAMILY}`, `${FAMILY}b`])
    expect(split('ae\u0301e\u0301', 4)).toEqual(['ae\u0301', 'e\u0301'])
  })

  test('equal pieces, which the platform would take for repeats, are cut unequally', () => {
    expect(split('哈'.repeat(10), 12)).toEqual(['哈哈哈哈', '哈哈哈', '哈哈', '哈'])
    const pieces = split('哈'.repeat(6_000), 2_048)
    expect(pieces.length).toBe(9)
    expect(new Set(pieces).size).toBe(9)
  })

  test('a lone surrogate becomes the replacement character (must-survive 31)', () => {
    expect(split('漏\uD83D水', 100)).toEqual(['漏\uFFFD水'])
  })

  test('a letter under more marks than a piece holds is cut between them', () => {
    const zalgo = `e${'\u0301'.repeat(3000)}`
    const pieces = split(zalgo, 2048)
    expect(pieces.join('')).toBe(zalgo)
    expect(pieces.every((piece) => Buffer.byteLength(piece) <= 2048)).toBe(true)
  })

  test('for any text: within the limit, nothing lost, nothing cut (must-survive 31)', () => {
    const unit = fc.constantFrom('a', '漏', '🚰', FAMILY, '👷‍♂️', 'e\u0301', '\n', '🇨🇳', '1️⃣')
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 200 }), fc.integer({ min: 30, max: 120 }), (units, limit) => {
        const text = units.join('')
        const pieces = split(text, limit)
        expect(pieces.join('')).toBe(text)
        for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(limit)
        expect(pieces.flatMap(graphemesOf)).toEqual(graphemesOf(text))
      }),
      { numRuns: 100 },
    )
  })
})

describe('clipping what is shown', () => {
  test('fits or ends in …, within the limit', () => {
    expect(clip('三栋二单元', 5)).toBe('三栋二单元')
    expect(clip('三栋二单元一', 5)).toBe('三栋二单…')
  })
  test('never inside an emoji', () => {
    expect(clip(`漏水${FAMILY}`, 5)).toBe('漏水…')
    expect(clip(FAMILY, 3)).toBe('…')
  })
})

test('a link that somebody wrote is shown as written', () => {
  expect(withoutLinks('<a href="http://x">点我</a> 3<5 <b> < A HREF=x>')).toBe(
    '＜a href="http://x">点我＜/a> 3<5 <b> ＜ A HREF=x>',
  )
})
