import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkAlarm } from '../../../bot/doctor/alarm.ts'
import type { Finding } from '../../../bot/doctor/finding.ts'
import { checkModel } from '../../../bot/doctor/model.ts'
import { checkProgram } from '../../../bot/doctor/program.ts'
import { checkWechaty } from '../../../bot/doctor/wechaty.ts'
import { aCompany } from '../../support/builders.ts'
import { ALARM_SECRET, anAlarmService, status } from '../../support/alarm-service.ts'
import { aLanguageModel, faults, says } from '../../support/language-model.ts'

const texts = (findings: readonly Finding[]) => findings.map(({ mark, text }) => `${mark}: ${text}`)

describe('the alarm service', () => {
  it('is only knocked at, unless asked to ring', async () => {
    const service = await anAlarmService()
    const settings = { url: service.url, secret: ALARM_SECRET }
    expect(texts(await checkAlarm(settings, null, false))).toEqual([
      expect.stringMatching(/^ok: the alarm service can be reached/),
    ])
    expect(service.posts).toEqual([])

    expect(texts(await checkAlarm(settings, null, true))).toEqual([
      'ok: the alarm service took a signed test post.',
    ])
    expect(service.posts).toMatchObject([{ signed: true, json: { type: 'test', test: true, call: [] } }])
    await service.close()
  })

  it('that refuses the test, or is not there, is wrong; its address and secret are not shown', async () => {
    const service = await anAlarmService()
    const settings = { url: service.url, secret: ALARM_SECRET }
    service.answers(status(401))
    const refused = texts(await checkAlarm(settings, null, true))
    await service.close()
    const gone = texts(await checkAlarm(settings, null, false))
    expect(refused).toEqual([expect.stringMatching(/^wrong: .*HTTP 401.*ALARM_WEBHOOK_SECRET/)])
    expect(gone).toEqual([expect.stringMatching(/^wrong: .*cannot be reached \(ECONNREFUSED\)/)])
    for (const secret of [ALARM_SECRET, new URL(service.url).port, '/ring'])
      expect([...refused, ...gone].join()).not.toContain(secret)
  })

  it('cannot call whom the estate file gives no phone of', async () => {
    const service = await anAlarmService()
    const company = aCompany()
    const found = texts(await checkAlarm({ url: service.url, secret: ALARM_SECRET }, company, false))
    const people = [...company.staff, ...company.estates.flatMap((estate) => estate.staff)]
    const silent = people.filter(({ phone, active, role }) => active && role !== 'admin' && phone === null)
    expect(found.length).toBe(silent.length > 0 ? 2 : 1)
    for (const { id } of silent) expect(found[1]).toContain(id)
    await service.close()
  })

  it('behind https must show a certificate for its name', async () => {
    const service = await anAlarmService()
    const url = service.url.replace('http:', 'https:')
    const [only] = await checkAlarm({ url, secret: ALARM_SECRET }, null, false)
    expect(only?.mark).toBe('wrong')
    await service.close()
  })
})

describe('the language model', () => {
  it('is asked once, with a sentence nobody wrote, and what is wrong is said without the key', async () => {
    expect(texts(await checkModel(null))).toEqual([expect.stringMatching(/^note: .*rules alone/)])
    const server = await aLanguageModel(says({ kind: 'repair', code: 'RP02', time: '昨晚' }))
    const config = { baseUrl: server.url, apiKey: 'sk-secret', model: 'played', extraBody: {}, dailyCap: 1 }
    expect(texts(await checkModel(config))).toEqual([
      expect.stringMatching(/^ok: the language model answers as it should \(\d+\.\d s\)\.$/),
    ])
    expect(server.requests).toHaveLength(1)

    const found: string[] = []
    for (const answer of [faults(401), faults(404), says('您好！'), says('', 'length')]) {
      server.answer = answer
      found.push(...texts(await checkModel(config)))
    }
    await server.close()
    found.push(...texts(await checkModel(config)))
    expect(found).toEqual([
      expect.stringMatching(/^wrong: .*LLM_API_KEY/),
      expect.stringMatching(/^wrong: .*LLM_BASE_URL.*LLM_MODEL/),
      expect.stringMatching(/^wrong: .*JSON/),
      expect.stringMatching(/^wrong: .*cut off/),
      expect.stringMatching(/^wrong: .*cannot be reached/),
    ])
    expect(found.join()).not.toMatch(/sk-secret|127\.0/)
  })
})

describe('the program', () => {
  let server: Server | null = null
  afterEach(async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)))
    server = null
  })

  async function answering(body: string): Promise<number> {
    server = createServer((_request, response) => void response.end(body))
    const listening = server
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    return (listening.address() as AddressInfo).port
  }
  const check = async (port: number, known: readonly string[] = []) => {
    const { runs, findings } = await checkProgram({ host: '0.0.0.0', port }, known)
    return [runs, ...texts(findings)]
  }

  it('that runs is asked what it warns of, but for what was said already', async () => {
    const port = await answering(
      JSON.stringify({ ready: true, errors: [], warnings: ['old news', 'a timer is late'] }),
    )
    expect(await check(port, ['old news.'])).toEqual([
      true,
      'ok: the program runs and takes work.',
      'look: the running program says: a timer is late',
    ])
  })

  it('that takes no work says why', async () => {
    const port = await answering(
      JSON.stringify({
        ready: false,
        errors: ['the database cannot be written (SQLITE_FULL)'],
        warnings: [],
      }),
    )
    expect(await check(port)).toEqual([
      true,
      'wrong: the program runs, but takes no work: the database cannot be written (SQLITE_FULL).',
    ])
  })

  it.each(['<html>another program</html>', '{"hello":1}'])(
    'is not taken for what else answers: %s',
    async (body) => {
      const found = await check(await answering(body))
      expect(found[0]).toBe(false)
      expect(found[1]).toMatch(/^wrong: .*set another PORT/)
    },
  )

  it('that does not run is no mistake', async () => {
    const port = await answering('')
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
    expect(await check(port)).toEqual([false, 'note: the program does not run now.'])
  })
})

describe('wechaty', () => {
  const check = async (puppet: string, environment: Record<string, string> = {}) =>
    texts(await checkWechaty({ puppet, environment }))

  it('loads the puppet, and tells whether a token is set', async () => {
    expect(await check('wechaty-puppet-mock')).toEqual([
      'ok: the puppet wechaty-puppet-mock loads; no token is set, which few puppets do without.',
    ])
  })

  it('names a package that is not installed, or holds no puppet', async () => {
    expect(await check('wechaty-puppet-nobody')).toEqual([
      expect.stringContaining('wrong: the puppet wechaty-puppet-nobody is not installed: npm install'),
    ])
    expect(await check('yaml')).toEqual([expect.stringContaining('wrong: the package yaml holds no puppet')])
  })

  it('over the puppet service asks whether it listens, and shows no token', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const environment = {
      WECHATY_PUPPET_SERVICE_TOKEN: 'insecure_secret',
      WECHATY_PUPPET_SERVICE_ENDPOINT: endpoint,
    }
    const heard = await check('wechaty-puppet-service', environment)
    await new Promise((resolve) => server.close(resolve))
    const gone = await check('wechaty-puppet-service', environment)
    expect(heard).toEqual([expect.stringContaining('a token is set'), 'ok: the puppet service listens.'])
    expect(gone[1]).toMatch(/^wrong: the puppet service cannot be reached \(ECONNREFUSED\)/)
    expect([...heard, ...gone].join()).not.toContain('insecure_secret')
  })
})
