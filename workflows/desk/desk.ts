import type { ComplaintEvent } from '../complaint/events.ts'
import { refusalOf } from '../complaint/index.ts'
import { isOpen, type Complaint } from '../complaint/state.ts'
import { findEstate, findStaff, levelOf, staffOf } from '../estate.ts'
import { hours, minutes, type ComplaintId, type Instant, type MediaId, type Millis } from '../ids.ts'
import { stamp } from '../phrases/cards.ts'
import { ask } from '../phrases/staff.ts'
import type { Context, DeskLoaded, Effect, Weight } from '../turn.ts'
import type { DeskState, Wanted } from './state.ts'

/** A press that asked for words is forgotten after so long: a line of the next day is not its answer. */
const wantingLasts = hours(2)
/** Which case is spoken of is remembered so long when there are several. */
const focusLasts = minutes(30)

/** What ends a stage of the verification: other buttons are needed next. */
const leadsOn: ReadonlySet<ComplaintEvent['type']> = new Set(['verified', 'responsibility', 'plan'])

/** A desk's turn while it is being decided. */
export class Desk {
  readonly effects: Effect[] = []
  readonly loaded: DeskLoaded
  readonly context: Context
  state: DeskState
  /** This turn is a press, or the words one asked for: its card can still be changed. */
  pressed = false

  constructor(state: DeskState, loaded: DeskLoaded, context: Context) {
    this.state = state
    this.loaded = loaded
    this.context = context
  }

  get now(): Instant {
    return this.context.now
  }

  change(part: Partial<DeskState>): void {
    this.state = { ...this.state, ...part }
  }

  say(
    text: string,
    options: {
      complaint?: ComplaintId
      media?: readonly MediaId[]
      weight?: Weight
      recallAfter?: Millis
    } = {},
  ): void {
    this.effects.push({
      do: 'say',
      text,
      media: options.media ?? [],
      weight: options.weight ?? 'plain',
      complaint: options.complaint ?? null,
      recallAfter: options.recallAfter ?? null,
    })
  }

  tell(id: ComplaintId, event: ComplaintEvent): void {
    this.effects.push({ do: 'tell', whom: { to: 'complaint', id }, event })
  }

  focus(id: ComplaintId): void {
    this.change({ focus: id, focusAt: this.now })
  }

  /** Asks for the words a press needs; the next line answers. */
  want(what: Wanted, complaint: ComplaintId, detail: Record<string, string> = {}): void {
    this.await(what, complaint, detail)
    this.say(ask[what], { complaint, weight: 'question' })
  }

  /** The next line answers this. Photos of another case's finished work are not taken for this one's. */
  await(what: Wanted, complaint: ComplaintId, detail: Record<string, string> = {}): void {
    const { wanting, photos } = this.state
    this.change({
      wanting: { what, complaint, since: this.now, pressed: this.pressed, detail },
      photos: wanting?.complaint === complaint ? photos : [],
      choosing: null,
    })
  }

  /** What was asked for has come. */
  finish(id: ComplaintId, event: ComplaintEvent): void {
    this.drop()
    this.act(id, event)
  }

  /**
   * What this person does in a case. Where a typed line leads to the next thing they must do, a new card comes for it:
   * the code of the one they have may be spent, and would leave it with buttons of the stage before.
   */
  act(id: ComplaintId, event: ComplaintEvent): void {
    this.tell(id, event)
    const c = this.find(id)
    if (this.pressed || c === 'none' || c.owner !== this.loaded.staff || c.status !== 'verifying') return
    if (!leadsOn.has(event.type) || refusalOf(c, event, this.context) !== null) return
    this.tell(id, { type: 'showCard', staff: this.loaded.staff, face: 'task', anew: true })
  }

  drop(): void {
    this.change({ wanting: null, photos: [] })
  }

  forgetStale(): void {
    const { wanting, choosing } = this.state
    if (wanting && this.now - wanting.since > wantingLasts) this.drop()
    if (choosing && this.now - choosing.since > focusLasts) this.change({ choosing: null })
  }

  /** A case by id among what this turn may read. */
  find(id: ComplaintId): Complaint | 'none' {
    return this.readable().find((c) => c.id === id) ?? 'none'
  }

  readable(): readonly Complaint[] {
    const { mine, named } = this.loaded
    const all = named && !mine.some((c) => c.id === named.id) ? [...mine, named] : mine
    return all.filter((c) => this.mayRead(c))
  }

  /**
   * A number shows nothing by itself (design.md, People): a case is read by those it belongs to, and by the supervisors of
   * its estate; never by whom it is about.
   */
  mayRead(c: Complaint): boolean {
    const { company } = this.context
    const me = staffOf(company, findEstate(company, c.estate)).find((s) => s.id === this.loaded.staff)
    if (!me?.active || c.subjects.includes(me.id)) return false
    return levelOf(me.role) >= 1 || this.handles(c) || c.cards.some((card) => card.staff === me.id)
  }

  /** Whoever works on it, is asked to, or must call. */
  handles(c: Complaint): boolean {
    const me = this.loaded.staff
    return (
      c.owner === me || c.callback?.by === me || this.looksAt(c) || (c.alarm?.circle.includes(me) ?? false)
    )
  }

  /** Whether the remedy of a closed case lasted is this person's to find out. */
  looksAt(c: Complaint): boolean {
    return c.effect?.by === this.loaded.staff
  }

  /** What is this person's to do: owned, asked for, or to call. */
  tasks(): readonly Complaint[] {
    return this.loaded.mine.filter(
      (c) => (isOpen(c.status) || this.looksAt(c)) && this.mayRead(c) && this.handles(c),
    )
  }

  /** What was escalated to this person and is still late, without an owner or without an answer. */
  overseen(): readonly Complaint[] {
    const wanting = (c: Complaint) =>
      c.owner === null || c.alert !== null || c.deadlines.some((due) => due.due < this.now)
    return this.loaded.mine.filter(
      (c) =>
        isOpen(c.status) &&
        c.escalated.includes(this.loaded.staff) &&
        this.mayRead(c) &&
        !this.handles(c) &&
        wanting(c),
    )
  }

  /** The case a line is about when it does not say: the one just spoken of, or the only one. */
  single(): Complaint | 'none' | 'several' {
    const tasks = this.tasks()
    const { focus, focusAt } = this.state
    const spoken = focus === null || this.now - focusAt > focusLasts ? 'none' : this.find(focus)
    // A case that went to somebody else, or ended, is spoken of no more while there is other work.
    if (spoken !== 'none' && (tasks.length === 0 || tasks.includes(spoken) || this.oversees(spoken)))
      return spoken
    const [only] = tasks
    return only === undefined ? 'none' : tasks.length === 1 ? only : 'several'
  }

  private oversees(c: Complaint): boolean {
    return isOpen(c.status) && this.leads()
  }

  /** A supervisor, or above. */
  leads(): boolean {
    const me = findStaff(this.context.company, this.loaded.staff)
    return me !== null && levelOf(me.role) >= 1
  }

  zone(c: Complaint): string {
    const { company } = this.context
    return (findEstate(company, c.estate) ?? company.estates[0])?.calendar.timezone ?? 'Asia/Shanghai'
  }

  stamp(c: Complaint, at: Instant): string {
    return stamp(at, this.zone(c))
  }
}
