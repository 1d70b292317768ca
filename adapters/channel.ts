import type { Instant, Millis, StaffId } from '../workflows/ids.ts'
import type { Card, Content, MediaKind } from '../workflows/message.ts'

/** The channels this version speaks. `api` is a case registered by hand, `alarm` a service that telephones. */
export const channelNames = ['wechaty', 'wecom', 'api', 'alarm'] as const
export type ChannelName = (typeof channelNames)[number]

/** A message or a press as it came in, in our words. Nothing of the platform's protocol is left in it. */
export interface Inbound {
  readonly channel: ChannelName
  /** Which of our accounts it came to. */
  readonly account: string
  /** The platform's id of the person; changes of it are met in design.md, People. */
  readonly sender: string
  /** What the platform shows as their name, where it tells. */
  readonly senderName: string | null
  /** With channel, account and sender it names this message for ever: the platform's own id, or a hash. */
  readonly id: string
  /** The platform's time of the message. */
  readonly at: Instant
  /** Written in a group chat: the group's id, and whether we were mentioned. */
  readonly group: { readonly id: string; readonly mentioned: boolean } | null
  readonly content: Content<string>
}

/** One thing to send. */
export interface Outbound {
  readonly id: number
  readonly channel: ChannelName
  readonly account: string
  readonly to: string
  readonly body: OutboundBody
  /** Equal on every try of the same send, so that a platform that can refuse repeats does. */
  readonly key: string
  /** 1 for the first try. */
  readonly attempt: number
}

export type OutboundBody =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'media'
      readonly kind: MediaKind
      /** File on this machine, already without EXIF. */
      readonly path: string
      readonly mime: string
      readonly name: string
    }
  /** A new card; `task` was never used before in this company's app. */
  | { readonly type: 'card'; readonly task: string; readonly card: Card }
  /** Another face for the card sent as `task`, by a code that has not been spent. */
  | { readonly type: 'cardUpdate'; readonly task: string; readonly code: string; readonly card: Card }
  /** Takes back what was sent earlier, by the platform's id of it. */
  | { readonly type: 'recall'; readonly ref: string }
  | AlarmBody

/**
 * For a service that telephones: whom to call, about which case. It names no resident and none of their words, and of the
 * place no unit or room (domain.md 6.1).
 */
export interface AlarmBody {
  readonly type: 'alarm'
  /** The same on every try, another for every round: the service calls once for each. */
  readonly id: string
  readonly at: Instant
  /** danger: an S1 nobody has taken. unanswered: an escalation that nobody answered. */
  readonly why: 'danger' | 'unanswered'
  /** The case's number, `TS-20261123-0007`. */
  readonly complaint: string
  /** S1 … S4. */
  readonly severity: string
  /** One of the ten types of the outside contract, such as `fire`. */
  readonly danger: string | null
  readonly lift: boolean
  /** A child or an old person is gone; `danger` is then violence. */
  readonly lost?: boolean
  /** Building and spot in words. */
  readonly place: string
  /** The estate's name; null while unknown. */
  readonly estate: string | null
  readonly dutyPhone: string
  /** 1 for the first. */
  readonly round: number
  readonly call: readonly {
    readonly staff: StaffId
    readonly name: string
    /** null: the estate file has no number of theirs. */
    readonly phone: string | null
  }[]
}

/** What became of a send. `detail` is for the log and the operator: no names, numbers or words of people in it. */
export type Outcome =
  /** The platform took it. `ref` is its id of the message, `code` allows one later update of a card. */
  | { readonly type: 'accepted'; readonly ref: string | null; readonly code: string | null }
  /**
   * It will never go this way. recipient: no such person or not allowed to reach them; window: the platform's reply
   * window is closed; code: the card's code is spent or too old; configuration: an administrator must act;
   * content: the platform refuses what it says (a bug of ours).
   */
  | {
      readonly type: 'refused'
      readonly why: 'recipient' | 'window' | 'code' | 'configuration' | 'content'
      readonly detail: string
    }
  /** Not now: try again after so long. */
  | { readonly type: 'later'; readonly after: Millis; readonly detail: string }
  /** Nobody knows whether it arrived (timeout, connection lost after the request left). */
  | { readonly type: 'unknown'; readonly detail: string }

export interface FetchedMedia {
  readonly bytes: AsyncIterable<Uint8Array>
  /** What the platform claims it is; the store looks at the bytes itself. */
  readonly mime: string | null
}

/** Stored durably (or known already) when it resolves; rejects when nothing was stored and the platform must try again. */
export type Receive = (inbound: Inbound) => Promise<'stored' | 'duplicate'>

/** A platform, seen from the program. Each folder of `adapters/` gives one. */
export interface Channel {
  readonly name: ChannelName
  /**
   * It sends one thing after the other: what it was given beyond that would only wait inside, where a killed process
   * cannot tell that it has not left yet.
   */
  readonly oneAtATime?: boolean
  start(): Promise<void>
  /** Calls back whenever there is a connection again: what was put off for want of one may go now. */
  onConnected?(listener: () => void): void
  /** Never throws for what a platform can answer: that is an outcome. */
  send(outbound: Outbound): Promise<Outcome>
  /** The bytes behind a media name this channel gave in an `Inbound`. Throws `MediaGone` when there will never be any. */
  fetch(name: string): Promise<FetchedMedia>
  /**
   * The bytes of this name are stored durably elsewhere, or never wanted again: what the channel keeps of them on this
   * machine goes. Harmless when it is gone.
   */
  release?(name: string): Promise<void>
  /** Plain sentences on what is wrong now, for `/readyz`; empty when all is well. */
  troubles(): readonly string[]
  stop(): Promise<void>
}

/** The platform no longer has this file (expired, recalled, not ours). */
export class MediaGone extends Error {}
