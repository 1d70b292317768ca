import type { ComplaintEvent } from '../complaint/events.ts'
import type { ComplaintBrief, Household } from '../complaint/state.ts'
import { isOpen } from '../complaint/state.ts'
import { copyOf } from '../copy.ts'
import { lengthOf, quietUntil } from '../calendar.ts'
import type { Estate } from '../estate.ts'
import { findEstate, findStaff } from '../estate.ts'
import type { ComplaintId, EstateId, Instant, MediaId, Millis, StaffId } from '../ids.ts'
import { minutes } from '../ids.ts'
import { defaultPolicy } from '../policy.ts'
import { opening } from '../phrases/resident.ts'
import { clockWords, dateWords, timeWords } from '../phrases/times.ts'
import type { Context, Effect, IntakeLoaded, PersonFacts, Weight } from '../turn.ts'
import { dangerTopics, type Asking, type IntakeState, type Topic } from './state.ts'

interface Line {
  readonly text: string
  readonly weight: Weight
  readonly complaint: ComplaintId | null
  readonly media: readonly MediaId[]
  /** The group it is said in; null: in private. */
  readonly room: string | null
}

/** How the open question is remembered; what is left out does not apply. */
export type AskOptions = Partial<Pick<Asking, 'complaint' | 'question' | 'options' | 'wanting' | 'words'>>

/**
 * A resident's turn while it is being decided: a private copy of the conversation's state that the parts of intake
 * change, and what is said and told so far. It lives for one step; nothing outside ever sees it half done.
 */
export class Talk {
  readonly s: IntakeState
  readonly before: IntakeState
  readonly loaded: IntakeLoaded
  readonly context: Context
  readonly now: Instant
  /** Where this turn speaks: in a group, in private (null), or not at all. */
  private where: { readonly room: string | null; readonly silent: boolean } = { room: null, silent: false }
  private readonly lines: Line[] = []
  private readonly effects: Effect[] = []

  constructor(state: IntakeState, loaded: IntakeLoaded, context: Context) {
    this.before = state
    this.s = copyOf(state)
    this.loaded = loaded
    this.context = context
    this.now = context.now
  }

  /** The estate spoken of: of the draft, of the person, or the only one there is; null while unknown. */
  get estate(): Estate | null {
    return findEstate(this.context.company, this.estateId)
  }

  get estateId(): EstateId | null {
    const estates = this.context.company.estates
    if (this.s.draft?.estate) return this.s.draft.estate
    const known = this.s.learned.estate ?? this.loaded.facts.estate
    if (known && findEstate(this.context.company, known)) return known
    return estates.length === 1 ? (estates[0]?.id ?? null) : null
  }

  /** Local time while the estate is unknown is the first estate's: a company's estates share one country. */
  get timezone(): string {
    return (this.estate ?? this.context.company.estates[0])?.calendar.timezone ?? 'Asia/Shanghai'
  }

  /** Where the danger is, where there is one; null: nobody knows yet which estate. */
  get dangerEstate(): Estate | null {
    return this.s.danger === null ? this.estate : findEstate(this.context.company, this.s.danger.estate)
  }

  get dutyPhone(): string {
    return this.dangerEstate?.phone ?? this.context.company.phone
  }

  /** The household of the person: told now, or remembered. */
  get household(): Household | null {
    return this.s.draft?.household ?? this.s.learned.household ?? this.loaded.facts.household
  }

  get phone(): string | null {
    return this.s.draft?.facts.phone ?? this.s.learned.phone ?? this.loaded.facts.phone
  }

  get minor(): boolean {
    return this.loaded.facts.minor || this.s.learned.minor === true
  }

  get openCases(): readonly ComplaintBrief[] {
    return this.loaded.mine.filter((brief) => isOpen(brief.status))
  }

  caseOf(id: ComplaintId | null): ComplaintBrief | null {
    return id === null ? null : (this.loaded.mine.find((brief) => brief.id === id) ?? null)
  }

  /** The case a line without a number is about: the one last spoken of, or the only open one. */
  get currentCase(): ComplaintBrief | null {
    const last = this.caseOf(this.s.lastComplaint)
    if (last && isOpen(last.status)) return last
    const open = this.openCases
    return open.length === 1 ? (open[0] ?? null) : null
  }

  nameOf(id: StaffId | null): string | null {
    return findStaff(this.context.company, id)?.name ?? null
  }

  get quietUntil(): Instant | null {
    const estate = this.estate ?? this.context.company.estates[0]
    return estate ? quietUntil(estate.policy.quietHours, estate.calendar.timezone, this.now) : null
  }

  get burstWait(): Millis {
    return (this.estate ?? this.context.company.estates[0] ?? { policy: defaultPolicy }).policy.burstWait
  }

  /** The resident wrote a moment ago: the next step of what they are doing wakes nobody. */
  get awake(): boolean {
    return this.s.spoke !== null && this.now - this.s.spoke < minutes(10)
  }

  get human(): boolean {
    return this.s.humanUntil !== null && this.s.humanUntil > this.now
  }

  /** A question of a danger is open: nothing is said that can wait. */
  get askedInDanger(): boolean {
    return this.s.asking !== null && dangerTopics.has(this.s.asking.topic)
  }

