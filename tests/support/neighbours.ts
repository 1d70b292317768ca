import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DATABASE_FILE } from '../../db/store.ts'
import { until } from '../bot/timers/waiting.ts'
import { ownRedis, type OwnRedis } from './redis.ts'
import { scriptedWecom, type ScriptedCall, type ScriptedWecom } from './scripted-wecom.ts'
import { aTextXml, envelope, sealed, SETTINGS } from './wecom-app.ts'

/** How many members of staff there are, so that nobody reaches 企业微信's 30 messages a minute. */
export const STAFF = 40

export const userid = (n: number): string => `Staff${n % STAFF}`

/** One program as a process of its own. */
export interface Neighbour {
  readonly url: string
  readonly pid: number
  /** What `/readyz` says. */
  ready(): Promise<{ ready: boolean; holds: string[]; warnings: string[] }>
  /** A callback of 企业微信; answers the status. The same `id` is the same message. */
  staffWrites(from: string, content: string, id: string): Promise<number>
  /** A case registered by hand; answers its number. */
  registers(text: string, key: string): Promise<string>
  signal(signal: NodeJS.Signals): void
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  /** What it wrote on stderr. */
  errors(): string
}

/** Several programs on one DATA_DIR and one Redis, in front of one 企业微信. */
export interface Neighbourhood {
  readonly wecom: ScriptedWecom
  start(more?: Record<string, string>): Promise<Neighbour>
  /** Starts one that is to end by itself. */
  refused(more?: Record<string, string>): Promise<{ code: number | null; errors: string }>
  rows<T>(sql: string): T[]
  /** What was sent to each person, oldest first: a text's words, or a card's task. */
  sent(): ReadonlyMap<string, readonly string[]>
  /** The same as the database has it. */
  decided(): ReadonlyMap<string, readonly string[]>
  /** Nothing waits to be sent, and every message was answered. */
  quiet(): Promise<void>
  close(): Promise<void>
}

export async function aNeighbourhood(policy = ''): Promise<Neighbourhood> {
  const dir = mkdtempSync(join(tmpdir(), 'neighbours-'))
  const wecom = await scriptedWecom()
  const redis: OwnRedis = await ownRedis()
  writeFileSync(join(dir, 'estate.yaml'), estateOf(policy))
  const env = {
    DATA_DIR: join(dir, 'data'),
    ESTATE_FILE: join(dir, 'estate.yaml'),
    REDIS_URL: redis.url,
    ADMIN_TOKEN: TOKEN,
    WECOM_CORP_ID: SETTINGS.corpId,
    WECOM_AGENT_ID: String(SETTINGS.agentId),
    WECOM_SECRET: SETTINGS.secret,
    WECOM_TOKEN: SETTINGS.token,
    WECOM_AES_KEY: SETTINGS.aesKey,
    WECOM_API_BASE: wecom.base,
  }
  const all: Neighbour[] = []

  function rows<T>(sql: string): T[] {
    const database = new Sqlite(join(env.DATA_DIR, DATABASE_FILE), { readonly: true })
    try {
      return database.prepare(sql).all() as T[]
    } finally {
      database.close()
    }
  }

  return {
    wecom,
    rows,
    async start(more = {}) {
      const started = await launch(dir, { ...env, ...more })
      all.push(started)
      await until(async () => (await started.ready().catch(() => null))?.ready === true, 30_000)
      return started
    },
    async refused(more = {}) {
      const child = await launch(dir, { ...env, ...more })
      const code = await child.ended
      return { code: typeof code === 'number' ? code : null, errors: child.errors() }
    },
    sent: () =>
      byPerson(wecom.callsOf('message/send').map(({ json }) => [String(json.touser), saidIn(json)])),
    decided: () =>
      byPerson(
        rows<{ recipient: string; body: string }>(
          "select recipient, body from outbox where state = 'sent' order by id",
        ).map(({ recipient, body }) => [recipient, saidBy(body)]),
      ),
    quiet: () => until(() => rows("select id from outbox where state = 'pending'").length === 0, 60_000),
    async close() {
      for (const neighbour of all) neighbour.signal('SIGKILL')
      await Promise.all(all.map((neighbour) => neighbour.ended))
      await wecom.close()
      await redis.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const TOKEN = 'a-token-for-tests-0123456789'

const MAIN = resolve(import.meta.dirname, '../../dist/bot/main.js')

async function launch(cwd: string, env: Record<string, string>): Promise<Neighbour> {
  const port = await freePort()
  const child = spawn(process.execPath, [MAIN], {
    cwd,
    env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'error', ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  child.stdout.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.once('exit', (code, signal) => done(code ?? signal)),
  )
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    pid: child.pid ?? 0,
    ended,
    errors: () => errors,
    signal: (signal) => void child.kill(signal),
    async ready() {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })
      return (await answer.json()) as { ready: boolean; holds: string[]; warnings: string[] }
    },
    async staffWrites(from, content, id) {
      const { encrypted, query } = sealed(aTextXml({ from, content, id }), { at: Date.now() })
      const answer = await fetch(`${url}/callbacks/wecom?${query.toString()}`, {
        method: 'POST',
        body: envelope(encrypted),
      })
      return answer.status
    },
    async registers(text, key) {
      const answer = await fetch(`${url}/api/complaints`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ estate: 'hefeng', text, phone: '13700000000' }),
      })
      return ((await answer.json()) as { number: string }).number
    },
  }
}

/** Open around the clock every day, so that no hour of the day changes what is due when. */
function estateOf(policy: string): string {
  const staff = Array.from(
    { length: STAFF },
    (_, n) =>
      `      - { id: s${n}, name: 员工${n}, wecom: ${userid(n)}, role: staff, departments: [工程, 秩序, 环境, 客服, 财务] }`,
  )
  return [
    'estates:',
    '  - id: hefeng',
    '    name: 和风苑',
    '    phone: "0731-88881111"',
    '    buildings: [{ name: 3栋, units: [1, 2], floors: 18 }]',
    '    staff:',
    ...staff,
    '      - { id: li, name: 李敏, wecom: LiMin, role: supervisor, departments: [工程, 秩序, 环境, 客服, 财务] }',
    '      - { id: lin, name: 林涛, wecom: LinTao, role: manager, departments: [经理] }',
    '    calendar: { timezone: Asia/Shanghai, windows: { mon-sun: ["00:00-24:00"] } }',
    ...(policy === '' ? [] : [`    policy: ${policy}`]),
    '',
  ].join('\n')
}

function saidIn(json: ScriptedCall['json']): string {
  const { text, template_card: card } = json as {
    text?: { content: string }
    template_card?: { task_id: string }
  }
  return text?.content ?? taskOf(card?.task_id)
}

function saidBy(body: string): string {
  const { text, task } = JSON.parse(body) as { text?: string; task?: string }
  return text ?? taskOf(task)
}

/** Each try of a card that was put off has a task of its own: `…x0`, `…x1`. */
const taskOf = (task = 'neither text nor card'): string => task.replace(/x\d+$/, '')

function byPerson(said: readonly (readonly [string, string])[]): Map<string, string[]> {
  const people = new Map<string, string[]>()
  for (const [person, words] of said) people.set(person, [...(people.get(person) ?? []), words])
  return new Map([...people].toSorted(([a], [b]) => a.localeCompare(b)))
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
