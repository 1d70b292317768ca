import type { ComplaintBrief, PromiseMade } from '../complaint/state.ts'
import type { KeepFor } from '../kept.ts'
import type { Refusal } from '../notice.ts'
import type { Department } from '../taxonomy.ts'

// Lines of domain.md 5.2 said to residents, and our own in their tone. Each question is at most 60 characters (rule 1).

export const opening = {
  /** Line 01 with 03: that it is a program is said first (rules on AI-made text, domain.md 6.1). */
  hello: (place: string): string =>
    `您好，我是${place.endsWith('物业') ? place : `${place}物业`}的自动受理助手，负责记清楚、转给值班同事。有危险直接回“紧急”，找真人回“人工”。`,
  /** Line 02. */
  notice:
    '为办理这件事，我会记录您说的内容、房号和联系方式，只给经办和督办的同事看。全文回“个人信息说明”；不想留房号电话也可以办。',
  smallTalk: '我在，小区里有什么事直接跟我说。',
  robot: '我是自动受理助手，负责记清楚、转给同事；想跟真人说就回“人工”。',
  waiting: '好，不急，您方便了再回。',
  unclear: '这句我没听太懂。要是小区里的事，再说说是什么、在哪儿，我来记。',
  /** Line 66, for who says that typing is hard. */
  slowly: '您慢慢说，按住说话就行，不用打字；想让同事打电话给您，回“人工”。',
  thanks: '不客气，有事随时说。',
  bye: '好的，有事随时来说。',
  help: '直接说事就行。也可以回：进度、催一下、补充、撤回、人工、紧急、绑定码、个人信息说明、导出我的资料、删除我的资料。',
  backlog: (since: string): string => `您${since}起发来的消息刚收到，都记下了。`,
  group: '收到。房号电话别发在群里，请私聊我说，我在那边接着记。',
  /** Asked in a group for their data, or to have it deleted. */
  groupRights: '个人资料的事群里不说，请私聊我再发一遍。',
} as const

/** 《个人信息说明》: what PIPL 17 wants told before anything is collected; limits as in domain.md 6.1. */
export const privacy = (of: {
  readonly company: string
  readonly phone: string
  /** A language model of somebody else's reads along. */
  readonly model: boolean
  readonly keep: KeepFor
}): string =>
  [
    '《个人信息说明》',
    `一、谁在处理：${of.company}，联系电话${of.phone}。`,
    '二、为什么：受理、核实、办理和回访您反映的事；有危险时通知值班赶到现场。没有别的用途，不用来营销，不用来催缴费用。',
    '三、收哪些：您说的话和发来的图片、语音、位置，微信账号标识；您愿意留的称呼、房号、电话。不收身份证号，不追踪位置。房号和电话不留也照样办。',
    '四、谁看得到：经办的同事和督办的上级；被反映的人看不到您是谁。交给外单位办时只说事，要带上您的身份会先征得您同意。不传到境外。',
    `五、怎么处理：由程序自动分类、派单，结论和答复由人决定；要找人回“人工”。${of.model ? '分类时会委托外部的语言模型一起读您的文字，发出前先去掉姓名、电话、证件号、车牌、账号和楼栋房号；图片、语音和位置不发。' : ''}`,
    `六、存多久：${keptFor(of.keep).join('')}办结后您随时可以回“删除我的资料”。`,
    '七、您的权利：查看、复制、更正、补充、删除，撤回同意，要求解释。回“导出我的资料”查看和复制，回“补充”更正，回“删除我的资料”删除，其他回“人工”或打上面的电话，核对身份后15个工作日内答复。不满意可向网信部门投诉。',
    '八、未满14岁请由家里大人来说，孩子只需说发生了什么，不用留姓名电话。',
  ].join('\n')

