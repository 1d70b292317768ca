/** Small readings of what staff write. */

/** “张三说：…”, “张三：没联系上” (an attempt that failed has no words). `said` tells a speaker from a heading (原因：…). */
export function readParty(
  line: string,
): { readonly name: string; readonly words: string | null; readonly said: boolean } | null {
  const match = /^([^：:，,。\s]{1,12}?)(说|称|表示)?[：:]\s*(\S[\s\S]*)$/u.exec(line)
  const [, name, said, words] = match ?? []
  if (!name || !words) return null
  const failed = /^(?:没联系上|联系不上|没接通|不在)/u.test(words)
  return { name, words: failed ? null : words, said: said !== undefined || failed }
}

/** “4星，说修得快” → 4. */
export function readStarsIn(text: string): number | null {
  const match = /([1-5一二三四五])\s?(?:颗)?星/u.exec(text)
  if (!match?.[1]) return null
  const spoken = '一二三四五'.indexOf(match[1])
  return spoken >= 0 ? spoken + 1 : Number(match[1])
}

/** “供电公司，外线检修” → who and why. */
export function splitReason(text: string): { readonly first: string; readonly rest: string } {
  const [first = '', ...rest] = text.split(/[，,：:；;。\s]+/u)
  return { first, rest: rest.filter(Boolean).join('，') }
}

/** `TS-20261123-0007`, `#0007`, or four digits at the beginning of a line: which case a line is about. */
export interface NumberRead {
  readonly full: string | null
  readonly tail: string
  readonly rest: string
  /** Cannot be anything else: 1201 also is a room. */
  readonly certain: boolean
}

export function numberIn(text: string): NumberRead | null {
  const full = /TS-?([0-9]{8})-?([0-9]{4,6})/iu.exec(text)
  if (full) {
    const [whole, day = '', tail = ''] = full
    return { full: `TS-${day}-${tail}`, tail, rest: bare(text.replace(whole, '')), certain: true }
  }
  const short = /^\s*(#?)([0-9]{4,6})(?=[\s：:，,]|$)/u.exec(text)
  if (!short) return null
  const [whole, sign, tail = ''] = short
  const rest = bare(text.slice(whole.length))
  return { full: null, tail, rest, certain: sign === '#' || rest === '' }
}

const bare = (text: string): string => text.trim().replace(/^[\s：:，,]+/u, '')

/** 收到, 知道了, 好的: read, and nothing more is said with it. */
export const isAcknowledgement = (line: string): boolean =>
  /^(?:收到|已收到|知道了?|好的?|好嘞|行|明白了?|了解了?|看到了?|嗯+|ok|okay|\[ok\]|\[强\]|\[抱拳\]|👌|👍)(?:[，,]?(?:谢谢|马上(?:处理|去|看)|我看看))?[。！!~～]?$/iu.test(
    line,
  )
