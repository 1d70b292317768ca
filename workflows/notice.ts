import type { ComplaintId, Instant, MediaId, PersonId } from './ids.ts'
import type { Severity } from './severity.ts'
import type { Code, Department } from './taxonomy.ts'
import type { EmergencyType, Kind } from './understanding/facts.ts'
import type { Grounds } from './complaint/grounds.ts'
import type {
  AskedPauseReason,
  DeadlineStep,
  PauseReason,
  PromiseMade,
  ResponsibilityCode,
  Status,
} from './complaint/state.ts'

/** With news: by when they hear next, where nothing else is promised. */
interface Next {
  readonly next?: Instant | null
}

/**
 * What a complaint has to tell its resident. The complaint decides that it is told, the conversation how and when
 * (wording, quiet hours, what it then waits for). Names are those a resident may hear.
 */
export type Notice = { readonly complaint: ComplaintId; readonly number: string } & (
  | {
      /** Recorded: only now may 已登记 be said (domain.md 5.1 rule 11). */
      readonly type: 'registered'
      readonly kind: Kind
      readonly code: Code
      readonly severity: Severity
      readonly post: Department
      readonly promise: Instant
      /** Anonymous: number and code together show the state; told once. */
      readonly checkCode: string | null
      readonly incomplete: boolean
      readonly wantsPerson: boolean
      readonly danger: EmergencyType | null
      /** Joined to a case that is open for the same public place; how many households now. */
      readonly joined: number | null
      /** Reported so often that somebody above the usual leads it (domain.md 5.2 line 61). */
      readonly repeat?: { readonly reports: number; readonly lead: 'manager' | 'company' } | null
    }
  /** The platform accepted the alarm: now 已通知 is true. */
  | { readonly type: 'alarmDelivered'; readonly phone: string }
  /** Somebody pressed 我去处理: now 已收到 is true. */
  | { readonly type: 'alarmTaken'; readonly name: string; readonly phone: string | null }
  /** 60 s and nobody pressed: the duty number once more. */
  | { readonly type: 'alarmUntaken'; readonly phone: string }
  | { readonly type: 'stoodDown'; readonly words: string }
  | { readonly type: 'accepted'; readonly name: string; readonly contactBy: Instant | null }
  /** Another person has it now. */
  | { readonly type: 'movedTo'; readonly name: string }
  | ({ readonly type: 'arrived'; readonly name: string } & Next)
  | ({ readonly type: 'finding'; readonly text: string | null; readonly media: readonly MediaId[] } & Next)
  | ({
      readonly type: 'question'
      readonly question: number
      readonly text: string
      readonly name: string
    } & Next)
  | {
      readonly type: 'responsibility'
      readonly code: ResponsibilityCode
      readonly who: string | null
      readonly words: string | null
    }
  | { readonly type: 'plan'; readonly text: string; readonly promise: Instant; readonly gap: string | null }
  | ({ readonly type: 'progress'; readonly text: string | null; readonly media: readonly MediaId[] } & Next)
  | { readonly type: 'extended'; readonly was: Instant; readonly until: Instant; readonly reason: string }
  /** It stands still for a reason a supervisor allowed: which, what was told before, and when they hear next. */
  | {
      readonly type: 'paused'
      readonly why: AskedPauseReason
      readonly words: string
      readonly was: Instant | null
      readonly next: Instant
    }
  /** It goes on, and until when. */
  | {
      readonly type: 'resumed'
      readonly next: { readonly what: PromiseMade['what']; readonly at: Instant }
    }
  /** Somebody outside has it to do: who, what they do, and when they hear from us (domain.md 3). */
  | {
      readonly type: 'transferred'
      readonly code: Code
      readonly who: string
      readonly words: string
      readonly next: Instant
    }
  /** It is ours again. */
  | { readonly type: 'takenBack'; readonly name: string | null; readonly next: Instant }
  /** The time they were told passed while their answer was waited for: the new one. */
  | { readonly type: 'timeMoved'; readonly was: Instant; readonly until: Instant }
  /**
   * A promised time passed without the thing: said by us, before they ask. `next`: who reports, and until when; without a
   * chat nobody does, and `holder` is who was told.
   */
  | {
      readonly type: 'promiseBroken'
      readonly was: Instant
      readonly holder: string | null
      readonly next?: { readonly name: string; readonly by: Instant } | null
    }
  /** Nothing else is promised: by when they hear next, and from whom. */
  | { readonly type: 'nextReport'; readonly name: string; readonly by: Instant }
  /** Done: asks whether it is really solved. `again` counts earlier asks of this completion. */
  | {
      readonly type: 'done'
      readonly text: string
      readonly media: readonly MediaId[]
      readonly again: number
    }
  /** For households joined to the case: the result, without a question. */
  | { readonly type: 'result'; readonly text: string; readonly media: readonly MediaId[] }
  | { readonly type: 'askRating'; readonly again: boolean }
  | { readonly type: 'rated'; readonly stars: number; readonly name: string | null }
  /** Reopened or low rating: who calls, until when. */
  | {
      readonly type: 'callback'
      readonly why: 'low' | 'failed'
      readonly name: string
      readonly by: Instant
      readonly reopened: boolean
    }
  /** Called, and nobody answered: until when it is tried again; null: tried often enough. */
  | { readonly type: 'callMissed'; readonly name: string; readonly by: Instant | null }
  | ({
      readonly type: 'reply'
      readonly name: string
      readonly text: string
      readonly media: readonly MediaId[]
      readonly final: boolean
    } & Next)
  /** Long after the end of what had come back: does it hold? */
  | { readonly type: 'effectCheck'; readonly summary: string; readonly again: boolean }
  /** It does, they said. */
  | { readonly type: 'effective' }
  | {
      readonly type: 'urged'
      readonly name: string | null
      readonly promise: Instant | null
      readonly what?: PromiseMade['what']
    }
  | { readonly type: 'supplemented' }
  | { readonly type: 'answered' }
  | { readonly type: 'withdrawn' }
  | {
      readonly type: 'reopened'
      readonly post: Department
      readonly promise: Instant
      readonly repeat?: { readonly reports: number; readonly lead: 'manager' | 'company' } | null
    }
  | { readonly type: 'closed'; readonly how: 'solved' | 'unrated' | 'disputed' | 'replied' }
  /** `open`: the case goes on without name, number and home; its words go with its end. */
  | { readonly type: 'forgotten'; readonly open: boolean }
  /** They asked for its deletion, and the law keeps it for now; they hear again when it is gone. */
  | { readonly type: 'forgetLater'; readonly open: boolean }
  /** Asked for a person: who speaks to them, and until when. */
  | { readonly type: 'personComing'; readonly name: string | null; readonly by: Instant }
  /** To the new identity: it was recognised as this person, or not. */
  | { readonly type: 'claimSettled'; readonly person: PersonId | null }
  /** What was asked is not possible in this state; said politely with the state. */
  | { readonly type: 'refused'; readonly why: Refusal; readonly status: Status }
)

