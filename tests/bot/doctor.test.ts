import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { aBench, type Bench } from '../adapters/simulator/wecom-world.ts'

const main = resolve('dist/bot/main.js')
const doctorScript = resolve('dist/bot/doctor.js')

const estate = `
company: { name: 安居物业, phone: "0731-88880000", staff: [{ id: wu, name: 吴品, wecom: "0031207", role: quality, phone: "13900000009" }] }
estates:
  - id: hefeng
    name: 和风苑
    phone: "0731-88881111"
    buildings: [3栋]
    staff:
      - { id: zhang, name: 张建国, wecom: ZhangSan, role: staff, departments: [工程], phone: "13900000001" }
      - { id: li, name: 李敏, role: supervisor, phone: "13900000002" }
      - { id: chen, name: 陈强, wecom: LiSi, role: manager, phone: "13900000003" }
`

let folder: string
let bench: Bench
let env: Record<string, string>
let program: ChildProcess | null

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  bench = await aBench()
  program = null
  writeFileSync(join(folder, 'estate.yaml'), estate)
  const port = await freePort()
  const { corpId, agentId, secret, token, aesKey, apiBase } = bench.world.settings
  env = {
    PATH: process.env.PATH ?? '',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    WECOM_CORP_ID: corpId,
    WECOM_AGENT_ID: String(agentId),
    WECOM_SECRET: secret,
    WECOM_TOKEN: token,
    WECOM_AES_KEY: aesKey,
    WECOM_API_BASE: apiBase,
  }
})

afterEach(async () => {
  if (program !== null && program.exitCode === null) {
    const ended = new Promise((resolve) => program?.once('exit', resolve))
    program.kill('SIGTERM')
    await ended
  }
  await bench.stop()
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** As `npm run doctor` in a folder with its own `.env` and `estate.yaml`. Asynchronous: the platform answers from here. */
async function doctor(...args: string[]): Promise<{ code: number | null; text: string; marks: string[] }> {
  const child = spawn(process.execPath, [doctorScript, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, text, marks: text.split('\n').map((line) => line.split(/\s+/).slice(0, 2).join(' ')) }
}

async function startProgram(): Promise<void> {
  const started = spawn(process.execPath, [main], { cwd: folder, env, stdio: 'ignore' })
  program = started
  for (;;) {
    if (started.exitCode !== null) throw new Error('the program did not start')
    const up = await fetch(`${env.PUBLIC_URL}/readyz`).catch(() => null)
    if (up?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

it('beside a running program all is found well, the program is not disturbed, and nobody is named', async () => {
  await startProgram()
  const { code, text, marks } = await doctor()
  expect(text).not.toContain('WRONG')
  for (const check of ['Node', 'estate', 'database', 'WeCom', 'clock', 'program', 'callback'])
    expect(marks).toContain(`ok ${check}`)
  expect(text).toContain('0 wrong,')
  expect(code).toBe(0)
  expect((await fetch(`${env.PUBLIC_URL}/readyz`)).status).toBe(200)
  for (const secret of [
    env.WECOM_SECRET,
    env.WECOM_TOKEN,
    env.WECOM_AES_KEY,
    '张建国',
    '13900000001',
    'ZhangSan',
  ])
    expect(text).not.toContain(secret)
})

it('before the first start it tells what is wrong, ends with 1, and makes nothing', async () => {
  env.WECOM_SECRET = 'a-wrong-secret'
  writeFileSync(join(folder, 'estate.yaml'), estate.replace('LiSi', 'Nobody'))
  const { code, text, marks } = await doctor()
  expect(code).toBe(1)
  expect(text).toContain('WeCom error 40001: the secret is wrong')
  expect(marks).toContain('WRONG WeCom')
  expect(marks).toContain('- database')
  expect(text).not.toContain('a-wrong-secret')
  expect(readdirSync(folder)).toEqual(['estate.yaml'])
})

it('a clock that is off is found by the platform’s answer: here, that of a folder the simulator was hurried in', async () => {
  writeFileSync(join(folder, 'clock.json'), JSON.stringify({ offset: 600_000, notBefore: 0 }))
  env.DATA_DIR = folder
  const { text, marks } = await doctor()
  expect(marks).toContain('WRONG clock')
  expect(text).toMatch(
    /the program’s clock is (599|600|601) s ahead of WeCom’s: .*DATA_DIR was used by the simulator/,
  )
})

it('settings that cannot be used are listed each by its line, and end it', async () => {
  writeFileSync(join(folder, '.env'), 'PORT=99999\nWECOM_SECRETT=very-secret\n')
  delete env.PORT
  const { code, text } = await doctor()
  expect(code).toBe(1)
  expect(text).toContain('WRONG  settings  .env:1 PORT: read “99999”')
  expect(text).toContain('.env:2 unknown key WECOM_SECRETT')
  expect(text).not.toContain('very-secret')
})

it('an estate file that cannot be used is told line by line, and all else is still checked', async () => {
  writeFileSync(join(folder, 'estate.yaml'), estate.replace('role: manager', 'role: boss'))
  const { code, text, marks } = await doctor()
  expect(code).toBe(1)
  expect(text).toMatch(/WRONG {2}estate {4}\.\/estate\.yaml:11:\d+ .*boss/)
  expect(marks).toContain('ok WeCom')
})

it('an argument nobody knows is not ignored', async () => {
  expect((await doctor('--rings')).code).toBe(1)
})
