import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Steps } from '../../bot/turn.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { deskNeeds, stepDesk } from '../../workflows/desk/index.ts'
import { minutes } from '../../workflows/ids.ts'
import { intakeNeeds, stepIntake } from '../../workflows/intake/index.ts'
import { understand } from '../../workflows/understanding/index.ts'
import { anEngine, type Engine } from '../support/engine.ts'
import { anyText, written } from './texts.ts'

const steps: Steps = { understand, stepIntake, intakeNeeds, stepComplaint, stepDesk, deskNeeds }

let engine: Engine<Steps>
beforeAll(async () => {
  engine = await anEngine({ steps })
})
afterAll(() => engine.stop())

const failed = () =>
  engine.store.database.sqlite
    .prepare("select id, error from inbox where attempts > 0 or state <> 'done'")
    .all()

let people = 0

it('whatever a resident writes is stored as written, decided without a failure, and answered in well-formed text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 4 }), async (texts) => {
      const sender = `wx-fuzz-${++people}`
      for (const text of texts) {
        await engine.writes(text, { sender })
        await engine.clock.pass(minutes(1))
      }
      await engine.settle()
      const rows = engine.store.database.sqlite
        .prepare("select event, state from inbox where sender = ? and cause = 'message' order by id")
        .all(sender) as { event: string; state: string }[]
      expect(rows.map(({ state }) => state)).toEqual(texts.map(() => 'done'))
      const stored = rows.map(({ event }) => {
        const { content } = JSON.parse(event) as { content?: { text?: string } }
        return content?.text
      })
      expect(
        stored.map((text) => written(text ?? '')),
        'kept word for word',
      ).toEqual(texts.map(written))
      for (const { to, body } of engine.wechat.sent.splice(0))
        if (to === sender && body.type === 'text') expect(written(body.text)).toBe(body.text)
      expect(failed(), 'no turn failed, not even once').toEqual([])
    }),
    { numRuns: 25 },
  )
}, 60_000)
