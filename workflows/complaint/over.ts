import * as alarm from './alarm.ts'
import { showFace } from './cards.ts'
import * as closing from './closing.ts'
import * as confirming from './confirming.ts'
import type { EventOf } from './events.ts'
import * as is from './guards.ts'
import * as keeping from './keeping.ts'
import * as fromResident from './resident.ts'
import { tellOfTheEnd } from './telling.ts'
import { ignored, refused, toStaff, type Column, type Rule } from './rules.ts'

/** What holds in the states that end a case, as rules: what `life.ts` puts into `closed`, `withdrawn` and `merged`. */

/** The resident writes again within 90 days of its end. */
export const reopening = [
  { when: is.windowOver, refuse: 'windowOver' },
  { do: [closing.reopen] },
] as const satisfies readonly Rule<EventOf<'reopen'> | EventOf<'notSolved'>>[]

/** Nothing is done any more to a case that ended. */
export const over = {
  register: refused('alreadyDone'),
  join: [{ do: [fromResident.turnAway] }],
  separate: ignored,
  followerSays: [{ do: [fromResident.followerSays] }],
  inferred: ignored,
  supplement: [{ do: [fromResident.supplement] }],
  amend: [{ do: [fromResident.amendEnded] }],
  // Danger breaks through whatever was closed.
  danger: [{ do: [closing.reopenInDanger, alarm.becomeEmergency] }],
  noDanger: ignored,
  urged: refused('closed'),
  withdraw: refused('closed'),
  answer: [{ do: [fromResident.supplementInstead] }],
  solved: refused('closed'),
  notSolved: refused('closed'),
  rate: refused('closed'),
  comment: [{ do: [confirming.comment] }],
  lasted: refused('closed'),
  reopen: refused('closed'),
  wantsPerson: refused('closed'),
  claim: [{ do: [fromResident.claimTooLate] }],
  forget: [{ when: is.onHold, do: [fromResident.forgetLater] }, { do: [fromResident.forgetClosed] }],
  exported: [{ do: [keeping.exported] }],
  unreachable: ignored,
  untold: [{ do: [tellOfTheEnd] }],
  accept: toStaff('closed'),
  decline: toStaff('closed'),
  handOver: toStaff('closed'),
  contact: toStaff('closed'),
  revealPhone: toStaff('closed'),
  arrive: toStaff('closed'),
  finding: toStaff('closed'),
  ask: toStaff('closed'),
  party: toStaff('closed'),
  hear: toStaff('closed'),
  verified: toStaff('closed'),
  responsibility: toStaff('closed'),
  plan: toStaff('closed'),
  progress: toStaff('closed'),
  done: toStaff('closed'),
  reply: toStaff('closed'),
  undo: toStaff('closed'),
  standDown: toStaff('closed'),
  visit: toStaff('closed'),
  recode: toStaff('closed'),
  pause: toStaff('closed'),
  resume: toStaff('closed'),
  judge: toStaff('closed'),
  transfer: toStaff('closed'),
  takeBack: toStaff('closed'),
  footageKept: toStaff('closed'),
  seen: ignored,
  settleClaim: toStaff('closed'),
  urge: toStaff('closed'),
  reassign: toStaff('closed'),
  takeOver: toStaff('closed'),
  extend: toStaff('closed'),
  severity: toStaff('closed'),
  decidePause: toStaff('closed'),
  sign: toStaff('closed'),
  closeDisputed: toStaff('closed'),
  due: ignored,
  cameBack: ignored,
  delivered: ignored,
  undeliverable: ignored,
  staffGone: ignored,
  away: ignored,
  shiftOver: ignored,
  policyChanged: ignored,
  hold: [{ do: [keeping.hold] }],
  release: [{ do: [keeping.release] }],
  expire: [{ do: [keeping.expire] }],
  showCard: [{ when: is.readerMayNot, do: [] }, { do: [showFace] }],
} as const satisfies Column
