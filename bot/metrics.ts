import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Backlog } from '../db/reads.ts'
import type { Store } from '../db/store.ts'
import type { Clock } from './clock.ts'
import type { DailyBackup } from './daily-backup.ts'
import type { Shares } from './shares.ts'

/** What Prometheus reads at `/metrics`. Labels are codes of ours; nothing in them names a person. */
export interface Metrics {
  readonly registry: Registry
  /** How long a message took from the adapter's hands to the disk, in seconds. */
  readonly received: Histogram<'channel' | 'result'>
  readonly http: Counter<'route' | 'status'>
  /** How long a language model took to answer, or to fail, in seconds. */
  readonly model: Histogram<'result'>
  /** Messages it was not asked about: the day's cap, or it rests or is busy. */
  readonly modelPassed: Counter<'why'>
  /** From now on it is told, too, which work this process has. */
  watch(shares: Pick<Shares, 'names' | 'held'>): void
  /** Where a backup is made every day: how old the newest is. */
  watchBackup(backup: Pick<DailyBackup, 'age'>): void
}

export function createMetrics(store: Store, clock: Clock): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const received = new Histogram({
    name: 'complaint_line_receive_seconds',
    help: 'From an inbound at the door to its commit',
    labelNames: ['channel', 'result'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  const http = new Counter({
    name: 'complaint_line_http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  const model = new Histogram({
    name: 'complaint_line_model_seconds',
    help: 'Calls of the language model, by how they ended',
    labelNames: ['result'],
    buckets: [0.25, 0.5, 1, 2, 4, 8],
    registers: [registry],
  })
  const modelPassed = new Counter({
    name: 'complaint_line_model_passed_total',
    help: 'Messages the language model was not asked about',
    labelNames: ['why'],
    registers: [registry],
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `complaint_line_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  // Ten gauges of one scrape, collected in one tick, share one reading of the tables.
  let read: Backlog | null = null
  const backlog = (): Backlog => {
    if (read === null) queueMicrotask(() => (read = null))
    return (read ??= store.reads.backlog())
  }
  gauge('inbox_waiting', 'Events stored and not decided yet', () => backlog().inboxWaiting)
  gauge('inbox_dead', 'Events no turn could decide', () => backlog().inboxDead)
  gauge('outbox_pending', 'Messages that have not left yet', () => backlog().outboxPending)
  gauge('outbox_oldest_seconds', 'Age of the oldest of them', () => ageOf(backlog().oldestPendingAt, clock))
  gauge('timers', 'Timer rows', () => backlog().timers)
  gauge('timer_lateness_seconds', 'How late the oldest due timer is', () =>
    ageOf(backlog().oldestTimerDue, clock),
  )
  gauge('media_waiting', 'Files not fetched yet', () => backlog().mediaWaiting)
  gauge('complaints_unowned', 'Open complaints nobody could be found for', () => backlog().unowned)
  gauge('complaints_unheard', 'Open complaints with an escalation nobody answered', () => backlog().unheard)
  new Gauge({
    name: 'complaint_line_undelivered',
    help: 'Messages that never arrived, or perhaps did not',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, n] of Object.entries(backlog().undelivered)) this.set({ state }, n)
    },
  })
  new Gauge({
    name: 'complaint_line_complaints_open',
    help: 'Open complaints by state and severity',
    labelNames: ['status', 'severity'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { status, severity, n } of store.reads.openByStatus()) this.set({ status, severity }, n)
    },
  })
  return {
    registry,
    received,
    http,
    model,
    modelPassed,
    watchBackup: (backup) =>
      void gauge(
        'backup_age_seconds',
        'How long ago the newest backup was made; infinite without one',
        () => backup.age() ?? Infinity,
      ),
    watch: (shares) =>
      void new Gauge({
        name: 'complaint_line_holds',
        help: 'Whether this process does a work of which there is one for all processes on the data',
        labelNames: ['work'],
        registers: [registry],
        collect() {
          const held = shares.held()
          for (const work of shares.names) this.set({ work }, held.includes(work) ? 1 : 0)
        },
      }),
  }
}

const ageOf = (at: number | null, clock: Clock): number =>
  at === null ? 0 : Math.max(0, (clock.now() - at) / 1000)
