import { describe, expect, test } from 'vitest'
import { days, hours, minutes, type EstateId, type StaffId } from '../../../workflows/ids.ts'
import {
  aCompany,
  anEstate,
  aStaff,
  at,
  id,
  mondayTen,
  Play,
  reach,
  staffId,
  trapped,
} from '../../support/builders.ts'

/** One handler, nobody above in the estate. */
const small = aCompany({ staff: [], estates: [anEstate({ staff: [aStaff('zhang', { name: '张建国' })] })] })

describe('who is asked', () => {
  test('the one with the fewest open cases of the department', () => {
    const play = new Play({
      loaded: {
        load: new Map([
          [staffId('zhang'), 3],
          [staffId('wang'), 1],
        ]),
      },
    }).registers()
    expect(play.state.owner).toBe('wang')
  })

  test('客服 for what is no complaint', () => {
    expect(new Play().registers({ kind: 'enquiry', code: 'SG03' }).state.owner).toBe('chen')
  })

  test('the supervisor gets the task of an S2 as well', () => {
    const play = new Play().registers({ severity: 'S2' })
    expect(play.state.cards).toEqual([
      { staff: 'zhang', role: 'owner' },
      { staff: 'li', role: 'watch' },
    ])
    expect(play.pushed('li')).toBe(1)
  })
})

describe('not accepted within the limit', () => {
  test('it goes to the next, then to the supervisors, the manager, the company, and never to nobody', () => {
    const play = new Play().registers({ severity: 'S2' })
    const owners = [play.state.owner]
    for (let n = 0; n < 6; n++) {
      play.passes(minutes(30))
      owners.push(play.state.owner)
    }
    expect(owners).toEqual(['zhang', 'wang', 'li', 'sun', 'wu', 'zhao', 'chen'])
    play.passes(minutes(30))
    expect(play.state.owner).not.toBeNull()
    expect(play.heard('zhang').some((n) => n.type === 'movedAway')).toBe(true)
    expect(play.timeline().filter((e) => e.type === 'notAccepted')).toHaveLength(7)
  })

  test('an S3 of the evening moves in service time only', () => {
    const play = new Play({ now: at('2026-11-23 19:00') }).registers()
    play.until(at('2026-11-24 08:29'))
    expect([play.state.owner, play.timeline().map((e) => e.type)]).toEqual([
      'zhang',
      ['registered', 'assigned', 'promised'],
    ])
    play.until(at('2026-11-24 10:30'))
    expect(play.state.owner).toBe('wang')
  })
})

describe('nobody can be found', () => {
  test('it stands unowned, is looked at every five minutes without filling the timeline, and goes to whoever appears', () => {
    const play = reach('registered')
    play.company = aCompany({ staff: [], estates: aCompany().estates.map((e) => ({ ...e, staff: [] })) })
    play.passes(minutes(30))
    expect(play.state).toMatchObject({ status: 'registered', unowned: true, owner: null })
    expect(play.timeline().filter((e) => e.type === 'unowned')).toHaveLength(1)
    expect(play.due).toBeLessThanOrEqual(play.now + minutes(5))
    play.company = small
    play.passes(minutes(5))
    expect(play.state).toMatchObject({ status: 'assigned', unowned: false, owner: 'zhang' })
  })

  test('the only one who could declined: they keep no card of it, and are asked again later', () => {
    const play = new Play({ company: small }).registers().does('zhang', { type: 'decline', reason: '忙' })
    expect(play.state).toMatchObject({ status: 'registered', unowned: true })
    expect(play.card('zhang')?.buttons).toEqual([])
    play.passes(minutes(5))
    expect(play.state.owner).toBe('zhang')
  })

  test('a supervisor may take it or give it', () => {
    expect(reach('registered').does('li', { type: 'takeOver' }).state).toMatchObject({
      owner: 'li',
      status: 'verifying',
    })
    expect(
      reach('registered').does('li', { type: 'reassign', to: staffId('wang'), reason: null }).state,
    ).toMatchObject({ owner: 'wang', status: 'assigned' })
  })
})

/** Every message to a colleague is refused, and whatever follows from that as well; the clock stands still. */
function refusesAll(play: Play, from: number): void {
  for (let n = from; n < play.mark; n++) {
    if (play.mark - from > 60) throw new Error('it goes round for ever')
    for (const e of play.turns[n]?.effects ?? []) {
      if (e.do === 'card' && e.push) play.event({ type: 'undeliverable', staff: e.to })
      else if (e.do === 'tell' && e.whom.to === 'staff')
        play.event({ type: 'undeliverable', staff: e.whom.id })
    }
  }
}

