import type { Registration } from '../complaint/events.ts'
import type { Household, Place } from '../complaint/state.ts'
import type { Estate } from '../estate.ts'
import { noWords, staffOf } from '../estate.ts'
import { mostHeldWords } from '../held-words.ts'
import type { EstateId, Instant, StaffId } from '../ids.ts'
import type { Severity } from '../severity.ts'
import { severityOf } from '../severity.ts'
import type { Code } from '../taxonomy.ts'
import { familyOf, taxonomy } from '../taxonomy.ts'
import { contextOf, nowhere as noContext, understand } from '../understanding/index.ts'
import type { Facts, Kind } from '../understanding/facts.ts'
import { noFacts } from '../understanding/facts.ts'
import { impliedDemand, unspoken } from '../phrases/news.ts'
import { placeWords } from '../phrases/places.ts'
import { isFindable, isLiftAlone, isNearHome, isShared } from './spots.ts'
import { aboutNeighbours, isServedHere, needsOf } from './slots.ts'
import { groundsOf } from './grounds.ts'
import { giveWay } from './inferring.ts'
import { announces, readName, saysOnlyWho, saysOwnHome } from './reading.ts'
import type { Draft, Trouble } from './state.ts'
import type { Talk } from './talk.ts'

export function newDraft(began: Instant, estate: Draft['estate']): Draft {
  return {
    began,
    facts: noFacts,
    words: [],
    matter: null,
    media: [],
    location: null,
    place: null,
    estate,
    household: null,
    name: null,
    asked: {},
    skipped: [],
    anonymous: false,
    sameAs: null,
    offered: [],
    differs: [],
    summaryShown: false,
    soothed: null,
    eased: false,
    wantsPerson: false,
    wantsLevel: 0,
    late: false,
    group: false,
    inferred: [],
    serious: false,
    others: [],
  }
}

/** Words are held as they were written. Of what is too much to hold, the draft says so once. */
export function hold(draft: Trouble, text: string): void {
  if (draft.words.at(-1) === unspoken.more) return
  const held = draft.words.reduce((sum, words) => sum + words.length, 0)
  const fits = held === 0 || held + text.length <= mostHeldWords
  draft.words.push(fits ? text : unspoken.more)
}

/** A message of the intake, or the part of it that is of this trouble: its facts join what is known, `written` is kept. */
export function take(draft: Trouble, text: string, facts: Facts, written = text): void {
  giveWay(draft, facts)
  const had = draft.facts
  const said = besidePlace(text, facts)
  if (said.matter && (draft.matter === null || (had.code === null && said.facts.code !== null)))
    draft.matter = text
  const apart = homeApart(text, facts)
  if (draft.household === null) {
    if (apart?.home.room) draft.household = apart.home
    else if (facts.household.room !== null && isOwn(text, said.facts.code ?? had.code))
      draft.household = facts.household
  } else if (draft.household.room === null && !said.matter) {
    // The rest of an address that was begun before.
    const { building, unit, room } = facts.household
    const { household: had } = draft
    if (building === null || building === had.building)
      draft.household = { building: had.building, unit: unit ?? had.unit, room: room ?? had.room }
  }
  draft.name ??= readName(text)
  draft.facts = merged(had, { ...said.facts, ...apart?.matter })
  hold(draft, written)
}

const nobodys: Household = { building: null, unit: null, room: null }
const breaks = /[，,。；;！!\n]+/

/**
 * 我住3栋1单元1201，5栋楼道灯坏了: a home that is said apart is no place of the matter, and of what a whole building
 * shares the flat is none either. null: no home is said apart.
 */
function homeApart(
  text: string,
  facts: Facts,
): { home: Household; matter: Partial<Pick<Facts, 'building' | 'unit' | 'room' | 'household'>> } | null {
  const pieces = text.split(breaks)
  const who = pieces.filter((piece) => saysOnlyWho(piece, facts.building))
  const rest = pieces.filter((piece) => !who.includes(piece))
  if (who.length === 0 || rest.join('') === '') return null
  // Only the places are looked at, and those need no clock.
  const placed = (parts: readonly string[]) =>
    understand(parts.join('，'), 0, { ...noContext, buildings: facts.building })
  const { household: home } = placed(who)
  if (home.building === null) return null
  const { building, unit, room, household } = placed(rest)
  if (household.building !== null || household.room !== null)
    return { home, matter: { building, unit, room, household } }
  const area = facts.area.join('') || null
  if (isShared(area)) return { home, matter: { room: [], household: { ...home, room: null } } }
  const elsewhere = area !== null && !isNearHome(area)
  return { home, matter: elsewhere ? { building: [], unit: [], room: [], household: nobodys } : {} }
}

