import { familyOf, type Code } from '../taxonomy.ts'
import type { Facts } from './facts.ts'

/** One trouble of a message that tells of several. */
export interface Issue {
  /** Its own words, and what the message says for all of them (an address, a number, what is wished). */
  readonly text: string
  /** As that text reads by itself. */
  readonly facts: Facts
}

export interface Split {
  /** What belongs to the matter told before, or the whole message where it tells of one trouble. */
  readonly rest: string
  /** The troubles the message adds, in its own order: with none told before two or more, or none. */
  readonly issues: readonly Issue[]
}

/** Longer ones are letters: what they list are sides of one grievance, unless they number it. */
const longest = { joined: 120, listed: 600 } as const
/** What is read back must fit into one message. */
const most = 5

/**
 * Splits a message that plainly tells of several troubles (domain.md 3: split, keep one conversation). Conservative: what
 * is added must say so (还有, 另外, 也坏了, `1、…2、…`) and be of another sort than all it is added to; 不理人 and 修了又坏 are
 * sides of the trouble they are told with. `before` is what was told before this message, `readAs` reads one piece.
 */
export function splitIssues(
  text: string,
  readAs: (piece: string) => Facts,
  before: readonly Facts[] = [],
): Split {
  const whole = { rest: text, issues: [] }
  const list = listed(text)
  const pieces = list ?? joined(text)
  const strict = list === null
  const added = pieces.filter((piece) => piece.added).length
  if (added === 0 || text.length > (strict ? longest.joined : longest.listed)) return whole

  // 关于漏水一事：一、…二、… lists what belongs to the one trouble it begins with.
  const [head] = pieces
  if (!strict && head && !head.added && sortOf(readAs(head.text), head.text) !== null) return whole

  // Questions and proposals go on with 另外 and 还有 without telling of anything else.
  if (strict && head && asks.test(head.text) && asksOrProposes.has(readAs(text).kind)) return whole

  const shared: string[] = []
  const rest: string[] = []
  const found: { readonly words: string[]; readonly read: Facts }[] = []
  const known = before.map((facts) => sortOf(facts, ''))
  for (const [index, piece] of pieces.entries()) {
    const { own, beside } = apart(piece.text, readAs, index === pieces.length - 1)
    if (before.length === 0) shared.push(...beside)
    else if (!piece.added) rest.push(...beside)
    if (own === '') continue
    const read = readAs(own)
    const sort = sortOf(read, own)
    const isNew =
      sort !== null &&
      (known.length === 0 || (piece.added && known.every((k) => k !== null && !isSame(sort, k, strict))))
    if (isNew) {
      found.push({ words: before.length > 0 ? [...beside, own] : [own], read })
      known.push(sort)
    } else if (before.length > 0 || found.length > 0) (found.at(-1)?.words ?? rest).push(own)
    else if (read.household.building !== null) shared.push(own)
  }
  if (found.length < (before.length > 0 ? 1 : 2) || found.length > most) return whole
  return {
    rest: rest.join('，'),
    issues: found.map(({ words, read }) => {
      const own = words.join('，')
      // What has an address of its own leaves the one said for all of them, unless that is where the writer lives.
      const placed = read.household.building !== null
      const context = shared.filter(
        (part) => !placed || isHome(part) || readAs(part).household.building === null,
      )
      const issue = [...context, own].join('，')
      const { kind, code, category, effect } = read
      const all = readAs(issue)
      const household = placed ? read.household : all.household
      return { text: issue, facts: { ...all, kind, code, category, effect, household } }
    }),
  }
}

const asks = /问|请教|咨询|建议|吗|要不要|能不能|可不可以|是不是|怎么|要带什么/
const asksOrProposes: ReadonlySet<string> = new Set(['enquiry', 'suggestion'])

interface Piece {
  readonly text: string
  /** Begins with words that add another matter, or with a number of a list. */
  readonly added: boolean
}

const breaks = /[，,。；;！!？?\n\s]+/
const adder =
  /^(?:对了|还有(?!(?:[二两三四五六七八九十几半]|\d+)(?![栋幢座号单楼\d])|[人点些好]|一(?![个件]?(?:事|问题|情况)|[栋幢座号单楼]))|另外(?!一?[个台部条扇边头半间位户家盏](?!(?:事|问题|情况))|[那几两])|再有|再就是|再一个|顺便|顺带|此外|外加|然后还有|然后就是|还[要想](?=问|说|反映|报|提|投诉))(?:还有|就是|一个|个|件|一件)*(?:别的|其他)?(?:事情?|问题|情况)?(?:是|就是)?(?:想|要)?(?:说|反映|问|报|提|讲|投诉)?(?:一下|一?个事|一件事|下)?/
const alsoBroken =
  /^\S{2,7}也(?:都|一直|经常|老是?|总|开始)?(?:不[亮热通灵]|没[电水人]|坏|漏|堵|脏|停|掉|裂|松|断|臭)/

/** 电梯和楼道灯都坏了 */
const bothBroken =
  /^([^和跟与]{2,10}(?<![栋幢座楼层元]))[和跟与]([^和跟与的]{2,8}?)(?:全|都)(坏了?|不亮了?|不能用了?|停了|漏水了?|没人[管修扫收])$/

