import type { Registration } from '../complaint/events.ts'
import type { Place } from '../complaint/state.ts'
import type { ComplaintId, MediaId } from '../ids.ts'
import { hours, minutes, seconds } from '../ids.ts'
import { abandonAfter } from './asking.ts'
import * as lines from '../phrases/danger.ts'
import { ask } from '../phrases/resident.ts'
import type { Code } from '../taxonomy.ts'
import { familyOf } from '../taxonomy.ts'
import type { EmergencyType, Facts } from '../understanding/facts.ts'
import { newDraft, placeOf, placeSaid, registrationOf, take } from './draft.ts'
import { readAnswer, readBackNumber, saysAtHome } from './reading.ts'
import { closeDraft } from './registering.ts'
import { isFindable } from './spots.ts'
import type { DangerTalk } from './state.ts'
import type { Talk } from './talk.ts'

/** The thresholds of the outside contract (design.md, understand output). */
const emergencyFrom = 0.5
const suspectedFrom = 0.1
/** Asked whether somebody is in danger, silence is a yes after so long. */
const answerWithin = seconds(60)
/** What is written within so long of danger still belongs to it. */
const dangerLasts = hours(2)
/** Longer than the alarm takes to its last circle (sla.ts, `alarmWidens`). */
const otherMatterWaits = minutes(20)

export interface Said {
  readonly text: string
  readonly facts: Facts
  readonly at: number
}

/** Codes of the cases of danger, and which drafts are about the same thing and go with it. */
const kindsOfDanger: Readonly<
  Record<EmergencyType, { readonly code: Code; readonly related: readonly string[] }>
> = {
  trapped: { code: 'EM09', related: ['EM', 'SE02'] },
  gas: { code: 'EM02', related: ['EM', 'PO', 'UT'] },
  fire: { code: 'EM01', related: ['EM', 'FS', 'PO', 'PK04', 'UT02'] },
  electric: { code: 'EM06', related: ['EM', 'UT02', 'RP', 'FS03', 'PK04', 'NS06'] },
  falling: { code: 'EM05', related: ['EM', 'NS05', 'RP02', 'RP03', 'GR02'] },
  flood: { code: 'EM06', related: ['EM', 'RP', 'NS06', 'UT01'] },
  violence: { code: 'EM04', related: ['EM', 'NS', 'SE', 'ST', 'PK'] },
  medical: { code: 'EM03', related: ['EM', 'EL', 'NS04'] },
  selfharm: { code: 'EM08', related: ['EM'] },
  collapse: { code: 'EM07', related: ['EM', 'RP', 'RN', 'NS02'] },
}

const codeOf = (type: EmergencyType, lift: boolean): Code =>
  type === 'trapped' && lift ? 'EL01' : kindsOfDanger[type].code

/** Danger breaks through everything, at any step. False: this message is none. */
export function meetDanger(talk: Talk, said: Said, urgent: boolean): boolean {
  const { facts } = said
  const danger = talk.s.danger
  const certain = facts.danger >= emergencyFrom
  if (danger && !danger.over) {
    if (danger.suspected && talk.s.asking?.topic === 'inDanger')
      return answerDoubt(talk, danger, said, certain || urgent)
    if (certain || urgent) return moreDanger(talk, danger, said)
    return false
  }
  if (!certain && !urgent && (facts.danger < suspectedFrom || danger?.over)) return false
  beginDanger(talk, said, urgent ? 'unclear' : certain ? 'certain' : 'suspected')
  return true
}

function beginDanger(talk: Talk, said: Said, how: 'certain' | 'unclear' | 'suspected'): void {
  const { facts } = said
  const type = facts.emergencyType ?? 'medical'
  const unclear = how === 'unclear' || facts.emergencyType === null
  const lift = type === 'trapped' && facts.lift
  const self = facts.selfInvolved
  const suspected = how === 'suspected'
  const known = talk.s.danger?.over ? talk.s.danger.complaint : null

  const own = draftOfDanger(talk, said, type)
  const told = placeOf(talk, own)
  const home = own.household ?? talk.household
  const place =
    home && self && !isFindable(told) && saysAtHome(said.text) ? { ...home, area: told.area } : told
  const where = isFindable(place) ? placeSaid(talk.estate, place) : null
  talk.s.danger = {
    type,
    unclear,
    lift,
    self,
    suspected,
    over: false,
    since: talk.now,
    answerBy: suspected ? talk.now + answerWithin : null,
    until: talk.now + dangerLasts,
    complaint: known,
    place,
    phoneKnown: talk.phone !== null || (facts.phone ?? null) !== null,
    askedPlace: 0,
    askedPhone: 0,
  }
  talk.s.asking = null
  if (known === null)
    hand(talk, { ...registrationOf(talk, own, { incomplete: false, wantsPerson: false }), place })
  else talk.tell(known, { type: 'danger', danger: { type, lift, self }, text: said.text })
  if (suspected) askDoubt(talk, talk.s.danger)
  else firstWords(talk, talk.s.danger, where)
}

