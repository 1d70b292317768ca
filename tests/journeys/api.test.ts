import { afterAll, beforeAll, expect, test } from 'vitest'
import { minutes } from '../../workflows/ids.ts'
import { accepts, complaint, plans, readiness, tells, typesOf } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 30_000)
afterAll(() => town.close())

const written = {
  estate: 'hefeng',
  text: '3栋2单元902可视门铃坏了，请派人来修',
  household: { building: '3栋', unit: '2', room: '902' },
  phone: '13844445555',
}
const post = (body: unknown, headers: Record<string, string> = {}) =>
  town.api('/api/complaints', {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

test('a case registered by hand lives the same life, to its end', async () => {
  const { status, body } = await post(written, { 'idempotency-key': 'front-desk-1' })
  expect(status).toBe(201)
  const { number } = body as { number: string }
  expect(number).toMatch(/^TS-20261124-\d{4}$/)
  expect(await complaint(town, number)).toMatchObject({
    status: 'assigned',
    code: 'RP02',
    owner: 'zhang',
    resident: { phone: '138****5555', household: { building: '3', unit: '2', room: '902' } },
  })
  // The same key again, as a client whose answer was lost: the same case.
  expect(await post(written, { 'idempotency-key': 'front-desk-1' })).toEqual({
    status: 201,
    body: { number },
  })
  expect(await list()).toHaveLength(1)

  const zhang = town.staff('ZhangJianGuo')
  await zhang.on(number).presses('接单')
  await zhang.hears(/已接单/)
  await zhang.on(number).presses('联系住户')
  await zhang.hears(/13844445555/)
  await zhang.on(number).presses('已电话联系')
  await zhang.hears(/联系情况已记录/)
  await zhang.on(number).presses('办完了')
  await zhang.hears(/怎么办好的/)
  zhang.sendsPhoto()
  await zhang.hears(/照片收到/)
  zhang.says('门铃主机换好了')
  await zhang.hears(/已记为办完/)
  // Somebody without WeChat is told by telephone, every word of it.
  const toTell = zhang.heard().filter((line) => line.includes('请电话告知住户'))
  expect(toTell[0]).toMatch(/登记好了/)
  expect(toTell[1]).toMatch(/由张建国经办了/)
  town.advance(minutes(1.1))

  // Whether it is solved a supervisor asks by telephone, never the handler.
  const caller = town.staff('LiMin')
  await caller.on(number).presses('联系住户')
  await caller.hears(/13844445555/)
  await caller.on(number).presses('已回访：解决')
  await caller.hears(/住户怎么说/)
  caller.says('5星，说来得很快')
  await caller.hears(/回访已记录/)
  const shown = await complaint(town, number)
  expect(shown).toMatchObject({ status: 'closed', rating: 5 })
  expect(typesOf(shown)).toEqual([
    'registered',
    'assigned',
    'accepted',
    'phoneRevealed',
    'contacted',
    'done',
    'callbackWanted',
    'phoneRevealed',
    'visited',
    'solved',
    'closed',
  ])
}, 60_000)

test('danger written down by hand alarms like any other', async () => {
  const { body } = await post({ estate: 'hefeng', text: '3栋2单元电梯里困住两个人，门打不开' })
  const { number } = body as { number: string }
  await town.staff('ZhangJianGuo').hears(/【险情】电梯困人/)
  await town.staff('ZhangJianGuo').on(number).presses('我去处理')
  await town.staff('ZhangJianGuo').hears(/已接单/)
  expect(await complaint(town, number)).toMatchObject({ severity: 'S1', code: 'EL01', status: 'verifying' })
}, 60_000)

test('who may not ask is told so, and what is wrong is named', async () => {
  const nobody = { authorization: '' }
  for (const path of [
    '/api/complaints',
    '/api/complaints/TS-20261124-0001',
    '/api/media/1',
    '/api/undelivered',
  ])
    expect((await town.api(path, { headers: nobody })).status, path).toBe(401)
  expect((await post(written, nobody)).status).toBe(401)
  expect((await post(written, { authorization: 'Bearer not-the-token-00000000000' })).status).toBe(401)

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ ...written, estate: 'nowhere' }, /estate: there is no estate nowhere; known: hefeng/],
    [{ estate: 'hefeng' }, /text/],
    [{ ...written, text: '   ' }, /text/],
    [{ ...written, phone: 'none' }, /phone/],
    [{ ...written, colour: 'red' }, /colour/],
    [{ ...written, household: { unit: '2' } }, /household\.building/],
    [{ ...written, reportedAt: 'yesterday' }, /reportedAt/],
    [{ ...written, reportedAt: '2030-01-01T00:00:00Z' }, /reportedAt: must not be in the future/],
    ['{', /not valid JSON/],
  ]
  const before = (await list()).length
  for (const [body, words] of wrong) {
    const answer = await post(body)
    expect(answer.status, JSON.stringify(body)).toBe(400)
    expect(JSON.stringify(answer.body)).toMatch(words)
  }
  expect(await list()).toHaveLength(before)
  expect((await town.api('/api/complaints/TS-20261124-9999')).status).toBe(404)
  expect((await town.api('/api/complaints?open=perhaps')).status).toBe(400)
}, 30_000)

test('the list shows what is open, by estate and in pages; nothing in it names anybody', async () => {
  expect(await list('?estate=hefeng')).toHaveLength(2)
  expect(await list('?open=true')).toHaveLength(1)
  expect(await list('?estate=elsewhere')).toEqual([])
  const first = await town.api('/api/complaints?limit=1')
  const { complaints, next } = first.body as { complaints: { number: string }[]; next: number }
  expect(complaints.map((row) => row.number)).toEqual(['TS-20261124-0002'])
  expect((await list(`?limit=1&before=${next}`)).map((row) => row.number)).toEqual(['TS-20261124-0001'])
  expect(JSON.stringify([await list(), first.body])).not.toMatch(/13844445555|902|门铃/)
}, 30_000)

test('health, readiness and metrics answer anybody, and hold nothing of anybody', async () => {
  const who = town.resident()
  const number = await tells(town, who, '我姓沈，3栋1单元1201可视门铃坏了，请来修', { phone: '13866667777' })
  const zhang = town.staff('ZhangJianGuo').on(number)
  await accepts(zhang, who, /由张建国经办/)
  await plans(town, zhang, who, '换主机，明天15:00前')
  const open = { authorization: '' }
  expect(await town.api('/healthz', { headers: open })).toEqual({ status: 200, body: { up: true } })
  expect((await readiness(town)).ready).toBe(true)
  const ready = JSON.stringify((await town.api('/readyz', { headers: open })).body)
  const metrics = await (await fetch(`${town.program().url}/metrics`)).text()
  expect(metrics).toMatch(/# HELP/)
  for (const text of [ready, metrics])
    expect(text).not.toMatch(/13866667777|1201|沈|门铃|resident-lin|ZhangJianGuo|张建国/)
}, 60_000)

interface Row {
  readonly number: string
}
async function list(query = ''): Promise<readonly Row[]> {
  const { status, body } = await town.api(`/api/complaints${query}`)
  expect(status).toBe(200)
  return (body as { complaints: Row[] }).complaints
}
