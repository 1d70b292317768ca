import type { Logger } from 'pino'
import type { Inbound } from '../adapters/channel.ts'
import type { ConversationRow } from '../db/people.ts'
import type { Store } from '../db/store.ts'
import type { Company, Staff } from '../workflows/estate.ts'
import { findEstate, staffOf } from '../workflows/estate.ts'
import { days, type Instant } from '../workflows/ids.ts'
import { newIntake } from '../workflows/intake/state.ts'
import type { Content } from '../workflows/message.ts'
import { noFacts, type Facts } from '../workflows/understanding/facts.ts'
import { contextOf } from '../workflows/understanding/index.ts'
import { cardOfTask } from './card-task.ts'
import { deskOf, type DeskAddress, type Journal } from './effects.ts'
import { failureOf } from './failure.ts'
import type { AnyEvent, Steps } from './turn.ts'
import { newUnlisted } from './unlisted.ts'

/** A host's clock may be ahead of a platform's; a message from further in the future is dated by its arrival. */
const CLOCK_SKEW = 5 * 60_000

/** Settles who wrote and what it is, within the transaction that stores it. */
export function createReceipts(store: Store, steps: Steps, desk: DeskAddress, log: Pick<Logger, 'error'>) {
  let staffCache: { company: Company; byUserid: ReadonlyMap<string, Staff> } | null = null

  /** 企业微信's userids differ in case between its own interfaces. */
  function memberOf(company: Company, userid: string): Staff | null {
    if (staffCache?.company !== company) {
      const members = staffOf(company, null).filter((member) => member.active && member.wecom !== null)
      staffCache = { company, byUserid: new Map(members.map((m) => [(m.wecom ?? '').toLowerCase(), m])) }
    }
    return staffCache.byUserid.get(userid.toLowerCase()) ?? null
  }

  /**
   * The writer's conversation. In the company's app that is a member's desk, or one with somebody who is not listed;
   * everywhere else a resident's. null: nobody wrote, the platform tells something of its own.
   */
  function conversationOf(inbound: Inbound, company: Company, now: Instant): ConversationRow | null {
    if (inbound.channel === desk.channel) {
      if (isFromPlatform(inbound)) return null
      const member = memberOf(company, inbound.sender)
      const theirs = member === null ? null : deskOf(store, company, desk, member.id, now)
      return theirs ?? unlistedOf(inbound, now)
    }
    return residentOf(
      {
        channel: inbound.channel,
        account: inbound.account,
        externalId: inbound.sender,
        shownName: inbound.senderName,
      },
      now,
    )
  }

  function unlistedOf({ channel, account, sender }: Inbound, now: Instant): ConversationRow {
    const known = store.people.unlisted(channel, account, sender)
    if (known !== null) return known
    const identity = { channel, account, externalId: sender }
    return store.people.addUnlisted(identity, JSON.stringify(newUnlisted), now)
  }

  /** Userids that wrote in the last week and still are not listed: their number, for /readyz. */
  function unlistedCount(company: Company, now: Instant): number {
    const userids = store.reads.unlisted(desk.channel, desk.account, now - days(7))
    return userids.filter((userid) => memberOf(company, userid) === null).length
  }

  function residentOf(
    identity: { channel: string; account: string; externalId: string; shownName: string | null },
    now: Instant,
  ): ConversationRow {
    const row = store.people.resident(identity.channel, identity.account, identity.externalId)
    if (row === null) return store.people.addResident(identity, JSON.stringify(newIntake), now)
    if (row.movedTo !== null) store.people.returned(row.id)
    return row
  }

  function eventOf(
    inbound: Inbound,
    conversation: ConversationRow,
    company: Company,
    now: Instant,
    journal: Journal,
  ): AnyEvent {
    const content = withMedia(inbound, conversation, now, journal)
    const at = momentOf(inbound, now)
    if (conversation.kind !== 'resident') {
      if (content.type === 'press') keepCode(content, conversation, now)
      return { type: 'message', at, content }
    }
    return {
      type: 'message',
      at,
      content,
      facts: content.type === 'text' ? understood(content.text, at, conversation, company) : null,
      group: inbound.group === null ? null : { id: inbound.group.id, mentioned: inbound.group.mentioned },
    }
  }

  /** The platform's name of a file becomes a row of ours, whose bytes are fetched afterwards. */
  function withMedia(
    inbound: Inbound,
    conversation: ConversationRow,
    now: Instant,
    journal: Journal,
  ): Content {
    const { content } = inbound
    if (content.type !== 'media') return content
    journal.media = true
    const media = store.media.insert({
      channel: inbound.channel,
      name: content.media,
      kind: content.kind,
      originalName: content.name,
      conversation: conversation.id,
      now,
    })
    return { ...content, media }
  }

  /** Each press brings a fresh code for the presser's card; that of an older card would change the wrong one. */
  function keepCode(
    press: Extract<Content, { type: 'press' }>,
    { staff }: ConversationRow,
    now: Instant,
  ): void {
    if (press.code === null || staff === null) return
    const name = cardOfTask(press.card, store.id, staff)
    if (name === null || store.outbox.card(name)?.task !== press.card) return
    store.outbox.setCard(name, { code: press.code, codeAt: now })
  }

  function understood(text: string, at: Instant, { estate }: ConversationRow, company: Company): Facts {
    try {
      return steps.understand(text, at, contextOf(company, findEstate(company, estate)))
    } catch (error) {
      // The words are kept all the same, and the conversation asks.
      log.error({ error: failureOf(error) }, 'a text could not be understood')
      return noFacts
    }
  }

  return { conversationOf, residentOf, eventOf, unlistedCount }
}

/** 企业微信's own news: of the contact list (`sys`), and every event that has no words in `Content`. */
function isFromPlatform({ sender, content }: Inbound): boolean {
  return sender === 'sys' || (content.type === 'unknown' && content.name.startsWith('event:'))
}

/** What is kept of it: no turn is taken. */
export function noteOf({ content, ...inbound }: Inbound, now: Instant): AnyEvent {
  const kept: Content = content.type === 'media' ? { type: 'unknown', name: 'message:media' } : content
  return { type: 'message', at: momentOf(inbound, now), content: kept }
}

const momentOf = ({ at }: Pick<Inbound, 'at'>, now: Instant): Instant => (at > now + CLOCK_SKEW ? now : at)
