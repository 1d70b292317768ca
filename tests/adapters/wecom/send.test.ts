import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApi } from '../../../adapters/wecom/api.ts'
import { createTroubles } from '../../../adapters/troubles.ts'
import type { Outbound, Outcome } from '../../../adapters/channel.ts'
import { minutes, seconds } from '../../../workflows/ids.ts'
import { errcode, hangUp, json, raw, scriptedWecom } from '../../support/scripted-wecom.ts'
import type { ScriptedReply } from '../../support/scripted-wecom.ts'
import { aCard, anOutbound, aWecomApp, NOON, SETTINGS } from '../../support/wecom-app.ts'
import type { WecomApp } from '../../support/wecom-app.ts'
import { TABLE } from './errcodes.ts'

const codesOf = (reaction: 'token' | 'others'): number[] =>
  TABLE.flatMap(([name, codes]) => ((name === 'token') === (reaction === 'token') ? codes : []))

let app: WecomApp
beforeEach(async () => void (app = await aWecomApp()))
afterEach(() => app.close())

const say = (text = '已接单', more: Partial<Outbound> = {}): Promise<Outcome> =>
  app.channel.send(anOutbound({ type: 'text', text }, more))
const sent = () => app.wecom.callsOf('message/send')
const contents = () => sent().map((call) => (call.json.text as { content: string }).content)
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}
/** Announces so many bytes, sends fewer and cuts the connection. */
const half =
  (body: string, announced: number): ScriptedReply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': announced }).write(body)
    setTimeout(() => response.socket?.destroy(), 20)
  }
const accepted = (ref: string | null, code: string | null = null): Outcome => ({
  type: 'accepted',
  ref,
  code,
})

describe('a text', () => {
  test('goes to one person, marked so that a repeat is recognised', async () => {
    expect(await say()).toEqual(accepted('msg-1'))
    expect(sent()[0]?.json).toEqual({
      touser: 'ZhangJianGuo',
      agentid: 1000012,
      msgtype: 'text',
      text: { content: '已接单' },
      enable_duplicate_check: 1,
      duplicate_check_interval: 121,
    })
    expect(sent()[0]?.body.toString('utf8')).toContain('已接单')
  })

  test('above 2048 bytes goes in pieces, in order, and can be taken back whole', async () => {
    const text = '3栋2单元漏水👷‍♂️'.repeat(200)
    expect(await say(text)).toEqual(accepted('msg-1 msg-2 msg-3'))
    expect(contents().join('')).toBe(text)
    for (const content of contents()) expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048)
    await app.channel.send(anOutbound({ type: 'recall', ref: 'msg-1 msg-2' }))
    expect(app.wecom.callsOf('message/recall').map((call) => call.json)).toEqual([
      { msgid: 'msg-1' },
      { msgid: 'msg-2' },
    ])
  })

  test('that broke off between two pieces goes on where it stopped', async () => {
    const text = '一二三四五六七八'.repeat(200)
    app.wecom.answers('message/send', json({ errcode: 0, msgid: 'first' }), errcode(-1))
    expect(await say(text)).toMatchObject({ type: 'later' })
    expect(await say(text, { attempt: 2 })).toEqual(accepted('first msg-1 msg-2'))
    const [first, failed, ...rest] = contents()
    expect(failed).toBe(rest[0])
    expect([first, ...rest].join('')).toBe(text)
  })

  test('said again for another reason is another body; a retry is the same one', async () => {
    app.wecom.answers('message/send', json({ errcode: 0, msgid: 'a' }), errcode(-1))
    await say('要问住户什么？', { id: 7 })
    await say('要问住户什么？', { id: 8, key: 'two' })
    await say('要问住户什么？', { id: 8, key: 'two', attempt: 2 })
    const [first, second, retry] = sent().map((call) => call.body.toString())
    expect(second).not.toBe(first)
    expect(retry).toBe(second)
  })

  test('said three times within minutes, sixty sends apart, is another body each time, and each retry its own', async () => {
    for (const id of [7, 67, 127, 67, 7]) await say('照片收到', { id, key: `k${id}` })
    const [one, two, three, twoAgain, oneAgain] = sent().map((call) => call.body.toString())
    expect(new Set([one, two, three]).size).toBe(3)
    expect([twoAgain, oneAgain]).toEqual([two, one])
  })

  test('tried again by another process is the same body still, whatever that one sent before', async () => {
    await say('照片收到', { id: 67 })
    const successor = await aWecomApp()
    await successor.channel.send(anOutbound({ type: 'text', text: '照片收到' }, { id: 7 }))
    await successor.channel.send(anOutbound({ type: 'text', text: '照片收到' }, { id: 67, attempt: 2 }))
    const [other, again] = successor.wecom.callsOf('message/send').map((call) => call.body.toString())
    await successor.close()
    expect(again).toBe(sent()[0]?.body.toString())
    expect(other).not.toBe(again)
  })

  test('that is empty is refused before it is sent', async () => {
    expect(await say('')).toMatchObject({ type: 'refused', why: 'content' })
    expect(sent()).toEqual([])
  })

  test.each(['a|b', '@all', '@ALL', ''])('never goes to several people by mistake: %j', async (to) => {
    expect(await say('x', { to })).toMatchObject({ type: 'refused', why: 'recipient' })
    expect(sent()).toEqual([])
  })
})

