import { matterOf } from '../complaint/matter.ts'
import { isOpen, type Complaint } from '../complaint/state.ts'
import type { MediaId } from '../ids.ts'
import { duty } from '../phrases/duty.ts'
import { matter } from '../phrases/matter.ts'
import { desk as words } from '../phrases/staff.ts'
import { isService } from '../sla.ts'
import { answerWanted, finishDone } from './answers.ts'
import { commands } from './commands.ts'
import type { Desk } from './desk.ts'
import { dutyLine, waitingLines } from './duty-lines.ts'
import { isAcknowledgement, numberIn, readParty, type NumberRead } from './reading.ts'
import { taskLine } from './task-lines.ts'

/** A line of text: an answer to what was asked, a command, or news of the case it belongs to. */
export function handle(d: Desk, text: string): void {
  const line = text.trim()
  if (line === '') return
  if (/^(我的)?(待办|任务)$/u.test(line)) return showTasks(d)
  if (/^(帮助|help|[?？]|怎么用)$/iu.test(line)) return d.say(words.help)
  if (dutyLine(d, line)) return
  if (d.state.wanting && /^(?:算了|取消|不办了|退出)$/u.test(line)) {
    d.drop()
    return d.say(words.dropped)
  }
  if (d.state.choosing && /^[0-9]{1,2}$/.test(line)) return pick(d, Number(line))
  if (!d.state.wanting && isAcknowledgement(line) && acknowledge(d)) return

  const named = numberIn(line)
  const c = named && byNumber(d, named)
  if (named && c) return about(d, c, named.rest)
  if (named?.certain) return d.say(words.unknownNumber(named.full ?? named.tail))

  if (d.state.wanting) return answered(d, line)
  const target = d.single()
  if (target === 'none') return d.say(words.noCase)
  if (target === 'several') return choose(d, line, [])
  news(d, target, line)
}

/** A line that named its case. */
function about(d: Desk, c: Complaint, rest: string): void {
  d.focus(c.id)
  d.change({ choosing: null })
  if (rest === '') return show(d, c)
  if (d.state.wanting?.complaint === c.id) return answered(d, rest)
  if (d.state.wanting) d.drop()
  news(d, c, rest)
}

/** The answer to what was asked, unless the line names itself as something else. */
function answered(d: Desk, line: string): void {
  const wanting = d.state.wanting
  const c = wanting ? d.find(wanting.complaint) : 'none'
  d.pressed = wanting?.pressed ?? false
  if (c !== 'none' && isOwnCommand(line)) {
    d.drop()
    return news(d, c, line)
  }
  answerWanted(d, line)
}

/** 撤销, or 进展：…: not what was asked for, whatever that was. */
const isOwnCommand = (line: string): boolean =>
  commands.some(([pattern]) => {
    const match = pattern.exec(line)
    return match !== null && (match[0].length === line.length || /[：:]\s*$/u.test(match[0]))
  })

/** A photo belongs to what was just asked for; else to the case spoken of, as finding or as progress. */
export function handleMedia(d: Desk, media: MediaId): void {
  const { wanting } = d.state
  const target = wanting ? d.find(wanting.complaint) : d.single()
  if (target === 'none') return d.say(words.noCase)
  if (target === 'several') return choose(d, null, [media])
  if (wanting?.what !== 'done' && wanting?.what !== 'donePhotos') return addPhotos(d, target, [media])
  d.change({ photos: [...d.state.photos, media] })
  if (wanting.what === 'done') d.say(words.photoTaken, { complaint: target.id })
  else finishDone(d, target, wanting.detail.text ?? '')
}

/** Photos go where the case stands: what was found, or how the work goes. */
function addPhotos(d: Desk, c: Complaint, media: readonly MediaId[]): void {
  d.focus(c.id)
  const by = d.loaded.staff
  if (c.status === 'verifying') d.tell(c.id, { type: 'finding', by, text: null, media })
  else d.tell(c.id, { type: 'progress', by, text: null, media })
}

function byNumber(d: Desk, named: NumberRead): Complaint | null {
  const able = d.readable()
  if (named.full) return able.find((c) => c.number === named.full) ?? null
  const matching = able.filter((c) => c.number.endsWith(`-${named.tail}`))
  return matching.length === 1 ? (matching[0] ?? null) : null
}

