import { gramsOf, hashOf } from './grams.ts'

/**
 * What the model looks at in one text: every run of one to three characters, once each, and every sign that the rules saw.
 * Together they are worth more than either: the signs generalise, the characters know what nobody thought of.
 */
export interface Features {
  /** The normalised text, numbers and addresses taken out. */
  readonly text: string
  readonly seen: readonly number[]
}

const lengths = [20, 60, 120] as const
const seenLength = [...lengths, Infinity].map((_, i) => hashOf(`length ${String(i)}`))

/**
 * @param text normalised (normalise.ts)
 * @param seen what the readers saw, as `hashOf` numbers
 */
export function featuresOf(text: string, seen: readonly number[]): Features {
  const step = lengths.findIndex((end) => text.length < end)
  const length = seenLength[step < 0 ? lengths.length : step] ?? 0
  return { text: plain(text), seen: [...seen, length] }
}

/** Which building, and which number, says nothing of what happened there. */
const plain = (text: string): string =>
  text
    .replace(/\d+/g, '0')
    .replace(
      /[a-z]?0(?:栋|幢|座|号楼|单元|室|#)|[a-z]0?(?:市|区|县|州)|[一二三四五六七八九十]{1,3}(?:栋|幢|号楼|单元)|0(?:-0){1,2}/g,
      '',
    )
    .replace(/\s+/g, ' ')
    .trim()

/** Calls `visit` with every run of characters; the same run may come again. */
export function eachGram(features: Features, visit: (gram: number) => void): void {
  gramsOf(features.text, visit)
}
