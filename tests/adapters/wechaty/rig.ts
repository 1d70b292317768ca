import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import type { Inbound, Outbound, OutboundBody, Receive } from '../../../adapters/channel.ts'
import { createWechatWorld, simulatedPuppet } from '../../../adapters/simulator/wechat.ts'
import type { SimulatedWechat } from '../../../adapters/simulator/wechat.ts'
import { createWechaty, HUMAN_PACE } from '../../../adapters/wechaty/index.ts'
import type { Pace, WechatyChannel } from '../../../adapters/wechaty/index.ts'

/** 2026-11-23 10:00 in Shanghai. */
export const TEN = Date.UTC(2026, 10, 23, 2, 0, 0)

/** A person's pace, but for waiting. */
export const QUICK: Pace = {
  ...HUMAN_PACE,
  sendGap: [0, 2],
  friendPause: [5, 10],
  pulse: 20,
  restart: [20, 100],
}

export interface Rig {
  readonly dir: string
  readonly world: SimulatedWechat
  readonly channel: WechatyChannel
  /** What the inbox took, in order; a message that came twice stands here once. */
  readonly inbox: Inbound[]
  /** How often `receive` was asked, repeats included. */
  readonly received: () => number
  readonly logged: () => string
  /** Moves the simulated clock; it stands still otherwise. */
  setClock(at: number): void
  close(): Promise<void>
}

export interface RigOptions {
  pace?: Partial<Pace>
  puppet?: string
  env?: Record<string, string>
  /** Asked before the inbox stores; throws to refuse. */
  before?: (inbound: Inbound) => void
  dir?: string
  world?: SimulatedWechat
}

/** WeChat, a channel in a folder of its own, and an inbox that drops what it knows. */
export async function aRig(options: RigOptions = {}): Promise<Rig> {
  let now = TEN
  const clock = () => now
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), 'wechaty-'))
  const world =
    options.world ??
    (await createWechatWorld({
      clock,
      residents: [
        { id: 'chen', name: '陈女士' },
        { id: 'zhao', name: '赵先生' },
      ],
      snapshot: null,
    }))
  const inbox: Inbound[] = []
  const known = new Set<string>()
  let asked = 0
  const receive: Receive = (inbound) => {
    asked += 1
    options.before?.(inbound)
    const key = JSON.stringify([inbound.account, inbound.sender, inbound.id])
    if (known.has(key)) return Promise.resolve('duplicate')
    known.add(key)
    inbox.push(inbound)
    return Promise.resolve('stored')
  }
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const channel = createWechaty(
    {
      puppet: options.puppet ?? simulatedPuppet(),
      env: { SIMULATOR_WECHAT_URL: world.url, ...options.env },
      spoolDir: path.join(dir, 'spool'),
    },
    { clock, receive, log, pace: { ...QUICK, ...options.pace } },
  )
  return {
    dir,
    world,
    channel,
    inbox,
    received: () => asked,
    logged: () => lines.join(''),
    setClock: (at) => void (now = at),
    async close() {
      await channel.stop()
      await world.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Waits until it is true; the test's own time limit ends a wait for ever. */
export async function until(condition: () => boolean, what: string, limit = 15_000): Promise<void> {
  const end = performance.now() + limit
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await pause(4)
  }
}

export const loggedIn = (rig: Rig): Promise<void> =>
  until(() => rig.channel.troubles().length === 0, 'logged in')

let nextSend = 1

export function toSend(to: string, body: OutboundBody): Outbound {
  const id = nextSend++
  return { id, channel: 'wechaty', account: 'wechaty', to, body, key: `k${id}`, attempt: 1 }
}

export const aText = (to: string, text: string): Outbound => toSend(to, { type: 'text', text })

/** The process id of the channel's child, by /proc; null when there is none. */
export function childOf(parent: number): number | null {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
      if (Number(fields[1]) !== parent || fields[0] === 'Z') continue
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('wechaty/child.js')) return Number(pid)
    } catch {
      // It ended while we looked.
    }
  }
  return null
}
