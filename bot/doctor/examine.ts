import { readFileSync } from 'node:fs'
import { TookTooLong, within } from '../../adapters/within.ts'
import { seconds } from '../../workflows/ids.ts'
import { createClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { failureOf } from '../failure.ts'
import { createLog } from '../log.ts'
import { checkRedis } from '../timers/redis-check.ts'
import { checkAlarm } from './alarm.ts'
import { checkDatabase } from './database.ts'
import { checkDisk, type Space } from './disk.ts'
import { checkModel } from './model.ts'
import { look, note, ok, wrong, type Finding } from './finding.ts'
import { checkProgram } from './program.ts'
import { checkCalendar, checkEstate, checkSettings, reachable } from './settings.ts'
import { checkCallback, checkWecom } from './wecom.ts'
import { checkWechaty } from './wechaty.ts'

/** No check takes longer (real time), whatever it waits for. */
const LIMIT = seconds(45)

export interface Examination {
  /** Also post a test to the alarm service. */
  readonly ring: boolean
  /** Told as soon as a check is through. */
  readonly say: (check: string, findings: readonly Finding[]) => void
  /** The file system's answer unless given. */
  readonly space?: (path: string) => Promise<Space>
}

/**
 * Runs every check, one after the other, beside a program that runs or not: nothing of its data is changed, and no lease
 * is taken. Answers all that was found.
 */
export async function examine(
  config: Config,
  { ring, say, space }: Examination,
): Promise<readonly Finding[]> {
  const all: Finding[] = []
  const told = (check: string, findings: readonly Finding[]): void => {
    if (findings.length > 0) say(check, findings)
    all.push(...findings)
  }
  const run = async (
    check: string,
    work: () => Promise<readonly Finding[]> | readonly Finding[],
  ): Promise<void> => {
    told(check, await guarded(work))
  }
  const log = createLog('silent')
  const clock = clockOf(config.dataDir)

  await run('Node', () => [nodeFinding(process.versions.node)])
  await run('settings', () => checkSettings(config))
  const estate = checkEstate(config, clock.now())
  told('estate', estate.findings)
  const { company } = estate
  if (company) await run('calendar', () => checkCalendar(company, clock.now()))
  await run('disk', () => checkDisk(config.dataDir, space))
  await run('database', () => checkDatabase(config.dataDir))
  let skew: readonly Finding[] = []
  await run('WeCom', async () => {
    const people = company ? reachable(company) : new Map<string, string>()
    const found = await checkWecom(config.wecom, people, { clock: clock.now, log })
    skew = found.clock
    return found.wecom
  })
  told('clock', [...clock.findings, ...skew])
  await run('Redis', () => redisFindings(config.redisUrl))
  let runs = false
  await run('program', async () => {
    const found = await checkProgram(
      config,
      all.map(({ text }) => text),
    )
    runs = found.runs
    return found.findings
  })
  await run('callback', () => checkCallback(config.wecom, config.publicUrl, { clock: clock.now, runs }))
  await run('wechaty', () => checkWechaty(config.wechaty))
  await run('alarm', () => checkAlarm(config.alarm, company, ring))
  await run('model', () => checkModel(config.llm))
  return all
}

async function guarded(
  work: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  try {
    return await within(LIMIT, Promise.resolve(work()))
  } catch (error) {
    if (error instanceof TookTooLong)
      return [
        wrong(
          `there was no answer within ${LIMIT / seconds(1)} s: try again, and look at this machine’s load.`,
        ),
      ]
    return [wrong(`this check could not be made (${failureOf(error)}): please report it.`)]
  }
}

/** `package.json` says which Node this program needs. */
function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = neededNode().split('.').map(Number)
  return major > needMajor || (major === needMajor && minor >= needMinor)
    ? ok(`Node ${version} is new enough.`)
    : wrong(`Node ${version} is too old: install ${neededNode()} or newer, then run npm ci again.`)
}

function neededNode(): string {
  for (const up of ['../..', '../../..']) {
    try {
      const file = new URL(`${up}/package.json`, import.meta.url)
      const { engines } = JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } }
      return engines.node.replace(/^\D+/, '')
    } catch {
      // One folder further up when this runs from dist/.
    }
  }
  throw new Error('package.json is missing')
}

/** The program's clock on this data. One that cannot be read keeps the program from starting, not the other checks. */
function clockOf(dataDir: string): { now: () => number; findings: readonly Finding[] } {
  try {
    const { now } = createClock(dataDir, { hurried: false })
    return { now, findings: [] }
  } catch (error) {
    return {
      now: Date.now,
      findings: [wrong(`${error instanceof Error ? error.message : 'the clock cannot be read'}.`)],
    }
  }
}

async function redisFindings(url: string | null): Promise<Finding[]> {
  if (url === null)
    return [note('REDIS_URL is not set: timers run inside the program, which is enough for one process.')]
  const report = await checkRedis(url, seconds(5))
  const findings = [
    ...report.wrong.map((text) => wrong(`${text}.`)),
    ...report.look.map((text) => look(`${text}.`)),
  ]
  return report.wrong.length === 0
    ? [ok(`Redis ${report.version ?? ''} can carry the timers.`), ...findings]
    : findings
}
