import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serviceMinutes } from '../../../workflows/calendar.ts'
import type { Registration } from '../../../workflows/complaint/events.ts'
import { complaintSchema } from '../../../workflows/complaint/index.ts'
import { days, hours, minutes } from '../../../workflows/ids.ts'
import { defaultPolicy } from '../../../workflows/policy.ts'
import { deadlineOf, recomputeDeadlines } from '../../../workflows/sla.ts'
import type { Play } from '../../support/builders.ts'
import { anEstate, at, mondayTen, photo, reach, staffId, trapped } from '../../support/builders.ts'

const { calendar } = anEstate()
const due = (play: Play) => deadlineOf(play.state, 'resolve')?.due ?? 0
const running = (play: Play) => play.state.pauses.find((p) => p.to === null) ?? null
const types = (play: Play, from = 0) => play.timeline(from).map((e) => e.type)
const kinds = (play: Play, from = 0) => play.resident(from).map((n) => n.type)
const asks = (play: Play) => play.does(play.state.owner ?? '', { type: 'ask', text: '几点在家？' })
const answers = (play: Play, question = play.state.questions) =>
  play.event({ type: 'answer', question, text: '晚上七点', media: [] })
const wants = (play: Play, length = days(3), why: 'thirdParty' | 'weather' = 'thirdParty') =>
  play.does('zhang', { type: 'pause', why, words: '等配件厂家', until: play.now + length })
const allows = (play: Play, by = 'li') => play.does(by, { type: 'decidePause', allow: true, words: null })
const resolveFired = (play: Play, from: number) =>
  play
    .timeline(from)
    .filter((e) => ['reminded', 'escalated', 'missed'].includes(e.type) && e.data.step === 'resolve')

/** Accepted on Monday at ten; a case of S3 and RP has three working days: Thursday at ten. */
const started = (part: Partial<Registration> = {}) => reach('verifying', part)

