import { afterEach, beforeEach, expect, it } from 'vitest'
import { days, hours, type ComplaintId, type MediaId } from '../../workflows/ids.ts'
import { aCompany, staffId } from '../support/builders.ts'
import { productSteps } from '../../bot/steps.ts'
import { chatsOf } from './chat.ts'
import { aServer, type Server } from './server.ts'

const lin = 'wx-lin'
let server: Server<typeof productSteps>
beforeEach(async () => {
  server = await aServer({ steps: productSteps, company: aCompany() })
})
afterEach(() => server.stop())

const { heardBy, says, reports, happens, typesOf } = chatsOf(() => server)
const doorbell = '我是林女士，3栋2单元1502可视门铃坏了，请来修'
const drain = '我是林女士，3栋2单元1502阳台地漏堵了，请来疏通'

const numberOf = (id: ComplaintId) => server.engine.store.reads.numberOf(id)?.number ?? ''

async function decides(method: 'POST' | 'DELETE', id: ComplaintId, reason: string): Promise<void> {
  const answer = await server.ask(`/api/complaints/${numberOf(id)}/hold`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason }),
  })
  expect(answer.status).toBe(200)
  await server.engine.settle()
}

async function withdraws(id: ComplaintId): Promise<void> {
  await happens(id, { type: 'withdraw', text: null })
}

async function deletes(): Promise<string> {
  await says(lin, '删除我的资料')
  return says(lin, '1')
}

