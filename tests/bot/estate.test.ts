import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { yearWarnings } from '../../bot/estate-calendar.ts'
import { readEstate, sampleEstateFile } from '../../bot/estate.ts'
import { minutes } from '../../workflows/ids.ts'
import { defaultPolicy, limitOf } from '../../workflows/policy.ts'
import { departments } from '../../workflows/taxonomy.ts'
import { estateWith, only, person, problemsOf } from '../support/estate-file.ts'

/** The example of design.md, word for word. */
const contract = `
company:
  name: 安居物业
  phone: "0731-88880000"                                       # told in danger while the estate is unknown
  staff: [{ id: wu, name: 吴品, wecom: WuPin, role: quality, phone: "13900000009" }]   # level 3
estates:
  - id: hefeng
    name: 和风苑
    phone: "0731-88881111"                                     # the estate's duty phone, told in danger
    buildings: [{ name: 3栋, units: [1, 2], floors: 18 }]
    staff:
      - { id: zhang, name: 张建国, wecom: ZhangJianGuo, role: staff, departments: [工程], phone: "13900000001" }
      - { id: li, name: 李敏, wecom: LiMin, role: supervisor, departments: [工程, 客服], phone: "13900000002" }
    calendar: { timezone: Asia/Shanghai, windows: { mon-fri: ["08:30-12:00", "13:30-18:00"], sat: ["09:00-12:00"] } }
    duty:                                                      # without it: all active staff, then supervisors
      - { department: 工程, days: mon-sun, shift: "18:00-08:30", staff: [zhang] }
    policy:                                                    # step → severity → limit; what is left out keeps its default
      accept: { S1: 5m, S2: 30m, S3: 2h, S4: { limit: 1d, working: true } }
      resolve: { EL: { S2: 24h, S3: 3d } }                     # onSite and resolve: step → code family → severity → limit
      undo: 60s
      quietHours: "21:00-09:00"                                # no surveys, nudges, 回访; or none
`

describe('the example of the contract', () => {
  const { company, warnings } = readEstate(contract, 'estate.yaml')
  const [estate] = company.estates

  it('is read whole', () => {
    expect(company).toMatchObject({ version: 0, name: '安居物业', phone: '0731-88880000' })
    expect(company.staff).toEqual([
      {
        id: 'wu',
        name: '吴品',
        wecom: 'WuPin',
        role: 'quality',
        departments: [],
        buildings: [],
        phone: '13900000009',
        active: true,
      },
    ])
    expect(estate).toMatchObject({ id: 'hefeng', name: '和风苑', phone: '0731-88881111', hotlines: {} })
    expect(estate?.buildings).toEqual([{ name: '3栋', units: ['1', '2'], floors: 18 }])
    expect(estate?.staff.map((s) => [s.id, s.role, s.departments])).toEqual([
      ['zhang', 'staff', ['工程']],
      ['li', 'supervisor', ['工程', '客服']],
    ])
    const weekday = [
      { start: '08:30', end: '12:00' },
      { start: '13:30', end: '18:00' },
    ]
    expect(estate?.calendar).toEqual({
      timezone: 'Asia/Shanghai',
      windows: {
        1: weekday,
        2: weekday,
        3: weekday,
        4: weekday,
        5: weekday,
        6: [{ start: '09:00', end: '12:00' }],
      },
      closed: [],
      open: [],
    })
    expect(estate?.duty).toEqual([
      {
        department: '工程',
        buildings: [],
        days: [1, 2, 3, 4, 5, 6, 7],
        shift: { start: '18:00', end: '08:30' },
        staff: ['zhang'],
      },
    ])
  })

  it('counts bare limits around the clock at S1 and S2, in service time at S3 and S4', () => {
    const policy = estate?.policy ?? defaultPolicy
    expect(policy.steps.accept).toEqual({
      S1: { amount: 5, unit: 'm', working: false },
      S2: { amount: 30, unit: 'm', working: false },
      S3: { amount: 2, unit: 'h', working: true },
      S4: { amount: 1, unit: 'd', working: true },
    })
    expect(limitOf(policy, 'resolve', 'EL', 'S3')).toEqual({ amount: 3, unit: 'd', working: true })
    expect(policy.undo).toBe(minutes(1))
    expect(policy.quietHours).toEqual({ start: '21:00', end: '09:00' })
  })

  it('keeps the built-in limits for what it leaves out', () => {
    const policy = estate?.policy ?? defaultPolicy
    expect(policy.steps.contact).toEqual(defaultPolicy.steps.contact)
    expect(policy.byFamily.onSite).toEqual(defaultPolicy.byFamily.onSite)
    expect(policy.byFamily.resolve.EL).toEqual(defaultPolicy.byFamily.resolve.EL)
    expect(policy.byFamily.resolve.RP).toEqual(defaultPolicy.byFamily.resolve.RP)
  })

  it('warns of the level nobody stands on', () => {
    expect(warnings).toEqual(['estate hefeng: nobody has the role manager: escalations skip that level'])
  })
})

