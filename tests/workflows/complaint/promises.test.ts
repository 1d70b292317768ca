import { describe, expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '../../../workflows/ids.ts'
import { refused } from '../../../workflows/phrases/staff.ts'
import { addLimit } from '../../../workflows/calendar.ts'
import { anEstate, at, mondayTen, photo, Play, reach, staffId } from '../../support/builders.ts'

const planFor = (play: Play, length: number) =>
  play.does('zhang', { type: 'plan', text: '换整灯', promise: play.now + length, gap: null })

const kinds = (play: Play, from = 0) => play.resident(from).map((n) => n.type)

describe('a press that can be undone', () => {
  test.each([
    ['responsibility', 'verifying'],
    ['plan', 'resolving'],
    ['done', 'resolving'],
  ] as const)('%s: nothing is told for a minute, and taking it back restores all of it', (act, status) => {
    const play = ready(status)
    const before = play.state
    const from = play.mark
    press(play, act)
    expect(play.state.held?.act).toBe(act)
    expect(play.heard('zhang', from)).toMatchObject([
      { type: 'recorded', act, undoUntil: play.now + seconds(60) },
    ])
    play.sleeps(seconds(59)).does('zhang', { type: 'undo' })
    expect(play.state).toEqual(before)
    expect(kinds(play, from)).toEqual([])
    expect(play.timeline(from).map((e) => e.type)).toContain('undone')
    play.passes(minutes(10))
    expect(kinds(play, from)).toEqual([])
  })

  test.each([
    ['responsibility', 'verifying', 'responsibility'],
    ['plan', 'resolving', 'plan'],
    ['done', 'resolving', 'done'],
  ] as const)('%s: after the minute it is told once, and undoing is refused', (act, status, notice) => {
    const play = ready(status)
    const from = play.mark
    press(play, act)
    play.passes(seconds(60)).does('zhang', { type: 'undo' })
    expect(kinds(play, from)).toEqual([notice])
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'refused', why: 'nothingHeld' })
    play.passes(hours(1))
    expect(kinds(play, from)).toEqual([notice])
  })

  test('the timer late by a moment: the minute is over all the same', () => {
    const play = reach('resolving')
    planFor(play, hours(5)).sleeps(seconds(61)).does('zhang', { type: 'undo' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'tooLate' })
  })

  test('the next press confirms the one before', () => {
    const play = reach('resolving')
    const from = play.mark
    planFor(play, hours(5)).passes(seconds(5))
    planFor(play, hours(6))
    expect(play.resident(from)).toMatchObject([{ type: 'plan', promise: mondayTen + seconds(61) + hours(5) }])
    expect(
      play.state.promises.filter((p) => p.replaced === null && p.kept === null && p.what === 'resolve'),
    ).toHaveLength(1)
  })

  test('what happened since the press stays when it is taken back', () => {
    const play = reach('resolving')
    planFor(play, hours(5)).does('zhang', { type: 'arrive' })
    play.event({ type: 'supplement', text: '还有一盏', media: [] }).does('zhang', { type: 'undo' })
    expect(play.state.marks.arrived).not.toBeNull()
    expect(play.state.deadlines.map((d) => d.step)).not.toContain('contact')
    expect(play.state.promises.find((p) => p.what === 'contact')?.kept).not.toBeNull()
    expect(play.state.about.words).toContain('还有一盏')
    expect(play.state.about.plan).toBeNull()
  })

  test.each([
    [
      'handed over',
      (p: Play) => p.does('zhang', { type: 'handOver', to: staffId('wang'), reason: null }),
      ['plan'],
    ],
    ['taken over', (p: Play) => p.does('li', { type: 'takeOver' }), ['movedTo', 'plan']],
    [
      'reported on',
      (p: Play) => p.does('zhang', { type: 'progress', text: '在换', media: [] }),
      ['plan', 'progress'],
    ],
    [
      'written to the resident about',
      (p: Play) => p.does('zhang', { type: 'reply', text: '在换', media: [], final: false }),
      ['plan', 'reply'],
    ],
    ['withdrawn', (p: Play) => p.event({ type: 'withdraw', text: null }), ['withdrawn']],
    [
      'extended',
      (p: Play) => p.does('li', { type: 'extend', until: p.now + hours(9), reason: '等件' }),
      ['plan', 'extended'],
    ],
  ] as const)('a case that is %s within the minute: the press stands', (_, move, told) => {
    const play = reach('resolving')
    const from = play.mark
    move(planFor(play, hours(5)).passes(seconds(20)))
    expect(play.state.held).toBeNull()
    expect(kinds(play, from)).toEqual(told)
  })

  test('a resident who already says it is solved is not asked whether it is', () => {
    const play = reach('resolving')
    const from = play.mark
    press(play, 'done')
    play.event({ type: 'solved' }).passes(minutes(5))
    expect(kinds(play, from)).toEqual(['askRating'])
  })

  test('photos that follow within the minute go along with the result', () => {
    const play = reach('resolving')
    press(play, 'done')
    play.does('zhang', { type: 'progress', text: null, media: [photo(601)] })
    play.does('zhang', { type: 'progress', text: null, media: [photo(602)] }).passes(seconds(61))
    expect(play.resident().at(-1)).toMatchObject({
      type: 'done',
      media: [photo(501), photo(601), photo(602)],
    })
  })
})

