import { notRoom } from './lexicon/places.ts'
import { each, match, sticky } from './grammar.ts'
import { numeralClass, readDigits } from './numerals.ts'

export type Part = 'building' | 'unit' | 'room'

/** A part of an address, where it stands in the text. */
export interface Found {
  readonly part: Part
  readonly start: number
  readonly end: number
  /** The number or letter without 栋, 单元, 室. */
  readonly name: string
}

/** A number of up to four digits, inside a pattern. */
export const number = `(?:\\d{1,4}|[${numeralClass.slice(2)}]{1,4})`
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
  /(?<![\d\-.a-z])([a-z]?\d{1,3}|[a-z])[-－/—]([1-9]\d?|[a-z])[-－/—](\d{3,4}[a-z]?)(?![\d\-./]|块|元)/g
const pair = /(?<![\d\-.:/])([a-z]?\d{1,2}|[a-z])[-—](\d{3,4}[a-z]?)(?![\d\-./:]|块|元|年)/g
const afterBuilding = /([栋幢座楼#])-?(\d{1,2})-(\d{3,4}[a-z]?)(?!\d)/g

const building = new RegExp(
  `(?<![\\da-z]|\\d:|\\d\\.(?=\\d))([第附]?(?:${buildingName}(?:[、和跟与及至到~—-]|(?:号楼|[栋幢座])[、和跟与及至到]?)){0,3}(${buildingName}))\\s?(?:号(?:公寓|住宅|宿舍|家属|商住|综合|商业|回迁|院)?楼(?![道梯])|[#号]?[栋幢座](?!机)|#楼|#(?!\\d{0,2}门)|号(?=${roomDigits}(?!\\d)|楼道|门口|大堂|门厅|顶楼|楼顶|天台|一楼|底楼|架空层|地下室|住户|业主|居民|别墅|公寓|[东西南北]?门洞|\\s?(?:${number}|[a-z]|${side})单元)|(?<=(?:联排|别墅|叠拼|洋房)区?\\d{1,3})号|好楼|(?<=[\\d一二三四五六七八九十])[冻憧洞動](?=[\\d一二三四五六七八九十楼单的 ,]|$))`,
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
  `(?<=[栋幢座楼#号])(?:的)?(?:([a-z]|\\d{1,2}|[一二三四五六七八九])(?:门洞|(?:门|梯)(?!卫|口|禁|厅))|([东西南北])门洞)`,
  'g',
)
const bareStair = /(?<![\d东西南北大二])([二三四五六七八九])门(?=的)/g
const roomWord = new RegExp(
  `(?<![\\d.])((?:\\d{3,4}[、,和])*(?:${number}|[a-z]\\d?|\\d{1,4}[a-z]|${roomDigits}))(?:号?房(?=租[给出])|号?房间?(?![子屋东客产价型本贷租补改])|号?门面|\\s?室(?![外内友一二两三\\d]))`,
  'g',
)
const flat = /(?:flat|room|apt|rm)\.?\s?(\d{1,4}[a-z]?|[a-z])\b/g
const afterPlace = new RegExp(
  `(?:[栋幢座楼#号门梯塔阁轩榭邸]|单元|(?:tower|block) ?[a-z\\d]{1,2} )[\\s\\-()[\\]【】]{0,2},?(?:的)?(${roomDigits}(?:[-~至到]\\d{3,4}(?!\\d))?|\\d{1,2}[a-z]\\d{0,2}|[a-z]\\d{3,4}|(?<=[座栋])[a-h](?![a-z栋座幢区梯]))(?![\\d.:])(?!${notRoom.replace('|#', '')})`,
  'g',
)
const floorDoor = new RegExp(`(${number})楼([东西南北中左右]|[a-z])(户|边户|边那家|首)`, 'g')
/** `7号楼西户`: the flat by its side of the stairs. */
const sideDoor = /(?<=[栋幢座楼层]|单元)的?([东西南北中左右])(?:边|面|侧|间)?户/g
/** `1单元1001号`, `21栋2303号`: a flat's number with 号. */
const numbered =
  /(?:(?<=单元的?)(\d{1,4})|(?<=[栋幢座楼梯层]的?[东西南北]?)(\d{3,4}))号(?![楼栋院车门梯线]|电梯)/g
/** `7栋5号的`, `7栋5号家`: a small number is a flat only where somebody or something is of it; else it may be a date. */
const doorOf = /(?<=[栋幢座]的?)(\d{1,2})号(?=的|家|户|住|业主|店|铺|商|底商)/g
/** `商铺116号`, `116号、117号门面`. */
const shop =
  /(?<=(?:商铺|门面|店面|铺面|底商)的?)(\d{1,4})号(?:[ 、和]?\d{1,4}号)*(?!楼|栋)|(?<!\d)(\d{1,4})号(?:[ 、和]?\d{1,4}号)*(?=[ 的]?(?:商铺|门面|店面|铺面|底商))/g
const another = new RegExp(
  `(?<=\\d{3,4}(?:[一-鿿]{0,4})(?:和|跟|与|及|或|、|靠))(\\d{3,4})(?!\\d)(?!${notRoom})`,
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

/** What follows a number that is no room. */
const otherNumber = sticky(`(?:${notRoom})`)

/** Without one of these characters a pattern cannot match; looking for them costs far less than trying it. */
const buildingSign = /[栋幢座号#冻憧洞動]|好楼/
const roomSign = /[室房]|门面/
const nameSign = /[塔阁轩榭邸]|[东西南北]楼/
const doorSign = /[门梯]/
const latinSign = /[a-z]{2}/
const digitsSign = /\d{3}|[一二三四五六七八九][零〇一二三四五六七八九]{2}|\d[a-z]|[座栋][a-h]/

/** Every part of an address in a text in which no other numbers are left; what stands earlier in the list is surer. */
export function partsOf(text: string): Found[] {
  const found: Found[] = []
  if (/[-/－—]/.test(text)) composites(text, found)
  named(text, found)
  rooms(text, found)
  return found
}

function composites(text: string, found: Found[]): void {
  each(triple, text, (m) => {
    const [, b = '', u = '', r = ''] = m
    const unitStart = m.index + b.length + 1
    const roomStart = unitStart + u.length + 1
    found.push(
      { part: 'building', start: m.index, end: m.index + b.length, name: b },
      { part: 'unit', start: unitStart, end: unitStart + u.length, name: u },
      { part: 'room', start: roomStart, end: roomStart + r.length, name: r },
    )
  })
  each(afterBuilding, text, (m) => {
    const [, , u = '', r = ''] = m
    const roomStart = m.index + m[0].length - r.length
    const unitStart = roomStart - 1 - u.length
    found.push(
      { part: 'unit', start: unitStart, end: unitStart + u.length, name: u },
      { part: 'room', start: roomStart, end: roomStart + r.length, name: r },
    )
  })
  each(pair, text, (m) => {
    const [, b = '', r = ''] = m
    if (!plausibleRoom.test(r) || isParking(text, m.index, m.index + m[0].length, b)) return
    const start = m.index + b.length + 1
    const end = start + r.length
    found.push(
      { part: 'building', start: m.index, end: m.index + b.length, name: b },
      { part: 'room', start, end: text[end] === '室' ? end + 1 : end, name: r },
    )
  })
}

/** `B2-117` beside 车位 or 车库, or with a number no flat has, is where a car stands. */
function isParking(text: string, start: number, end: number, name: string): boolean {
  const around = text.slice(Math.max(0, start - 6), end + 4)
  return /车位|车库|地库|停车|停我|产权位/.test(around) || /^b[1-4]$/.test(name)
}

/** Buildings and units by their words. */
function named(text: string, found: Found[]): void {
  const whole = (part: Part, words: RegExp): void =>
    each(words, text, (m) => {
      found.push({ part, start: m.index, end: m.index + m[0].length, name: m[2] ?? m[1] ?? m[0] })
    })
  const hasUnit = text.includes('单元') || text.includes('unit')
  if (buildingSign.test(text)) {
    each(building, text, (m) => {
      if (isCount(text, m.index, m[0])) return
      const end = m.index + m[0].length
      found.push({ part: 'building', start: m.index, end, name: firstName(m[1] ?? m[0]) })
    })
  }
  if (hasUnit) whole('building', buildingByUnit)
  if (text.includes('#')) whole('building', hashDoor)
  if (latinSign.test(text)) whole('building', tower)
  if (nameSign.test(text)) whole('building', namedTower)
  if (hasUnit) whole('unit', unit)
  if (doorSign.test(text)) {
    each(stair, text, (m) => {
      const start = m[0].startsWith('的') ? m.index + 1 : m.index
      found.push({ part: 'unit', start, end: m.index + m[0].length, name: m[1] ?? m[2] ?? '' })
    })
    whole('unit', bareStair)
  }
  if (hasUnit && text.includes('-')) {
    each(dashUnit, text, (m) => {
      const name = m[1] ?? ''
      found.push({ part: 'building', start: m.index, end: m.index + name.length, name })
    })
  }
  if (text.includes('门')) whole('unit', doorRoom)
}

/** Rooms by their words, then bare numbers by what stands around them. */
function rooms(text: string, found: Found[]): void {
  const room = (start: number, end: number, name: string): void =>
    void found.push({ part: 'room', start, end, name })
  const whole = (words: RegExp): void =>
    each(words, text, (m) => {
      room(m.index, m.index + m[0].length, m[2] ?? m[1] ?? '')
    })
  const hasDigits = digitsSign.test(text)
  if (roomSign.test(text)) {
    each(roomWord, text, (m) => {
      const name = m[1] ?? ''
      if (/房|门面/.test(m[0]) && /^\d{4}$/.test(name) && !plausibleRoom.test(name)) return
      room(m.index, m.index + m[0].length, name)
    })
  }
  if (hasDigits) {
    each(resident, text, (m) => {
      const name = m[1] ?? ''
      if (plausibleRoom.test(name)) room(m.index, m.index + name.length, name)
    })
  }
  if (latinSign.test(text)) {
    each(flat, text, (m) => {
      const name = m[1] ?? ''
      const end = m.index + m[0].length
      room(end - name.length, end, name)
    })
  }
  if (/[户首]/.test(text)) {
    each(floorDoor, text, (m) => {
      room(m.index, m.index + m[0].length, `${readDigits(m[1] ?? '') ?? ''}${m[2] ?? ''}`)
    })
  }
  if (text.includes('号')) for (const words of [numbered, doorOf, shop]) whole(words)
  if (text.includes('户')) {
    each(sideDoor, text, (m) => {
      room(m[0].startsWith('的') ? m.index + 1 : m.index, m.index + m[0].length, m[1] ?? '')
    })
  }
  if (hasDigits) bareRooms(text, room, found)
}

function bareRooms(
  text: string,
  room: (start: number, end: number, name: string) => void,
  found: readonly Found[],
): void {
  each(afterPlace, text, (m) => {
    const name = m[1] ?? ''
    const end = m.index + m[0].length
    const digits = spelledRoom(name)
    // 00 at the end is an amount.
    if (!hotline.test(digits) && !/^\d*00$/.test(digits)) room(end - name.length, end, name)
  })
  for (const words of [another, bareAfter, bareBefore]) {
    each(words, text, (m) => {
      const name = m[1] ?? ''
      const end = m.index + m[0].length
      const start = end - name.length
      const digits = spelledRoom(name)
      if (hotline.test(digits) || !plausibleRoom.test(digits) || match(otherNumber, text, end)) return
      const follows = (f: Found): boolean => f.part === 'room' && f.end <= start && start - f.end < 8
      if (words !== another || found.some(follows)) room(start, end, name)
    })
  }
}

/** The digits of a room however it is written: `八零一` → `801`. */
export const spelledRoom = (name: string): string => (/^\d/.test(name) ? name : (readDigits(name) ?? name))

/** The first building of `5栋和6栋`, `1-8栋`. */
const leading = new RegExp(`^[第附]?(${buildingName})`)
const firstName = (words: string): string => leading.exec(words)?.[1] ?? words

/** `两栋`, `是一栋老楼`: how many buildings, not which. */
function isCount(text: string, start: number, words: string): boolean {
  if (/^[两几][栋幢座]/.test(words)) return true
  // 解放东路49号 is where the estate is, not which of its buildings.
  if (words.endsWith('号') && /[路街巷弄道月]/.test(text[start - 1] ?? '')) return true
  if (!/^一[栋幢座]/.test(words)) return false
  const after = text.slice(start + words.length, start + words.length + 3)
  if (/^(?:高层|多层|居民|住宅|宿舍|老旧|危房|别墅|建筑|楼房|烂尾)/.test(after)) return true
  return /[是的每又有那这建所属市]/.test(text[start - 1] ?? '') && !/^(?:[一二三\d]|单元)/.test(after)
}
