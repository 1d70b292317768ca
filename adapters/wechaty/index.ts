import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import type { Logger } from 'pino'
import qrcodeTerminal from 'qrcode-terminal'
import { days, hours } from '../../workflows/ids.ts'
import type { Instant } from '../../workflows/ids.ts'
import { MediaGone } from '../channel.ts'
import type { Channel, Receive } from '../channel.ts'
import { createDrain } from './drain.ts'
import { createKeeper } from './keeper.ts'
import { HUMAN_PACE } from './pace.ts'
import type { Pace } from './pace.ts'
import { createPost } from './post.ts'
import { openSpool } from './spool.ts'
import type { Report } from './wire.ts'
import { within } from '../within.ts'

export { HUMAN_PACE } from './pace.ts'
export type { Pace } from './pace.ts'

/** A file nobody released for so long is left over from a crash: the program gives up on a file after 3 days. */
const UNRELEASED_FOR = days(7)
/** First once the program has had time to fetch what an earlier run left (real time). */
const SWEEP_EVERY = hours(1)

export interface WechatySettings {
  /** A package, or the absolute path of a module whose default export is a puppet's class or makes one. */
  readonly puppet: string
  /** wechaty's own variables (WECHATY_…), passed to the child; it gets no others of the program's. */
  readonly env: Readonly<Record<string, string>>
  /** Where messages rest between wechaty and the inbox; below DATA_DIR. */
  readonly spoolDir: string
}

export type WechatyChannel = Required<Channel>

/**
 * Personal WeChat through wechaty, in a child process.
 *
 * The account's name is WECHATY_NAME, or `wechaty`: fixed by the installation, because with web WeChat even the bot's own
 * contact id is another after every login, and the estate file must be able to name the account beforehand.
 */
export function createWechaty(
  settings: WechatySettings,
  parts: { clock: () => Instant; receive: Receive; log: Logger; pace?: Pace },
): WechatyChannel {
  const { clock, log, pace = HUMAN_PACE } = parts
  const spool = openSpool(settings.spoolDir)
  const drain = createDrain({
    spool,
    account: settings.env.WECHATY_NAME || 'wechaty',
    clock,
    receive: parts.receive,
    log,
    mediaPatience: pace.mediaLimit * 1.5,
  })
  const keeper = createKeeper({ ...settings, pace, log, report: hear, gone })
  const post = createPost({ keeper, pace, loggedIn: () => session.state === 'in' })

  let session: { state: 'idle' | 'starting' | 'scan' | 'in' | 'lost'; since: Instant } = {
    state: 'idle',
    since: clock(),
  }
  let connected = (): void => undefined
  let sweeper: NodeJS.Timeout | undefined
  let shownCode: string | null = null
  let lastFault: string | null = null

  function enter(state: typeof session.state): void {
    if (session.state === state) return
    session = { state, since: clock() }
    log.info({ state }, 'WeChat session')
    if (state === 'in') connected()
  }

  function hear(report: Report): void {
    switch (report.report) {
      case 'login':
        shownCode = null
        lastFault = null
        return enter('in')
      case 'logout':
        return enter('lost')
      case 'scan':
        enter('scan')
        return showCode(report.qrcode)
      case 'spooled':
        return drain.take(report.name)
      case 'taken':
      case 'outcome':
        return post.hear(report)
      case 'fault':
        if (report.what === 'gateway') enter('lost')
        if (report.what !== 'media')
          lastFault = report.code === null ? report.name : `${report.name} ${report.code}`
        return
      case 'pulse':
        return
    }
  }

  function gone(): void {
    if (session.state !== 'scan') enter('lost')
    post.lost()
    // What it synced and could no longer tell of.
    drain.look()
  }

  /** For the terminal alone: whoever scans the code owns the session, so it stays out of the log. */
  function showCode(code: string): void {
    if (code === shownCode) return
    shownCode = code
    qrcodeTerminal.generate(code, { small: true }, (picture) => {
      const page = `https://wechaty.js.org/qrcode/${encodeURIComponent(code)}`
      process.stdout.write(`\nScan this code with the WeChat account of the estate:\n${picture}\n${page}\n\n`)
    })
  }

  function sweep(): void {
    try {
      spool.sweepMedia(UNRELEASED_FOR)
    } catch (error) {
      // A file that went meanwhile, or a disk that cannot be read: the next hour tries again.
      log.warn({ name: error instanceof Error ? error.name : null }, 'left-over WeChat files were not swept')
    }
  }

  function sessionTrouble(): string | null {
    const since = new Date(session.since).toISOString()
    const fault = lastFault === null ? '' : ` (last fault: ${lastFault})`
    switch (session.state) {
      // Not started: another process holds the account.
      case 'idle':
      case 'in':
        return null
      case 'starting':
        return `WeChat has been starting since ${since}${fault}`
      case 'scan':
        return 'WeChat is not logged in: scan the code printed in the terminal with the account of the estate'
      case 'lost':
        return `WeChat connection lost since ${since}; it is being built up again${fault}`
    }
  }

  return {
    name: 'wechaty',
    oneAtATime: true,
    start() {
      enter('starting')
      sweeper = setInterval(sweep, SWEEP_EVERY).unref()
      drain.start()
      keeper.start()
      return Promise.resolve()
    },
    onConnected(listener) {
      connected = listener
    },
    send: (outbound) => post.send(outbound),
    async fetch(name) {
      const file = ownFile(name)
      try {
        // Opened before it is promised, so that a missing file is known now and not in the middle of a stream.
        const handle = await open(file, 'r')
        return { bytes: createReadStream('', { fd: handle }), mime: null }
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
        throw new MediaGone('this WeChat file never arrived, or was released')
      }
    },
    async release(name) {
      await rm(ownFile(name), { force: true })
    },
    troubles() {
      const trouble = sessionTrouble()
      if (session.state === 'idle') return []
      return [...(trouble === null ? [] : [trouble]), ...drain.troubles()]
    },
    async stop() {
      clearInterval(sweeper)
      await Promise.all([keeper.stop(), within(pace.farewell, drain.stop()).catch(() => undefined)])
    },
  }

  function ownFile(name: string): string {
    if (!/^[0-9a-f]{40}$/.test(name)) throw new MediaGone('not a file of this channel')
    return spool.mediaPath(name)
  }
}
