import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoRouter } from '../../../adapters/simulator/demo.ts'
import type {
  HurriedClock,
  WechatItem,
  WechatMessage,
  WechatWorld,
} from '../../../adapters/simulator/worlds.ts'
import type { PageItem } from '../../../adapters/simulator/demo-items.ts'
import { hours, minutes } from '../../../workflows/ids.ts'
import { aBench, card, jpeg, text } from './wecom-world.ts'
import type { Bench } from './wecom-world.ts'

/** WeChat without a puppet: what is said stays on the phone. */
function aWechat(): WechatWorld {
  const phones = new Map<string, WechatItem[]>()
  const contacts = [{ id: 'lin', name: '林女士' }]
  const listeners = new Set<() => void>()
  return {
    url: 'http://127.0.0.1:0',
    contacts: () => contacts,
    addContact: (contact) => void contacts.push(contact),
    say(contactId: string, message: WechatMessage) {
      const items = phones.get(contactId) ?? []
      const id = `m${items.length + 1}`
      phones.set(contactId, [...items, { id, from: 'me', at: 0, message }])
      listeners.forEach((listener) => listener())
      return id
    },
    phone: (contactId) => phones.get(contactId) ?? [],
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => Promise.resolve(),
  }
}

interface State {
  now: number
  factor: number
  people: Record<string, { id: string; name: string; note?: string; items: number }[]>
  phones: { resident: PageItem[]; staff: PageItem[]; supervisor: PageItem[] }
}

let bench: Bench
let clock: HurriedClock & { at: number }
let base = ''
let closed: AbortController
let stop: () => Promise<void>

