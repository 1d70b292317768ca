import { existsSync } from 'node:fs'
import type { KeepFor } from '../workflows/kept.ts'
import { didYouMean } from './did-you-mean.ts'
import { readEnvFile } from './env-file.ts'
import { type Group, groups, isLoopback, type LogLevel, type Name, names, variables } from './variables.ts'

/** Everything the environment decides (design.md, Environment). A channel that is not configured is null. */
export interface Config {
  readonly dataDir: string
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly publicUrl: string | null
  /** null: the sample estate, in the simulator. */
  readonly estateFile: string | null
  /** null: made and stored at first start. */
  readonly adminToken: string | null
  readonly logLevel: LogLevel
  /** No platform is configured: the simulator plays them all. */
  readonly simulator: boolean
  readonly wechaty: WechatyConfig | null
  readonly wecom: WecomConfig | null
  readonly officialAccount: OfficialAccountConfig | null
  readonly kefu: KefuConfig | null
  readonly aibot: AibotConfig | null
  readonly robot: { readonly key: string } | null
  /** Where a backup is made every day, and how many are kept; null: none is made. */
  readonly backup: { readonly folder: string; readonly keep: number } | null
  /** How long cases, and files before them, are kept after their end. */
  readonly keep: KeepFor
  readonly redisUrl: string | null
  readonly alarm: { readonly url: string; readonly secret: string } | null
  readonly llm: LlmConfig | null
  /** Names of variables that are set for what this version does not serve: a reason not to start. */
  readonly unserved: readonly string[]
  /** Allowed, but worth a look. */
  readonly warnings: readonly string[]
}

export interface WechatyConfig {
  readonly puppet: string
  /** Variables for the process that runs wechaty: its own and its puppet's, from `.env` and this process. */
  readonly environment: Readonly<Record<string, string>>
}

export interface LlmConfig {
  readonly baseUrl: string
  /** null: the server asks for none. */
  readonly apiKey: string | null
  readonly model: string
  /** What goes with every request beside our own. */
  readonly extraBody: Readonly<Record<string, unknown>>
  /** Calls a local day at most. */
  readonly dailyCap: number
}

export interface WecomConfig {
  readonly corpId: string
  readonly agentId: number
  readonly secret: string
  readonly token: string
  readonly aesKey: string
  readonly apiBase: string
}

export interface OfficialAccountConfig {
  readonly appId: string
  readonly appSecret: string
  readonly token: string
  readonly aesKey: string
  readonly apiBase: string
}

export interface KefuConfig {
  readonly token: string
  readonly aesKey: string
}

export interface AibotConfig {
  readonly id: string
  readonly secret: string
  readonly wsUrl: string
}

/** What is wrong with one variable, and where it was set: `.env:3`, or `process variable`. Never holds a secret. */
export interface ConfigProblem {
  readonly where: string
  readonly message: string
}

/** A configuration that cannot be used, with everything that is wrong in it. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(`the configuration cannot be used:\n${problems.map((p) => `  ${p.where} ${p.message}`).join('\n')}`)
    this.problems = problems
  }
}

/** Process variables beginning so are ours: one we do not know is a mistake, not somebody else's. */
const ourPrefixes = ['WECOM_', 'WECHAT_', 'LLM_']

/** What the groups `officialAccount` … `robot` switch on comes with later versions. */
const unservedNames: readonly Name[] = [
  ...[groups.officialAccount, groups.kefu, groups.aibot, groups.robot].flatMap((group: Group) => [
    ...group.required,
    ...group.optional,
  ]),
]

/**
 * Environment → Config. A process variable wins over the file; an empty value counts as not set. Throws `ConfigError`
 * with all problems at once: unknown names, wrong values, channels only partly set, a simulator that others could
 * reach, a real platform without an estate file.
 */
export function readConfig(
  env: NodeJS.ProcessEnv,
  envFileText: string | null,
  envFileName: string,
  exists: (path: string) => boolean = existsSync,
): Config {
  const problems: ConfigProblem[] = []
  const settings = gather(env, envFileText, envFileName, problems)
  const values = check(settings, problems)
  for (const group of Object.values<Group>(groups)) refusePartial(group, settings, problems)
  refusePuppetWithoutToken(settings, problems)
  if (isSet(settings, groups.kefu) && !isSet(settings, groups.wecom))
    problems.push(
      missing(settings, groups.kefu, groups.wecom.required, 'it uses the WeCom app’s credentials'),
    )

  const config = assemble(values, settings)
  problems.push(...startProblems(config, settings, exists))
  if (problems.length > 0) throw new ConfigError(problems)
  const estateFile = config.estateFile !== null && exists(config.estateFile) ? config.estateFile : null
  return { ...config, estateFile }
}

interface Setting {
  readonly value: string
  readonly where: string
}

