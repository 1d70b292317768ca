import type { PhoneItem, WechatItem, WechatMessage } from '../../adapters/simulator/index.ts'
import { sleep } from '../bot/timers/waiting.ts'
import { pixel } from '../support/phones.ts'
import type { Machine } from './machine.ts'
import type { Platforms } from './platforms.ts'

/** How many members of staff there are, so that nobody reaches 企业微信's 30 messages a minute. */
export const STAFF = 40
export const userid = (n: number): string => `Staff${n % STAFF}`
export const members = [
  ...Array.from({ length: STAFF }, (_, n) => ({ userid: userid(n), name: `员工${n}` })),
  { userid: 'LiMin', name: '李敏' },
  { userid: 'LinTao', name: '林涛' },
]
export const residentId = (n: number): string => `resident-${n}`

export const TOKEN = 'a-token-for-tests-0123456789'

/** Open around the clock; what staff do can be undone for two seconds; a wish must be accepted within fifty. */
export const estate = [
  'estates:',
  '  - id: hefeng',
  '    name: 和风苑',
  '    phone: "0731-88881111"',
  '    buildings: [{ name: 3栋, units: [1, 2], floors: 33 }]',
  '    staff:',
  ...Array.from(
    { length: STAFF },
    (_, n) =>
      `      - { id: s${n}, name: 员工${n}, wecom: ${userid(n)}, role: staff, departments: [工程, 秩序, 环境, 客服, 财务] }`,
  ),
  '      - { id: li, name: 李敏, wecom: LiMin, role: supervisor, departments: [工程, 秩序, 环境, 客服, 财务] }',
  '      - { id: lin, name: 林涛, wecom: LinTao, role: manager, departments: [经理] }',
  '    calendar: { timezone: Asia/Shanghai, windows: { mon-sun: ["00:00-24:00"] } }',
  '    policy: { undo: 2s, burstWait: 0s, quietHours: none, accept: { S4: { limit: 50s } } }',
  '',
].join('\n')

export interface Stage {
  readonly platforms: Platforms
  readonly machine: Machine
}

const MARK = '（重发，如已收到请忽略）'

export const isMarked = (line: string): boolean => line.startsWith(MARK)
export const unmarked = (line: string): string => (isMarked(line) ? line.slice(MARK.length) : line)

/** Lines and pictures that the account showed one resident, oldest first. */
export function shownTo(platforms: Platforms, resident: string): readonly string[] {
  return platforms.simulator.wechat
    .phone(resident)
    .flatMap(({ from, message }: WechatItem) =>
      from !== 'them' ? [] : [message.type === 'text' ? message.text : `[${message.type}]`],
    )
}

type AppCard = Extract<PhoneItem, { type: 'card' }>

export const isOf =
  (number: string) =>
  (item: PhoneItem): item is AppCard =>
    item.type === 'card' && item.card.rows.some((row) => row.value === number)

export const appLines = (platforms: Platforms, who: string): readonly string[] =>
  platforms.simulator.wecom
    .phone(who)
    .items.flatMap((item) => (item.from === 'app' && item.type === 'text' ? [item.text] : []))

/** How long somebody waits for an answer before the test calls it lost. */
const PATIENCE = 90_000

async function comes<T>(
  look: () => T | null,
  what: () => string,
  meanwhile: () => void = () => undefined,
): Promise<T> {
  const end = performance.now() + PATIENCE
  for (;;) {
    const found = look()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(what())
    meanwhile()
    await sleep(20)
  }
}

/** Bodies of what perhaps arrived, and no (more) repeat is worth it (design.md): nobody waits for it for ever. */
export function uncertain({ machine }: Stage, who: string): readonly string[] {
  return machine
    .rows<{ body: string | null }>(
      `select body from outbox where recipient = '${who}' and state in ('letGo', 'unknown')`,
    )
    .map(({ body }) => body ?? '')
}

/** A resident's phone in hands that say again what WeChat lost. */
function wechatOf(stage: Stage, who: string) {
  const { platforms } = stage
  const { wechat } = platforms.simulator
  let read = 0

  function next(answer: RegExp): string | null {
    const lines = shownTo(platforms, who)
    const at = lines.findIndex((line, i) => i >= read && answer.test(line))
    if (at >= 0) read = at + 1
    return lines[at] ?? null
  }

  /** Waits for that line; says the message, if one is given, and again where WeChat lost it. */
  async function reads(answer: RegExp, message: WechatMessage | null = null): Promise<string> {
    let id = message && wechat.say(who, message)
    let looked = performance.now()
    let gone: string | null = null
    let missed: string | null = null
    return comes(
      () => next(answer) ?? gone,
      () => `${who} never read ${String(answer)} but: ${shownTo(platforms, who).slice(read).join(' / ')}`,
      () => {
        if (performance.now() - looked < 1_000) return
        looked = performance.now()
        gone = uncertain(stage, who).find((body) => answer.test(body)) ?? null
        if (id === null || message === null || !platforms.notHandedOver().has(id)) return
        // At the first look it may be on its way still.
        if (missed !== id) {
          missed = id
          return
        }
        id = wechat.say(who, message)
      },
    )
  }

  return {
    reads,
    says: (text: string, answer: RegExp) => reads(answer, { type: 'text', text }),
  }
}

