import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { backupsIn, checkBackup } from '../../db/backup.ts'
import { pixel } from '../support/phones.ts'
import {
  isMarked,
  members,
  residentId,
  shownTo,
  shownToStaff,
  staffOf,
  uncertain,
  unmarked,
  type Stage,
} from './lives.ts'
import { filesIn } from './machine.ts'

/** One whole life, and one wish, as they went while nobody was killed: what all others are held to. */
export interface Calm {
  /** What the resident was shown, in order. */
  readonly resident: readonly string[]
  /** What whoever looked after each was shown. */
  readonly staff: Readonly<Record<Kind, Tally>>
  /** What everybody else was shown: who is told of the year alone, once. */
  readonly others: ReadonlyMap<string, Tally>
  readonly timeline: Readonly<Record<Kind, string>>
}

type Kind = 'whole' | 'wish'

/** The numbers of the cases, by the ordinals of their lives. */
export type Lives = Readonly<Record<Kind, ReadonlyMap<number, string>>>

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

/** Where a finding is written down. */
interface Findings {
  readonly lost: string[]
  readonly doubled: string[]
}

/** A line without what differs from case to case: numbers and days. */
const shapeOf = (line: string): string =>
  line
    .replace(/TS-\d{8}-\d{4,}/g, '№')
    .replace(/今天|明天|后天/g, '')
    // It quotes what was let go.
    .replace(/电话任务：.*/s, '电话任务')
    .replace(/\d+/g, '0')

function tallied(lines: readonly string[]): Map<string, number> {
  const tally = new Map<string, number>()
  for (const line of lines) tally.set(line, (tally.get(line) ?? 0) + 1)
  return tally
}

const sum = (tally: Tally): number => [...tally.values()].reduce((total, n) => total + n, 0)

interface Entry {
  readonly seq: number
  readonly type: string
  readonly at: number
}

const timelineOf = ({ machine }: Stage, number: string): readonly Entry[] =>
  machine.rows<Entry>(
    `select seq, type, at from timeline where complaint = (select id from complaints where number = '${number}') order by seq`,
  )

/** What is let go is told by telephone instead: that is recorded, and of a case that is over the number is given as well. */
const isByTelephone = ({ type }: Entry): boolean => type === 'untold' || type === 'phoneRevealed'

const typesOf = (entries: readonly Entry[]): string =>
  entries
    .filter((entry) => !isByTelephone(entry))
    .map(({ type }) => type)
    .join()

/** What whoever has the case is told of that. */
const telephoned: Readonly<Record<string, string>> = {
  untold: '№ 电话任务',
  phoneRevealed: '№ 住户 0。仅限办理此事，0小时内撤回。',
}

/** After the first life of each kind, and before any other. */
export function calmOf(stage: Stage, lives: Lives): Calm {
  const staff = (kind: Kind): Tally => tallied(shownToStaff(stage.platforms, staffOf(kind, 0)).map(shapeOf))
  const mine = [staffOf('whole', 0), staffOf('wish', 0)]
  const others = members.flatMap(({ userid }): [string, Tally][] =>
    mine.includes(userid) ? [] : [[userid, tallied(shownToStaff(stage.platforms, userid).map(shapeOf))]],
  )
  const timeline = (kind: Kind): string => typesOf(timelineOf(stage, lives[kind].get(0) ?? ''))
  return {
    resident: shownTo(stage.platforms, residentId(0)).map(shapeOf),
    staff: { whole: staff('whole'), wish: staff('wish') },
    others: new Map(others),
    timeline: { whole: timeline('whole'), wish: timeline('wish') },
  }
}

/**
 * Everything that was sent in and everything the platforms received, against the program's rows and the calm lives. Who
 * waited `inVain` did not get what was due to them; what else came of lives that broke off is held to nothing.
 */
export async function reckon(
  stage: Stage,
  calm: Calm,
  lives: Lives,
  inVain: readonly string[],
): Promise<Reckoning> {
  const found: Findings = { lost: [...inVain], doubled: [] }
  const inbound = reckonInbound(stage, found)
  if (inVain.length > 0) return { ...inbound, out: 0, marked: 0, letGo: 0, ...found }
  const told = reckonTold(stage, calm, lives, found)
  reckonCases(stage, calm, lives, found)
  reckonFiles(stage, lives, found)
  await reckonCopies(stage, found)
  return { ...inbound, ...told, ...found }
}

