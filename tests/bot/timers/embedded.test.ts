import { createEmbeddedTimers } from '../../../bot/timers/embedded.ts'
import { seconds } from '../../../workflows/ids.ts'
import { createFakeClock, turnsOfTheLoop } from '../../support/clock.ts'
import { quiet } from '../../support/engine.ts'
import { timersConform } from './conformance.ts'

timersConform('embedded', () => {
  const clock = createFakeClock()
  return Promise.resolve({
    now: clock.now,
    create: (rows) => createEmbeddedTimers(rows, clock, quiet),
    async pass(length) {
      await clock.pass(length)
      await turnsOfTheLoop()
    },
    jump: clock.jump,
    punctual: seconds(1),
  })
})
