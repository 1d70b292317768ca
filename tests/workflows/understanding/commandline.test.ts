import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { understandLines } from '../../../bot/understand.ts'

async function run(lines: readonly string[]) {
  const output = new PassThrough()
  const errors = new PassThrough()
  const collected = Promise.all([text(output), text(errors)])
  const allRead = await understandLines(Readable.from([lines.join('\n')]), output, errors)
  output.end()
  errors.end()
  const [out, err] = await collected
  return {
    allRead,
    err,
    answers: out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

it('answers each line in order with the fields of the contract', async () => {
  const { answers, allRead } = await run([
    JSON.stringify({ id: 'a', text: '3栋着火了', now: '2026-11-23T10:00:00+08:00' }),
    '',
    JSON.stringify({ id: 'b', text: '昨天停水', now: '2026-11-23T10:00:00' }),
  ])
  expect(allRead).toBe(true)
  expect(answers.map((answer) => answer.id)).toEqual(['a', 'b'])
  expect(Object.keys(answers[0] ?? {})).toEqual([
    'id',
    'kind',
    'category',
    'building',
    'unit',
    'room',
    'area',
    'time',
    'demand',
    'safety',
    'danger',
    'emergencyType',
    'anger',
    'repeat',
  ])
  expect(answers[0]).toMatchObject({ building: ['3栋'], safety: 'emergency', emergencyType: 'fire' })
  expect(answers[1]).toMatchObject({ time: [{ text: '昨天', start: '2026-11-22T00:00:00' }] })
})

it('names the line that cannot be read, and still answers the others', async () => {
  const { answers, allRead, err } = await run([
    'not json',
    JSON.stringify({ id: 1, text: '你好', now: '2026-11-23T10:00:00+08:00' }),
    JSON.stringify({ id: 2, text: 7, now: '2026-11-23T10:00:00+08:00' }),
    JSON.stringify({ id: 3, text: '你好', now: 'yesterday' }),
  ])
  expect(allRead).toBe(false)
  expect(answers.map((answer) => answer.id)).toEqual([1])
  expect(err.match(/line \d/g)).toEqual(['line 1', 'line 3', 'line 4'])
})
