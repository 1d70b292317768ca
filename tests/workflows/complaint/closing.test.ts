import { describe, expect, test } from 'vitest'
import { localParts } from '../../../workflows/calendar.ts'
import {
  days,
  hours,
  minutes,
  seconds,
  type ComplaintId,
  type ConversationId,
  type PersonId,
} from '../../../workflows/ids.ts'
import type { Play } from '../../support/builders.ts'
import { at, mondayTen, noticesTo, photo, reach } from '../../support/builders.ts'

const types = (play: Play, from = 0) => play.resident(from).map((n) => n.type)
const notSolved = { type: 'notSolved', partly: false, text: '还是不亮', media: [] } as const
const again = { type: 'reopen', text: '又坏了', media: [] } as const
const doneAgain = (play: Play, by: string) =>
  play.does(by, { type: 'done', text: '重做了', media: [photo(701)] }).passes(seconds(61))

describe('what an S3 needs to close', () => {
  test('an answered survey: solved and stars', () => {
    const play = reach('feedback').event({ type: 'rate', stars: 4 })
    expect(play.state).toMatchObject({ status: 'closed', closure: 'solved' })
    expect(types(play).slice(-2)).toEqual(['rated', 'closed'])
  })

  test('solved without stars: waited for two days, then closed as unrated', () => {
    const play = reach('feedback').passes(days(2) - minutes(1))
    expect(play.state.status).toBe('feedback')
    play.passes(minutes(1))
    expect(play.state).toMatchObject({ status: 'closed', closure: 'unrated' })
  })

  test('silence: asked three times, on different days and at different hours, never in quiet hours, then unrated', () => {
    for (const start of ['2026-11-23 10:00', '2026-11-23 16:30', '2026-11-23 20:50', '2026-11-24 02:00']) {
      const play = reach('confirming', {}, at(start)).passes(days(8))
      expect(play.state).toMatchObject({ status: 'closed', closure: 'unrated' })
      const asks = play.state.survey?.asked.map((t) => localParts('Asia/Shanghai', t)) ?? []
      expect(asks).toHaveLength(3)
      expect(new Set(asks.map((a) => a.day)).size, start).toBe(3)
      expect(new Set(asks.map((a) => a.hour)).size, start).toBe(3)
      for (const { hour } of asks) expect(hour >= 9 && hour < 21, `${start} asks at ${hour}`).toBe(true)
      expect(
        play
          .resident()
          .filter((n) => n.type === 'done')
          .map((n) => n.again),
      ).toEqual([0, 1, 2])
    }
  })

  test('stars that come after it closed are kept, and do not reopen it', () => {
    const play = reach('confirming').passes(days(8)).event({ type: 'rate', stars: 1 })
    expect(play.state).toMatchObject({ status: 'closed', rating: { stars: 1 } })
  })
})

