import { neededBy, type Needed, type Signs } from './needed.ts'

/** A regular expression over a normalised text that is tried only where it may match. */
export interface Pattern {
  /** Whether it stands anywhere in the text. */
  test(text: string): boolean
  /** The first match; null where there is none. */
  exec(text: string): RegExpExecArray | null
  /** Every match, from the beginning. */
  all(text: string): RegExpExecArray[]
}

/**
 * The small language of the lexicons: `~` is a gap of up to eight characters inside one sentence, `{name}` one of a
 * group of words, the rest a regular expression. Gaps are bounded and alternatives plain, so that matching stays
 * linear in the length of the text.
 */
export function pattern(source: string, groups: Readonly<Record<string, string>> = noGroups): Pattern {
  const regexp = expand(source, groups).replaceAll('~', '[^。!?;\\n]{0,8}?')
  return compile(regexp, '', neededBy(source, signsOf(groups)))
}

/** A regular expression as it is written, of no flag but `s`. */
export function sieved(written: string | RegExp): Pattern {
  const { source, flags } = typeof written === 'string' ? { source: written, flags: '' } : written
  if (flags !== '' && flags !== 's') throw new Error(`a pattern cannot have the flags ${flags}`)
  return compile(source, flags, neededBy(source))
}

const noGroups = {}
const known = new WeakMap<object, Signs>()
function signsOf(groups: Readonly<Record<string, string>>): Signs {
  const signs = known.get(groups) ?? { gap: '~', groups }
  known.set(groups, signs)
  return signs
}

function expand(source: string, groups: Readonly<Record<string, string>>): string {
  return source.replace(/\{([a-z][a-zA-Z]*)\}/g, (_, name: string) => {
    const words = groups[name]
    if (words === undefined) throw new Error(`lexicon: no group of words is named {${name}}`)
    return `(?:${expand(words, groups)})`
  })
}

/*
 * One look at a text's characters says of all patterns which may match, and where: each needs one of certain characters
 * somewhere, and most can begin with few (needed.ts). Most patterns match in no place of most texts; one that is not run
 * costs nothing, not even its place in the processor's cache.
 */

interface Compiled {
  readonly regexp: RegExp
  readonly needed: Needed
  /** Where its bit stands: 32 patterns a word. */
  readonly word: number
  readonly bit: number
}

const patterns: Compiled[] = []
/** Words a row of the tables. */
let width = 0
/** UTF-16 code → the row of its character; row 0: no pattern asks for it. */
const rowOf = new Uint16Array(0x1_0000)
/** A bit for each pattern that needs the character; in row 0, for each that needs none in particular. */
let needing = new Uint32Array(0)
/** A bit for each pattern that may begin with the character, whatever follows; and with two characters. */
let beginning = new Uint32Array(0)
let pairs = pairsOf(new Map())
let beginningWithTwo = new Uint32Array(0)
let stale = false

/** The text looked at last: the rows of each character and of it with the next, and the patterns that may match at all. */
let looked: string | null = null
let ones = new Uint16Array(256)
let twos = new Uint16Array(256)
let present = new Uint32Array(0)

function compile(source: string, flags: string, needed: Needed): Pattern {
  const isPlaced = needed.begins !== null && !needed.empty
  const regexp = new RegExp(source, `${isPlaced ? 'y' : 'g'}${flags}`)
  const number = patterns.length
  const compiled = { regexp, needed, word: number >>> 5, bit: (1 << (number & 31)) >>> 0 }
  patterns.push(compiled)
  stale = true
  const from = isPlaced ? firstPlaced : firstAnywhere
  return {
    test: (text) => from(compiled, text, 0) !== null,
    exec: (text) => from(compiled, text, 0),
    all(text) {
      const found: RegExpExecArray[] = []
      for (let match = from(compiled, text, 0); match;) {
        found.push(match)
        match = from(compiled, text, match.index + Math.max(1, match[0].length))
      }
      return found
    },
  }
}

