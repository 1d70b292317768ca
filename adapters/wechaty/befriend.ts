import { setTimeout as pause } from 'node:timers/promises'
import { types } from 'wechaty-puppet'
import type { impls } from 'wechaty-puppet'
import type { Millis } from '../../workflows/ids.ts'
import { between } from './pace.ts'
import type { Spool } from './spool.ts'
import { faultOf } from './wire.ts'
import type { Tell } from './wire.ts'

const TRIES = 3

/**
 * Accepts friend requests as a person would: one after the other, each after a pause. Who was accepted (or befriended by
 * hand on the phone) comes in as `entered`, and so is greeted. Requests that wait when the process ends stay in WeChat.
 */
export function createBefriending(parts: {
  puppet: impls.PuppetInterface
  spool: Spool
  friendPause: readonly [Millis, Millis]
  tell: Tell
}): { hear(friendshipId: string): Promise<void> } {
  const { puppet, spool, tell } = parts
  const welcomed = new Set<string>()
  let queue: Promise<void> = Promise.resolve()

  async function hear(friendshipId: string): Promise<void> {
    try {
      const request = await puppet.friendshipPayload(friendshipId)
      if (request.type === types.Friendship.Receive) {
        queue = queue.then(() => accept(friendshipId, request.contactId))
      } else if (request.type === types.Friendship.Confirm) {
        // Most puppets also confirm what we accepted ourselves; that person has been greeted.
        if (!welcomed.delete(request.contactId)) enter(friendshipId, request.contactId)
      }
    } catch (error) {
      tell(faultOf('friend', error))
    }
  }

  async function accept(friendshipId: string, contactId: string): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      await pause(between(parts.friendPause))
      try {
        welcomed.add(contactId)
        await puppet.friendshipAccept(friendshipId)
        return enter(friendshipId, contactId)
      } catch (error) {
        welcomed.delete(contactId)
        tell(faultOf('friend', error))
      }
    }
  }

  function enter(friendshipId: string, contactId: string): void {
    const name = spool.add({
      stage: 'ready',
      spoken: {
        sender: contactId,
        senderName: null,
        id: `friend:${friendshipId}`,
        // The moment of acceptance, not of the request: who waited a night for us is still to be greeted.
        at: null,
        group: null,
        content: { type: 'entered' },
      },
    })
    tell({ report: 'spooled', name })
  }

  return { hear }
}
