import type { ComplaintEvent } from '../complaint/events.ts'
import type { Complaint } from '../complaint/state.ts'
import { responsibilityName, severityName } from '../phrases/cards.ts'
import { desk as words } from '../phrases/staff.ts'
import { severities } from '../severity.ts'
import { taxonomy } from '../taxonomy.ts'
import { answerWanted } from './answers.ts'
import { nameHeard, staffNamed } from './colleagues.ts'
import type { Desk } from './desk.ts'
import { readMoment } from './moments.ts'
import { readStarsIn, splitReason } from './reading.ts'
import type { Wanted } from './state.ts'
import { pauseSaid, transferSaid } from './waiting.ts'

/** What a line that names itself asks for; null where the desk asks back first. */
type Read = (d: Desk, c: Complaint, rest: string) => ComplaintEvent | null

const by = (d: Desk) => ({ by: d.loaded.staff })

/** The whole line, with nothing after it. */
const alone = (word: string) => new RegExp(`^(?:${word})[。！!]?$`, 'u')
/** A word, and what is said with it after a mark or a space: 拒绝整改 is not 拒绝. */
const word = (word: string) => new RegExp(`^(?:${word})(?:[：:，,。\\s]+|$)`, 'u')
/** A heading with its colon. */
const heading = (word: string) => new RegExp(`^(?:${word})[：:]\\s*`, 'u')
/** A word that goes straight into what it takes: 转给张三. */
const verb = (word: string) => new RegExp(`^(?:${word})[：:，,\\s]*`, 'u')

const orAsk =
  (what: Wanted, event: (d: Desk, rest: string, c: Complaint) => ComplaintEvent): Read =>
  (d, c, rest) => {
    if (rest) return event(d, rest, c)
    d.want(what, c.id)
    return null
  }

/** Lines that name what they are. The first pattern that fits is taken; the rest of the line is its argument. */
export const commands: readonly (readonly [RegExp, Read])[] = [
  [alone('接单|我去处理|我去|我来'), (d) => ({ type: 'accept', ...by(d) })],
  [
    word('不能接|不接|拒单|拒绝'),
    orAsk('declineReason', (d, reason) => ({ type: 'decline', ...by(d), reason })),
  ],
  [alone('核实完毕|核实完成|核实完了'), (d) => ({ type: 'verified', ...by(d) })],
  [alone('到场|到现场了|我到了|我到现场了'), (d) => ({ type: 'arrive', ...by(d) })],
  [
    heading('核实|情况|发现'),
    orAsk('finding', (d, text) => ({ type: 'finding', ...by(d), text, media: [] })),
  ],
  [verb('问住户|问业主|问他|问她'), orAsk('question', (d, text) => ({ type: 'ask', ...by(d), text }))],
  [heading('当事人'), orAsk('partyWords', (d, name, c) => nameHeard(d, c, name))],
  [heading('责任'), responsibility],
  [heading('方案'), plan],
  [heading('进展'), orAsk('progress', (d, text) => ({ type: 'progress', ...by(d), text, media: [] }))],
  [word('办完了?|已办完|完成了?|修好了'), done],
  [
    heading('答复|回复'),
    orAsk('reply', (d, text) => ({ type: 'reply', ...by(d), text, media: [], final: true })),
  ],
  [alone('撤销|撤销上一步|点错了'), (d) => ({ type: 'undo', ...by(d) })],
  [heading('(?:申请)?暂停'), pauseSaid],
  [alone('恢复|恢复办理|接着办'), (d) => ({ type: 'resume', ...by(d) })],
  [heading('转第三方|移交第三方'), transferSaid],
  [alone('收回自办|收回'), (d) => ({ type: 'takeBack', ...by(d) })],
  [alone('同意暂停'), (d) => ({ type: 'decidePause', ...by(d), allow: true, words: null })],
  [
    word('不同意暂停'),
    orAsk('pauseDenial', (d, words) => ({ type: 'decidePause', ...by(d), allow: false, words })),
  ],
  [alone('录像已保全|录像已保存|录像保全了'), (d) => ({ type: 'footageKept', ...by(d) })],
  [word('现场无险'), orAsk('standDown', (d, said) => ({ type: 'standDown', ...by(d), words: said }))],
  [
    word('已电话联系|打过电话了|已联系'),
    (d, _c, rest) => ({ type: 'contact', ...by(d), outcome: 'phone', words: rest || null }),
  ],
  [word('没接通|没打通|联系不上'), noAnswer],
  [verb('转给|转交|交给'), (d, c, rest) => move(d, c, rest, 'handOver')],
  [verb('改派给?'), (d, c, rest) => move(d, c, rest, 'reassign')],
  [alone('催办'), (d) => ({ type: 'urge', ...by(d) })],
  [alone('接手|我来接手'), (d) => ({ type: 'takeOver', ...by(d) })],
  [verb('延期到?|延到'), extension],
  [alone('签字(?:同意)?'), (d) => ({ type: 'sign', ...by(d) })],
  [verb('等级|升级为|降为'), severity],
  [verb('改类'), recode],
  [word('回访|已回访'), visit],
  [alone('有效|整改有效'), (d) => ({ type: 'judge', ...by(d), good: true, words: null })],
  [
    word('无效|整改无效'),
    orAsk('effectWords', (d, said) => ({ type: 'judge', ...by(d), good: false, words: said })),
  ],
  [heading('有异议办结'), orAsk('dispute', (d, said) => ({ type: 'closeDisputed', ...by(d), words: said }))],
  [alone('是本人'), (d) => ({ type: 'settleClaim', ...by(d), right: true })],
  [alone('不是本人'), (d) => ({ type: 'settleClaim', ...by(d), right: false })],
]

