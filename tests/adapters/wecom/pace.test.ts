import { describe, expect, test } from 'vitest'
import { createPace } from '../../../adapters/wecom/pace.ts'
import { hours, minutes, seconds } from '../../../workflows/ids.ts'
import { NOON } from '../../support/wecom-app.ts'

const nothingLeft = () => []

describe('messages to one person', () => {
  test('thirty a minute go, the next waits until the first is a minute old', () => {
    let now = NOON
    const reserve = createPace(() => now, nothingLeft)
    for (let i = 0; i < 30; i++) {
      expect(reserve('ZhangJianGuo')).toBe(0)
      now += seconds(1)
    }
    expect(reserve('ZhangJianGuo')).toBe(seconds(30))
    // Waiting has not used up a place.
    now += seconds(30)
    expect(reserve('ZhangJianGuo')).toBe(0)
    expect(reserve('ZhangJianGuo')).toBe(seconds(1))
  })

  test('a person is one however their id is typed, and does not slow down others', () => {
    const reserve = createPace(() => NOON, nothingLeft)
    for (let i = 0; i < 30; i++) reserve(i % 2 ? 'zhangjianguo' : 'ZhangJianGuo')
    expect(reserve('ZHANGJIANGUO')).toBe(minutes(1))
    expect(reserve('LiMin')).toBe(0)
  })

  test('what an earlier process sent counts, or the platform would drop what is over without a word', () => {
    let now = NOON
    const earlier = Array.from({ length: 29 }, (_, n) => ({ to: 'zhangjianguo', at: NOON - seconds(n + 1) }))
    const asked: number[] = []
    const reserve = createPace(
      () => now,
      (since) => {
        asked.push(since)
        return earlier
      },
    )
    expect(reserve('ZhangJianGuo')).toBe(0)
    expect(reserve('ZhangJianGuo')).toBe(seconds(31))
    expect(reserve('LiMin')).toBe(0)
    now += seconds(31)
    expect(reserve('ZhangJianGuo')).toBe(0)
    expect(asked).toEqual([NOON - hours(1)])
  })

  test('a thousand an hour go', () => {
    let now = NOON
    const reserve = createPace(() => now, nothingLeft)
    for (let i = 0; i < 1_000; i++) {
      expect(reserve('a')).toBe(0)
      now += seconds(3)
    }
    expect(reserve('a')).toBe(hours(1) - seconds(3_000))
  })
})
