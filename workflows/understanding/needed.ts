// Of a regular expression, the characters without which it cannot match and those it can begin with. It reads the part of the
// language that the lexicons use; whatever else stands there only says less.

const digits = [...'0123456789']

/** Characters that stand in so many texts that to ask for them tells little. */
const frequent = new Set(
  '的了一是不我有在人没来个上下到大家们这那你就都也要说里还好小什么么去多天今时间过着得会能可以',
)

/** A class of more characters than these says nothing. */
const mostOfClass = 400

type Characters = ReadonlySet<string>

/** What is known of the matches of an expression, in UTF-16 units. */
export interface Needed {
  /** One of them stands in every match; null where none can be named. Of the parts of a sequence, the rarest. */
  readonly somewhere: Characters | null
  /**
   * The first character of every match that is not empty, and what may follow it inside the match (null: anything, or
   * nothing). null: it may begin with anything.
   */
  readonly begins: ReadonlyMap<string, Characters | null> | null
  /** It may match where nothing stands. */
  readonly empty: boolean
}

/** The same of a part, which others may follow. */
interface Part {
  readonly somewhere: Characters | null
  readonly first: Characters | null
  /** Those of `first` that may be the whole match. */
  readonly single: Characters
  readonly second: ReadonlyMap<string, Characters | null>
  readonly empty: boolean
}

const none: Characters = new Set()
const noPairs: Part['second'] = new Map()
const anything: Part = { somewhere: null, first: null, single: none, second: noPairs, empty: false }
const gap: Part = { ...anything, empty: true }
/** Looks and takes nothing. */
const nothing: Part = { somewhere: null, first: none, single: none, second: noPairs, empty: true }
const only = (...characters: readonly string[]): Part => {
  const set = new Set(characters)
  return { somewhere: set, first: set, single: set, second: noPairs, empty: false }
}

/** What the signs of the lexicons stand for, beside those of regular expressions (patterns.ts). */
export interface Signs {
  /** Stands for a few characters, or none. */
  readonly gap: string
  /** `{name}` stands for an expression, written with these signs too. */
  readonly groups: Readonly<Record<string, string>>
}

/**
 * @param source of a pattern without flags, or with `s`
 * @param signs none: a plain regular expression
 * @throws where a parenthesis is not closed, or a group has no name
 */
export function neededBy(source: string, signs: Signs | null = null): Needed {
  const { somewhere, first, single, second, empty } = partOf(source, signs)
  if (first === null) return { somewhere, begins: null, empty }
  const begins = new Map<string, Characters | null>()
  for (const one of first) begins.set(one, single.has(one) ? null : (second.get(one) ?? null))
  return { somewhere, begins, empty }
}

function partOf(source: string, signs: Signs | null): Part {
  const reader = readerOf(source, signs)
  const part = alternatives(reader)
  if (!reader.atEnd()) throw new Error(`a parenthesis too many in ${source}`)
  return part
}

/** Many expressions name the same groups. */
const groupParts = new WeakMap<Signs, Map<string, Part>>()

function groupOf(name: string, signs: Signs): Part {
  const known = groupParts.get(signs) ?? new Map<string, Part>()
  groupParts.set(signs, known)
  const words = signs.groups[name]
  if (words === undefined) throw new Error(`no group of words is named {${name}}`)
  const part = known.get(name) ?? partOf(words, signs)
  known.set(name, part)
  return part
}

interface Reader {
  readonly signs: Signs | null
  readonly atEnd: () => boolean
  readonly peek: () => string
  readonly next: () => string
  /** Goes on behind what stands here, if it does. */
  readonly skip: (words: string) => boolean
  readonly match: (sticky: RegExp) => string | null
}

function readerOf(source: string, signs: Signs | null): Reader {
  let at = 0
  return {
    signs,
    atEnd: () => at >= source.length,
    peek: () => source.charAt(at),
    next: () => source.charAt(at++),
    skip(words) {
      if (!source.startsWith(words, at)) return false
      at += words.length
      return true
    },
    match(sticky) {
      sticky.lastIndex = at
      const found = sticky.exec(source)?.[0] ?? null
      at += found?.length ?? 0
      return found
    },
  }
}

function alternatives(reader: Reader): Part {
  const somewhere = new Set<string>()
  const first = new Set<string>()
  const single = new Set<string>()
  const second = new Map<string, Set<string> | null>()
  let [needsNothing, beginsAnyhow, empty] = [false, false, false]
  do {
    // Most alternatives are a word, and there are thousands.
    const word = reader.match(wholeWord)
    if (word !== null) {
      somewhere.add(rarestOf(word))
      first.add(word.charAt(0))
      addSeconds(second, word.charAt(0), word.charAt(1))
      continue
    }
    const part = sequence(reader)
    for (const one of part.somewhere ?? []) somewhere.add(one)
    for (const one of part.first ?? []) first.add(one)
    for (const one of part.single) single.add(one)
    for (const [one, after] of part.second) addSeconds(second, one, after)
    needsNothing ||= part.somewhere === null
    beginsAnyhow ||= part.first === null
    empty ||= part.empty
  } while (reader.skip('|'))
  return {
    somewhere: needsNothing ? null : somewhere,
    first: beginsAnyhow ? null : first,
    single,
    second,
    empty,
  }
}

