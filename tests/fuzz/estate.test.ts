import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EstateError, readEstate, sampleEstateFile } from '../../bot/estate.ts'
import { anyText, seeded } from './hostile.ts'

const sample = readFileSync(sampleEstateFile(), 'utf8')
const sampleLines = sample.split('\n')

/** Either an estate that can be used, or sentences that each name a line of the file. */
function isReadOrRefused(text: string): void {
  try {
    const { company } = readEstate(text, 'estate.yaml')
    expect(company.estates.length).toBeGreaterThan(0)
    expect(JSON.stringify(company)).not.toMatch(/"(?:name|phone|id)":""/)
  } catch (error) {
    if (!(error instanceof EstateError)) throw error
    expect(error.problems.length).toBeGreaterThan(0)
    const lines = text.split(/\r\n|\r|\n/).length
    for (const { line, column, message } of error.problems) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(line).toBeLessThanOrEqual(lines)
      expect(column).toBeGreaterThanOrEqual(1)
      expect(message).toMatch(/allowed: |is no YAML: |is already used|UTF-8/)
      expect(message.replace(/“[^]*”/, '')).not.toMatch(/\[object|undefined|NaN|\.ts:\d|\n\s+at /)
    }
  }
}

const scalar = fc.oneof(
  fc.constantFrom(
    ...['', '~', 'null', 'true', 'no', '0', '-1', '1e9', '08:30', '24:00-24:00', '25:00-26:00', '2026-02-30'],
    ...[
      '[]',
      '{}',
      '[',
      '{',
      '- a',
      '*a',
      '&a b',
      '&a [*a]',
      '!!js/function x',
      '!tag x',
      '<<: *a',
      '"',
      "'",
      '|',
      '>',
    ],
    ...['{ a: { a: { a: 1 } } }', '[[[[[1]]]]]', '? a', '---', '...', '%YAML 9.9', '@', '`', '#', ':', '\t'],
    ...[
      '999999999d',
      '0s',
      '-5m',
      '1000%',
      '100%',
      'mon-mon',
      'sun-mon',
      'S1',
      'none',
      '__proto__',
      'constructor',
    ],
  ),
  anyText.map((text) => text.slice(0, 100)),
)

type Edit = (lines: readonly string[]) => readonly string[]
const where = fc.nat(sampleLines.length - 1)
const edit: fc.Arbitrary<Edit> = fc.oneof(
  where.map(
    (n): Edit =>
      (lines) =>
        lines.filter((_, i) => i !== n),
  ),
  where.map(
    (n): Edit =>
      (lines) =>
        lines.flatMap((line, i) => (i === n ? [line, line] : [line])),
  ),
  fc.tuple(where, where).map(([a, b]): Edit => (lines) => {
    const [first, second] = [lines[a] ?? '', lines[b] ?? '']
    return lines.map((line, i) => (i === a ? second : i === b ? first : line))
  }),
  fc.tuple(where, fc.nat(6)).map(
    ([n, spaces]): Edit =>
      (lines) =>
        lines.map((line, i) => (i === n ? ' '.repeat(spaces) + line.trimStart() : line)),
  ),
  fc.tuple(where, scalar).map(
    ([n, other]): Edit =>
      (lines) =>
        lines.map((line, i) => (i === n ? line.replace(/:(?: .*)?$/, () => `: ${other}`) : line)),
  ),
  fc.tuple(where, fc.nat(8), scalar).map(
    ([n, nth, other]): Edit =>
      (lines) =>
        lines.map((line, i) => {
          let seen = 0
          return i === n
            ? line.replace(/(?<=[:[,] ?)[^\s:,[\]{}]+/g, (word) => (seen++ === nth ? other : word))
            : line
        }),
  ),
  fc.tuple(where, fc.nat(120), fc.string({ unit: 'binary', maxLength: 2 })).map(
    ([n, at, other]): Edit =>
      (lines) =>
        lines.map((line, i) => (i === n ? line.slice(0, at) + other + line.slice(at + 1) : line)),
  ),
)

it('the sample with any edits is read or refused line by line', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      isReadOrRefused(edits.reduce((lines, one) => one(lines), sampleLines as readonly string[]).join('\n'))
    }),
    seeded(200, 20261201),
  )
})

it('so is any text at all, and the sample cut off anywhere', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.nat(sample.length).map((at) => sample.slice(0, at)),
        fc.array(scalar, { maxLength: 10 }).map((pieces) => pieces.join('\n')),
      ),
      isReadOrRefused,
    ),
    seeded(100, 20261202),
  )
})

it.each([
  ['lists in lists', '['.repeat(20_000)],
  ['lists in lists that end', '['.repeat(5_000) + ']'.repeat(5_000)],
  ['keys in keys', '{a: '.repeat(5_000) + '}'.repeat(5_000)],
  ['a list that holds itself', 'estates: &a [*a]'],
  ['a block that holds itself', 'company: &a { name: *a, phone: *a, staff: [*a] }\nestates: [*a]'],
  ['an alias of nothing', 'estates: [*nothing]\ncompany: *none'],
  [
    'a thousand million laughs',
    Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [x]'
        : `a${i}: &a${i} [${Array(10)
            .fill(`*a${i - 1}`)
            .join(', ')}]`,
    ).join('\n') + '\nestates: *a11',
  ],
  ['windows line ends', sample.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\ufeff${sample}`],
  ['several documents', `${sample}\n---\n${sample}`],
])('%s', (_what, text) => isReadOrRefused(text))

it('a file in another encoding than UTF-8 is refused, since its names would be rubbish', () => {
  // 名 and 安 as GBK writes them, read as UTF-8.
  const gbk = sample.replace('安居物业', Buffer.from([0xb0, 0xb2, 0xbe, 0xd3]).toString('utf8'))
  expect(() => readEstate(gbk, 'estate.yaml')).toThrow(/estate\.yaml:\d+:\d+ .*UTF-8/)
})
