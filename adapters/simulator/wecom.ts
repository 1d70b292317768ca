import type { Router } from 'express'
import type { Instant, Millis } from '../../workflows/ids.ts'
import { createApi } from './wecom/api.ts'
import { createCourier } from './wecom/courier.ts'
import { createFaults } from './wecom/faults.ts'
import type { WecomFaults } from './wecom/faults.ts'
import { keepMedia, shownMedia } from './wecom/media.ts'
import type { StoredMedia } from './wecom/media.ts'
import { newCode } from './wecom/messages.ts'
import { findMember, newMsgId, newState, opaque, phoneItems } from './wecom/state.ts'
import type { Company, PhoneCard, PhoneItem, WecomMember, WecomState } from './wecom/state.ts'
import { callbackXml } from './wecom/xml.ts'
import type { Callback } from './wecom/xml.ts'
import { shelfInMemory } from './worlds.ts'
import type { Shelf } from './worlds.ts'

export { wecomSnapshot } from './wecom/state.ts'
export type { WecomFaults } from './wecom/faults.ts'
export type { CardQuestion, PhoneCard, PhoneItem, WecomMember, WecomState } from './wecom/state.ts'

/** What a member's app shows, oldest first. */
export interface PhoneView {
  readonly userid: string
  readonly name: string
  readonly items: readonly PhoneItem[]
}

/** 企业微信 with one company and one app: its API for the program, its app for each member (platforms.md 1–4, 10). */
export interface WecomWorld {
  /** What the program's WECOM_* would be. */
  readonly settings: {
    readonly corpId: string
    readonly agentId: number
    readonly secret: string
    readonly token: string
    readonly aesKey: string
    readonly apiBase: string
  }
  /** To be mounted under `/cgi-bin`. */
  readonly api: Router
  readonly members: readonly WecomMember[]
  phone(userid: string): PhoneView
  say(userid: string, text: string): void
  sendImage(userid: string, bytes: Uint8Array, name: string): void
  /** AMR, as the app records it. */
  sendVoice(userid: string, bytes: Uint8Array): void
  sendLocation(userid: string, place: { latitude: number; longitude: number; label: string }): void
  /**
   * Presses a button (or an entry of the corner menu) of a card by its key. `selected`: what was chosen, by question
   * key; what is not given stands as the card shows it. Throws when the phone shows nothing to press by that name.
   */
  press(
    userid: string,
    cardItemId: string,
    key: string,
    selected?: Readonly<Record<string, readonly string[]>>,
  ): void
  /** Opens the app. */
  enter(userid: string): void
  /** Checks the callback address as the admin console does when it is saved; false: it would not be. */
  verifyCallback(): Promise<boolean>
  /** The bytes behind an item's `media`. */
  media(name: string): StoredMedia | null
  readonly faults: WecomFaults
  /** Tells of every change of any phone; returns how to stop telling. */
  onChange(listener: () => void): () => void
  /** Resolves when no callback is under way or waits to be sent again. */
  idle(): Promise<void>
  /** The whole state as JSON data, but for the bytes on the shelf. */
  export(): WecomState
  /** Sends no more callbacks. */
  close(): void
}

