import type { Place } from '../complaint/state.ts'
import type { ComplaintId, EstateId, MediaId } from '../ids.ts'
import * as lines from '../phrases/danger.ts'
import { ask } from '../phrases/resident.ts'
import { namedEstate } from './draft.ts'
import { readAnswer, readBackNumber, type Said } from './reading.ts'
import { isFindable } from './spots.ts'
import { dangerTopics, type DangerTalk } from './state.ts'
import type { Talk } from './talk.ts'

// What is said and asked in danger, and what its case is told of the answers.

/** The safety line, the duty number, then what is missing: place, then call-back number; nothing before them. */
export function firstWords(talk: Talk, danger: DangerTalk, where: string | null): void {
  if (!talk.silent) danger.heard = talk.amongOthers ? 'group' : 'private'
  const words = wordsFor(talk, danger)
  const safety = danger.self ? words.self : words.bystander
  const child = talk.minor ? lines.childToAdult : ''
  talk.say(child + safety + words.coming(where), 'safety', danger.complaint)
  const by = talk.contactInDanger
  const number = isGentle(danger)
    ? lines.someoneSpeaksBy(by, talk.dutyPhone)
    : lines.dutyNumber(talk.dutyPhone, by, danger.type === 'gas')
  talk.say(number, 'safety', danger.complaint)
  askNext(talk, danger)
}

/** Somebody who speaks of hurting themselves is spoken to, not directed. */
const isGentle = (danger: DangerTalk): boolean => danger.type === 'selfharm' && danger.self && !danger.unclear

function wordsFor(talk: Talk, danger: DangerTalk): lines.FirstWords {
  return lines.firstWords(rowFor(danger), { gas: talk.dangerEstate?.hotlines.gas ?? null })
}

function rowFor({ unclear, type, lift, lost }: DangerTalk): lines.DangerCase {
  if (unclear) return 'unclear'
  if (lost) return 'lost'
  return lift && type === 'trapped' ? 'lift' : type
}

export function askDoubt(talk: Talk, danger: DangerTalk): void {
  talk.ask('inDanger', wordsFor(talk, danger).doubt, { complaint: danger.complaint }, 'safety')
}

/** Place and call-back number, as they come. True: this message answered one of them, or belongs to the danger. */
export function continueDanger(talk: Talk, said: Said): boolean {
  const danger = talk.s.danger
  const topic = talk.s.asking?.topic
  if (!danger || topic === undefined || topic === 'inDanger' || !dangerTopics.has(topic)) return false
  if (!talk.amongOthers) danger.room = null
  if (topic === 'dangerEstate') return chooseDangerEstate(talk, danger, said)
  const answer = readAnswer(said.text)
  const knewPhone = danger.phoneKnown
  talk.s.asking = null
  if (topic === 'dangerPlace' && answer === null && said.text.length <= 60) {
    learnFrom(talk, danger, said, true)
  } else if (topic === 'dangerPhone' && (answer === 'no' || answer === 'skip')) {
    danger.phoneKnown = true
    danger.askedPhone = 2
  } else if (!learnFrom(talk, danger, said)) {
    tellDanger(talk, danger, { type: 'supplement', text: said.text, media: [] })
  }
  if (!knewPhone && danger.phoneKnown && talk.phone !== null)
    talk.say(lines.numberTaken, 'plain', danger.complaint)
  askNext(talk, danger)
  if (talk.s.asking === null) talk.giveNotice()
  return true
}

/** Which estate, by its number in the question or by its name; whatever else is said goes to the case as well. */
function chooseDangerEstate(talk: Talk, danger: DangerTalk, said: Said): boolean {
  const answer = readAnswer(said.text)
  const id = typeof answer === 'number' ? talk.s.asking?.options[answer - 1] : undefined
  const chosen = talk.context.company.estates.find((estate) => estate.id === id)?.id ?? null
  talk.s.asking = null
  if (chosen === null && !learnFrom(talk, danger, said)) {
    tellDanger(talk, danger, { type: 'supplement', text: said.text, media: [] })
  }
  if (chosen !== null) {
    learnEstate(talk, danger, chosen)
    tellDanger(talk, danger, amendment({ estate: chosen }))
  }
  askNext(talk, danger)
  if (talk.s.asking === null) talk.giveNotice()
  return true
}

/** From here on its duty is called: told its number, since only the company's could be told before. */
function learnEstate(talk: Talk, danger: DangerTalk, estate: EstateId): void {
  danger.estate = estate
  belongTo(talk, estate)
  if (talk.dangerEstate && !danger.over)
    talk.say(lines.dutyOf(talk.dangerEstate.name, talk.dutyPhone), 'safety', danger.complaint)
}

/** Where somebody sees danger is where they live only as long as nothing else is known. */
export function belongTo(talk: Talk, estate: EstateId | null): void {
  if (talk.loaded.facts.estate === null) talk.learn({ estate: talk.s.learned.estate ?? estate })
}

