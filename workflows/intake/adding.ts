import type { ComplaintId } from '../ids.ts'
import { minutes } from '../ids.ts'
import { news } from '../phrases/news.ts'
import { command } from '../phrases/resident.ts'
import type { IntakeState } from './state.ts'
import type { Talk } from './talk.ts'

/** Whoever adds line after line hears of it so often: at once of the first, then of how many more. */
const saidEvery = minutes(1)

const heardJustNow = ({ s, now }: Talk): boolean => s.adding !== null && now - s.adding.said < saidEvery

/** What is said goes on to the case; that it did is said with the others of this minute. */
export function sayAdding(talk: Talk): void {
  if (!heardJustNow(talk)) talk.say(command.adding)
}

/** It stands in the case. */
export function sayAdded(talk: Talk, complaint: ComplaintId, number: string): void {
  const before = talk.s.adding
  if (before === null || !heardJustNow(talk)) {
    talk.say(news.supplemented(number), 'plain', complaint)
    talk.s.adding = { said: talk.now, more: [] }
    return
  }
  const count = before.more.find((one) => one.complaint === complaint)?.count ?? 0
  const others = before.more.filter((one) => one.complaint !== complaint)
  talk.s.adding = { ...before, more: [...others, { complaint, number, count: count + 1 }] }
}

/** The minute is over: one line for all that came in it. */
export function sayHowManyAdded(talk: Talk): void {
  const more = talk.s.adding?.more ?? []
  talk.s.adding = more.length > 0 ? { said: talk.now, more: [] } : null
  if (talk.human || talk.askedInDanger) return
  for (const { complaint, number, count } of more)
    talk.say(news.supplementedMore(number, count), 'plain', complaint)
}

/** When that is; null: nothing more came. */
export const moreAddedAt = ({ adding }: IntakeState): number | null =>
  adding === null || adding.more.length === 0 ? null : adding.said + saidEvery
