import { describe, expect, test } from 'vitest'
import { adviceOn, CallFailed, knownCode, outcomeOf } from '../../../adapters/wecom/errors.ts'
import type { Reaction } from '../../../adapters/wecom/errors.ts'
import { hours, minutes, seconds } from '../../../workflows/ids.ts'
import { TABLE } from './errcodes.ts'

describe('every code the platform is known for has its reaction', () => {
  test.each(TABLE.flatMap(([reaction, codes]) => codes.map((code) => [code, reaction] as const)))(
    '%i: %s',
    (code, reaction) => {
      expect(knownCode(code).reaction).toBe(reaction)
    },
  )

  test('whatever only an administrator can mend says what to do', () => {
    for (const [reaction, codes] of TABLE) {
      for (const code of codes) {
        expect(knownCode(code).advice !== undefined).toBe(
          reaction === 'configuration' || reaction === 'reach',
        )
      }
    }
    expect(knownCode(60020).advice).toContain('企业可信IP')
  })

  test.each([
    [40035, 'content'],
    [47001, 'content'],
    [60123, 'reach'],
    [99999, 'retry'],
    [NaN, 'retry'],
  ] as const)('the unknown %i goes by its family: %s', (code, reaction) => {
    expect(knownCode(code).reaction).toBe(reaction)
  })
})

describe('what a failure means for the message', () => {
  const after = (reaction: Reaction, attempt = 1, wait?: number) => {
    const outcome = outcomeOf(
      new CallFailed(reaction, 'x', wait === undefined ? {} : { after: wait }),
      attempt,
    )
    return outcome.type === 'later' ? outcome.after : outcome
  }

  test('busy: soon, then ever later', () => {
    expect([1, 2, 3, 9].map((attempt) => after('retry', attempt))).toEqual([
      seconds(2),
      seconds(8),
      seconds(32),
      minutes(10),
    ])
    expect(after('notSent')).toBe(seconds(2))
  })
  test('too many calls: minutes, or as long as is known', () => {
    expect([1, 2, 9].map((attempt) => after('throttled', attempt))).toEqual([
      minutes(1),
      minutes(4),
      hours(1),
    ])
    expect(after('throttled', 3, seconds(7))).toBe(seconds(7))
    expect(after('throttled', 1, 0)).toBe(seconds(1))
  })
  test('a wrong set-up holds the message until it is mended', () => {
    expect(after('configuration')).toBe(minutes(2))
  })
  test.each([
    ['recipient', { type: 'refused', why: 'recipient', detail: 'x' }],
    ['content', { type: 'refused', why: 'content', detail: 'x' }],
    ['media', { type: 'refused', why: 'content', detail: 'x' }],
    ['code', { type: 'refused', why: 'code', detail: 'x' }],
    ['window', { type: 'refused', why: 'window', detail: 'x' }],
    ['reach', { type: 'refused', why: 'configuration', detail: 'x' }],
    ['lost', { type: 'unknown', detail: 'x' }],
  ] as const)('%s', (reaction, outcome) => {
    expect(after(reaction)).toEqual(outcome)
  })
})

describe('the one thing read of errmsg', () => {
  const text = (address: string) =>
    `not allow to access from your ip, hint: [1730458186056773912722469], from ip: ${address}, more info at https://open.work.weixin.qq.com/devtool/query?e=60020`

  test.each(['203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7'])(
    'is the address to allow, %s',
    (address) => {
      expect(adviceOn(60020, text(address))).toContain(`add its public IP ${address} to 企业可信IP`)
    },
  )

  test.each([undefined, '', 'not allow', text('words of somebody'), text('203.0.113')])(
    'and nothing where there is none: %s',
    (errmsg) => {
      expect(adviceOn(60020, errmsg)).toBe(knownCode(60020).advice)
    },
  )

  test('nor where the code needs no address', () => {
    expect(adviceOn(40001, text('203.0.113.7'))).toBe(knownCode(40001).advice)
    expect(adviceOn(40058, text('203.0.113.7'))).toBeNull()
  })
})
