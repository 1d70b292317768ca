import { describe, expect, test } from 'vitest'
import {
  atExactly,
  atLevel,
  candidates,
  isOn,
  lastResort,
  onCall,
  onPost,
  type Search,
} from '../../workflows/duty.ts'
import type { DutyChange } from '../../workflows/duty-changes.ts'
import type { DutyShift } from '../../workflows/estate.ts'
import { aCompany, aLeave, anEstate, aStaff, aSwap, at, mondayTen, staffId } from '../support/builders.ts'

const search = (part: Partial<Search> = {}): Search => ({
  company: aCompany(),
  estate: anEstate(),
  department: '工程',
  building: '3',
  at: mondayTen,
  exclude: [],
  load: new Map(),
  ...part,
})
const ids = (staff: readonly { readonly id: string }[]) => staff.map((s) => s.id)
const shift = (part: Partial<DutyShift>): DutyShift => ({
  department: '工程',
  buildings: [],
  days: [1, 2, 3, 4, 5, 6, 7],
  shift: { start: '18:00', end: '08:30' },
  staff: [staffId('wang')],
  ...part,
})

describe('who may be asked, best first', () => {
  test('the post, its supervisor, then upwards, other posts’ supervisors, and at last anybody of another post', () => {
    expect(ids(candidates(search()))).toEqual(['zhang', 'wang', 'li', 'sun', 'wu', 'zhao', 'chen'])
  })

  test.each([
    ['whoever is on duty now comes first', { duty: [shift({})] }, '2026-11-23 22:00', 'wang'],
    ['not outside the shift', { duty: [shift({})] }, '2026-11-23 10:00', 'zhang'],
    ['not for another department', { duty: [shift({ department: '环境' })] }, '2026-11-23 22:00', 'zhang'],
    [
      'a shift for every department counts',
      { duty: [shift({ department: null, staff: [staffId('chen')] })] },
      '2026-11-23 22:00',
      'chen',
    ],
    ['nor for another building', { duty: [shift({ buildings: ['8栋'] })] }, '2026-11-23 22:00', 'zhang'],
    ['3号楼 and 3 are one building', { duty: [shift({ buildings: ['3号楼'] })] }, '2026-11-23 22:00', 'wang'],
  ] as const)('%s', (_, part, moment, first) => {
    expect(ids(candidates(search({ estate: anEstate(part as never), at: at(moment) })))[0]).toBe(first)
  })

  test('the one with the fewest open cases', () => {
    expect(ids(candidates(search({ load: new Map([[staffId('zhang'), 2]]) })))[0]).toBe('wang')
  })

  test('never the excluded, nobody inactive or without 企业微信, and no admin, even on the list', () => {
    const estate = anEstate({
      staff: [aStaff('a', { wecom: null }), aStaff('b', { active: false }), aStaff('c'), aStaff('d')],
      duty: [shift({ staff: [staffId('a'), staffId('b'), staffId('root'), staffId('c')] })],
    })
    const found = ids(candidates(search({ estate, at: at('2026-11-23 22:00'), exclude: [staffId('d')] })))
    expect(found).toEqual(['c', 'wu'])
  })

  test('whoever looks after other buildings is asked late', () => {
    const estate = anEstate({
      staff: [aStaff('far', { buildings: ['8栋'] }), aStaff('li', { role: 'supervisor' })],
    })
    expect(ids(candidates(search({ estate })))).toEqual(['li', 'wu', 'far'])
  })

  test('in an estate not yet known: every estate’s and the company’s', () => {
    expect(ids(candidates(search({ estate: null })))).toEqual(
      expect.arrayContaining(['zhang', 'qian', 'feng', 'wu']),
    )
  })
})

