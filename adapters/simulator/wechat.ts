import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Instant } from '../../workflows/ids.ts'
import { saidSchema, snapshotSchema } from './wechat-wire.ts'
import type { Happening, Snapshot } from './wechat-wire.ts'
import type { WechatItem, WechatMessage, WechatWorld } from './worlds.ts'

/** WeChat, with what only tests do to it. */
export interface SimulatedWechat extends WechatWorld {
  /** A stranger asks to be a friend; accepted, they become a contact. */
  befriend(contact: { id: string; name: string }): void
  /** Whom the account has accepted so far, in order. */
  befriended(): readonly string[]
  /** What was said in the group is on the phone of that name. */
  sayInRoom(room: string, contactId: string, message: WechatMessage, mentioned?: boolean): string
  /** The account is logged out and in again; with new ids for everybody, as web WeChat gives them. */
  relogin(how: { newIds: boolean }): void
  /** What the account calls this contact since the last login. */
  wireId(contactId: string): string
  /** The connection breaks; the puppet comes back by itself. */
  dropConnection(): void
  /** The next so many things the account says are refused by the server. */
  fail(times: number): void
  /** The next so many things the account says arrive, but the answer never comes. */
  stall(times: number): void
  /** While true, the puppet is shown a login code instead of being logged in. */
  lockOut(locked: boolean): void
  /** How many puppets are connected: 0 or 1. */
  connections(): number
}

/** Null: the connection stays open and silent. */
type Answer = { status: number; answer: object } | null

/** The account's own contact, before `relogin` changes ids. */
const ACCOUNT = 'estate-account'
const MOST_BODY = 150 * 1_048_576

/** Where the built puppet lies that connects wechaty to this world: for WECHATY_PUPPET. */
export function simulatedPuppet(): string {
  const here = fileURLToPath(import.meta.url)
  const folder = path.dirname(here)
  if (here.endsWith('.js')) return path.join(folder, 'puppet.js')
  return path.resolve(folder, '../../dist/adapters/simulator/puppet.js')
}

/**
 * WeChat itself on loopback. A puppet reads what happens from `GET /happenings` (one JSON a line, each until it is
 * acknowledged by `POST /seen`), and posts what the account says to `/say`. What happens while no puppet is connected
 * waits, as on a phone that is off.
 */
