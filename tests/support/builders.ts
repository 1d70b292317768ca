import type { ComplaintEvent, EventOf, Registration } from '../../workflows/complaint/events.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { isOpen, type Complaint, type Status } from '../../workflows/complaint/state.ts'
import type { DutyChange } from '../../workflows/duty-changes.ts'
import type { Company, Estate, Staff } from '../../workflows/estate.ts'
import type {
  ComplaintId,
  ConversationId,
  EstateId,
  Instant,
  MediaId,
  Millis,
  PersonId,
  StaffId,
} from '../../workflows/ids.ts'
import type { Card } from '../../workflows/message.ts'
import type { Notice, StaffNotice } from '../../workflows/notice.ts'
import { defaultPolicy } from '../../workflows/policy.ts'
import type { ComplaintLoaded, Context, Effect, TimelineEntry } from '../../workflows/turn.ts'

/** `2026-11-23 10:00` on the wall in Shanghai. */
export const at = (wall: string): Instant => Date.parse(`${wall.replace(' ', 'T')}:00+08:00`)

/** Monday, ten in the morning, of an ordinary week. */
export const mondayTen = at('2026-11-23 10:00')

export const id = <T extends StaffId | EstateId>(text: string): T => text as T
export const staffId = (text: string): StaffId => text as StaffId
export const photo = (n = 501): MediaId => n as MediaId

export function aStaff(idText: string, part: Partial<Staff> = {}): Staff {
  return {
    id: staffId(idText),
    name: idText,
    wecom: `WeCom-${idText}`,
    role: 'staff',
    departments: ['工程'],
    buildings: [],
    phone: '13900000001',
    active: true,
    ...part,
  }
}

/** 和风苑: zhang and wang repair, chen sits at 客服, li and zhao supervise, sun manages. */
export function anEstate(part: Partial<Estate> = {}): Estate {
  const day = [
    { start: '08:30', end: '12:00' },
    { start: '13:30', end: '18:00' },
  ]
  return {
    id: 'hefeng' as EstateId,
    name: '和风苑',
    phone: '0731-88881111',
    buildings: [{ name: '3栋', units: ['1', '2'], floors: 18 }],
    staff: [
      aStaff('zhang', { name: '张建国' }),
      aStaff('wang', { name: '王强', phone: '13900000003' }),
      aStaff('chen', { name: '陈静', role: 'operator', departments: ['客服'] }),
      aStaff('gone', { name: '旧同事', active: false }),
      aStaff('li', { name: '李敏', role: 'supervisor', departments: ['工程', '客服'] }),
      aStaff('zhao', { name: '赵刚', role: 'supervisor', departments: ['秩序'] }),
      aStaff('sun', { name: '孙洁', role: 'manager', departments: ['经理'] }),
    ],
    calendar: {
      timezone: 'Asia/Shanghai',
      windows: { 1: day, 2: day, 3: day, 4: day, 5: day },
      closed: [],
      open: [],
    },
    duty: [],
    policy: defaultPolicy,
    hotlines: {},
    words: {},
    ...part,
  }
}

/** 安居物业 with 和风苑 and 云溪里, and the company's own wu (quality) and root (admin). */
export function aCompany(part: Partial<Company> = {}): Company {
  return {
    version: 1,
    name: '安居物业',
    phone: '0731-88880000',
    staff: [
      aStaff('wu', { name: '吴品', role: 'quality', departments: ['品质'] }),
      aStaff('root', { name: '管理员', role: 'admin', departments: [] }),
    ],
    estates: [
      anEstate(),
      anEstate({
        id: 'yunxi' as EstateId,
        name: '云溪里',
        phone: '0731-88882222',
        staff: [
          aStaff('qian', { name: '钱进' }),
          aStaff('feng', { name: '冯远', role: 'supervisor', departments: ['工程'] }),
        ],
      }),
    ],
    ...part,
  }
}

/** Away from one wall time to another. */
export const aLeave = (staff: string, from: string, until: string): DutyChange => ({
  id: 1,
  kind: 'leave',
  staff: staffId(staff),
  with: null,
  from: at(from),
  until: at(until),
  back: null,
  state: 'agreed',
  by: staffId(staff),
  askedOf: [],
  askedAt: mondayTen,
  raised: false,
  decidedBy: null,
})

export const aSwap = (staff: string, other: string, from: string, until: string): DutyChange => ({
  ...aLeave(staff, from, until),
  kind: 'swap',
  with: staffId(other),
})

export function aContext(now: Instant = mondayTen, company: Company = aCompany()): Context {
  return { now, company, companyAt: () => company }
}

