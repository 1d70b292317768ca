import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { pixel } from '../support/phones.ts'
import { appLines, isMarked, isOf, members, shownTo, uncertain, unmarked, type Stage } from './lives.ts'
import { filesIn } from './machine.ts'

/** One whole life, and one reminder, as they went while nobody was killed: what all others are held to. */
export interface Calm {
  /** What the resident was shown. */
  readonly resident: readonly string[]
  readonly timeline: readonly string[]
  readonly reminded: { readonly timeline: readonly string[] }
  /** What staff were shown in both. */
  readonly staff: Tally
}

export interface Lives {
  /** By resident. */
  readonly whole: ReadonlyMap<string, string>
  readonly reminded: readonly string[]
}

/** What the platforms' records say against the program's rows; each a sentence. */
export interface Reckoning {
  readonly in: number
  readonly out: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly marked: number
  readonly letGo: number
  readonly notHandedOver: number
  readonly givenUp: number
}

type Tally = ReadonlyMap<string, number>

const sum = (tally: Tally): number => [...tally.values()].reduce((total, n) => total + n, 0)

/** A line without what differs from case to case: numbers and days. */
const shapeOf = (line: string): string =>
  line
    .replace(/TS-\d{8}-\d{4,}/g, '№')
    .replace(/今天|明天|后天/g, '')
    .replace(/\d+/g, '0')

/** What a ladder says depends on how long the case has waited, so on the kills: held to being said once alone. */
const ofLadder = /提醒：|督办|已转给|超时|没有人|请回“收到”/

function tallied(lines: readonly string[]): Map<string, number> {
  const tally = new Map<string, number>()
  for (const line of lines) tally.set(line, (tally.get(line) ?? 0) + 1)
  return tally
}

const staffPhones = members.map(({ userid }) => userid).filter((userid) => userid !== 'LinTao')

function picturesOf({ platforms }: Stage, who: string): string[] {
  return platforms.simulator.wecom
    .phone(who)
    .items.flatMap(({ from, type }) => (from === 'app' && type === 'image' ? ['[image]'] : []))
}

const linesOfStaff = (stage: Stage): string[] =>
  staffPhones.flatMap((who) => [
    ...appLines(stage.platforms, who).filter((line) => !ofLadder.test(line)),
    ...picturesOf(stage, who),
  ])

/** What is uncertain of sends to these people, by shape. */
function uncertainTally(stage: Stage, people: readonly string[]): Tally {
  const bodies = people.flatMap((who) => uncertain(stage, who))
  return tallied(
    bodies.map((body) => {
      const said = body === '' ? {} : (JSON.parse(body) as { text?: string; type?: string })
      return said.text === undefined
        ? `[${said.type === 'media' ? 'image' : (said.type ?? 'card')}]`
        : shapeOf(said.text)
    }),
  )
}

interface Entry {
  readonly seq: number
  readonly type: string
  readonly at: number
}

const timelineOf = ({ machine }: Stage, number: string): readonly Entry[] =>
  machine.rows<Entry>(
    `select seq, type, at from timeline where complaint = (select id from complaints where number = '${number}') order by seq`,
  )

/** How far the ladder came while the program was dead is no part of it, nor whom the case went to then. */
const typesOf = (entries: readonly Entry[]): readonly string[] =>
  entries
    .map(({ type }) => type)
    .filter((type) => !/^(remind|escalat|promise|unheard|alert|missed|notAccepted)/.test(type))
    .filter((type, i, all) => type !== 'assigned' || all[i - 1] !== 'assigned')

export function calmOf(stage: Stage, { whole, reminded }: Lives): Calm {
  const [[resident, number] = ['', '']] = [...whole]
  return {
    resident: shownTo(stage.platforms, resident).map(shapeOf),
    timeline: typesOf(timelineOf(stage, number)),
    reminded: { timeline: typesOf(timelineOf(stage, reminded[0] ?? '')) },
    staff: tallied(linesOfStaff(stage).map(shapeOf)),
  }
}

