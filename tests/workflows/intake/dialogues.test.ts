import { emergencyTypes } from '../../../workflows/understanding/facts.ts'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import type { ComplaintBrief } from '../../../workflows/complaint/state.ts'
import type { ComplaintId, EstateId } from '../../../workflows/ids.ts'
import type { Notice } from '../../../workflows/notice.ts'
import { Dialogue } from './dialogue.ts'
import { aBrief, aHousehold, stranger } from './world.ts'

// tests/dialogues/*.yaml, read as a property manager would: what the resident writes, what they must hear, what is
// registered. tests/dialogues/README.md explains the words.

const word = z.union([z.string(), z.number()]).transform(String)
const words = z.union([word, z.array(word)]).transform((w) => (Array.isArray(w) ? w : [w]))

const step = z.strictObject({
  resident: z.string().optional(),
  child: z.string().optional(),
  burst: z.array(z.string()).optional(),
  photo: z.literal(true).optional(),
  voice: z.literal(true).optional(),
  place: z.string().optional(),
  sticker: z.literal(true).optional(),
  group: z.string().optional(),
  mention: z.string().optional(),
  enters: z.literal(true).optional(),
  unreachable: z.literal(true).optional(),
  left: z.literal(true).optional(),
  recall: z.literal(true).optional(),
  notice: z.record(z.string(), z.unknown()).optional(),
  wait: z.string().optional(),
  late: z.string().optional(),
  doubts: z.enum(emergencyTypes).optional(),
  hears: words.optional(),
  never: words.optional(),
  room: words.optional(),
  silent: z.literal(true).optional(),
  asks: z.string().nullable().optional(),
  tells: words.optional(),
  learns: z.record(z.string(), z.unknown()).optional(),
  registers: z.record(z.string(), z.unknown()).optional(),
})

const dialogue = z.strictObject({
  title: z.string(),
  now: z.string(),
  knows: z
    .strictObject({
      household: z.string().optional(),
      phone: z.string().optional(),
      estate: z.string().optional(),
    })
    .optional(),
  estates: z.number().optional(),
  mine: z.array(z.record(z.string(), z.unknown())).optional(),
  others: z.array(z.record(z.string(), z.unknown())).optional(),
  questions: z.number().optional(),
  messages: z.number().optional(),
  talk: z.array(step),
})

const folder = path.resolve(import.meta.dirname, '../../dialogues')
const local = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)
const length = (text: string) => {
  const [, amount, unit] = /^(\d+)(s|m|h|d)$/.exec(text) ?? []
  const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
  return Number(amount) * (units[unit ?? ''] ?? Number.NaN)
}
const slotTopics = ['estate', 'what', 'place', 'who', 'time', 'demand', 'household', 'phone']

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
  describe(file, () => {
    for (const given of z.array(dialogue).parse(parse(readFileSync(path.join(folder, file), 'utf8')))) {
      it(given.title, () => {
        play(given)
      })
    }
  })
}