/** What a part of a message says, read as the message was. */
export const factsOf = (talk: Talk, text: string, at = talk.now): Facts =>
  understand(text, at, contextOf(talk.context.company, talk.estate))

/** The estate a text names. */
export const namedEstate = (talk: Talk, text: string): EstateId | null =>
  talk.context.company.estates.find((estate) => text.includes(estate.name))?.id ?? null

/** What a text says beside places, times and a number. */
export function wordsBeside(text: string, facts: Facts): string {
  const spots = [...facts.building, ...facts.unit, ...facts.room, ...facts.area, facts.phone ?? '']
  return [...spots, ...facts.time.map((time) => time.text)]
    .reduce((left, part) => left.replace(part, ''), text)
    .replace(/[\s\p{P}]|我家?|住?在?是?|电话|手机|号/gu, '')
}

/**
 * A message that gives only a place, a time or a number tells of no matter, whatever sort it was taken for; one that
 * says more about a spot does, also where its sort stayed unclear.
 */
export function besidePlace(
  text: string,
  facts: Facts,
): { readonly words: boolean; readonly matter: boolean; readonly facts: Facts } {
  const rest = wordsBeside(text, facts)
  if ([...rest].length < 2 || announces(text))
    return {
      words: false,
      matter: false,
      facts: { ...facts, kind: 'other', code: null, category: null, demand: null },
    }
  const about =
    facts.area.length > 0 || facts.household.building !== null || facts.time.length > 0 || facts.anger > 0
  const unclear = about && [...rest].length >= 3
  return { matter: facts.kind !== 'other' || facts.code !== null || unclear, facts, words: true }
}

/** A room in a message is the writer's home, unless neighbours are complained of and it does not say so. */
function isOwn(text: string, code: Code | null): boolean {
  return saysOwnHome(text) || code === null || !aboutNeighbours.has(familyOf(code)) || code === 'NS06'
}

const weightOf: Readonly<Record<Kind, number>> = {
  other: 0,
  praise: 1,
  enquiry: 2,
  suggestion: 3,
  repair: 4,
  complaint: 5,
}
const heavier = (a: Kind, b: Kind): Kind => (weightOf[b] > weightOf[a] ? b : a)
const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])]
const mostReach = { many: 2, several: 1, one: 0 } as const
const mostEffect = { blocked: 2, inconvenience: 1, wish: 0 } as const
const mostRisk = { emergency: 2, risk: 1, none: 0 } as const
const greater = <T extends string>(rank: Readonly<Record<T, number>>, a: T, b: T): T =>
  rank[b] > rank[a] ? b : a

/** Nothing said earlier is lost by something said later; what was unknown is filled. */
export function merged(a: Facts, b: Facts): Facts {
  const recoded = a.code === null || (a.code === 'OT01' && b.code !== null)
  const first = a.kind === 'other'
  return {
    kind: heavier(a.kind, b.kind),
    code: recoded ? b.code : a.code,
    category: recoded ? b.category : a.category,
    building: union(a.building, b.building),
    unit: union(a.unit, b.unit),
    room: union(a.room, b.room),
    area: union(a.area, b.area),
    household: {
      building: a.household.building ?? b.household.building,
      unit: a.household.unit ?? b.household.unit,
      room: a.household.room ?? b.household.room,
    },
    time: [...a.time, ...b.time],
    demand: a.demand ?? b.demand,
    safety: greater(mostRisk, a.safety, b.safety),
    danger: Math.max(a.danger, b.danger),
    emergencyType: b.danger > a.danger ? b.emergencyType : (a.emergencyType ?? b.emergencyType),
    lift: a.lift || b.lift,
    lost: a.lost || b.lost,
    selfInvolved: a.selfInvolved || b.selfInvolved,
    anger: Math.max(a.anger, b.anger),
    threat: a.threat || b.threat,
    repeat: a.repeat || b.repeat,
    authority: a.authority || b.authority,
    vulnerable: a.vulnerable || b.vulnerable,
    reach: greater(mostReach, a.reach, b.reach),
    effect: first && a.code === null ? b.effect : greater(mostEffect, a.effect, b.effect),
    minor: a.minor || b.minor,
    phone: a.phone ?? b.phone,
    people: union(a.people, b.people),
  }
}

