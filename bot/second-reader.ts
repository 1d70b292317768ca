import type { Logger } from 'pino'
import type { Llm, Passed, Failure } from '../adapters/llm/index.ts'
import type { Store } from '../db/store.ts'
import { localDay } from '../workflows/calendar.ts'
import type { ConversationId, Instant, PersonId } from '../workflows/ids.ts'
import type { AboutMessage } from '../workflows/intake/state.ts'
import { instructions, secondReadingSchema } from '../workflows/understanding/second-reading.ts'
import { failureOf } from './failure.ts'
import type { Inbox } from './inbox.ts'
import type { Metrics } from './metrics.ts'

/** What a turn wants a language model to read. `material` alone leaves; the rest stays in this process. */
export interface ModelQuestion {
  readonly conversation: ConversationId
  readonly person: PersonId | null
  readonly material: string
  readonly about: AboutMessage
  readonly askedAt: Instant
}

/** Has a language model read what residents write. Nothing waits for it, and no failure of it is anybody's but its own. */
export interface SecondReader {
  /** Inside a turn's transaction: whether one more may be asked today; counts it. */
  admit(now: Instant): boolean
  /** After the commit. What is answered comes back through the inbox; what is not is gone. */
  ask(questions: readonly ModelQuestion[]): void
  start(inbox: Pick<Inbox, 'report'>): void
  /** Plain sentences for /readyz. */
  troubles(): readonly string[]
  /** Ends what is under way. */
  stop(): Promise<void>
}

export interface SecondReaderParts {
  readonly llm: Llm
  /** Questions a local day, of all processes on the data together. */
  readonly cap: number
  readonly timezone: () => string
  readonly store: Store
  readonly clock: { now(): Instant }
  readonly log: Pick<Logger, 'warn'>
  readonly metrics: Pick<Metrics, 'model' | 'modelPassed'>
}

export function createSecondReader(parts: SecondReaderParts): SecondReader {
  const { llm, cap, store, clock, log, metrics } = parts
  const asking = new Set<Promise<void>>()
  let inbox: Pick<Inbox, 'report'> | null = null

  /** A row of the counters, beside the days of complaint numbers. */
  const today = (now: Instant): string => `model ${localDay(parts.timezone(), now)}`
  const spent = (now: Instant): number => store.complaints.counter(today(now))

  function passed(why: Passed['why'] | 'cap'): false {
    metrics.modelPassed.inc({ why })
    return false
  }

  async function read({ conversation, person, material, about, askedAt }: ModelQuestion): Promise<void> {
    const end = metrics.model.startTimer()
    const reply = await llm.ask({ instructions, text: material, schema: secondReadingSchema })
    if (reply.type === 'passed') return void passed(reply.why)
    const seconds = end({ result: reply.type === 'answered' ? 'answered' : reply.why })
    if (reply.type === 'failed') return noted(reply.why, seconds)
    await inbox?.report(() => {
      // Whoever asked to be forgotten meanwhile is: their words must not come back with an answer.
      if (person !== null && store.people.forgottenSince(person, askedAt)) return []
      const event = { type: 'secondReading', about, reading: reply.answer } as const
      return [{ whom: { to: 'conversation', id: conversation }, event }]
    })
  }

  function noted(why: Failure, seconds: number): void {
    log.warn({ why, ms: Math.round(seconds * 1000) }, 'the language model gave no answer; the rules stand')
  }

  return {
    admit(now) {
      if (inbox === null) return false
      if (!llm.ready()) return passed('resting')
      const count = spent(now)
      if (count >= cap) return passed('cap')
      store.complaints.setCounter(today(now), count + 1)
      return true
    },
    ask(questions) {
      for (const question of questions) {
        const reading = read(question)
          .catch((error: unknown) => {
            log.warn({ failure: failureOf(error) }, 'what a language model answered could not be taken in')
          })
          .finally(() => asking.delete(reading))
        asking.add(reading)
      }
    },
    start(door) {
      inbox = door
    },
    troubles: () => [
      ...llm.troubles(),
      ...(spent(clock.now()) >= cap
        ? [
            `the language model was asked ${cap} times today, as often as LLM_DAILY_CAP allows: until midnight messages are read by rules alone.`,
          ]
        : []),
    ],
    async stop() {
      inbox = null
      llm.stop()
      await Promise.allSettled(asking)
    },
  }
}
