import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAlarm } from '../../../adapters/alarm/index.ts'
import { MediaGone, type AlarmBody, type Channel, type Outbound } from '../../../adapters/channel.ts'
import { minutes, seconds, type StaffId } from '../../../workflows/ids.ts'
import { ALARM_SECRET, anAlarmService, status, type AlarmService } from '../../support/alarm-service.ts'

const NIGHT = Date.UTC(2026, 10, 23, 19, 4, 5)

const alarm: AlarmBody = {
  type: 'alarm',
  id: 'alarm-7-3',
  at: NIGHT,
  why: 'danger',
  complaint: 'TS-20261124-0007',
  severity: 'S1',
  danger: 'trapped',
  lift: true,
  place: '3栋2单元电梯',
  estate: '和风苑',
  dutyPhone: '0731-88881111',
  round: 3,
  call: [{ staff: 'zhang' as StaffId, name: '张建国', phone: '13900000001' }],
}

const outbound = (more: Partial<Outbound> = {}): Outbound => ({
  id: 12,
  channel: 'alarm',
  account: 'webhook',
  to: 'webhook',
  body: alarm,
  key: 'db-12',
  attempt: 1,
  ...more,
})

let service: AlarmService
let channel: Channel
let now: number

beforeEach(async () => {
  service = await anAlarmService()
  now = NIGHT + seconds(2)
  channel = createAlarm({ url: service.url, secret: ALARM_SECRET }, { clock: () => now, deadline: 300 })
})

afterEach(async () => {
  await channel.stop()
  await service.close()
})

describe('an alarm', () => {
  it('is posted once, signed over its time and its very bytes', async () => {
    expect(await channel.send(outbound())).toEqual({ type: 'accepted', ref: null, code: null })

    expect(service.posts).toHaveLength(1)
    const [post] = service.posts
    expect(post).toMatchObject({
      path: 'POST /ring?line=1',
      signed: true,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-complaint-line-id': 'alarm-7-3',
        'x-complaint-line-timestamp': String(Math.floor(now / 1000)),
      },
      json: { ...alarm, at: '2026-11-23T19:04:05.000Z' },
    })
  })

  it('keeps its id on a retry, under a new time and signature', async () => {
    service.answers(status(503))
    expect(await channel.send(outbound())).toMatchObject({ type: 'later' })
    now += seconds(30)
    expect(await channel.send(outbound({ attempt: 2 }))).toMatchObject({ type: 'accepted' })

    const [first, second] = service.posts.map((post) => post.headers)
    expect(service.posts.map((post) => post.signed)).toEqual([true, true])
    expect(second?.['x-complaint-line-id']).toBe(first?.['x-complaint-line-id'])
    expect(second?.['x-complaint-line-timestamp']).not.toBe(first?.['x-complaint-line-timestamp'])
    expect(second?.['x-complaint-line-signature']).not.toBe(first?.['x-complaint-line-signature'])
  })

  it('of more than ten minutes ago wakes nobody', async () => {
    now = NIGHT + minutes(10) + 1
    expect(await channel.send(outbound())).toMatchObject({ type: 'refused', why: 'window' })
    expect(service.posts).toEqual([])
    expect(channel.troubles()).toEqual([])
  })
})

