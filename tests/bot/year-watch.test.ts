import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { yearWarnings } from '../../bot/estate-calendar.ts'
import { differences, replay } from '../../bot/replay.ts'
import { createYearWatch } from '../../bot/year-watch.ts'
import { openStore } from '../../db/store.ts'
import { deskNeeds, stepDesk } from '../../workflows/desk/index.ts'
import type { Company, Estate, Staff } from '../../workflows/estate.ts'
import { days, hours, minutes } from '../../workflows/ids.ts'
import { aCompany, aStaff, at } from '../support/builders.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { createFakeSteps } from '../support/fake-steps.ts'
import { aFolder, anEngine, desk, quiet, type Engine } from '../support/engine.ts'

let dir: string
let engine: Engine
let watch: ReturnType<typeof createYearWatch>

/** Desks are the product’s. */
const steps = () => ({ ...createFakeSteps(), stepDesk, deskNeeds })

/** 和风苑 alone, closed at night and at weekends; sun is its manager. */
function company(part: Partial<Estate> = {}, staff: readonly Staff[] = aCompany().staff): Company {
  const [hefeng] = aCompany().estates
  if (!hefeng) throw new Error('no estate')
  return aCompany({ staff, estates: [{ ...hefeng, ...part }] })
}

async function started(now: number | FakeClock, file = company()): Promise<void> {
  const clock = typeof now === 'number' ? createFakeClock(now) : now
  engine = await anEngine({ dir, clock, steps: steps(), company: file })
  watch = createYearWatch({ inbox: engine.inbox, company: () => engine.company, clock, log: quiet })
  watch.look()
  await engine.settle()
}

async function ended(): Promise<void> {
  watch.stop()
  await engine.stop()
}

async function restarted(file = company()): Promise<void> {
  const { clock } = engine
  await ended()
  await started(clock, file)
}

/** Who was told, and of what year. */
const told = () =>
  engine.wecom.sent.flatMap(({ to, body }) =>
    body.type === 'text' ? [`${to} ${/(\d{4})年的放假和调休/u.exec(body.text)?.[1] ?? body.text}`] : [],
  )

async function passes(length: number): Promise<void> {
  await engine.clock.pass(length)
  await engine.settle()
}

beforeEach(() => {
  dir = aFolder()
})

afterEach(async () => {
  await ended()
  rmSync(dir, { recursive: true, force: true })
})

it('tells the manager at the start, while the estate is open, and nobody else', async () => {
  await started(at('2026-11-23 10:00'))
  expect(told()).toEqual(['WeCom-sun 2027'])
})

it('waits for opening: it is no emergency', async () => {
  await started(at('2026-11-20 22:00'))
  await passes(days(2))
  expect(told()).toEqual([])
  // Monday, half past eight.
  await passes(hours(10) + minutes(29))
  expect(told()).toEqual([])
  await passes(minutes(1))
  expect(told()).toEqual(['WeCom-sun 2027'])
})

it('tells it once: not every day, nor after a restart', async () => {
  await started(at('2026-11-23 10:00'))
  await passes(days(5))
  expect(told()).toEqual(['WeCom-sun 2027'])
  await restarted()
  await passes(days(1))
  expect(told()).toEqual([])
})

it('writes one event a person, and nothing on the days after', async () => {
  await started(at('2026-11-23 10:00'))
  const rows = () => engine.store.database.sqlite.prepare('select count(*) as n from inbox').get()
  expect(rows()).toEqual({ n: 1 })
  await passes(days(9))
  expect(rows()).toEqual({ n: 1 })
})

it('tells it again where the file was changed, and still lacks the year', async () => {
  await started(at('2026-11-23 10:00'))
  await restarted(company({ phone: '0731-12345678' }))
  expect(told()).toEqual(['WeCom-sun 2027'])
})

it('tells nobody where the estate file fills the year in', async () => {
  const { calendar } = company().estates[0] ?? {}
  if (!calendar) throw new Error('no estate')
  const filledIn = { ...calendar, closed: ['2027-02-09'], open: ['2027-02-20'] }
  await started(at('2026-11-23 10:00'), company({ calendar: filledIn }))
  await passes(days(30))
  expect(told()).toEqual([])
  expect(yearWarnings(engine.company, engine.clock.now())).toEqual([])
})

it('finds a year that comes near without a restart: at the first opening within 92 days of it', async () => {
  await started(at('2026-05-11 10:00'))
  expect(yearWarnings(engine.company, engine.clock.now())).toEqual([])
  // 92 days before New Year is in the holidays of National Day, which end on 8 October.
  engine.clock.jump(at('2026-10-07 22:00') - engine.clock.now())
  await passes(hours(10))
  expect(told()).toEqual([])
  expect(yearWarnings(engine.company, engine.clock.now())).toHaveLength(1)
  await passes(minutes(30))
  expect(told()).toEqual(['WeCom-sun 2027'])
})

it('tells the company where an estate has no manager', async () => {
  const staff = company().estates[0]?.staff.filter((s) => s.role !== 'manager') ?? []
  await started(at('2026-11-23 10:00'), company({ staff }))
  expect(told()).toEqual(['WeCom-wu 2027'])
})

it('tells every manager of it, and one who has no 企业微信 costs nothing', async () => {
  const staff = [
    ...(company().estates[0]?.staff ?? []),
    aStaff('mei', { role: 'manager', departments: ['经理'] }),
    aStaff('mute', { role: 'manager', departments: ['经理'], wecom: null }),
  ]
  await started(at('2026-11-23 10:00'), company({ staff }))
  expect(told().toSorted()).toEqual(['WeCom-mei 2027', 'WeCom-sun 2027'])
})

it('is an event of the desk that heard it, so that its history is decided again as it was', async () => {
  await started(at('2026-11-23 10:00'))
  const into = openStore({ dataDir: ':memory:', holder: 'replay', now: 1 })
  expect(await replay({ from: engine.store, into, steps: engine.steps, desk })).toBe(1)
  expect(differences(engine.store, into)).toEqual([])
  into.close()
})
