import { ALARM_DEADLINE, postSigned, troubleOf, type AlarmSettings } from '../../adapters/alarm/index.ts'
import type { Company } from '../../workflows/estate.ts'
import { connectionTrouble } from './connect.ts'
import { look, note, ok, wrong, type Finding } from './finding.ts'

/** The service that telephones: whether it can be reached, and (`ring`) whether it takes a signed post marked as a test. */
export async function checkAlarm(
  settings: AlarmSettings | null,
  company: Company | null,
  ring: boolean,
): Promise<Finding[]> {
  if (settings === null)
    return [note('ALARM_WEBHOOK_URL is not set: alarms go to 企业微信 alone, and no telephone rings.')]
  const findings = [ring ? await ringOnce(settings) : await reach(settings)]
  const silent = company ? withoutPhone(company) : []
  if (silent.length > 0)
    findings.push(
      look(`the estate file has no phone of theirs, so the alarm service cannot call: ${silent.join(', ')}.`),
    )
  return findings
}

async function ringOnce(settings: AlarmSettings): Promise<Finding> {
  const at = Date.now()
  const id = `test-${at}`
  const body = { type: 'test', test: true, id, at: new Date(at).toISOString(), call: [] }
  const posted = await postSigned(settings, { id, body, at }, AbortSignal.timeout(ALARM_DEADLINE))
  const trouble = troubleOf(posted)
  return trouble === null ? ok('the alarm service took a signed test post.') : wrong(trouble)
}

async function reach({ url }: AlarmSettings): Promise<Finding> {
  const { protocol, hostname, port } = new URL(url)
  const encrypted = protocol === 'https:'
  const reason = await connectionTrouble(hostname, Number(port) || (encrypted ? 443 : 80), encrypted)
  return reason === null
    ? ok('the alarm service can be reached; npm run doctor -- --ring posts it a test.')
    : wrong(
        `the alarm service cannot be reached (${reason}): check ALARM_WEBHOOK_URL and this machine’s network.`,
      )
}

const withoutPhone = (company: Company): readonly string[] =>
  [...company.staff, ...company.estates.flatMap((estate) => estate.staff)]
    .filter(({ active, phone, role }) => active && role !== 'admin' && phone === null)
    .map(({ id }) => id)
