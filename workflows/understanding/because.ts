import { noWords, type Words } from '../estate.ts'
import type { Code } from '../taxonomy.ts'
import { signsOf } from './danger.ts'
import type { EmergencyType } from './facts.ts'
import { authorities } from './lexicon/moods.ts'
import { topics } from './lexicon/topics.ts'
import { quote, read, type Reading } from './normalise.ts'
import { pattern, type Pattern } from './patterns.ts'
import { wordsOf } from './words.ts'

// From which words a text was read as it was: for people who check it, verbatim, the longest first.

const most = 3

/**
 * The words that speak for a code, `own` of the estate among them; empty where it was concluded from none in particular.
 */
export function wordsForCode(text: string, code: Code, own: Words = noWords): readonly string[] {
  const reading = read(text)
  const found: string[] = []
  const words = wordsOf(topics[code] ?? '').map((entry) => entry.replace(/^[+-]/, ''))
  for (const word of [...words, ...(own[code] ?? []).map((word) => read(word).text)]) {
    const start = reading.text.indexOf(word)
    if (word.length > 1 && start >= 0) found.push(quote(reading, start, start + word.length))
  }
  return strongest(found)
}

/** The signs of a danger. */
export const wordsForDanger = (text: string, type: EmergencyType): readonly string[] =>
  matches(read(text), signsOf(type))

const named = pattern(authorities)

/** 12345, media, authorities and lawyers a text names. */
export const authoritiesIn = (text: string): readonly string[] => matches(read(text), [named])

function matches(reading: Reading, patterns: readonly Pattern[]): readonly string[] {
  const found = patterns.flatMap((words) =>
    words.all(reading.text).map((match) => quote(reading, match.index, match.index + match[0].length)),
  )
  return strongest(found)
}

/** Not the parts of what is quoted anyway. */
function strongest(found: readonly string[]): readonly string[] {
  const kept: string[] = []
  for (const words of found.toSorted((a, b) => b.length - a.length)) {
    if (words.trim() !== '' && !kept.some((longer) => longer.includes(words))) kept.push(words)
  }
  return kept.slice(0, most)
}
