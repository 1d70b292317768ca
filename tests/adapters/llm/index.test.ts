import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createLlm, type Llm, type LlmSettings } from '../../../adapters/llm/index.ts'
import { minutes } from '../../../workflows/ids.ts'
import {
  aLanguageModel,
  faults,
  neverAnswers,
  neverEnds,
  says,
  type LanguageModel,
  type ModelAnswer,
} from '../../support/language-model.ts'

const question = {
  instructions: '请用JSON回答，例如{"colour":"red"}。',
  text: '"灯是什么颜色"',
  schema: z.object({ colour: z.enum(['red', 'green']).nullable() }),
}

let server: LanguageModel
let llm: Llm
let now: number

const settings = (): LlmSettings => ({
  baseUrl: server.url,
  apiKey: 'sk-test-key',
  model: 'qwen-played',
  extraBody: {},
})

beforeEach(async () => {
  server = await aLanguageModel(says({ colour: 'red' }))
  now = Date.UTC(2026, 10, 24, 2)
  llm = createLlm(settings(), { clock: () => now })
})

afterEach(async () => {
  llm.stop()
  await server.close()
})

/** Of a model that is given no time; the others have eight seconds, however busy the machine is. */
const hasty = (): Llm => createLlm(settings(), { clock: () => now, deadline: 300 })

async function failure(answer: ModelAnswer, asked: Llm = llm): Promise<string> {
  server.answer = answer
  const reply = await asked.ask(question)
  return reply.type === 'answered' ? 'answered' : reply.why
}

describe('a question', () => {
  it('is one POST to the chat, with the key, as JSON, and its answer is checked', async () => {
    expect(await llm.ask(question)).toEqual({ type: 'answered', answer: { colour: 'red' } })

    expect(server.requests).toHaveLength(1)
    const [{ path, headers, json }] = server.requests as [LanguageModel['requests'][number]]
    expect(path).toBe('POST /v1/chat/completions')
    expect(headers.authorization).toBe('Bearer sk-test-key')
    expect(json).toMatchObject({
      model: 'qwen-played',
      temperature: 0,
      response_format: { type: 'json_object' },
      messages: [
        { role: 'system', content: question.instructions },
        { role: 'user', content: question.text },
      ],
    })
  })

  it('takes along what the provider wants to be told, which never changes what is asked', async () => {
    const extraBody = { enable_thinking: false, max_tokens: 300, messages: [] }
    await createLlm({ ...settings(), extraBody }, { clock: () => now }).ask(question)
    const [{ json }] = server.requests as [LanguageModel['requests'][number]]
    expect(json).toMatchObject({ enable_thinking: false, max_tokens: 300 })
    expect(json.messages).toHaveLength(2)
  })

  it('goes without a key to a server that wants none', async () => {
    const keyless = createLlm({ ...settings(), apiKey: null }, { clock: () => now })
    await keyless.ask(question)
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })
})

describe('what is no answer', () => {
  it.each<[string, ModelAnswer]>([
    ['refused', says('', 'content_filter')],
    ['refused', says('', 'stop', '我不能回答')],
    ['refused', faults(400, 'Content Exists Risk')],
    ['blank', says('')],
    ['blank', says('\n\n   ')],
    ['truncated', says('{"colour":"re', 'length')],
    ['invalid', says('{"colour":"re')],
    ['invalid', says('这盏灯是红色的')],
    ['invalid', says({ colour: 'S1' })],
    ['invalid', says({ color: 'red' })],
    ['invalid', says([1, 2])],
    ['invalid', (response) => void response.writeHead(200).end('<html>')],
    ['invalid', (response) => void response.writeHead(200).end('{"choices":[]}')],
    ['invalid', neverEnds],
    ['slow', neverAnswers],
    ['slow', () => undefined],
    ['unauthorised', faults(401)],
    ['unauthorised', faults(402)],
    ['rejected', faults(404)],
    ['rejected', (response) => void response.writeHead(307, { location: server.url }).end()],
    ['limited', faults(429)],
    ['down', faults(500)],
    ['down', faults(503)],
    ['unreachable', (response) => void response.destroy()],
  ])('is said to be %s, and asked once (must-survive 12)', async (why, answer) => {
    expect(await failure(answer, why === 'slow' ? hasty() : llm)).toBe(why)
    expect(server.requests).toHaveLength(1)
  })

  it('comes from nowhere when nobody listens', async () => {
    await server.close()
    expect(await llm.ask(question)).toEqual({ type: 'failed', why: 'unreachable' })
    expect(llm.troubles()).toEqual([expect.stringContaining('cannot be reached')])
  })

  it('leaves neither the key nor words of question and answer in what is told', async () => {
    for (const answer of [faults(401), faults(429), faults(500), faults(404), neverAnswers]) {
      const asked = hasty()
      await failure(answer, asked)
      expect(asked.troubles()).toHaveLength(1)
      expect(asked.troubles().join()).not.toMatch(/sk-test|颜色|words of the server|127\.0/)
    }
  })
})

describe('a model that is down', () => {
  it('is left alone after five failures, tried with one question a minute later, then ever more rarely', async () => {
    for (let n = 0; n < 5; n++) expect(await failure(faults(500))).toBe('down')
    expect(llm.ready()).toBe(false)
    expect(await failure(says({ colour: 'red' }))).toBe('resting')
    expect(server.requests).toHaveLength(5)

    now += minutes(1)
    expect(llm.ready()).toBe(true)
    server.answer = faults(500)
    const both = await Promise.all([llm.ask(question), llm.ask(question)])
    expect(both).toEqual([
      { type: 'failed', why: 'down' },
      { type: 'passed', why: 'resting' },
    ])
    now += minutes(1)
    expect(llm.ready()).toBe(false)
    now += minutes(1)
    expect(await failure(says({ colour: 'green' }))).toBe('answered')
    expect(llm.ready()).toBe(true)
    expect(llm.troubles()).toEqual([])
  })

  it('does not rest for what one text brings about: whoever writes cannot switch it off', async () => {
    for (let n = 0; n < 20; n++) await failure(n % 2 ? says('闲聊') : faults(400))
    expect(llm.ready()).toBe(true)
  })

  it('is asked eight things at once and no more', async () => {
    server.answer = neverAnswers
    const asked = hasty()
    const replies = await Promise.all(Array.from({ length: 10 }, () => asked.ask(question)))
    expect(replies.filter(({ type }) => type === 'passed')).toEqual([
      { type: 'passed', why: 'busy' },
      { type: 'passed', why: 'busy' },
    ])
    expect(server.requests).toHaveLength(8)
  })

  it('ends what is under way when the program stops', async () => {
    const slow = createLlm(settings(), { clock: () => now })
    server.answer = neverAnswers
    const reply = slow.ask(question)
    await new Promise((resolve) => setTimeout(resolve, 50))
    slow.stop()
    expect(await reply).toEqual({ type: 'failed', why: 'slow' })
  })
})
