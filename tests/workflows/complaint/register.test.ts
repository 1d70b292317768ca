import { describe, expect, test } from 'vitest'
import {
  hours,
  minutes,
  type ComplaintId,
  type ConversationId,
  type PersonId,
} from '../../../workflows/ids.ts'
import { isOpen } from '../../../workflows/complaint/state.ts'
import {
  entries,
  noticesTo,
  photo,
  Play,
  reach,
  staffId,
  staffNotices,
  trapped,
} from '../../support/builders.ts'

const types = (play: Play, from = 0) => play.resident(from).map((n) => n.type)

describe('registering', () => {
  test('gives a number of the local day, tells it with a time and a post, and starts the clocks from the first message', () => {
    const play = new Play().registers({ receivedAt: new Play().now - minutes(7) })
    expect(play.state).toMatchObject({ number: 'TS-20261123-0007', status: 'assigned', version: 1 })
    expect(play.resident()).toMatchObject([
      { type: 'registered', post: '工程', joined: null, checkCode: null },
    ])
    expect(play.state.deadlines.map((d) => [d.step, d.from === play.state.marks.received])).toEqual([
      ['contact', true],
      ['plan', true],
      ['resolve', true],
      ['answer', true],
      ['accept', false],
    ])
  })

  test('an anonymous one keeps neither name nor household, and gets a check code', () => {
    const play = new Play().registers({ anonymous: true })
    expect(play.state.about).toMatchObject({ name: null, household: null })
    expect(play.resident()).toMatchObject([{ checkCode: '246810' }])
    expect(JSON.stringify(play.card('zhang'))).not.toContain('林女士')
  })

  test('the ten-thousandth of a day grows a digit', () => {
    expect(new Play({ loaded: { counter: 12345 } }).registers().state.number).toBe('TS-20261123-12345')
  })

  test('danger makes it S1, suspicion does not', () => {
    expect(new Play().registers({ danger: trapped, severity: 'S2' }).state.severity).toBe('S1')
    expect(new Play().registers({ danger: trapped, severity: 'S2', suspected: true }).state.severity).toBe(
      'S2',
    )
  })
})

describe('what is no complaint', () => {
  const asked = { kind: 'enquiry', code: 'SG03' } as const

  test('has a number, somebody at 客服, a time for its answer, and ends with it, without a survey', () => {
    const play = new Play().registers(asked).does('chen', { type: 'accept' })
    expect(play.state).toMatchObject({ status: 'resolving', owner: 'chen' })
    play.does('chen', { type: 'reply', text: '周三停水到下午两点', media: [], final: true })
    expect(play.state).toMatchObject({ status: 'closed', closure: 'replied' })
    expect(types(play)).toEqual(['registered', 'accepted', 'reply'])
    expect(play.state.promises).toMatchObject([{ what: 'reply', kept: play.now }])
  })

  test.each([
    ['done', { type: 'done', text: '好了', media: [] }],
    ['plan', { type: 'plan', text: '好', promise: 9e15, gap: null }],
    ['responsibility', { type: 'responsibility', code: 'none', who: null, words: null }],
  ] as const)('knows no %s', (_, act) => {
    const play = reach('resolving', asked).does('chen', act)
    expect(play.heard('chen').at(-1)).toMatchObject({ why: 'notForService' })
  })

  test('a talk goes on until its last word', () => {
    const play = reach('resolving', asked).does('chen', {
      type: 'reply',
      text: '哪一栋？',
      media: [],
      final: false,
    })
    expect(play.state.status).toBe('resolving')
  })

  test('written about again it goes back to 客服, no severity up', () => {
    const play = reach('closed', asked).event({ type: 'reopen', text: '那周四呢', media: [] })
    expect(play.state).toMatchObject({ owner: 'chen', status: 'assigned', severity: 'S3' })
  })

  test('a repair takes the same life without responsibility and parties', () => {
    const play = reach('verifying', { kind: 'repair', code: 'RP04' })
    play.does('zhang', { type: 'plan', text: '换阀', promise: play.now + hours(2), gap: null })
    expect(play.state.status).toBe('resolving')
    play.does('zhang', { type: 'done', text: '换好了', media: [photo()] }).passes(minutes(2))
    expect(play.event({ type: 'solved' }).event({ type: 'rate', stars: 5 }).state.status).toBe('closed')
  })
})

