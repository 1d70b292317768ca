/**
 * A copy of plain data (what a state is: objects, arrays, texts, numbers, null), of which no part is shared. Several times
 * faster than `structuredClone`, which must expect anything.
 */
export function copyOf<T>(value: T): T {
  return copied(value) as T
}

function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) copy[key] = copied((value as Record<string, unknown>)[key])
  return copy
}
