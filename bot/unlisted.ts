import { z } from 'zod'
import type { Company } from '../workflows/estate.ts'
import { days, type Instant } from '../workflows/ids.ts'
import { notListed } from '../workflows/phrases/staff.ts'
import type { Turn } from '../workflows/turn.ts'
import type { AnyEvent } from './turn.ts'

/** One line a day: whoever presses old cards for a whole morning reads it once. */
const ANSWER_EVERY = days(1)

export const unlistedSchema = z.object({ answeredAt: z.number().nullable() })
export type UnlistedState = z.infer<typeof unlistedSchema>

export const newUnlisted: UnlistedState = { answeredAt: null }

/**
 * One turn with somebody in the company's app whom the estate file does not list as active: what they sent is kept, and
 * once a day they are told where they stand. Pure.
 */
export function stepUnlisted(
  state: UnlistedState,
  event: AnyEvent,
  { now, company }: { readonly now: Instant; readonly company: Company },
): Turn<UnlistedState> {
  const silent = { state, effects: [], due: null }
  if (event.type !== 'message' || ['left', 'recall', 'unknown'].includes(event.content.type)) return silent
  if (state.answeredAt !== null && now - state.answeredAt < ANSWER_EVERY) return silent
  return {
    state: { answeredAt: now },
    effects: [
      {
        do: 'say',
        text: notListed(company.phone),
        media: [],
        weight: 'plain',
        complaint: null,
        recallAfter: null,
      },
    ],
    due: null,
  }
}
