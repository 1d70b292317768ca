import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  backUp,
  backupsIn,
  BackupRefused,
  checkBackup,
  newestBackupAt,
  pruneBackups,
} from '../../db/backup.ts'
import { DATABASE_FILE } from '../../db/store.ts'
import { hours, minutes, type MediaId } from '../../workflows/ids.ts'
import { accepted } from '../support/channel.ts'
import { aFolder, anEngine, type Engine } from '../support/engine.ts'

const at = Date.UTC(2026, 10, 24, 3, 0)

let dir: string
let to: string
let engine: Engine
beforeEach(async () => {
  dir = aFolder()
  to = aFolder()
  engine = await anEngine({ dir })
})
afterEach(async () => {
  await engine.stop()
  for (const folder of [dir, to]) rmSync(folder, { recursive: true, force: true })
})

/** A backup put in place as docs/running.md says, and the program's inner parts on it, `later` after it was made. */
async function restored(folder: string, later = minutes(1)): Promise<Engine> {
  const fresh = join(to, 'fresh')
  cpSync(folder, fresh, { recursive: true })
  const clock = engine.clock
  clock.jump(later)
  return anEngine({ dir: fresh, clock })
}

const inboxTexts = ({ store }: Engine): string =>
  store.database.sqlite
    .prepare<[], string>("SELECT event FROM inbox WHERE cause = 'message'")
    .pluck()
    .all()
    .join()

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

