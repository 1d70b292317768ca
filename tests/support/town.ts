import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HUMAN_PACE } from '../../adapters/wechaty/index.ts'
import { readConfig } from '../../bot/config.ts'
import { createLog } from '../../bot/log.ts'
import { demoMorning } from '../../bot/demo.ts'
import { readEstate, sampleEstateFile } from '../../bot/estate.ts'
import { startProgram, type Program } from '../../bot/program.ts'
import { staffOf } from '../../workflows/estate.ts'
import { minutes, type Instant } from '../../workflows/ids.ts'
import { phonesOf, type Phones, type Resident, type StaffPhone } from './phones.ts'

export { pixel, type Resident, type StaffPhone } from './phones.ts'

/**
 * The whole program with its simulator: real wechaty in its child, the real HTTP server, 企业微信's real protocol, the
 * database. Journeys are told from the phones: what somebody says, presses and reads.
 */
export interface Town {
  readonly program: () => Program
  readonly resident: (id?: string) => Resident
  /** Somebody who has just added the account as a friend. */
  newcomer(id: string, name?: string): Resident
  readonly staff: (userid: string) => StaffPhone
  /** The phone of somebody by the estate file's id. */
  member(id: string): StaffPhone
  /** Moves the clock; what becomes due fires. */
  advance(ms: number): void
  /** Moves the clock to ten on the next working day. */
  nextMorning(): void
  /** So many times faster than real time from now on; 1 is real. */
  speed(factor: number): void
  /** Stops the program and starts it again on the same data. */
  restart(): Promise<void>
  /** Stops the program; its data stay until `close`. */
  stop(): Promise<void>
  readonly dataDir: string
  /** Every line and card all phones show now, as text, for what must be seen nowhere. */
  readonly everything: Phones['everything']
  api(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>
  close(): Promise<void>
}

/** Tuesday, 24 November 2026, ten in the morning in Shanghai: every run of a journey lives through the same days. */
const tuesdayTen: Instant = Date.UTC(2026, 10, 24, 2, 0)

export interface TownOptions {
  readonly estateFile?: string
  readonly at?: Instant
  /** Beside those of every town. */
  readonly env?: Readonly<Record<string, string>>
}

export async function openTown(options: TownOptions = {}): Promise<Town> {
  const dataDir = mkdtempSync(join(tmpdir(), 'complaint-line-'))
  // The clock of a demo whose day began then.
  writeFileSync(
    join(dataDir, 'clock.json'),
    JSON.stringify({ offset: (options.at ?? tuesdayTen) - Date.now(), notBefore: 0 }),
  )
  const start = () => {
    const env = {
      DATA_DIR: dataDir,
      PORT: '0',
      ADMIN_TOKEN: 'a-token-for-tests-0123456789',
      LOG_LEVEL: process.env.TOWN_LOG ?? 'silent',
      ...(options.estateFile ? { ESTATE_FILE: options.estateFile } : {}),
      ...options.env,
    }
    const config = readConfig(env, null, '.env')
    return startProgram(config, {
      log: createLog(config.logLevel),
      say: () => undefined,
      onLost: () => undefined,
      pace: { ...HUMAN_PACE, sendGap: [0, 10] },
    })
  }
  let program = await start()
  const file = options.estateFile ?? sampleEstateFile()
  const { company } = readEstate(readFileSync(file, 'utf8'), file)
  function simulator() {
    if (!program.simulator) throw new Error('the town runs on the simulator')
    return program.simulator
  }

  const phones = phonesOf(simulator)

  return {
    program: () => program,
    dataDir,
    resident: phones.resident,
    newcomer(id, name = '住户') {
      simulator().wechat.addContact({ id, name })
      return phones.resident(id)
    },
    staff: phones.staff,
    member(id) {
      const wecom = staffOf(company, null).find((staff) => staff.id === id)?.wecom
      if (!wecom) throw new Error(`nobody in the estate file is ${id}`)
      return phones.staff(wecom)
    },
    everything: phones.everything,
    advance: (ms) => program.clock.advance(ms),
    nextMorning() {
      const now = program.clock.now()
      program.clock.advance(demoMorning(company, now + minutes(1)) - now)
    },
    speed: (factor) => program.clock.speed(factor),
    stop: () => program.stop(),
    async restart() {
      await program.stop()
      program = await start()
    },
    async api(path, init = {}) {
      const response = await fetch(program.url + path, {
        ...init,
        headers: {
          authorization: `Bearer ${program.token}`,
          'content-type': 'application/json',
          ...init.headers,
        },
      })
      return { status: response.status, body: await response.json() }
    },
    async close() {
      await program.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