type Amendment = Extract<Told, { type: 'amend' }>

const amendment = (news: Partial<Amendment>): Amendment => ({
  type: 'amend',
  place: null,
  phone: null,
  name: null,
  household: null,
  estate: null,
  text: null,
  ...news,
})

/** Estate, place and number in a message become an amendment of the case; false where it holds none of them. */
export function learnFrom(talk: Talk, danger: DangerTalk, said: Said, wholeIsPlace = false): boolean {
  const told = said.facts
  let place: Place | null = null
  if (told.household.building !== null || told.household.room !== null || told.area.length > 0) {
    place = placed(danger, { ...told.household, area: told.area.slice(0, 2).join('') || null })
  } else if (wholeIsPlace) {
    place = placed(danger, {
      building: null,
      unit: null,
      room: null,
      area: [...said.text].slice(0, 30).join(''),
    })
  }
  const phone = talk.phone === null || told.phone !== null ? (told.phone ?? readBackNumber(said.text)) : null
  if (phone !== null) {
    danger.phoneKnown = true
    if (!talk.minor) talk.learn({ phone })
  }
  const estate = danger.estate === null ? namedEstate(talk, said.text) : null
  if (estate !== null) learnEstate(talk, danger, estate)
  if (place === null && phone === null && estate === null) return false
  tellDanger(talk, danger, amendment({ place, phone, estate, text: said.text }))
  return true
}

/** What is new of the place joins what is known of it. */
function placed(danger: DangerTalk, news: Place): Place {
  const had = danger.place
  danger.place = {
    building: news.building ?? had.building,
    unit: news.unit ?? had.unit,
    room: news.room ?? had.room,
    area: news.area ?? had.area,
  }
  return danger.place
}

/**
 * Asked in danger: the estate where there are several, the place, then the number; each at most twice, and a child for
 * an adult's number. In a group nothing is asked: the first of them is wanted in private, in one line.
 */
export function askNext(talk: Talk, danger: DangerTalk): void {
  if (danger.suspected || talk.silent) return
  const weight = danger.over ? 'question' : 'safety'
  const about = { complaint: danger.complaint }
  const { estates } = talk.context.company
  const estateUnknown = danger.estate === null && estates.length > 1
  if (talk.amongOthers) {
    if (!estateUnknown && isFindable(danger.place) && danger.phoneKnown) return
    talk.say(lines.tellInPrivate, weight, danger.complaint)
    return talk.expect('dangerPlace', about)
  }
  if (estateUnknown && danger.askedEstate < 2) {
    danger.askedEstate++
    const names = estates.map((estate) => estate.name)
    const text = danger.over ? ask.estate(names) : lines.askEstate(danger.type, ask.estate(names))
    const options = estates.map((estate) => String(estate.id))
    return talk.ask('dangerEstate', text, { ...about, options }, weight)
  }
  if (!isFindable(danger.place) && danger.askedPlace < 2) {
    danger.askedPlace++
    const text = danger.over
      ? ask.place
      : danger.askedPlace === 1
        ? wordsFor(talk, danger).place
        : lines.askPlaceAgain
    return talk.ask('dangerPlace', text, about, weight)
  }
  if (!danger.phoneKnown && danger.askedPhone < 2 && !talk.loaded.facts.phoneRefused) {
    danger.askedPhone++
    const text = talk.minor
      ? lines.askAdultsNumber
      : isGentle(danger)
        ? lines.askNumberGently
        : lines.askBackNumber(danger.type === 'gas' && !danger.over)
    return talk.ask('dangerPhone', text, about, weight)
  }
}

type Told = Parameters<Talk['tell']>[1]

/** To the case; before its row is known, kept until `registered` comes. */
export function tellDanger(talk: Talk, danger: DangerTalk, event: Told): void {
  if (danger.complaint !== null) return talk.tell(danger.complaint, event)
  talk.s.early.push(event)
}

/** The case of this danger has its row: what was said meanwhile follows. */
export function dangerRegistered(talk: Talk, id: ComplaintId): void {
  const danger = talk.s.danger
  if (!danger || danger.complaint !== null) return
  danger.complaint = id
  if (talk.s.asking && talk.s.asking.complaint === null) talk.s.asking.complaint = id
}

/** Photos, voice and places sent in danger go to its case at once. */
export function mediaInDanger(talk: Talk, media: readonly MediaId[], location: string | null): boolean {
  const danger = talk.s.danger
  if (!danger || danger.over) return false
  if (location !== null) {
    const place = placed(danger, { building: null, unit: null, room: null, area: location })
    tellDanger(talk, danger, amendment({ place }))
  }
  if (media.length > 0) tellDanger(talk, danger, { type: 'supplement', text: null, media })
  const topic = talk.s.asking?.topic
  if (topic === 'inDanger') return true
  talk.s.asking = null
  askNext(talk, danger)
  if (talk.s.asking === null) talk.giveNotice()
  return true
}
