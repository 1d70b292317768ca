import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MediaGone } from '../../../adapters/channel.ts'
import type { Outcome } from '../../../adapters/channel.ts'
import { hours } from '../../../workflows/ids.ts'
import type { MediaKind } from '../../../workflows/message.ts'
import { errcode, hangUp, json, raw } from '../../support/scripted-wecom.ts'
import { anOutbound, aWecomApp } from '../../support/wecom-app.ts'
import type { WecomApp } from '../../support/wecom-app.ts'

const MB = 1024 * 1024
let app: WecomApp
let folder: string
beforeEach(async () => {
  app = await aWecomApp()
  folder = await mkdtemp(join(tmpdir(), 'wecom-media-'))
})
afterEach(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

async function aFile(size: number, name = 'photo'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, Buffer.alloc(size, 7))
  return path
}
const sendFile = (
  path: string,
  kind: MediaKind = 'image',
  mime = 'image/jpeg',
  name = '现场.jpg',
): Promise<Outcome> => app.channel.send(anOutbound({ type: 'media', kind, path, mime, name }))
const uploads = () => app.wecom.callsOf('media/upload')
const sent = () => app.wecom.callsOf('message/send').map((call) => call.json)

describe('sending a file', () => {
  test('uploads it, then sends its id', async () => {
    expect(await sendFile(await aFile(100))).toMatchObject({ type: 'accepted', ref: 'msg-1' })
    const [upload] = uploads()
    expect(upload?.method).toBe('POST')
    expect(upload?.query.get('type')).toBe('image')
    const body = upload?.body.toString('utf8') ?? ''
    expect(body).toContain('name="media"; filename="现场.jpg"')
    expect(body).toContain('Content-Type: image/jpeg')
    expect(sent()).toMatchObject([
      { msgtype: 'image', image: { media_id: 'media-2' }, enable_duplicate_check: 1 },
    ])
  })

  test('uploads it once for many people, and anew before its id ends after three days', async () => {
    const path = await aFile(100)
    await Promise.all([sendFile(path), sendFile(path)])
    app.clock.now += hours(69)
    await sendFile(path)
    expect(uploads()).toHaveLength(1)
    app.clock.now += hours(2)
    await sendFile(path)
    expect(uploads()).toHaveLength(2)
  })

  test('uploads it again when the platform has forgotten it', async () => {
    const path = await aFile(100)
    await sendFile(path)
    app.wecom.answers('message/send', errcode(40007))
    expect(await sendFile(path)).toMatchObject({ type: 'accepted' })
    expect(uploads()).toHaveLength(2)
    app.wecom.answers('message/send', errcode(40007), errcode(40007))
    expect(await sendFile(path)).toMatchObject({ type: 'refused', why: 'content' })
  })

  test.each([
    ['a JPEG', 'image', 'image/jpeg', 100, 'image'],
    ['a PNG', 'image', 'image/png', 100, 'image'],
    ['another picture', 'image', 'image/heic', 100, 'file'],
    ['a picture above 10 MB', 'image', 'image/jpeg', 10 * MB + 1, 'file'],
    ['AMR', 'voice', 'audio/amr', 100, 'voice'],
    ['other sound', 'voice', 'audio/silk', 100, 'file'],
    ['AMR above 2 MB', 'voice', 'audio/amr', 2 * MB + 1, 'file'],
    ['MP4', 'video', 'video/mp4', 100, 'video'],
    ['a PDF', 'file', 'application/pdf', 100, 'file'],
  ] as const)('%s goes as what the platform takes', async (_what, kind, mime, size, type) => {
    expect(await sendFile(await aFile(size), kind, mime)).toMatchObject({ type: 'accepted' })
    expect(uploads().map((call) => call.query.get('type'))).toEqual([type])
    expect(sent()).toMatchObject([{ msgtype: type }])
  })

  test('what the platform refuses as a voice goes as a file', async () => {
    app.wecom.answers('media/upload', errcode(40058))
    expect(await sendFile(await aFile(100), 'voice', 'audio/amr')).toMatchObject({ type: 'accepted' })
    expect(uploads().map((call) => call.query.get('type'))).toEqual(['voice', 'file'])
  })

  test.each([
    ['of 5 bytes', 5],
    ['above 20 MB', 20 * MB + 1],
  ])('a file %s is refused before it is uploaded', async (_what, size) => {
    expect(await sendFile(await aFile(size))).toMatchObject({ type: 'refused', why: 'content' })
    expect(uploads()).toEqual([])
  })

  test('a file that is not there is refused', async () => {
    expect(await sendFile(join(folder, 'none'))).toMatchObject({ type: 'refused', why: 'content' })
  })

  test('a name cannot leave its folder or its header', async () => {
    await sendFile(await aFile(100), 'image', 'image/jpeg', '../../etc/a"b\r\nX: y.jpg')
    expect(uploads()[0]?.body.toString('utf8')).toContain('filename="a_b__X_ y.jpg"')
  })

  test('an upload that was cut off means that nothing was sent; the next try uploads again', async () => {
    const path = await aFile(100)
    app.wecom.answers('media/upload', hangUp)
    expect(await sendFile(path)).toMatchObject({ type: 'later' })
    expect(sent()).toEqual([])
    expect(await sendFile(path)).toMatchObject({ type: 'accepted' })
  })
})

