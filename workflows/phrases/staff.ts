import type { AskedPauseReason, DeadlineStep, PauseReason, Status } from '../complaint/state.ts'
import type { Wanted } from '../desk/state.ts'
import type { Refusal } from '../notice.ts'
import type { EmergencyType } from '../understanding/facts.ts'
import { dangerWords, pauseName, statusName, stepName } from './cards.ts'
import { matter, type MatterWords } from './matter.ts'

/** What staff and supervisors read in 企业微信, cards aside. Short: they read it between two stairs. */

export const ask: Readonly<Record<Wanted, string>> = {
  declineReason: '为什么不能接？一句话就行，任务会转给下一位。',
  finding: '把看到的情况发过来，文字和照片都行。',
  question: '要问住户什么？直接发，我转给住户。',
  partyWords: '记谁的说法？请发“名字：他怎么说”；联系不上发“名字：没联系上”。',
  responsibilityWords: '用一句话说明理由，会告诉住户；没有就回“无”。',
  plan: '发方案和时间，例如：更换水泵轴承，明天15:00前。',
  planTime: '什么时候前办好？例如：明天15:00前。',
  gap: '住户想要的和方案有差别吗？有就写原因，没有回“无”。',
  progress: '现在到哪一步了？文字和照片都会转给住户。',
  done: '怎么办好的？发一句话和完工照片。',
  donePhotos: '还差完工照片，请发一张。',
  reply: '直接写答复，我转给住户。',
  standDown: '现场怎么样？一句话说明，会告诉住户。',
  visitWords: '住户怎么说？可以带上几星，例如：4星，说修得快。没有回“无”。',
  effectWords: '现在是什么情况？一句话说明，会重新打开这件事。',
  extension: '延到什么时候、为什么？例如：后天18:00前，等配件。',
  pauseWords: '等什么、什么时候再看？例如：等配件厂家，下周三前复查。最长7天。',
  transfer: '转给哪个单位、他们办什么？例如：供电公司，外线检修。会告诉住户。',
  pauseDenial: '为什么不同意？一句话，转给经办人。',
  dispute: '把结论和能做的写给住户，这件事按“有异议办结”。',
}

