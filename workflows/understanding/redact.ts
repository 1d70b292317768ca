import { surnames, titles } from './lexicon/people.ts'
import { quote, read, type Reading } from './normalise.ts'
import { readConcerned } from './person.ts'
import { readPlace } from './place.ts'

/** A text as it may leave the house, and the way back. */
export interface Redaction {
  /** The text as it is read (half width, simplified), with `⟦人3⟧`, `⟦处7⟧`, `⟦号12⟧` for whatever leads to a person. */
  readonly text: string
  /** The words of the original that stand for these, placeholders put back; null: they do not stand in it. */
  readonly verbatim: (words: string) => string | null
}

/** What no pattern could know to be a name. */
export interface KnownNames {
  /** Staff, the writer, whoever was named before. */
  readonly people: readonly string[]
  /** The company, its estates and their buildings. */
  readonly places: readonly string[]
}

type Sort = '人' | '处' | '号'

interface Span {
  readonly start: number
  readonly end: number
  readonly sort: Sort
}

const open = '⟦'
const close = '⟧'
const placeholder = /⟦[人处号]\d{1,4}⟧/g

/**
 * Replaces names, numbers, homes and accounts (domain.md 6.1; the model is somebody outside). Rather a word too few than
 * a person too many: every run of three digits goes, whatever it counts. Digits alone are no loss to who reads for sense.
 */
export function redact(text: string, known: KnownNames): Redaction {
  const reading = read(text)
  // Brackets somebody typed are no placeholder of ours.
  const copy = reading.text.replaceAll(open, '[').replaceAll(close, ']')
  const pieces: string[] = []
  const originals = new Map<string, string>()
  const marks = new Map<string, string>()
  let from = 0
  for (const span of joined(spansOf(reading, copy, known))) {
    const words = copy.slice(span.start, span.end)
    // Named by where it stands first, so that the same text finds its way back though more names are known by then.
    const mark = marks.get(words) ?? `${open}${span.sort}${String(span.start)}${close}`
    marks.set(words, mark)
    originals.set(mark, words)
    pieces.push(copy.slice(from, span.start), mark)
    from = span.end
  }
  pieces.push(copy.slice(from))
  return {
    text: pieces.join(''),
    verbatim(words) {
      const wanted = read(words).text.replace(placeholder, (mark) => originals.get(mark) ?? mark)
      const start = wanted.trim() === '' ? -1 : copy.indexOf(wanted.trim())
      return start < 0 ? null : quote(reading, start, start + wanted.trim().length)
    },
  }
}

function spansOf(reading: Reading, copy: string, known: KnownNames): Span[] {
  const place = readPlace(reading)
  const { people } = readConcerned(reading, known.people)
  const literal = (words: readonly string[], sort: Sort): Span[] =>
    words.flatMap((word) => everywhere(copy, read(word).text.trim(), sort))
  return [
    ...literal([...known.people, ...people.filter((word) => !noName.test(word))].filter(isName), '人'),
    ...literal(known.places.filter(isName), '处'),
    // A bare 3 read as a building by its dashes is met by the patterns; by itself it stands for anything.
    ...literal([...place.building, ...place.unit, ...place.room].filter(isName), '处'),
    ...patterns.flatMap(([pattern, sort]) =>
      [...copy.matchAll(pattern)].map((m): Span => ({ start: m.index, end: m.index + m[0].length, sort })),
    ),
  ]
}

const isName = (word: string): boolean => word.trim().length >= 2

function everywhere(text: string, word: string, sort: Sort): Span[] {
  const found: Span[] = []
  if (word.length < 2) return found
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length))
    found.push({ start: at, end: at + word.length, sort })
  return found
}

/** Spans that touch are one: what stands between two placeholders may be told from the pair. */
function joined(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last && span.start <= last.end)
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) }
    else merged.push(span)
  }
  return merged
}

// Matched on the copy: half width, small letters, simplified characters, nothing invisible.

const spoken = '零〇一二三四五六七八九幺两'
const numeral = `[\\d${spoken}十百千]`
const compound = '欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|夏侯|令狐|慕容|司徒|端木'
const surname = `(?:${compound}|[${surnames}])`
const given = '[一-鿿·]'
const called = `先生|女士|小姐|太太|夫人|同志|医生|律师|警官|大爷|大妈|奶奶|爷爷|婆婆|阿婆|姨|${titles.replace('|工|', '|')}`
/** Read by the rules like 小王 or 李工, and mostly none; what is one is met by the patterns. */
const noName = /^(?:小[车路房商康米]|老[赖党房路])|工$/
const relation =
  '业主|住户|租户|租客|房东|房主|邻居|保安|保洁|管家|客服|维修工?|电工|水工|老公|老婆|丈夫|妻子|爱人|儿子|女儿|孩子|父亲|母亲|爸爸|妈妈'
