import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FILE } from '../db/store.ts'
import { grow } from './grow.ts'
import { openLine } from './line.ts'
import type { Measured } from './measure.ts'
import { inFlight } from './run.ts'
import { tell, watch, work } from './workload.ts'

export interface Growth {
  readonly complaints: number
  /** Bytes of the database. */
  readonly size: number
  /** Seconds the generator took. */
  readonly made: number
  /** Milliseconds from opening the database to being ready for messages. */
  readonly start: number
  readonly small: Measured
  readonly large: Measured
  /** Wall time and processor time a turn, on the large database to the small one. */
  readonly ratio: number
  readonly cpuRatio: number
}

export interface GrowthOptions {
  readonly dir: string
  readonly rows: number
  readonly residents: number
  readonly say: (line: string) => void
}

/** The same intake on a nearly empty database and on one that already holds `rows` complaints, which stays in `large`. */
export async function measureGrowth({ dir, rows, residents, say }: GrowthOptions): Promise<Growth> {
  const folder = join(dir, 'large')
  const models = 64
  say(`making ${String(rows)} complaints`)
  let line = await openLine(folder)
  const sent = watch(line)
  await tell(line, 0, models, inFlight)
  await work(line, sent)
  await tell(line, models, models, inFlight)
  const began = performance.now()
  const complaints = grow(line, rows, 100)
  const made = (performance.now() - began) / 1000
  await line.stop()

  say('the same intake on both')
  const opened = performance.now()
  line = await openLine(folder)
  const start = performance.now() - opened
  const other = await openLine(join(dir, 'small'))
  await tell(other, 0, residents, inFlight)
  // In turns, so that both meet the same machine.
  const rounds = 4
  const results: { small: Measured; large: Measured }[] = []
  for (let round = 1; round <= rounds; round++) {
    // Nobody who has been here before.
    const from = 2 * models + round * residents
    results.push({
      small: await tell(other, from, residents, inFlight),
      large: await tell(line, from, residents, inFlight),
    })
  }
  await other.stop()
  await line.stop()
  const small = middle(results.map((r) => r.small))
  const large = middle(results.map((r) => r.large))
  return {
    complaints,
    size: statSync(join(folder, DATABASE_FILE)).size,
    made,
    start,
    small,
    large,
    ratio: small.perSecond / large.perSecond,
    cpuRatio: large.cpu / small.cpu,
  }
}

/** The one in the middle by speed: neither the luckiest nor the one that met a neighbour. */
function middle(results: readonly Measured[]): Measured {
  const sorted = results.toSorted((a, b) => a.perSecond - b.perSecond)
  const one = sorted[Math.floor(sorted.length / 2)]
  if (!one) throw new Error('nothing was measured')
  return one
}
