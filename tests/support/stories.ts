import { expect } from 'vitest'
import { minutes } from '../../workflows/ids.ts'
import type { Resident, StaffPhone, Town } from './town.ts'

/** What most stories of the journeys share, told as people do it. */

export const numberIn = (line: string): string => {
  const number = /TS-\d{8}-\d{4,}/.exec(line)?.[0]
  if (!number) throw new Error(`no number of a complaint in: ${line}`)
  return number
}

interface Teller {
  readonly phone?: string
  readonly home?: string
}

/** One message, then household and telephone where they are asked for, confirmed and registered. Answers the number. */
export async function tells(
  town: Town,
  who: Resident,
  text: string,
  { phone = '13800000001', home = '3栋1单元1201' }: Teller = {},
): Promise<string> {
  who.says(text)
  // Nobody writes more: the wait for the rest of a burst need not be lived through.
  town.speed(10)
  let asked = await who.hears(/几栋几单元|电话是多少|对就回1/)
  town.speed(1)
  if (/几栋几单元/.test(asked)) {
    who.says(home)
    asked = await who.hears(/电话是多少|对就回1/)
  }
  if (/电话是多少/.test(asked)) {
    who.says(phone)
    await who.hears(/对就回1/)
  }
  who.says('1')
  return numberIn(await who.hears(/登记好了，编号TS-/))
}

/** 接单, and the resident hears the name. */
export async function accepts(handler: StaffPhone, who: Resident, name: RegExp): Promise<void> {
  await handler.presses('接单')
  await who.hears(name)
}

/** Looks at the place and writes down what is there, with a photo. */
export async function verifies(handler: StaffPhone, who: Resident, found: string): Promise<void> {
  await handler.presses('写核实情况')
  await handler.hears(/看到的情况/)
  handler.says(found)
  await handler.hears(/核实情况已记录/)
  handler.sendsPhoto()
  await who.seesPhoto()
  await handler.presses('核实完毕')
}

/** Responsibility by the card; what is told waits for the minute in which it can be undone. */
export async function determines(
  town: Town,
  handler: StaffPhone,
  who: Resident,
  code: string,
  why: string,
): Promise<void> {
  await handler.presses('认定责任')
  await handler.presses('确定', { code: [code] })
  await handler.hears(/说明理由|第三方是谁/)
  handler.says(why)
  await handler.hears(/责任已认定/)
  town.advance(minutes(1.1))
  await who.hears(/查清了/)
}

export async function plans(town: Town, handler: StaffPhone, who: Resident, plan: string): Promise<void> {
  await handler.presses('方案和时间')
  await handler.hears(/发方案和时间/)
  handler.says(plan)
  if (/差别/.test(await handler.hears(/差别|方案已记录/))) {
    handler.says('无')
    await handler.hears(/方案已记录/)
  }
  town.advance(minutes(1.1))
  await who.hears(/接下来/)
}

/** Done, with a photo of the finished work; the resident is asked. */
export async function finishes(
  town: Town,
  handler: StaffPhone,
  who: Resident,
  result: string,
): Promise<void> {
  await handler.presses('办完了')
  await handler.hears(/怎么办好的/)
  handler.sendsPhoto()
  await handler.hears(/照片收到/)
  handler.says(result)
  await handler.hears(/已记为办完/)
  town.advance(minutes(1.1))
  await who.hears(/问题解决了吗/)
}

interface TimelineEntry {
  readonly type: string
  readonly by: string
  readonly staff: string | null
  readonly at: string
  readonly data: Readonly<Record<string, unknown>>
  readonly words: string | null
  readonly media: readonly number[]
}

/** A complaint as `GET /api/complaints/:number` shows it, as far as the stories look at it. */
export interface ShownComplaint {
  readonly number: string
  readonly status: string
  readonly kind: string
  readonly code: string
  readonly severity: string
  readonly owner: string | null
  readonly place: Readonly<Record<'building' | 'unit' | 'room' | 'area', string | null>>
  readonly summary: string
  readonly words: string
  readonly resident: { readonly name: string | null; readonly phone: string | null } | null
  readonly media: readonly number[]
  readonly responsibility: { readonly code: string; readonly who: string | null } | null
  readonly findings: readonly string[]
  readonly promises: readonly {
    readonly what: string
    readonly at: string
    readonly kept: string | null
    readonly replaced: string | null
    readonly broken: boolean
  }[]
  readonly rating: number | null
  readonly closure: string | null
  readonly receivedAt: string
  readonly closedAt: string | null
  readonly timeline: readonly TimelineEntry[]
}

export async function complaint(town: Town, number: string): Promise<ShownComplaint> {
  const { status, body } = await town.api(`/api/complaints/${number}`)
  expect(status).toBe(200)
  return body as ShownComplaint
}

/** What happened, without what became of each promise: that stands beside it, and is in `promises` as well. */
export const typesOf = (shown: ShownComplaint): readonly string[] =>
  shown.timeline.map((entry) => entry.type).filter((type) => !type.startsWith('promise'))

export interface Ready {
  readonly ready: boolean
  readonly warnings: readonly string[]
}

/** What `/readyz` says. */
export async function readiness(town: Town): Promise<Ready> {
  const { status, body } = await town.api('/readyz')
  expect(status).toBe(200)
  return body as Ready
}

/** Nothing of the machinery, and none of the words nobody should hear from a property company, is on any phone. */
export function expectPlainWords(town: Town): void {
  const { residents, staff } = town.everything()
  for (const line of [...residents, ...staff])
    expect(line).not.toMatch(/undefined|null|NaN|\[object|\$\{|errcode|Error\b/)
  for (const line of residents) {
    // domain.md 5.1 rule 4.
    expect(line).not.toMatch(/尽快|不归我们管|规定就这样|您冷静点|不可能|您应该早说|个工作日/)
    // One question a message, at most 60 characters (rule 1); what is only listed after it counts along.
    for (const part of line.split('\n').filter((words) => words.includes('？')))
      if (!/我复述一下|想问您/.test(part)) expect([...part].length, part).toBeLessThanOrEqual(60)
  }
}
