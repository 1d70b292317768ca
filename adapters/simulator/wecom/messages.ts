import { createHash } from 'node:crypto'
import { days, hours, minutes, seconds } from '../../../workflows/ids.ts'
import type { Instant } from '../../../workflows/ids.ts'
import { readCard } from './cards.ts'
import { ApiError } from './errors.ts'
import { usableMedia } from './media.ts'
import { findMember, opaque, own, phoneItems } from './state.ts'
import type { Company, PhoneCard, PhoneItem, WecomState } from './state.ts'

type Fields = Readonly<Record<string, unknown>>
type Answer = Record<string, unknown>
/** An item before it has an id, a time and a side. */
type Told = PhoneItem extends infer Item
  ? Item extends PhoneItem
    ? Omit<Item, 'id' | 'from' | 'at'>
    : never
  : never

/** A card's code lives so long (platforms.md 4). */
const codeLife = hours(72)

export interface Messages {
  /** `message/send`. */
  send(body: string): Answer
  /** `message/update_template_card`. */
  update(body: string): Answer
  /** `message/recall`. */
  recall(body: string): Answer
}

/** Sending as the platform does it: each throws `ApiError` where the platform answers an errcode. */
export function createMessages(company: Company): Messages {
  const { state, clock, faults } = company
  const mayReach = memberLimits()

  function send(text: string): Answer {
    const body = parse(text)
    checkAgent(company, body)
    const now = clock()
    const repeat =
      body['enable_duplicate_check'] === 1 ? createHash('sha256').update(text).digest('hex') : null
    const known = repeat === null ? undefined : state.answers[repeat]
    if (known && known.until > now) return known.answer

    const to = addressees(company, body)
    const told = readMessage(company, body)
    const taskId = told.type === 'card' ? told.card.taskId : ''
    const used = taskId !== '' && state.tasks.includes(taskId)
    if (used && faults.reusedTask === 'refused') throw new ApiError(42014)
    if (taskId !== '' && !used) state.tasks.push(taskId)

    const msgid = opaque(32)
    state.sent[msgid] = { at: now, to: to.users }
    for (const user of used ? [] : to.users.filter((userid) => mayReach(userid, now)))
      phoneItems(state, user).push({ id: msgid, from: 'app', at: now, ...structuredClone(told) })
    const answer: Answer = { errcode: 0, errmsg: 'ok', ...to.invalid, msgid }
    if (taskId !== '') answer['response_code'] = newCode(state, taskId, now)
    if (repeat !== null) remember(state, repeat, answer, now + repeatInterval(body))
    company.changed()
    return answer
  }

  function update(text: string): Answer {
    const body = parse(text)
    checkAgent(company, body)
    const code = own(state.codes, string(body['response_code']))
    // What the platform says of a code it never gave is not known; here it is what it says of a spent one.
    if (!code || code.spent || code.at + codeLife <= clock()) throw new ApiError(42022)
    const change = readChange(body, code.taskId)
    const { users, invalid } = updateAddressees(company, body)
    const cards = users.flatMap((userid) => {
      const item = phoneItems(state, userid).find(
        (entry) => entry.type === 'card' && entry.card.taskId === code.taskId,
      )
      if (item?.type !== 'card') invalid.push(userid.toLowerCase())
      return item?.type === 'card' ? [item] : []
    })
    code.spent = true
    for (const item of cards) item.card = structuredClone(change(item.card))
    company.changed()
    return { errcode: 0, errmsg: 'ok', ...(invalid.length > 0 ? { invaliduser: invalid } : {}) }
  }

  function recall(text: string): Answer {
    const msgid = string(parse(text)['msgid'])
    const sent = own(state.sent, msgid)
    if (!sent || sent.at + days(1) <= clock()) throw new ApiError(42052)
    for (const user of sent.to)
      state.phones[user] = phoneItems(state, user).filter((item) => item.id !== msgid)
    company.changed()
    return { errcode: 0, errmsg: 'ok' }
  }

  return { send, update, recall }
}

/** A code for one later update: one with every send that has a task, a fresh one with every click. */
export function newCode(state: WecomState, taskId: string, now: Instant): string {
  const code = opaque(32)
  state.codes[code] = { taskId, at: now, spent: false }
  return code
}

/** 30 a minute and 1,000 an hour to one member; what is over is dropped and errcode stays 0 (platforms.md 3). */
function memberLimits(): (userid: string, now: Instant) => boolean {
  const times = new Map<string, Instant[]>()
  return (userid, now) => {
    const recent = (times.get(userid) ?? []).filter((at) => at > now - hours(1))
    const ok = recent.length < 1000 && recent.filter((at) => at > now - minutes(1)).length < 30
    times.set(userid, ok ? [...recent, now] : recent)
    return ok
  }
}

function remember(state: WecomState, hash: string, answer: Answer, until: Instant): void {
  state.answers[hash] = { until, answer }
  const old = Object.keys(state.answers).slice(0, -500)
  for (const key of old) delete state.answers[key]
}

function repeatInterval(body: Fields): number {
  const given = Number(body['duplicate_check_interval'] ?? 1800)
  return seconds(Math.min(Math.max(Number.isFinite(given) ? given : 1800, 0), 4 * 3600))
}

