import type { Instant, Millis } from '../../workflows/ids.ts'

/** WeChat as the demo and the tests see it: the residents' phones, and the loopback end our puppet connects to. */
export interface WechatWorld {
  /** Loopback endpoint the puppet connects to. */
  readonly url: string
  contacts(): readonly { id: string; name: string }[]
  addContact(contact: { id: string; name: string }): void
  /** Sends as that contact; returns the message id. */
  say(contactId: string, message: WechatMessage): string
  /** What that contact's phone shows, in order. */
  phone(contactId: string): readonly WechatItem[]
  /** Tells of every change of any phone; returns how to stop telling. */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

export type WechatMessage =
  | { type: 'text'; text: string }
  | { type: 'image' | 'voice' | 'video' | 'file'; name: string; base64: string }
  | { type: 'location'; latitude: number; longitude: number; label: string }
  | { type: 'link'; title: string; url: string; description: string }
  | { type: 'sticker' }
  | { type: 'recall'; message: string }
  | { type: 'unknown' }

export interface WechatItem {
  readonly id: string
  readonly from: 'me' | 'them'
  readonly at: number
  readonly message: WechatMessage
}

/** The program's clock, which the demo may hurry but never turn back. */
export interface HurriedClock {
  now(): Instant
  advance(ms: Millis): void
  /** From now on simulated time runs so many times as fast as real time. */
  speed(factor: number): void
  readonly factor: number
}

/** Where a world keeps the bytes of files, by a name of its own. */
export interface Shelf {
  put(name: string, bytes: Uint8Array): void
  get(name: string): Uint8Array | null
}

/** A shelf that ends with the process. */
export function shelfInMemory(): Shelf {
  const kept = new Map<string, Uint8Array>()
  return { put: (name, bytes) => void kept.set(name, bytes), get: (name) => kept.get(name) ?? null }
}
