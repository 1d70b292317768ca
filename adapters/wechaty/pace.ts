import type { Millis } from '../../workflows/ids.ts'

/** How fast the account acts and how long it is waited for. Real time: people and sockets do not hurry with the clock. */
export interface Pace {
  /** From one thing said to the next, shortest and longest: a person types no faster, and WeChat bans who does. */
  readonly sendGap: readonly [Millis, Millis]
  /** How long a friend request lies before it is accepted; one after the other. */
  readonly friendPause: readonly [Millis, Millis]
  /** After this the outcome of a text is unknown. */
  readonly textLimit: Millis
  /** The same for a file, which must be uploaded first. */
  readonly fileLimit: Millis
  /** How long a file may take to come in before it counts as lost. */
  readonly mediaLimit: Millis
  /** Without a sign of life of the puppet for so long, the connection counts as lost. */
  readonly silence: Millis
  /** Without a pulse of the child for so long, it hangs. */
  readonly hang: Millis
  readonly pulse: Millis
  /** The pause before the child is started again, first and longest; doubled each time. */
  readonly restart: readonly [Millis, Millis]
  /** A child larger than this (bytes of RSS) is replaced: wechaty/wechaty#2337. */
  readonly memory: number
  /** How long a child that was asked to end may take. */
  readonly farewell: Millis
}

export const HUMAN_PACE: Pace = {
  sendGap: [1_000, 2_200],
  friendPause: [20_000, 90_000],
  textLimit: 10_000,
  fileLimit: 60_000,
  mediaLimit: 60_000,
  silence: 120_000,
  hang: 30_000,
  pulse: 5_000,
  restart: [1_000, 300_000],
  memory: 1_073_741_824,
  farewell: 4_000,
}

/** A moment between the two, as people are never exact. */
export function between([least, most]: readonly [Millis, Millis]): Millis {
  return least + Math.random() * (most - least)
}
