import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measureGrowth } from '../../bench/growth.ts'
import { runBench } from '../../bench/run.ts'
import { growthTable, tableOf } from '../../bench/table.ts'
import { openStore } from '../../db/store.ts'

const say = () => undefined

describe('the bench, with few residents', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'bench-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  it('has every complaint registered and closed', async () => {
    const report = await runBench({ dir, residents: 8, say })

    expect(report).toMatchObject({ residents: 8, registered: 8, closed: 8 })
    expect(report.intake.FULL.turns, 'eight messages each').toBe(64)
    expect(report.work.turns, 'four of staff and two of the resident each').toBe(48)
    expect(report.half.turns).toBe(64)
    expect(report.bare.NORMAL.turns).toBe(64)
    expect(tableOf(report)).toContain('8 registered, 8 closed')
  }, 60_000)

  it('grows a database whose cases can be read, and goes on with it', async () => {
    const report = await measureGrowth({ dir, rows: 500, residents: 8, say })

    expect(report.complaints, '64 closed and 64 open ones to grow from').toBe(500 + 128)
    expect(report.large.turns).toBe(64)
    expect(growthTable(report, { ready: 0, memory: 0, children: 0 })).toContain('628')
    const store = openStore({ dataDir: join(dir, 'large'), holder: 'test', now: 0 })
    const count = (sql: string) => store.database.sqlite.prepare(sql).pluck().get() as number
    expect(count('SELECT count(*) FROM pragma_foreign_key_check')).toBe(0)
    expect(count("SELECT count(*) FROM complaints WHERE id <> json_extract(state, '$.id')")).toBe(0)
    expect(count('SELECT count(*) FROM complaints'), 'with five rounds of eight').toBe(500 + 128 + 5 * 8 - 8)
    store.close()
  }, 60_000)
})
