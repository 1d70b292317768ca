import type { MediaId } from './ids.ts'

export type MediaKind = 'image' | 'voice' | 'video' | 'file'

/**
 * What a person sent, in our words. Adapters give `Content<string>` (media named as the platform names it); the inbox
 * replaces that name by a media row, so that workflows see `Content`.
 */
export type Content<Media = MediaId> =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'media'; readonly kind: MediaKind; readonly media: Media; readonly name: string | null }
  | {
      readonly type: 'location'
      readonly latitude: number
      readonly longitude: number
      readonly label: string | null
    }
  | {
      readonly type: 'link'
      readonly title: string
      readonly url: string
      readonly description: string | null
    }
  | { readonly type: 'sticker' }
  /** The writer took an earlier message back; what it said stays on record, marked as recalled. */
  | { readonly type: 'recall'; readonly message: string }
  /** A button of a card. `code` allows one update of the presser's card; opaque, null where the platform gives none. */
  | {
      readonly type: 'press'
      /** The task the card was sent as. */
      readonly card: string
      readonly code: string | null
      readonly action: string
      readonly selected: Readonly<Record<string, readonly string[]>>
    }
  /** Opened the chat, became a friend, followed. */
  | { readonly type: 'entered' }
  /** Left: unfollowed, removed us, lost access to the app. */
  | { readonly type: 'left' }
  /** Something this version knows no words for; kept, and shown to a person. */
  | { readonly type: 'unknown'; readonly name: string }

/** A card for a member of staff, free of any platform's words. Limits are WeCom's (platforms.md 4), the narrowest. */
export interface Card {
  /** ≤ 26 characters. */
  readonly title: string
  /** ≤ 30 characters. */
  readonly subtitle: string
  /** Red, orange, green or grey mark at the top. */
  readonly tone: 'danger' | 'warning' | 'good' | 'plain'
  /** ≤ 6 rows; label ≤ 5 characters, value ≤ 26. */
  readonly rows: readonly { readonly label: string; readonly value: string }[]
  /** ≤ 112 characters. */
  readonly text: string
  /** ≤ 6; label ≤ 10 characters. No buttons: nothing can be pressed any more. */
  readonly buttons: readonly CardButton[]
  /** A drop-down above the buttons; its choice comes with whatever button is pressed. ≤ 10 options. */
  readonly select: CardSelect | null
}

export interface CardButton {
  readonly action: string
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
}

export interface CardSelect {
  readonly key: string
  readonly title: string
  readonly options: readonly { readonly id: string; readonly label: string }[]
}