describe('what an S2 needs to close', () => {
  const grave = { severity: 'S2' } as const

  test('a recorded call by somebody else, and a signature', () => {
    const play = reach('feedback', grave).event({ type: 'rate', stars: 5 })
    expect(play.state.callback).toMatchObject({ by: 'li', why: 'visit' })
    play.does('zhang', { type: 'visit', outcome: 'solved', stars: 5, words: null })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'handlerVisits' })
    play.does('li', { type: 'visit', outcome: 'solved', stars: null, words: '满意' })
    expect(play.state.status).toBe('feedback')
    expect(play.card('li')?.buttons.map((b) => b.action)).toContain('sign')
    play.does('zhang', { type: 'sign' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'level' })
    play.does('li', { type: 'sign' })
    expect(play.state).toMatchObject({ status: 'closed', signed: 'li', closure: 'solved' })
  })

  test('a signature nobody gives is asked for, reminded, escalated, and asked for again', () => {
    const play = reach('feedback', grave).event({ type: 'rate', stars: 5 })
    play.does('li', { type: 'visit', outcome: 'solved', stars: null, words: null })
    const from = play.mark
    play.passes(days(3))
    expect(play.heard('li', from).some((n) => n.type === 'reminder' && n.step === 'sign')).toBe(true)
    expect(play.heard('wu', from).some((n) => n.type === 'escalation' && n.step === 'sign')).toBe(true)
    expect(play.state.deadlines.map((d) => d.step)).toEqual(['sign'])
  })

  test('three calls nobody answers, on different days and at different hours, stand for the call', () => {
    const play = reach('confirming', grave).passes(days(8)).does('li', { type: 'sign' })
    expect(play.state.status).toBe('feedback')
    const call = () => play.does('li', { type: 'visit', outcome: 'noAnswer', stars: null, words: null })
    call().passes(hours(26))
    call()
    call().passes(hours(25))
    expect(play.state.status).toBe('feedback')
    call()
    expect(play.state).toMatchObject({ status: 'closed', closure: 'unrated' })
  })

  test('three calls at one hour of three days do not stand for it', () => {
    const play = reach('confirming', grave).passes(days(8)).does('li', { type: 'sign' })
    for (let n = 0; n < 3; n++)
      play.does('li', { type: 'visit', outcome: 'noAnswer', stars: null, words: null }).passes(days(1))
    expect(play.state.status).toBe('feedback')
  })

  test('the caller is somebody else also where a supervisor handled it', () => {
    const play = reach('resolving', grave).does('li', { type: 'takeOver' })
    doneAgain(play, 'li')
    expect(play.state.callback).toMatchObject({ by: 'sun', why: 'visit' })
  })

  test('is asked for as well when it became grave only after it was done', () => {
    const play = reach('feedback').does('li', { type: 'severity', to: 'S2', reason: '老人摔了' })
    play.event({ type: 'rate', stars: 5 })
    expect(play.state).toMatchObject({ status: 'feedback', callback: { why: 'visit' } })
    play.does(play.state.callback?.by ?? '', { type: 'visit', outcome: 'solved', stars: null, words: null })
    expect(play.does('li', { type: 'sign' }).state.status).toBe('closed')
  })

  test('solved by phone before the resident wrote: stars are asked for once', () => {
    const play = reach('confirming', grave).does('li', {
      type: 'visit',
      outcome: 'solved',
      stars: 5,
      words: null,
    })
    expect(play.state).toMatchObject({ status: 'feedback', ratingUntil: null, rating: { stars: 5 } })
    expect(types(play)).not.toContain('askRating')
  })

  test('whoever only answers a wrong number of stars: not asked for a signature before the call', () => {
    const play = reach('feedback', grave).event({ type: 'rate', stars: 5 })
    expect(play.state.deadlines.map((d) => d.step)).not.toContain('sign')
  })
})

describe('not solved', () => {
  test('opens it one level up: a supervisor owns it and calls, with the severity raised once', () => {
    const play = reach('confirming').event(notSolved)
    expect(play.state).toMatchObject({
      status: 'resolving',
      owner: 'li',
      severity: 'S2',
      failures: 1,
      callback: { by: 'li', why: 'failed' },
    })
    expect(play.resident().at(-1)).toMatchObject({
      type: 'callback',
      name: '李敏',
      reopened: true,
      by: play.now + hours(1),
    })
    expect(play.state.cards).toContainEqual({ staff: 'zhang', role: 'watch' })
    expect(play.state.about.plan).toBeNull()
  })

  test('partly is not solved for the rest', () => {
    expect(reach('confirming').event({ ...notSolved, partly: true }).state).toMatchObject({
      status: 'resolving',
      survey: { answer: 'partly' },
    })
  })

  test('a second failure goes to the company, who alone may close it as 有异议办结', () => {
    const play = reach('confirming').event(notSolved)
    play.does('sun', { type: 'closeDisputed', words: '已尽力' })
    expect(play.heard('sun').at(-1)).toMatchObject({ why: 'notYet' })
    doneAgain(play, 'li').event(notSolved)
    expect(play.state).toMatchObject({ owner: 'wu', failures: 2, severity: 'S2', callback: { by: 'wu' } })
    // Nobody was asked to call besides the one who owns it now.
    expect(play.state.cards.filter((c) => c.role === 'callback')).toEqual([])
    play.does('li', { type: 'closeDisputed', words: '已尽力' })
    expect(play.heard('li').at(-1)).toMatchObject({ why: 'level' })
    play.does('wu', { type: 'closeDisputed', words: '能做的都做了' })
    expect(play.state).toMatchObject({ status: 'closed', closure: 'disputed' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'closed', how: 'disputed' })
  })

  test('with nobody left to review, the case stays with its handler, a call is owed, and somebody is looked for', () => {
    const play = reach('confirming')
    const { company } = play
    const zhang = company.estates[0]?.staff.filter((s) => s.id === 'zhang') ?? []
    play.company = { ...company, staff: [], estates: company.estates.map((e) => ({ ...e, staff: zhang })) }
    play.event(notSolved)
    expect(play.state).toMatchObject({ owner: 'zhang', callback: { by: null } })
    expect(play.resident().at(-1)).toMatchObject({ type: 'callback', name: '值班主管' })
    play.company = company
    play.passes(minutes(5))
    expect(play.state).toMatchObject({ callback: { by: 'li', why: 'failed' }, owner: 'li' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'movedAway', name: '李敏' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'movedTo', name: '李敏' })
  })

  test('one level up: what its supervisor did is reviewed by the manager', () => {
    const play = reach('assigned').does('li', { type: 'takeOver' })
    play.does('li', { type: 'finding', text: '灯坏', media: [photo()] }).does('li', { type: 'verified' })
    play.does('li', { type: 'responsibility', code: 'full', who: null, words: null })
    doneAgain(play, 'li').event(notSolved)
    expect(play.state).toMatchObject({ owner: 'sun', callback: { by: 'sun', why: 'failed' } })
  })

  test('the reviewer is gone: the next one up has the case, not whoever failed at it', () => {
    const play = reach('confirming')
      .event(notSolved)
      .event({ type: 'staffGone', staff: 'li' as never })
    expect(play.state).toMatchObject({ owner: 'sun', callback: { by: 'sun', why: 'failed' } })
  })

  test('the call and the next answer end it', () => {
    const play = reach('confirming').event(notSolved)
    play.does('li', { type: 'visit', outcome: 'notSolved', stars: null, words: '要换整灯' })
    expect(play.state).toMatchObject({ status: 'resolving', callback: null, failures: 1 })
    expect(play.state.promises.find((p) => p.what === 'callback')?.kept).toBe(play.now)
    doneAgain(play, 'li').event({ type: 'solved' }).event({ type: 'rate', stars: 4 })
    expect(play.state.callback).toMatchObject({ why: 'visit' })
    play.does(play.state.callback?.by ?? '', { type: 'visit', outcome: 'solved', stars: null, words: null })
    play.does('li', { type: 'sign' })
    expect(play.state.status).toBe('closed')
  })

  test('a call owed from a case that moved on does not throw it back to work', () => {
    const play = reach('confirming')
      .event(notSolved)
      .does('li', { type: 'handOver', to: 'wang' as never, reason: null })
    play.does('li', { type: 'visit', outcome: 'notSolved', stars: null, words: null })
    expect(play.state).toMatchObject({ status: 'assigned', owner: 'wang', failures: 1 })
  })
})

