import type { ComplaintEvent, EventOf, Registration } from '../../../workflows/complaint/events.ts'
import type { ComplaintBrief } from '../../../workflows/complaint/state.ts'
import { isOpen } from '../../../workflows/complaint/state.ts'
import type { Company } from '../../../workflows/estate.ts'
import type { ComplaintId, Instant, MediaId, StaffId } from '../../../workflows/ids.ts'
import { intakeNeeds, newIntake, stepIntake } from '../../../workflows/intake/index.ts'
import type { IntakeEvent, IntakeState } from '../../../workflows/intake/index.ts'
import type { Content } from '../../../workflows/message.ts'
import type { Notice } from '../../../workflows/notice.ts'
import { taxonomy } from '../../../workflows/taxonomy.ts'
import type { Effect, PersonFacts } from '../../../workflows/turn.ts'
import { secondReadingSchema, type SecondReading } from '../../../workflows/understanding/second-reading.ts'
import type { EmergencyType, Facts } from '../../../workflows/understanding/facts.ts'
import { contextOf, understand } from '../../../workflows/understanding/index.ts'
import { aCompany, aContext, aLoaded, briefOfRegistration, unknownPerson, type Told } from './world.ts'

const claims = /登记好了|已通知|已收到|(?<!：)已撤回。|已删除|已转告|已重新打开/

/** A conversation played in memory: understanding, intake, and a complaint that only answers what it must. */
export class Dialogue {
  now: Instant
  state: IntakeState = newIntake
  due: Instant | null = null
  readonly company: Company
  facts: PersonFacts
  mine: ComplaintBrief[]
  readonly others: ComplaintBrief[]
  readonly effects: Effect[] = []
  readonly said: {
    readonly text: string
    readonly at: Instant
    readonly weight: string
    readonly room: string | null
  }[] = []
  readonly told: Told[] = []
  readonly registrations: Registration[] = []
  bound: number | null = null
  private readonly model: boolean
  private nextId = 100

  constructor(given: {
    now: Instant
    facts?: Partial<PersonFacts>
    mine?: readonly ComplaintBrief[]
    others?: readonly ComplaintBrief[]
    estates?: number
    /** A language model is connected. */
    model?: boolean
  }) {
    this.now = given.now
    this.model = given.model ?? false
    this.company = aCompany(given.estates ?? 1)
    this.facts = { ...unknownPerson, ...given.facts }
    this.mine = [...(given.mine ?? [])]
    this.others = [...(given.others ?? [])]
  }

  /** `doubts`: the danger the text may tell of, however sure the model of today is about it. */
  write(
    text: string,
    more: {
      at?: Instant
      group?: { id: string; mentioned: boolean } | null
      doubts?: EmergencyType | null
    } = {},
  ): void {
    const at = more.at ?? this.now
    const estate = this.company.estates[0]
    const read = understand(text, at, contextOf(this.company, estate ?? null))
    const { doubts } = more
    const facts: Facts = doubts
      ? { ...read, danger: 0.3, emergencyType: doubts, safety: 'risk', lift: false }
      : read
    this.step({ type: 'message', at, content: { type: 'text', text }, facts, group: more.group ?? null })
  }

  send(content: Content): void {
    this.step({ type: 'message', at: this.now, content, facts: null, group: null })
  }

  /** What the language model was given, oldest first. */
  get asked(): readonly Extract<Effect, { do: 'askModel' }>[] {
    return this.effects.filter((effect) => effect.do === 'askModel')
  }

  /** The model answers what it was asked last, or what is given. */
  reads(reading: Partial<SecondReading>, asked = this.asked.at(-1)): void {
    if (!asked) throw new Error('the model was not asked')
    this.step({ type: 'secondReading', about: asked.about, reading: secondReadingSchema.parse(reading) })
  }

  photo(kind: 'image' | 'voice' = 'image'): void {
    this.send({ type: 'media', kind, media: 900 as MediaId, name: null })
  }

  notice(notice: Notice): void {
    this.step({ type: 'notice', notice })
  }

  /** Lets time pass; everything due on the way fires at its own moment. */
  wait(ms: number): void {
    const until = this.now + ms
    for (let fired = 0; this.due !== null && this.due <= until; fired++) {
      if (fired > 200) throw new Error('a timer fires for ever')
      this.now = Math.max(this.now, this.due)
      this.step({ type: 'due' })
    }
    this.now = until
  }

