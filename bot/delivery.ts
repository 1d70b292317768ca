import type { Outbound, OutboundBody, Outcome } from '../adapters/channel.ts'
import { cardOf, type OutboxRow } from '../db/outbox.ts'
import type { Store } from '../db/store.ts'
import { hours, minutes, seconds, type Instant, type MediaId, type Millis } from '../workflows/ids.ts'
import type { IntakeEvent } from '../workflows/intake/state.ts'
import type { Card } from '../workflows/message.ts'
import { taskId } from './card-task.ts'
import { undeliverable, type Told } from './effects.ts'

/** 72 h: WeCom's response codes; a little less, since the platform counts from its own moment. */
const CODE_LIFE = hours(72) - minutes(5)

/** A photo that is not here yet is waited for so long, then its text has to do. */
const MEDIA_PATIENCE = minutes(2)
const MEDIA_LOOK = seconds(2)

/** Tries before a send the platform keeps putting off is given up and shown to people. */
const MOST_ATTEMPTS = 30
const LONGEST_WAIT = minutes(10)
const UNKNOWN_WAIT = seconds(2)

/** How often a send is repeated while its platform refuses repeats. */
const MOST_REPEATS = 3

/** A row on its way, with what this process alone knows of it. */
export interface Item {
  row: OutboxRow
  firstTriedAt: Instant | null
}

export type Prepared =
  | { readonly do: 'send'; readonly body: OutboundBody }
  | { readonly do: 'skip'; readonly why: string }
  | { readonly do: 'wait'; readonly for: Millis }

/** What is written of a send, and what follows: `again` keeps it pending. */
export type Settled =
  | { readonly then: 'done'; readonly told: readonly Told[] }
  | { readonly then: 'again'; readonly row: OutboxRow; readonly told: readonly Told[] }

export interface DeliveryParts {
  readonly store: Store
  /** How a repeat of something that perhaps arrived is marked (the wording is the phrases'). */
  readonly marked: (text: string) => string
  /** For so long after the first try this channel refuses a repeat of the same send by itself; 0: never. */
  readonly repeatWindow: (channel: string) => Millis
  /** Where a stored file that may be shown to others is; null while it is not there. */
  readonly mediaFile: (id: MediaId) => MediaFile
}

export type MediaFile =
  | { readonly state: 'saved'; readonly body: Extract<OutboundBody, { type: 'media' }> }
  | { readonly state: 'waiting' | 'gone' }

