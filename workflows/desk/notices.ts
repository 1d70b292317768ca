import { isByHand } from '../complaint/guards.ts'
import { hours } from '../ids.ts'
import type { StaffNotice } from '../notice.ts'
import * as staff from '../phrases/staff.ts'
import { clockWords } from '../phrases/times.ts'
import { stamp } from '../phrases/cards.ts'
import type { Desk } from './desk.ts'

/** A number taken back within a day of being shown (domain.md 6.1). */
const phoneLasts = hours(23)

/** How each notice of a complaint is said to this member of staff. */
export function tellNotice(d: Desk, notice: StaffNotice): void {
  const { complaint, number } = notice
  const zone = zoneOf(d)
  switch (notice.type) {
    case 'refused':
      d.say(staff.refused(notice.why, number, notice.status, notice.holder), { complaint })
      return
    case 'alarm':
      d.focus(complaint)
      d.say(
        staff.alarm({
          ...notice,
          time: clockWords(notice.at, zone),
          writtenAt: notice.written ? stamp(notice.written, zone) : null,
        }),
        { complaint, weight: 'safety', recallAfter: phoneLasts },
      )
      return
    case 'alarmTaken':
      d.say(staff.alarmTaken(number, notice.name), { complaint, weight: 'promise' })
      return
    case 'alarmOver':
      d.say(staff.alarmOver(number, notice.name), { complaint, weight: 'promise' })
      return
    case 'supplemented':
      d.say(staff.supplemented(number, notice.text, notice.media.length), { complaint, media: notice.media })
      return
    case 'answered':
      d.focus(complaint)
      d.say(staff.answered(number, notice.text, notice.media.length), {
        complaint,
        media: notice.media,
        weight: 'question',
      })
      return
    case 'residentUrged':
      d.say(staff.residentUrged(number), { complaint })
      return
    case 'urged':
      d.say(
        staff.urged(number, notice.name, notice.step, notice.due === null ? null : stamp(notice.due, zone)),
        { complaint, weight: 'promise' },
      )
      return
    case 'withdrawn':
      d.say(staff.withdrawn(number), { complaint })
      return
    case 'reminder':
      d.say(
        staff.reminder(
          number,
          notice.step,
          stamp(notice.due, zone),
          notice.percent,
          clockWords(notice.at, zone),
        ),
        { complaint, weight: 'promise' },
      )
      return
    case 'escalation':
      d.say(
        staff.escalation(
          number,
          notice.step,
          stamp(notice.due, zone),
          notice.percent,
          notice.holder,
          clockWords(notice.at, zone),
          notice,
        ),
        { complaint, weight: 'promise' },
      )
      return
    case 'phone':
      d.say(staff.phone(number, notice.name, notice.phone), { complaint, recallAfter: phoneLasts })
      return
    case 'movedAway':
      d.say(staff.movedAway(number, notice.name), { complaint })
      return
    case 'undone':
      d.change({ wanting: null, photos: [] })
      d.say(staff.undone(number), { complaint })
      return
    case 'recorded':
      d.say(
        notice.undoUntil === null
          ? staff.recorded(notice.act, number, hasChat(d, notice))
          : staff.recordedUndoable(notice.act, number, notice.undoUntil - d.now, hasChat(d, notice)),
        { complaint },
      )
      return
    case 'notSolved':
      d.say(staff.notSolved(number, notice.partly, notice.text), { complaint })
      return
    case 'rated':
      d.say(staff.rated(number, notice.stars), { complaint })
      return
    case 'attempted':
      d.say(
        staff.attempted(
          number,
          notice.why,
          notice.count,
          notice.next === null ? null : stamp(notice.next, zone),
        ),
        { complaint, weight: 'promise' },
      )
      return
    case 'effectWanted':
      d.focus(complaint)
      d.say(staff.effectWanted(number), { complaint, weight: 'question' })
      return
    case 'attemptDue':
      d.focus(complaint)
      d.say(staff.attemptDue(number, notice.attempt), { complaint, weight: 'promise' })
      return
    case 'unreachable':
      d.say(staff.unreachable(number, notice.phone), { complaint, weight: 'promise' })
      return
    case 'untold':
      d.focus(complaint)
      d.say(
        staff.untold(number, notice.lines, {
          by: notice.by === null ? null : stamp(notice.by, zone),
          phone: notice.phone !== null,
          open: notice.by !== null,
        }),
        { complaint, weight: 'promise' },
      )
      return
    case 'wantsPerson':
      d.focus(complaint)
      d.say(
        notice.doubt
          ? staff.doubtOpen(number, notice.text)
          : staff.wantsPerson(number, notice.text, notice.level),
        { complaint, weight: 'question' },
      )
      return
    case 'brief':
      d.say(staff.brief(number, notice), { complaint, media: notice.media })
      return
    case 'footage':
      d.say(staff.footage(number, notice.place, notice.happened, clockWords(notice.by, zone)), {
        complaint,
        weight: 'promise',
      })
      return
    case 'unanswered':
      d.focus(complaint)
      d.say(staff.unanswered(number, notice.text), { complaint, weight: 'promise' })
      return
    case 'pauseWanted':
      d.focus(complaint)
      d.say(staff.pauseWanted(number, { ...notice, until: stamp(notice.until, zone) }), {
        complaint,
        weight: 'question',
      })
      return
    case 'pauseDecided':
      d.say(staff.pauseDecided(number, notice.allowed, notice.name, notice.words), {
        complaint,
        weight: 'promise',
      })
      return
    case 'pauseLapsed':
      d.say(staff.pauseLapsed(number), { complaint, weight: 'promise' })
      return
    case 'resumed':
      d.say(staff.resumed(number, notice.why, notice.due === null ? null : stamp(notice.due, zone)), {
        complaint,
        weight: 'promise',
      })
      return
    case 'claim':
      d.focus(complaint)
      d.say(staff.claimed(number), { complaint, weight: 'question' })
      return
    case 'joined':
      d.say(staff.joined(number, notice.households), { complaint })
      return
    case 'nobody':
      d.say(staff.nobody(number), { complaint, weight: 'promise' })
      return
  }
}

/** The resident reads what we write; of a case registered by hand somebody tells them. */
const hasChat = (d: Desk, { complaint }: StaffNotice): boolean => {
  const c = d.find(complaint)
  return c === 'none' || !isByHand(c)
}

/** The clock on the wall where this person works. */
export function zoneOf(d: Desk): string {
  const { estates } = d.context.company
  const own = estates.find((e) => e.staff.some((s) => s.id === d.loaded.staff)) ?? estates[0]
  return own?.calendar.timezone ?? 'Asia/Shanghai'
}
