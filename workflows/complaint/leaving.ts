import { leaveOf } from '../duty-changes.ts'
import { changesOf } from '../estate.ts'
import { loseAlerted } from './alert.ts'
import { assignNext, standAside } from './assigning.ts'
import type { EventOf } from './events.ts'
import { hangsOn, staysWith } from './hanging.ts'
import { isOpen } from './state.ts'
import { program, type Work } from './work.ts'

/** On leave: whatever hangs on them goes to the next person. They keep their card, as somebody who watches. */
export function goAway(w: Work, { staff, until }: Omit<EventOf<'away'>, 'type'>): void {
  w.record('away', program, { data: { staff, until } })
  w.c.cards = w.c.cards.map((card) => (card.staff === staff ? { ...card, role: 'watch' } : card))
  w.c.asked = [...w.c.asked.filter((id) => id !== staff), staff]
  standAside(w, staff)
  loseAlerted(w, staff)
}

/**
 * Whatever this turn put on somebody who is on leave, or made due before they are back, goes on as well: danger in a case
 * that could wait, a message that asks for an answer today.
 */
export function relieve(w: Work): void {
  if (!isOpen(w.c.status)) return
  const { owner, callback, alarm, alert } = w.c
  const all = new Set([owner, callback?.by ?? null, ...(alarm?.circle ?? []), ...(alert?.to ?? [])])
  for (const staff of all) {
    const leave = leaveOf(changesOf(w.company), staff, w.now)
    if (staff !== null && leave !== null && hangsOn(w.c, staff) && !staysWith(w.c, staff, leave))
      goAway(w, { staff, from: leave.from, until: leave.until })
  }
}

/**
 * The shift of whoever was asked and has not accepted is over: those of the next one are asked. Nobody was passed over by
 * that, so that the morning's shift may be asked again what the night's was.
 */
export function shiftOver(w: Work, { staff }: EventOf<'shiftOver'>): void {
  w.record('shiftOver', program, { data: { staff } })
  assignNext(w)
  if (w.c.owner !== staff) w.c.asked = w.c.asked.filter((id) => id !== staff)
}
