import { details, notRoom, qualifiers, spots } from './lexicon/places.ts'
import type { Reading } from './normalise.ts'
import { quote } from './normalise.ts'
import { numeralClass, readDigits } from './numerals.ts'
import { wordsOf } from './words.ts'

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

type Part = keyof Household

interface Found {
  readonly part: Part
  readonly start: number
  readonly end: number
  /** The number or letter without 栋, 单元, 室. */
  readonly name: string
}

const number = `(?:\\d{1,4}|[${numeralClass.slice(2)}]{1,4})`
const side = '[老新东西南北中甲乙丙丁上下左右]'
/** 上3栋 is a building's name, the 上 of 楼上3栋 is not. */
const sideOfName = '(?:[老新东西南北中甲乙丙丁左右]|(?<!楼)[上下])'
const buildingName = `(?:[a-z]\\d{0,3}|${sideOfName}?(?:\\d{1,3}|[${numeralClass.slice(2)}]{1,4})[a-z]?|${side}|[a-z])`
const roomDigits = `(?:\\d{3,4}[a-z]?|[一二三四五六七八九][零〇一二三四五六七八九]{3}|[一二三四五六七八九][零〇一二三四五六七八九][一二三四五六七八九零])`
/** Rooms end in 01–40 on a floor 1–60; 00 and 86 at the end are amounts. */
const plausibleRoom = /^0?([1-9]|[1-5]\d)(0[1-9]|[1-3]\d|40)[a-z]?$/

/** Police, fire, ambulance, directory: no room unless 室 stands behind. */
const hotline = /^(?:110|119|120|122|114)$/

/** Codes with dashes: 3-2-1201, 3栋2-1201, 12-1502室, t3-2206. */
const triple =
  /(?<![\d\-.a-z])([a-z]?\d{1,3}|[a-z])[-－/]([1-9]\d?|[a-z])[-－/](\d{3,4}[a-z]?)(?![\d\-./]|块|元)/g
