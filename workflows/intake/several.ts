import type { Registration } from '../complaint/events.ts'
import { isMoreSevere } from '../severity.ts'
import type { Facts } from '../understanding/facts.ts'
import { splitIssues, type Issue } from '../understanding/issues.ts'
import { correct } from './correcting.ts'
import { besidePlace, factsOf, newDraft, nowhere, placeOf, registrationOf, take } from './draft.ts'
import { readCorrected, readItem, type Said } from './reading.ts'
import { isServedHere, needsOf } from './slots.ts'
import { isFindable } from './spots.ts'
import type { Draft } from './state.ts'
import type { Talk } from './talk.ts'

// Several troubles told in one talk (domain.md 3: split, keep one conversation). One of them is asked about; the others
// take over who tells it and, where they name none, its building: they are read back and registered together with it,
// and no question is asked for them alone.

/** A message into the draft by `into`; what it adds of another sort is kept beside it. */
export function takeAll(talk: Talk, draft: Draft, said: Said, into: (own: Said) => void): void {
  const before = draft.matter === null ? [] : [draft.facts, ...draft.others.map((other) => other.facts)]
  const { rest, issues } = split(talk, said, before)
  if (issues.length === 0) {
    into(said)
    return readTogether(talk, draft, said)
  }
  if (before.length > 0) {
    if (rest !== '') into({ ...said, text: rest, facts: factsOf(talk, rest, said.at) })
    for (const issue of issues) addTrouble(draft, issue, said)
    return
  }
  const [main, ...others] = neededFirst(issues)
  if (main) into({ ...said, text: main.text, facts: asWhole(main.facts, said.facts) })
  for (const issue of others) addTrouble(draft, issue, said)
}

/** More pieces than these are no sentence; each is read again. */
const mostPieces = 12

/** 厨房水龙头, then 坏了: what no message says by itself, all of them together may. */
function readTogether(talk: Talk, draft: Draft, { at }: Said): void {
  if (draft.facts.code !== null || draft.words.length < 2 || draft.words.length > mostPieces) return
  const words: string[] = []
  for (const text of draft.words) {
    if (besidePlace(text, factsOf(talk, text, at)).words) words.push(text)
    if (words.join('，').length > 60) return
  }
  const together = words.join('，')
  if (words.length < 2) return
  const { kind, code, category, effect, danger } = factsOf(talk, together, at)
  if (code === null || kind === 'other' || danger >= 0.1) return
  draft.facts = { ...draft.facts, kind, code, category, effect }
  draft.matter = together
}

/** What of a message is the danger, and the other troubles told beside it: those are kept for when it is over. */
export function besideDanger(
  talk: Talk,
  said: Said,
  isOfDanger: (facts: Facts) => boolean,
): { readonly danger: Said; readonly others: readonly Issue[] } {
  const { issues } = split(talk, said, [])
  const dangers = issues.filter(({ facts }) => isOfDanger(facts))
  if (dangers.length === 0 || dangers.length === issues.length) return { danger: said, others: [] }
  const text = dangers.map((issue) => issue.text).join('，')
  const facts = { ...factsOf(talk, text, said.at), phone: said.facts.phone }
  return {
    danger: { ...said, text, facts },
    others: neededFirst(issues.filter((issue) => !dangers.includes(issue))),
  }
}

const split = (talk: Talk, said: Said, before: readonly Facts[]) =>
  splitIssues(said.text, (piece) => factsOf(talk, piece, said.at), before)

/** Asked about is what somebody must come for; a question or a thank-you beside it waits for nothing. */
const neededFirst = (issues: readonly Issue[]): readonly Issue[] =>
  issues.toSorted((a, b) => Number(isServedHere(a.facts.kind)) - Number(isServedHere(b.facts.kind)))

/** Who tells it, and how they feel, is said in any part of the message. */
const asWhole = (own: Facts, whole: Facts): Facts => ({
  ...own,
  anger: Math.max(own.anger, whole.anger),
  threat: own.threat || whole.threat,
  minor: own.minor || whole.minor,
  authority: own.authority || whole.authority,
  phone: own.phone ?? whole.phone,
})

