import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '../../adapters/simulator/index.ts'
import { decrypt } from '../../adapters/simulator/wecom/crypto.ts'

/** 企业微信 sends a callback so often in all (platforms.md 2). */
const DELIVERIES = 3

/** One callback as 企业微信 sent it, whatever the program made of it. */
export interface Callback {
  /** As the program must know it: the message's id, or a hash of the event. */
  readonly id: string
  readonly from: string
  /** Tries that were not answered with 200. */
  failed: number
  /** Answered with 200: from then on it must never be missing. */
  acked: boolean
}

/** Both platforms, outside the program, and what they know of it by themselves. */
export interface Platforms {
  readonly simulator: Simulator
  readonly callbacks: ReadonlyMap<string, Callback>
  /** Where the program listens now; null: nowhere. */
  program: string | null
  /** Callbacks of this member that 企业微信 has given up, by their ids. */
  givenUp(userid: string): readonly string[]
  /** Messages WeChat told once and the listener never got, its process being dead now. */
  notHandedOver(): ReadonlySet<string>
  close(): Promise<void>
}

/**
 * `folder` is where the puppet writes down what it took and handed over. Each callback passes through a door of ours on
 * its way to the program, which notes it and its answer.
 */
export async function openPlatforms(
  folder: string,
  people: {
    members: readonly { userid: string; name: string }[]
    residents: readonly { id: string; name: string }[]
  },
): Promise<Platforms> {
  const callbacks = new Map<string, Callback>()
  const door = createServer((request, response) => {
    void pass(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const { port } = door.address() as AddressInfo
  const simulator = await startSimulator({
    dataDir: folder,
    clock: { now: Date.now, advance: () => undefined, speed: () => undefined, factor: 1 },
    members: people.members.map((member) => ({ ...member, phone: 'staff' as const })),
    residents: people.residents,
    program: { callbackUrl: () => `http://127.0.0.1:${port}/callbacks/wecom` },
  })

  async function pass(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    const callback = noted(body)
    const status = await forwarded(request.url ?? '', body).catch(() => 502)
    if (status === 200) callback.acked = true
    else callback.failed += 1
    return status
  }

  async function forwarded(url: string, body: string): Promise<number> {
    if (platforms.program === null) return 502
    const headers = { 'content-type': 'text/xml' }
    // No limit of its own: only when the process has answered or ended is it known what became of this try.
    return (await fetch(platforms.program + url, { method: 'POST', headers, body })).status
  }

  function noted(body: string): Callback {
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? ''
    const xml = decrypt(simulator.wecom.settings.aesKey, encrypted).message
    const id = /<MsgId>(\d+)<\/MsgId>/.exec(xml)?.[1] ?? createHash('sha256').update(xml).digest('hex')
    const from = /<FromUserName><!\[CDATA\[(.*?)\]\]>/.exec(xml)?.[1] ?? ''
    const known = callbacks.get(id) ?? { id, from, failed: 0, acked: false }
    callbacks.set(id, known)
    return known
  }

  const lines = (name: string): string[] => {
    const file = join(folder, name)
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  }

  const platforms: Platforms = {
    simulator,
    callbacks,
    program: null,
    givenUp: (userid) =>
      [...callbacks.values()]
        .filter(({ from, failed, acked }) => from === userid && !acked && failed >= DELIVERIES)
        .map(({ id }) => id),
    notHandedOver() {
      const taken = lines('taken').map((line) => line.split(' '))
      const missing = new Set(taken.map(([id = '']) => id))
      for (const [id = '', by] of taken) if (isAlive(Number(by))) missing.delete(id)
      for (const id of lines('handed')) missing.delete(id)
      // Taken, but the process ended before WeChat learnt of it: told again.
      for (const id of waitingIn(folder)) missing.delete(id)
      return missing
    },
    async close() {
      await simulator.stop()
      door.closeAllConnections()
      await new Promise((resolve) => door.close(resolve))
    },
  }
  return platforms
}

/** What WeChat has not been told was seen. */
function waitingIn(folder: string): readonly string[] {
  const kept = JSON.parse(readFileSync(join(folder, 'simulator/wechat.json'), 'utf8')) as {
    waiting: { id?: string }[]
  }
  return kept.waiting.flatMap(({ id }) => (id === undefined ? [] : [id]))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
