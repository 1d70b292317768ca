import type { Complaint } from './complaint/state.ts'
import type { Instant, MediaId, StaffId } from './ids.ts'
import type { Content, MediaKind } from './message.ts'
import type { PersonFacts } from './turn.ts'

/** How long things are kept after the end of a case (domain.md 6.1, Retention). */
export interface KeepFor {
  readonly years: number
  readonly mediaDays: number
}

/** Everything that is kept of one person, for the copy they may ask for (PIPL 45, 50). */
export interface KeptOfPerson {
  readonly facts: PersonFacts
  /** The chats they write in, oldest first. */
  readonly chats: readonly KeptChat[]
  /** What they wrote, oldest first; what was deleted is not among it. */
  readonly messages: readonly KeptMessage[]
  /** Their cases, oldest first, however old. */
  readonly cases: readonly KeptCase[]
  readonly files: readonly KeptFile[]
}

export interface KeptChat {
  readonly channel: string
  /** What the platform shows as their name. */
  readonly shownName: string | null
  readonly since: Instant
  /** When 《个人信息》 line 02 of domain.md 5.2 was said. */
  readonly noticed: Instant | null
}

export interface KeptMessage {
  readonly at: Instant
  readonly inGroup: boolean
  readonly content: Content
}

export interface KeptCase {
  readonly complaint: Complaint
  readonly timeline: readonly KeptEntry[]
}

export interface KeptEntry {
  readonly type: string
  readonly staff: StaffId | null
  readonly at: Instant
  readonly data: Readonly<Record<string, string | number | boolean | null>>
  readonly words: string | null
}

export interface KeptFile {
  readonly id: MediaId
  readonly kind: MediaKind
  /** false: erased, or it never came. */
  readonly kept: boolean
}
