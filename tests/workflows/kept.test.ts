import { describe, expect, it } from 'vitest'
import type { EstateId, Instant } from '../../workflows/ids.ts'
import type { KeptCase, KeptOfPerson } from '../../workflows/kept.ts'
import { copyFor, inParts, type CopyContext } from '../../workflows/phrases/kept.ts'
import { at, reach } from '../support/builders.ts'

const now: Instant = at('2026-11-24 10:00')

const context: CopyContext = {
  now,
  timezone: 'Asia/Shanghai',
  company: '安居物业',
  keep: { years: 5, mediaDays: 90 },
  model: false,
  nameOf: (id) => (id === 'zhang' ? '张建国' : null),
  estateOf: () => '和风苑',
}

const nobody: KeptOfPerson = {
  facts: {
    name: null,
    phone: null,
    estate: 'hefeng' as EstateId,
    household: null,
    minor: false,
    phoneRefused: true,
  },
  chats: [{ channel: 'wechaty', shownName: null, since: now, noticed: null }],
  messages: [],
  cases: [],
  files: [],
}

const entry = (
  type: string,
  words: string | null = null,
  more: Partial<KeptCase['timeline'][number]> = {},
) => ({
  type,
  staff: null,
  at: now,
  data: {},
  words,
  ...more,
})

const of = (timeline: KeptCase['timeline'], status: Parameters<typeof reach>[0] = 'resolving') =>
  copyFor({ ...nobody, cases: [{ complaint: reach(status).state, timeline }] }, context)

describe('a copy of what is kept', () => {
  it('says what was not left, what was refused, and how long as it is set', () => {
    const text = copyFor(nobody, context)
    for (const line of [
      '称呼：没有留',
      '电话：您说过不留',
      '办结后满5年',
      '办结后满90天',
      '您反映的事（0件）',
    ])
      expect(text).toContain(line)
  })

  it('counts files by their sort, and those that are gone', () => {
    const file = (kind: 'image' | 'voice', kept: boolean) => ({ id: 1 as never, kind, kept })
    const text = copyFor(
      { ...nobody, files: [file('image', true), file('image', false), file('voice', true)] },
      context,
    )
    expect(text).toContain('图片2份（其中1份已删除），语音1份')
  })

  it('leaves out what was deleted, and what is no message of theirs', () => {
    const said = (content: KeptOfPerson['messages'][number]['content'], inGroup = false) => ({
      at: now,
      inGroup,
      content,
    })
    const text = copyFor(
      {
        ...nobody,
        messages: [
          said({ type: 'text', text: '' }),
          said({ type: 'entered' }),
          said({ type: 'text', text: '楼道灯不亮' }, true),
          said({ type: 'media', kind: 'voice', media: 3 as never, name: null }),
        ],
      },
      context,
    )
    expect(text).toMatch(
      /六、您发来的话（2条）\n2026-11-24 10:00（群里） 楼道灯不亮\n2026-11-24 10:00 ［语音］$/,
    )
  })

  it.each([
    ['another household’s words', entry('supplementedByFollower', '我家也漏')],
    ['what staff write to each other', entry('handedOver', '这户难缠', { staff: 'zhang' as never })],
    [
      'a note on a call',
      entry('contacted', '一直在骂', { staff: 'zhang' as never, data: { outcome: 'phone' } }),
    ],
    ['why it is kept', entry('hold', '公安调取')],
    ['what a party said of it', entry('heard', '王强：没这回事')],
  ])('holds nothing of %s', (_, kept) => {
    expect(of([kept])).not.toContain(kept.words)
  })

  it('tells of a press only once it cannot be taken back any more', () => {
    const planned = entry('planned', '换整灯', { staff: 'zhang' as never, data: { promise: now } })
    expect(of([planned])).toContain('方案：换整灯')
    const { state } = reach('resolving')
    const held = { act: 'plan', by: 'zhang' as never, until: now, changed: '{}', notices: [] } as const
    const pressed = { complaint: { ...state, held: { ...held, notices: [] } }, timeline: [planned] }
    expect(copyFor({ ...nobody, cases: [pressed] }, context)).not.toContain('换整灯')
  })

  it('names what is on hold', () => {
    const { state } = reach('closed')
    const text = copyFor(
      { ...nobody, cases: [{ complaint: { ...state, onHold: now }, timeline: [] }] },
      context,
    )
    expect(text).toContain(`${state.number}依法须留，暂停删除`)
  })
})

describe('as messages of a chat', () => {
  it('a short one is one message without a number', () => {
    expect(inParts('一行\n两行')).toEqual(['一行\n两行'])
  })

  it('a long one is cut between lines, numbered, and whole', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `第${String(i)}行，说了一些话`)
    const parts = inParts(lines.join('\n'))
    expect(parts.length).toBeGreaterThan(1)
    expect(parts[0]).toMatch(new RegExp(`^（1/${String(parts.length)}）\\n第0行`))
    expect(parts.map((part) => part.replace(/^（.*）\n/, '')).join('\n')).toBe(lines.join('\n'))
    for (const part of parts) expect(part.length).toBeLessThan(1_600)
  })

  it('a line of 20,000 characters is cut between them, and a book ends with how to get the rest', () => {
    const whole = inParts('😀'.repeat(10_000))
    expect(whole.join('')).not.toMatch(/\p{Surrogate}/u)
    const book = inParts(Array.from({ length: 400 }, () => '字'.repeat(300)).join('\n'))
    expect(book).toHaveLength(21)
    expect(book.at(-1)).toMatch(/还有\d+个字.*回“人工”/)
  })
})