/**
 * Danger written in a group alarms the duty like any other; only who is spoken to gets the safety words, and nothing
 * remembered of them is said there.
 */
export function dangerInGroup(talk: Talk, said: Said, mentioned: boolean): boolean {
  if (said.facts.danger < emergencyFrom) return false
  const own = newDraft(said.at, talk.estateId)
  take(own, said.text, said.facts)
  const registration = asDanger(
    registrationOf(talk, own, { incomplete: false, wantsPerson: false }),
    said.facts,
  )
  talk.effect({ do: 'tell', whom: { to: 'newComplaint' }, event: { type: 'register', registration } })
  if (!mentioned || registration.danger === null) return true
  const { type, lift, self } = registration.danger
  const words = lines.firstWords(lift ? 'lift' : type, { gas: talk.estate?.hotlines.gas ?? null })
  talk.say((self ? words.self : words.bystander) + words.coming(null), 'safety')
  talk.say(lines.dutyNumber(talk.dutyPhone, talk.contactInDanger, type === 'gas'), 'safety')
  return true
}

/** What the danger case is made of: the message, with a draft about the same thing; another draft goes on later. */
function draftOfDanger(talk: Talk, said: Said, type: EmergencyType) {
  const draft = talk.s.draft
  const same =
    draft !== null &&
    (draft.facts.code === null ||
      kindsOfDanger[type].related.some(
        (code) => code === draft.facts.code || code === familyOf(draft.facts.code ?? 'OT01'),
      ))
  const own = same ? structuredClone(draft) : newDraft(said.at, talk.estateId)
  own.estate ??= talk.estateId
  take(own, said.text, said.facts)
  own.matter = said.text
  if (same) closeDraft(talk)
  else {
    // The other matter waits until the alarm has found somebody, or everybody: its reminder brings it back.
    talk.s.replyAt = null
    talk.s.burstFrom = null
    talk.s.nudgeAt = talk.now + otherMatterWaits
    talk.s.abandonAt = talk.s.nudgeAt + abandonAfter
  }
  return own
}

function hand(talk: Talk, base: Registration): void {
  const danger = talk.s.danger
  if (!danger) return
  const { type, lift, self, suspected } = danger
  const registration = dangerous(base, { type, lift, self }, suspected)
  talk.effect({ do: 'tell', whom: { to: 'newComplaint' }, event: { type: 'register', registration } })
  talk.s.registering = talk.now
  if (!registration.anonymous) {
    talk.learn({ household: registration.household, phone: registration.phone, estate: registration.estate })
  }
}

/** A registration read as danger by the same thresholds; itself where there is none. */
export function asDanger(base: Registration, facts: Facts): Registration {
  if (facts.danger < suspectedFrom) return base
  const type = facts.emergencyType ?? 'medical'
  const danger = { type, lift: type === 'trapped' && facts.lift, self: facts.selfInvolved }
  return dangerous(base, danger, facts.danger < emergencyFrom)
}

/** Certain: S1 under the code of its danger. Suspected: S2, and the code of the matter stays where there is one. */
function dangerous(
  base: Registration,
  danger: NonNullable<Registration['danger']>,
  suspected: boolean,
): Registration {
  const keepsCode = suspected && base.code !== 'OT01' && !base.code.startsWith('SG')
  return {
    ...base,
    kind: 'complaint',
    code: keepsCode ? base.code : codeOf(danger.type, danger.lift),
    severity: suspected ? 'S2' : 'S1',
    danger,
    suspected,
    sameAs: null,
  }
}

/** The safety line, the duty number, then what is missing: place, then call-back number; nothing before them. */
function firstWords(talk: Talk, danger: DangerTalk, where: string | null): void {
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
  const row = danger.unclear ? 'unclear' : danger.lift && danger.type === 'trapped' ? 'lift' : danger.type
  return lines.firstWords(row, { gas: talk.estate?.hotlines.gas ?? null })
}

function askDoubt(talk: Talk, danger: DangerTalk): void {
  talk.ask('inDanger', wordsFor(talk, danger).doubt, { complaint: danger.complaint }, 'safety')
}

