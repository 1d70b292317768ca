import type { z } from 'zod'

/** A row whose JSON does not have the form this version writes. Names table, row and path; never the value. */
export class UnreadableRow extends Error {
  override name = 'UnreadableRow'
  constructor(table: string, id: number | string, why: string) {
    super(
      `${table} row ${id} cannot be read: ${why}. It was written by another version or changed by hand; ` +
        'restore it from a backup or start the version that wrote it',
    )
  }
}

/** Reads a JSON column through its schema. Throws `UnreadableRow`. */
export function readStored<T>(schema: z.ZodType<T>, text: string, table: string, id: number | string): T {
  const parsed = schema.safeParse(readJson(text, table, id))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnreadableRow(table, id, `at ${issue?.path.join('.') || 'its root'}: ${issue?.code ?? 'unfit'}`)
}

/** Reads a JSON column whose form only this program's own code ever wrote. Throws `UnreadableRow`. */
export function readJson(text: string, table: string, id: number | string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableRow(table, id, 'it is not JSON')
  }
}

export interface StoredReader<T> {
  /** Reads a row's JSON; the same text is the same object. Nobody changes it. Throws `UnreadableRow`. */
  read(text: string, id: number): T
  /** What this process writes there: read back as it is, however often. */
  wrote(text: string, id: number, value: T): void
}

/** So many rows of a table are remembered, the ones read or written last. */
const REMEMBERED = 2_000

/**
 * Reads one table's JSON column, and remembers of the newest rows what their text said. What is remembered can never be
 * out of date, whoever wrote the row or took that back: it holds for this text alone.
 */
export function readingStored<T>(schema: z.ZodType<T>, table: string): StoredReader<T> {
  const known = new Map<number, { readonly text: string; readonly value: T }>()

  function remember(text: string, id: number, value: T): void {
    known.delete(id)
    known.set(id, { text, value })
    if (known.size <= REMEMBERED) return
    for (const oldest of known.keys()) {
      known.delete(oldest)
      return
    }
  }

  return {
    read(text, id) {
      const remembered = known.get(id)
      if (remembered?.text === text) return remembered.value
      const value = readStored(schema, text, table, id)
      remember(text, id, value)
      return value
    },
    wrote: remember,
  }
}
