import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startSimulator } from '../../../adapters/simulator/index.ts'
import type { Simulator } from '../../../adapters/simulator/index.ts'
import { jpeg } from './wecom-world.ts'

let dataDir = ''
let simulator: Simulator | null = null

const start = async (): Promise<Simulator> => {
  simulator = await startSimulator({
    dataDir,
    clock: { now: () => Date.parse('2026-11-24T02:00:00Z'), advance() {}, speed() {}, factor: 1 },
    members: [
      { userid: 'ZhangSan', name: '张三', phone: 'staff' },
      { userid: 'LiSi', name: '李四', phone: 'supervisor' },
    ],
    residents: [{ id: 'lin', name: '林女士' }],
    // Nobody listens there: whatever is called back is lost.
    program: { callbackUrl: () => 'http://127.0.0.1:1/callbacks/wecom' },
  })
  return simulator
}

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'simulator-'))
})
afterEach(async () => {
  await simulator?.stop()
  simulator = null
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the simulator', () => {
  it('gives the program what the environment would, all of it on loopback', async () => {
    const { env } = await start()
    expect(Object.keys(env).sort()).toEqual([
      'SIMULATOR_WECHAT_URL',
      'WECHATY_PUPPET',
      'WECOM_AES_KEY',
      'WECOM_AGENT_ID',
      'WECOM_API_BASE',
      'WECOM_CORP_ID',
      'WECOM_SECRET',
      'WECOM_TOKEN',
    ])
    expect(env['WECOM_AES_KEY']).toMatch(/^[A-Za-z0-9]{43}$/)
    for (const url of [env['WECOM_API_BASE'], env['SIMULATOR_WECHAT_URL']])
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(path.isAbsolute(env['WECHATY_PUPPET'] ?? '')).toBe(true)
  })

  it('answers the program at WECOM_API_BASE', async () => {
    const { env } = await start()
    const query = new URLSearchParams({
      corpid: env['WECOM_CORP_ID'] ?? '',
      corpsecret: env['WECOM_SECRET'] ?? '',
    })
    const answer = await fetch(`${env['WECOM_API_BASE']}/cgi-bin/gettoken?${query.toString()}`)
    expect(await answer.json()).toMatchObject({ errcode: 0, expires_in: 7200 })
  })

  it('keeps bubbles, photos and secrets over a restart', async () => {
    const before = await start()
    before.wecom.say('ZhangSan', '到现场了')
    before.wecom.sendImage('ZhangSan', jpeg, 'scene.jpg')
    before.wechat.say('lin', { type: 'text', text: '谢谢' })
    const { items } = before.wecom.phone('ZhangSan')
    const { WECOM_API_BASE: _a, SIMULATOR_WECHAT_URL: _b, ...secrets } = before.env
    await before.stop()

    const after = await start()
    expect(after.env).toMatchObject(secrets)
    expect(after.wecom.phone('ZhangSan').items).toEqual(items)
    const photo = after.wecom.phone('ZhangSan').items[1]
    expect(
      new Uint8Array(after.wecom.media(photo?.type === 'image' ? photo.media : '')?.bytes ?? []),
    ).toEqual(jpeg)
    expect(after.wechat.phone('lin')).toMatchObject([{ message: { type: 'text', text: '谢谢' } }])
  })

  it('does not begin over what it cannot read', async () => {
    await (await start()).stop()
    simulator = null
    writeFileSync(path.join(dataDir, 'simulator/wecom.json'), '{"phones":')
    await expect(start()).rejects.toThrow(/delete the file to begin anew/)
  })
})