/** A staff member's app in hands that do again what 企业微信 gave up. */
function appOf(stage: Stage, who: string) {
  const { platforms } = stage
  const { wecom } = platforms.simulator

  /** Of what was stored all the same, only its answer lost, they see the effect. */
  function givenUp(): number {
    const ids = platforms.givenUp(who)
    return ids.filter(
      (id) => stage.machine.rows(`select 1 from inbox where message_id = '${id}'`).length === 0,
    ).length
  }

  async function does(act: () => void, hasEffect: () => boolean, what: string): Promise<void> {
    let lost = givenUp()
    act()
    await comes(
      () => hasEffect() || null,
      () => `${who}: ${what} had no effect; reads: ${appLines(platforms, who).slice(-4).join(' / ')}`,
      () => {
        const now = givenUp()
        if (now > lost) act()
        lost = now
      },
    )
  }

  /** On the newest card of this case, as it shows now. */
  function buttonOf(number: string, label: string): { card: string; key: string } | null {
    const item = wecom.phone(who).items.filter(isOf(number)).at(-1)
    const key = item?.card.replaced ? null : item?.card.buttons.find(({ text }) => text === label)?.key
    return item && key ? { card: item.id, key } : null
  }

  return {
    does,
    /** Waits for a card of this case on which this can be pressed, and presses it. */
    async presses(number: string, label: string, hasEffect: () => boolean): Promise<void> {
      await comes(
        () => buttonOf(number, label),
        () => `${who} has nothing to press 【${label}】 on of ${number}`,
      )
      const press = (): void => {
        const button = buttonOf(number, label)
        if (button) wecom.press(who, button.card, button.key)
      }
      await does(press, hasEffect, `【${label}】`)
    },
    counted: (pattern: RegExp) =>
      [...appLines(platforms, who), ...uncertain(stage, who)].filter((line) => pattern.test(line)).length,
  }
}

const numberIn = (line: string): string => /TS-\d{8}-\d{4,}/.exec(line)?.[0] ?? ''

async function holderOf({ platforms }: Stage, number: string): Promise<string> {
  const { wecom } = platforms.simulator
  return comes(
    () => wecom.members.find(({ userid: who }) => wecom.phone(who).items.some(isOf(number)))?.userid ?? null,
    () => `nobody has a card of ${number}`,
  )
}

/** From the first words over WeChat to five stars; a picture from both sides on the way. Answers the number. */
export async function livesThrough(stage: Stage, n: number): Promise<string> {
  const who = residentId(n)
  const resident = wechatOf(stage, who)
  const home = `3栋${1 + (n % 2)}单元${1 + (Math.floor(n / 2) % 33)}0${1 + (Math.floor(n / 66) % 4)}`
  await resident.says(`${home}可视门铃坏了，请来修`, /电话是多少/)
  await resident.says('13800000001', /对就回1/)
  const number = numberIn(await resident.says('1', /登记好了，编号/))
  const holder = await holderOf(stage, number)
  const app = appOf(stage, holder)
  const accepted = new RegExp(`${number} 已接单`)
  await app.presses(number, '接单', () => app.counted(accepted) > 0)
  await resident.reads(/由员工\d+经办/)

  await resident.says('补充', /请说要补充的/)
  const picture = { type: 'image', name: 'a.png', base64: pixel.toString('base64') } as const
  await resident.reads(/补充的已加到/, picture)

  const asked = app.counted(/怎么办好的/)
  await app.presses(number, '办完了', () => app.counted(/怎么办好的/) > asked)
  const photos = app.counted(/照片收到/)
  await app.does(
    () => stage.platforms.simulator.wecom.sendImage(holder, pixel, 'photo.png'),
    () => app.counted(/照片收到/) > photos,
    'a photo',
  )
  const done = app.counted(/已记为办完/)
  await app.does(
    () => stage.platforms.simulator.wecom.say(holder, '换了新的门铃，试过能用'),
    () => app.counted(/已记为办完/) > done,
    'the result',
  )
  await resident.reads(/问题解决了吗/)
  await resident.says('1', /几星/)
  await resident.says('5星', /已办结/)
  return number
}

/** A wish, registered by hand; whoever has it accepts, only after the first reminder unless told. Answers the number. */
export async function isAccepted(
  stage: Stage,
  n: number,
  after: 'reminder' | 'nothing' = 'reminder',
): Promise<string> {
  const number = await registers(stage.platforms, n)
  const holder = await holderOf(stage, number)
  const app = appOf(stage, holder)
  const reminder = new RegExp(`${number} 提醒`)
  if (after === 'reminder')
    await comes(
      () => app.counted(reminder) > 0 || null,
      () => `${holder} was never reminded of ${number}`,
    )
  const accepted = new RegExp(`${number} 已接单`)
  await app.presses(number, '接单', () => app.counted(accepted) > 0)
  return number
}

/** As a client does that lost its answer: again, with the same key. */
async function registers(platforms: Platforms, n: number): Promise<string> {
  for (;;) {
    const number = await registered(platforms.program, n).catch(() => null)
    if (number !== null) return number
    await sleep(200)
  }
}

async function registered(program: string | null, n: number): Promise<string | null> {
  if (program === null) return null
  const answer = await fetch(`${program}/api/complaints`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'idempotency-key': `wish-${n}`,
    },
    body: JSON.stringify({
      estate: 'hefeng',
      text: `建议在3栋${1 + (n % 33)}楼加一排长椅，老人好坐`,
      phone: '13700000000',
    }),
    signal: AbortSignal.timeout(5_000),
  })
  return answer.status === 201 ? ((await answer.json()) as { number: string }).number : null
}
