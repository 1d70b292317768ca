import type { ComplaintEvent } from '../complaint/events.ts'
import type { MediaId } from '../ids.ts'
import { minutes, seconds } from '../ids.ts'
import type { MediaKind } from '../message.ts'
import * as safety from '../phrases/danger.ts'
import { unspoken } from '../phrases/news.ts'
import { ask, command as says, opening, same } from '../phrases/resident.ts'
import { noFacts } from '../understanding/facts.ts'
import { sayAdding } from './adding.ts'
import { hearAside, withoutDoubt } from './asides.ts'
import { abused, besideThreat, threatened } from './abuse.ts'
import { isOlderThanQuestion, isRepeated, relayed, takeAnswer } from './answers.ts'
import { nextSlot, openDraft, reply, touch, waitForMore } from './asking.ts'
import { isOfACase, obey, stateOf, strangersNumber } from './commands.ts'
import { correct, isCorrection } from './correcting.ts'
import { answersDoubtIn, dangerInGroup, meetDanger } from './danger.ts'
import { continueDanger, mediaInDanger } from './danger-talk.ts'
import { isServedHere } from './slots.ts'
import { publicCodes } from '../taxonomy.ts'
import { besidePlace, hold, namedEstate, refuse, take } from './draft.ts'
import {
  announces,
  asksOfOwnData,
  besideCommand,
  isAbusive,
  isBareNumber,
  isCourtesy,
  readAnswer,
  readBindCode,
  readComplaintNumber,
  readOrder,
  readRefusal,
  readSmallTalk,
  readSolved,
  readStarsIn,
  type Said,
} from './reading.ts'
import { register, unreachable } from './registering.ts'
import { canReopen, offerToReopen } from './repeated.ts'
import { takeAll } from './several.ts'
import type { IntakeEvent } from './state.ts'
import type { Talk } from './talk.ts'

type Message = Extract<IntakeEvent, { type: 'message' }>

/** Written so long before it arrived, a message belongs to a backlog: no late small talk. */
const lateAfter = minutes(10)

/** Small talk and the matter it led to are one. */
const chatLasts = minutes(5)

export function hearMessage(talk: Talk, message: Message): void {
  if (message.group) {
    const { id } = message.group
    const text = message.content.type === 'text' ? message.content.text : ''
    const mentioned = message.group.mentioned || answersDoubtIn(talk, id, text)
    return talk.inGroup(id, { silent: !mentioned }, () => {
      hearInGroup(talk, message, text, id)
    })
  }
  const { content, at } = message
  if (content.type !== 'entered' && content.type !== 'left') talk.s.spoke = talk.now
  if (content.type !== 'left') talk.s.unreachable = false
  switch (content.type) {
    case 'text':
      return hearText(talk, { text: content.text, facts: message.facts ?? noFacts, at })
    case 'media':
      return hearMedia(talk, at, [content.media], content.kind)
    case 'location':
      return hearPlace(talk, at, content.label ?? `${String(content.latitude)},${String(content.longitude)}`)
    case 'link':
      return hearWords(talk, at, [content.title, content.description, content.url].filter(Boolean).join(' '))
    case 'unknown':
      return hearWords(talk, at, `（${content.name}）`)
    case 'entered':
      return talk.greet()
    case 'recall':
      // What it said stays (message.ts); whoever reads the draft learns that it was taken back.
      if (talk.s.draft && talk.s.draft.words.length > 0) hold(talk.s.draft, unspoken.recalled)
      return
    case 'left':
      return unreachable(talk)
    case 'sticker':
    case 'press':
      return
  }
}

/**
 * In a group only a mention is answered, there and with one line; what it tells is kept as a draft for the private talk.
 * Danger and a threat to hurt are taken as anywhere.
 */
function hearInGroup(talk: Talk, message: Message, text: string, room: string): void {
  const facts = message.facts ?? noFacts
  const beside = besideThreat(talk, { text, facts, at: message.at })
  if (dangerInGroup(talk, beside, room) || talk.silent) return
  if (facts.threat && !(talk.human && talk.s.threatened)) return threatened(talk, beside)
  if (asksOfOwnData(text)) return talk.say(opening.groupRights)
  if (text !== '' && (facts.kind !== 'other' || facts.code !== null)) {
    const fresh = talk.s.draft === null
    const draft = openDraft(talk, message.at)
    if (fresh) draft.group = true
    take(draft, text, facts)
  }
  talk.say(opening.group)
}

