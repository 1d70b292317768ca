import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { estateFile } from './estate.ts'

export interface Start {
  /** Milliseconds from the start of the process to its word that it is ready; the middle one of several. */
  readonly ready: number
  /** Bytes in memory after ten quiet seconds. */
  readonly memory: number
  /** Of its child processes: wechaty's, where it has one. */
  readonly children: number
}

export interface StartReport {
  /** 企业微信 alone, which nothing answers for. */
  readonly plain: Start
  /** With the simulator and wechaty in its child. */
  readonly wechaty: Start
}

const main = fileURLToPath(new URL('../bot/main.js', import.meta.url))
const QUIET = 10_000
const TIMES = 3

/** Starts the built program itself, several times on the same data. Linux alone: it reads /proc. */
export async function measureStart(dir: string, say: (line: string) => void): Promise<StartReport> {
  say('starting the program with 企业微信 alone')
  const plain = await startOn(join(dir, 'plain'))
  say('starting the program with the simulator and wechaty')
  const wechaty = await several({ ESTATE_FILE: estateIn(dir), DATA_DIR: join(dir, 'wechaty') })
  return { plain, wechaty }
}

const wecom = {
  WECOM_CORP_ID: 'ww0123456789abcdef',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'bench-secret-bench-secret-bench-secret-0001',
  WECOM_TOKEN: 'benchtoken',
  WECOM_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  // Nobody listens on the discard port.
  WECOM_API_BASE: 'http://127.0.0.1:9',
}

/** Starts the built program several times on a folder's data, with 企业微信 alone, which nothing answers for. */
export const startOn = (dataDir: string): Promise<Start> =>
  several({ ...wecom, ESTATE_FILE: estateIn(dirname(dataDir)), DATA_DIR: dataDir })

function estateIn(dir: string): string {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'estate.yaml')
  writeFileSync(file, estateFile)
  return file
}

async function several(env: Readonly<Record<string, string>>): Promise<Start> {
  const starts: Start[] = []
  // The first makes the database.
  for (let n = 0; n <= TIMES; n++) starts.push(await once(env, n === TIMES))
  const last = starts.at(-1)
  const ready = starts
    .map((start) => start.ready)
    .slice(1)
    .sort((a, b) => a - b)[Math.floor(TIMES / 2)]
  if (!last || ready === undefined) throw new Error('the program was not started')
  return { ...last, ready }
}

async function once(env: Readonly<Record<string, string>>, waits: boolean): Promise<Start> {
  const began = performance.now()
  const program = spawn(process.execPath, ['--enable-source-maps', main], {
    cwd: env.DATA_DIR === undefined ? undefined : join(env.DATA_DIR, '..'),
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      LOG_LEVEL: 'info',
      ADMIN_TOKEN: 'a-token-of-the-bench-0123456789',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => program.once('exit', () => resolve()))
  let errors = ''
  program.stderr.on('data', (data) => (errors += String(data)))
  const lines = createInterface({ input: program.stdout })
  const isReady = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.includes('"msg":"ready"')) resolve()
    })
  })
  await Promise.race([
    isReady,
    ended.then(() => {
      throw new Error(`the program did not start: ${errors}`)
    }),
  ])
  const ready = performance.now() - began
  if (waits) await new Promise((resolve) => setTimeout(resolve, QUIET))
  const pid = program.pid ?? 0
  const memory = residentOf(pid)
  const children = childrenOf(pid).reduce((sum, child) => sum + residentOf(child), 0)
  program.kill('SIGTERM')
  await ended
  return { ready, memory, children }
}

const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024

const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${String(pid)}/task`).flatMap((task) =>
    readFileSync(`/proc/${String(pid)}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  )