/** Everything that was sent in and everything the platforms received, against the program's rows and the calm life. */
export function reckon(stage: Stage, calm: Calm, lives: Lives): Reckoning {
  const lost: string[] = []
  const doubled: string[] = []
  const tell = (list: string[]) => (what: string) => void list.push(what)
  const inbound = reckonInbound(stage, tell(lost))
  const residents = [...lives.whole.keys()].map((who) =>
    reckonResident(stage, calm, who, tell(lost), tell(doubled)),
  )
  const staff = reckonStaff(stage, calm, lives, tell(lost), tell(doubled))
  reckonTimelines(stage, calm, lives, tell(lost), tell(doubled))
  reckonFiles(stage, lives, tell(lost), tell(doubled))
  const all = [...residents, staff]
  return {
    ...inbound,
    out: members.flatMap(({ userid }) => appLines(stage.platforms, userid)).length + shownAll(stage, lives),
    lost,
    doubled,
    marked: all.reduce((total, { marked }) => total + marked, 0),
    letGo: all.reduce((total, { letGo }) => total + letGo, 0),
  }
}

const shownAll = ({ platforms }: Stage, { whole }: Lives): number =>
  [...whole.keys()].reduce((total, who) => total + shownTo(platforms, who).length, 0)

/** Each message in is one row, which was decided; but for what its platform never handed over. */
function reckonInbound(stage: Stage, lost: (what: string) => void) {
  const { platforms, machine } = stage
  const rows = machine.rows<{ channel: string; messageId: string; state: string }>(
    'select channel, message_id as messageId, state from inbox where message_id is not null',
  )
  const state = new Map(rows.map((row) => [`${row.channel} ${row.messageId}`, row.state]))
  const { wechat } = platforms.simulator
  const never = platforms.notHandedOver()
  const said = wechat
    .contacts()
    .flatMap(({ id }) => wechat.phone(id).flatMap((item) => (item.from === 'me' ? [item.id] : [])))
  let notHandedOver = 0
  for (const id of said) {
    if (state.get(`wechaty ${id}`) === 'done') continue
    if (never.has(id) && !state.has(`wechaty ${id}`)) notHandedOver += 1
    else lost(`WeChat message ${id}: ${state.get(`wechaty ${id}`) ?? 'not there'}`)
  }
  let givenUp = 0
  for (const { id, acked, failed } of platforms.callbacks.values()) {
    if (state.get(`wecom ${id}`) === 'done') continue
    if (!acked && !state.has(`wecom ${id}`)) givenUp += 1
    else
      lost(
        `callback ${id} (failed ${failed} times, ${acked ? '' : 'not '}acked): ${state.get(`wecom ${id}`) ?? 'not there'}`,
      )
  }
  for (const row of rows) if (row.state !== 'done') lost(`${row.channel} ${row.messageId} is ${row.state}`)
  return { in: said.length + platforms.callbacks.size, notHandedOver, givenUp }
}

/** Word for word the calm life, but for marked repeats and what was let go. */
function reckonResident(
  stage: Stage,
  calm: Calm,
  who: string,
  lost: (what: string) => void,
  doubled: (what: string) => void,
): { marked: number; letGo: number } {
  const shown = shownTo(stage.platforms, who)
  const plain = tallied(shown.filter((line) => !isMarked(line)).map(shapeOf))
  const marked = tallied(shown.filter(isMarked).map((line) => shapeOf(unmarked(line))))
  const letGo = uncertainTally(stage, [who])
  for (const [shape, times] of tallied(calm.resident)) {
    const came = plain.get(shape) ?? 0
    const again = marked.get(shape) ?? 0
    if (came + again + (letGo.get(shape) ?? 0) < times) lost(`${who} was never told ${shape}`)
    if (came > times || again > times) doubled(`${who} was told ${came} times, and ${again} marked: ${shape}`)
  }
  for (const shape of [...plain.keys(), ...marked.keys()])
    if (!calm.resident.includes(shape)) doubled(`${who} was told what nobody is: ${shape}`)
  const order = [...new Set(shown.map((line) => shapeOf(unmarked(line))))]
  const due = calm.resident.filter((shape) => order.includes(shape))
  if (order.join('\n') !== due.join('\n')) doubled(`${who} was told in another order: ${order.join(' / ')}`)
  return { marked: sum(marked), letGo: sum(letGo) }
}

