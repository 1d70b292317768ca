import { expect, it } from 'vitest'
import type { Steps } from '../../bot/turn.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { deskNeeds, stepDesk } from '../../workflows/desk/index.ts'
import { minutes, seconds } from '../../workflows/ids.ts'
import { intakeNeeds, stepIntake } from '../../workflows/intake/index.ts'
import { understand } from '../../workflows/understanding/index.ts'
import { accepted } from '../support/channel.ts'
import { anEngine } from '../support/engine.ts'

const steps: Steps = { understand, stepIntake, intakeNeeds, stepComplaint, stepDesk, deskNeeds }

const OTHERS = 200
/** The account says one thing after the other, each so long. */
const SAYING = 100

/** A minute in which 200 people report something, and one writes `flood` messages. Answers who was told what, and when. */
async function aMinute(flood: number) {
  const engine = await anEngine({ steps })
  const told: { readonly to: string; readonly text: string; readonly after: number }[] = []
  const wrote = new Map<string, number>()
  engine.wechat.oneAtATime = true
  engine.wechat.answer = ({ to, body }) =>
    new Promise((resolve) =>
      engine.clock.after(SAYING, () => {
        const text = body.type === 'text' ? body.text : ''
        told.push({ to, text, after: engine.clock.now() - (wrote.get(to) ?? 0) })
        resolve(accepted)
      }),
    )
  const slots = 500
  for (let slot = 0; slot < slots; slot++) {
    if ((slot * OTHERS) % slots < OTHERS) {
      const who = `wx-${slot}`
      wrote.set(who, engine.clock.now())
      void engine.writes(`3栋1单元${1 + (slot % 18)}01可视门铃坏了，请来修`, { sender: who })
    }
    if (slot < flood) {
      wrote.set('wx-flood', engine.clock.now())
      void engine.writes(slot === 300 ? '着火了，有人被困在里面' : `怎么还没人${slot}`, {
        sender: 'wx-flood',
      })
    }
    await engine.clock.pass(minutes(1) / slots)
  }
  await engine.clock.pass(seconds(30))
  await engine.settle()
  const cases = engine.store.reads.list({ estate: null, open: null, before: null, limit: 10 })
  await engine.stop()
  return { told, cases }
}

function p95(delays: readonly number[]): number {
  return delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.95)] ?? Infinity
}

it('must-survive 35: one person’s 500 messages in a minute delay nobody else and hide no danger', async () => {
  const calm = await aMinute(0)
  const flooded = await aMinute(500)
  const ofOthers = ({ told }: typeof calm) => told.filter(({ to }) => to !== 'wx-flood')
  expect(ofOthers(calm)).toHaveLength(OTHERS)
  expect(ofOthers(flooded)).toHaveLength(OTHERS)
  const delay = (of: typeof calm) => p95(ofOthers(of).map(({ after }) => after))
  // One thing to say to the one who floods stands in the way at most.
  expect(delay(flooded)).toBeLessThanOrEqual(delay(calm) + 2 * SAYING)
  const toFlooder = flooded.told.filter(({ to }) => to === 'wx-flood')
  const safety = toFlooder.find(({ text }) => text.includes('119'))
  expect(safety?.after, 'danger is answered at once').toBeLessThan(seconds(1))
  expect(flooded.cases.some(({ severity }) => severity === 'S1')).toBe(true)
}, 120_000)