describe('a question to the resident', () => {
  test.each([
    // asked, answered, due before, due after
    ['within one window', '11-23 10:30', '11-23 11:30', '11-26 10:00', '11-26 11:00'],
    ['over lunch: only service time counts', '11-23 11:30', '11-23 14:00', '11-26 10:00', '11-26 11:00'],
    ['over night', '11-23 17:00', '11-24 09:00', '11-26 10:00', '11-26 11:30'],
    [
      'asked at night, answered at night: nothing was lost',
      '11-23 20:00',
      '11-23 22:00',
      '11-26 10:00',
      '11-26 10:00',
    ],
    ['over two days', '11-24 15:00', '11-25 10:00', '11-26 10:00', '11-26 16:00'],
    ['over the weekend', '11-25 17:00', '11-30 09:00', '11-26 10:00', '11-30 11:30'],
  ])('of an S3, %s', (_, asked, answered, before, after) => {
    const play = started().until(at(`2026-${asked}`))
    expect(due(play)).toBe(at(`2026-${before}`))
    asks(play)
    expect(running(play)).toMatchObject({ why: 'question', by: null })
    answers(play.until(at(`2026-${answered}`)))
    expect(due(play)).toBe(at(`2026-${after}`))
    expect(running(play)).toBeNull()
  })

  test('pauses an S2 around the clock, at night as well', () => {
    const play = started({ severity: 'S2', code: 'EL02' }).until(at('2026-11-23 23:00'))
    const before = due(play)
    answers(asks(play).until(at('2026-11-24 02:00')))
    expect(due(play)).toBe(before + hours(3))
  })

  test('pauses the resolve clock alone', () => {
    const play = asks(started())
    const others = () => play.state.deadlines.filter((d) => d.step !== 'resolve')
    const before = others()
    answers(play.passes(hours(1)))
    expect(others()).toEqual(before)
  })

  test.each([
    // 6 h on Monday, 8 h on Tuesday and on Wednesday, 2 h on Thursday.
    ['S3', '2026-11-26 10:30'],
    ['S2', '2026-11-24 10:30'],
  ] as const)('of an %s is waited for at most 24 hours of its service', (severity, wall) => {
    const play = asks(started({ severity, code: 'EL02' }).until(at('2026-11-23 10:30')))
    play.until(at(wall) - 1)
    expect(running(play)).not.toBeNull()
    const from = play.mark
    play.until(at(wall))
    expect(running(play)).toBeNull()
    expect(play.heard('zhang', from)).toContainEqual(
      expect.objectContaining({ type: 'resumed', why: 'question' }),
    )
    // The question itself stays open, and no second wait begins for it.
    play.passes(hours(2))
    expect([play.state.question === null, running(play)]).toEqual([false, null])
  })

  test('asked while it was an S3 and then raised to S2, it is waited for a day and a night in all', () => {
    const play = asks(started().until(at('2026-11-23 17:00')))
    play.until(at('2026-11-24 10:00')).does('li', { type: 'severity', to: 'S2', reason: '老人在家' })
    play.until(at('2026-11-24 17:00'))
    expect(running(play)).toBeNull()
    expect(play.state.pauses).toMatchObject([{ to: at('2026-11-24 17:00') }])
  })

  test.each<readonly [string, (play: Play) => Play]>([
    ['the answer', (p) => answers(p)],
    ['words that answer no question', (p) => p.event({ type: 'supplement', text: '昨晚又黑了', media: [] })],
    ['a photo', (p) => p.event({ type: 'supplement', text: null, media: [photo()] })],
    [
      'a correction',
      (p) =>
        p.event({
          type: 'amend',
          place: null,
          phone: null,
          name: null,
          household: null,
          estate: null,
          text: '是二单元',
        }),
    ],
    ['a call that reached them', (p) => p.does('zhang', { type: 'contact', outcome: 'phone', words: null })],
    ['the handler', (p) => p.does('zhang', { type: 'resume' })],
    ['a supervisor', (p) => p.does('li', { type: 'resume' })],
    ['done', (p) => reachDone(p)],
    ['withdrawn', (p) => p.event({ type: 'withdraw', text: null })],
    ['danger', (p) => p.event({ type: 'danger', danger: trapped, text: '有人困住' })],
    ['raised to S1', (p) => p.does('li', { type: 'severity', to: 'S1', reason: '有人在里面' })],
  ])('ends with %s', (_, act) => {
    const play = asks(reach('resolving')).passes(minutes(30))
    expect(running(play)).not.toBeNull()
    act(play)
    expect(running(play)).toBeNull()
    expect(play.timeline().filter((e) => e.type === 'resumed')).toHaveLength(1)
  })

  test.each<readonly [string, (play: Play) => Play]>([
    ['an urge', (p) => p.event({ type: 'urged' })],
    ['a call nobody took', (p) => p.does('zhang', { type: 'contact', outcome: 'noAnswer', words: null })],
    ['another handler', (p) => p.does('zhang', { type: 'handOver', to: staffId('wang'), reason: null })],
    ['progress', (p) => p.does('zhang', { type: 'progress', text: '在找图纸', media: [] })],
  ])('goes on over %s', (_, act) => {
    const play = asks(reach('resolving')).passes(minutes(30))
    act(play)
    expect(running(play)).not.toBeNull()
  })

  test('a newer question is waited for instead; the answer to the older one ends nothing', () => {
    const play = asks(started()).passes(minutes(10))
    asks(play).passes(minutes(10))
    answers(play, 1)
    expect(running(play)).toMatchObject({ question: 2 })
    expect(play.state.pauses).toHaveLength(2)
    answers(play, 2)
    expect(due(play)).toBe(at('2026-11-26 10:20'))
  })

  test('of a case by hand pauses nothing: nobody is waited for until somebody telephones', () => {
    expect(running(asks(started({ channel: 'api' })))).toBeNull()
  })

  test('of an enquiry moves the time of its answer', () => {
    const play = started({ kind: 'enquiry', code: 'SG03' })
    const before = due(play)
    answers(asks(play).passes(hours(1)))
    expect(due(play)).toBe(before + hours(1))
  })
})

const reachDone = (play: Play) => play.does('zhang', { type: 'done', text: '换好了', media: [photo()] })

