import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { childOf } from '../adapters/wechaty/rig.ts'
import { sleep, until } from '../bot/timers/waiting.ts'
import { errcode, type ScriptedReply } from '../support/scripted-wecom.ts'
import { aNeighbourhood, userid, type Neighbour, type Neighbourhood } from '../support/neighbours.ts'

let street: Neighbourhood
let first: Neighbour
let second: Neighbour

async function open(policy = '', more: Record<string, string> = {}): Promise<void> {
  street = await aNeighbourhood(policy)
  first = await street.start(more)
  second = await street.start(more)
}

/** The process that holds wechaty for this program. */
const wechatOf = (program: Neighbour): number | null => childOf(program.pid)

afterEach(() => street.close())

/** Taken by the platform, and never answered. */
const silent: ScriptedReply = () => undefined

const sends = (): number => street.wecom.callsOf('message/send').length

/** How many sends had the very body of an earlier one; 企业微信 shows such a one once. */
const repeats = (): number =>
  sends() - new Set(street.wecom.callsOf('message/send').map(({ body }) => body.toString())).size

const sentRows = (): number => street.rows("select id from outbox where state = 'sent'").length

const everything = ['channel:wecom', 'chores']
const either = (n: number): Neighbour => (n % 2 === 0 ? first : second)

/** Registers so many cases and lets so many members of staff ask for their tasks, at both programs at once. */
async function work(from: number, to: number): Promise<void> {
  await Promise.all(
    Array.from({ length: to - from }, async (_, i) => {
      const n = from + i
      await either(n).registers(`3栋${(n % 2) + 1}单元${n}01厨房水管漏水`, `case-${n}`)
      expect(await either(n + 1).staffWrites(userid(n), '我的待办', `ask-${n}`)).toBe(200)
    }),
  )
}

/** Equal neighbours that the platform would take for one: the same words to the same person, sent again. */
const withoutRepeats = (said: ReadonlyMap<string, readonly string[]>) =>
  new Map([...said].map(([person, words]) => [person, words.filter((one, i) => one !== words[i - 1])]))

describe('two programs on one database and one Redis', () => {
  beforeEach(() => open(), 60_000)

  test('share 200 events: each is handled once, each message sent once, in order to everybody (must-survive 29)', async () => {
    expect((await first.ready()).holds).toEqual(expect.arrayContaining(everything))
    expect(await second.ready()).toMatchObject({ holds: [], ready: true })
    await work(0, 100)
    await street.quiet()
    expect(street.rows('select distinct number from complaints')).toHaveLength(100)
    expect(street.rows("select id from inbox where cause = 'message' and state = 'done'")).toHaveLength(100)
    expect(street.sent()).toEqual(street.decided())
    expect(street.rows("select id from outbox where state <> 'sent'")).toEqual([])
    expect(street.wecom.callsOf('gettoken'), 'one of them alone talks to the platform').toHaveLength(1)
  }, 120_000)

  test('take one callback that comes three times to both at once for one, and answer each within a second (must-survive 2)', async () => {
    for (let n = 0; n < 10; n++) {
      const began = performance.now()
      const answers = await Promise.all(
        [first, second, first].map(async (program) => {
          const status = await program.staffWrites(userid(n), '我的待办', `thrice-${n}`)
          return [status, performance.now() - began < 1_000]
        }),
      )
      expect(answers).toEqual([
        [200, true],
        [200, true],
        [200, true],
      ])
    }
    await street.quiet()
    expect(street.rows("select id from inbox where cause = 'message'")).toHaveLength(10)
    const heard = [...street.sent()].filter(([person]) => person.startsWith('Staff'))
    expect(heard.map(([, words]) => words.length)).toEqual(Array(10).fill(1))
  }, 60_000)

  test('hand over within a second when the first stops, losing and doubling nothing (must-survive 40)', async () => {
    const working = work(0, 30)
    await working
    first.signal('SIGTERM')
    expect(await first.ended).toBe(0)
    const ended = performance.now()
    await until(async () => (await second.ready()).holds.length === 2)
    expect(performance.now() - ended).toBeLessThan(1_000)
    await second.registers('3栋1单元801停电了', 'afterwards')
    await street.quiet()
    expect(street.sent()).toEqual(street.decided())
  }, 60_000)

  test('go on when the one that sends is killed in the midst of it: nothing is lost, nothing doubled', async () => {
    // Ten sends are on their way when it dies; what became of all others is written down.
    street.wecom.answers('message/send', ...Array<ScriptedReply>(10).fill(silent))
    await work(0, 40)
    await until(() => sends() >= 40 && sentRows() === sends() - 10)
    first.signal('SIGKILL')
    await first.ended
    // The ten, and whatever else it had sent by then and not yet written down.
    const inDoubt = sends() - sentRows()
    expect(inDoubt).toBeGreaterThanOrEqual(10)
    const third = await street.start()
    await until(async () => (await second.ready()).holds.length + (await third.ready()).holds.length === 2)
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? second : third).staffWrites(userid(n), '我的待办', `after-${n}`),
      ),
    )
    await street.quiet()
    expect(street.rows("select id from outbox where state <> 'sent'")).toEqual([])
    expect(withoutRepeats(street.sent())).toEqual(withoutRepeats(street.decided()))
    // What had begun is sent again with the same body, which 企业微信 refuses as a repeat; nothing else is.
    expect(repeats()).toBe(inDoubt)
  }, 120_000)
})

