import { maskedPhone } from '../phrases/cards.ts'
import { minutes } from '../ids.ts'
import { ask, nudge, opening, summary } from '../phrases/resident.ts'
import { empathy } from '../phrases/empathy.ts'
import { impliedDemand } from '../phrases/news.ts'
import { demandOf, matterOf, momentOf, newDraft, placeOf, placeSaid, sortOf, wishForPerson } from './draft.ts'
import { findsTypingHard } from './reading.ts'
import { register } from './registering.ts'
import { offerMedia, offerOthers, offerOwn } from './repeated.ts'
import { troublesOf } from './several.ts'
import { isServedHere, needsOf } from './slots.ts'
import { isFindable, isNearHome } from './spots.ts'
import type { Draft, Topic } from './state.ts'
import type { Talk } from './talk.ts'

/** A burst is answered at the latest after so many of its waits. */
const burstWaits = 3
const nudgeAfter = minutes(10)
export const abandonAfter = minutes(30)

export const slots = [
  'estate',
  'what',
  'place',
  'who',
  'time',
  'demand',
  'household',
  'phone',
] as const satisfies readonly Topic[]
export type Slot = (typeof slots)[number]

/** The draft being told, begun by this message where there was none. */
export function openDraft(talk: Talk, at: number): Draft {
  talk.s.draft ??= newDraft(at, talk.estateId)
  const draft = talk.s.draft
  draft.began = Math.min(draft.began, at)
  touch(talk)
  return draft
}

/**
 * domain.md 5.1 rule 1 and design.md, Turns: a burst of short messages is answered once, so the reply to an unfinished
 * free text waits for the next message.
 */
export function waitForMore(talk: Talk): void {
  const wait = talk.burstWait
  if (wait === 0) return reply(talk)
  talk.s.burstFrom ??= talk.now
  talk.s.replyAt = Math.min(talk.now + wait, talk.s.burstFrom + burstWaits * wait)
}

function burstOver(talk: Talk): void {
  talk.s.replyAt = null
  talk.s.burstFrom = null
}

/** No draft is forgotten: each one is nudged once and then registered as it is, also when the nudge falls into the night. */
export function touch(talk: Talk): void {
  talk.s.nudgeAt = talk.now + nudgeAfter
  talk.s.abandonAt = talk.now + nudgeAfter + abandonAfter
}

/** One line, then the next thing that is missing; when nothing is, the summary. */
export function reply(talk: Talk): void {
  const draft = talk.s.draft
  if (!draft) return
  burstOver(talk)
  if (draft.group) return
  draft.estate ??= talk.estateId
  talk.greet()
  if (draft.late) sayBacklog(talk, draft)
  if (offerOwn(talk, draft) || offerMedia(talk, draft)) return
  sooth(talk, draft)
  ease(talk, draft)
  const slot = nextSlot(talk, draft)
  if (slot !== null) return askSlot(talk, draft, slot)
  if (offerOthers(talk, draft)) return
  if (isServedHere(draft.facts.kind) && draft.others.length === 0)
    return register(talk, draft, { incomplete: false, wantsPerson: false })
  readBack(talk, draft)
}

/** Line 28 or, after a change, 29. */
export function readBack(talk: Talk, draft: Draft, changes: readonly string[] = []): void {
  const told = troublesOf(talk, draft).map((trouble) => {
    const matter = matterOf(talk, trouble)
    const time = momentOf(trouble)
    const place = placeOf(talk, trouble)
    const area = place.area !== null && matter.includes(place.area) ? null : place.area
    return {
      // Said once: the matter is in the resident's own words and may hold them.
      time: time !== null && matter.includes(time) ? null : time,
      place: placeSaid(talk.estate, { ...place, area }),
      matter,
      demand: demandOf(trouble),
      code: sortOf(trouble).code,
    }
  })
  const home = talk.household
  const homeWords = home === null ? null : placeSaid(talk.estate, { ...home, area: null })
  const homeSaid = homeWords !== null && told.some(({ place }) => place?.includes(homeWords) ?? false)
  const known = draft.anonymous ? null : talk.phone
  if (changes.length > 0) talk.say(summary.changed(changes))
  talk.say(
    summary.readBack(told, {
      household: draft.anonymous || homeSaid ? null : homeWords,
      phone: known === null ? null : maskedPhone(known),
      photos: draft.media.length,
    }),
  )
  if (!draft.summaryShown && told.some(({ demand, code }) => asksForMoney(demand, code)))
    talk.say(summary.money)
  draft.summaryShown = true
  talk.ask('confirm', changes.length > 0 ? summary.confirmChanged : summary.confirm)
}

