import type { PhoneCard, PhoneItem, WecomWorld } from './wecom.ts'
import type { WechatItem, WechatWorld } from './worlds.ts'

/** What a phone on the page shows, the same for both apps; files by address instead of their bytes. */
export type PageItem = { readonly id: string; readonly mine: boolean; readonly at: number } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'voice' | 'video' | 'file'; readonly url: string; readonly name: string }
  | { readonly type: 'location'; readonly label: string }
  | { readonly type: 'link'; readonly title: string; readonly text: string; readonly url: string }
  | { readonly type: 'sticker' }
  | { readonly type: 'recalled' }
  | { readonly type: 'unknown' }
  | { readonly type: 'card'; readonly card: PhoneCard }
)

/** A recalled message stands as a line that says so. */
export function wechatItems(wechat: WechatWorld, contactId: string): readonly PageItem[] {
  const items = wechat.phone(contactId)
  const recalled = new Set(
    items.flatMap(({ message }) => (message.type === 'recall' ? [message.message] : [])),
  )
  return items
    .filter(({ message }) => message.type !== 'recall')
    .map((item) => wechatItem(contactId, item, recalled.has(item.id)))
}

function wechatItem(contactId: string, item: WechatItem, recalled: boolean): PageItem {
  const { id, at, message } = item
  const base = { id, at, mine: item.from === 'me' }
  if (recalled) return { ...base, type: 'recalled' }
  switch (message.type) {
    case 'text':
      return { ...base, type: 'text', text: message.text }
    case 'image':
    case 'voice':
    case 'video':
    case 'file': {
      const url = `/demo/wechat/${encodeURIComponent(contactId)}/${encodeURIComponent(id)}`
      return { ...base, type: message.type, name: message.name, url }
    }
    case 'location':
      return { ...base, type: 'location', label: message.label }
    case 'link':
      return { ...base, type: 'link', title: message.title, text: message.description, url: message.url }
    case 'sticker':
      return { ...base, type: 'sticker' }
    case 'recall':
      return { ...base, type: 'recalled' }
    case 'unknown':
      return { ...base, type: 'unknown' }
  }
}

/** The bytes of a picture, voice or file on a resident's phone. */
export function wechatPicture(wechat: WechatWorld, contactId: string, itemId: string): Uint8Array | null {
  const message = wechat.phone(contactId).find((item) => item.id === itemId)?.message
  return message && 'base64' in message ? Buffer.from(message.base64, 'base64') : null
}

export function wecomItems(wecom: WecomWorld, userid: string): readonly PageItem[] {
  return wecom.phone(userid).items.map(wecomItem)
}

function wecomItem(item: PhoneItem): PageItem {
  const base = { id: item.id, at: item.at, mine: item.from === 'me' }
  switch (item.type) {
    case 'text':
      return { ...base, type: 'text', text: item.text }
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return { ...base, type: item.type, name: item.name, url: item.url }
    case 'location':
      return { ...base, type: 'location', label: item.label }
    case 'article':
      return { ...base, type: 'link', title: item.title, text: item.description, url: item.url }
    case 'card':
      return { ...base, type: 'card', card: item.card }
  }
}
