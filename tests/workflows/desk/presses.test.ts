import { describe, expect, test } from 'vitest'
import type { CardFace } from '../../../workflows/complaint/events.ts'
import type { Complaint } from '../../../workflows/complaint/state.ts'
import { hours, minutes, seconds, type ConversationId } from '../../../workflows/ids.ts'
import type { Card } from '../../../workflows/message.ts'
import {
  cardsOf,
  mondayTen,
  openStatuses,
  photo,
  Play,
  reach,
  staffId,
  staffNotices,
  trapped,
} from '../../support/builders.ts'
import { aCase, AtDesk } from './at-desk.ts'

const chosen: Record<string, string[]> = { code: ['full'], staff: ['wang'] }

describe('a press that needs no words', () => {
  test.each([
    ['accept', { type: 'accept' }],
    ['arrive', { type: 'arrive' }],
    ['verified', { type: 'verified' }],
    ['undo', { type: 'undo' }],
    ['revealPhone', { type: 'revealPhone' }],
    ['urge', { type: 'urge' }],
    ['takeOver', { type: 'takeOver' }],
    ['sign', { type: 'sign' }],
    ['footageKept', { type: 'footageKept' }],
    ['contact:phone', { type: 'contact', outcome: 'phone', words: null }],
    ['contact:met', { type: 'contact', outcome: 'met', words: null }],
    ['contact:noAnswer', { type: 'contact', outcome: 'noAnswer', words: null }],
    ['visit:noAnswer', { type: 'visit', outcome: 'noAnswer', stars: null, words: null }],
    ['claim:right', { type: 'settleClaim', right: true }],
    ['claim:wrong', { type: 'settleClaim', right: false }],
    ['chooseHandOver', { type: 'handOver', to: 'wang', reason: null }],
    ['chooseReassign', { type: 'reassign', to: 'wang', reason: null }],
  ])('%s', (action, event) => {
    const c = aCase(7)
    const desk = new AtDesk('zhang', [c]).presses(c, action, chosen)
    expect(desk.told[0]).toMatchObject({ case: 7, by: 'zhang', ...event })
  })

  test.each(['handOver', 'reassign', 'more', 'lead', 'back', 'responsibility'])(
    '%s shows another face',
    (action) => {
      const c = aCase(7, { verified: mondayTen, about: { findings: ['坏了'] }, proof: 1 })
      const desk = new AtDesk('zhang', [c]).presses(c, action)
      expect(desk.told).toMatchObject([
        { type: 'showCard', face: action === 'back' ? 'task' : action, anew: false },
      ])
    },
  )
})

