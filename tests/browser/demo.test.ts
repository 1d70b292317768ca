import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { openTown, type Town } from '../support/town.ts'

/** With SCREENSHOTS=1 the pictures of the README are drawn anew; a plain test run leaves them alone. */
const pictures = process.env.SCREENSHOTS === '1' ? join(import.meta.dirname, '../../docs/screenshots') : null

const desktop = { width: 1400, height: 900 }
const pocket = { width: 390, height: 844 }

let town: Town
let browser: Browser | undefined
beforeAll(async () => {
  browser = await launchChromium()
  town = await openTown()
  if (pictures) mkdirSync(pictures, { recursive: true })
  // Where there is no Chromium yet, it is installed first.
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await town.close()
})

type Seat = 'resident' | 'staff' | 'supervisor'

/** The page with its three phones, as a person uses it: reads, writes, presses. Nothing here waits for time alone. */
async function openDemo(viewport = desktop) {
  if (!browser) throw new Error('there is no browser')
  const page: Page = await browser.newPage({ viewport, locale: 'zh-CN' })
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  const answer = await page.goto(`${town.program().url}/demo`)
  await page.locator('#clock-time', { hasText: /\d/ }).waitFor()

  const phone = (seat: Seat): Locator => page.locator(`#panel-${seat}`)
  const button = (label: string): Locator => page.getByRole('button', { name: label, exact: true })

  async function orTell(what: string, seat: Seat, doing: Promise<unknown>): Promise<void> {
    await doing.catch(async (cause: unknown) => {
      const shown = await phone(seat).locator('.row').allInnerTexts()
      throw new Error(`${seat} ${what}; the phone shows:\n${shown.slice(-8).join('\n---\n')}`, { cause })
    })
  }

  return {
    page,
    phone,
    errors,
    policy: answer?.headers()['content-security-policy'] ?? '',
    async says(seat: Seat, text: string) {
      await phone(seat).getByRole('textbox').fill(text)
      await phone(seat).getByRole('button', { name: '发送' }).click()
    },
    /** Waits until a bubble or card of the program fits. */
    reads: (seat: Seat, words: RegExp) =>
      orTell(
        `never read ${String(words)}`,
        seat,
        phone(seat).locator('.row.theirs').filter({ hasText: words }).last().waitFor(),
      ),
    /** Waits until so many pictures came from the program. */
    seesPhotos: (seat: Seat, count: number) =>
      orTell(
        `never saw ${String(count)} photos`,
        seat,
        phone(seat)
          .locator('.row.theirs img')
          .nth(count - 1)
          .waitFor(),
      ),
    /** Presses a button of the newest card that shows it. */
    presses: (seat: Seat, label: string) =>
      orTell(
        `has no button ${label}`,
        seat,
        phone(seat).locator('article.card').getByRole('button', { name: label, exact: true }).last().click(),
      ),
    async chooses(seat: Seat, label: string) {
      await phone(seat).locator('article.card select').last().selectOption({ label })
    },
    async sendsPhoto(seat: Seat, name: string) {
      await phone(seat).getByRole('button', { name: '更多：照片、语音、位置' }).click()
      await phone(seat).getByRole('button', { name, exact: true }).click()
    },
    /** Takes the phone of somebody else who has news. */
    async turnsTo(seat: Seat, name: string) {
      await orTell(
        `sees nothing of ${name}`,
        seat,
        phone(seat).locator('.elsewhere', { hasText: name }).click(),
      )
    },
    async later(label: string) {
      await button(label).click()
    },
    async tab(name: string) {
      await page.getByRole('tab', { name }).click()
    },
    async picture(name: string) {
      if (!pictures) return
      await page.screenshot({ path: join(pictures, name), animations: 'disabled' })
    },
    /** Pixels by which the page is wider than its window: then it would scroll sideways. */
    tooWide: () =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    async close() {
      await page.close()
      return errors
    },
  }
}

