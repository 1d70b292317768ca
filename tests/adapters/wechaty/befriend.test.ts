import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { types } from 'wechaty-puppet'
import type { impls } from 'wechaty-puppet'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createBefriending } from '../../../adapters/wechaty/befriend.ts'
import { HUMAN_PACE } from '../../../adapters/wechaty/pace.ts'
import { openSpool } from '../../../adapters/wechaty/spool.ts'
import type { Spool } from '../../../adapters/wechaty/spool.ts'
import type { Report } from '../../../adapters/wechaty/wire.ts'
import { until } from './rig.ts'

let dir: string
let spool: Spool
let told: Report[]
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'friends-'))
  spool = openSpool(dir)
  told = []
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Friendships are named after their kind: `receive-x` asks, `confirm-x` tells that x is a friend now. */
function aPuppet(accept: (id: string) => Promise<void>): impls.PuppetInterface {
  return {
    friendshipPayload: (id: string) =>
      Promise.resolve({
        id,
        contactId: id.split('-')[1],
        type: id.startsWith('receive') ? types.Friendship.Receive : types.Friendship.Confirm,
      }),
    friendshipAccept: accept,
  } as unknown as impls.PuppetInterface
}

const befriending = (
  accept: (id: string) => Promise<void>,
  friendPause: readonly [number, number] = [0, 1],
) =>
  createBefriending({ puppet: aPuppet(accept), spool, friendPause, tell: (report) => void told.push(report) })

const entered = (): (string | null)[] =>
  spool.names().map((name) => {
    const entry = spool.read(name)
    return entry?.stage === 'ready' && entry.spoken.content.type === 'entered' ? entry.spoken.sender : null
  })

it('requests are accepted one after the other, each after a pause of its own', async () => {
  const at: number[] = []
  const begun = performance.now()
  const friends = befriending(() => {
    at.push(performance.now() - begun)
    return Promise.resolve()
  }, [20, 30])
  await Promise.all([friends.hear('receive-a'), friends.hear('receive-b'), friends.hear('receive-c')])
  await until(() => entered().length === 3, 'all three')
  expect(entered()).toEqual(['a', 'b', 'c'])
  at.forEach((time, index) => expect(time).toBeGreaterThan((index + 1) * 19))
})

it('the pace is a person’s: a request lies for 20 to 90 seconds', () => {
  expect(HUMAN_PACE.friendPause).toEqual([20_000, 90_000])
})

it('who was accepted by us is greeted once, though the puppet confirms it', async () => {
  const friends = befriending(() => Promise.resolve())
  await friends.hear('receive-a')
  await until(() => entered().length === 1, 'accepted')
  await friends.hear('confirm-a')
  expect(entered()).toEqual(['a'])
})

it('who was accepted by hand on the phone is greeted too', async () => {
  await befriending(() => Promise.resolve()).hear('confirm-b')
  expect(entered()).toEqual(['b'])
})

it('a refused acceptance is tried again, then left; the next request is not held up', async () => {
  const tries: string[] = []
  const friends = befriending((id) => {
    tries.push(id)
    return id === 'receive-a' ? Promise.reject(new Error('too often')) : Promise.resolve()
  })
  await friends.hear('receive-a')
  await friends.hear('receive-b')
  await until(() => entered().length === 1, 'the other')
  expect(tries).toEqual(['receive-a', 'receive-a', 'receive-a', 'receive-b'])
  expect(entered()).toEqual(['b'])
  expect(told.filter(({ report }) => report === 'fault')).toHaveLength(3)
})