describe('the sample estate', () => {
  const { company, warnings } = readEstate(readFileSync(sampleEstateFile(), 'utf8'), 'estate.example.yaml')
  const [estate] = company.estates

  it('has nothing to warn of', () => {
    expect(warnings).toEqual([])
  })

  it('has somebody for every department, and an engineer and a guard at every hour', () => {
    const people = [...company.staff, ...(estate?.staff ?? [])]
    expect(new Set(people.flatMap((s) => s.departments))).toEqual(new Set(departments))
    for (const department of ['工程', '秩序']) {
      const shifts = (estate?.duty ?? []).filter((shift) => shift.department === department)
      const starts = shifts.map((shift) => shift.shift.start).sort()
      expect(shifts.map((shift) => shift.shift.end).sort()).toEqual(starts)
      expect(shifts.every((shift) => shift.days.length === 7)).toBe(true)
    }
  })

  it('names people as the contract does', () => {
    const named = (id: string) => [...company.staff, ...(estate?.staff ?? [])].find((s) => s.id === id)
    expect(named('zhang')).toMatchObject({ wecom: 'ZhangJianGuo', role: 'staff', departments: ['工程'] })
    expect(named('li')).toMatchObject({ wecom: 'LiMin', role: 'supervisor', departments: ['工程', '客服'] })
    expect(named('wu')).toMatchObject({ wecom: 'WuPin', role: 'quality' })
  })
})

describe('what may be left out', () => {
  it('nearly all of it: hours, duty, policy, buildings', () => {
    const estate = only(estateWith(''))
    expect(estate.calendar.timezone).toBe('Asia/Shanghai')
    expect(estate.calendar.windows).toMatchObject({ 1: [{ start: '08:30', end: '18:00' }] })
    expect(estate.calendar.windows[6]).toBeUndefined()
    expect(estate.policy).toEqual(defaultPolicy)
    expect(estate.duty).toEqual([])
  })

  it('the company, in a file of one estate, whose quality department then stands among its staff', () => {
    const { company } = readEstate(estateWith('', `${person}, { id: wu, name: 吴, role: quality }`), 'e')
    expect(company).toMatchObject({ name: '和风苑', phone: '0731-88881111' })
    expect(company.staff.map((s) => s.id)).toEqual(['wu'])
    expect(company.estates[0]?.staff.map((s) => s.id)).toEqual(['zhang'])
  })

  it('not the company where there are several estates', () => {
    const [first, second] = [
      estateWith(''),
      estateWith('', person.replace('zhang', 'wang').replace('Z', 'W')),
    ]
    const several = `${first}${second.replace('estates:\n', '').replace('id: a', 'id: b')}`
    expect(problemsOf(several)).toEqual([expect.stringContaining('“company” is missing')])
  })

  it('words of its own', () => {
    expect(only(estateWith('')).words).toEqual({})
    expect(only(estateWith('words: { SE04: [快递超市, 菜鸟屋], NS01: [] }')).words).toEqual({
      SE04: ['快递超市', '菜鸟屋'],
    })
  })

  it('the details of a building, the department and days of a shift', () => {
    const estate = only(estateWith('buildings: [3栋, 5栋]\nduty: [{ shift: "08:00-20:00", staff: [zhang] }]'))
    expect(estate.buildings).toEqual([
      { name: '3栋', units: [], floors: null },
      { name: '5栋', units: [], floors: null },
    ])
    expect(estate.duty[0]).toMatchObject({ department: null, days: [1, 2, 3, 4, 5, 6, 7] })
  })
})

