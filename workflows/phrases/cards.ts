import type { DeadlineStep, PauseReason, ResponsibilityCode, Status } from '../complaint/state.ts'
import { localParts } from '../calendar.ts'
import type { Instant } from '../ids.ts'
import type { Severity } from '../severity.ts'
import type { EmergencyType } from '../understanding/facts.ts'

/** What cards say. Labels ≤ 5 characters, buttons ≤ 10, values ≤ 26: the platform's limits. */

export const statusName: Readonly<Record<Status, string>> = {
  registered: '待派单',
  assigned: '待接单',
  verifying: '核实中',
  resolving: '处理中',
  confirming: '待住户确认',
  feedback: '待评价',
  closed: '已办结',
  withdrawn: '已撤回',
  merged: '已并案',
}

export const severityName: Readonly<Record<Severity, string>> = {
  S1: '紧急',
  S2: '重大',
  S3: '一般',
  S4: '轻微',
}

export const dangerName: Readonly<Record<EmergencyType, string>> = {
  trapped: '有人被困',
  gas: '燃气泄漏',
  fire: '火情冒烟',
  electric: '触电漏电',
  falling: '坠物险情',
  flood: '室内进水',
  violence: '治安冲突',
  medical: '人员伤病',
  selfharm: '轻生',
  collapse: '坍塌开裂',
}

/** What the duty is told it is. */
export const dangerWords = ({
  type,
  lost,
}: {
  readonly type: EmergencyType
  readonly lost?: boolean
}): string => (lost === true ? '有人走失' : dangerName[type])

export const stepName: Readonly<Record<DeadlineStep, string>> = {
  assign: '派单',
  accept: '接单',
  contact: '联系住户',
  onSite: '到场',
  plan: '告知方案',
  progress: '通报进展',
  resolve: '办结',
  answer: '答复',
  visit: '回访',
  callback: '回电',
  attempt: '再次打电话',
  sign: '签字',
  footage: '保全录像',
  tell: '电话告知',
}

export const responsibilityName: Readonly<Record<ResponsibilityCode, string>> = {
  full: '有责·全部',
  main: '有责·主要',
  part: '有责·部分',
  none: '无责',
  thirdParty: '第三方责任',
  undetermined: '无法查实',
  merged: '并案',
  withdrawn: '撤诉',
  notAComplaint: '非投诉',
}

export const pauseName: Readonly<Record<PauseReason, string>> = {
  question: '等住户回答',
  thirdParty: '等第三方',
  weather: '天气原因',
  order: '政府或停工要求',
  vote: '等业主表决',
  fund: '等维修资金',
}

export const label = {
  number: '编号',
  where: '地点',
  who: '住户',
  status: '状态',
  due: '时限',
  owner: '经办',
  area: '区域',
  age: '受理',
} as const

export const button = {
  accept: '接单',
  acceptDanger: '我去处理',
  decline: '不能接',
  handOver: '转给别人',
  revealPhone: '联系住户',
  contactPhone: '已电话联系',
  contactMet: '已当面联系',
  noAnswer: '没接通',
  arrive: '我到现场了',
  finding: '写核实情况',
  ask: '问住户',
  hear: '记当事人说法',
  verified: '核实完毕',
  responsibility: '认定责任',
  plan: '方案和时间',
  progress: '通报进展',
  done: '办完了',
  reply: '答复住户',
  undo: '撤销上一步',
  standDown: '现场无险',
  more: '更多',
  back: '返回',
  confirm: '确定',
  lead: '主管操作',
  footageKept: '录像已保全',
  wait: '等待/移交',
  pause: '申请暂停',
  resume: '恢复办理',
  transfer: '转第三方',
  takeBack: '收回自办',
  pauseAllow: '同意暂停',
  pauseDeny: '不同意暂停',
  urge: '催办',
  reassign: '改派',
  extend: '延期',
  takeOver: '我来接手',
  visitSolved: '已回访：解决',
  visitNotSolved: '已回访：没解决',
  sign: '签字同意',
  closeDisputed: '有异议办结',
  effectGood: '有效，没再出现',
  effectBad: '无效，又出现了',
  claimRight: '是本人，接上',
  claimWrong: '不是本人',
} as const

