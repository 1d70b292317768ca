import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../../workflows/ids.ts'
import { at, Play, reach } from '../../support/builders.ts'

const asking = (start = at('2026-11-23 10:00')) => {
  const play = reach('verifying', { receivedAt: start }, start)
  play.does('zhang', { type: 'arrive' }).does('zhang', { type: 'ask', text: '几点在家？' })
  return { play, from: play.mark, asked: play.now }
}
const questions = (play: ReturnType<typeof asking>['play'], from: number) =>
  play.resident(from).filter((n) => n.type === 'question')

describe('a question to the resident that is not answered', () => {
  test('is asked once more after a day, and told to the handler after two', () => {
    const { play, from, asked } = asking()
    play.until(asked + hours(24) - 1)
    expect(questions(play, from)).toEqual([])
    play.until(asked + hours(24))
    expect(questions(play, from)).toMatchObject([{ question: 1, text: '几点在家？', name: '张建国' }])
    const handler = () => play.heard('zhang', from).filter((n) => n.type === 'unanswered')
    play.until(asked + hours(48) - 1)
    expect(handler()).toEqual([])
    play.until(asked + hours(90))
    expect(handler()).toMatchObject([{ text: '几点在家？' }])
    expect(questions(play, from)).toHaveLength(1)
  })

  test('not in the quiet hours, and the handler hears it in service time', () => {
    const { play, from } = asking(at('2026-11-26 22:00'))
    play.until(at('2026-11-28 08:59'))
    expect(questions(play, from)).toEqual([])
    play.until(at('2026-11-28 09:00'))
    expect(questions(play, from)).toHaveLength(1)
    // 22:00 on Saturday: Monday morning.
    play.until(at('2026-11-30 08:29'))
    expect(play.heard('zhang', from).some((n) => n.type === 'unanswered')).toBe(false)
    play.until(at('2026-11-30 08:30'))
    expect(play.heard('zhang', from).some((n) => n.type === 'unanswered')).toBe(true)
  })

  test('is left alone once it is answered', () => {
    const { play, from, asked } = asking()
    play.event({ type: 'answer', question: 1, text: '七点', media: [] }).until(asked + hours(72))
    expect(questions(play, from)).toEqual([])
    expect(play.heard('zhang', from).some((n) => n.type === 'unanswered')).toBe(false)
  })

  test('is left alone while the work is said to be done', () => {
    const { question, unanswered } = asking().play.state
    const done = new Play({ state: { ...reach('confirming').state, question, unanswered } })
    const from = done.mark
    done.passes(hours(30))
    expect(done.resident(from).filter((n) => n.type === 'question')).toEqual([])
  })
})

describe('another question while one is open', () => {
  test('replaces it, on record', () => {
    const { play, from } = asking()
    play.passes(minutes(10)).does('zhang', { type: 'ask', text: '哪一盏？' })
    expect(play.timeline(from)).toMatchObject([
      { type: 'questionReplaced', data: { question: 1 } },
      { type: 'asked', data: { question: 2 } },
      { type: 'resumed', data: { how: 'replaced' } },
      { type: 'paused', data: { question: 2 } },
    ])
    expect(play.state.question).toMatchObject({ id: 2, text: '哪一盏？' })
  })

  test('an answer to the older one is an answer, and leaves the newer one open', () => {
    const { play } = asking()
    play.does('zhang', { type: 'ask', text: '哪一盏？' })
    const from = play.mark
    play.event({ type: 'answer', question: 1, text: '晚上七点', media: [] })
    expect(play.heard('zhang', from)).toMatchObject([{ type: 'answered', text: '晚上七点' }])
    expect(play.resident(from).map((n) => n.type)).toEqual(['answered'])
    expect(play.state.question?.id).toBe(2)
    play.event({ type: 'answer', question: 2, text: '第二盏', media: [] })
    expect(play.state.question).toBeNull()
  })
})