describe('who hears of it at a level', () => {
  test.each([
    [1, ['li']],
    [2, ['sun']],
    [3, ['wu']],
  ] as const)('level %i', (level, expected) => {
    expect(ids(atLevel(search(), level))).toEqual(expected)
  })

  test('a level without anybody: the next one up, else the next one down, never nobody while there is somebody', () => {
    const onlyManager = anEstate({ staff: [aStaff('sun', { role: 'manager' })] })
    const company = aCompany({ staff: [] })
    expect(ids(atLevel(search({ company, estate: onlyManager }), 1))).toEqual(['sun'])
    expect(ids(atLevel(search({ company, estate: onlyManager }), 3))).toEqual(['sun'])
    expect(atLevel(search({ company, estate: anEstate({ staff: [aStaff('zhang')] }) }), 1)).toEqual([])
  })

  test('supervisors of another department where the own has none', () => {
    const staff = anEstate().staff.filter((s) => s.id !== 'li')
    expect(ids(atLevel(search({ estate: anEstate({ staff }) }), 1))).toEqual(['zhao'])
    expect(ids(candidates(search({ estate: anEstate({ staff }) })))).toEqual([
      'zhang',
      'wang',
      'zhao',
      'sun',
      'wu',
      'chen',
    ])
  })

  test('where its own is excluded it goes up, not aside to another department’s', () => {
    expect(ids(atLevel(search({ exclude: [staffId('li')] }), 1))).toEqual(['sun'])
    const nobodyAbove = anEstate({ staff: anEstate().staff.filter((s) => s.id !== 'sun') })
    const company = aCompany({ staff: [] })
    expect(ids(atLevel(search({ company, estate: nobodyAbove, exclude: [staffId('li')] }), 1))).toEqual([
      'zhao',
    ])
  })
})

describe('outside service hours', () => {
  const night = at('2026-11-23 22:00')
  const at3 = (part: Parameters<typeof anEstate>[0], more: Partial<Search> = {}) =>
    search({ estate: anEstate(part), at: night, ...more })

  test('whoever holds the night is asked, then those above; colleagues who are off duty come last', () => {
    expect(ids(candidates(at3({ duty: [shift({})] })))).toEqual([
      'wang',
      'li',
      'sun',
      'wu',
      'zhao',
      'zhang',
      'chen',
    ])
    const asked = candidates(at3({ duty: [shift({})] }, { exclude: [staffId('wang')] }))
    expect(ids(asked)[0]).toBe('li')
  })

  test('of a level with somebody on a shift the others are passed over, and heard of once these are silent', () => {
    const he = aStaff('he', { role: 'supervisor', departments: ['工程'] })
    const part = {
      staff: [...anEstate().staff, he],
      duty: [shift({ staff: [staffId('he')] })],
    }
    expect(ids(atLevel(at3(part), 1))).toEqual(['he'])
    expect(ids(atExactly(at3(part, { exclude: [staffId('he')] }), 1))).toEqual(['li'])
    expect(ids(atLevel(search({ estate: anEstate(part) }), 1))).toEqual(['li', 'he'])
  })

  test('whoever holds the night for every department holds it for this one', () => {
    const duty = [shift({ department: null, staff: [staffId('zhao')] })]
    expect(ids(atLevel(at3({ duty }), 1))).toEqual(['zhao'])
    const own = [shift({ department: '秩序', staff: [staffId('zhao')] })]
    expect(ids(atLevel(at3({ duty: own }), 1))).toEqual(['li'])
  })

  test('a level with nobody on a shift is told all the same: rather woken than nobody', () => {
    expect(ids(atLevel(at3({ duty: [shift({})] }), 2))).toEqual(['sun'])
  })
})

describe('when everybody above is silent', () => {
  test('the company’s other people, an admin among them; then whatever supervisor there is', () => {
    const told = (...who: string[]) => search({ exclude: who.map(staffId) })
    expect(ids(lastResort(told('li', 'sun', 'wu')))).toEqual(['root'])
    expect(ids(lastResort(told('li', 'sun', 'wu', 'root')))).toEqual(['zhao'])
    expect(lastResort(told('li', 'sun', 'wu', 'root', 'zhao'))).toEqual([])
  })
})

