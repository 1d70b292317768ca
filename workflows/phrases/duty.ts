import type { DutyChange, Span } from '../duty-changes.ts'
import { days, type Instant } from '../ids.ts'
import { sinceMidnight } from '../local-time.ts'
import type { Card } from '../message.ts'
import type { Gap, Post } from '../roster.ts'
import { clockWords, dateWords, timeWords } from './times.ts'

/** What staff read of leave, swaps and hand-overs. */

/** 明天全天; 11月25日（周三）到11月27日（周五）全天; 明天18:00到11月25日（周三）08:30. */
export function spanWords({ from, until }: Span, now: Instant, zone: string): string {
  const midnight = (at: Instant) => sinceMidnight(zone, at) === 0
  const last = dateWords(until - 1, now, zone)
  const first = dateWords(from, now, zone)
  if (midnight(from) && midnight(until))
    return until - from <= days(1) ? `${first}全天` : `${first}到${last}全天`
  const end = midnight(until) ? `${last}24:00` : timeWords(until, now, zone)
  const sameDay = last === first
  return `${timeWords(from, now, zone)}到${sameDay ? (midnight(until) ? '24:00' : clockWords(until, zone)) : end}`
}

export const duty = {
  whenLeave: '从什么时候请到什么时候？例如“明天”“今天下午”“11月25日到11月27日，原因”。不请了回“算了”。',
  timeUnread: '没看懂时间，请写成“请假 明天”或“请假 11月25日到11月27日，原因”。',
  leaveAlready: (span: string) => `您${span}已经请了假，要改请先回“销假”。`,
  leaveAsked: (span: string, names: string) => `请假${span}，已送${names}审批，批了就告诉您。`,
  leaveItself: (span: string) => `请假${span}，已记录。`,
  leaveGranted: (span: string, name: string | null) => `您的假${name ? `${name}批了` : '已登记'}：${span}。`,
  leaveDenied: (span: string, name: string) => `您的假${name}没有批：${span}。有急事请直接打电话。`,
  leaveLapsed: (span: string) => `您请的假（${span}）没有人批，不算请假，请打电话给主管。`,
  leaveStill: (name: string) => `您的假还没有人批，已再送${name}。`,
  leaveBegins: (until: string, moved: number, kept: number) =>
    `您的假开始了，到${until}。` +
    (moved > 0 ? `手上${String(moved)}件转给别人；` : '') +
    (kept > 0 ? `${String(kept)}件在您回来前不到时限，给您留着；` : '') +
    '这期间不再派单给您，要提前回来回“销假”。',
  leaveOver: (lines: readonly string[]) =>
    lines.length === 0
      ? '您的假到了，手上没有待办，从现在起照常派单。'
      : `您的假到了，从现在起照常派单。手上有${String(lines.length)}件：\n${lines.join('\n')}`,
  leaveEnded: (span: string) => `已销假（${span}），照常派单。`,
  requestTaken: (span: string) => `已撤回（${span}）。`,
  noLeave: (name: string | null) => (name ? `${name}没有请假。` : '您没有请假。'),
  leaveSet: (name: string, span: string, by: string | null) =>
    by ? `${name}请假${span}，${by}批了。` : `${name}请假${span}，已登记。`,
  leaveTaken: (name: string, span: string) => `${name}销假了（${span}）。`,
  gap: ({ department }: Gap, at: string) => `注意：${at}起${department ?? '值班'}没有别的人在岗，请安排。`,
  denied: (name: string, span: string) => `${name}的假没有批（${span}），已告诉他。`,

  swapUnread: '请写成“换班 明晚和王强”；要换他的班再加一句，例如“换班 明晚和王强周五晚”。',
  swapNoShift: (name: string | null) => `${name ?? '您'}那段时间没有排班，不用换。`,
  swapBusy: (name: string) => `${name}那段时间自己有班或请了假，换不了。`,
  swapAlready: (span: string) => `您${span}的班已经在换了，要改请先回“取消换班”。`,
  swapAsked: (name: string, span: string, back: string | null) =>
    `已问${name}：${span}的班由他值${back ? `，${back}的班您替他值` : ''}。他同意了就告诉您。`,
  swapAgreed: (name: string, span: string, back: string | null) =>
    `${name}同意了：${span}的班由${name}值${back ? `，${back}的班由您值` : ''}。`,
  swapDenied: (name: string, span: string) => `${name}不换，${span}的班还是您的。`,
  swapLapsed: (name: string, span: string) => `${name}没有回话，${span}的班还是您的。`,
  swapDone: (a: string, b: string, span: string, back: string | null) =>
    `换班：${span} ${a}的班由${b}值${back ? `，${back} ${b}的班由${a}值` : ''}。`,
  swapUndone: (a: string, b: string, span: string) => `换班取消：${span}的班还是${a}的，${b}不用值。`,
  swapSettled: (name: string) => `已告诉${name}。`,
  noSwap: '您没有在换的班。',

  settled: (name: string, what: DutyChange['kind'], state: DutyChange['state'], by: string | null) =>
    `${name}的${what === 'leave' ? '请假' : '换班'}已经处理过：${stateName[state]}${by ? `（${by}）` : ''}。`,
  settledUnknown: '这件事已经处理过了，不用再点。',
  notYours: '这件事不归您批。',
  which: (lines: readonly string[]) => `有几条等您批，请带上名字，例如“批准 王强”：\n${lines.join('\n')}`,
  waiting: (lines: readonly string[]) => `等您批的：\n${lines.join('\n')}`,
  waitingLine: (name: string, kind: DutyChange['kind'], span: string) =>
    `${name} ${kind === 'leave' ? '请假' : '换班'} ${span}`,
  notLed: (name: string) => `${name}的班和假不归您安排。`,
  unreachable: (name: string) => `${name}没有企业微信账号或不在岗，不会派单给他，不用登记。`,

  dropped: '好，不办了。',

  nothingToHand: '您手上没有要交的事。',
  handTo: (names: readonly string[]) => `交给谁？回名字：${names.join('、')}。不交了回“算了”。`,
  nobodyNext: '现在没有人接班，请写“交班给”加名字。',
  cannotTake: (name: string) => `${name}在请假或不能接单，请换一个人。`,
  handed: (name: string, count: number, kept: readonly string[]) =>
    `${String(count)}件已交给${name}，等他接单。${kept.length > 0 ? `不能交给他、还在您手上的：${kept.join('、')}。` : ''}`,
  nothingGoes: (name: string) => `您手上的事都不能交给${name}，请换一个人。`,
  handedToYou: (name: string, count: number) => `${name}交班给您${String(count)}件，卡片在下面，请逐件接单。`,
  handedBy: (from: string, to: string, count: number) => `${from}手上${String(count)}件已交给${to}。`,
  shiftEnds: (time: string, lines: readonly string[], names: readonly string[], moved: number) =>
    `您的班到${time}结束。${moved > 0 ? `没接的${String(moved)}件已转给下一班。` : ''}手上还有${String(lines.length)}件：\n${lines.join('\n')}\n` +
    (names.length === 0
      ? '下一班没有人，事情还在您手上；要交给别人回“交班给”加名字。'
      : `下一班：${names.join('、')}。全部交回“交班”，单件在卡片上点“转给别人”。`),
  shiftMoved: (time: string, moved: number) => `您的班到${time}结束，没接的${String(moved)}件已转给下一班。`,
  stillYours: (numbers: readonly string[]) =>
    `班已结束，还有${String(numbers.length)}件没交：${numbers.join('、')}。要交回“交班”；不交就由您办到底。`,
  notHanded: (name: string, numbers: readonly string[]) =>
    `${name}已下班，这些重大紧急的事还没交班：${numbers.join('、')}，请安排。`,

  noRoster: '没有排班表。',
  post: ({ department, now, until, next }: Post, untilWords: string | null) => {
    const names = (staff: Post['now']) =>
      staff.length === 0 ? '没有人' : staff.map((s) => s.name).join('、')
    const change = until === null || untilWords === null ? '' : `，到${untilWords}，下一班${names(next)}`
    return `${department ?? '全部门'}：${names(now)}${change}`
  },
  away: (names: readonly string[]) => `请假：${names.join('、')}`,
} as const