describe('verification before responsibility', () => {
  const blame = { type: 'responsibility', code: 'full', who: null, words: null } as const
  const why = (play: Play) => play.heard('zhang').at(-1)

  test('is refused without a finding, without 核实完毕, with a party unheard, and without proof', () => {
    const play = reach('verifying', { media: [] }).does('zhang', blame)
    expect(why(play)).toMatchObject({ why: 'noFinding' })
    play.does('zhang', { type: 'finding', text: '灯坏了', media: [] }).does('zhang', blame)
    expect(why(play)).toMatchObject({ why: 'unverified' })
    play
      .does('zhang', { type: 'verified' })
      .does('zhang', { type: 'party', name: '保洁', staff: null })
      .does('zhang', blame)
    expect(why(play)).toMatchObject({ why: 'unheard' })
    play
      .does('zhang', { type: 'hear', name: '保洁', words: null })
      .does('zhang', { type: 'hear', name: '保洁', words: null })
    play.does('zhang', blame)
    expect(why(play)).toMatchObject({ why: 'unheard' })
    play.does('zhang', { type: 'hear', name: '保洁', words: null }).does('zhang', blame)
    expect(why(play)).toMatchObject({ why: 'noProof' })
    play.does('zhang', { ...blame, code: 'undetermined' })
    expect(play.state.responsibility).toEqual({ code: 'undetermined', who: null })
  })

  test('非投诉 is no way around it', () => {
    const play = reach('verifying').does('zhang', { ...blame, code: 'notAComplaint' })
    expect(why(play)).toMatchObject({ why: 'noFinding' })
    expect(play.state.kind).toBe('complaint')
  })

  test('非投诉 makes it an enquiry, after the minute in which it can be undone', () => {
    const play = reach('verifying')
      .does('zhang', { type: 'finding', text: '是问收费', media: [] })
      .does('zhang', { type: 'verified' })
    play.does('zhang', { ...blame, code: 'notAComplaint' })
    expect(play.state).toMatchObject({ kind: 'enquiry', status: 'resolving' })
    play.does('zhang', { type: 'undo' })
    expect(play.state).toMatchObject({ kind: 'complaint', status: 'verifying', responsibility: null })
  })

  test('done needs a photo where there is something to see, words where there is not', () => {
    const done = { type: 'done', text: '处理了', media: [] } as const
    expect(why(reach('resolving').does('zhang', done))).toMatchObject({ why: 'noProof' })
    for (const code of ['FE01', 'NS01', 'ST01'] as const) {
      const play = reach('resolving', { code })
      expect(play.does(play.state.owner ?? '', done).state.status, code).toBe('confirming')
    }
  })
})

describe('the person complained about', () => {
  test('is not asked, even as the only one of the department', () => {
    expect(new Play().registers({ subjects: [staffId('zhang')] }).state.owner).toBe('wang')
    expect(new Play().registers({ subjects: [staffId('zhang'), staffId('wang')] }).state.owner).toBe('li')
  })

  test('named during the case loses it at once, with the card, and learns nothing', () => {
    const play = reach('verifying').does('zhang', { type: 'party', name: '张建国', staff: staffId('zhang') })
    expect(play.state).toMatchObject({ owner: 'wang', status: 'assigned', subjects: ['zhang'] })
    expect(staffNotices(play.last.effects).filter((n) => n.to === 'zhang')).toEqual([])
    expect(play.card('zhang')).toMatchObject({ buttons: [], rows: [{ value: play.state.number }] })
    const from = play.mark
    play
      .does('wang', { type: 'accept' })
      .does('zhang', { type: 'accept' })
      .event({ type: 'supplement', text: '就是他', media: [] })
    expect(play.heard('zhang', from)).toMatchObject([{ type: 'refused', why: 'subject', holder: null }])
  })

  test.each(['closed', 'withdrawn', 'merged'] as const)(
    'hears the bare refusal also when it is %s',
    (status) => {
      const play = reach(status, { subjects: [staffId('wang')] }).does('wang', { type: 'urge' })
      expect(play.heard('wang').at(-1)).toMatchObject({ why: 'subject', holder: null })
    },
  )

  test('cannot be given it, nor the call about it', () => {
    const play = reach('verifying', { subjects: [staffId('li')] })
    play.does('zhang', { type: 'handOver', to: staffId('li'), reason: null })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'subject' })
    const low = reach('confirming').does('zhang', { type: 'party', name: '李敏', staff: staffId('li') })
    low.event({ type: 'solved' }).event({ type: 'rate', stars: 1 })
    expect(low.state.callback?.by).toBe('sun')
  })
})

