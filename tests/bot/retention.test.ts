import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRetention, type RetentionKeeper } from '../../bot/retention.ts'
import type { Steps } from '../../bot/turn.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { days, type ComplaintId, type MediaId } from '../../workflows/ids.ts'
import { aFolder, anEngine, quiet, type Engine } from '../support/engine.ts'
import { aRegistration, createFakeSteps } from '../support/fake-steps.ts'

/** Cases are the product's; talk is the fake's, which makes no case of a photo by itself. */
const steps = (): Steps => ({ ...createFakeSteps(), stepComplaint })
const words = '我是林女士，1502的门铃坏了'
const year = days(366)

let dir: string
let engine: Engine<Steps>
let retention: RetentionKeeper
beforeEach(async () => {
  dir = aFolder()
  engine = await anEngine({ dir, steps: steps() })
  retention = createRetention({ ...engine, keep: { years: 3, mediaDays: 180 }, log: quiet })
})
afterEach(async () => {
  await retention.stop()
  await engine.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** A resident's case with a photo, as they told it. */
async function aCase(sender = 'wx-a'): Promise<{ id: ComplaintId; photo: MediaId }> {
  engine.wechat.files.set(`photo-${sender}`, async function* () {
    await Promise.resolve()
    yield Buffer.from('%PDF-1.4 what it shows')
  })
  await engine.writes(
    { type: 'media', kind: 'file', media: `photo-${sender}`, name: '林女士.pdf' },
    { sender },
  )
  const photo = Number(pluck('SELECT max(id) FROM media')) as MediaId
  for (let i = 0; i < 300 && engine.store.media.byId(photo)?.state !== 'saved'; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  const conversation = engine.store.people.conversation(
    engine.store.media.byId(photo)?.conversation ?? raise(),
  )
  const person = conversation?.person ?? raise()
  const registration = {
    ...aRegistration(person, conversation?.id ?? raise(), words),
    name: '林女士',
    receivedAt: engine.clock.now(),
    media: [photo],
  }
  const registered = await engine.inbox.submit({ to: 'newComplaint' }, { type: 'register', registration })
  if (!registered) throw new Error('not registered')
  await engine.settle()
  return { id: registered.id, photo }
}

const raise = (): never => {
  throw new Error('no such row')
}
const pluck = (sql: string): unknown => engine.store.database.sqlite.prepare(sql).pluck().get()
const ends = (id: ComplaintId) =>
  engine.inbox.submit({ to: 'complaint', id }, { type: 'withdraw', text: '不用了' })
const typesOf = (id: ComplaintId) => engine.store.complaints.timeline(id).map(({ type }) => type)

/** All that is stored, where a person could be found in it. */
function found(what: RegExp): readonly string[] {
  const tables = [
    'persons',
    'conversations',
    'complaints',
    'words',
    'inbox',
    'outbox',
    'cards',
    'media',
    'timeline',
  ]
  return tables.filter((table) =>
    what.test(JSON.stringify(engine.store.database.sqlite.prepare(`SELECT * FROM ${table}`).all())),
  )
}

it('files go half a year after the end, words and people after three years; number, code and times stay', async () => {
  const { id, photo } = await aCase()
  await ends(id)
  engine.clock.jump(days(179))
  expect(await retention.run()).toEqual({ cases: 0, files: 0, people: 0 })
  engine.clock.jump(days(2))
  expect(await retention.run()).toEqual({ cases: 0, files: 1, people: 0 })
  for (let i = 0; i < 300 && engine.store.media.byId(photo)?.state !== 'gone'; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(engine.store.media.byId(photo)).toMatchObject({ state: 'gone', sha256: null, originalName: null })
  expect(found(/林女士/)).not.toEqual([])

  engine.clock.jump(3 * year)
  expect(await retention.run()).toEqual({ cases: 1, files: 0, people: 1 })
  await engine.settle()
  expect(found(/林女士|1502|13900000001|不用了/)).toEqual([])
  expect(typesOf(id).at(-1)).toBe('expired')
  const row = engine.store.reads.list({ estate: null, open: null, before: null, limit: 1 })[0]
  expect(row).toMatchObject({ code: 'EL01', status: 'withdrawn' })
  expect(await retention.run(), 'once').toEqual({ cases: 0, files: 0, people: 0 })
})

it('what is open, or on hold, is kept whatever its age, until it is released', async () => {
  const open = await aCase('wx-open')
  const held = await aCase('wx-held')
  await engine.inbox.submit({ to: 'complaint', id: held.id }, { type: 'hold', reason: '法院调取' })
  await ends(held.id)
  engine.clock.jump(5 * year)
  expect(await retention.run()).toEqual({ cases: 0, files: 0, people: 0 })
  expect(engine.store.media.byId(open.photo)?.state).toBe('saved')
  expect(engine.store.media.byId(held.photo)?.state).toBe('saved')
  await engine.inbox.submit({ to: 'complaint', id: held.id }, { type: 'release', reason: '判决已生效' })
  expect(await retention.run()).toEqual({ cases: 1, files: 1, people: 1 })
  expect(typesOf(held.id)).toEqual(expect.arrayContaining(['hold', 'released', 'expired']))
})

it('looks by itself every day', async () => {
  const { id } = await aCase()
  await ends(id)
  retention.look()
  engine.clock.jump(days(181))
  await engine.clock.pass(days(1.1))
  for (let i = 0; i < 300 && engine.store.media.byId(1 as MediaId)?.state !== 'gone'; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(engine.store.media.byId(1 as MediaId)?.state).toBe('gone')
})