/** Each message in is one row, which was decided; but for what its platform never handed over. */
function reckonInbound(stage: Stage, { lost, doubled }: Findings) {
  const { platforms, machine } = stage
  const rows = machine.rows<{ channel: string; messageId: string; state: string }>(
    'select channel, message_id as messageId, state from inbox where message_id is not null',
  )
  const state = new Map(rows.map((row) => [`${row.channel} ${row.messageId}`, row.state]))
  for (const [row, times] of tallied(rows.map((each) => `${each.channel} ${each.messageId}`)))
    if (times > 1 && !row.startsWith('program')) doubled.push(`${row} is there ${times} times`)
  const { wechat } = platforms.simulator
  const never = platforms.notHandedOver()
  const said = wechat
    .contacts()
    .flatMap(({ id }) => wechat.phone(id).flatMap((item) => (item.from === 'me' ? [item.id] : [])))
  let notHandedOver = 0
  for (const id of said) {
    if (state.get(`wechaty ${id}`) === 'done') continue
    if (never.has(id) && !state.has(`wechaty ${id}`)) notHandedOver += 1
    else lost.push(`WeChat message ${id}: ${state.get(`wechaty ${id}`) ?? 'not there'}`)
  }
  let givenUp = 0
  for (const { id, acked, failed } of platforms.callbacks.values()) {
    if (state.get(`wecom ${id}`) === 'done') continue
    if (!acked && !state.has(`wecom ${id}`)) givenUp += 1
    else
      lost.push(
        `callback ${id} (failed ${failed} times, ${acked ? '' : 'not '}acked): ${state.get(`wecom ${id}`) ?? 'not there'}`,
      )
  }
  for (const row of rows)
    if (row.state !== 'done') lost.push(`${row.channel} ${row.messageId} is ${row.state}`)
  return { in: said.length + platforms.callbacks.size, notHandedOver, givenUp }
}

/** Person by person, word for word what a calm life told, but for marked repeats and what was let go. */
function reckonTold({ platforms, machine }: Stage, calm: Calm, lives: Lives, found: Findings) {
  const total = { out: 0, marked: 0, letGo: 0 }
  function reckonPerson(who: string, shown: readonly string[], due: Tally): void {
    const letGo = uncertainOf({ platforms, machine }, who)
    const marked = compare(who, shown, due, letGo, found)
    total.out += shown.length
    total.marked += marked
    total.letGo += sum(letGo)
  }
  for (const n of lives.whole.keys()) {
    const shown = shownTo(platforms, residentId(n))
    reckonPerson(residentId(n), shown, tallied(calm.resident))
    compareOrder(residentId(n), shown, calm, found)
  }
  const due = dueToStaff({ platforms, machine }, calm, lives)
  for (const { userid } of members)
    reckonPerson(userid, shownToStaff(platforms, userid), due.get(userid) ?? new Map())
  return total
}

/** What each member of staff is to be told: as often as calm lives were theirs. */
function dueToStaff(stage: Stage, calm: Calm, lives: Lives): ReadonlyMap<string, Tally> {
  const due = new Map([...calm.others].map(([who, tally]) => [who, new Map(tally)]))
  for (const kind of ['whole', 'wish'] as const)
    for (const [n, number] of lives[kind]) {
      const of = due.get(staffOf(kind, n)) ?? new Map<string, number>()
      due.set(staffOf(kind, n), of)
      for (const [shape, times] of calm.staff[kind]) of.set(shape, (of.get(shape) ?? 0) + times)
      const entries = timelineOf(stage, number)
      const untold = entries.findIndex(({ type }) => type === 'untold')
      // Whoever accepts a case is told the whole matter, a task that is open as well.
      const again = untold >= 0 && entries.slice(untold).some(({ type }) => type === 'accepted')
      const told = entries.filter(isByTelephone).map(({ type }) => type)
      for (const type of again ? [...told, 'untold'] : told) {
        const shape = telephoned[type] ?? type
        of.set(shape, (of.get(shape) ?? 0) + 1)
      }
    }
  return due
}

/** What perhaps arrived, and was not worth a (further) repeat, by shape. */
function uncertainOf(stage: Stage, who: string): Tally {
  return tallied(
    uncertain(stage, who).flatMap((body) => {
      const said = body === '' ? {} : (JSON.parse(body) as { text?: string; type?: string })
      if (said.type === 'cardUpdate') return []
      return [said.text === undefined ? `[${said.type === 'media' ? 'image' : 'card'}]` : shapeOf(said.text)]
    }),
  )
}

/** Answers how many lines bore the mark of a repeat. */
function compare(who: string, shown: readonly string[], due: Tally, letGo: Tally, found: Findings): number {
  const plain = tallied(shown.filter((line) => !isMarked(line)).map(shapeOf))
  const marked = tallied(shown.filter(isMarked).map((line) => shapeOf(unmarked(line))))
  for (const shape of new Set([...due.keys(), ...plain.keys(), ...marked.keys()])) {
    const times = due.get(shape) ?? 0
    const came = plain.get(shape) ?? 0
    const again = marked.get(shape) ?? 0
    const words = `${who} was told ${came} times, ${again} marked, of ${times}: ${shape}`
    if (came + again + (letGo.get(shape) ?? 0) < times) found.lost.push(words)
    // A telephone task comes with a card, unless that is superseded before it leaves.
    const most = shape === '[card]' ? times + (due.get(telephoned.untold ?? '') ?? 0) : times
    if (came > most || again > times) found.doubled.push(words)
  }
  return sum(marked)
}

