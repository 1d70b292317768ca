import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { newestBackupAt } from '../../db/backup.ts'
import { sleep, until } from '../bot/timers/waiting.ts'
import { estate, isAccepted, livesThrough, members, residentId, TOKEN, type Stage } from './lives.ts'
import { aMachine, ready, type Machine, type Moment } from './machine.ts'
import { openPlatforms, type Platforms } from './platforms.ts'
import { calmOf, reckon, type Reckoning } from './reckoning.ts'

/** `npm run faults`: at least 200 kills, some minutes. Without: each named moment once, and some at random. */
const long = process.env.FAULTS === 'long'

/** Every named moment (points.mjs); from the callback to the mark, then timers, files, WeChat, a new version. */
const POINTS = [
  'request read',
  'row inserted',
  'committed',
  'answered',
  'outbox claimed',
  'platform accepted',
  'marked',
  'timer due',
  'timer committed',
  'media half-written',
  'copied before a migration',
  'migration',
  'backup',
  'WeChat told',
  'spooled',
  'WeChat file half-written',
  'taken from the spool',
  'WeChat accepted',
] as const

type Point = (typeof POINTS)[number]
type Kill = Point | 'at random'

/** Moments that only a new version has. */
const UPGRADES: readonly Point[] = ['copied before a migration', 'migration']

/** What needs nobody to write or to press comes last, as lives end. */
const LAST: readonly Kill[] = [...UPGRADES, 'backup', 'at random', 'at random', 'at random']

const EACH = long ? 8 : 1
const AT_RANDOM = long ? 60 : 3
/** Lives under way at once. */
const WHOLE = long ? 5 : 3
const WISHES = 3
/** So many of each kind at most. */
const MOST = long ? 400 : 60

let dir: string
let platforms: Platforms
let machine: Machine
let stage: Stage
let failed = false

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'faults-'))
  writeFileSync(join(dir, 'estate.yaml'), estate)
  platforms = await openPlatforms(join(dir, 'platforms'), {
    members,
    residents: Array.from({ length: MOST }, (_, n) => ({ id: residentId(n), name: `住户${n}` })),
  })
  const { settings } = platforms.simulator.wecom
  machine = aMachine(dir, {
    ADMIN_TOKEN: TOKEN,
    ESTATE_FILE: join(dir, 'estate.yaml'),
    WECOM_CORP_ID: settings.corpId,
    WECOM_AGENT_ID: String(settings.agentId),
    WECOM_SECRET: settings.secret,
    WECOM_TOKEN: settings.token,
    WECOM_AES_KEY: settings.aesKey,
    WECOM_API_BASE: settings.apiBase,
    WECHATY_PUPPET: 'wechaty-puppet-mock',
    SIMULATOR_WECHAT_URL: platforms.simulator.wechat.url,
  })
  stage = { platforms, machine }
})
afterAll(async () => {
  await machine.kill(true)
  await platforms.close()
  if (failed) process.stdout.write(`what was left is in ${dir}\n`)
  else rmSync(dir, { recursive: true, force: true })
})

async function goOn(moment: Moment | null): Promise<{ ended: Promise<void> }> {
  const { url, ended } = await machine.start(moment)
  platforms.program = url
  return { ended }
}

const byPoint = new Map<string, number>()

function count(point: string): void {
  byPoint.set(point, (byPoint.get(point) ?? 0) + 1)
}

const kills = (): number => [...byPoint.values()].reduce((total, n) => total + n, 0)

