import type { Company, Estate, Staff } from '../estate.ts'
import { findEstate, findStaff, levelOf, staffOf } from '../estate.ts'
import type { ConversationId, Instant, MediaId, StaffId } from '../ids.ts'
import type { Notice, StaffNotice } from '../notice.ts'
import type { Actor, ComplaintLoaded, Context, Effect } from '../turn.ts'
import type { CardFace } from './events.ts'
import type { Complaint } from './state.ts'

export type Body<T> = T extends unknown ? Omit<T, 'complaint' | 'number'> : never

/**
 * A complaint's turn while it is being decided: a private copy of the case that acts may change, and what they asked
 * for so far. It lives for one step; nothing outside ever sees it half done.
 */
export class Work {
  readonly effects: Effect[] = []
  /** Staff whose card must come anew in this turn, because they must act. */
  readonly push = new Set<StaffId>()
  /** Staff who hold no card of the case any more: what theirs showed is wiped. */
  readonly wiped = new Set<StaffId>()
  /** A face asked for in this turn instead of the plain one. */
  readonly faces = new Map<StaffId, CardFace>()
  readonly c: Complaint
  readonly now: Instant
  readonly loaded: ComplaintLoaded
  readonly context: Context

  constructor(c: Complaint, loaded: ComplaintLoaded, context: Context) {
    this.c = c
    this.now = context.now
    this.loaded = loaded
    this.context = context
  }

  /** The company as it is now: who works here. */
  get company(): Company {
    return this.context.company
  }

  /** The estate as it is now; null while unknown. */
  get estate(): Estate | null {
    return findEstate(this.company, this.c.estate)
  }

  /** The estate as it was when the case began: its policy and calendar apply. */
  get policyEstate(): Estate {
    const then = this.context.companyAt(this.c.version)
    const estate = findEstate(then, this.c.estate) ?? this.estate ?? then.estates[0]
    if (!estate) throw new Error('the company has no estate: estate.yaml must describe at least one')
    return estate
  }

  /** The number to ring in danger: the estate's duty phone, the company's while the estate is unknown. */
  get dutyPhone(): string {
    return this.estate?.phone ?? this.company.phone
  }

  staff(id: StaffId | null): Staff | null {
    return findStaff(this.company, id)
  }

  nameOf(id: StaffId | null): string | null {
    return this.staff(id)?.name ?? null
  }

  /** Works here now, and in the estate of the case once that is known: nobody sees another's (design.md, Estates). */
  isColleague(id: StaffId | null): boolean {
    const staff = this.staff(id)
    if (!staff?.active) return false
    return this.estate === null || staffOf(this.company, this.estate).some((s) => s.id === id)
  }

  levelOf(id: StaffId): number {
    const staff = this.staff(id)
    return staff ? levelOf(staff.role) : -1
  }

  record(
    type: string,
    by: Actor,
    entry: {
      words?: string | null
      media?: readonly MediaId[]
      data?: Record<string, string | number | boolean | null>
    } = {},
  ): void {
    this.effects.push({
      do: 'record',
      entry: { type, by, words: entry.words ?? null, media: entry.media ?? [], data: entry.data ?? {} },
    })
  }

  /** Tells the resident; their conversation finds the words and the moment. */
  tellResident(body: Body<Notice>): void {
    this.effects.push({
      do: 'tell',
      whom: { to: 'conversation', id: this.c.conversation },
      event: { type: 'notice', notice: this.notice(body) },
    })
  }

  /** Tells every household that joined the case (domain.md 5.2 line 64: 结果逐户告知). */
  tellFollowers(body: Body<Notice>): void {
    for (const follower of this.c.followers) {
      this.effects.push({
        do: 'tell',
        whom: { to: 'conversation', id: follower.conversation },
        event: { type: 'notice', notice: this.notice(body) },
      })
    }
  }

  notice(body: Body<Notice>): Notice {
    return { complaint: this.c.id, number: this.c.number, ...body }
  }

  /** Tells a member of staff in words. The person complained about is never told anything. */
  tellStaff(to: StaffId, body: Body<StaffNotice>): void {
    if (this.c.subjects.includes(to)) return
    const notice = { complaint: this.c.id, number: this.c.number, ...body } as StaffNotice
    this.effects.push({ do: 'tell', whom: { to: 'staff', id: to }, event: { type: 'notice', notice } })
  }

  /** Tells another conversation than the resident's: a household that joined, or somebody who claims to be them. */
  tellConversation(id: ConversationId, notice: Notice): void {
    this.effects.push({ do: 'tell', whom: { to: 'conversation', id }, event: { type: 'notice', notice } })
  }

  tellOwner(body: Body<StaffNotice>): void {
    if (this.c.owner !== null) this.tellStaff(this.c.owner, body)
  }

  /** Gives somebody a card of the case, or more to do on theirs, never less; `push` when they must act on it. */
  giveCard(staff: StaffId, role: CardRole, push: boolean): void {
    if (this.c.subjects.includes(staff)) return
    const has = this.c.cards.find((card) => card.staff === staff)?.role
    if (!has || rank[role] > rank[has])
      this.c.cards = [...this.c.cards.filter((card) => card.staff !== staff), { staff, role }]
    if (push) this.push.add(staff)
  }

  /** Somebody shall see the case; a new card goes out only where they hold none, else the words are enough. */
  watch(staff: StaffId): void {
    this.giveCard(staff, 'watch', !this.c.cards.some((card) => card.staff === staff))
  }

  /** It was escalated to them: they see the case, and their desk shows its card when it says so. */
  oversee(staff: StaffId): void {
    if (this.c.subjects.includes(staff)) return
    this.giveCard(staff, 'watch', false)
    if (!this.c.escalated.includes(staff)) this.c.escalated = [...this.c.escalated, staff]
  }

  /** Whoever had this part of the case only watches from now on. */
  demote(role: CardRole): void {
    this.c.cards = this.c.cards.map((card) => (card.role === role ? { ...card, role: 'watch' } : card))
  }

  /** Somebody may see no more of the case. */
  takeCard(staff: StaffId): void {
    if (!this.c.cards.some((card) => card.staff === staff)) return
    this.c.cards = this.c.cards.filter((card) => card.staff !== staff)
    this.wiped.add(staff)
  }
}

type CardRole = Complaint['cards'][number]['role']

/** Who has more to do with the case keeps the card that lets them do it. */
const rank: Readonly<Record<CardRole, number>> = { watch: 0, alarm: 1, callback: 2, owner: 3 }

export const resident: Actor = { kind: 'resident' }
export const program: Actor = { kind: 'program' }
export const staffBy = (id: StaffId): Actor => ({ kind: 'staff', id })
