import { existsSync } from 'node:fs'
import type { impls, payloads } from 'wechaty-puppet'
import type { Millis } from '../../workflows/ids.ts'
import { saveMedia } from './save.ts'
import type { Entry, Spool } from './spool.ts'
import { spokenOf } from './spoken.ts'
import { faultOf } from './wire.ts'
import type { Tell } from './wire.ts'

/**
 * A file at which the process ended so often is given up: its bytes kill (wechaty/puppet-wechat#124). Fewer would give up
 * a good one when the program itself is killed a few times.
 */
const MEDIA_TRIES = 5
const ASK_AGAIN_AFTER: readonly Millis[] = [300, 2_000]

export interface Listener {
  /** To be called inside the puppet's event: the message is on disk when this returns. */
  hear(messageId: string): void
  /** Takes up what an earlier child heard and did not finish. */
  resume(): void
}

/**
 * Writes down what the puppet announces. wechaty itself would look up the sender and the room first and drop the message
 * when that fails; so the puppet's own event is heard, its id synced at once, and the rest asked for afterwards.
 */
export function createListener(parts: {
  puppet: impls.PuppetInterface
  spool: Spool
  mediaLimit: Millis
  tell: Tell
}): Listener {
  const { puppet, spool, tell } = parts
  /** Message id → entry, for what is not finished: announced again, it keeps its first rank. */
  const unfinished = new Map<string, string>()
  const busy = new Set<string>()
  /** Message id → ends the pause before it is asked for again. */
  const askNow = new Map<string, () => void>()

  function hear(messageId: string): void {
    let name = unfinished.get(messageId)
    if (name === undefined) {
      name = spool.add({ stage: 'heard', message: messageId })
      unfinished.set(messageId, name)
    }
    askNow.get(messageId)?.()
    void finish(name, { stage: 'heard', message: messageId })
  }

  function resume(): void {
    for (const name of spool.names()) {
      const entry = readable(name)
      if (entry === null || entry.stage === 'ready') continue
      unfinished.set(entry.message, name)
      void finish(name, entry)
    }
  }

  /** A damaged entry is the parent's to set aside. */
  function readable(name: string): Entry | null {
    try {
      return spool.read(name)
    } catch {
      return null
    }
  }

  async function finish(name: string, entry: Exclude<Entry, { stage: 'ready' }>): Promise<void> {
    if (busy.has(name)) return
    busy.add(name)
    try {
      const done = await complete(name, entry)
      unfinished.delete(entry.message)
      if (done) tell({ report: 'spooled', name })
    } catch (error) {
      // The entry stays as it is; the next login, or the message announced again, tries anew.
      tell(faultOf('unreadable', error))
    } finally {
      busy.delete(name)
    }
  }

  /** False for our own words, which are no message to us. */
  async function complete(name: string, entry: Exclude<Entry, { stage: 'ready' }>): Promise<boolean> {
    let spoken = entry.stage === 'media' ? entry.spoken : null
    if (spoken === null) {
      const payload = await ask(entry.message)
      if (puppet.isLoggedIn && (payload.talkerId || payload.fromId) === puppet.currentUserId) {
        spool.remove(name)
        return false
      }
      spoken = await spokenOf(puppet, entry.message, payload)
    }
    if (spoken.content.type === 'media') {
      const content = spoken.content
      const tries = entry.stage === 'media' ? entry.tries : 0
      if (tries < MEDIA_TRIES && !existsSync(spool.mediaPath(content.media))) {
        spool.replace(name, { stage: 'media', message: entry.message, tries: tries + 1, spoken })
        const called = await save(entry.message, content.media)
        if (content.name === null && content.kind === 'file')
          spoken = { ...spoken, content: { ...content, name: called } }
      }
    }
    spool.replace(name, { stage: 'ready', spoken })
    return true
  }

  async function save(messageId: string, media: string): Promise<string | null> {
    try {
      return await saveMedia(puppet, messageId, spool.mediaPath(media), parts.mediaLimit)
    } catch (error) {
      // The message is handed on all the same; whoever asks for its file hears that it is gone.
      tell(faultOf('media', error))
      return null
    }
  }

  async function ask(messageId: string): Promise<payloads.Message> {
    for (const again of ASK_AGAIN_AFTER) {
      try {
        return await puppet.messagePayload(messageId)
      } catch {
        await new Promise<void>((resolve) => {
          askNow.set(messageId, resolve)
          setTimeout(resolve, again)
        })
        askNow.delete(messageId)
      }
    }
    return puppet.messagePayload(messageId)
  }

  return { hear, resume }
}
