import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../bot/config.ts'
import { names } from '../../bot/variables.ts'

const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const wecom = {
  WECOM_CORP_ID: 'ww0123456789abcdef',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'app-secret-app-secret',
  WECOM_TOKEN: 'callbackToken',
  WECOM_AES_KEY: aesKey,
}
const asFile = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

const here = () => true
const nowhere = () => false

function problemsOf(env: Record<string, string>, file = '', exists = here): string[] {
  try {
    readConfig(env, file, '.env', exists)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((p) => `${p.where} ${p.message}`)
    throw error
  }
  return []
}

describe('with nothing configured', () => {
  it('the simulator starts on loopback with the sample estate and the defaults of the contract', () => {
    expect(readConfig({}, null, '.env', nowhere)).toMatchObject({
      dataDir: './data',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: null,
      estateFile: null,
      adminToken: null,
      logLevel: 'info',
      simulator: true,
      wechaty: null,
      wecom: null,
      unserved: [],
      warnings: [],
    })
  })

  it('the estate file is used where there is one', () => {
    expect(readConfig({}, null, '.env', here).estateFile).toBe('./estate.yaml')
  })

  it('the variables of other programs are none of ours', () => {
    expect(
      problemsOf({ PATH: '/bin', LLMX: '1', WECHATX: '2', WECHATY_ANYTHING: '3', HOSTNAME: 'x' }),
    ).toEqual([])
  })

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('it may listen on %s', (HOST) => {
    expect(problemsOf({ HOST })).toEqual([])
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'line.example.com'])('it refuses to listen on %s', (HOST) => {
    expect(problemsOf({}, `HOST=${HOST}`)).toEqual([
      expect.stringMatching(/^\.env:1 HOST: read “.*allowed: 127\.0\.0\.1/),
    ])
  })
})

describe('a configured platform', () => {
  it('ends the simulator and may listen anywhere', () => {
    const config = readConfig({ ...wecom, HOST: '0.0.0.0' }, null, '.env', here)
    expect(config.simulator).toBe(false)
    expect(config.wecom).toEqual({
      corpId: 'ww0123456789abcdef',
      agentId: 1000002,
      secret: 'app-secret-app-secret',
      token: 'callbackToken',
      aesKey,
      apiBase: 'https://qyapi.weixin.qq.com',
    })
    expect(config.warnings).toEqual([expect.stringContaining('wechaty is not configured')])
  })

  it('needs the estate file', () => {
    expect(problemsOf(wecom, '', nowhere)).toEqual([
      expect.stringContaining('there is no file ./estate.yaml; allowed: the description of your estate'),
    ])
  })

  it('that is only partly set names what is missing, by its line', () => {
    const { WECOM_SECRET: _secret, WECOM_AES_KEY: _key, ...some } = wecom
    expect(problemsOf({}, `\n${asFile(some)}`)).toEqual([
      '.env:2 the WeCom app is only partly set: read WECOM_CORP_ID, WECOM_AGENT_ID, WECOM_TOKEN; ' +
        'missing: WECOM_SECRET, WECOM_AES_KEY (set all of them, or none)',
    ])
  })

  it.each([
    [{ WECHAT_OA_APP_ID: 'wx1' }, 'the official account'],
    [{ WECOM_BOT_ID: 'b' }, 'the WeCom AI bot'],
    [{ ALARM_WEBHOOK_URL: 'https://alarm.example.com' }, 'the alarm webhook'],
    [{ LLM_BASE_URL: 'https://llm.example.com/v1' }, 'the language model'],
    [{ WECOM_API_BASE: 'https://proxy.example.com' }, 'the WeCom app'],
    [{ WECHATY_PUPPET_SERVICE_TOKEN: 'insecure_x' }, 'WeChat through wechaty'],
  ])('%o alone is not enough', (env, what) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(`${what} is only partly set`)])
  })

  it('微信客服 needs the WeCom app whose secret it uses', () => {
    const kefu = { WECOM_KF_TOKEN: 'kfToken', WECOM_KF_AES_KEY: aesKey }
    expect(problemsOf(kefu)).toEqual([expect.stringContaining('missing: WECOM_CORP_ID')])
    expect(problemsOf({ ...kefu, ...wecom })).toEqual([])
  })
})

