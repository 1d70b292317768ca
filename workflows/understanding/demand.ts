import { clausesOf, type Clause } from './clauses.ts'
import * as words from './lexicon/demands.ts'
import { quote, type Reading } from './normalise.ts'
import { sieved } from './patterns.ts'

const opener = sieved(words.openers)
const leadingOpener = sieved(`^(?:${words.leadingOpeners})`)
const weak = sieved(words.weak)
const ability = sieved(words.abilities)
const urged = sieved(`(?:${words.urging})(?:.{0,6}?)(?:给我|${words.acts})`)
const instruction = sieved(`^(?:给我|${words.acts})`)
const doubt = sieved(words.doubts)
const tail = sieved(words.tails)
const act = sieved(words.acts)
const instructed = sieved(words.instructions)
const guess = sieved(words.guesses)
const told = sieved(words.told)
const reported = sieved(words.reported)
const inVain = sieved(words.inVain)
const goesOn = sieved(words.goesOn)
const leavesOff = sieved(words.leavesOff)
const deed = sieved(words.deeds)

/** Greetings and addresses that begin a clause but are no part of the demand. */
const address = /^(?:各位|尊敬的.{1,6}[:,]|您好|你好|老师)+/

/** A subject before the opener belongs to the demand up to this length; more words are about something else. */
const subjectLength = 10

/** How much more a request at the end of a text counts than one at its beginning. */
const lateness = 0.5

/** A request of more characters than this is a story. */
const longest = 80

/** Offices are named by what they do: 城管 is nobody's deed. */
const offices = /城管|物管|交管|监管|主管|管理|部门/g

interface Ask {
  /** Where it begins in the text. */
  readonly start: number
  readonly score: number
  /** Opened by a word of asking, so that it may go on over several clauses. */
  readonly opened: boolean
}

/**
 * The words that say what the writer wants done; null where nothing is asked for. Each clause is weighed by how plainly
 * it asks (`恳请…`, then `能不能…`, then a bare instruction) and how late it stands; the first of the best is taken,
 * with the clauses it goes on in.
 */
export function readDemand(reading: Reading): string | null {
  const { text } = reading
  const clauses = clausesOf(text)
  let best: { ask: Ask; index: number; score: number } | null = null
  for (let index = 0; index < clauses.length; index++) {
    const ask = askOf(text, clauses, index)
    if (!ask) continue
    const score = ask.score + lateness * (index / clauses.length)
    if (!best || score > best.score) best = { ask, index, score }
  }
  if (!best) return null
  const end = best.ask.opened ? endOf(text, clauses, best.index, best.ask.start) : clauses[best.index]?.end
  return quote(reading, best.ask.start, end ?? best.ask.start).trim() || null
}

function askOf(text: string, clauses: readonly Clause[], index: number): Ask | null {
  const clause = clauses[index]
  if (!clause) return null
  const all = text.slice(clause.start, clause.end)
  const greeting = address.exec(all)?.[0].length ?? 0
  const said = all.slice(greeting).trim()
  if (said.length < 2) return null
  const start = clause.start + greeting + (all.length - greeting - all.slice(greeting).trimStart().length)
  const open = opener.exec(said) ?? leadingOpener.exec(said)
  if (open) {
    const before = said.slice(0, open.index)
    if (reported.test(before) || isQuoted(text, start + open.index, clause.end)) return null
    const next = clauses[index + 1]
    const failed = next?.sentence === clause.sentence && inVain.test(text.slice(next.start, next.end))
    const rest = said.slice(open.index + open[0].length)
    const score = 5 - (weak.test(rest) ? 1.5 : 0) - (deed.test(rest) ? 0 : 0.7) - (failed ? 2 : 0)
    return { start: before.length > subjectLength ? start + open.index : start, score, opened: true }
  }
  const score = scoreOf(said)
  return score === null || isQuoted(text, start, clause.end) ? null : { start, score, opened: false }
}

/** How plainly a clause without a word of asking asks; null where it does not. */
function scoreOf(said: string): number | null {
  if (ability.test(said) && !doubt.test(said)) return 4
  if (said.length > 24 || guess.test(said)) return null
  // 赶紧给我拆了, 把这个停了: to be done, though it ends like something done.
  const presses = urged.test(said) || /^(?:把|将)/.test(said)
  if (told.test(presses ? said.replace(/[了的]$/, '') : said)) return null
  if (urged.test(said) && !instruction.test(said)) return 3.8
  const orders = instruction.test(said)
  if (tail.test(said) && act.test(said) && (orders || presses || !said.endsWith('了吧'))) return 3.5
  if (orders || instructed.test(said)) return 3
  return null
}

/** Where the request that begins at `start` ends: with its clause, or with the clauses that say what else is to be done. */
function endOf(text: string, clauses: readonly Clause[], index: number, start: number): number {
  let end = clauses[index]?.end ?? start
  for (let i = index + 1; i < clauses.length; i++) {
    const next = clauses[i]
    if (!next || next.sentence !== clauses[index]?.sentence || next.end - start > longest) break
    const isList = text[next.start - 1] === '、'
    const more = text.slice(next.start, next.end).trim()
    if (leavesOff.test(more)) break
    if (!isList && !goesOn.test(more) && deed.test(text.slice(start, end).replace(offices, ''))) break
    end = next.end
  }
  return end
}

/** Inside quotation marks somebody else speaks. Some writers close where they should open, so both sides are looked at. */
function isQuoted(text: string, at: number, end: number): boolean {
  for (let i = at; i < end; i++) {
    if (/[“「『]/.test(text[i] ?? '')) break
    if (/[”」』]/.test(text[i] ?? '')) return true
  }
  for (let i = at - 1; i >= 0 && i > at - 60; i--) {
    if (/[”」』\n]/.test(text[i] ?? '')) return false
    if (/[“「『]/.test(text[i] ?? '')) return true
  }
  return false
}
