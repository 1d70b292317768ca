import type { Card, CardButton } from '../message.ts'
import { button, pauseName, select } from '../phrases/cards.ts'
import { runningPause } from '../pauses.ts'
import { deadlineOf, isService } from '../sla.ts'
import { plain, primary } from './card-parts.ts'
import { pauseReasons, type Complaint } from './state.ts'

/** What waits for others: only where there is a clock to stop, or one that stands still. */
export const waitButtons = (c: Complaint): readonly CardButton[] => [
  ...(mayAskPause(c) ? [primary('choosePause', button.pause)] : []),
  ...(runningPause(c) ? [plain('resume', button.resume)] : []),
  ...(mayTransfer(c)
    ? [c.transferred ? plain('takeBack', button.takeBack) : plain('transfer', button.transfer)]
    : []),
  plain('back', button.back),
]

const mayTransfer = (c: Complaint): boolean =>
  (c.status === 'verifying' || c.status === 'resolving') && !isService(c.kind)

const mayAskPause = (c: Complaint): boolean =>
  (c.status === 'verifying' || c.status === 'resolving') &&
  c.severity !== 'S1' &&
  c.pauseWanted === null &&
  (runningPause(c)?.why ?? 'question') === 'question' &&
  deadlineOf(c, 'resolve') !== null

/** Why it is to stand still. */
export const waitSelect = (c: Complaint): Card['select'] =>
  mayAskPause(c)
    ? {
        key: 'pause',
        title: select.pause,
        options: pauseReasons.flatMap((id) => (id === 'question' ? [] : [{ id, label: pauseName[id] }])),
      }
    : null