describe('days and hours', () => {
  it.each([
    ['mon-fri', [1, 2, 3, 4, 5]],
    ['sat', [6]],
    ['mon-sun', [1, 2, 3, 4, 5, 6, 7]],
    ['mon,wed', [1, 3]],
    ['fri-mon', [1, 5, 6, 7]],
    ['mon-wed,sat', [1, 2, 3, 6]],
  ])('%s', (text, expected) => {
    expect(
      only(estateWith(`duty: [{ days: "${text}", shift: "08:00-20:00", staff: [zhang] }]`)).duty[0]?.days,
    ).toEqual(expected)
  })

  it('take a single window as plain text, nights over midnight, and the estate’s own days', () => {
    const { calendar } = only(
      estateWith(
        'calendar:\n  windows: { mon: "20:00-06:00" }\n  closed: [2026-12-31]\n  open: [2026-10-01]',
      ),
    )
    expect(calendar.windows).toEqual({ 1: [{ start: '20:00', end: '06:00' }] })
    expect(calendar).toMatchObject({ closed: ['2026-12-31'], open: ['2026-10-01'] })
  })
})

describe('bad input', () => {
  // The block under test starts in line 6, column 5.
  it.each([
    [
      'an unknown key',
      'calender: {}',
      '6:5 estates[0].calender: unknown key “calender”; did you mean “calendar”?',
    ],
    [
      'an hour there is none of',
      'calendar: { windows: { mon: ["08:00-25:00"] } }',
      '6:34 estates[0].calendar.windows.mon[0]: read “08:00-25:00”; allowed: hours',
    ],
    [
      'overlapping hours',
      'calendar: { windows: { mon: ["08:00-12:00", "11:00-18:00"] } }',
      '6:49 estates[0].calendar.windows.mon[1]: mon 11:00-18:00 overlaps mon 08:00-12:00 in line 6',
    ],
    [
      'a night that reaches into the morning',
      'calendar:\n  windows:\n    mon-sun: ["20:00-09:00"]\n    tue: ["08:00-12:00"]',
      'tue 08:00-12:00 overlaps mon 20:00-09:00 in line 8',
    ],
    [
      'a Sunday night that reaches into Monday',
      'calendar: { windows: { sun: ["20:00-09:00"], mon: ["08:00-12:00"] } }',
      'mon 08:00-12:00 overlaps sun 20:00-09:00',
    ],
    [
      'no service time at all',
      'calendar: { windows: {} }',
      '6:26 estates[0].calendar.windows: there is no service time at all; allowed: at least one window',
    ],
    ['weekdays without a window', 'calendar: { windows: { mon: [] } }', 'there is no service time at all'],
    [
      'days there are none of',
      'calendar: { windows: { mon-fry: ["08:00-12:00"] } }',
      'read the days “mon-fry”; allowed: days such as mon-fri',
    ],
    [
      'a date there is none of',
      'calendar: { closed: [2026-02-30] }',
      'read “2026-02-30”; allowed: a day such as 2026-11-25',
    ],
    [
      'a day both closed and open',
      'calendar: { closed: [2026-12-31], open: [2026-12-31] }',
      '2026-12-31 is both closed and open',
    ],
    [
      'a zone there is none of',
      'calendar: { timezone: Asia/Changsha }',
      'read “Asia/Changsha”; allowed: an IANA time zone',
    ],
    [
      'somebody unknown on duty',
      'duty: [{ shift: "08:00-20:00", staff: [zang] }]',
      '6:44 estates[0].duty[0].staff[0]: read the staff id “zang”; allowed: people of this estate or the company: zhang',
    ],
    [
      'nobody on duty',
      'duty: [{ shift: "08:00-20:00" }]',
      '“staff” is missing; allowed: at least one staff id',
    ],
    ['a shift without hours', 'duty: [{ staff: [zhang] }]', '“shift” is missing; allowed: hours such as'],
    [
      'a department there is none of',
      'duty: [{ department: 工程部, shift: "08:00-20:00", staff: [zhang] }]',
      'read “工程部”; allowed: 客服, 工程, 秩序',
    ],
    [
      'a building there is none of',
      'buildings: [3栋]\nduty: [{ buildings: [4栋], shift: "08:00-20:00", staff: [zhang] }]',
      '7:26 estates[0].duty[0].buildings[0]: read the building “4栋”; allowed: buildings of this estate: 3栋',
    ],
    [
      'a house under two names',
      'buildings: [3栋, 3号楼]',
      '6:21 estates[0].buildings[1]: the building “3号楼” is already used in line 6',
    ],
    [
      'impossible floors',
      'buildings: [{ name: 3栋, floors: 1000 }]',
      'read “1000”; allowed: a whole number of floors',
    ],
    ['a hotline nobody asks for', 'hotlines: { gass: "119" }', 'unknown key “gass”; did you mean “gas”?'],
    ['a word of no code', 'words: { SE4: [快递超市] }', 'unknown key “SE4”; did you mean “SE04”?'],
    [
      'a word of two codes',
      'words: { SE04: [快递超市], NS01: [快递超市] }',
      'the word “快递超市” is already used in line 6; allowed: one use',
    ],
    ['a word of one character', 'words: { SE04: [柜] }', 'read “柜”; allowed: a word of 2 to 20 characters'],
    ['a list where keys belong', 'policy: [1]', 'read a list; allowed: steps such as accept and resolve'],
    ['keys where a list belongs', 'duty: {}', 'read a set of keys; allowed: a list of shifts'],
    ['a key twice', 'duty: []\nduty: []', '7:5 this is no YAML: Map keys must be unique'],
  ])('%s', (_name, lines, problem) => {
    expect(problemsOf(estateWith(lines))).toEqual([expect.stringContaining(problem)])
  })

  it.each([
    [
      'an unknown role',
      '{ id: z, name: 张, role: suprvisor }',
      'read “suprvisor”; allowed: operator, staff, supervisor, manager, quality, admin; did you mean “supervisor”?',
    ],
    [
      'a person without a name',
      '{ id: z, role: staff }',
      '“name” is missing; allowed: a name of up to 60 characters',
    ],
    [
      'an id twice',
      `${person}, { id: zhang, name: 李, role: staff }`,
      'the staff id “zhang” is already used in line 5; allowed: one use',
    ],
    [
      'a userid twice',
      `${person}, { id: li, name: 李, wecom: Z, role: staff }`,
      'the wecom userid “Z” is already used in line 5',
    ],
    ['nobody', '', 'nobody works here'],
    ['nobody active', '{ id: z, name: 张, role: staff, active: false }', 'nobody works here'],
    ['only the quality department', '{ id: z, name: 张, role: quality }', 'nobody works here'],
    [
      'an unknown building',
      '{ id: z, name: 张, role: staff, buildings: [9栋] }',
      'read the building “9栋”; allowed: buildings of this estate: none is listed',
    ],
  ])('%s among the staff', (_name, staff, problem) => {
    expect(problemsOf(estateWith('', staff))).toEqual([expect.stringContaining(problem)])
  })

  it('is told all at once, in the order of the lines, with file, line and column', () => {
    const text = contract
      .replace('role: staff', 'role: boss')
      .replace('S3: 2h', 'S3: soon')
      .replace('undo', 'undoo')
      .replace('staff: [zhang]', 'staff: [zang]')
    expect(problemsOf(text).map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual([
      '12:60 estates[0].staff[0].role:',
      '16:72 estates[0].duty[0].staff[0]:',
      '18:38 estates[0].policy.accept.S3:',
      '20:7 estates[0].policy.undoo:',
    ])
    expect(() => readEstate(text, 'my.yaml')).toThrow(/^my\.yaml cannot be used:\n {2}my\.yaml:12:60 /)
  })

  it('refuses roles of the company in one of several estates', () => {
    const several = `${contract}  - { id: b, name: 乙苑, phone: "0731-88882222", staff: [{ id: q, name: 钱, role: manager }, { id: r, name: 任, role: admin }] }\n`
    expect(problemsOf(several)).toEqual([expect.stringContaining('admin works for the whole company')])
  })

  it('finds the same id in two estates', () => {
    const several = `${contract}  - { id: hefeng, name: 乙苑, phone: "0731-88882222", staff: [{ id: li, name: 钱, role: manager }] }\n`
    expect(problemsOf(several)).toEqual([
      expect.stringContaining('the estate id “hefeng” is already used in line 7'),
      expect.stringContaining('the staff id “li” is already used in line 13'),
    ])
  })

  it.each([
    ['nothing', '', 'read nothing; allowed: keys such as company and estates'],
    ['a list', '- 1', 'read a list; allowed: keys such as company and estates'],
    ['no estate', 'company: { name: 安居, phone: "0731-88880000" }', '“estates” is missing'],
    ['Chinese colons', 'company：\n  name：安居\n', 'read “company： name：安居”; allowed: keys such as'],
    ['broken YAML', 'company: { name: 安居', '1:20 this is no YAML: Flow map'],
  ])('a file with %s', (_name, text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(problem))
  })

  it('keeps telephone numbers out of what it says', () => {
    const told = problemsOf(estateWith('', '{ id: z, name: 张, role: staff, phone: 13900000001转2 }')).join()
    expect(told).toContain('139****0001')
    expect(told).not.toContain('read “13900000001')
  })
})