export type NoticeType = Notice['type']

/** Why a press, a line or an answer changes nothing. Each has words in the phrases. */
export type Refusal =
  | 'closed'
  | 'notYet'
  | 'notYours'
  | 'taken'
  | 'subject'
  | 'level'
  | 'alreadyDone'
  | 'unverified'
  | 'unheard'
  | 'noFinding'
  | 'noResponsibility'
  | 'notForService'
  | 'handlerVisits'
  | 'handledBefore'
  | 'tooLate'
  | 'nothingHeld'
  | 'windowOver'
  | 'promisePast'
  | 'tooLong'
  | 'unknownPerson'
  | 'notLowered'
  | 'stillDanger'
  | 'noPhone'
  | 'noProof'
  | 'paused'
  | 'noClock'
  | 'reviewTooLate'
  | 'transferred'
  | 'extendedTwice'

/** What a complaint tells a member of staff in words (cards aside). Masked as domain.md 6.1 demands by who reads it. */
export type StaffNotice = { readonly complaint: ComplaintId; readonly number: string } & (
  | {
      readonly type: 'refused'
      readonly why: Refusal
      readonly status: Status
      readonly holder: string | null
    }
  /** One round of the alarm: place and call-back number, to one person at a time (domain.md 6.1, exception). */
  | {
      readonly type: 'alarm'
      /** null: a supervisor made it S1 without naming a danger. */
      readonly danger: EmergencyType | null
      readonly lift: boolean
      readonly lost?: boolean
      readonly round: number
      readonly place: string
      readonly words: string
      readonly phone: string | null
      readonly dutyPhone: string
      readonly at: Instant
      readonly suspected: boolean
      /** When the resident wrote it, where it reached us late. */
      readonly written?: Instant | null
    }
  | { readonly type: 'alarmTaken'; readonly name: string }
  /** It rings no more although nobody goes: a supervisor lowered it (`name`), or the case is over (null). */
  | { readonly type: 'alarmOver'; readonly name: string | null }
  | { readonly type: 'supplemented'; readonly text: string | null; readonly media: readonly MediaId[] }
  | { readonly type: 'answered'; readonly text: string | null; readonly media: readonly MediaId[] }
  | { readonly type: 'residentUrged' }
  /** Asked twice, and no answer after two days. */
  | { readonly type: 'unanswered'; readonly text: string }
  | {
      readonly type: 'urged'
      readonly name: string
      readonly step: DeadlineStep
      readonly due: Instant | null
    }
  | { readonly type: 'withdrawn' }
  | {
      readonly type: 'reminder'
      readonly step: DeadlineStep
      readonly due: Instant
      readonly percent: number
      readonly at: Instant
    }
  | {
      readonly type: 'escalation'
      readonly step: DeadlineStep
      readonly due: Instant
      readonly percent: number
      readonly holder: string | null
      readonly at: Instant
      /** It was past already when we received it (domain.md 2.4: marked received late). */
      readonly late: boolean
      /** Whoever was told before has not answered. */
      readonly unanswered?: boolean
    }
  | { readonly type: 'phone'; readonly phone: string | null; readonly name: string | null }
  | { readonly type: 'movedAway'; readonly name: string | null }
  | { readonly type: 'undone'; readonly act: 'responsibility' | 'plan' | 'done' }
  /** Recorded; `undoUntil` where the press can be taken back. */
  | { readonly type: 'recorded'; readonly act: string; readonly undoUntil: Instant | null }
  | { readonly type: 'notSolved'; readonly partly: boolean; readonly text: string | null }
  | { readonly type: 'rated'; readonly stars: number }
  /** A call nobody answered is recorded: why it does not count, how many do, and when the next one is; null: that was enough. */
  | {
      readonly type: 'attempted'
      readonly why: 'quiet' | 'day' | 'hour' | null
      readonly count: number
      readonly next: Instant | null
    }
  /** The resident does not say whether it lasted: please look. */
  | { readonly type: 'effectWanted' }
  /** Now is the time the next attempt was planned for. */
  | { readonly type: 'attemptDue'; readonly attempt: number }
  | { readonly type: 'unreachable'; readonly phone: string | null }
  /** 电话任务: lines that did not reach them. `by` null: the case is over, nothing is due. */
  | {
      readonly type: 'untold'
      readonly lines: readonly string[]
      readonly by: Instant | null
      readonly phone: string | null
    }
  | {
      readonly type: 'wantsPerson'
      readonly text: string | null
      readonly level: 0 | 1 | 2
      /** Not asked for: a doubt about danger that the resident did not settle. */
      readonly doubt?: true
    }
  /** The whole matter, for whoever takes it: what the card has no room for, with the resident's pictures. */
  | {
      readonly type: 'brief'
      readonly words: string
      readonly demand: string | null
      readonly happened: string | null
      /** How it was read; left out in what an older version told. `where`: the place in words, where it was concluded. */
      readonly reading?: { readonly code: Code; readonly where: string | null; readonly grounds: Grounds }
      readonly findings: readonly string[]
      readonly plan: string | null
      /** What was done, for whoever calls the resident after it. */
      readonly result: string | null
      /** How often it was reported by now, and the numbers of the earlier cases; null: the first time. */
      readonly repeat: { readonly reports: number; readonly numbers: readonly string[] } | null
      readonly media: readonly MediaId[]
    }
  /** Footage may be overwritten: to be kept within the hour (domain.md 1.4 rule 6). */
  | {
      readonly type: 'footage'
      readonly place: string
      readonly happened: string | null
      readonly by: Instant
    }
  /** Whoever handles it asks for a pause: to whom decides. */
  | {
      readonly type: 'pauseWanted'
      readonly name: string
      readonly why: AskedPauseReason
      readonly words: string
      readonly until: Instant
    }
  | {
      readonly type: 'pauseDecided'
      readonly allowed: boolean
      readonly name: string
      readonly words: string | null
    }
  /** Nobody decided in time, or there is nothing to pause any more. */
  | { readonly type: 'pauseLapsed' }
  /** The clock runs again. */
  | { readonly type: 'resumed'; readonly why: PauseReason; readonly due: Instant | null }
  | { readonly type: 'claim' }
  | { readonly type: 'joined'; readonly households: number }
  | { readonly type: 'nobody' }
)