test('what falls due in both is done once', async () => {
  await open('{ accept: { S1: 2s, S2: 2s, S3: 2s }, alarm: { every: 10s } }')
  await Promise.all(
    Array.from({ length: 4 }, (_, n) => either(n).registers(`3栋1单元${n}01厨房水管漏水`, `due-${n}`)),
  )
  await first.registers('3栋2单元着火了，有人被困', 'fire')
  await sleep(13_000)
  await street.quiet()
  const rounds = street.rows(
    "select distinct created_at from outbox where weight = 'safety' and kind = 'text'",
  )
  expect(rounds.length, 'it rang again').toBeGreaterThan(1)
  for (const [person, words] of street.sent())
    expect(new Set(words).size, `what ${person} heard`).toBe(words.length)
  expect(street.rows("select id from inbox where cause = 'timer'").length).toBeGreaterThan(10)
}, 90_000)

test('one that was stopped for long finds nothing left to do but to end, and its WeChat has ended before', async () => {
  await open('', { WECHATY_PUPPET: 'wechaty-puppet-mock' })
  await until(() => wechatOf(first) !== null)
  expect(wechatOf(second)).toBeNull()
  // It has some sends under way and some put off when it is stopped.
  street.wecom.answers('message/send', silent, silent, ...Array<ScriptedReply>(6).fill(errcode(-1)))
  await work(0, 10)
  await until(() => street.rows("select id from outbox where outcome like 'later%'").length === 6)
  await until(() => sentRows() === sends() - 8)
  first.signal('SIGSTOP')
  // What it had handed to the network arrives; then all that it sent and did not write down is known.
  await sleep(200)
  const inDoubt = sends() - sentRows()
  expect(inDoubt).toBeGreaterThanOrEqual(2 + 6)
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => second.staffWrites(userid(n), '我的待办', `meanwhile-${n}`)),
  )
  let overlapped = false
  await until(() => {
    overlapped ||= wechatOf(first) !== null && wechatOf(second) !== null
    return wechatOf(second) !== null
  }, 40_000)
  expect(overlapped, 'no account is served twice').toBe(false)
  await street.quiet()
  first.signal('SIGCONT')
  const ended = { yet: false }
  void first.ended.then(() => (ended.yet = true))
  await until(() => {
    overlapped ||= wechatOf(first) !== null
    return ended.yet
  }, 15_000)
  expect(overlapped, 'nor begun again').toBe(false)
  await sleep(500)
  expect(street.rows("select id from outbox where state <> 'sent'")).toEqual([])
  expect(withoutRepeats(street.sent())).toEqual(withoutRepeats(street.decided()))
  expect(sends() - sentRows(), 'what was under way, and what the platform had put off').toBe(inDoubt)
}, 120_000)

describe('a second program is refused in a plain sentence', () => {
  test('without REDIS_URL, where others share the data', async () => {
    street = await aNeighbourhood()
    await street.start()
    expect(await street.refused({ REDIS_URL: '' })).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^another process .* Give this one the same REDIS_URL/) as string,
    })
  }, 60_000)

  test('with REDIS_URL, where the first has the data alone', async () => {
    street = await aNeighbourhood()
    await street.start({ REDIS_URL: '' })
    expect(await street.refused()).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/works alone: only processes that all have REDIS_URL/) as string,
    })
  }, 60_000)

  test('with the simulator, whose platforms live in the memory of one', async () => {
    street = await aNeighbourhood()
    const simulated = {
      WECOM_CORP_ID: '',
      WECOM_AGENT_ID: '',
      WECOM_SECRET: '',
      WECOM_TOKEN: '',
      WECOM_AES_KEY: '',
      WECOM_API_BASE: '',
    }
    await street.start(simulated)
    expect(await street.refused(simulated)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/already works on this DATA_DIR/) as string,
    })
  }, 60_000)
})
