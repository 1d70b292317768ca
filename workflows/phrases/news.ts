import type { AskedPauseReason, PromiseMade, ResponsibilityCode } from '../complaint/state.ts'
import type { Department } from '../taxonomy.ts'
import { promised } from './resident.ts'

/** What a case has to tell its resident, lines 30–46 and 80–85 of domain.md 5.2. Times come as words. */
export const news = {
  accepted: (number: string, name: string, by: string | null): string =>
    `${number}由${name}经办了${by === null ? '' : `，${by}前联系您`}。`,
  movedTo: (number: string, name: string): string =>
    `${number}改由${name}经办，前面的情况都交接过去了，不用重说。`,
  arrived: (number: string, name: string): string => `${name}到现场了，正在查看${number}。`,
  finding: (number: string, text: string | null): string =>
    `${number}有进展：${text === null ? '现场看过，照片发给您' : `现场看到${text}`}。`,
  question: (number: string, name: string, text: string): string => `${name}想问您（${number}）：${text}`,
  responsibility: (number: string, code: ResponsibilityCode, who: string | null): string =>
    `${number}查清了：${responsible(code, who)}`,
  because: (words: string): string => `情况是：${words}`,
  plan: (text: string, at: string): string => `接下来：${text}。${at}前办完，到时告诉您结果。`,
  gap: (reason: string): string => `和您希望的有一段差距，是因为${reason}，不是不重视。`,
  review: '不同意可以直接说，请上一级复核；也可向街道、住建部门或12345反映，我们会配合。',
  progress: (number: string, text: string | null): string => `${number}有进展：${text ?? '照片发给您'}。`,
  /** Line 38. */
  extended: (number: string, was: string, until: string, reason: string): string =>
    `${number}原定${was}做不到了，原因是${reason}，新时间${until}。没守住约定，对不起。`,
  /** Line 37: the reason, and when they hear next. */
  paused: (
    number: string,
    of: {
      readonly why: AskedPauseReason
      readonly words: string
      readonly was: string | null
      readonly next: string
    },
  ): string =>
    `${number}要停一停：${waitsFor[of.why]}，${of.words}。${of.was === null ? '' : `原定${of.was}的时间往后顺延。`}没忘，${of.next}前告诉您最新情况。`,
  resumed: (number: string, what: PromiseMade['what'], at: string): string =>
    `${number}接着办了，${at}前${promised[what]}。`,
  /** Lines 73–79: who holds it, what we do, and when we report; the trouble itself is named before. */
  transferred: (number: string, who: string, words: string, next: string): string =>
    `${number}核实下来归${who}办：${words}。我们已报给他们，跟到有结果为止，${next}前告诉您最新情况。`,
  takenBack: (number: string, name: string | null, next: string): string =>
    `${number}改由我们自己办${name === null ? '' : `，${name}经办`}，${next}前告诉您进展。`,
  timeMoved: (number: string, was: string, until: string): string =>
    `等您回话时过了原定的${was}，${number}的新时间是${until}前。`,
  promiseBroken: (
    number: string,
    was: string,
    holder: string | null,
    next: { readonly name: string; readonly by: string } | null,
  ): string =>
    `${number}说好${was}前的事没做到，没守住约定，对不起。${next ? `${next.name}${next.by}前把最新情况告诉您。` : `${holder === null ? '正在催办' : `已催${holder}`}，有新时间就告诉您。`}`,
  /** After news (line 36). */
  nextTime: (by: string): string => `${by}前再告诉您进展。`,
  nextReport: (number: string, name: string, by: string): string =>
    `${number}由${name}跟着，${by}前告诉您进展。`,
  done: (number: string, text: string): string => `${number}办完了：${text}。`,
  solved: '问题解决了吗？1已解决 2部分解决 3没解决',
  solvedAgain: (number: string): string => `${number}还等您一句话：问题解决了吗？1已解决 2部分解决 3没解决`,
  result: (text: string): string => `您和邻居反映的那件事办完了：${text}。还有问题直接说。`,
  /** Line 81. */
  stars: '这次处理您给几星？回“五星”到“一星”。',
  starsAgain: (number: string): string => `${number}还差您一个评价，给几星？回“五星”到“一星”。`,
  oneStar: '您刚说已解决，这次是给一星吗？是就再回“一星”，不是就回几星。',
  /** Line 82. */
  why: '最不满意的是？1慢 2结果 3态度 4没说清 5反复 6其他（直接说）',
  effectCheck: (number: string, summary: string): string =>
    `${number}${summary === '' ? '' : `“${summary}”`}办结有些日子了，想问一声。`,
  effect: '现在还好吗？1好了 2又出现',
  effectAgain: (number: string): string => `${number}还等您一句话：现在还好吗？1好了 2又出现`,
  effective: '那就好，记下了。再出问题，90天内回编号接着办。',
  cameBack: '又出现了',
  rated: (stars: number, name: string | null): string =>
    stars >= 4
      ? `谢谢认可${name === null ? '' : `，我会转告${name}`}。还有想说的直接回；再出问题，回编号接着办。`
      : '谢谢直说。还有想说的直接回，我原话转到。',
  callback: (name: string, by: string): string =>
    `谢谢直说。${name}${by}前给您打电话，原经办人不再自己结单。`,
  callMissed: (number: string, name: string, by: string | null): string =>
    by === null
      ? `${number}三次打电话都没接通，先按您说的接着办。要通话回“人工”。`
      : `${name}刚才给您打电话没接通（${number}），${by}前再打。您直接在这里回也行。`,
  reopenedUp: (number: string): string => `${number}已重新打开。`,
  reply: (name: string, text: string): string => `${name}：${text}`,
  urged: (name: string | null): string => (name === null ? '已转告值班同事。' : `已转告${name}。`),
  stillBy: (at: string, what: PromiseMade['what']): string => `约定没变：${at}前${promised[what]}。`,
  supplemented: (number: string): string => `补充的已加到${number}，经办的同事看得到。`,
  /** Of a minute in which they wrote on and on. */
  supplementedMore: (number: string, count: number): string =>
    `又有${String(count)}条补充已加到${number}，经办的同事看得到。`,
  answered: '您的回答转到了。',
  withdrawn: (number: string): string => `${number}已撤回。想再办，90天内回编号就行。`,
  reopened: (number: string, post: Department, at: string): string =>
    `${number}已重新打开，编号不变，${post === '经理' ? '项目经理' : `${post}同事`}${at}前联系您。`,
  closed: {
    solved: (number: string) => `${number}已办结。90天内再出问题，回编号就能重开。`,
    /** Line 85. */
    unrated: (number: string) => `没收到您的评价，${number}按“未评价”归档，不算满意；90天内回编号可重开。`,
    disputed: (number: string) =>
      `${number}按“有异议办结”归档，您的意见留在单子里，不算满意。也可向街道、住建部门或12345反映。`,
    replied: (number: string) => `${number}已答复办结。还有疑问直接说。`,
  },
  /** Line 87: without words it could not be finished. */
  forgottenOpen: (number: string): string =>
    `${number}里的姓名、电话、房号已删除。这件事还在办，您说的内容办结时一并删除。`,
  /** PIPL 44 to 50: a refusal gives its reason. */
  forgetLater: (number: string, open: boolean): string =>
    `${number}因纠纷或有关部门要求，依法须留存，现在不能删：里面的姓名、电话、房号、您说的话和图片先封存，${open ? '除了把这件事办完' : ''}不作他用。不用再留时自动删除，到时告诉您。`,
  /** By when somebody speaks to who asked for a person. */
  personComing: (name: string | null, by: string): string =>
    `${name ?? '同事'}${by}前联系您，要说的可以先发在这里。`,
  forgotten: (number: string): string => `${number}里的姓名、电话、房号和您说的话已删除。`,
  claimed: '同事核对过了，这件事在这里接着办。回“进度”查看。',
  notClaimed: '同事核对过，没能确认这个编号是您的。请用原来的号联系，或打值班电话。',
} as const

