import type { Instant } from '../ids.ts'
import { days, minutes } from '../ids.ts'
import { moreAddedAt, sayHowManyAdded } from './adding.ts'
import { abandonAfter, remindOfDraft, reply } from './asking.ts'
import { doubtUnanswered } from './danger.ts'
import { command } from '../phrases/resident.ts'
import { closeDraft, register } from './registering.ts'
import { addToOwn } from './repeated.ts'
import { dangerTopics, type IntakeState } from './state.ts'
import type { Talk } from './talk.ts'

/** A question about a case keeps its meaning this long; the case itself asks again when it must. */
const questionLasts = days(7)

/** Everything whose time has come, most urgent first. */
export function due(talk: Talk): void {
  const { s } = talk
  const passed = (at: Instant | null | undefined) => at !== null && at !== undefined && at <= talk.now
  if (passed(s.danger?.answerBy)) doubtUnanswered(talk)
  if (passed(s.danger?.until)) endDanger(talk)
  if (passed(s.humanUntil)) botAgain(talk)
  if (passed(moreAddedAt(s))) sayHowManyAdded(talk)
  if (passed(s.replyAt)) reply(talk)
  if (passed(s.abandonAt)) abandon(talk)
  else if (passed(s.nudgeAt)) {
    remindOfDraft(talk)
    s.abandonAt = talk.now + abandonAfter
  }
  if (s.asking && passed(s.asking.at + questionLasts)) s.asking = null
}

/** Two hours without a human line (rule 5): said, so that nobody waits for a person who is not there; not at night. */
function botAgain(talk: Talk): void {
  talk.s.humanUntil = null
  talk.s.abuse = 0
  talk.s.threatened = false
  if (talk.quietUntil === null && !talk.s.unreachable) talk.say(command.botResumes)
}

function endDanger(talk: Talk): void {
  talk.s.danger = null
  const topic = talk.s.asking?.topic
  if (topic !== undefined && dangerTopics.has(topic)) talk.s.asking = null
}

/** Nobody answered: registered as far as it came, and a person calls back. A photo alone goes to the case spoken of. */
function abandon(talk: Talk): void {
  const draft = talk.s.draft
  if (!draft) {
    talk.s.abandonAt = null
    return
  }
  const empty = draft.words.length === 0 && draft.location === null
  const current = talk.currentCase
  if (empty && draft.media.length === 0) closeDraft(talk)
  else if (empty && current) addToOwn(talk, draft, current)
  else register(talk, draft, { incomplete: true, wantsPerson: false })
}

/** The earliest thing due; a conversation with something open always has one. */
export function nextDue(s: IntakeState): Instant | null {
  const times = [
    s.replyAt,
    s.nudgeAt,
    s.abandonAt,
    s.humanUntil,
    s.waitingUntil,
    moreAddedAt(s),
    s.danger?.answerBy ?? null,
    s.danger?.until ?? null,
    s.asking ? s.asking.at + questionLasts : null,
    s.registering === null ? null : s.registering + minutes(1),
  ].filter((at) => at !== null)
  return times.length === 0 ? null : Math.min(...times)
}