describe('any other pause', () => {
  test('is asked for by the handler, decided by a supervisor who does not handle it, and told with its reason', () => {
    const play = wants(started())
    expect([running(play), play.state.pauseWanted?.why]).toEqual([null, 'thirdParty'])
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'recorded', act: 'pauseWanted' })
    expect(play.heard('li').at(-1)).toMatchObject({
      type: 'pauseWanted',
      name: '张建国',
      why: 'thirdParty',
      words: '等配件厂家',
      until: mondayTen + days(3),
    })
    expect(play.card('li')?.buttons.map((b) => b.action)).toEqual(
      expect.arrayContaining(['pauseAllow', 'pauseDeny']),
    )
    expect(play.card('li')?.text).toContain('等第三方')
    const asked = play.mark
    allows(play.passes(minutes(30)))
    expect(running(play)).toMatchObject({ why: 'thirdParty', from: mondayTen + minutes(30), by: 'li' })
    expect(play.heard('zhang', asked)).toMatchObject([{ type: 'pauseDecided', allowed: true, name: '李敏' }])
    const [told] = play.resident(asked)
    expect(told).toMatchObject({ type: 'paused', why: 'thirdParty', words: '等配件厂家' })
    expect(play.state.promises.at(-1)).toMatchObject({
      what: 'report',
      at: told && 'next' in told ? told.next : 0,
    })
    expect(play.card('li')?.buttons.map((b) => b.action)).not.toContain('pauseAllow')
    expect(play.card('zhang')?.rows.find((r) => r.label === '状态')?.value).toContain('暂停到11月26日 10:00')
  })

  test('by a supervisor begins at once', () => {
    const play = started().does('li', {
      type: 'pause',
      why: 'weather',
      words: '台风',
      until: mondayTen + days(1),
    })
    expect(running(play)).toMatchObject({ why: 'weather', by: 'li' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'recorded', act: 'pause' })
  })

  test('of a case a supervisor handles is decided by another', () => {
    const play = started().does('li', { type: 'takeOver' })
    play.does('li', { type: 'pause', why: 'weather', words: '台风', until: mondayTen + days(1) })
    expect([running(play), play.state.pauseWanted?.by]).toEqual([null, 'li'])
    expect(allows(play, 'li').heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'level' })
    expect(play.heard('sun').at(-1)).toMatchObject({ type: 'pauseWanted' })
    expect(running(allows(play, 'sun'))).not.toBeNull()
  })

  test('denied: the handler hears why, and the clock has not stood', () => {
    const play = wants(started()).does('li', { type: 'decidePause', allow: false, words: '今天就能换' })
    expect(play.heard('zhang').at(-1)).toMatchObject({
      type: 'pauseDecided',
      allowed: false,
      words: '今天就能换',
    })
    expect([play.state.pauses, play.state.pauseWanted]).toEqual([[], null])
    expect(due(play)).toBe(at('2026-11-26 10:00'))
  })

  test('decided by nobody: it goes on as not paused, and the ladder runs', () => {
    const play = wants(started(), days(7))
    play.until(at('2026-11-30 09:59'))
    expect(play.timeline().filter((e) => e.type === 'missed' && e.data.step === 'resolve')).toHaveLength(1)
    const from = play.mark
    play.until(at('2026-11-30 10:00'))
    expect(play.heard('zhang', from)).toContainEqual(expect.objectContaining({ type: 'pauseLapsed' }))
    expect(play.state.pauseWanted).toBeNull()
  })

  test.each([
    ['by somebody else', 'wang', days(1), 'notYours'],
    ['to be looked at again later than in seven days', 'zhang', days(7) + 1, 'reviewTooLate'],
    ['until a moment that is over', 'zhang', 0, 'promisePast'],
  ])('%s is refused', (_, by, length, why) => {
    const play = started()
    play.does(by, { type: 'pause', why: 'order', words: '停工令', until: play.now + length })
    expect(play.heard(by).at(-1)).toMatchObject({ type: 'refused', why })
    expect(play.state.pauseWanted).toBeNull()
  })

  test('of an S1 is refused, whoever asks', () => {
    const play = started({ severity: 'S1' }).does('li', {
      type: 'pause',
      why: 'order',
      words: '停工令',
      until: mondayTen + days(1),
    })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'noClock' })
  })

  test('at its review the clock runs again: handler and supervisor hear it, and the resident by when', () => {
    const play = allows(wants(started(), days(1)))
    const before = due(play)
    play.until(at('2026-11-24 09:59'))
    const from = play.mark
    play.until(at('2026-11-24 10:00'))
    expect(running(play)).toBeNull()
    expect(due(play)).toBeGreaterThan(before)
    for (const id of ['zhang', 'li'])
      expect(play.heard(id, from)).toContainEqual(
        expect.objectContaining({ type: 'resumed', due: due(play) }),
      )
    expect(play.resident(from)).toMatchObject([{ type: 'resumed', next: { what: 'report' } }])
  })

  test('whose review falls into the night: the staff hear it when they open, and the night is nobody’s loss', () => {
    const play = allows(wants(started(), hours(11)))
    play.until(at('2026-11-24 08:29'))
    expect(running(play)).not.toBeNull()
    play.until(at('2026-11-24 08:30'))
    expect(play.state.pauses).toMatchObject([{ to: at('2026-11-23 21:00') }])
    expect(serviceMinutes(calendar, at('2026-11-26 10:00'), due(play))).toBe(
      serviceMinutes(calendar, mondayTen, at('2026-11-24 08:30')),
    )
  })

  test('a program that slept over the review gives no more time than was allowed', () => {
    const play = allows(wants(started({ severity: 'S2', code: 'EL02' }), hours(10)))
    const before = due(play)
    play.sleeps(days(2)).passes(0)
    expect(due(play)).toBe(before + hours(10))
  })

  test('ends before it by 恢复, and whoever did not say so hears it', () => {
    const play = allows(wants(started())).passes(hours(1))
    const from = play.mark
    play.does('zhang', { type: 'resume' })
    expect(play.heard('li', from)).toMatchObject([{ type: 'resumed' }])
    expect(kinds(play, from)).toEqual(['resumed'])
    expect(due(play)).toBe(at('2026-11-26 11:00'))
  })

  test('takes the place of a wait for an answer', () => {
    const play = asks(started()).passes(minutes(30))
    allows(wants(play)).passes(minutes(30))
    answers(play)
    expect(running(play)).toMatchObject({ why: 'thirdParty' })
    play.does('zhang', { type: 'resume' })
    expect(due(play)).toBe(at('2026-11-26 11:00'))
  })

  test('that is taken up again by an undo lost nothing', () => {
    const play = allows(wants(reach('resolving'))).passes(hours(1))
    const [before, until] = [due(play), running(play)?.until]
    reachDone(play)
    expect(running(play)).toBeNull()
    play.sleeps(30_000).does('zhang', { type: 'undo' })
    expect(running(play)).toMatchObject({ why: 'thirdParty', until, by: 'li' })
    expect(due(play)).toBe(before + hours(1))
    expect(types(play).filter((t) => t === 'paused' || t === 'resumed')).toEqual([
      'paused',
      'resumed',
      'paused',
    ])
  })

  test('the card shows when it was received, paused or not', () => {
    const play = allows(wants(started()))
    for (const id of ['zhang', 'li'])
      expect(play.card(id)?.rows).toContainEqual({ label: '受理', value: '11月23日 10:00' })
  })
})

