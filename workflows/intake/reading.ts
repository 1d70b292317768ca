import type { Facts } from '../understanding/facts.ts'
import { readChoice, readCommand, readStars, type Command as Steering } from '../understanding/index.ts'

// Short messages of a conversation, read beside what `understand` makes of them.

/** A text as it was written and read; `at` is the platform's time. */
export interface Said {
  readonly text: string
  readonly facts: Facts
  readonly at: number
}

/** yes, no, skip, or the number of an option. */
export type Answer = 'yes' | 'no' | 'skip' | number | null

/** What steers the conversation; 紧急 is met before, and the privacy text is ours to add. */
export type Command = Exclude<Steering, 'emergency'> | 'privacy'

export function readAnswer(text: string): Answer {
  const said = readChoice(text)
  if (said.choice === 'number') return said.number
  return said.choice === 'none' ? null : said.choice
}

/** 对，快点; 是的，谢谢: a yes, with courtesies or an urge beside it. */
export function confirms(text: string): boolean {
  const pieces = text.split(/[，,。.！!~～\s]+/u).filter((piece) => piece !== '')
  const yes = pieces.filter((piece) => readAnswer(piece) === 'yes')
  return (
    yes.length > 0 && pieces.every((piece) => yes.includes(piece) || isCourtesy(piece) || hurry.test(piece))
  )
}

const hurry =
  /^(?:请|麻烦)?(?:你们)?(?:快点?|快一点|赶紧|赶快|抓紧|尽快|早点)(?:的|来|办|处理|安排|解决|修)?(?:一下|吧|啊|哈)?$|^(?:就)?(?:这样|提交)(?:吧|了)?$|^麻烦(?:了|你们了?|您了?)$/

/** The command a message is, `emergency` for 紧急; null: none. */
export const readOrder = (text: string): Command | 'emergency' | null =>
  asksForPrivacy.test(text.normalize('NFKC')) ? 'privacy' : readCommand(text)

/** To have or to delete what is kept of them: nothing for others to read. */
export const asksOfOwnData = (text: string): boolean => ['export', 'forget'].includes(readOrder(text) ?? '')

/** The answer the notice names (domain.md 5.2 line 02). */
const asksForPrivacy = /^[\s《“"]*(?:看|查看)?(?:个人信息|隐私)(?:保护)?(?:说明|政策|声明)[》”"\s。!?]*$/

/** `TS-20261123-0007`, also without hyphens, in small letters or full width. */
export function readComplaintNumber(text: string): string | null {
  const found = /TS[-—－ ]?(\d{8})[-—－ ]?(\d{4,8})(?!\d)/i.exec(text.normalize('NFKC'))
  return found?.[1] && found[2] ? `TS-${found[1]}-${found[2]}` : null
}

/** A number and nothing else. */
export const isBareNumber = (text: string): boolean =>
  readComplaintNumber(text) !== null && !/[\u4e00-\u9fa5]/.test(text) && besideCommand(text) === ''

/** The words of a command taken away, and the number: what is left is what the resident says with it. */
export function besideCommand(text: string): string {
  // Not normalised: what goes on record is what was written.
  return text
    .replace(/[TＴ][SＳ][-—－ ]?[\d０-９]{8}[-—－ ]?[\d０-９]{4,8}/iu, '')
    .replace(commandWords, '')
    .replace(/^[\s，,。.：:；;、！!]+|[\s，,。.：:；;、！!]+$/g, '')
}

const commandWords =
  /^\s*(?:我?想?要?(?:再)?(?:查(?:一下|询)?)?进度|催一下|催催|催办|(?:我?(?:再)?补充)(?:一下|一点|说明)?|撤回(?:投诉)?|撤销(?:投诉)?|我?(?:还|另外|再)?有?(?:另外|还有|再|别的|另|新)(?:一|有一?)?(?:件|个|桩|条)?(?:别的|其他)?(?:事情?|问题|情况)(?:要?[说报反映投诉]{1,2})?)/

/** A code of ours (绑定码) in a message: with its name, or alone. */
export function readBindCode(text: string): string | null {
  const plain = text.normalize('NFKC').trim()
  return (/绑定码\D{0,6}(\d{6,10})(?!\d)/.exec(plain) ?? /^(\d{6,10})$/.exec(plain))?.[1] ?? null
}

/** The check codes tried beside a number: six digits each. More than one is guessing. */
export const readCheckCodes = (text: string): readonly string[] =>
  besideCommand(text)
    .normalize('NFKC')
    .match(/(?<!\d)\d{6}(?!\d)/g) ?? []