function addSeconds(
  pairs: Map<string, Set<string> | null>,
  one: string,
  after: Characters | string | null,
): void {
  const known = pairs.get(one)
  if (after === null) pairs.set(one, null)
  else if (known === undefined) pairs.set(one, new Set(after))
  else for (const next of after) known?.add(next)
}

function union(sets: readonly (Characters | null)[]): Characters | null {
  const together = new Set<string>()
  for (const set of sets) {
    if (set === null) return null
    for (const character of set) together.add(character)
  }
  return together
}

function sequence(reader: Reader): Part {
  let all: Part = nothing
  while (!reader.atEnd() && reader.peek() !== '|' && reader.peek() !== ')') {
    const word = reader.match(plainWord)
    const part = word === null ? quantified(reader, atom(reader)) : wordOf(word)
    all = all === nothing ? part : followed(all, part)
  }
  return all
}

/** Two characters or more that mean themselves, none of them with a quantifier; and nothing else in the alternative. */
const plainWord = /[^\\[\](){}|.^$?*+~]{2,}(?![?*+]|\{\d)/y
const wholeWord = /[^\\[\](){}|.^$?*+~]{2,}(?=[|)]|$)/y

const rarestOf = (word: string): string => {
  for (let i = 0; i < word.length; i++) if (!frequent.has(word.charAt(i))) return word.charAt(i)
  return word.charAt(0)
}

function wordOf(word: string): Part {
  const first = word.charAt(0)
  return {
    somewhere: new Set(rarestOf(word)),
    first: new Set(first),
    single: none,
    second: new Map([[first, new Set(word.charAt(1))]]),
    empty: false,
  }
}

function followed(a: Part, b: Part): Part {
  const somewhere = rarer(a.somewhere, b.empty ? null : b.somewhere)
  if (!a.empty && a.single.size === 0) return somewhere === a.somewhere ? a : { ...a, somewhere }
  const second = new Map<string, Set<string> | null>()
  for (const [one, after] of a.second) addSeconds(second, one, after)
  for (const one of a.single) addSeconds(second, one, b.first)
  if (a.empty) for (const [one, after] of b.second) addSeconds(second, one, after)
  return {
    somewhere,
    first: a.empty ? union([a.first, b.first]) : a.first,
    single: new Set([...(b.empty ? a.single : none), ...(a.empty ? b.single : none)]),
    second,
    empty: a.empty && b.empty,
  }
}

function rarer(a: Characters | null, b: Characters | null): Characters | null {
  if (a === null || b === null) return a ?? b
  return costOf(b) < costOf(a) ? b : a
}

const costOf = (characters: Characters): number =>
  [...characters].reduce((sum, character) => sum + (frequent.has(character) ? 20 : 1), 0)

function quantified(reader: Reader, part: Part): Part {
  const quantifier = reader.match(/(?:[?*+]|\{\d+(?:,\d*)?\})\??/y)
  if (quantifier === null) return part
  // Where it may come again, anything it begins with may follow.
  const again = /^(?:\?|\{[01]\})/.test(quantifier) ? part : followed(part, { ...part, empty: true })
  return /^(?:[?*]|\{0)/.test(quantifier) ? { ...again, somewhere: null, empty: true } : again
}

function atom(reader: Reader): Part {
  if (reader.skip('(')) return group(reader)
  if (reader.skip('[')) return classOf(reader)
  if (reader.skip('\\')) return escaped(reader)
  if (reader.signs) {
    if (reader.skip(reader.signs.gap)) return gap
    const name = reader.match(/\{[a-z]\w*\}/iy)
    if (name !== null) return groupOf(name.slice(1, -1), reader.signs)
  }
  const character = reader.next()
  if (/[\^$]/.test(character)) return nothing
  return character === '.' ? anything : only(character)
}

function group(reader: Reader): Part {
  const looksAround = reader.match(/\?<?[=!]/y) !== null
  reader.skip('?:')
  const part = alternatives(reader)
  if (!reader.skip(')')) throw new Error('a parenthesis is not closed')
  return looksAround ? nothing : part
}

function classOf(reader: Reader): Part {
  let isWide = reader.skip('^')
  const members = new Set<string>()
  let last: string | null = null
  while (!reader.skip(']')) {
    if (reader.atEnd()) throw new Error('a class is not closed')
    const isRange: boolean = last !== null && reader.match(/-(?!\])/y) !== null
    const found: Characters | null = (reader.skip('\\') ? escaped(reader) : only(reader.next())).first
    const character: string | null = found?.size === 1 ? ([...found][0] ?? null) : null
    if (found === null) isWide = true
    else if (isRange && last !== null && character !== null) {
      const until = Math.min(character.charCodeAt(0), last.charCodeAt(0) + mostOfClass + 1)
      for (let code = last.charCodeAt(0); code <= until; code++) members.add(String.fromCharCode(code))
    } else for (const one of found) members.add(one)
    if (members.size > mostOfClass) isWide = true
    last = isRange ? null : character
  }
  return isWide ? anything : only(...members)
}

/** What stands behind a backslash. */
function escaped(reader: Reader): Part {
  const unit = reader.match(/u[\da-f]{4}/iy)
  if (unit !== null) return only(String.fromCharCode(parseInt(unit.slice(1), 16)))
  const letter = reader.next()
  if (letter === 'd') return only(...digits)
  if (letter === 'n') return only('\n')
  if (/[bB]/.test(letter)) return nothing
  if (!/[a-zA-Z\d]/.test(letter)) return only(letter)
  reader.match(/\{[^}]*\}/y)
  return anything
}
