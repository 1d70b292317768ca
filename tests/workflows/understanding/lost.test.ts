import { describe, expect, it } from 'vitest'
import { nowhere, understand } from '../../../workflows/understanding/index.ts'

const read = (text: string) => understand(text, Date.UTC(2026, 10, 24, 2, 0), nowhere)

describe('somebody who cannot look after themselves is gone', () => {
  it.each([
    '孩子丢了',
    '孩子丢了！！快帮忙',
    '我家孩子不见了，五岁，穿红衣服',
    '找不到孩子了',
    '我儿子在滑梯那边走丢了，帮我看下监控',
    '我女儿五岁，刚才还在滑梯，一转眼不见了',
    '孩子在小区里走丢了怎么办',
    '孩子被人抱走了',
    '老人走失了，有老年痴呆',
    '我妈妈老年痴呆走丢了找不到',
    '我爸走失了快帮忙看监控',
    '奶奶有老年痴呆，下午出门到现在都没有回来',
    '孩子走丢了，有没有人看到一个小孩，万分感谢',
    '老頭走失了，快幫忙',
  ])('%s', (text) => {
    expect(read(text).lost).toBe(true)
  })

  it.each([
    ['a thing', '孩子的书包不见了'],
    ['a thing', '儿子手机丢了'],
    ['a thing', '孩子丢了个小恐龙进去'],
    ['a thing', '老人家的拐杖不见了'],
    ['an animal', '我家狗走丢了'],
    ['a parcel', '快递丢了，老人取不到'],
    ['a way', '奶奶找不到厕所'],
    ['long ago', '去年孩子走丢过，到现在没装摄像头'],
    ['long ago', '上次老人走失你们调监控磨蹭一下午'],
    ['a fear', '门禁坏了，怕孩子走丢'],
    ['supposed', '万一孩子走丢了怎么办'],
    ['found', '孩子找到了，谢谢'],
    ['found', '表扬夜班的石头，我婆婆半夜走失，他骑车找到三站地外'],
    ['somebody found', '捡到一个走丢的小孩'],
    ['only late', '爷爷出门买菜还没回来'],
    ['money', '我妈被骗走一辈子的积蓄'],
  ])('but not %s: %s', (_, text) => {
    expect(read(text).lost).toBe(false)
  })

  it('is no danger of the ten, and says nothing where one of them is told', () => {
    expect(read('孩子丢了')).toMatchObject({ emergencyType: null, safety: 'none' })
    const note = read('我儿子留了封信说对不起，人不见了，手机也没带，帮我查下监控他是不是上天台了')
    expect(note).toMatchObject({ emergencyType: 'selfharm', lost: false })
  })
})