export const desk = {
  welcome: (name: string) => `${name}您好，有任务会推给您。回“待办”看手上的事，回“帮助”看能说什么。`,
  help: [
    '点卡片按钮就能办；也可以直接发：',
    '“核实：…”“问住户：…”“张三说：…”“责任：无责，理由…”',
    '“方案：…，明天15:00前”“进展：…”“办完：…”加照片',
    '“转给张三”“改类：公共设施”“撤销”“待办”；有人认领旧单时回“是本人”或“不是本人”。',
    '等第三方、天气等要停时限，发“暂停：等配件厂家，下周三前复查”，主管同意后生效；接着办发“恢复”。',
    '归别的单位办的，发“转第三方：供电公司，外线检修”，进展和结果照样要告诉住户；收回来发“收回自办”。',
    '险情解除发“现场无险：现场情况”；录像保存好了发“录像已保全”。',
    '主管还可以发“催办”“改派给张三”“延期：后天18:00前，原因”“接手”“签字”“同意暂停”“不同意暂停：原因”“等级：一般，理由”“有异议办结：结论”；自己经办的，卡片上点“更多”再点“主管操作”。',
    '值班请假：“值班”“请假 明天，原因”“销假”“换班 明晚和王强”“取消换班”“交班”“交班给王强”；有人等您批时回“同意”或“不同意”。主管可发“王强请假 明天”“王强销假”“张建国交班给王强”。',
    '督办和提醒看到了就回“收到”，不回会再找您和上一级。',
    '手上有几件时，带上编号后四位，例如“0007 进展：…”。',
  ].join('\n'),
  yearUnknown: (estate: string, year: number) =>
    [
      `${estate}：程序还不知道${String(year)}年的放假和调休。到时只按法定节日休息，不算连休和补班，给住户的时间会不准。`,
      `国务院一般在11月公布。请让管理员把${String(year)}年的放假日写进 estate.yaml 的 calendar.closed，补班日写进 calendar.open，再重新启动程序。`,
    ].join('\n'),
  noTasks: '您手上没有待办。',
  overseen: (lines: readonly string[]) => `待您督办${String(lines.length)}件：\n${lines.join('\n')}`,
  noted: '好的。要告诉住户的，写“进展：…”。',
  seen: (cases: number) => `好，${String(cases)}件记为您已看到。还没办完的，回“待办”看。`,
  todo: (lines: readonly string[]) => `您手上有${String(lines.length)}件：\n${lines.join('\n')}`,
  todoLine: (n: number, number: string, what: string, where: string, status: Status, due: string | null) =>
    `${String(n)}. ${number} ${what} ${where} ${statusName[status]}${due ? `，${due}` : ''}`,
  which: (lines: readonly string[]) => `这是哪一件？回序号：\n${lines.join('\n')}`,
  unknownNumber: (number: string) => `没有编号是${number}的待办，或不归您办。`,
  noCase: '您手上没有这件事对应的单子，先不记录。回“待办”看手上的事。',
  notUnderstood: '没看懂。回“帮助”看能说什么。',
  oldCard: (number: string, status: Status) =>
    `${number}现在是“${statusName[status]}”，这张卡片上的按钮已经过时。`,
  cardUnknown: '这张卡片已经失效，回“待办”看手上的事。',
  choosePerson: '请先在卡片上选人，再点“确定”。',
  chooseCode: '请先在卡片上选责任，再点“确定”。',
  noSuchPerson: (name: string) => `没找到叫“${name}”的同事。`,
  timeUnread: '没看懂时间，请写成“明天15:00前”或“11月25日18:00前”。',
  timePast: '这个时间已经过了，请写一个以后的时间。',
  whoThirdParty: '第三方是谁？发“名称，理由”，例如：供电公司，外线检修。',
  photoTaken: '照片收到，再发一句话说明。',
  voiceKept: '语音收到并存档了，不会转给住户。请打几个字说明。',
  fileKept: '文件收到并存档了，不会转给住户。照片请直接发图片。',
  whyPause: '请先在卡片上选暂停原因，再点“申请暂停”。',
  noCategory: '没有这个类别，请写类别名，例如“改类：公共设施”，或写代码，例如“改类：RP02”。',
  kept: '收到，已存档。',
  dropped: '好，刚才那一步不办了。',
} as const

const act: Readonly<Record<string, string>> = {
  accept: '已接单',
  takeOver: '已由您接手',
  decline: '已记录，任务转给下一位',
  handOver: '已转出',
  reassign: '已改派',
  contact: '联系情况已记录',
  arrive: '到场已记录',
  finding: '核实情况已记录',
  ask: '问题已记录',
  party: '当事人已记录',
  hear: '说法已记录',
  verified: '核实已办结，请认定责任',
  responsibility: '责任已认定',
  plan: '方案已记录',
  progress: '进展已记录',
  done: '已记为办完',
  reply: '答复已记录',
  standDown: '已记录现场无险',
  visit: '回访已记录',
  recode: '类别已改',
  judge: '效果已记录',
  pause: '已暂停，时限停在这里，并告诉了住户',
  pauseWanted: '暂停申请已交给主管，同意前时限照走',
  decidePause: '已记录',
  transfer: '已转第三方，到场和办结不再计时；进展、答复照样要告诉住户，有结果点“办完了”',
  takeBack: '已收回自办，办结时限重新开始',
  resume: '已恢复办理，时限接着走',
  footageKept: '录像已保全已记录',
  settleClaim: '已记录',
  urge: '已催办',
  extend: '延期已记录',
  severity: '等级已改',
  sign: '已签字',
  closeDisputed: '已按有异议办结',
}

/** What those acts make of the resident who has a chat with us; whoever has none is told by a person. */
const passedOn: Readonly<Record<string, string>> = {
  finding: '，并告诉了住户',
  ask: '，已转给住户',
  progress: '，已转给住户',
  reply: '，已转给住户',
  extend: '，并告诉了住户',
}

