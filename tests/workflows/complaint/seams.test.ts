import { describe, expect, test } from 'vitest'
import type { ComplaintId, ConversationId, PersonId } from '../../../workflows/ids.ts'
import { hours, minutes } from '../../../workflows/ids.ts'
import { photo, type Play, reach, trapped } from '../../support/builders.ts'

const due = (play: Play, step: string) => play.state.deadlines.find((d) => d.step === step)?.due ?? null
const running = (play: Play) => play.state.pauses.filter((p) => p.to === null)

describe('where the parts of a deadline meet', () => {
  test('danger that proved harmless is lowered, then recoded: it still has a time to be resolved in', () => {
    const play = reach('verifying', { code: 'EM05', danger: { type: 'falling', lift: false, self: true } })
    play.does('zhang', { type: 'standDown', words: '现场无险' })
    play.does('li', { type: 'severity', to: 'S3', reason: '无险' })
    expect(due(play, 'resolve')).toBeNull()
    play.does('zhang', { type: 'recode', code: 'RP02' })
    expect(due(play, 'resolve')).toBeGreaterThan(play.now)
  })

  test('a mild remark that becomes grave after acceptance gets the time to be there it never had', () => {
    const play = reach('verifying', { severity: 'S4' })
    expect(due(play, 'onSite')).toBeNull()
    play.does('li', { type: 'severity', to: 'S2', reason: '影响大' })
    expect(due(play, 'onSite')).toBe(play.now + hours(2))
  })

  test('danger in what was transferred is ours again, with a time to make it safe', () => {
    const play = reach('resolving')
    play.does(play.state.owner ?? '', { type: 'transfer', who: '供电公司', words: '线路归他们' })
    expect(due(play, 'resolve')).toBeNull()
    play.event({ type: 'danger', text: '有人被困', danger: trapped })
    expect(play.state.transferred).toBeNull()
    expect(due(play, 'resolve')).toBe(play.now + hours(1))
  })

  test('a plan taken back after the case became graver leaves the clock of what it is now', () => {
    const play = reach('resolving')
    const by = play.state.owner ?? ''
    play.does(by, { type: 'plan', text: '换灯', promise: play.now + hours(20), gap: null })
    play.passes(10_000).does('li', { type: 'severity', to: 'S2', reason: '影响大' })
    play.does(by, { type: 'undo' })
    expect(due(play, 'plan')).toBe(play.now + hours(24))
  })

  test('“done” taken back after the resident answered waits for no answer any more', () => {
    const play = reach('resolving')
    const by = play.state.owner ?? ''
    play.does(by, { type: 'ask', text: '几点在家？' })
    expect(running(play)).toHaveLength(1)
    play.passes(minutes(30)).does(by, { type: 'done', text: '换好了', media: [photo(403)] })
    play.passes(10_000).event({ type: 'answer', question: 1, text: '六点', media: [] })
    play.passes(10_000).does(by, { type: 'undo' })
    expect(running(play)).toEqual([])
    expect(due(play, 'resolve')).not.toBeNull()
  })

  test('nobody is waited for who took their report back, though others go on', () => {
    const play = reach('resolving')
    play.event({
      type: 'join',
      complaint: 2 as ComplaintId,
      number: 'TS-20261123-0008',
      person: 12 as PersonId,
      conversation: 22 as ConversationId,
      checkCode: null,
    })
    play.does(play.state.owner ?? '', { type: 'ask', text: '几点在家？' })
    expect(running(play)).toHaveLength(1)
    play.event({ type: 'withdraw', text: null })
    expect(play.state.status).toBe('resolving')
    expect(running(play)).toEqual([])
  })
})