async function sendsPhoto(name: string): Promise<void> {
  engine.wechat.files.set(name, async function* () {
    await Promise.resolve()
    yield png
  })
  await engine.writes({ type: 'media', kind: 'image', media: name, name })
  for (let i = 0; i < 300 && engine.store.media.byId(photo)?.state !== 'saved'; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  await engine.settle()
}
const photo = 1 as MediaId

describe('a backup while people write (must-survive 30)', () => {
  it('holds everything committed before it began, and is whole', async () => {
    let writing = true
    let sent = 0
    const flood = (async () => {
      while (writing) {
        await engine.writes(`第${++sent}条`, { sender: `wx-${sent % 7}` })
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    while (sent < 200) await new Promise((resolve) => setImmediate(resolve))
    const before = sent - 1
    const backup = await backUp({ dataDir: dir, to, at })
    expect(sent, 'nobody waited for it').toBeGreaterThan(before + 1)
    writing = false
    await flood

    expect(await checkBackup(backup.folder)).toEqual(backup.manifest)
    const again = await restored(backup.folder)
    const texts = inboxTexts(again)
    for (let n = 1; n <= before; n++) expect(texts).toContain(`第${n}条`)
    await again.stop()
  }, 20_000)

  it('started anew elsewhere, timers fire, files are there, and nothing that was sent is sent again', async () => {
    await engine.writes('报修 电梯坏了')
    await engine.writes('提醒', { sender: 'wx-b' })
    await sendsPhoto('photo-1')
    await engine.settle()
    const said = engine.wechat.texts()
    expect(said.length).toBeGreaterThan(0)
    const { folder } = await backUp({ dataDir: dir, to, at })

    const again = await restored(folder, 0)
    await again.settle()
    expect([...again.wechat.sent, ...again.wecom.sent]).toEqual([])
    expect(again.store.media.byId(photo)?.state).toBe('saved')
    expect(existsSync(again.media.original(photo)?.path ?? '')).toBe(true)
    expect(again.media.forOthers(photo).state).toBe('saved')
    await again.clock.pass(minutes(1))
    await again.settle()
    expect(again.wechat.texts()).toEqual(['到点'])
    await again.stop()
  })

  it('what was on its way just then is treated as perhaps sent: marked, or let go', async () => {
    const landing: ((outcome: typeof accepted) => void)[] = []
    engine.wechat.answer = () => new Promise((resolve) => landing.push(resolve))
    await engine.writes('说promise 明天上午到', { sender: 'wx-a' })
    await engine.writes('说plain 好的', { sender: 'wx-b' })
    const { folder } = await backUp({ dataDir: dir, to, at })
    const again = await restored(folder)
    await again.settle()
    expect(again.wechat.texts()).toEqual(['（重发，如已收到请忽略）明天上午到'])
    expect(again.store.reads.backlog().undelivered.letGo).toBe(1)
    await again.stop()
    for (const land of landing) land(accepted)
  })

  it('takes what waits in the spool of WeChat along, and neither its login nor any secret', async () => {
    mkdirSync(join(dir, 'spool/messages'), { recursive: true })
    writeFileSync(join(dir, 'spool/messages/0001.json'), '{}')
    writeFileSync(join(dir, 'spool/login.memory-card.json'), '{}')
    // A killed process left these half-written.
    mkdirSync(join(dir, 'spool/media'))
    writeFileSync(join(dir, 'spool/messages/0001.json.4711.tmp'), '{')
    writeFileSync(join(dir, 'spool/media/4c14.4711.part'), 'half')
    writeFileSync(join(dir, 'admin-token'), 'secret')
    const { folder } = await backUp({ dataDir: dir, to, at })
    expect(readdirSync(folder).sort()).toEqual([DATABASE_FILE, 'manifest.json', 'spool'])
    expect(readdirSync(join(folder, 'spool'), { recursive: true })).toEqual([
      'messages',
      'messages/0001.json',
    ])
  })
})

describe('the folder of backups', () => {
  it('holds files only once, however many backups know them', async () => {
    await sendsPhoto('photo-1')
    const first = await backUp({ dataDir: dir, to, at })
    const second = await backUp({ dataDir: dir, to, at: at + hours(24) })
    const file = second.manifest.files.find(({ path }) => path.startsWith('media/'))?.path ?? ''
    expect(statSync(join(second.folder, file)).ino).toBe(statSync(join(first.folder, file)).ino)
    await checkBackup(second.folder)
    expect(newestBackupAt(to)).toBe(at + hours(24))
    pruneBackups(to, 1)
    expect(backupsIn(to)).toEqual([second.folder])
    await checkBackup(second.folder)
  })

  it('a file the database knows and the disk does not is named; one spoilt later is found', async () => {
    await sendsPhoto('photo-1')
    const good = await backUp({ dataDir: dir, to, at })
    expect(good.manifest.missing).toEqual([])
    rmSync(join(dir, 'media'), { recursive: true })
    rmSync(good.folder, { recursive: true })
    const poor = await backUp({ dataDir: dir, to, at })
    expect(poor.manifest.missing).toEqual([expect.stringMatching(/^media\/..\/[0-9a-f]{64}$/)])
    appendFileSync(join(poor.folder, DATABASE_FILE), 'x')
    await expect(checkBackup(poor.folder)).rejects.toThrow('is not what was copied')
    rmSync(join(poor.folder, DATABASE_FILE))
    await expect(checkBackup(poor.folder)).rejects.toThrow('is missing')
  })

  it('a half of a killed backup is no backup, and goes with the next one', async () => {
    mkdirSync(join(to, 'complaint-line-20261123T030000Z.4194304.part/media'), { recursive: true })
    expect(newestBackupAt(to)).toBeNull()
    await expect(checkBackup(join(to, 'complaint-line-20261123T030000Z.4194304.part'))).rejects.toThrow(
      BackupRefused,
    )
    const { folder } = await backUp({ dataDir: dir, to, at })
    expect(readdirSync(to).map((name) => join(to, name))).toEqual([folder])
  })

  it('says what to do where it cannot be written, or there is nothing to copy', async () => {
    writeFileSync(join(to, 'file'), '')
    await expect(backUp({ dataDir: dir, to: join(to, 'file'), at })).rejects.toThrow(
      'give it to the user who runs',
    )
    await expect(backUp({ dataDir: join(to, 'none'), to, at })).rejects.toThrow('set DATA_DIR')
  })
})