describe('two people at once', () => {
  test('one has it, the other hears who', () => {
    const play = new Play().registers({ severity: 'S2' }).passes(minutes(30))
    play.does('zhang', { type: 'accept' }).does('wang', { type: 'accept' })
    expect(play.state.owner).toBe('zhang')
    expect(play.heard('wang').at(-1)).toMatchObject({ type: 'refused', why: 'taken', holder: '张建国' })
    expect(play.resident().filter((n) => n.type === 'accepted')).toHaveLength(1)
  })
})

describe('handing over', () => {
  test('keeps what was found: whoever accepts goes on where the case stands', () => {
    const play = reach('resolving').does('zhang', { type: 'handOver', to: staffId('wang'), reason: '调休' })
    expect(play.state).toMatchObject({ status: 'assigned', owner: 'wang', marks: { accepted: null } })
    play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + hours(1), gap: null })
    expect(play.heard('zhang').at(-1)).toMatchObject({ why: 'notYours', holder: '王强' })
    play.does('wang', { type: 'accept' })
    expect(play.state).toMatchObject({ status: 'resolving', responsibility: { code: 'full' } })
    expect(play.resident().at(-1)).toMatchObject({ type: 'accepted', name: '王强' })
  })

  test.each([
    ['another estate', 'qian'],
    ['somebody who left', 'gone'],
    ['an admin', 'root'],
    ['somebody we do not know', 'nobody'],
  ])('is refused towards %s', (_, to) => {
    const play = reach('verifying').does('zhang', { type: 'handOver', to: staffId(to), reason: null })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'refused', why: 'unknownPerson' })
    expect(play.state.owner).toBe('zhang')
  })

  test('the resident who urges meanwhile is not told a name that has not accepted', () => {
    const play = reach('verifying').does('zhang', { type: 'handOver', to: staffId('wang'), reason: null })
    play.event({ type: 'urged' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'urged', name: null })
  })
})

describe('being there', () => {
  const onSite = (play: Play) => play.state.deadlines.find((d) => d.step === 'onSite')

  test('is owed from acceptance on, by the category’s limit, until somebody is', () => {
    const play = reach('assigned')
    expect(onSite(play)).toBeUndefined()
    play.does('zhang', { type: 'accept' })
    expect(onSite(play)).toMatchObject({ from: mondayTen, due: mondayTen + days(1) })
    const from = play.mark
    play.passes(hours(6))
    expect(play.heard('zhang', from).some((n) => n.type === 'reminder' && n.step === 'onSite')).toBe(true)
    play.does('zhang', { type: 'arrive' })
    expect(onSite(play)).toBeUndefined()
  })

  test('is not owed by what needs nobody there, nor again by whoever takes over after an arrival', () => {
    expect(onSite(reach('resolving', { kind: 'enquiry', code: 'SG03' }))).toBeUndefined()
    const play = reach('verifying').does('zhang', { type: 'arrive' })
    play
      .does('zhang', { type: 'handOver', to: staffId('wang'), reason: null })
      .does('wang', { type: 'accept' })
    expect(onSite(play)).toBeUndefined()
  })

  test('is owed anew by the next one who accepts', () => {
    const play = reach('verifying').passes(hours(1))
    play.does('zhang', { type: 'handOver', to: staffId('wang'), reason: null })
    expect(onSite(play)).toBeUndefined()
    play.passes(minutes(10)).does('wang', { type: 'accept' })
    expect(onSite(play)).toMatchObject({ from: play.now })
  })

  test.each([
    ['found', { type: 'finding', text: '账查了', media: [] }],
    ['heard', { type: 'hear', name: '李四', words: '没这回事' }],
    ['in danger', { type: 'standDown', words: '没有人困' }],
  ] as const)('is over with what is %s there', (_, act) => {
    const play = reach('verifying')
    if (act.type === 'standDown')
      play.event({ type: 'danger', danger: trapped, text: '有人困' }).does('zhang', { type: 'accept' })
    expect(onSite(play)).toBeDefined()
    expect(onSite(play.does('zhang', act))).toBeUndefined()
  })

  test('where the built-in limit is under half an hour the supervisor hears at half of it', () => {
    const play = reach('verifying', { code: 'PK01', severity: 'S2' })
    expect(onSite(play)?.due).toBe(mondayTen + minutes(20))
    play.passes(minutes(10))
    expect(play.heard('zhao').filter((n) => n.type === 'escalation')).toMatchObject([
      { step: 'onSite', percent: 50 },
    ])
  })
})

