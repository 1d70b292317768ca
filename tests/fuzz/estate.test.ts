import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EstateError, readEstate, sampleEstateFile } from '../../bot/estate.ts'
import { anyText } from './texts.ts'

const sample = readFileSync(sampleEstateFile(), 'utf8')
const lines = sample.split('\n')

type Damage = (file: readonly string[]) => readonly string[]

const damage: fc.Arbitrary<Damage> = fc
  .tuple(
    fc.nat({ max: lines.length - 1 }),
    fc.constantFrom('drop', 'double', 'indent', 'value', 'anchor', 'insert'),
    fc.oneof(
      anyText,
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.constantFrom('null', '[]', '{}', '-1', '1e9', '25:00'),
    ),
  )
  .map(([at, how, put]): Damage => (file) => {
    const line = file[at] ?? ''
    switch (how) {
      case 'drop':
        return file.toSpliced(at, 1)
      case 'double':
        return file.toSpliced(at, 0, line)
      case 'indent':
        return file.with(Math.min(at, file.length - 1), `  ${line}`)
      case 'value':
        return file.with(
          Math.min(at, file.length - 1),
          line.replace(/:\s.*$/, () => `: ${put}`),
        )
      case 'anchor':
        return file.with(Math.min(at, file.length - 1), line.replace(/: /, ': &a '))
      default:
        return file.toSpliced(at, 0, put)
    }
  })

it('a damaged estate file is read, or refused in words for whoever wrote it', () => {
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (all) => {
      const text = all.reduce<readonly string[]>((file, one) => one(file), lines).join('\n')
      try {
        expect(readEstate(text, 'estate.yaml').company.estates.length).toBeGreaterThan(0)
      } catch (error) {
        if (!(error instanceof EstateError)) throw error
        expect(error.message).toMatch(/estate\.yaml/)
      }
    }),
    { numRuns: 150 },
  )
}, 60_000)

it('any text at all is refused, not fallen over', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(() => readEstate(text, 'estate.yaml')).toThrow(EstateError)
    }),
    { numRuns: 100 },
  )
}, 60_000)