function ready(status: 'verifying' | 'resolving'): Play {
  const play = reach(status)
  if (status === 'resolving') return play
  return play
    .does('zhang', { type: 'finding', text: '灯坏', media: [photo()] })
    .does('zhang', { type: 'verified' })
}

function press(play: Play, act: 'responsibility' | 'plan' | 'done'): void {
  if (act === 'plan') planFor(play, hours(5))
  else if (act === 'done') play.does('zhang', { type: 'done', text: '换好了', media: [photo()] })
  else play.does('zhang', { type: 'responsibility', code: 'none', who: null, words: null })
}

describe('promises', () => {
  const promise = (play: Play, what: string) => play.state.promises.findLast((p) => p.what === what)

  test('the first one is when a person speaks to them; an enquiry is promised its answer', () => {
    expect(new Play().registers().resident()[0]).toMatchObject({ promise: at('2026-11-23 15:30') })
    expect(new Play().registers({ kind: 'enquiry', code: 'SG03' }).state.promises).toMatchObject([
      { what: 'reply' },
    ])
  })

  test.each(['S1', 'S2', 'S3', 'S4'] as const)(
    '%s received twelve hours late is promised a time ahead',
    (severity) => {
      const play = new Play().registers({ severity, receivedAt: mondayTen - hours(12) })
      expect(play.state.promises[0]?.at).toBeGreaterThan(mondayTen)
      expect(play.resident()[0]).toMatchObject({ promise: play.state.promises[0]?.at })
    },
  )

  test('is kept by the first human word', () => {
    const play = reach('verifying')
      .passes(minutes(5))
      .does('zhang', { type: 'contact', outcome: 'phone', words: null })
    expect(promise(play, 'contact')).toMatchObject({ kept: play.now, broken: false })
    play.passes(days(1))
    expect(kinds(play)).not.toContain('promiseBroken')
  })

  test('is not kept by a call nobody answered', () => {
    const play = reach('verifying').does('zhang', { type: 'contact', outcome: 'noAnswer', words: null })
    expect(promise(play, 'contact')?.kept).toBeNull()
  })

  test('broken: the resident hears it from us, the handler and one supervisor are told, and kept late stays broken', () => {
    const play = reach('resolving')
    planFor(play, hours(1)).passes(hours(1))
    const from = play.mark
    play.passes(seconds(1))
    expect(play.resident(from)).toMatchObject([{ type: 'promiseBroken', holder: '张建国' }])
    expect(play.heard('zhang', from)).toMatchObject([{ type: 'reminder', step: 'resolve', percent: 100 }])
    expect(play.heard('li', from)).toMatchObject([{ type: 'escalation', step: 'resolve', holder: '张建国' }])
    play.passes(hours(2))
    expect(play.timeline(from).filter((e) => e.type === 'promiseBroken')).toHaveLength(1)
    press(play, 'done')
    expect(promise(play, 'resolve')).toMatchObject({ kept: play.now, broken: true })
  })

  test('of an S3 broken in the evening: the resident hears it then, the staff when they open, and not if it was kept by then', () => {
    const evening = () => {
      const play = reach('resolving').until(at('2026-11-23 17:50'))
      planFor(play, hours(1)).passes(minutes(2))
      const from = play.mark
      play.until(at('2026-11-23 20:00'))
      return { play, from }
    }
    const { play, from } = evening()
    expect(kinds(play, from)).toEqual(['promiseBroken'])
    expect([...play.heard('zhang', from), ...play.heard('li', from)]).toEqual([])
    play.until(at('2026-11-24 08:30'))
    expect(play.heard('zhang', from)).toMatchObject([{ type: 'reminder', step: 'resolve', percent: 100 }])
    expect(play.heard('li', from)).toMatchObject([{ type: 'escalation', step: 'resolve' }])
    const kept = evening()
    press(kept.play, 'done')
    const done = kept.play.mark
    kept.play.until(at('2026-11-24 08:30'))
    expect(kept.play.heard('li', done).filter((n) => n.type === 'escalation')).toEqual([])
  })

  test('of an S2 broken at night: the staff hear it as well', () => {
    const play = reach('resolving', { severity: 'S2' }).until(at('2026-11-23 22:00'))
    planFor(play, hours(1)).passes(minutes(2))
    const from = play.mark
    play.until(at('2026-11-23 23:01'))
    const heard = play.heard('li', from).filter((n) => n.type === 'escalation' && !n.unanswered)
    expect(heard).toMatchObject([{ step: 'resolve' }])
  })

  test('the handler is reminded before it, once', () => {
    const play = reach('resolving')
    planFor(play, hours(5))
    const reminded = () => play.heard('zhang').filter((n) => n.type === 'reminder' && n.step === 'resolve')
    play.passes(hours(4) - minutes(1))
    expect(reminded()).toEqual([])
    play.passes(minutes(30))
    expect(reminded()).toMatchObject([{ step: 'resolve', percent: 80 }])
  })

  describe('broken raises the case one level, S2 at most (domain.md 2.1)', () => {
    const raises = (play: Play) => play.timeline().filter((e) => e.type === 'raised')
    const breaks = (play: Play) => planFor(play, hours(1)).passes(hours(1) + seconds(1))

    test.each([
      ['S4', 'S3'],
      ['S3', 'S2'],
      ['S2', 'S2'],
    ] as const)('%s to %s', (from, to) => {
      const play = breaks(reach('resolving', { severity: from }))
      expect(play.state.severity).toBe(to)
      expect(raises(play).map((e) => e.data)).toEqual(from === to ? [] : [{ from, to, why: 'brokenPromise' }])
      if (to === 'S2')
        expect(play.state.deadlines.find((d) => d.step === 'resolve')?.due).toBeLessThanOrEqual(
          play.now + days(3),
        )
    })

    test('each of them: a second one raises an S4 to S2', () => {
      const play = breaks(breaks(reach('resolving', { severity: 'S4' }))).until(at('2026-11-23 13:30'))
      expect(play.state.severity).toBe('S2')
      expect(raises(play)).toHaveLength(2)
    })

    test('of an S3 in the evening with its people in the morning, also where another time was told meanwhile', () => {
      const play = reach('resolving').until(at('2026-11-23 17:50'))
      planFor(play, hours(1)).until(at('2026-11-23 20:00'))
      planFor(play, hours(16)).until(at('2026-11-24 08:29'))
      expect(play.state.severity).toBe('S3')
      const from = play.mark
      play.until(at('2026-11-24 08:30'))
      expect(play.state.severity).toBe('S2')
      expect(play.heard('li', from).filter((n) => n.type === 'escalation' && n.step === 'resolve')).toEqual(
        [],
      )
    })

    test('not where the time was moved before it passed, nor where it came true', () => {
      const moved = planFor(reach('resolving'), hours(2)).passes(hours(1))
      moved.does('li', { type: 'extend', until: moved.now + hours(3), reason: '等件' }).passes(hours(2))
      const kept = planFor(reach('resolving'), hours(2)).passes(hours(1))
      press(kept, 'done')
      kept.passes(hours(2))
      expect([moved.state.severity, kept.state.severity]).toEqual(['S3', 'S3'])
    })

    test('when a person speaks to them, or they hear next, is no such promise; its step answers for it', () => {
      const play = reach('verifying').passes(days(4))
      expect(play.timeline().map((e) => e.type)).toContain('promiseBroken')
      expect(play.state.severity).toBe('S3')
    })
  })

  test('replaced in time by an extension with its reason, it is neither kept nor broken', () => {
    const play = reach('resolving')
    planFor(play, hours(2))
      .passes(hours(1))
      .does('li', { type: 'extend', until: play.now + hours(6), reason: '等配件' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'extended', reason: '等配件' })
    play.passes(hours(3))
    expect(kinds(play)).not.toContain('promiseBroken')
    expect(play.state.promises.filter((p) => p.what === 'resolve')).toMatchObject([
      { kept: null, broken: false },
      { replaced: null, broken: false },
    ])
  })

  test('a time in the past is no promise', () => {
    const play = reach('resolving').does('zhang', {
      type: 'plan',
      text: '换灯',
      promise: mondayTen,
      gap: null,
    })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'promisePast' })
  })
})

