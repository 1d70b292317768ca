import { staffOf, type Staff } from '../estate.ts'
import { canOwn, isAtWork } from '../duty.ts'
import { hours } from '../ids.ts'
import { duty as words } from '../phrases/duty.ts'
import { desk } from '../phrases/staff.ts'
import { timeWords } from '../phrases/times.ts'
import { homeOf, postsOf, wholeShifts } from '../roster.ts'
import { companyNow, nameIn, spanAt, tellDesk, waitingForMe, zoneAt } from './changes.ts'
import type { Desk } from './desk.ts'
import { decide } from './duty.ts'
import { handOver, orderHandOver } from './handing.ts'
import { ask, askLeave, endLeave, leads } from './leave.ts'
import { beginsWithTime, readRange } from './ranges.ts'
import { askSwap, endSwap } from './swap.ts'

/** A question of duty is forgotten after so long: a line of the next day is not its answer. */
const askingLasts = hours(2)

/** A line about duty: 请假, 销假, 换班, 交班, 值班, a yes or no to somebody's request. Answers whether it was one. */
export function dutyLine(d: Desk, line: string): boolean {
  if (isAnswer(d, line)) return true
  if (/^(?:值班表?|排班表?|谁值班|现在谁值班|今天谁值班)[？?]?$/u.test(line)) return done(showPosts(d))
  if (/^(?:我要)?销假[。！!]?$/u.test(line)) return done(endLeave(d, { change: null, by: d.loaded.staff }))
  if (/^取消换班[。！!]?$/u.test(line)) return done(endSwap(d, null))
  const leave = /^(?:我要?|申请)?请假([\s\S]*)$/u.exec(line)
  if (leave && isTime(d, leave[1] ?? '')) return done(askLeave(d, bare(leave[1])))
  const swap = /^(?:我要?|申请)?换班([\s\S]*)$/u.exec(line)
  if (swap && (/^(?:和|跟|与)/u.test(bare(swap[1])) || isTime(d, swap[1] ?? '')))
    return done(askSwap(d, bare(swap[1])))
  const hand = /^(?:我要?)?交班(?:[：:，,\s]*给?[：:，,\s]*(\S{2,12}))?[。！!]?$/u.exec(line)
  if (hand && (hand[1] === undefined || named(d, hand[1]))) return done(handOver(d, hand[1] ?? ''))
  // 交班给老王 is no news for a resident.
  const stranger = /^(?:我要?)?交班给[：:，,\s]*(\S{1,6})$/u.exec(line)
  if (stranger) return done(d.say(desk.noSuchPerson(stranger[1] ?? '')))
  return ordered(d, line) || answered(d, line)
}

const done = (_: void): true => true

/** 请假 明天; not 请假的师傅回来了: what follows is a time, or set off by a mark. */
const isTime = (d: Desk, rest: string): boolean =>
  rest === '' || /^[\s：:，,。！!]/u.test(rest) || beginsWithTime(rest, d.now, zoneAt(d))

const bare = (text: string | undefined): string => (text ?? '').replace(/^[\s：:，,。！!]+|\s+$/gu, '')

/** The answer to what was asked last: when, or whom. */
function isAnswer(d: Desk, line: string): boolean {
  const { asking } = d.state.duty
  if (asking === null) return false
  ask(d, null)
  if (d.now - asking.since > askingLasts) return false
  if (/^(?:算了|取消|不请了|不交了|退出)[。！!]?$/u.test(line)) return done(d.say(words.dropped))
  if (asking.what === 'leave' && beginsWithTime(line, d.now, zoneAt(d))) return done(askLeave(d, line))
  if (asking.what === 'handTo' && named(d, line)) return done(handOver(d, line))
  return false
}

/** 王强请假 明天, 王强销假, 张建国交班给王强: by somebody above. */
function ordered(d: Desk, line: string): boolean {
  const [, name = '', act, rest = ''] = /^(\S{2,12}?)(请假|销假|交班)([\s\S]*)$/u.exec(line) ?? []
  const staff = named(d, name)
  if (staff === undefined || staff.id === d.loaded.staff) return false
  const company = companyNow(d)
  const to = /^[：:，,\s]*给?[：:，,\s]*(\S{2,12})$/u.exec(rest)?.[1]
  if (act === '请假' ? !isTime(d, rest) : act === '交班' ? to === undefined || !named(d, to) : rest !== '')
    return false
  if (!leads(company, d.loaded.staff, staff)) return done(d.say(words.notLed(staff.name)))
  if (!canOwn(staff)) return done(d.say(words.unreachable(staff.name)))
  if (act === '交班') return done(orderHandOver(d, staff, to ?? ''))
  if (act === '销假') {
    tellDesk(d, staff.id, { do: 'endLeave', change: null, by: d.loaded.staff })
    return true
  }
  const range = readRange(bare(rest), d.now, zoneAt(d))
  if (range === null || range.until <= d.now) return done(d.say(words.timeUnread))
  const { from, until } = range.byDay ? wholeShifts(company, staff.id, range, d.now) : range
  tellDesk(d, staff.id, { do: 'leave', from, until, by: d.loaded.staff })
  return true
}

/** A colleague of this name, or anybody of the company for whom belongs to no estate. */
const named = (d: Desk, name: string): Staff | undefined =>
  name === ''
    ? undefined
    : staffOf(d.context.company, homeOf(d.context.company, d.loaded.staff)).find((s) => s.name === name)

/** 同意, 批准, 不批准 王强, 不换: only while something of the kind waits for this person's word. */
function answered(d: Desk, line: string): boolean {
  const match = /^(不)?(同意|批准|批|准|换)了?(?:[：:，,\s]*(\S{2,12}))?[。！!]?$/u.exec(line)
  if (match === null) return false
  const [, no, verb, name] = match
  const kind = verb === '同意' ? null : verb === '换' ? 'swap' : 'leave'
  const meant = waitingForMe(d).filter(
    (c) => (kind === null || c.kind === kind) && (name === undefined || nameIn(d, c.staff) === name),
  )
  const [only] = meant
  if (only === undefined) return false
  if (meant.length > 1) d.say(words.which(waitingLines(d)), { weight: 'question' })
  else decide(d, only.id, no === undefined)
  return true
}

/** What waits for this person's yes, for 待办. */
export const waitingLines = (d: Desk): readonly string[] =>
  waitingForMe(d).map((c) => words.waitingLine(nameIn(d, c.staff), c.kind, spanAt(d, c)))

/** Who is on duty now and next where this person works. */
function showPosts(d: Desk): void {
  const company = companyNow(d)
  const home = homeOf(company, d.loaded.staff)
  const estates = home ? [home] : company.estates
  const lines = estates.flatMap((estate) => {
    const zone = estate.calendar.timezone
    const posts = postsOf(company, estate, d.now).map((post) =>
      words.post(post, post.until === null ? null : timeWords(post.until, d.now, zone)),
    )
    const away = staffOf(company, estate).filter((s) => !isAtWork(company, s.id, d.now))
    return [
      ...(estates.length > 1 ? [`【${estate.name}】`] : []),
      ...(posts.length === 0 ? [words.noRoster] : posts),
      ...(away.length === 0 ? [] : [words.away(away.map((s) => s.name))]),
    ]
  })
  d.say(lines.join('\n'))
}
