import type { Registration } from '../complaint/events.ts'
import type { ComplaintBrief } from '../complaint/state.ts'
import { copyOf } from '../copy.ts'
import { hours, minutes, seconds } from '../ids.ts'
import { abandonAfter, openDraft } from './asking.ts'
import { isClearNo } from './clear-no.ts'
import * as lines from '../phrases/danger.ts'
import type { Code } from '../taxonomy.ts'
import { familyOf } from '../taxonomy.ts'
import type { EmergencyType, Facts } from '../understanding/facts.ts'
import {
  askDoubt,
  askNext,
  belongTo,
  continueDanger,
  firstWords,
  learnFrom,
  tellDanger,
} from './danger-talk.ts'
import { namedEstate, newDraft, nowhere, placeOf, placeSaid, registrationOf, take } from './draft.ts'
import { dangerOf, lostAsDanger } from './lost.ts'
import { readAnswer, saysAtHome, type Said } from './reading.ts'
import { leaveDraft } from './registering.ts'
import { addTrouble, besideDanger } from './several.ts'
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
/** Longer than the alarm takes to its last circle by the built-in policy (`policy.ts`, alarm). */
const otherMatterWaits = minutes(20)

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
  beginDanger(talk, said, urgent ? 'unclear' : certain ? 'certain' : 'suspected', null)
  return true
}

function beginDanger(
  talk: Talk,
  said: Said,
  how: 'certain' | 'unclear' | 'suspected',
  room: string | null,
): void {
  const { facts } = said
  const type = facts.emergencyType ?? 'medical'
  const unclear = how === 'unclear' || facts.emergencyType === null
  const self = facts.selfInvolved
  const suspected = how === 'suspected'
  const before = talk.s.danger?.over && talk.s.danger.complaint !== null ? talk.s.danger : null

  const own = draftOfDanger(talk, said, type)
  const told = placeOf(talk, own)
  const home = own.household ?? talk.household
  const place =
    home && self && !isFindable(told) && saysAtHome(said.text) ? { ...home, area: told.area } : told
  talk.s.danger = {
    ...newDoubt(talk, facts, type),
    unclear,
    suspected,
    answerBy: suspected ? talk.now + answerWithin : null,
    complaint: before?.complaint ?? null,
    place: before && isFindable(before.place) ? before.place : place,
    estate: before ? before.estate : own.estate,
    room,
  }
  talk.s.asking = null
  if (before === null)
    hand(talk, { ...registrationOf(talk, own, { incomplete: false, wantsPerson: false }), place })
  else {
    learnFrom(talk, talk.s.danger, said)
    tellDanger(talk, talk.s.danger, { type: 'danger', danger: dangerOf(talk.s.danger), text: said.text })
  }
  if (suspected) askDoubt(talk, talk.s.danger)
  else {
    const { place } = talk.s.danger
    const where = isFindable(place) && !talk.amongOthers ? placeSaid(talk.dangerEstate, place) : null
    firstWords(talk, talk.s.danger, where)
  }
}

/** A danger that is asked about first, in private; whose it is and where is not said yet. */
const newDoubt = (talk: Talk, facts: Facts, type: EmergencyType): DangerTalk => ({
  type,
  unclear: facts.emergencyType === null,
  lift: type === 'trapped' && facts.lift,
  lost: facts.lost,
  self: facts.selfInvolved,
  suspected: true,
  inferred: false,
  over: false,
  since: talk.now,
  answerBy: talk.now + answerWithin,
  until: talk.now + dangerLasts,
  complaint: null,
  place: nowhere,
  estate: null,
  phoneKnown: talk.phone !== null || facts.phone !== null,
  room: null,
  heard: 'nowhere',
  askedEstate: 0,
  askedPlace: 0,
  askedPhone: 0,
})

/**
 * Danger written in a group alarms the duty like any other, once: what is written there afterwards belongs to the same
 * case. Only who speaks to us is answered (`Talk.inGroup`), and asked where it is only suspected.
 */
