import { expect, it } from 'vitest'
import { categories, codes, departments, families, familyOf, taxonomy } from '../../workflows/taxonomy.ts'
import { topics } from '../../workflows/understanding/lexicon/topics.ts'

it('every category has a code', () => {
  const covered = new Set(codes.map((code) => taxonomy[code].category))
  for (const category of categories) expect(covered).toContain(category)
})

it('every code belongs to a family and has a department that owns it', () => {
  for (const code of codes) {
    expect(families).toContain(familyOf(code))
    expect(departments).toContain(taxonomy[code].department)
    expect(taxonomy[code].name).not.toBe('')
  }
})

it('every family has a code', () => {
  const covered = new Set(codes.map(familyOf))
  for (const family of families) expect(covered).toContain(family)
})

it('the words of every topic lead to a code that exists', () => {
  for (const code of Object.keys(topics)) expect(codes).toContain(code)
})