/** Where a name of two or three characters is over. */
const nameEnds = `(?=$|[\\s\\p{P}]|住|家|的|在|说|是|和|跟|把|被|打|骂|来|没|不|也|都|电话|手机|反映|报修|投诉|半夜|每|天天|晚|昨|今|总|一直|从|经常|带|养|放|开|装|喝|突|又|给)`
const province = '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]'
const home =
  '号楼|号院|[栋幢座#塔阁]|单元|号?门(?:牌|面|洞)?|[室户房](?!产|价|租|东|屋)|号房|号?楼|层|组团|区|期|号(?!线)|梯|车位|家'

const patterns: readonly (readonly [RegExp, Sort])[] = [
  [/https?:\/\/[^\s一-鿿]+|www\.[^\s一-鿿]+/gu, '号'],
  [
    /(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[a-z0-9-]+(?:\s?(?:\.|点)\s?[a-z0-9-]+)*/gu,
    '号',
  ],
  // Numbers: three digits and more, however they are grouped or spoken, with letters that belong to them.
  [new RegExp(`[a-z]{0,2}[\\d${spoken}*]{3,}[a-z]?(?![a-z])`, 'gu'), '号'],
  [new RegExp(`[\\d${spoken}](?:[\\s\\-－—_.·,，、/]{0,2}[\\d${spoken}]){6,}`, 'gu'), '号'],
  [new RegExp(`${province}\\s?[a-z]\\s?[·.•\\-]?\\s?[a-z0-9]{4,6}[学警港澳挂]?`, 'gu'), '号'],
  [/(?:车牌号?|牌照|尾号)[是为:： ]{0,2}[a-z0-9·]{2,8}/gu, '号'],
  // Accounts, by what they are called, and whatever no word looks like.
  [
    /(?:微信号?|薇信|威信|v信|wei ?xin|we ?chat|vx|wx|qq|扣扣|抖音号?|小红书号?|支付宝|账号|帐号|id)[号名是为叫:：\s]{0,3}[a-z0-9_@.-]{3,30}/gu,
    '号',
  ],
  [/(?<![a-z0-9])(?=[a-z_-]*[\d_])[a-z0-9][a-z0-9_-]{5,}/gu, '号'],
  // Homes.
  [/(?<![a-z0-9])[a-z]?\d{1,4}(?:\s?[-－—–~]\s?[a-z]?\d{1,4}[a-z]?){1,3}/gu, '处'],
  [new RegExp(`[a-z]?(?:${numeral}){1,6}[a-z]?\\s?(?:${home})[东西南北中左右边]{0,2}[户侧首]?`, 'gu'), '处'],
  [/(?<![a-z0-9])\d{1,2}[a-fh](?![a-z0-9])/gu, '处'],
  [/(?<![a-z])[a-z]{1,2}\d{0,3}\s?(?:号楼|[栋幢座#塔阁室户]|单元|区)/gu, '处'],
  [/(?:tower|block|building|bldg|flat|room|unit|apt|rm|no)\.?\s?#?[a-z]?\d{0,5}[a-z]?(?![a-z])/gu, '处'],
  [
    /[甲乙丙丁]\s?(?:单元|[栋幢座])|[东西南北]塔|[东西南北]楼(?=\d)|[一-鿿]{2}[阁轩榭邸]\s?(?:[a-z]?\d{1,4}[a-z]?|[a-z一二三四五六七八九十])/gu,
    '处',
  ],
  // Names, by what stands before or after them.
  [new RegExp(`${surname}${given}{0,2}?(?:${called})`, 'gu'), '人'],
  // 李工, 王总: one letter that begins and ends much else.
  [new RegExp(`(?<=^|[\\s\\p{P}找叫跟和让问给你他是])${surname}[工总]${nameEnds}`, 'gu'), '人'],
  [
    new RegExp(
      `(?:我的?名字[叫是]?|我叫|名叫|叫做|姓名[是为:：\\s]*|联系人[是为:：\\s]*|收件人[是为:：\\s]*|本人[姓叫]|免贵姓?|我姓|(?<![百同贵])姓)\\s?(?:${given}{1,4}|[a-z][a-z .]{1,20})`,
      'gu',
    ),
    '人',
  ],
  [
    new RegExp(
      `(?<=(?:我是|我们是|这是|本人|找|${relation})[叫是姓:： ]{0,2}(?:${relation})?)${surname}[一-鿿]{1,2}?${nameEnds}`,
      'gu',
    ),
    '人',
  ],
  [new RegExp(`(?<=(?:${relation}|他|她|有个|人)叫(?:做)?)[一-鿿]{2,3}`, 'gu'), '人'],
  [/(?:(?:mr|mrs|ms|miss|dr)\.?\s?|my name is |name's )[a-z]{2,20}(?: [a-z]{2,20})?/gu, '人'],
]
