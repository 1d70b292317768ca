import { describe, expect, test } from 'vitest'
import { hours, minutes, type ComplaintId } from '../../../workflows/ids.ts'
import { at, mondayTen, Play, reach, staffId } from '../../support/builders.ts'

const asks = (level: 0 | 1 | 2, text: string | null = '找个人跟我说') =>
  ({ type: 'wantsPerson', text, level }) as const
const callback = (play: Play) => play.state.deadlines.find((d) => d.step === 'callback')

describe('a resident whose danger stayed unsaid', () => {
  test('is called by the handler, who is told why; they asked for nobody', () => {
    const play = reach('assigned', { severity: 'S2' })
    play.event({ type: 'wantsPerson', text: null, level: 0, doubt: true })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'wantsPerson', doubt: true })
    expect(play.timeline().at(-1)).toMatchObject({ by: { kind: 'program' }, data: { doubt: true } })
    expect(play.resident().at(-1)).toMatchObject({ type: 'personComing' })
    expect(play.state.wantsPerson).toBe(false)
    expect(play.state.severity).toBe('S2')
  })
})

describe('a resident who asks for a person', () => {
  test('is called by the handler, within the contact limit, and told so', () => {
    const play = reach('verifying').does('zhang', { type: 'contact', outcome: 'phone', words: null })
    play.passes(minutes(30)).event(asks(0))
    const by = at('2026-11-23 16:00')
    expect(play.resident().at(-1)).toMatchObject({ type: 'personComing', name: '张建国', by })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'wantsPerson', level: 0 })
    expect(play.state.deadlines).toContainEqual(expect.objectContaining({ step: 'contact', due: by }))
    expect(play.state.promises.at(-1)).toMatchObject({ what: 'contact', at: by, kept: null })
    play.does('zhang', { type: 'contact', outcome: 'phone', words: null })
    expect(play.state.wantsPerson).toBe(false)
    expect(play.state.promises.at(-1)?.kept).toBe(play.now)
  })

  test('in fury by a supervisor, within two service hours, or one where it is grave', () => {
    const play = reach('verifying').event(asks(1))
    expect(play.state.callback).toMatchObject({ by: 'li', why: 'asked' })
    expect(callback(play)?.due).toBe(at('2026-11-23 12:00'))
    expect(play.resident().at(-1)).toMatchObject({ type: 'personComing', name: '李敏' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'wantsPerson', level: 1 })
    expect(play.pushed('li')).toBe(1)
    expect(callback(reach('verifying', { severity: 'S2' }).event(asks(1)))?.due).toBe(mondayTen + hours(1))
  })

  test('after a threat by a manager, also where a supervisor owes a call already', () => {
    const play = reach('verifying').event(asks(1)).event(asks(2, '我要砍人'))
    expect(play.state.callback).toMatchObject({ by: 'sun', why: 'asked' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'personComing', name: '孙洁' })
    expect(play.heard('sun').at(-1)).toMatchObject({ type: 'wantsPerson', level: 2, text: '我要砍人' })
    play.event({ type: 'staffGone', staff: staffId('sun') })
    expect(play.state.callback).toMatchObject({ by: 'wu', why: 'asked' })
  })

  test('with the first message: the same, and the time is a promise', () => {
    const play = new Play().registers({ wantsPerson: true, wantsLevel: 2 })
    const [first, second] = play.resident()
    expect([first?.type, second]).toMatchObject(['registered', { type: 'personComing', name: '孙洁' }])
    expect(play.state.promises).toContainEqual(expect.objectContaining({ what: 'callback', kept: null }))
    const plain = new Play().registers({ wantsPerson: true })
    expect(plain.resident().at(-1)).toMatchObject({
      type: 'personComing',
      name: null,
      by: at('2026-11-23 15:30'),
    })
  })

  test('that nobody calls is chased at whoever owes it', () => {
    const play = reach('verifying').event(asks(1))
    const from = play.mark
    play.passes(hours(4))
    expect(play.heard('li', from).some((n) => n.type === 'reminder' && n.step === 'callback')).toBe(true)
    expect(play.resident(from).map((n) => n.type)).toContain('promiseBroken')
  })

  test('the call is the contact of whoever owes it, and ends it', () => {
    const play = reach('verifying').event(asks(1))
    play.does('li', { type: 'contact', outcome: 'noAnswer', words: null })
    expect(play.state.callback).not.toBeNull()
    play.does('li', { type: 'contact', outcome: 'phone', words: null })
    expect(play.state).toMatchObject({ callback: null, wantsPerson: false, owner: 'zhang' })
    expect(callback(play)).toBeUndefined()
  })

  test('tried three times on three days, it holds a solved case open no longer', () => {
    const play = reach('feedback').event(asks(1)).event({ type: 'rate', stars: 5 })
    for (const wait of [hours(1), hours(25), hours(26)])
      play.passes(wait).does('li', { type: 'contact', outcome: 'noAnswer', words: null })
    expect(play.state.status).toBe('closed')
  })
})

describe('while nobody has the case', () => {
  test.each([
    [{ type: 'urged' }, 'residentUrged'],
    [asks(0), 'wantsPerson'],
    [{ type: 'supplement', text: '还有一盏', media: [] }, 'supplemented'],
    [{ type: 'unreachable' }, 'unreachable'],
    [
      { type: 'followerSays', complaint: 101 as ComplaintId, urges: true, text: null, media: [] },
      'residentUrged',
    ],
  ] as const)('%j is heard by a supervisor', (event, heard) => {
    const play = reach('registered')
    const from = play.mark
    play.event(event)
    expect(play.heard('li', from).map((n) => n.type)).toContain(heard)
    expect(play.card('li')).not.toBeNull()
  })
})
