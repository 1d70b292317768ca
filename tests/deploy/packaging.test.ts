import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { checkRedis } from '../../bot/timers/redis-check.ts'
import { names } from '../../bot/variables.ts'
import { seconds } from '../../workflows/ids.ts'
import { ownRedis } from '../support/redis.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const { scripts, engines } = z
  .object({ scripts: z.record(z.string(), z.string()), engines: z.object({ node: z.string() }) })
  .parse(JSON.parse(read('package.json')))

/** `exec node --enable-source-maps dist/bot/main.js`, as words. */
const start = (scripts.start ?? '').replace(/^exec /, '').split(' ')
/** main.ts cuts a stop off then. */
const longestStop = seconds(9.5)
/** Not ours: it tells libraries that nobody develops here. */
const ours = (name: string) => name !== 'NODE_ENV'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode === null
    ? new Promise((ended) => child.once('exit', ended))
    : Promise.resolve(child.exitCode)

const children: ChildProcess[] = []
const folders: string[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    await exitOf(child)
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('Dockerfile', () => {
  /** Instructions with their continuation lines joined, comments left out. */
  const lines = read('Dockerfile')
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter(Boolean)
  const of = (instruction: string) =>
    lines
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1))
  const last = (instruction: string) => of(instruction).at(-1) ?? ''
  const words = (json: string) => z.array(z.string()).parse(JSON.parse(json))
  const environment = Object.fromEntries(
    of('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
  )

  it('starts what npm start starts, by itself and not through a shell, as nobody’s root', () => {
    expect(words(last('CMD'))).toEqual(start)
    expect(last('STOPSIGNAL')).toBe('SIGTERM')
    expect(last('USER')).toBe('node')
  })

  it('copies what there is, into a Node that is new enough', () => {
    const made = ['node_modules', 'dist']
    const copied = of('COPY').flatMap((line) => {
      const [first = '', ...rest] = line.split(' ')
      const sources = (first.startsWith('--from=') ? rest : [first, ...rest]).slice(0, -1)
      return sources.map((source) => source.replace(/^\/app\//, ''))
    })
    expect(copied.length).toBeGreaterThan(5)
    for (const source of copied) expect(made.includes(source) || existsSync(source), source).toBe(true)
    for (const image of of('FROM')) expect(image).toMatch(/^node:20-bookworm-slim( AS build)?$/)
    expect(engines.node).toBe('>=20.19')
  })

  it('sets only variables the program knows, and keeps data in the volume', () => {
    for (const name of Object.keys(environment).filter(ours)) expect(names).toContain(name)
    expect(last('VOLUME')).toBe(environment.DATA_DIR)
  })

  it('leaves secrets, people and data out of the image, and nothing it copies', () => {
    const ignored = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    for (const kept of ['.env', 'estate.yaml', 'data', '.git', 'node_modules'])
      expect(ignored).toContain(kept)
    for (const needed of [
      'bot',
      'db',
      'adapters',
      'workflows',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
    ])
      expect(ignored).not.toContain(needed)
  })

  it('asks after its health in a way that tells a program that runs from one that does not', async () => {
    const [command = '', ...args] = words(last('HEALTHCHECK').replace(/^.* CMD /, ''))
    expect(command).toBe('node')
    const folder = mkdtempSync(join(tmpdir(), 'packaging-'))
    folders.push(folder)
    const env = { PATH: process.env.PATH, PORT: String(await freePort()), DATA_DIR: folder }
    const healthy = () => {
      const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
      children.push(child)
      return exitOf(child)
    }
    expect(await healthy()).toBe(1)
    const program = spawn(
      process.execPath,
      start.slice(1).map((word) => (word.startsWith('dist/') ? resolve(word) : word)),
      {
        cwd: folder,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    children.push(program)
    let said = ''
    program.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
    while ((await healthy()) !== 0)
      if (program.exitCode !== null) throw new Error(`the program ended: ${said}`)
    program.kill('SIGTERM')
    expect(await exitOf(program)).toBe(0)
    expect(await healthy()).toBe(1)
  })
})

describe('compose.yaml', () => {
  const service = z.looseObject({
    image: z.string(),
    restart: z.string(),
    volumes: z.array(z.string()),
    logging: z.looseObject({ options: z.object({ 'max-size': z.string(), 'max-file': z.string() }) }),
  })
  const compose = z
    .object({
      services: z.object({
        'complaint-line': service.extend({
          env_file: z.string(),
          environment: z.record(z.string(), z.union([z.string(), z.number()])),
          ports: z.array(z.string()),
          stop_grace_period: z.string(),
          depends_on: z.record(z.string(), z.object({ condition: z.string() })),
        }),
        redis: service.extend({
          command: z.string(),
          healthcheck: z.looseObject({ test: z.array(z.string()) }),
        }),
      }),
      volumes: z.record(z.string(), z.null()),
    })
    .parse(parse(read('compose.yaml'), { merge: true }))
  const program = compose.services['complaint-line']

  it('sets only variables the program knows, and takes secrets from a file', () => {
    for (const name of Object.keys(program.environment)) expect(names).toContain(name)
    expect(program.env_file).toBe('.env')
    expect(JSON.stringify(program.environment)).not.toMatch(/SECRET|TOKEN|KEY/)
  })

  it('keeps data and queue in volumes, and logs within limits', () => {
    const named = Object.values(compose.services)
      .flatMap(({ volumes }) => volumes)
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((volume) => !volume.startsWith('.'))
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort())
    expect(program.volumes).toContain(`data:${program.environment.DATA_DIR}`)
    expect(program.volumes).toContain(`./estate.yaml:${program.environment.ESTATE_FILE}:ro`)
    for (const { restart } of Object.values(compose.services)) expect(restart).toBe('unless-stopped')
  })

  it('is reached by this machine’s proxy alone, starts whether Redis can or not, and is given time for a graceful stop', () => {
    expect(program.ports).toEqual([`127.0.0.1:3000:${program.environment.PORT}`])
    expect(program.depends_on.redis?.condition, 'the line answers while Redis cannot').toBe('service_started')
    expect(seconds(Number.parseInt(program.stop_grace_period))).toBeGreaterThan(longestStop)
  })

  it('runs a Redis that the program takes without a word', async () => {
    const [command, ...settings] = compose.services.redis.command.split(' ')
    expect(command).toBe('redis-server')
    const redis = await ownRedis(...settings)
    expect(await checkRedis(redis.url, seconds(3))).toMatchObject({ wrong: [], look: [] })
    await redis.close()
  })
})

describe('deploy/complaint-line.service', () => {
  const pairs = read('deploy/complaint-line.service')
    .split('\n')
    .filter((line) => /^[A-Z][A-Za-z]+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
  const all = (key: string) => pairs.filter(([name]) => name === key).map(([, value]) => value)
  const one = (key: string) => all(key).join()

  it('starts what npm start starts', () => {
    const [node = '', ...args] = one('ExecStart').split(' ')
    expect(node).toBe('/usr/bin/node')
    expect(args).toEqual(
      start.slice(1).map((word) => (word.startsWith('dist/') ? `/opt/complaint-line/${word}` : word)),
    )
  })

  it('sets only variables the program knows, and gives it the folder it writes to', () => {
    const environment = all('Environment').map((pair) => pair.split('=') as [string, string])
    for (const [name] of environment.filter(([name]) => ours(name))) expect(names).toContain(name)
    expect(new Map(environment).get('DATA_DIR')).toBe(`/var/lib/${one('StateDirectory')}`)
    expect(one('StateDirectoryMode')).toBe('0700')
  })

  it('lets it write its backups where the guide puts them, whether that is there or not', () => {
    const [, folder] = /^-(\/.+)$/.exec(one('ReadWritePaths')) ?? []
    expect(read('docs/running.md')).toContain(`install -d -m 700 -o ${one('User')} ${folder ?? 'nowhere'}`)
  })

  it('brings it back for ever, lets it end in its own time, and lets it end its child itself', () => {
    expect(one('Restart')).toBe('always')
    expect(one('StartLimitIntervalSec')).toBe('0')
    expect(one('KillMode')).toBe('mixed')
    expect(seconds(Number(one('TimeoutStopSec')))).toBeGreaterThan(longestStop)
  })

  it('closes everything but what the program needs', () => {
    for (const key of [
      'NoNewPrivileges',
      'ProtectHome',
      'PrivateTmp',
      'PrivateDevices',
      'ProtectKernelTunables',
    ])
      expect(one(key)).toBe('true')
    expect(one('ProtectSystem')).toBe('strict')
    expect(one('User')).not.toBe('root')
    // V8 compiles at run time; leases read /proc/sys.
    expect(one('MemoryDenyWriteExecute') + one('ProcSubset')).toBe('')
  })
})
