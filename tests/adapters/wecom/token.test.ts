import { describe, expect, test } from 'vitest'
import { CallFailed } from '../../../adapters/wecom/errors.ts'
import { keepToken } from '../../../adapters/wecom/token.ts'
import type { IssuedToken } from '../../../adapters/wecom/token.ts'
import { minutes, seconds } from '../../../workflows/ids.ts'
import { NOON } from '../../support/wecom-app.ts'

/** Tokens t1, t2, … of two hours, unless the script says otherwise; `chance` fixed. */
function aKeeper(script: ((n: number) => Promise<IssuedToken>) | null = null, chance = 0) {
  const clock = { now: NOON }
  let asked = 0
  const tokens = keepToken(
    () => {
      asked += 1
      return script ? script(asked) : Promise.resolve({ token: `t${asked}`, lifetime: minutes(120) })
    },
    () => clock.now,
    () => chance,
  )
  return { tokens, clock, asked: () => asked }
}

describe('the access token', () => {
  test('is fetched once, however many ask at the same time (must-survive 18)', async () => {
    const { tokens, asked } = aKeeper()
    expect(await Promise.all([tokens.current(), tokens.current(), tokens.current()])).toEqual([
      't1',
      't1',
      't1',
    ])
    expect(asked()).toBe(1)
  })

  test.each([
    ['5 minutes', 0, 5],
    ['10 minutes, by chance', 0.999999, 10],
  ])('is refreshed %s before its end', async (_what, chance, early) => {
    const { tokens, clock } = aKeeper(null, chance)
    await tokens.current()
    clock.now = NOON + minutes(120 - early) - seconds(1)
    expect(await tokens.current()).toBe('t1')
    clock.now = NOON + minutes(120 - early) + seconds(1)
    expect(await tokens.current()).toBe('t2')
  })

  test('goes on being used while the early refresh fails, but not past its end', async () => {
    const down = new CallFailed('notSent', 'down')
    const { tokens, clock } = aKeeper((n) =>
      n === 1 ? Promise.resolve({ token: 't1', lifetime: minutes(120) }) : Promise.reject(down),
    )
    await tokens.current()
    clock.now = NOON + minutes(118)
    expect(await tokens.current()).toBe('t1')
    clock.now = NOON + minutes(120)
    await expect(tokens.current()).rejects.toBe(down)
  })

  test('that was refused is replaced; the late refusal of an old one does not kill the new one (must-survive 18)', async () => {
    const { tokens, asked } = aKeeper()
    await tokens.current()
    tokens.drop('t1')
    expect(await tokens.current()).toBe('t2')
    tokens.drop('t1')
    expect(await tokens.current()).toBe('t2')
    expect(asked()).toBe(2)
  })

  test('that dies again and again is not fetched more than six times a minute (must-survive 18)', async () => {
    const { tokens, clock, asked } = aKeeper()
    for (let i = 0; i < 6; i++) tokens.drop(await tokens.current())
    await expect(tokens.current()).rejects.toMatchObject({ reaction: 'token', after: minutes(1) })
    clock.now += minutes(1) + 1
    expect(await tokens.current()).toBe('t7')
    expect(asked()).toBe(7)
  })
})

describe('a refused secret', () => {
  const wrong = () =>
    Promise.reject(new CallFailed('configuration', 'gettoken: errcode 40001', { code: 40001 }))

  test('is not tried again for 5 minutes, then 10, then 20, at most an hour', async () => {
    const { tokens, clock, asked } = aKeeper(wrong)
    const pauses: number[] = []
    for (let n = 1; n <= 6; n++) {
      await expect(tokens.current()).rejects.toMatchObject({ code: 40001 })
      expect(asked()).toBe(n)
      const since = clock.now
      while (asked() === n && clock.now - since < minutes(120)) {
        clock.now += minutes(1)
        if ((await tokens.current().catch((error: CallFailed) => error.after)) === minutes(0)) break
      }
      pauses.push((clock.now - since) / minutes(1))
      // The loop's last call was the next try already.
      n = asked() - 1
      if (pauses.length === 5) break
    }
    expect(pauses).toEqual([5, 10, 20, 40, 60])
  })

  test('is tried once when many ask', async () => {
    const { tokens, asked } = aKeeper(wrong)
    await Promise.allSettled(Array.from({ length: 20 }, () => tokens.current()))
    for (let i = 0; i < 20; i++) await tokens.current().catch(() => undefined)
    expect(asked()).toBe(1)
  })

  test('says how long is left, and is forgotten once a token comes', async () => {
    const { tokens, clock } = aKeeper((n) =>
      n === 2 ? Promise.resolve({ token: 'ok', lifetime: minutes(1) }) : wrong(),
    )
    await expect(tokens.current()).rejects.toMatchObject({ after: minutes(5) })
    clock.now += minutes(4)
    await expect(tokens.current()).rejects.toMatchObject({ after: minutes(1) })
    clock.now += minutes(1)
    expect(await tokens.current()).toBe('ok')
    clock.now += minutes(2)
    await expect(tokens.current()).rejects.toMatchObject({ after: minutes(5) })
  })
})
