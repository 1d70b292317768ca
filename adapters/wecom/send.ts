import { z } from 'zod'
import { hours } from '../../workflows/ids.ts'
import type { Instant, Millis } from '../../workflows/ids.ts'
import type { Outbound, Outcome } from '../channel.ts'
import type { Answer, Api } from './api.ts'
import { templateCard } from './card.ts'
import { CallFailed, outcomeOf } from './errors.ts'
import type { Media, SendableFile } from './media.ts'
import { split, withoutLinks } from './text.ts'
import type { Troubles } from '../troubles.ts'

/** Bytes of UTF-8; what is longer the platform cuts off without a word. */
const LONGEST_TEXT = 2_048

/**
 * Seconds in which an equal body is taken for a repeat (design: unknown outcome of a send). Each send adds its own, equal on
 * its retries by whichever process: the same words meant anew (a question asked again after 撤销, or of the next case) are
 * another body, or the platform would swallow them. At most 4 h (platforms.md 3).
 */
const DUPLICATE_INTERVAL = 120
const INTERVALS = 14_000

export interface SenderParts {
  readonly agentId: number
  readonly api: Api
  readonly media: Media
  /** Reserves a place for one message to a person, or tells how long to wait. */
  readonly reserve: (person: string) => Millis
  readonly troubles: Troubles
  readonly clock: () => Instant
}

type Accepted = Extract<Outcome, { type: 'accepted' }>

/** Ids come `|`-joined from message/send and as a list from an update, lower-cased by the platform. */
const ids = z
  .union([z.string().transform((joined) => joined.split('|')), z.array(z.string())])
  .catch([])
  .transform((list) => list.map((id) => id.toLowerCase()))
const text = z.string().min(1).nullable().catch(null)
const sendAnswer = z.object({ msgid: text, response_code: text, invaliduser: ids, unlicenseduser: ids })

/** Sends one outbound and says what became of it; nothing that the platform or the network does is thrown. */
export function createSender(parts: SenderParts): (outbound: Outbound) => Promise<Outcome> {
  /** The pieces of a long text that went already, so that a retry goes on after them. */
  const delivered = new Map<string, { at: Instant; refs: (string | null)[] }>()

  async function deliver({ to, body, id, key }: Outbound): Promise<Accepted> {
    switch (body.type) {
      case 'text':
        return sendText(to, body.text, id, key)
      case 'media':
        return sendFile(to, body, id)
      case 'card':
        return message(
          to,
          { msgtype: 'template_card', template_card: templateCard(body.card, body.task) },
          id,
        )
      case 'cardUpdate':
        return accepted(
          to,
          await parts.api.post('message/update_template_card', {
            userids: [to],
            agentid: parts.agentId,
            response_code: body.code,
            template_card: templateCard(body.card, null),
          }),
        )
      case 'recall':
        for (const ref of body.ref.split(' ')) await parts.api.post('message/recall', { msgid: ref })
        return { type: 'accepted', ref: null, code: null }
      case 'alarm':
        throw new CallFailed('content', 'no telephone here')
    }
  }

  async function sendText(to: string, words: string, id: number, key: string): Promise<Accepted> {
    const pieces = split(withoutLinks(words), LONGEST_TEXT)
    if (pieces.length === 0) throw new CallFailed('content', 'an empty text')
    const now = parts.clock()
    for (const [old, { at }] of delivered) if (now - at > hours(24)) delivered.delete(old)
    const progress = delivered.get(key) ?? { at: now, refs: [] }
    delivered.set(key, progress)
    for (const content of pieces.slice(progress.refs.length)) {
      progress.refs.push((await message(to, { msgtype: 'text', text: { content } }, id)).ref)
    }
    delivered.delete(key)
    // A message id holds no space, so all of them can be taken back by one ref.
    const refs = progress.refs.filter((ref) => ref !== null)
    return { type: 'accepted', ref: refs.join(' ') || null, code: null }
  }

  async function sendFile(to: string, file: SendableFile, id: number): Promise<Accepted> {
    const uploaded = await parts.media.upload(file)
    try {
      return await message(to, { msgtype: uploaded.type, [uploaded.type]: { media_id: uploaded.id } }, id)
    } catch (error) {
      if (!(error instanceof CallFailed) || error.reaction !== 'media') throw error
      parts.media.forget(file)
      const afresh = await parts.media.upload(file)
      return message(to, { msgtype: afresh.type, [afresh.type]: { media_id: afresh.id } }, id)
    }
  }

  async function message(to: string, body: object, id: number): Promise<Accepted> {
    const wait = parts.reserve(to)
    if (wait > 0)
      throw new CallFailed('throttled', 'message/send: this person’s 30 a minute or 1,000 an hour', {
        after: wait,
      })
    const answer = await parts.api.post('message/send', {
      touser: to,
      agentid: parts.agentId,
      ...body,
      enable_duplicate_check: 1,
      duplicate_check_interval: DUPLICATE_INTERVAL + (id % INTERVALS),
    })
    return accepted(to, answer)
  }

  /** errcode 0 with our one recipient among the invalid ones means: sent to nobody. */
  function accepted(to: string, answer: Answer): Accepted {
    const { msgid, response_code: code, invaliduser, unlicenseduser } = sendAnswer.parse(answer)
    const person = to.toLowerCase()
    if (unlicenseduser.includes(person)) {
      parts.troubles.raise(
        'api',
        'WeCom: a member of staff has no interface licence (接口许可): assign one in the admin console.',
      )
      throw new CallFailed('reach', 'the recipient has no licence')
    }
    if (invaliduser.includes(person))
      throw new CallFailed('recipient', 'the recipient is unknown or invisible to the app')
    return { type: 'accepted', ref: msgid, code }
  }

  return async (outbound) => {
    const { to, attempt } = outbound
    // `|` joins several people and @all is everybody: one of ours is neither.
    if (!/^[^|\s@][^|\s]*$/.test(to)) {
      return { type: 'refused', why: 'recipient', detail: 'the recipient is not one user id' }
    }
    try {
      return await deliver(outbound)
    } catch (error) {
      if (error instanceof CallFailed) return outcomeOf(error, attempt)
      throw error
    }
  }
}
