import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { companyAt } from '../../bot/companies.ts'
import { differences, replay } from '../../bot/replay.ts'
import { estateVersions } from '../../db/schema.ts'
import { openStore, type Store } from '../../db/store.ts'
import type { Company } from '../../workflows/estate.ts'
import { minutes } from '../../workflows/ids.ts'
import { defaultPolicy } from '../../workflows/policy.ts'
import { aCompany } from '../support/builders.ts'
import { aFolder, anEngine, desk } from '../support/engine.ts'

/** As the program stored it that knew limits, undo and quiet hours, and nothing else of a policy. */
function yesterday(company: Company): string {
  const estates = company.estates.map((estate) => {
    const { steps, byFamily, undo, quietHours } = estate.policy
    const { onSite, resolve } = byFamily
    return { ...estate, policy: { steps, byFamily: { onSite, resolve }, undo, quietHours } }
  })
  return JSON.stringify({ ...company, version: 0, estates })
}

const storedVersion = (store: Store, version: number, content: string): void =>
  void store.database.orm.insert(estateVersions).values({ version, content, createdAt: 1 }).run()

it('a version stored by yesterday’s program means what that program did', () => {
  const store = openStore({ dataDir: ':memory:', holder: 'me', now: 1 })
  storedVersion(store, 1, yesterday(aCompany()))
  const company = companyAt(store.companies, 1)
  expect(company.version).toBe(1)
  for (const estate of company.estates) expect(estate.policy).toEqual(defaultPolicy)
  // The same object each time: calendars remember the days they worked out.
  expect(companyAt(store.companies, 1)).toBe(company)
  expect(() => companyAt(store.companies, 2)).toThrow('no version 2')
  store.close()
})

it('what it did say of limits stays as it was', () => {
  const store = openStore({ dataDir: ':memory:', holder: 'me', now: 1 })
  const own = aCompany()
  const accept = { ...defaultPolicy.steps.accept, S2: { amount: 7, unit: 'm', working: false } as const }
  const policy = { ...defaultPolicy, steps: { ...defaultPolicy.steps, accept }, quietHours: null }
  storedVersion(store, 1, yesterday({ ...own, estates: own.estates.map((e) => ({ ...e, policy })) }))
  expect(companyAt(store.companies, 1).estates[0]?.policy).toEqual(policy)
  store.close()
})

it('the same estate file, read by this program, is a version of its own, and a history of both is replayed', async () => {
  const folder = aFolder()
  const before = await anEngine({ dir: folder })
  const content = yesterday(before.company)
  before.store.database.orm.update(estateVersions).set({ content }).run()
  await before.writes('报修 电梯')
  await before.settle()
  const { clock, steps, company } = before
  await before.stop()
  const after = await anEngine({ dir: folder, clock, steps, company })
  expect(after.company.version).toBe(2)
  await after.writes('报修 门禁', { sender: 'wx-b' })
  await after.clock.pass(minutes(5))
  await after.settle()

  const into = openStore({ dataDir: ':memory:', holder: 'replay', now: 1 })
  expect(await replay({ from: after.store, into, steps: after.steps, desk })).toBeGreaterThan(1)
  expect(differences(after.store, into)).toEqual([])
  expect(companyAt(into.companies, 2).estates[0]?.policy).toEqual(
    companyAt(into.companies, 1).estates[0]?.policy,
  )
  into.close()
  await after.stop()
  rmSync(folder, { recursive: true })
})
