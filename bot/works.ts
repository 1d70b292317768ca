import type { Logger } from 'pino'
import type { Channel } from '../adapters/channel.ts'
import type { Store } from '../db/store.ts'
import type { Company } from '../workflows/estate.ts'
import type { Clock } from './clock.ts'
import type { DailyBackup } from './daily-backup.ts'
import { tellOfDepartures } from './departures.ts'
import { failureOf } from './failure.ts'
import type { Inbox } from './inbox.ts'
import type { Media } from './media.ts'
import type { Outbox } from './outbox.ts'
import type { RetentionKeeper } from './retention.ts'
import { tellOfRosters } from './rosters.ts'
import type { Work } from './shares.ts'
import type { YearWatch } from './year-watch.ts'

export interface WorkParts {
  readonly outbox: Pick<Outbox, 'serve' | 'look'>
  readonly media: Pick<Media, 'serve' | 'wake'>
}

/** An account: its connection, everything sent by it in order, and the files that came over it. */
export function channelWork({ outbox, media, channel }: WorkParts & { readonly channel: Channel }): Work {
  return {
    name: `channel:${channel.name}`,
    async begin() {
      await outbox.serve([channel.name])
      media.serve({ channels: [channel.name], erases: false })
      await channel.start()
    },
    look() {
      outbox.look()
      media.wake()
    },
  }
}

export interface ChoresParts extends WorkParts {
  readonly store: Store
  readonly inbox: Inbox
  readonly clock: Pick<Clock, 'now'>
  /** The estate file's newest version, whichever process brought it. */
  readonly company: () => Company
  /** Those nobody is configured for: what waits there is refused and shown to people. */
  readonly channels: readonly string[]
  readonly years: Pick<YearWatch, 'look'>
  /** null: none is made. */
  readonly backup: Pick<DailyBackup, 'look'> | null
  readonly retention: Pick<RetentionKeeper, 'look'>
  readonly log: Pick<Logger, 'warn'>
}

/**
 * What is done once for all data: failed events tried again, people who left, shifts that end, files erased, years
 * without holidays, backups, what was kept long enough.
 */
export function choresWork({
  store,
  inbox,
  clock,
  outbox,
  media,
  company,
  channels,
  years,
  backup,
  retention,
  log,
}: ChoresParts): Work {
  /** The version whose departures and rosters are told. */
  let told: number | null = null
  let telling: Promise<void> | null = null

  function tell(): Promise<void> {
    const newest = company()
    if (newest.version === told) return Promise.resolve()
    telling ??= tellOfDepartures(store, inbox, newest)
      .then(() => tellOfRosters(store, inbox, newest, clock.now()))
      .then(() => void (told = newest.version))
      .finally(() => (telling = null))
    return telling
  }

  return {
    name: 'chores',
    async begin() {
      await outbox.serve(channels)
      media.serve({ channels, erases: true })
      inbox.start()
      await tell()
      years.look()
      backup?.look()
      retention.look()
    },
    look() {
      outbox.look()
      media.wake()
      inbox.start()
      tell().catch((error: unknown) => {
        log.warn(
          { failure: failureOf(error) },
          'who left, or whose shift changed, could not be told; tried again',
        )
      })
    },
  }
}
