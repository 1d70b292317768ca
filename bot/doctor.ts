import { existsSync, readFileSync } from 'node:fs'
import { ConfigError, readConfig, type Config } from './config.ts'
import { examine } from './doctor/examine.ts'
import type { Finding } from './doctor/finding.ts'
import { codeOf } from './doctor/settings.ts'

/**
 * `npm run doctor`: says in plain sentences what is wrong, and what to do. `-- --ring` also posts a test to the alarm
 * service. Ends with 1 where something is wrong, else with 0.
 */

const envFile = '.env'
const marks: Readonly<Record<Finding['mark'], string>> = { ok: 'ok', note: '-', look: 'look', wrong: 'WRONG' }

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function say(check: string, findings: readonly Finding[]): void {
  for (const { mark, text } of findings) print(`${marks[mark].padEnd(6)} ${check.padEnd(9)} ${text}`)
}

function settings(): Config | null {
  try {
    return readConfig(process.env, existsSync(envFile) ? readFileSync(envFile, 'utf8') : null, envFile)
  } catch (error) {
    const texts =
      error instanceof ConfigError
        ? error.problems.map(({ where, message }) => `${where} ${message}.`)
        : [`${envFile} cannot be read (${codeOf(error)}): run this as the user who runs the program.`]
    say(
      'settings',
      texts.map((text) => ({ mark: 'wrong', text })),
    )
    return null
  }
}

async function main(): Promise<boolean> {
  const args = process.argv.slice(2)
  if (args.some((arg) => arg !== '--ring')) {
    print('allowed: --ring (posts a test to ALARM_WEBHOOK_URL), or nothing')
    return false
  }
  const config = settings()
  if (config === null) {
    print('The other checks need settings that can be used.')
    return false
  }
  const found = await examine(config, { ring: args.includes('--ring'), say })
  const number = (mark: Finding['mark']): number => found.filter((finding) => finding.mark === mark).length
  print(`${number('wrong')} wrong, ${number('look')} to look at.`)
  return number('wrong') === 0
}

const well = await main()
// What a check gave up on may still hang in a socket.
process.exit(well ? 0 : 1)
