import type { Store } from '../db/store.ts'
import type { Channel } from '../adapters/channel.ts'
import { minutes, type Instant } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'
import type { Shares } from './shares.ts'

export interface Readiness {
  /** Whether work can be taken. Warnings alone never make it false. */
  readonly ready: boolean
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** Work of which there is one for all processes, and this one does it: `channel:wecom`, `chores`. */
  readonly holds: readonly string[]
}

export interface HealthParts {
  readonly store: Store
  readonly clock: Clock
  readonly channels: readonly Channel[]
  /** Found at start: of the estate file, the environment. */
  readonly startWarnings: readonly string[]
  readonly shares: Pick<Shares, 'held' | 'troubles'>
  /** Plain sentences of the other parts: inbox, outbox, media. */
  readonly troubles: () => readonly string[]
  readonly stopping: () => boolean
  /** Why nothing can be stored now, a code; null while it can. */
  readonly unwritable: () => string | null
}

/** A timer later than this means that nothing wakes what is due. */
const timersLate = minutes(2)

/** `/readyz`: 503 only when work cannot be taken; all else that a person should know is a warning (issue: 200 with a list). */
export function readiness(parts: HealthParts): Readiness {
  const holds = parts.shares.held()
  const not = (why: string): Readiness => ({ ready: false, errors: [why], warnings: [], holds })
  if (parts.stopping()) return not('the program is stopping')
  const unwritable = parts.unwritable()
  if (unwritable !== null) return not(`the database cannot be written (${unwritable})`)
  try {
    return { ready: true, errors: [], warnings: warnings(parts), holds }
  } catch (error) {
    const what = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return not(`the database cannot be read (${what})`)
  }
}

function warnings({
  store,
  clock,
  channels,
  startWarnings,
  shares,
  troubles,
}: HealthParts): readonly string[] {
  const backlog = store.reads.backlog()
  const late = backlog.oldestTimerDue === null ? 0 : clock.now() - backlog.oldestTimerDue
  const missed = Object.values(backlog.undelivered).reduce((sum, n) => sum + n, 0)
  return [
    ...startWarnings,
    ...channels.flatMap((channel) => channel.troubles().map((trouble) => `${channel.name}: ${trouble}`)),
    ...shares.troubles(),
    ...troubles(),
    ...store.reads.unowned().map((number) => `complaint ${number} has nobody who can be asked`),
    ...store.reads.unheard().map(({ number, since }) => unheard(number, since)),
    ...(late > timersLate ? [`the oldest timer is ${Math.round(late / 1000)} s late`] : []),
    ...(missed > 0 ? [`${missed} messages did not arrive or perhaps did not: GET /api/undelivered`] : []),
  ]
}

const unheard = (number: string, since: Instant | null): string =>
  `complaint ${number}: nobody has answered an escalation since ${new Date(since ?? 0).toISOString()}`