describe('an end', () => {
  const household = {
    type: 'join',
    complaint: 101 as ComplaintId,
    number: 'TS-20261123-0101',
    person: 101 as PersonId,
    conversation: 101 as ConversationId,
    checkCode: null,
  } as const

  test('有异议办结: what waited for its minute is told first, and the other households hear the end as well', () => {
    const play = reach('confirming').event(notSolved)
    doneAgain(play, 'li').event(notSolved).event(household)
    const from = play.mark
    play.does('wu', { type: 'plan', text: '换整灯', promise: play.now + hours(5), gap: null })
    play.does('wu', { type: 'closeDisputed', words: '能做的都做了' })
    const told = (to: number) =>
      play.turns
        .slice(from)
        .flatMap((t) => noticesTo(t.effects, 'conversation', to as ConversationId).map((n) => n.notice.type))
    expect(told(21)).toEqual(['plan', 'reply', 'closed'])
    expect(told(101)).toEqual(['result', 'closed'])
  })

  test('of an enquiry within the minute: that it is one is told before its answer is over', () => {
    const play = reach('verifying').does('zhang', { type: 'finding', text: '是问收费', media: [] })
    play.does('zhang', { type: 'verified' })
    const from = play.mark
    play.does('zhang', { type: 'responsibility', code: 'notAComplaint', who: null, words: null })
    play.does('zhang', { type: 'reply', text: '按面积算', media: [], final: true })
    expect(play.state).toMatchObject({ status: 'closed', held: null })
    expect(types(play, from)).toEqual(['responsibility', 'reply'])
  })

  test.each(['withdraw', 'rate'] as const)(
    'by %s tells whoever claimed to be the resident that they are not known',
    (how) => {
      const play = reach('feedback').event({ type: 'claim', conversation: 77 as ConversationId })
      play.event(how === 'rate' ? { type: 'rate', stars: 5 } : { type: 'withdraw', text: null })
      expect(play.state.claim).toBeNull()
      expect(noticesTo(play.last.effects, 'conversation', 77 as ConversationId)).toMatchObject([
        { notice: { type: 'claimSettled', person: null } },
      ])
    },
  )
})

