import type { PhoneItem, WechatItem, WechatMessage } from '../../adapters/simulator/index.ts'
import { sleep } from '../bot/timers/waiting.ts'
import { pixel } from '../support/phones.ts'
import type { Machine } from './machine.ts'
import type { Platforms } from './platforms.ts'

/** Lives of one kind that may be under way, or a minute old, without two of them meeting at one member of staff. */
const POSTS = 60

/** Whoever looks after the building of the n-th whole life, or of the n-th wish: nobody else of the suite has to do with them. */
export const staffOf = (kind: 'whole' | 'wish', n: number): string =>
  `Staff${(n % POSTS) + (kind === 'whole' ? 0 : POSTS)}`

const posts = Array.from({ length: 2 * POSTS }, (_, n) => ({ userid: `Staff${n}`, building: `${n + 1}栋` }))
const buildingOf = (kind: 'whole' | 'wish', n: number): string =>
  posts.find(({ userid }) => userid === staffOf(kind, n))?.building ?? ''

export const members = [
  ...posts.map(({ userid }, n) => ({ userid, name: `员工${n}` })),
  { userid: 'LiMin', name: '李敏' },
  { userid: 'LinTao', name: '林涛' },
]
export const residentId = (n: number): string => `resident-${n}`

export const TOKEN = 'a-token-for-tests-0123456789'

/**
 * Open around the clock; what staff do can be undone for two seconds; a wish is reminded of after three, and goes no further
 * up while anybody is still at it, however long the program lies dead.
 */
