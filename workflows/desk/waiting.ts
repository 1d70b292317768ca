import type { ComplaintEvent } from '../complaint/events.ts'
import { pauseReasons, type AskedPauseReason, type Complaint } from '../complaint/state.ts'
import { desk as words } from '../phrases/staff.ts'
import type { Desk } from './desk.ts'
import { readMoment } from './moments.ts'
import { splitReason } from './reading.ts'

/** What staff say of a case that waits for somebody else. */

export const pauseReasonOf = (id: string | undefined): AskedPauseReason | undefined =>
  pauseReasons.find((why): why is AskedPauseReason => why === id && why !== 'question')

/** What a reason is called in a line; waiting for somebody is the rest of them. */
const saidAs: readonly (readonly [RegExp, AskedPauseReason])[] = [
  [/维修(?:资金|基金)|专项资金/u, 'fund'],
  [/业主(?:大会|共同|表决|投票|同意)|表决|投票|业委会/u, 'vote'],
  [/天气|下雨|雨|台风|大风|高温|低温|雪|结冰|寒潮/u, 'weather'],
  [/政府|街道|社区|住建|城管|环保|消防部门|停工|禁止施工|封控|管制|高考|中考/u, 'order'],
  [/等|厂家|配件|外单位|公司|供应商/u, 'thirdParty'],
]

/** “暂停：等配件厂家，下周三前复查”. Without a reason it is chosen on the card; without a time the rest is asked for. */
export function pauseSaid(d: Desk, c: Complaint, rest: string): ComplaintEvent | null {
  const why = saidAs.find(([pattern]) => pattern.test(rest))?.[1]
  if (!why) {
    d.say(words.whyPause, { complaint: c.id })
    d.tell(c.id, { type: 'showCard', staff: d.loaded.staff, face: 'wait', anew: true })
    return null
  }
  const asked = read(d, c, why, rest)
  if (asked === null) d.want('pauseWords', c.id, { why })
  return asked
}

/** The words a press asked for: what is waited for, and when it is looked at again. */
export function finishPause(d: Desk, c: Complaint, why: AskedPauseReason, line: string): void {
  const asked = read(d, c, why, line)
  if (asked) d.finish(c.id, asked)
  else d.say(words.timeUnread, { complaint: c.id })
}

function read(d: Desk, c: Complaint, why: AskedPauseReason, line: string): ComplaintEvent | null {
  const moment = readMoment(line, d.now, d.zone(c))
  if (!moment) return null
  const what = moment.rest.replace(/[，,、；;\s]*(?:再)?(?:复查|再看|再联系|回来看)[。！!]?$/u, '')
  return { type: 'pause', by: d.loaded.staff, why, words: what || line, until: moment.at }
}

/** “转第三方：供电公司，外线检修”: who, and what they do. */
export function transferSaid(d: Desk, c: Complaint, rest: string): ComplaintEvent | null {
  const { first: who, rest: what } = splitReason(rest)
  if (who && what) return { type: 'transfer', by: d.loaded.staff, who, words: what }
  d.want('transfer', c.id)
  return null
}

export function finishTransfer(d: Desk, c: Complaint, line: string): void {
  const event = transferSaid(d, c, line)
  if (event) d.finish(c.id, event)
}