beforeEach(async () => {
  bench = await aBench()
  closed = new AbortController()
  clock = {
    at: Date.parse('2026-11-24T10:00:00+08:00'),
    factor: 1,
    now: () => clock.at,
    advance: (ms) => void (clock.at += ms),
    speed: (factor) => void Object.assign(clock, { factor }),
  }
  const app = express().use(
    demoRouter({
      wecom: bench.world,
      wechat: aWechat(),
      clock,
      residents: [{ id: 'lin', name: '林女士', note: '3栋' }],
      staff: [
        { id: 'ZhangSan', name: '张三', note: '工程' },
        { id: '0031207', name: '王五' },
      ],
      supervisors: [{ id: 'LiSi', name: '李四' }],
      closed: closed.signal,
    }),
  )
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/demo`
  stop = async () => {
    closed.abort()
    server.closeIdleConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
afterEach(async () => {
  await stop()
  await bench.stop()
})

const state = async (): Promise<State> =>
  (await (await fetch(`${base}/phones?resident=lin&staff=ZhangSan&supervisor=LiSi`)).json()) as State
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const base64 = Buffer.from(jpeg).toString('base64')

describe('the page’s questions', () => {
  it('shows the three phones, who holds them, and the time', async () => {
    await bench.send('ZhangSan', card())
    await post('/wechat/lin', { type: 'text', text: '漏水了' })
    const { now, factor, people, phones } = await state()
    expect({ now, factor }).toEqual({ now: clock.at, factor: 1 })
    expect(people['resident']).toEqual([{ id: 'lin', name: '林女士', note: '3栋', items: 0 }])
    expect(people['staff']).toMatchObject([
      { id: 'ZhangSan', items: 1 },
      { id: '0031207', items: 0 },
    ])
    expect(phones.resident).toMatchObject([{ mine: true, type: 'text', text: '漏水了' }])
    expect(phones.staff).toMatchObject([
      { mine: false, type: 'card', card: { title: '新任务：3栋电梯异响' } },
    ])
    expect(phones.supervisor).toEqual([])
  })

  it('gives photos by address, never as bytes in the list, and other files only for saving', async () => {
    await post('/wechat/lin', { type: 'image', name: 'leak.jpg', base64 })
    await post('/wechat/lin', { type: 'file', name: 'x.html', base64: btoa('<script>alert(1)</script>') })
    await post('/wecom/ZhangSan', { type: 'image', name: 'scene.jpg', base64 })
    const { phones } = await state()
    expect(JSON.stringify(phones)).not.toContain(base64)
    for (const item of [phones.resident[0], phones.staff[0]]) {
      if (item?.type !== 'image') throw new Error('no picture')
      const picture = await fetch(new URL(item.url, base))
      expect(picture.headers.get('content-type')).toBe('image/jpeg')
      expect(new Uint8Array(await picture.arrayBuffer())).toEqual(jpeg)
    }
    const file = phones.resident[1]
    const saved = await fetch(new URL(file?.type === 'file' ? file.url : '', base))
    expect(saved.headers.get('content-type')).toBe('application/octet-stream')
    expect(saved.headers.get('content-disposition')).toBe('attachment')
    expect(saved.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('shows a recalled message as a line that says so', async () => {
    const { id } = (await (await post('/wechat/lin', { type: 'text', text: '发错' })).json()) as {
      id: string
    }
    await post('/wechat/lin', { type: 'recall', message: id })
    expect((await state()).phones.resident).toMatchObject([{ id, type: 'recalled' }])
  })
})

describe('what can be done on the page', () => {
  it('staff write, send their place, and press buttons', async () => {
    const { msgid } = await bench.send('ZhangSan', card())
    await post('/wecom/ZhangSan', { type: 'text', text: '到了' })
    await post('/wecom/ZhangSan', { type: 'location', latitude: 1, longitude: 2, label: '3栋' })
    const press = { type: 'press', item: msgid, key: 'accept' }
    expect((await post('/wecom/ZhangSan', press)).status).toBe(200)
    await bench.world.idle()
    expect(bench.deliveries).toHaveLength(3)
    expect((await post('/wecom/ZhangSan', { ...press, key: 'none' })).status).toBe(409)
    expect((await post('/wecom/LiSi', press)).status).toBe(409)
  })

  it.each([
    ['/wecom/Nobody', { type: 'text', text: 'x' }, 404],
    ['/wechat/nobody', { type: 'text', text: 'x' }, 404],
    ['/wechat/lin', { type: 'text', text: '  ' }, 400],
    ['/wechat/lin', { type: 'image', name: 'x', base64: '***' }, 400],
    ['/wecom/ZhangSan', { type: 'poem' }, 400],
    ['/clock', { advance: -1 }, 400],
    ['/clock', { speed: 0 }, 400],
    ['/residents', { name: '' }, 400],
  ])('%s refuses %j with %i and a sentence', async (path, body, status) => {
    const answer = await post(path, body)
    expect(answer.status).toBe(status)
    expect(((await answer.json()) as { error: string }).error).toMatch(/\p{Script=Han}/u)
  })

  it('a form of another site cannot act: only JSON is read', async () => {
    const answer = await fetch(`${base}/clock`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"advance":60000}',
    })
    expect(answer.status).toBe(400)
    expect((await state()).now).toBe(Date.parse('2026-11-24T10:00:00+08:00'))
  })

  it('the clock goes forward, faster, and to nine in the morning', async () => {
    const start = clock.at
    await post('/clock', { advance: minutes(10) })
    expect(clock.at).toBe(start + minutes(10))
    await post('/clock', { speed: 60 })
    expect((await state()).factor).toBe(60)
    await post('/clock', { to: 'morning' })
    expect(clock.at).toBe(Date.parse('2026-11-25T09:00:00+08:00'))
    clock.at += hours(16)
    await post('/clock', { to: 'morning' })
    expect(clock.at).toBe(Date.parse('2026-11-26T09:00:00+08:00'))
  })

  it('a new resident has a phone of their own', async () => {
    const { id } = (await (await post('/residents', { name: '陈女士' })).json()) as { id: string }
    expect((await post(`/wechat/${id}`, { type: 'text', text: '您好' })).status).toBe(200)
    expect((await state()).people['resident']).toMatchObject([{ id: 'lin' }, { id, name: '陈女士' }])
  })

  it('tells every open page of a change, and ends when the program stops', async () => {
    const events = await fetch(`${base}/events`)
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    const reader = (events.body ?? new ReadableStream<Uint8Array>())
      .pipeThrough(new TextDecoderStream())
      .getReader()
    expect((await reader.read()).value).toContain('event: change\ndata: 0')
    await bench.send('ZhangSan', text('新消息'))
    expect((await reader.read()).value).toBe('event: change\ndata: 1\n\n')
    closed.abort()
    expect((await reader.read()).done).toBe(true)
  })
})

describe('the page itself', () => {
  const folder = new URL('../../../adapters/simulator/page/', import.meta.url)
  const files = readdirSync(folder).map(
    (name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const,
  )
  const html = files.find(([name]) => name === 'index.html')?.[1] ?? ''

  it('is served under a policy that lets nothing in from elsewhere', async () => {
    const answer = await fetch(base)
    expect(answer.status).toBe(200)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(await answer.text()).toContain('五分钟走完一单')
  })

  it('has every file it asks for', async () => {
    const wanted = files.flatMap(([, source]) => [
      ...source.matchAll(/["'`](?:\/demo|\.)\/([\w-]+\.(?:js|css|svg))/g),
    ])
    expect(wanted.length).toBeGreaterThan(8)
    for (const [, name] of wanted) expect((await fetch(`${base}/${name}`)).status, name).toBe(200)
  })

  it.each(files)(
    '%s needs no other host, no inline script or style, and makes no markup of text',
    (name, source) => {
      const addresses = source.replaceAll('http://www.w3.org/2000/svg', '').match(/https?:\/\/[\w.]/g) ?? []
      expect(addresses).toEqual([])
      expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/)
      if (name.endsWith('.html')) expect(source).not.toMatch(/\sstyle=|\son\w+=|<style|<script(?![^>]*src=)/)
    },
  )

  it('names every button without words, and every icon it shows exists', () => {
    const icons = files.find(([name]) => name === 'icons.svg')?.[1] ?? ''
    const used = files.flatMap(([, source]) => [
      ...source.matchAll(/icons\.svg#([\w-]+)"/g),
      ...source.matchAll(/icon\('([\w-]+)'\)/g),
    ])
    expect(used.length).toBeGreaterThan(6)
    for (const [, id] of used) expect(icons, id).toContain(`id="${id}"`)
    for (const [button] of html.matchAll(/<button[^>]*>\s*<(?:svg|img)[\s\S]*?<\/button>/g))
      expect(button).toMatch(/aria-label=|<span>/)
  })
})