/** How long things are kept, as the estate's operator has set it (domain.md 6.1, Retention). */
export const keptFor = ({ years, mediaDays }: KeepFor): readonly string[] => [
  `办结后满${String(years)}年，抹掉姓名、电话、房号和您说的话，编号、类别和时间留作统计。`,
  `图片、语音、视频和文件，办结后满${String(mediaDays)}天删除。`,
  '还在办的，或因纠纷、法律规定须留的，留到办完或不用再留为止。',
]

export const ask = {
  estate: (names: readonly string[]): string =>
    names.length <= 4
      ? `是哪个小区？${names.map((name, i) => `${String(i + 1)}${name}`).join(' ')}`
      : '是哪个小区的事？回小区名字就行。',
  what: '您说说是什么事、在哪儿？两三句就够。',
  whatAgain: '我还没听明白，当时怎么回事？按先后说两三句就够。',
  whatOfMedia: '收到了，会一起交给同事。是什么事、在哪儿？打几个字就行。',
  place: '具体在哪儿？楼栋楼层，或旁边的标志都行。',
  who: '涉及谁？不知道名字没关系，工号、车牌、衣着都可以。',
  time: '大概什么时候发生的？比如“昨晚十点左右”。',
  demand: '您最希望怎么处理？修好、解释、道歉、退费或别的。',
  household: '您住几栋几单元几室？不想留就回“跳过”。',
  phone: '方便联系您的电话是多少？不想留就回“跳过”。',
  householdAgain: '还差您的门牌：几栋几单元几室？不想留就回“跳过”。',
  phoneAgain: '我这边没有您的号码，方便留一个吗？不想留就回“跳过”。',
  again: (question: string): string => `${question}不清楚就回“跳过”。`,
  person: '我可能没听懂。要不要请同事直接跟您说？1要 2不用',
  correct: '哪里不对？直接说，比如“不是3栋，是5栋”。',
  which: (cases: readonly string[]): string =>
    `是哪一件？${cases.map((name, i) => `${String(i + 1)}${name}`).join(' ')}`,
  supplement: '请说要补充的，文字照片都行。',
  minor: '谢谢你告诉我。不用说名字和电话，请家里大人来联系；要是有危险，马上打110。',
} as const

const numerals = '一二三四五六'
const counts = '一两三四五六'

/** 麻烦派人看看 → 派人看看: what follows 您希望. */
const wished = (demand: string): string =>
  demand
    .replace(
      /^(?:强烈)?(?:(?:要求|希望|请求|恳请|烦请|麻烦|请|望|求|能不能|能否|可不可以|可否|赶紧|赶快|快点?)(?:你们|您|物业)?)+/u,
      '',
    )
    .replace(/(?:行不行|好不好|可以吗|行吗|好吗|好[吧啵]|行吧|[吗嘛吧呗呀啊噻])+$/u, '') || demand

export const summary = {
  /** Line 28; of several, each in a line of its own. */
  readBack: (
    told: readonly {
      readonly time: string | null
      readonly place: string | null
      readonly matter: string
      readonly demand: string | null
    }[],
    of: { readonly household: string | null; readonly phone: string | null; readonly photos: number },
  ): string => {
    const each = told.map(({ time, place, matter, demand }) => {
      const where = place === null ? '' : `在${place}，`
      const wish = demand === null ? '' : `；您希望${wished(demand)}`
      return `${time ?? ''}${where}${matter}${wish}`
    })
    const more = [
      of.household === null ? null : `您住${of.household}`,
      of.phone === null ? null : `电话${of.phone}`,
      of.photos === 0 ? null : `附件${String(of.photos)}份`,
    ].filter((part) => part !== null)
    const tail = more.length === 0 ? '' : `（${more.join('，')}）`
    const [only, another] = each
    if (only !== undefined && another === undefined) return `我复述一下：${only}${tail}。`
    const items = each.map((words, i) => `${numerals.charAt(i)}、${words}`)
    return `我复述一下，是${counts.charAt(each.length - 1)}件事，分开登记：\n${items.join('。\n')}${tail}。`
  },
  confirm: '对就回1，哪里不对直接说。',
  /** Line 29. */
  changed: (changes: readonly string[]): string => `已改成${changes.join('、')}，其余不变。`,
  confirmChanged: '现在提交可以吗？对就回1。',
  added: '这句也加上了。',
  /** Line 34: told before, because only the words are passed on. */
  money: '赔偿和减免我没有权限答应，您的原话会写进单子。',
  registering: '好的，正在登记。',
} as const

