import { holds, type DutyChange } from '../duty-changes.ts'
import { changesOf, findStaff, type Company, type Staff } from '../estate.ts'
import type { StaffId } from '../ids.ts'
import { requestCard, spanWords } from '../phrases/duty.ts'
import { homeOf } from '../roster.ts'
import type { Desk } from './desk.ts'
import type { DutyAct } from './duty-events.ts'

/** What every act of duty needs at a desk: the leave and swaps as this turn leaves them, names, and other desks. */

/** The company with what this turn has written of leave and swaps. */
export function companyNow(d: Desk): Company {
  const written = d.effects.flatMap((effect) => (effect.do === 'duty' ? [effect.change] : []))
  if (written.length === 0) return d.context.company
  const newest = new Map(written.map((change) => [change.id, change]))
  const before = changesOf(d.context.company)
  const changes = [
    ...before.map((change) => newest.get(change.id) ?? change),
    ...[...newest.values()].filter((change) => !before.some((known) => known.id === change.id)),
  ]
  return { ...d.context.company, changes }
}

/** This person's own that hold, or wait for a yes. */
export const ownChanges = (d: Desk): readonly DutyChange[] =>
  changesOf(companyNow(d)).filter((c) => c.staff === d.loaded.staff && (c.state === 'asked' || holds(c)))

export const changeNumbered = (d: Desk, id: number): DutyChange | null =>
  changesOf(companyNow(d)).find((change) => change.id === id) ?? null

/** What waits for this person's yes. */
export const waitingForMe = (d: Desk): readonly DutyChange[] =>
  changesOf(companyNow(d)).filter((c) => c.state === 'asked' && c.askedOf.includes(d.loaded.staff))

export function put(d: Desk, change: DutyChange): DutyChange {
  d.effects.push({ do: 'duty', change })
  return change
}

export function tellDesk(d: Desk, to: StaffId, act: DutyAct): void {
  d.effects.push({ do: 'tell', whom: { to: 'staff', id: to }, event: { type: 'duty', act } })
}

/** Whose desk it is; null where the estate file has them no more. */
export const meAt = (d: Desk): Staff | null => findStaff(d.context.company, d.loaded.staff)

export const nameIn = (d: Desk, id: StaffId | null): string =>
  findStaff(d.context.company, id)?.name ?? '有人'

/** The clock on the wall where this person works. */
export function zoneAt(d: Desk): string {
  const { company } = d.context
  return (homeOf(company, d.loaded.staff) ?? company.estates[0])?.calendar.timezone ?? 'Asia/Shanghai'
}

export const spanAt = (d: Desk, span: { from: number; until: number }): string =>
  spanWords(span, d.now, zoneAt(d))

/** The one card of a request at each person who is asked. */
export const requestKey = (change: number): string => `duty${String(change)}`

/** The request as whoever is asked sees it; a new card only where they must answer. */
export function showRequest(
  d: Desk,
  change: DutyChange,
  to: readonly StaffId[],
  reason: string | null,
): void {
  const card = requestCard({
    kind: change.kind,
    state: change.state,
    id: change.id,
    name: nameIn(d, change.staff),
    span: spanAt(d, change),
    back: change.back && spanAt(d, change.back),
    reason,
  })
  for (const staff of to)
    d.effects.push({
      do: 'deskCard',
      key: requestKey(change.id),
      to: staff,
      card,
      push: change.state === 'asked',
    })
}