describe('extensions', () => {
  test('one by a supervisor, of at most half the limit; a second by a manager', () => {
    const play = reach('resolving')
    // Three days of eight service hours, until Thursday at ten: half of them are twelve more.
    expect(play.state.deadlines.find((d) => d.step === 'resolve')?.due).toBe(at('2026-11-26 10:00'))
    const extend = (by: string, until: number) => play.does(by, { type: 'extend', until, reason: '等配件' })
    extend('wang', play.now + hours(1))
    expect(play.heard('wang').at(-1)).toMatchObject({ why: 'level' })
    extend('li', at('2026-11-27 15:30') + 1)
    expect(play.heard('li').at(-1)).toMatchObject({ why: 'tooLong' })
    extend('li', at('2026-11-27 15:30'))
    expect(play.state.extensions).toBe(1)
    extend('li', play.now + days(9))
    expect(play.heard('li').at(-1)).toMatchObject({ why: 'level' })
    extend('sun', play.now + days(20))
    expect(play.state.extensions).toBe(2)
  })

  test('a third is refused to anybody, for their number and not for the level', () => {
    const play = reach('resolving')
    const extend = (by: string, until: number) => play.does(by, { type: 'extend', until, reason: '等配件' })
    extend('sun', play.now + days(4))
    extend('sun', play.now + days(5))
    for (const by of ['li', 'sun', 'wu']) {
      extend(by, play.now + days(6))
      expect(play.heard(by).at(-1)).toMatchObject({ type: 'refused', why: 'extendedTwice' })
    }
    expect(refused('extendedTwice', 'TS-1', 'resolving', null)).toContain('已经延期两次')
    expect(play.state.extensions).toBe(2)
  })

  test.each([
    ['over a night', '2026-11-23 17:00', '2026-11-24 09:00'],
    ['over a weekend', '2026-11-27 17:00', '2026-11-30 09:00'],
  ])('half of the limit is not less for a pause %s, nor more', (_, from, to) => {
    const start = from.slice(0, 11)
    const play = reach('verifying', {}, at(`${start}10:00`)).until(at(from))
    const before = play.state.deadlines.find((d) => d.step === 'resolve')?.due ?? 0
    play.does('zhang', { type: 'pause', why: 'weather', words: '暴雨', until: at(to) })
    play.does('li', { type: 'decidePause', allow: true, words: null }).until(at(to) - minutes(1))
    play.does('zhang', { type: 'resume' })
    const due = play.state.deadlines.find((d) => d.step === 'resolve')?.due ?? 0
    expect(due - before).toBe(minutes(89))
    const twelve = { amount: 12, unit: 'h', working: true } as const
    const last = addLimit(anEstate().calendar, due, twelve)
    play.does('li', { type: 'extend', until: last + 1, reason: '等件' })
    expect(play.heard('li').at(-1)).toMatchObject({ why: 'tooLong' })
    play.does('li', { type: 'extend', until: last, reason: '等件' })
    expect(play.state.extensions).toBe(1)
  })

  test('of what was transferred there is no limit to extend: refused in words that say what to do', () => {
    const play = reach('resolving').does('zhang', { type: 'transfer', who: '供电公司', words: '外线检修' })
    const { promises } = play.state
    play.does('li', { type: 'extend', until: play.now + hours(6), reason: '等供电公司' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'transferred' })
    expect(play.state.promises).toEqual(promises)
    expect(refused('transferred', 'TS-1', 'resolving', null)).toMatch(/转给第三方.*进展.*收回自办/u)
    play.does('zhang', { type: 'takeBack' })
    play.does('li', { type: 'extend', until: play.now + hours(6), reason: '等件' })
    expect(play.state.extensions).toBe(1)
  })

  test('an extended time that passes escalates anew, and what was missed stays on record', () => {
    const play = reach('resolving')
    const due = () => play.state.deadlines.find((d) => d.step === 'resolve')?.due ?? 0
    play.until(due() + hours(1))
    play.does('sun', { type: 'extend', until: play.now + hours(2), reason: '等配件' }).until(due() + hours(1))
    expect(play.timeline().filter((e) => e.type === 'missed' && e.data.step === 'resolve')).toHaveLength(2)
  })
})