function hearText(talk: Talk, said: Said): void {
  const { text, facts } = said
  if (facts.minor && !talk.minor) talk.learn({ minor: true })
  if (isRepeated(talk, text, said.at)) return
  // Something else was said since: the same short answer now is the next question's.
  talk.s.askedBefore = null
  if (talk.s.draft) talk.s.draft.group = false
  const order = readOrder(text)

  const beside = besideThreat(talk, withoutDoubt(said))
  if (meetDanger(talk, beside, order === 'emergency')) return
  if (facts.threat && !(talk.human && talk.s.threatened)) return threatened(talk, beside)
  if (isAbusive(text) && abused(talk, said)) return

  if (joinsByCode(talk, text) && !tellsSomething(said)) return

  const calmInDanger = talk.s.danger !== null && !talk.s.danger.over
  const number = readComplaintNumber(text)
  if (number !== null && isBareNumber(text)) return hearNumber(talk, number, said)
  if (order !== null && order !== 'emergency') {
    if (calmInDanger && order === 'urge') return urgedInDanger(talk)
    return obey(talk, {
      command: order,
      number,
      rest: besideCommand(text),
      text,
      at: said.at,
    })
  }
  if (continueDanger(talk, said)) return
  if (!talk.human && !talk.minor && hearAside(talk, said)) return
  if (takeAnswer(talk, said)) return afterAnswer(talk)
  if (talk.human) return toCurrent(talk, { type: 'supplement', text, media: [] })
  if (talk.minor) return hearChild(talk, said)

  if (number !== null) {
    hearNumber(talk, number, said)
    if (isOfACase(talk, number) || besidePlace(text, facts).facts.kind === 'other') return
  }
  if (talk.s.draft) return intoDraft(talk, said)
  if (isCourtesy(text)) return smallTalk(talk, said)
  if (answersUnasked(talk, said)) return
  if (belongsToDanger(talk, said)) return
  if (aboutCurrentCase(talk, said)) return
  if (tellsSomething(said)) return beginDraft(talk, said)
  smallTalk(talk, said)
}

/** Two misunderstandings, and a person is offered (rule 5). */
function afterAnswer(talk: Talk): void {
  if (talk.s.misunderstood < 2 || talk.s.asking?.topic === 'person') return
  talk.s.replyAt = null
  talk.s.burstFrom = null
  talk.s.misunderstood = 0
  talk.ask('person', ask.person)
}

function urgedInDanger(talk: Talk): void {
  const id = talk.s.danger?.complaint ?? null
  if (id !== null) talk.tell(id, { type: 'urged' })
  talk.say(safety.stillThere(talk.dutyPhone), 'safety', id)
}

/** A code of ours makes an unknown identity known (design.md, People). What is told beside it is heard all the same. */
function joinsByCode(talk: Talk, text: string): boolean {
  const code = readBindCode(text)
  if (code === null) return false
  if (talk.loaded.bound !== null && talk.loaded.bound !== talk.loaded.person) {
    talk.effect({ do: 'join', person: talk.loaded.bound })
    talk.say(says.bound)
    return true
  }
  if (!text.includes('绑定码')) return false
  talk.say(says.boundUnknown)
  return true
}

/** Of a child only what happened is kept; no name, no number, no questions (rule 10). */
function hearChild(talk: Talk, said: Said): void {
  if (!talk.s.minorTold) {
    talk.say(ask.minor, 'safety')
    talk.s.minorTold = true
  }
  if (talk.s.draft === null && talk.currentCase) {
    return toCurrent(talk, { type: 'supplement', text: said.text, media: [] })
  }
  if (talk.s.draft === null && !tellsSomething(said)) return
  const draft = openDraft(talk, said.at)
  take(draft, said.text, { ...said.facts, phone: null })
  draft.name = null
  refuse(talk, draft)
  talk.learn({ minor: true })
  register(talk, draft, { incomplete: true, wantsPerson: true })
}