/** Kind and code a case is registered under: SG codes for what is no complaint, OT01 for what stayed unclear. */
export function sortOf(draft: Draft): { kind: Kind; code: Code } {
  const { kind, code } = draft.facts
  if (kind === 'suggestion') return { kind, code: 'SG01' }
  if (kind === 'praise') return { kind, code: 'SG02' }
  if (kind === 'enquiry') return { kind, code: 'SG03' }
  return { kind: kind === 'other' ? 'complaint' : kind, code: code ?? 'OT01' }
}

/** Somebody must speak to them, of this level at least. */
export function wishForPerson(draft: Draft, level: Draft['wantsLevel']): void {
  draft.wantsPerson = true
  if (level > draft.wantsLevel) draft.wantsLevel = level
}

/** 不想留姓名房号: the case goes on without them, and nothing is remembered (rule 12). */
export function refuse(talk: Talk, draft: Draft): void {
  draft.anonymous = true
  talk.s.learned = {}
}

export const nowhere: Place = { building: null, unit: null, room: null, area: null }

/** Where the matter is: as told; else, where the home says it, at home. */
export function placeOf(talk: Talk, draft: Draft): Place {
  const told = draft.facts.household
  const findable = (spot: string) => isFindable({ ...nowhere, area: spot })
  const { area: spots } = draft.facts
  const spot = [...spots.filter(findable), ...spots.filter((s) => !findable(s))].slice(0, 2).join('') || null
  const area =
    draft.location === null || (spot !== null && findable(spot)) ? spot : draft.location + (spot ?? '')
  const needs = needsOf(draft.facts.kind, draft.facts.code)
  const home = draft.anonymous ? null : (draft.household ?? talk.household)
  const named = told.building !== null || told.room !== null
  // 我住3栋1201，南门的灯坏了: the home is no part of the place.
  const nearHome = area === null ? needs.placeFromHome : isNearHome(area)
  const elsewhere = area !== null && findable(area) && !needs.placeFromHome && !nearHome
  const homeOnly = (elsewhere || !needs.place) && sameHousehold(told, draft.household)
  if (named && !homeOnly) {
    return {
      ...told,
      unit: told.unit ?? (nearHome && home?.building === told.building ? home.unit : null),
      area,
    }
  }
  if (home && nearHome) {
    const shared = isShared(area) || (draft.facts.code !== null && familyOf(draft.facts.code) === 'EL')
    return { ...home, room: shared ? null : home.room, area: isLiftAlone(area) ? null : area }
  }
  return { ...nowhere, area }
}

export const sameHousehold = (a: Household | null, b: Household | null): boolean =>
  a !== null && b !== null && a.building === b.building && a.unit === b.unit && a.room === b.room

/** A place in words, the building called as the estate calls it. */
export function placeSaid(estate: Estate | null, place: Place): string | null {
  const called = estate?.buildings.find((b) => bare(b.name) === place.building)?.name
  const known = place.building ?? place.unit ?? place.room ?? place.area
  return known === null ? null : placeWords({ ...place, building: called ?? place.building })
}

const bare = (name: string): string => name.replace(/(号?楼|栋|幢|座)$/, '')

/** 3栋 / 2单元 / 1201室 as a form has it → 3 / 2 / 1201, as a text is read. */
export const bareHousehold = (household: Household): Household => ({
  building: household.building === null ? null : bare(household.building.trim()),
  unit: household.unit?.trim().replace(/单元$/, '') ?? null,
  room: household.room?.trim().replace(/[室号房]+$/, '') ?? null,
})

export const demandOf = (draft: Draft): string | null => {
  if (draft.facts.demand !== null) return draft.facts.demand
  const { kind, code } = sortOf(draft)
  if (isServedHere(kind) || code === 'OT01') return null
  if (kind === 'repair') return impliedDemand[familyOf(code)]
  return draft.facts.code === null || needsOf(kind, code).demand ? null : impliedDemand[familyOf(code)]
}

/** When, as the resident said it; 两天了 stays with the matter. */
export const momentOf = (draft: Draft): string | null => {
  const [time] = draft.facts.time
  return time && time.type !== 'duration' ? time.text : null
}

