import { z } from 'zod'

const fileSchema = (type: 'image' | 'voice' | 'video' | 'file') =>
  z.object({ type: z.literal(type), name: z.string(), base64: z.string() })

/** `WechatMessage` of worlds.ts, checked. */
export const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  fileSchema('image'),
  fileSchema('voice'),
  fileSchema('video'),
  fileSchema('file'),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string(),
  }),
  z.object({ type: z.literal('link'), title: z.string(), url: z.string(), description: z.string() }),
  z.object({ type: z.literal('sticker') }),
  z.object({ type: z.literal('recall'), message: z.string() }),
  z.object({ type: z.literal('unknown') }),
])

const contactSchema = z.object({ id: z.string(), name: z.string() })

/** What the simulated WeChat tells the puppet; those with an id are told again until they were seen. */
export const happeningSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('scan'), id: z.undefined().optional(), code: z.string() }),
  z.object({
    type: z.literal('login'),
    id: z.undefined().optional(),
    self: z.string(),
    people: z.array(contactSchema),
  }),
  z.object({ type: z.literal('logout'), id: z.undefined().optional() }),
  z.object({ type: z.literal('people'), id: z.undefined().optional(), people: z.array(contactSchema) }),
  z.object({
    type: z.literal('message'),
    id: z.string(),
    from: z.string(),
    room: z.string().nullable(),
    mentioned: z.boolean(),
    at: z.number(),
    message: messageSchema,
  }),
  z.object({ type: z.literal('friend'), id: z.string(), from: contactSchema, at: z.number() }),
])
export type Happening = z.infer<typeof happeningSchema>

/**
 * The happenings of one connection, as they come. Ends, or throws, when the line breaks. (Not readline: an error of its
 * input ends the process.)
 */
export async function* happeningsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Happening> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield happeningSchema.parse(JSON.parse(line))
  }
}

/** What the account says. */
export const saidSchema = z.object({
  to: z.string(),
  message: z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: z.string() }),
    fileSchema('image'),
    fileSchema('voice'),
    fileSchema('video'),
    fileSchema('file'),
  ]),
})
export type Said = z.infer<typeof saidSchema>

export const snapshotSchema = z.object({
  /** Counts logins that gave new ids. */
  login: z.number(),
  contacts: z.array(contactSchema),
  /** Groups somebody wrote in: the account is in them. What is said there is kept under the group's id. */
  groups: z.array(z.string()).default([]),
  phones: z.record(
    z.string(),
    z.array(
      z.object({ id: z.string(), from: z.enum(['me', 'them']), at: z.number(), message: messageSchema }),
    ),
  ),
  waiting: z.array(happeningSchema),
  requests: z.array(z.object({ id: z.string(), contact: contactSchema })),
  accepted: z.array(z.string()),
})
export type Snapshot = z.infer<typeof snapshotSchema>
