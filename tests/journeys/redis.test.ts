import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../bot/config.ts'
import { createLog } from '../../bot/log.ts'
import { RefusedStart, startProgram } from '../../bot/program.ts'
import { hours, minutes } from '../../workflows/ids.ts'
import { until } from '../bot/timers/waiting.ts'
import { ownRedis, type OwnRedis } from '../support/redis.ts'
import { complaint, readiness, tells } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let redis: OwnRedis
let town: Town
beforeAll(async () => {
  redis = await ownRedis()
  town = await openTown({ env: { REDIS_URL: redis.url } })
}, 300_000)
afterAll(async () => {
  await town.close()
  await redis.close()
}, 30_000)

test('on Redis a case is reminded of, and Redis emptied, stopped or back changes nothing a person notices (must-survive 7)', async () => {
  const zhang = town.staff('ZhangJianGuo')
  const liMin = town.staff('LiMin')
  const wang = town.resident('resident-wang')
  expect((await readiness(town)).warnings).toContainEqual(
    expect.stringContaining('keeps no append-only file'),
  )
  const number = await tells(town, wang, '3栋1单元1201可视门铃坏了，请来修')
  await zhang.on(number).sees(/接单/)
  town.advance(hours(1.01))
  await zhang.hears(new RegExp(`${number} 提醒：请在`))

  await redis.empty()
  town.advance(minutes(36))
  await liMin.hears(new RegExp(`${number} 督办：接单时限已用80%`))

  await redis.stop()
  await until(async () =>
    (await readiness(town)).warnings.some((warning) => warning.includes('Redis cannot be used')),
  )
  expect((await readiness(town)).ready).toBe(true)
  const lin = town.resident()
  const second = await tells(town, lin, '3栋2单元1502可视门铃坏了，请来修')
  expect((await complaint(town, second)).owner).toBe('zhang')
  town.advance(hours(2))
  await zhang.hears(new RegExp(`${number} 已转给刘强，您不用再办`))
  expect(zhang.heard().filter((line) => line.includes(`${number} 已转给`))).toHaveLength(1)

  await redis.start()
  await until(async () =>
    (await readiness(town)).warnings.every((warning) => !warning.includes('cannot be used')),
  )
  town.advance(minutes(90))
  await town.staff('LiuQiang').hears(new RegExp(`${number} 提醒`))
}, 90_000)

test('a start while Redis is away serves everything from the rows, says so, and uses Redis once it answers', async () => {
  await redis.stop()
  await town.restart()
  const { ready, warnings } = await readiness(town)
  expect(ready).toBe(true)
  expect(warnings).toContainEqual(expect.stringContaining('Redis cannot be used'))
  town.nextMorning()
  const who = town.newcomer('resident-outage')
  const number = await tells(town, who, '3栋2单元1102可视门铃坏了，请来修')
  const owner = town.member((await complaint(town, number)).owner ?? '')
  await owner.on(number).sees(/接单/)
  town.advance(hours(1.01))
  await owner.hears(new RegExp(number))

  // Stopped and started again while it is still away: neither hangs.
  await town.restart()
  await redis.start()
  await until(async () =>
    (await readiness(town)).warnings.every((warning) => !warning.includes('cannot be used')),
  )
  const after = (await readiness(town)).warnings
  expect(after, 'what it is was not known at the start').toContainEqual(
    expect.stringContaining('keeps no append-only file'),
  )
}, 90_000)

test('a Redis that answers only after the start and may throw timers away is told of as long as it may', async () => {
  await redis.stop()
  await town.restart()
  await redis.start('--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru')
  const told = async (): Promise<boolean> =>
    (await readiness(town)).warnings.some((warning) => warning.includes('may throw timers away'))
  await until(told)
  await redis.stop()
  await redis.start()
  await until(async () => !(await told()))
}, 90_000)

describe('a Redis that is unfit', () => {
  test.each([
    [
      'may evict',
      ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'],
      /may throw timers away.*noeviction/,
    ],
    ['wants another password', ['--requirepass', 'right'], /lets nobody in/],
  ])(
    'one that %s is refused at the start, in a sentence without the password',
    async (_, settings, sentence) => {
      const unfit = await ownRedis(...settings)
      const dir = mkdtempSync(join(tmpdir(), 'complaint-line-'))
      onTestFinished(async () => {
        rmSync(dir, { recursive: true })
        await unfit.close()
      })
      const said: string[] = []
      const env = {
        DATA_DIR: dir,
        PORT: '0',
        REDIS_URL: unfit.url.replace('redis://', 'redis://default:s3cret@'),
      }
      const start = startProgram(readConfig(env, null, '.env'), {
        log: createLog('trace', { write: (line) => void said.push(line) }),
        say: (line) => void said.push(line),
        onLost: () => undefined,
      })
      const refusal = await start.catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(RefusedStart)
      expect(String(refusal)).toMatch(sentence)
      expect(String(refusal) + said.join()).not.toContain('s3cret')
      expect(readdirSync(dir), 'nothing was begun').toEqual([])
    },
  )
})
