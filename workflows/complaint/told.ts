import type { Complaint, PromiseMade } from './state.ts'

/** Times told to the resident: which of them stand, and which did not come true. */

/** It has not happened, nor was another time told in its place; it may be broken. */
export const isUnsettled = (p: PromiseMade): boolean => p.kept === null && p.replaced === null

/** The time by which the resident was told it is done, or for what is no complaint answered; null where none stands. */
export function resolvePromise(c: Complaint): PromiseMade | null {
  const open = c.promises.filter(isUnsettled)
  return open.findLast((p) => p.what === 'resolve' || p.what === 'reply') ?? null
}

/** Told for a clock that stands still: it does not break meanwhile. What had passed before, had. */
export const isSuspended = (c: Complaint, p: PromiseMade): boolean =>
  (p.what === 'resolve' || p.what === 'reply') &&
  !p.broken &&
  c.pauses.some((pause) => pause.to === null && pause.from <= p.at)

/** A later time was told for the same thing. */
export const isToldAnew = (c: Complaint, p: PromiseMade): boolean =>
  c.promises.some((other) => other.what === p.what && other.id > p.id)

/** The last time that passed without the thing, which has not come since, nor been told anew. */
export const brokenPromise = (c: Complaint): PromiseMade | null =>
  c.promises.findLast((p) => p.broken && isUnsettled(p) && !isToldAnew(c, p)) ?? null

/** What was told, has not come yet, and can still come true; soonest first. */
export const standing = (c: Complaint): readonly PromiseMade[] =>
  c.promises.filter((p) => isUnsettled(p) && !p.broken).toSorted((a, b) => a.at - b.at)

/** The next time the resident was promised something that can still come true; else what was promised last and broke. */
export function openPromise(c: Complaint): PromiseMade | null {
  const told = standing(c)
  return told.find((p) => !isSuspended(c, p)) ?? told[0] ?? brokenPromise(c)
}