function compareOrder(who: string, shown: readonly string[], calm: Calm, { doubled }: Findings): void {
  const order = [...new Set(shown.map((line) => shapeOf(unmarked(line))))]
  const due = calm.resident.filter((shape) => order.includes(shape))
  if (order.join('\n') !== [...new Set(due)].join('\n'))
    doubled.push(`${who} was told in another order: ${order.join(' / ')}`)
}

/** Each case is there once, its timeline the calm one, complete and in order; and no timer was forgotten. */
function reckonCases(stage: Stage, calm: Calm, lives: Lives, { lost, doubled }: Findings): void {
  for (const kind of ['whole', 'wish'] as const)
    for (const number of lives[kind].values()) {
      const entries = timelineOf(stage, number)
      const types = typesOf(entries)
      const due = calm.timeline[kind]
      if (types !== due)
        (types.length > due.length ? doubled : lost).push(`timeline of ${number}: ${types} and not ${due}`)
      const asked = entries.some(({ type }) => type === 'untold')
      const gone = goneOf(stage, number)
      if (!asked && gone.some((complaint) => complaint !== null))
        lost.push(`${number}: what was let go is not told by telephone`)
      if (asked && gone.length === 0) doubled.push(`${number}: told by telephone what was not let go`)
      if (entries.some(({ seq }, i) => seq !== i + 1)) lost.push(`timeline of ${number} has a gap`)
      if (entries.some(({ at }, i) => at < (entries[i - 1]?.at ?? 0)))
        lost.push(`timeline of ${number} goes back`)
    }
  const cases = stage.machine.rows<{ n: number }>('select count(*) as n from complaints')[0]?.n ?? 0
  const due = lives.whole.size + lives.wish.size
  if (cases !== due) (cases > due ? doubled : lost).push(`${cases} cases of ${due}`)
  const late = stage.machine.rows(`select kind, id from timers where due < ${Date.now() - 5_000}`)
  if (late.length > 0) lost.push(`${late.length} timers are due and did not fire`)
}

/**
 * Lines to the case's resident that perhaps arrived, and were not worth a (further) repeat, by the case they name: one that
 * names none belongs to whichever case is open by then, if any is.
 */
const goneOf = ({ machine }: Stage, number: string): readonly (number | null)[] =>
  machine
    .rows<{ complaint: number | null }>(
      `select complaint from outbox where staff is null and kind = 'text' and state in ('letGo', 'unknown')
        and conversation in (select conversation from outbox where staff is null
          and complaint = (select id from complaints where number = '${number}'))`,
    )
    .map(({ complaint }) => complaint)

/** Every picture is there byte for byte, and no half is left of any, nor of a copy of the database, nor in the spool. */
function reckonFiles({ machine }: Stage, { whole }: Lives, { lost, doubled }: Findings): void {
  const media = machine.rows<{ state: string; sha256: string | null }>('select state, sha256 from media')
  const wanted = createHash('sha256').update(pixel).digest('hex')
  const saved = media.filter(({ state, sha256 }) => state === 'saved' && sha256 === wanted).length
  if (saved !== 2 * whole.size)
    (saved > 2 * whole.size ? doubled : lost).push(`${saved} pictures of ${2 * whole.size}`)
  const files = filesIn(machine.dataDir)
  const kept = files.find((file) => basename(file) === wanted)
  if (kept === undefined || !readFileSync(kept).equals(pixel)) lost.push('the picture on the disk')
  const halves = [...files, ...filesIn(machine.backupDir)].filter((file) =>
    /\.(part|tmp)\b|media.part./.test(file.slice(machine.dataDir.length)),
  )
  for (const half of halves) doubled.push(`left over: ${half}`)
  for (const entry of filesIn(join(machine.dataDir, 'spool/messages')))
    lost.push(`still in the spool: ${entry}`)
}

/** Whatever bears the name of a copy is whole, however many of their makers were killed; and the newest holds every case. */
async function reckonCopies({ machine }: Stage, { lost }: Findings): Promise<void> {
  for (const copy of filesIn(machine.dataDir).filter((file) => /backups.before-[^/]*\.db$/.test(file)))
    if (!isWhole(copy)) lost.push(`broken copy ${copy}`)
  const cases = machine.rows<{ n: number }>('select count(*) as n from complaints')[0]?.n
  let newest: number | undefined
  for (const folder of backupsIn(machine.backupDir)) {
    const manifest = await checkBackup(folder).catch((error: unknown) => void lost.push(String(error)))
    newest = manifest?.rows.complaints
  }
  if (newest !== cases) lost.push(`the newest backup holds ${newest ?? 'no'} cases of ${cases ?? 'none'}`)
}

function isWhole(file: string): boolean {
  const copy = new Sqlite(file, { readonly: true })
  try {
    return copy.pragma('integrity_check', { simple: true }) === 'ok'
  } finally {
    copy.close()
  }
}
