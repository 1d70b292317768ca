import { describe, expect, test } from 'vitest'
import { minutes, seconds } from '../../../workflows/ids.ts'
import { Dialogue } from './dialogue.ts'

/*
 * T0 (domain.md 2.2): every clock of a case runs from the first message from which a complaint is recognisable. That is
 * the time the platform gave the message, not the time it reached us, nor when the case was registered.
 */

const ten = Date.parse('2026-11-24T10:00:00+08:00')
const trouble = '3栋2单元15楼的楼道灯坏了三天没人修，晚上看不见路'

function after(...talk: readonly (readonly [number, string])[]): Dialogue {
  const dialogue = new Dialogue({ now: ten })
  for (const [at, text] of talk) {
    dialogue.wait(ten + minutes(at) - dialogue.now)
    dialogue.write(text)
  }
  dialogue.wait(minutes(60))
  return dialogue
}

const receivedAt = (dialogue: Dialogue) =>
  dialogue.registrations.map((r) => (r.receivedAt - ten) / minutes(1))

describe('what intake hands over as received', () => {
  test.each(['你好', '您好', '在吗', '早上好', '谢谢', '有人吗'])(
    '%s before does not start it',
    (greeting) => {
      expect(receivedAt(after([0, greeting], [5, trouble]))).toEqual([5])
    },
  )

  test('a greeting in the same message does', () => {
    expect(receivedAt(after([3, `你好，${trouble}`]))).toEqual([3])
  })

  test('what is told in pieces began with the first of them', () => {
    expect(receivedAt(after([1, '楼道灯坏了'], [2, '3栋2单元15楼'], [4, '尽快修好']))).toEqual([1])
  })

  test('danger counts, from its own message, whatever was talked of before', () => {
    expect(receivedAt(after([0, '你好'], [2, '3栋2单元电梯里困住人了，快来']))).toEqual([2])
  })

  test('of what only asks for a person it is that wish', () => {
    expect(receivedAt(after([0, '你好'], [6, '人工']))).toEqual([6])
  })

  test.each([
    ['told', trouble],
    ['in danger', '3栋2单元电梯里困住人了，快来'],
    ['a wish for a person', '人工'],
  ])('what reached us late (%s) was received when it was written', (_, text) => {
    const dialogue = new Dialogue({ now: ten })
    dialogue.write(text, { at: ten - minutes(40) })
    dialogue.wait(minutes(60) + seconds(1))
    expect(receivedAt(dialogue)).toEqual([-40])
  })
})
