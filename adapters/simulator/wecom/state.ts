import { randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'
import type { Instant } from '../../../workflows/ids.ts'
import type { Shelf } from '../worlds.ts'
import { makeAesKey } from './crypto.ts'
import type { FaultBox } from './faults.ts'

/** What the world remembers, as JSON: a restart of the process that hosts it goes on where it stopped. */

const question = z.object({
  key: z.string(),
  title: z.string(),
  /** `list` is a drop-down; `one` and `many` are boxes to tick. */
  kind: z.enum(['list', 'one', 'many']),
  options: z.array(z.object({ id: z.string(), text: z.string() })),
  selected: z.array(z.string()),
  disabled: z.boolean(),
})

const card = z.object({
  taskId: z.string(),
  cardType: z.string(),
  source: z.object({ text: z.string(), color: z.number() }).nullable(),
  title: z.string(),
  /** Below the title. */
  desc: z.string(),
  emphasis: z.object({ title: z.string(), desc: z.string() }).nullable(),
  quote: z.object({ title: z.string(), text: z.string() }).nullable(),
  /** The paragraph, `sub_title_text`. */
  text: z.string(),
  rows: z.array(z.object({ label: z.string(), value: z.string() })),
  /** `key` null: a button that opens `url` and calls nothing back. */
  buttons: z.array(
    z.object({ key: z.string().nullable(), text: z.string(), style: z.number(), url: z.string().nullable() }),
  ),
  selects: z.array(question),
  menu: z.array(z.object({ key: z.string(), text: z.string() })),
  links: z.array(z.object({ title: z.string(), url: z.string() })),
  /** Stands, greyed, where the buttons were; nothing can be pressed. */
  replaced: z.string().nullable(),
})

const itemBase = { id: z.string(), from: z.enum(['me', 'app']), at: z.number() }

const item = z.discriminatedUnion('type', [
  z.object({ ...itemBase, type: z.literal('text'), text: z.string() }),
  /** `media` names bytes that `WecomWorld.media` gives, for as long as the phone shows them. */
  z.object({
    ...itemBase,
    type: z.enum(['image', 'voice', 'video', 'file']),
    media: z.string(),
    name: z.string(),
    /** What the page may load it by. */
    url: z.string(),
  }),
  z.object({
    ...itemBase,
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string(),
  }),
  z.object({
    ...itemBase,
    type: z.literal('article'),
    title: z.string(),
    description: z.string(),
    url: z.string(),
  }),
  z.object({ ...itemBase, type: z.literal('card'), card }),
])

export const wecomSnapshot = z.object({
  settings: z.object({
    corpId: z.string(),
    agentId: z.number(),
    secret: z.string(),
    token: z.string(),
    aesKey: z.string(),
  }),
  /** `endedBy` is the errcode of a token that died before its time. */
  tokens: z.array(z.object({ value: z.string(), expiresAt: z.number(), endedBy: z.number().nullable() })),
  phones: z.record(z.string(), z.array(item)),
  /** msgid → when it was sent and to whom, for recall. */
  sent: z.record(z.string(), z.object({ at: z.number(), to: z.array(z.string()) })),
  tasks: z.array(z.string()),
  codes: z.record(z.string(), z.object({ taskId: z.string(), at: z.number(), spent: z.boolean() })),
  media: z.record(
    z.string(),
    z.object({ type: z.string(), name: z.string(), mime: z.string(), at: z.number() }),
  ),
  /** Answers of sends with `enable_duplicate_check`, by hash of the body. */
  answers: z.record(z.string(), z.object({ until: z.number(), answer: z.record(z.string(), z.unknown()) })),
})

export type WecomState = z.infer<typeof wecomSnapshot>
export type PhoneItem = z.infer<typeof item>
export type PhoneCard = z.infer<typeof card>
export type CardQuestion = z.infer<typeof question>

export interface WecomMember {
  readonly userid: string
  readonly name: string
}

/** What the parts of the world share: one company with one app. */
export interface Company {
  readonly state: WecomState
  readonly members: readonly WecomMember[]
  readonly clock: () => Instant
  readonly faults: FaultBox
  readonly shelf: Shelf
  /** Tells whoever watches the phones. */
  readonly changed: () => void
}

/** Userids are not case-sensitive. */
export function findMember(company: Company, userid: string): WecomMember | null {
  const wanted = userid.toLowerCase()
  return company.members.find((member) => member.userid.toLowerCase() === wanted) ?? null
}

/** What stands under a key that a caller sent, so perhaps `__proto__`. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

export function phoneItems(state: WecomState, userid: string): PhoneItem[] {
  return (state.phones[userid] ??= [])
}

/** A company nobody has written in yet, with settings of its own. */
export function newState(): WecomState {
  return {
    settings: {
      corpId: 'ww' + randomBytes(8).toString('hex'),
      agentId: 1_000_000 + randomInt(2, 99),
      secret: randomBytes(32).toString('base64url'),
      token: randomBytes(12).toString('hex'),
      aesKey: makeAesKey(),
    },
    tokens: [],
    phones: {},
    sent: {},
    tasks: [],
    codes: {},
    media: {},
    answers: {},
  }
}

/** Ids as the platform makes them: opaque, url-safe, never twice. */
export const opaque = (bytes: number): string => randomBytes(bytes).toString('base64url')

/** A received message's id: 64 bits, so beyond what a JavaScript number keeps. */
export const newMsgId = (): string => `7${randomInt(1e8, 1e9)}${randomInt(1e8, 1e9)}`
