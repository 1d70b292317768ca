import express from 'express'
import type { NextFunction, Request, Response, Router } from 'express'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { days, hours } from '../../workflows/ids.ts'
import type { Instant } from '../../workflows/ids.ts'
import { eventStream } from './demo-events.ts'
import { wechatItems, wechatPicture, wecomItems } from './demo-items.ts'
import type { WecomWorld } from './wecom.ts'
import type { HurriedClock, WechatWorld } from './worlds.ts'

/** Somebody whose phone the page can show: a WeChat contact by its id, a member of the company by userid. */
export interface DemoPerson {
  readonly id: string
  readonly name: string
  /** A word on who they are: 工程 · 员工. */
  readonly note?: string
}

export interface DemoParts {
  readonly wecom: WecomWorld
  readonly wechat: WechatWorld
  readonly clock: HurriedClock
  /** Who is new to WeChat is added to these as they come. */
  readonly residents: readonly DemoPerson[]
  readonly staff: readonly DemoPerson[]
  readonly supervisors: readonly DemoPerson[]
  /** Ends the open event streams, so that the server can close. */
  readonly closed?: AbortSignal
}

/** The page with the three phones: `GET /demo` and what it calls below. */
export function demoRouter(parts: DemoParts): Router {
  const { wecom, wechat, clock } = parts
  const router = express.Router()
  const tell = eventStream(parts.closed)
  wecom.onChange(tell.changed)
  wechat.onChange(tell.changed)

  router.use('/demo', (_req, res, next) => {
    res.set(headers)
    next()
  })
  router.get('/demo', (_req, res) => res.sendFile('index.html', { root: pageFolder }))
  router.get('/demo/events', tell.open)
  router.get('/demo/phones', (req, res) => {
    const { resident, staff, supervisor } = phonesQuery.parse(req.query)
    res.json({
      now: clock.now(),
      factor: clock.factor,
      people: people(parts),
      phones: {
        resident: isContact(wechat, resident) ? wechatItems(wechat, resident) : [],
        staff: isMember(wecom, staff) ? wecomItems(wecom, staff) : [],
        supervisor: isMember(wecom, supervisor) ? wecomItems(wecom, supervisor) : [],
      },
    })
  })
  router.get('/demo/media/:id', (req, res) => sendPicture(res, wecom.media(req.params.id)?.bytes ?? null))
  router.get('/demo/wechat/:contact/:item', (req, res) => {
    const { contact, item } = req.params
    sendPicture(res, isContact(wechat, contact) ? wechatPicture(wechat, contact, item) : null)
  })

  // Only JSON: a form on another site cannot send it unasked.
  router.use('/demo', express.json({ limit: '16mb' }))
  router.post('/demo/wechat/:contact', (req, res) => {
    if (!isContact(wechat, req.params.contact)) return refuse(res, 404, '没有这位住户')
    res.json({ id: wechat.say(req.params.contact, wechatMessage.parse(req.body)) })
  })
  router.post('/demo/wecom/:userid', (req, res) => {
    const { userid } = req.params
    if (!isMember(wecom, userid)) return refuse(res, 404, '没有这位员工')
    const act = wecomAct.parse(req.body)
    if (act.type === 'press' && !canPress(wecom, userid, act)) return refuse(res, 409, '这个按钮已经不能点了')
    perform(wecom, userid, act)
    res.json({})
  })
  router.post('/demo/residents', (req, res) => {
    const { name } = newResident.parse(req.body)
    const id = `resident-${wechat.contacts().length + 1}`
    if (isContact(wechat, id)) return refuse(res, 409, '请再试一次')
    wechat.addContact({ id, name })
    tell.changed()
    res.status(201).json({ id })
  })
  router.post('/demo/clock', (req, res) => {
    const change = clockChange.parse(req.body)
    if (change.speed !== undefined) clock.speed(change.speed)
    if (change.advance !== undefined) clock.advance(change.advance)
    if (change.to === 'morning') clock.advance(nextMorning(clock.now()) - clock.now())
    tell.changed()
    res.json({ now: clock.now(), factor: clock.factor })
  })
  router.use('/demo', express.static(pageFolder, { index: false }))
  router.use('/demo', (error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (error instanceof z.ZodError) refuse(res, 400, '请求的内容不对')
    else next(error)
  })
  return router
}

