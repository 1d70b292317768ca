import { findStaff } from '../estate.ts'
import { days, type ComplaintId } from '../ids.ts'
import { desk as words } from '../phrases/staff.ts'
import type { Context, DeskLoaded, Turn } from '../turn.ts'
import { Desk } from './desk.ts'
import { gather, isGathered, tellGathered } from './digest.ts'
import { dutyAct, dutyDue, nextLook } from './duty.ts'
import { handle, handleMedia } from './lines.ts'
import { tellNotice } from './notices.ts'
import { press } from './presses.ts'
import { numberIn } from './reading.ts'
import type { DeskEvent, DeskState } from './state.ts'
import { tellOfYear } from './years.ts'

export { deskSchema, newDesk, type DeskEvent, type DeskState } from './state.ts'

/** What a turn of the desk wants to read beside its own open cases. */
export interface DeskNeeds {
  /** The task a pressed card was sent as. */
  readonly task: string | null
  readonly number: string | null
  readonly complaint: ComplaintId | null
}

export function deskNeeds(state: DeskState, event: DeskEvent): DeskNeeds {
  const none = { task: null, number: null, complaint: null }
  if (event.type === 'notice') return { ...none, complaint: event.notice.complaint }
  if (event.type === 'undeliverable') return { ...none, complaint: event.complaint }
  if (event.type !== 'message') return none
  if (event.content.type === 'press') return { ...none, task: event.content.card }
  if (event.content.type === 'text') {
    const number = numberIn(event.content.text)
    if (number?.full) return { ...none, number: number.full }
    // A long list names cases that are not among the newest.
    const chosen = state.choosing?.among[Number(event.content.text.trim()) - 1]
    if (chosen !== undefined) return { ...none, complaint: chosen }
  }
  return { ...none, complaint: state.wanting?.complaint ?? state.focus }
}

/** One turn of a staff member's desk: a press, a line, a photo, or something a complaint has to tell them. Pure. */
export function stepDesk(
  state: DeskState,
  event: DeskEvent,
  loaded: DeskLoaded,
  context: Context,
): Turn<DeskState> {
  const d = new Desk(state, loaded, context)
  switch (event.type) {
    case 'message':
      d.forgetStale()
      hear(d, event)
      break
    case 'notice':
      if (isGathered(event.notice)) gather(d, event.notice)
      else tellNotice(d, event.notice)
      break
    case 'undeliverable':
      for (const id of event.complaint === null ? d.state.digest : [event.complaint])
        d.tell(id, { type: 'undeliverable', staff: loaded.staff })
      break
    case 'yearUnknown':
      tellOfYear(d, event)
      break
    case 'duty':
      dutyAct(d, event.act)
      break
    case 'due':
      if (d.state.tellAt !== null && d.state.tellAt <= d.now) tellGathered(d)
      dutyDue(d)
      break
  }
  const look = nextLook(d)
  const { tellAt } = d.state
  const due = look === null || tellAt === null ? (look ?? tellAt) : Math.min(look, tellAt)
  return { state: d.state, effects: d.effects, due }
}

function hear(d: Desk, event: Extract<DeskEvent, { type: 'message' }>): void {
  const { content } = event
  switch (content.type) {
    case 'text':
      handle(d, content.text)
      return
    case 'media':
      // Only what can be looked at goes on to the resident, or proves anything; a voice says names, a file hides places.
      if (content.kind === 'voice') d.say(words.voiceKept)
      else if (content.kind === 'file') d.say(words.fileKept)
      else handleMedia(d, content.media)
      return
    case 'press':
      press(d, content.action, content.selected)
      return
    case 'location':
      if (content.label) handle(d, content.label)
      else d.say(words.kept)
      return
    case 'link':
      handle(d, [content.title, content.url].filter(Boolean).join(' '))
      return
    case 'entered': {
      if (d.now - d.state.welcomed < days(1)) return
      d.change({ welcomed: d.now })
      const staff = findStaff(d.context.company, d.loaded.staff)
      d.say(words.welcome(staff?.name ?? ''))
      return
    }
    case 'left':
      // Lost access to the app: whatever waits for this person goes to the next one.
      for (const c of d.loaded.mine) d.tell(c.id, { type: 'undeliverable', staff: d.loaded.staff })
      return
    case 'sticker':
    case 'recall':
    case 'unknown':
      return
  }
}