const asksForMoney = (demand: string | null, code: string): boolean =>
  demand !== null && demand !== impliedDemand.FE && (/赔|减免|退/.test(demand) || code === 'FE03')

/** What is missing, in the order facts, then demand, then who they are (rule 1). */
export function nextSlot(talk: Talk, draft: Draft): Slot | null {
  const needs = needsOf(draft.facts.kind, draft.facts.code)
  const settled = (slot: Slot) => draft.skipped.includes(slot) || (draft.asked[slot] ?? 0) >= 2
  const place = placeOf(talk, draft)
  const placeKnown = isFindable(place)
  const homeSays = needs.placeFromHome || (place.area !== null && isNearHome(place.area))
  const homeKnown = talk.household !== null
  const wanted: readonly (readonly [Slot, boolean])[] = [
    ['what', draft.facts.code === null && draft.facts.kind === 'other' && draft.matter === null],
    ['estate', talk.estateId === null],
    ['household', needs.place && homeSays && !placeKnown && !homeKnown && !draft.anonymous],
    ['place', needs.place && !placeKnown],
    ['who', needs.who && draft.facts.people.length === 0],
    ['time', needs.time && draft.facts.time.length === 0],
    ['demand', needs.demand && draft.facts.demand === null],
    ['household', needs.household && !homeKnown && !draft.anonymous],
    ['phone', needs.phone && talk.phone === null && !talk.loaded.facts.phoneRefused && !draft.anonymous],
  ]
  return wanted.find(([slot, missing]) => missing && !settled(slot))?.[0] ?? null
}

export function askSlot(talk: Talk, draft: Draft, slot: Slot): void {
  const times = draft.asked[slot] ?? 0
  draft.asked[slot] = times + 1
  const estates = talk.context.company.estates
  const options = slot === 'estate' ? estates.map((estate) => String(estate.id)) : []
  talk.ask(slot, wording(talk, draft, slot, times), { options })
}

function wording(talk: Talk, draft: Draft, slot: Slot, times: number): string {
  if (slot === 'estate') return ask.estate(talk.context.company.estates.map((estate) => estate.name))
  if (slot === 'what') {
    if (times > 0) return ask.whatAgain
    if (draft.words.length === 0 && draft.media.length > 0) return ask.whatOfMedia
    return ask.what
  }
  if (times === 0) return ask[slot]
  if (slot === 'household') return ask.householdAgain
  return slot === 'phone' ? ask.phoneAgain : ask.again(ask[slot])
}

/** One empathy line, and another only when the anger has grown. */
function sooth(talk: Talk, draft: Draft): void {
  const { anger, code, kind, category, repeat } = draft.facts
  if (draft.matter === null || (draft.soothed !== null && anger <= Math.max(1, draft.soothed))) return
  talk.say(empathy({ kind, code, category, anger, repeat, words: draft.matter }))
  // Line 09 says that a supervisor calls.
  if (anger >= 3) wishForPerson(draft, 1)
  draft.soothed = anger
}

/** Who finds typing hard need not (domain.md 5.1 rule 9). */
function ease(talk: Talk, draft: Draft): void {
  if (draft.eased || !draft.words.some(findsTypingHard)) return
  talk.say(opening.slowly)
  draft.eased = true
}

function sayBacklog(talk: Talk, draft: Draft): void {
  talk.say(opening.backlog(talk.time(draft.began)))
  draft.late = false
}

/** One reminder of what is still open, never in quiet hours. */
export function remindOfDraft(talk: Talk): void {
  talk.s.nudgeAt = null
  const draft = talk.s.draft
  if (!draft || draft.group || talk.quietUntil !== null) return
  const slot = nextSlot(talk, draft)
  if (slot === null) {
    talk.say(nudge(matterOf(talk, draft)))
    return readBack(talk, draft)
  }
  const options = slot === 'estate' ? talk.context.company.estates.map((estate) => String(estate.id)) : []
  talk.say(nudge(matterOf(talk, draft)))
  talk.ask(slot, wording(talk, draft, slot, 0), { options })
}