describe('wechaty', () => {
  it('gets its own variables and its puppet’s, from the file and the process', () => {
    const file =
      'WECHATY_PUPPET=wechaty-puppet-padlocal\nWECHATY_PUPPET_PADLOCAL_TOKEN=puppet_padlocal_x\nWECHATY_LOG=warn'
    const { wechaty } = readConfig({ WECHATY_LOG: 'silent' }, file, '.env', here)
    expect(wechaty).toEqual({
      puppet: 'wechaty-puppet-padlocal',
      environment: {
        WECHATY_PUPPET: 'wechaty-puppet-padlocal',
        WECHATY_PUPPET_PADLOCAL_TOKEN: 'puppet_padlocal_x',
        WECHATY_LOG: 'silent',
      },
    })
  })

  it('over the puppet service needs a token with a server name in it', () => {
    const puppet = { WECHATY_PUPPET: 'wechaty-puppet-service' }
    expect(problemsOf(puppet)).toEqual([expect.stringContaining('missing: WECHATY_PUPPET_SERVICE_TOKEN')])
    expect(problemsOf({ ...puppet, WECHATY_PUPPET_SERVICE_TOKEN: 'nounderscore' })).toEqual([
      expect.stringContaining('WECHATY_PUPPET_SERVICE_TOKEN: read 12 characters'),
    ])
    const config = readConfig({ ...puppet, WECHATY_PUPPET_SERVICE_TOKEN: 'insecure_x' }, null, '.env', here)
    expect(config.warnings.join()).toContain('WECHATY_PUPPET_SERVICE_ENDPOINT is not set')
  })
})

describe('the alarm webhook', () => {
  const ALARM_WEBHOOK_SECRET = 'a-secret-of-both-sides'
  const alarmOf = (ALARM_WEBHOOK_URL: string) =>
    readConfig({ ALARM_WEBHOOK_URL, ALARM_WEBHOOK_SECRET }, null, '.env', nowhere).alarm

  it('is an address kept as it is written, with a secret; the simulator may post there too', () => {
    const url = 'https://call.example.com/hook/?line=1'
    expect(alarmOf(url)).toEqual({ url, secret: ALARM_WEBHOOK_SECRET })
    expect(alarmOf('https://call.example.com/hook/')?.url).toBe('https://call.example.com/hook/')
    expect(readConfig({ ALARM_WEBHOOK_URL: url, ALARM_WEBHOOK_SECRET }, null, '.env', nowhere)).toMatchObject(
      { simulator: true, unserved: [] },
    )
  })

  it.each(['http://127.0.0.1:8080/ring', 'http://localhost/ring', 'http://[::1]:8080/ring'])(
    'may be plain on this machine itself: %s',
    (url) => {
      expect(alarmOf(url)?.url).toBe(url)
    },
  )

  it.each([
    'http://call.example.com/ring',
    'http://10.0.0.5/ring',
    'http://127.0.0.1.example.com/ring',
    'https://user:password@call.example.com/ring',
    'call.example.com',
  ])('names staff and their numbers, so it is never %s', (ALARM_WEBHOOK_URL) => {
    const [problem, ...others] = problemsOf({ ALARM_WEBHOOK_URL, ALARM_WEBHOOK_SECRET })
    expect(others).toEqual([])
    expect(problem).toMatch(/ALARM_WEBHOOK_URL: read \d+ characters that cannot be right; allowed: .*https/)
  })

  it('has a secret nobody guesses', () => {
    const env = { ALARM_WEBHOOK_URL: 'https://call.example.com', ALARM_WEBHOOK_SECRET: 'short' }
    expect(problemsOf(env)).toEqual([expect.stringContaining('allowed: at least 16 characters')])
  })
})

describe('what this version does not serve', () => {
  it('is checked, carried and named, so that nothing is ignored in silence', () => {
    const config = readConfig({ WECOM_ROBOT_KEY: 'robot-key' }, null, '.env', (path) =>
      path.endsWith('.yaml'),
    )
    expect(config.unserved).toEqual(['WECOM_ROBOT_KEY'])
    expect(config.robot).toEqual({ key: 'robot-key' })
  })
})