describe('few stars after solved', () => {
  test.each([1, 2])('%i: somebody who never worked on it calls, and it stays open until then', (stars) => {
    const play = reach('feedback').event({ type: 'rate', stars })
    expect(play.state).toMatchObject({ status: 'feedback', callback: { by: 'li', why: 'low' } })
    expect(play.resident().find((n) => n.type === 'callback')).toMatchObject({
      name: '李敏',
      reopened: false,
    })
    play.does('zhang', { type: 'visit', outcome: 'solved', stars: null, words: null })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'handlerVisits' })
    play.does('li', { type: 'visit', outcome: 'solved', stars: null, words: '说开了' })
    expect(play.state).toMatchObject({ status: 'closed', closure: 'solved' })
  })

  test('the call may reopen it', () => {
    const play = reach('feedback').event({ type: 'rate', stars: 1 })
    play.does('li', { type: 'visit', outcome: 'notSolved', stars: null, words: '没修好' })
    expect(play.state).toMatchObject({ status: 'resolving', failures: 1 })
  })

  test('their words reach whoever calls, not whoever handled it', () => {
    const play = reach('feedback').event({ type: 'rate', stars: 1 })
    const from = play.mark
    play.event({ type: 'comment', text: '态度不好' })
    expect(play.heard('zhang', from)).toEqual([])
    expect(play.heard('li', from)).toMatchObject([{ type: 'supplemented', text: '态度不好' }])
  })

  test('in the night the call waits for the morning', () => {
    const play = reach('feedback').until(at('2026-11-23 23:00')).event({ type: 'rate', stars: 1 })
    expect(play.state.deadlines.find((d) => d.step === 'callback')?.due).toBe(at('2026-11-24 10:30'))
    const grave = reach('feedback', { severity: 'S2' })
      .until(at('2026-11-23 23:00'))
      .event({ type: 'rate', stars: 1 })
    expect(grave.state.deadlines.find((d) => d.step === 'callback')?.due).toBe(at('2026-11-24 10:00'))
  })
})

describe('written about again', () => {
  test('within 90 days: the same number, one level up, one severity up', () => {
    const play = reach('closed').passes(days(89)).event(again)
    expect(play.state).toMatchObject({
      status: 'assigned',
      owner: 'li',
      severity: 'S2',
      number: 'TS-20261123-0007',
      verified: null,
      responsibility: null,
      reopened: 1,
    })
    expect(play.resident().at(-1)).toMatchObject({ type: 'reopened' })
    expect(play.state.promises.at(-1)?.at).toBeGreaterThan(play.now)
  })

  test('one level higher than whoever had it: from its supervisor to the manager, from the manager to the company', () => {
    const owners = ['li', 'sun'].map((by) => {
      const play = reach('resolving').does(by, { type: 'takeOver' })
      doneAgain(play, by).event({ type: 'solved' }).event({ type: 'rate', stars: 5 })
      expect(play.state).toMatchObject({ status: 'closed', owner: by })
      return play.event(again).state.owner
    })
    expect(owners).toEqual(['sun', 'wu'])
  })

  test('taken back and written about again: as one that was closed, for 90 days', () => {
    const play = reach('withdrawn').passes(days(90)).event(again)
    expect(play.state).toMatchObject({ status: 'assigned', owner: 'li', reopened: 1 })
    expect(play.resident().at(-1)).toMatchObject({ type: 'reopened' })
    const late = reach('withdrawn').passes(days(91)).event(again)
    expect(late.resident().at(-1)).toMatchObject({ type: 'refused', why: 'windowOver' })
  })

  test('not a second severity, and never beyond S2', () => {
    const play = reach('confirming', { severity: 'S4' }).event(notSolved)
    expect(play.state.severity).toBe('S3')
    const s2 = reach('closed', { severity: 'S2' }).event(again)
    expect(s2.state.severity).toBe('S2')
    doneAgain(play, 'li').event({ type: 'solved' }).event({ type: 'rate', stars: 5 })
    play.does('li', { type: 'visit', outcome: 'solved', stars: null, words: null })
    expect(play.state.status).toBe('closed')
    expect(play.event(again).state.severity).toBe('S3')
  })

  test('after 90 days it is refused', () => {
    const play = reach('closed').passes(days(91)).event(again)
    expect(play.state.status).toBe('closed')
    expect(play.resident().at(-1)).toMatchObject({ type: 'refused', why: 'windowOver' })
  })

  test('nothing of a closed case ever fires', () => {
    const play = reach('closed').sleeps(days(60))
    expect(play.due).toBeNull()
    const from = play.mark
    play.event({ type: 'due' })
    expect(play.last.effects).toEqual([])
    expect(play.timeline(from)).toEqual([])
  })
})

test('the day of an S3: heard, looked at, decided, planned, done, rated', () => {
  expect(types(reach('closed'))).toEqual([
    'registered',
    'accepted',
    'finding',
    'responsibility',
    'done',
    'askRating',
    'rated',
    'closed',
  ])
  expect(mondayTen).toBe(at('2026-11-23 10:00'))
})
