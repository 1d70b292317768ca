import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const rows = readFileSync('docs/must-survive.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, number, , where] = line.split('|').map((cell) => cell.trim())
    return /^\d+$/.test(number ?? '') ? [{ number: Number(number), where: where ?? '' }] : []
  })

it('every number from 1 to 40 is there, once', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
})

it.each(rows)(
  'must-survive $number stands in a test of each file named, or it says what is missing',
  ({ number, where }) => {
    const missing = where.startsWith('not yet')
    const [tests = ''] = where.split(/[;:(]/)
    const files = [...tests.matchAll(/`(tests\/[^`]+)`/g)].map(([, file]) => file ?? '')
    expect(missing ? [] : files, 'files').not.toHaveLength(missing ? -1 : 0)
    if (missing) return
    for (const file of files)
      expect(readFileSync(file, 'utf8'), file).toMatch(new RegExp(`must-survive ${number}\\b`))
  },
)