describe('the language model', () => {
  const modelOf = (env: Record<string, string>) => readConfig(env, null, '.env', nowhere)

  it('needs an address and a name; key and cap may be left out', () => {
    const local = { LLM_BASE_URL: 'http://127.0.0.1:11434/v1/', LLM_MODEL: 'qwen3' }
    expect(modelOf(local)).toMatchObject({
      unserved: [],
      llm: {
        baseUrl: 'http://127.0.0.1:11434/v1',
        apiKey: null,
        model: 'qwen3',
        extraBody: {},
        dailyCap: 2000,
      },
      warnings: [],
    })
    expect(modelOf({ ...local, LLM_API_KEY: 'sk-1', LLM_DAILY_CAP: '50' }).llm).toMatchObject({
      apiKey: 'sk-1',
      dailyCap: 50,
    })
    expect(modelOf({ ...local, LLM_EXTRA_BODY: '{"enable_thinking":false}' }).llm?.extraBody).toEqual({
      enable_thinking: false,
    })
    for (const wrong of ['enable_thinking', '[1]', 'null'])
      expect(problemsOf({ ...local, LLM_EXTRA_BODY: wrong })).toEqual([
        expect.stringContaining('LLM_EXTRA_BODY: read'),
      ])
    expect(problemsOf({ ...local, LLM_DAILY_CAP: 'many' })).toEqual([
      'process variable LLM_DAILY_CAP: read “many”; allowed: a number of calls a day, up to 999999',
    ])
  })

  it.each([
    [{ LLM_MODEL: 'qwen3', LLM_API_KEY: 'sk-1' }, 'read LLM_MODEL, LLM_API_KEY; missing: LLM_BASE_URL'],
    [{ LLM_DAILY_CAP: '50' }, 'read LLM_DAILY_CAP; missing: LLM_BASE_URL, LLM_MODEL'],
  ])('%j is refused as a part of it', (env, said) => {
    const problems = problemsOf(env)
    expect(problems).toEqual([expect.stringContaining('the language model is only partly set')])
    expect(problems[0]).toContain(said)
    expect(problems[0]).not.toContain('sk-1')
  })

  it('on another machine without encryption is a warning', () => {
    const warnings = (url: string) => modelOf({ LLM_BASE_URL: url, LLM_MODEL: 'm' }).warnings
    expect(warnings('http://192.168.1.20:8000/v1')).toEqual([expect.stringContaining('unencrypted')])
    expect(warnings('https://llm.example.com/v1')).toEqual([])
  })
})

describe('Redis', () => {
  it.each(['redis://127.0.0.1:6379', 'rediss://line:p%40ss@redis.example.com:6380/2'])(
    '%s carries the timers',
    (url) => {
      expect(readConfig({ REDIS_URL: url }, null, '.env', nowhere)).toMatchObject({
        redisUrl: url,
        unserved: [],
      })
    },
  )
})

