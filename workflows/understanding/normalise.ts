import { characterPairs } from './lexicon/characters.ts'

/**
 * A text as it was written beside the copy that is matched: NFKC, lower case, simplified characters, no invisible
 * ones. Every position of the copy knows where it stands in the original, so that what is found is quoted verbatim.
 */
export interface Reading {
  readonly original: string
  readonly text: string
  /** Position of the copy → first position in the original; null where both are the same text position for position. */
  readonly starts: readonly number[] | null
  readonly ends: readonly number[] | null
}

/** Longer texts are read at their beginning and end: the danger of a long letter often stands in its last sentence. */
const headLimit = 1_500
const tailLimit = 500

const simplified = new Map(
  characterPairs
    .trim()
    .split(/\s+/)
    .map((pair) => [pair.slice(0, 1), pair.slice(1)] as const),
)

// Zero-width characters, bidi controls, soft hyphen, variation selectors, byte order mark.
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u20e3\u2060-\u206f\ufe00-\ufe0f\ufeff]/

/** UTF-16 codes whose character is its own copy: nearly all of nearly every text. */
const kept = new Uint8Array(0x1_0000)
for (let code = 0x20; code < 0x7f; code++) kept[code] = code >= 0x41 && code <= 0x5a ? 0 : 1
kept[0x0a] = 1
kept.fill(1, 0x4e00, 0xa000)
for (const character of simplified.keys()) kept[character.charCodeAt(0)] = 0
// 、 and 。
kept.fill(1, 0x3001, 0x3003)

export function read(original: string): Reading {
  if (original.length <= headLimit + tailLimit && isKept(original))
    return { original, text: original, starts: null, ends: null }
  const pieces: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  let same = true

  const take = (from: number, to: number): void => {
    for (let i = from; i < to;) {
      const code = original.codePointAt(i) ?? 0
      const width = code > 0xffff ? 2 : 1
      const source = original.slice(i, i + width)
      const copy = normalised(source, code)
      if (copy !== source) same = false
      pieces.push(copy)
      for (let k = 0; k < copy.length; k++) {
        starts.push(width === copy.length ? i + k : i)
        ends.push(width === copy.length ? i + k + 1 : i + width)
      }
      i += width
    }
  }

  if (original.length <= headLimit + tailLimit) {
    take(0, original.length)
  } else {
    same = false
    take(0, headLimit)
    pieces.push('\n')
    starts.push(headLimit)
    ends.push(headLimit)
    take(original.length - tailLimit, original.length)
  }
  const text = pieces.join('')
  return same ? { original, text, starts: null, ends: null } : { original, text, starts, ends }
}

/** The words of the original that stand at these positions of the copy. */
export function quote(reading: Reading, start: number, end: number): string {
  if (end <= start) return ''
  if (!reading.starts || !reading.ends) return reading.original.slice(start, end)
  return reading.original.slice(reading.starts[start], reading.ends[end - 1])
}

function isKept(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (kept[text.charCodeAt(i)] === 0) return false
  return true
}

function normalised(source: string, code: number): string {
  if (kept[code] === 1) return source
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? source.toLowerCase() : ' '
  if (invisible.test(source)) return ''
  const mapped = simplified.get(source)
  if (mapped) return mapped
  const folded = source.normalize('NFKC').toLowerCase()
  return folded.trim() === '' && folded !== '\n' ? ' ' : folded
}