describe('while it stands still', () => {
  test('nothing of resolve fires, and nothing is missed (Zammad #24481)', () => {
    const play = allows(wants(started({ code: 'NS03' }), days(6)))
    expect(due(play)).toBe(at('2026-11-30 10:00'))
    const from = play.mark
    play.until(at('2026-11-27 18:00'))
    expect(resolveFired(play, from)).toEqual([])
    // Progress is owed all the while.
    expect(play.timeline(from).some((e) => e.data.step === 'progress')).toBe(true)
  })

  test('points already fired never fire again; those ahead keep their distance', () => {
    const play = started({ code: 'NS03' })
    // Five working days from Monday ten: half of them are over on Wednesday.
    play.until(at('2026-11-26 10:00'))
    const fired = play.state.deadlines.find((d) => d.step === 'resolve')?.fired
    expect(fired).toEqual([50])
    play.does('li', { type: 'pause', why: 'vote', words: '业主表决', until: play.now + days(4) })
    const paused = play.mark
    play.until(at('2026-11-30 10:00'))
    expect(resolveFired(play, paused)).toEqual([])
    play.until(at('2026-12-01 10:00') - 1)
    expect(resolveFired(play, paused)).toEqual([])
    play.until(at('2026-12-02 10:00') - 1)
    expect(resolveFired(play, paused)).toMatchObject([{ type: 'reminded', data: { percent: 80 } }])
    play.until(at('2026-12-02 10:00'))
    expect(resolveFired(play, paused).map((e) => e.type)).toContain('missed')
  })

  test('no time told for it breaks; what had passed before, had', () => {
    const paused = (length: number) => {
      const play = reach('resolving').does('zhang', { type: 'contact', outcome: 'phone', words: null })
      play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + length, gap: null })
      play.passes(minutes(5))
      const from = play.mark
      allows(wants(play.sleeps(hours(1)), days(1))).passes(hours(20))
      return play.timeline(from).filter((e) => e.type === 'promiseBroken')
    }
    expect(paused(hours(2))).toEqual([])
    expect(paused(minutes(30))).toHaveLength(1)
  })

  test.each<readonly [string, (play: Play) => Play]>([
    ['another category', (p) => p.does('zhang', { type: 'recode', code: 'RP01' })],
    ['a lower severity', (p) => p.does('li', { type: 'severity', to: 'S4', reason: '不急' })],
  ])('%s does not lose the pauses taken (GLPI #6902)', (_, change) => {
    const taken = change(answers(asks(started()).passes(hours(2))))
    const none = change(started().passes(hours(2)))
    expect(serviceMinutes(calendar, due(none), due(taken))).toBe(120)
  })

  test('a changed policy does not lose the pauses taken (GLPI #6902)', () => {
    const { state, now } = answers(asks(started()).passes(hours(2)))
    const limit = { amount: 1, unit: 'd', working: true } as const
    const resolve = { ...defaultPolicy.byFamily.resolve, RP: { S3: limit } }
    const policy = { ...defaultPolicy, byFamily: { ...defaultPolicy.byFamily, resolve } }
    const c = structuredClone(state)
    recomputeDeadlines(c, anEstate({ policy }), now)
    expect(deadlineOf(c, 'resolve')?.due).toBe(at('2026-11-24 12:00'))
  })

  test('an extension given before moves on as well', () => {
    const play = started().does('li', { type: 'extend', until: at('2026-11-27 10:00'), reason: '等件' })
    answers(asks(play).passes(hours(1)))
    play.does('zhang', { type: 'recode', code: 'RP01' })
    expect(due(play)).toBe(at('2026-11-27 11:00'))
  })

  test.each(['a question', 'a word'] as const)(
    'by %s: a plan that waits for its minute is told before the clock stands still',
    (why) => {
      const play = reach('resolving')
      const from = play.mark
      play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + days(1), gap: null })
      if (why === 'a question') asks(play)
      else play.does('li', { type: 'pause', why: 'weather', words: '暴雨', until: play.now + days(1) })
      expect(play.state.pauses).toHaveLength(1)
      const told = play.resident(from).map((n) => n.type)
      expect(told).toEqual(['plan', why === 'a question' ? 'question' : 'paused'])
      expect(play.passes(hours(1)).resident(from)).toHaveLength(2)
    },
  )

  test('no extension is given: it is resumed first', () => {
    const play = allows(wants(started()))
    play.does('li', { type: 'extend', until: play.now + days(5), reason: '等件' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'paused' })
  })

  test('a time that was solved and then reopened is not a pause (GLPI #23359)', () => {
    const play = reach('confirming').passes(days(1))
    play.event({ type: 'notSolved', partly: false, text: '还是不亮', media: [] })
    expect(play.state.pauses).toEqual([])
    expect(deadlineOf(play.state, 'resolve')).toMatchObject({ from: play.now })
    expect(types(play)).not.toContain('paused')
  })
})

