import type { ChangeState, DutyChange, Span } from '../duty-changes.ts'
import type { Instant, StaffId } from '../ids.ts'
import type { Gap } from '../roster.ts'

/**
 * What happens to a person's duty, at their own desk: the only place where their leave and swaps are written. `by` is who
 * asked for it; null: the API.
 */
export type DutyAct =
  /** The roster may have changed: when the shift ends is worked out anew. */
  | { readonly do: 'look' }
  /** Ordered by somebody above: holds at once. */
  | { readonly do: 'leave'; readonly from: Instant; readonly until: Instant; readonly by: StaffId | null }
  /** `change` null: the leave they are on, or the next one. */
  | { readonly do: 'endLeave'; readonly change: number | null; readonly by: StaffId | null }
  | {
      readonly do: 'swap'
      readonly with: StaffId
      readonly from: Instant
      readonly until: Instant
      readonly by: null
    }
  | { readonly do: 'endSwap'; readonly change: number; readonly by: null }
  /** Somebody who was asked says yes or no. */
  | { readonly do: 'decide'; readonly change: number; readonly by: StaffId; readonly agree: boolean }
  | {
      readonly do: 'handAll'
      readonly to: StaffId
      readonly by: StaffId | null
      readonly reason: string | null
    }
  | { readonly do: 'hear'; readonly news: DutyNews }

/** What one desk tells another of its person's duty. */
export type DutyNews =
  | {
      readonly type: 'leave'
      readonly staff: StaffId
      readonly span: Span
      readonly state: ChangeState
      readonly by: StaffId | null
      readonly gap: Gap | null
    }
  | { readonly type: 'noLeave'; readonly staff: StaffId }
  | {
      readonly type: 'swap'
      readonly staff: StaffId
      readonly with: StaffId
      readonly span: Span
      readonly back: Span | null
      readonly state: ChangeState
    }
  /** A yes or no that came too late, or from somebody who was not asked (`state` asked). */
  | {
      readonly type: 'settled'
      readonly staff: StaffId
      readonly kind: DutyChange['kind']
      readonly state: ChangeState
      readonly by: StaffId | null
    }
  | { readonly type: 'handedToYou'; readonly from: StaffId; readonly count: number }
  | { readonly type: 'handedFor'; readonly from: StaffId; readonly to: StaffId; readonly count: number }
  | { readonly type: 'notHanded'; readonly staff: StaffId; readonly numbers: readonly string[] }
