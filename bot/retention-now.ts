import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { adminToken } from './admin-token.ts'
import { ConfigError, readConfig } from './config.ts'

/**
 * `npm run retention`: asks the running program, which alone may write, to blank now what was kept long enough, as it does
 * every day. Ends with 1 and a sentence where it cannot.
 */

const envFile = '.env'
const answer = z.object({ cases: z.number(), files: z.number(), people: z.number() })

/** A wrong setting, or a program that does not answer. */
class Refused extends Error {}

async function main(): Promise<void> {
  const text = existsSync(envFile) ? readFileSync(envFile, 'utf8') : null
  const { dataDir, host, port, adminToken: configured } = readConfig(process.env, text, envFile)
  if (!existsSync(dataDir))
    throw new Refused(`there is no DATA_DIR ${dataDir}: run this where the program runs`)
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/api/retention`
  const headers = { Authorization: `Bearer ${adminToken(dataDir, configured).token}` }
  const response = await fetch(url, { method: 'POST', headers }).catch(() => {
    throw new Refused(`no program answers at ${url}: start it, and run this again`)
  })
  if (!response.ok)
    throw new Refused(`${url} answered ${response.status}: run this with the settings of the program`)
  const { cases, files, people } = answer.parse(await response.json())
  process.stdout.write(`blanked: ${cases} cases, ${files} files, ${people} people\n`)
}

main().catch((error: unknown) => {
  const known = error instanceof Refused || error instanceof ConfigError
  const text =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
})
