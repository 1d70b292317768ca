import type { ComplaintEvent } from '../complaint/events.ts'
import type { MediaId } from '../ids.ts'
import { seconds } from '../ids.ts'
import { complaints, news } from '../phrases/news.ts'
import { ask, command, same, summary } from '../phrases/resident.ts'
import { askSlot, nextSlot, readBack, reply, touch } from './asking.ts'
import { carryOut, exportAll, forgetAll, handOver } from './commands.ts'
import { correct } from './correcting.ts'
import { fillSlot } from './filling.ts'
import {
  confirms,
  readAnswer,
  readEffect,
  readSolved,
  readStarsIn,
  type Answer,
  type Said,
} from './reading.ts'
import { dropDraft, registerConfirmed } from './registering.ts'
import { addToOwn } from './repeated.ts'
import { changeOther, takeAll } from './several.ts'
import type { Asking, Topic } from './state.ts'
import type { Talk } from './talk.ts'

/** domain.md 5.1 rule 14. */
const doubleTap = seconds(10)

/** The same short answer again within 10 s belongs to the earlier question: a double tap, not the next answer. */
export function isRepeated(talk: Talk, text: string, at: number): boolean {
  const last = talk.s.askedBefore
  return last !== null && last.answer === text && at - last.at <= doubleTap && isShort(readAnswer(text), text)
}

const isShort = (answer: Answer, text: string): boolean =>
  text.length <= 4 && (typeof answer === 'number' || answer === 'yes' || answer === 'no')

/** Platforms tell whole seconds: an answer may look up to one older than the question it answers. */
export const isOlderThanQuestion = (asking: Asking, at: number): boolean => at + 999 < asking.at

/** Takes the message as the answer to the open question. False: it is not one; the question stays open. */
export function takeAnswer(talk: Talk, said: Said): boolean {
  const asking = talk.s.asking
  if (!asking || isOlderThanQuestion(asking, said.at)) return false
  const misunderstood = talk.s.misunderstood
  const taken = answerTo(talk, asking, said)
  if (!taken) return false
  talk.s.askedBefore = {
    topic: asking.topic,
    at: said.at,
    complaint: asking.complaint,
    answer: said.text,
  }
  if (talk.s.misunderstood === misunderstood) talk.s.misunderstood = 0
  return true
}

function answerTo(talk: Talk, asking: Asking, said: Said): boolean {
  switch (asking.topic) {
    case 'estate':
    case 'what':
    case 'place':
    case 'who':
    case 'time':
    case 'demand':
    case 'household':
    case 'phone':
      return fillSlot(talk, asking.topic, asking, said)
    case 'confirm':
    case 'correct':
      return confirm(talk, asking.topic, said)
    case 'sameAsMine':
      return sameAsMine(talk, asking, said)
    case 'sameAsOther':
      return sameAsOther(talk, asking, said)
    case 'whichCase':
      return chooseCase(talk, asking, said)
    case 'supplement':
      return toCase(talk, asking, { type: 'supplement', text: said.text, media: [] }, command.adding)
    case 'withdraw':
      return withdraw(talk, asking, said)
    case 'forget':
      return yesOrNo(talk, said, {
        yes: () => forgetAll(talk),
        no: () => backToDraft(talk, command.notForgotten),
      })
    case 'export':
      return yesOrNo(talk, said, {
        yes: () => {
          exportAll(talk)
          backToDraft(talk, null)
        },
        no: () => backToDraft(talk, command.notExported),
      })
    case 'person':
      return yesOrNo(talk, said, {
        yes: () => handOver(talk, said.text, 0),
        no: () => backToDraft(talk, null),
      })
    case 'solved':
      return solved(talk, asking, said)
    case 'stars':
    case 'oneStar':
      return stars(talk, asking, said)
    case 'comment':
      return comment(talk, asking, said)
    case 'effect':
      return effect(talk, asking, said)
    case 'relayed':
      return relayed(talk, asking, said.text, [])
    case 'reopen':
      return yesOrNo(talk, said, {
        yes: () => {
          toCase(talk, asking, { type: 'reopen', text: asking.words ?? said.text, media: [] }, same.reopening)
        },
        no: () => backToDraft(talk, null),
      })
    case 'inDanger':
    case 'dangerEstate':
    case 'dangerPlace':
    case 'dangerPhone':
      return false
  }
}

/** 对 registers; anything else changes just what it says, and the summary is read back again. */
function confirm(talk: Talk, topic: Topic, said: Said): boolean {
  const draft = talk.s.draft
  if (!draft) return false
  touch(talk)
  const answer = readAnswer(said.text)
  if (topic === 'confirm' && (answer === 'yes' || answer === 1 || confirms(said.text))) {
    registerConfirmed(talk, draft)
    return true
  }
  if (answer === 'no' || answer === 2) {
    talk.ask('correct', ask.correct)
    return true
  }
  const ofOther = changeOther(talk, draft, said)
  if (ofOther !== null) {
    readBack(talk, talk.s.draft ?? draft, ofOther)
    return true
  }
  let changes: readonly string[] = []
  const others = draft.others.length
  takeAll(talk, draft, said, (own) => {
    changes = correct(talk, draft, own)
  })
  if (changes.length === 0 && draft.others.length === others) talk.say(summary.added)
  readBack(talk, draft, changes)
  return true
}

interface Ways {
  readonly yes: () => void
  readonly no: () => void
}

/** Two ways and nothing else: what is neither leaves the question open. */
function yesOrNo(talk: Talk, said: Said, ways: Ways): boolean {
  const answer = readAnswer(said.text)
  const way = answer === 'yes' || answer === 1 ? ways.yes : answer === 'no' || answer === 2 ? ways.no : null
  if (!way) return false
  talk.s.asking = null
  way()
  return true
}