/** One more trouble of the talk; `said` is the message it came with. */
export function addTrouble(draft: Draft, issue: Pick<Issue, 'text' | 'facts'>, said: Said): void {
  const { others: _none, ...own } = newDraft(said.at, draft.estate)
  take(own, issue.text, asWhole(issue.facts, said.facts), said.text)
  own.matter = issue.text
  draft.others.push(own)
}

/** Every trouble of the talk, the one asked about first, each as a draft of its own with all that is known for it. */
export const troublesOf = (talk: Talk, draft: Draft): readonly Draft[] => [
  draft,
  ...draft.others.map((other): Draft => {
    const { estate, household, name, anonymous, media } = draft
    const own = {
      ...other,
      others: [],
      estate,
      household: household ?? other.household,
      name,
      anonymous,
      media,
    }
    const { building, unit } = placeOf(talk, draft)
    const needs = needsOf(own.facts.kind, own.facts.code)
    const { facts: said } = own
    const placed =
      said.household.building !== null || isFindable({ ...nowhere, area: said.area.join('') || null })
    if (building === null || !needs.place || placed) return own
    const facts = { ...own.facts, household: { building, unit, room: null } }
    return { ...own, facts, inferred: [...own.inferred, 'place'] }
  }),
]

/** What is handed over, the gravest first. A person is asked for once. */
export function registrationsOf(
  talk: Talk,
  draft: Draft,
  how: { readonly incomplete: boolean; readonly wantsPerson: boolean },
): readonly Registration[] {
  return troublesOf(talk, draft)
    .map((own) => registrationOf(talk, own, own === draft ? how : { ...how, wantsPerson: false }))
    .toSorted(
      (a, b) => Number(isMoreSevere(b.severity, a.severity)) - Number(isMoreSevere(a.severity, b.severity)),
    )
}

/** The one asked about is done with, or goes elsewhere: the next takes its place. False: it was the last. */
export function nextTrouble(talk: Talk, draft: Draft): boolean {
  const [, next] = troublesOf(talk, draft)
  const [own, ...others] = draft.others
  if (!next || !own) return false
  const facts = { ...next.facts, phone: next.facts.phone ?? draft.facts.phone }
  talk.s.draft = { ...next, facts, inferred: own.inferred, skipped: draft.skipped, others }
  return true
}

/**
 * What a message says of several that were read back: 是一件事 joins them, 第二件不用了 leaves one out, 第二件在5栋 or a
 * correction of its words changes that one alone. null: it is about the one asked about; else the new values.
 */
export function changeOther(talk: Talk, draft: Draft, said: Said): readonly string[] | null {
  if (draft.others.length === 0) return null
  if (isOne.test(said.text)) {
    draft.others = []
    return []
  }
  const item = readItem(said.text)
  const wrong = readCorrected(said.text)?.wrong
  const named =
    wrong === undefined ? -1 : draft.others.findIndex((other) => other.matter?.includes(wrong) ?? false)
  const own = wrong !== undefined && (draft.matter?.includes(wrong) ?? false)
  const index = item === null ? (own ? -1 : named) : item.number - 2
  const rest = item?.rest ?? said.text
  if (item?.number === 1 && leftOut.test(rest)) {
    nextTrouble(talk, draft)
    return []
  }
  const other = troublesOf(talk, draft)[index + 1]
  if (index < 0 || !other) return null
  if (leftOut.test(rest)) {
    draft.others.splice(index, 1)
    return []
  }
  const { household } = other.facts
  const changes = correct(talk, other, { ...said, text: rest, facts: factsOf(talk, rest, said.at) })
  const { others: _none, ...changed } = other
  const inferred =
    other.facts.household === household ? other.inferred : other.inferred.filter((what) => what !== 'place')
  draft.others[index] = { ...changed, inferred }
  return changes
}

const isOne = /(?:是|算|就)?(?:同?一件事|一回事|同一个(?:事|问题)|一起的)(?:情)?[。.!！~]*$/
const leftOut = /^.{0,6}(?:不用|不要|不报|不说|算了|删|去掉|取消|撤)/