function joined(text: string): Piece[] {
  const pieces: { text: string; added: boolean }[] = []
  for (const clause of text.split(breaks)) {
    if (clause === '') continue
    const both = bothBroken.exec(clause)
    if (both) {
      const [, first = '', second = '', fault = ''] = both
      pieces.push({ text: first + fault, added: pieces.length > 0 }, { text: second + fault, added: true })
      continue
    }
    const words = adder.exec(clause)?.[0] ?? ''
    const added = words.length >= 2 || alsoBroken.test(clause)
    const last = pieces.at(-1)
    if (added || !last) pieces.push({ text: words.length >= 2 ? clause.slice(words.length) : clause, added })
    else last.text += last.text === '' ? clause : `，${clause}`
  }
  return pieces
}

const digits = '一二三四五六七八九'
const marker =
  /(?<![周期拜十\d一二三四五六七八九])(?:第?([一二三四五六七八九])(?:[、.．:：，,]|是)|第?([1-9])\s*(?:[、．)）:：]|\.(?!\d))|([①-⑨]))\s*/g

/** `1、…2、…`, `一是…二是…`, `①…②…`, numbered without a gap; what stands before the first is a piece of its own. */
function listed(text: string): Piece[] | null {
  const marks: { readonly start: number; readonly end: number }[] = []
  for (const match of text.matchAll(marker)) {
    const [, word, digit, ring] = match
    const number = word
      ? digits.indexOf(word) + 1
      : digit
        ? Number(digit)
        : (ring?.charCodeAt(0) ?? 0) - 0x245f
    if (number === marks.length + 1) marks.push({ start: match.index, end: match.index + match[0].length })
  }
  const [first] = marks
  if (!first || marks.length < 2) return null
  const items = marks.map(({ end }, i) => ({ text: text.slice(end, marks[i + 1]?.start), added: true }))
  return [{ text: text.slice(0, first.start), added: false }, ...items].filter(
    (piece) => piece.text.trim() !== '',
  )
}

/** An address, a number or a general wish at the end is said for every trouble; the rest is this one's own. */
function apart(
  text: string,
  readAs: (piece: string) => Facts,
  isLast: boolean,
): { readonly own: string; readonly beside: readonly string[] } {
  const clauses = text.split(breaks).filter((clause) => clause !== '')
  if (clauses.length < 2) return { own: clauses.join(''), beside: [] }
  const own: string[] = []
  const beside: string[] = []
  for (const clause of clauses) {
    const facts = readAs(clause)
    const wish = isLast && own.length > 0 && facts.demand !== null && sortOf(facts, clause) === null
    ;(wish || saysOnlyWhere(clause, facts) ? beside : own).push(clause)
  }
  return own.length === 0 ? { own: clauses.join('，'), beside: [] } : { own: own.join('，'), beside }
}

function saysOnlyWhere(clause: string, facts: Facts): boolean {
  const parts = [...facts.building, ...facts.unit, ...facts.room, facts.phone ?? ''].filter(
    (part) => part !== '',
  )
  const left = parts
    .reduce((rest, part) => rest.replace(part, ''), clause)
    .replace(/[\s\p{P}]|我们?家?|本人|业主|住户|住?在?是?的?|电话|手机|号/gu, '')
  return parts.length > 0 && left.length < 2
}

const isHome = (words: string): boolean => /我|本人|住/.test(words)

/** What water and cracks spoil is part of their own trouble. */
const spoiled = /墙|顶|天花|地板|家具|柜|电器/

/** The code of the trouble a piece plainly tells; null: none, or only how it was dealt with. */
function sortOf(facts: Facts, text: string): Sort | null {
  const { kind, code, category } = facts
  if (kind === 'other' || code === null || code === 'OT01' || code === 'ST02' || code === 'RP05') return null
  if (familyOf(code) === 'SG')
    return category === 'service' || category === 'other' ? null : `about ${category ?? ''}`
  return familyOf(code) === 'RP' && spoiled.test(text) ? 'RP03' : code
}

type Sort = Code | `about ${string}`

/** Troubles that are told together as one: water and what it spoils, cars and the exit they block. */
const sides: readonly (readonly string[])[] = [
  ['RP01', 'RP03', 'RP06', 'NS06', 'UT01', 'RN01', 'EM06'],
  ['NS01', 'NS02', 'NS03', 'RN01', 'RN02', 'RN03', 'PO01'],
  ['CL01', 'CL02', 'CL03', 'PO01', 'NS04', 'GR01', 'GR02'],
  ['FS01', 'FS02', 'FS03', 'PK01', 'PK04', 'RN02', 'CL01', 'SE01'],
  ['SE01', 'SE02', 'SE03', 'SE04', 'PK01', 'PK03', 'ST01', 'ST03'],
  ['EL01', 'EL02', 'EL03', 'UT02'],
  ['FE01', 'FE02', 'FE03', 'FE04', 'CM01', 'CM02', 'CM03', 'PK02', 'PK05'],
]
/** Of one family, and still nothing to do with each other: a burst pipe and a dark lamp. */
const apartThough = new Set(['RP01 RP02', 'RP02 RP01', 'RP03 RP02', 'RP02 RP03'])

function isSame(a: Sort, b: Sort, strict: boolean): boolean {
  if (a === b) return true
  if (!strict || apartThough.has(`${a} ${b}`)) return false
  // Questions and proposals of one message get one answer.
  if (a.startsWith('about') && b.startsWith('about')) return true
  return a.slice(0, 2) === b.slice(0, 2) || sides.some((group) => group.includes(a) && group.includes(b))
}
