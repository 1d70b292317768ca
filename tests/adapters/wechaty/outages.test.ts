import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { simulatedPuppet } from '../../../adapters/simulator/wechat.ts'
import { aRig, aText, childOf, loggedIn, TEN, until } from './rig.ts'
import type { Rig, RigOptions } from './rig.ts'

let open: Rig[] = []
afterEach(async () => {
  await Promise.all(open.map((rig) => rig.close()))
  open = []
})

async function running(options: RigOptions = {}): Promise<Rig> {
  const rig = await aRig(options)
  open.push(rig)
  await rig.channel.start()
  return rig
}

/** A program whose inbox never answers. */
const DEAF_PROGRAM = `
  import path from 'node:path'
  import pino from 'pino'
  import { createWechaty } from './dist/adapters/wechaty/index.js'
  const [dir, url, puppet] = process.argv.slice(1)
  const settings = { puppet, env: { SIMULATOR_WECHAT_URL: url }, spoolDir: path.join(dir, 'spool') }
  const parts = { clock: Date.now, receive: () => new Promise(() => {}), log: pino({ level: 'silent' }) }
  await createWechaty(settings, parts).start()
`

const spooled = (rig: Rig): string[] => readdirSync(path.join(rig.dir, 'spool/messages'))

function killChild(): void {
  const pid = childOf(process.pid)
  if (pid === null) throw new Error('no child to kill')
  process.kill(pid, 'SIGKILL')
}

it('what was said while we were away comes in order, with its own times', async () => {
  const rig = await aRig()
  open.push(rig)
  const ids: string[] = []
  for (let minute = 0; minute < 5; minute++) {
    rig.setClock(TEN + minute * 60_000)
    ids.push(rig.world.say('chen', { type: 'text', text: `第${minute}条` }))
  }
  rig.setClock(TEN + 12 * 3_600_000)
  await rig.channel.start()
  await until(() => rig.inbox.length === 5, 'the backlog')
  expect(rig.inbox.map(({ id }) => id)).toEqual(ids)
  expect(rig.inbox.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4].map((minute) => TEN + minute * 60_000))
})

it('a child killed again and again in mid-stream loses nothing and doubles nothing (must-survive 39)', async () => {
  const rig = await running()
  await loggedIn(rig)
  const ids: string[] = []
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 12; n++)
      ids.push(rig.world.say(n % 2 ? 'chen' : 'zhao', { type: 'text', text: `${round}-${n}` }))
    await until(() => rig.inbox.length > round * 12 + 3, 'some of the round')
    killChild()
    await until(() => rig.channel.troubles().length > 0, 'the loss is noticed')
    await loggedIn(rig)
  }
  await until(() => rig.inbox.length === ids.length, 'everything')
  expect(rig.inbox.map(({ id }) => id).sort()).toEqual([...ids].sort())
  await until(() => spooled(rig).length === 0, 'an empty spool')
}, 40_000)

it('says that the connection is lost, and that nothing can be said, until the child is back', async () => {
  const rig = await running({ pace: { restart: [300, 300] } })
  await loggedIn(rig)
  killChild()
  await until(() => rig.channel.troubles().length > 0, 'the loss')
  expect(rig.channel.troubles()).toEqual([
    'WeChat connection lost since 2026-11-23T02:00:00.000Z; it is being built up again',
  ])
  expect(await rig.channel.send(aText('chen', '您好'))).toMatchObject({ type: 'later' })
  await loggedIn(rig)
  expect(await rig.channel.send(aText('chen', '您好'))).toMatchObject({ type: 'accepted' })
})

it('an entry stays on disk until the inbox has it, however often the inbox fails', async () => {
  let refusals = 2
  const rig = await running({
    before() {
      if (refusals-- > 0) throw new Error('disk full')
    },
  })
  await loggedIn(rig)
  rig.world.say('chen', { type: 'text', text: '漏水了' })
  await until(() => rig.received() === 1, 'the first try')
  expect(spooled(rig)).toHaveLength(1)
  await until(() => rig.inbox.length === 1, 'stored at last')
  expect(rig.received()).toBe(3)
  await until(() => spooled(rig).length === 0, 'an empty spool')
})

