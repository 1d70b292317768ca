import { maskedPhone } from '../phrases/cards.ts'
import type { Facts } from '../understanding/facts.ts'
import { readDemand } from '../understanding/demand.ts'
import { read } from '../understanding/normalise.ts'
import { readCorrection } from '../understanding/index.ts'
import { factsOf, hold, placeOf, placeSaid, refuse, sameHousehold, sortOf, take } from './draft.ts'
import { readCorrected, readRefusal, saysOwnHome, type Said } from './reading.ts'
import { needsOf } from './slots.ts'
import type { Draft } from './state.ts'
import type { Talk } from './talk.ts'

/**
 * “不是3栋，是5栋” changes just that: each slot the right words fill is replaced, all others stay. The answer names the
 * new values; empty: nothing but words was added.
 */
export function correct(talk: Talk, draft: Draft, said: Said): readonly string[] {
  const corrected = readCorrected(said.text)
  const facts = corrected ? factsOf(talk, corrected.right) : said.facts
  const changes = [
    ...changePlace(talk, draft, facts, said.text),
    ...changeTime(draft, facts),
    ...changeDemand(draft, facts.demand),
    ...changePhone(draft, facts),
  ]
  if (changes.length > 0 && corrected)
    draft.matter = draft.matter?.replace(corrected.wrong, corrected.right) ?? null
  if (readRefusal(said.text)) refuse(talk, draft)
  if (changes.length === 0 && corrected) changes.push(...changeMatter(draft, facts, corrected))
  // Too short to be any kind of message, it may still say what is wished.
  if (changes.length === 0) changes.push(...changeDemand(draft, readDemand(read(said.text))))
  if (changes.length === 0 && draft.facts.demand === null && [...said.text].length <= 20) {
    const { kind, code } = sortOf(draft)
    if (needsOf(kind, code).demand) {
      draft.facts.demand = said.text
      changes.push(said.text)
    }
  }
  if (changes.length > 0) hold(draft, said.text)
  else take(draft, said.text, said.facts)
  return changes
}

/** 不是3栋是5栋, 打错了，是1202, said while something else is asked: takes back a value of a slot that is known. */
export function isCorrection(talk: Talk, draft: Draft, { text, at }: Said): boolean {
  if (draft.matter === null) return false
  const { timezone } = talk
  const read = readCorrection(text, at, { timezone, buildings: [] })
  if (read === null) return false
  const corrected = Object.keys(read.corrected)
  return corrected.some((slot) => slot in read.negated) || (corrected.length > 0 && saysWrong.test(text))
}

const saysWrong = /[写打说搞弄记]错|错了|不对|改成|改为|更正/

function changePlace(talk: Talk, draft: Draft, facts: Facts, text: string): string[] {
  const { household, area } = facts
  const named = household.building !== null || household.unit !== null || household.room !== null
  if (!named && area.length === 0) return []
  const had = draft.facts.household
  const hadPlace = had.building !== null || had.room !== null
  const home = talk.household
  const fromHome = home !== null && !hadPlace && placeOf(talk, draft).building === home.building
  const homeIsPlace = home !== null && (saysOwnHome(text) || (hadPlace ? sameHousehold(home, had) : fromHome))
  const replaced = (old: typeof had) => ({
    building: household.building ?? old.building,
    unit: household.unit ?? old.unit,
    room: household.room ?? old.room,
  })
  if (named) {
    if (homeIsPlace) draft.household = replaced(home)
    if (hadPlace || !homeIsPlace) draft.facts.household = replaced(had)
    // A building where only a spot was known: the spot was wrong, or is named anew.
    if (!hadPlace && !homeIsPlace) draft.facts.area = [...area]
    for (const part of ['building', 'unit', 'room'] as const) {
      const [old, now] = [draft.facts[part][0], facts[part][0]]
      if (now === undefined) continue
      if (old !== undefined) draft.matter = draft.matter?.replace(old, now) ?? null
      draft.facts[part] = [now]
    }
  }
  if (area.length > 0 && !named) draft.facts.area = [...area]
  const said = placeSaid(talk.estate, { ...household, area: named ? null : area.slice(0, 2).join('') })
  return said === null ? [] : [said]
}

function changeTime(draft: Draft, facts: Facts): string[] {
  const [time] = facts.time
  if (!time || time.text === draft.facts.time[0]?.text) return []
  const old = draft.facts.time[0]?.text
  if (old !== undefined) draft.matter = draft.matter?.replace(old, time.text) ?? null
  draft.facts.time = [time, ...draft.facts.time.slice(1)]
  return [time.text]
}

function changeDemand(draft: Draft, demand: string | null): string[] {
  if (demand === null || demand === draft.facts.demand) return []
  draft.facts.demand = demand
  return [demand]
}

function changePhone(draft: Draft, facts: Facts): string[] {
  if (facts.phone === null || facts.phone === draft.facts.phone) return []
  draft.facts.phone = facts.phone
  return [maskedPhone(facts.phone)]
}

/** What is wrong was read wrongly: the words change, and the sort with them where the new words name one. */
function changeMatter(
  draft: Draft,
  facts: Facts,
  corrected: { readonly wrong: string; readonly right: string },
): string[] {
  const matter = draft.matter
  draft.matter = matter?.includes(corrected.wrong)
    ? matter.replace(corrected.wrong, corrected.right)
    : corrected.right
  if (facts.code !== null) {
    draft.facts.code = facts.code
    draft.facts.category = facts.category
  }
  return [corrected.right]
}
