import { seconds, type Instant, type Millis } from '../../workflows/ids.ts'
import { createDeadlines } from '../deadlines.ts'
import { createBreaker } from './breaker.ts'
import type { Failure, LlmSettings, Question, Reply } from './call.ts'

export type { Failure, LlmSettings, Question, Reply }

/** One call in all, of real time: connection, thinking and the last byte (keep-alive lines count for nothing). */
export const LLM_DEADLINE: Millis = seconds(8)

/** More at once only wait for each other at the model. */
const AT_ONCE = 8

/** Why nothing was asked: the breaker is open, or too many questions are under way. */
export type Passed = { readonly type: 'passed'; readonly why: 'resting' | 'busy' }

export interface LlmParts {
  readonly clock: () => Instant
  /** Real time for one call. */
  readonly deadline?: Millis
}

/** A language model behind an OpenAI-compatible interface. What goes to it must hold nothing personal. */
export interface Llm {
  /** Whether a question would be let through now. */
  ready(): boolean
  /** Never throws, and ends within the deadline. */
  ask<T>(question: Question<T>): Promise<Reply<T> | Passed>
  /** What an administrator must mend. */
  troubles(): readonly string[]
  /** Ends every call under way. */
  stop(): void
}

export function createLlm(settings: LlmSettings, { clock, deadline = LLM_DEADLINE }: LlmParts): Llm {
  const breaker = createBreaker(clock)
  const deadlines = createDeadlines()
  let asking = 0
  let trouble: string | null = null

  return {
    ready: () => asking < AT_ONCE && breaker.ready(),
    async ask(question) {
      if (asking >= AT_ONCE) return { type: 'passed', why: 'busy' }
      if (!breaker.admit()) return { type: 'passed', why: 'resting' }
      asking++
      try {
        // 60 ms and 8 MB that only a program with a model needs.
        const { callModel } = await import('./call.ts')
        const reply = await callModel(settings, question, deadlines.within(deadline))
        const works = reply.type === 'answered' ? true : showsService[reply.why]
        breaker.ended(works)
        if (works !== null) trouble = reply.type === 'failed' ? troubleOf(reply.why) : null
        return reply
      } finally {
        asking--
      }
    },
    troubles: () => (trouble === null ? [] : [trouble]),
    stop: () => {
      deadlines.stop()
    },
  }
}

/** What a failure says of the service: it works, it does not, or (null) only that this text found no answer. */
const showsService: Readonly<Record<Failure, boolean | null>> = {
  refused: null,
  blank: null,
  truncated: null,
  invalid: null,
  slow: false,
  unreachable: false,
  unauthorised: false,
  limited: false,
  rejected: false,
  down: false,
}

/** In a plain sentence; the rules go on alone meanwhile. */
export function troubleOf(why: Failure): string {
  return `the language model ${said[why]}; meanwhile messages are read by rules alone.`
}

const said: Readonly<Record<Failure, string>> = {
  refused: 'refuses what it is asked: its provider’s censor, or a setting there, forbids it',
  blank: 'answers with nothing: choose a model that can answer in JSON (LLM_MODEL)',
  truncated:
    'is cut off before its answer ends: it thinks aloud; tell it not to (LLM_EXTRA_BODY), or choose another (LLM_MODEL)',
  invalid: 'does not answer in the JSON it is asked for: choose another (LLM_MODEL), and check LLM_BASE_URL',
  slow: `does not answer within ${LLM_DEADLINE / seconds(1)} s: tell it not to think aloud (LLM_EXTRA_BODY), or choose a quicker one (LLM_MODEL)`,
  unreachable: 'cannot be reached: check LLM_BASE_URL and this machine’s network',
  unauthorised: 'refuses the key, or the account has no money left: check LLM_API_KEY and the account',
  limited: 'allows no more calls for now: ask its provider for a higher limit',
  rejected:
    'does not know this address or this name: check LLM_BASE_URL (it mostly ends in /v1) and LLM_MODEL',
  down: 'has a fault of its own: ask whoever runs it',
}
