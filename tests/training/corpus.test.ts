import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCorpus } from '../../training/rows.ts'
import { emergencyTypes } from '../../workflows/understanding/facts.ts'

// Refuses, with file and line, a row without a label of the guide.
const rows = readCorpus(join(import.meta.dirname, '../../training/corpus'))

describe('the training text', () => {
  test('names a danger only where there is a hazard, and a category only where there is a matter', () => {
    expect(rows.filter((row) => row.danger !== null && !row.risk).map((row) => row.text)).toEqual([])
    expect(
      rows.filter((row) => row.kind === 'other' && row.category !== null && row.danger === null),
    ).toEqual([])
    expect(rows.filter((row) => row.matter === false && row.category !== null)).toEqual([])
  })

  test('says nothing twice', () => {
    const first = new Map<string, string>()
    const twice: string[] = []
    for (const { text, file } of rows) {
      const before = first.get(text)
      if (before === undefined) first.set(text, file)
      else twice.push(`${text} in ${before} and ${file}`)
    }
    expect(twice).toEqual([])
  })

  test('has every danger, and as much that only sounds like one', () => {
    for (const type of emergencyTypes)
      expect(rows.filter((row) => row.danger === type).length, type).toBeGreaterThanOrEqual(100)
    expect(rows.filter((row) => row.danger === null).length).toBeGreaterThan(rows.length / 2)
  })

  test('names no real telephone number', () => {
    const numbers = rows.flatMap((row) =>
      (row.text.match(/(?<!\d)1[3-9]\d{9}(?!\d)/g) ?? [])
        .filter((digits) => !/(\d)\1{3}/.test(digits))
        .map((digits) => `${row.file} ${digits}`),
    )
    expect(numbers).toEqual([])
  })
})
