import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDisk, type Space } from '../../../bot/doctor/disk.ts'
import { aFolder } from '../../support/engine.ts'

const MB = 1024 * 1024
const EXT4 = 0xef53
const plenty: Space = { free: 50_000 * MB, files: 1_000_000, kind: EXT4 }

let folder: string
beforeEach(() => {
  folder = aFolder()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const check = async (space: Partial<Space> = {}, dataDir = folder) =>
  (await checkDisk(dataDir, () => Promise.resolve({ ...plenty, ...space }))).map(
    ({ mark, text }) => `${mark}: ${text}`,
  )

it('a disk with room, where a write is safe, is well; nothing is left behind', async () => {
  expect(await check()).toEqual([
    'ok: the disk of DATA_DIR has 49 GB left.',
    expect.stringMatching(/DATA_DIR can be written, and a write is safe|takes \d+ ms to be safe/),
  ])
  expect(readdirSync(folder)).toEqual([])
})

describe('a disk that', () => {
  it.each([
    [{ free: 0 }, 'wrong: the disk of DATA_DIR has 0 MB left: free some'],
    [{ free: 99 * MB }, 'wrong: the disk of DATA_DIR has 99 MB left'],
    [{ free: 500 * MB }, 'look: the disk of DATA_DIR has 500 MB left'],
    [{ files: 3 }, 'wrong: the disk of DATA_DIR has room for 3 more files'],
    [{ kind: 0x6969 }, 'wrong: DATA_DIR lies on a network disk (NFS)'],
    [{ kind: 0xff534d42 }, 'wrong: DATA_DIR lies on a network disk (CIFS)'],
    [{ kind: 0x01021994 }, 'look: DATA_DIR lies on a memory disk'],
  ] as const)('says %o is told of', async (space, sentence) => {
    expect((await check(space))[0]).toContain(sentence)
  })

  it('is real is asked by itself', async () => {
    const [first] = await checkDisk(folder)
    expect(first?.text).toMatch(/^(the disk of DATA_DIR has \d+ [MG]B left|DATA_DIR lies on a memory disk)/)
  })
})

it('a folder nobody can write to, not even root, is wrong', async () => {
  expect((await check({}, '/proc'))[1]).toMatch(/^wrong: DATA_DIR \/proc cannot be written \(\w+\)/)
})

it('a folder that is not there is made by the first start, and not by the check', async () => {
  const missing = join(folder, 'deep', 'data')
  expect(await check({}, missing)).toEqual([
    `note: DATA_DIR ${missing} is not there yet; the first start makes it.`,
  ])
  expect(readdirSync(folder)).toEqual([])
})

it('a log of the database that is never emptied is told of', async () => {
  writeFileSync(join(folder, 'complaint-line.db-wal'), '')
  expect((await check()).join()).not.toContain('log has grown')
  truncateSync(join(folder, 'complaint-line.db-wal'), 600 * MB)
  expect((await check()).at(-1)).toContain('look: the database’s log has grown to 600 MB')
})
