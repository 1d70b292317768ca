import { mkdirSync, statSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DATABASE_FILE } from '../db/store.ts'
import { bare, type Durability } from './bare.ts'
import { openLine, type Line } from './line.ts'
import type { Measured } from './measure.ts'
import { matters } from './residents.ts'
import { copyOf, countCases, tell, tellAtRate, watch, work } from './workload.ts'

export const inFlight = 50

export interface Report {
  readonly machine: {
    readonly node: string
    readonly cpus: number
    readonly model: string
    readonly memory: number
  }
  readonly residents: number
  /** Counted from the rows of the first run. */
  readonly registered: number
  readonly closed: number
  /** Fifty in flight, each message through the whole program. */
  readonly intake: Readonly<Record<Durability, Measured>>
  /** Staff and ratings, until every case is closed. */
  readonly work: Measured
  readonly alone: Measured
  /** At half of the rate of `intake.FULL`. */
  readonly half: Measured
  readonly bare: Readonly<Record<Durability, Measured>>
  readonly batched: Readonly<Record<Durability, Measured>>
  readonly ratios: {
    readonly full: number
    readonly fullBatched: number
    readonly normal: number
    readonly normalBatched: number
    readonly alone: number
  }
  /** Bytes, of the whole process while the first run lasted. */
  readonly peakMemory: number
  /** Of the database and its indexes, once its case is closed. */
  readonly bytesPerComplaint: number
}

export interface BenchOptions {
  readonly dir: string
  readonly residents: number
  readonly say: (line: string) => void
}

/** One run over the fixed workload, with the limits it is compared to. Throws where a case is lost on the way. */
export async function runBench({ dir, residents, say }: BenchOptions): Promise<Report> {
  let folders = 0
  const fresh = () => join(dir, `run-${String(++folders)}`)
  const few = Math.max(1, Math.round(residents / 8))

  say('warming up')
  const written = await withLine(fresh(), 'FULL', async (line) => {
    const sent = watch(line)
    await tell(line, 0, few, inFlight)
    await work(line, sent)
    return copyOf(line, few, matters.length)
  })

  say(`${String(residents)} residents, ${String(inFlight)} in flight, synchronous=FULL`)
  const folder = fresh()
  const first = await withLine(folder, 'FULL', async (line) => {
    const sent = watch(line)
    const intake = await tell(line, 0, residents, inFlight)
    const { registered } = countCases(line)
    const worked = await work(line, sent)
    const { closed } = countCases(line)
    if (registered !== residents || closed !== residents)
      throw new Error(
        `of ${String(residents)} residents, ${String(registered)} cases were registered and ${String(closed)} closed`,
      )
    return { intake, worked, registered, closed }
  })
  const peakMemory = process.resourceUsage().maxRSS * 1024
  const bytesPerComplaint = sizeOf(folder) / residents

  say('the bare limits, synchronous=FULL')
  mkdirSync(join(dir, 'bare'))
  const limit = (synchronous: Durability, together: number, many = residents) =>
    bare({ dir: join(dir, 'bare'), residents: many, synchronous, together, written })
  const bareFull = await limit('FULL', 1, few)
  const batchedFull = await limit('FULL', inFlight)

  say('synchronous=NORMAL')
  const normal = await withLine(fresh(), 'NORMAL', (line) => tell(line, 0, residents, inFlight))
  const bareNormal = await limit('NORMAL', 1)
  const batchedNormal = await limit('NORMAL', inFlight)

  say('one in flight')
  const alone = await withLine(fresh(), 'FULL', (line) => tell(line, 0, few, 1))
  say('half of the maximum rate')
  const half = await withLine(fresh(), 'FULL', (line) =>
    tellAtRate(line, 0, residents, first.intake.perSecond / 2),
  )

  return {
    machine: {
      node: process.version,
      cpus: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      memory: totalmem(),
    },
    residents,
    registered: first.registered,
    closed: first.closed,
    intake: { FULL: first.intake, NORMAL: normal },
    work: first.worked,
    alone,
    half,
    bare: { FULL: bareFull, NORMAL: bareNormal },
    batched: { FULL: batchedFull, NORMAL: batchedNormal },
    ratios: {
      full: first.intake.perSecond / bareFull.perSecond,
      fullBatched: first.intake.perSecond / batchedFull.perSecond,
      normal: normal.perSecond / bareNormal.perSecond,
      normalBatched: normal.perSecond / batchedNormal.perSecond,
      alone: alone.perSecond / bareFull.perSecond,
    },
    peakMemory,
    bytesPerComplaint,
  }
}

/** `FULL` is what the program always runs with; `NORMAL` is set here alone, to compare. */
async function withLine<T>(
  folder: string,
  synchronous: Durability,
  use: (line: Line) => Promise<T>,
): Promise<T> {
  const line = await openLine(folder)
  try {
    line.store.database.sqlite.pragma(`synchronous = ${synchronous}`)
    return await use(line)
  } finally {
    await line.stop()
  }
}

function sizeOf(folder: string): number {
  const file = join(folder, DATABASE_FILE)
  const sqlite = new Sqlite(file)
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  sqlite.close()
  return statSync(file).size
}