describe('one more household with the same trouble', () => {
  const joins = (n: number) =>
    ({
      type: 'join',
      complaint: (100 + n) as ComplaintId,
      number: `TS-20261123-01${n}`,
      person: (100 + n) as PersonId,
      conversation: (100 + n) as ConversationId,
      checkCode: null,
    }) as const

  test('is its own report, merged into the open one, which tells it how many they are and what is promised', () => {
    const merged = reach('merged')
    expect(merged.state).toMatchObject({ status: 'merged', main: 99 })
    expect(merged.resident()).toEqual([])
    const play = reach('verifying').event(joins(1)).event(joins(2))
    expect(noticesTo(play.last.effects, 'conversation', null)).toMatchObject([
      {
        to: 102,
        notice: {
          type: 'registered',
          number: 'TS-20261123-012',
          joined: 3,
          promise: play.state.promises[0]?.at,
        },
      },
    ])
  })

  test('ten make it an S2, and its clocks run faster', () => {
    const play = reach('verifying')
    const before = play.state.deadlines.find((d) => d.step === 'resolve')?.due ?? 0
    for (let n = 1; n <= 9; n++) play.event(joins(n))
    expect(play.state).toMatchObject({ severity: 'S2' })
    expect(play.state.deadlines.find((d) => d.step === 'contact')?.due).toBe(play.now + hours(1))
    expect(play.state.deadlines.find((d) => d.step === 'resolve')?.due).toBeLessThanOrEqual(before)
  })

  test('hears progress and the result, but is not asked', () => {
    const play = reach('resolving').event(joins(1))
    play.does('zhang', { type: 'progress', text: '配件到了', media: [] })
    play.does('zhang', { type: 'done', text: '换好了', media: [photo()] }).passes(minutes(2))
    const told = noticesTo(play.effects, 'conversation', 101 as ConversationId).map((n) => n.notice.type)
    expect(told).toEqual(['registered', 'progress', 'result'])
  })

  test('what it adds is heard by the handler, and thanked for to nobody else', () => {
    const play = reach('verifying')
    const from = play.mark
    play.event({ type: 'followerSays', complaint: 101 as ComplaintId, urges: true, text: null, media: [] })
    expect([types(play, from), play.heard('zhang', from).map((n) => n.type)]).toEqual([[], ['residentUrged']])
  })

  test('goes on for the next when the first takes it back', () => {
    const play = reach('verifying').event(joins(1)).event({ type: 'withdraw', text: '搬走了' })
    expect(play.state).toMatchObject({ status: 'verifying', person: 101, conversation: 101, followers: [] })
    expect(play.state.about).toMatchObject({ name: null, phone: null })
    expect(noticesTo(play.last.effects, 'conversation', null)).toMatchObject([
      { to: 21, notice: { type: 'withdrawn' } },
    ])
  })

  test('stands by itself when the other is over already', () => {
    const closed = reach('closed').event(joins(1))
    expect(closed.last.effects).toEqual([
      { do: 'tell', whom: { to: 'complaint', id: 101 }, event: { type: 'separate' } },
    ])
    const play = reach('merged').event({ type: 'separate' })
    expect(play.state).toMatchObject({ status: 'assigned', main: null, owner: 'zhang' })
    expect(types(play)).toEqual(['registered'])
  })
})

describe('a new identity that says it is the resident', () => {
  test('is believed once staff confirm, and hears the case from then on', () => {
    const play = reach('verifying').event({ type: 'claim', conversation: 77 as ConversationId })
    play.does('wang', { type: 'settleClaim', right: true })
    expect(play.heard('wang').at(-1)).toMatchObject({ why: 'notYours' })
    play.does('chen', { type: 'settleClaim', right: true })
    expect(play.state).toMatchObject({ conversation: 77, claim: null })
    expect(noticesTo(play.last.effects, 'conversation', null)).toMatchObject([
      { to: 77, notice: { type: 'claimSettled', person: 11 } },
    ])
  })

  test.each(['registered', 'verifying'] as const)(
    'is compared by the owner, the supervisor or 客服, whoever is there, while %s',
    (status) => {
      const play = reach(status)
      const from = play.mark
      play.event({ type: 'claim', conversation: 77 as ConversationId })
      const heard = ['zhang', 'li', 'chen', 'wang'].filter((id) => play.heard(id, from).length > 0)
      expect(heard).toEqual(status === 'registered' ? ['li', 'chen'] : ['zhang', 'li', 'chen'])
      for (const id of ['li', 'chen']) expect(play.card(id), id).not.toBeNull()
    },
  )

  test.each(['verifying', 'closed'] as const)('is told no when it is not, or %s', (status) => {
    const play = reach(status).event({ type: 'claim', conversation: 77 as ConversationId })
    if (isOpen(status)) play.does('zhang', { type: 'settleClaim', right: false })
    expect(play.state.conversation).toBe(21)
    expect(noticesTo(play.last.effects, 'conversation', null)).toMatchObject([
      { to: 77, notice: { type: 'claimSettled', person: null } },
    ])
  })
})