export const estate = [
  'estates:',
  '  - id: hefeng',
  '    name: 和风苑',
  '    phone: "0731-88881111"',
  '    buildings:',
  ...posts.map(({ building }) => `      - { name: ${building}, units: [1, 2], floors: 33 }`),
  '    staff:',
  ...posts.map(
    ({ userid, building }, n) =>
      `      - { id: s${n}, name: 员工${n}, wecom: ${userid}, role: staff, departments: [工程, 秩序, 环境, 客服, 财务], buildings: [${building}] }`,
  ),
  '      - { id: li, name: 李敏, wecom: LiMin, role: supervisor, departments: [工程, 秩序, 环境, 客服, 财务] }',
  '      - { id: lin, name: 林涛, wecom: LinTao, role: manager, departments: [经理] }',
  '    calendar: { timezone: Asia/Shanghai, windows: { mon-sun: ["00:00-24:00"] } }',
  '    policy:',
  '      undo: 2s',
  '      burstWait: 0s',
  '      quietHours: none',
  '      accept: { S4: { limit: 5m } }',
  '      ladder: { S4: { 0%: [handler], 1%: [handler], 100%: [supervisor] } }',
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

const isOf =
  (number: string) =>
  (item: PhoneItem): item is AppCard =>
    item.type === 'card' && item.card.rows.some((row) => row.value === number)

/** Lines, pictures and cards that the app showed one member of staff, oldest first. */
export const shownToStaff = (platforms: Platforms, who: string): readonly string[] =>
  platforms.simulator.wecom
    .phone(who)
    .items.flatMap((item) =>
      item.from !== 'app' ? [] : [item.type === 'text' ? item.text : `[${item.type}]`],
    )

/** How long somebody waits for an answer before the test calls it lost. */
const PATIENCE = 90_000

/** `meanwhile`: what somebody who waits does now and then. */
async function comes<T>(
  look: () => T | null,
  what: () => string,
  meanwhile: () => void = () => undefined,
): Promise<T> {
  const end = performance.now() + PATIENCE
  for (let looks = 1; ; looks++) {
    const found = look()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(what())
    if (looks % 20 === 0) meanwhile()
    await sleep(25)
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

  /** Waits for that line; says the message, if one is given, and once more where WeChat lost it with the process it told. */
  async function reads(answer: RegExp, message: WechatMessage | null = null): Promise<string> {
    let id = message && wechat.say(who, message)
    let gone: string | null = null
    return comes(
      () => next(answer) ?? gone,
      () => `${who} never read ${String(answer)} but: ${shownTo(platforms, who).slice(read).join(' / ')}`,
      () => {
        gone = uncertain(stage, who).find((body) => answer.test(body)) ?? null
        if (id !== null && message !== null && platforms.notHandedOver().has(id))
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
  let unsure: readonly string[] = []

  const counted = (pattern: RegExp): number =>
    [...shownToStaff(platforms, who), ...unsure].filter((line) => pattern.test(line)).length

  /** Of what was stored all the same, only its answer lost, they see the effect. */
  const lost = (): number =>
    platforms
      .givenUp(who)
      .filter((id) => stage.machine.rows(`select 1 from inbox where message_id = '${id}'`).length === 0)
      .length

  /** Waits for one more such line. */
  async function does(act: () => void, effect: RegExp, what: string): Promise<void> {
    unsure = uncertain(stage, who)
    const before = counted(effect)
    let known = lost()
    act()
    await comes(
      () => counted(effect) > before || null,
      () => `${who}: ${what} had no effect; reads: ${shownToStaff(platforms, who).slice(-4).join(' / ')}`,
      () => {
        unsure = uncertain(stage, who)
        const now = lost()
        if (now > known) act()
        known = now
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
    async presses(number: string, label: string, effect: RegExp): Promise<void> {
      await comes(
        () => buttonOf(number, label),
        () => `${who} has nothing to press 【${label}】 on of ${number}`,
      )
      const press = (): void => {
        const button = buttonOf(number, label)
        if (button) wecom.press(who, button.card, button.key)
      }
      await does(press, effect, `【${label}】`)
    },
    async reads(line: RegExp): Promise<void> {
      await comes(
        () => counted(line) > 0 || null,
        () => `${who} never read ${String(line)}`,
        () => void (unsure = uncertain(stage, who)),
      )
    },
  }
}

const numberIn = (line: string): string => /TS-\d{8}-\d{4,}/.exec(line)?.[0] ?? ''

/** From the first words over WeChat to five stars; a picture from both sides on the way. Answers the number. */
export async function livesThrough(stage: Stage, n: number): Promise<string> {
  const who = residentId(n)
  const resident = wechatOf(stage, who)
  const home = `${buildingOf('whole', n)}${1 + (n % 2)}单元${1 + Math.floor(n / POSTS)}01`
  await resident.says(`${home}可视门铃坏了，请来修`, /电话是多少/)
  await resident.says('13800000001', /对就回1/)
  const number = numberIn(await resident.says('1', /登记好了，编号/))
  const staff = staffOf('whole', n)
  const app = appOf(stage, staff)
  await app.presses(number, '接单', new RegExp(`${number} 已接单`))
  await resident.reads(/由员工\d+经办/)

  await resident.says('补充', /请说要补充的/)
  const picture = { type: 'image', name: 'a.png', base64: pixel.toString('base64') } as const
  await resident.reads(/补充的已加到/, picture)

  const { wecom } = stage.platforms.simulator
  await app.presses(number, '办完了', /怎么办好的/)
  await app.does(() => wecom.sendImage(staff, pixel, 'photo.png'), /照片收到/, 'a photo')
  await app.does(() => wecom.say(staff, '换了新的门铃，试过能用'), /已记为办完/, 'the result')
  await resident.reads(/问题解决了吗/)
  await resident.says('1', /几星/)
  await resident.says('5星', /已办结/)
  return number
}

/** A wish, registered by hand, of which somebody must be reminded before they accept it. Answers the number. */
export async function isAccepted(stage: Stage, n: number): Promise<string> {
  const number = await registers(stage.platforms, n)
  const staff = staffOf('wish', n)
  const app = appOf(stage, staff)
  await app.reads(new RegExp(`${number} 提醒`))
  await app.presses(number, '接单', new RegExp(`${number} 已接单`))
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
      text: `建议在${buildingOf('wish', n)}${1 + Math.floor(n / POSTS)}楼加一排长椅，老人好坐`,
      phone: '13700000000',
    }),
    signal: AbortSignal.timeout(5_000),
  })
  return answer.status === 201 ? ((await answer.json()) as { number: string }).number : null
}