export const registered = {
  /** `what`: of several registered together, which this is. */
  number: (number: string, what: string | null = null): string =>
    `登记好了${what === null ? '' : `（${what}）`}，编号${number}。`,
  /** Lines 31–32: date, hour and event. */
  promise: (post: Department, at: string): string =>
    `${posts[post]}${at}前联系您，说明怎么办。回“进度”随时能查。`,
  answer: (post: Department, at: string): string => `${posts[post]}${at}前答复您。`,
  praise: (post: Department): string => `${posts[post]}会转告本人，谢谢您。`,
  incomplete: (number: string, what: string | null = null): string =>
    `您说的${what === null ? '' : `“${what}”`}先登记了，编号${number}，还差的由同事打电话问。`,
  /** Line 62. */
  check: (code: string): string => `没留联系方式，请记好查询码${code}，凭编号加查询码看结果。`,
  /** Line 64. */
  joined: (households: number): string =>
    `已有${String(households)}户反映同一件事，合并办理，您的诉求单独保留，结果逐户告知。`,
  /** Line 61. */
  repeated: (reports: number, lead: 'manager' | 'company'): string =>
    `这是第${String(reports)}次反映了，不能再照老办法办。这回由${lead === 'manager' ? '项目经理' : '公司品质部'}负责，原经办人不能自己结单。`,
  /** Line 58. */
  night: (now: string, opening: string): string =>
    `现在${now}，值班岗有人：有危险、漏水、停电、困人回“紧急”。这件事${opening}上班后办。`,
  /** Line 33. */
  holiday: (opening: string): string => `今天放假，不涉及安全的事${opening}上班起办。`,
  footage: '这件事要查录像、问双方，到点有没有结果都联系您。',
} as const

const posts: Readonly<Record<Department, string>> = {
  客服: '客服同事',
  工程: '工程同事',
  秩序: '秩序同事',
  环境: '环境同事',
  财务: '财务同事',
  品质: '品质部同事',
  经理: '项目经理',
}

export const same = {
  /** Line 60. */
  mine: (date: string, number: string): string =>
    `查到您${date}反映过类似的事（${number}），是同一件吗？1是 2不是`,
  reopen: (number: string): string => `${number}办结过。是这件事又出现了吗？1是 2不是`,
  takeUp: (number: string): string => `${number}撤回过。现在要接着办吗？1要 2不用`,
  media: (number: string): string => `这是给${number}的吗？1是 2另一件事`,
  /** Rule 16: no number, no reporter. */
  others: (where: string): string => `${where}已有邻居反映同样的事，要并在一起办吗？1要 2分开`,
  reopening: '好，不用从头说，正在重新打开。',
  adding: '好，不用从头说，正在加到那件里。',
} as const

