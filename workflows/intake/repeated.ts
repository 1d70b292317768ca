import type { ComplaintBrief, Place } from '../complaint/state.ts'
import { isOpen } from '../complaint/state.ts'
import { unspoken } from '../phrases/news.ts'
import { same } from '../phrases/resident.ts'
import { placeOf, placeSaid, sortOf } from './draft.ts'
import { leaveDraft } from './registering.ts'
import { reopenWindow } from '../sla.ts'
import { publicCodes } from '../taxonomy.ts'
import { isServedHere } from './slots.ts'
import { isFindable } from './spots.ts'
import type { Draft } from './state.ts'
import type { Talk } from './talk.ts'

/** The resident's own case of the same code and place, open or closed for less than 90 days: offered, not assumed. */
export function offerOwn(talk: Talk, draft: Draft): boolean {
  if (isServedHere(draft.facts.kind)) return false
  if (draft.facts.code === null) return draft.matter !== null && offerCurrent(talk, draft)
  const place = placeOf(talk, draft)
  const found = talk.loaded.mine.find(
    (brief) =>
      !draft.offered.includes(brief.id) &&
      (brief.code === sortOf(draft).code || isSameSpot(brief.place, place)) &&
      (isOpen(brief.status) || canReopen(talk, brief)) &&
      samePlace(brief, place),
  )
  if (!found) return false
  draft.offered.push(found.id)
  draft.asked.sameAsMine = 1
  const text = isOpen(found.status)
    ? same.mine(talk.date(found.receivedAt), found.number)
    : offerToReopen(found)
  talk.ask('sameAsMine', text, { complaint: found.id })
  return true
}

/** Photos or voice alone, while a case is open: which one they are for is asked. */
export const offerMedia = (talk: Talk, draft: Draft): boolean =>
  draft.words.length === 0 && draft.media.length > 0 && offerCurrent(talk, draft)

function offerCurrent(talk: Talk, draft: Draft): boolean {
  const current = talk.currentCase
  if (!current) return false
  if (draft.offered.includes(current.id)) return false
  draft.offered.push(current.id)
  talk.ask('sameAsMine', same.media(current.number), { complaint: current.id })
  return true
}

/** Closed or withdrawn: both may be taken up again under their number. */
export const canReopen = (talk: Talk, brief: ComplaintBrief): boolean =>
  (brief.status === 'closed' || brief.status === 'withdrawn') &&
  brief.closedAt !== null &&
  talk.now - brief.closedAt < reopenWindow

export const offerToReopen = ({ status, number }: ComplaintBrief): string =>
  status === 'withdrawn' ? same.takeUp(number) : same.reopen(number)

/** An open case of somebody else at the same public place, without its number or its reporter (rule 16). */
export function offerOthers(talk: Talk, draft: Draft): boolean {
  if (draft.sameAs !== null || draft.asked.sameAsOther) return false
  const place = placeOf(talk, draft)
  const { code } = sortOf(draft)
  if (!publicCodes.has(code) || place.room !== null || draft.estate === null) return false
  const found = talk.loaded
    .similar(draft.estate, code)
    .find(
      (brief) =>
        isOpen(brief.status) &&
        brief.place.room === null &&
        brief.subjects.length === 0 &&
        isSpot(brief.place, place) &&
        samePlace(brief, place),
    )
  if (!found) return false
  draft.asked.sameAsOther = 1
  draft.offered.push(found.id)
  talk.ask('sameAsOther', same.others(placeSaid(talk.estate, place) ?? '这里'), { complaint: found.id })
  return true
}

/** “The same”: what was told goes to that case, and nothing is registered twice. */
export function addToOwn(talk: Talk, draft: Draft, brief: ComplaintBrief): void {
  const text = draft.words.length > 0 ? draft.words.join('\n') : null
  talk.s.lastComplaint = brief.id
  if (isOpen(brief.status)) {
    talk.tell(brief.id, { type: 'supplement', text, media: draft.media })
    talk.say(same.adding)
  } else {
    talk.tell(brief.id, { type: 'reopen', text: text ?? unspoken.mediaOnly, media: draft.media })
    talk.say(same.reopening)
  }
  leaveDraft(talk, draft)
}

/** Both name the same spot, not merely none that differs. */
const isSpot = (a: Place, b: Place): boolean =>
  (a.area !== null && b.area !== null) || (a.building !== null && a.building === b.building)

/** A spot that is one of a kind, named alike: the same thing, whatever sort it was taken for. */
const isSameSpot = (a: Place, b: Place): boolean =>
  a.area !== null && b.area !== null && a.building === null && b.building === null && isFindable(b)

function samePlace(brief: ComplaintBrief, place: Place): boolean {
  const agree = (a: string | null, b: string | null) => a === null || b === null || a === b
  if (!agree(brief.place.building, place.building) || !agree(brief.place.unit, place.unit)) return false
  const [a, b] = [brief.place.area, place.area]
  return a === null || b === null || a.includes(b) || b.includes(a)
}
