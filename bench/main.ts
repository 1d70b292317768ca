import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureGrowth } from './growth.ts'
import { runBench } from './run.ts'
import { growthTable, tableOf } from './table.ts'

/** `npm run bench -- [--residents 2000] [--rows 1000000] [--dir FOLDER] [--json FILE]`; see docs/bench.md. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      residents: { type: 'string', default: '2000' },
      dir: { type: 'string', default: tmpdir() },
      json: { type: 'string' },
      rows: { type: 'string' },
    },
  })
  const dir = mkdtempSync(join(values.dir, 'bench-'))
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const residents = Number(values.residents)
  try {
    const report =
      values.rows === undefined
        ? await runBench({ dir, residents, say })
        : await measureGrowth({ dir, rows: Number(values.rows), residents: Math.ceil(residents / 8), say })
    process.stdout.write('intake' in report ? tableOf(report) : growthTable(report))
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

await main()
