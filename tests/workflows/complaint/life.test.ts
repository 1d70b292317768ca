import { describe, expect, test } from 'vitest'
import type { ComplaintEventType } from '../../../workflows/complaint/events.ts'
import { ruleFor, stepComplaint } from '../../../workflows/complaint/index.ts'
import { life } from '../../../workflows/complaint/life.ts'
import type { Rule } from '../../../workflows/complaint/rules.ts'
import {
  complaintSchema,
  isOpen,
  statuses,
  type Complaint,
  type Status,
} from '../../../workflows/complaint/state.ts'
import { Work } from '../../../workflows/complaint/work.ts'
import { minutes, type Instant } from '../../../workflows/ids.ts'
import { statusName } from '../../../workflows/phrases/cards.ts'
import { refused } from '../../../workflows/phrases/staff.ts'
import type { Turn } from '../../../workflows/turn.ts'
import { aContext, aLoaded, cardsOf, entries, noticesTo, staffNotices } from '../../support/builders.ts'
import { outcomeOf, table } from './outcomes.ts'
import { meetingFor, nameOf, type Meeting } from './recipes.ts'

/** Every line of the table of a complaint's life, in every state it stands in. */
const lines = statuses.flatMap((status) =>
  (Object.keys(life[status]) as ComplaintEventType[]).flatMap((type) =>
    (life[status][type] as readonly Rule<never>[]).map((rule, index) => ({
      status,
      type,
      index,
      rule,
      guard: nameOf(rule.when),
    })),
  ),
)
type Line = (typeof lines)[number]

const turnOf = ({ c, e, now }: Meeting): Turn<Complaint> => stepComplaint(c, e, aLoaded(), aContext(now))

const titled = (line: Line) => ({
  ...line,
  title: `${line.status}: ${line.type} #${line.index} ${line.guard}`,
})
const refusals = lines.filter((l) => 'refuse' in l.rule).map(titled)
const acts = lines.filter((l) => 'do' in l.rule).map(titled)

describe('every event has an answer in every state', () => {
  test.each(statuses)('%s: its last rule takes whatever no other takes', (status) => {
    const columns = Object.entries(life[status]) as [string, readonly Rule<never>[]][]
    expect(columns.length).toBe(Object.keys(life.verifying).length)
    for (const [type, rules] of columns)
      expect(rules.map((rule) => rule.when).lastIndexOf(undefined), type).toBe(rules.length - 1)
  })
})

describe('every rule of the table can fire', () => {
  test.each(lines.map(titled))('$title', ({ status, type, rule }) => {
    const { c, e, now } = meetingFor(status, type, rule.when)
    expect(c.status).toBe(status)
    expect(e.type).toBe(type)
    expect(() => complaintSchema.parse(c)).not.toThrow()
    expect(ruleFor(new Work(structuredClone(c), aLoaded(), aContext(now)), e)).toBe(rule)
  })
})

describe('a refusal changes nothing and is said to whoever asked', () => {
  test.each(refusals)('$title', ({ status, type, rule }) => {
    const why = 'refuse' in rule ? rule.refuse : 'closed'
    const meeting = meetingFor(status, type, rule.when)
    const { state, effects, due } = turnOf(meeting)
    expect(state).toEqual(meeting.c)
    expect(due === null).toBe(!isOpen(status) && meeting.c.effect === null)
    expect(effects.every((effect) => effect.do === 'tell' || effect.do === 'card')).toBe(true)
    const { e, c } = meeting
    if (!('by' in e)) {
      if (type === 'register') return expect(effects).toEqual([])
      expect(noticesTo(effects, 'conversation', null)).toMatchObject([
        { to: c.conversation, notice: { type: 'refused', why, status } },
      ])
      expect(staffNotices(effects)).toEqual([])
      return
    }
    const outsider = why === 'subject' || e.by === 'qian'
    const holder = outsider || c.owner !== 'zhang' ? null : '张建国'
    expect(noticesTo(effects, 'conversation', null)).toEqual([])
    if (c.owner !== 'li')
      expect(staffNotices(effects)).toMatchObject([
        { to: e.by, notice: { type: 'refused', why, status, holder } },
      ])
    const words = refused(why, c.number, status, holder)
    expect(words).toContain(c.number)
    if (['closed', 'alreadyDone'].includes(why)) expect(words).toContain(statusName[status])
    // Nobody else's card is touched; the asker's takes the face of the state again.
    expect(cardsOf(effects).filter((card) => card.to !== e.by || card.push)).toEqual([])
  })
})

describe('what is done leads where it should, stands on the timeline, and is told', () => {
  test.each(acts)('$title', ({ status, type, guard, rule }) => {
    const expected = outcomeOf(status, type, guard)
    if (!expected) throw new Error(`outcomes.ts does not say what ${type}/${guard} does while ${status}`)
    const meeting = meetingFor(status, type, rule.when)
    const turn = turnOf(meeting)
    const { c } = meeting
    const { owner } = c
    const named = (list: readonly string[]) =>
      list
        .filter((x) => owner !== null || !x.startsWith('owner'))
        .map((x) => x.replace(/^owner/, owner ?? ''))

    expect(() => complaintSchema.parse(turn.state)).not.toThrow()
    expect(turn.state.status).toBe(expected.to ?? status)
    // What became of promises follows from the state: promises.test.ts and properties.test.ts hold the two together.
    const acted = entries(turn.effects).filter((entry) => !entry.type.startsWith('promise'))
    expect(acted.map((entry) => entry.type)).toEqual(expected.timeline)
    expect(
      noticesTo(turn.effects, 'conversation', null).map(({ to, notice }) =>
        to === c.conversation ? notice.type : `${to}:${notice.type}`,
      ),
    ).toEqual(expected.resident)
    expect(staffNotices(turn.effects).map(({ to, notice }) => `${to}:${notice.type}`)).toEqual(
      named(expected.staff),
    )
    expect(
      cardsOf(turn.effects)
        .filter((card) => card.push)
        .map((card) => card.to),
    ).toEqual(named(expected.cards))
    expect(
      turn.effects.flatMap((x) => (x.do === 'tell' && x.whom.to === 'complaint' ? [x.event.type] : [])),
    ).toEqual(expected.others)
    expectDue(turn.due, expected.due, meeting, status)
  })

  test('no row of the expectations is about a rule that is gone', () => {
    const used = new Set(acts.map((l) => outcomeOf(l.status, l.type, l.guard)))
    expect(
      table.filter((row) => !used.has(row)).map((row) => `${row.rule} | ${row.where.join(' ')}`),
    ).toEqual([])
  })
})

function expectDue(due: Instant | null, expected: string, { c, now }: Meeting, status: Status): void {
  const without = (state: Complaint) =>
    stepComplaint(state, { type: 'comment', text: '' }, aLoaded(), aContext(now)).due
  if (expected === 'never') expect(due).toBeNull()
  else if (expected === 'same') expect(due).toBe(without(c))
  else if (expected === 'calm') expect(due).toBe(without({ ...c, alarm: null, danger: null }))
  else expect(Math.round(((due ?? 0) - now) / minutes(1)), status).toBe(Number(expected))
}
