import path from 'node:path'
import { WechatyBuilder } from 'wechaty'
import type { WechatyOptions } from 'wechaty'
import { ScanStatus } from 'wechaty-puppet/types'
import type { impls } from 'wechaty-puppet'
import { createBefriending } from './befriend.ts'
import { createListener } from './listen.ts'
import { say } from './say.ts'
import { openSpool } from './spool.ts'
import { faultOf, orderSchema } from './wire.ts'
import type { Begin, Order, Report } from './wire.ts'
import { within } from '../within.ts'

/**
 * The child process: the only place where wechaty and a puppet are loaded, whose listeners can end a process. It is
 * forked by `keeper.ts`, and ends with its parent.
 */

/** Exit codes, for the parent's log alone. */
const ENDED = 0
const BROKEN = 1
const GATEWAY_LOST = 75

const STOP_LIMIT = 3_000

/** A parent that was stopped so long may soon lose its leases: 15 s, renewed every 5 s (bot/lease.ts). */
const PARENT_SILENCE = 8_000

let bot: ReturnType<typeof WechatyBuilder.build> | null = null
let puppet: impls.PuppetInterface | null = null
let lastSign = performance.now()
let parentSeen = performance.now()

function tell(report: Report): void {
  if (process.connected) process.send?.(report)
}

/** Ends after the reports on their way have left. */
function end(code: number): void {
  if (!process.connected) process.exit(code)
  process.send?.({ report: 'pulse', rss: 0, quietFor: 0 } satisfies Report, () => process.exit(code))
  setTimeout(() => process.exit(code), 500)
}

async function stop(): Promise<void> {
  try {
    await within(STOP_LIMIT, bot?.stop() ?? Promise.resolve())
  } catch {
    // A puppet that cannot end is ended with the process.
  }
  end(ENDED)
}

/**
 * A gateway that drops gives one such error and no logout: 14 when it died, 1 or 13 when it was shut down. The event
 * stream is over then, and only a new client opens another.
 */
const GATEWAY_GONE = /^(14 UNAVAILABLE|1 CANCELLED|13 INTERNAL: Received RST_STREAM)/

function isGatewayLoss(error: unknown): boolean {
  return error instanceof Error && GATEWAY_GONE.test(error.message)
}

function onError(error: unknown): void {
  if (isGatewayLoss(error)) {
    tell(faultOf('gateway', error))
    return end(GATEWAY_LOST)
  }
  tell(faultOf('error', error))
}

async function begin(order: Begin): Promise<void> {
  setInterval(() => {
    const quietFor = Math.round(performance.now() - lastSign)
    tell({ report: 'pulse', rss: process.memoryUsage.rss(), quietFor })
  }, order.pulse)

  const spool = openSpool(order.spoolDir)
  spool.clean()
  bot = WechatyBuilder.build({
    // The session lives beside the spool, so that a restart needs no new scan where the puppet can resume.
    name: path.join(order.spoolDir, 'session'),
    // Any package or path will do; the type knows only the official ones.
    puppet: order.puppet as NonNullable<WechatyOptions['puppet']>,
  })
  bot.on('error', onError)
  await bot.init()
  puppet = bot.puppet

  const listener = createListener({ puppet, spool, mediaLimit: order.mediaLimit, tell })
  const befriending = createBefriending({ puppet, spool, friendPause: order.friendPause, tell })
  const sign = (): void => void (lastSign = performance.now())
  puppet.on('heartbeat', sign)
  puppet.on('dong', sign)
  puppet.on('message', ({ messageId }) => {
    sign()
    listener.hear(messageId)
  })
  puppet.on('friendship', ({ friendshipId }) => void befriending.hear(friendshipId))
  puppet.on('scan', ({ qrcode, status }) => {
    sign()
    const waiting = status === ScanStatus.Waiting || status === ScanStatus.Timeout
    if (waiting && qrcode) tell({ report: 'scan', qrcode })
  })
  puppet.on('login', () => {
    sign()
    tell({ report: 'login' })
    listener.resume()
  })
  puppet.on('logout', () => tell({ report: 'logout' }))
  await bot.start()
}

async function obey(order: Order): Promise<void> {
  switch (order.order) {
    case 'begin':
      return begin(order)
    case 'alive':
      parentSeen = performance.now()
      return
    case 'stop':
      return stop()
    case 'say': {
      tell({ report: 'taken', id: order.id })
      const outcome = puppet
        ? await say(puppet, order)
        : { type: 'later' as const, after: 5_000, detail: 'WeChat is starting' }
      return tell({ report: 'outcome', id: order.id, outcome })
    }
  }
}

process.on('message', (message) => {
  obey(orderSchema.parse(message)).catch((error: unknown) => {
    tell(faultOf('exception', error))
    end(BROKEN)
  })
})
process.on('disconnect', () => void stop())
// Twice: where this process itself was busy, what its parent told meanwhile is read after the first look.
let silent = 0
setInterval(() => {
  silent = performance.now() - parentSeen > PARENT_SILENCE ? silent + 1 : 0
  if (silent === 2) end(ENDED)
}, 500)
// Ctrl-C reaches the whole group: the parent decides when this process ends.
process.on('SIGINT', () => undefined)
process.on('uncaughtException', (error) => {
  tell(faultOf(isGatewayLoss(error) ? 'gateway' : 'exception', error))
  end(isGatewayLoss(error) ? GATEWAY_LOST : BROKEN)
})
process.on('unhandledRejection', (error) => {
  if (isGatewayLoss(error)) return onError(error)
  tell(faultOf('rejection', error))
  // After this the puppet believes in a session that is gone, and hears nothing more (wangrongding/wechat-bot#190).
  if (error instanceof Error && error.message.includes('must logout first')) end(BROKEN)
})