/** A clear no ends it; anything else, and silence, is a yes. */
function answerDoubt(talk: Talk, danger: DangerTalk, said: Said, certain: boolean): boolean {
  const answer = readAnswer(said.text)
  const clearNo = !certain && (answer === 'no' || answer === 2)
  danger.answerBy = null
  danger.suspected = false
  talk.s.asking = null
  learnFrom(talk, danger, said)
  if (clearNo) {
    danger.over = true
    tellDanger(talk, danger, { type: 'noDanger', text: said.text })
    talk.giveNotice()
    talk.say(lines.dangerOver, 'plain', danger.complaint)
    askNext(talk, danger)
    return true
  }
  if (said.facts.emergencyType) retype(danger, said.facts)
  becomeReal(talk, danger, said.text, lines.takenAsDangerByAnswer)
  return true
}

/** Nobody answered “is anybody in danger” within the minute. */
export function doubtUnanswered(talk: Talk): void {
  const danger = talk.s.danger
  if (!danger?.suspected) return
  danger.answerBy = null
  danger.suspected = false
  talk.s.asking = null
  becomeReal(talk, danger, '', lines.takenAsDanger)
}

function becomeReal(talk: Talk, danger: DangerTalk, text: string, opening: string): void {
  const { type, lift, self } = danger
  tellDanger(talk, danger, { type: 'danger', danger: { type, lift, self }, text })
  talk.say(opening, 'safety', danger.complaint)
  firstWords(talk, danger, null)
}

/** More words of danger in the same hours: to the same case, with first words again where it is another danger. */
function moreDanger(talk: Talk, danger: DangerTalk, said: Said): boolean {
  const type = said.facts.emergencyType
  const another = type !== null && (danger.unclear || type !== danger.type)
  const learned = learnFrom(talk, danger, said)
  if (another) {
    retype(danger, said.facts)
    const { lift, self } = danger
    tellDanger(talk, danger, { type: 'danger', danger: { type: danger.type, lift, self }, text: said.text })
    firstWords(talk, danger, null)
    return true
  }
  if (!learned) tellDanger(talk, danger, { type: 'supplement', text: said.text, media: [] })
  talk.say(lines.stillThere(talk.dutyPhone), 'safety', danger.complaint)
  askNext(talk, danger)
  return true
}

function retype(danger: DangerTalk, facts: Facts): void {
  danger.type = facts.emergencyType ?? danger.type
  danger.lift = danger.type === 'trapped' && (facts.lift || danger.lift)
  danger.self = facts.selfInvolved || (danger.self && !danger.unclear)
  danger.unclear = false
}

/** Place and call-back number, as they come. True: this message answered one of them, or belongs to the danger. */
export function continueDanger(talk: Talk, said: Said): boolean {
  const danger = talk.s.danger
  const topic = talk.s.asking?.topic
  if (!danger || (topic !== 'dangerPlace' && topic !== 'dangerPhone')) return false
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

/** Place and number in a message become an amendment of the case; false where it holds neither. */
function learnFrom(talk: Talk, danger: DangerTalk, said: Said, wholeIsPlace = false): boolean {
  const told = said.facts
  let place: Place | null = null
  if (told.household.building !== null || told.household.room !== null || told.area.length > 0) {
    place = placed(danger, { ...told.household, area: told.area.slice(0, 2).join('') || null })
  } else if (wholeIsPlace) {
    place = placed(danger, { building: null, unit: null, room: null, area: said.text.slice(0, 30) })
  }
  const phone = talk.phone === null || told.phone !== null ? (told.phone ?? readBackNumber(said.text)) : null
  if (phone !== null) {
    danger.phoneKnown = true
    if (!talk.minor) talk.learn({ phone })
  }
  if (place === null && phone === null) return false
  tellDanger(talk, danger, {
    type: 'amend',
    place,
    phone,
    name: null,
    household: null,
    estate: null,
    text: said.text,
  })
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

/** Asked in danger: the place, then the number; each at most twice, and a child for an adult's number. */
function askNext(talk: Talk, danger: DangerTalk): void {
  if (danger.suspected) return
  const weight = danger.over ? 'question' : 'safety'
  const about = { complaint: danger.complaint }
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
function tellDanger(talk: Talk, danger: DangerTalk, event: Told): void {
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
    tellDanger(talk, danger, {
      type: 'amend',
      place: placed(danger, { building: null, unit: null, room: null, area: location }),
      phone: null,
      name: null,
      household: null,
      estate: null,
      text: null,
    })
  }
  if (media.length > 0) tellDanger(talk, danger, { type: 'supplement', text: null, media })
  const topic = talk.s.asking?.topic
  if (topic === 'inDanger') return true
  talk.s.asking = null
  askNext(talk, danger)
  if (talk.s.asking === null) talk.giveNotice()
  return true
}
