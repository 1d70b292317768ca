import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Millis } from '../../workflows/ids.ts'
import type { Pace } from './pace.ts'
import { reportSchema } from './wire.ts'
import type { Order, Report } from './wire.ts'

/** The child is told that its parent goes on. */
const ALIVE_EVERY: Millis = 2_000

/** Logged in for so long, a child counts as well started, and the next restart comes quickly again. */
const WELL_AFTER: Millis = 60_000

export interface Keeper {
  start(): void
  /** False when there is no child to take it. */
  order(order: Order): boolean
  /** Ends the child: asked first, killed when it hangs. */
  stop(): Promise<void>
}

/**
 * Keeps one child alive: starts it, watches its pulse, its memory and the puppet's signs, and starts it again with
 * growing pauses. `report` gets what the child tells; `gone` is called each time one ended.
 */
export function createKeeper(parts: {
  puppet: string
  env: Readonly<Record<string, string>>
  spoolDir: string
  pace: Pace
  log: Logger
  report: (report: Report) => void
  gone: () => void
}): Keeper {
  const { pace, log } = parts
  let child: ChildProcess | null = null
  let stopped = false
  let failures = 0
  let lastPulse = 0
  let loggedInAt: number | null = null
  let loggedOutAt: number | null = null
  let restart: NodeJS.Timeout | undefined
  let watch: NodeJS.Timeout | undefined
  let alive: NodeJS.Timeout | undefined
  let farewell: NodeJS.Timeout | undefined

  function start(): void {
    const started = fork(childModule(), [], {
      cwd: parts.spoolDir,
      env: childEnv(parts.puppet, parts.env, parts.spoolDir),
      execArgv: [],
      // wechaty's own log holds names and words; it is shown only to whoever asks for it by WECHATY_LOG.
      stdio: [
        'ignore',
        ...((parts.env.WECHATY_LOG ? ['inherit', 'inherit'] : ['ignore', 'ignore']) as Stdio),
        'ipc',
      ],
    })
    child = started
    lastPulse = performance.now()
    loggedInAt = null
    loggedOutAt = null
    started.on('message', (message) => {
      const report = reportSchema.safeParse(message)
      if (report.success) hear(report.data)
      else log.error('the WeChat process told something that is not understood')
    })
    started.on('error', (error) => {
      log.error({ code: 'code' in error ? error.code : null }, 'the WeChat process fails')
      // Without a process there will be no `exit`.
      if (started.pid === undefined) ended(started, null, null)
    })
    started.on('exit', (code, signal) => ended(started, code, signal))
    order({
      order: 'begin',
      puppet: parts.puppet,
      spoolDir: parts.spoolDir,
      friendPause: [...pace.friendPause],
      mediaLimit: pace.mediaLimit,
      pulse: pace.pulse,
    })
    alive = setInterval(() => void order({ order: 'alive' }), ALIVE_EVERY)
    watch = setInterval(() => {
      const now = performance.now()
      if (now - lastPulse > pace.hang) recycle('it hangs')
      // A puppet that was logged out should offer a new code by itself; some never do.
      else if (loggedOutAt !== null && now - loggedOutAt > pace.silence) recycle('it stays logged out')
    }, pace.pulse)
  }

  function hear(report: Report): void {
    lastPulse = performance.now()
    switch (report.report) {
      case 'pulse':
        if (report.rss > pace.memory) recycle('it has grown too large')
        else if (report.quietFor > pace.silence) recycle('WeChat gives no sign')
        return
      case 'login':
        loggedInAt = performance.now()
        loggedOutAt = null
        break
      case 'logout':
        loggedInAt = null
        loggedOutAt = performance.now()
        break
      case 'scan':
        loggedInAt = null
        loggedOutAt = null
        break
      case 'fault': {
        const { report: _, ...fault } = report
        log.warn(fault, 'the WeChat process reports a fault')
        break
      }
      case 'spooled':
      case 'taken':
      case 'outcome':
        break
    }
    parts.report(report)
  }

  function recycle(why: string): void {
    if (farewell !== undefined) return
    log.warn({ why }, 'the WeChat process is replaced')
    dismiss()
  }

  function dismiss(): void {
    const leaving = child
    order({ order: 'stop' })
    farewell ??= setTimeout(() => leaving?.kill('SIGKILL'), pace.farewell)
  }

  function ended(which: ChildProcess, code: number | null, signal: string | null): void {
    if (which !== child) return
    child = null
    const asked = farewell !== undefined
    clearInterval(watch)
    clearInterval(alive)
    clearTimeout(farewell)
    farewell = undefined
    const wasWell = loggedInAt !== null && performance.now() - loggedInAt > WELL_AFTER
    // A replacement is no failure of the next one, and whoever wants to scan a code should not wait for it.
    if (asked || wasWell) failures = 0
    parts.gone()
    if (stopped) return
    const [first, longest] = pace.restart
    const after = Math.min(first * 2 ** failures, longest)
    failures += 1
    log.warn({ code, signal, after }, 'the WeChat process ended and is started again')
    restart = setTimeout(start, after)
  }

  function order(message: Order): boolean {
    if (!child?.connected) return false
    // An error here means that the child is going; its end is told by `exit`.
    child.send(message, () => undefined)
    return true
  }

  return {
    start,
    order,
    async stop() {
      stopped = true
      clearTimeout(restart)
      const leaving = child
      if (leaving === null) return
      const gone = new Promise<void>((resolve) => leaving.once('exit', () => resolve()))
      dismiss()
      await gone
    },
  }
}

type Stdio = ['inherit' | 'ignore', 'inherit' | 'ignore']

/** The child is plain JavaScript: run from the sources (tests), it is the built one. */
function childModule(): string {
  const here = fileURLToPath(import.meta.url)
  const folder = path.dirname(here)
  if (here.endsWith('.js')) return path.join(folder, 'child.js')
  return path.resolve(folder, '../../dist/adapters/wechaty/child.js')
}

const PASSED_ON = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
]

/** wechaty's variables and what any process needs: a puppet is foreign code and gets none of the program's secrets. */
function childEnv(
  puppet: string,
  own: Readonly<Record<string, string>>,
  spoolDir: string,
): Record<string, string> {
  const env: Record<string, string> = {}
  for (const name of PASSED_ON) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  // puppet-service keeps people's names under $HOME; they belong with the program's data, and under one lock per program.
  if (puppet === 'wechaty-puppet-service') env.HOME = path.join(spoolDir, 'gateway')
  return { ...env, ...own }
}
