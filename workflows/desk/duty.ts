import { changesOf } from '../estate.ts'
import type { Instant } from '../ids.ts'
import { duty as words, settledCard } from '../phrases/duty.ts'
import { timeWords } from '../phrases/times.ts'
import { shiftEnd } from '../roster.ts'
import {
  changeNumbered,
  companyNow,
  meAt,
  nameIn,
  ownChanges,
  put,
  requestKey,
  showRequest,
  spanAt,
  tellDesk,
  zoneAt,
} from './changes.ts'
import type { Desk } from './desk.ts'
import type { DutyAct, DutyNews } from './duty-events.ts'
import { goOn, handAll, lookAtShift, pressHand, shiftDue } from './handing.ts'
import {
  beginDue,
  chaseRequests,
  endDue,
  endLeave,
  grant,
  inform,
  leaveDue,
  leads,
  moveOn,
  newsOf,
  orderLeave,
} from './leave.ts'
import { agreeSwap, endSwap, orderSwap, swapDue, sweepSwaps } from './swap.ts'

/** What somebody else, the API or the start of the program has to do with this person's duty. */
export function dutyAct(d: Desk, act: DutyAct): void {
  switch (act.do) {
    case 'look':
      return
    case 'leave':
      orderLeave(d, act)
      return
    case 'endLeave':
      endLeave(d, act)
      return
    case 'swap':
      orderSwap(d, act)
      return
    case 'endSwap':
      endSwap(d, act.change)
      return
    case 'decide':
      decided(d, act)
      return
    case 'handAll':
      handAll(d, act)
      return
    case 'hear':
      hear(d, act.news)
      return
  }
}

/** All of their duty that is due now: requests, leave, swaps, the end of a shift. */
export function dutyDue(d: Desk): void {
  chaseRequests(d)
  endDue(d)
  beginDue(d)
  if (d.state.duty.leaving) moveOn(d)
  sweepSwaps(d)
  goOn(d)
  lookAtShift(d)
}

/**
 * Works out when their shift ends, which the estate file and swaps may have changed, and answers when anything of their
 * duty is to be looked at; null: never. An end that has come waits for its turn.
 */
export function nextLook(d: Desk): Instant | null {
  const { ends } = d.state.duty
  if (ends === null || ends > d.now) {
    const next = shiftEnd(companyNow(d), d.loaded.staff, d.now)
    if (next !== ends) d.change({ duty: { ...d.state.duty, ends: next } })
  }
  const times = [
    ...ownChanges(d).map((c) => (c.kind === 'leave' ? leaveDue(c) : swapDue(c))),
    ...shiftDue(d),
    d.state.duty.leaving ? d.now : null,
  ].filter((at) => at !== null)
  return times.length === 0 ? null : Math.min(...times)
}

/** A yes or no to a request of this desk's person. */
function decided(d: Desk, { change: id, by, agree }: Extract<DutyAct, { do: 'decide' }>): void {
  const change = changeNumbered(d, id)
  if (change?.staff !== d.loaded.staff) return
  const asked = change.askedOf.includes(by) || (change.kind === 'leave' && leadsMe(d, by))
  if (change.state !== 'asked' || !asked) {
    const { kind, state, decidedBy } = change
    inform(d, [by], { type: 'settled', staff: d.loaded.staff, kind, state, by: decidedBy })
    showRequest(d, change, change.state === 'asked' ? [] : [by], null)
    return
  }
  if (agree && change.kind === 'leave') return grant(d, change, by)
  if (agree) return agreeSwap(d, change, by)
  const denied = put(d, { ...change, state: 'denied', decidedBy: by })
  showRequest(d, denied, denied.askedOf, null)
  const leave = change.kind === 'leave'
  d.say(
    leave
      ? words.leaveDenied(spanAt(d, change), nameIn(d, by))
      : words.swapDenied(nameIn(d, by), spanAt(d, change)),
    {
      weight: 'promise',
    },
  )
  if (leave) inform(d, change.askedOf, { ...newsOf(denied), gap: null })
  else inform(d, [by], { type: 'settled', staff: d.loaded.staff, kind: 'swap', state: 'denied', by: null })
}

function leadsMe(d: Desk, by: Parameters<typeof leads>[1]): boolean {
  const me = meAt(d)
  return me !== null && leads(d.context.company, by, me)
}

function hear(d: Desk, news: DutyNews): void {
  switch (news.type) {
    case 'leave':
      d.say(leaveNews(d, news), { weight: 'promise' })
      return
    case 'noLeave':
      d.say(words.noLeave(nameIn(d, news.staff)))
      return
    case 'swap': {
      const [a, b] = [nameIn(d, news.staff), nameIn(d, news.with)]
      const span = spanAt(d, news.span)
      d.say(
        news.state === 'agreed'
          ? words.swapDone(a, b, span, news.back && spanAt(d, news.back))
          : words.swapUndone(a, b, span),
        { weight: 'promise' },
      )
      return
    }
    case 'settled':
      if (news.state === 'asked') d.say(words.notYours)
      else if (news.kind === 'swap' && news.state === 'denied' && news.by === null)
        d.say(words.swapSettled(nameIn(d, news.staff)))
      else d.say(words.settled(nameIn(d, news.staff), news.kind, news.state, news.by && nameIn(d, news.by)))
      return
    case 'handedToYou':
      d.say(words.handedToYou(nameIn(d, news.from), news.count), { weight: 'promise' })
      return
    case 'handedFor':
      d.say(words.handedBy(nameIn(d, news.from), nameIn(d, news.to), news.count))
      return
    case 'notHanded':
      d.say(words.notHanded(nameIn(d, news.staff), news.numbers), { weight: 'promise' })
      return
  }
}

function leaveNews(d: Desk, { staff, span, state, by, gap }: Extract<DutyNews, { type: 'leave' }>): string {
  const name = nameIn(d, staff)
  const when = spanAt(d, span)
  if (state === 'denied') return words.denied(name, when)
  if (state !== 'agreed' && state !== 'begun') return words.leaveTaken(name, when)
  const said = words.leaveSet(name, when, by && nameIn(d, by))
  return gap === null ? said : `${said}\n${words.gap(gap, timeWords(gap.at, d.now, zoneAt(d)))}`
}

/** A press on a card of duty: `duty:agree:12`, `duty:hand:wang`. */
export function dutyPress(d: Desk, action: string, selected: readonly string[] | undefined): void {
  const [, verb, ...rest] = action.split(':')
  const choice = rest.join(':')
  if (verb === 'hand') return pressHand(d, choice || selected?.[0])
  if (verb !== 'agree' && verb !== 'deny') return d.say(words.settledUnknown)
  decide(d, Number(choice), verb === 'agree')
}

/** Somebody at this desk says yes or no to another's request: settled at the other's desk. */
export function decide(d: Desk, id: number, agree: boolean): void {
  const change = changesOf(d.context.company).find((c) => c.id === id)
  if (!change) {
    d.effects.push({
      do: 'deskCard',
      key: requestKey(id),
      to: d.loaded.staff,
      card: settledCard,
      push: false,
    })
    return d.say(words.settledUnknown)
  }
  tellDesk(d, change.staff, { do: 'decide', change: id, by: d.loaded.staff, agree })
}