describe('bad input', () => {
  it('is told all at once, by line or variable, with what was read and what is allowed', () => {
    const file = ['PORT=99999', '', 'LOG_LEVL=debug', 'LOG_LEVEL=loud', 'this is no assignment'].join('\n')
    expect(problemsOf({ WECOM_SECRT: 'x', LLM_MODELL: 'y', WECHAT_OA_APPID: 'z' }, file)).toEqual([
      '.env:5 read a line that is no assignment; allowed: NAME=value or # comment',
      '.env:1 PORT: read “99999”; allowed: a port from 0 (any free one) to 65535',
      '.env:3 unknown key LOG_LEVL; did you mean “LOG_LEVEL”? allowed: the names in .env.example',
      '.env:4 LOG_LEVEL: read “loud”; allowed: fatal, error, warn, info, debug, trace, silent',
      'process variable unknown key WECOM_SECRT; did you mean “WECOM_SECRET”? allowed: the names in .env.example',
      'process variable unknown key LLM_MODELL; did you mean “LLM_MODEL”? allowed: the names in .env.example',
      'process variable unknown key WECHAT_OA_APPID; did you mean “WECHAT_OA_APP_ID”? allowed: the names in .env.example',
    ])
  })

  it('of any kind stops the start', () => {
    const wrong: Record<string, string> = {
      WECOM_AGENT_ID: 'one',
      WECOM_AES_KEY: 'short',
      WECOM_API_BASE: 'qyapi.weixin.qq.com',
    }
    for (const [name, value] of Object.entries(wrong)) {
      expect(problemsOf({ ...wecom, [name]: value })).toEqual([
        expect.stringMatching(`${name}: read .*; allowed: `),
      ])
    }
    expect(problemsOf({ PUBLIC_URL: 'ftp://x', REDIS_URL: 'http://x', ADMIN_TOKEN: 'short' })).toHaveLength(3)
    expect(problemsOf({ ESTATE_FILE: 'gone.yaml' }, '', nowhere)).toEqual([
      'process variable ESTATE_FILE: there is no file gone.yaml; allowed: the description of your estate (copy estate.example.yaml and fill it in)',
    ])
  })

  it('never shows a secret, nor what an unknown key holds', () => {
    const secret = 'very secret words'
    const told = problemsOf(
      { ADMIN_TOKEN: secret, WECOM_SECRET: secret, WECOM_SECRETT: secret },
      `WECOM_AES_KEY=${secret}\nWECOM_TOKENN=${secret}\nREDIS_URL=http://:${secret}@x\n${secret}\nA="${secret}`,
    )
    expect(told.length).toBeGreaterThan(6)
    expect(told.join('\n')).not.toContain('secret words')
  })

  it('includes an unknown name without a value', () => {
    expect(problemsOf({ WECOM_SECRT: '' }, 'LOG_LEVL=')).toHaveLength(2)
  })

  it('includes a name set twice in the file', () => {
    expect(problemsOf({}, 'PORT=1\nPORT=2')).toEqual(['.env:2 PORT is already set in line 1; allowed: once'])
  })
})

describe('the .env file', () => {
  it('is read with quotes, comments, export and the line ends of Windows', () => {
    const file =
      '\uFEFF# hello\r\nexport DATA_DIR="/var/lib/my line" # where\r\nLOG_LEVEL = debug # loud\r\nPUBLIC_URL=\'https://a.example.com/\'\r\n'
    expect(readConfig({}, file, '.env', nowhere)).toMatchObject({
      dataDir: '/var/lib/my line',
      logLevel: 'debug',
      publicUrl: 'https://a.example.com',
    })
  })

  it('yields to the process; empty counts as not set in both', () => {
    const file = 'PORT=4000\nLOG_LEVEL=debug\nADMIN_TOKEN=\n'
    const config = readConfig({ PORT: '5000', LOG_LEVEL: '', REDIS_URL: '' }, file, '.env', nowhere)
    expect(config).toMatchObject({ port: 5000, logLevel: 'debug', adminToken: null, redisUrl: null })
  })

  it('has an example that lists exactly the known names, and changes nothing when copied', () => {
    const example = readFileSync('.env.example', 'utf8')
    const listed = [...example.matchAll(/^#([A-Z_]+)=/gm)].map((match) => match[1])
    expect(listed).toEqual([...names])
    expect(readConfig({}, example, '.env', nowhere)).toEqual(readConfig({}, null, '.env', nowhere))
  })

  it('has an example whose defaults are those of the program', () => {
    const example = readFileSync('.env.example', 'utf8')
    const set = (pattern: RegExp) => example.replace(pattern, '$1')
    const own = set(/^#((DATA_DIR|HOST|PORT|LOG_LEVEL)=)/gm)
    expect(readConfig({}, own, '.env', nowhere)).toEqual(readConfig({}, null, '.env', nowhere))
    const bases = set(/^#((WECOM_API_BASE|ESTATE_FILE)=)/gm)
    expect(readConfig(wecom, bases, '.env', here)).toEqual(readConfig(wecom, null, '.env', here))
  })
})