it('what a dead program left in the spool is taken in at the start, without WeChat', async () => {
  const dead = await running({
    before() {
      throw new Error('the program dies before it stores')
    },
  })
  await loggedIn(dead)
  dead.world.say('chen', { type: 'text', text: '有人被困电梯' })
  dead.world.say('zhao', { type: 'image', name: 'a.png', base64: 'aGVsbG8=' })
  await until(() => dead.received() === 2, 'both spooled')
  await dead.channel.stop()

  const heir = await running({ dir: dead.dir, world: dead.world, puppet: '/no/such/puppet.js' })
  await until(() => heir.inbox.length === 2, 'the legacy')
  expect(heir.inbox.map(({ sender }) => sender).sort()).toEqual(['chen', 'zhao'])
  const photo = heir.inbox.find(({ sender }) => sender === 'zhao')?.content
  if (photo?.type !== 'media') throw new Error('no photo')
  const read: Uint8Array[] = []
  for await (const chunk of (await heir.channel.fetch(photo.media)).bytes) read.push(chunk)
  expect(Buffer.concat(read).toString()).toBe('hello')
  open = open.filter((rig) => rig !== dead)
})

it('a program killed outright takes its child with it, and the next one finds every synced message', async () => {
  const rig = await aRig()
  open.push(rig)
  const program = spawn(
    process.execPath,
    ['--input-type=module', '-e', DEAF_PROGRAM, rig.dir, rig.world.url, simulatedPuppet()],
    { cwd: path.resolve(import.meta.dirname, '../../..'), stdio: 'ignore' },
  )
  const ids = ['有人吗', '三楼漏水'].map((text) => rig.world.say('chen', { type: 'text', text }))
  await until(() => spooled(rig).length === 2, 'both synced')
  const orphan = childOf(program.pid ?? 0)
  if (orphan === null) throw new Error('no child')
  program.kill('SIGKILL')
  await until(() => !existsSync(`/proc/${orphan}`), 'the child is gone too')

  await rig.channel.start()
  await until(() => rig.inbox.length === 2, 'the legacy')
  expect(rig.inbox.map(({ id }) => id)).toEqual(ids)
})

it('a damaged entry is set aside and reported, the others come in', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'wechaty-'))
  const first = await aRig({ dir })
  writeFileSync(path.join(dir, 'spool/messages/00000000000000001.json'), '{"stage":"rea')
  open.push(first)
  await first.channel.start()
  first.world.say('chen', { type: 'text', text: '您好' })
  await until(() => first.inbox.length === 1, 'the good one')
  expect(first.channel.troubles()).toEqual([
    '1 WeChat message(s) on disk are damaged: see the folder "damaged" of the spool',
  ])
})

it('whoever waits to send hears that there is a connection again', async () => {
  const rig = await running()
  await loggedIn(rig)
  let heard = 0
  rig.channel.onConnected?.(() => void (heard += 1))
  rig.world.relogin({ newIds: false })
  await until(() => heard === 1, 'the login')
})

it('a new login with new ids goes on, and reaches people under their new ids only (must-survive 39)', async () => {
  const rig = await running()
  await loggedIn(rig)
  const before = rig.world.say('chen', { type: 'text', text: '第一次' })
  await until(() => rig.inbox.length === 1, 'before')
  rig.world.relogin({ newIds: true })
  const after = rig.world.say('chen', { type: 'text', text: '第二次' })
  await until(() => rig.inbox.length === 2, 'after')
  expect(rig.inbox.map(({ id, sender, account }) => [id, sender, account])).toEqual([
    [before, 'chen', 'wechaty'],
    [after, 'chen~2', 'wechaty'],
  ])
  await loggedIn(rig)
  expect(await rig.channel.send(aText('chen~2', '您好'))).toMatchObject({ type: 'accepted' })
  expect(await rig.channel.send(aText('chen', '您好'))).toMatchObject({ type: 'refused', why: 'recipient' })
})

