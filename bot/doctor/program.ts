import { z } from 'zod'
import { reasonOf } from '../../adapters/connection.ts'
import { seconds } from '../../workflows/ids.ts'
import { look, note, ok, wrong, type Finding } from './finding.ts'

const readyz = z.object({ ready: z.boolean(), errors: z.array(z.string()), warnings: z.array(z.string()) })

/** Whether the program runs on this machine now, and what it says of itself. `known` are the sentences of other checks. */
export async function checkProgram(
  { host, port }: { readonly host: string; readonly port: number },
  known: readonly string[],
): Promise<{ readonly runs: boolean; readonly findings: readonly Finding[] }> {
  const url = `http://${hereOf(host)}:${port}/readyz`
  let answer: unknown
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(seconds(5)) })
    answer = await response.json()
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === 'ECONNREFUSED') return { runs: false, findings: [note('the program does not run now.')] }
    return {
      runs: false,
      findings: [
        wrong(
          `${url} gives no answer of this program (${reason}): end what else listens there, or set another PORT; a program that hangs must be restarted.`,
        ),
      ],
    }
  }
  const read = readyz.safeParse(answer)
  if (!read.success)
    return {
      runs: false,
      findings: [wrong(`something else answers on ${url}: end it, or set another PORT.`)],
    }
  const { ready, errors, warnings } = read.data
  const findings = [
    ready
      ? ok('the program runs and takes work.')
      : wrong(`the program runs, but takes no work: ${errors.join('; ')}.`),
    ...warnings
      .filter((warning) => !known.includes(`${warning}.`))
      .map((warning) => look(`the running program says: ${warning}`)),
  ]
  return { runs: true, findings }
}

/** An address to listen on everywhere is asked here. */
function hereOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
