import type { StaffId } from '../ids.ts'
import { areaWords } from '../phrases/places.ts'
import type { Ringing } from '../turn.ts'
import type { Work } from './work.ts'

/**
 * Where the company has a service that telephones, it calls these people. It hears the building and the spot, never a
 * unit, a room, a name, a number or a word of the resident (domain.md 6.1).
 */
export function telephone(w: Work, why: Ringing['why'], round: number, call: readonly StaffId[]): void {
  const { number, severity, danger, about } = w.c
  if (call.length === 0) return
  w.effects.push({
    do: 'ring',
    alarm: {
      why,
      at: w.now,
      complaint: number,
      severity,
      danger: danger?.type ?? null,
      lift: danger?.lift ?? false,
      ...(danger?.lost && { lost: true }),
      place: areaWords(about.place),
      estate: w.estate?.name ?? null,
      dutyPhone: w.dutyPhone,
      round,
      call,
    },
  })
}
