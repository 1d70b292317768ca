import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import pino from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Inbound } from '../../../adapters/channel.ts'
import { createDrain } from '../../../adapters/wechaty/drain.ts'
import { DamagedEntry, openSpool } from '../../../adapters/wechaty/spool.ts'
import type { Entry } from '../../../adapters/wechaty/spool.ts'
import { TEN, until } from './rig.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'spool-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const ready = (sender: string, id: string, at: number | null = TEN): Entry => ({
  stage: 'ready',
  spoken: { sender, senderName: null, id, at, group: null, content: { type: 'text', text: id } },
})

it('entries are read back in the order they were added, by another process too, even after its clock stepped back', () => {
  const first = openSpool(dir)
  const names = ['a', 'b', 'c'].map((id) => first.add(ready('chen', id)))
  // As if the machine's clock had been an hour ahead.
  const ahead = `${String((Date.now() + 3_600_000) * 1_000).padStart(17, '0')}.json`
  first.replace(ahead, ready('chen', 'ahead'))

  const second = openSpool(dir)
  const last = second.add(ready('chen', 'last'))
  expect(second.names()).toEqual([...names, ahead, last])
  expect(second.names().map((name) => second.read(name))).toMatchObject(
    ['a', 'b', 'c', 'ahead', 'last'].map((id) => ({ spoken: { id } })),
  )
})

it('two children that overlap, as one ends and the next begins, never write over each other', () => {
  const ending = openSpool(dir)
  const next = openSpool(dir)
  const names = Array.from({ length: 200 }, (_, i) => (i % 2 ? ending : next).add(ready('chen', String(i))))
  expect(new Set(names).size).toBe(200)
  expect(next.names()).toHaveLength(200)
})

it('any text survives the disk', () => {
  const spool = openSpool(dir)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const name = spool.add({ stage: 'heard', message: text })
      expect(spool.read(name)).toEqual({ stage: 'heard', message: text })
      spool.remove(name)
      expect(spool.read(name)).toBeNull()
    }),
    { numRuns: 30 },
  )
})

it('halves left by a killed child are cleared, and are never taken for entries', () => {
  openSpool(dir)
  writeFileSync(path.join(dir, 'messages/00000000000000001.json.tmp'), '{"sta')
  writeFileSync(path.join(dir, 'media/abc.part'), 'x')
  const long = new Date(Date.now() - 90_000)
  for (const half of ['messages/00000000000000001.json.tmp', 'media/abc.part'])
    utimesSync(path.join(dir, half), long, long)
  writeFileSync(path.join(dir, 'media/young.part'), 'its child is just ending')
  writeFileSync(path.join(dir, 'messages/00000000000000002.json.4194305.tmp'), 'no process has such a number')
  writeFileSync(path.join(dir, `messages/00000000000000003.json.${process.ppid}.tmp`), 'just ending')
  const spool = openSpool(dir)
  expect(spool.names()).toEqual([])
  spool.clean()
  expect(readdirSync(path.join(dir, 'messages'))).toEqual([`00000000000000003.json.${process.ppid}.tmp`])
  expect(readdirSync(path.join(dir, 'media'))).toEqual(['young.part'])
})

it('an entry of another shape is damaged', () => {
  const spool = openSpool(dir)
  writeFileSync(path.join(dir, 'messages/00000000000000001.json'), '{"stage":"ready"}')
  expect(() => spool.read('00000000000000001.json')).toThrow(DamagedEntry)
})

it('files nobody released for long are swept', () => {
  const spool = openSpool(dir)
  for (const name of ['old', 'new']) writeFileSync(spool.mediaPath(name), 'x')
  const long = new Date(Date.now() - 10_000)
  utimesSync(spool.mediaPath('old'), long, long)
  spool.sweepMedia(5_000)
  expect(readdirSync(path.join(dir, 'media'))).toEqual(['new'])
})

it('files of messages that still wait for the inbox are not swept, however old', () => {
  const spool = openSpool(dir)
  const { spoken } = ready('chen', 'photo') as Extract<Entry, { stage: 'ready' }>
  const content = { type: 'media', kind: 'image', media: 'waits', name: null } as const
  spool.add({ stage: 'ready', spoken: { ...spoken, content } })
  const long = new Date(Date.now() - 10_000)
  for (const name of ['waits', 'left-over']) {
    writeFileSync(spool.mediaPath(name), 'x')
    utimesSync(spool.mediaPath(name), long, long)
  }
  spool.sweepMedia(5_000)
  expect(readdirSync(path.join(dir, 'media'))).toEqual(['waits'])
})

function aDrain(receive: (inbound: Inbound) => Promise<'stored'>, mediaPatience = 60_000) {
  const spool = openSpool(dir)
  const log = pino({ level: 'silent' })
  return {
    spool,
    drain: createDrain({ spool, account: 'wechaty', clock: () => TEN, receive, log, mediaPatience }),
  }
}

it('one sender’s messages wait for each other, another’s do not', async () => {
  const begun: string[] = []
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const { spool, drain } = aDrain(async (inbound) => {
    begun.push(inbound.id)
    if (inbound.id === 'slow') await held
    return 'stored'
  })
  spool.add(ready('chen', 'slow'))
  spool.add(ready('chen', 'after'))
  spool.add(ready('zhao', 'other'))
  drain.look()
  drain.look()
  await until(() => begun.includes('other'), 'the other sender')
  expect(begun).toEqual(['slow', 'other'])
  release()
  await until(() => spool.names().length === 0, 'all moved')
  expect(begun).toEqual(['slow', 'other', 'after'])
  await drain.stop()
})

it('an entry without a time is dated when the program reads it', async () => {
  const taken: Inbound[] = []
  const { spool, drain } = aDrain((inbound) => {
    taken.push(inbound)
    return Promise.resolve('stored')
  })
  spool.add(ready('chen', 'm1', null))
  drain.look()
  await until(() => taken.length === 1, 'taken')
  expect(taken[0]?.at).toBe(TEN)
  await drain.stop()
})

it('an entry waits for its file, but not for ever; one without words stays', async () => {
  const taken: string[] = []
  const take = (inbound: Inbound): Promise<'stored'> => {
    taken.push(inbound.id)
    return Promise.resolve('stored')
  }
  const { spool, drain } = aDrain(take, 30)
  const { spoken } = ready('chen', 'photo') as Extract<Entry, { stage: 'ready' }>
  spool.add({ stage: 'heard', message: 'm0' })
  spool.add({ stage: 'media', message: 'photo', tries: 1, spoken })
  drain.look()
  expect(taken).toEqual([])
  await until(() => {
    drain.look()
    return taken.length === 1
  }, 'the file is given up')
  expect(taken).toEqual(['photo'])
  await until(() => spool.names().length === 1, 'only the unheard stays')
  await drain.stop()
})