const pair = /(?<![\d\-.:/])([a-z]?\d{1,2}|[a-z])-(\d{3,4}[a-z]?)(?![\d\-./:]|块|元|年)/g
const afterBuilding = /([栋幢座楼#])-?(\d{1,2})-(\d{3,4}[a-z]?)(?!\d)/g

const building = new RegExp(
  `(?<![\\da-z]|\\d:|\\d\\.(?=\\d))([第附]?(?:${buildingName}(?:[、和跟与及至到~—-]|(?:号楼|[栋幢座])[、和跟与及至到]?)){0,3}(${buildingName}))\\s?(?:号(?:公寓|住宅|宿舍|家属|商住|回迁|院)?楼(?![道梯])|[#号]?[栋幢座](?!机)|#楼|#(?!\\d{0,2}门)|号(?=${roomDigits}(?!\\d)|楼道|门口|大堂|门厅|顶楼|楼顶|天台|一楼|底楼|架空层|地下室|住户|业主|居民|\\s?(?:${number}|[a-z]|${side})单元)|好楼|(?<=[\\d一二三四五六七八九十])[冻憧洞動](?=[\\d一二三四五六七八九十楼单的 ,]|$))`,
  'g',
)
const buildingByUnit = new RegExp(`(${side}?${number})楼(?=${number}单元|[甲乙丙丁]单元)`, 'g')
/** `3-2单元`: the building before the dash. */
const dashUnit = /(?<![\d\-.])([a-z]?\d{1,2})-(?=\d{1,2}单元)/g
/** `12门301`: the door is the unit. */
const doorRoom = /(?<![\d东西南北])(\d{1,2})门(?=\d{3,4}(?!\d))/g
const hashDoor = /(\d{1,3})#(?=\d{1,2}门)/g
const tower = /(?:tower|block|building|bldg)\s?([a-z]\b|\d{1,2}\b)/g
const namedTower =
  /[东西南北]塔|[东西南北]楼(?=\d{3,4}(?!\d))|[一-鿿]{2}[阁轩榭邸](?=\d|[a-z一二三四五六七八九十])/g
const unit = new RegExp(`(${number}|[a-z]|${side})\\s?单元|unit\\s?(\\d{1,2}|[a-z])\\b`, 'g')
const stair = new RegExp(
  `(?<=[栋幢座楼#号])(?:的)?([a-z]|\\d{1,2}|[一二三四五六七八九])(门|梯)(?!卫|口|禁|厅)`,
  'g',
)
const bareStair = /(?<![\d东西南北大二])([二三四五六七八九])门(?=的)/g
const roomWord = new RegExp(
  `(?<![\\d.])((?:\\d{3,4}[、,和])*(?:${number}|[a-z]\\d?|\\d{1,4}[a-z]|${roomDigits}))(?:号?房(?=租[给出])|号?房间?(?![子屋东客产价型本贷租补改])|号?门面|\\s?室(?![外内友一二两三\\d]))`,
  'g',
)
const flat = /(?:flat|room|apt|rm)\.?\s?(\d{1,4}[a-z]?|[a-z])\b/g
const afterPlace = new RegExp(
  `(?:[栋幢座楼#号门梯塔阁轩榭邸]|单元|(?:tower|block) ?[a-z\\d]{1,2} )[\\s\\-()[\\]【】]{0,2},?(?:的)?(${roomDigits}(?:[-~至到]\\d{3,4}(?!\\d))?|\\d{1,2}[a-z]\\d{0,2}|(?<=[座栋])[a-h](?![a-z栋座幢区梯]))(?![\\d.:])(?!${notRoom.replace('|#', '')})`,
  'g',
)
const floorDoor = new RegExp(`(${number})楼([东西南北中左右]|[a-z])(户|边户|边那家|首)`, 'g')
/** `7号楼西户`: the flat by its side of the stairs. */
const sideDoor = /(?<=[栋幢座楼层]|单元)的?([东西南北中左右])(?:边|面|侧|间)?户/g
/** `1单元1001号`, `21栋2303号`: a flat's number with 号. */
const numbered =
  /(?:(?<=单元的?)(\d{1,4})|(?<=[栋幢座楼梯层]的?[东西南北]?)(\d{3,4}))号(?![楼栋院车门梯线]|电梯)/g
const another = new RegExp(
  `(?<=\\d{3,4}(?:[一-鿿]{0,4})(?:和|跟|与|、|靠))(\\d{3,4})(?!\\d)(?!${notRoom})`,
  'g',
)
/** A bare number is a room where somebody lives in it or something is done to it. */
const bareAfter = new RegExp(
  `(?:^|[,。!?;:\\n]|[一-鿿] |[住在我到全往从给向是跟找对门家邻层楼屋里去])(\\d{3,4}|${roomDigits})(?=家|的(?!物业|费|价)|户|室|住|业主|全家|阳台|厨房|厕所|卫生|卧|客厅|门|地板|楼|租|那|窗|房|这|也|都|在|有|突|漏|没|从|里|,|。|!|\\?| |$|能不能|是不是|跟|把|养|装)`,
  'g',
)
const resident = /(?<![\d.:-])(\d{3,4})(?=(?:的)?(?:住户|业主|租客|租户|房主|邻居|家里|那家|室))/g
const bareBefore =
  /(?:我家|我是|我住|住在?|他家|她家|邻居|隔壁|楼上|楼下|对门|对面|往)的?(\d{3,4})(?![\d.:])/g
const spotWords = wordsOf(spots).sort((a, b) => b.length - a.length)
const area = new RegExp(
  `(?:(?:负|地下|b|p|-)?(?:${number})(?:号|层|楼|栋|幢|座|单元|期|区|号楼)?(?:的)?|[东西南北中][东西南北]?(?:区|侧|边|面|门)?|[a-z]区|(?:${qualifiers})){0,2}(?:的)?(?:${spotWords.join('|')})(?:b\\d|[a-z]\\d{1,3}(?:-\\d{1,4})?)?(?:${details})?`,
  'g',
)
const gate =
  /(?:[东西南北][东西南北]?|\d{1,2}号|[一二三四五六七八]号)(?:大|小|侧)?(?:门|岗)(?:外|口|旁边|旁|岗亭|边|对面|台阶)?/g
const floor = new RegExp(
  `(?:负|地下)?(?:${number})(?:楼|层)(?:跟|和|到|与|至)?(?:${number}(?:楼|层))?(?:之间|东户|西户|平台|走廊)?|(?<![a-z\\d])[bp][1-4]层?(?!\\d|栋|幢|座|-)`,
  'g',
)
const district = /(?<![a-z\d市])(?:[a-z]|[东西南北])区(?!别)|(?:[一二三四五六]|\d)期/g
const parkingPlace = /(?:车位)?[a-z]\d?区?-?\d{0,1}-?\d{3}(?!\d)/g

/** Numbers that stand for something else: read as nothing before places are looked for. */
const noPlace =
  /(?<!\d)1[3-9]\d[\d*]{8}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}|(?<!\d)400-?\d{3}-?\d{4}|(?<!\d)\d{5,}|\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2})?|\d{1,2}[:点]\d{2}|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·.]?[a-z0-9]{5,6}|[¥￥$]\d+|\d+\.\d+|m365/g

