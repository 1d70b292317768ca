import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../bot/log.ts'
import { hours, minutes, type ComplaintId } from '../../workflows/ids.ts'
import { aServer, type Server } from './server.ts'

let lines: string[]

beforeEach(() => {
  lines = []
})

const aLog = () => createLog('trace', { write: (line) => void lines.push(line) })

describe('the logger', () => {
  it('writes JSON lines with the time, and no host', () => {
    aLog().info({ inbox: 7 }, 'a turn failed')
    const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>
    expect(line).toMatchObject({ level: 30, inbox: 7, msg: 'a turn failed' })
    expect(String(line.time)).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect(Object.keys(line)).not.toContain('hostname')
  })

  it('tells of an error its class, code and place, never its message', () => {
    const error = Object.assign(new RangeError('王女士 13900000001'), { code: 'SQLITE_FULL' })
    aLog().error({ err: error }, 'a request failed')
    expect(lines[0]).toContain('RangeError')
    expect(lines[0]).toContain('SQLITE_FULL')
    expect(lines[0]).toContain('log.test.ts')
    expect(lines[0]).not.toContain('王女士')
    expect(lines[0]).not.toContain('13900000001')
  })

  it('hides what should not have been logged, at the top and one level down', () => {
    const private_ = { text: '王女士', phone: '13900000001', to: 'wx-a', senderName: '王女士' }
    aLog().info({ ...private_, outbound: private_ }, 'sent')
    expect(lines[0]).not.toMatch(/王女士|13900000001|wx-a/)
  })

  it('is silent below its level', () => {
    createLog('error', { write: (line) => void lines.push(line) }).warn('quiet')
    expect(lines).toEqual([])
  })
})

/** Invented people: none of this may stand in a log line, a metric or `/readyz`. */
const corpus = {
  resident: '欧阳晓彤',
  staff: 'ZhangJianGuo',
  phone: '13900000001',
  hand: '13800007777',
  words: '楼上半夜砸墙我快疯了',
  file: '欧阳晓彤的身份证.jpg',
  contact: 'wxid_ouyang',
  stranger: 'ChenWeiQiang',
  room: '1单元1808',
}

describe('no personal data', () => {
  let server: Server

  beforeEach(async () => {
    const log = aLog()
    server = await aServer({ log, fullLog: log })
  })

  afterEach(async () => {
    await server.stop()
  })

  const leaks = (text: string): readonly string[] =>
    Object.values(corpus).filter((word) => text.includes(word))
  const from = { sender: corpus.contact, senderName: corpus.resident }

  it('stands in logs, metrics or readiness, whatever goes wrong with it (must-survive 38)', async () => {
    const { engine } = server
    const said = `${corpus.words}，我住${corpus.room}，${corpus.resident}，${corpus.phone}`

    // All goes well, and then nothing does: turns, understanding, sends, files, requests.
    await engine.writes(`报修 ${said}`, from)
    await engine.writes('发码', from)
    await engine.settle()
    await engine.writes(`坏 ${said}`, from)
    engine.steps.understand = (text) => {
      throw new Error(text)
    }
    await engine.writes(said, from)
    engine.wechat.answer = ({ body }) => {
      throw new Error(JSON.stringify(body))
    }
    await engine.writes(`说promise ${said}`, from)
    await engine.clock.pass(minutes(1))
    engine.wechat.answer = () => ({ type: 'refused', why: 'recipient', detail: 'no such contact' })
    await engine.writes(said, from)
    await engine.settle()
    engine.wechat.files.set(corpus.file, () => {
      throw new Error(corpus.file)
    })
    await engine.writes({ type: 'media', kind: 'image', media: corpus.file, name: corpus.file }, from)
    await engine.settle()
    engine.wechat.cannotRelease = true
    await engine.writes(
      { type: 'media', kind: 'image', media: `gone ${corpus.file}`, name: corpus.file },
      from,
    )
    await engine.settle()
    engine.wecom.answer = () => ({ type: 'refused', why: 'recipient', detail: '81013' })
    const app = { channel: 'wecom', account: 'corp' } as const
    await engine.writes(said, { ...app, sender: corpus.stranger, senderName: corpus.resident })
    await engine.writes(said, { ...app, sender: corpus.staff })
    await engine.inbox.submit(
      { to: 'complaint', id: 1 as ComplaintId },
      { type: 'danger', danger: { type: 'fire', lift: false, self: true }, text: said },
    )
    await engine.settle()
    const body = { estate: 'hefeng', text: said, phone: corpus.hand }
    await server.post('/api/complaints', body)
    await server.post('/api/complaints', { ...body, [corpus.resident]: said })
    await server.post('/api/complaints', `{"text":"${said}"`)
    await server.ask(`/api/complaints/${encodeURIComponent(corpus.resident)}`)
    await server.ask(`/${corpus.phone}`)
    engine.store.reads.list = () => {
      throw new Error(said)
    }
    await server.ask('/api/complaints')
    await engine.clock.pass(hours(5))
    await engine.settle()

    const logged = lines.join('')
    expect(lines.length).toBeGreaterThan(8)
    for (const expected of [
      'a turn failed',
      'a text could not be understood',
      'a channel threw while sending',
      'a send was not accepted',
      'a file could not be fetched',
      'a request failed',
    ])
      expect(logged, expected).toContain(expected)
    expect(leaks(logged)).toEqual([])
    const ready = await server.ask('/readyz')
    expect(leaks(JSON.stringify(ready.body))).toEqual([])
    expect(JSON.stringify(ready.body)).toContain('1 people wrote')
    expect(leaks(String((await server.ask('/metrics')).body))).toEqual([])
    expect(leaks(JSON.stringify((await server.ask('/api/undelivered')).body))).toEqual([])
  })
})
