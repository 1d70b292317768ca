import { expect, it } from 'vitest'
import { minutes, seconds } from '../../workflows/ids.ts'
import { accepted } from '../support/channel.ts'
import { productSteps } from '../../bot/steps.ts'
import { anEngine } from '../support/engine.ts'

const OTHERS = 200
/** The account says one thing after the other, each so long. */
const SAYING = 100

/** A minute in which 200 people report something, and one writes `flood` messages. Answers who was told what, and when. */
async function aMinute(flood: number) {
  const engine = await anEngine({ steps: productSteps })
  const told: { readonly to: string; readonly text: string; readonly after: number }[] = []
  const wrote = new Map<string, number>()
  engine.wechat.oneAtATime = true
  engine.wechat.answer = ({ to, body }) =>
    new Promise((resolve) =>
      engine.clock.after(SAYING, () => {
        const text = body.type === 'text' ? body.text : ''
        told.push({ to, text, after: engine.clock.now() - (wrote.get(to) ?? 0) })
        resolve(accepted)
      }),
    )
  const slots = 500
  for (let slot = 0; slot < slots; slot++) {
    if ((slot * OTHERS) % slots < OTHERS) {
      const who = `wx-${slot}`
      wrote.set(who, engine.clock.now())
      void engine.writes(`3栋1单元${1 + (slot % 18)}01可视门铃坏了，请来修`, { sender: who })
    }
    if (slot === 310) {
      wrote.set('wx-fire', engine.clock.now())
      void engine.writes('5楼着火了，有人出不来', { sender: 'wx-fire' })
    }
    if (slot < flood) {
      wrote.set('wx-flood', engine.clock.now())
      void engine.writes(slot === 300 ? '着火了，有人被困在里面' : `怎么还没人${slot}`, {
        sender: 'wx-flood',
      })
    }
    await engine.clock.pass(minutes(1) / slots)
  }
  await engine.clock.pass(seconds(30))
  await engine.settle()
  const cases = engine.store.reads.list({ estate: null, open: null, before: null, limit: 10 })
  await engine.stop()
  return { told, cases }
}

function p95(delays: readonly number[]): number {
  return delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.95)] ?? Infinity
}

it('must-survive 35: one person’s 500 messages in a minute delay nobody else and hide no danger', async () => {
  const calm = await aMinute(0)
  const flooded = await aMinute(500)
  const ofOthers = ({ told }: typeof calm) => told.filter(({ to }) => to !== 'wx-flood' && to !== 'wx-fire')
  expect(ofOthers(calm)).toHaveLength(OTHERS)
  expect(ofOthers(flooded)).toHaveLength(OTHERS)
  const delay = (of: typeof calm) => p95(ofOthers(of).map(({ after }) => after))
  // One thing to say to the one who floods stands in the way at most.
  expect(delay(flooded)).toBeLessThanOrEqual(delay(calm) + 2 * SAYING)
  const toFlooder = flooded.told.filter(({ to }) => to === 'wx-flood')
  const safety = toFlooder.find(({ text }) => text.includes('119'))
  expect(safety?.after, 'danger is answered at once').toBeLessThan(seconds(1))
  expect(flooded.cases.filter(({ severity }) => severity === 'S1')).toHaveLength(2)
  // Another's danger in the middle of it.
  for (const minute of [calm, flooded]) {
    const first = minute.told.find(({ to }) => to === 'wx-fire')
    expect(first?.text).toContain('119')
    expect(first?.after).toBeLessThan(seconds(1))
  }
  // The same is said to each.
  const words = (of: typeof calm) => ofOthers(of).map(({ to, text }) => `${to} ${text}`)
  expect(words(flooded).toSorted()).toEqual(words(calm).toSorted())
}, 120_000)

it('one person’s 300 additions to an open case in a minute are all in it, and answered with a line a minute', async () => {
  const engine = await anEngine({ steps: productSteps })
  const to = (who: string) =>
    engine.wechat.sent.flatMap((o) => (o.to === who && o.body.type === 'text' ? [o.body.text] : []))
  const writes = async (text: string, wait = seconds(20)) => {
    await engine.writes(text, { sender: 'wx-flood' })
    await engine.clock.pass(wait)
    await engine.settle()
  }
  for (const text of ['3栋1单元501可视门铃坏了，请来修', '1', '跳过', '1']) {
    if (/登记好了/.test(to('wx-flood').join())) break
    await writes(text)
  }
  const before = to('wx-flood').length
  for (let i = 0; i < 300; i++) await writes(`补充：第${i}句`, 200)
  await engine.clock.pass(minutes(1))
  await engine.settle()
  const heard = to('wx-flood')
    .slice(before)
    .filter((text) => text.includes('补充'))
  expect(heard.length).toBeLessThanOrEqual(3)
  const counted = heard.map((text) => Number(/又有(\d+)条/.exec(text)?.[1] ?? 1))
  const [only] = engine.store.reads.list({ estate: null, open: null, before: null, limit: 10 }).slice(-1)
  const kept = only ? engine.store.complaints.timeline(only.id).filter((e) => e.type === 'supplemented') : []
  expect(kept).toHaveLength(300)
  expect(counted.reduce((sum, n) => sum + n, 0)).toBe(300)
  for (let i = 0; i < 10; i++) await writes(`补充：又第${i}句`, 200)
  const told = to('wx-flood').length
  await writes('着火了，有人被困在里面', 0)
  expect(to('wx-flood').slice(told).join()).toContain('119')
  await engine.stop()
}, 60_000)

it('long words are all kept, and cost a turn after hundreds of them as much as at first', async () => {
  const engine = await anEngine({ steps: productSteps })
  const took: number[] = []
  for (let i = 0; i < 200; i++) {
    const before = process.cpuUsage()
    await engine.writes(`${'水好吃，'.repeat(500)}${i}`, { sender: 'wx-flood' })
    const { user, system } = process.cpuUsage(before)
    took.push((user + system) / 1_000)
    await engine.clock.pass(minutes(1) / 500)
  }
  // Processor time in ms, at best: what others run on the machine meanwhile does not count.
  expect(Math.min(...took.slice(-20))).toBeLessThan(20)
  const count = "select count(*) as n from inbox where sender = 'wx-flood' and cause = 'message'"
  expect(engine.store.database.sqlite.prepare(count).get()).toEqual({ n: 200 })
  await engine.stop()
}, 60_000)