export const aLoaded = (part: Partial<ComplaintLoaded> = {}): ComplaintLoaded => ({
  counter: 7,
  checkCode: '246810',
  load: new Map(),
  earlier: [],
  id: 1 as ComplaintId,
  ...part,
})

export function aRegistration(part: Partial<Registration> = {}): Registration {
  return {
    kind: 'complaint',
    code: 'RP02',
    severity: 'S3',
    estate: 'hefeng' as EstateId,
    person: 11 as PersonId,
    conversation: 21 as ConversationId,
    name: '林女士',
    anonymous: false,
    phone: '13812345678',
    household: { building: '3', unit: '2', room: '1502' },
    place: { building: '3', unit: '2', room: '1502', area: '电梯厅' },
    words: '楼道灯坏了三天没人修，晚上看不见',
    summary: '3栋2单元15楼楼道灯坏了',
    happened: null,
    demand: null,
    media: [photo(401)],
    anger: 0,
    subjects: [],
    danger: null,
    suspected: false,
    incomplete: false,
    wantsPerson: false,
    wantsLevel: 0,
    receivedAt: mondayTen,
    sameAs: null,
    channel: 'wechaty',
    ...part,
  }
}

export const trapped = { type: 'trapped', lift: true, self: true } as const

/** One turn, as it was told and kept. */
export interface Turned {
  readonly at: Instant
  readonly event: ComplaintEvent
  readonly before: Complaint | null
  readonly after: Complaint
  readonly effects: readonly Effect[]
  readonly due: Instant | null
}

type StaffEvent = Extract<ComplaintEvent, { by: unknown }>
/** A staff event without its `by`. */
type Act = StaffEvent extends infer E ? (E extends unknown ? Omit<E, 'by'> : never) : never

/** A complaint that is played: events in, turns out, on a clock that only moves when told to. */
export class Play {
  now: Instant
  company: Company
  readonly turns: Turned[] = []
  readonly loaded: ComplaintLoaded
  /** Every version of the estate file it was played under; a case keeps its own. */
  private readonly versions = new Map<number, Company>()
  private current: Complaint | null
  private nextDue: Instant | null = null

  constructor(
    given: { state?: Complaint; now?: Instant; company?: Company; loaded?: Partial<ComplaintLoaded> } = {},
  ) {
    this.now = given.now ?? mondayTen
    this.company = given.company ?? aCompany()
    this.loaded = aLoaded(given.loaded)
    this.current = given.state ?? null
    if (given.state) this.nextDue = this.now
  }

  get state(): Complaint {
    if (!this.current) throw new Error('nothing is registered yet')
    return this.current
  }

  get due(): Instant | null {
    return this.nextDue
  }

  get last(): Turned {
    const turn = this.turns.at(-1)
    if (!turn) throw new Error('nothing happened yet')
    return turn
  }

  event(event: ComplaintEvent): this {
    const before = this.current
    this.versions.set(this.company.version, this.company)
    const companyAt = (version: number) => this.versions.get(version) ?? this.company
    const context = { ...aContext(this.now, this.company), companyAt }
    const turn = stepComplaint(before, event, this.loaded, context)
    this.current = turn.state
    this.nextDue = turn.due
    this.turns.push({ at: this.now, event, before, after: turn.state, effects: turn.effects, due: turn.due })
    return this
  }

  registers(part: Partial<Registration> = {}): this {
    return this.event({ type: 'register', registration: aRegistration({ receivedAt: this.now, ...part }) })
  }

  /** `play.does('zhang', { type: 'accept' })`. */
  does(by: string, act: Act): this {
    return this.event({ ...act, by: staffId(by) })
  }

  /** Time passes; what is due meanwhile fires at its own moment. */
  passes(length: Millis): this {
    return this.until(this.now + length)
  }

  until(moment: Instant): this {
    for (let n = 0; this.nextDue !== null && this.nextDue <= moment; n++) {
      if (n > 5000) throw new Error('it is woken for ever')
      this.now = Math.max(this.now, this.nextDue)
      this.event({ type: 'due' })
    }
    this.now = moment
    return this
  }

  /** The program was off: time passes, and nothing fires until it is looked at. */
  sleeps(length: Millis): this {
    this.now += length
    return this
  }

  // What happened, of all turns or from one on.

  get effects(): readonly Effect[] {
    return this.turns.flatMap((t) => t.effects)
  }

  /** What the resident was told, oldest first. */
  resident(from = 0): readonly Notice[] {
    return this.turns
      .slice(from)
      .flatMap((t) => noticesTo(t.effects, 'conversation', null).map((x) => x.notice))
  }

  heard(staff: string, from = 0): readonly StaffNotice[] {
    return this.turns.slice(from).flatMap((t) =>
      staffNotices(t.effects)
        .filter((n) => n.to === staff)
        .map((n) => n.notice),
    )
  }

