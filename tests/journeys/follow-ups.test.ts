import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { complaint, expectPlainWords, tells } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
beforeEach(() => town.nextMorning())
afterAll(() => town.close())

/** Written down at the front desk for a household. */
async function writtenDown(room: string): Promise<string> {
  const { status, body } = await town.api('/api/complaints', {
    method: 'POST',
    body: JSON.stringify({
      estate: 'hefeng',
      text: `3栋2单元${room}可视门铃坏了，请派人来修`,
      household: { building: '3栋', unit: '2', room },
      phone: '13844445555',
    }),
  })
  expect(status).toBe(201)
  return (body as { number: string }).number
}

test('the third report of a household is the manager’s, and the resident hears it', async () => {
  const first = await writtenDown('1502')
  await town.staff('ZhangJianGuo').on(first).presses('接单')
  await town.staff('ZhangJianGuo').hears(/已接单/)
  const second = await writtenDown('1502')
  await town
    .staff('ZhangJianGuo')
    .on(second)
    .sees(/上次TS-/)
  const other = await writtenDown('901')
  expect(await complaint(town, other)).toMatchObject({ severity: 'S3', owner: 'zhang' })

  // The wife writes herself: another person, the same household.
  const wife = town.newcomer('resident-hou', '侯女士')
  const third = await tells(town, wife, '3栋2单元1502可视门铃坏了，请派人来修', {
    phone: '13811114444',
    home: '3栋2单元1502',
  })
  const words = wife.heard().at(-1)
  expect(words).toMatch(/这是第3次反映了，不能再照老办法办。这回由项目经理负责，原经办人不能自己结单/)
  expect(words).toMatch(/项目经理今天\d\d:\d\d前联系您/)
  expect(wife.heard().join()).not.toMatch(new RegExp(`${first}|${second}`))
  const shown = await complaint(town, third)
  expect(shown).toMatchObject({ severity: 'S2', owner: 'lin' })
  expect(shown.timeline.find((e) => e.type === 'raised')?.data).toMatchObject({
    why: 'thirdReport',
    reports: 3,
  })
  const card = await town
    .staff('LinTao')
    .on(third)
    .sees(/第3次反映/)
  expect(card.buttons.map((b) => b.text)).toContain('接单')
  await town.staff('LinTao').on(third).presses('接单')
  await town.staff('LinTao').hears(new RegExp(`第3次反映，前几次：${first}、${second}`))
  expectPlainWords(town)
}, 90_000)
