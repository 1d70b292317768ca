import { setTimeout as pause } from 'node:timers/promises'
import type { Outbound, Outcome } from '../channel.ts'
import type { Keeper } from './keeper.ts'
import { between } from './pace.ts'
import type { Pace } from './pace.ts'
import type { Report, Say } from './wire.ts'

export interface Post {
  send(outbound: Outbound): Promise<Outcome>
  hear(report: Extract<Report, { report: 'taken' | 'outcome' }>): void
  /** The child is gone, and with it whatever it was about to say. */
  lost(): void
}

interface Waiting {
  taken: boolean
  settle: (outcome: Outcome) => void
}

/** Hands what is to be said to the child, one thing at a time and at a human pace, and learns what became of it. */
export function createPost(parts: { keeper: Keeper; pace: Pace; loggedIn: () => boolean }): Post {
  const { keeper, pace } = parts
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  let turn: Promise<void> = Promise.resolve()
  let freeAt = 0

  async function send(outbound: Outbound): Promise<Outcome> {
    const what = whatToSay(outbound)
    if (what === null)
      return { type: 'refused', why: 'content', detail: 'personal WeChat shows texts and files only' }
    const mine = turn.then(() => sayInTurn(outbound.to, what))
    turn = mine.then(nothing, nothing)
    return mine
  }

  async function sayInTurn(to: string, what: Say['what']): Promise<Outcome> {
    if (!parts.loggedIn()) return notNow()
    await pause(Math.max(0, freeAt - performance.now()))
    const outcome = await ordered(to, what)
    freeAt = performance.now() + between(pace.sendGap)
    return outcome
  }

  async function ordered(to: string, what: Say['what']): Promise<Outcome> {
    const id = nextId++
    if (!parts.loggedIn() || !keeper.order({ order: 'say', id, to, what })) return notNow()
    return new Promise((resolve) => {
      const limit = what.type === 'file' ? pace.fileLimit : pace.textLimit
      const timer = setTimeout(
        () => settle({ type: 'unknown', detail: `no answer within ${limit} ms` }),
        limit,
      )
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(outcome)
      }
      waiting.set(id, { taken: false, settle })
    })
  }

  return {
    send,
    hear(report) {
      const entry = waiting.get(report.id)
      if (entry === undefined) return
      if (report.report === 'taken') entry.taken = true
      else entry.settle(report.outcome)
    },
    lost() {
      for (const { taken, settle } of [...waiting.values()]) {
        settle(taken ? { type: 'unknown', detail: 'the WeChat process ended while sending' } : notNow())
      }
    },
  }
}

const nothing = (): void => undefined

function notNow(): Outcome {
  return { type: 'later', after: 5_000, detail: 'WeChat is not connected' }
}

function whatToSay({ body }: Outbound): Say['what'] | null {
  switch (body.type) {
    case 'text':
      return { type: 'text', text: body.text }
    case 'media':
      return { type: 'file', path: body.path, name: body.name }
    case 'recall':
      return { type: 'recall', ref: body.ref }
    case 'card':
    case 'cardUpdate':
    case 'alarm':
      return null
  }
}
