import { isOpen as isServiceTime, nextOpening } from '../calendar.ts'
import { isAtWork } from '../duty.ts'
import type { Estate } from '../estate.ts'
import { days, type Instant, type StaffId } from '../ids.ts'
import type { Card } from '../message.ts'
import { button, text, title } from '../phrases/cards.ts'
import { afterQuiet, isService } from '../sla.ts'
import type { Actor } from '../turn.ts'
import type { EventOf } from './events.ts'
import { isByHand } from './guards.ts'
import type { Complaint } from './state.ts'
import { brief, supervisorFirst } from './who.ts'
import { program, resident, staffBy, type Work } from './work.ts'

/** Silence on the question, and on the card of whoever looks in the resident's place: each is put once more after this. */
const again = days(3)
const asksEnough = 2
const looksEnough = 2

/**
 * Whether the remedy lasted (整改有效): asked of what had come back before, once it is over. The schedule is set with the
 * end of the case, under its own policy, and by nothing else: turning it on later fires at no old case.
 */
export function planEffect(w: Work): void {
  const { effectCheck } = w.policyEstate.policy
  if (effectCheck === null || !cameBackBefore(w.c) || w.c.forgotten) return
  const next = daytime(w.policyEstate, w.now + effectCheck)
  w.c.effect = { next, asked: [], by: null, looks: 0 }
  w.record('effectPlanned', program, { data: { at: next } })
}

const cameBackBefore = (c: Complaint): boolean =>
  !isService(c.kind) && (c.repeat !== null || c.reopened > 0 || c.failures > 0)

/** In service time and outside the quiet hours, from then on; where these never meet, outside the quiet hours. */
function daytime(estate: Estate, from: Instant): Instant {
  let at = from
  for (let n = 0; n < 60; n++) {
    at = afterQuiet(estate, nextOpening(estate.calendar, at))
    if (isServiceTime(estate.calendar, at)) return at
  }
  return afterQuiet(estate, from)
}

/** Its time has come: the resident is asked, then asked once more, then somebody looks. Never at night, also after an outage. */
export function checkEffect(w: Work): void {
  const { effect } = w.c
  if (!effect) return
  const now = daytime(w.policyEstate, w.now)
  if (now > w.now) w.c.effect = { ...effect, next: now }
  else if (!isByHand(w.c) && effect.asked.length < asksEnough) askWhetherItLasted(w, effect)
  else if (effect.looks < looksEnough) lookAtIt(w, effect, [])
  else {
    w.record('effectUnknown', program)
    settleEffect(w)
  }
}

type Effect = NonNullable<Complaint['effect']>

function askWhetherItLasted(w: Work, effect: Effect): void {
  const asked = [...effect.asked, w.now]
  w.c.effect = { ...effect, asked, next: daytime(w.policyEstate, w.now + again) }
  w.record('effectAsked', program, { data: { attempt: asked.length } })
  w.tellResident({ type: 'effectCheck', summary: w.c.about.summary, again: asked.length > 1 })
}

/** Silence, or no chat: a supervisor who had no part in it looks, the company's quality department first. */
function lookAtIt(w: Work, effect: Effect, gone: readonly StaffId[]): void {
  const stays = effect.by !== null && !gone.includes(effect.by) && isAtWork(w.company, effect.by, w.now)
  const by = stays ? effect.by : (supervisorFirst(w, [...w.c.handlers, w.c.owner, ...gone], 3)?.id ?? null)
  if (!stays) w.demote('callback')
  if (by === null) {
    w.record('effectUnknown', program)
    settleEffect(w)
    return
  }
  w.c.effect = { ...effect, by, looks: effect.looks + 1, next: daytime(w.policyEstate, w.now + again) }
  w.record('effectWanted', program, { data: { to: by } })
  w.giveCard(by, 'callback', true)
  w.tellStaff(by, { type: 'effectWanted' })
  if (!stays) brief(w, by)
}

/** Nothing is waited for any more. */
export function settleEffect(w: Work): void {
  w.c.effect = null
  w.demote('callback')
}

/** What was found, by whom; what is not awaited any more is not recorded twice. */
export function recordEffect(w: Work, good: boolean, by: Actor, words: string | null): void {
  if (w.c.effect === null) return
  w.record('effect', by, { words, data: { good } })
  settleEffect(w)
}

/** 好了, says the resident. */
export function lasted(w: Work): void {
  recordEffect(w, true, resident, null)
  w.tellResident({ type: 'effective' })
}

/** Reported again as a case of its own: the remedy of this one did not last, and nobody is asked any more. */
export function cameBack(w: Work, e: EventOf<'cameBack'>): void {
  w.record('cameBack', program, { data: { complaint: e.complaint } })
  recordEffect(w, false, program, null)
}

/** Whoever looks has left: the next one does. */
export function loseLooker(w: Work, e: EventOf<'staffGone'> | EventOf<'undeliverable'>): void {
  const { effect } = w.c
  if (effect?.by !== e.staff) return
  w.record(e.type, program, { data: { staff: e.staff } })
  w.c.cards = w.c.cards.filter((card) => card.staff !== e.staff)
  lookAtIt(w, { ...effect, looks: effect.looks - 1 }, [e.staff])
}

/** What whoever looks sees instead of the card of a case that is over; null for everybody else. */
export function effectFace(c: Complaint, to: StaffId): Pick<Card, 'title' | 'text' | 'buttons'> | null {
  if (c.effect?.by !== to) return null
  const phone =
    c.about.phone === null
      ? []
      : [{ action: 'revealPhone', label: button.revealPhone, style: 'plain' } as const]
  return {
    title: title.effect,
    text: text.effect,
    buttons: [
      ...phone,
      { action: 'effect:good', label: button.effectGood, style: 'primary' },
      { action: 'effect:bad', label: button.effectBad, style: 'plain' },
    ],
  }
}

/** 有效 or 无效, by whoever looked. */
export const judged = (w: Work, e: EventOf<'judge'>): void => recordEffect(w, e.good, staffBy(e.by), e.words)
