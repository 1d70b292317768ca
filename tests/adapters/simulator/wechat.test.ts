import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createWechatWorld } from '../../../adapters/simulator/wechat.ts'
import type { SimulatedWechat } from '../../../adapters/simulator/wechat.ts'
import { happeningsOf } from '../../../adapters/simulator/wechat-wire.ts'
import type { Happening } from '../../../adapters/simulator/wechat-wire.ts'

const TEN = Date.UTC(2026, 10, 23, 2, 0, 0)
const residents = [{ id: 'chen', name: '陈女士' }]

const open: SimulatedWechat[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((world) => world.close()))
})

async function aWorld(
  snapshot: string | null = null,
  clock: () => number = () => TEN,
): Promise<SimulatedWechat> {
  const world = await createWechatWorld({ clock, residents, snapshot })
  open.push(world)
  return world
}

/** Reads what happens until `enough`, as a puppet would. */
async function listen(
  world: SimulatedWechat,
  enough: (seen: readonly Happening[]) => boolean,
): Promise<Happening[]> {
  const answer = await fetch(`${world.url}/happenings`)
  const seen: Happening[] = []
  // Leaving the loop closes the connection.
  for await (const happening of happeningsOf(answer.body as AsyncIterable<Uint8Array>)) {
    seen.push(happening)
    if (enough(seen)) break
  }
  return seen
}

const post = async (world: SimulatedWechat, door: string, body: unknown): Promise<number> =>
  (await fetch(`${world.url}${door}`, { method: 'POST', body: JSON.stringify(body) })).status

const messages = (seen: readonly Happening[]): (string | undefined)[] =>
  seen.filter(({ type }) => type === 'message').map(({ id }) => id)

it('what was said while nobody listened is told at the next connection, with its own time, until it was seen', async () => {
  let now = TEN
  const world = await aWorld(null, () => now)
  const first = world.say('chen', { type: 'text', text: '漏水' })
  now += 60_000
  const second = world.say('chen', { type: 'sticker' })
  now += 3_600_000

  const told = await listen(world, (seen) => seen.length === 3)
  expect(told[0]).toMatchObject({ type: 'login' })
  expect(told.slice(1)).toMatchObject([
    { id: first, at: TEN },
    { id: second, at: TEN + 60_000 },
  ])
  expect(await post(world, '/seen', { ids: [first] })).toBe(200)
  expect(messages(await listen(world, (seen) => seen.length === 2))).toEqual([second])
})

it('phones, friends and what waits outlive a restart', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'wechat-'))
  const snapshot = path.join(dir, 'wechat.json')
  const before = await aWorld(snapshot)
  before.addContact({ id: 'sun', name: '孙女士' })
  const id = before.say('sun', { type: 'text', text: '电梯停了' })
  await post(before, '/say', { to: 'sun', message: { type: 'text', text: '已收到' } })
  await before.close()
  open.pop()

  const after = await aWorld(snapshot)
  expect(after.contacts().map((contact) => contact.id)).toEqual(['chen', 'sun'])
  expect(after.phone('sun')).toMatchObject([
    { id, from: 'me', at: TEN, message: { text: '电梯停了' } },
    { from: 'them', message: { text: '已收到' } },
  ])
  expect(messages(await listen(after, (seen) => seen.length === 2))).toEqual([id])
  rmSync(dir, { recursive: true })
})

it('every change is told, until the listener leaves', async () => {
  const world = await aWorld()
  let changes = 0
  const leave = world.onChange(() => (changes += 1))
  world.say('chen', { type: 'text', text: '您好' })
  await post(world, '/say', { to: 'chen', message: { type: 'text', text: '您好' } })
  expect(changes).toBe(2)
  leave()
  world.say('chen', { type: 'sticker' })
  expect(changes).toBe(2)
})

it('a newer connection ends the older: one account, one puppet', async () => {
  const world = await aWorld()
  const older = listen(world, () => false).then(
    () => 'ended',
    () => 'ended',
  )
  while (world.connections() === 0) await new Promise((resolve) => setTimeout(resolve, 2))
  await listen(world, (seen) => seen.length === 1)
  expect(await older).toBe('ended')
})

it('new ids at a login: old ones reach nobody, the phone stays the same', async () => {
  const world = await aWorld()
  const id = world.say('chen', { type: 'text', text: '您好' })
  world.relogin({ newIds: true })
  expect(world.wireId('chen')).toBe('chen~2')
  const told = await listen(world, (seen) => seen.length === 2)
  expect(told[1]).toMatchObject({ id, from: 'chen~2' })
  const text = { type: 'text', text: '在' }
  expect(await post(world, '/say', { to: 'chen', message: text })).toBe(404)
  expect(await post(world, '/say', { to: 'chen~2', message: text })).toBe(200)
  expect(world.phone('chen')).toHaveLength(2)
})

it('fails on request only, and answers what it does not understand with 4xx', async () => {
  const world = await aWorld()
  const said = { to: 'chen', message: { type: 'text', text: '您好' } }
  world.fail(1)
  expect(await post(world, '/say', said)).toBe(503)
  expect(world.phone('chen')).toEqual([])
  expect(await post(world, '/say', said)).toBe(200)
  expect(await post(world, '/say', { to: 'chen', message: { type: 'card' } })).toBe(400)
  expect(await post(world, '/say', { ...said, to: 'nobody' })).toBe(404)
  expect(await post(world, '/accept', { request: 'none' })).toBe(404)
  expect(await post(world, '/nowhere', {})).toBe(404)
  expect(() => world.say('nobody', { type: 'sticker' })).toThrow()
})
