import {
  MediaGone,
  type Channel,
  type ChannelName,
  type Outbound,
  type Outcome,
} from '../../adapters/channel.ts'

/** A platform in memory: keeps what it was given, and answers as told. */
export interface MemoryChannel extends Channel {
  readonly sent: Outbound[]
  /** Has a connection again. */
  connects(): void
  oneAtATime: boolean
  /** The texts that were sent, oldest first. */
  texts(): readonly string[]
  answer: (outbound: Outbound) => Outcome | Promise<Outcome>
  /** Names of files it was told to let go of; where `cannotRelease` is set, it fails. */
  readonly released: string[]
  cannotRelease: boolean
  readonly files: Map<string, () => AsyncIterable<Uint8Array>>
}

export const accepted: Outcome = { type: 'accepted', ref: null, code: null }

export function createMemoryChannel(name: ChannelName): MemoryChannel {
  const sent: Outbound[] = []
  const files = new Map<string, () => AsyncIterable<Uint8Array>>()
  let connected = (): void => undefined
  const channel: MemoryChannel = {
    name,
    sent,
    oneAtATime: false,
    files,
    released: [],
    cannotRelease: false,
    answer: () => accepted,
    texts: () => sent.flatMap(({ body }) => (body.type === 'text' ? [body.text] : [])),
    start: () => Promise.resolve(),
    connects: () => connected(),
    onConnected(listener) {
      connected = listener
    },
    async send(outbound) {
      sent.push(outbound)
      return channel.answer(outbound)
    },
    async fetch(file) {
      const bytes = files.get(file)
      if (!bytes) throw new MediaGone('not there')
      return Promise.resolve({ bytes: bytes(), mime: null })
    },
    release(file) {
      if (channel.cannotRelease) return Promise.reject(new Error('EPERM'))
      channel.released.push(file)
      return Promise.resolve()
    },
    troubles: () => [],
    stop: () => Promise.resolve(),
  }
  return channel
}