const stateName: Readonly<Record<DutyChange['state'], string>> = {
  asked: '待批',
  agreed: '已同意',
  begun: '已同意',
  over: '已结束',
  denied: '没有同意',
  withdrawn: '已撤回',
  lapsed: '过期没有人批',
}

interface RequestFace {
  readonly kind: DutyChange['kind']
  readonly state: DutyChange['state']
  readonly id: number
  readonly name: string
  readonly span: string
  readonly back: string | null
  readonly reason: string | null
}

/** A leave or a swap at whoever must say yes. */
export function requestCard(of: RequestFace): Card {
  const leave = of.kind === 'leave'
  const open = of.state === 'asked'
  return {
    title: leave ? '请假申请' : '换班申请',
    subtitle: of.name,
    tone: open ? 'warning' : 'plain',
    rows: [
      { label: '谁', value: of.name },
      { label: leave ? '时间' : '请您值', value: cut(of.span, 26) },
      ...(of.back === null ? [] : [{ label: '他值', value: cut(of.back, 26) }]),
      { label: '状态', value: stateName[of.state] },
    ],
    text: open
      ? cut(
          of.reason ??
            (leave ? '批了以后，到时候他手上等不了的事自动转给别人。' : '同意后这段时间的任务派给您。'),
          112,
        )
      : '',
    buttons: open
      ? [
          { action: `duty:agree:${String(of.id)}`, label: leave ? '批准' : '同意换班', style: 'primary' },
          { action: `duty:deny:${String(of.id)}`, label: leave ? '不批准' : '不换', style: 'plain' },
        ]
      : [],
    select: null,
  }
}

/** A request of which nothing is left to say yes to. */
export const settledCard: Card = {
  title: '已处理',
  subtitle: '',
  tone: 'plain',
  rows: [],
  text: '这条已经处理过了，不用再点。',
  buttons: [],
  select: null,
}

/** What a shift leaves, and to whom it can go. */
export function shiftCard(
  time: string,
  count: number,
  to: readonly { readonly id: string; readonly name: string }[],
): Card {
  const [only] = to.length === 1 ? to : []
  return {
    title: '交班',
    subtitle: `您的班到${time}结束`,
    tone: 'warning',
    rows: [
      { label: '待交', value: `${String(count)}件` },
      { label: '下一班', value: cut(to.map((s) => s.name).join('、'), 26) },
    ],
    text: '点一下全部交出，由接班的人逐件接单。',
    buttons: [{ action: only ? `duty:hand:${only.id}` : 'duty:hand', label: '全部交班', style: 'primary' }],
    select: only
      ? null
      : {
          key: 'staff',
          title: '交给谁',
          options: to.slice(0, 10).map((s) => ({ id: s.id, label: cut(s.name, 16) })),
        },
  }
}

/** Nothing can be pressed on it any more. */
export const shiftCardOver = (time: string): Card => ({
  title: '交班',
  subtitle: `您的班到${time}结束`,
  tone: 'plain',
  rows: [{ label: '待交', value: '没有了' }],
  text: '',
  buttons: [],
  select: null,
})

function cut(words: string, limit: number): string {
  const characters = [...words]
  return characters.length <= limit ? words : `${characters.slice(0, limit - 1).join('')}…`
}
