import { checkUp, verifyCallback, type Echo } from '../../adapters/wecom/index.ts'
import { seconds, type Instant, type Millis } from '../../workflows/ids.ts'
import type { WecomConfig } from '../config.ts'
import type { Logger } from '../log.ts'
import { count, look, note, ok, wrong, type Finding } from './finding.ts'

/** Signed callbacks count within five minutes of their time; long before that a clock is worth mending. */
const CLOCKS_DIFFER: Millis = seconds(30)

const LIMIT: Millis = seconds(20)

/**
 * Credentials, IP allow-list, who of the staff the app sees (`people`: their user id there → their id in the estate
 * file), and this machine's clock against the platform's.
 */
export async function checkWecom(
  config: WecomConfig | null,
  people: ReadonlyMap<string, string>,
  { clock, log }: { readonly clock: () => Instant; readonly log: Logger },
): Promise<{ readonly wecom: readonly Finding[]; readonly clock: readonly Finding[] }> {
  if (config === null)
    return {
      wecom: [note('the WeCom app is not configured.')],
      clock: [note('no platform to compare it with.')],
    }
  const {
    wrong: faults,
    unseen,
    asked,
    ahead,
  } = await checkUp(config, [...people.keys()], {
    clock,
    log,
    limit: LIMIT,
  })
  const findings = faults.map((fault) => wrong(fault))
  if (faults.length === 0)
    findings.push(ok('WeCom takes the credentials, the agent id and this machine’s address.'))
  if (unseen.length > 0)
    findings.push(
      wrong(
        `the app cannot reach ${unseen.map((userid) => people.get(userid) ?? '?').join(', ')}: correct their wecom userid in the estate file, or add them to 可见范围 on the app’s page in the admin console.`,
      ),
    )
  if (faults.length === 0 && unseen.length === 0 && asked > 0)
    findings.push(
      ok(
        `the app sees ${asked === people.size ? 'all' : `the first ${asked}`} of ${count(people.size, 'member')} of staff.`,
      ),
    )
  return { wecom: findings, clock: [clockFinding(ahead)] }
}

function clockFinding(ahead: Millis | null): Finding {
  if (ahead === null) return note('WeCom told no time to compare it with.')
  const difference = `${Math.round(Math.abs(ahead) / seconds(1))} s`
  if (Math.abs(ahead) <= CLOCKS_DIFFER) return ok(`the clock is right (${difference} from WeCom’s).`)
  return wrong(
    `the program’s clock is ${difference} ${ahead > 0 ? 'behind' : 'ahead of'} WeCom’s: set this machine’s time by NTP (from 5 minutes on every callback is refused); if the machine is right, DATA_DIR was used by the simulator: take a new one.`,
  )
}

/** Our own callback address, asked from here as the platform asks it when it is saved. */
export async function checkCallback(
  config: WecomConfig | null,
  publicUrl: string | null,
  { clock, runs }: { readonly clock: () => Instant; readonly runs: boolean },
): Promise<Finding[]> {
  if (config === null) return [note('no platform calls back.')]
  if (publicUrl === null)
    return [
      look(
        'PUBLIC_URL is not set, so nobody can tell whether WeCom reaches this program: set it to what stands in 接收消息, without /callbacks/wecom.',
      ),
    ]
  const address = `${publicUrl}/callbacks/wecom`
  if (!runs)
    return [
      look(`the program does not run, so ${address} was not asked: start it, then run this check again.`),
    ]
  const findings = publicUrl.startsWith('https:')
    ? []
    : [
        look(
          'PUBLIC_URL is not https: photos and the API’s token travel in the open. Put a proxy with a certificate before the program.',
        ),
      ]
  const echo = await verifyCallback(config, address, { clock, limit: seconds(10) })
  const trouble = troubleOf(echo)
  return [
    ...findings,
    trouble === null
      ? ok(`${address} leads to this program (asked from this machine).`)
      : wrong(`${address} ${trouble}`),
  ]
}

function troubleOf(echo: Echo): string | null {
  switch (echo.type) {
    case 'ours':
      return null
    case 'unreachable':
      return unreachable(echo.reason)
    case 'lost':
      return `gives no answer (${echo.reason}): check the proxy and the firewall. If only this machine cannot reach its own public address, try it from outside.`
    case 'other':
      return answered(echo.status)
  }
}

function unreachable(reason: string): string {
  if (reason === 'ENOTFOUND' || reason === 'EAI_AGAIN')
    return `has a name that is not known (${reason}): check the DNS record, and PUBLIC_URL for a slip.`
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(reason))
    return `shows a certificate nobody trusts (${reason}): renew it, with its whole chain, on the proxy.`
  return `cannot be reached (${reason}): check that the proxy runs and the firewall lets port 443 in. If only this machine cannot reach its own public address, try it from outside.`
}

function answered(status: number): string {
  if (status === 200) return 'is answered by something else: let the proxy hand /callbacks/ to this program.'
  if (status >= 300 && status < 400)
    return `redirects elsewhere (HTTP ${status}), which WeCom does not follow: give the final address.`
  if (status === 400 || status === 401)
    return `is answered with HTTP ${status}: the program there uses another WECOM_TOKEN, WECOM_AES_KEY or WECOM_CORP_ID; restart it after changing them, and look whether it is this one.`
  if (status === 403)
    return 'is answered with HTTP 403: something in between forbids it, or the clock of the machine it leads to is wrong.'
  if (status === 404)
    return 'is answered with HTTP 404: let the proxy hand on /callbacks/ with its path unchanged.'
  if (status >= 502 && status <= 504)
    return `is answered with HTTP ${status}: the proxy is there, but does not reach the program; check the port it hands on to.`
  return `is answered with HTTP ${status}: check what the proxy does with it.`
}
