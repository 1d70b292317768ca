import { differences, replay, type Difference } from '../../bot/replay.ts'
import { productSteps } from '../../bot/steps.ts'
import { openStore } from '../../db/store.ts'
import type { Town } from './town.ts'

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
    const events = await replay({ from, into, steps: productSteps, desk })
    return { events, differences: differences(from, into) }
  } finally {
    from.close()
    into.close()
  }
}
