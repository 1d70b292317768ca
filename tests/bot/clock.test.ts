import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createClock } from '../../bot/clock.ts'
import { hours, minutes, seconds } from '../../workflows/ids.ts'
import { aFolder } from '../support/engine.ts'

let dir: string

beforeEach(() => {
  dir = aFolder()
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 2, 0) })
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(dir, { recursive: true })
})

it('is the host’s clock where nobody hurries it', () => {
  const clock = createClock(dir, { hurried: false })
  vi.advanceTimersByTime(1_234)
  expect(clock.now()).toBe(Date.now())
  expect(() => clock.advance(1)).toThrow('only the simulator')
  expect(() => clock.speed(2)).toThrow('only the simulator')
})

it('goes forward at once, wakes what waits, and tells that it jumped', () => {
  const clock = createClock(dir, { hurried: true })
  const woken: string[] = []
  clock.after(minutes(30), () => woken.push('half an hour'))
  clock.after(hours(2), () => woken.push('two hours'))
  clock.onJump(() => woken.push('jump'))
  clock.advance(hours(1))
  vi.advanceTimersByTime(1)
  expect(woken).toEqual(['jump', 'half an hour'])
  expect(() => clock.advance(-1)).toThrow('never goes back')
})

it('runs faster, and what waits comes sooner', () => {
  const clock = createClock(dir, { hurried: true })
  const begin = clock.now()
  let woken = false
  clock.after(minutes(10), () => (woken = true))
  clock.speed(60)
  vi.advanceTimersByTime(9_000)
  expect(woken).toBe(false)
  vi.advanceTimersByTime(1_001)
  expect(woken).toBe(true)
  expect(clock.now() - begin).toBeGreaterThanOrEqual(minutes(10))
  clock.speed(1)
  const at = clock.now()
  vi.advanceTimersByTime(1_000)
  expect(clock.now() - at).toBe(1_000)
})

it('does not wake what was cancelled', () => {
  const clock = createClock(dir, { hurried: true })
  let woken = false
  clock.after(seconds(1), () => (woken = true))()
  clock.advance(minutes(1))
  vi.advanceTimersByTime(2_000)
  expect(woken).toBe(false)
})

it('never goes back over a restart, not even one without a farewell while hurried', () => {
  const clock = createClock(dir, { hurried: true })
  clock.advance(hours(5))
  clock.speed(600)
  vi.advanceTimersByTime(2_500)
  const last = clock.now()
  vi.clearAllTimers()
  expect(createClock(dir, { hurried: true }).now()).toBeGreaterThanOrEqual(last)
})