test(
  'must-survive 1: killed again and again, the program loses nothing and does nothing twice',
  async () => {
    onTestFailed(() => void (failed = true))
    const lives = { whole: new Map<number, string>(), wish: new Map<number, string>() }
    const live = async (kind: 'whole' | 'wish', n: number): Promise<void> => {
      lives[kind].set(n, await (kind === 'whole' ? livesThrough(stage, n) : isAccepted(stage, n)))
    }
    await goOn(null)
    await ready(platforms.program ?? '')
    await Promise.all([live('whole', 0), live('wish', 0)])
    await quiet()
    const calm = calmOf(stage, lives)
    await machine.stop()

    let going = true
    const next = { whole: 1, wish: 1 }
    const failures: string[] = []
    const livers = [...Array<'whole'>(WHOLE).fill('whole'), ...Array<'wish'>(WISHES).fill('wish')].map(
      async (kind) => {
        try {
          while (going && next[kind] < MOST) await live(kind, next[kind]++)
        } catch (error) {
          failures.push(String(error))
        }
      },
    )

    for (const point of mixed(plan())) {
      if (failures.length > 0) break
      await killedAt(point)
    }
    going = false
    for (const point of LAST) if (failures.length === 0) await killedAt(point)
    await goOn(null)
    await Promise.all(livers)
    if (failures.length === 0) await quiet()
    expect(await machine.backUp(), 'npm run backup after all that').toBe(0)
    const clean = await machine.stop()
    const result = await reckon(stage, calm, lives, failures)
    process.stdout.write(table(result))
    const { lost, doubled } = result
    expect({ lost, doubled }, machine.said()).toEqual({ lost: [], doubled: [] })
    for (const point of POINTS) expect(byPoint.get(point) ?? 0, `killed at: ${point}`).toBeGreaterThan(0)
    expect(kills()).toBeGreaterThanOrEqual(long ? 200 : POINTS.length)
    expect(clean, 'a graceful end after all that').toBe(0)
  },
  long ? 3_600_000 : 300_000,
)

/** Every named moment, and random ones, but for the last. */
function plan(): readonly Kill[] {
  const all = [
    ...POINTS.flatMap((point) => Array<Kill>(EACH).fill(point)),
    ...Array<Kill>(AT_RANDOM).fill('at random'),
  ]
  for (const point of LAST) all.splice(all.indexOf(point), 1)
  return all
}

const mixed = (kills: readonly Kill[]): readonly Kill[] =>
  kills
    .map((kill) => ({ kill, rank: Math.random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ kill }) => kill)

const killedAt = (point: Kill): Promise<void> =>
  point === 'at random' ? killedAtRandom() : killedAtPoint(point)

/** Started, and ended by itself at that moment; at the latest by us. Tried until it was reached. */
async function killedAtPoint(point: Point): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    if (UPGRADES.includes(point)) machine.upgrade()
    if (point === 'backup') machine.ageBackups()
    const before = machine.hits().length
    const { ended } = await goOn({ point, nth: tries > 0 ? 1 : nthOf(point) })
    const hit = (): boolean => machine.hits().slice(before).includes(point)
    await Promise.race([ended, until(hit, 12_000).catch(() => undefined)])
    // Where a process beside it has ended, the program may live on for a moment.
    if (/^(WeChat (told|file)|spooled|backup)/.test(point)) await machine.kill(Math.random() < 0.5)
    else await Promise.race([ended, sleep(50)])
    await machine.kill(false)
    count(hit() ? point : 'at random')
    if (hit()) return
  }
}

function nthOf(point: Point): number {
  if (UPGRADES.includes(point)) return 1
  // A page copied, the list of its files begun, given its name.
  return 1 + Math.floor(Math.random() * (point === 'backup' ? 3 : 2))
}

async function killedAtRandom(): Promise<void> {
  await goOn(null)
  await sleep(100 + Math.random() * 2_500)
  if (Math.random() < 0.2 && machine.killWechat()) {
    count('its WeChat process alone')
    await sleep(Math.random() * 3_000)
  }
  await machine.kill(Math.random() < 0.5)
  count('at random')
}

/** Nothing waits any more: no send, no timer that is due, no file. */
async function quiet(): Promise<void> {
  await ready(platforms.program ?? '')
  await until(
    () =>
      machine.rows("select id from outbox where state = 'pending'").length === 0 &&
      machine.rows("select id from inbox where state <> 'done'").length === 0 &&
      machine.rows("select id from media where state = 'waiting'").length === 0 &&
      machine.rows(`select id from timers where due < ${Date.now()}`).length === 0,
    60_000,
  )
  await until(() => (newestBackupAt(machine.backupDir) ?? 0) > Date.now() - 86_400_000)
  await platforms.simulator.wecom.idle()
}

function table(result: Reckoning): string {
  const rows: [string, number][] = [
    ['kills', kills()],
    ...[...byPoint]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([point, n]): [string, number] => [`  ${point}`, n]),
    ['messages in', result.in],
    ['messages out', result.out],
    ['lost', result.lost.length],
    ['doubled', result.doubled.length],
    ['marked repeats', result.marked],
    ['let go', result.letGo],
    ['not handed over by wechaty', result.notHandedOver],
    ['given up by 企业微信', result.givenUp],
  ]
  return `\n${rows.map(([what, n]) => `${what.padEnd(30)}${String(n).padStart(6)}`).join('\n')}\n\n`
}
