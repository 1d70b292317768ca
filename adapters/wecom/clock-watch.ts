import { minutes } from '../../workflows/ids.ts'
import type { Instant } from '../../workflows/ids.ts'
import type { Troubles } from '../troubles.ts'

/** A signature is good for ever, so a callback counts only this long before and after its time (must-survive.md D). */
const WINDOW = minutes(5)

/** One stale callback may be a replay. Five signed ones in a row mean that a clock is wrong: ours. */
const SUSPICIOUS = 5

/**
 * Tells whether a signed callback's time is inside the window, and raises a trouble that names the difference when five
 * in a row were outside. Only for callbacks whose signature was found good.
 */
export function watchClock(clock: () => Instant, troubles: Troubles): (at: Instant) => boolean {
  let outside = 0
  return (at) => {
    const ahead = at - clock()
    if (Math.abs(ahead) <= WINDOW) {
      outside = 0
      troubles.clear('clock')
      return true
    }
    outside += 1
    if (outside >= SUSPICIOUS) {
      const difference = `${Math.round(Math.abs(ahead) / minutes(1))} minutes`
      troubles.raise(
        'clock',
        `WeCom callbacks are ${difference} ${ahead > 0 ? 'ahead of' : 'behind'} this machine's clock and are refused: ` +
          'set this machine to the right time (NTP).',
      )
    }
    return false
  }
}