/** Bytes are read and erased beside the clock. */
async function becomes(file: MediaId, state: string): Promise<void> {
  const now = () => server.engine.store.media.byId(file)?.state
  for (let i = 0; i < 300 && now() !== state; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(now()).toBe(state)
}

/** The tables in which this stands. */
function found(what: RegExp): readonly string[] {
  const tables = ['persons', 'conversations', 'complaints', 'words', 'inbox', 'outbox', 'cards']
  return tables.filter((table) =>
    what.test(JSON.stringify(server.engine.store.database.sqlite.prepare(`SELECT * FROM ${table}`).all())),
  )
}

it('a deletion leaves what is on hold, says why, and blanks it by itself when the hold ends', async () => {
  const gone = await reports(lin, drain, { phone: '13812345678' })
  await withdraws(gone)
  server.engine.clock.jump(days(1))
  const held = await reports(lin, doorbell)
  await withdraws(held)
  await decides('POST', held, '法院调取')

  const heard = await deletes()
  expect(heard).toContain(`${numberOf(gone)}里的姓名、电话、房号和您说的话已删除`)
  expect(heard).toMatch(
    new RegExp(`${numberOf(held)}因纠纷或有关部门要求，依法须留存，现在不能删：.*自动删除，到时告诉您`),
  )
  expect(heard, 'whose dispute it is stays between those who hold it').not.toContain('法院')
  expect(found(/地漏/)).toEqual([])
  expect(found(/可视门铃坏了/)).toEqual(['complaints', 'words', 'inbox', 'outbox', 'cards'])
  expect(found(/13812345678/), 'kept with the case alone').toEqual(['complaints', 'inbox'])
  expect(server.engine.store.kept(1 as never).person).toMatchObject({ name: null, phone: null })
  // Whoever looks it up is not shown who they are.
  expect((await server.ask(`/api/complaints/${numberOf(held)}`)).body).toMatchObject({ resident: null })

  // What is told after the request is not part of it.
  server.engine.clock.jump(days(1))
  const later = await reports(lin, '3栋2单元大堂的灯不亮了', { phone: '13900009999' })
  const before = heardBy(lin).length
  await decides('DELETE', held, '判决已生效')
  expect(heardBy(lin).slice(before).join()).toContain(`${numberOf(held)}里的姓名、电话、房号和您说的话已删除`)
  expect(found(/门铃|13812345678|林女士/)).toEqual([])
  expect(found(/大堂的灯不亮了/)).toEqual(expect.arrayContaining(['complaints', 'words', 'inbox']))
  expect(found(/13900009999/)).toContain('persons')
  expect(typesOf(held).slice(-4)).toEqual(['hold', 'forgetWanted', 'released', 'forgotten'])
  expect(typesOf(later)).not.toContain('forgotten')
})

it('an open case on hold goes on, keeps all until the hold ends, and its words until it is over', async () => {
  const held = await reports(lin, doorbell, { phone: '13812345678' })
  await happens(held, { type: 'accept', by: staffId('zhang') })
  await decides('POST', held, '街道来函')
  expect(await deletes()).toMatch(/除了把这件事办完不作他用/)
  expect(found(/13812345678/)).toContain('complaints')
  await decides('DELETE', held, '街道已回函')
  expect(heardBy(lin).at(-1)).toMatch(/这件事还在办，您说的内容办结时一并删除/)
  for (const table of ['persons', 'complaints', 'words', 'conversations'])
    expect(found(/13812345678|1502/)).not.toContain(table)
  expect(found(/门铃/)).toContain('complaints')
  await withdraws(held)
  expect(found(/门铃/)).toEqual([])
})

it('what a deletion left for the end of a case waits for the hold that came in between', async () => {
  const id = await reports(lin, doorbell)
  await deletes()
  await decides('POST', id, '法院调取')
  await withdraws(id)
  expect(found(/门铃/)).toContain('complaints')
  await decides('DELETE', id, '撤诉')
  expect(found(/门铃/)).toEqual([])
})

it('a case of long ago is deleted as well', async () => {
  const old = await reports(lin, doorbell)
  await withdraws(old)
  server.engine.clock.jump(days(200))
  await deletes()
  expect(typesOf(old).at(-1)).toBe('forgotten')
  expect(found(/门铃|林女士/)).toEqual([])
})

it('pictures of a case on hold stay with it, those of others go', async () => {
  const { store, inbox, clock } = server.engine
  const [gone, held] = [await reports(lin, drain), await reports(lin, doorbell)]
  const conversation = store.people.resident('wechaty', 'bot', lin)?.id
  if (conversation === undefined) throw new Error('they wrote nothing')
  const photoOf = async (id: ComplaintId) => {
    const row = {
      channel: 'wechaty',
      name: `p-${id}`,
      kind: 'file',
      originalName: null,
      conversation,
    } as const
    server.engine.wechat.files.set(row.name, async function* () {
      await Promise.resolve()
      yield Buffer.from(`%PDF-1.4 ${id}`)
    })
    const photo = await inbox.write(() => store.media.insert({ ...row, now: clock.now() }))
    server.engine.media.wake()
    await becomes(photo, 'saved')
    await happens(id, { type: 'supplement', text: null, media: [photo] }, { type: 'withdraw', text: null })
    return photo
  }
  const [ofGone, ofHeld] = [await photoOf(gone), await photoOf(held)]
  await decides('POST', held, '法院调取')
  await deletes()
  await becomes(ofGone, 'gone')
  expect(store.media.byId(ofHeld)?.state).toBe('saved')
  await decides('DELETE', held, '判决已生效')
  await becomes(ofHeld, 'gone')
})

it('a written request is carried out by the API, for whoever has no chat as well, and answers what is kept', async () => {
  const gone = await reports(lin, drain, { phone: '13812345678' })
  await withdraws(gone)
  server.engine.clock.jump(hours(1))
  const held = await reports(lin, doorbell)
  await decides('POST', held, '法院调取')
  const answer = await server.post(`/api/complaints/${numberOf(gone)}/forget`)
  expect(answer.body).toEqual({ cases: [numberOf(gone), numberOf(held)], kept: [numberOf(held)] })
  await server.engine.settle()
  expect(found(/地漏/)).toEqual([])
  expect(found(/门铃/)).toContain('complaints')
  expect(heardBy(lin).join()).toMatch(/依法须留存/)
  const [entry] = server.engine.store.complaints.timeline(gone).slice(-1)
  expect(entry, 'not by a message of theirs').toMatchObject({ type: 'forgotten', by: 'program' })

  await server.post('/api/complaints', { estate: 'hefeng', text: '1栋垃圾桶满了', phone: '13900001111' })
  const byHand = (server.engine.store.complaints.nextId() - 1) as ComplaintId
  await withdraws(byHand)
  const before = server.engine.wecom.sent.length
  expect((await server.post(`/api/complaints/${numberOf(byHand)}/forget`)).status).toBe(200)
  await server.engine.settle()
  expect(found(/13900001111|垃圾桶/)).toEqual([])
  const asked = server.engine.wecom.sent.slice(before).map(({ body }) => JSON.stringify(body))
  expect(asked.join(), 'there is no number to call any more').not.toContain('请电话告知')
  expect((await server.post('/api/complaints/TS-20260101-0001/forget')).status).toBe(404)
})