describe('a press that asks for words', () => {
  const plain = (over: Parameters<typeof aCase>[1] = {}) => aCase(7, over)
  const due = 'TS-20261123-0007'

  test.each([
    ['decline', { status: 'assigned' }, '在修3栋', { type: 'decline', reason: '在修3栋' }],
    ['finding', {}, '灯座锈了', { type: 'finding', text: '灯座锈了', media: [] }],
    ['ask', {}, '几点在家？', { type: 'ask', text: '几点在家？' }],
    ['hear', {}, '保洁说：前天就坏了', { type: 'hear', name: '保洁', words: '前天就坏了' }],
    ['hear', {}, '保洁：没联系上', { type: 'hear', name: '保洁', words: null }],
    ['hear', {}, '王强', { type: 'party', name: '王强', staff: 'wang' }],
    ['progress', {}, '配件到了', { type: 'progress', text: '配件到了', media: [] }],
    ['reply', {}, '明天来', { type: 'reply', text: '明天来', final: true }],
    [
      'visit:solved',
      { callback: { by: staffId('zhang'), why: 'low', since: null, next: null } },
      '4星，说修得快',
      { type: 'visit', outcome: 'solved', stars: 4, words: '4星，说修得快' },
    ],
    [
      'visit:notSolved',
      { callback: { by: staffId('zhang'), why: 'low', since: null, next: null } },
      '无',
      { type: 'visit', outcome: 'notSolved', stars: null, words: null },
    ],
    [
      'chooseResponsibility',
      {},
      '巡查漏了',
      { type: 'responsibility', code: 'full', who: null, words: '巡查漏了' },
    ],
    ['chooseResponsibility', {}, '无', { type: 'responsibility', code: 'full', who: null, words: null }],
    [
      'done',
      { status: 'resolving', code: 'FE01' },
      '账单改好了',
      { type: 'done', text: '账单改好了', media: [] },
    ],
    [
      'standDown',
      { danger: { ...trapped, suspected: false } },
      '轿厢里没人',
      { type: 'standDown', words: '轿厢里没人' },
    ],
  ] as const)('%s %o', (action, over, words, event) => {
    const c = plain(over)
    const who = c.owner ?? 'zhang'
    const desk = new AtDesk(who, [c]).presses(c, action, chosen)
    expect(desk.told).toEqual([])
    expect(desk.state.wanting?.complaint).toBe(7)
    desk.writes(words)
    expect(desk.told).toMatchObject([{ case: 7, by: who, ...event }])
    expect(desk.state.wanting).toBeNull()
    expect(c.number).toBe(due)
  })

  test('a third party is asked for until there is one', () => {
    const c = plain()
    const desk = new AtDesk('zhang', [c]).presses(c, 'chooseResponsibility', { code: ['thirdParty'] })
    expect(desk.said).toContain('第三方是谁')
    expect(desk.writes('无').told).toEqual([])
    expect(desk.writes('供电公司，外线检修').told).toMatchObject([
      { type: 'responsibility', code: 'thirdParty', who: '供电公司', words: '外线检修' },
    ])
  })

  test('a plan without a time asks when; a time that is over is asked again', () => {
    const c = plain({ status: 'resolving' })
    const desk = new AtDesk('zhang', [c]).presses(c, 'plan').writes('更换轴承')
    expect(desk.said).toContain('什么时候前')
    expect(desk.writes('尽快').said).toContain('没看懂时间')
    expect(desk.writes('今天9点').said).toContain('已经过了')
    expect(desk.writes('明天15:00前').told).toMatchObject([
      { type: 'plan', text: '更换轴承', promise: mondayTen + hours(29), gap: null },
    ])
  })

  test('a plan is asked for its gap where the resident wanted something', () => {
    const c = plain({ status: 'resolving', about: { demand: '换整个灯具' } })
    const desk = new AtDesk('zhang', [c]).presses(c, 'plan').writes('先换灯管，明天15:00前')
    expect([desk.told, desk.said.includes('差别')]).toEqual([[], true])
    expect(desk.writes('灯具要等采购').told).toMatchObject([
      { type: 'plan', text: '先换灯管', gap: '灯具要等采购' },
    ])
    desk.presses(c, 'plan').writes('换整灯，明天15:00前').writes('没有')
    expect(desk.told).toMatchObject([{ type: 'plan', gap: null }])
  })

  test('an extension needs a time and takes the rest as its reason', () => {
    const c = plain({ status: 'resolving', cards: [{ staff: staffId('li'), role: 'watch' }] })
    const desk = new AtDesk('li', [c]).presses(c, 'extend').writes('等配件')
    expect(desk.said).toContain('没看懂时间')
    expect(desk.writes('今天16:00前，等配件').told).toMatchObject([
      { type: 'extend', by: 'li', reason: '等配件' },
    ])
  })

  test('nothing chosen: said so, and nothing told', () => {
    const c = plain()
    for (const action of ['chooseHandOver', 'chooseReassign', 'chooseResponsibility']) {
      const desk = new AtDesk('zhang', [c]).presses(c, action, {})
      expect([desk.told, desk.said]).toEqual([[], expect.stringContaining('先在卡片上选')])
    }
  })
})

describe('photos of finished work', () => {
  const c = aCase(7, { status: 'resolving' })

  test('before the words', () => {
    const desk = new AtDesk('zhang', [c]).presses(c, 'done').sendsPhoto(601).sendsPhoto(602)
    expect([desk.told, desk.said]).toEqual([[], expect.stringContaining('照片收到')])
    expect(desk.writes('换好了').told).toMatchObject([
      { type: 'done', text: '换好了', media: [photo(601), photo(602)] },
    ])
    expect(desk.state.photos).toEqual([])
  })

  test('after the words, which are kept until one comes', () => {
    const desk = new AtDesk('zhang', [c]).presses(c, 'done').writes('换好了')
    expect([desk.told, desk.said]).toEqual([[], expect.stringContaining('完工照片')])
    expect(desk.writes('灯座也换了').said).toContain('完工照片')
    expect(desk.sendsPhoto(601).told).toMatchObject([
      { type: 'done', text: '换好了，灯座也换了', media: [photo(601)] },
    ])
  })

  test('of one case are not taken for another’s', () => {
    const other = aCase(8, { status: 'resolving' })
    const desk = new AtDesk('zhang', [c, other])
      .presses(c, 'done')
      .sendsPhoto(601)
      .presses(other, 'done')
      .writes('好了')
    expect(desk.told).toEqual([])
    expect(desk.sendsPhoto(602).told).toMatchObject([{ case: 8, media: [photo(602)] }])
  })
})

