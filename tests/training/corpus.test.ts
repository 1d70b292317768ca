import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { categories } from '../../workflows/taxonomy.ts'
import { emergencyTypes, kinds } from '../../workflows/understanding/facts.ts'

const folder = join(import.meta.dirname, '../../training/corpus')

const line = z.strictObject({
  text: z.string().min(1).max(400),
  kind: z.enum(kinds),
  category: z.enum(categories).nullable(),
  danger: z.enum(emergencyTypes).nullable(),
  risk: z.boolean(),
  anger: z.number().int().min(0).max(3),
  repeat: z.boolean(),
  matter: z.boolean(),
})

const rows = readdirSync(folder).flatMap((file) =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((text, i) => ({ where: `${file}:${String(i + 1)}`, value: JSON.parse(text) as unknown })),
)

describe('the training text', () => {
  test('has a label of the guide for everything', () => {
    const wrong = rows.flatMap(({ where, value }) => {
      const issue = line.safeParse(value).error?.issues[0]
      return issue ? [`${where} ${issue.path.join('.')} ${issue.message}`] : []
    })
    expect(wrong).toEqual([])
  })

  test('names a danger only where there is a hazard, and a category only where there is a matter', () => {
    const told = rows.map(({ where, value }) => ({ where, ...line.parse(value) }))
    expect(told.filter((row) => row.danger !== null && !row.risk).map((row) => row.where)).toEqual([])
    expect(
      told.filter((row) => row.kind === 'other' && row.category !== null && row.danger === null),
    ).toEqual([])
  })

  test('says nothing twice', () => {
    const texts = rows.map(({ value }) => line.parse(value).text)
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('has every danger, and as much that only sounds like one', () => {
    const told = rows.map(({ value }) => line.parse(value))
    for (const type of emergencyTypes)
      expect(told.filter((row) => row.danger === type).length, type).toBeGreaterThanOrEqual(100)
    const calm = told.filter((row) => row.danger === null).length
    expect(calm).toBeGreaterThan(told.length / 2)
  })

  test('names no real telephone number', () => {
    const numbers = rows.flatMap(({ where, value }) =>
      (line.parse(value).text.match(/(?<!\d)1[3-9]\d{9}(?!\d)/g) ?? [])
        .filter((digits) => !/(\d)\1{3}/.test(digits))
        .map((digits) => `${where} ${digits}`),
    )
    expect(numbers).toEqual([])
  })
})
