import type { Grounds } from '../complaint/grounds.ts'
import type { StaffNotice } from '../notice.ts'
import { taxonomy } from '../taxonomy.ts'
import { maskedWords } from './cards.ts'

/** The words of a brief; its pictures go beside them. */
export type MatterWords = Omit<
  Extract<StaffNotice, { type: 'brief' }>,
  'type' | 'complaint' | 'number' | 'media'
>

type Reading = NonNullable<MatterWords['reading']>

/** What is certain is said plainly, what the program concluded is marked. */
const guess = (reading: Reading | undefined, what: 'time' | 'demand'): string =>
  reading?.grounds.inferred.includes(what) ? '（推测）' : ''

/** What the words for the time come to, to the minute where they say so. */
function when(reading: Reading | undefined): string {
  if (!reading?.grounds.when) return guess(reading, 'time')
  const { from, to } = reading.grounds.when
  const day = (at: string) => `${String(Number(at.slice(5, 7)))}月${String(Number(at.slice(8, 10)))}日`
  const clock = (at: string) => at.slice(11, 16)
  const wholeDays = clock(from) === '00:00' && (to === null || clock(to) === '23:59')
  const start = wholeDays ? day(from) : `${day(from)} ${clock(from)}`
  if (to === null || (wholeDays && day(from) === day(to))) return `（推测：${start}）`
  const end = day(from) === day(to) ? clock(to) : wholeDays ? day(to) : `${day(to)} ${clock(to)}`
  return `（推测：${start}到${end}）`
}

const basis = (words: readonly string[]): string =>
  words.length === 0 ? '推测' : `推测，依据${words.map((word) => `“${word}”`).join('')}`

/** The sort, the danger and what to bear in mind, with the words they were read from. */
const readingLines = ({ code, grounds }: Reading): readonly (string | false)[] => [
  `分类：${taxonomy[code].name}${code === grounds.readAs ? `（${basis(grounds.code)}）` : ''}`,
  grounds.danger.length > 0 && `险情：${basis(grounds.danger)}`,
  mind(grounds),
]

/** What the resident said that whoever works on it should bear in mind. */
function mind({ authorities, people, vulnerable }: Grounds): string | false {
  const parts = [
    authorities.length > 0 && `住户提到${authorities.join('、')}`,
    people.length > 0 && `提到的人：${people.join('、')}`,
    vulnerable && '涉及老人、孩子、孕妇或病人',
  ].filter((part) => part !== false)
  return parts.length > 0 && `留意：${parts.join('；')}`
}

/** What a card has no room for. Nothing is left of it where the resident had it deleted. */
export const matter = (of: MatterWords): string =>
  [
    of.repeat &&
      `第${String(of.repeat.reports)}次反映${of.repeat.numbers.length > 0 ? `，前几次：${of.repeat.numbers.join('、')}` : ''}`,
    of.words && `住户原话：${maskedWords(of.words)}`,
    of.happened && `时间：${of.happened}${when(of.reading)}`,
    of.reading?.where && `地点：${of.reading.where}（推测，住户没明说）`,
    of.demand && `诉求：${of.demand}${guess(of.reading, 'demand')}`,
    ...(of.reading && of.words ? readingLines(of.reading) : []),
    of.findings.length > 0 && `已核实：${of.findings.join('；')}`,
    of.plan && `方案：${of.plan}`,
    of.result && `办理结果：${of.result}`,
  ]
    .filter(Boolean)
    .join('\n')
