import { isOpen, type ComplaintBrief } from '../complaint/state.ts'
import { staffOf } from '../estate.ts'
import { minutes } from '../ids.ts'
import { isMoreSevere } from '../severity.ts'
import { redact } from '../understanding/redact.ts'
import { asMaterial, inferredFrom, type Inferred } from '../understanding/second-reading.ts'
import { openDraft, waitForMore } from './asking.ts'
import { doubtInferred } from './danger.ts'
import { factsOf, namedEstate, take } from './draft.ts'
import { infer } from './inferring.ts'
import { readOrder, type Said } from './reading.ts'
import { isServedHere } from './slots.ts'
import { draftTopics, type AboutMessage, type Draft, type IntakeEvent, type Trouble } from './state.ts'
import type { Talk } from './talk.ts'

type Message = Extract<IntakeEvent, { type: 'message' }>

/** Letters beside names and numbers: shorter texts say what the rules know by heart, or answer a question. */
const fewest = 4

/** Of a backlog the rules alone make what they can: nobody waits for it any more. */
const tooOld = minutes(10)

/** From here on the rules ask by themselves whether anybody is in danger. */
const suspectedFrom = 0.1

/**
 * Has a language model read a message that told something, where one is connected. Never what a child writes (PIPL 28–31),
 * what stands in a group, or what is written to a person; and nothing in danger, where the rules have spoken.
 */
export function askModel(talk: Talk, message: Message): void {
  const { content, facts, group, at } = message
  if (talk.context.model !== true || content.type !== 'text' || facts === null || group !== null) return
  const { text } = content
  if (talk.now - at > tooOld || readOrder(text) !== null) return
  if (talk.human || talk.minor || facts.minor || facts.danger >= suspectedFrom) return
  if (talk.s.danger !== null && !talk.s.danger.over) return
  const asked = talk.before.asking
  if (asked !== null && !draftTopics.has(asked.topic)) return
  const began = partOf(talk, text, at)
  if (began === undefined) return
  const seen = redactedFor(talk, text).text
  if (seen.replace(/⟦[^⟧]*⟧|\P{L}/gu, '').length < fewest) return
  talk.effect({ do: 'askModel', material: asMaterial(seen), about: { at, text, began } })
}

/** What the message became part of; undefined: of nothing that a second reading could serve. */
function partOf(talk: Talk, text: string, at: number): AboutMessage['began'] | undefined {
  const { draft, chat, registering } = talk.s
  const [trouble] = holding(draft, text)
  if (trouble) return trouble.began
  if (registering === talk.now) return Math.min(talk.before.draft?.began ?? at, at)
  if (chat.some((line) => line.at === at && line.text === text)) return null
  return talk.currentCase?.receivedAt
}

/** The troubles of the talk this message told of: more than one where it was split. */
const holding = (draft: Draft | null, text: string): readonly Trouble[] =>
  draft === null ? [] : [draft, ...draft.others].filter((trouble) => trouble.words.includes(text))

function redactedFor(talk: Talk, text: string) {
  const { company } = talk.context
  const { draft, learned } = talk.s
  const known = [talk.loaded.facts.name, learned.name, draft?.name, ...(draft?.facts.people ?? [])]
  return redact(text, {
    people: [
      ...staffOf(company, null).map((staff) => staff.name),
      ...known.filter((name) => typeof name === 'string'),
    ],
    places: [
      company.name,
      ...company.estates.flatMap((estate) => [estate.name, ...estate.buildings.map((b) => b.name)]),
    ],
  })
}

/**
 * What the model read, as far as it may count: it fills what is missing and raises to S2. Danger it alone sees is asked
 * about. Nothing the rules found is taken back, nothing is asked again, and of a text that is gone nothing is kept.
 */
export function hearSecondReading(talk: Talk, event: Extract<IntakeEvent, { type: 'secondReading' }>): void {
  const { about, reading } = event
  if (talk.minor) return
  const found = inferredFrom(reading, redactedFor(talk, about.text))
  const said: Said = { text: about.text, facts: factsOf(talk, about.text, about.at), at: about.at }
  const troubles = holding(talk.s.draft, about.text).filter((trouble) => trouble.began === about.began)
  const line =
    about.began === null && talk.s.chat.some((one) => one.at === about.at && one.text === about.text)
  const cases = talk.loaded.mine.filter((brief) => brief.receivedAt === about.began && isOpen(brief.status))
  const [trouble, another] = troubles
  const [known, second] = cases

  const fresh = talk.s.danger === null
  if (found.danger !== null && fresh && !talk.human && (trouble ?? known ?? line)) {
    if (line) forgetLine(talk, about)
    doubtInferred(talk, said, found.danger, trouble ? null : (known ?? null))
    if (!trouble && known) tellCase(talk, known, found, said, true)
    return
  }
  // Of several matters in one message nobody knows which one it speaks of.
  const shown = talk.s.draft?.summaryShown ?? false
  if (trouble && !another) return infer(trouble, found, { asked: talk.s.asking?.topic ?? null, shown })
  if (trouble) return
  // Whoever speaks with them sees the suspicion; where danger is known, or was denied, it is nothing new.
  if (known) return second ? undefined : tellCase(talk, known, found, said, fresh)
  if (line) takeUp(talk, found, said)
}

/** To a case that is registered: raised, and the rest for whoever works on it to read. */
function tellCase(
  talk: Talk,
  brief: ComplaintBrief,
  found: Inferred,
  { facts }: Said,
  suspected: boolean,
): void {
  const type = suspected ? found.danger : null
  const grave = (found.serious || type !== null) && isMoreSevere('S2', brief.severity)
  const missing = (words: string | null, known: boolean): string | null => (known ? null : words)
  talk.tell(brief.id, {
    type: 'inferred',
    raise: grave && (type !== null || !isServedHere(brief.kind)),
    danger: type === null ? null : { type, lift: false, self: facts.selfInvolved },
    code: brief.code === 'OT01' ? found.code : null,
    happened: missing(found.time, facts.time.length > 0),
    spot: missing(found.place, facts.area.length > 0 || facts.household.building !== null),
    demand: missing(found.demand, facts.demand !== null),
  })
}

/** Taken for small talk, and the model knows what it is about: the intake begins after all. */
function takeUp(talk: Talk, found: Inferred, said: Said): void {
  const matter = found.kind === 'complaint' || found.kind === 'repair'
  if (!matter || talk.human || talk.s.draft !== null || talk.s.asking !== null || talk.s.danger !== null)
    return
  forgetLine(talk, said)
  talk.s.misunderstood = 0
  const draft = openDraft(talk, said.at)
  draft.estate ??= namedEstate(talk, said.text)
  take(draft, said.text, said.facts)
  draft.matter = said.text
  infer(draft, found, { asked: null, shown: false })
  waitForMore(talk)
}

/** Not small talk any more: it belongs to what was just begun. */
function forgetLine(talk: Talk, { at, text }: { readonly at: number; readonly text: string }): void {
  talk.s.chat = talk.s.chat.filter((line) => line.at !== at || line.text !== text)
}
