import { describe, expect, test } from 'vitest'
import { deskSchema, newDesk } from '../../../workflows/desk/state.ts'
import { AtDesk } from './at-desk.ts'

describe('a year whose holidays nobody gave', () => {
  test('is told in words that say what is wrong and what to do', () => {
    const { said } = new AtDesk('sun').isToldOfYear(2027, 1)
    expect(said).toMatch(/^和风苑：程序还不知道2027年的放假和调休/u)
    expect(said).toContain(
      '把2027年的放假日写进 estate.yaml 的 calendar.closed，补班日写进 calendar.open，再重新启动',
    )
  })

  test('once, however often it is found', () => {
    const desk = new AtDesk('sun').isToldOfYear(2027, 1)
    expect(desk.isToldOfYear(2027, 1).said).toBe('')
  })

  test('again where the file was changed and still lacks it, in each estate, and for each year', () => {
    const desk = new AtDesk('sun').isToldOfYear(2027, 1)
    expect(desk.isToldOfYear(2027, 2).said).toContain('和风苑')
    expect(desk.isToldOfYear(2027, 2, 'yunxi').said).toContain('云溪里')
    expect(desk.isToldOfYear(2028, 2).said).toContain('2028年')
    expect(desk.isToldOfYear(2027, 2).said).toBe('')
    expect(desk.isToldOfYear(2027, 1).said).toBe('')
    expect(desk.state.yearsTold).toHaveLength(3)
  })

  test('a desk stored by yesterday’s program was told of none', () => {
    const { yearsTold: _, ...stored } = newDesk
    expect(deskSchema.parse(stored).yearsTold).toEqual([])
  })
})