export const command = {
  nothingOpen: '您名下现在没有在办的事。有事直接说。',
  draft: '这件事还没登记，正在记。',
  urging: '好，正在转告。',
  withdrawAsk: (summary: string): string => `确定撤回“${summary}”吗？1撤回 2不撤`,
  withdrawDraft: '这件还没登记，不办了吗？1不办 2接着说',
  withdrawing: '好，正在撤回。',
  dropped: '好，这件不登记了。以后想办再说。',
  kept: '好，照旧办。',
  keepTelling: '好，咱们接着说。',
  adding: '好，正在转给经办的同事。',
  person: '好，正在请同事接手，您先等等，要说的可以继续发。',
  personInDanger: '值班同事正在联系，您先顾好自己。',
  botAgain: '好，我接着记。',
  botResumes: '有两小时没有同事回话了，我先接着听您说；说好的联系照旧。还要找同事就回“人工”。',
  another: '好，另一件是什么事、在哪儿？',
  /** Line 87. */
  forgetAsk: '删掉您的姓名、电话、房号和说过的话，在办的也找不回来。1删除 2不删',
  forgetting: '正在删除。依法须留的部分先停止其他使用。',
  notForgotten: '好，资料照旧保留。',
  /** The chat may be open on somebody else's screen. */
  exportAsk: '把记录的您的全部信息发到这里，含姓名、电话、房号和说过的话。1发 2不发',
  exporting: '好，下面就是。',
  exportedBefore: '刚发过一份，请往上翻。一小时后可以再要。',
  notExported: '好，不发。',
  bind: (code: string): string =>
    `换微信号后，用新号把绑定码${code}发给我，就能接着查。30天内有效，用一次，别告诉别人。`,
  bound: '认出您了，以前的事在这里接着办。回“进度”查看。',
  boundUnknown: '没认出这个码，可能用过或过期了。',
  notYours: '这个编号要先核对是不是您本人的。同事核对后告诉您。',
  /** Nothing is promised where nobody is asked to check. */
  unknownNumber: '没查到这个编号，请看看有没有打错；没有编号也可以直接说事。',
  codeWrong: '编号和查询码对不上，请核对后再发；一次只发一个查询码。',
  codesOver: '今天查询码试的次数太多了，明天再试；记不起来可以直接说事，重新登记。',
  /** Line 63. */
  secret: '被反映的人看不到您是谁，只有经办和督办的同事看得到；全都不想留就回“匿名”。',
  anonymous: '可以不留姓名、房号和电话，被反映的人看不到您是谁。',
} as const

export const abuse = {
  first: '我想把事办成，请不要用伤人的话，这样我能更快记下要点。',
  second: '再继续辱骂，自动对话会先停下；您的诉求照样有效，正在请主管联系您。',
  paused: '自动对话先停一停，您的诉求照样办。回“进度”能查几点前联系您。',
  threat: '您提到要伤人，这句话我必须转给值班经理，必要时报警。请先别动手。',
} as const

export const nudge = (matter: string): string => `刚才说的“${matter}”还差一点。`

export const states: Readonly<Record<ComplaintBrief['status'], string>> = {
  registered: '已登记，正在派人',
  assigned: '已派单，等同事接单',
  verifying: '正在核实',
  resolving: '正在处理',
  confirming: '已办完，等您确认',
  feedback: '已办完，等您评价',
  closed: '已办结',
  withdrawn: '已撤回',
  merged: '已并入同一件事办理',
}

export function progressOf(of: {
  readonly number: string
  readonly summary: string
  readonly status: ComplaintBrief['status']
  readonly holder: string | null
  readonly promise: {
    readonly what: PromiseMade['what']
    readonly at: string
  } | null
}): string {
  const holder = of.holder === null ? '' : `，${of.holder}经办`
  const promise = of.promise === null ? '' : `，${of.promise.at}前${promised[of.promise.what]}`
  return `${of.number} ${of.summary}：${states[of.status]}${holder}${promise}。`
}

/** What comes true by a time that was told. */
export const promised: Readonly<Record<PromiseMade['what'], string>> = {
  contact: '联系您',
  plan: '告诉您怎么办',
  resolve: '办完',
  callback: '给您打电话',
  reply: '答复您',
  report: '告诉您进展',
}

export function refused(why: Refusal, status: ComplaintBrief['status'], number: string): string {
  if (why === 'alreadyDone') return `${number}这一步已经记过了，不用再回。`
  if (why === 'windowOver') return `${number}办结超过90天了。请把现在的情况说一遍，我重新登记。`
  if (why === 'tooLong') return '这段话太长了，请分几条发。'
  return `${number}${states[status]}，这一步现在做不了。有话直接说，我转给同事。`
}
