const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

const bytes = (text: string): number => Buffer.byteLength(text)

/**
 * Shortens what is only shown: at most `limit` characters (code points), the last one `…` where something was cut off,
 * never inside an emoji or a letter with its marks.
 */
export function clip(text: string, limit: number): string {
  if (Array.from(text).length <= limit) return text
  let kept = ''
  let length = 0
  for (const { segment } of graphemes.segment(text)) {
    length += Array.from(segment).length
    if (length > limit - 1) break
    kept += segment
  }
  return `${kept}…`
}

/**
 * Cuts a text into pieces of at most `limit` bytes of UTF-8 between graphemes; joined, they are the text again. No two
 * pieces are equal as long as there are lengths to choose from: the platform's duplicate check would swallow the second.
 * A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
 */
export function split(text: string, limit: number): readonly string[] {
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8')
  if (bytes(wellFormed) <= limit) return wellFormed === '' ? [] : [wellFormed]
  const pieces: string[] = []
  const seen = new Set<string>()
  let units: string[] = []
  let size = 0

  const cut = (): void => {
    let end = units.length
    while (end > 1 && seen.has(units.slice(0, end).join(''))) end -= 1
    const piece = units.slice(0, end).join('')
    const isNew = !seen.has(piece)
    pieces.push(isNew ? piece : units.join(''))
    seen.add(piece)
    units = isNew ? units.slice(end) : []
    size = bytes(units.join(''))
  }

  for (const unit of unitsOf(wellFormed, limit)) {
    while (size + bytes(unit) > limit) cut()
    units.push(unit)
    size += bytes(unit)
  }
  while (units.length > 0) cut()
  return pieces
}

/** Graphemes; one too long for any piece (a letter under hundreds of marks) falls apart into its code points. */
function* unitsOf(text: string, limit: number): Generator<string> {
  for (const { segment } of graphemes.segment(text)) {
    if (bytes(segment) <= limit) yield segment
    else yield* segment
  }
}

/**
 * The platform makes `<a href>` in a text a link. Words that are passed on are shown as written, so that nobody can slip
 * a member of staff a link under another name.
 */
export function withoutLinks(text: string): string {
  return text.replace(/<(?=\s*\/?\s*a\b)/gi, '＜')
}
