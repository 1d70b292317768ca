import type { Queue } from 'bullmq'
import type { Logger } from 'pino'
import { minutes, seconds, type Millis } from '../../workflows/ids.ts'
import type { Clock } from '../clock.ts'
import type { RedisReport } from './redis-check.ts'
import { fireDue, SWEEP_EVERY } from './sweep.ts'
import { nameOf, type DueRow, type DueRows, type Fire, type Timers } from './timers.ts'
import { openTimerQueue, type QueuedTimer } from './timer-queue.ts'

/** Put into the queue together; small enough that the loop stays free for what comes in. */
const CHUNK = 200

/** What the sweep puts into the queue again, should somebody have taken it out. */
const SOON: Millis = minutes(1)

/** A reply that waits for a burst of messages to end stays in this process (design.md, Turns): thrice the longest `burstWait`. */
const BURST: Millis = seconds(15)

export interface BullmqTimers extends Timers {
  /** For the board alone. */
  readonly queue: Queue
  /** Whether Redis answers within so many real milliseconds. */
  answers(patience: Millis): Promise<boolean>
}

export interface BullmqParts {
  readonly rows: DueRows
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn' | 'info'>
  readonly redisUrl: string
  /** What Redis was found to be at the start; one that did not answer yet is waited for, and the rows carry the timers. */
  readonly found: RedisReport
  /** The database's id (`Store.id`): processes on one database share the work. */
  readonly database: string
}

/**
 * Timers on BullMQ: a job a row, whose id carries the revision, so that a changed deadline is another job. Redis may be
 * away, emptied or late: each process also looks at the rows every 30 s, and puts everything open into the queue again
 * when Redis is back or has lost it.
 */
