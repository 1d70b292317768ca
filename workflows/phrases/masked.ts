/**
 * Text without the digits that lead to a person (domain.md 6.1): telephone and identity numbers, rooms. Amounts, times,
 * buildings, floors and things that carry a number (5号电梯) stay. Rather a digit too few than a room too many.
 */
export const withoutNumbers = (words: string): string =>
  patterns.reduce((text, pattern) => text.replace(pattern, '＊＊'), words)

/** Digits as they are typed, wide ones and spoken ones among them. */
const digit = '[0-9０-９零〇一二两三四五六七八九幺]'
/** What follows a number that counts something. */
const counts =
  '[.．:：点年月日块元万千百米厘毫公度℃%％个次户人天岁层楼栋幢斤号]|小时|分钟|分贝|平方|[ck]?m|kg|[-/][0-9]{1,2}[-/]'
const hotlines = '(?!(?:110|119|120|122|12345|12315)(?![0-9]))'

const patterns: readonly RegExp[] = [
  // Mobile and fixed numbers, also written in groups; identity cards and whatever else is as long.
  /(?<![0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])/gu,
  /(?<![0-9])0[0-9]{2,3}[ -]?[0-9]{3,4}[ -]?[0-9]{4}(?![0-9])/gu,
  /[0-9０-９]{7,}[xX]?/gu,
  // 1502室, 一千五百零二室, A302房.
  new RegExp(`[A-Za-z]?(?:${digit}|[十百千]){1,7}(?=\\s?(?:室|号?房(?![产价租])))`, 'gu'),
  // 3-2-12, and 15楼2号: what follows building and unit, or the floor.
  /(?<=(?<![0-9])[0-9]{1,2}[-—－][0-9]{1,2}[-—－])[0-9]{1,5}/gu,
  new RegExp(`(?<=[楼层元]\\s?)(?:${digit}|十){1,5}(?=号(?![楼栋幢门梯电机泵井]))`, 'gu'),
  // 1502 by itself, 一五零二.
  new RegExp(`(?<![0-9０-９.．:：])${hotlines}[0-9０-９]{3,6}(?![0-9０-９]|${counts})`, 'gu'),
  /[零〇一二两三四五六七八九幺]{3,}/gu,
]