it('a broken line is mended by the puppet; nothing said meanwhile is lost', async () => {
  const rig = await running()
  await loggedIn(rig)
  rig.world.dropConnection()
  const id = rig.world.say('chen', { type: 'text', text: '在吗' })
  await until(() => rig.inbox.some((inbound) => inbound.id === id), 'the message')
  expect(rig.inbox).toHaveLength(1)
  expect(rig.logged()).not.toContain('ended')
})

it('a login code is printed, and asked for in plain words', async () => {
  const printed: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (text: string | Uint8Array) => {
    printed.push(String(text))
    return true
  }
  try {
    const rig = await aRig()
    open.push(rig)
    rig.world.lockOut(true)
    await rig.channel.start()
    await until(() => rig.channel.troubles().some((trouble) => trouble.includes('scan the code')), 'the code')
    expect(printed.join('')).toMatch(/[▀▄█]/)
    expect(printed.join('')).toContain('https://wechaty.js.org/qrcode/')
    expect(rig.logged()).not.toContain('/login/')
    expect(await rig.channel.send(aText('chen', '您好'))).toMatchObject({ type: 'later' })
    rig.world.lockOut(false)
    await loggedIn(rig)
  } finally {
    process.stdout.write = write
  }
})

it('silence is an outage: a puppet without a sign of life is replaced', async () => {
  const rig = await running({ pace: { silence: 2_500 } })
  await loggedIn(rig)
  await until(() => rig.logged().includes('gives no sign'), 'the silence is noticed')
  const first = childOf(process.pid)
  await until(() => childOf(process.pid) !== first, 'another child')
})

it('a child that grows too large, or hangs, is replaced', async () => {
  const large = await running({ pace: { memory: 1_000 } })
  await until(() => large.logged().includes('grown too large'), 'its size is noticed')
  await large.channel.stop()

  const rig = await running({ pace: { hang: 3_000, farewell: 50 } })
  await loggedIn(rig)
  const hung = childOf(process.pid)
  if (hung === null) throw new Error('no child')
  process.kill(hung, 'SIGSTOP')
  await until(() => rig.logged().includes('it hangs'), 'the hang is noticed')
  await until(() => childOf(process.pid) !== hung, 'it is gone')
  await loggedIn(rig)
})

it('stops within five seconds, even a child that hangs', async () => {
  const rig = await running({ pace: { hang: 60_000, farewell: 200 } })
  await loggedIn(rig)
  const child = childOf(process.pid)
  if (child === null) throw new Error('no child')
  process.kill(child, 'SIGSTOP')
  const begun = performance.now()
  await rig.channel.stop()
  expect(performance.now() - begun).toBeLessThan(2_000)
  expect(childOf(process.pid)).toBeNull()
})

it('a send whose child dies before it took it may be tried again, after it has an unknown outcome', async () => {
  const rig = await running()
  await loggedIn(rig)
  rig.world.stall(1)
  const taken = rig.channel.send(aText('chen', '已通知工程部'))
  await until(() => rig.world.phone('chen').length === 1, 'the words on the phone')
  killChild()
  expect(await taken).toMatchObject({ type: 'unknown' })

  await loggedIn(rig)
  const child = childOf(process.pid)
  if (child === null) throw new Error('no child')
  // Stopped, it cannot take the order: nobody can have seen it.
  process.kill(child, 'SIGSTOP')
  const untaken = rig.channel.send(aText('chen', '师傅已出发'))
  await new Promise((resolve) => setTimeout(resolve, 10))
  process.kill(child, 'SIGKILL')
  expect(await untaken).toMatchObject({ type: 'later' })
  expect(rig.world.phone('chen')).toHaveLength(1)
})

it('no answer within the limit is an unknown outcome', async () => {
  const rig = await running({ pace: { textLimit: 50 } })
  await loggedIn(rig)
  rig.world.stall(1)
  expect(await rig.channel.send(aText('chen', '您好'))).toMatchObject({ type: 'unknown' })
  await until(() => rig.world.phone('chen').length === 1, 'it arrived all the same')
})
