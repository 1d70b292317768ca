import type { Millis } from '../workflows/ids.ts'

/** What was waited for did not come in time. */
export class TookTooLong extends Error {}

/** The promise's own end, or `TookTooLong` when it lets itself be waited for longer (real time). */
export async function within<T>(limit: Millis, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TookTooLong(`no answer within ${limit} ms`)), limit)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
