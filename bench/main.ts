import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runBench } from './run.ts'
import { tableOf } from './table.ts'

/** `npm run bench -- [--residents 2000] [--dir FOLDER] [--json FILE]`; see docs/bench.md. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      residents: { type: 'string', default: '2000' },
      dir: { type: 'string', default: tmpdir() },
      json: { type: 'string' },
    },
  })
  const dir = mkdtempSync(join(values.dir, 'bench-'))
  try {
    const report = await runBench({
      dir,
      residents: Number(values.residents),
      say: (line) => void process.stderr.write(`${line}\n`),
    })
    process.stdout.write(tableOf(report))
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

await main()
