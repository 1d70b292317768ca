import type { ComplaintBrief } from '../complaint/state.ts'
import { isOpen } from '../complaint/state.ts'
import { findEstate } from '../estate.ts'
import { localDay } from '../calendar.ts'
import type { ComplaintId, Instant } from '../ids.ts'
import { hours } from '../ids.ts'
import { copyFor, inParts } from '../phrases/kept.ts'
import { ask, command as says, opening, privacy, progressOf, refused } from '../phrases/resident.ts'
import { unspoken } from '../phrases/news.ts'
import { sayAdding } from './adding.ts'
import { factsOf, hold, newDraft, registrationOf, take, wishForPerson } from './draft.ts'
import { closeDraft, register, registerIncomplete } from './registering.ts'
import { addTrouble } from './several.ts'
import { openDraft, reply, touch, waitForMore } from './asking.ts'
import { readCheckCodes, type Command } from './reading.ts'
import type { Asking, Draft, IntakeState } from './state.ts'
import { newIntake } from './state.ts'
import type { Talk } from './talk.ts'

/** Rule 5: without a human line for so long, the bot speaks again. */
export const humanSilence = hours(2)

/** Check codes that may be tried in one conversation on one day: six digits are not guessed in five tries. */
const codeTries = 5

export interface Ordered {
  readonly command: Command
  /** The number of a complaint the message names. */
  readonly number: string | null
  /** What the message says beside the command's own words. */
  readonly rest: string
  readonly text: string
  readonly at: number
}

/** The words that always live (rule 5). Each is answered at once; `urgent` is danger's own. */
export function obey(talk: Talk, order: Ordered): void {
  switch (order.command) {
    case 'progress':
      return progress(talk, order)
    case 'urge':
    case 'supplement':
    case 'withdraw':
      return ofACase(talk, order.command, order)
    case 'person':
      return handOver(talk, order.text, 0, order.at)
    case 'endPerson':
      return takeBack(talk)
    case 'another':
      return another(talk, order)
    case 'forget':
      return talk.ask('forget', says.forgetAsk)
    case 'export':
      return askToExport(talk)
    case 'bindCode':
      talk.effect({ do: 'giveCode', code: talk.loaded.freshCode })
      return talk.say(says.bind(talk.loaded.freshCode), 'question')
    case 'privacy':
      return talk.say(
        privacy({
          company: talk.context.company.name,
          phone: talk.context.company.phone,
          model: talk.context.model === true,
          keep: talk.loaded.keep,
        }),
      )
    case 'help':
      talk.greet()
      return talk.say(opening.help)
  }
}

/** The state of each open case; of one that is named, also when it is closed. */
function progress(talk: Talk, order: Ordered): void {
  if (order.number !== null) {
    const named = talk.loaded.mine.find((brief) => brief.number === order.number)
    if (!named) return strangersNumber(talk, order.text)
    talk.s.lastComplaint = named.id
    return talk.say(stateOf(talk, named), 'promise', named.id)
  }
  const open = talk.openCases
  if (talk.s.draft) talk.say(says.draft)
  if (open.length > 0) return open.forEach((brief) => talk.say(stateOf(talk, brief), 'promise', brief.id))
  const [last] = talk.loaded.mine
  if (last) talk.say(stateOf(talk, last), 'promise', last.id)
  else if (!talk.s.draft) talk.say(says.nothingOpen)
}

/** The holder's name only after acceptance. */
export function stateOf(talk: Talk, brief: ComplaintBrief): string {
  const promise = brief.promise
  return progressOf({
    number: brief.number,
    summary: brief.summary,
    status: brief.status,
    holder: isOpen(brief.status) && brief.accepted ? talk.nameOf(brief.owner) : null,
    promise:
      promise && !promise.broken && isOpen(brief.status)
        ? { what: promise.what, at: talk.time(promise.at) }
        : null,
  })
}

/**
 * A number shows nothing by itself: staff compare and confirm (design.md, People). Only where that is asked for is it
 * said. Of an anonymous case number and check code together show the state, and nothing else.
 */
