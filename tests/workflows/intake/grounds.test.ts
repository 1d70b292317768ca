import { describe, expect, it } from 'vitest'
import { Dialogue } from './dialogue.ts'
import { aHousehold } from './world.ts'

const ten = Date.parse('2026-11-24T10:00:00+08:00')
const registered = (...lines: readonly string[]) => {
  const dialogue = new Dialogue({
    now: ten,
    facts: { household: aHousehold('3-2-1201'), phone: '13800000001' },
  })
  for (const line of lines) {
    dialogue.write(line)
    dialogue.wait(15_000)
  }
  return dialogue.registrations
}

describe('what staff may take for certain', () => {
  it('is what the resident said', () => {
    const [r] = registered('昨晚5栋2单元楼道的灯不亮了，请派人修', '对')
    expect(r?.grounds).toMatchObject({
      inferred: [],
      readAs: 'RP02',
      when: { from: '2026-11-23T18:00:00' },
    })
    expect(r?.grounds?.code.length).toBeGreaterThan(0)
  })

  it('is not the place or the wish that was concluded', () => {
    const [r] = registered('楼道灯不亮', '对')
    expect(r?.place).toMatchObject({ building: '3', unit: '2' })
    expect(r?.demand).toBe('修好')
    expect(r?.grounds?.inferred).toEqual(['place', 'demand'])
  })

  it('nor the building another trouble of the talk was told with', () => {
    const [, lamp] = registered('5栋电梯坏了，还有楼道灯不亮', '对')
    expect(lamp?.place).toMatchObject({ building: '5', area: '楼道' })
    expect(lamp?.grounds?.inferred).toContain('place')
  })

  it('names whom they threaten to turn to', () => {
    const [r] = registered('3栋电梯坏了三天，再不修我打12345，找律师', '对')
    expect(r?.grounds?.authorities).toEqual(expect.arrayContaining(['12345', '律师']))
    expect(r?.severity).toBe('S2')
  })

  it('shows the signs of a danger', () => {
    const [r] = registered('我被关在3栋2单元电梯里了，出不来')
    expect(r?.grounds?.danger.length).toBeGreaterThan(0)
  })
})
