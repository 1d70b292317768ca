import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tellOfDepartures } from '../../bot/departures.ts'
import { readStored } from '../../db/stored.ts'
import { complaintSchema, type Complaint } from '../../workflows/complaint/state.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { deskNeeds, stepDesk } from '../../workflows/desk/index.ts'
import type { Company } from '../../workflows/estate.ts'
import type { ComplaintId, StaffId } from '../../workflows/ids.ts'
import { aCompany, createFakeSteps } from '../support/fake-steps.ts'
import { aFolder, anEngine, type Engine } from '../support/engine.ts'

let dir: string
let engine: Engine

/** Residents speak to the fake; cases and desks are the product's. */
const steps = () => ({ ...createFakeSteps(), stepComplaint, stepDesk, deskNeeds })

const day = [{ start: '00:00', end: '24:00' }]
const everyDay = { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day }

/** zhang, li and silent of 工程, so that each may be asked. */
function estateFile(change: (id: StaffId) => 'here' | 'away' | 'gone' = () => 'here'): Company {
  const company = aCompany()
  return {
    ...company,
    estates: company.estates.map((estate) => ({
      ...estate,
      // Every day: a file without any service time is refused.
      calendar: { ...estate.calendar, windows: everyDay },
      staff: estate.staff
        .filter(({ id }) => change(id) !== 'gone')
        .map((s) => ({ ...s, departments: ['工程' as const], active: change(s.id) !== 'away' })),
    })),
  }
}

beforeEach(async () => {
  dir = aFolder()
  engine = await anEngine({ dir, steps: steps(), company: estateFile(), holder: 'first' })
})

afterEach(async () => {
  await engine.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** Ends this process and starts the next one with another estate file; what is told of departures is up to the test. */
async function restartedWith(company: Company, holder: string): Promise<void> {
  const { clock } = engine
  await engine.stop()
  engine = await anEngine({ dir, clock, steps: steps(), company, holder })
}

function complaint(id = 1): Complaint {
  const row = engine.store.complaints.complaint(id as ComplaintId)
  if (!row) throw new Error('no such complaint')
  return readStored(complaintSchema, row.state, 'complaints', row.id)
}

const tell = () => tellOfDepartures(engine.store, engine.inbox, engine.company)

it('whoever left the estate file loses what they own and their cards; the case goes to the next', async () => {
  await engine.writes('报修 电梯')
  await engine.settle()
  const first = complaint().owner
  if (first === null) throw new Error('nobody was asked')

  await restartedWith(
    estateFile((id) => (id === first ? 'gone' : 'here')),
    'second',
  )
  await tell()
  await engine.settle()
  const { owner, cards } = complaint()
  expect(owner).not.toBeNull()
  expect(owner).not.toBe(first)
  expect(cards.map((card) => card.staff)).not.toContain(first)
  expect(engine.store.complaints.loads().get(first) ?? 0).toBe(0)
  expect(engine.wecom.sent.map(({ body }) => body.type)).toContain('card')
})

it('whoever is on leave does, too', async () => {
  await engine.writes('报修 电梯')
  const first = complaint().owner
  await restartedWith(
    estateFile((id) => (id === first ? 'away' : 'here')),
    'second',
  )
  await tell()
  expect(complaint().owner).not.toBe(first)
})

it('a crash after the new estate file was stored and before anybody was told is healed at the next start', async () => {
  await engine.writes('报修 电梯')
  const first = complaint().owner
  const without = estateFile((id) => (id === first ? 'gone' : 'here'))
  // Stored as the newest version, and then this process ends.
  await restartedWith(without, 'second')
  expect(complaint().owner).toBe(first)
  const version = engine.company.version

  await restartedWith(without, 'third')
  expect(engine.company.version).toBe(version)
  await tell()
  expect(complaint().owner).not.toBe(first)
})

it('nobody is told twice, and nobody who is still here', async () => {
  await engine.writes('报修 电梯')
  const first = complaint().owner
  await tell()
  expect(complaint().owner).toBe(first)
  await restartedWith(
    estateFile((id) => (id === first ? 'gone' : 'here')),
    'second',
  )
  await tell()
  const entries = engine.store.complaints.timeline(1 as ComplaintId).length
  await tell()
  expect(engine.store.complaints.timeline(1 as ComplaintId)).toHaveLength(entries)
})

it('is told of every case, however many hang on one person', async () => {
  const only = (who: string) => estateFile((id) => (id === who ? 'here' : 'gone'))
  await restartedWith(only('zhang'), 'busy')
  const many = 60
  for (let i = 0; i < many; i++) await engine.writes('报修 电梯', { sender: `wx-${i}` })
  const theirs = engine.store.complaints.allHeldBy('zhang' as StaffId)
  expect(theirs).toHaveLength(many)
  await restartedWith(only('li'), 'second')
  await tell()
  expect(theirs.map(({ id }) => complaint(id).owner).filter((owner) => owner !== 'li')).toEqual([])
}, 20_000)

it('a case whose row cannot be read keeps nobody from starting', async () => {
  await engine.writes('报修 一')
  engine.store.database.sqlite.exec(`update complaints set state = '{}'`)
  await restartedWith(
    estateFile((id) => (id === 'li' ? 'here' : 'gone')),
    'second',
  )
  await tell()
  expect(engine.inbox.troubles().join()).toContain('events failed and wait to be tried again')
})

it('one case that cannot be decided keeps nobody from starting, and is tried again', async () => {
  await engine.writes('报修 一')
  await engine.writes('报修 二', { sender: 'wx-b' })
  const first = complaint().owner
  await restartedWith(
    estateFile((id) => (id === 'li' ? 'here' : 'gone')),
    'second',
  )
  let broken = true
  engine.steps.stepComplaint = (state, event, loaded, context) => {
    if (broken && loaded.id === 1 && event.type === 'staffGone') throw new Error('no')
    return stepComplaint(state, event, loaded, context)
  }
  await tell()
  expect(complaint(1).owner).toBe(first)
  expect(complaint(2).owner).toBe('li')
  broken = false
  await engine.clock.pass(2_000)
  await engine.settle()
  expect(complaint(1).owner).toBe('li')
})