describe('a card', () => {
  test('is sent under its task, and its code is kept', async () => {
    app.wecom.answers('message/send', json({ errcode: 0, errmsg: 'ok', msgid: 'm', response_code: 'code-1' }))
    const outcome = await app.channel.send(anOutbound({ type: 'card', task: 'T-1', card: aCard() }))
    expect(outcome).toEqual(accepted('m', 'code-1'))
    expect(sent()[0]?.json).toMatchObject({
      msgtype: 'template_card',
      template_card: { card_type: 'button_interaction', task_id: 'T-1' },
      enable_duplicate_check: 1,
    })
  })

  test('gets a new face by its code', async () => {
    const body = { type: 'cardUpdate', task: 'T-1', code: 'code-1', card: aCard({ buttons: [] }) } as const
    expect(await app.channel.send(anOutbound(body))).toEqual(accepted(null))
    const [update] = app.wecom.callsOf('message/update_template_card')
    expect(update?.json).toMatchObject({
      userids: ['ZhangJianGuo'],
      agentid: 1000012,
      response_code: 'code-1',
      template_card: { card_type: 'text_notice' },
    })
    expect(update?.json).not.toHaveProperty('template_card.task_id')
    expect(update?.json).not.toHaveProperty('touser')
  })

  test('whose code is spent cannot be changed any more', async () => {
    app.wecom.answers('message/update_template_card', errcode(42022))
    const body = { type: 'cardUpdate', task: 'T-1', code: 'spent', card: aCard() } as const
    expect(await app.channel.send(anOutbound(body))).toEqual({
      type: 'refused',
      why: 'code',
      detail: 'message/update_template_card: errcode 42022',
    })
  })

  test('that nobody there can see is not changed: the invalid ids are a list here', async () => {
    app.wecom.answers('message/update_template_card', json({ errcode: 0, invaliduser: ['zhangjianguo'] }))
    const body = { type: 'cardUpdate', task: 'T-1', code: 'c', card: aCard() } as const
    expect(await app.channel.send(anOutbound(body))).toMatchObject({ type: 'refused', why: 'recipient' })
  })
})

describe('errcode 0 is not always delivery', () => {
  test('our recipient among the invalid ones: refused', async () => {
    app.wecom.answers('message/send', json({ errcode: 0, invaliduser: 'other|zhangjianguo', msgid: 'm' }))
    expect(await say()).toMatchObject({ type: 'refused', why: 'recipient' })
  })
  test('only others among them: accepted', async () => {
    app.wecom.answers('message/send', json({ errcode: 0, invaliduser: 'zhangjian|guo', msgid: 'm' }))
    expect(await say()).toEqual(accepted('m'))
  })
  test('without licence: an administrator must act', async () => {
    app.wecom.answers('message/send', json({ errcode: 0, unlicenseduser: 'zhangjianguo', msgid: 'm' }))
    expect(await say()).toMatchObject({ type: 'refused', why: 'configuration' })
    expect(app.channel.troubles().join()).toContain('licence')
    await say('x', { to: 'LiMin' })
    expect(app.channel.troubles()).toEqual([])
  })
  test('an answer without errcode, msgid or with odd fields is still a yes', async () => {
    app.wecom.answers('message/send', json({ msgid: 5, invaliduser: null, response_code: '' }))
    expect(await say()).toEqual(accepted(null))
  })
})

