import { describe, expect, test } from 'vitest'
import type { EventOf } from '../../../workflows/complaint/events.ts'
import { reach, trapped } from '../../support/builders.ts'

const inferred = (part: Partial<EventOf<'inferred'>> = {}): EventOf<'inferred'> => ({
  type: 'inferred',
  raise: false,
  danger: null,
  code: null,
  happened: null,
  spot: null,
  demand: null,
  ...part,
})

describe('what a language model read too late', () => {
  test('raises to S2 with the clocks of S2, and lowers nothing', () => {
    const play = reach('assigned').event(inferred({ raise: true }))
    expect(play.state.severity).toBe('S2')
    expect(play.timeline().at(-2)).toMatchObject({ type: 'raised', data: { from: 'S3', to: 'S2' } })
    const grave = reach('assigned', { danger: trapped, severity: 'S1' })
    grave.event(inferred({ raise: true }))
    expect(grave.state.severity).toBe('S1')
  })

  test('is a line of the timeline, marked as inferred, and leaves the case as the resident told it', () => {
    const play = reach('assigned')
    const before = play.state
    play.event(inferred({ code: 'RP02', happened: '昨天后半夜', spot: '电梯厅', demand: '换个亮的' }))
    expect(play.state).toEqual(before)
    expect(play.timeline().at(-1)).toMatchObject({
      type: 'inferred',
      by: { kind: 'program' },
      words: '推断，未经住户确认：时间“昨天后半夜”，地点“电梯厅”，诉求“换个亮的”',
      data: { code: 'RP02' },
    })
  })

  test('is told to nobody, and nothing new is nothing at all', () => {
    const play = reach('verifying')
    const from = play.mark
    play.event(inferred({ happened: '昨晚' })).event(inferred())
    expect(play.resident(from)).toEqual([])
    expect(play.heard('zhang', from)).toEqual([])
    expect(play.timeline(from)).toHaveLength(1)
  })

  test('of danger is a suspicion on the handler’s card until the resident has answered; it never rings', () => {
    const play = reach('assigned').event(inferred({ raise: true, danger: { ...trapped, lift: false } }))
    expect(play.state).toMatchObject({
      severity: 'S2',
      danger: { type: 'trapped', suspected: true },
      alarm: null,
    })
    expect(play.card('zhang')?.title).toContain('疑似险情')
    play.event({ type: 'noDanger', text: '没有' })
    expect(play.state).toMatchObject({ severity: 'S2', danger: null })

    const real = reach('assigned').event(inferred({ raise: true, danger: { ...trapped, lift: false } }))
    real.event({ type: 'danger', danger: trapped, text: '有' })
    expect(real.state.severity).toBe('S1')
    expect(real.state.alarm).not.toBeNull()
  })
})
