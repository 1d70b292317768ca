import type { EmergencyType } from '../understanding/facts.ts'
import { read } from '../understanding/normalise.ts'

// What counts as a clear no to “is anybody in danger now” (domain.md 5.1): everything else is a yes. 不行了, 没气了 and
// 没反应 begin like a no and are none; a no with a doubt beside it (没有吧, 应该没事) is none either.

/** A danger as it was asked about; `unclear`: nobody knew yet which. */
type Asked = EmergencyType | 'unclear'

/** 没有, and what it is in other places; each is read as 没. */
const dialects = /没有|没得|莫得|么得|木有|冒得|冇得?|呒没|无(?=人|事)/g

const none = '(?:2|没|无|哪有|不|不是|不是的|否|不系)+'
const fine = '没(?:啥|什么)?(?:子)?(?:事|问题|危险)?(?:情)?|没人有危险'
const safe = '(?:都)?安全|没人'

const over: Readonly<Record<Asked, string>> = {
  trapped:
    '(?:里面|里头|里边|电梯里)?没人(?:在(?:里面|里头|里边))?(?:被?[困关卡](?:住|着)?)?|(?:自己)?(?:被)?[救放走弄]?出来|(?:电梯)?门打?开|没困住?',
  gas: '闻不[到着]|没闻到|没味道?|没味儿|(?:味道?)?[散没]',
  fire: '(?:火|烟)?(?:扑?灭|熄|散)|没(?:火|烟|着火|冒烟)|看不到(?:火|烟)?|不冒烟|不烧',
  electric: '没打?火花|不[打冒]火花|没人会?碰(?:得?到)?|不漏电',
  flood: '(?:水)?(?:退|停|止住|不漏|不涨|没再?涨)|没碰到?电|不[快深]',
  medical: '没人?(?:受伤|生病|伤到?|摔到?|不舒服)|好|好多|缓过来|没(?:什么)?大碍|不严重',
  falling: '[没不](?:再|往下)?再?[掉落](?:东西)?',
  violence: '没人?再?(?:动手|打|打架|打人|威胁)我?|不打|停手|走|散|走开|[拉劝]开',
  collapse: '[没不](?:再|往下)?再?(?:掉|落|变大|裂|塌)|没变化?|老样子',
  selfharm:
    '(?:没|不会)(?:[这那][个种]|这)?(?:想|想法|念头|意思|想过)?(?:伤害自己|想不开|做傻事)?|开个?玩笑|(?:说的?是?)?气话|随口说的?',
  unclear: '(?!)',
}

/** Asked about people; 没人 answers none of the others. */
const ofPeople: ReadonlySet<Asked> = new Set<Asked>(['trapped', 'medical', 'violence', 'unclear'])

/** 没事 says nothing of what somebody means to do to themselves. */
const general = (asked: Asked): string =>
  asked === 'selfharm' ? none : ofPeople.has(asked) ? `${none}|${fine}|${safe}` : `${none}|${fine}`

const before = '(?:现在|目前|已经|都|这边|我们|大家|全|真的|真|这会儿|刚才|刚|人|回复?|选|嗯|哦|噢|好的?|那)*'
const after = '(?:了|啦|喽|喇|咗|㗎|囉|咯|啊|呀|呢|哈|嘞|噻|撒|喔|哦|的|滴|囖|嘅|哩)*'
// 唔该 and 唔係 are read as 不该 and 不系 (normalise.ts).
const courtesy =
  /^(?:谢谢.{0,2}|多谢.{0,2}|放心.{0,2}|麻烦.{0,4}|辛苦.{0,2}|不该.{0,2}|不好意思|虚惊一场|好的?|嗯+|哦+)$/
const english = /^(?:no|nope|none|nobody|no one|all safe|we'?re fine|i'?m fine)$/i

const clear = Object.fromEntries(
  Object.entries(over).map(([type, ended]) => [
    type,
    new RegExp(`^${before}(?:${general(type as Asked)}|${ended})${after}$`),
  ]),
) as Readonly<Record<Asked, RegExp>>

/** A person of whom is said 没了 is dead. */
const gone = /^(?:人)?没了$/
const mayDie: ReadonlySet<Asked> = new Set<Asked>(['medical', 'selfharm', 'unclear'])

/**
 * Whether an answer plainly says that there is no such danger now (`2`, 没有, 没人受伤了, 闻不到了, 莫得, 冇事): every piece
 * of it must be such a no, or a courtesy beside one.
 */
export function isClearNo(text: string, asked: Asked): boolean {
  const plain = read(text)
    .text.replace(/\p{Extended_Pictographic}|\[[^\]]{1,4}\]/gu, '')
    .trim()
  if (english.test(plain)) return true
  const pieces = plain.split(/[，,。.!！、~～;；\s]+/u).filter((piece) => piece !== '')
  const said = pieces.filter((piece) => !courtesy.test(piece))
  if (said.length === 0 || said.length > 3) return false
  return said.every(
    (piece) => clear[asked].test(piece.replace(dialects, '没')) && !(mayDie.has(asked) && gone.test(piece)),
  )
}
