import { describe, expect, test } from 'vitest'
import { hours, minutes, seconds } from '../../../workflows/ids.ts'
import { aCompany, at, Play, reach, staffId, staffNotices, trapped } from '../../support/builders.ts'

const inDanger = { severity: 'S1', danger: trapped, code: 'EL01', phone: '13812345678' } as const
/** Three in the morning: nobody's hours, and it rings all the same. */
const night = at('2026-11-23 03:00')

const alarmed = () => new Play({ now: night }).registers(inDanger)
const rounds = (play: Play, staff: string) => play.heard(staff).filter((n) => n.type === 'alarm').length

describe('the alarm of an S1', () => {
  test('rings the one who is asked at once, with place and call-back number, and gives supervisor and manager a card', () => {
    const play = alarmed()
    expect(play.heard('zhang')).toMatchObject([
      {
        type: 'alarm',
        round: 1,
        danger: 'trapped',
        lift: true,
        phone: '13812345678',
        dutyPhone: '0731-88881111',
      },
    ])
    expect(play.heard('zhang')[0]).toMatchObject({ place: '和风苑 3栋2单元1502室 电梯厅' })
    expect(play.state.cards).toEqual([
      { staff: 'zhang', role: 'owner' },
      { staff: 'li', role: 'alarm' },
      { staff: 'sun', role: 'alarm' },
    ])
    expect(play.card('li')?.buttons.map((b) => b.action)).toEqual(['accept'])
    expect(rounds(play, 'li')).toBe(0)
  })

  test('says that somebody is gone, not that somebody fights, and has the guards keep the footage', () => {
    const danger = { type: 'violence', lift: false, self: false, lost: true } as const
    const play = new Play({ now: night }).registers({ ...inDanger, code: 'EM04', danger })
    const first = staffNotices(play.last.effects).find(({ notice }) => notice.type === 'alarm')
    expect(first?.notice).toMatchObject({ type: 'alarm', danger: 'violence', lost: true, round: 1 })
    const title = play.card(play.state.owner ?? '')?.title
    expect(title).toContain('有人走失')
    expect(play.timeline().map((e) => e.type)).toContain('footageWanted')
  })

  test.each([
    ['every minute to the one asked', 4, ['zhang']],
    ['from 5 minutes on to the next as well, and to no more than one', 8, ['zhang', 'wang']],
    ['from 10 minutes on to the manager', 12, ['zhang', 'wang', 'sun']],
    ['from 15 minutes on to the company', 20, ['zhang', 'wang', 'sun', 'wu']],
  ])('rings %s', (_, length, circle) => {
    const play = alarmed().passes(minutes(length))
    expect(play.state.alarm?.circle).toEqual(circle)
    expect(rounds(play, 'zhang')).toBe(length + 1)
    expect(play.due).toBe(night + minutes(length + 1))
  })

  test('after the program was off for an hour it rings once, to everybody who should hear it by then', () => {
    const play = alarmed().sleeps(minutes(60)).passes(0)
    expect(rounds(play, 'zhang')).toBe(2)
    expect(play.state.alarm?.circle).toEqual(['zhang', 'wang', 'sun', 'wu'])
  })

  test('is 已通知 only once the platform took it, and gives the duty number again after a minute without a press', () => {
    const play = alarmed()
    expect(play.resident().map((n) => n.type)).toEqual(['registered'])
    play.event({ type: 'delivered', staff: play.state.owner ?? ('' as never) })
    play.event({ type: 'delivered', staff: 'li' as never })
    expect(play.resident(1).map((n) => n.type)).toEqual(['alarmDelivered'])
    play.passes(seconds(59))
    expect(play.resident(1)).toHaveLength(1)
    play.passes(minutes(3))
    expect(play.resident(1).map((n) => n.type)).toEqual(['alarmDelivered', 'alarmUntaken'])
  })

  test('rings at once with the place learned meanwhile, but says nothing of a minute that has not passed', () => {
    const play = alarmed().passes(seconds(10))
    play.event({
      type: 'amend',
      place: { building: '5', unit: null, room: null, area: '2号电梯' },
      phone: null,
      name: null,
      household: null,
      estate: null,
      text: null,
    })
    expect(play.heard('zhang').at(-1)).toMatchObject({ round: 2, place: '和风苑 5栋 2号电梯' })
    expect(play.resident().map((n) => n.type)).not.toContain('alarmUntaken')
  })

  test('stops with the first press; the second hears politely who was first', () => {
    const play = alarmed().passes(minutes(11))
    const before = play.mark
    play.does('sun', { type: 'accept' })
    expect(play.state).toMatchObject({ owner: 'sun', status: 'verifying', alarm: null })
    expect(play.resident(before)).toMatchObject([{ type: 'alarmTaken', name: '孙洁', phone: '13900000001' }])
    expect(play.heard('wang', before)).toMatchObject([{ type: 'alarmTaken', name: '孙洁' }])
    play.does('wang', { type: 'accept' })
    expect(play.heard('wang').at(-1)).toMatchObject({ type: 'refused', why: 'taken', holder: '孙洁' })
    const heard = rounds(play, 'zhang')
    play.passes(minutes(10))
    expect(rounds(play, 'zhang')).toBe(heard)
  })

  test('goes on with the next one when the one asked declines, who is rung no more', () => {
    const play = alarmed()
      .passes(seconds(30))
      .does('zhang', { type: 'decline', reason: '不在小区' })
      .passes(minutes(2))
    expect(play.state.owner).toBe('wang')
    expect(play.state.alarm?.circle).toEqual(['wang'])
    expect(rounds(play, 'zhang')).toBe(1)
    expect(rounds(play, 'wang')).toBe(3)
  })

  test('with nobody on the list rings everybody who can be asked, and waits for none', () => {
    const play = new Play({ now: night })
    play.company = aCompany({ estates: aCompany().estates.map((e) => ({ ...e, staff: [] })) })
    play.registers(inDanger)
    expect(play.state.owner).toBe('wu')
    expect(rounds(play, 'wu')).toBe(1)
    expect(rounds(play, 'root')).toBe(0)
  })

  test('in an estate not yet known rings the company and every estate’s duty; once it is known, its people only', () => {
    const play = new Play({ now: night }).registers({ ...inDanger, estate: null })
    for (const staff of ['zhang', 'wang', 'chen', 'qian', 'wu']) expect(rounds(play, staff), staff).toBe(1)
    for (const staff of ['li', 'sun', 'feng'])
      expect([rounds(play, staff), play.pushed(staff)]).toEqual([0, 1])
    expect(play.heard('zhang')[0]).toMatchObject({ dutyPhone: '0731-88880000' })
    play.event({
      type: 'amend',
      place: null,
      phone: null,
      name: null,
      household: null,
      estate: 'yunxi' as never,
      text: null,
    })
    expect(play.state.owner).toBe('qian')
    expect(play.state.alarm?.circle).toEqual(['qian', 'wu'])
    expect(play.card('zhang')).toMatchObject({ buttons: [], rows: [{ value: play.state.number }] })
    play.does('li', { type: 'accept' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'notYours', holder: null })
    play.passes(minutes(1))
    expect([rounds(play, 'zhang'), rounds(play, 'qian')]).toEqual([1, 3])
  })
})

