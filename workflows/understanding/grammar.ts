/** A written number of up to three digits, inside a pattern. */
export const n = '(?:\\d{1,3}|[零一二两三四五六七八九十廿]{1,3})'
/** Any key of a table, longest first. */
export const alternatives = (table: Readonly<Record<string, unknown>>): string =>
  Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .join('|')

/** A pattern that matches at one position only. */
export const sticky = (source: string): RegExp => new RegExp(source, 'y')
/** Matches a sticky pattern at a position. */
export function match(words: RegExp, text: string, at: number): RegExpExecArray | null {
  words.lastIndex = at
  return words.exec(text)
}

/** 一 … 日, 天 → 1 … 7. */
export const weekdayNumber = (word: string): number =>
  ({ 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7 })[word] ?? 1
/** Midnight before a moment, in local seconds. */
export const startOfDay = (seconds: number): number => Math.floor(seconds / 86_400) * 86_400