  step(event: IntakeEvent): void {
    const needs = intakeNeeds(event)
    const loaded = aLoaded({
      facts: this.facts,
      mine: this.mine,
      similar: (estate, code) =>
        this.others.filter((b) => b.estate === estate && b.code === code && isOpen(b.status)),
      named: needs.number === null ? null : (this.others.find((b) => b.number === needs.number) ?? null),
      bound: needs.bindCode === null ? null : (this.bound as never),
    })
    const context = { ...aContext(this.now, this.company), model: this.model }
    const turn = stepIntake(this.state, event, loaded, context)
    // Rule 11, in every dialogue: what a notice has not reported is not said to be done.
    const released = turn.state.waiting.length < this.state.waiting.length
    if (event.type !== 'notice' && !released) {
      for (const effect of turn.effects) {
        if (effect.do === 'say' && claims.test(effect.text))
          throw new Error(`claimed too early: ${effect.text}`)
      }
    }
    this.state = turn.state
    this.due = turn.due
    this.effects.push(...turn.effects)
    const later: IntakeEvent[] = []
    for (const effect of turn.effects) {
      if (effect.do === 'say') {
        const room = effect.room ?? null
        this.said.push({ text: effect.text, at: this.now, weight: effect.weight, room })
      }
      if (effect.do === 'remember') this.facts = { ...this.facts, ...effect.person }
      if (effect.do === 'tell') later.push(...this.answer(effect))
    }
    for (const event of later) this.step(event)
  }

  private answer(effect: Extract<Effect, { do: 'tell' }>): IntakeEvent[] {
    const event = effect.event as ComplaintEvent
    if (effect.whom.to === 'newComplaint') {
      const { registration } = event as EventOf<'register'>
      this.told.push({ id: null, event })
      const registered = this.register(registration)
      const { complaint, number } = registered
      const coming = { complaint, number, ...this.coming(registration.wantsLevel) }
      return [registered, ...(registration.wantsPerson ? [coming] : [])].map((notice) => ({
        type: 'notice',
        notice,
      }))
    }
    if (effect.whom.to !== 'complaint') return []
    const id = effect.whom.id
    this.told.push({ id, event })
    const notice = this.answerOf(id, event)
    return notice ? [{ type: 'notice', notice }] : []
  }

  private register(r: Registration): Notice {
    this.registrations.push(r)
    const id = this.nextId++ as ComplaintId
    const number = `TS-20261124-${String(id).padStart(4, '0')}`
    this.mine = [briefOfRegistration(r, id, number), ...this.mine]
    return {
      complaint: id,
      number,
      type: 'registered',
      kind: r.kind,
      code: r.code,
      severity: r.severity,
      post: taxonomy[r.code].department,
      promise: this.now + 4 * 3_600_000,
      checkCode: r.anonymous && !r.danger ? '583112' : null,
      incomplete: r.incomplete,
      wantsPerson: r.wantsPerson,
      danger: r.danger?.type ?? null,
      joined: r.sameAs === null ? null : 2,
    }
  }

  private answerOf(id: ComplaintId, event: ComplaintEvent): Notice | null {
    const number = this.mine.find((b) => b.id === id)?.number ?? 'TS-20261124-0001'
    const about = { complaint: id, number }
    switch (event.type) {
      case 'supplement':
        return { ...about, type: 'supplemented' }
      case 'withdraw':
        this.change(id, { status: 'withdrawn', closedAt: this.now })
        return { ...about, type: 'withdrawn' }
      case 'urged':
        return { ...about, type: 'urged', name: null, promise: this.now + 3_600_000 }
      case 'answer':
        return { ...about, type: 'answered' }
      case 'solved':
        this.change(id, { status: 'feedback' })
        return { ...about, type: 'askRating', again: false }
      case 'notSolved':
        this.change(id, { status: 'verifying' })
        return {
          ...about,
          type: 'callback',
          why: 'failed',
          name: '李敏',
          by: this.now + 7_200_000,
          reopened: true,
        }
      case 'lasted':
        return { ...about, type: 'effective' }
      case 'rate':
        return { ...about, type: 'rated', stars: event.stars, name: '张建国' }
      case 'wantsPerson':
        return { ...about, ...this.coming(event.level) }
      case 'reopen':
        this.change(id, { status: 'assigned', closedAt: null })
        return { ...about, type: 'reopened', post: '工程', promise: this.now + 3_600_000 }
      case 'forget':
        return {
          ...about,
          type: 'forgotten',
          open: isOpen(this.mine.find((b) => b.id === id)?.status ?? 'closed'),
        }
      default:
        return null
    }
  }

  private coming(level: 0 | 1 | 2) {
    const name = ['张建国', '李敏', '陈立'][level] ?? null
    return { type: 'personComing', name, by: this.now + 3_600_000 } as const
  }

  change(id: ComplaintId, over: Partial<ComplaintBrief>): void {
    this.mine = this.mine.map((b) => (b.id === id ? { ...b, ...over } : b))
  }

  /** Accepted by Zhang, as progress shows it. */
  accepted(id: ComplaintId): void {
    this.change(id, { accepted: true, owner: 'hefeng-zhang' as StaffId })
  }
}
