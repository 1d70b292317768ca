/** A written number of up to three digits, inside a pattern. */
export const n = '(?:\\d{1,3}|[零一二两三四五六七八九十廿]{1,3})'
/** What such a number may begin with. */
export const nBegins = '0123456789零一二两三四五六七八九十廿'
/** Any key of a table, longest first. */
export const alternatives = (table: Readonly<Record<string, unknown>>): string =>
  Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .join('|')

/** A pattern that matches at one position only, and what it may begin with. */
export interface Words {
  readonly pattern: RegExp
  /** Its bit in `beginnings`; 0 where it may begin with anything. */
  readonly bit: number
}

/**
 * UTF-16 code → bits of the patterns that may begin with it. A look at this table costs a twentieth of trying a pattern,
 * and most characters of a text begin none.
 */
const beginnings = new Uint32Array(0x1_0000)
let bits = 0

/** `begins`: every character its matches may begin with; left out, it is tried wherever it is asked for. */
export function sticky(source: string, begins = ''): Words {
  const pattern = new RegExp(source, 'y')
  if (begins === '') return { pattern, bit: 0 }
  if (bits === 32) throw new Error('grammar: one table holds the beginnings of 32 patterns')
  const bit = (1 << bits++) >>> 0
  for (let i = 0; i < begins.length; i++) {
    const code = begins.charCodeAt(i)
    beginnings[code] = (beginnings[code] ?? 0) | bit
  }
  return { pattern, bit }
}

/** Whether any pattern with known beginnings may match at a position. */
export const mayBegin = (text: string, at: number): boolean => beginnings[text.charCodeAt(at)] !== 0

/** Matches a pattern at a position. */
export function match(words: Words, text: string, at: number): RegExpExecArray | null {
  if (words.bit !== 0 && ((beginnings[text.charCodeAt(at)] ?? 0) & words.bit) === 0) return null
  words.pattern.lastIndex = at
  return words.pattern.exec(text)
}

/** What the words of an alternation or the keys of a table begin with. */
export const firsts = (words: string | Readonly<Record<string, unknown>>): string =>
  (typeof words === 'string' ? words.split('|') : Object.keys(words)).map((word) => word.slice(0, 1)).join('')

/** Every match of a global pattern from the beginning of a text; unlike `matchAll` it copies no pattern. */
export function each(words: RegExp, text: string, take: (found: RegExpExecArray) => void): void {
  words.lastIndex = 0
  for (let found = words.exec(text); found; found = words.exec(text)) take(found)
}

/** 一 … 日, 天 → 1 … 7. */
export const weekdayNumber = (word: string): number =>
  ({ 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7 })[word] ?? 1
/** Midnight before a moment, in local seconds. */
export const startOfDay = (seconds: number): number => Math.floor(seconds / 86_400) * 86_400
