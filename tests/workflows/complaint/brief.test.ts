import { describe, expect, test } from 'vitest'
import { matterOf } from '../../../workflows/complaint/matter.ts'
import { minutes, seconds } from '../../../workflows/ids.ts'
import { photo, Play, reach, trapped } from '../../support/builders.ts'

const said = {
  words: '楼道灯坏了三天，我住1502，电话13812345678',
  demand: '尽快修好',
  happened: '三天前',
  media: [photo(401), photo(402)],
}
const briefs = (play: Play, who: string, from = 0) => play.heard(who, from).filter((n) => n.type === 'brief')

describe('the whole matter reaches whoever takes it, once', () => {
  test('on 接单, with the resident’s own words and pictures', () => {
    const play = new Play().registers(said)
    expect(briefs(play, 'zhang')).toEqual([])
    play.does('zhang', { type: 'accept' })
    expect(briefs(play, 'zhang')).toMatchObject([
      {
        words: said.words,
        demand: said.demand,
        happened: said.happened,
        media: said.media,
        findings: [],
        plan: null,
      },
    ])
    play.does('zhang', { type: 'arrive' }).passes(minutes(5))
    expect(briefs(play, 'zhang')).toHaveLength(1)
  })

  test('on taking over, and on accepting what was handed over, with what was found and planned', () => {
    const play = reach('resolving', said)
    play.does('zhang', { type: 'plan', text: '换整灯', promise: play.now + minutes(300), gap: null })
    play.passes(seconds(61))
    const from = play.mark
    play.does('zhang', { type: 'handOver', to: 'wang', reason: null } as never)
    expect(briefs(play, 'wang', from)).toEqual([])
    play.does('wang', { type: 'accept' })
    expect(briefs(play, 'wang', from)).toMatchObject([
      { words: said.words, findings: ['灯管坏了'], plan: '换整灯' },
    ])
    play.does('li', { type: 'takeOver' })
    expect(briefs(play, 'li', from)).toMatchObject([{ findings: ['灯管坏了'], plan: '换整灯' }])
  })

  test('to whoever must call after few stars, with what was done', () => {
    const play = reach('feedback', said)
    const from = play.mark
    play.event({ type: 'rate', stars: 1 })
    expect(briefs(play, 'li', from)).toMatchObject([{ words: said.words, result: '灯管换好了' }])
  })

  test('once to whoever calls and has it from then on, after 没解决', () => {
    const play = reach('confirming', said)
    const from = play.mark
    play.event({ type: 'notSolved', partly: false, text: '还是不亮', media: [] })
    expect(briefs(play, 'li', from)).toHaveLength(1)
  })

  test('in danger, with 我去处理', () => {
    const play = new Play().registers({ ...said, severity: 'S1', danger: trapped })
    play.does('zhang', { type: 'accept' })
    expect(briefs(play, 'zhang')).toMatchObject([{ words: said.words }])
  })
})

describe('who reads what of it', () => {
  const c = { ...reach('verifying', said).state }
  c.about = { ...c.about, findings: ['', '1503家说13900000001也停电'], plan: '到1502看' }

  test('its handler reads all', () => {
    expect(matterOf(c, true)).toMatchObject({
      words: said.words,
      findings: ['1503家说13900000001也停电'],
      plan: '到1502看',
    })
  })

  test('whoever watches reads no room, no telephone and no identity number', () => {
    const masked = matterOf({ ...c, about: { ...c.about, demand: '身份证43010119900101123X' } }, false)
    expect(JSON.stringify({ ...masked, media: [] })).not.toMatch(/[0-9]{3}/u)
    expect(masked.words).toBe('楼道灯坏了三天，我住＊＊，电话＊＊')
  })
})
