import type { Logger } from 'pino'
import type { Channel } from '../adapters/channel.ts'
import { minutes, seconds, type Millis } from '../workflows/ids.ts'
import { markedRepeat } from '../workflows/phrases/repeat.ts'
import { endAll } from './end-all.ts'
import { openFlightLog } from './flight.ts'
import { createInbox, type Inbox, type InboxParts } from './inbox.ts'
import type { ProcessLease } from './lease.ts'
import { createMedia, type Media } from './media.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { Timers } from './timers/timers.ts'

export interface EngineParts extends Omit<InboxParts, 'outbox' | 'media' | 'timers' | 'log' | 'guard'> {
  readonly dataDir: string
  /** Their `receive` leads to this engine's inbox; they are begun by whoever serves them (works.ts). */
  readonly channels: readonly Channel[]
  readonly timers: Timers
  /** What allows this process to write and send; null: nobody else can be there. */
  readonly lease: Pick<ProcessLease, 'sharing' | 'guard'> | null
  readonly log: Pick<Logger, 'error' | 'warn'>
  /** For so long a channel refuses a repeat by itself; other than the platforms' in tests. */
  readonly repeatWindow?: (channel: string) => Millis
  /** Real milliseconds for one file; shorter in tests. */
  readonly mediaDeadline?: Millis
}

/** What takes in, decides, sends and wakes: the program without its doors. */
export interface Engine {
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly media: Media
  readonly timers: Timers
  /** Begins to wake what is due. What leaves, and which files come, is up to what is served then (works.ts). */
  start(): Promise<void>
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  /** Ends all of it, the channels too; what was taken in and what became of sends is on the disk then. */
  stop(): Promise<void>
}

/** Builds the loop of the program over a store and its channels; nothing happens before it is started. */
export function createEngine(parts: EngineParts): Engine {
  const { store, clock, channels, dataDir, timers, lease, log } = parts
  const model = parts.model ?? null
  const media = createMedia({ store, channels, clock, dataDir, log, deadline: parts.mediaDeadline })
  const outbox = createOutbox({
    store,
    channels,
    clock,
    log,
    flights: (channel) => openFlightLog(dataDir, channel, store.holder),
    sharing: lease?.sharing,
    guard: lease?.guard,
    marked: markedRepeat,
    repeatWindow: parts.repeatWindow ?? refusesRepeatsFor,
    mediaFile: media.forOthers,
  })
  const inbox = createInbox({ ...parts, outbox, media, guard: lease?.guard })
  // Ended in the reverse order: nothing new is woken, what is on its way lands, and its marks are committed last.
  const stops: (() => void | Promise<void>)[] = [
    () => inbox.stop(),
    () => model?.stop(),
    ...channels.map((channel) => () => channel.stop()),
    () => outbox.stop(),
    () => media.stop(),
    () => timers.stop(),
  ]

  return {
    inbox,
    outbox,
    media,
    timers,
    async start() {
      outbox.start(inbox)
      media.start(inbox)
      model?.start(inbox)
      stops.push(clock.onJump(() => timers.jumped()))
      await timers.start(inbox.fire)
    },
    troubles: () => [
      ...inbox.troubles(),
      ...outbox.troubles(),
      ...timers.troubles(),
      ...(model?.troubles() ?? []),
    ],
    stop: () => endAll(stops),
  }
}

/**
 * 企业微信 refuses the same body for the time we ask it to (adapters/wecom), a service that telephones takes the id of an
 * alarm once for as long as we post it (docs/running.md); nobody else does.
 */
function refusesRepeatsFor(channel: string): Millis {
  if (channel === 'wecom') return seconds(120)
  return channel === 'alarm' ? minutes(10) : 0
}
