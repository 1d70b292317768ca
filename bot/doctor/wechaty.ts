import { spawn } from 'node:child_process'
import { seconds } from '../../workflows/ids.ts'
import type { WechatyConfig } from '../config.ts'
import { connectionTrouble } from './connect.ts'
import { note, ok, wrong, type Finding } from './finding.ts'

/** wechaty and a puppet take seconds to load on a small machine. */
const LIMIT = seconds(30)

/** What the child below ends with. */
const MISSING = 3
const NO_PUPPET = 4

/** Loads a puppet as wechaty does. A process of its own: puppets have ended whole processes (design.md). */
const child = `
import(process.argv[1]).then(
  (loaded) => {
    const puppet = loaded.default?.default ?? loaded.default
    process.exit(typeof puppet === 'function' ? 0 : ${NO_PUPPET})
  },
  (error) => process.exit(error?.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes("'" + process.argv[1] + "'") ? ${MISSING} : 1),
)`

/** The puppet's package, whether it loads, and whether its gateway listens. Whether WeChat is logged in, /readyz tells. */
export async function checkWechaty(config: WechatyConfig | null): Promise<Finding[]> {
  if (config === null) return [note('wechaty is not configured.')]
  const loaded = await load(config)
  if (loaded.mark === 'wrong') return [loaded]
  return [loaded, ...(await gateway(config.environment.WECHATY_PUPPET_SERVICE_ENDPOINT))]
}

async function load({ puppet, environment }: WechatyConfig): Promise<Finding> {
  const code = await new Promise<number | null>((resolve) => {
    const started = spawn(process.execPath, ['--input-type=module', '-e', child, puppet], {
      cwd: import.meta.dirname,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      stdio: 'ignore',
      timeout: LIMIT,
      killSignal: 'SIGKILL',
    })
    started.once('error', () => resolve(null))
    started.once('exit', resolve)
  })
  const hasToken = Object.keys(environment).some((name) => name.endsWith('_TOKEN'))
  switch (code) {
    case 0:
      return ok(
        `the puppet ${puppet} loads; ${hasToken ? 'a token is set' : 'no token is set, which few puppets do without'}.`,
      )
    case MISSING:
      return wrong(`the puppet ${puppet} is not installed: npm install ${puppet}, or correct WECHATY_PUPPET.`)
    case NO_PUPPET:
      return wrong(`the package ${puppet} holds no puppet: correct WECHATY_PUPPET.`)
    default:
      return wrong(
        `the puppet ${puppet} does not load (${code === null ? `not within ${LIMIT / seconds(1)} s` : `exit ${code}`}): install it again, in a version for wechaty 1.`,
      )
  }
}

async function gateway(endpoint: string | undefined): Promise<Finding[]> {
  if (endpoint === undefined) return []
  const colon = endpoint.lastIndexOf(':')
  const reason = await connectionTrouble(endpoint.slice(0, colon), Number(endpoint.slice(colon + 1)), false)
  return [
    reason === null
      ? ok('the puppet service listens.')
      : wrong(
          `the puppet service cannot be reached (${reason}): start it, or correct WECHATY_PUPPET_SERVICE_ENDPOINT.`,
        ),
  ]
}
