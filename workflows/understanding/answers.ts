import type { Instant } from '../ids.ts'
import type { Facts } from './facts.ts'
import { read } from './normalise.ts'
import { readNumber } from './numerals.ts'
import { sieved, type Pattern } from './patterns.ts'
import { readPhone } from './person.ts'
import { readPlace } from './place.ts'
import { readTimes } from './time.ts'

/** What a short answer says, before the question gives it its meaning. */
export type Choice =
  { readonly choice: 'yes' | 'no' | 'skip' | 'none' } | { readonly choice: 'number'; readonly number: number }

/** A few words by which a resident steers the conversation at any moment (domain.md 5.1 rule 5). */
export type Command =
  | 'progress'
  | 'urge'
  | 'supplement'
  | 'withdraw'
  | 'person'
  | 'emergency'
  | 'another'
  | 'forget'
  | 'export'
  | 'endPerson'
  | 'bindCode'
  | 'help'

/** What a correction takes back and what it puts there. */
export interface Correction {
  readonly negated: Partial<Slots>
  readonly corrected: Partial<Slots>
}

/** The slots of a case that one sentence can correct. */
export interface Slots {
  readonly building: string
  readonly unit: string
  readonly room: string
  readonly area: string
  readonly time: Facts['time'][number]
  readonly phone: string
}

const trailing = /[。!?,、~. ]+$/
const politeTail = /(?:吧|呀|啊|哦|喔|哈|呢|嘛|谢谢|多谢|了|的|滴|哒|!|。|~|,| )+$/

const yes = sieved(
  /^(?:是|对|好|行|可以|嗯|恩|嗯嗯|ok|okay|yes|y|没错|没问题|正确|确认|确定|同意|对头|要得|係|中|成|是的|对的|好的|好滴|(?:[对是好]的?|没错|没问题|可以){2,4}|可以的|没毛病|准确|提交|要|需要|同意的|有|有的|就这样|就这么办|就是|就是这样|就是它|没有问题|👌|👍|1️⃣?)$/,
)
const no = sieved(
  /^(?:不是|不对|不用|不要|不|否|没有|没|无|不需要|不可以|不行|错|错了|no|n|不同意|不确认|不提交|没啥|没人|没有人|没事|没危险|没有危险|不用不用|唔係|不是的|不对的|不是这样|不要紧|算了|不方便|无人|安全|都安全|没有没有)$/,
)
const skip = sieved(
  /^(?:跳过|略过|不清楚|不知道|不晓得|忘了|忘记|记不清|不记得|说不清|不好说|随便|都行|都可以|不想说|不想留|不留|保密|匿名|pass|skip|没印象|不认识|不太清楚|不确定|说不上来|没注意|没看清|没留意|不记得了|不好讲|谁知道|哪知道|唔知|唔清楚)$/,
)
const solved: readonly (readonly [Pattern, number])[] = [
  [sieved(/^(?:已解决|解决了?|已经解决|搞定|弄好|修好|好了|解决好)$/), 1],
  [sieved(/^(?:部分解决|解决了?一部分|一部分|部分|没完全解决|还差一点|差不多)$/), 2],
  [sieved(/^(?:没解决|没有解决|未解决|还没解决|没弄好|没修好|还是老样子|没搞定|没好)$/), 3],
]

/**
 * Reads `1`, `２`, `是`, `对`, `不用`, `跳过`, `1已解决`, `没解决`; everything longer or unclear is `none`. The three
 * answers to “solved?” give their numbers 1, 2, 3 also in words.
 */
