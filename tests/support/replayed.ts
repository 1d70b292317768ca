import { differences, replay, type Difference } from '../../bot/replay.ts'
import type { Steps } from '../../bot/turn.ts'
import { openStore } from '../../db/store.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { deskNeeds, stepDesk } from '../../workflows/desk/index.ts'
import { intakeNeeds, stepIntake } from '../../workflows/intake/index.ts'
import { understand } from '../../workflows/understanding/index.ts'
import type { Town } from './town.ts'

const steps: Steps = { understand, stepIntake, intakeNeeds, stepComplaint, stepDesk, deskNeeds }

/**
 * Stops the town, decides all that came from outside anew in an empty database, and answers how many events that were
 * and where the two databases differ.
 */
export async function replayed(town: Town): Promise<{ events: number; differences: readonly Difference[] }> {
  const simulator = town.program().simulator
  if (!simulator) throw new Error('the town runs on the simulator')
  const { corpId, agentId } = simulator.wecom.settings
  const now = town.program().clock.now()
  await town.stop()
  const from = openStore({ dataDir: town.dataDir, holder: 'replay', now })
  const into = openStore({ dataDir: ':memory:', holder: 'replay', now })
  try {
    const desk = { channel: 'wecom', account: `${corpId}:${agentId}` }
    const events = await replay({ from, into, steps, desk })
    return { events, differences: differences(from, into) }
  } finally {
    from.close()
    into.close()
  }
}
