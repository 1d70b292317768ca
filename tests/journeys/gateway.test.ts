import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { log } from 'wechaty-puppet'
import { PuppetServer } from 'wechaty-puppet-service'
import { startSimulator, type Simulator } from '../../adapters/simulator/index.ts'
import SimulatedPuppet from '../../adapters/simulator/puppet.ts'
import { HUMAN_PACE } from '../../adapters/wechaty/index.ts'
import { readConfig } from '../../bot/config.ts'
import { createLog } from '../../bot/log.ts'
import { startProgram, type Program } from '../../bot/program.ts'
import { smallEstate } from '../support/estate-file.ts'
import { numberIn } from '../support/stories.ts'
import { phonesOf, type Phones } from '../support/phones.ts'

/**
 * The program as it runs with real credentials: WeChat through a gateway (wechaty-puppet-service over gRPC), 企业微信 by
 * its variables, an estate file; only that both platforms are simulated ones on loopback, outside the program.
 */
const TOKEN = 'insecure_5ee9e4f1-0000-4000-8000-000000000001'
const dir = mkdtempSync(join(tmpdir(), 'gateway-'))

let simulator: Simulator
let puppet: SimulatedPuppet
let server: PuppetServer
let program: Program
let phones: Phones

beforeAll(async () => {
  log.level('silent')
  const file = join(dir, 'estate.yaml')
  writeFileSync(file, estate)
  simulator = await startSimulator({
    dataDir: join(dir, 'platforms'),
    clock: { now: Date.now, advance: () => undefined, speed: () => undefined, factor: 1 },
    members: [{ userid: 'ZhangJianGuo', name: '张建国', phone: 'staff' }],
    residents: [{ id: 'resident-lin', name: '林女士' }],
    program: { callbackUrl: () => `${program.url}/callbacks/wecom` },
  })
  process.env.SIMULATOR_WECHAT_URL = simulator.env.SIMULATOR_WECHAT_URL
  const endpoint = `127.0.0.1:${await freePort()}`
  puppet = new SimulatedPuppet()
  server = new PuppetServer({ endpoint, puppet, token: TOKEN, tls: { disable: true } })
  await server.start()
  const wecom = Object.entries(simulator.env).filter(([name]) => name.startsWith('WECOM_'))
  const config = readConfig(
    {
      ...Object.fromEntries(wecom),
      WECHATY_PUPPET: 'wechaty-puppet-service',
      WECHATY_PUPPET_SERVICE_TOKEN: TOKEN,
      WECHATY_PUPPET_SERVICE_ENDPOINT: endpoint,
      WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
      ESTATE_FILE: file,
      DATA_DIR: join(dir, 'data'),
      PORT: '0',
    },
    null,
    '.env',
  )
  program = await startProgram(config, {
    log: createLog('silent'),
    say: () => undefined,
    onLost: () => undefined,
    pace: { ...HUMAN_PACE, sendGap: [0, 10] },
  })
  phones = phonesOf(() => simulator)
}, 60_000)
afterAll(async () => {
  await program?.stop()
  await puppet.stop()
  await server.stop()
  await simulator.stop()
  delete process.env.SIMULATOR_WECHAT_URL
  rmSync(dir, { recursive: true, force: true })
})

test('through wechaty over gRPC: a message, the questions, a number; a member of staff accepts, and a photo comes', async () => {
  expect(program.simulator).toBeNull()
  const lin = phones.resident('resident-lin')
  const zhang = phones.staff('ZhangJianGuo')
  lin.says('3栋2单元1502客厅天花板从昨晚八点开始漏水，今天能安排人来修吗？')
  await lin.hears(/电话是多少/)
  lin.says('13812345678')
  await lin.hears(/对就回1/)
  lin.says('1')
  const number = numberIn(await lin.hears(/登记好了/))
  await zhang.on(number).presses('接单')
  await lin.hears(/由张建国经办/)
  // The photo of whoever has one case goes to that case.
  zhang.sendsPhoto()
  await lin.seesPhoto()
}, 60_000)

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Open around the clock, nobody left in peace at night: the journey runs by the host's clock. */
const estate = smallEstate(
  [
    "{ id: zhang, name: 张建国, wecom: ZhangJianGuo, role: staff, departments: [工程], phone: '13900000001' }",
  ],
  [
    "calendar: { timezone: Asia/Shanghai, windows: { mon-sun: ['00:00-24:00'] } }",
    'policy: { quietHours: none }',
  ],
)
