import { expect, it } from 'vitest'
import { authoritiesIn, wordsForCode, wordsForDanger } from '../../../workflows/understanding/because.ts'

it('quotes the words that speak for a code, as they were written', () => {
  expect(wordsForCode('３栋的电梯又坏了，等电梯等半天', 'EL02')).toContain('电梯又坏')
  expect(wordsForCode('今天天气不错', 'EL02')).toEqual([])
})

it('quotes the signs of a danger', () => {
  expect(wordsForDanger('我被关在电梯里了，出不来', 'trapped').join()).toMatch(/关在|出不来/)
  expect(wordsForDanger('今天天气不错', 'fire')).toEqual([])
})

it('names 12345, media and lawyers, and takes no telephone number for one', () => {
  expect(authoritiesIn('再不处理我打12345，找律师')).toEqual(expect.arrayContaining(['12345', '律师']))
  expect(authoritiesIn('电话13812345678')).toEqual([])
})
