import express from 'express'
import type { Router } from 'express'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import path from 'node:path'
import { demoRouter } from './demo.ts'
import type { DemoPerson } from './demo.ts'
import { createWechatWorld, simulatedPuppet } from './wechat.ts'
import type { SimulatedWechat } from './wechat.ts'
import { createWecomWorld, wecomSnapshot } from './wecom.ts'
import type { WecomState, WecomWorld } from './wecom.ts'
import type { HurriedClock, Shelf } from './worlds.ts'

export type { DemoPerson } from './demo.ts'
export type { SimulatedWechat } from './wechat.ts'
export type { PhoneCard, PhoneItem, PhoneView, WecomFaults, WecomWorld } from './wecom.ts'
export type { HurriedClock, WechatItem, WechatMessage, WechatWorld } from './worlds.ts'

/** Somebody who works here, and which of the page's phones shows them. */
export interface SimulatedMember {
  readonly userid: string
  readonly name: string
  readonly phone: 'staff' | 'supervisor'
  /** A word on who they are: 工程. */
  readonly note?: string
}

export interface Simulator {
  readonly wecom: WecomWorld
  readonly wechat: SimulatedWechat
  /** What stands where the environment would: the program reads these as if somebody had configured them. */
  readonly env: Readonly<Record<string, string>>
  /** `/demo` and what it calls; for the program's own HTTP server. */
  readonly router: Router
  stop(): Promise<void>
}

/** Bubbles are saved so long after a change, at the latest (ms); what a crash inside loses is only a picture of it. */
const saveAfter = 50

/**
 * Starts both worlds, each on a loopback port of its own. What their phones show is kept under `dataDir`, so that a
 * restart goes on where it stopped. Throws when what was kept there cannot be read.
 */
export async function startSimulator(options: {
  dataDir: string
  clock: HurriedClock
  members: readonly SimulatedMember[]
  residents: readonly DemoPerson[]
  /** Asked at every callback, since the program may know its port only after this has started. */
  program: { callbackUrl: () => string }
  /** Of the simulated 企业微信; 0 (the default): whichever is free. */
  port?: number
}): Promise<Simulator> {
  const { clock, members, residents } = options
  const folder = path.join(options.dataDir, 'simulator')
  mkdirSync(path.join(folder, 'media'), { recursive: true, mode: 0o700 })
  const now = (): number => clock.now()

  let apiBase = ''
  const file = path.join(folder, 'wecom.json')
  const state = readState(file)
  const wecom = createWecomWorld({
    clock: now,
    members: members.map(({ userid, name }) => ({ userid, name })),
    apiBase: () => apiBase,
    callbackUrl: options.program.callbackUrl,
    shelf: shelfIn(path.join(folder, 'media')),
    ...(state ? { state } : {}),
  })
  const app = express().disable('x-powered-by').use('/cgi-bin', wecom.api)
  const server = createServer(app)
  apiBase = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`

  const wechat = await createWechatWorld({
    clock: now,
    residents,
    snapshot: path.join(folder, 'wechat.json'),
  })

  const saver = keepSaved(file, wecom)
  const closed = new AbortController()
  const at = (phone: 'staff' | 'supervisor'): DemoPerson[] =>
    members
      .filter((member) => member.phone === phone)
      .map(({ userid, name, note }) => ({ id: userid, name, ...(note === undefined ? {} : { note }) }))
  const router = demoRouter({
    wecom,
    wechat,
    clock,
    residents,
    staff: at('staff'),
    supervisors: at('supervisor'),
    closed: closed.signal,
  })

  return {
    wecom,
    wechat,
    router,
    env: environment(wecom, wechat),
    async stop() {
      closed.abort()
      wecom.close()
      saver.stop()
      server.closeAllConnections()
      await Promise.all([wechat.close(), new Promise((resolve) => server.close(resolve))])
    },
  }
}

function environment({ settings }: WecomWorld, wechat: SimulatedWechat): Record<string, string> {
  return {
    WECOM_CORP_ID: settings.corpId,
    WECOM_AGENT_ID: String(settings.agentId),
    WECOM_SECRET: settings.secret,
    WECOM_TOKEN: settings.token,
    WECOM_AES_KEY: settings.aesKey,
    WECOM_API_BASE: settings.apiBase,
    WECHATY_PUPPET: simulatedPuppet(),
    SIMULATOR_WECHAT_URL: wechat.url,
  }
}

function readState(file: string): WecomState | null {
  if (!existsSync(file)) return null
  try {
    return wecomSnapshot.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`the simulator cannot read its phones in ${file}; delete the file to begin anew`, {
      cause,
    })
  }
}

function keepSaved(file: string, wecom: WecomWorld): { stop: () => void } {
  let timer: NodeJS.Timeout | null = null
  function save(): void {
    if (timer) clearTimeout(timer)
    timer = null
    writeFileSync(`${file}.tmp`, JSON.stringify(wecom.export()), { mode: 0o600 })
    renameSync(`${file}.tmp`, file)
  }
  save()
  const forget = wecom.onChange(() => {
    timer ??= setTimeout(save, saveAfter)
  })
  return {
    stop() {
      forget()
      save()
    },
  }
}

/** Names are media ids, which we make; none of them is a path. */
function shelfIn(folder: string): Shelf {
  return {
    put: (name, bytes) => writeFileSync(path.join(folder, path.basename(name)), bytes, { mode: 0o600 }),
    get: (name) => {
      const file = path.join(folder, path.basename(name))
      return existsSync(file) ? readFileSync(file) : null
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulated 企业微信 has no port')
  return address.port
}