export const recorded = (what: string, number: string, hasChat: boolean): string =>
  `${number} ${act[what] ?? '已记录'}${hasChat ? (passedOn[what] ?? '') : ''}。`
/** `length`: how long it can still be taken back, in ms. */
export const recordedUndoable = (what: string, number: string, length: number, hasChat: boolean): string =>
  `${number} ${act[what] ?? '已记录'}，${within(length)}可以点“撤销上一步”${hasChat ? '，之后告诉住户' : ''}。`

function within(length: number): string {
  const seconds = Math.max(1, Math.round(length / 1000))
  if (seconds === 60) return '一分钟内'
  return seconds % 60 === 0 ? `${String(seconds / 60)}分钟内` : `${String(seconds)}秒内`
}
export const undone = (number: string): string => `${number} 已撤销，没有告诉住户。`

/** To somebody in the company's app who is not in the estate file, or not active there. */
export const notListed = (dutyPhone: string): string =>
  `您不在办事名单里，这里发的消息没有人处理，请联系管理员添加。急事请打值班电话${dutyPhone}。`

/** A case registered by hand has no chat: its resident is told by whoever has it. */
export const phoneTask = (number: string, text: string): string => `${number} 请电话告知住户：${text}`

/** Who calls while nobody by name could be found yet. */
export const somebody = '值班主管'

/** Why a press or a line changed nothing; the state in words stands in it. */
export function refused(why: Refusal, number: string, status: Status, holder: string | null): string {
  const state = statusName[status]
  const words: Readonly<Record<Refusal, string>> = {
    closed: `这件事${state}，不用再处理。`,
    notYet: status === 'assigned' ? '请先点“接单”再办。' : `现在是“${state}”，还不到这一步。`,
    notYours: holder ? `这件事现在由${holder}负责，辛苦了。` : '这件事不归您办。',
    taken: holder ? `${holder}已经接了，谢谢您。` : `这件事已经有人接了，现在是“${state}”。`,
    subject: '这件事不能由您处理。',
    level: '这一步要更高一级来办。',
    alreadyDone: `已经办过了，现在是“${state}”。`,
    unverified: '核实还没办结，请先点“核实完毕”。',
    unheard: '还有当事人没听过：先记他的说法，或三次联系不上。',
    noFinding: '还没有核实情况，请先发文字和照片。',
    noResponsibility: '请先认定责任，再定方案或办结。',
    notForService: '这是咨询建议类，直接答复住户就行。',
    handlerVisits: '回访要由经办以外的主管来做。',
    handledBefore: '这是多次反映的事，之前经办过的同事这回不再负责，也不签字办结。',
    tooLate: '已过可撤销的时间，住户已经知道了。',
    nothingHeld: '没有可以撤销的步骤。',
    windowOver: '已超过可重开的期限。',
    promisePast: '这个时间已经过了，请写一个以后的时间。',
    tooLong: '延期不能超过原时限的一半，请经理来延。',
    unknownPerson: '没有找到这个人，或他在请假、不能派给他。',
    notLowered: '降低等级要写明理由。',
    stillDanger: '险情还没解除。',
    noPhone: '住户没有留电话，可以用“问住户”在微信里问。',
    paused: '时限已经暂停，先恢复再办这一步。',
    noClock: '没有可以暂停的办结时限；紧急的事不能暂停。',
    reviewTooLate: '复查时间太远了，最长只能停7天。',
    transferred:
      '已经转给第三方办，没有我们的办结时限可延。请用“进展”告诉住户新时间，要自己办先点“收回自办”。',
    extendedTwice: '已经延期两次，不能再延。办不完请用“进展”告诉住户原因和新时间。',
    noProof: '还缺照片或旁证；没有证据只能认定“无法查实”。',
  }
  return `${number}：${words[why]}`
}

