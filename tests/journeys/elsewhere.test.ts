import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { smallEstate } from '../support/estate-file.ts'
import { complaint, expectPlainWords, tells } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

/** An hour east of Shanghai; its night shift runs past midnight. */
const estate = smallEstate(
  [
    "{ id: zhang, name: 张建国, wecom: ZhangJianGuo, role: staff, departments: [工程], phone: '13900000001' }",
    "{ id: wang, name: 王强, wecom: WangQiang, role: staff, departments: [工程], phone: '13900000003' }",
    "{ id: li, name: 李敏, wecom: LiMin, role: supervisor, departments: [工程], phone: '13900000002' }",
  ],
  [
    'duty:',
    "  - { department: 工程, days: mon-sun, shift: '08:00-20:00', staff: [zhang] }",
    "  - { department: 工程, days: mon-sun, shift: '20:00-08:00', staff: [wang] }",
    "calendar: { timezone: Asia/Tokyo, windows: { mon-fri: ['08:30-12:00', '13:30-18:00'] } }",
  ],
)

const tokyo = (wall: string): number => Date.parse(`${wall.replace(' ', 'T')}:00+09:00`)

let town: Town
const dir = mkdtempSync(join(tmpdir(), 'estate-'))
beforeAll(async () => {
  const estateFile = join(dir, 'estate.yaml')
  writeFileSync(estateFile, estate)
  town = await openTown({ estateFile, at: tokyo('2026-11-25 00:20') })
}, 60_000)
afterAll(async () => {
  await town.close()
  rmSync(dir, { recursive: true })
})

const until = (wall: string) => town.advance(tokyo(wall) - town.program().clock.now())

test('in another time zone, past midnight: its own day, its own night shift, its own quiet hours and opening', async () => {
  const who = town.resident('resident-wang')
  const wang = town.staff('WangQiang')
  const number = await tells(town, who, '3栋1单元1201可视门铃坏了，请来修')
  expect(number).toMatch(/^TS-20261125-/)
  // Four hours of service from the opening.
  expect(who.heard().at(-1)).toMatch(/今天14:00前联系您[\s\S]*现在00:\d\d[\s\S]*今天08:30上班后办/)
  await wang.on(number).presses('接单')
  await wang.hears(/已接单/)
  wang.says('方案：更换门铃主机，今天15:00前')
  await wang.hears(/差别/)
  wang.says('无')
  await wang.hears(/方案已记录/)
  until('2026-11-25 08:00')
  await wang.hears(/您的班到08:00结束/)
  until('2026-11-25 09:01')
  await who.hears(/更换门铃主机[\s\S]*今天15:00/)
  const { promises } = (await complaint(town, number)) as unknown as {
    promises: { what: string; at: string }[]
  }
  expect(promises.find((p) => p.what === 'resolve')?.at).toBe(
    new Date(tokyo('2026-11-25 15:00')).toISOString(),
  )
  expectPlainWords(town)
}, 90_000)
