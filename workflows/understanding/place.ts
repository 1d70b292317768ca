import { partsOf, spelledRoom, type Found, type Part } from './addresses.ts'
import type { Reading } from './normalise.ts'
import { quote } from './normalise.ts'
import { readDigits } from './numerals.ts'
import { areasOf, claim, unique } from './spots.ts'

/** The places a text names, verbatim, and the one the matter seems to be at, normalised. */
export interface Place {
  readonly building: readonly string[]
  readonly unit: readonly string[]
  readonly room: readonly string[]
  readonly area: readonly string[]
  readonly household: Household
}

export interface Household {
  readonly building: string | null
  readonly unit: string | null
  readonly room: string | null
}

/** Numbers that stand for something else: read as nothing before places are looked for. */
const noPlace =
  /(?<!\d)1[3-9]\d[\d*]{8}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}|(?<!\d)400-?\d{3}-?\d{4}|(?<!\d)\d{5,}|\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2})?|\d{1,2}[:点]\d{2}|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·.]?[a-z0-9]{5,6}|[¥￥$]\d+|\d+\.\d+|m365/g

/** Finds every building, unit, room and spot of a text; numbers that are no place stay out. */
export function readPlace(reading: Reading): Place {
  const text = /[\da-z]/.test(reading.text)
    ? reading.text.replace(noPlace, (words) => '◦'.repeat(words.length))
    : reading.text
  const found = keepApart(partsOf(text), text.length)
  const verbatim = (part: Part): string[] =>
    unique(found.filter((f) => f.part === part).map((f) => quote(reading, f.start, f.end).trim()))
  return {
    building: verbatim('building'),
    unit: verbatim('unit'),
    room: verbatim('room'),
    area: areasOf(reading, text, found),
    household: householdOf(text, found),
  }
}

/** What overlaps is the same words read twice: the earlier reading stays. */
function keepApart(found: readonly Found[], length: number): Found[] {
  const taken = new Uint8Array(length)
  const kept = found.filter(({ start, end }) => claim(taken, start, end))
  return kept.sort((a, b) => a.start - b.start)
}

/**
 * The address whose parts stand together. Of several the first that is not a landmark (`3栋对面`) and not merely where
 * the writer lives (`我是602的租客, 对门601…`), unless it is the only one.
 */
function householdOf(text: string, found: readonly Found[]): Household {
  const addresses: Found[][] = []
  for (const f of found) {
    const last = addresses.at(-1)
    const before = last?.at(-1)
    const near =
      before && isNear(text.slice(before.end, f.start)) && !/[。!?;]/.test(text.slice(before.end, f.start))
    if (last && near && !last.some((other) => other.part === f.part)) last.push(f)
    else addresses.push([f])
  }
  const score = (address: readonly Found[]): number => {
    const start = address[0]?.start ?? 0
    const end = address.at(-1)?.end ?? 0
    const isLandmark = /^(?:的)?(?:对面|旁边|后面|前面|门口|附近|外墙)/.test(text.slice(end, end + 4))
    const isOwn =
      /(?:我是|我住|住在?|本人)$/.test(text.slice(Math.max(0, start - 3), start)) && address.length === 1
    return address.length - (isLandmark ? 1.5 : 0) - (isOwn ? 0.5 : 0)
  }
  let best: readonly Found[] = []
  for (const address of addresses) if (best.length === 0 || score(address) > score(best)) best = address
  const part = (wanted: Part): string | null => {
    const f = best.find((other) => other.part === wanted)
    if (!f) return null
    return wanted === 'room'
      ? spelledRoom(firstRoom.exec(f.name)?.[0] ?? f.name).toUpperCase()
      : plainName(f.name)
  }
  return { building: part('building'), unit: part('unit'), room: part('room') }
}

/** The first of `305-308`, `104、105`. */
const firstRoom = /^[^-~至到、,和]+/

/** A few characters, or an English word, between two parts of one address. */
const isNear = (between: string): boolean => between.length <= 3 || /^[a-z ,.]{1,10}$/.test(between)

function plainName(name: string): string {
  return (readDigits(name) ?? name).toUpperCase()
}
