import { z } from 'zod'

/** Whether only this machine reaches an address; IPv6 with or without its brackets. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || /^\[?::1\]?$/.test(host) || /^127(\.\d{1,3}){3}$/.test(host)

/** What one environment variable may hold. The schema's message says what is allowed. */
export interface Variable {
  readonly schema: z.ZodType<string>
  /** Never shown, in no error and no log. */
  readonly secret: boolean
}

/** A channel or service that works only when all its required variables are set. */
export interface Group {
  readonly what: string
  readonly required: readonly Name[]
  readonly optional: readonly Name[]
}

const matching = (pattern: RegExp, allowed: string): z.ZodType<string> =>
  z.string({ error: allowed }).regex(pattern, { error: allowed })

function url(protocols: readonly string[]): z.ZodType<string> {
  const allowed = `an address beginning ${protocols.map((p) => `${p}//`).join(' or ')}`
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), { error: allowed })
    .transform((text) => text.replace(/\/+$/, ''))
}

/** Alarms name members of staff and their numbers, so they leave this machine encrypted, and unchanged: no slash is cut off. */
const alarmUrl = z.string().refine(
  (text) => {
    if (!URL.canParse(text)) return false
    const { protocol, hostname, username, password } = new URL(text)
    if (username !== '' || password !== '') return false
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
  },
  {
    error: 'an address beginning https:// (http:// only for this machine itself), without user and password',
  },
)

const open = (schema: z.ZodType<string>): Variable => ({ schema, secret: false })
const secret = (schema: z.ZodType<string>): Variable => ({ schema, secret: true })

const text = matching(/^\S(.*\S)?$/, 'text without spaces around it')
const key = matching(/^\S+$/, 'text without spaces')
const jsonObject = z
  .string()
  .refine(isJsonObject, { error: 'a JSON object such as {"enable_thinking":false}' })
const longKey = matching(/^[\x21-\x7e]{16,}$/, 'at least 16 characters without spaces')
const id = matching(/^[\w.@-]{1,128}$/, 'letters, digits, -, _, . and @')
const callbackToken = matching(
  /^[A-Za-z0-9]{1,32}$/,
  'up to 32 letters and digits, as in the platform’s callback settings',
)
const aesKey = matching(/^[A-Za-z0-9]{43}$/, 'exactly 43 letters and digits (EncodingAESKey)')
const web = url(['https:', 'http:'])

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const portAllowed = 'a port from 0 (any free one) to 65535'
const port = matching(/^\d{1,5}$/, portAllowed).refine((n) => Number(n) <= 65_535, { error: portAllowed })
const trueOrFalse = matching(/^(true|false)$/, 'true or false')