export const title = {
  task: (what: string) => what,
  alarm: (danger: string) => `【险情】${danger}`,
  suspected: (danger: string) => `【疑似险情】${danger}`,
  watch: (category: string) => `督办：${category}`,
  callback: '请您回访住户',
  asked: '住户要求您联系',
  effect: '请看看整改有没有效',
} as const

export const text = {
  accept: '请尽快点“接单”；不能接请点“不能接”。',
  alarm: '请马上点“我去处理”并赶到现场。',
  suspected: '住户没说清有没有人有危险，请先接单并去看。',
  verify: '到现场核实，把看到的直接发文字和照片；没听过的当事人要先听。',
  determine: '核实已完毕，请认定责任。',
  resolve: '发“方案：…，明天15:00前”告诉住户；办完点“办完了”再发照片。',
  service: '请直接回复住户；发送的文字会转给对方。',
  confirming: '已请住户确认是否解决。',
  feedback: '住户说解决了，等评价。',
  callback: '请由您本人打电话，原经办人不参加回访。',
  callLater: (at: string) => `没接通已记下。下次请在${at}打，到时再提醒您。`,
  sign: '重大件要主管签字后才能办结。',
  closed: '这件事已结束。',
  over: '这张卡片不用再处理。',
  wantsPerson: '住户要求真人联系。',
  incomplete: '信息不全，请回电补齐。',
  choosePerson: '选好人再点“确定”。',
  chooseCode: '选好责任再点“确定”；需要说明的话随后发文字。',
  contact: '号码已单独发给您，24小时内自动撤回；打完请点一下结果。',
  untold: '微信没送到住户，请打电话告知，打完点“已电话联系”。',
  unowned: '现在没有人接，请接手或改派。',
  nobody: '无人',
  gone: '这件事不归您处理了。',
  wait: '要停时限先选原因再点“申请暂停”，主管同意后才停；归别的单位办的点“转第三方”。',
  pauseWanted: (why: PauseReason, until: string) =>
    `经办申请暂停：${pauseName[why]}，${until}前复查。同意前时限照走。`,
  effect: '这件反复过的事办结有一阵了，问住户没回话。请打电话或到现场看，再点结果。',
  claim: '有人用新微信说这单是他的，请核对后再点。',
} as const

export const repeated = {
  times: (reports: number): string => `第${String(reports)}次反映`,
  /** The number of the report before. */
  last: (reports: number, last: string): string => `第${String(reports)}次反映，上次${last}。`,
} as const

export const select = { code: '责任认定', person: '转给谁', pause: '暂停原因' } as const

export const transferred = '转第三方'

/** Beside the state, while the resolve clock stands still. */
export const pausedUntil = (why: PauseReason, until: string): string =>
  why === 'question' ? pauseName.question : `暂停到${until}`

export const masked = {
  anonymous: '匿名住户',
  unnamed: '住户',
  forgotten: '已删除',
} as const

/** 138****5678; a landline keeps its last four. */
export const maskedPhone = (phone: string): string =>
  phone.length >= 11 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : `****${phone.slice(-4)}`

/** What somebody wrote, the numbers of people in it masked: 联系住户 alone gives a number (domain.md 6.1). */
export const maskedWords = (words: string): string =>
  words.replace(/(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})(?![0-9])/g, maskedPhone)

/** 11月23日 15:30: cards live for days, so 今天 would lie. */
export function stamp(at: Instant, timezone: string): string {
  const { month, day, hour, minute } = localParts(timezone, at)
  return `${String(month)}月${String(day)}日 ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}
