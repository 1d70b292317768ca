import { minutes, seconds, type Instant, type Millis } from '../../workflows/ids.ts'
import { MediaGone, type AlarmBody, type Channel, type Outcome } from '../channel.ts'
import { createDeadlines } from '../deadlines.ts'
import { createTroubles } from '../troubles.ts'
import { postSigned, type AlarmSettings, type Posted } from './post.ts'

export { postSigned, type AlarmSettings, type Posted }

/** One POST in all, of real time. */
export const ALARM_DEADLINE: Millis = seconds(10)

/** A call about what was so long ago wakes people for nothing: while an alarm lasts, later rounds carry it. */
const STALE: Millis = minutes(10)

/** The longest wait between two tries; the rounds of an alarm are a minute apart. */
const LONGEST_WAIT: Millis = minutes(1)

export interface AlarmParts {
  readonly clock: () => Instant
  /** Real time for one POST. */
  readonly deadline?: Millis
}

/** A service that telephones, as a channel that only sends: each alarm is one signed POST. */
export function createAlarm(settings: AlarmSettings, { clock, deadline }: AlarmParts): Channel {
  const troubles = createTroubles()
  const deadlines = createDeadlines()

  async function post(alarm: AlarmBody, attempt: number): Promise<Outcome> {
    const now = clock()
    if (now - alarm.at > STALE)
      return { type: 'refused', why: 'window', detail: 'older than 10 minutes: nobody is called about it' }
    const signal = deadlines.within(deadline ?? ALARM_DEADLINE)
    const posted = await postSigned(settings, { id: alarm.id, body: wordsOf(alarm), at: now }, signal)
    const trouble = troubleOf(posted)
    if (trouble === null) troubles.clear('post')
    else troubles.raise('post', trouble)
    return outcomeOf(posted, attempt)
  }

  return {
    name: 'alarm',
    start: () => Promise.resolve(),
    send: ({ body, attempt }) =>
      body.type === 'alarm'
        ? post(body, attempt)
        : Promise.resolve({ type: 'refused', why: 'content', detail: 'only alarms are posted' }),
    fetch: () => Promise.reject(new MediaGone('the alarm webhook gives no media')),
    troubles: () => troubles.list(),
    stop: () => {
      deadlines.stop()
      return Promise.resolve()
    },
  }
}

/** The body of the POST (docs/running.md): the time as ISO 8601 in UTC, everything else as it is. */
const wordsOf = ({ at, ...alarm }: AlarmBody): object => ({ ...alarm, at: new Date(at).toISOString() })

function outcomeOf(posted: Posted, attempt: number): Outcome {
  const growing = Math.min(seconds(2) * 2 ** Math.max(0, attempt - 1), LONGEST_WAIT)
  switch (posted.type) {
    case 'unreachable':
      return { type: 'later', after: growing, detail: posted.reason }
    case 'lost':
      return { type: 'unknown', detail: posted.reason }
    case 'answered': {
      const { status, retryAfter } = posted
      const detail = `HTTP ${status}`
      if (status >= 200 && status < 300) return { type: 'accepted', ref: null, code: null }
      if (status === 408 || status === 429 || status >= 500)
        return { type: 'later', after: Math.min(retryAfter ?? growing, LONGEST_WAIT), detail }
      return { type: 'refused', why: 'configuration', detail }
    }
  }
}

/** What an administrator must mend; null while all is well. */
export function troubleOf(posted: Posted): string | null {
  switch (posted.type) {
    case 'unreachable':
      return `the alarm service cannot be reached (${posted.reason}), so it telephones nobody: check ALARM_WEBHOOK_URL and this machine's network.`
    case 'lost':
      return `the alarm service does not answer (${posted.reason}), so perhaps it telephones nobody: ask whoever runs it.`
    case 'answered': {
      const { status } = posted
      if (status >= 200 && status < 300) return null
      const advice =
        status === 401 || status === 403
          ? 'check that ALARM_WEBHOOK_SECRET is the same on both sides, and both clocks'
          : status >= 300 && status < 400
            ? 'it redirects, which is not followed: set ALARM_WEBHOOK_URL to the final address'
            : status === 408 || status === 429 || status >= 500
              ? 'ask whoever runs it'
              : 'check ALARM_WEBHOOK_URL'
      return `the alarm service answers HTTP ${status}, so it telephones nobody: ${advice}.`
    }
  }
}
