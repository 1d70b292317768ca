import type { ComplaintEvent } from '../complaint/events.ts'
import { refusalOf } from '../complaint/index.ts'
import { isOpen, responsibilityCodes, type Complaint, type ResponsibilityCode } from '../complaint/state.ts'
import { findStaff } from '../estate.ts'
import type { Instant, MediaId, StaffId } from '../ids.ts'
import { desk as words, refused } from '../phrases/staff.ts'
import type { Desk } from './desk.ts'
import { pauseReasonOf } from './waiting.ts'
import { dutyPress } from './duty.ts'
import type { Wanted } from './state.ts'

type Selected = Readonly<Record<string, readonly string[]>>

/** Presses that only need words after them: what is asked for, and the act it will be. */
const wants: Readonly<Record<string, { readonly what: Wanted; readonly act: ActType }>> = {
  decline: { what: 'declineReason', act: 'decline' },
  finding: { what: 'finding', act: 'finding' },
  ask: { what: 'question', act: 'ask' },
  hear: { what: 'partyWords', act: 'hear' },
  plan: { what: 'plan', act: 'plan' },
  progress: { what: 'progress', act: 'progress' },
  done: { what: 'done', act: 'done' },
  reply: { what: 'reply', act: 'reply' },
  standDown: { what: 'standDown', act: 'standDown' },
  extend: { what: 'extension', act: 'extend' },
  transfer: { what: 'transfer', act: 'transfer' },
  pauseDeny: { what: 'pauseDenial', act: 'decidePause' },
  closeDisputed: { what: 'dispute', act: 'closeDisputed' },
}

/**
 * A button of a card. Whether it is still possible the complaint decides: an old card answers with the state in words,
 * the second of two people hears politely who was first.
 */
export function press(d: Desk, action: string, selected: Selected): void {
  d.pressed = true
  if (action.startsWith('duty:')) {
    dutyPress(d, action, selected.staff)
    return
  }
  const c = d.loaded.named
  if (!c) {
    d.say(words.cardUnknown)
    return
  }
  const by = d.loaded.staff
  if (!d.mayRead(c)) {
    // Refused by the complaint itself, in words that tell nothing.
    d.tell(c.id, { type: 'accept', by })
    return
  }
  d.focus(c.id)
  d.change({ choosing: null })
  // Whatever the button leads to, somebody who was alerted has pressed it.
  if (c.alert?.to.includes(by)) d.tell(c.id, { type: 'seen', by, how: 'press' })
  if (!isOpen(c.status) && !d.looksAt(c)) {
    old(d, c)
    return
  }
  const wanted = wants[action]
  if (!wanted) pressDirect(d, c, by, action, selected)
  else if (!refuseEarly(d, c, wanted.act)) d.want(wanted.what, c.id)
}

/** Nobody writes three lines to hear then that it was too late: the table is asked before the words are. */
function refuseEarly(d: Desk, c: Complaint, act: ActType): boolean {
  const why = refusalOf(c, sample(act, d.loaded.staff, d.now), d.context)
  if (why === null) return false
  const holder = findStaff(d.context.company, c.owner)?.name ?? null
  d.say(refused(why, c.number, c.status, holder), { complaint: c.id })
  d.tell(c.id, { type: 'showCard', staff: d.loaded.staff, face: 'task', anew: false })
  return true
}

type ActType =
  | 'decline'
  | 'finding'
  | 'ask'
  | 'hear'
  | 'plan'
  | 'progress'
  | 'done'
  | 'reply'
  | 'standDown'
  | 'extend'
  | 'pause'
  | 'decidePause'
  | 'transfer'
  | 'closeDisputed'
  | 'responsibility'
  | 'visit'