function readMessage(company: Company, body: Fields): Told {
  const type = string(body['msgtype'])
  const content = fields(body[type])
  switch (type) {
    case 'text':
    case 'markdown': {
      const text = string(content['content'])
      if (text === '') throw new ApiError(44004)
      return { type: 'text', text: cutBytes(text, 2048) }
    }
    case 'image':
    case 'voice':
    case 'video':
    case 'file': {
      const media = string(content['media_id'])
      if (media === '') throw new ApiError(41006)
      const { name } = usableMedia(company, media, type)
      return { type, media, name, url: `/demo/media/${media}` }
    }
    case 'textcard':
      return readArticle(content)
    case 'news': {
      const articles = Array.isArray(content['articles']) ? content['articles'] : []
      if (articles.length === 0) throw new ApiError(44003)
      if (articles.length > 8) throw new ApiError(45008)
      const first = fields(articles[0])
      if (string(first['title']) === '') throw new ApiError(44003)
      const rest = articles.slice(1).map((entry) => string(fields(entry)['title']))
      const description = [string(first['description']), ...rest].join('\n')
      return { type: 'article', title: string(first['title']), description, url: string(first['url']) }
    }
    case 'template_card':
      return { type: 'card', card: readCard(body['template_card'], null) }
    default:
      throw new ApiError(40008)
  }
}

function readArticle(content: Fields): Told {
  const title = string(content['title'])
  const url = string(content['url'])
  if (title === '' || string(content['description']) === '') throw new ApiError(44004)
  if (!/^https?:\/\//.test(url)) throw new ApiError(45034)
  if (Buffer.byteLength(url) > 2048) throw new ApiError(45002)
  const description = string(content['description']).replace(/<[^>]{0,200}>/g, '')
  return { type: 'article', title: [...title].slice(0, 128).join(''), description, url }
}

function readChange(body: Fields, taskId: string): (card: PhoneCard) => PhoneCard {
  if (body['template_card'] !== undefined) {
    const next = readCard(body['template_card'], { taskId })
    return () => next
  }
  const name = string(fields(body['button'])['replace_name'])
  if (name === '') throw new ApiError(42020)
  return (card) => ({ ...card, replaced: name })
}

/** Everybody is in department 1; there are no tags. */
function addressees(company: Company, body: Fields): { users: string[]; invalid: Fields } {
  const names = split(body['touser'])
  const parties = split(body['toparty'])
  const tags = split(body['totag'])
  if (names.length + parties.length + tags.length === 0) throw new ApiError(82001)
  if (names.length > 1000) throw new ApiError(40032)
  if (parties.length > 100) throw new ApiError(82002)
  if (tags.length > 100) throw new ApiError(82003)
  const everybody = names.includes('@all') || parties.includes('1')
  const found = names.map((name) => findMember(company, name)?.userid)
  const users = everybody
    ? company.members.map((member) => member.userid)
    : found.filter((id) => id !== undefined)
  const lost = (list: readonly string[]): string => list.join('|').toLowerCase()
  const wrong = {
    invaliduser: lost(names.filter((name, n) => name !== '@all' && found[n] === undefined)),
    invalidparty: lost(parties.filter((party) => party !== '1')),
    invalidtag: lost(tags),
  }
  const invalid = Object.fromEntries(Object.entries(wrong).filter(([, list]) => list !== ''))
  if (users.length === 0) throw new ApiError(81013, invalid)
  return { users: [...new Set(users)], invalid }
}

/** Here the ids come as arrays, and so do the invalid ones. */
function updateAddressees(company: Company, body: Fields): { users: string[]; invalid: string[] } {
  const names = list(body['userids'])
  if (names.length > 1000) throw new ApiError(40032)
  const everybody = body['atall'] === 1 || list(body['partyids']).includes('1')
  if (!everybody && names.length === 0) throw new ApiError(82001)
  const users = everybody
    ? company.members
        .map((member) => member.userid)
        .filter((userid) => company.state.phones[userid] !== undefined)
    : names.map((name) => findMember(company, name)?.userid).filter((userid) => userid !== undefined)
  const invalid = names.filter((name) => findMember(company, name) === null).map((name) => name.toLowerCase())
  return { users, invalid }
}

function checkAgent(company: Company, body: Fields): void {
  if (body['agentid'] === undefined) throw new ApiError(41011)
  if (Number(body['agentid']) !== company.state.settings.agentId) throw new ApiError(40056)
}

/** Cut at 2048 bytes without a word to the sender; half a character does not stay. */
function cutBytes(text: string, most: number): string {
  const all = Buffer.from(text)
  if (all.length <= most) return text
  let end = most
  // 10xxxxxx continues a character: step back to where it begins.
  while (end > 0 && ((all[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return all.subarray(0, end).toString()
}

function parse(text: string): Fields {
  try {
    return fields(JSON.parse(text))
  } catch {
    throw new ApiError(47001)
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

const string = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const split = (value: unknown): string[] =>
  string(value)
    .split('|')
    .filter((part) => part !== '')