describe('the time told to the resident', () => {
  const promised = (length: number) => {
    const play = reach('resolving')
    return play
      .does('zhang', { type: 'plan', text: '换灯', promise: play.now + length, gap: null })
      .passes(minutes(2))
  }
  const told = (play: Play) => play.state.promises.findLast((p) => p.what === 'resolve')

  test('stays after a question where it has not passed', () => {
    const play = asks(promised(hours(5)))
    const [before, from] = [told(play), play.mark]
    answers(play.passes(hours(1)))
    expect(told(play)).toEqual(before)
    expect(kinds(play, from)).toEqual(['answered'])
  })

  test('is told anew where it passed while they were waited for: as much later as they took', () => {
    const play = asks(promised(hours(1)))
    const before = told(play)?.at ?? 0
    const from = play.mark
    const asked = play.now
    answers(play.until(at('2026-11-23 15:00')))
    const moved = told(play)
    expect(serviceMinutes(calendar, before, moved?.at ?? 0)).toBe(serviceMinutes(calendar, asked, play.now))
    expect(play.resident(from)).toMatchObject([
      // When it passed: no time any more.
      { type: 'nextReport' },
      { type: 'answered' },
      { type: 'timeMoved', was: before, until: moved?.at },
    ])
    expect(moved).toMatchObject({ told: play.now, broken: false })
  })

  test('that passed while they are waited for is no time any more: they hear when they hear next', () => {
    const play = asks(promised(hours(1)))
    const from = play.mark
    play.passes(hours(1) - minutes(2))
    expect(kinds(play, from)).toEqual([])
    play.passes(hours(7))
    expect(kinds(play, from)).toEqual(['nextReport'])
  })

  test('of a plan that waits for its minute is told before the pause', () => {
    const play = reach('resolving')
    const from = play.mark
    play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + hours(5), gap: null })
    play.does('li', { type: 'pause', why: 'weather', words: '台风', until: play.now + days(1) })
    expect(kinds(play, from)).toEqual(['plan', 'paused'])
  })

  test('is replaced after an approved pause by the time that much later, which is told', () => {
    const play = promised(hours(5))
    const before = told(play)?.at ?? 0
    allows(wants(play, days(1)))
    expect(play.resident().at(-1)).toMatchObject({ type: 'paused', was: before })
    const from = play.mark
    play.passes(hours(1)).does('zhang', { type: 'resume' })
    expect(play.resident(from)).toMatchObject([
      { type: 'resumed', next: { what: 'resolve', at: told(play)?.at } },
    ])
    expect(serviceMinutes(calendar, before, told(play)?.at ?? 0)).toBeGreaterThan(0)
    expect(play.state.promises.find((p) => p.at === before)?.replaced).toBe(play.now)
    // The first time told stays visible.
    expect(play.state.promises.find((p) => p.what === 'resolve')?.at).toBe(before)
  })
})

