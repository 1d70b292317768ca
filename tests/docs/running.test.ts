import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { postSigned } from '../../adapters/alarm/index.ts'
import { names } from '../../bot/variables.ts'
import { ALARM_SECRET, anAlarmService } from '../support/alarm-service.ts'

const page = readFileSync('docs/running.md', 'utf8')
const short = readFileSync('docs/running.zh-CN.md', 'utf8')

it('the check of a signature, as it is shown, takes what the program posts and refuses all else', async () => {
  const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'running-'))
  const file = join(folder, 'receiver.mjs')
  writeFileSync(file, code)
  type Check = (headers: object, body: Buffer, secret: string, now?: number) => boolean
  const { isGenuine } = (await import(pathToFileURL(file).href)) as { isGenuine: Check }

  const service = await anAlarmService()
  const settings = { url: service.url, secret: ALARM_SECRET }
  await postSigned(
    settings,
    { id: 'a', body: { place: '3栋电梯' }, at: Date.now() },
    AbortSignal.timeout(2_000),
  )
  await service.close()
  const [post] = service.posts
  const [headers, body] = [post?.headers ?? {}, Buffer.from(post?.text ?? '')]

  expect(isGenuine(headers, body, ALARM_SECRET)).toBe(true)
  expect(isGenuine(headers, body, 'another secret')).toBe(false)
  expect(isGenuine(headers, Buffer.from('{"place":"5栋电梯"}'), ALARM_SECRET)).toBe(false)
  expect(isGenuine(headers, body, ALARM_SECRET, Date.now() + 301_000)).toBe(false)
  expect(isGenuine({ ...headers, 'x-complaint-line-timestamp': '1' }, body, ALARM_SECRET, 1_000)).toBe(false)
  expect(isGenuine({}, body, ALARM_SECRET)).toBe(false)
  rmSync(folder, { recursive: true })
})

/** Every source file, as one text. */
const source = ['bot', 'adapters', 'db', 'workflows']
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** The first column of the table of warnings. */
const warnings = [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, words = '']) => words)

it('every warning it explains is one the program gives', () => {
  expect(warnings.length).toBeGreaterThan(25)
  for (const words of warnings.filter((words) => !/^(curl|npm) /.test(words)))
    expect(source, words).toContain(words)
})

it('every sentence a part can warn of is explained', () => {
  // What is said of a trouble, in the places that say it: literals that begin a sentence there.
  const said = [
    /troubles?\.(?:raise|push)\(\s*(?:'\w+',\s*)?[`'](?:\$\{[^}]*\} )?([^`'$]{12,}?)[`'$(]/g,
    /\[undelivered\.\w+, '([^']+)'\]/g,
    /warnings\.push\(\s*[`'](?:estate \$\{[^}]*\}: )?([^`'$]{12,}?)[`'$]/g,
  ].flatMap((pattern) => [...source.matchAll(pattern)].map(([, words = '']) => words.trim()))
  expect(said.length).toBeGreaterThan(12)
  const explained = (words: string) =>
    warnings.some(
      (known) => words.includes(known) || known.includes(words) || known.startsWith(words.slice(0, 20)),
    )
  expect(said.filter((words) => !explained(words))).toEqual([])
})

it('every variable it names is one the program knows', () => {
  const known: readonly string[] = [...names, 'NODE_ENV']
  for (const text of [page, short]) {
    const named = [
      ...text.matchAll(
        /\b(?:WECOM|WECHATY|WECHAT|ALARM|LLM|REDIS|PUBLIC|DATA|LOG|ADMIN|BACKUP|KEEP)_[A-Z_]*[A-Z]\b/g,
      ),
    ]
    for (const [name] of named) expect(known).toContain(name)
  }
})

it('every file it leads to is there', () => {
  for (const text of [page, short]) {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => join('docs', path))
    expect(links.length).toBeGreaterThan(3)
    for (const link of links) expect(existsSync(link), link).toBe(true)
  }
})