export function strangersNumber(talk: Talk, text: string): void {
  const named = talk.loaded.named
  const codes = readCheckCodes(text)
  if (codes.length > 0) return showByCode(talk, named, codes)
  if (!named) return talk.say(says.unknownNumber)
  // Their own, of more than 90 days ago: only those of less are loaded as theirs.
  if (named.person === talk.loaded.person) {
    return talk.say(refused('windowOver', named.status, named.number), 'plain', named.id)
  }
  talk.tell(named.id, { type: 'claim', conversation: talk.loaded.conversation })
  talk.say(says.notYours)
}

/** Whether the number is anybody's; one of no case takes nothing from what is told beside it. */
export const isOfACase = ({ loaded }: Talk, number: string): boolean =>
  loaded.named !== null || loaded.mine.some((brief) => brief.number === number)

function showByCode(talk: Talk, named: ComplaintBrief | null, codes: readonly string[]): void {
  const day = localDay(talk.timezone, talk.now)
  const misses = talk.s.codeMisses?.day === day ? talk.s.codeMisses.count : 0
  if (misses >= codeTries) return talk.say(says.codesOver)
  const [code, another] = codes
  if (named?.checkCode && another === undefined && code === named.checkCode) {
    return talk.say(stateOf(talk, named), 'promise')
  }
  talk.s.codeMisses = { day, count: misses + 1 }
  talk.say(says.codeWrong)
}

type CaseCommand = NonNullable<Asking['wanting']>

/** Urge, supplement and withdraw need to know which: the named one, the only open one, or one question. */
function ofACase(talk: Talk, wanting: CaseCommand, order: Ordered): void {
  if (order.number !== null) {
    const named = talk.loaded.mine.find((brief) => brief.number === order.number)
    return named ? carryOut(talk, wanting, named, order.rest) : strangersNumber(talk, order.text)
  }
  if (talk.s.draft && wanting !== 'urge') return withDraft(talk, wanting, order)
  const open = talk.openCases
  const [only] = open
  if (only === undefined && talk.s.draft) {
    talk.say(says.draft)
    return reply(talk)
  }
  if (only === undefined) return talk.say(says.nothingOpen)
  if (open.length === 1) return carryOut(talk, wanting, only, order.rest)
  talk.ask('whichCase', ask.which(open.slice(0, 9).map((brief) => [...brief.summary].slice(0, 8).join(''))), {
    options: open.slice(0, 9).map((brief) => String(brief.id)),
    wanting,
    words: order.rest === '' ? null : order.rest,
  })
}

function withDraft(talk: Talk, wanting: CaseCommand, order: Ordered): void {
  if (wanting === 'withdraw') return talk.ask('withdraw', says.withdrawDraft)
  if (order.rest !== '' && talk.s.draft) hold(talk.s.draft, order.rest)
  talk.ask('correct', ask.supplement)
}

export function carryOut(talk: Talk, wanting: CaseCommand, brief: ComplaintBrief, words: string): void {
  talk.s.lastComplaint = brief.id
  const about = { complaint: brief.id }
  switch (wanting) {
    case 'progress':
      return talk.say(stateOf(talk, brief), 'promise', brief.id)
    case 'urge':
      talk.tell(brief.id, { type: 'urged' })
      if (words !== '') talk.tell(brief.id, { type: 'supplement', text: words, media: [] })
      return talk.say(says.urging)
    case 'supplement':
      if (words === '') return talk.ask('supplement', ask.supplement, about)
      talk.tell(brief.id, { type: 'supplement', text: words, media: [] })
      return sayAdding(talk)
    case 'withdraw':
      return talk.ask('withdraw', says.withdrawAsk(brief.summary), {
        ...about,
        words: words === '' ? null : words,
      })
  }
}

/**
 * A person takes over: the case spoken of says so, a draft is registered with the wish, and where there is nothing at
 * all a small enquiry is registered, so that somebody owns it.
 */
export function handOver(talk: Talk, text: string, level: Draft['wantsLevel'], at = talk.now): void {
  talk.s.humanUntil = talk.now + humanSilence
  talk.s.misunderstood = 0
  if (talk.s.draft) {
    talk.greet()
    wishForPerson(talk.s.draft, level)
    register(talk, talk.s.draft, { incomplete: true, wantsPerson: true })
  } else {
    const current = talk.currentCase ?? talk.openCases[0] ?? null
    if (current) {
      talk.s.lastComplaint = current.id
      talk.tell(current.id, { type: 'wantsPerson', text, level })
    } else if (talk.s.registering === null) {
      if (!talk.s.danger) talk.greet()
      registerWish(talk, text, level, at)
    } else if (level > 0) talk.s.early.push({ type: 'wantsPerson', text, level })
  }
  talk.s.asking = null
  talk.say(talk.s.danger && !talk.s.danger.over ? says.personInDanger : says.person)
}

