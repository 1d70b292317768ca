import type { Logger } from 'pino'
import { isOpen, nextOpening } from '../workflows/calendar.ts'
import { atLevel } from '../workflows/duty.ts'
import type { Company, Estate, Staff } from '../workflows/estate.ts'
import { days, type Instant } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'
import { unknownYears } from './estate-calendar.ts'
import { failureOf } from './failure.ts'
import { TurnFailed, type Inbox } from './inbox.ts'

export interface YearWatch {
  /** Looks now, and from then on every day. */
  look(): void
  stop(): void
}

export interface YearWatchParts {
  readonly inbox: Pick<Inbox, 'submit'>
  readonly company: () => Company
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
}

/**
 * Tells the managers of an estate that a year is near whose holidays nobody gave (domain.md 2.5: alert when next year is
 * missing). It is no emergency, so it is told while the estate is open; whoever was told is not told again (their desk
 * remembers), and the look is repeated every day, since a year turns without a restart.
 */
export function createYearWatch({ inbox, company, clock, log }: YearWatchParts): YearWatch {
  /** What this process has handed in, so that a day's look writes nothing new. */
  const handedIn = new Set<string>()
  let cancel = (): void => undefined

  async function tell(now: Instant): Promise<void> {
    const newest = company()
    for (const estate of newest.estates.filter(({ calendar }) => isOpen(calendar, now))) {
      for (const year of unknownYears(estate.calendar, now)) {
        for (const { id } of managersOf(newest, estate, now)) {
          const { version } = newest
          const key = [version, estate.id, year, id].join(' ')
          if (handedIn.has(key)) continue
          handedIn.add(key)
          const event = { type: 'yearUnknown', estate: estate.id, year, version } as const
          await inbox.submit({ to: 'staff', id }, event).catch((error: unknown) => {
            // Stored, and tried again by itself.
            if (!(error instanceof TurnFailed)) throw error
          })
        }
      }
    }
  }

  function look(): void {
    cancel()
    const now = clock.now()
    tell(now).catch((error: unknown) => {
      handedIn.clear()
      log.warn({ failure: failureOf(error) }, 'the managers could not be told of a year without holidays')
    })
    cancel = clock.after(nextLook(company(), now) - now, look)
  }

  return { look, stop: () => cancel() }
}

/** When the first of the estates opens that is closed now, or tomorrow for one that is open. */
const nextLook = (company: Company, now: Instant): Instant =>
  Math.min(
    ...company.estates.map(({ calendar }) =>
      nextOpening(calendar, isOpen(calendar, now) ? now + days(1) : now),
    ),
  )

/** Where an estate has no manager at work, whoever stands in for one as with any alert. */
const managersOf = (company: Company, estate: Estate, at: Instant): readonly Staff[] =>
  atLevel({ company, estate, department: '经理', building: null, at, exclude: [], load: new Map() }, 2)