describe('whatever is paused, and for how long', () => {
  const severity = fc.constantFrom('S2', 'S3', 'S4')
  const code = fc.constantFrom('RP02', 'NS03', 'UT02', 'EL02')
  const gap = fc.integer({ min: 0, max: 3000 }).map((n) => minutes(n))
  const waits = fc.array(fc.record({ work: gap, wait: gap }), { minLength: 1, maxLength: 4 })

  test('the due time moves on by exactly the service that was waited, and never back', () => {
    fc.assert(
      fc.property(severity, code, waits, (severity, code, stretches) => {
        const play = started({ severity, code })
        for (const { work, wait } of stretches) {
          play.passes(work)
          const before = due(play)
          const late = play.now > before
          asks(play)
          const from = play.now
          answers(play.passes(wait))
          const pause = play.state.pauses.at(-1)
          const to = pause?.to ?? from
          const moved = due(play)
          expect(moved).toBeGreaterThanOrEqual(before)
          if (late) expect(moved).toBe(before)
          else if (severity === 'S2') expect(moved - before).toBe(to - from)
          else
            expect(serviceMinutes(calendar, before, moved)).toBeCloseTo(serviceMinutes(calendar, from, to), 6)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('gross and net are on the timeline alone', () => {
    fc.assert(
      fc.property(severity, code, waits, (severity, code, stretches) => {
        const play = started({ severity, code })
        for (const { work, wait } of stretches) answers(asks(play.passes(work)).passes(wait))
        const spans = play.timeline().flatMap((e) => (e.type === 'resumed' ? [e.data] : []))
        expect(spans).toMatchObject(play.state.pauses.map(({ why, from, to }) => ({ why, from, to })))
        expect(types(play).filter((t) => t === 'paused')).toHaveLength(spans.length)
      }),
      { numRuns: 50 },
    )
  })
})

test('a row written before there were pauses is read', () => {
  const { pauses: _, pauseWanted: __, ...yesterday } = started().state
  expect(complaintSchema.parse(yesterday)).toMatchObject({ pauses: [], pauseWanted: null })
})