/** 人工 without any case (SG03 belongs to 客服); what a supervisor or manager is called for is a complaint. */
export function registerWish(talk: Talk, text: string, level: Draft['wantsLevel'], at: Instant): void {
  const draft = newDraft(at, talk.estateId)
  draft.facts = { ...draft.facts, kind: level === 0 ? 'enquiry' : 'complaint', anger: level === 0 ? 0 : 3 }
  draft.words = [text === '' ? unspoken.person : text]
  draft.matter = level === 0 ? unspoken.person : null
  wishForPerson(draft, level)
  talk.effect({
    do: 'tell',
    whom: { to: 'newComplaint' },
    event: {
      type: 'register',
      registration: registrationOf(talk, draft, { incomplete: false, wantsPerson: true }),
    },
  })
  talk.s.registering = talk.now
}

function takeBack(talk: Talk): void {
  talk.s.humanUntil = null
  talk.s.threatened = false
  talk.say(says.botAgain)
}

/**
 * What is told with the words (另外一件事：…) joins the one being told as a trouble of its own. The bare words end that one:
 * it is handed over as far as it came, and a person asks for the rest.
 */
function another(talk: Talk, order: Ordered): void {
  const facts = factsOf(talk, order.rest, order.at)
  const said = { text: order.text, at: order.at, facts }
  const tells = facts.code !== null || facts.kind !== 'other' || [...order.rest].length > 6
  const draft = talk.s.draft
  if (tells && (draft === null || draft.matter === null)) {
    take(openDraft(talk, order.at), order.rest, facts, order.text)
    return waitForMore(talk)
  }
  if (tells && draft) {
    addTrouble(draft, { text: order.rest, facts }, said)
    touch(talk)
    return waitForMore(talk)
  }
  if (talk.s.draft && talk.s.draft.words.length > 0) registerIncomplete(talk)
  else if (talk.s.draft) closeDraft(talk)
  openDraft(talk, order.at)
  talk.greet()
  talk.ask('what', says.another)
}

/** A copy is long: one an hour, so that nobody's line is full of it. */
const exportAgain = hours(1)

function askToExport(talk: Talk): void {
  const { exported } = talk.s
  if (exported !== null && talk.now - exported < exportAgain) return talk.say(says.exportedBefore)
  talk.ask('export', says.exportAsk)
}

/** Confirmed: all that is kept of them, here where they alone read it; each case's timeline keeps that it was given. */
export function exportAll(talk: Talk): void {
  const { company, model } = talk.context
  const { kept, keep } = talk.loaded
  talk.s.exported = talk.now
  talk.say(says.exporting)
  const copy = copyFor(kept, {
    now: talk.now,
    timezone: talk.timezone,
    company: company.name,
    keep,
    model: model === true,
    nameOf: (id) => talk.nameOf(id),
    estateOf: (id) => findEstate(company, id)?.name ?? null,
  })
  for (const text of inParts(copy)) talk.sayOnce(text)
  for (const { complaint } of kept.cases) talk.tell(complaint.id, { type: 'exported', reason: null })
}

/** Confirmed: every case and everything remembered of the person is blanked, and the conversation begins anew. */
export function forgetAll(talk: Talk, written = false): void {
  const theirs = new Set<ComplaintId>(talk.loaded.mine.map((brief) => brief.id))
  if (talk.s.danger?.complaint) theirs.add(talk.s.danger.complaint)
  // However old; of those that are blank already nothing is told again.
  for (const { complaint } of talk.loaded.kept.cases)
    if (!complaint.forgotten || isOpen(complaint.status)) theirs.add(complaint.id)
  for (const id of theirs) talk.tell(id, { type: 'forget', ...(written && { written }) })
  talk.effect({ do: 'forget' })
  const { greeted, codeMisses, exported } = talk.s
  const fresh: IntakeState = { ...newIntake, greeted, codeMisses, exported }
  Object.assign(talk.s, fresh)
  // Who has no chat is answered as they asked.
  if (talk.loaded.channel !== 'api') talk.say(says.forgetting)
}