describe('whoever is at a post now', () => {
  const guards = [
    aStaff('men', { departments: ['秩序'] }),
    aStaff('xun', { departments: ['秩序'] }),
    aStaff('he', { role: 'supervisor', departments: ['秩序'] }),
  ]
  const night = shift({ department: '秩序', staff: [staffId('xun')] })
  const post = (part: Parameters<typeof anEstate>[0], moment: string) =>
    ids(onPost(search({ estate: anEstate({ staff: guards, ...part }), department: '秩序', at: at(moment) })))

  test('those on duty; without a shift now its handlers; without handlers its supervisors', () => {
    expect(post({ duty: [night] }, '2026-11-23 22:00')).toEqual(['xun'])
    expect(post({ duty: [night] }, '2026-11-23 10:00')).toEqual(['men', 'xun'])
    expect(post({ staff: guards.slice(2) }, '2026-11-23 10:00')).toEqual(['he'])
  })

  test('in an estate not yet known: the company, and of each estate the guards, 客服 and the department on duty', () => {
    const { estates, staff } = aCompany()
    const company = aCompany({
      estates: estates.map((e) =>
        e.id === 'hefeng'
          ? { ...e, staff: [...e.staff, ...guards], duty: [night, shift({ staff: [staffId('wang')] })] }
          : e,
      ),
    })
    const whole = search({ company, estate: null, building: null, at: at('2026-11-23 22:00') })
    expect(ids(onCall(whole))).toEqual(['wang', 'xun', 'chen', 'qian', 'wu'])
    const nobody = aCompany({
      estates: [anEstate({ staff: [aStaff('sun', { role: 'manager' })] })],
      staff: [],
    })
    expect(ids(onCall({ ...whole, company: nobody }))).toEqual(['sun'])
    expect(staff.map((s) => s.id)).toContain('root')
  })
})

describe('a shift', () => {
  const night = shift({ days: [5] })
  test.each([
    ['Friday before it', '2026-11-27 17:59', false],
    ['Friday evening', '2026-11-27 18:00', true],
    ['Saturday morning of the same shift', '2026-11-28 08:29', true],
    ['Saturday once it ended', '2026-11-28 08:30', false],
    ['Saturday evening', '2026-11-28 20:00', false],
    ['Friday morning, which is Thursday’s', '2026-11-27 03:00', false],
  ] as const)('that runs into the next day: %s', (_, moment, on) => {
    expect(isOn(night, 'Asia/Shanghai', at(moment))).toBe(on)
  })

  test('of Sunday night reaches Monday morning', () => {
    expect(isOn(shift({ days: [7] }), 'Asia/Shanghai', at('2026-11-23 07:00'))).toBe(true)
  })

  test('from 00:00 to 24:00 is the whole day', () => {
    const whole = shift({ days: [1], shift: { start: '00:00', end: '24:00' } })
    expect(isOn(whole, 'Asia/Shanghai', at('2026-11-23 23:59'))).toBe(true)
    expect(isOn(whole, 'Asia/Shanghai', at('2026-11-24 00:00'))).toBe(false)
  })
})

describe('somebody on leave', () => {
  const away = (...changes: DutyChange[]) => aCompany({ changes })
  const estate = anEstate({ duty: [shift({ days: [1], staff: [staffId('wang')] })] })
  const zhang = aLeave('zhang', '2026-11-23 00:00', '2026-11-24 00:00')

  test.each([
    ['is not asked', away(zhang), '2026-11-23 10:00', ['wang', 'li', 'sun', 'wu', 'zhao', 'chen']],
    [
      'is asked before',
      away(zhang),
      '2026-11-22 23:59',
      ['zhang', 'wang', 'li', 'sun', 'wu', 'zhao', 'chen'],
    ],
    [
      'is asked from its end on',
      away(zhang),
      '2026-11-24 00:00',
      ['zhang', 'wang', 'li', 'sun', 'wu', 'zhao', 'chen'],
    ],
    [
      'is asked while nobody has agreed',
      away({ ...zhang, state: 'asked' }),
      '2026-11-23 10:00',
      ['zhang', 'wang', 'li', 'sun', 'wu', 'zhao', 'chen'],
    ],
    [
      'is asked once it was taken back',
      away({ ...zhang, state: 'withdrawn' }),
      '2026-11-23 10:00',
      ['zhang', 'wang', 'li', 'sun', 'wu', 'zhao', 'chen'],
    ],
    [
      'is not asked on the roster either',
      away({ ...aLeave('wang', '2026-11-23 00:00', '2026-11-25 00:00'), state: 'begun' }),
      '2026-11-23 22:00',
      ['zhang', 'li', 'sun', 'wu', 'zhao', 'chen'],
    ],
    [
      'leaves nobody where everybody is',
      away(
        ...['zhang', 'wang', 'chen', 'li', 'zhao', 'sun', 'wu'].map((id) =>
          aLeave(id, '2026-11-23 00:00', '2026-11-24 00:00'),
        ),
      ),
      '2026-11-23 10:00',
      [],
    ],
  ] as const)('%s', (_, company, moment, expected) => {
    const duty = moment.endsWith('22:00') ? estate : anEstate()
    expect(ids(candidates(search({ company, estate: duty, at: at(moment) })))).toEqual(expected)
  })

  test('hears of nothing: the next level up does, not another department’s supervisor', () => {
    const company = away(aLeave('li', '2026-11-23 00:00', '2026-11-24 00:00'))
    expect(ids(atLevel(search({ company }), 1))).toEqual(['sun'])
    const both = away(...['li', 'sun'].map((id) => aLeave(id, '2026-11-23 00:00', '2026-11-24 00:00')))
    expect(ids(atLevel(search({ company: both }), 1))).toEqual(['wu'])
    expect(ids(atLevel(search({ company: both }), 2))).toEqual(['wu'])
  })

  test('is not at the post, nor called in an emergency of no known estate', () => {
    const company = away(zhang, aLeave('wu', '2026-11-23 00:00', '2026-11-24 00:00'))
    expect(ids(onPost(search({ company })))).toEqual(['wang'])
    expect(ids(onCall(search({ company, estate: null })))).toEqual(['wang', 'zhao', 'chen', 'qian'])
  })
})