/** How rows become words for a channel, and what its outcomes mean for them. */
export function createDelivery({ store, marked, repeatWindow, mediaFile }: DeliveryParts) {
  /** Everything but cards, whose face and code are claimed in a transaction. */
  function prepare({ row, firstTriedAt }: Item, now: Instant): Prepared {
    if (row.body === null) return { do: 'skip', why: 'blanked' }
    const stored = JSON.parse(row.body) as OutboundBody | { type: 'media'; media: MediaId }
    switch (stored.type) {
      case 'text': {
        const repeat = row.unknowns > 0 && !refusesRepeats(row, firstTriedAt, now)
        return { do: 'send', body: repeat ? { type: 'text', text: marked(stored.text) } : stored }
      }
      case 'media': {
        if (!('media' in stored)) return { do: 'send', body: stored }
        const file = mediaFile(stored.media)
        if (file.state === 'saved') return { do: 'send', body: file.body }
        if (file.state === 'gone') return { do: 'skip', why: 'the file is gone' }
        return now - row.createdAt < MEDIA_PATIENCE
          ? { do: 'wait', for: MEDIA_LOOK }
          : { do: 'skip', why: 'the file did not come in time' }
      }
      default:
        return { do: 'send', body: stored }
    }
  }

  /**
   * Chooses the newest face, and a new card or a code to change the old one by. In a transaction: what is chosen here is
   * spent whatever becomes of the send.
   */
  function claimCard(row: OutboxRow, now: Instant): Prepared {
    const name = cardOf(row)
    if (name === null) return { do: 'skip', why: 'names no card' }
    const card = store.outbox.card(name)
    if (card === null || card.body === null) return { do: 'skip', why: 'blanked' }
    if ((row.revision ?? 0) < card.revision) return { do: 'skip', why: 'superseded' }
    const face = JSON.parse(card.body) as Card
    if (card.pushPending === 1) {
      const task = taskId(store.id, name, card.revision, row.attempts)
      store.outbox.setCard(name, { task, pushPending: 0, code: null, codeAt: null })
      return claimed(row, { type: 'card', task, card: face })
    }
    if (card.task === null || card.code === null || now - (card.codeAt ?? 0) > CODE_LIFE)
      return { do: 'skip', why: 'nothing to change the card by' }
    store.outbox.setCard(name, { code: null })
    return claimed(row, { type: 'cardUpdate', task: card.task, code: card.code, card: face })
  }

  function claimed(row: OutboxRow, body: OutboundBody): Prepared {
    store.outbox.setBody(row.id, JSON.stringify(body))
    return { do: 'send', body }
  }

  function outboundOf({ row }: Item, body: OutboundBody): Outbound {
    return {
      id: row.id,
      channel: row.channel as Outbound['channel'],
      account: row.account,
      to: row.recipient,
      body,
      key: `${store.id}-${row.id}`,
      attempt: row.attempts + 1,
    }
  }

  /** Writes what became of a send. In a transaction. */
  function settle(item: Item, body: OutboundBody, outcome: Outcome, now: Instant): Settled {
    const { row } = item
    const attempts = row.attempts + 1
    switch (outcome.type) {
      case 'accepted':
        store.outbox.finish(row.id, 'sent', attempts, outcome.ref, null, now)
        keepCode(row, body, outcome.code, now)
        return { then: 'done', told: delivered(row) }
      case 'refused': {
        const spent = row.kind === 'card' && outcome.why === 'code'
        const state = spent ? 'skipped' : 'refused'
        store.outbox.finish(row.id, state, attempts, null, `${outcome.why}: ${outcome.detail}`, now)
        return { then: 'done', told: spent ? [] : refused(row, outcome.why) }
      }
      case 'later': {
        if (attempts >= MOST_ATTEMPTS) {
          store.outbox.finish(row.id, 'dead', attempts, null, `later: ${outcome.detail}`, now)
          return { then: 'done', told: refused(row, 'unknown') }
        }
        giveBack(row, body)
        const wait = Math.max(outcome.after, Math.min(LONGEST_WAIT, seconds(1) * 2 ** (attempts - 1)))
        const stored = row.kind === 'card' ? null : row.body
        return again({ ...row, attempts, nextAt: now + wait, body: stored }, `later: ${outcome.detail}`)
      }
      case 'unknown': {
        const next = afterUnknown(item, now)
        if (next !== 'again') {
          store.outbox.finish(row.id, next, attempts, null, `unknown: ${outcome.detail}`, now)
          return { then: 'done', told: untold(row) }
        }
        const stored = row.kind === 'card' ? JSON.stringify(body) : row.body
        const repeat = {
          ...row,
          attempts,
          unknowns: row.unknowns + 1,
          nextAt: now + UNKNOWN_WAIT,
          body: stored,
        }
        return again(repeat, `unknown: ${outcome.detail}`)
      }
    }
  }

  function again(row: OutboxRow, outcome: string): Settled {
    const { attempts, unknowns, nextAt, body } = row
    store.outbox.again(row.id, { attempts, unknowns, nextAt, outcome, body })
    return { then: 'again', row, told: [] }
  }

  /** design.md, Unknown outcome of a send. */
  function afterUnknown({ row, firstTriedAt }: Item, now: Instant): 'again' | 'letGo' | 'unknown' {
    const harmless = row.kind === 'recall' || refusesRepeats(row, firstTriedAt, now)
    if (harmless && row.unknowns < MOST_REPEATS) return 'again'
    if (row.unknowns > 0) return 'unknown'
    // A picture cannot bear the mark; what it belongs to is a line of its own.
    return row.weight === 'plain' || row.kind === 'media' ? 'letGo' : 'again'
  }

  /** A file sent by a process that died was uploaded by it: sent anew it has another name, and is no repeat to the platform. */
  function refusesRepeats(row: OutboxRow, firstTriedAt: Instant | null, now: Instant): boolean {
    if (row.kind === 'media' && firstTriedAt === null) return false
    return now - (firstTriedAt ?? row.createdAt) < repeatWindow(row.channel)
  }

  /** The platform did not take it, so what was spent on it still is there. */
  function giveBack(row: OutboxRow, body: OutboundBody): void {
    const name = cardOf(row)
    if (name === null) return
    if (body.type === 'card') store.outbox.setCard(name, { pushPending: 1 })
    if (body.type !== 'cardUpdate') return
    const card = store.outbox.card(name)
    if (card?.task === body.task && card.code === null) store.outbox.setCard(name, { code: body.code })
  }

  function keepCode(row: OutboxRow, body: OutboundBody, code: string | null, now: Instant): void {
    const name = cardOf(row)
    if (name === null || (body.type !== 'card' && body.type !== 'cardUpdate')) return
    // A press may have brought a newer code, or a newer card may be on its way.
    if (store.outbox.card(name)?.task !== body.task) return
    store.outbox.setCard(name, {
      sentRevision: row.revision ?? 0,
      ...(code === null ? {} : { code, codeAt: now }),
    })
  }

  function refused(
    row: OutboxRow,
    why: 'recipient' | 'window' | 'code' | 'configuration' | 'content' | 'unknown',
  ): readonly Told[] {
    if (row.kind === 'card')
      return row.complaint === null || row.staff === null ? [] : [undeliverable(row.complaint, row.staff)]
    // A photo goes with a text, which tells of it; a line not taken back is no news to anybody in the conversation.
    if (row.kind !== 'text') return []
    const whom = { to: 'conversation', id: row.conversation } as const
    if (row.staff !== null) return [{ whom, event: { type: 'undeliverable', complaint: row.complaint } }]
    return lost(row, why === 'code' ? 'unknown' : why)
  }

  /** Perhaps it arrived; nobody will know, so that its resident is told by telephone. */
  function untold(row: OutboxRow): readonly Told[] {
    return row.kind === 'text' && row.staff === null ? lost(row, 'uncertain') : []
  }

  /** A line to a resident. A group that cannot be written to says nothing of the person who wrote there. */
  function lost(
    { conversation, recipient, complaint, weight, once, body }: OutboxRow,
    why: Extract<IntakeEvent, { type: 'undeliverable' }>['why'],
  ): readonly Told[] {
    if (store.people.conversation(conversation)?.externalId !== recipient) return []
    const said = body === null ? null : (JSON.parse(body) as OutboundBody)
    // Nobody telephones for 好的, and reads out a copy of all that is kept.
    const unspoken = once === true || (complaint === null && weight === 'plain')
    const line = said?.type === 'text' && !unspoken ? { complaint, text: said.text } : null
    if (line === null && why === 'uncertain') return []
    const event = { type: 'undeliverable', why, ...(line && { line }) } as const
    return [{ whom: { to: 'conversation', id: conversation }, event }]
  }

  return { prepare, claimCard, outboundOf, settle, afterUnknown, untold }
}

/** An alarm that reached a member of staff: only now may anybody be told 已通知. */
function delivered(row: OutboxRow): readonly Told[] {
  if (row.kind !== 'text' || row.weight !== 'safety' || row.complaint === null || row.staff === null)
    return []
  return [{ whom: { to: 'complaint', id: row.complaint }, event: { type: 'delivered', staff: row.staff } }]
}