export function createWecomWorld(options: {
  clock: () => Instant
  callbackUrl: () => string
  members: readonly WecomMember[]
  apiBase: () => string
  /** An earlier `export()`. */
  state?: WecomState
  /** Where photos are kept; by default in memory. */
  shelf?: Shelf
  /** Real time the program has to answer a callback; 5 s as on the platform. */
  answerWithin?: Millis
}): WecomWorld {
  const { clock, members, shelf = shelfInMemory() } = options
  const state = options.state ?? newState()
  const listeners = new Set<() => void>()
  const changed = (): void => listeners.forEach((listener) => listener())
  const faults = createFaults((errcode) => {
    for (const token of state.tokens) token.endedBy ??= errcode
  })
  const company: Company = { state, members, clock, faults, shelf, changed }
  const { callbackUrl, answerWithin } = options
  const courier = createCourier({
    settings: state.settings,
    clock,
    callbackUrl,
    faults,
    ...(answerWithin ? { answerWithin } : {}),
  })

  function memberOf(userid: string): WecomMember {
    const member = findMember(company, userid)
    if (!member) throw new Error(`nobody in this company has the userid ${userid}`)
    return member
  }

  function callBack(userid: string, callback: Callback, msgId: string): void {
    const { corpId, agentId } = state.settings
    const createTime = Math.floor((clock() + faults.clockShift) / 1000)
    courier.deliver(userid, callbackXml({ corpId, agentId, userId: userid, createTime, msgId }, callback))
  }

  function sendMedia(type: 'image' | 'voice', userid: string, file: StoredMedia): void {
    const member = memberOf(userid)
    const media = keepMedia(company, type, file)
    const id = newMsgId()
    const url = `/demo/media/${media}`
    phoneItems(state, member.userid).push({ id, from: 'me', at: clock(), type, media, name: file.name, url })
    const pic = `${options.apiBase()}/cgi-bin/pic/${media}`
    callBack(
      member.userid,
      type === 'image' ? { type, mediaId: media, url: pic } : { type, mediaId: media, format: 'amr' },
      id,
    )
    changed()
  }

  return {
    settings: {
      ...state.settings,
      get apiBase() {
        return options.apiBase()
      },
    },
    api: createApi(company),
    members,
    faults,
    phone(userid) {
      const member = memberOf(userid)
      return { ...member, items: structuredClone(phoneItems(state, member.userid)) }
    },
    say(userid, text) {
      const member = memberOf(userid)
      const id = newMsgId()
      phoneItems(state, member.userid).push({ id, from: 'me', at: clock(), type: 'text', text })
      callBack(member.userid, { type: 'text', text }, id)
      changed()
    },
    sendImage: (userid, bytes, name) => sendMedia('image', userid, { bytes, name, mime: imageType(bytes) }),
    sendVoice: (userid, bytes) =>
      sendMedia('voice', userid, { bytes, name: `${opaque(6)}.amr`, mime: 'audio/amr' }),
    sendLocation(userid, place) {
      const member = memberOf(userid)
      const id = newMsgId()
      phoneItems(state, member.userid).push({ id, from: 'me', at: clock(), type: 'location', ...place })
      callBack(member.userid, { type: 'location', ...place }, id)
      changed()
    },
    press(userid, cardItemId, key, selected = {}) {
      const member = memberOf(userid)
      const item = phoneItems(state, member.userid).find((entry) => entry.id === cardItemId)
      if (item?.type !== 'card') throw new Error(`the phone of ${userid} shows no card ${cardItemId}`)
      const { card } = item
      const click = { key, taskId: card.taskId, cardType: card.cardType, responseCode: '' }
      if (card.menu.some((entry) => entry.key === key)) {
        const responseCode = newCode(state, card.taskId, clock())
        callBack(member.userid, { ...click, type: 'menu', responseCode }, '')
      } else if (card.replaced === null && card.buttons.some((button) => button.key === key)) {
        const responseCode = newCode(state, card.taskId, clock())
        const chosen = choiceOf(card, selected)
        callBack(member.userid, { ...click, type: 'press', responseCode, selected: chosen }, '')
      } else throw new Error(`the card shows no button ${key} that can be pressed`)
      changed()
    },
    enter(userid) {
      callBack(memberOf(userid).userid, { type: 'enter' }, '')
    },
    verifyCallback: () => courier.verify(),
    media: (name) => shownMedia(company, name),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    idle: () => courier.idle(),
    export: () => structuredClone(state),
    close: () => courier.stop(),
  }
}

/** What the card shows as chosen, with what the member chose in its place; a disabled question keeps what it shows. */
function choiceOf(
  card: PhoneCard,
  selected: Readonly<Record<string, readonly string[]>>,
): Record<string, readonly string[]> {
  const answers = card.selects.map((question) => {
    const ids = question.options.map((option) => option.id)
    const wanted = question.disabled ? undefined : selected[question.key]?.filter((id) => ids.includes(id))
    const chosen =
      wanted === undefined ? question.selected : question.kind === 'many' ? wanted : wanted.slice(0, 1)
    return [question.key, chosen] as const
  })
  return Object.fromEntries(answers.filter(([, chosen]) => chosen.length > 0))
}

const imageType = (bytes: Uint8Array): string => (bytes[0] === 0x89 ? 'image/png' : 'image/jpeg')
