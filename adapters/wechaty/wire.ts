import { z } from 'zod'

/** What the parent may ask of the child that holds wechaty. */
export const orderSchema = z.discriminatedUnion('order', [
  z.object({
    order: z.literal('begin'),
    puppet: z.string().min(1),
    spoolDir: z.string().min(1),
    friendPause: z.tuple([z.number(), z.number()]),
    mediaLimit: z.number(),
    pulse: z.number(),
  }),
  z.object({
    order: z.literal('say'),
    id: z.number().int(),
    to: z.string(),
    what: z.discriminatedUnion('type', [
      z.object({ type: z.literal('text'), text: z.string() }),
      z.object({ type: z.literal('file'), path: z.string(), name: z.string() }),
      z.object({ type: z.literal('recall'), ref: z.string() }),
    ]),
  }),
  /** The parent goes on. A child that hears nothing of it for long ends: another process may have taken its account. */
  z.object({ order: z.literal('alive') }),
  z.object({ order: z.literal('stop') }),
])
export type Order = z.infer<typeof orderSchema>
export type Begin = Extract<Order, { order: 'begin' }>
export type Say = Extract<Order, { order: 'say' }>

const outcomeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('accepted'), ref: z.string().nullable(), code: z.null() }),
  z.object({
    type: z.literal('refused'),
    why: z.enum(['recipient', 'window', 'content']),
    detail: z.string(),
  }),
  z.object({ type: z.literal('later'), after: z.number(), detail: z.string() }),
  z.object({ type: z.literal('unknown'), detail: z.string() }),
])
export type SayOutcome = z.infer<typeof outcomeSchema>

/** What the child tells. Names, words and ids of people travel through the spool only, never here. */
export const reportSchema = z.discriminatedUnion('report', [
  /** Alive: its memory in bytes, and how long (ms) the puppet has given no sign. */
  z.object({ report: z.literal('pulse'), rss: z.number(), quietFor: z.number() }),
  z.object({ report: z.literal('scan'), qrcode: z.string() }),
  z.object({ report: z.literal('login') }),
  z.object({ report: z.literal('logout') }),
  /** A complete entry lies in the spool under this name. */
  z.object({ report: z.literal('spooled'), name: z.string() }),
  /** The order to say something was read; from now on it may have reached WeChat. */
  z.object({ report: z.literal('taken'), id: z.number().int() }),
  z.object({ report: z.literal('outcome'), id: z.number().int(), outcome: outcomeSchema }),
  /** Something went wrong, by its kind and place. Messages of errors may hold people's words, so they stay out. */
  z.object({
    report: z.literal('fault'),
    what: z.enum(['error', 'gateway', 'rejection', 'exception', 'unreadable', 'media', 'friend']),
    name: z.string(),
    code: z.string().nullable(),
    frames: z.array(z.string()),
  }),
])
export type Report = z.infer<typeof reportSchema>
export type Fault = Extract<Report, { report: 'fault' }>
export type Tell = (report: Report) => void

/** An error as it may be logged: class, code and the first places in the source. */
export function faultOf(what: Fault['what'], error: unknown): Fault {
  if (!(error instanceof Error)) return { report: 'fault', what, name: typeof error, code: null, frames: [] }
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
      ? String(error.code)
      : null
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 3)
    .map((line) => line.trim())
  // gRPC puts details of any kind into the name.
  const name = /^[\w.]{1,60}$/.test(error.name) ? error.name : 'Error'
  return { report: 'fault', what, name, code, frames }
}