/** Finds every building, unit, room and spot of a text; numbers that are no place stay out. */
export function readPlace(reading: Reading): Place {
  const text = reading.text.replace(noPlace, (words) => '◦'.repeat(words.length))
  const found = keepApart([...composites(text), ...named(text)], text.length)
  const verbatim = (part: Part): string[] =>
    unique(found.filter((f) => f.part === part).map((f) => quote(reading, f.start, f.end).trim()))
  return {
    building: verbatim('building'),
    unit: verbatim('unit'),
    room: verbatim('room'),
    area: areas(reading, text, found),
    household: householdOf(text, found),
  }
}

function composites(text: string): Found[] {
  const found: Found[] = []
  for (const m of text.matchAll(triple)) {
    const [, b = '', u = '', r = ''] = m
    const unitStart = m.index + b.length + 1
    const roomStart = unitStart + u.length + 1
    found.push(
      { part: 'building', start: m.index, end: m.index + b.length, name: b },
      { part: 'unit', start: unitStart, end: unitStart + u.length, name: u },
      { part: 'room', start: roomStart, end: roomStart + r.length, name: r },
    )
  }
  for (const m of text.matchAll(afterBuilding)) {
    const [, mark = '', u = '', r = ''] = m
    const roomStart = m.index + m[0].length - r.length
    const unitStart = roomStart - 1 - u.length
    if (mark === '' || u === '') continue
    found.push(
      { part: 'unit', start: unitStart, end: unitStart + u.length, name: u },
      { part: 'room', start: roomStart, end: roomStart + r.length, name: r },
    )
  }
  for (const m of text.matchAll(pair)) {
    const [, b = '', r = ''] = m
    if (!plausibleRoom.test(r) || isParking(text, m.index, m.index + m[0].length, b)) continue
    const roomStart = m.index + b.length + 1
    found.push(
      { part: 'building', start: m.index, end: m.index + b.length, name: b },
      {
        part: 'room',
        start: roomStart,
        end: text[roomStart + r.length] === '室' ? roomStart + r.length + 1 : roomStart + r.length,
        name: r,
      },
    )
  }
  return found
}

/** `B2-117` beside 车位 or 车库, or with a number no flat has, is where a car stands. */
function isParking(text: string, start: number, end: number, name: string): boolean {
  const around = text.slice(Math.max(0, start - 6), end + 4)
  return /车位|车库|地库|停车|停我|产权位/.test(around) || /^b[1-4]$/.test(name)
}

function named(text: string): Found[] {
  const found: Found[] = []
  const collect = (part: Part, words: RegExp, offset = 0): void => {
    for (const m of text.matchAll(words)) {
      const name = m[2] ?? m[1] ?? m[0]
      found.push({ part, start: m.index + offset, end: m.index + m[0].length, name })
    }
  }
  for (const m of text.matchAll(building)) {
    if (!isCount(text, m.index, m[0])) {
      found.push({
        part: 'building',
        start: m.index,
        end: m.index + m[0].length,
        name: firstName(m[1] ?? m[0]),
      })
    }
  }
  collect('building', buildingByUnit)
  collect('building', hashDoor)
  collect('building', tower)
  collect('building', namedTower)
  for (const m of text.matchAll(unit)) {
    found.push({ part: 'unit', start: m.index, end: m.index + m[0].length, name: m[1] ?? m[2] ?? '' })
  }
  for (const m of text.matchAll(stair)) {
    const lead = m[0].startsWith('的') ? 1 : 0
    found.push({ part: 'unit', start: m.index + lead, end: m.index + m[0].length, name: m[1] ?? '' })
  }
  collect('unit', bareStair)
  for (const m of text.matchAll(dashUnit)) {
    const name = m[1] ?? ''
    found.push({ part: 'building', start: m.index, end: m.index + name.length, name })
  }
  collect('unit', doorRoom)
  for (const m of text.matchAll(roomWord)) {
    const name = m[1] ?? ''
    if (/房|门面/.test(m[0]) && /^\d{4}$/.test(name) && !plausibleRoom.test(name)) continue
    found.push({ part: 'room', start: m.index, end: m.index + m[0].length, name })
  }
  for (const m of text.matchAll(resident)) {
    const name = m[1] ?? ''
    if (plausibleRoom.test(spelledRoom(name)))
      found.push({ part: 'room', start: m.index, end: m.index + name.length, name })
  }
  for (const m of text.matchAll(flat)) {
    const name = m[1] ?? ''
    found.push({ part: 'room', start: m.index + m[0].length - name.length, end: m.index + m[0].length, name })
  }
  for (const m of text.matchAll(floorDoor)) {
    found.push({
      part: 'room',
      start: m.index,
      end: m.index + m[0].length,
      name: `${readDigits(m[1] ?? '') ?? ''}${m[2] ?? ''}`,
    })
  }
  collect('room', numbered)
  for (const m of text.matchAll(sideDoor)) {
    const start = m[0].startsWith('的') ? m.index + 1 : m.index
    found.push({ part: 'room', start, end: m.index + m[0].length, name: m[1] ?? '' })
  }
  for (const words of [afterPlace, another, bareAfter, bareBefore]) {
    for (const m of text.matchAll(words)) {
      const name = m[1] ?? ''
      const start = m.index + m[0].length - name.length
      const digits = spelledRoom(name)
      if (hotline.test(digits)) continue
      if (words !== afterPlace && !plausibleRoom.test(digits)) continue
      if (words === another && !found.some((f) => f.part === 'room' && f.end <= start && start - f.end < 8))
        continue
      if (words === afterPlace && /^\d+$/.test(digits) && digits.endsWith('00')) continue
      if (words !== afterPlace && new RegExp(`^(?:${notRoom})`).test(text.slice(start + name.length)))
        continue
      found.push({ part: 'room', start, end: start + name.length, name })
    }
  }
  return found
}