/** The built program runs from `dist/`, where only compiled files are; the page stays where it was written. */
const pageFolder = fileURLToPath(
  [new URL('./page/', import.meta.url), new URL('../../../adapters/simulator/page/', import.meta.url)].find(
    (url) => existsSync(url),
  ) ?? new URL('./page/', import.meta.url),
)

const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
}

const phonesQuery = z.object({
  resident: z.string().default(''),
  staff: z.string().default(''),
  supervisor: z.string().default(''),
})

const base64 = z.base64().max(14_000_000)
const words = z.string().trim().min(1).max(10_000)

const wechatMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: words }),
  z.object({ type: z.enum(['image', 'voice', 'video', 'file']), name: z.string().max(200), base64 }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string().max(200),
  }),
  z.object({ type: z.literal('sticker') }),
  z.object({ type: z.literal('recall'), message: z.string() }),
])

const wecomAct = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: words }),
  z.object({ type: z.literal('image'), name: z.string().max(200), base64 }),
  z.object({ type: z.literal('voice'), base64 }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string().max(200),
  }),
  z.object({
    type: z.literal('press'),
    item: z.string(),
    key: z.string(),
    selected: z.record(z.string(), z.array(z.string())).default({}),
  }),
  z.object({ type: z.literal('enter') }),
])
type WecomAct = z.infer<typeof wecomAct>

const newResident = z.object({ name: z.string().trim().min(1).max(20) })

/** Forward only, a month at most; up to ten simulated minutes a second. */
const clockChange = z.object({
  advance: z.number().int().positive().max(days(31)).optional(),
  speed: z.number().min(1).max(600).optional(),
  to: z.literal('morning').optional(),
})

function perform(wecom: WecomWorld, userid: string, act: WecomAct): void {
  switch (act.type) {
    case 'text':
      return wecom.say(userid, act.text)
    case 'image':
      return wecom.sendImage(userid, Buffer.from(act.base64, 'base64'), act.name)
    case 'voice':
      return wecom.sendVoice(userid, Buffer.from(act.base64, 'base64'))
    case 'location':
      return wecom.sendLocation(userid, act)
    case 'press':
      return wecom.press(userid, act.item, act.key, act.selected)
    case 'enter':
      return wecom.enter(userid)
  }
}

function canPress(wecom: WecomWorld, userid: string, press: { item: string; key: string }): boolean {
  const item = wecom.phone(userid).items.find((entry) => entry.id === press.item)
  if (item?.type !== 'card') return false
  const { buttons, menu, replaced } = item.card
  return (
    menu.some(({ key }) => key === press.key) ||
    (replaced === null && buttons.some(({ key }) => key === press.key))
  )
}

function people(parts: DemoParts) {
  const count = (n: number, person: DemoPerson) => ({ ...person, items: n })
  const known = new Map(parts.residents.map((person) => [person.id, person]))
  return {
    resident: parts.wechat.contacts().map((contact) => {
      const heard = parts.wechat.phone(contact.id).filter((item) => item.from === 'them').length
      return count(heard, { ...contact, ...known.get(contact.id) })
    }),
    staff: parts.staff.map((person) => count(heardBy(parts.wecom, person.id), person)),
    supervisor: parts.supervisors.map((person) => count(heardBy(parts.wecom, person.id), person)),
  }
}

const heardBy = (wecom: WecomWorld, userid: string): number =>
  wecom.phone(userid).items.filter((item) => item.from === 'app').length

const isContact = (wechat: WechatWorld, id: string): boolean =>
  wechat.contacts().some((contact) => contact.id === id)

const isMember = (wecom: WecomWorld, userid: string): boolean =>
  wecom.members.some((member) => member.userid === userid)

/** The next nine o'clock in China, which keeps one time zone and no summer time. */
function nextMorning(now: Instant): Instant {
  const midnight = Math.floor((now + hours(8)) / days(1)) * days(1) - hours(8)
  const nine = midnight + hours(9)
  return nine > now ? nine : nine + days(1)
}

function sendPicture(res: Response, bytes: Uint8Array | null): void {
  if (!bytes) return refuse(res, 404, '没有这个文件')
  const starts = (...start: number[]): boolean => start.every((byte, n) => bytes[n] === byte)
  const mime = starts(0xff, 0xd8) ? 'image/jpeg' : starts(0x89, 0x50) ? 'image/png' : null
  if (!mime) res.set('Content-Disposition', 'attachment')
  res.type(mime ?? 'application/octet-stream').send(Buffer.from(bytes))
}

function refuse(res: Response, status: number, error: string): void {
  res.status(status).json({ error })
}
