import { number, type Found } from './addresses.ts'
import { each } from './grammar.ts'
import { details, qualifiers, spots } from './lexicon/places.ts'
import { quote, type Reading } from './normalise.ts'
import { wordsOf } from './words.ts'

const spotWords = wordsOf(spots).sort((a, b) => b.length - a.length)
const area = new RegExp(
  `(?:(?:负|地下|b|p|-)?(?:${number})(?:号|层|楼|栋|幢|座|单元|期|区|号楼)?(?:的)?|[东西南北中][东西南北]?(?:区|侧|边|面|门)?|[a-z]区|(?:${qualifiers})){0,2}(?:的)?(?:${spotWords.join('|')})(?:[a-z]\\d{1,3}(?:-\\d{1,4})?)?(?:${details})?`,
  'g',
)
const gate =
  /(?:[东西南北][东西南北]?|\d{1,2}号|[一二三四五六七八]号)(?:大|小|侧)?(?:门|岗)(?:外|口|旁边|旁|岗亭|边|对面|台阶)?/g
const floor = new RegExp(
  `(?:负|地下)?(?:${number})(?:楼|层)(?:跟|和|到|与|至)?(?:${number}(?:楼|层))?(?:之间|东户|西户|平台|走廊)?|(?<![a-z\\d])[bp][1-4]层?(?!\\d|栋|幢|座|-)`,
  'g',
)
const district = /(?<![a-z\d市])(?:[a-z]|[东西南北])区(?!别)|(?:[一二三四五六]|\d)期/g
const parkingPlace = /(?:车位)?[a-z]\d?区?-?\d{0,1}-?\d{3}(?!\d)/g

/** The one or two most telling spots, verbatim; what is part of an address already stays out. */
export function areasOf(reading: Reading, text: string, found: readonly Found[]): string[] {
  const spansFound: { start: number; end: number; rank: number }[] = []
  const taken = new Uint8Array(text.length)
  for (const f of found) taken.fill(1, f.start, f.end)
  const collect = (words: RegExp, rank: number): void => {
    each(words, text, (m) => {
      let start = m.index
      const end = m.index + m[0].length
      while (start < end && taken[start] === 1) start++
      if (text[start] === '的') start++
      if (end - start < 2 || !claim(taken, start, end)) return
      spansFound.push({ start, end, rank: rank + Math.min(end - start, 8) })
    })
  }
  collect(area, 10)
  if (/[门岗]/.test(text)) collect(gate, 8)
  if (/[楼层bp]/.test(text)) collect(floor, 4)
  if (/[区期]/.test(text)) collect(district, 3)
  if (/车位|停|负|地库|车库/.test(text)) collect(parkingPlace, 6)
  if (spansFound.length === 0) return []
  return unique(
    spansFound
      .sort((a, b) => b.rank - a.rank)
      .slice(0, 2)
      .sort((a, b) => a.start - b.start)
      .map(({ start, end }) => quote(reading, start, end).trim()),
  )
}

/** Takes these positions, unless one of them is taken already. */
export function claim(taken: Uint8Array, start: number, end: number): boolean {
  if (end <= start || taken.subarray(start, end).includes(1)) return false
  taken.fill(1, start, end)
  return true
}

export const unique = (words: readonly string[]): string[] => [
  ...new Set(words.filter((word) => word !== '')),
]