export interface AlarmWords {
  readonly danger: EmergencyType | null
  readonly lift: boolean
  readonly lost?: boolean
  readonly suspected: boolean
  readonly round: number
  readonly time: string
  readonly number: string
  readonly place: string
  readonly words: string
  readonly phone: string | null
  readonly dutyPhone: string
  /** When the resident wrote it, where it reached us late. */
  readonly writtenAt: string | null
}

/** One round of the alarm. Carries its time and count, so that no two rounds are the same message (design.md). */
export function alarm(of: AlarmWords): string {
  const lift = of.danger === 'trapped' && of.lift
  const what = of.danger === null ? '紧急任务' : lift ? '电梯困人' : dangerWords({ ...of, type: of.danger })
  return [
    `【${of.suspected ? '疑似险情' : '险情'}】${what} 第${String(of.round)}次 ${of.time}`,
    `${of.number} ${of.place}`,
    of.writtenAt === null ? of.words : `${of.words}（写于${of.writtenAt}，消息晚到）`,
    `住户电话：${of.phone ?? '未留'}　值班电话：${of.dutyPhone}`,
    '能去的人请马上点“我去处理”，或回“我去”。',
  ].join('\n')
}

export const alarmTaken = (number: string, name: string): string =>
  `${number} ${name}已去处理，其他人不用再去。`
export const alarmOver = (number: string, name: string | null): string =>
  name ? `${number} ${name}已降低等级，不是险情，不用再去。` : `${number} 已经结束，不用再去。`
export const supplemented = (number: string, text: string | null, photos: number): string =>
  `${number} 住户补充：${text ?? ''}${photos > 0 ? `（${String(photos)}个附件）` : ''}`
export const answered = (number: string, text: string | null, photos: number): string =>
  `${number} 住户回答：${text ?? ''}${photos > 0 ? `（${String(photos)}个附件）` : ''}`
export const residentUrged = (number: string): string => `${number} 住户在催，请告诉他现在到哪一步。`
export const urged = (number: string, name: string, step: DeadlineStep, due: string | null): string =>
  `${number} ${name}催办：请尽快${stepName[step]}${due ? `，时限${due}` : ''}。`
export const withdrawn = (number: string): string => `${number} 住户撤回了，不用再处理。`
export const reminder = (
  number: string,
  step: DeadlineStep,
  due: string,
  percent: number,
  now: string,
): string =>
  percent >= 100
    ? `${number} 已超时：${stepName[step]}应在${due}前（${now}）。`
    : `${number} 提醒：请在${due}前${stepName[step]}（${now}，时限已用${String(percent)}%）。`
export const escalation = (
  number: string,
  step: DeadlineStep,
  due: string,
  percent: number,
  holder: string | null,
  now: string,
  { late, unanswered }: { readonly late: boolean; readonly unanswered?: boolean },
): string =>
  [
    `${number} 督办：${stepName[step]}${percent >= 100 ? '已超时' : `时限已用${String(percent)}%`}，应在${due}前，经办${holder ?? '无人'}（${late ? '消息晚到，' : ''}${now}）。`,
    unanswered ? '此前通知的人没有回应。' : '',
    percent >= 100 ? '看到请回“收到”，或点卡片。' : '',
  ].join('')
export const phone = (number: string, name: string | null, digits: string | null): string =>
  `${number} ${name ?? '住户'} ${digits ?? '没有留电话'}。仅限办理此事，24小时内撤回。`
export const movedAway = (number: string, name: string | null): string =>
  name ? `${number} 已转给${name}，您不用再办。` : `${number} 已转走，您不用再办。`
export const notSolved = (number: string, partly: boolean, text: string | null): string =>
  `${number} 住户说${partly ? '只解决了一部分' : '没有解决'}${text ? `：${text}` : ''}。由主管接手回电。`