export function createBullmqTimers(parts: BullmqParts): BullmqTimers {
  const { rows, clock, log, redisUrl, found, database } = parts
  let fire: Fire | null = null
  /** The revision of each row that this process put into the queue: the job to take out when it changes. */
  const inQueue = new Map<string, number>()
  const bursts = new Map<string, () => void>()
  let nextTick: (() => void) | null = null
  let sweeping: Promise<void> | null = null
  let keeping: Promise<void> | null = null
  /** What could not be put into the queue, or may have been lost from it, is counted up; up to which count all is there. */
  let missed = 1
  let restored = 0
  /** The clock moved, so the jobs that stand in the queue fire at the wrong time. */
  let delaysAreWrong = false

  const queue = openTimerQueue({
    url: redisUrl,
    database,
    log,
    found,
    onTimer: wake,
    onSweep: async () => {
      await sweep()
      await queueSoon()
    },
    onConnected() {
      missed++
      void keepWhole()
    },
  })

  /** BullMQ counts by the host's clock; ours may be hurried. Never too early by rounding. */
  const realDelay = (row: DueRow): Millis => Math.ceil(Math.max(0, row.due - clock.now()) / clock.factor())

  async function wake({ kind, id, revision }: QueuedTimer): Promise<Millis | null> {
    // This process is stopping; it is another's, or waits here for the next start.
    if (fire === null) return seconds(1)
    const row = rows.get(kind, id)
    if (inQueue.get(placeOf({ kind, id })) === revision) inQueue.delete(placeOf({ kind, id }))
    if (row?.revision !== revision) return null
    if (row.due > clock.now()) return realDelay(row)
    await fire(kind, id, revision)
    return null
  }

  function sweep(): Promise<void> {
    if (fire === null) return Promise.resolve()
    sweeping ??= fireDue({ rows, clock, log, fire, going: () => fire !== null })
      .then(
        () => undefined,
        (error: unknown) => log.warn({ err: error }, 'the timers could not be read; looked at again in 30 s'),
      )
      .finally(() => (sweeping = null))
    return sweeping
  }

  async function put(chunk: readonly DueRow[]): Promise<void> {
    for (const row of chunk) inQueue.set(placeOf(row), row.revision)
    await queue.add(chunk.map((row) => ({ ...row, delay: realDelay(row) })))
  }

  /** What is due soon is put into the queue again: somebody may have taken it out. What stands there stays as it is. */
  async function queueSoon(): Promise<void> {
    const now = clock.now()
    const next = rows.page(
      { kind: 'conversation', id: Number.MAX_SAFE_INTEGER, due: now, revision: 0 },
      CHUNK,
    )
    await put(next.filter((row) => row.due <= now + SOON && !bursts.has(placeOf(row))))
  }

  /** Puts everything open into the queue, soonest first. What is due already is the sweep's. */
  async function restore(): Promise<void> {
    const upTo = missed
    const replace = delaysAreWrong
    delaysAreWrong = false
    try {
      await queue.markWhole()
      inQueue.clear()
      let last: DueRow | null = null
      for (;;) {
        const page: readonly DueRow[] = rows.page(last, CHUNK)
        last = page.at(-1) ?? null
        if (last === null || fire === null) break
        const now = clock.now()
        const open = page.filter((row) => row.due > now && !bursts.has(placeOf(row)))
        if (page.some((row) => row.due <= now)) void sweep()
        if (replace) await queue.remove(open)
        await put(open)
      }
      if (await queue.isWhole()) restored = upTo
    } catch (error) {
      delaysAreWrong ||= replace
      throw error
    }
  }

  /** Sees that the queue holds all that is open, and the sweep. Where Redis fails, the next tick or connection tries again. */
  function keepWhole(): Promise<void> {
    if (fire === null || !queue.connected()) return Promise.resolve()
    keeping ??= (async () => {
      if (!(await queue.isWhole())) missed++
      await queue.keepSweep()
      await queue.beat()
      while (restored !== missed && fire !== null) await restore()
    })()
      .catch(queue.tell)
      .finally(() => (keeping = null))
    return keeping
  }

  function tick(): void {
    if (fire === null) return
    nextTick = clock.after(SWEEP_EVERY, tick)
    void sweep()
    void keepWhole()
  }

  function endBurst(place: string): void {
    bursts.get(place)?.()
    bursts.delete(place)
  }

  function waitHere(row: DueRow): void {
    const place = placeOf(row)
    const cancel = clock.after(Math.max(0, row.due - clock.now()), () => {
      bursts.delete(place)
      fire?.(row.kind, row.id, row.revision).catch((error: unknown) => {
        log.warn(
          { err: error, timer: nameOf(row) },
          'a timer could not be stored; fired again at the next sweep',
        )
      })
    })
    bursts.set(place, cancel)
  }

  function takeOut(row: { kind: DueRow['kind']; id: number }, newRevision: number | null): void {
    endBurst(placeOf(row))
    const revision = inQueue.get(placeOf(row))
    if (revision === undefined || revision === newRevision) return
    inQueue.delete(placeOf(row))
    void queue.remove([{ ...row, revision }])
  }

  return {
    queue: queue.queue,
    answers: (patience) => queue.answers(patience),
    arm(kind, id, due, revision) {
      if (fire === null) return
      const row = { kind, id, due, revision }
      takeOut(row, revision)
      if (kind === 'conversation' && due - clock.now() <= BURST) return waitHere(row)
      put([row]).catch(() => missed++)
    },
    cancel(kind, id) {
      if (fire !== null) takeOut({ kind, id }, null)
    },
    start(wake) {
      fire = wake
      queue.listen()
      tick()
      return Promise.resolve()
    },
    jumped() {
      delaysAreWrong = true
      missed++
      void sweep()
      void keepWhole()
    },
    troubles: () => queue.troubles(),
    async stop() {
      fire = null
      nextTick?.()
      for (const cancel of bursts.values()) cancel()
      bursts.clear()
      await Promise.all([sweeping, queue.close()])
      await keeping
    },
  }
}

const placeOf = (row: { kind: string; id: number }): string => `${row.kind}-${row.id}`