/** A number of one's own opens that case; anybody else's shows nothing. */
function hearNumber(talk: Talk, number: string, said: Said): void {
  const brief = talk.loaded.mine.find((b) => b.number === number)
  if (!brief) return strangersNumber(talk, said.text)
  talk.s.lastComplaint = brief.id
  const rest = besideCommand(said.text)
  if ([...rest].length < 2) {
    talk.say(stateOf(talk, brief), 'promise', brief.id)
    if (canReopen(talk, brief)) talk.ask('reopen', offerToReopen(brief), { complaint: brief.id })
    return
  }
  if (canReopen(talk, brief)) {
    talk.tell(brief.id, { type: 'reopen', text: rest, media: [] })
    return talk.say(same.reopening)
  }
  talk.tell(brief.id, { type: 'supplement', text: rest, media: [] })
  sayAdding(talk)
}

/** Stars and 已解决 without an open question, where just one case waits for them. */
function answersUnasked(talk: Talk, said: Said): boolean {
  if (said.facts.code !== null) return false
  const [confirming, other] = talk.openCases.filter((b) => b.status === 'confirming')
  const found = readSolved(said.text)
  if (confirming && !other && found && [...said.text].length <= 12) {
    talk.tell(
      confirming.id,
      found.answer === 'solved'
        ? { type: 'solved' }
        : { type: 'notSolved', partly: found.answer === 'partly', text: found.rest, media: [] },
    )
    return true
  }
  const [rating, another] = talk.openCases.filter((b) => b.status === 'feedback')
  const stars = rating && !another ? readStarsIn(said.text) : null
  if (!rating || stars === null) return false
  talk.tell(rating.id, { type: 'rate', stars })
  return true
}

/** What is written in the hours of a danger belongs to it, unless it plainly tells of something else. */
function belongsToDanger(talk: Talk, said: Said): boolean {
  const danger = talk.s.danger
  if (!danger || danger.complaint === null) return false
  const brief = talk.caseOf(danger.complaint)
  if (said.facts.code !== null && brief && said.facts.code !== brief.code) return false
  talk.tell(danger.complaint, { type: 'supplement', text: said.text, media: [] })
  return true
}

/** A line that names no other matter, or asks about this one, goes to the only case it can be about. */
function aboutCurrentCase(talk: Talk, said: Said): boolean {
  const current = talk.currentCase
  if (!current) return false
  const { kind, code } = said.facts
  const asks = kind === 'enquiry' && (code === null || code === current.code)
  // 还没来电, 没人管: how it goes with this one.
  const { area, household } = said.facts
  const placeless = area.length === 0 && household.building === null
  const still = code === current.code && /还|仍|依然/.test(said.text)
  const goes = placeless && (still || code === null || ['ST02', 'RP05', 'OT01'].includes(code))
  const another = tellsSomething(said) && besidePlace(said.text, said.facts).matter
  if (!asks && another && !(goes && [...said.text].length <= 12)) return false
  if (asks) talk.say(stateOf(talk, current), 'promise', current.id)
  talk.tell(current.id, { type: 'supplement', text: said.text, media: [] })
  talk.s.lastComplaint = current.id
  return true
}

/** A matter, or at least an address or a hazard; what was taken for small talk stays with what follows it. */
function tellsSomething({ text, facts }: Said): boolean {
  const { kind } = besidePlace(text, facts).facts
  return (
    announces(text) ||
    kind !== 'other' ||
    facts.household.building !== null ||
    facts.room.length > 0 ||
    facts.safety !== 'none'
  )
}

function beginDraft(talk: Talk, said: Said): void {
  const draft = openDraft(talk, said.at)
  draft.estate ??= namedEstate(talk, said.text)
  if (talk.now - said.at > lateAfter) draft.late = true
  const before = talk.s.chat.splice(0).filter((line) => said.at - line.at < chatLasts)
  for (const line of before) hold(draft, line.text)
  intoDraft(talk, said)
}

/** More of the same: facts at once, the reply after the burst; a message that leaves nothing open is answered at once. */
function intoDraft(talk: Talk, said: Said): void {
  const draft = openDraft(talk, said.at)
  if (isCourtesy(said.text)) return waitForMore(talk)
  if (isCorrection(talk, draft, said)) {
    correct(talk, draft, said)
    return waitForMore(talk)
  }
  takeAll(talk, draft, said, (own) => {
    take(draft, own.text, own.facts, said.text)
  })
  draft.estate ??= namedEstate(talk, said.text)
  if (readRefusal(said.text)) {
    refuse(talk, draft)
    talk.say(says.anonymous)
  }
  const whole = nextSlot(talk, draft) === null && !publicCodes.has(draft.facts.code ?? 'OT01')
  if (whole && !draft.late && !isServedHere(draft.facts.kind) && talk.s.replyAt === null) reply(talk)
  else waitForMore(talk)
}