function play(given: z.infer<typeof dialogue>): void {
  const briefs = (list: readonly Record<string, unknown>[] | undefined, over: Partial<ComplaintBrief>) =>
    (list ?? []).map((row) => {
      const { closed, ...rest } = row
      const closedAt = typeof closed === 'string' ? local(closed) : null
      return aBrief({
        ...over,
        ...(closedAt === null ? {} : { status: 'closed', closedAt }),
        ...(rest as object),
      })
    })
  const talk = new Dialogue({
    now: local(given.now),
    estates: given.estates ?? 1,
    facts: {
      ...(given.knows?.household === undefined ? {} : { household: aHousehold(given.knows.household) }),
      ...(given.knows?.estate === undefined ? {} : { estate: given.knows.estate as EstateId }),
      ...(given.knows?.phone === undefined ? {} : { phone: given.knows.phone }),
    },
    mine: briefs(given.mine, {}),
    others: briefs(given.others, { person: stranger, id: 77 as ComplaintId, number: 'TS-20261120-0077' }),
  })

  let questions = 0
  let messages = 0
  for (const [index, at] of given.talk.entries()) {
    const where = `step ${String(index + 1)}: ${JSON.stringify(at)}`
    const said = talk.said.length
    const told = talk.told.length
    const registered = talk.registrations.length
    const asked = talk.state.asking
    act(talk, at)
    if (registered === 0) messages += messagesIn(at)
    const heard = talk.said
      .slice(said)
      .map((line) => line.text)
      .join('\n')
    const why = `${where}\nheard: ${heard}\ntold: ${JSON.stringify(talk.told.slice(told).map((t) => t.event))}`
    const asking = talk.state.asking
    if (asking && asking !== asked && slotTopics.includes(asking.topic)) questions++
    for (const part of at.hears ?? []) expect(heard, why).toContain(part)
    const inRoom = talk.said.slice(said).filter((line) => line.room !== null)
    const room = inRoom.map((line) => line.text).join('\n')
    for (const part of at.room ?? []) expect(room, why).toContain(part)
    for (const line of inRoom) expect(line.room, why).toBe('room')
    for (const part of at.never ?? []) expect(heard, why).not.toContain(part)
    if (at.silent) expect(heard, why).toBe('')
    if (at.asks !== undefined) expect(talk.state.asking?.topic ?? null, why).toBe(at.asks)
    if (at.tells)
      expect(
        talk.told.slice(told).map((t) => t.event.type),
        why,
      ).toEqual(at.tells)
    if (at.learns) expect(talk.told.at(-1)?.event, why).toMatchObject(at.learns)
    if (at.registers) {
      expect(talk.registrations.length, why).toBe(registered + 1)
      expect(talk.registrations.at(-1), why).toMatchObject(at.registers)
    }
  }
  if (given.messages !== undefined) {
    expect(talk.registrations.length, 'registered').toBeGreaterThan(0)
    expect(messages, 'messages until it was registered').toBeLessThanOrEqual(given.messages)
  }
  if (given.questions !== undefined) expect(questions, 'questions asked').toBeLessThanOrEqual(given.questions)
}

/** What the resident had to send in this step. */
const messagesIn = ({ resident, child, burst, photo, voice, place }: z.infer<typeof step>): number =>
  (burst?.length ?? 0) + [resident, child, photo, voice, place].filter((sent) => sent !== undefined).length

/** One step: what happens, then four seconds and a little, in which the reply to a burst comes. */
function act(talk: Dialogue, at: z.infer<typeof step>): void {
  if (at.wait) talk.wait(length(at.wait))
  const late = at.late === undefined ? undefined : talk.now - length(at.late)
  for (const text of at.burst ?? []) {
    talk.write(text)
    talk.wait(1_000)
  }
  const spoken = at.resident ?? at.child
  const doubts = at.doubts ?? null
  if (spoken !== undefined) talk.write(spoken, { ...(late === undefined ? {} : { at: late }), doubts })
  if (at.group !== undefined) talk.write(at.group, { group: { id: 'room', mentioned: false } })
  if (at.mention !== undefined) talk.write(at.mention, { group: { id: 'room', mentioned: true }, doubts })
  if (at.photo) talk.photo()
  if (at.voice) talk.photo('voice')
  if (at.place !== undefined)
    talk.send({ type: 'location', latitude: 28.2, longitude: 112.9, label: at.place })
  if (at.sticker) talk.send({ type: 'sticker' })
  if (at.enters) talk.send({ type: 'entered' })
  if (at.left) talk.send({ type: 'left' })
  if (at.recall) talk.send({ type: 'recall', message: 'm1' })
  if (at.unreachable) talk.step({ type: 'undeliverable', why: 'recipient' })
  if (at.notice) {
    const last = talk.mine[0]
    talk.notice({ complaint: last?.id ?? 41, number: last?.number ?? '', ...at.notice } as Notice)
    if (at.notice.type === 'done' && last) talk.change(last.id, { status: 'confirming' })
  }
  if (!at.wait) talk.wait(15_000)
}
