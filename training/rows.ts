import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { categories } from '../workflows/taxonomy.ts'
import { emergencyTypes, kinds } from '../workflows/understanding/facts.ts'

/** One written message with its labels (README.md beside this file). */
export const rowSchema = z.strictObject({
  text: z.string().min(1).max(400),
  /** Null where nobody labelled it. */
  kind: z.enum(kinds).nullable(),
  category: z.enum(categories).nullable(),
  danger: z.enum(emergencyTypes).nullable(),
  risk: z.boolean(),
  anger: z.number().int().min(0).max(3).nullable(),
  repeat: z.boolean().nullable(),
  matter: z.boolean().nullable(),
})
export type Row = z.infer<typeof rowSchema> & {
  /** The file without its ending. */
  readonly file: string
}

/** Every row of the corpus, by file name and line. @throws Error that names file and line of what is not a row */
export function readCorpus(folder: string): Row[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .trim()
        .split('\n')
        .map((line, i): Row => {
          const read = rowSchema.safeParse(JSON.parse(line))
          if (!read.success)
            throw new Error(
              `${name}:${String(i + 1)} ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}`,
            )
          return { ...read.data, file: name.slice(0, -'.jsonl'.length) }
        }),
    )
}