  /** By when somebody speaks to a person in danger (domain.md 2.2, first human contact). */
  get contactInDanger(): string {
    const limit = this.dangerEstate?.policy.steps.contact.S1
    return this.clock(this.now + (limit ? lengthOf(limit) : minutes(10)))
  }

  time(at: Instant): string {
    return timeWords(at, this.now, this.timezone)
  }

  date(at: Instant): string {
    return dateWords(at, this.now, this.timezone)
  }

  clock(at: Instant): string {
    return clockWords(at, this.timezone)
  }

  say(
    text: string,
    weight: Weight = 'plain',
    complaint: ComplaintId | null = null,
    media: readonly MediaId[] = [],
  ) {
    if (!this.where.silent) this.lines.push({ text, weight, complaint, media, room: this.where.room })
  }

  /** A message of its own after what is said, which is kept only until it has left: it repeats what is kept elsewhere. */
  sayOnce(text: string) {
    this.effects.push({
      do: 'say',
      text,
      media: [],
      weight: 'promise',
      complaint: null,
      recallAfter: null,
      once: true,
    })
  }

  /** What `speak` says goes to this group, `silent` nowhere. Afterwards the talk is in private again. */
  inGroup<T>(room: string, how: { readonly silent: boolean }, speak: () => T): T {
    this.where = { room, silent: how.silent }
    const said = speak()
    this.where = { room: null, silent: false }
    return said
  }

  /** The group this turn speaks in. */
  get room(): string | null {
    return this.where.room
  }

  /** Others read along, or nothing is said: nothing personal may be asked or told. */
  get amongOthers(): boolean {
    return this.where.room !== null
  }

  get silent(): boolean {
    return this.where.silent
  }

  /** Asks one thing and remembers what a short answer will mean. */
  ask(topic: Topic, text: string, options: AskOptions = {}, weight: Weight = 'question') {
    this.say(text, weight, options.complaint ?? null)
    this.expect(topic, options)
  }

  /** Remembers a question that a line already put. */
  expect(topic: Topic, options: AskOptions = {}) {
    this.s.asking = {
      topic,
      at: this.now,
      complaint: null,
      question: null,
      options: [],
      wanting: null,
      words: null,
      ...options,
    }
  }

  tell(id: ComplaintId, event: ComplaintEvent) {
    this.effects.push({ do: 'tell', whom: { to: 'complaint', id }, event })
  }

  effect(effect: Effect) {
    this.effects.push(effect)
  }

  learn(facts: Partial<PersonFacts>) {
    Object.assign(this.s.learned, Object.fromEntries(Object.entries(facts).filter(([, v]) => v !== null)))
  }

  /** The notice as a line of the first reply, never a gate (rule 12); not in danger, where it comes afterwards. */
  greet() {
    if (this.amongOthers) return
    if (this.s.greeted === null) this.say(opening.hello(this.estate?.name ?? this.context.company.name))
    this.giveNotice()
  }

  /** In danger it comes afterwards, and without the greeting. */
  giveNotice() {
    if (this.amongOthers) return
    this.s.greeted ??= this.now
    if (this.s.noticed === null) {
      this.say(opening.notice)
      this.s.noticed = this.now
    }
  }

  /** The effects of this turn: safety first, then one message for all the rest, so that a reply is one bubble. */
  finish(): readonly Effect[] {
    const rooms = [...new Set(this.lines.map((line) => line.room))]
    return [
      ...rooms.flatMap((room) => bubbles(this.lines.filter((line) => line.room === room))),
      ...this.rememberedEffects(),
      ...this.effects,
    ]
  }

  /** Household, number and name are written only in a later turn than the one that queued the notice (rule 12). */
  private rememberedEffects(): readonly Effect[] {
    const { learned } = this.s
    const known = this.loaded.facts
    // Of a child nothing else is collected (rule 10), so this does not wait.
    if (learned.minor === true) {
      this.s.learned = {}
      return known.minor ? [] : [{ do: 'remember', person: { minor: true } }]
    }
    if (this.before.noticed === null) return []
    const news = Object.entries(learned).filter(
      ([key, value]) => JSON.stringify(known[key as keyof PersonFacts]) !== JSON.stringify(value),
    )
    this.s.learned = {}
    return news.length === 0 ? [] : [{ do: 'remember', person: Object.fromEntries(news) }]
  }
}

function bubbles(lines: readonly Line[]): Effect[] {
  const safety = lines.filter((line) => line.weight === 'safety')
  const rest = lines.filter((line) => line.weight !== 'safety')
  return [...joined(safety, 'safety'), ...joined(rest, heaviest(rest))]
}

function heaviest(lines: readonly Line[]): Weight {
  if (lines.some((line) => line.weight === 'question')) return 'question'
  return lines.some((line) => line.weight === 'promise') ? 'promise' : 'plain'
}

function joined(lines: readonly Line[], weight: Weight): Effect[] {
  const room = lines[0]?.room
  if (room === undefined) return []
  const about = new Set(lines.map((line) => line.complaint).filter((id) => id !== null))
  return [
    {
      do: 'say',
      text: lines.map((line) => line.text).join('\n'),
      media: lines.flatMap((line) => [...line.media]),
      weight,
      complaint: about.size === 1 ? ([...about][0] ?? null) : null,
      recallAfter: null,
      ...(room === null ? {} : { room }),
    },
  ]
}