type Settings = ReadonlyMap<string, Setting>
type Values = Readonly<Partial<Record<Name, string>>>

/** Every variable that is ours, with where it was set. */
function gather(
  env: NodeJS.ProcessEnv,
  text: string | null,
  fileName: string,
  problems: ConfigProblem[],
): Settings {
  const file = readEnvFile(text ?? '')
  for (const { line, message } of file.problems) problems.push({ where: `${fileName}:${line}`, message })
  const settings = new Map<string, Setting>()
  for (const { line, name, value } of file.lines) {
    if (value !== '' || !isKnown(name)) settings.set(name, { value, where: `${fileName}:${line}` })
  }
  for (const [name, value = ''] of Object.entries(env)) {
    const ours = isKnown(name) || name.startsWith('WECHATY_')
    const suspect = ourPrefixes.some((prefix) => name.startsWith(prefix))
    if ((ours && value !== '') || (suspect && !isKnown(name)))
      settings.set(name, { value, where: 'process variable' })
  }
  return settings
}

const isKnown = (name: string): name is Name => name in variables

function check(settings: Settings, problems: ConfigProblem[]): Values {
  const puppet = settings.get('WECHATY_PUPPET')?.value
  const values: Partial<Record<Name, string>> = {}
  for (const [name, { value, where }] of settings) {
    if (!isKnown(name)) {
      if (belongsToPuppet(name, puppet) || (name.startsWith('WECHATY_') && where === 'process variable'))
        continue
      const hint = didYouMean(name, names)
      problems.push({
        where,
        message: `unknown key ${name}; ${hint} allowed: the names in .env.example`.replace('  ', ' '),
      })
      continue
    }
    const { schema, secret } = variables[name]
    const parsed = schema.safeParse(value)
    if (parsed.success) values[name] = parsed.data
    else {
      const read = secret ? `${value.length} characters that cannot be right` : `“${value}”`
      const allowed = parsed.error.issues.map((issue) => issue.message).join('; ')
      problems.push({ where, message: `${name}: read ${read}; allowed: ${allowed}` })
    }
  }
  return values
}

/** `wechaty-puppet-padlocal` reads `WECHATY_PUPPET_PADLOCAL_…`; the puppet service's names are all known here. */
function belongsToPuppet(name: string, puppet: string | undefined): boolean {
  const [, own] = /(?:^|\/)wechaty-puppet-([a-z0-9-]+)$/.exec(puppet ?? '') ?? []
  if (own === undefined || own === 'service') return false
  return name.startsWith(`WECHATY_PUPPET_${own.toUpperCase().replaceAll('-', '_')}_`)
}

const isSet = (settings: Settings, group: Group): boolean =>
  group.required.every((name) => settings.has(name))

function refusePartial(group: Group, settings: Settings, problems: ConfigProblem[]): void {
  const left = group.required.filter((name) => !settings.has(name))
  const some = [...group.required, ...group.optional].some((name) => settings.has(name))
  if (some && left.length > 0) problems.push(missing(settings, group, left, 'set all of them, or none'))
}

function missing(settings: Settings, group: Group, left: readonly string[], why: string): ConfigProblem {
  const given = [...group.required, ...group.optional].filter((name) => settings.has(name))
  return {
    where: settings.get(given[0] ?? '')?.where ?? '',
    message: `${group.what} is only partly set: read ${given.join(', ')}; missing: ${left.join(', ')} (${why})`,
  }
}

function refusePuppetWithoutToken(settings: Settings, problems: ConfigProblem[]): void {
  if (settings.get('WECHATY_PUPPET')?.value !== 'wechaty-puppet-service') return
  if (!settings.has('WECHATY_PUPPET_SERVICE_TOKEN'))
    problems.push(
      missing(settings, groups.wechaty, ['WECHATY_PUPPET_SERVICE_TOKEN'], 'wechaty-puppet-service needs it'),
    )
}

