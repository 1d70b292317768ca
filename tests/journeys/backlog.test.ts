import { afterAll, beforeAll, expect, test } from 'vitest'
import { hours, minutes } from '../../workflows/ids.ts'
import { complaint, numberIn } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

/** Monday, 23 November 2026, ten at night in Shanghai. */
const mondayTenAtNight = Date.UTC(2026, 10, 23, 14, 0)

let town: Town
beforeAll(async () => {
  town = await openTown({ at: mondayTenAtNight })
}, 30_000)
afterAll(() => town.close())

test('must-survive 23: what was said in twelve hours offline is dated by its own time, and each person is answered once', async () => {
  const wechat = town.program().simulator?.wechat
  wechat?.lockOut(true)
  const people = [1, 2, 3].map((n) => ({ n, who: town.newcomer(`resident-late-${n}`), at: 0 }))
  for (const person of people) {
    town.advance(minutes(10))
    person.at = town.program().clock.now()
    person.who.says(`3栋1单元${person.n}01可视门铃坏了，请来修`)
    person.who.says('按了没有声音')
    person.who.says('电话13800000001')
  }
  town.advance(hours(12))
  wechat?.lockOut(false)
  for (const { who, at } of people) {
    await who.hears(/对就回1/)
    expect(who.heard(), 'one answer to all three').toHaveLength(1)
    who.says('1')
    const shown = await complaint(town, numberIn(await who.hears(/登记好了/)))
    expect(Math.abs(Date.parse(shown.receivedAt) - at)).toBeLessThan(5_000)
  }
}, 60_000)