test('a person lives through a whole complaint on the three phones', async () => {
  const d = await openDemo()
  await d.page.getByRole('button', { name: /一次说全/ }).click()
  await d.phone('resident').getByRole('button', { name: '发送' }).click()
  await d.reads('resident', /电话是多少/)
  await d.says('resident', '13812345678')
  await d.reads('resident', /对就回1/)
  await d.says('resident', '1')
  await d.reads('resident', /登记好了，编号TS-\d{8}-\d{4}/)

  await d.turnsTo('staff', '张建国')
  await d.presses('staff', '接单')
  await d.reads('resident', /张建国/)
  await d.reads('staff', /我到现场了/)
  // Nothing is wrong, so nobody else is troubled.
  expect(await d.phone('supervisor').locator('.row').count()).toBe(0)
  await d.picture('desktop.png')
  await d.presses('staff', '我到现场了')
  await d.reads('staff', /到场已记录/)
  await d.presses('staff', '写核实情况')
  await d.reads('staff', /把看到的情况发过来/)
  await d.page.getByRole('button', { name: '核实：楼上1602卫生间防水层破损' }).click()
  await d.phone('staff').getByRole('button', { name: '发送' }).click()
  await d.reads('resident', /现场看到楼上1602卫生间防水层破损/)
  await d.sendsPhoto('staff', '现场照片')
  await d.seesPhotos('resident', 1)
  await d.presses('staff', '核实完毕')
  await d.presses('staff', '认定责任')
  await d.chooses('staff', '第三方责任')
  await d.presses('staff', '确定')
  await d.reads('staff', /第三方是谁/)
  await d.says('staff', '1602业主，卫生间防水层破损')
  await d.reads('staff', /责任已认定.*撤销上一步/)
  await d.later('+1分')
  await d.reads('resident', /1602业主/)

  await d.presses('staff', '方案和时间')
  await d.reads('staff', /发方案和时间/)
  await d.says('staff', '今天先关阀止水，再重做防水，后天18:00前')
  await d.reads('staff', /有差别吗/)
  await d.says('staff', '重做防水要等1602业主在家')
  await d.reads('staff', /方案已记录.*撤销上一步/)
  await d.later('+1分')
  await d.reads('resident', /重做防水/)
  await d.presses('staff', '办完了')
  await d.reads('staff', /完工照片/)
  await d.sendsPhoto('staff', '完工照片')
  await d.reads('staff', /照片收到/)
  await d.says('staff', '防水已重做，试水24小时不漏')
  await d.reads('staff', /已记为办完/)
  await d.later('+1分')
  await d.reads('resident', /试水24小时不漏/)
  await d.seesPhotos('resident', 2)
  await d.says('resident', '1')
  await d.reads('resident', /几星|1.5星|打几/)
  await d.says('resident', '五星')
  await d.reads('resident', /谢谢/)
  await d.reads('staff', /5星/)
  expect(await d.close()).toEqual([])
}, 180_000)

test('an emergency reaches resident, staff and supervisor before any question', async () => {
  const d = await openDemo()
  await d.phone('resident').getByRole('combobox', { name: '换一个人' }).selectOption('resident-zhou')
  await d.page.getByRole('button', { name: /困住两个人/ }).click()
  await d.phone('resident').getByRole('button', { name: '发送' }).click()
  await d.reads('resident', /不要|别/)
  await d.reads('supervisor', /险情/)
  await d.turnsTo('staff', '张建国')
  await d.reads('staff', /【险情】电梯困人 第1次/)
  await d.later('+1分')
  await d.reads('staff', /【险情】电梯困人 第2次/)
  await d.picture('emergency.png')
  await d.presses('staff', '我去处理')
  await d.reads('resident', /张建国/)
  await d.reads('supervisor', /经办\s*张建国[\s\S]*核实中/)
  expect(await d.close()).toEqual([])
}, 90_000)

test('on a telephone: a poor first message is asked about, and what nobody accepts reaches the supervisor', async () => {
  const d = await openDemo(pocket)
  expect(await d.tooWide()).toBe(0)
  await d.tab('住户')
  await d.phone('resident').getByRole('combobox', { name: '换一个人' }).selectOption('resident-wang')
  await d.tab('指南')
  await d.page.getByRole('button', { name: /只说一半/ }).click()
  await d.phone('resident').getByRole('button', { name: '发送' }).click()
  await d.reads('resident', /您住几栋几单元几室/)
  await d.says('resident', '5栋1单元301')
  await d.reads('resident', /电话是多少/)
  await d.says('resident', '跳过')
  await d.reads('resident', /对就回1/)
  await d.says('resident', '1')
  await d.reads('resident', /登记好了，编号/)
  await d.picture('phone.png')

  // Nobody accepts.
  await d.tab('主管')
  await d.later('+1小时')
  await d.reads('supervisor', /督办：电梯停运/)
  await d.presses('supervisor', '我来接手')
  await d.reads('supervisor', /已由您接手/)
  await d.tab('住户')
  await d.reads('resident', /李敏/)
  for (const tab of ['指南', '住户', '员工', '主管']) {
    await d.tab(tab)
    expect([tab, await d.tooWide()]).toEqual([tab, 0])
  }
  expect(await d.close()).toEqual([])
}, 90_000)

test('what somebody writes is shown as text, and no script but the page’s own runs', async () => {
  const d = await openDemo()
  const attack = '<img src=x onerror=alert(1)><script>alert(2)</script>'
  const dialogs: string[] = []
  d.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await d.says('resident', attack)
  await d.phone('resident').locator('.row.mine .bubble', { hasText: attack }).waitFor()
  expect(await d.phone('resident').locator('img[src="x"]').count()).toBe(0)
  expect(dialogs).toEqual([])
  expect(d.errors).toEqual([])

  expect(d.policy).toContain("default-src 'none'")
  expect(d.policy).toContain("script-src 'self'")
  expect(d.policy).not.toMatch(/unsafe|\*|https?:/)
  // The header is not only sent: the browser refuses a script and a handler put into the page.
  await d.page.evaluate(`
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "taken"' }))
    document.body.insertAdjacentHTML('beforeend', '<img src="/nothing" onerror="document.title = \\'taken\\'">')
  `)
  await expect
    .poll(() => d.errors.filter((text) => /Content Security Policy/.test(text)).length)
    .toBeGreaterThan(1)
  expect(await d.page.title()).not.toBe('taken')
  await d.close()
}, 60_000)
