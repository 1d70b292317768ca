import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { ownRedis, type OwnRedis } from '../support/redis.ts'
import { tells } from '../support/stories.ts'
import { openTown, type Town } from '../support/town.ts'

let redis: OwnRedis
let town: Town
let browser: Browser | undefined
beforeAll(async () => {
  redis = await ownRedis()
  browser = await launchChromium()
  town = await openTown({ env: { REDIS_URL: redis.url } })
  // Where there is no Redis or Chromium yet, it is installed first.
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await town.close()
  await redis.close()
})

const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
const ask = (path: string, authorization: string, method = 'GET') =>
  fetch(`${town.program().url}${path}`, { method, headers: { authorization } })

describe('the board is shown', () => {
  it.each([
    '',
    'Bearer wrong-token',
    basic('admin', 'wrong-token'),
    basic('admin', ''),
    'Basic',
    'Basic %%%',
  ])('to nobody without the token: %s', async (authorization) => {
    for (const path of [
      '/admin/queues',
      '/admin/queues/api/queues',
      '/admin/queues/static/images/logo.svg',
    ]) {
      const answer = await ask(path, authorization)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    }
  })

  it('to whoever gives the token, as password of any name or as bearer', async () => {
    const { token } = town.program()
    for (const authorization of [basic('admin', token), basic('', token), `Bearer ${token}`])
      expect((await ask('/admin/queues', authorization)).status).toBe(200)
  })

  it('and changes nothing', async () => {
    const { token } = town.program()
    for (const [method, path] of [
      ['PUT', '/admin/queues/api/queues/pause'],
      ['POST', '/admin/queues/api/queues/timers/add'],
      ['DELETE', '/admin/queues/api/queues/timers'],
    ] as const)
      expect((await ask(path, basic('admin', token), method)).status).toBe(405)
  })

  it('while the API goes on taking the bearer token alone: a browser may be led to send a password', async () => {
    const answer = await ask('/api/complaints', basic('admin', town.program().token))
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })
})

test('in a browser the queue is there with its timers, of nobody’s words, and nothing is fetched from outside', async () => {
  const words = '3栋1单元1201可视门铃坏了，请来修'
  await tells(town, town.resident('resident-wang'), words)
  const { token, url } = town.program()
  const context = await browser?.newContext({
    httpCredentials: { username: 'admin', password: token },
    viewport: { width: 1400, height: 900 },
  })
  const page = await context?.newPage()
  if (!page) throw new Error('there is no browser')
  const outside: string[] = []
  const broken: string[] = []
  // What the policy forbids is never asked, and so does not come here.
  await page.route(
    (address) => !address.href.startsWith(url),
    async (route) => {
      outside.push(route.request().url())
      await route.abort()
    },
  )
  page.on('response', (answer) => {
    if (answer.status() >= 400) broken.push(`${answer.status()} ${answer.url()}`)
  })
  page.on('pageerror', (error) => broken.push(error.message))
  await page.goto(`${url}/admin/queues`)
  const queue = page.getByRole('link', { name: /timers-[0-9a-f]{8}/ }).first()
  await queue.waitFor({ timeout: 15_000 })
  await queue.click()
  await page.goto(`${page.url().split('?')[0] ?? ''}?status=delayed`)
  await page
    .getByText(/complaint-\d+-r\d+/)
    .first()
    .waitFor({ timeout: 15_000 })
  const shown = await page.locator('body').innerText()
  expect(shown).not.toContain('门铃')
  expect(outside).toEqual([])
  expect(broken).toEqual([])
  await context?.close()
}, 60_000)

test('while Redis is away it says so within two seconds, and shows the queue again when it is back', async () => {
  const authorization = basic('admin', town.program().token)
  const asked = async (path: string) => {
    const began = performance.now()
    const answer = await ask(path, authorization)
    return { status: answer.status, text: await answer.text(), quick: performance.now() - began < 2_000 }
  }
  expect(await asked('/admin/queues/api/queues')).toMatchObject({ status: 200 })
  await redis.stop()
  for (const path of ['/admin/queues', '/admin/queues/api/queues']) {
    const answer = await asked(path)
    expect(answer).toMatchObject({ status: 503, quick: true })
    expect(answer.text).toContain('Redis does not answer')
  }
  expect((await ask('/admin/queues', 'Basic none')).status).toBe(401)
  await redis.start()
  await expect
    .poll(async () => (await asked('/admin/queues/api/queues')).status, { timeout: 20_000 })
    .toBe(200)
}, 60_000)

test('without Redis there is no board', async () => {
  const alone = await openTown()
  const answer = await fetch(`${alone.program().url}/admin/queues`)
  expect(answer.status).toBe(404)
  await alone.close()
}, 60_000)