/** The first match of a sticky expression from a position on. */
function firstPlaced({ regexp, word, bit }: Compiled, text: string, start: number): RegExpExecArray | null {
  if (text !== looked || stale) look(text)
  if (((present[word] ?? 0) & bit) === 0) return null
  for (let at = start; at < text.length; at++) {
    const row = (ones[at] ?? 0) * width + word
    const pair = (twos[at] ?? 0) * width + word
    if ((((beginning[row] ?? 0) | (beginningWithTwo[pair] ?? 0)) & bit) === 0) continue
    regexp.lastIndex = at
    const match = regexp.exec(text)
    if (match) return match
  }
  return null
}

/** The first match of an expression that may begin with anything. */
function firstAnywhere({ regexp, word, bit }: Compiled, text: string, start: number): RegExpExecArray | null {
  if (text !== looked || stale) look(text)
  if (((present[word] ?? 0) & bit) === 0) return null
  regexp.lastIndex = start
  return regexp.exec(text)
}

function look(text: string): void {
  if (stale) lay()
  if (ones.length < text.length) {
    ones = new Uint16Array(text.length * 2)
    twos = new Uint16Array(text.length * 2)
  }
  for (let word = 0; word < width; word++) present[word] = needing[word] ?? 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const row = rowOf[code] ?? 0
    ones[i] = row
    twos[i] = pairs(code * 0x1_0000 + text.charCodeAt(i + 1))
    if (row === 0) continue
    for (let word = 0; word < width; word++)
      present[word] = (present[word] ?? 0) | (needing[row * width + word] ?? 0)
  }
  looked = text
}

/** Lays the tables out, once all patterns are known; one that comes later has them laid out again. */
function lay(): void {
  width = Math.ceil(patterns.length / 32)
  present = new Uint32Array(width)
  rowOf.fill(0)
  let rows = 0
  const pairRows = new Map<number, number>()
  for (const { needed } of patterns) {
    for (const one of needed.somewhere ?? []) rowOf[one.charCodeAt(0)] ||= ++rows
    for (const [one, after] of needed.begins ?? []) {
      rowOf[one.charCodeAt(0)] ||= ++rows
      for (const next of after ?? []) {
        const pair = pairOf(one, next)
        if (!pairRows.has(pair)) pairRows.set(pair, pairRows.size + 1)
      }
    }
  }
  pairs = pairsOf(pairRows)
  needing = new Uint32Array((rows + 1) * width)
  beginning = new Uint32Array((rows + 1) * width)
  beginningWithTwo = new Uint32Array((pairRows.size + 1) * width)
  for (const pattern of patterns) {
    const { somewhere, begins } = pattern.needed
    if (somewhere === null) set(needing, 0, pattern)
    for (const one of somewhere ?? []) set(needing, rowOf[one.charCodeAt(0)] ?? 0, pattern)
    for (const [one, after] of begins ?? []) {
      if (after === null) set(beginning, rowOf[one.charCodeAt(0)] ?? 0, pattern)
      for (const next of after ?? []) set(beginningWithTwo, pairRows.get(pairOf(one, next)) ?? 0, pattern)
    }
  }
  stale = false
  looked = null
}

const pairOf = (one: string, next: string): number => one.charCodeAt(0) * 0x1_0000 + next.charCodeAt(0)

function set(bits: Uint32Array, row: number, { word, bit }: Compiled): void {
  const at = row * width + word
  bits[at] = (bits[at] ?? 0) | bit
}

/** Finds the row of two characters; 0 where no pattern begins with them. A `Map` takes several times as long. */
function pairsOf(rows: ReadonlyMap<number, number>): (pair: number) => number {
  if (rows.size > 0xffff) throw new Error(`patterns: ${String(rows.size)} pairs do not fit`)
  let size = 1
  while (size < rows.size * 4) size *= 2
  const keys = new Float64Array(size).fill(-1)
  const values = new Uint16Array(size)
  const slotOf = (pair: number): number =>
    ((Math.imul(pair >>> 16, 0x9e3779b1) ^ Math.imul(pair, 0x85ebca6b)) >>> 7) & (size - 1)
  for (const [pair, row] of rows) {
    let slot = slotOf(pair)
    while (keys[slot] !== -1) slot = (slot + 1) & (size - 1)
    keys[slot] = pair
    values[slot] = row
  }
  return (pair) => {
    for (let slot = slotOf(pair); ; slot = (slot + 1) & (size - 1)) {
      const known = keys[slot]
      if (known === pair) return values[slot] ?? 0
      if (known === -1) return 0
    }
  }
}
