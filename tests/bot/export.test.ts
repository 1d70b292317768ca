import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hours, seconds, type ComplaintId, type MediaId } from '../../workflows/ids.ts'
import { aCompany, staffId } from '../support/builders.ts'
import { productSteps } from '../../bot/steps.ts'
import { chatsOf } from './chat.ts'
import { aServer, type Server } from './server.ts'

const zhang = staffId('zhang')
const lin = 'wx-lin'
const gao = 'wx-gao'

let server: Server<typeof productSteps>
beforeEach(async () => {
  server = await aServer({ steps: productSteps, company: aCompany() })
})
afterEach(() => server.stop())

const engine = () => server.engine
const { heardBy, says, reports, happens, typesOf } = chatsOf(() => server)

async function twoNeighbours(): Promise<{ readonly ofLin: ComplaintId; readonly ofGao: ComplaintId }> {
  const ofLin = await reports(lin, '我是林女士，3栋2单元1502可视门铃坏了，请来修', {
    phone: '13812345678',
    name: '小林',
  })
  const ofGao = await reports(gao, '我是高先生，3栋2单元1601阳台地漏堵了，请来疏通', {
    phone: '13977776666',
    name: '老高',
  })
  await happens(
    ofLin,
    { type: 'accept', by: zhang },
    { type: 'revealPhone', by: zhang },
    { type: 'arrive', by: zhang },
    { type: 'finding', by: zhang, text: '门铃主机烧了', media: [9 as MediaId] },
    { type: 'verified', by: zhang },
    { type: 'responsibility', by: zhang, code: 'full', who: null, words: '漏检' },
    { type: 'plan', by: zhang, text: '换主机', promise: engine().clock.now() + hours(3), gap: null },
  )
  return { ofLin, ofGao }
}

describe('a resident who asks for what is kept of them', () => {
  it('is asked first, then reads all of it, and nothing of anybody else', async () => {
    const { ofLin } = await twoNeighbours()
    expect(await says(lin, '我想要一份你们记录的我的信息')).toMatch(/1发 2不发$/)
    expect(typesOf(ofLin)).not.toContain('exported')
    const read = await says(lin, '1')
    for (const known of [
      '称呼：林女士',
      '电话：13812345678',
      '住址：3栋2单元1502室',
      '昵称“小林”',
      '个人信息告知',
      '办结后满3年',
      '办结后满180天',
      '可视门铃坏了，请来修',
      '张建国经办',
      '查看了您的电话',
      '门铃主机烧了',
      '是我们没做好',
      '方案：换主机',
      '前联系您：',
      '前办完：还没到时间',
    ])
      expect(read).toContain(known)
    expect(read).not.toMatch(/高先生|1601|地漏|13977776666|老高/)
    // Staff by the names residents hear, and no number of theirs.
    expect(read).not.toMatch(/1390000000\d/)
    expect(typesOf(ofLin).at(-1)).toBe('exported')
  })

  it('has it nowhere else: the message is blank once it has left', async () => {
    await twoNeighbours()
    await says(lin, '导出我的信息')
    await says(lin, '1')
    const rows = engine().store.database.sqlite.prepare('SELECT body FROM outbox').all()
    expect(JSON.stringify(rows)).not.toContain('一、您是谁')
  })

  it('may change their mind, and gets one an hour', async () => {
    await twoNeighbours()
    await says(lin, '把我的资料发给我')
    expect(await says(lin, '2')).toBe('好，不发。')
    await says(lin, '把我的资料发给我')
    expect(await says(lin, '1')).toContain('一、您是谁')
    expect(await says(lin, '把我的资料发给我')).toMatch(/刚发过/)
    await engine().clock.pass(hours(1))
    expect(await says(lin, '把我的资料发给我')).toMatch(/1发 2不发$/)
  })

  it('in a group is sent to the private chat to ask', async () => {
    await twoNeighbours()
    await engine().writes('@管家 导出我的信息', { sender: lin, group: { id: 'room-1', mentioned: true } })
    await engine().writes('导出我的信息', { sender: lin, group: { id: 'room-1', mentioned: true } })
    await engine().clock.pass(seconds(20))
    await engine().settle()
    expect(heardBy('room-1').at(-1)).toBe('个人资料的事群里不说，请私聊我再发一遍。')
    expect(heardBy('room-1').join('\n')).not.toMatch(/林女士|13812345678/)
  })

  it('a household that took a case over reads nothing of the one that began it', async () => {
    await reports(lin, '我是林女士，3栋2单元大堂的灯不亮了，拎着菜看不见路', {
      phone: '13812345678',
      name: '小林',
    })
    await reports(gao, '3栋2单元大堂的灯不亮', { phone: '13977776666', join: '1' })
    await says(lin, '撤回')
    expect(await says(lin, '1')).toMatch(/已撤回/)
    await says(gao, '导出我的资料')
    const read = await says(gao, '1')
    expect(read).toContain('五、您反映的事（2件）')
    expect(read).not.toMatch(/林女士|拎着菜|13812345678|小林/)
  })
})

describe('a written request', () => {
  it('is answered by the API with the same, and says on the timeline why', async () => {
    const { ofLin, ofGao } = await twoNeighbours()
    const path = '/api/complaints/TS-20261123-0001/export'
    expect((await server.ask(path)).status, 'a reason is needed').toBe(400)
    const answer = await server.ask(`${path}?reason=${encodeURIComponent('书面申请，验过房产证')}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const body = answer.body as { text: string; cases: string[]; media: number[] }
    expect(body).toMatchObject({ cases: ['TS-20261123-0001'], media: [] })
    expect(body.text).toContain('电话：13812345678')
    expect(body.text).not.toMatch(/高先生|13977776666/)
    const [entry] = engine().store.complaints.timeline(ofLin).slice(-1)
    expect(entry).toMatchObject({ type: 'exported', by: 'program', words: '书面申请，验过房产证' })
    expect(typesOf(ofGao)).not.toContain('exported')
  })

  it('of no case is refused, as is one without the token', async () => {
    expect((await server.ask('/api/complaints/TS-20261123-0009/export?reason=x')).status).toBe(404)
    const path = `${server.url}/api/complaints/TS-20261123-0001/export?reason=x`
    expect((await fetch(path)).status).toBe(401)
  })

  it('of a case written down by hand holds what was written down', async () => {
    await server.post('/api/complaints', {
      estate: 'hefeng',
      text: '3栋可视门铃坏了',
      household: { building: '3', unit: '2', room: '1502' },
      phone: '13812345678',
    })
    const { body } = await server.ask('/api/complaints/TS-20261123-0001/export?reason=x')
    const { text } = body as { text: string }
    expect(text).toContain('同事替您登记：3栋可视门铃坏了')
    expect(text).toContain('电话：13812345678')
  })
})
