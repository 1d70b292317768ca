import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Facts } from '../workflows/understanding/facts.ts'
import { nowhere, understand, warmUp } from '../workflows/understanding/index.ts'

/**
 * `npm run --silent understand`: JSON lines `{"id","text","now"}` in, one JSON line each out, in the same order
 * (design.md, “understand output”). A line that cannot be read gives no output; it is named on `errors`.
 *
 * @returns whether every line could be read
 */
export async function understandLines(input: Readable, output: Writable, errors: Writable): Promise<boolean> {
  let number = 0
  let allRead = true
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++
    if (line.trim() === '') continue
    try {
      const answer = `${JSON.stringify(answerTo(parse(line)))}\n`
      if (!output.write(answer)) await new Promise((resolve) => output.once('drain', resolve))
    } catch (error) {
      allRead = false
      errors.write(`line ${String(number)} ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return allRead
}

interface Request {
  readonly id: unknown
  readonly text: string
  readonly now: number
}

/** `now` is an ISO time; without an offset it is read on the clock of mainland China. */
function parse(line: string): Request {
  let value: unknown
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ''))
  } catch {
    throw new Error('is not JSON; expected {"id","text","now"}')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('is not a JSON object; expected {"id","text","now"}')
  }
  const { id, text, now } = value as Record<string, unknown>
  if (typeof text !== 'string') throw new Error('has no "text" (a string)')
  if (typeof now !== 'string') throw new Error('has no "now" (an ISO time such as 2026-11-23T10:00:00+08:00)')
  const instant = instantOf(now)
  if (Number.isNaN(instant))
    throw new Error('has a "now" that is no ISO time such as 2026-11-23T10:00:00+08:00')
  return { id: id ?? null, text, now: instant }
}

/** An ISO time; without an offset it is read on the clock of mainland China. NaN where it is none. */
export function instantOf(time: string): number {
  const hasZone = /(?:z|[+-]\d{2}:?\d{2})$/i.test(time)
  return Date.parse(hasZone ? time : `${time}${time.includes('T') ? '' : 'T00:00:00'}+08:00`)
}

/** The fields of the outside contract, in its order. */
const told = [
  'kind',
  'category',
  'building',
  'unit',
  'room',
  'area',
  'time',
  'demand',
  'safety',
  'danger',
  'emergencyType',
  'anger',
  'repeat',
] as const satisfies readonly (keyof Facts)[]

export function answerTo({ id, text, now }: Request): Record<string, unknown> {
  const facts = understand(text, now, nowhere)
  return { id, ...Object.fromEntries(told.map((field) => [field, facts[field]])) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  warmUp()
  const allRead = await understandLines(process.stdin, process.stdout, process.stderr)
  if (!allRead) process.exitCode = 1
}
