import type { Complaint, PromiseMade, ResponsibilityCode } from '../complaint/state.ts'
import type { EstateId, Instant, StaffId } from '../ids.ts'
import type { KeepFor, KeptCase, KeptEntry, KeptMessage, KeptOfPerson } from '../kept.ts'
import { localParts } from '../local-time.ts'
import type { MediaKind } from '../message.ts'
import { taxonomy } from '../taxonomy.ts'
import { responsible } from './news.ts'
import { placeWords } from './places.ts'
import { keptFor, promised, states } from './resident.ts'

/** What the copy is written with. */
export interface CopyContext {
  readonly now: Instant
  readonly timezone: string
  readonly company: string
  readonly keep: KeepFor
  /** A language model of somebody else's reads along. */
  readonly model: boolean
  readonly nameOf: (staff: StaffId | null) => string | null
  readonly estateOf: (estate: EstateId | null) => string | null
}

/**
 * All that is kept of a person, for that person to read (PIPL 45). Of their cases it says what they may see of them: no
 * other resident's words, no number of anybody else, names of staff as the case told them. The longest comes last.
 */
export function copyFor(kept: KeptOfPerson, context: CopyContext): string {
  const time = (at: Instant): string => momentWords(at, context.timezone)
  const held = kept.cases.filter(({ complaint }) => complaint.onHold !== null)
  return [
    [
      `《您的个人信息》`,
      `${context.company}记录的您的信息，截至${time(context.now)}。只发给您本人，请别转发。`,
    ],
    ['一、您是谁', ...who(kept, context, time)],
    ['二、告知和同意', ...consents(kept, context, time)],
    [
      '三、存多久',
      ...keptFor(context.keep),
      ...held.map(({ complaint }) => `${complaint.number}依法须留，暂停删除，解除后照上面的期限。`),
      '要早点删，回“删除我的资料”。',
    ],
    ['四、图片、语音和文件', files(kept)],
    [
      `五、您反映的事（${String(kept.cases.length)}件）`,
      ...kept.cases.flatMap((one, i) => aCase(one, i + 1, context, time)),
    ],
    messages(kept.messages, time),
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

type Time = (at: Instant) => string

/** 2026-11-24 10:05. */
function momentWords(at: Instant, timezone: string): string {
  const { year, month, day, hour, minute } = localParts(timezone, at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${String(year)}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
}

const none = '没有留'

function who({ facts, chats }: KeptOfPerson, { estateOf }: CopyContext, time: Time): readonly string[] {
  return [
    `称呼：${facts.name ?? none}`,
    `电话：${facts.phone ?? none}`,
    `住址：${facts.household === null ? none : placeWords({ ...facts.household, area: null })}`,
    `小区：${estateOf(facts.estate) ?? '没有记'}`,
    ...chats
      .filter(({ channel }) => channel !== 'api')
      .map(
        ({ shownName, since }) =>
          `微信：${shownName === null ? '' : `昵称“${shownName}”，`}账号标识一个，${time(since)}起`,
      ),
    ...(facts.minor ? ['您说过未成年，只记发生了什么。'] : []),
  ]
}

function consents({ facts, chats, cases }: KeptOfPerson, { model }: CopyContext, time: Time): string[] {
  const noticed = chats.flatMap((chat) => (chat.noticed === null ? [] : [chat.noticed]))
  const anonymous = cases
    .filter(({ complaint }) => complaint.anonymous)
    .map(({ complaint }) => complaint.number)
  return [
    noticed.length === 0
      ? '个人信息告知：没有在这里发过'
      : `个人信息告知：${noticed.map(time).join('、')}发给您，之后您留了信息`,
    ...(facts.phoneRefused ? ['电话：您说过不留，没有再问'] : []),
    ...(anonymous.length > 0 ? [`不显示您是谁：${anonymous.join('、')}`] : []),
    model
      ? '委托外部语言模型一起读文字：是，先去掉姓名、电话、证件号、车牌、账号和楼栋房号'
      : '委托外部语言模型：没有',
    '带身份转给外单位：没有',
  ]
}

const kinds: Readonly<Record<MediaKind, string>> = {
  image: '图片',
  voice: '语音',
  video: '视频',
  file: '文件',
}

function files({ files }: KeptOfPerson): string {
  if (files.length === 0) return '没有'
  const counted = Object.entries(kinds).flatMap(([kind, name]) => {
    const all = files.filter((file) => file.kind === kind)
    const gone = all.filter((file) => !file.kept).length
    return all.length === 0
      ? []
      : [`${name}${String(all.length)}份${gone > 0 ? `（其中${String(gone)}份已删除）` : ''}`]
  })
  return `您发来的：${counted.join('，')}。原件就在您的聊天里；要我们存的那份，回“人工”。`
}

function aCase(one: KeptCase, n: number, context: CopyContext, time: Time): readonly string[] {
  const c = one.complaint
  const { about } = c
  // Begun by another household, and passed on to this one: what stands before that is theirs.
  const passed = one.timeline.findLastIndex(({ type, data }) => type === 'withdrawn' && 'passedTo' in data)
  const own = passed < 0
  const shown = one.timeline.slice(passed + 1).filter((entry) => !isHeldBack(c, entry, one.timeline))
  const home = about.household === null ? null : placeWords({ ...about.household, area: null })
  return [
    `${String(n)}. ${c.number} ${own ? about.summary : ''}`.trimEnd(),
    `${taxonomy[c.code].name}，${states[c.status]}；${placeWords(about.place)}`,
    ...(own && about.demand !== null ? [`您希望：${about.demand}`] : []),
    ...whoInCase([
      ['称呼', about.name],
      ['电话', about.phone],
      ['住址', home],
    ]),
    ...shown.flatMap((entry) => {
      const words = entryWords(entry, c, context, time)
      return words === null ? [] : [`${time(entry.at)} ${words}`]
    }),
    ...c.promises.map((p) => `说好${time(p.at)}前${promised[p.what]}：${becameOf(p)}`),
    ...(c.rating === null ? [] : [`您的评价：${String(c.rating.stars)}星（${time(c.rating.at)}）`]),
  ]
}

function whoInCase(known: readonly (readonly [string, string | null])[]): readonly string[] {
  const told = known.flatMap(([label, value]) => (value === null ? [] : [`${label}${value}`]))
  return told.length === 0 ? [] : [`单子里留的：${told.join('，')}`]
}

const pressed = { responsibility: 'responsibility', plan: 'planned', done: 'done' } as const

/** A press that can still be taken back was not told yet. */
function isHeldBack(c: Complaint, entry: KeptEntry, timeline: readonly KeptEntry[]): boolean {
  if (c.held === null) return false
  const type = pressed[c.held.act]
  return entry === timeline.findLast((e) => e.type === type)
}

function becameOf(p: PromiseMade): string {
  if (p.kept !== null) return p.broken ? '晚了才做到' : '按时做到'
  if (p.replaced !== null) return '后来另约了时间或已结束'
  return p.broken ? '没做到' : '还没到时间'
}

/** What the resident may see of one entry; null: it is none of theirs (reminders, other households, inner notes). */
function entryWords(
  { type, staff, data, words }: KeptEntry,
  c: Complaint,
  { nameOf }: CopyContext,
  time: Time,
): string | null {
  const name = nameOf(staff) ?? '同事'
  const said = words === null ? '' : `：${words}`
  switch (type) {
    // What was written down by hand stands in no message.
    case 'registered':
      return c.channel === 'api' ? `同事替您登记${said}` : '您反映了这件事'
    case 'accepted':
    case 'takenOver':
      return `${name}经办`
    case 'contacted':
    case 'visited':
      return data.outcome === 'noAnswer' ? `${name}给您打电话，没接通` : `${name}联系了您`
    case 'arrived':
      return `${name}到了现场`
    case 'asked':
      return `${name}问您${said}`
    case 'replied':
      return `${name}答复${said}`
    case 'finding':
      return `查看情况${said}`
    case 'responsibility':
      return `查清原因：${responsible(data.code as ResponsibilityCode, c.responsibility?.who ?? null)}${words === null ? '' : `情况是${said}`}`
    case 'planned':
      return `方案${said}（${time(Number(data.promise))}前办完）`
    case 'extended':
      return `时间改到${time(Number(data.until))}${said}`
    case 'progress':
      return `进展${said}`
    case 'done':
      return `办完${said}`
    case 'stoodDown':
      return `现场无险${said}`
    case 'transferred':
      return `归外单位办${said}`
    case 'disputed':
      return `按有异议办结${said}`
    case 'notSolved':
      return data.partly === true ? '您说部分解决' : '您说没解决'
    case 'rated':
      return `您评了${String(data.stars)}星`
    case 'wantsPerson':
      return data.doubt === true ? null : '您要找同事说'
    default:
      return plainly.get(type) ?? null
  }
}

const plainly: ReadonlyMap<string, string> = new Map(
  Object.entries({
    assigned: '派给了同事',
    handedOver: '转给了别的同事',
    reassigned: '转给了别的同事',
    supplemented: '您补充了内容',
    amended: '您补充了地点或联系方式',
    answered: '您回答了',
    comment: '您留了意见',
    urgedByResident: '您催了一次',
    danger: '您说有危险',
    noDanger: '您说没有危险',
    alarmRaised: '按险情通知值班',
    undone: '同事撤回了上一步',
    paused: '暂停计时',
    resumed: '接着办',
    takenBack: '改由我们自己办',
    merged: '并入同一件事办理',
    separated: '分开单独办理',
    solved: '您说已解决',
    reopened: '重新打开',
    withdrawn: '您撤回了',
    closed: '办结',
    unreachable: '微信联系不上您',
    untold: '有消息没送到您',
    toldByPhone: '没送到的消息已告知您',
    phoneRevealed: '同事为办这件事查看了您的电话',
    hold: '依法须留，暂停删除',
    released: '不用再留，恢复正常保存期限',
    forgotten: '按您的要求删除个人信息',
    forgetWanted: '您要求删除，依法须留的封存到不用再留为止',
    exported: '按您的要求给了您一份个人信息',
  }),
)

function messages(all: readonly KeptMessage[], time: Time): readonly string[] {
  const lines = all.flatMap(({ at, inGroup, content }) => {
    const words = contentWords(content)
    return words === null ? [] : [`${time(at)}${inGroup ? '（群里）' : ''} ${words}`]
  })
  return [`六、您发来的话（${String(lines.length)}条）`, ...lines]
}

function contentWords(content: KeptMessage['content']): string | null {
  switch (content.type) {
    case 'text':
      return content.text === '' ? null : content.text
    case 'media':
      return `［${kinds[content.kind]}］`
    case 'location':
      return `［位置］${content.label ?? ''}`
    case 'link':
      return `［链接］${[content.title, content.url].join(' ')}`
    case 'recall':
      return '［撤回了一条消息］'
    case 'sticker':
    case 'press':
    case 'entered':
    case 'left':
    case 'unknown':
      return null
  }
}

/** A chat bubble that can still be read, and one more than a person scrolls through. */
const mostInPart = 1_500
const mostParts = 20

/** As messages of a chat, cut between lines where that is possible; what is too much is said to be had from a person. */
export function inParts(text: string): readonly string[] {
  const parts: string[] = []
  let part = ''
  for (const line of text.split('\n').flatMap(pieces)) {
    if (part !== '' && part.length + line.length >= mostInPart) {
      parts.push(part)
      part = ''
    }
    part += part === '' ? line : `\n${line}`
  }
  parts.push(part)
  const rest = parts.splice(mostParts)
  if (rest.length > 0)
    parts.push(
      `还有${String(rest.join('').length)}个字太长，没有发在这里。要全部，回“人工”，同事核对身份后15个工作日内给您整份。`,
    )
  return parts.map((words, i) =>
    parts.length === 1 ? words : `（${String(i + 1)}/${String(parts.length)}）\n${words}`,
  )
}

/** Between characters, never inside one. */
function pieces(line: string): readonly string[] {
  if (line.length < mostInPart) return [line]
  const cut: string[] = []
  let piece = ''
  for (const character of line) {
    if (piece.length + character.length >= mostInPart) {
      cut.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...cut, piece]
}