describe('an old card', () => {
  test.each(['closed', 'withdrawn'] as const)(
    'of a case that is %s answers with the state in words and is redrawn',
    (status) => {
      const c = aCase(7, { status })
      const desk = new AtDesk('zhang', [c]).presses(c, 'plan')
      expect(desk.said).toContain(status === 'closed' ? '已办结' : '已撤回')
      expect(desk.told).toMatchObject([{ type: 'showCard', face: 'task', anew: false }])
    },
  )

  test('is refused before the words are written, not after', () => {
    const c = aCase(7, { status: 'confirming' })
    const desk = new AtDesk('zhang', [c]).presses(c, 'done')
    expect(desk.state.wanting).toBeNull()
    expect(desk.said).toContain('已经办过了')
    const moved = aCase(8, {
      status: 'resolving',
      owner: staffId('wang'),
      cards: [{ staff: staffId('zhang'), role: 'watch' }],
    })
    expect(new AtDesk('zhang', [moved]).presses(moved, 'plan').said).toContain('王强负责')
  })

  test('with a button this version does not know', () => {
    const c = aCase(7)
    expect(new AtDesk('zhang', [c]).presses(c, 'dance').said).toContain('已经过时')
  })

  test('whose case cannot be found', () => {
    const desk = new AtDesk('zhang').gets({
      type: 'press',
      card: 'gone',
      code: null,
      action: 'accept',
      selected: {},
    })
    expect(desk.said).toContain('已经失效')
  })

  test.each([
    ['the person complained about', 'wang', { subjects: [staffId('wang')] }],
    ['another estate', 'qian', {}],
  ])('in the hands of %s says nothing and is left to the table', (_, staff, over) => {
    const c = aCase(7, over)
    const desk = new AtDesk(staff, [c]).presses(c, 'revealPhone')
    expect([desk.said, desk.told]).toEqual(['', [{ case: 7, type: 'accept', by: staff }]])
  })
})

// Refusals that a card must not lead to: whoever may not, or a state in which it makes no sense.
const nonsense = [
  'notYours',
  'level',
  'closed',
  'notYet',
  'subject',
  'taken',
  'alreadyDone',
  'nothingHeld',
  'tooLate',
  'notForService',
  'noClaim',
  'handlerVisits',
  'unknownPerson',
  'noPhone',
]