describe('the token', () => {
  test('is fetched once for many sends', async () => {
    await Promise.all([say('1'), say('2'), say('3')])
    expect(app.wecom.callsOf('gettoken')).toHaveLength(1)
    expect(app.wecom.callsOf('gettoken')[0]?.query.toString()).toBe(
      'corpid=ww7f0c1a52d3e94b68&corpsecret=the-secret',
    )
    expect(new Set(sent().map((call) => call.query.get('access_token')))).toEqual(new Set(['token-1']))
  })

  test.each([40014, 42001, 41001])(
    'that died early (%i) is replaced once and the call repeated once',
    async (code) => {
      app.wecom.answers('message/send', errcode(code))
      expect(await say()).toEqual(accepted('msg-1'))
      expect(sent().map((call) => call.query.get('access_token'))).toEqual(['token-1', 'token-2'])
    },
  )

  test('that dies again is left for later', async () => {
    app.wecom.answers('message/send', errcode(42001), errcode(42001))
    expect(await say()).toEqual({ type: 'later', after: minutes(1), detail: 'message/send: errcode 42001' })
    expect(sent()).toHaveLength(2)
  })

  test('that died under many sends at once is replaced once', async () => {
    await say('0')
    const byToken: ScriptedReply = (response, call) => {
      const reply =
        call.query.get('access_token') === 'token-1' ? errcode(40014) : json({ errcode: 0, msgid: 'm' })
      reply(response, call)
    }
    app.wecom.answers('message/send', ...Array.from({ length: 10 }, () => byToken))
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map((n) => say(`${n}`, { key: `k${n}` })))
    expect(outcomes.every(({ type }) => type === 'accepted')).toBe(true)
    expect(app.wecom.callsOf('gettoken')).toHaveLength(2)
  })

  test('refused for its secret: no loop, one sentence for the administrator, gone when it is mended', async () => {
    app.wecom.answers('gettoken', errcode(40001))
    expect(await say()).toEqual({ type: 'later', after: minutes(5), detail: 'gettoken: errcode 40001' })
    for (let i = 0; i < 10; i++) await say()
    expect(app.wecom.callsOf('gettoken')).toHaveLength(1)
    expect(sent()).toEqual([])
    expect(app.channel.troubles()).toHaveLength(1)
    expect(app.channel.troubles()[0]).toMatch(/40001: .*WECOM_SECRET/)
    app.clock.now += minutes(5)
    expect(await say()).toEqual(accepted('msg-1'))
    expect(app.channel.troubles()).toEqual([])
  })

  test('is looked for at start; a platform out of reach does not stop it', async () => {
    app.wecom.answers('gettoken', errcode(40013))
    await app.channel.start()
    expect(app.channel.troubles().join()).toContain('WECOM_CORP_ID')
  })
})

describe('errors inside HTTP 200', () => {
  // platforms.md section 1, all of them: over the wire, none is ever taken for a success.
  test.each(codesOf('others'))(
    '%i is recorded as failed, under its class (must-survive 17)',
    async (code) => {
      app.wecom.answers('message/send', errcode(code))
      const outcome = await say()
      expect(outcome).toMatchObject({ detail: `message/send: errcode ${code}` })
      expect(outcome.type).toMatch(/^(refused|later)$/)
      expect(sent()).toHaveLength(1)
    },
  )
  test.each(codesOf('token'))('%i: one new token, and it goes (must-survive 17)', async (code) => {
    app.wecom.answers('message/send', errcode(code))
    expect(await say()).toMatchObject({ type: 'accepted' })
    expect(app.wecom.callsOf('gettoken')).toHaveLength(2)
  })
  test.each([
    [-1, { type: 'later', after: seconds(2) }],
    [45009, { type: 'later', after: minutes(1) }],
    [45033, { type: 'later', after: seconds(2) }],
    [60111, { type: 'refused', why: 'recipient' }],
    [81013, { type: 'refused', why: 'recipient' }],
    [40058, { type: 'refused', why: 'content' }],
    [60021, { type: 'refused', why: 'configuration' }],
  ])('%i', async (code, outcome) => {
    app.wecom.answers('message/send', errcode(code))
    expect(await say()).toEqual({ ...outcome, detail: `message/send: errcode ${code}` })
  })

  test('an IP that is not listed holds the messages, tells the administrator, and is over with the next success', async () => {
    app.wecom.answers('message/send', errcode(60020))
    expect(await say()).toMatchObject({ type: 'later', after: minutes(2) })
    expect(app.channel.troubles()).toHaveLength(1)
    expect(app.channel.troubles()[0]).toMatch(/60020: .*企业可信IP/)
    await say()
    expect(app.channel.troubles()).toEqual([])
  })

  test('what the platform says about it is not repeated anywhere, but for the address to be allowed', async () => {
    app.wecom.answers('message/send', errcode(60020))
    const outcome = await say()
    const logged = [JSON.stringify(outcome), app.logged()].join()
    const [trouble, ...others] = app.channel.troubles()
    expect(logged).not.toContain('203.0.113.7')
    expect(trouble).toContain('add its public IP 203.0.113.7 to 企业可信IP')
    expect(others).toEqual([])
    expect([logged, trouble].join()).not.toMatch(/secret words|ZhangJianGuo|the-secret|token-1/)
    expect(app.logged()).toContain('60020')
  })
})