function assemble(values: Values, settings: Settings): Config {
  const value = (name: Name): string => values[name] ?? ''
  const when = <T>(group: Group, made: T): T | null => (isSet(settings, group) ? made : null)
  const wecom = when(groups.wecom, {
    corpId: value('WECOM_CORP_ID'),
    agentId: Number(value('WECOM_AGENT_ID')),
    secret: value('WECOM_SECRET'),
    token: value('WECOM_TOKEN'),
    aesKey: value('WECOM_AES_KEY'),
    apiBase: values.WECOM_API_BASE ?? 'https://qyapi.weixin.qq.com',
  })
  const wechaty = when(groups.wechaty, {
    puppet: value('WECHATY_PUPPET'),
    environment: wechatyEnvironment(settings),
  })
  const officialAccount = when(groups.officialAccount, {
    appId: value('WECHAT_OA_APP_ID'),
    appSecret: value('WECHAT_OA_APP_SECRET'),
    token: value('WECHAT_OA_TOKEN'),
    aesKey: value('WECHAT_OA_AES_KEY'),
    apiBase: values.WECHAT_OA_API_BASE ?? 'https://api.weixin.qq.com',
  })
  const kefu = when(groups.kefu, { token: value('WECOM_KF_TOKEN'), aesKey: value('WECOM_KF_AES_KEY') })
  const aibot = when(groups.aibot, {
    id: value('WECOM_BOT_ID'),
    secret: value('WECOM_BOT_SECRET'),
    wsUrl: values.WECOM_BOT_WS_URL ?? 'wss://openws.work.weixin.qq.com',
  })
  const robot = when(groups.robot, { key: value('WECOM_ROBOT_KEY') })
  const simulator = [wechaty, wecom, officialAccount, kefu, aibot, robot].every((channel) => channel === null)
  return {
    dataDir: values.DATA_DIR ?? './data',
    host: values.HOST ?? '127.0.0.1',
    port: Number(values.PORT ?? 3000),
    publicUrl: values.PUBLIC_URL ?? null,
    estateFile: values.ESTATE_FILE ?? './estate.yaml',
    adminToken: values.ADMIN_TOKEN ?? null,
    logLevel: (values.LOG_LEVEL ?? 'info') as LogLevel,
    simulator,
    wechaty,
    wecom,
    officialAccount,
    kefu,
    aibot,
    robot,
    backup: when(groups.backup, { folder: value('BACKUP_DIR'), keep: Number(values.BACKUP_KEEP ?? 14) }),
    keep: { years: Number(values.KEEP_CASE_YEARS ?? 3), mediaDays: Number(values.KEEP_MEDIA_DAYS ?? 180) },
    redisUrl: values.REDIS_URL ?? null,
    alarm: when(groups.alarm, { url: value('ALARM_WEBHOOK_URL'), secret: value('ALARM_WEBHOOK_SECRET') }),
    llm: when(groups.llm, {
      baseUrl: value('LLM_BASE_URL'),
      apiKey: values.LLM_API_KEY ?? null,
      model: value('LLM_MODEL'),
      extraBody: JSON.parse(values.LLM_EXTRA_BODY ?? '{}') as Record<string, unknown>,
      dailyCap: Number(values.LLM_DAILY_CAP ?? 2000),
    }),
    unserved: unservedNames.filter((name) => settings.has(name)),
    warnings: [...warningsOf(simulator, wechaty, wecom), ...modelWarnings(values.LLM_BASE_URL)],
  }
}

/** What residents write leaves without names and numbers, but it is theirs all the same, and the key opens an account. */
function modelWarnings(baseUrl: string | undefined): string[] {
  if (baseUrl === undefined) return []
  const { protocol, hostname } = new URL(baseUrl)
  if (protocol === 'https:' || isLoopback(hostname)) return []
  return [
    'LLM_BASE_URL begins http:// and is another machine: what residents write and the key cross the network unencrypted',
  ]
}

function wechatyEnvironment(settings: Settings): Record<string, string> {
  const own = [...settings].filter(([name]) => name.startsWith('WECHATY_'))
  return Object.fromEntries(own.map(([name, { value }]) => [name, value]))
}

function warningsOf(simulator: boolean, wechaty: WechatyConfig | null, wecom: WecomConfig | null): string[] {
  if (simulator) return []
  const warnings: string[] = []
  if (!wecom) warnings.push('the WeCom app is not configured: no task and no alarm reaches the staff')
  if (!wechaty) warnings.push('wechaty is not configured: residents reach the program only through the API')
  const environment = wechaty?.environment ?? {}
  if (wechaty?.puppet === 'wechaty-puppet-service' && !('WECHATY_PUPPET_SERVICE_ENDPOINT' in environment))
    warnings.push(
      'WECHATY_PUPPET_SERVICE_ENDPOINT is not set: wechaty asks a public server where the puppet is',
    )
  return warnings
}

function startProblems(
  config: Config,
  settings: Settings,
  exists: (path: string) => boolean,
): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const host = settings.get('HOST')
  if (config.simulator && host && !isLoopback(host.value))
    problems.push({
      where: host.where,
      message: `HOST: read “${host.value}” while no platform is configured; the simulator answers anybody, so allowed: 127.0.0.1, ::1, localhost (or configure a platform)`,
    })
  const file = config.estateFile ?? ''
  const named = settings.get('ESTATE_FILE')
  if ((named || !config.simulator) && !exists(file))
    problems.push({
      where: named?.where ?? 'ESTATE_FILE',
      message: `${named ? 'ESTATE_FILE: ' : ''}there is no file ${file}; allowed: the description of your estate (copy estate.example.yaml and fill it in)`,
    })
  return problems
}