describe('the right to be forgotten', () => {
  test('who they are goes at once, what they said with the end of the case', () => {
    const play = reach('verifying').event({ type: 'forget' })
    expect(play.state.about).toMatchObject({ name: null, phone: null, household: null })
    expect(play.state.about.words).not.toBe('')
    play.event({ type: 'withdraw', text: null })
    expect(play.state.about).toMatchObject({ words: '', summary: '', findings: [] })
    expect(play.last.effects.some((e) => e.do === 'forget')).toBe(true)
  })

  test('of a case that is over everything goes at once', () => {
    const play = reach('closed').event({ type: 'forget' })
    expect(JSON.stringify(play.state.about)).not.toMatch(/林|1381|楼道/u)
    expect(entries(play.last.effects).map((e) => e.type)).toEqual(['forgotten'])
  })
})

test('a resident who asked for a person is spoken to by whoever has it, until the last word', () => {
  const play = reach('verifying', { wantsPerson: true }).does('zhang', {
    type: 'reply',
    text: '我是张建国',
    media: [],
    final: false,
  })
  expect(play.state.wantsPerson).toBe(true)
  play.does('zhang', { type: 'reply', text: '下午去看', media: [], final: true })
  expect(play.state).toMatchObject({ wantsPerson: false, status: 'verifying' })
  expect(staffNotices(play.last.effects)).toMatchObject([
    { to: 'zhang', notice: { type: 'recorded', act: 'reply' } },
  ])
})

describe('a resident who asks for a person', () => {
  const asks = (level: 0 | 1 | 2) => ({ type: 'wantsPerson', text: '叫人来', level }) as const

  test('hears who speaks to them, and until when: whoever has it', () => {
    const play = reach('verifying').event(asks(0))
    expect(play.resident().at(-1)).toMatchObject({ type: 'personComing', name: '张建国' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'wantsPerson', level: 0 })
    expect(reach('assigned').event(asks(0)).resident().at(-1)).toMatchObject({
      type: 'personComing',
      name: null,
    })
  })

  test.each([
    [1, 'li', '李敏'],
    [2, 'sun', '孙洁'],
  ] as const)(
    'in fury or after a threat (%i) is called from above, which is kept by the call',
    (level, by, name) => {
      const play = reach('verifying').event(asks(level))
      expect(play.state.callback).toMatchObject({ by, why: 'asked' })
      expect(play.resident().at(-1)).toMatchObject({ type: 'personComing', name })
      expect(play.card(by)?.buttons.map((b) => b.action)).toContain('contact:phone')
      play.does(by, { type: 'contact', outcome: 'noAnswer', words: null })
      expect(play.state.callback).not.toBeNull()
      play.does(by, { type: 'contact', outcome: 'phone', words: '说开了' })
      expect(play.state).toMatchObject({ callback: null, wantsPerson: false, owner: 'zhang' })
      expect(play.state.promises.find((p) => p.what === 'callback')?.kept).toBe(play.now)
    },
  )

  test('already while telling it', () => {
    const play = new Play().registers({ wantsPerson: true, wantsLevel: 1 })
    expect(types(play)).toEqual(['registered', 'personComing'])
    expect(play.state.callback).toMatchObject({ by: 'li', why: 'asked' })
  })
})

test('theft, damage and falling things: whoever is asked and the guards keep the footage within the hour', () => {
  const play = new Play().registers({ code: 'SE03' })
  const keepers = staffNotices(play.last.effects).filter((n) => n.notice.type === 'footage')
  expect(keepers.length).toBeGreaterThan(0)
  for (const { notice } of keepers)
    expect(notice).toMatchObject({ by: play.now + hours(1), place: '3栋 电梯厅' })
})

test('whoever takes it reads the whole matter, with the resident’s pictures; whoever is only asked does not', () => {
  const play = new Play().registers({ demand: '换灯' })
  expect(play.heard('zhang')).toEqual([])
  play.does('zhang', { type: 'accept' })
  expect(play.heard('zhang')[0]).toMatchObject({ type: 'brief', demand: '换灯', media: [photo(401)] })
})