function responsibility(d: Desk, c: Complaint, rest: string): ComplaintEvent | null {
  const said = rest.replace('·', '')
  const entries = Object.entries(responsibilityName) as [keyof typeof responsibilityName, string][]
  const found = entries.find(([, name]) => said.startsWith(name.replace('·', '')))
  if (!found) {
    d.say(words.chooseCode, { complaint: c.id })
    return null
  }
  const [code, name] = found
  const reason = said.slice(name.replace('·', '').length).replace(/^[：:，,。\s]+/u, '')
  if (code !== 'thirdParty')
    return { type: 'responsibility', ...by(d), code, who: null, words: reason || null }
  if (!reason) {
    d.await('responsibilityWords', c.id, { code })
    d.say(words.whoThirdParty, { complaint: c.id, weight: 'question' })
    return null
  }
  const third = splitReason(reason)
  return { type: 'responsibility', ...by(d), code, who: third.first, words: third.rest || null }
}

function plan(d: Desk, c: Complaint, rest: string): null {
  if (!rest) {
    d.want('plan', c.id)
    return null
  }
  d.await('plan', c.id)
  answerWanted(d, rest)
  return null
}

function done(d: Desk, c: Complaint, rest: string): null {
  if (!rest) {
    d.want('done', c.id)
    return null
  }
  d.await('done', c.id)
  answerWanted(d, rest)
  return null
}

function noAnswer(d: Desk, c: Complaint, rest: string): ComplaintEvent {
  if (c.callback?.by === d.loaded.staff && c.callback.why !== 'asked')
    return { type: 'visit', ...by(d), outcome: 'noAnswer', stars: null, words: rest || null }
  return { type: 'contact', ...by(d), outcome: 'noAnswer', words: rest || null }
}

function move(d: Desk, c: Complaint, rest: string, type: 'handOver' | 'reassign'): ComplaintEvent | null {
  const { first, rest: reason } = splitReason(rest)
  const to = staffNamed(d, c, first)
  if (to) return { type, ...by(d), to: to.id, reason: reason || null }
  if (first) d.say(words.noSuchPerson(first), { complaint: c.id })
  else d.tell(c.id, { type: 'showCard', staff: d.loaded.staff, face: type, anew: false })
  return null
}

function extension(d: Desk, c: Complaint, rest: string): ComplaintEvent | null {
  const moment = readMoment(rest, d.now, d.zone(c))
  if (moment?.rest) return { type: 'extend', ...by(d), until: moment.at, reason: moment.rest }
  d.want('extension', c.id)
  return null
}

function severity(d: Desk, c: Complaint, rest: string): ComplaintEvent | null {
  const { first, rest: reason } = splitReason(rest)
  const to = severities.find((s) => severityName[s] === first || s === first.toUpperCase())
  if (to) return { type: 'severity', ...by(d), to, reason }
  d.say(words.notUnderstood, { complaint: c.id })
  return null
}

function recode(d: Desk, c: Complaint, rest: string): ComplaintEvent | null {
  const entries = Object.entries(taxonomy) as [keyof typeof taxonomy, { name: string }][]
  const exact = entries.find(([code, entry]) => rest.toUpperCase() === code || entry.name === rest)
  const near = rest === '' ? [] : entries.filter(([, entry]) => entry.name.includes(rest))
  const found = exact ?? (near.length === 1 ? near[0] : undefined)
  if (found) return { type: 'recode', ...by(d), code: found[0] }
  d.say(words.noCategory, { complaint: c.id })
  return null
}

function visit(d: Desk, c: Complaint, rest: string): ComplaintEvent | null {
  const [matched, no] = /^(?:(没有?|未|部分)|已)?解决了?[：:，,。\s]*/u.exec(rest) ?? []
  if (matched === undefined) {
    d.want('visitWords', c.id)
    return null
  }
  const said = rest.slice(matched.length)
  const outcome = no === undefined ? 'solved' : 'notSolved'
  return { type: 'visit', ...by(d), outcome, stars: readStarsIn(said), words: said || null }
}