export const rated = (number: string, stars: number): string => `${number} 住户评了${String(stars)}星，谢谢。`
/** 没接通: recorded, whether it counts, and what next. */
export function attempted(
  number: string,
  why: 'quiet' | 'day' | 'hour' | null,
  count: number,
  next: string | null,
): string {
  const counted =
    why === null ? `第${String(count)}次没接通，记下了` : `没接通记下了，${notCounted[why]}，不另算一次`
  if (next !== null) return `${number} ${counted}。下次请在${next}打，到时提醒您。`
  return count >= 3 ? `${number} ${counted}。三次都没打通，不用再打。` : `${number} ${counted}。`
}
const notCounted = {
  quiet: '这会儿不宜打扰住户',
  day: '今天已经打过',
  hour: '这个钟点前几天打过',
} as const
export const effectWanted = (number: string): string =>
  `${number} 反复过，办结后住户没说还好不好。请打电话或到现场看看，再点“有效”或“无效”，也可以回“有效”“无效：情况”。`
export const attemptDue = (number: string, attempt: number): string =>
  `${number} 到约好的时间了，请现在给住户打第${String(attempt)}次电话，打完点一下结果。`
export const unreachable = (number: string, digits: string | null): string =>
  `${number} 微信联系不上住户了，请电话告知。${digits ? '号码点“联系住户”。' : '没有留电话。'}`
export const untold = (
  number: string,
  lines: readonly string[],
  { by, phone, open }: { readonly by: string | null; readonly phone: boolean; readonly open: boolean },
): string =>
  [
    `${number} 电话任务：微信没送到住户，请${by === null ? '' : `${by}前`}打电话告知：`,
    ...lines.map((line) => `“${line}”`),
    open
      ? phone
        ? '号码点“联系住户”，打完点“已电话联系”。'
        : '没有留电话，找到人告知后点“已电话联系”。'
      : phone
        ? '号码另发给您。'
        : '没有留电话。',
  ].join('\n')
export const wantsPerson = (number: string, text: string | null, level: 0 | 1 | 2): string =>
  `${number} 住户要求真人联系${text ? `：${text}` : ''}。${level === 0 ? '直接回复就会转给他。' : '已请上级联系住户，请配合。'}`
export const doubtOpen = (number: string, text: string | null): string =>
  `${number} 疑似险情，问了住户，${text ? `没有说清：“${text}”` : '没有回话'}。请现在打电话核实。`
export const unanswered = (number: string, question: string): string =>
  `${number} 问了两次，住户还没回答：“${question}”。请点“联系住户”打电话问。`
export const claimed = (number: string): string =>
  `${number} 有人用新微信说这单是他的。请打原号码或核对房号后，回“是本人”或“不是本人”。`
export const joined = (number: string, households: number): string =>
  `${number} 又有住户反映同一件事，共${String(households)}户，请一并处理。`
export const nobody = (number: string): string => `${number} 没有人能接，请安排。看到请回“收到”，或点卡片。`

export const pauseWanted = (
  number: string,
  of: {
    readonly name: string
    readonly why: AskedPauseReason
    readonly words: string
    readonly until: string
  },
): string =>
  `${number} ${of.name}申请暂停（${pauseName[of.why]}）：${of.words}，${of.until}前复查。在卡片上点，或回“同意暂停”“不同意暂停：原因”；同意前时限照走。`
export const pauseDecided = (number: string, allowed: boolean, name: string, words: string | null): string =>
  allowed
    ? `${number} ${name}同意暂停，时限停在这里，已告诉住户何时再联系。`
    : `${number} ${name}不同意暂停${words ? `：${words}` : ''}。时限照走。`
export const pauseLapsed = (number: string): string => `${number} 暂停申请已作废，时限照走。`
export const resumed = (number: string, why: PauseReason, due: string | null): string =>
  `${number} ${why === 'question' ? '住户还没回答，' : ''}恢复办理${due === null ? '' : `，办结时限${due}`}。`

export const brief = (number: string, of: MatterWords): string => `${number} ${matter(of)}`

export const footage = (number: string, place: string, happened: string | null, by: string): string =>
  `${number} 请在${by}前保存录像：${place}，${happened ?? '时间未说明，请多留前后几小时'}。录像会被覆盖，保存好请点“录像已保全”。`