/** Free text that fits several open cases: kept, with what was kept before it, and asked about. */
function choose(d: Desk, text: string | null, media: readonly MediaId[]): void {
  const among = d.tasks().slice(0, 9)
  const before = d.state.choosing
  d.change({
    choosing: {
      among: among.map((c) => c.id),
      text: [before?.text, text].filter(Boolean).join('\n') || null,
      media: [...(before?.media ?? []), ...media],
      since: d.now,
    },
  })
  d.say(words.which(among.map((c, i) => taskLine(d, c, i + 1))), { weight: 'question' })
}

function pick(d: Desk, n: number): void {
  const choosing = d.state.choosing
  const id = choosing?.among[n - 1]
  const c = id === undefined ? 'none' : d.find(id)
  if (!choosing || c === 'none') return d.say(words.notUnderstood)
  d.change({ choosing: null })
  d.focus(c.id)
  if (choosing.media.length > 0) addPhotos(d, c, choosing.media)
  if (choosing.text !== null) news(d, c, choosing.text)
  if (choosing.media.length === 0 && choosing.text === null) show(d, c)
}

function show(d: Desk, c: Complaint): void {
  const whole = matterOf(c, d.handles(c))
  d.say([taskLine(d, c, 1), matter(whole)].filter(Boolean).join('\n'), {
    complaint: c.id,
    media: d.handles(c) || d.leads() ? whole.media : [],
  })
  d.tell(c.id, {
    type: 'showCard',
    staff: d.loaded.staff,
    face: 'task',
    anew: isOpen(c.status) || d.looksAt(c),
  })
}

/** What is theirs to do, then what was escalated to them: one list to choose from. */
function showTasks(d: Desk): void {
  const tasks = d.tasks()
  const waiting = waitingLines(d)
  if (waiting.length > 0) d.say(duty.waiting(waiting))
  const all = [...tasks, ...d.overseen()]
  if (all.length === 0) {
    if (waiting.length === 0) d.say(words.noTasks)
    return
  }
  const lines = all.map((c, i) => taskLine(d, c, i + 1))
  const [own, others] = [lines.slice(0, tasks.length), lines.slice(tasks.length)]
  d.say(
    [own.length > 0 && words.todo(own), others.length > 0 && words.overseen(others)]
      .filter(Boolean)
      .join('\n'),
  )
  d.change({
    wanting: null,
    photos: [],
    choosing: { among: all.map((c) => c.id), text: null, media: [], since: d.now },
  })
}

/** 收到 to an escalation or a digest: the answer of somebody who was alerted, for every case of it. */
function acknowledge(d: Desk): boolean {
  const alerted = d.loaded.mine.filter((c) => c.alert?.to.includes(d.loaded.staff)).map((c) => c.id)
  const ids = new Set([...alerted, ...d.state.digest])
  if (ids.size === 0) return false
  for (const id of ids) d.tell(id, { type: 'seen', by: d.loaded.staff, how: 'reply' })
  d.change({ digest: [] })
  d.say(words.seen(ids.size))
  return true
}

/** News of a case: a line that names what it is, or by the stage the case is in. */
function news(d: Desk, c: Complaint, line: string): void {
  d.focus(c.id)
  const by = d.loaded.staff
  for (const [pattern, read] of commands) {
    const match = pattern.exec(line)
    if (!match) continue
    const event = read(d, c, line.slice(match[0].length).trim())
    if (event) d.act(c.id, event)
    return
  }
  const heard = readParty(line)
  const isParty = heard !== null && (heard.said || c.parties.some((p) => p.name === heard.name))
  if (isParty && (c.status === 'verifying' || c.status === 'resolving'))
    d.tell(c.id, { type: 'hear', by, name: heard.name, words: heard.words })
  else if (isService(c.kind) || c.wantsPerson)
    d.tell(c.id, { type: 'reply', by, text: line, media: [], final: false })
  else if (isAcknowledgement(line) && c.status !== 'assigned') d.say(words.noted, { complaint: c.id })
  else if (c.status === 'verifying') d.tell(c.id, { type: 'finding', by, text: line, media: [] })
  else d.tell(c.id, { type: 'progress', by, text: line, media: [] })
}
