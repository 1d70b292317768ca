import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEstateFile } from '../../bot/estate.ts'
import { hours } from '../../workflows/ids.ts'
import { replayed } from '../support/replayed.ts'
import { complaint, readiness, tells, typesOf } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

const dir = mkdtempSync(join(tmpdir(), 'estate-'))
const file = join(dir, 'estate.yaml')
const sample = readFileSync(sampleEstateFile(), 'utf8')
let town: Town
beforeAll(async () => {
  writeFileSync(file, sample)
  town = await openTown({ estateFile: file })
}, 60_000)
afterAll(async () => {
  await town.close()
  rmSync(dir, { recursive: true })
})

/** The file is changed by hand, and the program started again, as its comments say. */
async function edits(...changes: readonly (readonly [from: string, to: string])[]): Promise<void> {
  let text = readFileSync(file, 'utf8')
  for (const [from, to] of changes) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  writeFileSync(file, text)
  await town.restart()
}

test('a changed policy: new cases have it, the open one when asked; and the year nobody gave is filled in', async () => {
  const manager = town.staff('LinTao')
  await manager.hears(/和风苑：程序还不知道2027年的放假和调休/)
  expect((await readiness(town)).warnings.join()).toContain('the holidays of 2027 are not known')

  const number = await tells(town, town.resident(), '3栋1单元1201可视门铃坏了，请来修')
  const due = async () => {
    const { deadlines } = (await town.api(`/api/complaints/${number}`)).body as {
      deadlines: { step: string; due: string }[]
    }
    return Date.parse(deadlines.find((d) => d.step === 'contact')?.due ?? '')
  }
  const before = await due()

  await edits(
    ['contact: { S2: 1h, S3: 4h }', 'contact: { S2: 1h, S3: 6h }'],
    ['closed: []', 'closed: [2027-02-05, 2027-02-08, 2027-02-09]'],
    ['open: []', 'open: [2027-02-20]'],
  )
  expect(await due()).toBe(before)
  const applied = await town.api('/api/policy/apply', {
    method: 'POST',
    body: JSON.stringify({ estate: 'hefeng' }),
  })
  expect(applied).toMatchObject({
    status: 200,
    body: { estate: 'hefeng', version: 2, changed: 1, waiting: 0 },
  })
  expect((await due()) - before).toBe(hours(2))
  expect(typesOf(await complaint(town, number))).toContain('policyChanged')

  expect((await readiness(town)).warnings.join()).not.toContain('2027')
  expect(manager.heard().filter((line) => line.includes('2027年'))).toHaveLength(1)
}, 90_000)

test('decided anew in an empty database, it all gives the same states and timelines', async () => {
  const again = await replayed(town)
  expect(again.events).toBeGreaterThan(5)
  expect(again.differences).toEqual([])
}, 30_000)
