import { describe, expect, it } from 'vitest'
import { isClearNo } from '../../../workflows/intake/clear-no.ts'
import { emergencyTypes } from '../../../workflows/understanding/facts.ts'

// Asked first, a danger ends with a clear no alone (domain.md 5.1): what residents answer, of each type.

const everywhere = [
  '2',
  '２',
  '没有',
  '没有了',
  '没有，谢谢',
  '不是',
  '没得',
  '莫得',
  '冇',
  '冇喇',
  '沒有',
  '没有，唔该',
  '没有啊',
  '没有没有',
  'no',
  '2没有',
  '回2',
]
const never = [
  '1', '有', '有啊', '是', '是的', '係', '对', '要得', '还有', '好像没有', '没有吧', '应该没事', '可能没有了',
  '不知道', '不晓得', '唔知', '搞不清', '不好说', '晕了', '有点', '快来', '没有但是很晕', '没事，就是头晕', '？', '没有？', '',
  '不行了', '快不行了', '没气了', '没反应', '没动静了', '没呼吸了', '不动了', '不会动了', '没电了',
  '我不想说', '算了', '不用', '好的', '谢谢', '3栋2单元1201',
] // prettier-ignore

const no: Readonly<Record<(typeof emergencyTypes)[number], readonly string[]>> = {
  trapped: ['没人', '没人被困', '里面没人', '出来了', '人都出来了', '已经救出来了', '门打开了', '没事了，都出来了', '没人在里面，放心'],
  gas: ['没事', '闻不到了', '没味道了', '味道散了', '没味儿了', '莫得味道了', '散了，没事了'],
  fire: ['没事', '火灭了', '已经灭了', '没着火', '没烟了', '烟散了', '不冒烟了'],
  electric: ['没事', '没火花了', '不打火花了', '没人碰'],
  flood: ['没事', '水退了', '不涨了', '没再涨', '停了', '没碰到电'],
  medical: ['没事', '没事了', '没人受伤', '没人受伤了', '没受伤', '没啥事', '冇事', '没得事', '人没事', '好多了', '没大碍', '无人受伤', '没人'],
  falling: ['没事', '没再掉了', '没有再掉', '不掉了'],
  violence: ['没事', '没人动手', '走了', '人走了', '不打了', '散了', '拉开了', '没人打我'],
  collapse: ['没事', '没再掉', '没变大', '没变化', '不掉了', '老样子'],
  selfharm: ['没有这个念头', '没有这个想法', '没想过', '不会的', '开玩笑的', '说气话', '没想伤害自己'],
} // prettier-ignore

describe.each(emergencyTypes)('%s', (type) => {
  it.each([...everywhere, ...no[type]])('“%s” ends it', (text) => {
    expect(isClearNo(text, type)).toBe(true)
  })
  it.each(never)('“%s” does not', (text) => {
    expect(isClearNo(text, type)).toBe(false)
  })
})

describe('what ends one danger and not another', () => {
  it.each([
    ['没事', 'selfharm'],
    ['没人受伤', 'gas'],
    ['没人受伤', 'fire'],
    ['没人', 'falling'],
    ['没了', 'medical'],
    ['人没了', 'medical'],
    ['没了', 'selfharm'],
    ['没了', 'unclear'],
    ['灭了', 'gas'],
    ['没味道了', 'unclear'],
  ] as const)('“%s” is no clear no to %s', (text, asked) => {
    expect(isClearNo(text, asked)).toBe(false)
  })
  it.each(['没有', '没事', '没人有危险', '都安全'])('“%s” is one where nobody knew which danger', (text) => {
    expect(isClearNo(text, 'unclear')).toBe(true)
  })
})