/** The matter in the resident's own words, without what the summary says anyway; at most 40 characters. */
export function matterOf(talk: Talk, draft: Draft): string {
  const spoken = draft.matter ?? draft.words.find((text) => text.length > 3) ?? draft.words[0]
  if (spoken === undefined) return taxonomy[sortOf(draft).code].name
  const { facts } = draft
  const names = [...facts.building, ...talk.context.company.estates.map((estate) => estate.name)]
  const pieces = spoken.split(breaks).filter((piece) => piece.trim() !== '')
  const told = pieces.filter((piece) => !saysOnlyWho(piece, names))
  const [building, another] = facts.building
  const said = [
    momentOf(draft),
    facts.demand,
    facts.phone,
    ...facts.building,
    ...facts.unit,
    ...facts.room,
  ].filter(
    (part): part is string =>
      part !== null && (part.length > 2 || (part === building && another === undefined && /\D$/.test(part))),
  )
  let rest = told.length === 0 || told.length === pieces.length ? spoken : told.join('，')
  if (facts.household.room !== null)
    rest = rest.replace(/(?<!\d)\d{1,2}(?:[-—－]\d{1,2})?[-—－]\d{3,4}室?(?!\d)/, '')
  for (const part of said) rest = rest.replace(part, '')
  rest = rest
    .replace(/^[\s\p{P}的]+|[\s\p{P}]+$/gu, '')
    .replace(/[，,、；;\s]*([。！!？?])[，,。、；;\s]*/g, '$1')
    .replace(/[，,、\s]{2,}/g, '，')
    .replace(/(?<=[，。！？])的(?=[\u4e00-\u9fa5])/g, '')
  const short = rest.length >= 3 ? rest : spoken.trim()
  const letters = [...short.replace(/\s+/g, ' ')]
  return letters.length > 40 ? `${letters.slice(0, 39).join('')}…` : letters.join('')
}

/** Staff of the estate whom the text names: by full name, or by surname and title where only one has it. */
function subjectsIn(talk: Talk, draft: Draft): readonly StaffId[] {
  if (draft.facts.kind !== 'complaint') return []
  const staff = staffOf(talk.context.company, talk.estate).filter((s) => s.active)
  const text = draft.words.join('\n')
  const names = new Set(draft.facts.people)
  const full = staff.filter((s) => names.has(s.name) || text.includes(s.name))
  const titled = [...names]
    .filter((name) => /^[\u4e00-\u9fa5](师傅|经理|主管|队长|先生|女士|姐|哥|工)$/.test(name))
    .map((name) => staff.filter((s) => s.name.startsWith(name.slice(0, 1))))
    .flatMap((found) => (found.length === 1 ? found : []))
  return [...new Set([...full, ...titled].map((s) => s.id))]
}

/** What is handed over: complete, or as far as it came. */
export function registrationOf(
  talk: Talk,
  draft: Draft,
  how: { readonly incomplete: boolean; readonly wantsPerson: boolean },
): Registration {
  const { kind, code } = sortOf(draft)
  const anonymous = draft.anonymous || talk.minor
  const place = placeOf(talk, draft)
  const demand = demandOf(draft)
  return {
    kind,
    code,
    severity: severityFor(draft),
    estate: draft.estate ?? talk.estateId,
    person: talk.loaded.person,
    conversation: talk.loaded.conversation,
    name: anonymous ? null : (draft.name ?? talk.loaded.facts.name),
    anonymous,
    phone: anonymous ? null : (draft.facts.phone ?? talk.phone),
    household: anonymous ? null : (draft.household ?? talk.household),
    place,
    words: draft.words.length > 0 ? draft.words.join('\n') : unspoken.mediaOnly,
    summary: matterOf(talk, draft),
    happened: draft.facts.time[0]?.text ?? null,
    demand,
    media: draft.media,
    anger: draft.facts.anger,
    subjects: subjectsIn(talk, draft),
    danger: null,
    suspected: false,
    incomplete: how.incomplete,
    wantsPerson: how.wantsPerson || draft.wantsPerson,
    wantsLevel: draft.wantsLevel,
    receivedAt: draft.began,
    sameAs: draft.sameAs,
    differs: draft.differs,
    channel: talk.loaded.channel,
    grounds: groundsOf(draft, code, place, demand, talk.estate?.words ?? noWords),
  }
}

/** Danger is registered apart: what a draft holds is S2 at most (domain.md 2.1). */
function severityFor(draft: Draft): Severity {
  const { kind } = sortOf(draft)
  const severity = severityOf({ ...draft.facts, kind })
  return severity === 'S1' || (draft.serious && !isServedHere(kind)) ? 'S2' : severity
}
