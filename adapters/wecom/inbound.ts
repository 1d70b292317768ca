import { createHash } from 'node:crypto'
import type { Instant } from '../../workflows/ids.ts'
import type { Content } from '../../workflows/message.ts'
import type { Inbound } from '../channel.ts'
import { child, children, readXml, textOf } from './xml.ts'
import type { XmlElement } from './xml.ts'

/**
 * A decrypted callback, in our words (platforms.md 3). `now` stands in where the platform gives no time.
 * @throws BadXml when it is no XML.
 */
export function toInbound(plaintext: string, account: string, now: Instant): Inbound {
  const xml = readXml(plaintext)
  const type = lower(textOf(xml, 'MsgType'))
  return {
    channel: 'wecom',
    account,
    // Events of the contact list come from `sys`; what names nobody is treated alike.
    sender: textOf(xml, 'FromUserName') ?? 'sys',
    senderName: null,
    id: idOf(type, xml, plaintext),
    at: secondsToInstant(textOf(xml, 'CreateTime')) ?? now,
    group: null,
    content: type === 'event' ? eventContent(xml) : messageContent(type, xml),
  }
}

/** The name of an event that has no words of its own in `Content`, in lower case; empty for anything else. */
export function eventName({ content }: Inbound): string {
  return content.type === 'unknown' && content.name.startsWith('event:') ? content.name.slice(6) : ''
}

/**
 * A message has an id of its own. An event has none, and the documents' FromUserName+CreateTime merges two clicks in one
 * second; its whole plaintext does not, and stays the same over redeliveries, unlike nonce and ciphertext.
 */
function idOf(type: string, xml: XmlElement, plaintext: string): string {
  const messageId = textOf(xml, 'MsgId') ?? textOf(xml, 'MsgID')
  if (type !== 'event' && messageId !== null) return messageId
  return createHash('sha256').update(plaintext).digest('hex')
}

function messageContent(type: string, xml: XmlElement): Content<string> {
  const media = textOf(xml, 'MediaId')
  switch (type) {
    case 'text':
      return { type: 'text', text: textOf(xml, 'Content') ?? '' }
    case 'image':
    case 'voice':
    case 'video':
      if (media === null) break
      return { type: 'media', kind: type, media, name: null }
    case 'location': {
      const latitude = Number(textOf(xml, 'Location_X') ?? NaN)
      const longitude = Number(textOf(xml, 'Location_Y') ?? NaN)
      if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) break
      return { type: 'location', latitude, longitude, label: textOf(xml, 'Label') }
    }
    case 'link':
      return {
        type: 'link',
        title: textOf(xml, 'Title') ?? '',
        url: textOf(xml, 'Url') ?? '',
        description: textOf(xml, 'Description'),
      }
  }
  return { type: 'unknown', name: `message:${type}` }
}

function eventContent(xml: XmlElement): Content<string> {
  const event = lower(textOf(xml, 'Event'))
  switch (event) {
    case 'enter_agent':
    case 'subscribe':
      return { type: 'entered' }
    case 'unsubscribe':
      return { type: 'left' }
    case 'template_card_event':
    case 'template_card_menu_event':
      return {
        type: 'press',
        card: textOf(xml, 'TaskId') ?? '',
        code: textOf(xml, 'ResponseCode'),
        action: textOf(xml, 'EventKey') ?? '',
        selected: selectedItems(xml),
      }
  }
  const change = textOf(xml, 'ChangeType')
  return { type: 'unknown', name: change === null ? `event:${event}` : `event:${event}:${change}` }
}

function selectedItems(xml: XmlElement): Readonly<Record<string, readonly string[]>> {
  const items = children(child(xml, 'SelectedItems'), 'SelectedItem').map((item): [string, string[]] => [
    textOf(item, 'QuestionKey') ?? '',
    children(child(item, 'OptionIds'), 'OptionId').map((option) => option.text),
  ])
  return Object.fromEntries(items)
}

const lower = (text: string | null): string => (text ?? '').trim().toLowerCase()

function secondsToInstant(text: string | null): Instant | null {
  return text !== null && /^\d{1,12}$/.test(text.trim()) ? Number(text) * 1_000 : null
}