/** The act as it could at best be written: what the table refuses of it, it refuses whatever the words. */
function sample(act: ActType, by: StaffId, now: Instant): ComplaintEvent {
  const media = [0 as MediaId]
  switch (act) {
    case 'decline':
      return { type: act, by, reason: '' }
    case 'finding':
    case 'progress':
      return { type: act, by, text: '', media }
    case 'ask':
      return { type: act, by, text: '' }
    case 'hear':
      return { type: act, by, name: '', words: null }
    case 'plan':
      return { type: act, by, text: '', promise: now + 1, gap: null }
    case 'done':
      return { type: act, by, text: '', media }
    case 'reply':
      return { type: act, by, text: '', media, final: false }
    case 'standDown':
    case 'closeDisputed':
      return { type: act, by, words: '' }
    case 'extend':
      return { type: act, by, until: now + 1, reason: '' }
    case 'pause':
      return { type: act, by, why: 'thirdParty', words: '', until: now + 1 }
    case 'transfer':
      return { type: act, by, who: '-', words: '' }
    case 'decidePause':
      return { type: act, by, allow: false, words: null }
    case 'responsibility':
      return { type: act, by, code: 'undetermined', who: null, words: null }
    case 'visit':
      return { type: act, by, outcome: 'solved', stars: null, words: null }
  }
}

function old(d: Desk, c: Complaint): void {
  d.say(words.oldCard(c.number, c.status), { complaint: c.id })
  d.tell(c.id, { type: 'showCard', staff: d.loaded.staff, face: 'task', anew: false })
}

function pressDirect(d: Desk, c: Complaint, by: StaffId, action: string, selected: Selected): void {
  const [verb, choice] = action.split(':')
  switch (verb) {
    case 'accept':
    case 'arrive':
    case 'verified':
    case 'undo':
    case 'revealPhone':
    case 'urge':
    case 'takeOver':
    case 'sign':
    case 'resume':
    case 'takeBack':
    case 'footageKept':
      d.tell(c.id, { type: verb, by })
      return
    case 'contact':
      d.tell(c.id, { type: 'contact', by, outcome: outcomeOf(choice), words: null })
      d.tell(c.id, { type: 'showCard', staff: by, face: 'task', anew: false })
      return
    case 'visit':
      if (choice === 'noAnswer')
        d.tell(c.id, { type: 'visit', by, outcome: 'noAnswer', stars: null, words: null })
      else if (!refuseEarly(d, c, 'visit')) d.want('visitWords', c.id, { outcome: choice ?? 'solved' })
      return
    case 'effect':
      if (choice === 'good') d.tell(c.id, { type: 'judge', by, good: true, words: null })
      else d.want('effectWords', c.id)
      return
    case 'claim':
      d.tell(c.id, { type: 'settleClaim', by, right: choice === 'right' })
      return
    case 'responsibility':
      if (!refuseEarly(d, c, 'responsibility'))
        d.tell(c.id, { type: 'showCard', staff: by, face: 'responsibility', anew: false })
      return
    case 'handOver':
    case 'reassign':
    case 'more':
    case 'wait':
    case 'lead':
      d.tell(c.id, { type: 'showCard', staff: by, face: verb, anew: false })
      return
    case 'back':
      d.tell(c.id, { type: 'showCard', staff: by, face: 'task', anew: false })
      return
    case 'chooseResponsibility': {
      const code = codeOf(selected.code?.[0])
      if (!code) d.say(words.chooseCode)
      else if (code === 'thirdParty') {
        d.await('responsibilityWords', c.id, { code })
        d.say(words.whoThirdParty, { complaint: c.id, weight: 'question' })
      } else d.want('responsibilityWords', c.id, { code })
      return
    }
    case 'pauseAllow':
      d.tell(c.id, { type: 'decidePause', by, allow: true, words: null })
      return
    case 'choosePause': {
      const why = pauseReasonOf(selected.pause?.[0])
      if (!why) d.say(words.whyPause)
      else if (!refuseEarly(d, c, 'pause')) d.want('pauseWords', c.id, { why })
      return
    }
    case 'chooseHandOver':
    case 'chooseReassign': {
      const to = selected.staff?.[0] as StaffId | undefined
      if (!to) d.say(words.choosePerson)
      else d.tell(c.id, { type: verb === 'chooseHandOver' ? 'handOver' : 'reassign', by, to, reason: null })
      return
    }
    default:
      old(d, c)
  }
}

const outcomeOf = (choice: string | undefined) =>
  choice === 'met' || choice === 'noAnswer' ? choice : 'phone'

const codeOf = (id: string | undefined): ResponsibilityCode | undefined =>
  responsibilityCodes.find((code) => code === id)
