import type { ComplaintEvent } from '../../../workflows/complaint/events.ts'
import { hangsOn } from '../../../workflows/complaint/hanging.ts'
import type { Complaint } from '../../../workflows/complaint/state.ts'
import { deskNeeds, newDesk, stepDesk, type DeskState } from '../../../workflows/desk/index.ts'
import { deskSchema } from '../../../workflows/desk/state.ts'
import type { Company } from '../../../workflows/estate.ts'
import type { ComplaintId, ConversationId, EstateId, Instant, Millis } from '../../../workflows/ids.ts'
import type { Content } from '../../../workflows/message.ts'
import type { StaffNotice } from '../../../workflows/notice.ts'
import type { Effect } from '../../../workflows/turn.ts'
import { aCompany, aComplaint, aContext, id, mondayTen, photo, staffId } from '../../support/builders.ts'

/** A case with its own number: `aCase(7, { status: 'resolving' })` is TS-20261123-0007. */
export const aCase = (n: number, over: Parameters<typeof aComplaint>[0] = {}): Complaint => ({
  ...aComplaint(over),
  id: n as ComplaintId,
  number: `TS-20261123-${String(n).padStart(4, '0')}`,
})

/** A staff member's phone, with the cases the store would hand their turn. */
export class AtDesk {
  now: Instant = mondayTen
  state: DeskState
  effects: readonly Effect[] = []
  due: Instant | null = null
  readonly staff: string
  readonly company: Company
  /** Everything there is; a turn sees what its owner holds, and what it needs by name. */
  cases: readonly Complaint[]

  constructor(staff: string, cases: readonly Complaint[] = [], company: Company = aCompany()) {
    this.staff = staff
    this.cases = cases
    this.company = company
    this.state = newDesk
  }

  writes(text: string): this {
    return this.gets({ type: 'text', text })
  }

  sendsPhoto(n = 501): this {
    return this.gets({ type: 'media', kind: 'image', media: photo(n), name: null })
  }

  presses(c: Complaint, action: string, selected: Record<string, string[]> = {}): this {
    const content = { type: 'press', card: `task-${c.id}`, code: 'x', action, selected } as const
    return this.gets(content, c)
  }

  hears(notice: StaffNotice): this {
    return this.step({ type: 'notice', notice }, null)
  }

  /** The wait for more of what came together is over. */
  wakes(): this {
    const { due } = this
    if (due === null) throw new Error('nothing is due at this desk')
    this.now = Math.max(this.now, due)
    return this.step({ type: 'due' }, null)
  }

  /** The last line did not reach them, and named no one case. */
  undelivered(): this {
    return this.step({ type: 'undeliverable', complaint: null }, null)
  }

  /** The holidays of a year are known neither to the program nor to this version of the file. */
  isToldOfYear(year: number, version: number, estate = 'hefeng'): this {
    return this.step({ type: 'yearUnknown', estate: id<EstateId>(estate), year, version }, null)
  }

  gets(content: Content, named: Complaint | null = null): this {
    return this.step({ type: 'message', at: this.now, content }, named)
  }

  waits(length: Millis): this {
    this.now += length
    return this
  }

  private step(event: Parameters<typeof stepDesk>[1], pressed: Complaint | null): this {
    const needs = deskNeeds(this.state, event)
    const named =
      pressed ??
      this.cases.find((c) =>
        needs.number === null ? c.id === needs.complaint : c.number === needs.number,
      ) ??
      null
    const mine = this.cases.filter(
      (c) => c.owner === this.staff || c.cards.some((card) => card.staff === this.staff),
    )
    const hanging = this.cases.filter((c) => hangsOn(c, staffId(this.staff)))
    const loaded = {
      staff: staffId(this.staff),
      conversation: 9 as ConversationId,
      mine,
      hanging,
      nextChange: 12,
      named,
    }
    const turn = stepDesk(this.state, event, loaded, aContext(this.now, this.company))
    this.state = deskSchema.parse(turn.state)
    this.effects = turn.effects
    this.due = turn.due
    return this
  }

  /** What the last message said to complaints. */
  get told(): readonly (ComplaintEvent & { readonly case: number })[] {
    return this.effects.flatMap((e) =>
      e.do === 'tell' && e.whom.to === 'complaint'
        ? [{ case: e.whom.id, ...(e.event as ComplaintEvent) }]
        : [],
    )
  }

  /** What it answered. */
  get said(): string {
    return this.effects.flatMap((e) => (e.do === 'say' ? [e.text] : [])).join('\n')
  }
}