describe('answers that are none', () => {
  test.each([
    ['429 with a wait', json({}, 429, { 'retry-after': '7' }), { type: 'later', after: seconds(7) }],
    ['429', json({}, 429), { type: 'later', after: minutes(1) }],
    ['503', raw('', 'text/html', 503), { type: 'later', after: seconds(2) }],
    ['500: perhaps it was done', raw('<h1>oops</h1>', 'text/html', 500), { type: 'unknown' }],
    ['502', raw('', 'text/html', 502), { type: 'unknown' }],
    ['blank', raw('  \n', 'application/json'), { type: 'unknown' }],
    ['not JSON', raw('<html>login</html>', 'text/html'), { type: 'unknown' }],
    ['not an object', raw('[]', 'application/json'), { type: 'unknown' }],
    ['a connection cut after the request left', hangUp, { type: 'unknown' }],
    ['half a body', half('{"errcode":0,"msgid":"m', 64), { type: 'unknown' }],
    [
      'half a body that says it is whole',
      raw('{"errcode":0,"msgid":"m', 'application/json'),
      { type: 'unknown' },
    ],
    ['404: not the platform', raw('', 'text/html', 404), { type: 'later', after: minutes(2) }],
    [
      'a redirect, which is not followed',
      json({}, 302, { location: '/cgi-bin/elsewhere' }),
      { type: 'later' },
    ],
  ])('%s', async (_what, reply, outcome) => {
    app.wecom.answers('message/send', reply)
    expect(await say()).toMatchObject(outcome)
    expect(sent()).toHaveLength(1)
  })

  test('nobody listening: it never left, try later; a trouble until somebody answers', async () => {
    const gone = await scriptedWecom()
    await gone.close()
    const nowhere = await aWecomApp({ settings: { apiBase: gone.base } })
    const outcome = await nowhere.channel.send(anOutbound({ type: 'text', text: 'x' }))
    expect(outcome).toEqual({ type: 'later', after: seconds(2), detail: 'gettoken: ECONNREFUSED' })
    expect(nowhere.channel.troubles().join()).toContain('cannot be reached')
    await nowhere.close()
  })

  test.each([
    ['refused', 'ECONNREFUSED', 'connect', 'later'],
    ['name unknown', 'ENOTFOUND', 'getaddrinfo', 'later'],
    ['certificate wrong', 'CERT_HAS_EXPIRED', undefined, 'later'],
    ['connecting took too long', 'UND_ERR_CONNECT_TIMEOUT', undefined, 'later'],
    ['reset while waiting', 'ECONNRESET', 'read', 'unknown'],
    ['closed by the other side', 'UND_ERR_SOCKET', undefined, 'unknown'],
  ])('a connection %s', async (_what, code, syscall, type) => {
    const cause = Object.assign(new Error('at 10.0.0.1'), { code, syscall })
    const broken = await aWecomApp({
      fetch: (url, init) => {
        const path = url instanceof URL ? url.pathname : ''
        return path.endsWith('gettoken')
          ? fetch(url, init)
          : Promise.reject(new TypeError('fetch failed', { cause }))
      },
    })
    const outcome = await broken.channel.send(anOutbound({ type: 'text', text: 'x' }))
    expect(outcome).toMatchObject({ type, detail: `message/send: ${code}` })
    await broken.close()
  })

  test('a token that was lost on the way means only that nothing was sent', async () => {
    app.wecom.answers('gettoken', hangUp)
    expect(await say()).toMatchObject({ type: 'later' })
  })

  test('silence ends at the time limit, and nobody knows', async () => {
    let reached = (): void => undefined
    const arrived = new Promise<void>((resolve) => (reached = resolve))
    app.wecom.answers('message/send', () => reached())
    const api = createApi({
      ...SETTINGS,
      apiBase: app.wecom.base,
      clock: () => NOON,
      troubles: createTroubles(),
      log: pino({ level: 'silent' }),
      fetch,
      limits: { call: 50, file: 50 },
    })
    const waiting = api.post('message/send', {})
    // A signal that only its own timer knows would be collected here, and never fire.
    await arrived
    collectGarbage()
    await expect(waiting).rejects.toMatchObject({
      reaction: 'lost',
      message: 'message/send: TimeoutError',
    })
  })

  test('stopping ends what is under way', async () => {
    let reached = (): void => undefined
    const arrived = new Promise<void>((resolve) => (reached = resolve))
    app.wecom.answers('message/send', () => reached())
    const outcome = say()
    await arrived
    await app.channel.stop()
    expect(await outcome).toMatchObject({ type: 'unknown' })
  })
})

test('more than 30 a minute to one person are not sent, since the platform would swallow them', async () => {
  for (let i = 0; i < 30; i++) await say(`${i}`)
  app.clock.now += seconds(20)
  expect(await say('31')).toMatchObject({ type: 'later', after: seconds(40) })
  expect(await say('1', { to: 'LiMin' })).toMatchObject({ type: 'accepted' })
  expect(sent()).toHaveLength(31)
  app.clock.now += seconds(40)
  expect(await say('31')).toMatchObject({ type: 'accepted' })
})
