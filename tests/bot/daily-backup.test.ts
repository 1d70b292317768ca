import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLog } from '../../bot/log.ts'
import { readConfig } from '../../bot/config.ts'
import { backupInChild, createDailyBackup, type DailyBackup } from '../../bot/daily-backup.ts'
import { startProgram } from '../../bot/program.ts'
import { BackupRefused, backupsIn, checkBackup } from '../../db/backup.ts'
import { days, hours } from '../../workflows/ids.ts'
import type { FakeClock } from '../support/clock.ts'
import { aFolder, anEngine, quiet, type Engine } from '../support/engine.ts'

let folder: string
let engine: Engine
let clock: FakeClock
let daily: DailyBackup
let made: number
let broken: boolean

beforeEach(async () => {
  folder = aFolder()
  engine = await anEngine()
  clock = engine.clock
  made = 0
  broken = false
  daily = aDaily()
})
afterEach(async () => {
  await daily.stop()
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Stands in for the copying alone: a whole backup is a folder of that name. */
const aDaily = (): DailyBackup =>
  createDailyBackup({
    dataDir: engine.dir,
    folder,
    keep: 3,
    clock,
    realNow: clock.now,
    log: quiet,
    make() {
      made++
      if (broken) return Promise.reject(new Error('the disk is away'))
      const name = new Date(clock.now())
        .toISOString()
        .replace(/\.\d+Z$/, 'Z')
        .replace(/[-:]/g, '')
      mkdirSync(join(folder, `complaint-line-${name}`))
      return Promise.resolve()
    },
  })

it('one is made at once where there is none, then every day, and the newest three are kept', async () => {
  daily.look()
  await clock.pass(hours(1))
  expect(made).toBe(1)
  await clock.pass(days(5))
  expect(made).toBe(6)
  expect(backupsIn(folder)).toHaveLength(3)
  expect(daily.troubles()).toEqual([])
})

it('a restart makes none before its time, by what lies in the folder', async () => {
  daily.look()
  await clock.pass(hours(20))
  await daily.stop()
  daily = aDaily()
  daily.look()
  await clock.pass(hours(3))
  expect(made).toBe(1)
  expect(daily.age()).toBeCloseTo(hours(23) / 1000, -1)
  await clock.pass(hours(1.1))
  expect(made).toBe(2)
})

it('one that fails is tried every hour, deletes nothing, and warns after two days', async () => {
  daily.look()
  await clock.pass(hours(1))
  broken = true
  await clock.pass(days(1) + hours(3))
  expect(made).toBeGreaterThan(3)
  expect(backupsIn(folder)).toHaveLength(1)
  expect(daily.troubles()).toEqual([])
  await clock.pass(days(1))
  expect(daily.troubles()).toEqual(['the newest backup was made 2 days ago: look at BACKUP_DIR and the log'])
  broken = false
  await clock.pass(hours(1))
  expect(daily.troubles()).toEqual([])
})

it('is copied by a process of its own, whole', async () => {
  await engine.writes('报修 电梯坏了')
  await backupInChild(engine.dir, folder)(new AbortController().signal)
  const [only = ''] = backupsIn(folder)
  expect((await checkBackup(only)).rows.complaints).toBe(1)
  await expect(backupInChild(join(folder, 'none'), folder)(new AbortController().signal)).rejects.toThrow(
    'ended with 1',
  )
})

it('a start with a folder that cannot be written is refused, in a sentence', async () => {
  writeFileSync(join(folder, 'file'), '')
  const config = readConfig(
    { PORT: '0', DATA_DIR: join(folder, 'data'), BACKUP_DIR: join(folder, 'file') },
    null,
    '.env',
  )
  const start = startProgram(config, {
    log: createLog('silent'),
    say: () => undefined,
    onLost: () => undefined,
  })
  await expect(start).rejects.toThrow(BackupRefused)
  await expect(start).rejects.toThrow(/^the folder for backups .* cannot be made .*: make it, and give it/)
})
