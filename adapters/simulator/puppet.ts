import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { FileBox } from 'file-box'
import type { FileBoxInterface } from 'file-box'
import { types } from 'wechaty-puppet'
import type { payloads } from 'wechaty-puppet'
import { PuppetMock } from 'wechaty-puppet-mock'
import { z } from 'zod'
import { happeningsOf } from './wechat-wire.ts'
import type { Happening, Said } from './wechat-wire.ts'

const HEARTBEAT_EVERY = 15_000
const RECONNECT_AFTER = 500
const ANSWER_LIMIT = 8_000

type MessageHappening = Extract<Happening, { type: 'message' }>
type Person = { id: string; name: string }

/**
 * A puppet for real wechaty whose WeChat is the simulated one at SIMULATOR_WECHAT_URL. It knows what wechaty's mock
 * cannot do by itself: fixed ids, places, recalls, stickers, links, times of its own, and what the bot says goes out.
 */
export default class SimulatedPuppet extends PuppetMock {
  private readonly url = process.env.SIMULATOR_WECHAT_URL ?? ''
  private readonly said = new Map<string, MessageHappening>()
  private readonly requests = new Map<string, payloads.FriendshipReceive>()
  private connection: AbortController | null = null
  private heartbeat: NodeJS.Timeout | undefined

  override async onStart(): Promise<void> {
    if (!this.url) throw new Error('SIMULATOR_WECHAT_URL is not set')
    await super.onStart()
    this.connection = new AbortController()
    this.heartbeat = setInterval(() => this.emit('heartbeat', { data: 'simulated' }), HEARTBEAT_EVERY)
    void this.listen(this.connection.signal)
  }

  override async onStop(): Promise<void> {
    this.connection?.abort()
    this.connection = null
    clearInterval(this.heartbeat)
    await super.onStop()
  }

  override messageContact(): Promise<string> {
    return Promise.reject(new Error('the simulated WeChat sends no contact cards'))
  }

  override messageFile(id: string): Promise<FileBoxInterface> {
    const message = this.said.get(id)?.message
    if (message === undefined || !('base64' in message))
      return Promise.reject(new Error('this message has no file'))
    return Promise.resolve(FileBox.fromBase64(message.base64, message.name))
  }

  override messageImage(id: string): Promise<FileBoxInterface> {
    return this.messageFile(id)
  }

  override messageLocation(id: string): Promise<payloads.Location> {
    const message = this.said.get(id)?.message
    if (message?.type !== 'location') return Promise.reject(new Error('this message is no place'))
    const { latitude, longitude, label } = message
    return Promise.resolve({ accuracy: 15, address: '', latitude, longitude, name: label })
  }

  override messageUrl(id: string): Promise<payloads.UrlLink> {
    const message = this.said.get(id)?.message
    if (message?.type !== 'link') return Promise.reject(new Error('this message is no link'))
    return Promise.resolve({ title: message.title, url: message.url, description: message.description })
  }

  override async messageRecall(id: string): Promise<boolean> {
    return (await this.post('/recall', { message: id })).ok
  }

  // The mock types these as giving nothing, where wechaty-puppet allows the id of what was sent.
  override async messageSendText(to: string, text: string): Promise<void> {
    return (await this.say({ to, message: { type: 'text', text } })) as unknown as undefined
  }

  override async messageSendFile(to: string, file: FileBoxInterface): Promise<void> {
    const message = { type: kindOf(file.name), name: file.name, base64: await file.toBase64() }
    return (await this.say({ to, message })) as unknown as undefined
  }

  override friendshipRawPayload(id: string): Promise<payloads.Friendship> {
    const request = this.requests.get(id)
    return request ? Promise.resolve(request) : Promise.reject(new Error('no such friend request'))
  }

  override async friendshipAccept(id: string): Promise<void> {
    const answer = await this.post('/accept', { request: id })
    if (!answer.ok) throw new Error(`the simulated WeChat answers ${answer.status}`)
  }

