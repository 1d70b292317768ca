import { describe, expect, test } from 'vitest'
import { news } from '../../../workflows/phrases/news.ts'
import { days, hours, minutes } from '../../../workflows/ids.ts'
import { deadlineOf } from '../../../workflows/sla.ts'
import type { Play } from '../../support/builders.ts'
import { mondayTen, reach, staffId, trapped } from '../../support/builders.ts'

const steps = (play: Play) => play.state.deadlines.map((d) => d.step)
const kinds = (play: Play, from = 0) => play.resident(from).map((n) => n.type)
const transfers = (play: Play) => play.does('zhang', { type: 'transfer', who: '供电公司', words: '外线检修' })
/** Accepted and not there yet: everything runs. */
const working = () => reach('verifying', { code: 'UT02' })

describe('a transfer to a third party', () => {
  test('ends the deadlines of being there and of getting it done, and no other', () => {
    const play = working()
    expect(steps(play)).toEqual(expect.arrayContaining(['onSite', 'resolve', 'answer', 'plan', 'progress']))
    transfers(play.passes(minutes(10)))
    expect(steps(play)).not.toContain('onSite')
    expect(steps(play)).not.toContain('resolve')
    expect(steps(play)).toEqual(expect.arrayContaining(['answer', 'plan', 'progress']))
    expect(deadlineOf(play.state, 'progress')?.from).toBe(play.now)
    expect(play.state).toMatchObject({ status: 'verifying', owner: 'zhang' })
  })

  test('the resident hears who holds it, what they and we do, and when we report: a promise', () => {
    const play = working()
    const from = play.mark
    transfers(play)
    const [told] = play.resident(from)
    expect(told).toMatchObject({ type: 'transferred', who: '供电公司', words: '外线检修', code: 'UT02' })
    const next = told && 'next' in told ? told.next : 0
    expect(play.state.promises.at(-1)).toMatchObject({ what: 'report', at: next, kept: null })
    expect(news.transferred('TS-1', '供电公司', '外线检修', '明天10:00')).toBe(
      'TS-1核实下来归供电公司办：外线检修。我们已报给他们，跟到有结果为止，明天10:00前告诉您最新情况。',
    )
  })

  test('the time told for our own work is replaced, not broken', () => {
    const play = reach('resolving', { code: 'UT02' })
    play
      .does('zhang', { type: 'plan', text: '换闸', promise: play.now + hours(3), gap: null })
      .passes(minutes(2))
    transfers(play).passes(hours(4))
    const plan = play.state.promises.find((p) => p.what === 'resolve')
    expect(plan).toMatchObject({ broken: false })
    expect(plan?.replaced).not.toBeNull()
  })

  test('nothing of it is forgotten: progress and the answer escalate until the resident has the result', () => {
    const play = transfers(working())
    const from = play.mark
    play.passes(days(15))
    const escalated = play
      .timeline(from)
      .filter((e) => e.type === 'escalated')
      .map((e) => e.data.step)
    expect(escalated).toEqual(expect.arrayContaining(['progress', 'answer']))
    expect(escalated).not.toContain('resolve')
    expect(escalated).not.toContain('onSite')
    expect(play.heard('li', from).some((n) => n.type === 'escalation')).toBe(true)
  })

  test('another handler is not sent there', () => {
    const play = transfers(working()).does('zhang', { type: 'handOver', to: staffId('wang'), reason: null })
    play.does('wang', { type: 'accept' })
    expect(steps(play)).not.toContain('onSite')
    expect(play.state.transferred?.who).toBe('供电公司')
  })

  test('a pause is over with it: there is no clock to stand still', () => {
    const play = working().does('li', {
      type: 'pause',
      why: 'thirdParty',
      words: '供电',
      until: mondayTen + days(2),
    })
    transfers(play)
    expect(play.state.pauses).toMatchObject([{ to: play.now }])
  })

  test('done tells the result; the words of those who did it are the proof', () => {
    const play = transfers(reach('resolving', { code: 'UT02' })).passes(hours(2))
    const from = play.mark
    play.does('zhang', { type: 'done', text: '供电公司已恢复供电', media: [] }).passes(minutes(2))
    expect(play.state.status).toBe('confirming')
    expect(kinds(play, from)).toContain('done')
    expect(play.state.promises.every((p) => p.what !== 'report' || p.kept !== null)).toBe(true)
  })

  test('not solved: it is ours again', () => {
    const play = transfers(reach('resolving', { code: 'UT02' }))
    play.does('zhang', { type: 'done', text: '供电公司已恢复供电', media: [] }).passes(minutes(2))
    play.event({ type: 'notSolved', partly: false, text: '还是没电', media: [] })
    expect(play.state.transferred).toBeNull()
    expect(steps(play)).toContain('resolve')
  })

  test.each<readonly [string, string, (play: Play) => Play]>([
    [
      'while somebody is in danger',
      'stillDanger',
      (p) => p.event({ type: 'danger', danger: trapped, text: '困住了' }),
    ],
    ['twice', 'alreadyDone', (p) => transfers(p)],
  ])('%s is refused', (_, why, first) => {
    const play = transfers(first(working()))
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'refused', why })
  })

  test('of what is no complaint is refused: it is answered', () => {
    const play = reach('resolving', { kind: 'enquiry', code: 'SG03' })
    play.does('chen', { type: 'transfer', who: '供电公司', words: '外线检修' })
    expect(play.heard('chen').at(-1)).toMatchObject({ why: 'notForService' })
  })

  test('by whoever does not handle it is refused, before acceptance as well', () => {
    expect(
      working().does('wang', { type: 'transfer', who: '供电公司', words: '外线检修' }).heard('wang').at(-1),
    ).toMatchObject({ why: 'notYours' })
    expect(transfers(reach('assigned')).heard('zhang').at(-1)).toMatchObject({ why: 'notYet' })
  })
})

describe('taken back', () => {
  test('the clock of getting it done begins anew, and being there where nobody was', () => {
    const play = transfers(working()).passes(hours(3))
    const from = play.mark
    play.does('zhang', { type: 'takeBack' })
    expect(deadlineOf(play.state, 'resolve')?.from).toBe(play.now)
    expect(deadlineOf(play.state, 'onSite')?.from).toBe(play.now)
    expect(play.resident(from)).toMatchObject([{ type: 'takenBack', name: '张建国' }])
    expect(play.state.promises.at(-1)).toMatchObject({ what: 'report', kept: null })
    expect(play.state.transferred).toBeNull()
  })

  test('by a supervisor, too, and the handler hears it', () => {
    const play = transfers(working()).does('li', { type: 'takeBack' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'recorded', act: 'takeBack' })
  })
})
