import { describe, expect, test } from 'vitest'
import { hours } from '../../../workflows/ids.ts'
import { cardsOf, Play, reach } from '../../support/builders.ts'

const untold = (text: string) => ({ type: 'untold', why: 'undelivered', text }) as const
const tasks = (play: Play, staff: string) => play.heard(staff).filter((n) => n.type === 'untold')

describe('a line that did not reach the resident', () => {
  test('is one task of whoever has the case, with its words, as soon as a call that is owed', () => {
    const play = reach('verifying').event(untold('明天上午换灯'))
    expect(tasks(play, 'zhang')).toMatchObject([
      { lines: ['明天上午换灯'], by: play.now + hours(4) - hours(2) },
    ])
    const [card] = cardsOf(play.last.effects).filter((c) => c.to === 'zhang')
    expect(card).toMatchObject({ push: true })
    expect(card?.card.text).toMatch(/^微信没送到住户，请打电话告知/u)
  })

  test('joins the task that is open: nobody is told again for each', () => {
    const play = reach('verifying').event(untold('一')).event(untold('二')).event(untold('一'))
    expect(tasks(play, 'zhang')).toHaveLength(1)
    expect(play.state.untold?.lines).toEqual(['二', '一'])
    expect(play.timeline().filter((e) => e.type === 'untold')).toHaveLength(1)
    // With the number comes all there is to say by now.
    play.does('zhang', { type: 'revealPhone' })
    expect(tasks(play, 'zhang').at(-1)).toMatchObject({ lines: ['二', '一'] })
  })

  test.each([
    ['a call', { type: 'contact', outcome: 'phone', words: null }],
    ['a talk face to face', { type: 'contact', outcome: 'met', words: null }],
  ] as const)('is told by %s, and the next one is a task again', (_, act) => {
    const play = reach('verifying').event(untold('一')).does('zhang', act)
    expect(play.state.untold).toBeNull()
    expect(play.state.deadlines.some((d) => d.step === 'tell')).toBe(false)
    expect(play.last.effects).toContainEqual({ do: 'toldByPhone' })
    expect(tasks(play.event(untold('二')), 'zhang')).toHaveLength(2)
  })

  test('stays owed by a call nobody answered, and goes up', () => {
    const play = reach('verifying').event(untold('一'))
    const { due } = play.state.deadlines.find((d) => d.step === 'tell') ?? { due: 0 }
    play.does('zhang', { type: 'contact', outcome: 'noAnswer', words: null })
    play.until(due + 1)
    expect(play.state.untold).not.toBeNull()
    expect(play.heard('li').filter((n) => n.type === 'escalation' && n.step === 'tell')).toHaveLength(1)
  })

  test('goes with the case to whoever gets it', () => {
    const play = reach('verifying').event(untold('一'))
    play.does('li', { type: 'reassign', to: 'wang' as never, reason: null }).does('wang', { type: 'accept' })
    expect(tasks(play, 'wang')).toMatchObject([{ lines: ['一'] }])
  })

  test('while nobody has the case is its supervisors’', () => {
    const play = reach('registered').event(untold('一'))
    expect(tasks(play, 'li')).toHaveLength(1)
  })

  test('of a case that is over is said once, with the number, and owed by nobody', () => {
    const play = reach('closed').event(untold('已办结'))
    expect(tasks(play, 'zhang')).toMatchObject([{ lines: ['已办结'], by: null }])
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'phone', phone: '13812345678' })
    expect(play.state.untold).toBeNull()
  })

  test('without a number is told some other way: one press says so', () => {
    const { state, now } = reach('verifying')
    const play = new Play({ state: { ...state, about: { ...state.about, phone: null } }, now })
    play.event(untold('一'))
    const [card] = cardsOf(play.last.effects).filter((c) => c.to === 'zhang')
    expect(card?.card.buttons.map((b) => b.action)).toContain('contact:phone')
  })

  test('is as short as a person can read out', () => {
    const play = reach('verifying')
    for (let i = 0; i < 30; i++) play.event(untold(`${String(i)}${'字'.repeat(1_000)}`))
    const lines = play.state.untold?.lines ?? []
    expect(lines).toHaveLength(10)
    expect(lines.every((line) => [...line].length <= 300)).toBe(true)
  })
})