  private async listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const answer = await fetch(`${this.url}/happenings`, { signal })
        if (answer.body) for await (const happening of happeningsOf(answer.body)) await this.meet(happening)
      } catch {
        // A broken line is what connections do; the next one tells again what was not seen.
      }
      await pause(RECONNECT_AFTER, null, { signal }).catch(() => undefined)
    }
  }

  private async meet(happening: Happening): Promise<void> {
    this.emit('heartbeat', { data: happening.type })
    switch (happening.type) {
      case 'scan':
        return this.mocker.scan(happening.code)
      case 'people':
        return this.know(happening.people)
      case 'login':
        this.forgetAllBut(happening.people)
        this.know(happening.people)
        if (this.isLoggedIn && this.currentUserId !== happening.self) await this.logout('another account')
        if (!this.isLoggedIn) this.login(happening.self)
        return
      case 'logout':
        return this.logout('the simulated WeChat logged out')
      case 'friend':
        this.know([happening.from])
        this.requests.set(happening.id, {
          id: happening.id,
          contactId: happening.from.id,
          timestamp: seconds(happening.at),
          type: types.Friendship.Receive,
          ticket: happening.id,
        })
        this.emit('friendship', { friendshipId: happening.id })
        return this.acknowledge(happening.id)
      case 'message':
        this.hold(happening)
        this.emit('message', { messageId: happening.id })
        return this.acknowledge(happening.id)
    }
  }

  /** Listeners have run, and what they awaited of us too, before WeChat learns that the message was seen. */
  private async acknowledge(id: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.post('/seen', { ids: [id] }).catch(() => undefined)
  }

  /** After a login that gave new ids, nobody is known by an old one. */
  private forgetAllBut(people: readonly Person[]): void {
    const kept = new Set(people.map(({ id }) => id))
    for (const id of this.mocker.cacheContactPayload.keys()) {
      if (kept.has(id)) continue
      this.mocker.cacheContactPayload.delete(id)
      this.cache.contact?.delete(id)
    }
  }

  private know(people: readonly Person[]): void {
    for (const { id, name } of people) {
      if (this.mocker.cacheContactPayload.get(id)?.name === name) continue
      const payload = {
        id,
        name,
        gender: types.ContactGender.Unknown,
        type: types.Contact.Individual,
        avatar: '',
        phone: [],
      }
      this.mocker.cacheContactPayload.set(id, payload)
    }
  }

  private hold(happening: MessageHappening): void {
    const { id, from, room, mentioned, message } = happening
    this.said.set(id, happening)
    const base = {
      id,
      talkerId: from,
      timestamp: seconds(happening.at),
      type: typeOf(message.type),
      text: message.type === 'text' ? message.text : message.type === 'recall' ? message.message : '',
      ...('base64' in message ? { filename: message.name } : {}),
    }
    if (room === null) {
      this.mocker.cacheMessagePayload.set(id, { ...base, listenerId: this.currentUserId })
      return
    }
    const members = new Set(this.mocker.cacheRoomPayload.get(room)?.memberIdList)
      .add(from)
      .add(this.currentUserId)
    const payload = { id: room, topic: room, adminIdList: [], memberIdList: [...members] }
    this.mocker.cacheRoomPayload.set(room, payload)
    const mentionIdList = mentioned ? [this.currentUserId] : []
    this.mocker.cacheMessagePayload.set(id, { ...base, roomId: room, mentionIdList })
  }

  private async say(said: Said): Promise<string> {
    const answer = await this.post('/say', said)
    if (!answer.ok) throw new Error(`the simulated WeChat answers ${answer.status}`)
    return z.object({ id: z.string() }).parse(await answer.json()).id
  }

  private post(door: string, body: unknown): Promise<Response> {
    return fetch(`${this.url}${door}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_LIMIT),
    })
  }
}

/** WeChat's times are whole seconds. */
function seconds(at: number): number {
  return Math.floor(at / 1_000)
}

function typeOf(type: MessageHappening['message']['type']): types.Message {
  switch (type) {
    case 'text':
      return types.Message.Text
    case 'image':
      return types.Message.Image
    case 'voice':
      return types.Message.Audio
    case 'video':
      return types.Message.Video
    case 'file':
      return types.Message.Attachment
    case 'location':
      return types.Message.Location
    case 'link':
      return types.Message.Url
    case 'sticker':
      return types.Message.Emoticon
    case 'recall':
      return types.Message.Recalled
    case 'unknown':
      return types.Message.Unknown
  }
}

function kindOf(name: string): 'image' | 'voice' | 'video' | 'file' {
  const ending = path.extname(name).toLowerCase()
  if (['.jpg', '.jpeg', '.png', '.gif', '.webp'].includes(ending)) return 'image'
  if (['.sil', '.silk', '.amr', '.mp3'].includes(ending)) return 'voice'
  return ending === '.mp4' ? 'video' : 'file'
}
