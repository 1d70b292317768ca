import { summary } from '../phrases/resident.ts'
import { askOnceMore } from './asides.ts'
import { reply, touch, waitForMore, type Slot } from './asking.ts'
import { correct, isCorrection } from './correcting.ts'
import { besidePlace, placeOf, refuse, take } from './draft.ts'
import { readAnswer, readBackNumber, readRefusal, readRoom, type Answer, type Said } from './reading.ts'
import { takeAll } from './several.ts'
import { isFindable } from './spots.ts'
import type { Asking, Draft } from './state.ts'
import type { Talk } from './talk.ts'

/** A slot of the draft: what the message says about it, or about another one it fills (rule 1). */
export function fillSlot(talk: Talk, slot: Slot, asking: Asking, said: Said): boolean {
  const draft = talk.s.draft
  if (!draft) return false
  const answer = readAnswer(said.text)
  if (slot === 'estate') return chooseEstate(talk, draft, asking, said, answer)
  const skips = answer === 'skip' || (answer === 'no' && slot !== 'what')
  if (skips && said.facts.kind === 'other') {
    skip(talk, draft, slot, said.text)
    reply(talk)
    return true
  }
  touch(talk)
  if (isCorrection(talk, draft, said)) {
    const changes = correct(talk, draft, said)
    if (changes.length > 0) talk.say(summary.changed(changes))
    // 打错了，是3栋2单元1201: where it is, and where they live.
    if (slot === 'household' && said.facts.household.room !== null) takeForSlot(talk, draft, slot, said)
    if (nextSlotsFilled(talk, draft).has(slot)) reply(talk)
    else askOnceMore(talk)
    return true
  }
  const before = nextSlotsFilled(talk, draft)
  const others = draft.others.length
  takeAll(talk, draft, said, (own) => {
    takeForSlot(talk, draft, slot, own)
  })
  const filled = nextSlotsFilled(talk, draft)
  if (filled.has(slot)) {
    talk.s.asking = null
    reply(talk)
    return true
  }
  const free = slot === 'who' || slot === 'demand' || slot === 'what'
  if (free && besidePlace(said.text, said.facts).words && takeWhole(talk, draft, slot, said)) {
    talk.s.asking = null
    reply(talk)
    return true
  }
  const other = draft.others.length > others || [...filled].some((s) => !before.has(s)) || tellsMore(said)
  if (!other && !takeWhole(talk, draft, slot, said)) {
    talk.s.misunderstood++
    waitForMore(talk)
    return true
  }
  talk.s.asking = null
  if (other) waitForMore(talk)
  else reply(talk)
  return true
}

/** It names a place, a time, a wish or a plate, if not what was asked: nothing was misunderstood. */
const tellsMore = ({ text, facts }: Said): boolean =>
  facts.household.building !== null ||
  facts.household.room !== null ||
  facts.area.length > 0 ||
  facts.time.length > 0 ||
  facts.people.length > 0 ||
  facts.phone !== null ||
  plate.test(text.normalize('NFKC'))

const plate = /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.\s]?[A-Z0-9]{5,6}/i

function nextSlotsFilled(talk: Talk, draft: Draft): ReadonlySet<Slot> {
  const { facts } = draft
  const has: readonly (readonly [Slot, boolean])[] = [
    ['what', draft.matter !== null],
    ['place', isFindable(placeOf(talk, draft))],
    ['who', facts.people.length > 0],
    ['time', facts.time.length > 0],
    ['demand', facts.demand !== null],
    ['household', talk.household !== null],
    ['phone', talk.phone !== null],
  ]
  return new Set(has.filter(([, known]) => known).map(([slot]) => slot))
}

/** An answer to “where do you live” is the home, not the place of the matter; only of the matter where nothing else is. */
function takeForSlot(talk: Talk, draft: Draft, slot: Slot, said: Said): void {
  const place = { ...draft.facts.household }
  const lists = { building: draft.facts.building, unit: draft.facts.unit, room: draft.facts.room }
  const { kind, code, category } = draft.facts
  const told = draft.matter !== null
  take(draft, said.text, said.facts)
  // 3栋2单元1201 as an answer makes no complaint of a repair.
  if (told)
    Object.assign(draft.facts, {
      kind,
      code: code ?? draft.facts.code,
      category: category ?? draft.facts.category,
    })
  if (slot === 'phone') draft.facts.phone ??= readBackNumber(said.text)
  if (slot !== 'household') return
  const home = said.facts.household
  const room = home.room ?? readRoom(said.text)
  if (home.building === null && room === null) return
  draft.household = { ...home, room }
  const placed = place.building !== null || place.room !== null || draft.facts.area.length > 0
  if (placed) draft.facts = { ...draft.facts, ...lists, household: place }
}

/** Whatever was written is the answer where a free text can be one. */
function takeWhole(talk: Talk, draft: Draft, slot: Slot, said: Said): boolean {
  const text = said.text.trim()
  const letters = [...text].length
  const time = { type: 'point' as const, start: null, end: null, clockStart: null, clockEnd: null }
  if (letters < 2 || readAnswer(text) !== null) return false
  if (slot === 'what' && letters >= 4) draft.matter = text
  else if (slot === 'place' && letters <= 30 && !saysNoPlace.test(text))
    draft.facts.area = [text.replace(/^就?在/u, '')]
  else if (slot === 'who') draft.facts.people = [...draft.facts.people, text]
  else if (slot === 'time' && letters <= 20) {
    draft.facts.time = [{ text, ...time, seconds: null, months: null, set: null }]
  } else if (slot === 'demand') draft.facts.demand = text
  else return false
  return true
}

/** Questions, and what is said of whoever asks. */
const saysNoPlace = /[?？]|怎么|为什么|什么时候|多久|你们|你管|赶紧|快点|着急|认识|随便/

function skip(talk: Talk, draft: Draft, slot: Slot, text: string): void {
  draft.skipped.push(slot)
  talk.s.asking = null
  touch(talk)
  if (slot === 'phone') talk.learn({ phoneRefused: true })
  if (readRefusal(text)) refuse(talk, draft)
}

function chooseEstate(talk: Talk, draft: Draft, asking: Asking, said: Said, answer: Answer): boolean {
  const estates = talk.context.company.estates
  const id = typeof answer === 'number' ? asking.options[answer - 1] : undefined
  const chosen = estates.find((e) => e.id === id) ?? estates.find((e) => said.text.includes(e.name))
  touch(talk)
  if (typeof answer !== 'number' && said.facts.kind !== 'other') take(draft, said.text, said.facts)
  if (chosen) {
    draft.estate = chosen.id
    talk.learn({ estate: chosen.id })
  } else if (answer === 'skip' || answer === 'no') draft.skipped.push('estate')
  else {
    talk.s.misunderstood++
    waitForMore(talk)
    return true
  }
  talk.s.asking = null
  reply(talk)
  return true
}
