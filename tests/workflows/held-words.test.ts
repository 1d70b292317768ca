import { describe, expect, test } from 'vitest'
import { mostHeldWords } from '../../workflows/held-words.ts'
import { reach } from '../support/builders.ts'
import { Dialogue } from './intake/dialogue.ts'

const long = (i: number): string => `第${String(i)}句，${'楼道灯不亮，'.repeat(800)}`

describe('so many characters are held where every turn reads them', () => {
  test('of a draft: whole messages up to the cap, then once that there is more', () => {
    const talk = new Dialogue({ now: Date.UTC(2026, 10, 24, 2, 0) })
    for (let i = 0; i < 30; i++) talk.write(long(i))
    const words = talk.state.draft?.words ?? []
    const held = words.slice(0, -1)
    expect(held.join('').length).toBeLessThanOrEqual(mostHeldWords)
    expect(held.join('').length, 'and not much less').toBeGreaterThan(mostHeldWords - long(0).length)
    expect(held).toEqual(held.map((_, i) => long(i)))
    expect(words.at(-1)).toMatch(/内容太多.*原文已留存/)
    expect(words.filter((line) => line.includes('内容太多'))).toHaveLength(1)
  })

  test('one message alone is held whole, however long', () => {
    const talk = new Dialogue({ now: Date.UTC(2026, 10, 24, 2, 0) })
    const one = `楼道灯不亮。${'说来话长'.repeat(mostHeldWords / 2)}`
    talk.write(one)
    expect(talk.state.draft?.words).toEqual([one])
  })

  test('of a case: what is beyond stands on its timeline, word for word', () => {
    const play = reach('verifying')
    const supplement = (i: number) => ({ type: 'supplement', text: long(i), media: [] }) as const
    for (let i = 0; i < 30; i++) play.event(supplement(i))
    const { words } = play.state.about
    expect(words.length).toBeLessThanOrEqual(mostHeldWords)
    expect(words.length).toBeGreaterThan(mostHeldWords - long(29).length - 1)
    const kept = play.timeline().filter((e) => e.type === 'supplemented')
    expect(kept.map((e) => e.words)).toEqual(kept.map((_, i) => long(i)))
    expect(kept).toHaveLength(30)
  })
})
