import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ComplaintEventType } from '../../workflows/complaint/events.ts'
import { stepComplaint } from '../../workflows/complaint/index.ts'
import { life } from '../../workflows/complaint/life.ts'
import { statuses, type Status } from '../../workflows/complaint/state.ts'
import { aContext, aLoaded } from '../support/builders.ts'
import { meetingFor } from '../workflows/complaint/recipes.ts'

/*
 * The diagram of docs/architecture.md against the table it shows. An arrow of the table stands as `a --> b: event, event`.
 * An arrow whose end the act finds (an assignment that may find nobody, an undo) has its events in parentheses.
 */

const page = readFileSync(join(import.meta.dirname, '../../docs/architecture.md'), 'utf8')
const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
const arrows = [...diagram.matchAll(/^ *(\S+) --> (\S+?)(?:: (.*))?$/gm)].map(
  ([, from = '', to = '', label = '']) => ({ from, to, label }),
)

/** What the table says: from → to, with the events that lead there. Staying where one is needs no arrow. */
function arrowsOfTable(): readonly string[] {
  return statuses.flatMap((from) => {
    const ends = new Map<Status, Set<string>>()
    for (const [event, rules] of Object.entries(life[from])) {
      for (const rule of rules) {
        if (!('to' in rule) || rule.to === undefined || rule.to === from) continue
        ends.set(rule.to, (ends.get(rule.to) ?? new Set()).add(event))
      }
    }
    return [...ends].map(([to, events]) => `${from} --> ${to}: ${[...events].sort().join(', ')}`)
  })
}

const found = (label: string): boolean => /^\(.*\)$/.test(label)
const isStatus = (word: string): word is Status => (statuses as readonly string[]).includes(word)

test('the diagram has every arrow of the table, and none too many', () => {
  const drawn = arrows
    .filter(({ from, to, label }) => isStatus(from) && isStatus(to) && !found(label))
    .map(({ from, to, label }) => `${from} --> ${to}: ${label.split(', ').sort().join(', ')}`)
  expect(drawn.toSorted()).toEqual(arrowsOfTable().toSorted())
})

test('an arrow in parentheses is an act of that state that may lead elsewhere', () => {
  for (const { from, to, label } of arrows.filter((arrow) => found(arrow.label))) {
    expect(isStatus(from) && isStatus(to), `${from} --> ${to}`).toBe(true)
    for (const event of label.slice(1, -1).split(', ')) {
      const rules = isStatus(from) ? (life[from][event as ComplaintEventType] ?? []) : []
      const acts = rules.some((rule) => 'do' in rule && rule.do.length > 0 && rule.to === undefined)
      expect(acts, `${event} does something in ${from}`).toBe(true)
    }
  }
})

test('where an act leads that finds its end itself is drawn', () => {
  const drawn = arrows
    .filter(({ label }) => found(label))
    .flatMap(({ from, to, label }) =>
      label
        .slice(1, -1)
        .split(', ')
        .map((event) => `${from} --> ${to}: ${event}`),
    )
  const met = statuses.flatMap((from) =>
    (Object.keys(life[from]) as ComplaintEventType[]).flatMap((event) =>
      life[from][event].flatMap((rule) => {
        if ('refuse' in rule || rule.to !== undefined) return []
        const { c, e, now } = meetingFor(from, event, rule.when)
        const { status } = stepComplaint(c, e, aLoaded(), aContext(now)).state
        return status === from ? [] : [`${from} --> ${status}: ${event}`]
      }),
    ),
  )
  expect(met.filter((arrow) => !drawn.includes(arrow))).toEqual([])
})

test('every state is drawn, and each one but the first can be reached', () => {
  const reached = new Set(arrows.map(({ to }) => to))
  expect([...statuses].filter((status) => !reached.has(status))).toEqual([])
  expect(arrows.filter(({ from, to }) => ![from, to].every((end) => end === '[*]' || isStatus(end)))).toEqual(
    [],
  )
})
