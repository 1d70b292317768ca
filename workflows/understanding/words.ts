/** One word of a lexicon found in a text. */
export interface Hit<Key> {
  readonly key: Key
  readonly start: number
  readonly end: number
}

interface Node<Key> {
  readonly next: Map<number, Node<Key>>
  keys: Key[] | null
}

/**
 * A finder of every word of a lexicon in one pass. Each entry gives the words of one key; at each position only the
 * longest word counts, so that 煤气费 is not also 煤气.
 */
export function finder<Key>(
  entries: Iterable<readonly [Key, readonly string[]]>,
): (text: string) => Hit<Key>[] {
  const root: Node<Key> = { next: new Map(), keys: null }
  for (const [key, words] of entries) for (const word of words) insert(root, word, key)

  return (text) => {
    const hits: Hit<Key>[] = []
    for (let start = 0; start < text.length; start++) {
      let node = root.next.get(text.charCodeAt(start))
      let found: readonly Key[] | null = null
      let end = start
      for (let i = start + 1; node; i++) {
        if (node.keys) {
          found = node.keys
          end = i
        }
        node = i < text.length ? node.next.get(text.charCodeAt(i)) : undefined
      }
      if (found) for (const key of found) hits.push({ key, start, end })
    }
    return hits
  }
}

/** The words of a lexicon line: separated by white space. */
export const wordsOf = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '')

function insert<Key>(root: Node<Key>, word: string, key: Key): void {
  let node = root
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i)
    let next = node.next.get(code)
    if (!next) {
      next = { next: new Map(), keys: null }
      node.next.set(code, next)
    }
    node = next
  }
  if (node === root) return
  if (!node.keys) node.keys = [key]
  else if (!node.keys.includes(key)) node.keys.push(key)
}