export async function createWechatWorld(options: {
  clock: () => Instant
  residents: readonly { id: string; name: string }[]
  /** Where the phones are kept over a restart; null: nowhere. */
  snapshot: string | null
}): Promise<SimulatedWechat> {
  const kept = load(options.snapshot)
  const listeners = new Set<() => void>()
  let stream: ServerResponse | null = null
  let failures = 0
  let stalls = 0
  let locked = false
  for (const resident of options.residents) {
    if (!kept.contacts.some(({ id }) => id === resident.id)) kept.contacts.push({ ...resident })
  }

  const wireId = (id: string): string => (kept.login === 1 ? id : `${id}~${kept.login}`)
  const stableId = (wire: string): string => wire.replace(/~\d+$/, '')
  const isContact = (id: string): boolean => kept.contacts.some((contact) => contact.id === id)

  function changed(): void {
    if (options.snapshot !== null) {
      writeFileSync(`${options.snapshot}.tmp`, JSON.stringify(kept), { mode: 0o600 })
      renameSync(`${options.snapshot}.tmp`, options.snapshot)
    }
    for (const listener of listeners) listener()
  }

  function show(contactId: string, item: WechatItem): void {
    const phone = kept.phones[contactId] ?? []
    phone.push(item)
    kept.phones[contactId] = phone
  }

  function tell(happening: Happening): void {
    stream?.write(`${JSON.stringify(happening)}\n`)
  }

  /** Kept until the puppet has seen it. */
  function happen(happening: Happening): void {
    kept.waiting.push(happening)
    if (!locked) tell(happening)
    changed()
  }

  function people(): { id: string; name: string }[] {
    const account = { id: wireId(ACCOUNT), name: '小区管家' }
    return [account, ...kept.contacts.map(({ id, name }) => ({ id: wireId(id), name }))]
  }

  function logIn(): void {
    if (locked) return tell({ type: 'scan', code: `http://127.0.0.1/login/${randomUUID()}` })
    tell({ type: 'login', self: wireId(ACCOUNT), people: people() })
    for (const happening of kept.waiting) tell(happening)
  }

  function sayAs(contactId: string, message: WechatMessage, room: string | null, mentioned: boolean): string {
    if (!isContact(contactId)) throw new Error('no such contact in the simulated WeChat')
    const id = `msg-${randomUUID()}`
    const at = options.clock()
    if (room !== null && !kept.groups.includes(room)) kept.groups.push(room)
    show(room ?? contactId, { id, from: 'me', at, message })
    happen({ type: 'message', id, from: wireId(contactId), room, mentioned, at, message })
    return id
  }

  function hearAccount(body: unknown): Answer {
    const said = saidSchema.parse(body)
    if (failures > 0) {
      failures -= 1
      return { status: 503, answer: { error: 'the simulated WeChat refuses on request' } }
    }
    const contactId = stableId(said.to)
    const isGroup = kept.groups.includes(said.to)
    if (!isGroup && (!isContact(contactId) || said.to !== wireId(contactId)))
      return { status: 404, answer: { error: 'no contact' } }
    const id = `msg-${randomUUID()}`
    show(isGroup ? said.to : contactId, { id, from: 'them', at: options.clock(), message: said.message })
    changed()
    if (stalls > 0) {
      stalls -= 1
      return null
    }
    return { status: 200, answer: { id } }
  }

  function accept(body: unknown): Answer {
    const { request } = z.object({ request: z.string() }).parse(body)
    const asked = kept.requests.find(({ id }) => id === request)
    if (asked === undefined) return { status: 404, answer: { error: 'no such request' } }
    if (!isContact(asked.contact.id)) kept.contacts.push(asked.contact)
    kept.accepted.push(asked.contact.id)
    tell({ type: 'people', people: people() })
    changed()
    return { status: 200, answer: {} }
  }

  function takeBack(body: unknown): Answer {
    const { message } = z.object({ message: z.string() }).parse(body)
    for (const [contactId, phone] of Object.entries(kept.phones)) {
      const left = phone.filter(({ id, from }) => id !== message || from !== 'them')
      if (left.length === phone.length) continue
      kept.phones[contactId] = left
      changed()
      return { status: 200, answer: {} }
    }
    return { status: 404, answer: { error: 'no such message' } }
  }

  function seen(body: unknown): Answer {
    const { ids } = z.object({ ids: z.array(z.string()) }).parse(body)
    kept.waiting = kept.waiting.filter(({ id }) => id === undefined || !ids.includes(id))
    changed()
    return { status: 200, answer: {} }
  }

  const doors: Record<string, (body: unknown) => Answer> = {
    '/say': hearAccount,
    '/accept': accept,
    '/recall': takeBack,
    '/seen': seen,
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === '/happenings') return connect(response)
    const door = doors[request.url ?? '']
    if (request.method !== 'POST' || door === undefined) return void response.writeHead(404).end()
    try {
      const answer = door(JSON.parse(await bodyOf(request)))
      if (answer === null) return
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.answer))
    } catch {
      response.writeHead(400).end()
    }
  }

  /** One account, one puppet: a newer connection ends the older. */
  function connect(response: ServerResponse): void {
    stream?.destroy()
    stream = response
    response.on('close', () => {
      if (stream === response) stream = null
    })
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    logIn()
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulated WeChat has no port')

  return {
    url: `http://127.0.0.1:${address.port}`,
    contacts: () => kept.contacts.map(({ id, name }) => ({ id, name })),
    addContact(contact) {
      if (isContact(contact.id)) return
      kept.contacts.push({ id: contact.id, name: contact.name })
      tell({ type: 'people', people: people() })
      changed()
    },
    say: (contactId, message) => sayAs(contactId, message, null, false),
    sayInRoom: (room, contactId, message, mentioned = false) => sayAs(contactId, message, room, mentioned),
    phone: (contactId) => [...(kept.phones[contactId] ?? [])],
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    befriend(contact) {
      const id = `friend-${randomUUID()}`
      kept.requests.push({ id, contact: { ...contact } })
      happen({
        type: 'friend',
        id,
        from: { id: wireId(contact.id), name: contact.name },
        at: options.clock(),
      })
    },
    befriended: () => [...kept.accepted],
    relogin({ newIds }) {
      if (newIds) {
        kept.login += 1
        // What waits was said to the account, whatever its writer is called now.
        kept.waiting = kept.waiting.map((happening) => renamed(happening, (id) => wireId(stableId(id))))
      }
      tell({ type: 'logout' })
      changed()
      logIn()
    },
    wireId,
    dropConnection: () => stream?.destroy(),
    fail(times) {
      failures = times
    },
    stall(times) {
      stalls = times
    },
    lockOut(now) {
      locked = now
      if (locked) tell({ type: 'logout' })
      logIn()
    },
    connections: () => (stream === null ? 0 : 1),
    async close() {
      stream?.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function renamed(happening: Happening, rename: (id: string) => string): Happening {
  if (happening.type === 'message') return { ...happening, from: rename(happening.from) }
  if (happening.type !== 'friend') return happening
  return { ...happening, from: { ...happening.from, id: rename(happening.from.id) } }
}

function load(file: string | null): Snapshot {
  if (file !== null && existsSync(file)) return snapshotSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return { login: 1, contacts: [], phones: {}, waiting: [], requests: [], accepted: [], groups: [] }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BODY) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
