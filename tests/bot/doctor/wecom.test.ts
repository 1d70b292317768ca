import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WecomConfig } from '../../../bot/config.ts'
import type { Finding } from '../../../bot/doctor/finding.ts'
import { checkCallback, checkWecom } from '../../../bot/doctor/wecom.ts'
import { createLog } from '../../../bot/log.ts'
import { minutes, seconds } from '../../../workflows/ids.ts'
import { aBench, type Bench } from '../../adapters/simulator/wecom-world.ts'
import { aWecomApp, SETTINGS } from '../../support/wecom-app.ts'
import { json, scriptedWecom } from '../../support/scripted-wecom.ts'

const log = createLog('silent')
const staff = new Map([
  ['ZhangSan', 'zhang'],
  ['LiSi', 'li'],
])
/** A port that nothing listens on any more. */
async function nowhere(): Promise<string> {
  const gone = await scriptedWecom()
  await gone.close()
  return gone.base
}

const texts = (findings: readonly Finding[]) => findings.map(({ mark, text }) => `${mark}: ${text}`)

describe('the credentials', () => {
  let bench: Bench

  beforeEach(async () => {
    bench = await aBench()
  })
  afterEach(() => bench.stop())

  async function checked(more: Partial<WecomConfig> = {}, people: ReadonlyMap<string, string> = staff) {
    const { wecom } = await checkWecom({ ...bench.world.settings, ...more }, people, { clock: Date.now, log })
    expect(texts(wecom).join('\n')).not.toContain(bench.world.settings.secret)
    expect(texts(wecom).join('\n')).not.toContain(bench.world.settings.token)
    return texts(wecom)
  }

  it('that are right are said to be, and the app sees all staff', async () => {
    expect(await checked()).toEqual([
      'ok: WeCom takes the credentials, the agent id and this machine’s address.',
      'ok: the app sees all of 2 members of staff.',
    ])
  })

  it.each([
    ['secret', { secret: 'another-secret' }, 'WeCom error 40001: the secret is wrong: copy the app’s Secret'],
    ['corp id', { corpId: 'ww00000000' }, 'WeCom error 40013: the corp id is wrong: copy it from 我的企业'],
    ['agent id', { agentId: 1 }, 'WeCom error 301002: the agent id does not belong to this secret'],
  ])('with a wrong %s say which one to copy from where', async (_, more, sentence) => {
    expect(await checked(more)).toEqual([expect.stringContaining(`wrong: ${sentence}`)])
  })

  it('refused for the machine’s address name that address, as nobody can allow what they do not know', async () => {
    bench.world.faults.next('agent/get', { type: 'refuse', errcode: 60020 })
    const [only, ...others] = await checked()
    expect(others).toEqual([])
    expect(only).toMatch(
      /^wrong: WeCom error 60020: it refuses this machine’s address: add its public IP (127\.0\.0\.1|::ffff:127\.0\.0\.1|::1) to 企业可信IP/,
    )
  })

  it('of people the app cannot see name them by the estate file’s ids, never by name', async () => {
    const people = new Map([...staff, ['WangWu', 'wang'], ['ZhaoLiu', 'zhao']])
    expect(await checked({}, people)).toEqual([
      'ok: WeCom takes the credentials, the agent id and this machine’s address.',
      expect.stringMatching(
        /^wrong: the app cannot reach wang, zhao: correct their wecom userid .* 可见范围/,
      ),
    ])
  })

  it('cannot be judged while WeCom is away, which is said as such', async () => {
    bench.world.faults.next('agent/get', { type: 'status', status: 502 })
    expect(await checked()).toEqual(['wrong: it did not do what was asked (agent/get: HTTP 502): try again.'])
    expect(await checked({ apiBase: await nowhere() })).toEqual([
      expect.stringMatching(/^wrong: WeCom cannot be reached \(ECONNREFUSED\): check this machine's network/),
    ])
  })

  it('of an app that is switched off are no use', async () => {
    const platform = await scriptedWecom()
    platform.answers('agent/get', json({ errcode: 0, errmsg: 'ok', agentid: SETTINGS.agentId, close: 1 }))
    const { wecom } = await checkWecom({ ...SETTINGS, apiBase: platform.base }, new Map(), {
      clock: Date.now,
      log,
    })
    expect(texts(wecom)).toEqual([expect.stringContaining('wrong: this app is switched off')])
    await platform.close()
  })
})

describe('the clock', () => {
  it.each([
    [seconds(0), 'ok'],
    [seconds(20), 'ok'],
    [minutes(7), 'wrong'],
    [-minutes(7), 'wrong'],
  ])('that is %i ms off is %s', async (off, mark) => {
    const bench = await aBench()
    const { clock } = await checkWecom(bench.world.settings, new Map(), {
      clock: () => Date.now() + off,
      log,
    })
    expect(clock.map((finding) => finding.mark)).toEqual([mark])
    if (mark === 'wrong')
      expect(clock[0]?.text).toMatch(off > 0 ? /(419|420|421) s ahead/ : /(419|420|421) s behind/)
    await bench.stop()
  })
})

describe('the callback address', () => {
  let server: Server
  let answer: (response: ServerResponse) => void
  let asked: string[]
  let address: string

  beforeEach(async () => {
    asked = []
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      answer(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const config: WecomConfig = { ...SETTINGS, apiBase: 'http://127.0.0.1:9' }
  const check = async (publicUrl: string | null, more: { config?: WecomConfig; runs?: boolean } = {}) =>
    texts(await checkCallback(more.config ?? config, publicUrl, { clock: Date.now, runs: more.runs ?? true }))

  it('that leads to this program is proven by an echo signed and sealed with its own keys', async () => {
    const app = await aWecomApp()
    app.clock.now = Date.now()
    const [https, found] = await check(new URL(app.callbacks).origin)
    expect(https).toContain('look: PUBLIC_URL is not https')
    expect(found).toMatch(/^ok: .*\/callbacks\/wecom leads to this program/)
    await app.close()
  })

  it('of a program with another token, key or company is not this one', async () => {
    const app = await aWecomApp()
    app.clock.now = Date.now()
    const origin = new URL(app.callbacks).origin
    for (const other of [{ token: 'another' }, { corpId: 'ww1' }, { aesKey: 'b'.repeat(43) }]) {
      const found = await check(origin, { config: { ...config, ...other } })
      expect(found.at(-1)).toMatch(/^wrong: .* uses another WECOM_TOKEN, WECOM_AES_KEY or WECOM_CORP_ID/)
    }
    await app.close()
  })

  it('on a machine whose clock is wrong says so', async () => {
    const app = await aWecomApp()
    app.clock.now = Date.now() + minutes(6)
    expect((await check(new URL(app.callbacks).origin)).at(-1)).toMatch(/^wrong: .* HTTP 403: .* clock/)
    await app.close()
  })

  it.each([
    [200, 'is answered by something else'],
    [301, 'redirects elsewhere (HTTP 301)'],
    [404, 'with its path unchanged'],
    [502, 'does not reach the program'],
    [500, 'check what the proxy does'],
  ])('answered with HTTP %i says what to do', async (status, advice) => {
    answer = (response) => void response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end('welcome')
    expect((await check(address)).at(-1)).toMatch(/^wrong: /)
    expect((await check(address)).at(-1)).toContain(advice)
    expect(asked[0]).toMatch(/^\/callbacks\/wecom\?msg_signature=/)
  })

  it('behind an endless page is told apart from ours without reading it all', async () => {
    answer = (response) => void response.writeHead(200).write('x'.repeat(100_000))
    expect((await check(address)).at(-1)).toContain('is answered by something else')
  })

  it('that nobody listens on, or whose name nobody knows, cannot be reached', async () => {
    expect((await check(await nowhere())).at(-1)).toContain('cannot be reached (ECONNREFUSED)')
    expect((await check('https://line.invalid')).at(-1)).toMatch(
      /has a name that is not known \((ENOTFOUND|EAI_AGAIN)\)/,
    )
  })

  it('is not judged without PUBLIC_URL, nor while the program does not run', async () => {
    expect(await check(null)).toEqual([expect.stringContaining('look: PUBLIC_URL is not set')])
    expect(await check(address, { runs: false })).toEqual([
      expect.stringContaining('look: the program does not run'),
    ])
    expect(asked).toEqual([])
  })
})
