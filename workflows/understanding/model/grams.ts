/** The number a feature goes by: FNV-1a over the UTF-16 units of its name. */
export function hashOf(name: string): number {
  let hash = offset
  for (let i = 0; i < name.length; i++) hash = fold(hash, name.charCodeAt(i))
  return hash >>> 0
}

/** The longest run of characters the model looks at. */
export const longest = 3

/** Stands before the first and behind the last character. */
const edge = 0x2400

/**
 * Visits every run of one to three characters of a text, its two ends counting as a character, as numbers that no name of
 * `hashOf` is meant to share. A run that stands twice is visited twice.
 */
export function gramsOf(text: string, visit: (gram: number) => void): void {
  const last = text.length
  for (let start = -1; start <= last; start++) {
    let hash = offset
    for (let length = 1; length <= longest; length++) {
      const at = start + length - 1
      if (at > last) break
      hash = fold(hash, at < 0 || at === last ? edge : text.charCodeAt(at))
      if (length > 1 || (at >= 0 && at < last)) visit((hash ^ Math.imul(length, 0x9e3779b9)) >>> 0)
    }
  }
}

const offset = 0x811c9dc5
const fold = (hash: number, unit: number): number =>
  Math.imul(Math.imul(hash ^ (unit & 255), 0x01000193) ^ (unit >>> 8), 0x01000193)