/** Whether it is really solved, and what is said beside it. */
export function readSolved(
  text: string,
): { readonly answer: 'solved' | 'partly' | 'notSolved'; readonly rest: string | null } | null {
  const plain = text.normalize('NFKC').trim()
  const written = text.trim()
  const digit = /^([123])(?!\d)/.exec(plain)
  if (digit) {
    const answer = digit[1] === '1' ? 'solved' : digit[1] === '2' ? 'partly' : 'notSolved'
    const beside = written.replace(/^[1-3１-３][\s.,，。、:：]*/, '')
    return { answer, rest: beside === '' ? null : beside }
  }
  // What goes on record is what was written.
  const rest = plain.length > 6 ? written : null
  if (/部分|一半|好一点|好了一些|还差/.test(plain)) return { answer: 'partly', rest }
  if (
    /没(?:有)?(?:解决|修好|弄好|处理|好|用|变化)|未解决|不行|又.{0,4}(?:了|坏|漏)|还(?:是|在)|依然|仍/.test(
      plain,
    )
  ) {
    return { answer: 'notSolved', rest }
  }
  if (
    /^(?:是的?|嗯+|对)?[，, ]?(?:已经?)?(?:都)?(?:解决了?|修好了?|弄好了?|好了|可以了|没问题了?|搞定了?)/.test(
      plain,
    )
  ) {
    return { answer: 'solved', rest: null }
  }
  const answer = readAnswer(plain)
  if (answer === 'yes') return { answer: 'solved', rest: null }
  return answer === 'no' ? { answer: 'notSolved', rest: null } : null
}

/** Whether it still holds, long after it was done: 1好了 2又出现. */
export function readEffect(text: string): 'lasted' | 'back' | null {
  const plain = besideCommand(text).normalize('NFKC').trim()
  const digit = /^(\d)(?!\d)/.exec(plain)?.[1]
  if (digit !== undefined) return digit === '1' ? 'lasted' : digit === '2' ? 'back' : null
  if (/没(?:有)?(?:再|又)|正常|一直(?:都|很|还)?好|没(?:有)?问题/.test(plain)) return 'lasted'
  if (/又(?:出现|坏|漏|有|开始|来|响|堵|停|不)|再次|复发|反复/.test(plain)) return 'back'
  // 没有, 不用: not fine, or not again? Nothing is opened for that.
  if (readAnswer(plain) === 'no') return null
  const solved = readSolved(plain)
  return solved === null ? null : solved.answer === 'solved' ? 'lasted' : 'back'
}

export function readStarsIn(text: string): number | null {
  const stars = readStars(text)
  return stars !== null && stars >= 1 && stars <= 5 ? stars : null
}

/** Does not want name, household or number kept with the case. */
export const readRefusal = (text: string): boolean =>
  /匿名|(?:请|帮我|给我|替我|要求?)保密|(?:不想|不愿意?|不要|别|不方便).{0,3}(?:留|透露|登记|记录?|写).{0,4}(?:姓名|名字|房号|电话|信息|身份)|^不同意/.test(
    text,
  )

/** How the writer is called: 王女士, or a name they give. */
export function readName(text: string): string | null {
  const titled = /(?:我是|免贵姓|我姓)(?:业主|住户)?([\u4e00-\u9fa5])(先生|女士|小姐|阿姨|老师)/.exec(text)
  if (titled?.[1] && titled[2]) return titled[1] + titled[2]
  return /我(?:的名字)?叫([\u4e00-\u9fa5]{2,3})(?![\u4e00-\u9fa5])/.exec(text)?.[1] ?? null
}

/** 我要投诉, 报修一下, 反映个问题: what it is about is still to come. */
export const announces = (text: string): boolean =>
  /^(?:您好|你好|物业|师傅|喂)*(?:我们?)?(?:想|要|来|需要|得)*(?:投诉|报修|反映|举报|说|报|提)(?:一?下|一?个|点|件)?(?:问题|事情?|情况|意见|故障)?(?:保安|保洁|物业|管家|客服|前台|维修师?傅?|楼上|楼下|邻居|隔壁)?(?:的)?[吧啊呢了]*$/.test(
    text.normalize('NFKC').replace(/[\s\p{P}]/gu, ''),
  )

/** Old, or says that writing is hard: a voice message or a call serves them better. */
export const findsTypingHard = (text: string): boolean =>
  /我(?:今年|都|快|已经)*(?:[七八九]十|[789]\d)多?(?:来)?岁|(?:不会|不太会|不大会|打不来|不好|没法)(?:打字|拼音)|打字(?:慢|不方便|费劲)|老花|看不清字|眼睛(?:不好|看不清|花)|手抖/.test(
    text.normalize('NFKC'),
  )

/** The room a message names is the writer's own. */
export const saysOwnHome = (text: string): boolean =>
  /我(?:家|们家)?(?:是|住|在)|我家|我们家|本人|家住|自己家|自家/.test(text)

/** 我住3栋1单元1201, 电话138…: who speaks and nothing of any matter. `names` are those of estates and buildings. */
export function saysOnlyWho(piece: string, names: readonly string[]): boolean {
  const plain = piece.normalize('NFKC')
  if (!/我|本人|住|电话|手机|号码|联系/.test(plain)) return false
  const rest = names
    .reduce((left, name) => left.replace(name.normalize('NFKC'), ''), plain)
    .replace(/[\dA-Za-z一二三四五六七八九十百零〇两]+(?:号楼|单元|[栋幢座楼层室号房])?/gu, '')
    .replace(/我们|本人|业主|住户|联系方式|联系|电话|手机|号码|[我家住是在的号为]|[\s\p{P}]/gu, '')
  return rest === ''
}