export function dangerInGroup(talk: Talk, said: Said, room: string): boolean {
  const mentioned = !talk.silent
  const certain = said.facts.danger >= emergencyFrom
  const danger = talk.s.danger
  if (danger && !danger.over) {
    if (danger.suspected && (mentioned || certain)) return answerDoubt(talk, danger, said, certain)
    if (certain) return moreDanger(talk, danger, said)
    if (!mentioned) return false
    if (said.facts.danger >= suspectedFrom) return moreDanger(talk, danger, said)
    return continueDanger(talk, said)
  }
  if (!certain && (!mentioned || said.facts.danger < suspectedFrom)) return false
  beginDanger(talk, said, certain ? 'certain' : 'suspected', room)
  return true
}

/** 有, written without a mention where we have just asked whether anybody is in danger. */
export const answersDoubtIn = (talk: Talk, room: string, text: string): boolean =>
  talk.s.danger?.suspected === true &&
  talk.s.danger.room === room &&
  (readAnswer(text) !== null || saysNoDanger(talk.s.danger, text))

const saysNoDanger = (danger: DangerTalk, text: string): boolean =>
  isClearNo(text, danger.unclear ? 'unclear' : danger.type)

/** What the danger case is made of: the message, with a draft about the same thing; another draft goes on later. */
function draftOfDanger(talk: Talk, said: Said, type: EmergencyType) {
  const draft = talk.s.draft
  const isOfDanger = ({ code, danger }: Facts) =>
    code === null ||
    danger >= suspectedFrom ||
    kindsOfDanger[type].related.some((related) => related === code || related === familyOf(code))
  // What a model saw danger in is part of the draft already.
  const told = draft?.words.includes(said.text) ?? false
  const same = draft !== null && (told || isOfDanger({ ...draft.facts, danger: 0 }))
  const own = same ? copyOf(draft) : newDraft(said.at, talk.estateId)
  own.estate = namedEstate(talk, said.text) ?? own.estate ?? talk.estateId
  if (same) leaveDraft(talk, draft)
  const { danger, others } = told ? { danger: said, others: [] } : besideDanger(talk, said, isOfDanger)
  if (!told) take(own, danger.text, danger.facts, said.text)
  own.matter = danger.text
  if (!talk.amongOthers && !talk.silent)
    for (const issue of others) {
      if (talk.s.draft) addTrouble(talk.s.draft, issue, said)
      else take(openDraft(talk, said.at), issue.text, issue.facts, said.text)
    }
  if (talk.s.draft) {
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
  const registration = dangerous(base, dangerOf(danger), danger.suspected)
  talk.effect({ do: 'tell', whom: { to: 'newComplaint' }, event: { type: 'register', registration } })
  talk.s.registering = talk.now
  if (!registration.anonymous) {
    talk.learn({ household: registration.household, phone: registration.phone })
    belongTo(talk, registration.estate)
  }
}

/** A registration read as danger by the same thresholds; itself where there is none. */
export function asDanger(base: Registration, read: Facts): Registration {
  const facts = lostAsDanger(read)
  if (facts.danger < suspectedFrom) return base
  const type = facts.emergencyType ?? 'medical'
  const lost = facts.lost ? ({ lost: true } as const) : {}
  const danger = { type, lift: type === 'trapped' && facts.lift, self: facts.selfInvolved, ...lost }
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

/** A clear no ends it; anything else, and silence, is a yes. */
function answerDoubt(talk: Talk, danger: DangerTalk, said: Said, certain: boolean): boolean {
  if (!talk.amongOthers) danger.room = null
  const clearNo = !certain && saysNoDanger(danger, said.text)
  const answer = readAnswer(said.text)
  const clearYes = certain || said.facts.danger >= suspectedFrom || answer === 'yes' || answer === 1
  const called = danger.answerBy === null
  danger.answerBy = null
  danger.suspected = false
  talk.s.asking = null
  learnFrom(talk, danger, said)
  if (danger.inferred && !clearNo && !clearYes) return leaveToPerson(talk, danger, said.text, called)
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

/**
 * Danger that a language model alone sees: asked like any other doubt, in a case of its own or in the one the words are
 * part of, and S2 until it is answered. `type` and the words are all it knows.
 */
export function doubtInferred(
  talk: Talk,
  said: Said,
  type: EmergencyType,
  open: ComplaintBrief | null,
): void {
  const seen = { ...said, facts: { ...said.facts, danger: suspectedFrom, emergencyType: type } }
  if (open === null) beginDanger(talk, seen, 'suspected', null)
  else
    talk.s.danger = {
      ...newDoubt(talk, seen.facts, type),
      complaint: open.id,
      place: open.place,
      estate: open.estate,
    }
  const danger = talk.s.danger
  if (danger === null) return
  danger.inferred = true
  if (open !== null) askDoubt(talk, danger)
}

/** A model's doubt, and words that say neither yes nor no: `called` tells whether a person calls already. */
function leaveToPerson(talk: Talk, danger: DangerTalk, text: string, called: boolean): boolean {
  danger.over = true
  talk.giveNotice()
  tellDanger(
    talk,
    danger,
    called ? { type: 'supplement', text, media: [] } : { type: 'wantsPerson', text, level: 0, doubt: true },
  )
  return true
}

/** Nobody answered “is anybody in danger” within the minute. */
export function doubtUnanswered(talk: Talk): void {
  const danger = talk.s.danger
  if (!danger?.suspected) return
  danger.answerBy = null
  // A model alone alarms nobody (domain.md 2.1): whoever was told of the doubt calls. A late answer still counts.
  if (danger.inferred)
    return tellDanger(talk, danger, { type: 'wantsPerson', text: null, level: 0, doubt: true })
  danger.suspected = false
  talk.s.asking = null
  const real = () => {
    becomeReal(talk, danger, '', lines.takenAsDanger)
  }
  if (danger.room === null) real()
  else talk.inGroup(danger.room, { silent: false }, real)
}

function becomeReal(talk: Talk, danger: DangerTalk, text: string, opening: string): void {
  tellDanger(talk, danger, { type: 'danger', danger: dangerOf(danger), text })
  talk.say(opening, 'safety', danger.complaint)
  firstWords(talk, danger, null)
}

/** More words of danger in the same hours: to the same case, with first words again where it is another danger. */
function moreDanger(talk: Talk, danger: DangerTalk, said: Said): boolean {
  const type = said.facts.emergencyType
  const another = type !== null && (danger.unclear || type !== danger.type || said.facts.lost !== danger.lost)
  if (another && isElsewhere(talk, danger, said)) {
    beginDanger(talk, said, 'certain', talk.room)
    return true
  }
  const unheard = danger.heard === 'nowhere' || (danger.heard === 'group' && !talk.amongOthers)
  if (!talk.amongOthers) danger.room = null
  const learned = learnFrom(talk, danger, said)
  if (another) {
    retype(danger, said.facts)
    tellDanger(talk, danger, { type: 'danger', danger: dangerOf(danger), text: said.text })
  } else if (!learned) tellDanger(talk, danger, { type: 'supplement', text: said.text, media: [] })
  if (another || unheard) {
    firstWords(talk, danger, null)
    return true
  }
  talk.say(lines.stillThere(talk.dutyPhone), 'safety', danger.complaint)
  askNext(talk, danger)
  return true
}

/** Another danger in another building is a case of its own: nobody is to be sent to the first one for it. */
function isElsewhere(talk: Talk, danger: DangerTalk, said: Said): boolean {
  const atHome = said.facts.selfInvolved && saysAtHome(said.text) ? talk.household : null
  const building = said.facts.household.building ?? atHome?.building ?? null
  return building !== null && danger.place.building !== null && building !== danger.place.building
}

function retype(danger: DangerTalk, facts: Facts): void {
  danger.type = facts.emergencyType ?? danger.type
  danger.lift = danger.type === 'trapped' && (facts.lift || danger.lift)
  danger.lost = facts.lost
  danger.self = facts.selfInvolved || (danger.self && !danger.unclear)
  danger.unclear = false
}
