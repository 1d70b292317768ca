import { beforeAll, describe, expect, test } from 'vitest'
import { at } from '../support/builders.ts'
import { estates, quarterCompany, stricterCompany, type QuarterEstate } from './company.ts'
import { figuresOf } from './figures.ts'
import { grain, liveThrough, quarterEnds, type Quarter } from './quarter.ts'
import { rules, type Told, type World } from './rules.ts'

const complaints = 1000
const stricterFrom = at('2026-10-20 08:00')

/**
 * A thousand residents of an estate, three months of fake time with the National Day holiday in them, people who are
 * slow, silent or on leave, restarts and kills, and a stricter estate file half-way. What is checked stands in the
 * timelines; the limits come from the policy the case began under. Two estates are two files, so that both live at once.
 */
export function aQuarterIn(estate: QuarterEstate): void {
  describe(`a quarter in ${estates[estate].name}`, () => {
    let quarter: Quarter
    let cases: readonly Told[]
    let world: World

    beforeAll(async () => {
      const began = performance.now()
      quarter = await liveThrough({ estate, complaints, restartEvery: 13, stricterFrom })
      const seconds = (performance.now() - began) / 1000
      cases = quarter.cases
      world = {
        companyAt: (registered) => (registered < stricterFrom ? quarterCompany : stricterCompany)(estate),
        leaves: quarter.leaves,
        ends: quarterEnds,
        grain,
      }
      const lines = figuresOf(cases).map(([name, value]) => `  ${name}: ${value}`)
      const run = `${String(quarter.events)} events, ${String(quarter.sent)} messages, ${String(quarter.starts)} starts`
      process.stdout.write(
        `${estates[estate].name}, a quarter in ${seconds.toFixed(1)} s (${run})\n${lines.join('\n')}\n`,
      )
    }, 300_000)

    test('everybody who wrote has a case of their own', () => {
      expect(cases).toHaveLength(complaints)
      expect(new Set(cases.map((c) => c.number)).size).toBe(complaints)
    })

    test.each(Object.entries(rules))('%s', (_, rule) => {
      const broken = cases.flatMap((of) => rule(of, world).map((problem) => `${of.number}: ${problem}`))
      expect(broken).toEqual([])
    })

    test('the rules would see it: most are broken by timelines in which everything happened twice', () => {
      const spoilt = cases.map(({ timeline, ...of }) => ({
        ...of,
        timeline: [...timeline, ...timeline.slice(1).map((e) => ({ ...e, at: e.at + 1 }))],
      }))
      const noticed = Object.values(rules).filter((rule) => spoilt.some((of) => rule(of, world).length > 0))
      expect(noticed.length).toBeGreaterThanOrEqual(4)
    })
  })
}
