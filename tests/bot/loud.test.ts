import { afterEach, expect, test } from 'vitest'
import { readiness } from '../../bot/health.ts'
import type { Complaint } from '../../workflows/complaint/state.ts'
import { anEngine, type Engine } from '../support/engine.ts'
import { createFakeSteps } from '../support/fake-steps.ts'

let engine: Engine
afterEach(() => engine.stop())

/** An engine whose every complaint comes out of its turn like this, and what it logs as an error. */
async function engineWhere(change: (c: Complaint, now: number) => Partial<Complaint>) {
  const steps = createFakeSteps()
  const step = steps.stepComplaint
  steps.stepComplaint = (before, event, loaded, context) => {
    const turn = step(before, event, loaded, context)
    return { ...turn, state: { ...turn.state, ...change(turn.state, context.now) } }
  }
  const errors: unknown[][] = []
  const log = { error: (...said: unknown[]) => void errors.push(said), warn: () => undefined }
  engine = await anEngine({ steps, log })
  return errors
}

const warnings = () =>
  readiness({
    store: engine.store,
    clock: engine.clock,
    channels: [],
    startWarnings: [],
    troubles: () => [],
    stopping: () => false,
    unwritable: () => null,
    shares: { held: () => ['chores'], troubles: () => [] },
  }).warnings

const unheard = (rounds: number) => (_: Complaint, now: number) => ({
  alert: {
    about: [{ step: 'contact' as const, percent: 100, due: now, late: false }],
    since: now,
    to: [],
    lost: [],
    level: 1,
    next: now + 1,
    rounds,
  },
})

test('an escalation nobody answers is one line of the log, not one a turn, and a warning by number only', async () => {
  const errors = await engineWhere(unheard(1))
  await engine.writes('报修')
  await engine.settle()
  const complaint = engine.store.reads.unheard()[0]?.number ?? ''
  expect(errors).toEqual([
    [
      { complaint },
      'nobody has answered an escalation of a complaint, though everybody was told: see /readyz',
    ],
  ])
  expect(warnings()).toEqual([
    `complaint ${complaint}: nobody has answered an escalation since ${new Date(engine.clock.now()).toISOString()}`,
  ])
  await engine.inbox.submit({ to: 'complaint', id: 1 as never }, { type: 'comment', text: '快点' })
  expect(errors).toHaveLength(1)
})

test('while others can still be told it is neither', async () => {
  const errors = await engineWhere(unheard(0))
  await engine.writes('报修')
  await engine.settle()
  expect([errors, warnings()]).toEqual([[], []])
})

test('a case nobody can be found for is said once, as that', async () => {
  const errors = await engineWhere((c, now) => ({ ...unheard(2)(c, now), unowned: true }))
  await engine.writes('报修')
  await engine.settle()
  expect(errors).toMatchObject([[{}, 'a complaint has nobody who can be asked: see /readyz']])
  expect(warnings().join()).toMatch(/has nobody who can be asked$/)
})
