import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runBench } from '../../bench/run.ts'
import { tableOf } from '../../bench/table.ts'

it('the workload of the bench, with few residents: every complaint is registered and closed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  const report = await runBench({ dir, residents: 8, say: () => undefined })
  rmSync(dir, { recursive: true })

  expect(report).toMatchObject({ residents: 8, registered: 8, closed: 8 })
  expect(report.intake.FULL.turns, 'eight messages each').toBe(64)
  expect(report.work.turns, 'four of staff and two of the resident each').toBe(48)
  expect(report.half.turns).toBe(64)
  expect(report.bare.NORMAL.turns).toBe(64)
  expect(tableOf(report)).toContain('8 registered, 8 closed')
}, 60_000)