describe('a swapped shift', () => {
  const night = shift({ staff: [staffId('wang')] })
  const day = shift({ shift: { start: '08:30', end: '18:00' }, staff: [staffId('zhang')] })
  const swap = aSwap('wang', 'zhang', '2026-11-24 18:00', '2026-11-25 08:30')
  const first = (changes: readonly DutyChange[], moment: string, duty = [night, day]) =>
    ids(candidates(search({ company: aCompany({ changes }), estate: anEstate({ duty }), at: at(moment) })))[0]

  test.each([
    ['before its night it is nobody’s but the roster’s', [swap], '2026-11-24 17:59', 'zhang'],
    ['in its evening the other one has it', [swap], '2026-11-24 18:00', 'zhang'],
    ['past midnight, too', [swap], '2026-11-25 08:29', 'zhang'],
    ['the night after is the roster’s again', [swap], '2026-11-25 18:00', 'wang'],
    [
      'while it is only asked for, nothing changes',
      [{ ...swap, state: 'asked' }],
      '2026-11-24 20:00',
      'wang',
    ],
    [
      'in return the first has a shift of the other',
      [{ ...swap, back: { from: at('2026-11-26 08:30'), until: at('2026-11-26 18:00') } }],
      '2026-11-26 10:00',
      'wang',
    ],
    [
      'whose stand-in left the estate file stays with whom the roster names',
      [aSwap('wang', 'nobody', '2026-11-24 18:00', '2026-11-25 08:30')],
      '2026-11-24 20:00',
      'wang',
    ],
    [
      'does not pass on: what zhang took over is not swapped away again',
      [swap, aSwap('zhang', 'wang', '2026-11-24 18:00', '2026-11-25 08:30')],
      '2026-11-24 20:00',
      'zhang',
    ],
  ] as const)('%s', (_, changes, moment, expected) => {
    expect(first(changes, moment)).toBe(expected)
  })

  test('whose stand-in went on leave is nobody’s of the roster: the other handlers are asked', () => {
    const leave = aLeave('zhang', '2026-11-24 00:00', '2026-11-26 00:00')
    expect(first([swap, leave], '2026-11-24 20:00')).toBe('wang')
    const found = candidates(
      search({
        company: aCompany({ changes: [swap, leave] }),
        estate: anEstate({ duty: [night] }),
        at: at('2026-11-24 20:00'),
      }),
    )
    expect(ids(found)).not.toContain('zhang')
  })
})

test('200 tasks over five handlers: nobody has more than one more than another', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((id) => aStaff(id))
  const load = new Map<ReturnType<typeof staffId>, number>()
  for (let n = 0; n < 200; n++) {
    const [next] = candidates(search({ estate: anEstate({ staff: five }), load }))
    if (!next) throw new Error('nobody was found')
    load.set(next.id, (load.get(next.id) ?? 0) + 1)
    // Somebody finishes one now and then.
    if (n % 7 === 0) load.set(staffId('c'), Math.max(0, (load.get(staffId('c')) ?? 0) - 1))
  }
  const counts = five.map((s) => load.get(s.id) ?? 0)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
})
