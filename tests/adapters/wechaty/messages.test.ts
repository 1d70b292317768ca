import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MediaGone } from '../../../adapters/channel.ts'
import type { Inbound } from '../../../adapters/channel.ts'
import type { WechatMessage } from '../../../adapters/simulator/worlds.ts'
import { aRig, aText, loggedIn, TEN, toSend, until } from './rig.ts'
import type { Rig } from './rig.ts'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('a resident and the account on WeChat', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await aRig()
    await rig.channel.start()
    await loggedIn(rig)
  })
  afterAll(() => rig.close())

  const arrived = async (id: string): Promise<Inbound> => {
    await until(() => rig.inbox.some((inbound) => inbound.id === id), `message ${id}`)
    const found = rig.inbox.find((inbound) => inbound.id === id)
    if (found === undefined) throw new Error('unreachable')
    return found
  }

  it('text comes in with its sender, its name and its own time', async () => {
    const id = rig.world.say('chen', { type: 'text', text: '3栋的电梯坏了' })
    expect(await arrived(id)).toEqual({
      channel: 'wechaty',
      account: 'wechaty',
      sender: 'chen',
      senderName: '陈女士',
      id,
      at: TEN,
      group: null,
      content: { type: 'text', text: '3栋的电梯坏了' },
    })
  })

  it.each<[string, WechatMessage, object]>([
    [
      'a place',
      { type: 'location', latitude: 28.2, longitude: 112.9, label: '和风苑北门' },
      { type: 'location', latitude: 28.2, longitude: 112.9, label: '和风苑北门' },
    ],
    [
      'a link',
      { type: 'link', title: '通知', url: 'https://example.cn/a', description: '停水' },
      { type: 'link', title: '通知', url: 'https://example.cn/a', description: '停水' },
    ],
    ['a sticker', { type: 'sticker' }, { type: 'sticker' }],
    ['a recall', { type: 'recall', message: 'msg-earlier' }, { type: 'recall', message: 'msg-earlier' }],
    ['what nobody knows', { type: 'unknown' }, { type: 'unknown', name: 'Unknown' }],
  ])('%s comes in', async (_, said, content) => {
    expect((await arrived(rig.world.say('chen', said))).content).toEqual(content)
  })

  it.each(['image', 'voice', 'video', 'file'] as const)('a %s comes in with its bytes', async (kind) => {
    const id = rig.world.say('zhao', { type: kind, name: `evidence.${kind}.png`, base64: PIXEL })
    const { content } = await arrived(id)
    if (content.type !== 'media') throw new Error(`came as ${content.type}`)
    expect(content).toMatchObject({ kind, name: `evidence.${kind}.png` })

    const { bytes } = await rig.channel.fetch(content.media)
    const read: Uint8Array[] = []
    for await (const chunk of bytes) read.push(chunk)
    expect(Buffer.concat(read).toString('base64')).toBe(PIXEL)

    await rig.channel.release(content.media)
    await expect(rig.channel.fetch(content.media)).rejects.toThrow(MediaGone)
  })

  it('an empty file is handed on, and its bytes are gone', async () => {
    const id = rig.world.say('zhao', { type: 'image', name: 'empty.png', base64: '' })
    const { content } = await arrived(id)
    if (content.type !== 'media') throw new Error(`came as ${content.type}`)
    await expect(rig.channel.fetch(content.media)).rejects.toThrow(MediaGone)
  })

  it('a name that is not ours opens no file', async () => {
    await expect(rig.channel.fetch('../../../etc/passwd')).rejects.toThrow(MediaGone)
    await expect(rig.channel.release('../messages')).rejects.toThrow(MediaGone)
  })

  it('a message in a group carries the group and whether we were mentioned', async () => {
    const text: WechatMessage = { type: 'text', text: '有人管吗' }
    const plain = await arrived(rig.world.sayInRoom('owners', 'chen', text))
    const called = await arrived(rig.world.sayInRoom('owners', 'chen', text, true))
    expect(plain.group).toEqual({ id: 'owners', mentioned: false })
    expect(called.group).toEqual({ id: 'owners', mentioned: true })
    const byName = rig.world.sayInRoom('owners', 'chen', { type: 'text', text: '@小区管家 在吗' })
    expect((await arrived(byName)).group?.mentioned).toBe(true)
  })

  it('what we say to a group goes to the group, and one we are not in is no recipient', async () => {
    await arrived(rig.world.sayInRoom('owners', 'chen', { type: 'text', text: '有人吗' }))
    expect(await rig.channel.send(aText('owners', '收到'))).toMatchObject({ type: 'accepted' })
    expect(rig.world.phone('owners').at(-1)).toMatchObject({ from: 'them', message: { text: '收到' } })
    expect(await rig.channel.send(aText('strangers', '收到'))).toMatchObject({
      type: 'refused',
      why: 'recipient',
    })
  })

  it('what we say reaches the resident’s phone and is accepted with its id', async () => {
    const outcome = await rig.channel.send(aText('chen', '您好，已收到'))
    const shown = rig.world.phone('chen').at(-1)
    expect(shown).toMatchObject({ from: 'them', message: { type: 'text', text: '您好，已收到' } })
    expect(outcome).toEqual({ type: 'accepted', ref: shown?.id, code: null })
  })

  it('a photo is sent, and can be taken back', async () => {
    const file = path.join(rig.dir, 'done.png')
    writeFileSync(file, Buffer.from(PIXEL, 'base64'))
    const photo = { type: 'media', kind: 'image', path: file, mime: 'image/png', name: '完工.png' } as const
    const outcome = await rig.channel.send(toSend('chen', photo))
    expect(rig.world.phone('chen').at(-1)?.message).toEqual({
      type: 'image',
      name: '完工.png',
      base64: PIXEL,
    })
    if (outcome.type !== 'accepted' || outcome.ref === null) throw new Error('not accepted')

    const recall = await rig.channel.send(toSend('chen', { type: 'recall', ref: outcome.ref }))
    expect(recall.type).toBe('accepted')
    expect(rig.world.phone('chen').some(({ id }) => id === outcome.ref)).toBe(false)
    const again = await rig.channel.send(toSend('chen', { type: 'recall', ref: outcome.ref }))
    expect(again).toMatchObject({ type: 'refused', why: 'window' })
  })

  it('who is not in the account is refused, and so are cards and missing files', async () => {
    expect(await rig.channel.send(aText('stranger', '您好'))).toMatchObject({
      type: 'refused',
      why: 'recipient',
    })
    const gone = {
      type: 'media',
      kind: 'file',
      path: '/nowhere/x.pdf',
      mime: 'application/pdf',
      name: 'x.pdf',
    } as const
    expect(await rig.channel.send(toSend('chen', gone))).toMatchObject({ type: 'refused', why: 'content' })
    const card = {
      title: '任务',
      subtitle: '',
      tone: 'plain',
      rows: [],
      text: '',
      buttons: [],
      select: null,
    } as const
    expect(await rig.channel.send(toSend('chen', { type: 'card', task: 't1', card }))).toMatchObject({
      type: 'refused',
      why: 'content',
    })
  })

  it('what the server refuses may be tried again', async () => {
    rig.world.fail(1)
    expect(await rig.channel.send(aText('chen', '第一次'))).toMatchObject({ type: 'later' })
    expect(await rig.channel.send(aText('chen', '第二次'))).toMatchObject({ type: 'accepted' })
  })

  it('a friend request is accepted and comes in as somebody who entered, to be greeted', async () => {
    rig.world.befriend({ id: 'sun', name: '孙女士' })
    await until(() => rig.inbox.some(({ sender }) => sender === 'sun'), 'the new friend')
    expect(rig.inbox.find(({ sender }) => sender === 'sun')).toMatchObject({
      at: TEN,
      content: { type: 'entered' },
    })
    expect(rig.world.befriended()).toEqual(['sun'])
    expect(await rig.channel.send(aText('sun', '您好'))).toMatchObject({ type: 'accepted' })
  })

  it('the log holds no words, names or ids of people', () => {
    const log = rig.logged()
    for (const word of ['电梯', '陈女士', 'chen', '您好', '孙女士', 'evidence'])
      expect(log).not.toContain(word)
  })
})

describe('a person’s pace', () => {
  it('things said follow each other with a pause, in order', async () => {
    const rig = await aRig({ pace: { sendGap: [60, 80] } })
    await rig.channel.start()
    await loggedIn(rig)
    const begun = performance.now()
    await Promise.all(['一', '二', '三'].map((text) => rig.channel.send(aText('chen', text))))
    expect(performance.now() - begun).toBeGreaterThan(115)
    expect(rig.world.phone('chen').map(({ message }) => message)).toMatchObject([
      { text: '一' },
      { text: '二' },
      { text: '三' },
    ])
    await rig.close()
  })
})
