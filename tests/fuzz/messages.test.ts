import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hours, seconds } from '../../workflows/ids.ts'
import {
  nowhere,
  readChoice,
  readCommand,
  readCorrection,
  readStars,
  understand,
} from '../../workflows/understanding/index.ts'
import { aCompany, mondayTen } from '../support/builders.ts'
import { productSteps } from '../../bot/steps.ts'
import { anEngine, type Engine } from '../support/engine.ts'
import { quickest } from '../support/quickest.ts'
import { anyText, remembering, seeded, strange, wellFormed } from './hostile.ts'

let engine: Engine<typeof productSteps>
const failures: string[] = []

beforeEach(async () => {
  failures.length = 0
  engine = await anEngine({
    steps: productSteps,
    company: aCompany(),
    log: remembering(failures),
  })
})
afterEach(() => engine.stop())

let people = 0
const all = <Row>(sql: string, ...values: unknown[]): Row[] =>
  engine.store.database.sqlite.prepare(sql).all(...values) as Row[]

/** What the inbox keeps of the last thing somebody sent. */
function keptOf(sender: string): string {
  const row = all<{ event: string }>(
    `select event from inbox where sender = ? and cause = 'message' order by id desc limit 1`,
    sender,
  )[0]
  return (JSON.parse(row?.event ?? '{}') as { content: { text: string } }).content.text
}

const tables = () =>
  all<{ name: string }>(`select name from sqlite_master where type = 'table' order by name`)

it('the inbox keeps every text letter by letter, whatever stands in it', async () => {
  const before = tables()
  const broken = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 4 }), async (texts) => {
      const sender = `wx-${++people}`
      for (const text of texts) {
        expect(await engine.writes(text, { sender })).toBe('stored')
        expect(keptOf(sender)).toBe(text)
        if (text !== wellFormed(text)) broken.add(sender)
      }
      await engine.clock.pass(seconds(5))
    }),
    seeded(50, 20261401),
  )
  // Whatever was begun and not ended is registered as it stands.
  await engine.clock.pass(hours(1))
  await engine.settle()
  expect(tables()).toEqual(before)
  expect(failures, 'no turn fails, and every text is read').toEqual([])
  for (const { to, body } of engine.wechat.sent) {
    if (body.type !== 'text' || broken.has(to)) continue
    expect(body.text, 'nobody gets half a character who sent none').toBe(wellFormed(body.text))
  }
}, 40_000)

it('a case keeps the words of its resident as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 12 }), async (texts) => {
      const told = texts.map((text) => ({
        sender: `wx-${++people}`,
        text: `3栋1单元902可视门铃坏了，请来修。${text}`,
      }))
      for (const { sender, text } of told) await engine.writes(text, { sender })
      await engine.clock.pass(hours(1))
      await engine.settle()
      for (const { sender, text } of told) {
        const words = all<{ text: string }>(
          `select w.text from words w join conversations c on c.person = w.person where c.external_id = ?`,
          sender,
        ).map((row) => row.text)
        // A column is UTF-8, which has no lone surrogates: each is one U+FFFD here, and as it came in the inbox.
        expect(words.join('\n')).toContain(wellFormed(text))
      }
    }),
    seeded(4, 20261402),
  )
  expect(failures).toEqual([])
}, 40_000)

it('a complaint number, a template or an event in somebody’s text shows and does nothing of another’s', async () => {
  await engine.writes('3栋1单元902可视门铃坏了，请来修', { sender: 'wx-owner' })
  await engine.clock.pass(hours(1))
  await engine.settle()
  const [number] = all<{ number: string }>('select number from complaints').map((row) => row.number)
  if (number === undefined) throw new Error('nothing was registered')
  const state = () => [
    all('select status, severity, code, person, household from complaints where id = 1'),
    // Who has the number may claim the case, and staff decide: that alone is noted.
    all(`select type, by, words from timeline where complaint = 1 and type not like 'claim%'`),
  ]
  const before = state()
  const words = fc
    .tuple(fc.constantFrom(...strange), fc.constantFrom('', '撤回', '催一下', '五星', '进度', '补充：'))
    .map(([piece, command]) => `${command}${number}${piece}`)
  await fc.assert(
    fc.asyncProperty(words, async (text) => {
      const sender = `wx-${++people}`
      const sent = engine.wechat.sent.length
      await engine.writes(text, { sender })
      await engine.clock.pass(seconds(5))
      await engine.settle()
      const answers = engine.wechat.sent
        .slice(sent)
        .flatMap(({ to, body }) => (to === sender && body.type === 'text' ? [body.text] : []))
      expect(answers.join()).not.toMatch(/可视门铃|902|49/)
    }),
    seeded(60, 20261403),
  )
  expect(state()).toEqual(before)
  expect(failures).toEqual([])
})

const context = { ...nowhere, buildings: ['3栋'], staffNames: ['张建国'] }

it('no reading of any text takes 20 ms', () => {
  const readings: Readonly<Record<string, (text: string) => unknown>> = {
    understand: (text) => understand(text, mondayTen, context),
    readCorrection: (text) => readCorrection(text, mondayTen, context),
    readCommand,
    readChoice,
    readStars,
  }
  const pieces = [
    '3栋',
    '1-',
    '电梯',
    '不是',
    '，',
    ' ',
    '12',
    '反映了',
    '从8点到',
    '没',
    '有人',
    '①',
    '是',
    '补充',
  ]
  const long = fc
    .array(fc.oneof(fc.constantFrom(...pieces, ...strange), fc.string({ unit: 'binary', maxLength: 3 })), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) => parts.join('').repeat(20_000).slice(0, 20_000))
  fc.assert(
    fc.property(fc.oneof(anyText, long), (text) => {
      for (const [name, reading] of Object.entries(readings))
        expect(
          quickest(() => reading(text), 20),
          name,
        ).toBeLessThan(20)
    }),
    seeded(60, 20261404),
  )
})