describe('danger in a case that is under way', () => {
  const worse = { type: 'danger', danger: trapped, text: '现在有人困在里面' } as const

  test('rings until whoever has it says they go, and everything already known stays', () => {
    const play = reach('verifying').event(worse).passes(minutes(2))
    expect(play.state).toMatchObject({ severity: 'S1', owner: 'zhang', status: 'verifying' })
    expect(rounds(play, 'zhang')).toBe(3)
    play.does('zhang', { type: 'accept' })
    expect(play.state.alarm).toBeNull()
    expect(play.resident().at(-1)).toMatchObject({ type: 'alarmTaken', name: '张建国' })
  })

  test('somebody else who goes takes it over', () => {
    const play = reach('resolving').event(worse).does('li', { type: 'accept' })
    expect(play.state).toMatchObject({ owner: 'li', status: 'resolving', alarm: null })
    expect(play.heard('zhang').slice(-2)).toMatchObject([{ type: 'movedAway' }, { type: 'alarmTaken' }])
  })

  test.each(['confirming', 'feedback'] as const)('takes a case back to work while %s', (status) => {
    const play = reach(status).event(worse)
    expect(play.state).toMatchObject({ status: 'resolving', ratingUntil: null })
    expect(play.state.survey?.next).toBeNull()
    expect(play.state.marks.done).toBeNull()
  })

  test('makes an enquiry a complaint that must be handled', () => {
    const play = new Play().registers({ kind: 'enquiry', code: 'SG03' }).event(worse)
    expect(play.state.kind).toBe('complaint')
  })

  test('only suspected: no alarm, but acceptance is chased, and it rings once it is real', () => {
    const play = new Play({ now: night }).registers({ ...inDanger, severity: 'S1', suspected: true })
    expect(play.state.alarm).toBeNull()
    play.passes(minutes(6))
    expect(play.timeline().map((e) => e.type)).toContain('notAccepted')
    play.event(worse)
    expect(play.state.alarm).not.toBeNull()
    play.event({ type: 'noDanger', text: '看错了' })
    expect(play.state.danger).not.toBeNull()
  })

  test('denied after it was only suspected: the case goes on as what it is', () => {
    const play = new Play().registers({ danger: trapped, suspected: true, severity: 'S2' })
    play.event({ type: 'noDanger', text: '没有人' })
    expect(play.state).toMatchObject({ danger: null, severity: 'S2' })
  })

  test('现场无险 is the word of whoever has it; severity stays until a supervisor lowers it', () => {
    const play = alarmed().does('zhang', { type: 'accept' })
    play.does('li', { type: 'severity', to: 'S3', reason: '没人困' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'stillDanger' })
    play.event({ type: 'withdraw', text: null })
    expect(play.resident().at(-1)).toMatchObject({ type: 'refused', why: 'stillDanger' })
    play.does('zhang', { type: 'standDown', words: '轿厢里没有人' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'stoodDown', words: '轿厢里没有人' })
    expect(play.state).toMatchObject({ severity: 'S1', danger: null })
    play.does('li', { type: 'severity', to: 'S3', reason: '没人困' })
    expect(play.state.severity).toBe('S3')
  })

  test.each([
    ['handed over', (p: Play) => p.does('zhang', { type: 'handOver', to: staffId('wang'), reason: null })],
    ['reassigned', (p: Play) => p.does('li', { type: 'reassign', to: staffId('wang'), reason: null })],
    ['left by who is gone', (p: Play) => p.event({ type: 'staffGone', staff: staffId('zhang') })],
    ['not deliverable', (p: Play) => p.event({ type: 'undeliverable', staff: staffId('zhang') })],
  ] as const)('that is %s rings the next one', (_, move) => {
    const play = move(alarmed().does('zhang', { type: 'accept' }).passes(minutes(5)))
    expect(play.state).toMatchObject({ owner: 'wang', status: 'assigned' })
    expect(rounds(play, 'wang')).toBe(1)
    play.passes(minutes(2))
    expect(rounds(play, 'wang')).toBe(3)
    play.does('wang', { type: 'accept' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'alarmTaken', name: '王强' })
  })

  test('that is over rings nobody when the case changes hands', () => {
    const play = alarmed().does('zhang', { type: 'accept' })
    play.does('zhang', { type: 'standDown', words: '人出来了' })
    play.does('zhang', { type: 'handOver', to: staffId('wang'), reason: null }).passes(minutes(2))
    expect(rounds(play, 'wang')).toBe(0)
  })

  test.each([
    ['verifying', 'verifying'],
    ['resolving', 'resolving'],
    ['confirming', 'resolving'],
    ['feedback', 'resolving'],
  ] as const)('a supervisor who raises a case to S1 while %s rings whoever has it', (from, to) => {
    const play = reach(from).does('li', { type: 'severity', to: 'S1', reason: '老人独自在家' })
    expect(play.state.status).toBe(to)
    expect(rounds(play, 'zhang')).toBe(1)
    play.passes(minutes(1)).does('zhang', { type: 'accept' })
    expect(play.state.alarm).toBeNull()
    expect(rounds(play, 'zhang')).toBe(2)
  })

  test('lowered again where nobody named a danger: everybody rung hears that nobody need go', () => {
    const play = reach('assigned').does('li', { type: 'severity', to: 'S1', reason: '老人独自在家' })
    play.passes(minutes(11))
    const from = play.mark
    play.does('li', { type: 'severity', to: 'S3', reason: '家人到了' })
    for (const staff of ['zhang', 'wang', 'sun'])
      expect(play.heard(staff, from), staff).toMatchObject([{ type: 'alarmOver', name: '李敏' }])
    expect(play.state.alarm).toBeNull()
  })

  test('withdrawn while it rings: everybody rung hears that nobody need go', () => {
    const play = reach('assigned').does('li', { type: 'severity', to: 'S1', reason: '老人独自在家' })
    play.event({ type: 'withdraw', text: null })
    expect(play.heard('zhang').map((n) => n.type)).toContain('alarmOver')
  })

  test('written ten minutes or more before it arrived: the alarm says when', () => {
    const late = new Play({ now: night }).registers({ ...inDanger, receivedAt: night - minutes(10) })
    expect(late.heard('zhang')[0]).toMatchObject({ written: night - minutes(10) })
    const play = new Play({ now: night }).registers({ ...inDanger, receivedAt: night - minutes(9) })
    expect(play.heard('zhang')[0]).toMatchObject({ written: null })
    // What comes up later in the same case is news of its own time.
    late.does('zhang', { type: 'accept' }).does('zhang', { type: 'standDown', words: '没事' })
    late.passes(hours(1)).event(worse)
    expect(late.heard('zhang').at(-1)).toMatchObject({ type: 'alarm', written: null })
  })

  test('a supervisor who makes a case S1 before acceptance rings it without naming a danger nobody named', () => {
    const play = reach('assigned').does('li', { type: 'severity', to: 'S1', reason: '老人独自在家' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'alarm', danger: null })
    play.passes(minutes(1))
    expect(rounds(play, 'zhang')).toBe(2)
  })
})