/** In danger at home: the household that is known says where. */
export const saysAtHome = (text: string): boolean =>
  /家里|我家|屋里|房间里|厨房|卧室|客厅|卫生间|阳台/.test(text)

/** 1201 as an answer to “where do you live”. */
export const readRoom = (text: string): string | null =>
  /^\s*(\d{3,4})\s*(?:室|号|房)?\s*$/.exec(text)?.[1] ?? null

/** A number to ring: a mobile, or a land line with or without its area code. */
export const readBackNumber = (text: string): string | null =>
  /(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[2-9]\d{6,7})(?!\d)/.exec(text.normalize('NFKC'))?.[1] ?? null

/** 第二件在5栋, 二、…: which of several that were read back, and what is said of it. */
export function readItem(text: string): { readonly number: number; readonly rest: string } | null {
  const found =
    /^(?:第([一二三四五1-5])(?:件|个|条|项)?(?:事|问题)?|([一二三四五1-5])[、.．:：])[，,、\s]*(.*)$/su.exec(
      text.trim(),
    )
  const [, ordinal, digit, rest = ''] = found ?? []
  const said = ordinal ?? digit
  if (said === undefined || rest === '') return null
  const number = '一二三四五'.indexOf(said) + 1
  return { number: number === 0 ? Number(said) : number, rest }
}

/** “不是…，是…” and its kin: what was wrong, what is right. */
export function readCorrected(text: string): { readonly wrong: string; readonly right: string } | null {
  const plain = text.trim()
  for (const [form, wrong, right] of corrections) {
    const found = form.exec(plain)
    const [a, b] = [found?.[wrong]?.trim(), found?.[right]?.trim()]
    if (a && b) return { wrong: a, right: b }
  }
  return null
}

const corrections: readonly (readonly [RegExp, number, number])[] = [
  [/不是(.{1,20}?)[，,。；;、\s]*(?:而|应该)?是(.{1,40})$/, 1, 2],
  [/(?<!不)是(.{1,20}?)[，,。；;、\s]*不是(.{1,20})$/, 2, 1],
  [/^(?:把|应该)?(.{1,20}?)(?:改成|改为|换成|应该是|应为)(.{1,40})$/, 1, 2],
  [/^(?:说错了|错了|写错了|打错了)[，,。；;、\s]*(?:应该)?是?(.{1,40})$/, 1, 1],
]

export type SmallTalk = 'greeting' | 'thanks' | 'bye' | 'chat'

/** What needs one line and no case (rule 17); with anything else beside the courtesy it is `chat`. */
export function readSmallTalk(text: string): SmallTalk {
  const plain = bare(text)
  const said = courtesies.find(([, words]) => words.test(plain))
  if (!said || bare(plain.replace(said[1], '').replace(fillers, '')) !== '') return 'chat'
  return said[0]
}

const courtesies: readonly (readonly [Exclude<SmallTalk, 'chat'>, RegExp])[] = [
  ['thanks', /^(?:非常|十分|太)?(?:多谢|谢谢|感谢|辛苦|谢了|唔该|thanks?(?: you)?)+/i],
  ['bye', /^(?:再见|拜拜|bye|晚安|回头见)+/i],
  [
    'greeting',
    /^(?:您好|你好|在吗|在么|在不在|有人吗|有人在吗|hi|hello|哈喽|嗨|早上好|上午好|中午好|下午好|晚上好|早安|早)+/i,
  ],
]
const fillers =
  /您好|你好|在吗|在么|有人吗|谢谢|多谢|感谢|辛苦|再见|拜拜|好的?|嗯|哦|收到|知道|明白|物业|管家|客服|师傅|老师|各位|大家|你们|您们|您|你|啊|呀|啦|了|哈|呢|哒|吧|的|帮忙|麻烦|费心/g

/** Without emoji, their WeChat names ([呲牙]) and marks. */
const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Extended_Pictographic}|\ufe0f|\[[^\]]{1,4}\]|[\s\p{P}~～]/gu, '')
    .trim()

/** Courtesies and assents that say nothing about any matter. */
export const isCourtesy = (text: string): boolean =>
  readSmallTalk(text) !== 'chat' ||
  /^(?:好的?|嗯|哦|噢|知道了?|收到|行|ok|明白了?|可以|了|啦|哈)*$/i.test(bare(text))

/** Insults aimed at whoever answers (rule 8); anger at the matter is none. */
export const isAbusive = (text: string): boolean => new RegExp(insults, 'i').test(text)

/** What is left beside the insults is long enough to tell something. */
export const tellsBeside = (text: string): boolean =>
  [...text.replace(new RegExp(insults, 'gi'), '').replace(/[\s\p{P}你们们您这个的了吧]/gu, '')].length >= 6

const insults =
  /傻[逼bB叉]|沙[比雕]|煞笔|(?:去|快)死|操你|艹你|草泥马|他?妈[的逼比]|tmd|cnm|nmsl|狗(?:东西|日|娘)|王八蛋|混蛋|畜[生牲]|废物|垃圾(?:客服|机器|物业)|滚(?:蛋|开|$|！|!)|脑残|贱人|不要脸/
    .source
