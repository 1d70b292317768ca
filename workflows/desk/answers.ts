import { needsPhoto } from '../complaint/guards.ts'
import { responsibilityCodes, type Complaint } from '../complaint/state.ts'
import { desk as words } from '../phrases/staff.ts'
import { nameHeard } from './colleagues.ts'
import type { Desk } from './desk.ts'
import { readMoment } from './moments.ts'
import { finishPause, finishTransfer, pauseReasonOf } from './waiting.ts'
import { readParty, readStarsIn, splitReason } from './reading.ts'
import type { DeskState } from './state.ts'

type Wanting = NonNullable<DeskState['wanting']>

const nothing = /^(?:无|没有|没|不用|跳过)$/u

/** A line that answers what a press asked for. */
export function answerWanted(d: Desk, line: string): void {
  const wanting = d.state.wanting
  if (!wanting) return
  const c = d.find(wanting.complaint)
  if (c === 'none') {
    d.drop()
    d.say(words.noCase)
    return
  }
  d.focus(c.id)
  answer(d, c, wanting, line)
}

function answer(d: Desk, c: Complaint, wanting: Wanting, line: string): void {
  const by = d.loaded.staff
  const text = nothing.test(line) ? null : line
  switch (wanting.what) {
    case 'declineReason':
      d.finish(c.id, { type: 'decline', by, reason: line })
      return
    case 'finding':
      d.finish(c.id, { type: 'finding', by, text: line, media: [] })
      return
    case 'question':
      d.finish(c.id, { type: 'ask', by, text: line })
      return
    case 'progress':
      d.finish(c.id, { type: 'progress', by, text: line, media: [] })
      return
    case 'reply':
      d.finish(c.id, { type: 'reply', by, text: line, media: [], final: true })
      return
    case 'standDown':
      d.finish(c.id, { type: 'standDown', by, words: line })
      return
    case 'dispute':
      d.finish(c.id, { type: 'closeDisputed', by, words: line })
      return
    case 'partyWords': {
      const party = readParty(line)
      d.finish(
        c.id,
        party ? { type: 'hear', by, name: party.name, words: party.words } : nameHeard(d, c, line),
      )
      return
    }
    case 'responsibilityWords':
      readReason(d, c, wanting, text)
      return
    case 'plan':
    case 'planTime':
      readPlan(d, c, wanting, line)
      return
    case 'gap':
      d.finish(c.id, {
        type: 'plan',
        by,
        text: wanting.detail.text ?? '',
        promise: Number(wanting.detail.promise),
        gap: text,
      })
      return
    case 'done':
      // Without a picture yet: kept, and one is asked for where there must be one.
      if (d.state.photos.length > 0 || !needsPhoto(c)) finishDone(d, c, line)
      else d.want('donePhotos', c.id, { text: line })
      return
    case 'donePhotos':
      d.want('donePhotos', c.id, { text: [wanting.detail.text, text].filter(Boolean).join('，') })
      return
    case 'visitWords':
      d.finish(c.id, {
        type: 'visit',
        by,
        outcome: wanting.detail.outcome === 'notSolved' ? 'notSolved' : 'solved',
        stars: readStarsIn(line),
        words: text,
      })
      return
    case 'pauseWords':
      finishPause(d, c, pauseReasonOf(wanting.detail.why) ?? 'thirdParty', line)
      return
    case 'transfer':
      finishTransfer(d, c, line)
      return
    case 'pauseDenial':
      d.finish(c.id, { type: 'decidePause', by, allow: false, words: text })
      return
    case 'effectWords':
      d.finish(c.id, { type: 'judge', by, good: false, words: text })
      return
    case 'extension': {
      const moment = readMoment(line, d.now, d.zone(c))
      if (!moment) d.say(words.timeUnread, { complaint: c.id })
      else d.finish(c.id, { type: 'extend', by, until: moment.at, reason: moment.rest || line })
      return
    }
  }
}

export function finishDone(d: Desk, c: Complaint, text: string): void {
  const media = d.state.photos
  d.finish(c.id, { type: 'done', by: d.loaded.staff, text, media })
}

/** Why it is whose fault; of a third party first who it is. */
function readReason(d: Desk, c: Complaint, wanting: Wanting, text: string | null): void {
  const by = d.loaded.staff
  const code = responsibilityCodes.find((known) => known === wanting.detail.code)
  if (!code) {
    d.drop()
    d.say(words.chooseCode, { complaint: c.id })
  } else if (code !== 'thirdParty') {
    d.finish(c.id, { type: 'responsibility', by, code, who: null, words: text })
  } else if (text === null) {
    d.say(words.whoThirdParty, { complaint: c.id, weight: 'question' })
  } else {
    const third = splitReason(text)
    d.finish(c.id, { type: 'responsibility', by, code, who: third.first, words: third.rest || null })
  }
}

/** A plan needs a time; where the resident asked for something, the reason for any gap is asked, too. */
function readPlan(d: Desk, c: Complaint, wanting: Wanting, line: string): void {
  const moment = readMoment(line, d.now, d.zone(c))
  const text = [wanting.detail.text, moment ? moment.rest : line].filter(Boolean).join('，')
  if (!moment) {
    if (wanting.what === 'planTime') d.say(words.timeUnread, { complaint: c.id })
    else d.want('planTime', c.id, { text })
    return
  }
  if (moment.at <= d.now) {
    d.await('planTime', c.id, { text })
    d.say(words.timePast, { complaint: c.id })
    return
  }
  if (text === '') {
    d.want('plan', c.id)
    return
  }
  if (c.about.demand) {
    d.want('gap', c.id, { text, promise: String(moment.at) })
    return
  }
  d.finish(c.id, { type: 'plan', by: d.loaded.staff, text, promise: moment.at, gap: null })
}