/** One line and no case (rule 17). */
function smallTalk(talk: Talk, said: Said): void {
  if (talk.now - said.at > lateAfter) return
  const sort = readSmallTalk(said.text)
  const justGreeted = talk.s.greeted !== null && talk.now - talk.s.greeted < seconds(30)
  if (sort === 'greeting' && justGreeted) return
  const first = talk.s.greeted === null
  if (!first && sort === 'chat' && isCourtesy(said.text)) return
  talk.greet()
  if (sort === 'thanks') return talk.say(opening.thanks)
  if (sort === 'bye') return talk.say(opening.bye)
  if (sort === 'chat' && !isCourtesy(said.text) && readAnswer(said.text) === null) {
    talk.s.chat = [...talk.s.chat, { text: said.text, at: said.at }].slice(-3)
    talk.s.misunderstood++
    if (talk.s.misunderstood >= 2) {
      talk.s.misunderstood = 0
      return talk.ask('person', ask.person)
    }
  }
  const unclear = sort === 'chat' && !isCourtesy(said.text) && [...said.text].length >= 6
  if (!first || sort === 'chat') talk.say(unclear ? opening.unclear : opening.smallTalk)
}

/** To the case spoken of; while it is being registered, right after. */
function toCurrent(talk: Talk, event: ComplaintEvent): void {
  if (talk.s.registering !== null) talk.s.early.push(event)
  else if (talk.currentCase) talk.tell(talk.currentCase.id, event)
  else if (talk.s.lastComplaint !== null) talk.tell(talk.s.lastComplaint, event)
}

/** Photos, voice and files count as answers; a voice is kept, and only the slot asked for is wanted in writing. */
function hearMedia(talk: Talk, at: number, media: readonly MediaId[], kind: MediaKind): void {
  if (mediaInDanger(talk, media, null)) return
  const asking = talk.s.asking
  if (asking && !isOlderThanQuestion(asking, at) && asking.complaint !== null) {
    if (asking.topic === 'relayed') {
      relayed(talk, asking, null, media)
      return
    }
    if (
      asking.topic === 'supplement' ||
      asking.topic === 'solved' ||
      asking.topic === 'effect' ||
      asking.topic === 'comment'
    ) {
      if (asking.topic === 'supplement') talk.s.asking = null
      return talk.tell(asking.complaint, { type: 'supplement', text: null, media })
    }
  }
  if (talk.human) return toCurrent(talk, { type: 'supplement', text: null, media })
  const draft = openDraft(talk, at)
  draft.group = false
  if (talk.now - at > lateAfter) draft.late = true
  draft.media.push(...media)
  const topic = asking?.topic
  if (kind === 'voice' && (topic === 'what' || topic === undefined)) return waitForMore(talk)
  if (kind !== 'voice' && (topic === 'place' || topic === 'who')) {
    draft.skipped.push(topic)
    talk.s.asking = null
    return reply(talk)
  }
  waitForMore(talk)
}

/** A place on the map answers “where”. */
function hearPlace(talk: Talk, at: number, label: string): void {
  if (mediaInDanger(talk, [], label)) return
  if (talk.human) return toCurrent(talk, { type: 'supplement', text: label, media: [] })
  const draft = openDraft(talk, at)
  draft.location = label
  touch(talk)
  if (talk.s.asking?.topic !== 'place') return waitForMore(talk)
  talk.s.asking = null
  reply(talk)
}

/** Words that come with something else: kept whole, read for nothing. */
function hearWords(talk: Talk, at: number, text: string): void {
  if (talk.s.danger && !talk.s.danger.over) return toCurrent(talk, { type: 'supplement', text, media: [] })
  if (talk.human) return toCurrent(talk, { type: 'supplement', text, media: [] })
  const asking = talk.s.asking
  if (asking?.topic === 'relayed') return void relayed(talk, asking, text, [])
  const draft = openDraft(talk, at)
  hold(draft, text)
  waitForMore(talk)
}
