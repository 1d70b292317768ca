import { expect, it } from 'vitest'
import { endAll } from '../../bot/end-all.ts'

it('what was begun last is ended first, one after the other', async () => {
  const ended: string[] = []
  const part = (name: string) => async () => {
    await new Promise((resolve) => setImmediate(resolve))
    ended.push(name)
  }
  await endAll([part('store'), part('inbox'), part('outbox')])
  expect(ended).toEqual(['outbox', 'inbox', 'store'])
})

it('a part that cannot end keeps none of the others from ending, and is told of', async () => {
  const ended: string[] = []
  const broken = (): never => {
    throw new Error('the outbox could not release its rows')
  }
  await expect(
    endAll([() => void ended.push('store'), broken, () => void ended.push('timers')]),
  ).rejects.toThrow('the outbox could not release its rows')
  expect(ended).toEqual(['timers', 'store'])
})
