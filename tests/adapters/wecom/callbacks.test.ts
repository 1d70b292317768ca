import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { minutes } from '../../../workflows/ids.ts'
import { aTextXml, aWecomApp, envelope, NOON, sealed } from '../../support/wecom-app.ts'
import type { WecomApp } from '../../support/wecom-app.ts'

let app: WecomApp
afterEach(() => app.close())

async function post(plaintext: string, more: Parameters<typeof sealed>[1] = {}): Promise<Response> {
  const { encrypted, query } = sealed(plaintext, more)
  return fetch(`${app.callbacks}?${query.toString()}`, { method: 'POST', body: envelope(encrypted) })
}

describe('verifying the address', () => {
  test('answers the bare plaintext', async () => {
    app = await aWecomApp()
    const { encrypted, query } = sealed('4815162342108015')
    query.set('echostr', encrypted)
    const response = await fetch(`${app.callbacks}?${query.toString()}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('4815162342108015')
  })

  test('refuses what is signed with another token, stale, or incomplete (must-survive 15)', async () => {
    app = await aWecomApp()
    const status = async (query: URLSearchParams) =>
      (await fetch(`${app.callbacks}?${query.toString()}`)).status
    const forged = sealed('1', { token: 'guess' })
    forged.query.set('echostr', forged.encrypted)
    expect(await status(forged.query)).toBe(401)
    const stale = sealed('1', { at: NOON - minutes(6) })
    stale.query.set('echostr', stale.encrypted)
    expect(await status(stale.query)).toBe(403)
    expect(await status(sealed('1').query)).toBe(400)
    const twice = sealed('1')
    twice.query.set('echostr', twice.encrypted)
    twice.query.append('nonce', 'again')
    expect(await status(twice.query)).toBe(400)
  })
})

describe('a message', () => {
  test('is answered 200 with an empty body, and received', async () => {
    app = await aWecomApp()
    const response = await post(aTextXml())
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(app.received).toMatchObject([
      {
        channel: 'wecom',
        account: 'ww7f0c1a52d3e94b68:1000012',
        sender: 'ZhangJianGuo',
        id: '7194820366120054001',
        at: 1767312222_000,
        content: { type: 'text', text: '3栋2单元漏水' },
      },
    ])
  })

  test.each([
    '漏水 <MsgId>999</MsgId>',
    '</Content><MsgId>999</MsgId><Content>',
    'a ]]&gt; b',
    '__proto__',
    "'; drop table inbox; --",
    '${process.exit()} {{7*7}} <%= 1 %>',
    '&#x3C;MsgId&#x3E;999',
  ])('that says %s is received as written, under its own id (must-survive 25)', async (content) => {
    app = await aWecomApp()
    expect((await post(aTextXml({ content }))).status).toBe(200)
    expect(app.received).toMatchObject([{ id: '7194820366120054001', content: { text: content } }])
  })

  test('is not answered before it is stored', async () => {
    let store = (): void => undefined
    const stored = new Promise<'stored'>((resolve) => (store = () => resolve('stored')))
    let arrived = (): void => undefined
    const reached = new Promise<void>((resolve) => (arrived = resolve))
    app = await aWecomApp({
      receive: () => {
        arrived()
        return stored
      },
    })
    let answered = false
    const answer = post(aTextXml()).then((response) => {
      answered = true
      return response.status
    })
    await reached
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(answered).toBe(false)
    store()
    expect(await answer).toBe(200)
  })

  test('that was known already is answered alike', async () => {
    app = await aWecomApp({ receive: () => Promise.resolve('duplicate') })
    expect((await post(aTextXml())).status).toBe(200)
  })

  test('that could not be stored is answered 500, and its words stay out of the log (must-survive 11)', async () => {
    app = await aWecomApp({
      receive: (inbound) =>
        Promise.reject(Object.assign(new Error(`disk full: ${JSON.stringify(inbound)}`), { status: 404 })),
    })
    expect((await post(aTextXml({ content: '厨房漏水' }))).status).toBe(500)
    expect(app.logged()).toContain('not stored')
    expect(app.logged()).not.toContain('厨房')
    expect(app.logged()).not.toContain('ZhangJianGuo')
  })

  test('of an unknown type is answered 200 and kept as unknown', async () => {
    app = await aWecomApp()
    expect((await post('<xml><FromUserName>A</FromUserName><MsgType>hologram</MsgType></xml>')).status).toBe(
      200,
    )
    expect(app.received).toMatchObject([{ content: { type: 'unknown', name: 'message:hologram' } }])
  })
})

describe('what cannot be the platform’s is refused, and nothing is received', () => {
  const refused = async (response: Response, status: number): Promise<void> => {
    expect(response.status).toBe(status)
    expect(await response.text()).toBe('')
    expect(app.received).toEqual([])
  }

  test('a wrong signature (must-survive 14)', async () => {
    app = await aWecomApp()
    await refused(await post(aTextXml(), { token: 'guess' }), 401)
  })
  test('a changed ciphertext', async () => {
    app = await aWecomApp()
    const { encrypted, query } = sealed(aTextXml())
    const changed = envelope(`A${encrypted.slice(1)}`)
    await refused(await fetch(`${app.callbacks}?${query.toString()}`, { method: 'POST', body: changed }), 401)
  })
  test('another company’s message, though well signed (must-survive 14)', async () => {
    app = await aWecomApp()
    await refused(await post(aTextXml(), { corpId: 'ww0000000000000000' }), 400)
  })
  test.each([
    ['too old', -minutes(5) - 1_000],
    ['too new', minutes(5) + 1_000],
  ])('a message %s', async (_what, off) => {
    app = await aWecomApp()
    await refused(await post(aTextXml(), { at: NOON + off }), 403)
  })
  test('one just inside the window is received', async () => {
    app = await aWecomApp()
    expect((await post(aTextXml(), { at: NOON - minutes(5) })).status).toBe(200)
    expect((await post(aTextXml(), { at: NOON + minutes(5) })).status).toBe(200)
  })
  test('a DOCTYPE outside (must-survive 24)', async () => {
    app = await aWecomApp()
    const { encrypted, query } = sealed(aTextXml())
    const body = `<!DOCTYPE xml [<!ENTITY a "${encrypted}">]><xml><Encrypt>&a;</Encrypt></xml>`
    await refused(await fetch(`${app.callbacks}?${query.toString()}`, { method: 'POST', body }), 400)
  })
  test('a DOCTYPE inside (must-survive 24)', async () => {
    app = await aWecomApp()
    await refused(await post('<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>text</MsgType></xml>'), 400)
  })
  test('signed nonsense', async () => {
    app = await aWecomApp()
    await refused(await post('漏水'), 400)
  })
  test('plain mode, without encryption (must-survive 14)', async () => {
    app = await aWecomApp()
    const { query } = sealed(aTextXml())
    await refused(
      await fetch(`${app.callbacks}?${query.toString()}`, { method: 'POST', body: aTextXml() }),
      400,
    )
  })
  test('an empty body', async () => {
    app = await aWecomApp()
    await refused(await fetch(`${app.callbacks}?${sealed('x').query.toString()}`, { method: 'POST' }), 400)
  })
  test('a compressed body, which is never inflated (must-survive 24)', async () => {
    app = await aWecomApp()
    const { encrypted, query } = sealed(aTextXml())
    const headers = { 'content-encoding': 'gzip' }
    const body = new Uint8Array(gzipSync(envelope(encrypted)))
    await refused(await fetch(`${app.callbacks}?${query.toString()}`, { method: 'POST', headers, body }), 415)
  })
  test('a body above 256 KB (must-survive 24)', async () => {
    app = await aWecomApp()
    await refused(await fetch(app.callbacks, { method: 'POST', body: 'x'.repeat(256 * 1024 + 1) }), 413)
  })
  test('a body without length that does not end: cut off at 256 KB (must-survive 24)', async () => {
    app = await aWecomApp()
    const { port, hostname } = new URL(app.callbacks)
    const socket = connect(Number(port), hostname)
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const head = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('data', (data) => resolve(data.toString('utf8')))
      socket.write('POST /callbacks/wecom HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
      for (let i = 0; i < 5; i++) socket.write(chunk)
    })
    socket.destroy()
    expect(head).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('the host’s clock', () => {
  const stale = async (times: number, off: number): Promise<void> => {
    for (let i = 0; i < times; i++) await post(aTextXml(), { at: NOON + off })
  }

  test('five signed callbacks in a row outside the window raise a trouble that names the difference', async () => {
    app = await aWecomApp()
    await stale(4, minutes(12))
    expect(app.channel.troubles()).toEqual([])
    await stale(1, minutes(12))
    expect(app.channel.troubles().join()).toContain(
      "WeCom callbacks are 12 minutes ahead of this machine's clock",
    )
    await stale(1, -minutes(61))
    expect(app.channel.troubles().join()).toContain("61 minutes behind this machine's clock")
  })

  test('one inside the window clears it', async () => {
    app = await aWecomApp()
    await stale(5, minutes(12))
    await post(aTextXml())
    expect(app.channel.troubles()).toEqual([])
    await stale(4, minutes(12))
    expect(app.channel.troubles()).toEqual([])
  })

  test('what nobody signed does not count', async () => {
    app = await aWecomApp()
    for (let i = 0; i < 6; i++) await post(aTextXml(), { at: NOON + minutes(12), token: 'guess' })
    expect(app.channel.troubles()).toEqual([])
  })
})

test('the platform’s warning that it will switch the app off is a trouble until it is taken back', async () => {
  app = await aWecomApp()
  const event = (name: string) =>
    post(`<xml><FromUserName>sys</FromUserName><MsgType>event</MsgType><Event>${name}</Event></xml>`)
  await event('inactive_alert')
  expect(app.channel.troubles().join()).toContain('switch this app off')
  await event('reopen_inactive_agent')
  expect(app.channel.troubles()).toEqual([])
})

test('an app without token or with a broken key is not made (must-survive 14)', async () => {
  app = await aWecomApp()
  await expect(aWecomApp({ settings: { token: '' } })).rejects.toThrow('WECOM_TOKEN')
  await expect(aWecomApp({ settings: { aesKey: 'short' } })).rejects.toThrow('WECOM_AES_KEY')
})
