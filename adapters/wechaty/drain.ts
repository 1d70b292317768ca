import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Instant, Millis } from '../../workflows/ids.ts'
import type { Inbound, Receive } from '../channel.ts'
import { DamagedEntry } from './spool.ts'
import type { Entry, Spool, Spoken } from './spool.ts'

const LOOK_EVERY: Millis = 5_000
const RETRY: readonly [Millis, Millis] = [500, 60_000]
/** Announced so long ago and still without words, a message is a trouble somebody should know of. */
const UNREADABLE_AFTER: Millis = 600_000

export interface Drain {
  start(): void
  /** Takes this entry in, if it is complete. */
  take(name: string): void
  /** Looks at everything in the spool. */
  look(): void
  troubles(): readonly string[]
  /** No new entry is begun; waits for the store to finish what it has. */
  stop(): Promise<void>
}

/**
 * Moves the spool's entries into the inbox: each is deleted only once the inbox has it. One sender's messages keep their
 * order; the inbox drops what it knows already.
 */
export function createDrain(parts: {
  spool: Spool
  account: string
  clock: () => Instant
  receive: Receive
  log: Logger
  /** How long an entry may wait for its file, before it is taken in without. */
  mediaPatience: Millis
}): Drain {
  const { spool, log } = parts
  const underway = new Set<string>()
  const tails = new Map<string, Promise<void>>()
  /** When an unfinished entry was first seen by this process. */
  const seen = new Map<string, number>()
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const names = spool.names()
    for (const name of names) take(name)
    for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name)
  }

  function take(name: string): void {
    if (ending.signal.aborted || underway.has(name)) return
    const entry = readable(name)
    if (entry === null) return
    const spoken = complete(name, entry)
    if (spoken === null) return
    underway.add(name)
    const before = tails.get(spoken.sender) ?? Promise.resolve()
    const mine = before
      .then(() => moveIn(name, spoken))
      .finally(() => {
        underway.delete(name)
        if (tails.get(spoken.sender) === mine) tails.delete(spoken.sender)
      })
    tails.set(spoken.sender, mine)
  }

  function readable(name: string): Entry | null {
    try {
      return spool.read(name)
    } catch (error) {
      if (!(error instanceof DamagedEntry)) throw error
      log.error({ entry: name }, 'a WeChat message on disk is damaged and was set aside')
      spool.setAside(name)
      return null
    }
  }

  /** What the entry says, or null while the child may still complete it. */
  function complete(name: string, entry: Entry): Spoken | null {
    if (entry.stage === 'ready') return entry.spoken
    const since = seen.get(name) ?? performance.now()
    seen.set(name, since)
    if (entry.stage === 'heard' || performance.now() - since < parts.mediaPatience) return null
    return entry.spoken
  }

  async function moveIn(name: string, spoken: Spoken): Promise<void> {
    const inbound: Inbound = {
      ...spoken,
      channel: 'wechaty',
      account: parts.account,
      at: spoken.at ?? parts.clock(),
    }
    let [wait] = RETRY
    while (!ending.signal.aborted) {
      try {
        await parts.receive(inbound)
        spool.remove(name)
        seen.delete(name)
        return
      } catch (error) {
        log.error(
          { name: error instanceof Error ? error.name : null },
          'a WeChat message was not stored; trying again',
        )
        await pause(wait, null, { signal: ending.signal }).catch(() => undefined)
        wait = Math.min(wait * 2, RETRY[1])
      }
    }
  }

  return {
    start() {
      look()
      timer = setInterval(look, LOOK_EVERY)
    },
    take,
    look,
    troubles() {
      const troubles: string[] = []
      const waiting = [...seen.values()].filter(
        (since) => performance.now() - since > UNREADABLE_AFTER,
      ).length
      if (waiting > 0)
        troubles.push(`${waiting} WeChat message(s) were announced, but WeChat does not give what they say`)
      const aside = spool.setAsideCount()
      if (aside > 0)
        troubles.push(`${aside} WeChat message(s) on disk are damaged: see the folder "damaged" of the spool`)
      return troubles
    },
    async stop() {
      ending.abort()
      clearInterval(timer)
      await Promise.all(tails.values())
    },
  }
}