  timeline(from = 0): readonly TimelineEntry[] {
    return this.turns.slice(from).flatMap((t) => entries(t.effects))
  }

  /** The card as its reader has it now. */
  card(staff: string): Card | null {
    return (
      cardsOf(this.effects)
        .filter((c) => c.to === staff)
        .at(-1)?.card ?? null
    )
  }

  pushed(staff: string, from = 0): number {
    return this.turns
      .slice(from)
      .flatMap((t) => cardsOf(t.effects))
      .filter((c) => c.to === staff && c.push).length
  }

  /** How many turns so far: what `resident(from)` and its like begin at. */
  get mark(): number {
    return this.turns.length
  }
}

export const entries = (effects: readonly Effect[]): readonly TimelineEntry[] =>
  effects.flatMap((e) => (e.do === 'record' ? [e.entry] : []))

export const cardsOf = (effects: readonly Effect[]): readonly Extract<Effect, { do: 'card' }>[] =>
  effects.filter((e) => e.do === 'card')

export function noticesTo(
  effects: readonly Effect[],
  to: 'conversation',
  conversation: ConversationId | null,
): readonly { readonly to: ConversationId; readonly notice: Notice }[] {
  return effects.flatMap((e) =>
    e.do === 'tell' &&
    e.whom.to === to &&
    e.event.type === 'notice' &&
    (conversation === null || e.whom.id === conversation)
      ? [{ to: e.whom.id, notice: e.event.notice as Notice }]
      : [],
  )
}

export const staffNotices = (
  effects: readonly Effect[],
): readonly { readonly to: string; readonly notice: StaffNotice }[] =>
  effects.flatMap((e) =>
    e.do === 'tell' && e.whom.to === 'staff' && e.event.type === 'notice'
      ? [{ to: e.whom.id, notice: e.event.notice as StaffNotice }]
      : [],
  )

/** The plain way from a registration to a state: what a complaint is when nothing went wrong. */
export function reach(status: Status, part: Partial<Registration> = {}, start: Instant = mondayTen): Play {
  const play = new Play({ now: start })
  if (status === 'registered') {
    const nobody = aCompany({ staff: [], estates: aCompany().estates.map((e) => ({ ...e, staff: [] })) })
    play.company = nobody
    play.registers(part)
    play.company = aCompany()
    return play
  }
  if (status === 'merged') return play.registers({ sameAs: 99 as ComplaintId, ...part })
  play.registers(part)
  if (status === 'withdrawn') return play.event({ type: 'withdraw', text: null })
  if (status === 'assigned') return play
  const by = play.state.owner ?? ''
  play.does(by, { type: 'accept' })
  if (play.state.status === 'resolving' && status === 'closed')
    return play.does(by, { type: 'reply', text: '已经查过', media: [], final: true })
  if (status === 'verifying' || play.state.status === status) return play
  play.does(by, { type: 'finding', text: '灯管坏了', media: [photo(402)] })
  play.does(by, { type: 'verified' })
  if (play.state.kind === 'complaint')
    play.does(by, { type: 'responsibility', code: 'full', who: null, words: '巡查漏了' })
  else play.does(by, { type: 'plan', text: '换灯管', promise: play.now + 3_600_000, gap: null })
  play.passes(61_000)
  if (status === 'resolving') return play
  play.does(by, { type: 'done', text: '灯管换好了', media: [photo(403)] }).passes(61_000)
  if (status === 'confirming') return play
  play.event({ type: 'solved' })
  if (status === 'feedback') return play
  play.event({ type: 'rate', stars: 5 })
  if (play.state.status !== 'closed') {
    play.does('li', { type: 'visit', outcome: 'solved', stars: null, words: '满意' })
    play.does('li', { type: 'sign' })
  }
  return play
}

type Over = Omit<Partial<Complaint>, 'about' | 'marks'> & {
  readonly about?: Partial<Complaint['about']>
  readonly marks?: Partial<Complaint['marks']>
}

/** A complaint in a state it really reaches, with what a test wants otherwise. */
export function aComplaint(over: Over = {}): Complaint {
  const { about, marks, ...rest } = over
  const { state } = reach(over.status ?? 'verifying', {
    ...(over.severity ? { severity: over.severity } : {}),
    ...(over.kind ? { kind: over.kind } : {}),
    ...(over.code ? { code: over.code } : {}),
  })
  return {
    ...state,
    ...rest,
    about: { ...state.about, ...about },
    marks: { ...state.marks, ...marks },
  }
}

export const openStatuses = (
  ['registered', 'assigned', 'verifying', 'resolving', 'confirming', 'feedback'] as const
).filter((s) => isOpen(s))

export type { EventOf }
