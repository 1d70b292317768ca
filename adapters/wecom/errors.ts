import { hours, minutes, seconds } from '../../workflows/ids.ts'
import type { Millis } from '../../workflows/ids.ts'
import type { Outcome } from '../channel.ts'

/** What to do about a failed call. */
export type Reaction =
  /** Busy; the same call works in a moment. */
  | 'retry'
  /** Too many calls: wait for the window. */
  | 'throttled'
  /** The token died early: get another one once. */
  | 'token'
  /** The whole app is wrongly set up: hold everything, tell an administrator, go on when it is mended. */
  | 'configuration'
  /** This person or chat cannot be reached by how the app is set up: tell an administrator, give this message up. */
  | 'reach'
  | 'recipient'
  /** The media id is gone: upload again. */
  | 'media'
  | 'content'
  | 'code'
  | 'window'
  /** It never left this machine. */
  | 'notSent'
  /** It left, and nothing readable came back: it may have been done. */
  | 'lost'

interface Known {
  readonly reaction: Reaction
  /** What an administrator must do, where only they can. */
  readonly advice?: string
}

const known = new Map<number, Known>()
const add = (reaction: Reaction, codes: readonly number[], advice?: string): void => {
  for (const code of codes) known.set(code, advice === undefined ? { reaction } : { reaction, advice })
}
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

// Every code of platforms.md 1. errcode is all that is read, but for `adviceOn`: errmsg is free text and holds ids.
add('retry', [-1, 6000, 45033])
add('throttled', [45009])
add('token', [40014, 42001, 41001])
add('recipient', [40003, 60111, 81013])
add('media', [40007])
add('content', [40008, 40058, 44004, 45002, 45008, 45034])
add('content', range(42014, 42020))
add('code', [42022])
add('content', range(42027, 42051))
add('window', [42052, 45015, 45047])
add('content', range(82001, 82003))
add(
  'configuration',
  [40001],
  'the secret is wrong: copy the app’s Secret from its page in the admin console into WECOM_SECRET',
)
add(
  'configuration',
  [40013, 41002],
  'the corp id is wrong: copy it from 我的企业 in the admin console into WECOM_CORP_ID',
)
add('configuration', [41004], 'the secret is missing: set WECOM_SECRET')
add(
  'configuration',
  [40056, 301002],
  'the agent id does not belong to this secret: copy AgentId and Secret of the same app into WECOM_AGENT_ID and WECOM_SECRET',
)
add(
  'configuration',
  [60020, 40164],
  'it refuses this machine’s address: add its public IP to 企业可信IP on the app’s page in the admin console ' +
    '(takes about a minute)',
)
add(
  'configuration',
  [48001],
  'the app lacks the permission for this interface: grant it in the admin console',
)
add(
  'reach',
  [60011, 60021, 60030],
  'a member of staff is outside what the app may see: add them to 可见范围 on the app’s page in the admin console',
)
add(
  'reach',
  [86001, 86003, 86006, 86008],
  'a group chat is not this app’s or no longer there: make it anew with this app',
)
add(
  'reach',
  [93000, 93004, 93008],
  'a group robot was removed or switched off: add it again and take over its new key',
)

/** How to react to an `errcode` of any WeCom API. Codes nobody listed go by their family. */
export function knownCode(code: number): Known {
  return known.get(code) ?? { reaction: familyOf(code) }
}

/**
 * What an administrator must do, where only they can. Of errmsg only the address is read that the platform saw us come
 * from: nobody can allow it who does not know it.
 */
export function adviceOn(code: number, errmsg: unknown): string | null {
  const { advice } = knownCode(code)
  if (advice === undefined) return null
  const [, address] =
    /from ip: ((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:.]+)(?![\w.])/i.exec(String(errmsg)) ?? []
  return address === undefined ? advice : advice.replace('its public IP', `its public IP ${address}`)
}

function familyOf(code: number): Reaction {
  const family = Math.floor(code / 1_000)
  if ([40, 41, 42, 44, 47].includes(family)) return 'content'
  if ([48, 50, 60, 86, 93, 301].includes(family)) return 'reach'
  return 'retry'
}

/** A call that did not do what was asked. The message names path and code, nothing of a person. */
export class CallFailed extends Error {
  readonly reaction: Reaction
  readonly code: number | null
  /** Not before so long, where that is known. */
  readonly after: Millis | null
  constructor(reaction: Reaction, detail: string, more: { code?: number; after?: Millis } = {}) {
    super(detail)
    this.reaction = reaction
    this.code = more.code ?? null
    this.after = more.after ?? null
  }
}

/** What a failed call means for the message it should have sent; `attempt` counts from 1 and lengthens the wait. */
export function outcomeOf(failure: CallFailed, attempt: number): Exclude<Outcome, { type: 'accepted' }> {
  const detail = failure.message
  // What the platform or our own counting says about the wait is better than a guess.
  const later = (guess: Millis): Outcome & { type: 'later' } => ({
    type: 'later',
    after: failure.after === null ? guess : Math.max(failure.after, seconds(1)),
    detail,
  })
  switch (failure.reaction) {
    case 'retry':
    case 'notSent':
      return later(growing(seconds(2), attempt, minutes(10)))
    case 'throttled':
      return later(growing(minutes(1), attempt, hours(1)))
    case 'token':
      return later(minutes(1))
    case 'configuration':
      return later(minutes(2))
    case 'reach':
      return { type: 'refused', why: 'configuration', detail }
    case 'media':
      return { type: 'refused', why: 'content', detail }
    case 'recipient':
    case 'content':
    case 'code':
    case 'window':
      return { type: 'refused', why: failure.reaction, detail }
    case 'lost':
      return { type: 'unknown', detail }
  }
}

function growing(first: Millis, attempt: number, most: Millis): Millis {
  return Math.min(first * 4 ** Math.max(0, attempt - 1), most)
}