export function readChoice(text: string): Choice {
  const said = read(text)
    .text.replace(/["'“”「」()（）]/g, '')
    .trim()
    .replace(trailing, '')
  if (said === '' || said.length > 12) return { choice: 'none' }
  const digit = /^(?:选|回复?|第)?\s?(\d{1,2}|[一二三四五六七八九十])(?:个|号|项|[.、:]|\s)?(.{0,8})$/.exec(
    said,
  )
  const bare = said.replace(politeTail, '')
  for (const [words, number] of solved)
    if (words.test(bare) || words.test(said)) return { choice: 'number', number }
  if (digit) {
    const rest = (digit[2] ?? '').replace(politeTail, '')
    const number = readNumber(digit[1] ?? '')
    const known =
      rest === '' ||
      solved.some(([words, n]) => n === number && words.test(rest)) ||
      /^(?:慢|结果|态度|没说清|反复|其他)$/.test(rest)
    if (number !== null && known) return { choice: 'number', number }
  }
  if (skip.test(bare) || skip.test(said)) return { choice: 'skip' }
  if (no.test(bare) || no.test(said)) return { choice: 'no' }
  if (yes.test(bare) || yes.test(said)) return { choice: 'yes' }
  return { choice: 'none' }
}

/** One to five stars from `五星`, `5`, `给个好评`, `⭐⭐⭐`; null where none is given. */
export function readStars(text: string): 1 | 2 | 3 | 4 | 5 | null {
  const said = read(text).text.trim().replace(trailing, '')
  const symbols = said.match(/[⭐★🌟]/gu)
  if (symbols && symbols.length <= 5 && said.replace(/[⭐★🌟☆\s]/gu, '') === '')
    return asStars(symbols.length)
  const named =
    /(?:^|[^\d])([1-5]|[一二两三四五])\s?(?:颗|个)?(?:星|分)/.exec(said) ??
    /^([1-5]|[一二三四五])$/.exec(said)
  if (named) return asStars(readNumber(named[1] ?? ''))
  if (said.length > 14) return null
  if (/(?:满分|满星|五星|全五|好评|非常满意|很满意|十分满意)/.test(said) && !/不满意|没好评|差评/.test(said))
    return 5
  if (/^(?:差评|给差评|非常不满意|很不满意|零分|0分|0星|零星)/.test(said)) return 1
  if (/^(?:不满意|不太满意)$/.test(said)) return 2
  if (/^(?:一般|还行|凑合|一般般|马马虎虎)/.test(said)) return 3
  if (/^(?:满意|比较满意|挺好|不错|还不错|可以)/.test(said)) return 4
  return null
}

function asStars(value: number | null): 1 | 2 | 3 | 4 | 5 | null {
  return value === 1 || value === 2 || value === 3 || value === 4 || value === 5 ? value : null
}

/** 导出我的信息, 我想要一份你们记录的我的信息, 把我的资料发给我, 你们存了我哪些信息. */
const asksForOwnData = (() => {
  const please = '(?:请|麻烦|我?想?要|我想|能不能|可以|帮我)*'
  const keeps = '(?:记录?|保存|存|收集|留)(?:了|着|下)?'
  const mine = `(?:(?:你们|物业)?${keeps}的?)?(?:关于)?我的?(?:全部|所有|个人)*(?:信息|数据|资料)`
  const get = '(?:导出|下载|复制|拷贝|查看|查询|查一?下|看看?|给我|要)(?:一?[份下]|全部|所有)*'
  const send = '(?:都|全部?)?(?:导出|下载|复制|拷贝|发给我|发我|发过来|给我)(?:看看?|一?[份下]|来|副本)*'
  const which = `(?:你们|物业)(?:到底|都|一共)*${keeps}(?:关于)?我的?(?:哪些|什么|多少)?(?:个人)?(?:信息|数据|资料)`
  return new RegExp(`^${please}${get}${mine}(?:副本)?吗?$|^${please}把?${mine}${send}吗?$|^${which}$`)
})()

const caseNumber = '(?:ts[-\\s]?\\d{4,8}[-\\s]?\\d{0,6})'
const commands: readonly (readonly [Command, Pattern])[] = [
  ['endPerson', sieved(/^(?:结束人工|退出人工|不用人工了?|关闭人工|转回机器人|结束人工服务)$/)],
  ['emergency', sieved(/^(?:紧急|紧急!|紧急情况|紧急求助|救命|救命啊|sos|有危险|出人命了|快救人)$/)],
  [
    'forget',
    sieved(
      /^(?:请|麻烦|我要|我想|帮我|把)?(?:删除|删掉|清除|注销|清空|删)(?:一下)?(?:我的?|掉我的?|所有)?(?:全部|个人)?(?:信息|数据|资料|记录|账号|个人信息|隐私)(?:删除|删掉|删了)?$|^(?:请|麻烦)?把?我的(?:个人)?(?:信息|数据|资料|记录)(?:都|全部|全)?(?:删除|删掉|删了|清除)$|^忘记我$/,
    ),
  ],
  ['export', sieved(asksForOwnData)],
  [
    'withdraw',
    sieved(
      /^(?:我?(?:要|想)?)?(?:撤回|撤销|撤诉|取消|撤单|撤了|不投诉|不投|算了不投诉|不报修|不反映)(?:这个|这条|那个|上一个|刚才的)?(?:投诉|报修|登记|工单|单子|反映)?(?:了|吧|掉)?$/,
    ),
  ],
  [
    'urge',
    sieved(
      /^(?:再|帮我|麻烦|请|给我|你们)?(?:催一?催|催一下|催下|催单|加急|催促一下|催催|帮忙催一?下?|快点处理|快点吧|能快点吗|能不能快点?|快一点)(?:一下|进度|他们|师傅|吧)?$/,
    ),
  ],
  [
    'progress',
    sieved(
      /^(?:我?(?:想|要)?(?:查|问|看)(?:询|下|一下|看)?)?(?:我的|这个|那个|上次的?)?(?:投诉|报修|单子|工单|事情|事儿?)?(?:的)?(?:进度|进展|处理进度|办理进度|处理情况|办得怎么样|处理得怎么样|怎么样了|到哪一?步|处理到哪|办到哪|有结果|有没有结果|有消息|有进展|什么情况)(?:了|吗|没|没有|呢|查询|如何|怎么样|到哪了)*$|^查进度$|^(?:查|查询)$/,
    ),
  ],
  [
    'supplement',
    sieved(
      /^(?:我?(?:要|想|再)?)?(?:补充|补充一下|补充一点|补充说明|再补充|再说一点|追加|补一句)(?:信息|材料|照片|内容|情况)?(?:$|[:,。\s].{0,300}$)/s,
    ),
  ],
  [
    'person',
    sieved(
      /^(?:我?(?:要|想)?)?(?:转|找|换|接|叫|请)?(?:一?个)?(?:人工|真人|人工客服|人工服务|活人|客服人员)(?:客服|服务|来|说话|处理|接待)?$|^(?:我?要|我想|给我)?(?:找|跟|和)(?:你们)?(?:真人|人工|活人|领导|经理|主管|负责人)(?:说|聊|谈|讲)?(?:话)?$|^不(?:要|想跟)机器人(?:说|聊)?$/,
    ),
  ],
  [
    'another',
    sieved(
      /^(?:我?(?:还|另外|再)?(?:有|要)?)?(?:另外|还有|再|别的|另)(?:一|有一?|报一?)?(?:件|个|桩|条)?(?:别的|其他)?(?:事|事情|问题|投诉|情况)(?:要(?:说|报|反映|投诉))?(?:$|[:,。\s].{0,300}$)|^(?:新的?|再来一个|再提一个|重新)(?:投诉|报修|问题|登记|一个)$/s,
    ),
  ],
  [
    'bindCode',
    sieved(
      /^(?:绑定|绑定码|关联|验证码|绑定账号|我的绑定码(?:是)?)[:\s]?[a-z0-9]{4,10}$|^(?:绑定|绑定账号|绑定码)$/,
    ),
  ],
  [
    'help',
    sieved(/^(?:帮助|help|菜单|怎么用|使用说明|能干什么|你能做什么|你会什么|有什么功能|指令|命令|\?|说明)$/),
  ],
]
const numbered = new RegExp(`${caseNumber}`, 'g')

/**
 * The command a short message gives; null for everything else. A command stands alone (with 请, 吧, a case number):
 * `催了好几次都没人` or `补充物业不作为` inside a complaint is no command; 补充 and 另外一件事 may carry their matter along.
 */
export function readCommand(text: string): Command | null {
  const said = read(text)
    .text.replace(/["'“”「」【】]/g, '')
    .trim()
    .replace(trailing, '')
  if (said === '') return null
  const plain = said
    .replace(numbered, '')
    .trim()
    .replace(/^[的:, ]+/, '')
    .replace(trailing, '')
  // A case number alone asks how it stands.
  if (plain === '') return 'progress'
  const bare = plain
    .replace(/^(?:你好|您好|请|麻烦|那|嗯|帮我|请帮我|麻烦帮我)[, ]?/, '')
    .replace(/(?:谢谢|吧|呀|啊|哦|哈|一下)+$/, '')
  for (const [command, words] of commands) {
    const carries = command === 'supplement' || command === 'another'
    if (!carries && plain.length > 16) continue
    if (words.test(plain) || words.test(bare)) return command
  }
  // Taken back with its reason, 自己修好了，撤回吧: the conversation asks before it does so.
  const clauses = plain.length > 24 ? [] : plain.split(/[,.!;。 ]/)
  const withdrawal = commands.find(([command]) => command === 'withdraw')?.[1]
  if (clauses.some((clause) => withdrawal?.test(clause.replace(/(?:吧|呀|啊|哦)+$/, '')))) return 'withdraw'
  return null
}

/**
 * Reads `不是3栋，是5栋`, `时间不对，是前天`, `电话错了，138…`, `应该是2单元`: what was wrong and what is right. Null where the
 * text corrects nothing.
 */
export function readCorrection(
  text: string,
  now: Instant,
  context: { readonly timezone: string; readonly buildings: readonly string[] },
): Correction | null {
  const reading = read(text)
  const said = reading.text
  if (said.length > 120) return null
  const turn =
    /不是|不对|错了|写错|说错|打错|搞错|弄错|有误|改成|改为|应该是|应为|更正|改一下|修改|记错|其实是|而是|不是的/.exec(
      said,
    )
  if (!turn) return null
  const parts = split(said)
  const negated = slotsOf(parts.wrong, now, context.timezone)
  const corrected = slotsOf(parts.right, now, context.timezone)
  // 不是3栋, 是5栋: what is named twice is a correction of just that.
  if (Object.keys(corrected).length === 0 && Object.keys(negated).length === 0) return null
  return { negated, corrected }
}

function split(said: string): { wrong: string; right: string } {
  const notBut =
    /(?:^|[,。!; ])(?:我家|我|地址|楼栋|房号|时间|电话)?(?:说的)?不(?:是|对)(.*?)[,。;! 、]*(?:而是|是|应该是|应为|我?说的是|改成)(.*)$/.exec(
      said,
    )
  if (notBut && (notBut[1] ?? '') !== '') return { wrong: notBut[1] ?? '', right: notBut[2] ?? '' }
  const isNot = /^(.*?)[,。!; 、而]{0,3}不是(.+)$/.exec(said)
  if (isNot) return { wrong: isNot[2] ?? '', right: isNot[1] ?? '' }
  const changed = /^(?:把)?(.*?)(?:改成|改为|换成|应该是|应为|其实是)(.*)$/.exec(said)
  if (changed) return { wrong: changed[1] ?? '', right: changed[2] ?? '' }
  const after =
    /(?:不对|错了|写错|说错|打错|搞错|弄错|有误|记错|更正|不是的)(?:了|一下)?[,。!;: ]*(.*)$/.exec(said)
  if (after) return { wrong: said.slice(0, after.index), right: after[1] ?? '' }
  return { wrong: said, right: '' }
}

function slotsOf(words: string, now: Instant, timezone: string): Partial<Slots> {
  const reading = read(words)
  const { household, area } = readPlace(reading)
  const [time] = readTimes(reading, now, timezone)
  const phone = readPhone(reading.text)
  return {
    ...(household.building !== null && { building: household.building }),
    ...(household.unit !== null && { unit: household.unit }),
    ...(household.room !== null && { room: household.room }),
    ...(area[0] !== undefined && { area: area[0] }),
    ...(time && { time }),
    ...(phone !== null && { phone }),
  }
}
