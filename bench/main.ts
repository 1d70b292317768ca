import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureGrowth } from './growth.ts'
import { runBench } from './run.ts'
import { measureStart, startOn } from './start.ts'
import { growthTable, startTable, tableOf, timersTable } from './table.ts'
import { measureTimers } from './timers.ts'

/**
 * `npm run bench -- [--residents 2000] [--dir FOLDER] [--json FILE]`; instead of the workload with `--rows 1000000` the
 * same on a large database, with `--timers` how late they are, with `--start` how soon the program is ready. docs/bench.md.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      residents: { type: 'string', default: '2000' },
      dir: { type: 'string', default: tmpdir() },
      json: { type: 'string' },
      rows: { type: 'string' },
      timers: { type: 'boolean', default: false },
      start: { type: 'boolean', default: false },
    },
  })
  const dir = mkdtempSync(join(values.dir, 'bench-'))
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const residents = Number(values.residents)
  async function report(): Promise<{ readonly table: string; readonly json: unknown }> {
    if (values.rows !== undefined) {
      const growth = await measureGrowth({
        dir,
        rows: Number(values.rows),
        residents: Math.ceil(residents / 8),
        say,
      })
      say('starting the program on it')
      const program = await startOn(join(dir, 'large'))
      return { table: growthTable(growth, program), json: { ...growth, program } }
    }
    if (values.timers) {
      const json = await measureTimers({ dir, due: 10_000, pending: 100_000, say })
      return { table: timersTable(json), json }
    }
    if (values.start) {
      const json = await measureStart(dir, say)
      return { table: startTable(json), json }
    }
    const json = await runBench({ dir, residents, say })
    return { table: tableOf(json), json }
  }
  try {
    const { table, json } = await report()
    process.stdout.write(table)
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(json, null, 2)}\n`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

await main()
