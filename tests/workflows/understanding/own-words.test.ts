import { expect, it } from 'vitest'
import { wordsForCode } from '../../../workflows/understanding/because.ts'
import { contextOf, nowhere, understand } from '../../../workflows/understanding/index.ts'
import { aCompany, anEstate } from '../../support/builders.ts'

const words = { SE04: ['快递超市'], PK02: ['大圆盘'] }
const read = (text: string, own = words) => understand(text, 0, { ...nowhere, words: own })

it('reads what an estate calls things as the code they mean', () => {
  expect(read('快递超市晚上不开门').code).toBe('SE04')
  expect(read('大圆盘那里又停满了').code).toBe('PK02')
  expect(read('大圆盘那里又停满了').category).toBe('parking')
})

it('reads them however they are written, and shows them to staff as what the code was read from', () => {
  expect(read('快遞超市晚上不開門').code).toBe('SE04')
  expect(wordsForCode('快递超市晚上不开门', 'SE04', words)).toContain('快递超市')
})

it('leaves a message without them as it was', () => {
  for (const text of ['3栋电梯坏了', '楼上漏水', '你好', '有人困在电梯里了'])
    expect(read(text)).toEqual(understand(text, 0, nowhere))
})

it('keeps the words of one estate to it, and takes those of all where it is not known which', () => {
  const [here, there] = [anEstate({ words }), anEstate({ words: { NS01: ['小广场'] } })]
  const company = aCompany({ estates: [here, there] })
  expect(contextOf(company, here).words).toEqual(words)
  expect(contextOf(company, null).words).toEqual({ ...words, NS01: ['小广场'] })
})