describe('warnings', () => {
  it('name people nothing can be pushed to, people on duty who are away, and levels nobody stands on', () => {
    const text = estateWith(
      'duty: [{ shift: "08:00-20:00", staff: [li] }]',
      '{ id: zhang, name: 张, role: staff }, { id: li, name: 李, wecom: L, role: staff, active: false }',
    )
    expect(readEstate(text, 'e').warnings).toEqual([
      'nobody has the role quality: escalations end at the managers',
      'no wecom userid, so nothing can be pushed to: zhang',
      'estate a: nobody has the role supervisor: escalations skip that level',
      'estate a: nobody has the role manager: escalations skip that level',
      'estate a: no buildings are listed: any is believed',
      'estate a: on duty although not active: li',
    ])
  })

  it('name a year whose holidays are not known, from three months before it, until the estate describes it', () => {
    const told = (text: string, at: string) => yearWarnings(readEstate(text, 'e').company, Date.parse(at))
    expect(told(contract, '2026-05-11T10:00:00+08:00')).toEqual([])
    expect(told(contract, '2026-11-23T10:00:00+08:00')).toEqual([
      expect.stringContaining('estate hefeng: the holidays of 2027 are not known'),
    ])
    const described = contract.replace('calendar: {', 'calendar: { closed: [2027-02-04], open: [2027-02-20],')
    expect(told(described, '2026-11-23T10:00:00+08:00')).toEqual([])
  })
})
