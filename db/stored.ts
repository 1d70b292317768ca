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