describe('fetching a file', () => {
  const bytesOf = async (name: string): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    for await (const part of (await app.channel.fetch(name)).bytes) parts.push(part)
    return Buffer.concat(parts)
  }

  test('gives its bytes and what the platform calls them', async () => {
    app.wecom.answers(
      'media/get',
      raw(Buffer.from('jpeg'), 'image/jpeg'),
      raw(Buffer.from('jpeg'), 'image/jpeg'),
    )
    expect((await app.channel.fetch('m+1/=')).mime).toBe('image/jpeg')
    expect((await bytesOf('m+1/=')).toString()).toBe('jpeg')
    expect(app.wecom.callsOf('media/get')[0]?.query.get('media_id')).toBe('m+1/=')
  })

  test('JSON in place of a file is a failure: gone for ever (must-survive 26)', async () => {
    app.wecom.answers('media/get', errcode(40007))
    await expect(app.channel.fetch('m')).rejects.toBeInstanceOf(MediaGone)
  })

  test.each([
    ['busy', errcode(-1)],
    ['text', raw('{"errcode":-1}', 'text/plain')],
    ['JSON without an error', json({ errcode: 0 })],
    ['a gateway’s page', raw('<html>', 'text/html', 502)],
    ['a cut connection', hangUp],
  ])('%s: to be tried again', async (_what, reply) => {
    app.wecom.answers('media/get', reply)
    const error: unknown = await app.channel.fetch('m').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(MediaGone)
  })

  test.each([
    'http://127.0.0.1:1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]:1/',
    '/cgi-bin/gettoken',
  ])('sent elsewhere, to %s, it is not followed (must-survive 27)', async (location) => {
    const tokens = app.wecom.callsOf('gettoken').length
    app.wecom.answers('media/get', json({}, 302, { location }))
    await expect(app.channel.fetch('m')).rejects.toThrow(/HTTP 302/)
    expect(app.wecom.callsOf('media/get')).toHaveLength(1)
    expect(app.wecom.callsOf('gettoken').length - tokens).toBeLessThanOrEqual(1)
  })

  test('a dead token is replaced on the way', async () => {
    app.wecom.answers('media/get', errcode(42001), raw(Buffer.from('jpeg'), 'image/jpeg'))
    expect((await bytesOf('m')).toString()).toBe('jpeg')
  })

  test('more than 20 MB are never taken, whether announced or not', async () => {
    app.wecom.answers('media/get', (response) => {
      response
        .writeHead(200, { 'content-type': 'video/mp4', 'content-length': String(20 * MB + 1) })
        .flushHeaders()
    })
    await expect(app.channel.fetch('m')).rejects.toBeInstanceOf(MediaGone)
    app.wecom.answers('media/get', (response) => {
      response.writeHead(200, { 'content-type': 'video/mp4' })
      const more = (): void =>
        void (response.destroyed || response.write(Buffer.alloc(MB), () => setImmediate(more)))
      more()
    })
    await expect(bytesOf('m')).rejects.toBeInstanceOf(MediaGone)
  })

  test('a file that breaks off, or is empty, is an error', async () => {
    app.wecom.answers('media/get', (response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    await expect(bytesOf('m')).rejects.toThrow()
    app.wecom.answers('media/get', raw('', 'image/jpeg'))
    await expect(bytesOf('m')).rejects.toThrow('empty')
  })

  test('a file that never ends its stream ends with the program', async () => {
    app.wecom.answers('media/get', (response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg' })
      response.write('half')
    })
    const { bytes } = await app.channel.fetch('m')
    const reading = (async () => {
      for await (const _part of bytes) await app.channel.stop()
    })()
    await expect(reading).rejects.toThrow()
  })
})
