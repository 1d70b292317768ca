import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { kindOf, shownName, typeOf } from '../../bot/media-type.ts'
import { days, minutes, seconds, type MediaId } from '../../workflows/ids.ts'
import { anEngine, type Engine } from '../support/engine.ts'

let engine: Engine

beforeEach(async () => {
  engine = await anEngine()
})

afterEach(async () => {
  await engine.stop()
})

const one = 1 as MediaId
const photo = (name = 'file-1', shown: string | null = null) =>
  ({ type: 'media', kind: 'image', media: name, name: shown }) as const

/** A JPEG with an Exif segment that says where it was taken. */
const jpeg = (() => {
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from('GPS 28.2 112.9 secret place')])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(exif.length + 2)
  const pixels = Buffer.alloc(300, 7)
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe1]),
    length,
    exif,
    Buffer.from([0xff, 0xda, 0x00, 0x02]),
    pixels,
    Buffer.from([0xff, 0xd9]),
  ])
})()

async function* inPieces(bytes: Buffer, size = 64) {
  for (let i = 0; i < bytes.length; i += size) {
    await Promise.resolve()
    yield bytes.subarray(i, i + size)
  }
}

/** Files are written by the operating system, in real time. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) {
    await engine.settle()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(condition()).toBe(true)
}

const state = () => engine.store.media.byId(one)?.state
const filesIn = (dir: string) => readdirSync(join(engine.dir, 'media', dir))

describe('a photo', () => {
  it('is stored under its hash, and shown to others without EXIF', async () => {
    engine.wechat.files.set('file-1', () => inPieces(jpeg))
    await engine.writes(photo())
    await until(() => state() === 'saved')
    const sha256 = createHash('sha256').update(jpeg).digest('hex')
    expect(engine.store.media.byId(one)).toMatchObject({ sha256, mime: 'image/jpeg', size: jpeg.length })
    expect(readFileSync(join(engine.dir, 'media', sha256.slice(0, 2), sha256))).toEqual(jpeg)
    const shown = engine.media.forOthers(one)
    if (shown.state !== 'saved') throw new Error('not saved')
    expect(readFileSync(shown.body.path).toString('latin1')).not.toContain('GPS')
    expect(shown.body).toMatchObject({ kind: 'image', mime: 'image/jpeg' })
    expect(engine.media.original(one)?.path.endsWith(sha256)).toBe(true)
  })

  it('goes out once it is here, and holds up no text meanwhile', async () => {
    let arrives: () => void = () => undefined
    const arrived = new Promise<void>((resolve) => (arrives = resolve))
    const patient = await anEngine()
    patient.wechat.files.set('file-1', async function* () {
      await arrived
      yield* inPieces(jpeg)
    })
    await patient.writes(photo())
    await patient.writes('说plain 继续')
    await patient.settle()
    expect(patient.wechat.sent.map((o) => o.body.type)).toEqual(['text', 'text'])
    arrives()
    for (let i = 0; i < 200 && patient.store.media.byId(one)?.state !== 'saved'; i++) {
      await patient.settle()
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await patient.clock.pass(seconds(3))
    await patient.settle()
    expect(patient.wechat.sent.map((o) => o.body.type)).toEqual(['text', 'text', 'media'])
    await patient.stop()
  })

  it('that does not come within two minutes is not waited for', async () => {
    const patient = await anEngine()
    patient.wechat.files.set('file-1', () => ({
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    }))
    await patient.writes(photo())
    await patient.settle()
    await patient.clock.pass(minutes(2) + seconds(5))
    await patient.settle()
    expect(patient.wechat.sent.map((o) => o.body.type)).toEqual(['text'])
    expect(patient.store.reads.backlog().outboxPending).toBe(0)
    await patient.stop()
  })

  it('of a form we do not know is kept, and shown to nobody', async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(40, 1)])
    engine.wechat.files.set('file-1', () => inPieces(heic))
    await engine.writes(photo())
    await until(() => state() === 'saved')
    expect(engine.media.forOthers(one)).toEqual({ state: 'gone' })
    expect(engine.media.original(one)?.mime).toBe('image/heic')
  })

  it.each([
    ['HEIC', Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypmif1'), Buffer.alloc(40, 1)])],
    ['TIFF', Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(40, 1)])],
  ])('sent as a file is no less a photo: %s is shown to nobody', async (_form, bytes) => {
    engine.wechat.files.set('file-1', () => inPieces(bytes))
    await engine.writes({ type: 'media', kind: 'file', media: 'file-1', name: 'IMG_0001' })
    await until(() => state() === 'saved')
    expect(engine.media.forOthers(one)).toEqual({ state: 'gone' })
  })
})

describe('what cannot be fetched', () => {
  it('and never will be is gone, the message stays', async () => {
    await engine.writes(photo('expired'))
    await until(() => state() === 'gone')
    expect(engine.wechat.texts()).toEqual(['看'])
  })

  it('is tried again for three days', async () => {
    let tries = 0
    engine.wechat.files.set('file-1', () => {
      tries++
      return inPieces(Buffer.alloc(0))
    })
    await engine.writes(photo())
    await until(() => tries === 1 && engine.store.media.byId(one)?.attempts === 1)
    engine.clock.jump(minutes(1))
    engine.media.wake()
    await until(() => tries === 2 && engine.store.media.byId(one)?.attempts === 2)
    engine.clock.jump(days(4))
    engine.media.wake()
    await until(() => state() === 'gone')
  })

  it('because it never ends is cut at 20 MB, with nothing left behind (must-survive 26)', async () => {
    engine.wechat.files.set('file-1', async function* () {
      const piece = Buffer.alloc(1 << 20, 1)
      for (;;) yield await Promise.resolve(piece)
    })
    await engine.writes(photo())
    await until(() => state() === 'gone')
    expect(filesIn('part')).toEqual([])
  })

  it('because it trickles is cut at the deadline (must-survive 26)', async () => {
    await engine.stop()
    engine = await anEngine({ mediaDeadline: 20 })
    engine.wechat.files.set('file-1', async function* () {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        yield Buffer.from('x')
      }
    })
    await engine.writes(photo())
    await until(() => engine.store.media.byId(one)?.attempts === 1)
    expect(filesIn('part')).toEqual([])
  })
})

describe('what its channel keeps of a file', () => {
  const released = () => engine.wechat.released

  it('goes once the bytes are committed, and not before', async () => {
    let stored = ''
    engine.wechat.files.set('file-1', () => inPieces(jpeg))
    engine.wechat.release = (name) => {
      stored = `${name} ${state() ?? ''}`
      return Promise.resolve()
    }
    await engine.writes(photo())
    await until(() => stored !== '')
    expect(stored).toBe('file-1 saved')
  })

  it('stays while it may still be fetched', async () => {
    engine.wechat.files.set('file-1', () => inPieces(Buffer.alloc(0)))
    await engine.writes(photo())
    await until(() => engine.store.media.byId(one)?.attempts === 1)
    expect(released()).toEqual([])
    engine.clock.jump(days(4))
    engine.media.wake()
    await until(() => state() === 'gone')
    await until(() => released().length === 1)
  })

  it('goes when it is erased, also when it was never fetched', async () => {
    engine.wechat.files.set('file-1', () => inPieces(Buffer.alloc(0)))
    await engine.writes(photo())
    await until(() => engine.store.media.byId(one)?.attempts === 1)
    await engine.writes('忘记')
    await until(() => state() === 'gone' && released().length === 1)
    expect(released()).toEqual(['file-1'])
  })

  it('goes again when a message that is known comes a second time', async () => {
    engine.wechat.files.set('file-1', () => inPieces(jpeg))
    await engine.writes(photo(), { id: 'same' })
    await until(() => released().length === 1)
    expect(await engine.writes(photo(), { id: 'same' })).toBe('duplicate')
    await until(() => released().length === 2)
  })

  it('may stay there without harm when the channel cannot let go', async () => {
    engine.wechat.cannotRelease = true
    engine.wechat.files.set('file-1', () => inPieces(jpeg))
    await engine.writes(photo())
    await until(() => state() === 'saved')
    expect(engine.media.forOthers(one).state).toBe('saved')
  })
})

it('an erasure the disk refuses is tried again later, not at once', async () => {
  engine.wechat.files.set('file-1', () => inPieces(jpeg))
  await engine.writes(photo())
  await until(() => state() === 'saved')
  const path = engine.media.original(one)?.path ?? ''
  rmSync(path)
  mkdirSync(join(path, 'in the way'), { recursive: true })
  await engine.writes('忘记')
  const dues = vi.spyOn(engine.store.media, 'due')
  for (let i = 0; i < 20; i++) {
    await engine.settle()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(dues.mock.calls.length).toBeLessThan(5)
  rmSync(path, { recursive: true })
  await engine.clock.pass(seconds(6))
  await until(() => state() === 'gone')
})

describe('names', () => {
  it('never lead out of the folder (must-survive 26)', async () => {
    engine.wechat.files.set('../../etc/passwd', () => inPieces(jpeg))
    await engine.writes(photo('../../etc/passwd', '../../../evil.svg'))
    await until(() => state() === 'saved')
    const shown = engine.media.forOthers(one)
    if (shown.state !== 'saved') throw new Error('not saved')
    expect(shown.body.path.startsWith(join(engine.dir, 'media'))).toBe(true)
    expect(shown.body.name).toBe('evil.svg.jpg')
    expect(existsSync(join(engine.dir, '..', 'evil.svg'))).toBe(false)
  })

  it.each([
    ['照片.jpg', 'image/jpeg', '照片.jpg'],
    ['..\\..\\a.exe', 'image/png', 'a.exe.png'],
    ['gpj.\u202eexe', 'application/pdf', 'gpj.exe.pdf'],
    ['', 'audio/amr', 'abcdef01.amr'],
    [null, 'application/octet-stream', 'abcdef01.bin'],
  ])('%s of %s is shown as %s', (name, mime, shown) => {
    expect(shownName(name, 'abcdef0123', mime)).toBe(shown)
  })
})

describe('types', () => {
  it.each([
    ['\xff\xd8\xff\xe0', 'image/jpeg', 'image'],
    ['\x89PNG\r\n\x1a\n', 'image/png', 'image'],
    ['GIF89a', 'image/gif', 'image'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp', 'image'],
    ['#!AMR\n', 'audio/amr', 'voice'],
    ['\x02#!SILK_V3', 'audio/silk', 'file'],
    ['ID3\x03', 'audio/mpeg', 'file'],
    ['\0\0\0 ftypisom', 'video/mp4', 'video'],
    ['%PDF-1.7', 'application/pdf', 'file'],
    ['\0\0\0\x18ftypheic', 'image/heic', 'image'],
    ['MM\0*\0\0', 'image/tiff', 'image'],
    ['<svg onload=1>', 'application/octet-stream', 'file'],
    ['<!DOCTYPE html>', 'application/octet-stream', 'file'],
    ['{"errcode":40007}', 'application/octet-stream', 'file'],
  ])('%j is %s', (bytes, mime, kind) => {
    expect(typeOf(Buffer.from(bytes, 'latin1'))).toBe(mime)
    expect(kindOf(mime)).toBe(kind)
  })
})

it('erases the files of a person who asks to be forgotten, unless somebody else sent the same', async () => {
  engine.wechat.files.set('file-1', () => inPieces(jpeg))
  engine.wechat.files.set('file-2', () => inPieces(jpeg))
  await engine.writes(photo())
  await engine.writes(photo('file-2'), { sender: 'wx-b' })
  await until(() => state() === 'saved' && engine.store.media.byId(2 as MediaId)?.state === 'saved')
  const path = engine.media.original(one)?.path ?? ''
  await engine.writes('忘记')
  await until(() => state() === 'gone')
  expect(existsSync(path)).toBe(true)
  await engine.writes('忘记', { sender: 'wx-b' })
  await until(() => engine.store.media.byId(2 as MediaId)?.state === 'gone')
  expect(existsSync(path)).toBe(false)
  rmSync(join(engine.dir, 'media', 'part'), { recursive: true, force: true })
})
