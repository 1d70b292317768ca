import { existsSync } from 'node:fs'
import { FileBox } from 'file-box'
import type { impls } from 'wechaty-puppet'
import { faultOf } from './wire.ts'
import type { Say, SayOutcome } from './wire.ts'

/** gRPC's CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE: the call may have reached WeChat before the line broke. */
const LINE_BROKEN = new Set(['1', '4', '14', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** Says something through the puppet. Never throws: what became of it is the answer. */
export async function say(puppet: impls.PuppetInterface, order: Say): Promise<SayOutcome> {
  if (!puppet.isLoggedIn) return { type: 'later', after: 5_000, detail: 'WeChat is not logged in' }
  const { what } = order
  if (what.type === 'file' && !existsSync(what.path)) {
    return { type: 'refused', why: 'content', detail: 'the file to send is missing' }
  }
  if (what.type !== 'recall') {
    const known = await knows(puppet, order.to)
    if (known === 'no')
      return { type: 'refused', why: 'recipient', detail: 'no such contact or group in this account' }
    if (known === 'unsure')
      return { type: 'later', after: 30_000, detail: 'WeChat does not give the contact list' }
  }
  try {
    if (what.type === 'recall') {
      if (await puppet.messageRecall(what.ref)) return { type: 'accepted', ref: what.ref, code: null }
      return { type: 'refused', why: 'window', detail: 'WeChat no longer takes this message back' }
    }
    const ref =
      what.type === 'text'
        ? await puppet.messageSendText(order.to, what.text)
        : await puppet.messageSendFile(order.to, FileBox.fromFile(what.path, what.name))
    return { type: 'accepted', ref: ref || null, code: null }
  } catch (error) {
    const { name, code } = faultOf('error', error)
    const detail = code === null ? name : `${name} ${code}`
    if (code !== null && LINE_BROKEN.has(code)) return { type: 'unknown', detail }
    return { type: 'later', after: 30_000, detail: `WeChat refused it (${detail})` }
  }
}

/** A contact or a group. Only a list that was read and does not hold the recipient proves that there is none. */
async function knows(puppet: impls.PuppetInterface, id: string): Promise<'yes' | 'no' | 'unsure'> {
  if (await gives(puppet.contactPayload(id))) return 'yes'
  if (await gives(puppet.roomPayload(id))) return 'yes'
  try {
    const lists = await Promise.all([puppet.contactList(), puppet.roomList()])
    return lists.flat().includes(id) ? 'yes' : 'no'
  } catch {
    return 'unsure'
  }
}

const gives = (payload: Promise<unknown>): Promise<boolean> =>
  payload.then(
    () => true,
    () => false,
  )