function sameAsMine(talk: Talk, asking: Asking, said: Said): boolean {
  const draft = talk.s.draft
  if (!draft) return false
  touch(talk)
  return yesOrNo(talk, said, {
    yes: () => {
      const brief = talk.caseOf(asking.complaint)
      if (brief) addToOwn(talk, draft, brief)
      if (talk.s.draft) reply(talk)
    },
    no: () => {
      if (asking.complaint !== null) draft.differs.push(asking.complaint)
      reply(talk)
    },
  })
}

function sameAsOther(talk: Talk, asking: Asking, said: Said): boolean {
  const draft = talk.s.draft
  if (!draft) return false
  touch(talk)
  return yesOrNo(talk, said, {
    yes: () => {
      draft.sameAs = asking.complaint
      reply(talk)
    },
    no: () => reply(talk),
  })
}

function chooseCase(talk: Talk, asking: Asking, said: Said): boolean {
  const answer = readAnswer(said.text)
  const id = typeof answer === 'number' ? asking.options[answer - 1] : undefined
  const brief = talk.loaded.mine.find((b) => String(b.id) === id)
  if (!brief || asking.wanting === null) return false
  talk.s.asking = null
  carryOut(talk, asking.wanting, brief, asking.words ?? '')
  return true
}

/** Sends an event to the case the question was about. */
function toCase(talk: Talk, asking: Asking, event: ComplaintEvent, line: string | null): boolean {
  if (asking.complaint === null) return false
  talk.s.asking = null
  talk.s.lastComplaint = asking.complaint
  talk.tell(asking.complaint, event)
  if (line !== null) talk.say(line)
  return true
}

function withdraw(talk: Talk, asking: Asking, said: Said): boolean {
  const about = asking.complaint
  return yesOrNo(talk, said, {
    yes: () => {
      if (about === null) {
        if (talk.s.draft) dropDraft(talk)
      } else toCase(talk, asking, { type: 'withdraw', text: asking.words }, command.withdrawing)
    },
    no: () => backToDraft(talk, about === null ? command.keepTelling : command.kept),
  })
}

/** A question aside is answered: the draft, if there is one, goes on where it was. */
function backToDraft(talk: Talk, line: string | null): void {
  if (line !== null) talk.say(line)
  const draft = talk.s.draft
  if (!draft) return
  const slot = nextSlot(talk, draft)
  if (slot === null) reply(talk)
  else askSlot(talk, draft, slot)
}

/** Partly is not solved for the remainder (rule 6). */
function solved(talk: Talk, asking: Asking, said: Said): boolean {
  const found = readSolved(said.text)
  if (!found) return aboutOtherMatter(talk, asking, said) ? false : askAgain(talk, asking, said, news.solved)
  if (found.answer === 'solved') return toCase(talk, asking, { type: 'solved' }, null)
  const partly = found.answer === 'partly'
  toCase(talk, asking, { type: 'notSolved', partly, text: found.rest, media: [] }, null)
  return true
}

/** A number from 1 to 5. One star after 已解决 is asked back once (rule 14). */
function stars(talk: Talk, asking: Asking, said: Said): boolean {
  const count = readStarsIn(said.text)
  if (count === null) {
    return aboutOtherMatter(talk, asking, said) ? false : askAgain(talk, asking, said, news.stars)
  }
  if (count === 1 && asking.topic === 'stars') {
    talk.ask('oneStar', news.oneStar, { complaint: asking.complaint })
    return true
  }
  return toCase(talk, asking, { type: 'rate', stars: count }, null)
}

function comment(talk: Talk, asking: Asking, said: Said): boolean {
  if (aboutOtherMatter(talk, asking, said)) return false
  const answer = readAnswer(said.text)
  const named = typeof answer === 'number' ? complaints[answer - 1] : undefined
  if (answer === 'no' || answer === 'skip') {
    talk.s.asking = null
    return true
  }
  return toCase(talk, asking, { type: 'comment', text: named ?? said.text }, command.adding)
}

/** Whether it lasted; that it came back opens it again, with what they say. */
function effect(talk: Talk, asking: Asking, said: Said): boolean {
  const found = readEffect(said.text)
  if (found === null)
    return aboutOtherMatter(talk, asking, said) ? false : askAgain(talk, asking, said, news.effect)
  if (found === 'lasted') return toCase(talk, asking, { type: 'lasted' }, null)
  const words = [...said.text.trim()].length > 2 ? said.text : news.cameBack
  return toCase(talk, asking, { type: 'reopen', text: words, media: [] }, same.reopening)
}

/** Words or photos for the member of staff who asked. */
export function relayed(talk: Talk, asking: Asking, text: string | null, media: readonly MediaId[]): boolean {
  if (asking.question === null) return false
  return toCase(talk, asking, { type: 'answer', question: asking.question, text, media }, null)
}

/** A message that plainly tells of something else is no answer to a survey. */
function aboutOtherMatter(talk: Talk, asking: Asking, said: Said): boolean {
  const { kind, code } = said.facts
  if (code === null || (kind !== 'complaint' && kind !== 'repair' && kind !== 'enquiry')) return false
  return talk.caseOf(asking.complaint)?.code !== code
}

/** Neither an answer nor another matter: its words stay with the case, and the question is put once more. */
function askAgain(talk: Talk, asking: Asking, said: Said, question: string): boolean {
  if (asking.complaint === null) return false
  if ([...said.text].length > 4) {
    talk.tell(asking.complaint, { type: 'supplement', text: said.text, media: [] })
  }
  talk.ask(asking.topic, question, { complaint: asking.complaint })
  return true
}