describe('whoever is gone', () => {
  const gone = { type: 'staffGone', staff: staffId('zhang') } as const

  test.each(['assigned', 'verifying', 'resolving'] as const)('while %s the next one is asked', (status) => {
    expect(reach(status).event(gone).state).toMatchObject({ status: 'assigned', owner: 'wang' })
  })

  test.each(['confirming', 'feedback'] as const)(
    'while %s somebody answers for what is done, in the same state',
    (status) => {
      const play = reach(status).event(gone)
      expect(play.state).toMatchObject({ status, owner: 'li', unowned: false })
      // Who merely answers for it never worked on it, and may still call.
      expect(play.state.handlers).toEqual(['zhang'])
    },
  )

  test('done, and nobody is left: looked for again, while the survey goes on', () => {
    const play = reach('confirming')
    play.company = aCompany({ staff: [], estates: [anEstate({ staff: [] })] })
    play.event(gone)
    expect(play.state).toMatchObject({ status: 'confirming', owner: null, unowned: true })
    play.company = aCompany()
    play.passes(minutes(5))
    expect(play.state).toMatchObject({ status: 'confirming', owner: 'li', unowned: false })
  })

  test('a call they owed is owed by somebody else, by the same time', () => {
    const play = reach('feedback').event({ type: 'rate', stars: 1 })
    const due = play.state.deadlines.find((d) => d.step === 'callback')?.due
    play.passes(minutes(10)).event({ type: 'undeliverable', staff: staffId('li') })
    expect(play.state.callback).toMatchObject({ by: 'sun', why: 'low' })
    expect(play.state.deadlines.find((d) => d.step === 'callback')?.due).toBe(due)
  })

  test.each([
    ['assigned', {}],
    ['verifying', {}],
    ['confirming', {}],
    ['feedback', { severity: 'S2' }],
    ['assigned', { severity: 'S1', danger: trapped }],
  ] as const)(
    'while %s and nobody can be reached, each is tried once and then again after a while',
    (status, part) => {
      const play = reach(status, part)
      if (status === 'feedback') play.event({ type: 'rate', stars: 1 })
      refusesAll(
        play.event({ type: 'undeliverable', staff: play.state.owner ?? ('' as StaffId) }),
        play.mark - 1,
      )
      expect(play.state).toMatchObject({ owner: null, unowned: true, retryAt: play.now + minutes(5) })
      const from = play.mark
      play.sleeps(minutes(5)).event({ type: 'due' })
      expect(play.state.owner).not.toBeNull()
      refusesAll(play, from)
      expect(play.state).toMatchObject({ owner: null, unowned: true })
    },
  )

  test('a call nobody can be reached for is not passed round for ever', () => {
    const play = reach('feedback').event({ type: 'rate', stars: 1 })
    refusesAll(play, play.mark - 1)
    expect(play.state.callback).toMatchObject({ by: null, why: 'low' })
    expect(play.state.retryAt).toBe(play.now + minutes(5))
  })

  test('their card is sent no more: it would come back for ever', () => {
    const play = reach('assigned').event({ type: 'undeliverable', staff: staffId('zhang') })
    expect(play.last.effects.some((e) => e.do === 'card' && e.to === 'zhang')).toBe(false)
  })
})

test('an estate learned late: the case moves to its own people', () => {
  const play = new Play({ now: mondayTen }).registers({ estate: null, severity: 'S3' })
  expect(play.state.owner).toBe('zhang')
  const amend = { type: 'amend', place: null, phone: null, name: null, household: null, text: null } as const
  play.event({ ...amend, estate: id<EstateId>('yunxi') })
  expect(play.state).toMatchObject({ owner: 'qian', status: 'assigned', estate: 'yunxi' })
})

test('an estate learned later: its calendar counts from the beginning, and what the resident was told stands', () => {
  const company = aCompany()
  const [hefeng, yunxi] = company.estates
  const evening = [{ start: '12:00', end: '20:00' }]
  const windows = { 1: evening, 2: evening, 3: evening, 4: evening, 5: evening }
  const other = yunxi && { ...yunxi, calendar: { ...yunxi.calendar, windows } }
  const play = new Play({
    now: mondayTen,
    company: { ...company, estates: [hefeng, other].filter((e) => e !== undefined) },
  }).registers({ estate: null, severity: 'S3' })
  const due = (step: string) => play.state.deadlines.find((d) => d.step === step)?.due
  expect([due('contact'), due('accept')]).toEqual([at('2026-11-23 15:30'), at('2026-11-23 12:00')])
  const { promises } = play.state
  play.passes(minutes(5)).event({
    type: 'amend',
    estate: 'yunxi' as never,
    place: null,
    phone: null,
    name: null,
    household: null,
    text: null,
  })
  expect([due('contact'), due('accept')]).toEqual([at('2026-11-23 16:00'), at('2026-11-23 14:00')])
  expect(play.state.promises.filter((p) => p.what === 'contact')).toEqual(promises)
})
