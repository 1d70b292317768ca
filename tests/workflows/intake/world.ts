import type { ComplaintEvent, Registration } from '../../../workflows/complaint/events.ts'
import type { ComplaintBrief, Household } from '../../../workflows/complaint/state.ts'
import type { Company, Estate, Staff } from '../../../workflows/estate.ts'
import type {
  ComplaintId,
  ConversationId,
  EstateId,
  Instant,
  PersonId,
  StaffId,
} from '../../../workflows/ids.ts'
import { defaultPolicy } from '../../../workflows/policy.ts'
import { unknownPerson, type Context, type IntakeLoaded } from '../../../workflows/turn.ts'

// An invented company with one estate (or two), and what a turn reads.

const staff = (id: string, name: string, over: Partial<Staff> = {}): Staff => ({
  id: id as StaffId,
  name,
  wecom: id,
  role: 'staff',
  departments: ['工程'],
  buildings: [],
  phone: null,
  active: true,
  ...over,
})

const workday = [
  { start: '08:30', end: '12:00' },
  { start: '13:30', end: '18:00' },
]

const anEstate = (id: string, name: string, phone: string): Estate => ({
  id: id as EstateId,
  name,
  phone,
  buildings: ['1栋', '2栋', '3栋', '5栋', '8栋'].map((building) => ({
    name: building,
    units: ['1', '2'],
    floors: 18,
  })),
  staff: [
    staff(`${id}-zhang`, '张建国'),
    staff(`${id}-zhao`, '赵大勇', { departments: ['秩序'] }),
    staff(`${id}-li`, '李敏', { role: 'supervisor' }),
  ],
  calendar: {
    timezone: 'Asia/Shanghai',
    windows: { 1: workday, 2: workday, 3: workday, 4: workday, 5: workday },
    closed: [],
    open: [],
  },
  duty: [],
  policy: { ...defaultPolicy, quietHours: { start: '21:00', end: '09:00' } },
  hotlines: { gas: '0731-96777' },
  words: {},
})

export function aCompany(estates = 1): Company {
  return {
    version: 1,
    name: '安居物业',
    phone: '0731-88880000',
    staff: [staff('wu', '吴品', { role: 'quality' })],
    estates: [
      anEstate('hefeng', '和风苑', '0731-88881111'),
      anEstate('yulan', '玉兰里', '0731-88882222'),
    ].slice(0, estates),
  }
}

export const aContext = (now: Instant, company: Company): Context => ({
  now,
  company,
  companyAt: () => company,
})

export { unknownPerson }

export const person = 7 as PersonId
export const stranger = 8 as PersonId
export const conversation = 70 as ConversationId

export const aLoaded = (over: Partial<IntakeLoaded> = {}): IntakeLoaded => ({
  conversation,
  channel: 'wechaty',
  person,
  facts: unknownPerson,
  mine: [],
  similar: () => [],
  named: null,
  bound: null,
  freshCode: '482913',
  kept: { facts: unknownPerson, chats: [], messages: [], cases: [], files: [] },
  keep: { years: 3, mediaDays: 180 },
  ...over,
})

/** `3-2-1201`. */
export function aHousehold(text: string): Household {
  const [building = null, unit = null, room = null] = text.split('-')
  return { building, unit, room }
}

export const aBrief = (over: Partial<ComplaintBrief> = {}): ComplaintBrief => ({
  id: 41 as ComplaintId,
  number: 'TS-20261120-0003',
  estate: 'hefeng' as EstateId,
  person,
  status: 'assigned',
  kind: 'complaint',
  code: 'RP02',
  severity: 'S3',
  summary: '路灯不亮',
  place: { building: null, unit: null, room: null, area: '南门' },
  owner: 'hefeng-zhang' as StaffId,
  accepted: false,
  subjects: [],
  promise: null,
  receivedAt: Date.parse('2026-11-20T10:00:00+08:00'),
  closedAt: null,
  danger: null,
  question: null,
  checkCode: null,
  ...over,
})

export function briefOfRegistration(r: Registration, id: ComplaintId, number: string): ComplaintBrief {
  return aBrief({
    id,
    number,
    estate: r.estate,
    person: r.person,
    kind: r.kind,
    code: r.code,
    severity: r.severity,
    summary: r.summary,
    place: r.place,
    subjects: [...r.subjects],
    receivedAt: r.receivedAt,
    danger: r.danger ? { ...r.danger, suspected: r.suspected } : null,
    owner: null,
  })
}

export interface Told {
  /** null: the case that is being registered. */
  readonly id: ComplaintId | null
  readonly event: ComplaintEvent
}
