import type { Registration } from '../complaint/events.ts'
import type { Facts } from '../understanding/facts.ts'
import type { DangerTalk } from './state.ts'

/**
 * A child or an old person who is gone is in danger now: S1 (domain.md 2.1, doubt picks the higher), with the alarm and
 * the footage of EM04, which are the guards'. The outside contract has no type of it, so it is violence with words of its
 * own, as a lift is an entrapment with its own.
 */
export const lostAsDanger = (facts: Facts): Facts =>
  facts.lost
    ? {
        ...facts,
        kind: 'complaint',
        code: 'EM04',
        category: 'security',
        safety: 'emergency',
        danger: 0.9,
        emergencyType: 'violence',
        selfInvolved: false,
        vulnerable: true,
      }
    : facts

/** What a case is told of the danger talked about. */
export const dangerOf = ({ type, lift, self, lost }: DangerTalk): NonNullable<Registration['danger']> => ({
  type,
  lift,
  self,
  ...(lost && { lost }),
})