/** Every variable the program knows (design.md, Environment), in the order of `.env.example`. */
export const variables = {
  DATA_DIR: open(text),
  HOST: open(matching(/^[A-Za-z0-9.:-]+$/, 'an address or host name such as 127.0.0.1 or 0.0.0.0')),
  PORT: open(port),
  PUBLIC_URL: open(web),
  ESTATE_FILE: open(text),
  BACKUP_DIR: open(text),
  BACKUP_KEEP: open(matching(/^[1-9]\d{0,2}$/, 'a number of backups to keep, 1 to 999')),
  KEEP_CASE_YEARS: open(matching(/^([3-9]|[12]\d|30)$/, 'years from 3 (民法典 188) to 30')),
  KEEP_MEDIA_DAYS: open(matching(/^[1-9]\d{1,3}$/, 'days from 10 to 9999')),
  REDIS_URL: secret(url(['redis:', 'rediss:'])),
  ADMIN_TOKEN: secret(longKey),
  LOG_LEVEL: open(matching(new RegExp(`^(${logLevels.join('|')})$`), logLevels.join(', '))),

  WECHATY_PUPPET: open(
    matching(
      /^(@[a-z0-9-]+\/)?[a-z0-9][a-z0-9._-]*$/,
      'the npm name of a puppet, such as wechaty-puppet-service',
    ),
  ),
  WECHATY_PUPPET_SERVICE_TOKEN: secret(
    // wechaty-puppet-service takes the TLS server name from before the first underscore, and throws without one.
    matching(
      /^[^_\s]+_\S+$/,
      'a token of the form name_token, such as insecure_… (the part before _ is needed)',
    ),
  ),
  WECHATY_PUPPET_SERVICE_ENDPOINT: open(matching(/^\S+:\d{1,5}$/, 'host:port of the puppet service')),
  WECHATY_PUPPET_SERVICE_AUTHORITY: open(key),
  WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: open(trueOrFalse),
  WECHATY_PUPPET_SERVICE_TLS_CA_CERT: secret(text),
  WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME: open(key),
  WECHATY_LOG: open(
    matching(/^(silent|error|warn|info|verbose|silly)$/, 'silent, error, warn, info, verbose, silly'),
  ),

  WECOM_CORP_ID: open(id),
  WECOM_AGENT_ID: open(matching(/^\d{1,12}$/, 'the AgentId of the app, digits only')),
  WECOM_SECRET: secret(key),
  WECOM_TOKEN: secret(callbackToken),
  WECOM_AES_KEY: secret(aesKey),
  WECOM_API_BASE: open(web),

  WECHAT_OA_APP_ID: open(id),
  WECHAT_OA_APP_SECRET: secret(key),
  WECHAT_OA_TOKEN: secret(callbackToken),
  WECHAT_OA_AES_KEY: secret(aesKey),
  WECHAT_OA_API_BASE: open(web),

  WECOM_KF_TOKEN: secret(callbackToken),
  WECOM_KF_AES_KEY: secret(aesKey),

  WECOM_BOT_ID: open(id),
  WECOM_BOT_SECRET: secret(key),
  WECOM_BOT_WS_URL: open(url(['wss:', 'ws:'])),

  WECOM_ROBOT_KEY: secret(key),

  ALARM_WEBHOOK_URL: secret(alarmUrl),
  ALARM_WEBHOOK_SECRET: secret(longKey),

  LLM_BASE_URL: open(web),
  LLM_API_KEY: secret(key),
  LLM_MODEL: open(text),
  LLM_EXTRA_BODY: secret(jsonObject),
  LLM_DAILY_CAP: open(matching(/^\d{1,6}$/, 'a number of calls a day, up to 999999')),
} as const satisfies Record<string, Variable>

export type Name = keyof typeof variables

export const names = Object.keys(variables) as Name[]

/** wechaty's own names, and those of the chosen puppet, go on to the process that runs wechaty. */
export const wechatyNames: readonly Name[] = names.filter((name) => name.startsWith('WECHATY_'))

export const groups = {
  wechaty: {
    what: 'WeChat through wechaty',
    required: ['WECHATY_PUPPET'],
    optional: wechatyNames.filter((name) => name !== 'WECHATY_PUPPET' && name !== 'WECHATY_LOG'),
  },
  wecom: {
    what: 'the WeCom app',
    required: ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'],
    optional: ['WECOM_API_BASE'],
  },
  officialAccount: {
    what: 'the official account',
    required: ['WECHAT_OA_APP_ID', 'WECHAT_OA_APP_SECRET', 'WECHAT_OA_TOKEN', 'WECHAT_OA_AES_KEY'],
    optional: ['WECHAT_OA_API_BASE'],
  },
  kefu: { what: '微信客服', required: ['WECOM_KF_TOKEN', 'WECOM_KF_AES_KEY'], optional: [] },
  aibot: {
    what: 'the WeCom AI bot',
    required: ['WECOM_BOT_ID', 'WECOM_BOT_SECRET'],
    optional: ['WECOM_BOT_WS_URL'],
  },
  robot: { what: 'the group robot', required: ['WECOM_ROBOT_KEY'], optional: [] },
  backup: { what: 'the daily backup', required: ['BACKUP_DIR'], optional: ['BACKUP_KEEP'] },
  alarm: {
    what: 'the alarm webhook',
    required: ['ALARM_WEBHOOK_URL', 'ALARM_WEBHOOK_SECRET'],
    optional: [],
  },
  llm: {
    what: 'the language model',
    required: ['LLM_BASE_URL', 'LLM_MODEL'],
    optional: ['LLM_API_KEY', 'LLM_EXTRA_BODY', 'LLM_DAILY_CAP'],
  },
} as const satisfies Record<string, Group>