describe('whatever a card offers can be done', () => {
  const readers = ['zhang', 'wang', 'li', 'zhao', 'sun', 'wu', 'chen', 'root']
  const faces: readonly CardFace[] = [
    'task',
    'responsibility',
    'handOver',
    'reassign',
    'contact',
    'more',
    'lead',
  ]

  const situations: readonly (readonly [string, () => Play])[] = [
    ...openStatuses.flatMap((status) =>
      (['complaint', 'repair', 'enquiry'] as const).flatMap((kind) =>
        (['S1', 'S2', 'S3'] as const).map(
          (severity) => [`${kind} ${severity} ${status}`, () => reach(status, { kind, severity })] as const,
        ),
      ),
    ),
    ['alarm', () => new Play().registers({ danger: trapped }).passes(minutes(20))],
    [
      'alarm in an accepted case',
      () => reach('resolving').event({ type: 'danger', danger: trapped, text: '' }),
    ],
    ['danger while working', () => reach('verifying', { danger: trapped })],
    [
      'something to undo',
      () =>
        reach('resolving').does('zhang', {
          type: 'plan',
          text: '换',
          promise: mondayTen + hours(5),
          gap: null,
        }),
    ],
    ['done, to undo', () => reach('resolving').does('zhang', { type: 'done', text: '换', media: [photo()] })],
    ['a claim', () => reach('verifying').event({ type: 'claim', conversation: 77 as ConversationId })],
    ['few stars', () => reach('feedback').event({ type: 'rate', stars: 1 })],
    ['failed', () => reach('confirming').event({ type: 'notSolved', partly: false, text: null, media: [] })],
    ['failed twice', () => failedTwice()],
    [
      'failed without a number',
      () =>
        reach('confirming', { phone: null }).event({
          type: 'notSolved',
          partly: false,
          text: null,
          media: [],
        }),
    ],
    ['footage to be kept', () => reach('verifying', { code: 'SE03' })],
    ['forgotten', () => reach('resolving').event({ type: 'forget' })],
    ['reopened', () => reach('closed').event({ type: 'reopen', text: '又坏', media: [] })],
    [
      'reassigned while a call is owed',
      () =>
        reach('confirming')
          .event({ type: 'notSolved', partly: false, text: null, media: [] })
          .does('sun', { type: 'reassign', to: staffId('wang'), reason: null }),
    ],
  ]

  test.each(situations)('%s', (_, start) => {
    let pressed = 0
    for (const reader of readers) {
      for (const face of faces) {
        const play = start()
        play.event({ type: 'showCard', staff: staffId(reader), face, anew: true })
        const card = cardsOf(play.last.effects).find((c) => c.to === reader)?.card
        if (!card) throw new Error(`${reader} gets no card`)
        for (const { action } of card.buttons) {
          pressAndAnswer(play.state, play.now, reader, action, card)
          pressed++
        }
      }
    }
    expect(pressed).toBeGreaterThan(0)
  })

  function pressAndAnswer(c: Complaint, now: number, reader: string, action: string, card: Card): void {
    const option = card.select?.options[0]
    const selected = card.select && option ? { [card.select.key]: [option.id] } : {}
    const desk = new AtDesk(reader, [c])
    desk.now = now + seconds(1)
    desk.presses(c, action, selected)
    const where = `${reader} presses ${action} while ${c.status}: ${desk.said}`
    expect(desk.said, where).not.toMatch(/过时|失效/u)
    expect(desk.told.length + (desk.state.wanting ? 1 : 0), where).toBeGreaterThan(0)
    let events = desk.told
    if (desk.state.wanting) {
      const words = desk.state.wanting.what === 'done' ? '办好了' : '都看过了，明天15:00前'
      events = desk.writes(words).told
      if (desk.state.wanting?.what === 'donePhotos') events = desk.sendsPhoto().told
      if (desk.state.wanting?.what === 'gap') events = desk.writes('无').told
      expect(events.length, `${where} / ${desk.said}`).toBeGreaterThan(0)
    }
    for (const { case: _, ...event } of events) {
      const play = new Play({ state: c, now: desk.now }).event(event)
      for (const { to, notice } of staffNotices(play.last.effects))
        if (to === reader && notice.type === 'refused') expect(nonsense, where).not.toContain(notice.why)
    }
  }
})

function failedTwice(): Play {
  const notSolved = { type: 'notSolved', partly: false, text: null, media: [] } as const
  const play = reach('confirming').event(notSolved)
  return play
    .does('li', { type: 'done', text: '重做', media: [photo()] })
    .passes(minutes(2))
    .event(notSolved)
}

describe('a closed case whose remedy is looked at', () => {
  const looked = aCase(7, {
    status: 'closed',
    effect: { next: mondayTen, asked: [], by: staffId('wu'), looks: 1 },
    cards: [{ staff: staffId('wu'), role: 'callback' }],
  })

  test('is among the tasks of whoever looks, whose presses are taken; 无效 asks for words', () => {
    const desk = new AtDesk('wu', [looked]).writes('待办')
    expect(desk.said).toContain('TS-20261123-0007')
    desk.presses(looked, 'effect:good')
    expect(desk.told).toMatchObject([{ type: 'judge', good: true, words: null }])
    desk.presses(looked, 'effect:bad').writes('又黑了')
    expect(desk.told).toMatchObject([{ type: 'judge', by: 'wu', good: false, words: '又黑了' }])
  })

  test('is over for everybody else', () => {
    expect(new AtDesk('li', [looked]).presses(looked, 'effect:good').told).toMatchObject([
      { type: 'showCard' },
    ])
  })
})