/** 企业微信 refuses a repeat of the same body for a while: each line, picture and card is on a phone once. */
function reckonStaff(
  stage: Stage,
  calm: Calm,
  { whole, reminded }: Lives,
  lost: (what: string) => void,
  doubled: (what: string) => void,
): { marked: number; letGo: number } {
  const { wecom } = stage.platforms.simulator
  const lines = linesOfStaff(stage)
  const plain = tallied(lines.filter((line) => !isMarked(line)).map(shapeOf))
  const marked = tallied(lines.filter(isMarked).map((line) => shapeOf(unmarked(line))))
  const letGo = uncertainTally(stage, staffPhones)
  for (const [shape, inCalm] of calm.staff) {
    // The calm stage lived one of each.
    const ofReminded = /电话告知|建议/.test(shape)
    const both = /已接单/.test(shape)
    const due = both ? whole.size + reminded.length : inCalm * (ofReminded ? reminded.length : whole.size)
    const came = plain.get(shape) ?? 0
    const sure = came + (marked.get(shape) ?? 0) + (letGo.get(shape) ?? 0)
    if (sure < due) lost(`staff were told ${came} times of ${due}: ${shape}`)
    if (came > due) doubled(`staff were told ${came} times of ${due}: ${shape}`)
  }
  for (const shape of [...plain.keys(), ...marked.keys()])
    if (!calm.staff.has(shape)) doubled(`staff were told what nobody is: ${shape}`)
  for (const { userid } of members) {
    const lines = appLines(stage.platforms, userid).filter((line) => ofLadder.test(line))
    for (const [line, times] of tallied(lines))
      if (times > 1) doubled(`${userid} read ${times} times: ${line}`)
  }
  for (const number of [...whole.values(), ...reminded]) {
    const cards = members.flatMap(({ userid }) => wecom.phone(userid).items.filter(isOf(number)))
    const of = (own: string) => cards.filter(({ card }) => card.rows.some((row) => row.value === own))
    if (of(number).length === 0) lost(`no card of ${number}`)
    if (new Set(cards.map(({ card }) => card.taskId)).size !== cards.length) doubled(`cards of ${number}`)
  }
  return { marked: sum(marked), letGo: sum(letGo) }
}

function reckonTimelines(
  stage: Stage,
  calm: Calm,
  { whole, reminded }: Lives,
  lost: (what: string) => void,
  doubled: (what: string) => void,
): void {
  const check = (number: string, due: readonly string[]): void => {
    const entries = timelineOf(stage, number)
    const types = typesOf(entries)
    if (types.join() !== due.join()) {
      const list = types.length > due.length ? doubled : lost
      list(`timeline of ${number}: ${types.join()} and not ${due.join()}`)
    }
    if (entries.some(({ seq }, i) => seq !== i + 1)) lost(`timeline of ${number} has a gap`)
    if (entries.some(({ at }, i) => at < (entries[i - 1]?.at ?? 0))) lost(`timeline of ${number} goes back`)
  }
  for (const number of whole.values()) check(number, calm.timeline)
  for (const number of reminded) check(number, calm.reminded.timeline)
  const cases = stage.machine.rows<{ n: number }>('select count(*) as n from complaints')[0]?.n ?? 0
  if (cases > whole.size + reminded.length) doubled(`${cases} cases of ${whole.size + reminded.length}`)
  if (cases < whole.size + reminded.length) lost(`${cases} cases of ${whole.size + reminded.length}`)
  const late = stage.machine.rows(`select kind, id from timers where due < ${Date.now() - 5_000}`)
  if (late.length > 0) lost(`${late.length} timers are due and did not fire`)
}

/** Every picture is there byte for byte, and no half is left of any, nor of a copy of the database, nor in the spool. */
function reckonFiles(
  { machine }: Stage,
  { whole }: Lives,
  lost: (what: string) => void,
  doubled: (what: string) => void,
): void {
  const media = machine.rows<{ state: string; sha256: string | null }>('select state, sha256 from media')
  const wanted = createHash('sha256').update(pixel).digest('hex')
  const saved = media.filter(({ state, sha256 }) => state === 'saved' && sha256 === wanted).length
  if (saved < 2 * whole.size) lost(`${saved} pictures of ${2 * whole.size}`)
  if (saved > 2 * whole.size) doubled(`${saved} pictures of ${2 * whole.size}`)
  const files = filesIn(machine.dataDir)
  const kept = files.find((file) => basename(file) === wanted)
  if (kept === undefined || !readFileSync(kept).equals(pixel)) lost('the picture on the disk')
  const halves = files.filter((file) => /\.(part|tmp)$|media.part./.test(file.slice(machine.dataDir.length)))
  for (const half of halves) doubled(`left over: ${half}`)
  for (const entry of filesIn(join(machine.dataDir, 'spool/messages'))) lost(`still in the spool: ${entry}`)
  for (const copy of files.filter((file) => /backups.before-[^/]*\.db$/.test(file)))
    if (!isWhole(copy)) lost(`broken copy ${copy}`)
}

function isWhole(file: string): boolean {
  const copy = new Sqlite(file, { readonly: true })
  try {
    return copy.pragma('integrity_check', { simple: true }) === 'ok'
  } finally {
    copy.close()
  }
}
