import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { log } from 'wechaty-puppet'
import { PuppetServer } from 'wechaty-puppet-service'
import SimulatedPuppet from '../../../adapters/simulator/puppet.ts'
import { createWechatWorld } from '../../../adapters/simulator/wechat.ts'
import type { SimulatedWechat } from '../../../adapters/simulator/wechat.ts'
import { aRig, aText, loggedIn, TEN, until } from './rig.ts'
import type { Rig } from './rig.ts'

const TOKEN = 'insecure_5ee9e4f1-0000-4000-8000-000000000000'

let world: SimulatedWechat
let rig: Rig
let endpoint: string
let puppet: SimulatedPuppet
let server: PuppetServer

async function openGateway(): Promise<void> {
  puppet = new SimulatedPuppet()
  server = new PuppetServer({ endpoint, puppet, token: TOKEN, tls: { disable: true } })
  await server.start()
}

beforeAll(async () => {
  log.level('silent')
  world = await createWechatWorld({
    clock: () => TEN,
    residents: [{ id: 'chen', name: '陈女士' }],
    snapshot: null,
  })
  process.env.SIMULATOR_WECHAT_URL = world.url
  endpoint = `127.0.0.1:${await freePort()}`
  await openGateway()
  rig = await aRig({
    world,
    puppet: 'wechaty-puppet-service',
    env: {
      WECHATY_PUPPET_SERVICE_ENDPOINT: endpoint,
      WECHATY_PUPPET_SERVICE_TOKEN: TOKEN,
      WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
    },
  })
  await rig.channel.start()
  await loggedIn(rig)
}, 30_000)

afterAll(async () => {
  await rig.close()
  await puppet.stop()
  await server.stop()
  delete process.env.SIMULATOR_WECHAT_URL
})

it('through a gateway, a message comes in and an answer goes out', async () => {
  const id = world.say('chen', { type: 'text', text: '楼道灯坏了' })
  await until(() => rig.inbox.some((inbound) => inbound.id === id), 'the message')
  expect(rig.inbox.find((inbound) => inbound.id === id)).toMatchObject({
    sender: 'chen',
    senderName: '陈女士',
    at: TEN,
    content: { type: 'text', text: '楼道灯坏了' },
  })
  expect(await rig.channel.send(aText('chen', '已登记'))).toMatchObject({ type: 'accepted' })
  expect(world.phone('chen').at(-1)?.message).toEqual({ type: 'text', text: '已登记' })
})

it('through a gateway, a photo keeps its bytes and a place its position', async () => {
  const photo = world.say('chen', { type: 'image', name: 'a.png', base64: 'aGVsbG8=' })
  const place = world.say('chen', { type: 'location', latitude: 28.25, longitude: 112.5, label: '北门' })
  await until(() => [photo, place].every((id) => rig.inbox.some((inbound) => inbound.id === id)), 'both')
  expect(rig.inbox.find(({ id }) => id === place)?.content).toEqual({
    type: 'location',
    latitude: 28.25,
    longitude: 112.5,
    label: '北门',
  })
  const content = rig.inbox.find(({ id }) => id === photo)?.content
  if (content?.type !== 'media') throw new Error('no photo')
  const read: Uint8Array[] = []
  for await (const chunk of (await rig.channel.fetch(content.media)).bytes) read.push(chunk)
  expect(Buffer.concat(read).toString()).toBe('hello')
})

it('the names the gateway’s client keeps lie with the program’s data, not in the home of the user', () => {
  expect(existsSync(path.join(rig.dir, 'spool/gateway/.wechaty'))).toBe(true)
})

it('who is unknown to the gateway’s account is refused', async () => {
  expect(await rig.channel.send(aText('stranger', '您好'))).toMatchObject({
    type: 'refused',
    why: 'recipient',
  })
})

it('a gateway that drops is an outage; the client is built anew when it is back', async () => {
  await server.stop()
  await until(() => rig.channel.troubles().length > 0, 'the loss is noticed')
  expect(rig.logged()).toContain('"what":"gateway"')
  await puppet.stop()
  const id = world.say('chen', { type: 'text', text: '还在吗' })
  await openGateway()
  await loggedIn(rig)
  await until(() => rig.inbox.some((inbound) => inbound.id === id), 'the message said meanwhile')
}, 40_000)

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