describe('what the service answers', () => {
  it.each([
    [200, 'accepted'],
    [202, 'accepted'],
    [204, 'accepted'],
    [408, 'later'],
    [429, 'later'],
    [500, 'later'],
    [502, 'later'],
    [503, 'later'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [410, 'refused'],
  ])('HTTP %i means %s', async (code, meaning) => {
    service.answers(status(code))
    expect((await channel.send(outbound())).type).toBe(meaning)
    expect(channel.troubles().length).toBe(meaning === 'accepted' ? 0 : 1)
  })

  it('is waited for as it asks, a minute at most', async () => {
    service.answers(status(429, { 'retry-after': '7' }), status(503, { 'retry-after': '86400' }))
    expect(await channel.send(outbound())).toEqual({ type: 'later', after: seconds(7), detail: 'HTTP 429' })
    expect(await channel.send(outbound())).toEqual({ type: 'later', after: minutes(1), detail: 'HTTP 503' })
  })

  it('is waited for longer with each try where it says nothing', async () => {
    const waits: number[] = []
    for (const attempt of [1, 2, 3, 9]) {
      service.answers(status(500))
      const outcome = await channel.send(outbound({ attempt }))
      if (outcome.type === 'later') waits.push(outcome.after)
    }
    expect(waits).toEqual([seconds(2), seconds(4), seconds(8), minutes(1)])
  })

  it('is not followed elsewhere', async () => {
    const elsewhere = await anAlarmService()
    service.answers(status(307, { location: elsewhere.url }))
    expect(await channel.send(outbound())).toMatchObject({ type: 'refused', why: 'configuration' })
    expect(elsewhere.posts).toEqual([])
    expect(channel.troubles().join()).toContain('redirects')
    await elsewhere.close()
  })

  it('is told on /readyz until it is well again', async () => {
    service.answers(status(401))
    await channel.send(outbound())
    expect(channel.troubles()).toEqual([
      expect.stringContaining('ALARM_WEBHOOK_SECRET is the same on both sides'),
    ])
    await channel.send(outbound())
    expect(channel.troubles()).toEqual([])
  })
})

describe('a service that does not answer', () => {
  it('may have been reached: unknown, within the deadline', async () => {
    service.answers(() => undefined)
    const began = performance.now()
    expect(await channel.send(outbound())).toEqual({ type: 'unknown', detail: 'TimeoutError' })
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(channel.troubles()).toEqual([expect.stringContaining('does not answer')])
  })

  it('and hangs up after the request has left, may have been reached as well', async () => {
    service.answers((response) => response.socket?.destroy())
    expect(await channel.send(outbound())).toMatchObject({ type: 'unknown' })
  })

  it('and never ends its answer’s body holds nothing up', async () => {
    service.answers((response) => void response.writeHead(200).write('and '.repeat(1_000)))
    expect(await channel.send(outbound())).toMatchObject({ type: 'accepted' })
  })

  it('because nothing listens there was surely not reached: later', async () => {
    await service.close()
    expect(await channel.send(outbound())).toEqual({
      type: 'later',
      after: seconds(2),
      detail: 'ECONNREFUSED',
    })
    expect(channel.troubles()).toEqual([expect.stringContaining('cannot be reached (ECONNREFUSED)')])
  })

  it('ends with the program', async () => {
    const patient = createAlarm({ url: service.url, secret: ALARM_SECRET }, { clock: () => now })
    const arrived = new Promise<void>((resolve) => service.answers(() => resolve()))
    const sending = patient.send(outbound())
    await arrived
    await patient.stop()
    expect(await sending).toMatchObject({ type: 'unknown' })
  })
})

it('outcomes and troubles, which are logged and shown, name no person, number, address or secret', async () => {
  const told: unknown[] = []
  const answers = [status(200), status(302, { location: 'http://x' }), status(401), status(404), status(500)]
  for (const answer of answers) {
    service.answers(answer)
    told.push(await channel.send(outbound()), channel.troubles())
  }
  service.answers((response) => response.socket?.destroy())
  told.push(await channel.send(outbound()), channel.troubles())
  await service.close()
  told.push(await channel.send(outbound()), channel.troubles())
  const port = new URL(service.url).port
  for (const secret of [ALARM_SECRET, '张建国', '13900000001', '3栋', 'words of the service', port])
    expect(JSON.stringify(told)).not.toContain(secret)
})

it('anything but an alarm is refused, and there is no media', async () => {
  const text = outbound({ body: { type: 'text', text: '您好' } })
  expect(await channel.send(text)).toMatchObject({ type: 'refused', why: 'content' })
  await expect(channel.fetch('x')).rejects.toThrow(MediaGone)
  expect(service.posts).toEqual([])
})
