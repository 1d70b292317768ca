import { createHash } from 'node:crypto'
import { types } from 'wechaty-puppet'
import type { impls, payloads } from 'wechaty-puppet'
import { within } from '../within.ts'
import type { Spoken } from './spool.ts'

const LOOKUP_LIMIT = 3_000

/**
 * A puppet's message in our words. Asks the puppet for what the payload leaves out (sender's name, place, link);
 * what it does not answer becomes `unknown` with the type's name, so that a person still sees that something came.
 */
export async function spokenOf(
  puppet: impls.PuppetInterface,
  messageId: string,
  payload: payloads.Message,
): Promise<Spoken> {
  const sender = payload.talkerId || payload.fromId || 'unknown'
  const id = payload.id || messageId
  const [senderName, content] = await Promise.all([
    nameOf(puppet, sender),
    contentOf(puppet, sender, id, payload),
  ])
  return {
    sender,
    senderName,
    // Some puppets announce a recall under the id of the message it takes back, which is known already.
    id: content.type === 'recall' && content.message === id ? `recall:${id}` : id,
    at: instantOf(payload.timestamp),
    group: payload.roomId ? { id: payload.roomId, mentioned: await mentioned(puppet, payload) } : null,
    content,
  }
}

/** Seconds or milliseconds, as the puppet pleases: 1e11 ms is 1973, 1e11 s is the year 5138 (wechaty's own border). */
export function instantOf(timestamp: number): number | null {
  if (!Number.isFinite(timestamp) || timestamp <= 0) return null
  return Math.round(timestamp < 1e11 ? timestamp * 1_000 : timestamp)
}

/** The name of a file, equal whenever the same message comes again. */
function mediaName(sender: string, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([sender, id]))
    .digest('hex')
    .slice(0, 40)
}

async function contentOf(
  puppet: impls.PuppetInterface,
  sender: string,
  id: string,
  payload: payloads.Message,
): Promise<Spoken['content']> {
  const media = (kind: 'image' | 'voice' | 'video' | 'file'): Spoken['content'] => {
    return { type: 'media', kind, media: mediaName(sender, id), name: payload.filename || null }
  }
  switch (payload.type) {
    case types.Message.Text:
      return payload.text ? { type: 'text', text: payload.text } : unknown(payload)
    case types.Message.Image:
      return media('image')
    case types.Message.Audio:
      return media('voice')
    case types.Message.Video:
      return media('video')
    case types.Message.Attachment:
      return media('file')
    case types.Message.Emoticon:
      return { type: 'sticker' }
    case types.Message.Recalled:
      return { type: 'recall', message: recalledId(payload.text ?? '') }
    case types.Message.Location:
      return (await locationOf(puppet, id)) ?? unknown(payload)
    case types.Message.Url:
      return (await linkOf(puppet, id)) ?? unknown(payload)
    default:
      return unknown(payload)
  }
}

function unknown(payload: payloads.Message): Spoken['content'] {
  return { type: 'unknown', name: types.Message[payload.type] ?? `type ${String(payload.type)}` }
}

/** Web puppets hand on WeChat's XML, the others the bare id. */
function recalledId(text: string): string {
  return /<msgid>(\d+)<\/msgid>/.exec(text)?.[1] ?? text
}

async function locationOf(puppet: impls.PuppetInterface, id: string): Promise<Spoken['content'] | null> {
  const answer = await asked(puppet.messageLocation(id))
  if (answer === null) return null
  const place = fromGateway(answer) ?? answer
  const label = [place.name, place.address].filter(
    (part) => part && part !== 'NONAME' && part !== 'NOADDRESS',
  )
  if (place.latitude === 0 && place.longitude === 0 && label.length === 0) return null
  return {
    type: 'location',
    latitude: place.latitude,
    longitude: place.longitude,
    label: label.length > 0 ? label.join(' ') : null,
  }
}

/**
 * wechaty-puppet-service 1.19.9 spreads the protobuf message instead of its fields, so every place arrives as 0,0,
 * NONAME. The fields are still there, in the message's one array (its name is minified), in the order of location.proto:
 * accuracy, address, latitude, longitude, name.
 */
function fromGateway(answer: payloads.Location): payloads.Location | null {
  if (answer.name !== 'NONAME') return null
  const fields: unknown = Object.values(answer).find((value) => Array.isArray(value))
  if (!Array.isArray(fields)) return null
  const [accuracy, address, latitude, longitude, name] = fields as unknown[]
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null
  return {
    accuracy: typeof accuracy === 'number' ? accuracy : 0,
    address: typeof address === 'string' ? address : '',
    latitude,
    longitude,
    name: typeof name === 'string' ? name : '',
  }
}

async function linkOf(puppet: impls.PuppetInterface, id: string): Promise<Spoken['content'] | null> {
  const link = await asked(puppet.messageUrl(id))
  if (link === null) return null
  return { type: 'link', title: link.title, url: link.url, description: link.description || null }
}

async function nameOf(puppet: impls.PuppetInterface, contact: string): Promise<string | null> {
  const payload = await asked(puppet.contactPayload(contact))
  return payload?.name || null
}

/** By WeChat's own list where the puppet gives one, else by our name after an @ (web puppets give none). */
async function mentioned(puppet: impls.PuppetInterface, payload: payloads.Message): Promise<boolean> {
  if (!puppet.isLoggedIn) return false
  const listed = 'mentionIdList' in payload ? (payload.mentionIdList ?? []) : []
  if (listed.includes(puppet.currentUserId)) return true
  const name = await nameOf(puppet, puppet.currentUserId)
  return name !== null && (payload.text ?? '').includes(`@${name}`)
}

async function asked<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await within(LOOKUP_LIMIT, answer)
  } catch {
    return null
  }
}
