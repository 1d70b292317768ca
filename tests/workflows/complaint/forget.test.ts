import { describe, expect, test } from 'vitest'
import { cardsOf, reach } from '../../support/builders.ts'

const told = {
  name: '林女士',
  phone: '13812345678',
  household: { building: '3', unit: '2', room: '1502' },
  place: { building: '3', unit: '2', room: '1502', area: '1502门口，5号电梯旁' },
  words: '我是林女士，住3栋2单元1502室，电话138 1234 5678，楼道灯坏了，收了我300元',
  summary: '3栋2单元1502门口楼道灯坏了',
  demand: '修好打13812345678',
}

describe('an open case whose resident asks to be forgotten', () => {
  const play = reach('verifying', told)
  const from = play.mark
  play.event({ type: 'forget' })
  const { about } = play.state

  test('loses name, number, home and room, also where they stand in what was written', () => {
    expect(about).toMatchObject({ name: null, phone: null, household: null })
    expect(about.place).toEqual({ building: '3', unit: '2', room: null, area: '＊＊门口，5号电梯旁' })
    expect(JSON.stringify(about)).not.toMatch(/1502|138|5678|林女士/u)
  })

  test('keeps what is wrong, and where in the estate', () => {
    expect(about.words).toContain('楼道灯坏了，收了我300元')
    expect(about.summary).toBe('3栋2单元＊＊门口楼道灯坏了')
  })

  test('says so as an open case', () => {
    expect(play.resident(from)).toMatchObject([{ type: 'forgotten', open: true }])
  })

  test('draws the card of its handler anew, without name, number and room', () => {
    const [card] = cardsOf(play.last.effects).filter((c) => c.to === 'zhang')
    expect(card?.push).toBe(false)
    expect(JSON.stringify(card?.card)).not.toMatch(/林女士|1502|5678/u)
    expect(card?.card.rows).toContainEqual({ label: '住户', value: '已删除' })
  })
})