/** The first building of `5栋和6栋`, `1-8栋`. */
const leading = new RegExp(`^[第附]?(${buildingName})`)
const firstName = (words: string): string => leading.exec(words)?.[1] ?? words

/** `两栋`, `是一栋老楼`: how many buildings, not which. */
function isCount(text: string, start: number, words: string): boolean {
  if (/^[两几][栋幢座]/.test(words)) return true
  // 解放东路49号 is where the estate is, not which of its buildings.
  if (words.endsWith('号') && /[路街巷弄道]$/.test(text.slice(0, start))) return true
  if (!/^一[栋幢座]/.test(words)) return false
  const after = text.slice(start + words.length, start + words.length + 3)
  if (/^(?:高层|多层|居民|住宅|宿舍|老旧|危房|别墅|建筑|楼房|烂尾)/.test(after)) return true
  return /[是的每又有那这建所属市]$/.test(text.slice(0, start)) && !/^(?:[一二三\d]|单元)/.test(after)
}

/** What overlaps is the same words read twice: the earlier reading stays. */
function keepApart(found: readonly Found[], length: number): Found[] {
  const taken = new Uint8Array(length)
  const kept = found.filter(({ start, end }) => claim(taken, start, end))
  return kept.sort((a, b) => a.start - b.start)
}

/** Takes these positions, unless one of them is taken already. */
function claim(taken: Uint8Array, start: number, end: number): boolean {
  if (end <= start || taken.subarray(start, end).includes(1)) return false
  taken.fill(1, start, end)
  return true
}

function areas(reading: Reading, text: string, found: readonly Found[]): string[] {
  const spansFound: { start: number; end: number; rank: number }[] = []
  const taken = new Uint8Array(text.length)
  for (const f of found) taken.fill(1, f.start, f.end)
  const collect = (words: RegExp, rank: number): void => {
    for (const m of text.matchAll(words)) {
      let start = m.index
      const end = m.index + m[0].length
      while (start < end && taken[start] === 1) start++
      if (text[start] === '的') start++
      if (end - start < 2 || !claim(taken, start, end)) continue
      spansFound.push({ start, end, rank: rank + Math.min(end - start, 8) })
    }
  }
  collect(area, 10)
  collect(gate, 8)
  collect(floor, 4)
  collect(district, 3)
  if (/车位|停|负|地库|车库/.test(text)) collect(parkingPlace, 6)
  return unique(
    spansFound
      .sort((a, b) => b.rank - a.rank)
      .slice(0, 2)
      .sort((a, b) => a.start - b.start)
      .map(({ start, end }) => quote(reading, start, end).trim()),
  )
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

function spelledRoom(name: string): string {
  const digits = /^\d/.test(name) ? null : readDigits(name)
  return digits ?? name
}

const unique = (words: readonly string[]): string[] => [...new Set(words.filter((word) => word !== ''))]