const waitsFor: Readonly<Record<AskedPauseReason, string>> = {
  thirdParty: '在等外单位',
  weather: '天气不允许',
  order: '上面要求先停',
  vote: '要等业主共同决定',
  fund: '要等维修资金',
}

/** Whose doing it was, as the resident hears it. */
export function responsible(code: ResponsibilityCode, who: string | null): string {
  switch (code) {
    case 'full':
    case 'main':
      return `${code === 'full' ? '' : '主要'}是我们没做好，向您道歉。`
    case 'part':
      return `有一部分是我们没做好，对不起${who === null ? '' : `；另一部分归${who}，我们去联系`}。`
    case 'none':
      return '不属于物业失职；但您的难处是真的，能帮的我们接着帮。'
    case 'thirdParty':
      return `这一处归${who ?? '其他单位'}负责，我们去联系，进展照样告诉您。`
    case 'undetermined':
      return '现有证据认定不了是谁的责任，能做的我们接着做。'
    case 'merged':
      return '和另一件是同一件事，并在一起办。'
    case 'withdrawn':
      return '按您的意思撤回。'
    case 'notAComplaint':
      return '按咨询建议记录，不涉及责任。'
  }
}

/** Line 82: what a number says. */
export const complaints: readonly string[] = ['慢', '结果', '态度', '没说清', '反复', '其他']

/** What is wished for where nothing was said, by the first level of the taxonomy. */
export const impliedDemand = {
  EM: '消除危险',
  EL: '恢复安全运行',
  FS: '消除隐患',
  UT: '恢复正常',
  RP: '修好',
  CL: '清理干净',
  PO: '不再有异味',
  GR: '打理好',
  SE: '管起来',
  PK: '能正常停车',
  NS: '安静下来',
  RN: '去查看制止',
  FE: '说清楚',
  ST: '核实处理',
  CM: '说清楚',
  PV: '查清并停止',
  OT: '处理好',
  SG: '有个答复',
} as const

/** What stands as the words of a case nobody described. */
export const unspoken = {
  mediaOnly: '（只发来图片或语音，没有文字）',
  person: '想跟真人说。',
  recalled: '（住户撤回了一条消息，原文已留存）',
  more: '（住户发来的内容太多，后面的没有列在这里，原文已留存）',
} as const
